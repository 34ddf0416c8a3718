"""An OpenDocument spreadsheet (ODF 1.3, ISO/IEC 26300) as a grid: one table's cells."""

import math
from datetime import date, datetime
from typing import Final

from documents.sheets.grid import Grid, GridCell, Rows
from documents.sheets.looks import as_percent
from documents.sheets.markup import Attributes, Book, Reader
from documents.sheets.picking import pick_sheet
from documents.sheets.stamp import SHEET_NAME, stamp_of

__all__ = ["read_open_document"]

_CONTENT: Final = "content.xml"
_PIECES: Final = 70_000
"""Characters of one text; beyond this no more of it is kept, and the limits speak."""
_NUMBERS: Final = ("float", "currency")


def read_open_document(book: Book, wanted: str) -> Grid:
    """Read the table with a name, or the one that there is.

    Raises: BadInput.
    """
    outline = _Outline()
    book.read(_CONTENT, outline)
    names = pick_sheet([(name, name in outline.hidden) for name in outline.names], wanted)
    cells = _Cells({*names, SHEET_NAME})
    book.read(_CONTENT, cells)
    name = next((one for one in names if cells.found[one].taken()), names[0])
    stamp = cells.found.get(SHEET_NAME)
    return Grid(
        source="ods",
        sheet=name,
        rows=cells.found[name].taken(),
        faults=cells.found[name].faults(),
        stamp=stamp_of(stamp.taken()) if stamp else None,
    )


class _Outline(Reader):
    """Reads which tables there are, and which of them are hidden."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.hidden: set[str] = set()
        self._style = ""
        self._unseen: set[str] = set()
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._unseen.add(self._style)
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                self.names.append(attributes.get("name", ""))
                if attributes.get("style-name", "") in self._unseen:
                    self.hidden.add(self.names[-1])

    def end(self, name: str) -> None:
        """End an element."""
        if name == "table":
            self._depth -= 1


class _Words:
    """The text of a cell: its paragraphs, without what is noted beside it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._reading = 0
        self._aside = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element within a cell."""
        if name in ("annotation", "shapes"):
            self._aside += 1
        elif self._aside:
            return
        elif name == "p":
            if self._paragraphs and not self._reading:
                self._add("\n")
            self._paragraphs += 1
            self._reading += 1
        elif name == "s":
            count = attributes.get("c", "1")
            self._add(" " * min(int(count) if count.isdecimal() else 1, _PIECES))
        elif name == "tab":
            self._add("\t")
        elif name == "line-break":
            self._add("\n")

    def text(self, text: str) -> None:
        """Take text."""
        if self._reading and not self._aside:
            self._add(text)

    def end(self, name: str) -> None:
        """End an element within a cell."""
        if name in ("annotation", "shapes"):
            self._aside -= 1
        elif name == "p" and not self._aside:
            self._reading -= 1

    def taken(self) -> str:
        """Give the text."""
        return "".join(self._pieces)

    def _add(self, text: str) -> None:
        if self._length < _PIECES:
            self._pieces.append(text)
            self._length += len(text)


class _Cells(Reader):
    """Reads the tables with certain names.

    A row or a cell that is repeated stands once in the file, however often; the empty ones to
    the edge of the sheet are counted on, and cost nothing.
    """

    def __init__(self, wanted: set[str]) -> None:
        self.found: dict[str, Rows] = {}
        self._wanted = wanted
        self._rows: Rows | None = None
        self._row = 0
        self._repeated = 1
        self._column = 0
        self._line: list[tuple[int, GridCell, Attributes]] = []
        self._cell: Attributes | None = None
        self._words = _Words()
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "table":
            self._depth += 1
            if self._depth == 1 and attributes.get("name", "") in self._wanted:
                self._rows = self.found.setdefault(attributes.get("name", ""), Rows())
                self._row = 0
        elif self._rows is None or self._depth != 1:
            return
        elif self._cell is not None:
            self._words.start(name, attributes)
        elif name == "table-row":
            self._repeated = _times(attributes, "number-rows-repeated")
            self._column, self._line = 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self._rows.count()
            self._cell, self._words = attributes, _Words()

    def text(self, text: str) -> None:
        """Take text."""
        if self._cell is not None:
            self._words.text(text)

    def end(self, name: str) -> None:
        """End an element."""
        if name == "table":
            self._depth -= 1
            if not self._depth:
                self._rows = None
        elif self._rows is None or self._depth != 1:
            return
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._finish_cell(self._cell)
            self._cell = None
        elif self._cell is not None:
            self._words.end(name)
        elif name == "table-row":
            self._finish_row(self._rows)

    def _finish_cell(self, cell: Attributes) -> None:
        times = _times(cell, "number-columns-repeated")
        value = _value(cell, self._words.taken())
        if value not in (None, "") or "formula" in cell:
            for column in range(self._column, self._column + min(times, 1000)):
                self._line.append((column, value, cell))
        self._column += times

    def _finish_row(self, rows: Rows) -> None:
        if self._line:
            for row in range(self._row + 1, self._row + 1 + self._repeated):
                for column, value, cell in self._line:
                    _put(rows, (row, column), value, cell)
        self._row += self._repeated


def _put(rows: Rows, at: tuple[int, int], value: GridCell, cell: Attributes) -> None:
    rows.count()
    if "formula" in cell:
        rows.formula(*at)
    elif cell.get("value-type") == "error":
        rows.broken(*at, str(value))
    else:
        rows.put(*at, value)


def _times(attributes: Attributes, name: str) -> int:
    told = attributes.get(name, "1")
    return max(int(told), 1) if told.isdecimal() and len(told) < 9 else 1


def _value(cell: Attributes, shown: str) -> GridCell:
    """Give a cell's value by its type; text is the text that stands in it."""
    kind = cell.get("value-type", "")
    if kind in (*_NUMBERS, "percentage"):
        try:
            number = float(cell.get("value", ""))
        except ValueError:
            return shown
        return as_percent(number) if kind == "percentage" and math.isfinite(number) else number
    if kind == "date":
        return _day(cell.get("date-value", ""), shown)
    if kind == "boolean":
        return cell.get("boolean-value") == "true"
    return cell.get("string-value") or shown if kind == "string" else shown


def _day(told: str, shown: str) -> GridCell:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return shown
    return at if at.time() != datetime.min.time() else date(at.year, at.month, at.day)
