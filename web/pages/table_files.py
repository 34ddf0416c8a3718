"""One table of a case and spreadsheets: pasted, uploaded and compared, and taken home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import Response

from documents.sheets.form import SheetForm, SheetRow
from documents.sheets.mapping import title_of
from documents.sheets.text import TYPE as CSV
from documents.sheets.text import write_csv
from documents.sheets.workbook import TYPE as XLSX
from documents.sheets.workbook import write_xlsx
from web.answers import download, go
from web.answers import page as answer
from web.case.show import Look
from web.forms import whole
from web.tables.rows import wish_for
from web.tables.sheets import empty_rows, form_of, rows_of
from web.tables.taking import MOST_BYTES, Source, Taken, check_size, edits_of, read_source, take
from web.visit import Visit
from workflow.core.errors import BadInput, Refused, Stale
from workflow.core.facts import Cell
from workflow.service import saving
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.sheets.previous import read_previous
from workflow.service.reading.sheets.table import SheetPage, read_row
from workflow.service.reading.sheets.whole import WholeSheet, read_whole

__all__ = ["as_text", "as_workbook", "show", "take_in"]

MB: Final = 1_000_000
COLUMN: Final = "kolumn."
SHOWN: Final = 200
"""Rows of each kind, and faults, that a preview shows; it counts the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page says besides."""

    errors: Mapping[str, str] = field(default_factory=dict)
    stale: str = ""
    """What stood in the way when it was confirmed."""
    status: int = 200


def _address(visit: Visit) -> tuple[str, str]:
    return visit.params["case"], visit.params["table"]


# ---- taken home ------------------------------------------------------------------------


def as_workbook(visit: Visit) -> Response:
    """Give the table as an Excel workbook, with its rows or empty; with `forra` also with those
    of the round before, as new ones.

    Raises: NotFound; BadInput when a text is longer than a cell can hold.
    """
    sheet = read_whole(visit.world, visit.email, *_address(visit))
    rows = rows_of(sheet)
    if visit.query.get("tom") == "ja":
        rows = empty_rows(sheet)
    if visit.query.get("forra") == "1":
        before = read_previous(visit.world, visit.email, *_address(visit))
        rows = [*rows, *(SheetRow(cells=cells) for cells in before)]
    content = write_xlsx(form_of(sheet), rows, created=visit.now)
    return download(f"{sheet.table.key}-{sheet.case}.xlsx", XLSX, content)


def as_text(visit: Visit) -> Response:
    """Give the table as CSV.

    Raises: NotFound.
    """
    sheet = read_whole(visit.world, visit.email, *_address(visit))
    content = write_csv(form_of(sheet), rows_of(sheet))
    return download(f"{sheet.table.key}-{sheet.case}.csv", CSV, content)


# ---- taken in --------------------------------------------------------------------------


def show(visit: Visit) -> Response:
    """Show where one pastes, or chooses a file.

    Raises: NotFound.
    """
    return _ask(visit, Told())


def take_in(visit: Visit) -> Response:
    """Show what a paste or a file would change, or change it when that is confirmed.

    Raises: NotFound.
    """
    sheet = read_whole(visit.world, visit.email, *_address(visit), to_write=True)
    source = read_source(visit.form)
    if source is None:
        told = visit.text(
            "Klistra in rader här, eller välj en fil.", "Paste rows here, or choose a file."
        )
        return _ask(visit, Told(errors={"text": told}, status=422))
    try:
        check_size(source, _most(visit))
        taken = take(sheet, source, _mapping(visit))
    except BadInput as error:
        name = "fil" if source.file else "text"
        return _ask(visit, Told(errors={name: error.text(visit.language)}, status=422))
    if visit.form.text("gor") == "spara" and not taken.faults:
        return _confirm(visit, sheet, source, taken)
    return _preview(visit, sheet, source, taken, Told(status=422 if taken.faults else 200))


def _most(visit: Visit) -> int:
    """Give how many bytes a file may have; as base64 it is a third larger."""
    return min(MOST_BYTES, visit.site.config.web.file_mb * MB * 2 // 3)


def _mapping(visit: Visit) -> dict[int, str] | None:
    """Read which column is which; None before anybody has said."""
    chosen = visit.form.with_prefix(COLUMN)
    if not chosen:
        return None
    read = {whole(at): key for at, key in chosen.items() if key}
    return {at: key for at, key in read.items() if at is not None}


def _confirm(visit: Visit, sheet: WholeSheet, source: Source, taken: Taken) -> Response:
    page = _page(visit)
    if visit.form.text("visat") != taken.digest:
        return _overtaken(visit, sheet, source, taken)
    edits = []
    if taken.changes is not None:
        edits = edits_of(
            sheet,
            taken.changes,
            taken.read,
            removes=visit.form.text("bort") == "ja",
            adds_unknown=visit.form.text("okanda") == "ja",
        )
    try:
        if edits:
            saving.save(visit.world, wish_for(visit, page, edits))
    except Stale:
        return _overtaken(visit, sheet, source, taken)
    except (BadInput, Refused) as error:
        status = 422 if isinstance(error, BadInput) else 409
        told = Told(errors={"": error.text(visit.language)}, status=status)
        return _preview(visit, sheet, source, taken, told)
    return go(f"/arenden/{page.case}/tabell/{page.key}", "rader")


def _overtaken(visit: Visit, sheet: WholeSheet, source: Source, taken: Taken) -> Response:
    """Show what it comes to now, when something is other than when it was shown."""
    now = read_whole(visit.world, visit.email, sheet.case, sheet.table.key, to_write=True)
    again = take(now, source, taken.taking.mapping)
    told = visit.text(
        "Tabellen har ändrats sedan du såg jämförelsen. Inget är sparat än.",
        "The table has changed since you saw the comparison. Nothing is saved yet.",
    )
    return _preview(visit, now, source, again, Told(stale=told, status=409))


# ---- pages -----------------------------------------------------------------------------


def _page(visit: Visit) -> SheetPage:
    return read_row(visit.world, visit.email, *_address(visit), None)


def _ask(visit: Visit, told: Told) -> Response:
    page = _page(visit)
    return answer(
        visit,
        "tables/take.html",
        told.status,
        page=page,
        path=f"/arenden/{page.case}/tabell/{page.key}",
        told=told,
        text=visit.form.text("text"),
        most=f"{_most(visit) // (MB // 10) / 10:g}".replace(".", visit.text(",", ".")),
    )


def _preview(visit: Visit, sheet: WholeSheet, source: Source, taken: Taken, told: Told) -> Response:
    page = _page(visit)
    form = taken.taking.form
    return answer(
        visit,
        "tables/preview.html",
        told.status,
        page=page,
        path=f"/arenden/{page.case}/tabell/{page.key}",
        told=told,
        source=source,
        taken=taken,
        form=form,
        present={row.number: row for row in sheet.rows},
        title_of=lambda key: title_of(form, key),
        value_of=lambda key, cell: _value(page, key, cell),
        words_of=lambda cells: _words(page, form, cells),
        look=Look(),
        most=SHOWN,
    )


def _value(page: SheetPage, key: str, cell: Cell) -> str:
    """Give a value as the text of its field."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    numbers = {one.key for one in page.all_columns if one.kind is ColumnKind.NUMBER}
    told = "" if cell is None else str(cell)
    return told.replace(".", ",") if key in numbers else told


def _words(page: SheetPage, form: SheetForm, cells: Mapping[str, Cell]) -> str:
    """Give what a row is called: its first two cells that hold something."""
    told = [_value(page, one.key, cells.get(one.key)) for one in form.columns]
    return ", ".join([one for one in told if one][:2])
