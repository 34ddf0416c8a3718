"""A released list as CSV: the same rows as its JSON, with titles in place of keys."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from workflow.core.harmless import harmless
from workflow.core.open_list import OpenCell, OpenColumn, OpenKind, OpenList

__all__ = ["make_open_csv", "words_of"]

HEADS: Final = {"sv": ("Plats", "Enhet", "Kommer från"), "en": ("Position", "Unit", "Comes from")}
YES_NO: Final = {"sv": ("nej", "ja"), "en": ("no", "yes")}


def make_open_csv(made: OpenList) -> bytes:
    """Give a released list as CSV for a Swedish Excel; no text in it becomes a formula.

    UTF-8 with its mark, semicolons, decimal comma, CRLF; no row of sums. A text that a
    spreadsheet would compute gets `'` before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    titles = (column.title for column in made.columns)
    writer.writerow([harmless(one) for one in (*HEADS[made.language], *titles)])
    writer.writerows(_rows(made))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "backslashreplace")


def _rows(made: OpenList) -> Iterator[list[str]]:
    for row in made.rows:
        yield [
            str(row.position),
            harmless(row.unit),
            harmless(row.origin),
            *(_field(column, row.cells.get(column.key), made.language) for column in made.columns),
        ]


def _field(column: OpenColumn, cell: OpenCell | None, language: str) -> str:
    words = words_of(column, cell, language)
    if column.kind is OpenKind.NUMBER:
        return words.replace(".", ",")
    return words if column.kind is OpenKind.DATE else harmless(words)


def words_of(column: OpenColumn, cell: OpenCell | None, language: str) -> str:
    """Give a cell as a text: levels by title, numbers plain, nothing for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES_NO[language][cell]
    if column.kind is OpenKind.LEVEL:
        return column.title_of(str(cell))
    if isinstance(cell, tuple):
        return ", ".join(column.title_of(str(one)) for one in cell)
    return str(cell)
