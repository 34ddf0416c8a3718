"""Whether the rows of a table together fulfil what its checks demand.

A check measures a sum, a share or a number of rows, over all rows or over those that its
`where` picks, and demands at least, at most or exactly so much; of a column with years, for
each year by itself. Everything is computed in whole fractions: no sum is rounded, and a share
is as exact as the amounts it is made of. An empty cell is not there.

What cannot be measured (a unit's figure that nobody has imported) is told as a warning
whatever the check's weight: whoever fills in the table can do nothing about it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from re import compile as pattern
from types import MappingProxyType
from typing import Final, Literal

from workflow.core import phrases
from workflow.core.amounts import Measure, say_amount, say_rows
from workflow.core.columns import names_hidden, of_year, years_of
from workflow.core.definition import Check, Column, Definition, Table
from workflow.core.errors import Placed
from workflow.core.facts import Cell, Row
from workflow.core.material import matches

__all__ = ["Figures", "Finding", "Weight", "judge", "objections", "total", "withheld"]

Weight = Literal["refuse", "ask", "warn"]
Numbered = tuple[int, Row]
"""A row with the number it keeps in its sheet."""

_NUMBER: Final = pattern(r"-?[0-9]+(\.[0-9]+)?")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a check needs besides its own rows."""

    year: int
    """The round's, which `{year}` stands for."""
    unit: str = ""
    """Name of the unit whose table it is."""
    facts: Mapping[str, Cell] = field(default_factory=dict)
    """Figures of that unit, by the key of the fact."""
    totals: Mapping[str, Fraction | int] = field(default_factory=dict)
    """Sums over other tables: `TABLE.COLUMN`, and `TABLE.COLUMN.2027` of a column with years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check that does not hold, or cannot be measured."""

    check: str
    """Its key."""
    title: str
    weight: Weight
    """Of the check; `warn` when it cannot be measured."""
    sv: str
    en: str
    rows: tuple[int, ...] = ()
    """Numbers of the rows that were measured."""
    reason: str | None = None
    """What a person wrote about why it may be so."""

    @property
    def stops(self) -> bool:
        """Whether the table is not complete while it is so."""
        return self.weight == "refuse" or (self.weight == "ask" and self.reason is None)


def judge(
    definition: Definition,
    table: Table,
    rows: Sequence[Numbered],
    figures: Figures,
    reasons: Mapping[str, str] = _NONE,
) -> tuple[Finding, ...]:
    """Give what is wrong with the rows of a table, check by check and year by year.

    `rows` have the source's cells too where the table is compiled; `reasons` are what a person
    wrote, by the check's key. Blank ones count as none.
    """
    seen = _Seen(definition=definition, table=table, rows=rows, figures=figures)
    return tuple(
        finding
        for check in table.check.values()
        for year in seen.years(check)
        for finding in _judge_one(seen, check, year, (reasons.get(check.key) or "").strip())
    )


def objections(table: Table, findings: Sequence[Finding]) -> Iterator[Placed]:
    """Give a reason for each finding that keeps the table from being complete."""
    for one in findings:
        if one.stops:
            place = f"{table.key}.{one.check}"
            yield Placed(
                "check",
                f"{table.title}: {one.sv}",
                f"{table.title}: {one.en}",
                place=place,
                here_sv=one.sv,
                here_en=one.en,
            )


def withheld(table: Table, finding: Finding, hidden: frozenset[str]) -> Finding:
    """Give a finding without its figures where they would tell of a column that is hidden."""
    if not names_hidden(table.check[finding.check], hidden):
        return finding
    return replace(
        finding,
        sv=f"{finding.title}: stämmer inte. Fråga någon som ser kolumnen.",
        en=f"{finding.title}: does not hold. Ask somebody who sees the column.",
        rows=(),
    )


class _UnmeasuredError(Exception):
    """A figure is not there; says which in both languages."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(sv)
        self.sv = sv
        self.en = en


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A table as it is judged."""

    definition: Definition
    table: Table
    rows: Sequence[Numbered]
    figures: Figures

    def column(self, table: str, name: str) -> Column:
        """Give a column of a table, or of what it is compiled from."""
        at: Table = self.definition.table[table]
        while name not in at.column and at.from_ is not None:
            at = self.definition.table[at.from_]
        return at.column[name]

    def years(self, check: Check) -> Sequence[int | None]:
        """Give the years that a check is asked for; None alone when it has none."""
        name = check.sum or check.share
        if name is None:
            return [None]
        return self._years_of(self.column(self.table.key, name)) or [None]

    def _years_of(self, column: Column) -> list[int]:
        return list(years_of(column, self.figures.year))

    def figure(self, name: str, year: int | None) -> Fraction:
        """Look up `unit.FACT` or `TABLE.COLUMN`."""
        table, _, column = name.partition(".")
        if table == "unit":
            return self._fact(column)
        asked = self.column(table, column)
        years = self._years_of(asked)
        if table == self.table.key:
            return self._own(column, [year] if year in years else years)
        key = of_year(name, year) if year is not None and year in years else name
        found = self.figures.totals.get(key)
        if found is None:
            where = self.definition.table[table].title
            raise _UnmeasuredError(
                f"{asked.title} saknas i {where}", f"{asked.title} is missing in {where}"
            )
        return Fraction(found)

    def _own(self, column: str, years: Sequence[int | None]) -> Fraction:
        added = (total(self.rows, column, one)[0] for one in years or [None])
        return sum(added, start=Fraction(0))

    def _fact(self, key: str) -> Fraction:
        found = _number(self.figures.facts.get(key))
        if found is None:
            sv, en = self.figures.unit or "enheten", self.figures.unit or "the unit"
            raise _UnmeasuredError(f"{key} saknas för {sv}", f"{key} is missing for {en}")
        return found


def total(
    rows: Sequence[Numbered], column: str, year: int | None
) -> tuple[Fraction, tuple[int, ...]]:
    """Add a column up. Gives the sum, and the numbers of the rows that have a value."""
    key = column if year is None else of_year(column, year)
    there = [
        (number, value) for number, cells in rows if (value := _number(cells.get(key))) is not None
    ]
    return (
        sum((value for _, value in there), start=Fraction(0)),
        tuple(number for number, _ in there),
    )


def _number(cell: Cell) -> Fraction | None:
    """Read a cell; None when it holds no number."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str) and not _NUMBER.fullmatch(cell):
        return None  # of a column whose type another column decides
    return Fraction(cell)


def _judge_one(seen: _Seen, check: Check, year: int | None, reason: str) -> Iterator[Finding]:
    title = phrases.fill(check.title, year=seen.figures.year, unit=seen.figures.unit)
    of = f" ({year})" if year is not None else ""
    rows: tuple[int, ...] = ()
    try:
        measure, rows = _measured(seen, check, year)
        wrong = list(_wrong(seen, check, year, measure))
    except _UnmeasuredError as missing:
        yield Finding(
            check=check.key,
            title=title,
            weight="warn",
            sv=f"{title}{of}: går inte att räkna ut, för {missing.sv}. Säg till processledaren.",
            en=f"{title}{of}: cannot be computed, since {missing.en}. Tell the process leader.",
            rows=rows,
        )
        return
    if not wrong:
        return
    sv, en = (", och ".join(sv for sv, _ in wrong), ", and ".join(en for _, en in wrong))
    counted_sv, counted_en = say_rows(rows)
    todo_sv, todo_en = ("", "") if reason else TO_DO[check.otherwise]
    yield Finding(
        check=check.key,
        title=title,
        weight=check.otherwise,
        sv=f"{title}{of}: {sv}. {counted_sv}{todo_sv}",
        en=f"{title}{of}: {en}. {counted_en}{todo_en}",
        rows=rows,
        reason=reason or None,
    )


TO_DO: Final[Mapping[Weight, tuple[str, str]]] = {
    "refuse": (" Ändra så att det stämmer.", " Change it so that it holds."),
    "ask": (
        " Ändra, eller skriv varför det ska vara så.",
        " Change it, or write why it should be so.",
    ),
    "warn": (" Se efter om det är rätt.", " See whether it is right."),
}
"""What the one who fills in the table can do, by the check's weight."""


def _measured(seen: _Seen, check: Check, year: int | None) -> tuple[Measure, tuple[int, ...]]:
    chosen = [one for one in seen.rows if matches(one[1], check.where)]
    name = check.sum or check.share
    if name is None:
        count = Measure(value=Fraction(len(chosen)), kind="rows")
        return count, tuple(number for number, _ in chosen)
    column = seen.column(seen.table.key, name)
    value, rows = total(chosen, name, year)
    if check.sum is not None:
        return Measure(value=value, kind=column.type or "number", of=column.title), rows
    whole = seen.figure(str(check.of), year)
    if not whole:
        raise _UnmeasuredError(f"{check.of} är 0", f"{check.of} is 0")
    return Measure(value=100 * value / whole, kind="share", of=column.title), rows


def _wrong(
    seen: _Seen, check: Check, year: int | None, measure: Measure
) -> Iterator[tuple[str, str]]:
    """Say in both languages each demand that does not hold, and by how much."""
    slack = Fraction(str(check.tolerance))
    for word, demand in (
        ("at_least", check.at_least),
        ("at_most", check.at_most),
        ("equals", check.equals),
    ):
        if demand is None:
            continue
        is_named = isinstance(demand, str)
        wanted = seen.figure(str(demand), year) if is_named else Fraction(str(demand))
        apart = measure.value - wanted
        if (
            (word == "at_least" and apart < 0)
            or (word == "at_most" and apart > 0)
            or (word == "equals" and abs(apart) > slack)
        ):
            yield say_amount(word, measure, wanted)
