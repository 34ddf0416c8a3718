"""The one sum, and what a list refuses to be."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.papers.paper import (
    Budget,
    Cell,
    Column,
    Cut,
    Freed,
    Kind,
    Line,
    List,
    Origin,
    Outcome,
)
from documents.papers.sums import Told, free_up, percent_of, sum_up, tell
from tests.documents.papers.examples import balance, line, listing
from workflow.core.errors import BadInput

COLUMNS = (
    Column(key="a", title="Objekt"),
    Column(key="k", title="Typ", kind=Kind.LEVEL),
    Column(key="t", title="Tkr", kind=Kind.AMOUNT),
)
AMOUNTS = st.one_of(st.none(), st.integers(-(10**9), 10**9))
UNITS = st.sampled_from(["Kirurgi", "Ortopedi", "Urologi"])
ROWS = st.lists(st.tuples(UNITS, st.sampled_from(["Bortval", "Satsning"]), AMOUNTS), max_size=30)


def table_of(rows: list[tuple[str, str, int | None]], cut: int) -> List:
    """Give a list of rows, cut after so many."""
    lines = tuple(
        line(n, "x", kind, tkr, unit=unit) for n, (unit, kind, tkr) in enumerate(rows, start=1)
    )
    return List(
        title="Lista", columns=COLUMNS, lines=lines, cut=Cut(after=cut, words=""), amount="t"
    )


@given(ROWS, st.integers(0, 31))
def test_every_part_comes_to_the_whole(rows: list[tuple[str, str, int | None]], cut: int) -> None:
    """Units together, kinds together and the lines above the cut come to the same sum."""
    totals = sum_up(table_of(rows, cut))

    assert sum(tkr or 0 for _, _, tkr in rows[:cut]) == totals.tkr
    assert sum(tkr or 0 for _, _, tkr in rows) == totals.whole_tkr
    assert totals.tkr == sum(share.net for share in totals.units)
    assert totals.count == sum(share.count for share in totals.units) == len(rows[:cut])
    assert totals.tkr == sum(freed.tkr for freed in free_up(table_of(rows, cut), kind="k"))


def test_sums_what_is_freed_by_kind() -> None:
    """The example's balance is what its list comes to, kind by kind."""
    table = listing()

    assert balance(table).freed == free_up(table, kind="typ")
    assert Freed(title="Icke-göra", count=4, tkr=5600) == free_up(table, kind="typ")[0]


@pytest.mark.parametrize(
    ("tkr", "budget", "percent"),
    [
        (18_800, 470_000, "4.0"),
        (1, 8, "12.5"),
        (25, 10_000, "0.3"),
        (-25, 10_000, "-0.3"),
        (5, None, None),
        (5, 0, None),
    ],
)
def test_says_the_share_of_a_budget(tkr: int, budget: int | None, percent: str | None) -> None:
    """Halves go up, away from zero; without a budget there is no share."""
    assert (None if percent is None else Decimal(percent)) == percent_of(tkr, budget)


def test_names_a_unit_that_gave_nothing() -> None:
    """A unit with a budget and no line is there with zero, not left out."""
    table = replace(table_of([], 0), budgets=(Budget(unit="Kirurgi", tkr=100),))

    assert [("Kirurgi", 0, Decimal("0.0"))] == [
        (share.unit, share.net, share.percent) for share in sum_up(table).units
    ]


def test_tells_a_unit_of_its_own_lines_alone() -> None:
    """Feedback has each of the unit's lines that has an outcome, by its name."""
    told = Outcome(state="Avslås", reason="För få patienter.")
    mine = Line(position=1, cells=("Min",), origin=Origin(unit="Kirurgi"), outcome=told)
    open_still = Line(position=2, cells=("Öppen",), origin=Origin(unit="Kirurgi"))
    theirs = replace(mine, position=3, origin=Origin(unit="Ortopedi"))
    table = List(
        title="Lista",
        columns=(Column(key="a", title="Objekt"),),
        lines=(mine, open_still, theirs),
    )

    assert (Told(position=1, title="Min", outcome=told),) == tell(table, "Kirurgi")


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.TEXT, 5),
        (Kind.AMOUNT, "5"),
        (Kind.AMOUNT, True),
        (Kind.AMOUNT, Decimal("NaN")),
        (Kind.AMOUNT, Decimal("Infinity")),
        (Kind.NUMBER, Decimal("1e309")),
        (Kind.AMOUNT, 10**12),
        (Kind.DATE, datetime(2026, 1, 1, tzinfo=UTC)),
        (Kind.TEXT, date(2026, 1, 1)),
    ],
)
def test_refuses_a_cell_of_another_kind(kind: Kind, cell: Cell) -> None:
    """A cell must be what its column says, and a number one that can be written."""
    with pytest.raises(BadInput, match=r"I plats 1, Tal: värdet är av fel slag\."):
        List(title="L", columns=(Column(key="a", title="Tal", kind=kind),), lines=(line(1, cell),))


@pytest.mark.parametrize(
    ("columns", "lines", "amount", "words"),
    [
        ((), (), "", "kolumnerna saknas eller är dubbla"),
        (COLUMNS[:1] * 2, (), "", "kolumnerna saknas eller är dubbla"),
        (COLUMNS, (), "k", "det som summeras är inget belopp"),
        (COLUMNS, (), "saknas", "det som summeras är inget belopp"),
        (COLUMNS[:1], (line(2, "x"), line(2, "y")), "", "platserna stiger inte"),
        (COLUMNS[:1], (line(0, "x"),), "", "platserna stiger inte"),
        (COLUMNS, (line(1, "x"),), "", "cellerna är inte lika många som kolumnerna"),
    ],
)
def test_refuses_a_list_that_contradicts_itself(
    columns: tuple[Column, ...], lines: tuple[Line, ...], amount: str, words: str
) -> None:
    """Columns, lines and cells must belong together."""
    with pytest.raises(BadInput, match=words):
        List(title="Lista", columns=columns, lines=lines, amount=amount)
