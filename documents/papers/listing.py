"""A list: its columns, its lines in their order, where each came from and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from documents.papers.unfit import check_short, unfit

__all__ = [
    "Amount",
    "Budget",
    "Cell",
    "Column",
    "Cut",
    "Kind",
    "Line",
    "List",
    "Move",
    "Origin",
    "Outcome",
]

Amount = int | Decimal
Cell = str | int | Decimal | date | None
"""None is an empty cell."""

LARGEST: Final = 10**12
"""In thousands (tkr): more than any budget, and still exact in a workbook's numbers."""


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    AMOUNT = "amount"
    LEVEL = "level"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list. The first one names the line."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    unverified: bool = False
    note: str = ""
    """What is said of its scale, e.g. where the levels are read."""
    below: bool = False
    """Set under the line with its title, since it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a line came from, and how it stood there."""

    unit: str
    place: int | None = None
    of: int | None = None
    words: str = ""
    """E.g. "rang 8": what the unit itself said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of a line: from and to which place, and why."""

    who: str
    at: datetime
    before: int
    after: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a line."""

    state: str
    reason: str = ""
    owner: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, with its cells in the order of the columns."""

    position: int
    cells: tuple[Cell, ...]
    origin: Origin
    flag: str = ""
    """E.g. that it turns the unit's own order round."""
    moves: tuple[Move, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The line that is drawn in a list, after which position, and its words."""

    after: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a unit has, so that its share can be said."""

    unit: str
    tkr: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Lines in their order, and what is summed."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    cut: Cut | None = None
    amount: str = ""
    """Key of the column of amounts that is summed; empty when nothing is."""
    budgets: tuple[Budget, ...] = ()

    def __post_init__(self) -> None:
        """Refuse columns, lines and cells that do not belong together."""
        check_short("listans titel", self.title)
        check_short("kolumnernas titlar", *(column.title for column in self.columns))
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) != len(keys):
            raise unfit(self.title, "kolumnerna saknas eller är dubbla", "columns twice or none")
        if self.amount and self.kind_of(self.amount) is not Kind.AMOUNT:
            raise unfit(self.title, "det som summeras är inget belopp", "the sum is of no amounts")
        last = 0
        for line in self.lines:
            if line.position <= last:
                raise unfit(
                    f"plats {line.position}", "platserna stiger inte", "positions do not rise"
                )
            last = line.position
            check_short(f"plats {line.position}", line.origin.unit, line.origin.words, line.flag)
            _check_cells(self.columns, line)

    def kind_of(self, key: str) -> Kind | None:
        """Say what a column is; None when there is no such."""
        return next((column.kind for column in self.columns if column.key == key), None)


def _check_cells(columns: tuple[Column, ...], line: Line) -> None:
    place = f"plats {line.position}"
    if len(line.cells) != len(columns):
        raise unfit(place, "cellerna är inte lika många som kolumnerna", "cells do not match")
    for column, cell in zip(columns, line.cells, strict=True):
        if cell is not None and not _fits(column.kind, cell):
            raise unfit(f"{place}, {column.title}", "värdet är av fel slag", "wrong kind of value")


def _fits(kind: Kind, cell: Cell) -> bool:
    if kind in {Kind.TEXT, Kind.LEVEL}:
        return isinstance(cell, str)
    if kind is Kind.DATE:
        return isinstance(cell, date) and not isinstance(cell, datetime)
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return False
    number = Decimal(cell)
    return number.is_finite() and abs(number) < LARGEST
