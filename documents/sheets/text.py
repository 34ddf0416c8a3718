"""A form and its rows as CSV text, and CSV files read as programs save them."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from documents.sheets.form import (
    NUMBER_TITLE,
    FormColumn,
    SheetForm,
    SheetRow,
    headings,
    typed,
)
from documents.sheets.grid import MOST_COLUMNS, Grid, Rows, letter_of
from documents.sheets.headings import alike
from documents.sheets.words import refusal
from documents.sheets.workbook import shown_levels
from workflow.core.definition import DECIMAL
from workflow.core.facts import Cell
from workflow.core.harmless import as_meant, harmless

__all__ = ["TYPE", "read_csv", "write_csv"]

TYPE: Final = "text/csv; charset=utf-8"
_MARK: Final = "\ufeff"
_BYTE_ORDERS: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SEPARATORS: Final = (";", "\t", ",")
_LOOKED_AT: Final = 20
"""Lines, by which the separator is told; and characters, at most."""
_LOOKED_AT_CHARACTERS: Final = 50_000
_NAMED_SEPARATOR: Final = re.compile(r"sep=([;,\t|])(?:\r\n|\r|\n)", re.IGNORECASE)
"""The line by which Excel is told the separator."""
_MOST_SEPARATORS: Final = 100_000
"""In a line, those in texts too; a record is built whole, so more are never begun with."""


def write_csv(form: SheetForm, rows: Iterable[SheetRow]) -> bytes:
    """Write a form with its rows as CSV that Excel in Swedish opens, and never computes."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([NUMBER_TITLE, *map(harmless, headings(form))])
    for row in rows:
        cells = (_written(typed(one, row.cells), row.cells.get(one.key)) for one in form.columns)
        writer.writerow(["" if row.number is None else row.number, *cells])
    return (_MARK + target.getvalue()).encode()


def read_csv(content: bytes, form: SheetForm) -> Grid:
    """Read a CSV file in any encoding and with any separator that programs save.

    Raises: BadInput.
    """
    text = _decoded(content)
    separator = None
    if found := _NAMED_SEPARATOR.match(text):
        separator, text = found[1], text[found.end() :]
    separator = separator or _separator(text, form)
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.count(separator) > _MOST_SEPARATORS:
            raise refusal("columns", row=number, most=letter_of(MOST_COLUMNS - 1))
    rows = Rows()
    for number, record in enumerate(_records(text, separator), start=1):
        for column, cell in enumerate(record):
            rows.count()
            rows.put(number, column, as_meant(cell))
    return Grid(source="csv", rows=rows.taken(), faults=rows.faults())


def _written(column: FormColumn, value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, int):
        return str(value)
    if column.kind in DECIMAL:
        return value.replace(".", ",")
    if column.kind in ("level", "levels"):
        return harmless(shown_levels(column, value))
    return harmless(value)


def _decoded(content: bytes) -> str:
    """Read the characters: by the byte order mark, else as UTF-8, else as Windows-1252."""
    for mark, encoding in _BYTE_ORDERS.items():
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding)
    if b"\0" in content:
        raise refusal("encoding")
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refusal("encoding") from error
    if "\0" in text:
        raise refusal("encoding")
    return text


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise refusal("quotes", row=reader.line_num) from error


def _separator(text: str, form: SheetForm) -> str:
    """Tell the separator: the one that gives most of the form's headings, then most cells."""
    known = {alike(one) for one in (NUMBER_TITLE, *headings(form))}
    known |= {one.key for one in form.columns}

    def worth(separator: str) -> tuple[int, int]:
        first = _first(text[:_LOOKED_AT_CHARACTERS], separator)
        heads = sum(alike(cell) in known for record in first for cell in record)
        return heads, max(map(len, first), default=0)

    return max(_SEPARATORS, key=worth)


def _first(text: str, separator: str) -> Sequence[Sequence[str]]:
    """Give the first records, as far as they can be read so."""
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for record in reader:
            found.append(record)
            if len(found) == _LOOKED_AT:
                break
    except csv.Error:  # the separator is wrong, or the file is; the real reading tells
        return found
    return found
