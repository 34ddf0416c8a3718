"""Released lists as CSV, and the page that describes their form."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from documents.papers.open_data import make_open_csv
from workflow.core.open_list import (
    FORMAT,
    OpenCell,
    OpenColumn,
    OpenKind,
    OpenList,
    OpenRow,
    as_json,
    from_json,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "open-data.md"
LEVELS = (("a", "Första"), ("b", "=Andra"))


def _list(kind: OpenKind, *cells: OpenCell, language: str = "sv", unit: str = "Ett") -> OpenList:
    column = OpenColumn(key="x", title="Det", kind=kind, levels=LEVELS)
    rows = [
        OpenRow(position=n, unit=unit, origin="plats 1 av 1 hos enheten", cells={"x": cell})
        for n, cell in enumerate(cells, start=1)
    ]
    return OpenList(
        title="Lista",
        region="Alv",
        round="Prov",
        process="prov",
        introduction="",
        language=language,
        columns=(column,),
        rows=tuple(rows),
        totals={},
    )


def _read(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("kind", "cell", "field"),
    [
        (OpenKind.NUMBER, -4900, "-4900"),
        (OpenKind.NUMBER, "12.5", "12,5"),
        (OpenKind.DATE, "2009-02-27", "2009-02-27"),
        (OpenKind.YES_NO, True, "ja"),
        (OpenKind.LEVEL, "a", "Första"),
        (OpenKind.LEVEL, "b", "'=Andra"),
        (OpenKind.LEVEL, "gone", "gone"),
        (OpenKind.LEVELS, ("a", "b"), "Första, =Andra"),
        (OpenKind.POSITIONS, (3, 7), "3, 7"),
        (OpenKind.TEXT, "=1+1", "'=1+1"),
        (OpenKind.TEXT, "+46", "'+46"),
        (OpenKind.TEXT, "-1", "'-1"),
        (OpenKind.TEXT, "@SUM(A1)", "'@SUM(A1)"),
        (OpenKind.TEXT, "\tx", "'\tx"),
        (OpenKind.TEXT, "\rx", "'\rx"),
        (OpenKind.TEXT, "'x", "''x"),
        (OpenKind.TEXT, 'a;"b"\nc', 'a;"b"\nc'),
    ],
)
def test_a_cell_as_a_field(kind: OpenKind, cell: OpenCell, field: str) -> None:
    """Numbers with a decimal comma, levels by title, and no text that computes."""
    assert field == _read(make_open_csv(_list(kind, cell)))[1][3]


def test_heads_are_in_the_language_of_the_list() -> None:
    """As its texts are."""
    sv = _read(make_open_csv(_list(OpenKind.TEXT, "x")))
    en = _read(make_open_csv(_list(OpenKind.YES_NO, False, language="en")))

    assert ["Plats", "Enhet", "Kommer från", "Det"] == sv[0]
    assert [["Position", "Unit", "Comes from", "Det"], "no"] == [en[0], en[1][3]]


def test_a_unit_that_would_compute_does_not() -> None:
    """Names of units are texts as well."""
    assert "'=Ett" == _read(make_open_csv(_list(OpenKind.TEXT, "x", unit="=Ett")))[1][1]


def test_the_page_shows_the_form() -> None:
    """The example of docs/reference/open-data.md reads as a list and has all its keys."""
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    example = json.loads(found[1])

    assert example == as_json(from_json(example))
    assert FORMAT == example["format"]
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert {*example, *example["columns"][0], *example["rows"][0]} <= named
    assert {kind.value for kind in OpenKind} <= named
