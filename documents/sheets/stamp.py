"""What a template says of itself, on a hidden sheet: written, and read back."""

from collections.abc import Iterator, Sequence
from typing import Final

from documents.sheets.form import SheetForm, SheetRow
from documents.sheets.grid import GridRow, Stamp

__all__ = ["GUIDE_NAME", "LISTS_NAME", "SHEET_NAME", "stamp_lines", "stamp_of"]

GUIDE_NAME: Final = "Så fyller du i"
LISTS_NAME: Final = "Val"
SHEET_NAME: Final = "Mall"
"""The names of the sheets beside the table's own; the last two are hidden."""
_LONGEST: Final = 200


def stamp_lines(form: SheetForm, rows: Sequence[SheetRow]) -> Iterator[tuple[str, str]]:
    """Give the lines of a stamp: what the form is, and each row's number and version."""
    yield "process", form.process
    yield "table", form.table
    yield "revision", form.revision
    yield "columns", form.digest
    for row in rows:
        if row.number is not None:
            yield str(row.number), str(row.version)


def stamp_of(rows: Sequence[GridRow]) -> Stamp | None:
    """Read a stamp; none when what stands there is something else."""
    told = {_plain(row.cell(0)): _plain(row.cell(1)) for row in rows}
    if not {"process", "table", "columns"} <= set(told):
        return None
    versions = {
        int(number): int(version)
        for number, version in told.items()
        if number.isdecimal() and version.isdecimal() and max(len(number), len(version)) < 10
    }
    return Stamp(
        process=told["process"],
        table=told["table"],
        revision=told.get("revision", ""),
        digest=told["columns"],
        versions=versions,
    )


def _plain(cell: object) -> str:
    return "" if cell is None else str(cell)[:_LONGEST]
