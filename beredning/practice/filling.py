"""What invented people fill in: words that say they are invented, levels and figures by chance.

They read the definition's columns as a person reads a page: what is required is filled in,
a reason is given where one is asked for, and what a cell points at is chosen among what
there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from beredning.clock import Chance
from beredning.practice.lines import PLAIN, Lines, pick
from workflow.core.columns import columns_in, type_in
from workflow.core.definition import Column, Definition, State, Table
from workflow.core.facts import Row, Source
from workflow.core.material import is_required
from workflow.core.suggesting import differing, reason_key, with_suggestions

__all__ = [
    "NOTHING",
    "AtHand",
    "invented_assessments",
    "invented_edits",
    "invented_rows",
    "is_laid_out",
]

ASSESSED: Final = 25
"""So many rows does each member judge; the rest they leave to those who know them."""


def _none(_table: Table, _column: Column) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """What somebody has before them when they fill in a table."""

    year: int = 2010
    """The round's."""
    choices: Callable[[Table, Column], Sequence[str]] = _none
    """What the cells of a column may point at, by key."""


NOTHING: Final = AtHand()


def is_laid_out(table: Table) -> bool:
    """Say whether a table's rows are there already, to be filled in one by one."""
    return bool(table.from_) or table.is_fixed


def invented_rows(
    definition: Definition,
    state: State,
    chance: Chance,
    today: date,
    lines: Lines = PLAIN,
    hand: AtHand = NOTHING,
) -> dict[str, list[dict[str, Any]]]:
    """Fill in the tables of a state with rows that are invented."""
    filled = {}
    for key in state.edits:
        table = definition.table[key]
        many = not table.form and table.min_rows > 0
        needed = any(column.required for column in table.column.values())
        if needed and not is_laid_out(table) and not table.each and (table.form or many):
            count = max(table.min_rows, chance.randint(*lines.count)) if many else 1
            known = lines.rows.get(key, ())
            made = _Row(definition, table, chance, today, lines, hand)
            rows = [
                *(dict(row) for row in chance.sample(known, min(count, len(known)))),
                *(made.filled(number + 1) for number in range(len(known), count)),
            ]
            filled[key] = [_with_reasons(definition, table, row, chance, lines) for row in rows]
    return filled


def _with_reasons(
    definition: Definition, table: Table, row: dict[str, Any], chance: Chance, lines: Lines
) -> dict[str, Any]:
    """Say why wherever a row has another value than the suggested."""
    for key in differing(table, with_suggestions(definition, table, row)):
        row.setdefault(reason_key(key), pick(chance, lines.differs))
    return row


def invented_edits(
    definition: Definition,
    table: Table,
    rows: Sequence[tuple[int, Row]],
    chance: Chance,
    today: date,
    hand: AtHand = NOTHING,
) -> list[list[Any]]:
    """Fill in what rows that are there lack; `rows` are numbers, with the cells they show."""
    made = _Row(definition, table, chance, today, PLAIN, hand)
    edits: list[list[Any]] = []
    for number, shown in rows:
        cells = made.filled(number, shown)
        if cells:
            edits.append(["set", number, None, cells])
    return edits


def invented_assessments(
    definition: Definition, table: Table, sources: Sequence[Source], chance: Chance
) -> list[list[Any]]:
    """Judge some of the rows that a table shows, in one's own copy of it."""
    scales = [one for one in table.column.values() if one.type in definition.scale]
    edits: list[list[Any]] = []
    for source in chance.sample(sources, min(ASSESSED, len(sources))):
        cells = {
            column.key: chance.choice(list(definition.scale[column.type or ""].levels))
            for column in scales
        }
        edits.append(["add", None, cells, source.origin.case, source.origin.number])
    return edits


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is made up cell by cell."""

    definition: Definition
    table: Table
    chance: Chance
    today: date
    lines: Lines
    hand: AtHand

    def filled(self, number: int, shown: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Fill in what is required and lacks, given what else the row shows."""
        cells: dict[str, Any] = {}
        for key, column in columns_in(self.table, self.hand.year).items():
            whole = {**(shown or {}), **cells}
            wanted = is_required(column, whole) if shown is not None else bool(column.required)
            if wanted and whole.get(key) in (None, ""):
                cells[key] = self.cell(column, type_in(column, whole), number)
        return cells

    def cell(self, column: Column, kind: str, number: int) -> str | int | bool | list[str]:
        """Make up a cell of a type."""
        if kind in self.definition.scale:
            return self._level(column, list(self.definition.scale[kind].levels))
        low = int(column.min if column.min is not None else 1)
        high = int(column.max if column.max is not None else 900)
        there = self.hand.choices(self.table, column)
        match kind:
            case "integer" | "tkr" | "number" | "percent":
                return self.chance.randint(low, max(low, high))
            case "date":
                return (self.today - timedelta(days=1)).isoformat()
            case "yes_no":
                return True
            case _ if there:
                return self._level(column, there)
            case _:
                return self.lines.cell.format(number)

    def _level(self, column: Column, levels: Sequence[str]) -> str | list[str]:
        chosen = self.chance.choice(levels)
        return [chosen] if column.several else chosen
