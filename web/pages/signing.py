"""Signing in and out."""

from datetime import datetime
from logging import getLogger
from math import ceil
from typing import Final

from starlette.responses import Response

from beredning.config import Mode
from web.answers import go, page, refresh_cookie
from web.signing_in.oidc import NoAnswer
from web.visit import Visit
from workflow.core.errors import Locked, StoreError, TooSoon, WorkflowError
from workflow.service.seeing import nothing_there
from workflow.service.signing_in import local, sessions
from workflow.service.signing_in.local import Attempt
from workflow.service.signing_in.paths import own_path
from workflow.service.signing_in.sessions import Arrival

__all__ = ["arrival_of", "leave", "show", "show_refused", "sign_in"]

logger = getLogger(__name__)

RETRY_S: Final = 5
"""After how many seconds it is worth asking again what does not answer."""


def show(visit: Visit) -> Response:
    """Show the way in; who is in already goes on."""
    if visit.who is not None and not visit.site.is_demo:
        return go(own_path(visit.query.get("till")))
    return _way_in(visit, 200, {})


def _way_in(visit: Visit, status: int, errors: dict[str, str]) -> Response:
    return page(
        visit,
        "demo/who.html" if visit.site.is_demo else "sign-in.html",
        status,
        till=own_path(visit.form.text("till") or visit.query.get("till")),
        errors=errors,
    )


def sign_in(visit: Visit) -> Response:
    """Sign in with a password.

    Raises: NotFound where passwords are not kept here.
    """
    if visit.site.config.auth.mode is not Mode.LOCAL:
        raise nothing_there()
    form = visit.form
    attempt = Attempt(
        email=form.text("email"), password=form.text("password"), code=form.text("code")
    )
    try:
        secret = local.sign_in(
            visit.world, attempt, arrival_of(visit, "local"), visit.site.app.clock
        )
    except WorkflowError as error:
        return show_refused(visit, error)
    response = go(own_path(form.text("till")))
    refresh_cookie(visit, response, secret)
    return response


def arrival_of(visit: Visit, mode: str) -> Arrival:
    """Say how somebody comes."""
    return Arrival(
        mode=mode,
        browser=visit.browser,
        hours=visit.site.config.auth.hours,
        before=visit.secret or None,
    )


def show_refused(visit: Visit, error: WorkflowError) -> Response:
    """Show the way in with what was turned down; what was typed is kept but for secrets."""
    _note(error)
    match error:
        case TooSoon():
            status, seconds = 429, _seconds_left(visit, error)
        case NoAnswer() | Locked() | StoreError():
            status, seconds = 503, RETRY_S
        case _:
            status, seconds = 403, 0
    response = _way_in(visit, status, {"": visit.text(error.sv, error.en)})
    if seconds:
        response.headers["retry-after"] = str(seconds)
    return response


def _note(error: WorkflowError) -> None:
    """Tell the program's log why, and not who."""
    reason = (error.current or {}).get("reason") or next(
        (one.code for one in error.reasons), error.code
    )
    logger.warning("sign-in refused", extra={"event": "sign_in_refused", "reason": reason})


def _seconds_left(visit: Visit, error: TooSoon) -> int:
    again = (error.current or {}).get("retry_at")
    left = (again - visit.site.app.now()).total_seconds() if isinstance(again, datetime) else 0
    return max(ceil(left), 1)


def leave(visit: Visit) -> Response:
    """Sign out."""
    sessions.end(visit.world, visit.secret, visit.site.app.clock)
    response = go("/logga-in")
    refresh_cookie(visit, response, "")
    return response
