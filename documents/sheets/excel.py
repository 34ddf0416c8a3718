"""An Excel workbook (ECMA-376) as a grid: one sheet's cells, its formulas, its stamp.

Read here and not by a library: a text that many cells share is one object, where a copy for
each lets 60 kB become gigabytes; and the place of every formula, of every fault that the
program shows and of every per cent is needed.
"""

import math
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from documents.sheets.grid import EPOCH_1900, EPOCH_1904, Grid, GridCell, Rows
from documents.sheets.looks import Look, Looks, as_day, as_percent
from documents.sheets.markup import Attributes, Book, Reader
from documents.sheets.picking import pick_sheet
from documents.sheets.stamp import SHEET_NAME, stamp_of
from documents.sheets.words import refusal

__all__ = ["read_excel"]

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""ECMA-376 Part 1, 22.9.2.19: a character that XML cannot hold."""
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MOST_SHARED: Final = 1_000_000
_MOST_SHARED_TEXT: Final = 40_000_000
_PIECES: Final = 70_000
"""Characters of one text; beyond this no more of it is kept, and the limits speak."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def read_excel(book: Book, wanted: str) -> Grid:
    """Read the sheet with a name, or the one that there is.

    Raises: BadInput.
    """
    main = _target(book, "", "officeDocument") or "xl/workbook.xml"
    outline = _Outline()
    book.read(main, outline)
    parts = _relations(book, main)
    sheets = [
        _Sheet(name, parts.get(relation, ("", ""))[1], hidden)
        for name, relation, hidden in outline.sheets
    ]
    names = pick_sheet([(one.name, one.hidden) for one in sheets], wanted)
    shared, looks = _Shared(), Looks()
    for kind, target in parts.values():
        if kind.endswith("/sharedStrings") and book.has(target):
            book.read(target, shared)
        elif kind.endswith("/styles") and book.has(target):
            book.read(target, looks)
    epoch = EPOCH_1904 if outline.from_1904 else EPOCH_1900
    found: dict[str, Rows] = {}
    for one in sheets:
        if one.name in names or one.name == SHEET_NAME:
            cells = _Cells(shared.texts, looks.of, epoch)
            book.read(one.part, cells)
            found[one.name] = cells.rows
    name = next((one for one in names if found[one].taken()), names[0])
    return Grid(
        source="xlsx",
        sheet=name,
        rows=found[name].taken(),
        faults=found[name].faults(),
        stamp=stamp_of(found[SHEET_NAME].taken()) if SHEET_NAME in found else None,
        epoch=epoch,
    )


class _Outline(Reader):
    """Reads `workbook.xml`: the sheets in order, and when days begin."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), attributes.get("id", ""), hidden))


class _Relations(Reader):
    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            told = attributes.get("Type", ""), attributes.get("Target", "")
            self.found[attributes.get("Id", "")] = told


def _relations(book: Book, part: str) -> dict[str, tuple[str, str]]:
    """Give the kind and the name of each part that a part refers to."""
    folder, _, base = part.rpartition("/")
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    relations = _Relations()
    if book.has(name):
        book.read(name, relations)
    return {
        key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
        for key, (kind, target) in relations.found.items()
    }


def _target(book: Book, part: str, kind: str) -> str:
    found = _relations(book, part).values()
    return next((target for told, target in found if told.endswith(f"/{kind}")), "")


class _Texts(Reader):
    """Reads the text of an item: its runs, but not how they are pronounced."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._reading = False
        self._sound = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        """Begin an element."""
        if name == "rPh":
            self._sound += 1
        elif name == "t":
            self._reading = not self._sound

    def text(self, text: str) -> None:
        """Take text."""
        if self._reading and self._length < _PIECES:
            self._pieces.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        """End an element."""
        if name == "rPh":
            self._sound -= 1
        elif name == "t":
            self._reading = False

    def taken(self) -> str:
        """Give the text and begin anew."""
        whole = "".join(self._pieces)
        self._pieces, self._length = [], 0
        return _unescaped(whole)


class _Shared(_Texts):
    """Reads `sharedStrings.xml`."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._all = 0

    def end(self, name: str) -> None:
        """End an element."""
        super().end(name)
        if name == "si":
            text = self.taken()
            self.texts.append(text)
            self._all += len(text)
            if len(self.texts) > _MOST_SHARED or self._all > _MOST_SHARED_TEXT:
                raise refusal("much")


class _Cells(_Texts):
    """Reads a sheet."""

    def __init__(self, shared: Sequence[str], looks: Sequence[Look], epoch: date) -> None:
        super().__init__()
        self.rows = Rows()
        self._shared = shared
        self._looks = looks
        self._epoch = epoch
        self._row = 0
        self._column = -1
        self._type = "n"
        self._style = 0
        self._inside = False
        self._formula = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin an element."""
        if name == "c":
            self._begin(attributes)
        elif name == "row":
            told = attributes.get("r", "")
            self._row = int(told) if told.isdecimal() and len(told) < 8 else self._row + 1
            self._column = -1
        elif name == "f" and self._inside:
            self._formula = True
        elif name == "v" and self._inside:
            self._reading = True
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        """End an element."""
        if name == "c" and self._inside:
            self._finish(self.taken() if self._type in ("inlineStr", "str") else self._raw())
            self._inside = False
        elif name == "v":
            self._reading = False
        else:
            super().end(name)

    def _begin(self, attributes: Attributes) -> None:
        self._column += 1
        if found := _REFERENCE.fullmatch(attributes.get("r", "")):
            self._column, self._row = _index(found[1]), int(found[2])
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdecimal() else 0
        self._inside, self._formula = True, False
        self.rows.count()

    def _raw(self) -> str:
        whole = "".join(self._pieces)
        self._pieces, self._length = [], 0
        return whole

    def _finish(self, told: str) -> None:
        if self._formula:
            self.rows.formula(self._row, self._column)
        elif self._type == "e":
            self.rows.broken(self._row, self._column, told)
        elif told:
            self.rows.put(self._row, self._column, self._value(told))

    def _value(self, told: str) -> GridCell:
        if self._type in ("inlineStr", "str"):
            return told
        try:
            if self._type == "s":
                at = int(told)
                return self._shared[at if at >= 0 else len(self._shared)]
            if self._type == "b":
                return told.strip() in ("1", "true")
            if self._type == "d":
                return date.fromisoformat(told[:10]) if told[10:] in _MIDNIGHT else told
            return self._number(float(told))
        except (ValueError, IndexError) as error:
            raise refusal("damaged") from error

    def _number(self, number: float) -> GridCell:
        look = self._looks[self._style] if self._style < len(self._looks) else "number"
        if look == "number" or not math.isfinite(number):
            return number
        if look == "percent":
            return as_percent(number)
        day = as_day(number, self._epoch)
        return f"{day:%H:%M:%S}" if look == "time" and number < 1 and day != number else day


_MIDNIGHT: Final = ("", "T00:00:00", "T00:00:00Z", "T00:00:00.000", "T00:00:00.000Z")


def _index(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _unescaped(text: str) -> str:
    """Put back the characters that XML cannot hold."""
    if "_x" not in text:
        return text
    whole = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
