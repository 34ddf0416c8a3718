"""My own account: where I am signed in, how I want my pages, password and second factor."""

from collections.abc import Callable
from typing import Final

import segno
from markupsafe import Markup
from starlette.responses import Response

from beredning.config import Mode
from web.answers import go, page
from web.signing_in import steps
from web.signing_in.browsers import browser_in_words
from web.visit import Visit
from workflow.core.errors import BadInput, Refused, TooSoon, WorkflowError
from workflow.service.people.leaving import assignments_of, leave
from workflow.service.seeing import nothing_there
from workflow.service.signing_in import own_account, sessions
from workflow.service.signing_in.own_account import Choice
from workflow.service.signing_in.paths import START, own_path

__all__ = [
    "change_password",
    "confirm_code",
    "end_sessions",
    "leave_role",
    "prefer",
    "show",
    "show_code",
    "show_password",
]

OTHERS: Final = "others"
MOST_DIGITS: Final = 18
"""A longer number is no key of ours."""
PIXELS: Final = 4
"""Of a QR code's smallest square."""


def show(visit: Visit) -> Response:
    """Show what I can choose, and where I am signed in."""
    site = visit.site
    found = sessions.list_of(
        visit.world,
        visit.email,
        site.config.auth.idle_minutes,
        site.app.clock,
        secret=visit.secret,
    )
    return page(
        visit,
        "account.html",
        sessions=[(one, *browser_in_words(one.browser)) for one in found],
        local=site.config.auth.mode is Mode.LOCAL,
        done=visit.query.get("klart", ""),
        assignments=assignments_of(visit.world, visit.email),
    )


def leave_role(visit: Visit) -> Response:
    """Leave a role that I have from outside.

    Raises: NotFound for any other.
    """
    key = visit.form.text("uppdrag")
    if not (key.isdecimal() and len(key) < MOST_DIGITS):
        raise nothing_there()
    leave(visit.world, int(key), email=visit.email)
    return go("/konto?klart=uppdrag")


def prefer(visit: Visit) -> Response:
    """Keep language and colours.

    Raises: BadInput.
    """
    own_account.prefer(
        visit.world,
        visit.email,
        visit.form.text("language"),
        visit.form.text("theme") or None,
    )
    return go("/konto?klart=val")


def end_sessions(visit: Visit) -> Response:
    """End one of my sessions, or all but this."""
    which, clock = visit.form.text("which"), visit.site.app.clock
    if which == OTHERS:
        sessions.end_all(visit.world, visit.person.person, clock, except_secret=visit.secret)
    else:
        sessions.end_one(visit.world, visit.person.person, which, clock)
    return go("/konto?klart=inloggningar")


# ---- password --------------------------------------------------------------------------


def show_password(visit: Visit) -> Response:
    """Show where a password is chosen.

    Raises: NotFound where passwords are not kept here.
    """
    _demand_local(visit)
    return _password_page(visit, 200, {})


def _password_page(visit: Visit, status: int, errors: dict[str, str]) -> Response:
    return page(visit, "password.html", status, errors=errors, till=_till(visit))


def change_password(visit: Visit) -> Response:
    """Choose a password.

    Raises: NotFound where passwords are not kept here.
    """
    _demand_local(visit)
    form = visit.form
    if form.text("new") != form.text("again"):
        told = visit.text(
            "De två är inte lika. Skriv det nya lösenordet en gång till.",
            "The two are not the same. Write the new password once more.",
        )
        return _password_page(visit, 422, {"again": told})

    def change() -> None:
        choice = Choice(present=form.text("present"), new=form.text("new"))
        clock = visit.site.app.clock
        own_account.change_password(visit.world, visit.email, choice, clock, secret=visit.secret)

    refused = _try(visit, change, _password_page)
    return refused or _go_on(visit, "losenord")


# ---- the second factor -----------------------------------------------------------------


def show_code(visit: Visit) -> Response:
    """Show what an app needs to make codes.

    Raises: NotFound where passwords are not kept here.
    """
    _demand_local(visit)
    return _code_page(visit, 200, {})


def _code_page(visit: Visit, status: int, errors: dict[str, str]) -> Response:
    about = visit.site.config.about.region
    issuer = f"Beredning {about}".strip()
    try:
        made = own_account.prepare_code(visit.world, visit.email, issuer, secret=visit.secret)
    except Refused:  # it is set up: the page says so
        return page(visit, "second-factor.html", status, made=None, errors={}, till=START)
    picture = segno.make(made.uri, error="m").svg_inline(scale=PIXELS, dark="#000", light="#fff")
    return page(
        visit,
        "second-factor.html",
        status,
        made=made,
        picture=Markup(picture),  # noqa: S704 - drawn from squares, no text of anybody's in it
        errors=errors,
        till=_till(visit),
    )


def confirm_code(visit: Visit) -> Response:
    """Set up the second factor, confirmed by a code.

    Raises: NotFound where passwords are not kept here.
    """
    _demand_local(visit)

    def confirm() -> None:
        code, clock = visit.form.text("code"), visit.site.app.clock
        own_account.confirm_code(visit.world, visit.email, code, clock, secret=visit.secret)

    refused = _try(visit, confirm, _code_page)
    return refused or _go_on(visit, "kod")


# ---- what both share -------------------------------------------------------------------


def _try(
    visit: Visit,
    do: Callable[[], None],
    show_again: Callable[[Visit, int, dict[str, str]], Response],
) -> Response | None:
    """Do something, or show its form again with what was wrong at its field."""
    try:
        do()
    except BadInput as error:
        return show_again(visit, 422, {one.code: _told(visit, error) for one in error.reasons})
    except TooSoon as error:
        return show_again(visit, 429, {"": _told(visit, error)})
    return None


def _told(visit: Visit, error: WorkflowError) -> str:
    return visit.text(error.sv, error.en)


def _demand_local(visit: Visit) -> None:
    if visit.site.config.auth.mode is not Mode.LOCAL:
        raise nothing_there()


def _till(visit: Visit) -> str:
    return own_path(visit.form.text("till") or visit.query.get("till"))


def _go_on(visit: Visit, done: str) -> Response:
    """Go where one was on the way to, or back to the account."""
    till = _till(visit)
    if till != START or steps.step_needed(visit):
        return go(till)
    return go(f"/konto?klart={done}")
