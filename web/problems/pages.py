"""Pages for what did not go: what happened, what is saved or not, what to do, whom to call."""

from dataclasses import replace
from datetime import datetime
from logging import getLogger
from math import ceil
from typing import Final
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from web.answers import go, page
from web.problems.keeping import Kept, keep
from web.problems.traces import trace_of
from web.problems.words import Problem, of_status
from web.visit import Visit
from workflow.core.errors import (
    BadInput,
    Locked,
    NoRight,
    NotFound,
    Refused,
    Stale,
    StoreError,
    TooSoon,
    WorkflowError,
)

__all__ = [
    "bare",
    "broken",
    "foreign",
    "new_number",
    "plain",
    "refused",
    "send_again",
    "sign_in_first",
    "step_first",
]

logger = getLogger(__name__)

KIND_OF: Final[dict[type[WorkflowError], Problem]] = {
    NotFound: Problem.NOT_THERE,
    NoRight: Problem.NOT_YOURS,
    Stale: Problem.SOMEBODY_FIRST,
    BadInput: Problem.LACKING,
    TooSoon: Problem.TOO_OFTEN,
    Refused: Problem.NOT_NOW,
    Locked: Problem.BUSY,
    StoreError: Problem.NO_STORE,
}
"""The first that an error is."""
OWN_WORDS: Final = frozenset(
    {Problem.NOT_YOURS, Problem.SOMEBODY_FIRST, Problem.LACKING, Problem.TOO_OFTEN, Problem.NOT_NOW}
)
"""Where the error's own sentence is told. What is not there says the same of everything,
and what is wrong with a database is for the log."""
CHANGED: Final = frozenset({Problem.SOMEBODY_FIRST})
"""Where sending the same once more would be about something that one has not seen."""
RETRY_S: Final = 5
"""After how many seconds a busy database is worth asking again."""
LETTERS: Final = "ACDEFHJKLMNPRTUVWXY3479"
"""None that is taken for another over the telephone."""


# ---- what a verb or the store turned down ----------------------------------------------


def refused(visit: Visit, error: WorkflowError, route: str = "") -> Response:
    """Say what a verb turned down, in the person's language.

    `route` is the address as it stands in the table, for the log.
    """
    kind = next((kind for one, kind in KIND_OF.items() if isinstance(error, one)), None)
    if kind is None:
        return broken(visit, error, route)
    told = visit.text(error.sv, error.en) if kind in OWN_WORDS else ""
    reasons = [visit.text(one.sv, one.en) for one in error.reasons] if told else []
    answer = _answer(visit, kind, told, reasons)
    if kind in (Problem.BUSY, Problem.NO_STORE):
        _note("store_failed", visit, error, route)
        answer.headers["retry-after"] = str(RETRY_S)
    elif kind is Problem.TOO_OFTEN:
        answer.headers["retry-after"] = str(_seconds_left(visit, error))
    return answer


def _seconds_left(visit: Visit, error: WorkflowError) -> int:
    again = (error.current or {}).get("retry_at")
    if not isinstance(again, datetime):
        return RETRY_S
    return max(ceil((again - visit.site.app.now()).total_seconds()), 1)


def plain(visit: Visit, status: int) -> Response:
    """Say what never came as far as a page."""
    kind = of_status(status)
    told = ""
    if kind is Problem.TOO_LARGE:
        mb = visit.site.config.web.file_mb
        told = visit.text(
            f"En fil är högst {mb} MB, och det som skrivs i ett formulär högst 2 MB.",
            f"A file is {mb} MB at most, and what is written in a form 2 MB at most.",
        )
    return _page(visit, kind, told)


# ---- what nobody foresaw ---------------------------------------------------------------


def broken(visit: Visit, error: BaseException, route: str = "") -> Response:
    """Give a number to what nobody foresaw, and nothing else; the log has the rest."""
    number = new_number(visit.world.salt())
    _note("page_failed", visit, error, route, incident=number)
    return _page(visit, Problem.BROKEN, number=number)


def _note(event: str, visit: Visit, error: BaseException, route: str, **more: str) -> None:
    told = {"event": event, "method": visit.method, "route": route, "where": trace_of(error)}
    logger.error("an answer failed", extra={**told, **more})


def new_number(chance: str) -> str:
    """Make a number that is read out over the telephone without mistakes, of some chance in
    hexadecimal digits."""
    left, drawn = int(chance, 16), ""
    for _ in range(9):
        left, place = divmod(left, len(LETTERS))
        drawn += LETTERS[place]
    return f"{drawn[:3]}-{drawn[3:6]}-{drawn[6:]}"


def bare(chance: str, error: BaseException) -> Response:
    """Do the same where not even a page can be made."""
    number = new_number(chance)
    told = {"event": "page_failed", "incident": number, "where": trace_of(error)}
    logger.error("an answer failed", extra=told)
    sv, en = Problem.BROKEN.said("sv"), Problem.BROKEN.said("en")
    return HTMLResponse(
        f'<!doctype html><html lang="sv"><meta charset="utf-8"><title>{sv.heading}</title>'
        f"<h1>{sv.heading}</h1><p>{sv.to_do} Ringer du, uppge nummer <b>{number}</b>.</p>"
        f'<p lang="en">{en.heading}. {en.to_do} If you call, quote <b>{number}</b>.</p></html>',
        500,
    )


# ---- forms that come from elsewhere or too late ----------------------------------------


def foreign(visit: Visit) -> Response:
    """Refuse a form that another page sent; nothing of it is shown."""
    return _page(visit, Problem.FOREIGN)


def send_again(visit: Visit) -> Response:
    """Give back a form of an earlier session, to be sent once more."""
    name = visit.person.name
    told = visit.text(
        f"Du har loggat in på nytt, som {name}, sedan du öppnade sidan.",
        f"You have signed in anew, as {name}, since you opened the page.",
    )
    return _kept(visit, Problem.SIGNED_IN_ANEW, keep(visit.form), told)


def step_first(visit: Visit, step: str) -> Response:
    """Show the way to what has to be done first; what was typed in a form is given back."""
    if visit.method != "POST":
        return go(_and_back(visit, step))
    return _kept(visit, Problem.ONE_STEP, keep(visit.form))


def sign_in_first(visit: Visit) -> Response:
    """Show the way to the sign-in; what was typed in a form is given back."""
    if visit.method != "POST":
        return go(_and_back(visit, "/logga-in"))
    return _kept(visit, Problem.SIGNED_OUT, keep(visit.form))


def _and_back(visit: Visit, path: str) -> str:
    """Give an address that leads back here afterwards."""
    query = f"?{visit.query}" if visit.query else ""
    if visit.path == "/" and not query:
        return path
    return f"{path}?till={quote(visit.path + query, safe='/')}"


# ---- the page --------------------------------------------------------------------------


def _answer(visit: Visit, kind: Problem, told: str, reasons: list[str]) -> Response:
    """Answer a form with what was written in it, and anything else with the bare page."""
    kept = keep(visit.form)
    if visit.method == "POST" and (not kept.is_empty or kind.status == 503):
        return _kept(visit, kind, kept, told, reasons)
    return _page(visit, kind, told, reasons)


def _page(
    visit: Visit, kind: Problem, told: str = "", reasons: list[str] | None = None, number: str = ""
) -> Response:
    return page(
        _simply(visit, kind),
        "problem.html",
        kind.status,
        kind=kind.name,
        status_code=kind.status,
        said=kind.said(visit.language),
        told=told,
        reasons=_more(told, reasons),
        number=number,
        back=_back(visit, kind),
        again=visit.method != "POST" and kind.status >= 500,
        here=None,
    )


def _kept(
    visit: Visit, kind: Problem, kept: Kept, told: str = "", reasons: list[str] | None = None
) -> Response:
    return page(
        _simply(visit, kind),
        "kept.html",
        kind.status,
        status_code=kind.status,
        said=kind.said(visit.language),
        told=told,
        reasons=_more(told, reasons),
        kept=kept,
        back=_back(visit, kind),
        again=kind not in CHANGED,
        action=visit.path + (f"?{visit.query}" if visit.query else ""),
        here=None,
    )


def _simply(visit: Visit, kind: Problem) -> Visit:
    """Leave out the strip of a demo, which asks the database, where that may be what is wrong."""
    return replace(visit, near=False) if kind.status >= 500 else visit


def _more(told: str, reasons: list[str] | None) -> list[str]:
    """Give the reasons that the sentence does not say already."""
    return [one for one in reasons or () if one not in told]


def _back(visit: Visit, kind: Problem) -> str:
    """Give the page that a form was about, for who has come past the door to it."""
    if visit.method != "POST" or kind not in OWN_WORDS:
        return ""
    for name, place in (("case", "arenden"), ("round", "omgangar")):
        if name in visit.params:
            return f"/{place}/{quote(visit.params[name], safe='')}"
    return ""
