"""The columns of a list: those of what it shows, then its own; and cells as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.core.columns import POINTING, said
from workflow.core.definition import Column, Table
from workflow.core.facts import CaseFact, Cell, Row
from workflow.service.reading.cases.pointing import Pointing, far_words, gone_words
from workflow.service.reading.cases.tables import KINDS, ColumnKind, seen_columns, title_of
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
    type: str = "text"
    """As the definition has it: a plain type, or the name of a scale."""
    here: bool = True
    """What it points at is in the list's own case."""
    of: str = ""
    """Which table a `row` points to."""
    by_row: Column | None = None
    """The column itself, where its type stands in the row."""
    required: Mapping[str, Any] = field(default_factory=dict)
    """What the cells of a row match that needs it; see `material.matches`."""


def columns_of(seen: Seen, table: Table, case: CaseFact | None = None) -> tuple[ListColumn, ...]:
    """Give the columns that somebody sees of a list; one for each year of those with years.

    With the list's `case` those that point have what they may point at as their levels.
    """
    found: dict[str, ListColumn] = {}
    pointing = Pointing(seen, case) if case else None
    for key in reversed((table.key, *seen.definition.chain(table.key))):
        source = seen.definition.table[key]
        for name, column in seen_columns(seen, source).items():
            one = _column(seen, table, column, own=key == table.key)
            if pointing and column.type in POINTING:
                levels = {level.key: level.title for level in pointing.levels(source, column)}
                here = pointing.is_here(source, column.type)
                one = replace(one, levels=levels, here=here)
            found[name] = one
    return tuple(found.values())


def _column(seen: Seen, table: Table, column: Column, *, own: bool) -> ListColumn:
    desk = seen.desk
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return ListColumn(
        key=column.key,
        title=title_of(desk, column),
        kind=ColumnKind.LEVEL if scale else KINDS.get(column.type or "text", ColumnKind.TEXT),
        levels={
            key: desk.revision.text(scale.path_of(key), title, desk.language)
            for key, title in levels.items()
            if scale
        },
        unverified=bool(scale and scale.unverified),
        source=(scale.source or "") if scale else "",
        own=own,
        summed=column.key.partition(".")[0] in table.totals,
        in_tkr=column.type == "tkr",
        type=column.type or "text",
        of=column.of or "",
        by_row=column if column.type_from else None,
        required=column.required if isinstance(column.required, dict) else {},
    )


def value_of(column: ListColumn, row: Row, language: str) -> Value:
    """Give a cell of a row as it is read."""
    cell: Cell = row.get(column.key)
    if cell is None or cell == "":
        return None
    if column.by_row is not None:
        return said(column.by_row, row, cell, language)
    return _value(column, cell, language)


def _value(column: ListColumn, cell: Cell, language: str) -> Value:
    if column.kind is ColumnKind.LEVEL or column.type in POINTING:
        return _titles(column, str(cell), language)
    if column.kind is ColumnKind.NUMBER:
        return cell if type(cell) is int else Decimal(str(cell))
    if column.kind is ColumnKind.DATE:
        return date.fromisoformat(str(cell))
    if column.kind is ColumnKind.YES_NO:
        sv, en = ("ja", "yes") if cell else ("nej", "no")
        return en if language == "en" else sv
    return str(cell)


def _titles(column: ListColumn, text: str, language: str) -> str:
    """Give what is chosen by its titles, several with commas between; what is pointed at and
    gone since, in words."""
    keys = [key.strip() for key in text.split(",")]
    if column.type in POINTING:
        words = gone_words if column.here else far_words
        lost = {key: words(column.type, key, language) for key in keys}
        return ", ".join(column.levels.get(key) or lost[key] for key in keys)
    return ", ".join(column.levels.get(key, key) for key in keys)
