"""One common list: read, put in order, drawn a line in, taken home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from starlette.responses import Response

from documents.papers.listing import List
from documents.papers.open_list import make_csv, make_json
from documents.papers.press import make_pdf
from documents.papers.sums import sum_up
from documents.papers.workbook import make_xlsx
from web.answers import download, go
from web.answers import page as answer
from web.lists.drawing import bars_of, draw, draw_narrow
from web.lists.paper import listing_of, paper_of, stamped
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale, bad_input
from workflow.core.files.names import name_for_download
from workflow.service.placing import PlaceWish, place
from workflow.service.reading.lists.listing import ListPage, read_list, read_order

__all__ = ["as_csv", "as_json", "as_pdf", "as_xlsx", "move", "show"]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ON_A_PAGE: Final = 100
"""Rows; the sums are those of the whole list on each."""
LINE: Final = "linje"
FIELDS: Final = ("rad", "version", "plats", "steg", "skal")
STEPS: Final = {"upp": -1, "ned": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a list is shown."""

    line: int | None = None
    sheet: int = 1
    """Which hundred rows."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was typed, by field."""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def show(visit: Visit) -> Response:
    """Show a list of a case that the person reads.

    Raises: NotFound.
    """
    found = _read(visit)
    typed = visit.query.get(LINE, "").strip()
    line = _line(typed, len(found.rows))
    errors = {}
    if typed and line is None:
        count = len(found.rows)
        errors[LINE] = visit.text(
            f"Skriv en plats, 0 till {count}. Du skrev ”{typed[:40]}”.",
            f'Write a position, 0 to {count}. You wrote "{typed[:40]}".',
        )
    look = Look(
        line=line,
        sheet=_whole(visit.query.get("sida", "")) or 1,
        typed={LINE: typed},
        errors=errors,
        status=422 if errors else 200,
    )
    return _show(visit, found, look)


def move(visit: Visit) -> Response:
    """Put a row at another position.

    Raises: NotFound; NoRight; BadInput for a form that no page of ours has sent.
    """
    case, table = visit.params["case"], visit.params["table"]
    order = read_order(visit.world, visit.email, case, table)
    number, version = (_whole(visit.form.text(name)) for name in ("rad", "version"))
    if number is None or version is None:
        raise bad_input("rad", "Formuläret säger inte vilken rad.", "The form names no row.")
    line = _line(visit.form.text(LINE), len(order))
    to = _wanted(visit, order, number)
    if to is None:
        told = {f"plats-{number}": _no_position(visit, len(order))}
        return _again(visit, number, Look(line=line, errors=told, status=422))
    wish = PlaceWish(
        case=case,
        table=table,
        email=visit.email,
        number=number,
        version=version,
        to=to,
        why=visit.form.text("skal").strip(),
        request_id=visit.form.text("request") or None,
        form="|".join(visit.form.text(name) for name in FIELDS),
    )
    try:
        place(visit.world, wish)
    except NoRight:
        raise
    except (BadInput, Refused, Stale) as error:
        wants = any(reason.code == "order_turned" for reason in error.reasons)
        told = {f"{'skal' if wants else 'plats'}-{number}": visit.text(error.sv, error.en)}
        status = 422 if isinstance(error, BadInput) else 409
        return _again(visit, number, Look(line=line, errors=told, status=status))
    sheet = (to - 1) // ON_A_PAGE + 1
    return go(_path(case, table, line=line, sheet=sheet), f"rad-{number}")


# ---- steps -----------------------------------------------------------------------------


def _read(visit: Visit) -> ListPage:
    return read_list(visit.world, visit.email, visit.params["case"], visit.params["table"])


def _wanted(visit: Visit, order: Sequence[int], number: int) -> int | None:
    """Read which position is wanted, by its number or by a step up or down."""
    step = STEPS.get(visit.form.text("steg"))
    if step is not None and number in order:
        return order.index(number) + 1 + step
    return _whole(visit.form.text("plats"))


def _no_position(visit: Visit, count: int) -> str:
    typed = visit.form.text("plats")[:40]
    return visit.text(
        f"Skriv en plats, 1 till {count}. Du skrev ”{typed}”.",
        f'Write a position, 1 to {count}. You wrote "{typed}".',
    )


def _again(visit: Visit, number: int, look: Look) -> Response:
    """Show the list as it is now, with what was typed and what stood in its way."""
    found = _read(visit)
    row = found.row(number)
    typed = {
        f"plats-{number}": visit.form.text("plats"),
        f"skal-{number}": visit.form.text("skal"),
    }
    errors = look.errors
    if row is None:
        kept = visit.form.text("skal").strip()
        told = " ".join(look.errors.values())
        errors = {"": f"{told} {visit.text(f'Du skrev: {kept}', f'You wrote: {kept}')}"}
    sheet = (row.position - 1) // ON_A_PAGE + 1 if row else 1
    return _show(
        visit,
        found,
        Look(line=look.line, sheet=sheet, typed=typed, errors=errors, status=look.status),
    )


def _show(visit: Visit, found: ListPage, look: Look) -> Response:
    balance = found.balance(look.line)
    bars = bars_of(visit, balance) if found.amount else ()
    sheets = max(1, -(-len(found.rows) // ON_A_PAGE))
    sheet = min(max(look.sheet, 1), sheets)
    return answer(
        visit,
        "lists/list.html",
        look.status,
        page=found,
        look=look,
        rows=found.rows[(sheet - 1) * ON_A_PAGE : sheet * ON_A_PAGE],
        sums=sum_up(listing_of(visit, found, look.line)),
        balance=balance,
        bars=bars if balance.freed or balance.costs else (),
        wide=draw(visit, bars),
        narrow=draw_narrow(bars),
        amount=found.column(found.amount),
        kinds=found.column(found.kinds),
        sheet=sheet,
        sheets=sheets,
        on_a_page=ON_A_PAGE,
        path=partial(_path, found.case, found.table),
    )


def _path(case: str, table: str, *, line: int | None = None, sheet: int = 1, form: str = "") -> str:
    """Give the address of a list; in a form to be taken home with `form`."""
    asked = [] if line is None else [f"{LINE}={line}"]
    asked += [f"sida={sheet}"] if sheet > 1 else []
    end = f".{form}" if form else ""
    return f"/arenden/{case}/lista/{table}{end}" + ("?" + "&".join(asked)) * bool(asked)


def _line(typed: str, count: int) -> int | None:
    line = _whole(typed)
    return line if line is not None and line <= count else None


def _whole(typed: str) -> int | None:
    """Read a whole number from zero up; None when there is none."""
    text = typed.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


# ---- to be taken home --------------------------------------------------------------------


def as_json(visit: Visit) -> Response:
    """Give the list as JSON.

    Raises: NotFound, BadInput.
    """
    found, listing = _listed(visit)
    content = make_json(stamped(visit, found, listing))
    return _home(found, "json", "application/json", content)


def as_csv(visit: Visit) -> Response:
    """Give the list as CSV.

    Raises: NotFound, BadInput.
    """
    found, listing = _listed(visit)
    return _home(found, "csv", "text/csv; charset=utf-8", make_csv(listing))


def as_xlsx(visit: Visit) -> Response:
    """Give the list as a workbook.

    Raises: NotFound, BadInput.
    """
    found, listing = _listed(visit)
    return _home(found, "xlsx", XLSX, make_xlsx(stamped(visit, found, listing)))


def as_pdf(visit: Visit) -> Response:
    """Give the list as PDF.

    Raises: NotFound; BadInput for a list that is too long; Unprintable.
    """
    found, listing = _listed(visit)
    content = make_pdf(paper_of(visit, found, listing), at=found.end.at)
    return _home(found, "pdf", "application/pdf", content)


def _listed(visit: Visit) -> tuple[ListPage, List]:
    found = _read(visit)
    return found, listing_of(visit, found, _line(visit.query.get(LINE, ""), len(found.rows)))


def _home(found: ListPage, end: str, kind: str, content: bytes) -> Response:
    """Name a file by the last entry of the log that it has seen, and the instant of that."""
    at = found.end.at.strftime("%Y%m%dT%H%M%SZ")
    name = f"{found.title}-{found.round}-{found.end.number}-{at}.{end}"
    return download(name_for_download(name), kind, content)
