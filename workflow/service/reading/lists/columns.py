"""The columns of a list: those of what it shows, then its own; and cells as values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow.core.definition import Column, Table
from workflow.core.facts import Cell, Row
from workflow.service.reading.cases.tables import KINDS, ColumnKind
from workflow.service.seeing import Seen

__all__ = ["ListColumn", "Value", "columns_of", "value_of"]

Value = str | int | Decimal | date | None
"""A cell as it is read: a level by its title, numbers to be counted with, None for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """A column of a list."""

    key: str
    title: str
    kind: ColumnKind
    levels: dict[str, str]
    """Titles by key."""
    unverified: bool
    """Nobody has read where its levels come from."""
    source: str
    """Where its levels are read."""
    own: bool
    """Written in the list itself, not where its rows come from."""
    summed: bool
    in_tkr: bool


def columns_of(seen: Seen, table: Table) -> tuple[ListColumn, ...]:
    """Give the columns that somebody sees of a list."""
    found: dict[str, ListColumn] = {}
    roles = {place.role for place in seen.sight.places}
    for key in reversed((table.key, *seen.definition.chain(table.key))):
        for column in seen.definition.table[key].column.values():
            if not column.visible_to or roles.intersection(column.visible_to):
                found[column.key] = _column(seen, table, column, own=key == table.key)
    return tuple(found.values())


def _column(seen: Seen, table: Table, column: Column, *, own: bool) -> ListColumn:
    desk = seen.desk
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return ListColumn(
        key=column.key,
        title=desk.revision.title(column, desk.language),
        kind=ColumnKind.LEVEL if scale else KINDS.get(column.type or "text", ColumnKind.TEXT),
        levels={
            key: desk.revision.text(f"{scale.path}.levels.{key}", title, desk.language)
            for key, title in levels.items()
            if scale
        },
        unverified=bool(scale and scale.unverified),
        source=(scale.source or "") if scale else "",
        own=own,
        summed=column.key in table.totals,
        in_tkr=column.type == "tkr",
    )


def value_of(column: ListColumn, row: Row, language: str) -> Value:
    """Give a cell of a row as it is read."""
    cell: Cell = row.get(column.key)
    if cell is None or cell == "":
        return None
    if column.kind is ColumnKind.LEVEL:
        keys = str(cell).split(",")  # of several, with commas between
        return ", ".join(column.levels.get(key, key) for key in keys)
    if column.kind is ColumnKind.NUMBER:
        return cell if type(cell) is int else Decimal(str(cell))
    if column.kind is ColumnKind.DATE:
        return date.fromisoformat(str(cell))
    if column.kind is ColumnKind.YES_NO:
        sv, en = ("ja", "yes") if cell else ("nej", "no")
        return en if language == "en" else sv
    return str(cell)
