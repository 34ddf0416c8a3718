"""Rows as text that a spreadsheet opens as a table, and never as formulas.

Semicolons, since Excel in Swedish takes commas for decimals; UTF-8 with a byte order
mark, by which it knows the letters; line ends by RFC 4180.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from workflow.core.harmless import harmless

__all__ = ["TYPE", "rows_as_text"]

TYPE: Final = "text/csv; charset=utf-8"
"""What such a text is (RFC 7111)."""
_MARK: Final = "\ufeff"


class _Line:
    """What a csv writer writes on: it keeps the last line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        """Keep a line."""
        self.text = text


def rows_as_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Write heads and rows, a line at a time."""
    line = _Line()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(head) for head in heads])
    yield _MARK + line.text
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
        yield line.text


def _cell(cell: object) -> str:
    """Write a cell so that no spreadsheet computes it; numbers are those of the program."""
    text = "" if cell is None else str(cell)
    return text if isinstance(cell, int) else harmless(text)
