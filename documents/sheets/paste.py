"""What a spreadsheet program puts on the clipboard, as a grid.

Cells are parted by tabs and rows by line ends. A cell is quoted when a tab or a line end
stands in it, and only then: Excel leaves a quotation mark as it is in every other cell, so
one that need not be quoted keeps its marks.
"""

import re
from collections.abc import Iterator
from typing import Final

from documents.sheets.grid import Grid, Rows
from documents.sheets.words import refusal

__all__ = ["MOST_CHARACTERS", "read_paste"]

MOST_CHARACTERS: Final = 10_000_000
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\r\n]|\Z)')
_PLAIN: Final = re.compile(r"[^\t\r\n]*")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def read_paste(text: str) -> Grid:
    """Read what was pasted, with or without a row of headings.

    Raises: BadInput when it is empty, or more than can be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise refusal("large_paste")
    rows = Rows()
    for row, column, cell in _cells(text.removeprefix("\ufeff")):
        rows.count()
        rows.put(row, column, cell)
    taken = rows.taken()
    if not taken:
        raise refusal("nothing_pasted")
    return Grid(source="paste", rows=taken)


def _cells(text: str) -> Iterator[tuple[int, int, str]]:
    """Give each cell with its row, 1 for the first, and its column, 0 for the first."""
    at, row, column = 0, 1, 0
    while at <= len(text):
        quoted = _QUOTED.match(text, at)
        if quoted and any(sign in quoted[1] for sign in "\t\r\n"):
            yield row, column, quoted[1].replace('""', '"')
            at = quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            assert plain is not None, "it matches nothing too"  # noqa: S101
            yield row, column, plain[0]
            at = plain.end()
        if text[at : at + 1] == "\t":
            at, column = at + 1, column + 1
        elif end := _LINE_END.match(text, at):
            at, row, column = end.end(), row + 1, 0
        else:
            return
