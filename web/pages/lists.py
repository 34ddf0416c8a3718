"""One common list: read, put in order, drawn a line in, taken home."""

from functools import partial
from typing import Final

from starlette.responses import Response

from documents.making.listing import file_name, listing_of, stamp_of, stamped
from documents.papers.listing import List
from documents.papers.open_list import make_csv, make_json
from web.answers import download, go
from web.answers import page as answer
from web.charts.balance import bars_of, draw, draw_narrow
from web.forms import whole
from web.lists.look import (
    LINE,
    ON_A_PAGE,
    Look,
    levelled,
    line_of,
    look_of,
    no_line,
    path_of,
)
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale, bad_input
from workflow.core.files.names import name_for_download
from workflow.service.placing import LineWish, PlaceWish, draw_line, place
from workflow.service.reading.lists.listing import ListPage, read_list

__all__ = ["as_csv", "as_json", "move", "put_line", "show"]

FIELDS: Final = ("rad", "version", "plats", "steg", "skal")
STEPS: Final = {"upp": -1, "ned": 1}


def show(visit: Visit) -> Response:
    """Show a list of a case that the person reads.

    Raises: NotFound.
    """
    found = _read(visit)
    return _show(visit, found, look_of(visit, found))


def move(visit: Visit) -> Response:
    """Put a row at another position.

    Raises: NotFound; NoRight; BadInput for a form that no page of ours has sent.
    """
    case, table = visit.params["case"], visit.params["table"]
    number, version = (whole(visit.form.text(name)) for name in ("rad", "version"))
    if number is None or version is None:
        raise bad_input("rad", "Formuläret säger inte vilken rad.", "The form names no row.")
    step = STEPS.get(visit.form.text("steg"), 0)
    wish = PlaceWish(
        case=case,
        table=table,
        email=visit.email,
        number=number,
        version=version,
        to=None if step else whole(visit.form.text("plats")),
        step=step,
        why=visit.form.text("skal").strip(),
        request_id=visit.form.text("request") or None,
        form="|".join(visit.form.text(name) for name in FIELDS),
    )
    try:
        done = place(visit.world, wish)
    except NoRight:
        raise
    except (BadInput, Refused, Stale) as error:
        return _again(visit, number, error)
    to = (done["position"] - 1) // ON_A_PAGE + 1
    asked = [f"{LINE}={line}"] if (line := whole(visit.form.text(LINE))) is not None else []
    asked += [f"sida={to}"] if to > 1 else []
    end = "?" + "&".join(asked) if asked else ""
    return go(f"/arenden/{case}/lista/{table}{end}", f"rad-{number}")


def put_line(visit: Visit) -> Response:
    """Save where the line lies, or try another place without saving.

    Raises: NotFound; NoRight.
    """
    case, table = visit.params["case"], visit.params["table"]
    back = f"/arenden/{case}/lista/{table}" + ("/pengar" if visit.form.text("till") else "")
    typed = visit.form.text(LINE).strip()
    takes_away = visit.form.text("gor") == "ta-bort"
    after = None if takes_away else whole(typed)
    if visit.form.text("gor") == "prova":
        return go(f"{back}?{LINE}={after if after is not None else ''}")
    if after is None and not takes_away:
        return _no_line(visit, typed)
    wish = LineWish(
        case=case,
        table=table,
        email=visit.email,
        after=after,
        request_id=visit.form.text("request") or None,
    )
    try:
        draw_line(visit.world, wish)
    except NoRight:
        raise
    except (BadInput, Refused, Stale) as error:
        return _no_line(visit, typed, error)
    return go(back, "linjen")


def _no_line(visit: Visit, typed: str, error: BadInput | Refused | Stale | None = None) -> Response:
    found = _read(visit)
    told = error.text(visit.language) if error else no_line(visit, typed, len(found.rows))
    status = 409 if isinstance(error, Refused | Stale) else 422
    look = Look(line=found.line, typed={LINE: typed}, errors={LINE: told}, status=status)
    return _show(visit, found, look)


# ---- steps -----------------------------------------------------------------------------


def _read(visit: Visit) -> ListPage:
    return read_list(visit.world, visit.email, visit.params["case"], visit.params["table"])


def _no_position(visit: Visit, count: int) -> str:
    typed = visit.form.text("plats")[:40]
    return visit.text(
        f"Skriv en plats, 1 till {count}. Du skrev ”{typed}”.",
        f'Write a position, 1 to {count}. You wrote "{typed}".',
    )


def _again(visit: Visit, number: int, error: BadInput | Refused | Stale) -> Response:
    """Show the list as it is now, with what was typed and what stood in its way."""
    found = _read(visit)
    row = found.row(number)
    codes = {reason.code for reason in error.reasons}
    told = error.text(visit.language)
    if "position" in codes:
        told = _no_position(visit, len(found.rows))
    errors = {f"{'skal' if 'order_turned' in codes else 'plats'}-{number}": told}
    typed = {
        f"plats-{number}": visit.form.text("plats"),
        f"skal-{number}": visit.form.text("skal"),
    }
    if row is None:
        kept = visit.form.text("skal").strip()
        errors = {"": f"{told} {visit.text(f'Du skrev: {kept}', f'You wrote: {kept}')}"}
    line = line_of(visit.form.text(LINE), len(found.rows))
    look = Look(
        line=found.line if line is None else line,
        tries=line is not None and line != found.line,
        sheet=(row.position - 1) // ON_A_PAGE + 1 if row else 1,
        typed=typed,
        errors=errors,
        status=422 if isinstance(error, BadInput) else 409,
    )
    return _show(visit, found, look)


def _show(visit: Visit, found: ListPage, look: Look) -> Response:
    balance = found.balance(look.line)
    bars = bars_of(visit, balance) if found.amount else ()
    rows = look.filters.among(found.rows)
    sheets = max(1, -(-len(rows) // ON_A_PAGE))
    sheet = min(max(look.sheet, 1), sheets)
    return answer(
        visit,
        "lists/list.html",
        look.status,
        page=found,
        look=look,
        count=len(rows),
        rows=rows[(sheet - 1) * ON_A_PAGE : sheet * ON_A_PAGE],
        above=found.weighed(look.line).all,
        whole=found.weighed(None).all,
        balance=balance,
        bars=bars if balance.freed or balance.costs else (),
        wide=draw(visit, bars),
        narrow=draw_narrow(bars),
        amount=found.column(found.amount),
        kinds=found.column(found.kinds),
        levelled=levelled(found),
        fillable=[column for column in levelled(found) if column.own] if found.writable else [],
        sheet=sheet,
        sheets=sheets,
        on_a_page=ON_A_PAGE,
        path=partial(path_of, found, look),
    )


# ---- to be taken home --------------------------------------------------------------------


def as_json(visit: Visit) -> Response:
    """Give the list as JSON.

    Raises: NotFound, BadInput.
    """
    found, listing = _listed(visit)
    stamp = stamp_of(found, visit.site.config.about.region)
    content = make_json(stamped(found, listing, visit.language), stamp=stamp)
    return _home(found, "json", "application/json", content)


def as_csv(visit: Visit) -> Response:
    """Give the list as CSV.

    Raises: NotFound, BadInput.
    """
    found, listing = _listed(visit)
    return _home(found, "csv", "text/csv; charset=utf-8", make_csv(listing))


def _listed(visit: Visit) -> tuple[ListPage, List]:
    found = _read(visit)
    return found, listing_of(found, look_of(visit, found).line, visit.language)


def _home(found: ListPage, end: str, kind: str, content: bytes) -> Response:
    return download(name_for_download(file_name(found, end)), kind, content)
