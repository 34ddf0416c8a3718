"""Following rows up: which tables do, what their columns mean, and what counts.

What counts is handed in: a case that still fills a table in, or has come back to where it
is filled in, counts for nothing, and neither does one that is carried as missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from workflow.core.columns import of_year, said, type_in, years_of
from workflow.core.course import last_filling
from workflow.core.definition import BUILT_IN_ENDS, NUMBERS, Column, Definition, Table
from workflow.core.facts import CaseFact, Cell, Row
from workflow.core.periods import last_day

__all__ = [
    "Figure",
    "figure_in",
    "figures_in",
    "following_tables",
    "in_order",
    "is_handed_in",
    "meanings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value as people write it, and the number it is; None for what is none."""

    text: str
    number: Decimal | None


def following_tables(definition: Definition) -> tuple[Table, ...]:
    """Give the tables in which it is told what came of other rows."""
    return tuple(
        table
        for table in definition.table.values()
        if table.from_ and any(column.means == "outcome" for column in table.column.values())
    )


def meanings(
    definition: Definition, table: Table, hidden: Iterable[str] = ()
) -> Mapping[str, Column]:
    """Give the columns of a table, and of where its rows come from, by what they mean; those
    that are hidden left out."""
    left_out = set(hidden)
    return {
        column.means: column
        for key in (*reversed(definition.chain(table.key)), table.key)
        for column in definition.table[key].column.values()
        if column.means and column.key not in left_out
    }


def is_handed_in(definition: Definition, case: CaseFact, table: str) -> bool:
    """Say whether what a case has filled in in a table counts."""
    if case.ended_at is not None:
        return case.state not in BUILT_IN_ENDS
    kind = definition.case[case.kind]
    last = last_filling(kind, table)
    order = list(kind.state)
    return last is not None and order.index(case.state) > order.index(last.key)


def figure_in(column: Column | None, row: Row, language: str, key: str = "") -> Figure | None:
    """Give what stands in a column of a row; None when nothing does."""
    if column is None:
        return None
    cell = row.get(key or column.key)
    if cell is None or cell == "":
        return None
    is_number = type_in(column, row) in NUMBERS
    return Figure(
        text=said(column, row, cell, language), number=_number(cell) if is_number else None
    )


def figures_in(
    column: Column | None, row: Row, language: str, year: int
) -> tuple[tuple[int, Figure], ...]:
    """Give the values of a column with years, each with its year; those that there are."""
    if column is None:
        return ()
    found = (
        (one, figure_in(column, row, language, of_year(column.key, one)))
        for one in years_of(column, year)
    )
    return tuple((one, figure) for one, figure in found if figure is not None)


def _number(cell: Cell) -> Decimal | None:
    try:
        return Decimal(str(cell))
    except InvalidOperation:  # it was written before the row got its type
        return None


def in_order(definition: Definition, kinds: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Give the occasions of some kinds of case in order: those that the plan has, and those
    that `found` tells of besides."""
    planned = {
        key
        for kind in kinds
        for case in definition.recurring(kind)
        for key in definition.milestones_of(case)
    }
    keys = planned | set(found)
    order = list(definition.milestone)

    def place(key: str) -> tuple[int, date, int, str]:
        at = order.index(key) if key in definition.milestone else len(order)
        return at, last_day(key) or date.max, int(key) if key.isdecimal() else 0, key

    return tuple(sorted(keys, key=place))
