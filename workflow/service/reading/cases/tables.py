"""The tables of a case: columns with what may stand in them, rows as the texts of fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workflow.core.definition import Case, Column, State, Table
from workflow.core.editing import sheet_of
from workflow.core.facts import CaseFact, Cell, Row, RowFact
from workflow.service.desks import Desk
from workflow.service.seeing import Seen

__all__ = [
    "ColumnKind",
    "ColumnView",
    "Level",
    "TableView",
    "column_view",
    "edited",
    "labels",
    "numbers",
    "tables",
    "texts",
]

MOST_FIELDS: Final = 1600
"""What is filled in on one page has no more fields: a form takes 2,000, and the buttons have
theirs."""
SPARE: Final = 6
"""So many empty rows a table may show."""


class ColumnKind(StrEnum):
    """How a column is filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scale."""

    key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of a table."""

    key: str
    title: str
    help: str
    kind: ColumnKind
    levels: tuple[Level, ...]
    required: bool
    """In every row; a column that some rows need says so when they are handed in."""
    personal: bool

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Give the levels as pairs of key and title."""
        return tuple((one.key, one.title) for one in self.levels)

    def title_of(self, level: str) -> str:
        """Give the title of a level."""
        return next((one.title for one in self.levels if one.key == level), level)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table, as somebody reads it or fills it in."""

    key: str
    title: str
    help: str
    is_form: bool
    is_list: bool
    """It is compiled, one for all: it has the page of a list."""
    columns: tuple[ColumnView, ...]
    rows: tuple[Mapping[str, str], ...]
    """Texts by column; an empty cell is not there."""
    numbers: tuple[int, ...]
    """What each row is called for good."""
    totals: Mapping[str, Decimal]
    """Sums by column."""
    min_rows: int
    edited: bool
    """It is filled in in the present state."""
    too_large: bool
    """With it the page would have more fields than one form takes."""


def tables(seen: Seen, kind: Case, case: CaseFact) -> tuple[TableView, ...]:
    """Give the tables of a case: those of its present state, and those filled in before."""
    state = kind.state.get(case.state)
    now = state.edits if state else ()
    keys = dict.fromkeys((*now, *edited(kind.state.values())))
    found, fields = [], 0
    for key in keys:
        table = seen.definition.table[key]
        rows = seen.facts.sheet(sheet_of(table, case.id, seen.actor))
        if not rows and key not in now:
            continue
        view = _view(seen.desk, table, rows, edited=key in now)
        need = (len(rows) + SPARE) * (len(table.column) + 1) if key in now else 0
        view = replace(view, too_large=fields + need > MOST_FIELDS)
        fields += 0 if view.too_large else need
        found.append(view)
    return tuple(found)


def labels(seen: Seen, kind: Case) -> dict[str, str]:
    """Give what each column of a kind's tables is called, by `TABLE.COLUMN`."""
    desk, found = seen.desk, {}
    for key in dict.fromkeys(edited(kind.state.values())):
        table = seen.definition.table[key]
        title = desk.revision.title(table, desk.language)
        for name, column in table.column.items():
            found[f"{key}.{name}"] = f"{title}, {desk.revision.title(column, desk.language)}"
    return found


def edited(states: Iterable[State]) -> Iterator[str]:
    """Give the tables that are filled in in some states."""
    for state in states:
        yield from state.edits


def _view(desk: Desk, table: Table, rows: Sequence[RowFact], *, edited: bool) -> TableView:
    return TableView(
        key=table.key,
        title=desk.revision.title(table, desk.language),
        help=desk.help_of(table),
        is_form=table.form,
        is_list=bool(table.from_) and not table.each,
        columns=tuple(column_view(desk, column) for column in table.column.values()),
        rows=tuple(texts(desk, table, row.cells) for row in rows),
        numbers=tuple(row.number for row in rows),
        totals={
            key: sum(numbers([row.cells for row in rows], key), Decimal()) for key in table.totals
        },
        min_rows=table.min_rows,
        edited=edited,
        too_large=False,
    )


def column_view(desk: Desk, column: Column) -> ColumnView:
    """Describe a column as it is filled in."""
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return ColumnView(
        key=column.key,
        title=desk.revision.title(column, desk.language),
        help=desk.help_of(column),
        kind=ColumnKind.LEVEL if scale else KINDS.get(column.type or "text", ColumnKind.TEXT),
        levels=tuple(
            Level(key, desk.revision.text(f"{scale.path}.levels.{key}", own, desk.language))
            for key, own in levels.items()
            if scale
        ),
        required=column.required is True,
        personal=column.personal,
    )


KINDS: Final = {
    "text": ColumnKind.TEXT,
    "long_text": ColumnKind.LONG,
    "integer": ColumnKind.NUMBER,
    "number": ColumnKind.NUMBER,
    "tkr": ColumnKind.NUMBER,
    "percent": ColumnKind.NUMBER,
    "date": ColumnKind.DATE,
    "yes_no": ColumnKind.YES_NO,
}


def numbers(rows: Sequence[Row], key: str) -> Iterator[Decimal]:
    """Give the numbers that stand in a column."""
    for row in rows:
        cell = row.get(key)
        if cell is not None and not isinstance(cell, bool):
            yield Decimal(str(cell))


def texts(desk: Desk, table: Table, row: Row) -> dict[str, str]:
    """Give a row as the texts of its fields, in the order of the columns."""
    comma = desk.language != "en"
    return {
        key: _text(row[key], comma=comma and KINDS.get(column.type or "") is ColumnKind.NUMBER)
        for key, column in table.column.items()
        if row.get(key) not in (None, "")
    }


def _text(cell: Cell, *, comma: bool) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell).replace(".", ",") if comma else str(cell)
