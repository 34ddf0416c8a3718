"""What of a list may be shown to everybody, and the form in which it is frozen."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import HEAD, definition_of
from tests.support.releases import RELEASES
from workflow.core.definition import Column
from workflow.core.facts import CaseFact
from workflow.core.open_list import (
    EXACT,
    OpenColumn,
    OpenKind,
    OpenList,
    OpenRow,
    as_json,
    from_json,
)
from workflow.core.publishing import (
    kind_of,
    not_published,
    open_cell,
    published,
    totals_of,
    why_not_decided,
)
from workflow.store.canonical import canonical

DEFINITION = definition_of(RELEASES, head=HEAD)
TABLE = DEFINITION.table["beslut"]
AT = datetime(2009, 6, 17, 8, tzinfo=UTC)


def test_published_and_not_are_all_columns_and_none_twice() -> None:
    """In the order of `publish`; the rest stays inside."""
    out = published(DEFINITION, TABLE, 2010)
    inside = not_published(DEFINITION, TABLE)

    assert list(TABLE.publish) == list(out)
    assert ["svar", "anteckning"] == [column.key for column in inside]


def test_a_column_with_years_is_published_year_by_year() -> None:
    """Under the keys that its cells have."""
    years = Column.model_validate({"title": "Kr", "type": "tkr", "years": ["{year}", "{year+1}"]})
    table = TABLE.model_copy(update={"column": {"kr": years}, "from_": None, "publish": ("kr",)})
    definition = DEFINITION.model_copy(update={"table": {"beslut": table}})

    assert ["kr.2010", "kr.2011"] == list(published(definition, table, 2010))


@pytest.mark.parametrize(
    ("state", "decided"),
    [
        ("start", False),
        ("samlas", False),
        ("vags", False),
        ("beslutas", False),
        ("missing", False),
        ("withdrawn", False),
        ("klar", True),
    ],
)
def test_a_list_is_decided_once_its_states_are_left(state: str, decided: bool) -> None:
    """Not before them, not in them, and not when the case ended without its own end."""
    case = CaseFact(
        id="prov-2010.omgang",
        kind="omgang",
        unit="alv",
        parent=None,
        opened_in=None,
        started=False,
        state=state,
        version=1,
        opened_at=AT,
        entered_at=AT,
    )

    assert decided is (why_not_decided(DEFINITION, case, TABLE) is None)


@given(st.text())
def test_a_text_comes_out_without_what_nobody_sees(text: str) -> None:
    """No control character, nothing that turns the reading direction, no half a character;
    what a reader sees is kept as it is."""
    found = open_cell(OpenKind.TEXT, text, {}, {})

    kept = str(found or "")
    unseen = {"Cc", "Cf", "Cs", "Co"}
    assert not [
        one for one in kept if one not in "\n\u200d" and unicodedata.category(one) in unseen
    ]
    canonical(kept)
    plain = unicodedata.normalize("NFC", text)
    assert [c for c in plain if c.isalnum()] == [c for c in kept if c.isalnum()]


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        (OpenKind.NUMBER, EXACT, EXACT),
        (OpenKind.NUMBER, EXACT + 1, str(EXACT + 1)),
        (OpenKind.NUMBER, "12.5", "12.5"),
        (OpenKind.NUMBER, 0, 0),
        (OpenKind.YES_NO, False, False),
        (OpenKind.LEVEL, "a", "a"),
        (OpenKind.LEVELS, "a,b", ("a", "b")),
        (OpenKind.DATE, "2009-02-27", "2009-02-27"),
        (OpenKind.POSITIONS, "7,3,9", (1, 4)),
        (OpenKind.POSITIONS, "9", None),
        (OpenKind.TEXT, "  ", None),
        (OpenKind.TEXT, "", None),
        (OpenKind.TEXT, None, None),
        (OpenKind.TEXT, "ett", "Ett"),
        (OpenKind.TEXT, True, True),
    ],
)
def test_a_cell_as_it_is_published(kind: OpenKind, cell: object, expected: object) -> None:
    """Numbers that JSON keeps exact, levels by key, other rows by their position here."""
    found = open_cell(kind, cell, {"ett": "Ett"}, {3: 4, 7: 1})  # type: ignore[arg-type] # parametrised

    assert (expected, type(expected)) == (found, type(found))


def test_what_a_column_holds() -> None:
    """By its type, or its scale."""
    kinds = {
        key: kind_of(DEFINITION, column)
        for key, column in published(DEFINITION, TABLE, 2010).items()
    }

    assert (OpenKind.TEXT, OpenKind.LEVEL, OpenKind.NUMBER) == (
        kinds["vad"],
        kinds["utfall"],
        kinds["tkr"],
    )


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
CELLS = st.one_of(
    TEXTS,
    st.integers(-EXACT, EXACT),
    st.booleans(),
    st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    st.lists(st.integers(1, 99), min_size=1, max_size=3).map(tuple),
)
ROWS = st.builds(
    OpenRow,
    position=st.integers(1, 999),
    unit=TEXTS,
    origin=TEXTS,
    cells=st.dictionaries(st.sampled_from(["a", "b", "c.2010"]), CELLS, max_size=3),
)
COLUMNS = st.builds(
    OpenColumn,
    key=TEXTS,
    title=TEXTS,
    kind=st.sampled_from(OpenKind),
    levels=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
    source=TEXTS,
    unverified=st.booleans(),
)


@given(st.lists(COLUMNS, max_size=3), st.lists(ROWS, max_size=4), TEXTS)
def test_what_is_frozen_reads_back_as_it_was(
    columns: list[OpenColumn], rows: list[OpenRow], text: str
) -> None:
    """And the same list is the same bytes each time."""
    made = OpenList(
        title=text,
        region=text,
        round=text,
        process="prov",
        introduction=text,
        language="sv",
        columns=tuple(columns),
        rows=tuple(rows),
        totals={"a": 1},
    ).stamped(AT, 7)

    frozen = canonical(as_json(made))

    assert made == from_json(json.loads(frozen))
    assert frozen == canonical(as_json(from_json(json.loads(frozen))))


@given(st.lists(st.integers(-EXACT, EXACT) | st.sampled_from(["0.1", "-12.25", "3"]), max_size=9))
def test_sums_are_exact(cells: list[int | str]) -> None:
    """Nothing is rounded, also where floats would be off; beyond what JSON keeps it is a text."""
    rows = [
        OpenRow(position=n, unit="", origin="", cells={"a": cell})
        for n, cell in enumerate(cells, start=1)
    ]

    total = totals_of(["a"], rows)["a"]

    hundredths = sum(
        int(cell) * 100 if isinstance(cell, int) else _hundredths(cell) for cell in cells
    )
    assert hundredths == _hundredths(str(total))
    assert isinstance(total, str) is (hundredths % 100 != 0 or abs(hundredths) > EXACT * 100)


def _hundredths(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    value = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    return -value if text.startswith("-") else value
