"""What was in a file or on a clipboard: rows of cells, each with the place people see it at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from documents.sheets.words import refusal
from workflow.core.errors import Language
from workflow.core.material import MAX_ROWS

__all__ = [
    "EPOCH_1900",
    "EPOCH_1904",
    "MOST_COLUMNS",
    "MOST_IN_CELL",
    "Fault",
    "Grid",
    "GridCell",
    "GridRow",
    "Rows",
    "Source",
    "Stamp",
    "letter_of",
]

GridCell = str | float | bool | datetime | date | None
Source = Literal["xlsx", "ods", "csv", "paste"]
MOST_COLUMNS: Final = 200
MOST_IN_CELL: Final = 32_767
"""Characters; no more than Excel's own limit."""
_HEADS: Final = 20
"""Rows above the first row of data: headings, titles."""
_MOST_CELLS: Final = 500_000
_MOST_TEXT: Final = 60_000_000
"""Characters of all cells together, in which a text that stands in two cells counts twice."""
EPOCH_1900: Final = date(1899, 12, 30)
"""Day 0 of a workbook, from 1 March 1900 (ECMA-376 Part 1, 18.17.4.1)."""
EPOCH_1904: Final = date(1904, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong at one place, as people see it, and what to do."""

    code: str
    sv: str
    """The sentence where its place is evident; so in English."""
    en: str
    row: int | None = None
    """The row's number in the file."""
    column: int | None = None
    """0 is A."""
    heading: str = ""
    key: str = ""

    @property
    def place(self) -> str:
        """The cell's name, e.g. B7; empty when it is about no single cell or row."""
        letter = "" if self.column is None else letter_of(self.column)
        return f"{letter}{self.row or ''}"

    def text(self, language: Language = "sv") -> str:
        """Give the sentence with its place."""
        said = self.en if language == "en" else self.sv
        where = self.place
        if self.column is None and self.row is not None:
            where = f"{'Row' if language == 'en' else 'Rad'} {self.row}"
        named = f"{where} ({self.heading})" if self.heading else where
        return f"{named}: {said}" if named else said


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A row that holds something."""

    row: int
    """Its number in the file; 1 is the first."""
    cells: tuple[GridCell, ...]

    def cell(self, index: int) -> GridCell:
        """Give the cell of a column, which is empty beyond the last."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a template says of itself: for what it was made, and from which rows."""

    process: str
    table: str
    revision: str
    digest: str
    versions: Mapping[int, int] = field(default_factory=dict)
    """The version that each row had, by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of one sheet; empty rows are not there."""

    source: Source
    sheet: str = ""
    rows: tuple[GridRow, ...]
    faults: tuple[Fault, ...] = ()
    """Formulas, and cells where the program itself shows a fault."""
    stamp: Stamp | None = None
    epoch: date = EPOCH_1900
    """Day 0 of plain numbers that mean days."""

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(one.cells) for one in self.rows), default=0)


class Rows:
    """Cells as they are found, held to the limits as they come.

    Cells may come in any order; equal texts should be one object, to spare memory.
    """

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, GridCell]] = {}
        self._faults: dict[tuple[int, int], Fault] = {}
        self._count = 0
        self._text = 0

    def put(self, row: int, column: int, value: GridCell) -> None:
        """Keep a cell, unless it is empty; `row` is 1 for the first, `column` 0.

        Raises: BadInput at the first limit that is passed.
        """
        if value is None or value == "":
            return
        if column >= MOST_COLUMNS:
            raise refusal("columns", row=row, most=letter_of(MOST_COLUMNS - 1))
        if isinstance(value, str):
            if len(value) > MOST_IN_CELL:
                raise refusal("long_cell", place=f"{letter_of(column)}{row}", most=MOST_IN_CELL)
            if not value.strip():
                return
            self._text += len(value)
        self._rows.setdefault(row, {})[column] = value
        if len(self._rows) > MAX_ROWS + _HEADS:
            raise refusal("rows", most=f"{MAX_ROWS:,}".replace(",", "\u00a0"))
        if self._text > _MOST_TEXT:
            raise refusal("much")

    def count(self) -> None:
        """Count a cell that was met, empty or not."""
        self._count += 1
        if self._count > _MOST_CELLS:
            raise refusal("much")

    def accuse(self, row: int, column: int, code: str, sv: str, en: str) -> None:
        """Keep what is wrong with a cell, and count it as there."""
        self.put(row, column, "#")
        self._faults[row, column] = Fault(code=code, sv=sv, en=en, row=row, column=column)

    def taken(self) -> tuple[GridRow, ...]:
        """Give the rows in order."""
        return tuple(GridRow(row=row, cells=_dense(self._rows[row])) for row in sorted(self._rows))

    def faults(self) -> tuple[Fault, ...]:
        """Give the faults in order."""
        return tuple(self._faults[place] for place in sorted(self._faults))

    def formula(self, row: int, column: int) -> None:
        """Keep that a cell has a formula."""
        sv = "cellen innehåller en formel; klistra in värdet i stället."
        en = "the cell holds a formula; paste its value instead."
        self.accuse(row, column, "formula", sv, en)

    def broken(self, row: int, column: int, shown: str) -> None:
        """Keep that the program shows a fault in a cell, such as #N/A."""
        sv = f"cellen visar felet {shown[:20]}; skriv värdet i stället."
        en = f"the cell shows the error {shown[:20]}; write the value instead."
        self.accuse(row, column, "error_value", sv, en)


def letter_of(column: int) -> str:
    """Give a column's letters: 0 is A, 26 is AA."""
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name


def _dense(cells: Mapping[int, GridCell]) -> tuple[GridCell, ...]:
    return tuple(_each(cells))


def _each(cells: Mapping[int, GridCell]) -> Iterator[GridCell]:
    for column in range(max(cells) + 1):
        yield cells.get(column)
