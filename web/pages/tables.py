"""One table of a case: read page by page, and filled in row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from starlette.responses import Response

from web.answers import go
from web.answers import page as answer
from web.case.form import read_reasons
from web.case.show import Look
from web.forms import whole
from web.tables.layout import layout_of
from web.tables.rows import (
    TypedRow,
    edit_of,
    errors_of,
    merged,
    pack,
    read_typed,
    typed_of,
    wish_for,
)
from web.visit import Visit
from workflow.core.errors import BadInput, NotFound, Refused, Stale, WorkflowError
from workflow.service import saving
from workflow.service.reading.sheets.dropped import Dropped, read_dropped
from workflow.service.reading.sheets.table import (
    ROWS,
    RowView,
    SheetPage,
    read_order,
    read_row,
    read_table,
)
from workflow.service.seeing import nothing_there

__all__ = ["change_row", "show", "show_row"]

MOVES: Final = ("upp", "ner", "flytta")
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page of rows says besides the rows."""

    errors: Mapping[str, str] = field(default_factory=dict)
    stale: str = ""
    """Why nothing was done, when somebody was first."""
    place: str = ""
    """The place that was typed, for the row that is not moved."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why something may be as a check says, as it was typed."""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A row's form as it is shown."""

    typed: TypedRow
    row: RowView | None = None
    """As it stands now; None for a new one."""
    errors: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False
    gone: bool = False
    """Somebody took the row away."""
    used: str = ""
    status: int = 200


def _address(visit: Visit) -> tuple[str, str]:
    return visit.params["case"], visit.params["table"]


def _path(page: SheetPage, sheet: int = 1) -> str:
    return f"/arenden/{page.case}/tabell/{page.key}" + (f"?sida={sheet}" if sheet > 1 else "")


# ---- all rows --------------------------------------------------------------------------


def show(visit: Visit) -> Response:
    """Show a page of a table that the person reads.

    Raises: NotFound.
    """
    return _show(visit, whole(visit.query.get("sida", "")) or 1, Told())


def _show(visit: Visit, number: int, told: Told) -> Response:
    found = read_table(visit.world, visit.email, *_address(visit), number)
    return answer(
        visit,
        "tables/table.html",
        told.status,
        page=found,
        path=_path(found),
        layout=layout_of(found),
        look=Look(),
        told=told,
        reasons={one.key: told.reasons.get(one.key, one.reason) for one in found.asks},
        dropped=_dropped(visit),
    )


def _dropped(visit: Visit) -> Dropped | None:
    """Give the row that was just taken away, if it can be put back."""
    entry = whole(visit.query.get("borttagen", ""))
    if not entry:
        return None
    try:
        return read_dropped(visit.world, visit.email, *_address(visit), entry)
    except NotFound:  # an old link: the page is the same without the offer
        return None


# ---- one row ---------------------------------------------------------------------------


def show_row(visit: Visit) -> Response:
    """Show the form of a row, or of a new one.

    Raises: NotFound.
    """
    written = visit.query.get("nr", "")
    number = whole(written)
    if written and not number:
        raise nothing_there()
    page = read_row(visit.world, visit.email, *_address(visit), number)
    if number is None:
        if not page.adds:
            raise nothing_there()
        after = whole(visit.query.get("efter", ""))
        return _show_row(visit, page, Sent(typed=TypedRow(after=after)))
    return _show_row(visit, page, Sent(typed=typed_of(page.rows[0]), row=page.rows[0]))


def _show_row(visit: Visit, page: SheetPage, sent: Sent) -> Response:
    return answer(
        visit,
        "tables/row.html",
        sent.status,
        page=page,
        path=_path(page),
        sent=sent,
        sett=pack(sent.typed.before),
        look=Look(errors=sent.errors, notes=sent.notes),
        saved=visit.query.get("sparat") == "1" and visit.method != "POST",
        back=_back(page, sent.row),
    )


def _back(page: SheetPage, row: RowView | None) -> str:
    """Give the address of the page of rows where one lies."""
    at = row.at if row else page.count
    return _path(page, max(0, at - 1) // ROWS + 1)


def change_row(visit: Visit) -> Response:
    """Save a row, move it, take it away, put it back, or say why something may be so.

    Raises: NotFound.
    """
    what = visit.form.text("gor")
    if what in MOVES:
        return _move(visit, what)
    if what == "bort":
        return _drop(visit)
    if what == "angra":
        return _put_back(visit)
    if what == "varfor":
        return _say_why(visit)
    return _save(visit, what)


def _save(visit: Visit, what: str) -> Response:
    blank = read_row(visit.world, visit.email, *_address(visit), None)
    typed = read_typed(visit.form, blank)
    if not typed.number and not (typed.texts and blank.adds):
        first = blank.columns[0]
        told = visit.text("Skriv något i raden först.", "Write something in the row first.")
        errors = {f"rad.{blank.key}.0.{first.key}": told}
        return _show_row(visit, blank, Sent(typed=typed, errors=errors, status=422))
    if typed.number and not typed.changed:
        return _go_on(visit, blank, typed.number, what)
    try:
        saving.save(visit.world, wish_for(visit, blank, [edit_of(visit, blank, typed)]))
    except WorkflowError as error:
        return _not_saved(visit, blank, typed, error)
    return _go_on(visit, blank, typed.number, what)


def _go_on(visit: Visit, page: SheetPage, number: int, what: str) -> Response:
    """Go to the next row, stay, or go back to all of them."""
    path = _path(page)
    if what == "fler":
        order = read_order(visit.world, visit.email, *_address(visit))
        after = whole(visit.form.text("efter"))
        before = order.index(after) if after in order else None
        new = order[-1] if before is None else order[before + 1]
        return go(f"{path}/rad?efter={new}&sparat=1")
    if not number:
        return go(_path(page, page.count // ROWS + 1), "rader")
    found = read_row(visit.world, visit.email, page.case, page.key, number).rows[0]
    if what == "har":
        return go(f"{path}/rad?nr={number}&sparat=1")
    if what == "nasta" and found.next:
        return go(f"{path}/rad?nr={found.next}&sparat=1")
    return go(_back(page, found), f"rad-{number}")


def _not_saved(visit: Visit, blank: SheetPage, typed: TypedRow, error: WorkflowError) -> Response:
    """Show the form once more, with all that was typed and what stood in the way.

    Raises: what has nothing to do with what was sent.
    """
    if not isinstance(error, BadInput | Refused | Stale):
        raise error
    number = typed.number or None
    try:
        page = read_row(visit.world, visit.email, blank.case, blank.key, number)
    except NotFound:  # the row is gone; what was typed can become a new one
        again = TypedRow(texts=typed.texts)
        return _show_row(visit, blank, Sent(typed=again, gone=True, status=409))
    row = page.rows[0] if page.rows else None
    if isinstance(error, Stale):
        if row is None:  # the one that it was to go behind is gone
            again = TypedRow(texts=typed.texts)
            return _show_row(visit, page, Sent(typed=again, stale=True, status=409))
        typed, notes = merged(visit, page, typed, row)
        sent = Sent(typed=typed, row=row, notes=notes, stale=True, status=409)
        return _show_row(visit, page, sent)
    status = 422 if isinstance(error, BadInput) else 409
    errors = errors_of(visit, page, error)
    return _show_row(visit, page, Sent(typed=typed, row=row, errors=errors, status=status))


# ---- order -----------------------------------------------------------------------------


def _move(visit: Visit, what: str) -> Response:
    order = read_order(visit.world, visit.email, *_address(visit))
    number, version = whole(visit.form.text("nummer")), whole(visit.form.text("version"))
    if number not in order or number is None:
        told = visit.text("Raden har tagits bort av någon annan.", "Somebody removed the row.")
        return _again(visit, Told(stale=told, status=409))
    at = order.index(number) + 1
    place = at + {"upp": -1, "ner": 1}.get(what, 0)
    if what == "flytta":
        typed = whole(visit.form.text("plats"))
        if typed is None or not 1 <= typed <= len(order):
            told = visit.text(
                f"Skriv en plats från 1 till {len(order)}.",
                f"Write a place from 1 to {len(order)}.",
            )
            errors = {f"plats-{number}": told}
            return _again(visit, Told(errors=errors, place=visit.form.text("plats"), status=422))
        place = typed
    others = [one for one in order if one != number]
    place = min(max(1, place), len(order))
    after = others[place - 2] if place > 1 else 0
    page = read_row(visit.world, visit.email, *_address(visit), number)
    if not page.moves:
        raise nothing_there()
    try:
        saving.save(visit.world, wish_for(visit, page, [["move", number, version, after, ""]]))
    except (BadInput, Refused, Stale) as error:
        return _not_done(visit, error)
    return go(_path(page, (place - 1) // ROWS + 1), f"rad-{number}")


def _drop(visit: Visit) -> Response:
    number, version = whole(visit.form.text("nummer")), whole(visit.form.text("version"))
    page = read_row(visit.world, visit.email, *_address(visit), None)
    try:
        done = saving.save(visit.world, wish_for(visit, page, [["drop", number or 0, version]]))
    except (BadInput, Refused, Stale) as error:
        return _not_done(visit, error)
    sheet = whole(visit.form.text("sida")) or 1
    return go(f"{_path(page)}?sida={sheet}&borttagen={done['entry']}", "gjort")


def _put_back(visit: Visit) -> Response:
    entry = whole(visit.form.text("post")) or 0
    page = read_row(visit.world, visit.email, *_address(visit), None)
    row = read_dropped(visit.world, visit.email, *_address(visit), entry)
    try:
        saving.save(visit.world, wish_for(visit, page, [["add", row.after, dict(row.cells)]]))
    except (BadInput, Refused, Stale) as error:
        return _not_done(visit, error)
    return go(_path(page, whole(visit.form.text("sida")) or 1), "rader")


def _say_why(visit: Visit) -> Response:
    page = read_row(visit.world, visit.email, *_address(visit), None)
    typed = read_reasons(visit.form, page.key, page.asks)
    edits = [
        ["why", one.key, typed[one.key]]
        for one in page.asks
        if typed.get(one.key, one.reason) != one.reason
    ]
    try:
        saving.save(visit.world, wish_for(visit, page, edits))
    except (BadInput, Refused, Stale) as error:
        return _not_done(visit, error, typed)
    return go(_path(page, whole(visit.form.text("sida")) or 1), "rader")


def _again(visit: Visit, told: Told) -> Response:
    return _show(visit, whole(visit.form.text("sida")) or 1, told)


def _not_done(visit: Visit, error: WorkflowError, reasons: Mapping[str, str] = NOTHING) -> Response:
    """Show the rows as they are now, and why nothing was done."""
    told = " ".join(reason.text(visit.language) for reason in error.reasons)
    status = 422 if isinstance(error, BadInput) else 409
    stale = told or error.text(visit.language)
    return _again(visit, Told(stale=stale, reasons=reasons, status=status))
