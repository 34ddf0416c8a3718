"""The rows of a published list that somebody picks: by levels, by unit and by words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workflow.core.open_list import OpenCell, OpenColumn, OpenKind, OpenList, OpenRow
from workflow.service.reading.lists.balance import Balance, balance_of

__all__ = ["Pick", "amount_column", "balance_in", "naming_column", "pick", "units_in"]

LEVELS = (OpenKind.LEVEL, OpenKind.LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What somebody wants to see; empty is everything."""

    levels: Mapping[str, str] = field(default_factory=dict)
    """Level by column."""
    unit: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is picked."""
        return bool(self.levels or self.unit or self.words.split())


def pick(made: OpenList, wish: Pick) -> tuple[OpenRow, ...]:
    """Give the rows that hold all that is wished: each level, the unit and every word."""
    sought = [word.casefold() for word in wish.words.split()]
    return tuple(
        row
        for row in made.rows
        if (not wish.unit or row.unit == wish.unit)
        and all(level in _levels(row.cells.get(key)) for key, level in wish.levels.items())
        and (not sought or _holds(made, row, sought))
    )


def _levels(cell: OpenCell | None) -> tuple[object, ...]:
    return cell if isinstance(cell, tuple) else (cell,)


def _holds(made: OpenList, row: OpenRow, sought: list[str]) -> bool:
    text = " ".join(_texts(made, row)).casefold()
    return all(word in text for word in sought)


def _texts(made: OpenList, row: OpenRow) -> Iterator[str]:
    yield row.unit
    for column in made.columns:
        cell = row.cells.get(column.key)
        if cell is None:
            continue
        if column.kind in LEVELS:
            yield from (column.title_of(str(level)) for level in _levels(cell))
        elif column.kind is OpenKind.TEXT:
            yield str(cell)


def units_in(made: OpenList) -> tuple[str, ...]:
    """Give the names of the units in a list, as they are sorted."""
    return tuple(sorted({row.unit for row in made.rows if row.unit}, key=str.casefold))


def naming_column(made: OpenList) -> OpenColumn | None:
    """Give the column that names the rows: the first of words."""
    return next((one for one in made.columns if one.kind is OpenKind.TEXT), None)


def amount_column(made: OpenList) -> OpenColumn | None:
    """Give the column of amounts that is summed; None when there is none."""
    summed = [one for one in made.columns if one.key in made.totals]
    return next((one for one in summed if one.unit == "tkr"), None)


def balance_in(made: OpenList, rows: tuple[OpenRow, ...]) -> Balance | None:
    """Weigh what rows free against what they cost, by their first level; None without
    amounts."""
    amount = amount_column(made)
    if amount is None:
        return None
    kinds = next((one for one in made.columns if one.kind is OpenKind.LEVEL), None)
    weighed = [
        (
            kinds.title_of(str(row.cells[kinds.key])) if kinds and kinds.key in row.cells else "",
            Decimal(str(row.cells.get(amount.key, 0))),
        )
        for row in rows
    ]
    return balance_of(weighed, (title for _, title in kinds.levels) if kinds else ())
