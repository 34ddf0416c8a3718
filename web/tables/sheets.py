"""A table of a case as a spreadsheet sees it."""

from dataclasses import replace

from documents.sheets.form import Around, SheetForm, SheetRow, from_table
from workflow.core.definition import ROW
from workflow.service.reading.sheets.whole import WholeSheet

__all__ = ["empty_rows", "form_of", "rows_of"]


def form_of(sheet: WholeSheet) -> SheetForm:
    """Describe a table; what it shows from where its rows come is only shown."""
    around = Around(year=sheet.year, choices=sheet.choices, hidden=sheet.hidden)
    shown = [
        replace(column, read_only=True)
        for source in reversed(sheet.chain)
        for column in from_table(sheet.definition, source, around=around).columns
    ]
    return from_table(
        sheet.definition, sheet.table, revision=sheet.revision, shown=shown, around=around
    )


def rows_of(sheet: WholeSheet) -> list[SheetRow]:
    """Give the rows as they stand."""
    return [SheetRow(number=row.number, version=row.version, cells=row.cells) for row in sheet.rows]


def empty_rows(sheet: WholeSheet) -> list[SheetRow]:
    """Give the rows of an empty template: none, or the fixed ones with nothing in them."""
    if not sheet.table.is_fixed:
        return []
    return [replace(row, cells={ROW: row.cells.get(ROW)}) for row in rows_of(sheet)]
