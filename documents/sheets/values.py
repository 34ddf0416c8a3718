"""One cell as a value of its column."""

from collections.abc import Callable
from datetime import date

from documents.sheets.dates import read_day
from documents.sheets.form import FormColumn
from documents.sheets.grid import GridCell
from documents.sheets.levels import Scale, read_yes_no
from documents.sheets.numerals import read_number
from documents.sheets.unfit import UnfitError
from workflow.core.definition import WHOLE
from workflow.core.facts import Cell
from workflow.core.material import MAX_TEXT, is_storable

__all__ = ["Reading", "leniently", "reading_of"]

Reading = Callable[[GridCell], Cell]
"""What reads a cell that is not empty. It raises UnfitError."""


def reading_of(column: FormColumn, epoch: date) -> Reading:
    """Give what reads a column's cells, made once for all rows."""
    if column.kind in ("level", "levels"):
        scale = Scale(column)
        return scale.read if column.kind == "level" else scale.read_several
    if column.kind == "yes_no":
        return read_yes_no
    if column.kind == "date":
        return lambda cell: _read_day(cell, epoch)
    if column.kind in ("text", "long_text", "by_row"):
        return lambda cell: _read_text(cell, MAX_TEXT.get(column.kind, MAX_TEXT["long_text"]))
    return lambda cell: _read_figure(column, cell)


def leniently(reading: Reading, cell: GridCell) -> Cell:
    """Read what is only shown; what cannot be read is nobody's fault."""
    try:
        return reading(cell)
    except UnfitError:
        return str(cell)


def _read_text(cell: GridCell, most: int) -> Cell:
    text = _as_text(cell).strip()
    if not is_storable(text):
        raise UnfitError(
            "not_storable",
            "texten har tecken som inte går att spara; skriv om den.",
            "the text has characters that cannot be saved; write it anew.",
        )
    if len(text) > most:
        raise UnfitError(
            "long_text",
            f"texten har {len(text)} tecken, högst {most} går; korta den.",
            f"the text has {len(text)} characters, and {most} at most will do; shorten it.",
        )
    return text


def _as_text(cell: GridCell) -> str:
    """Write what a program made a number, a day or a truth of the way people wrote it."""
    if isinstance(cell, bool):
        return "Sant" if cell else "Falskt"
    if isinstance(cell, float):
        return format(cell, ".15g").replace(".", ",")
    return str(cell)


def _read_day(cell: GridCell, epoch: date) -> Cell:
    if cell is None or isinstance(cell, bool):
        raise UnfitError("no_day", "det här är ingen dag.", "this is no day.")
    return read_day(cell, epoch).isoformat()


def _read_figure(column: FormColumn, cell: GridCell) -> Cell:
    if not isinstance(cell, float | str):
        raise UnfitError(
            "no_number",
            f"”{cell}” är inget tal; skriv till exempel 480.",
            f"“{cell}” is not a number; write for example 480.",
        )
    number = read_number(cell, column.kind)
    if column.least is not None and number < column.least:
        least = f"{column.least:g}"
        raise UnfitError("too_small", f"minst {least} går.", f"at least {least} will do.")
    if column.most is not None and number > column.most:
        most = f"{column.most:g}"
        raise UnfitError("too_large", f"högst {most} går.", f"at most {most} will do.")
    if column.kind in WHOLE:
        return int(number)
    return format(number.normalize() + 0, "f")
