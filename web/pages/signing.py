"""Signing in and out."""

from starlette.responses import Response

from web.answers import go, page, refresh_cookie
from web.visit import Visit
from workflow.service.signing_in import sessions
from workflow.service.signing_in.sessions import Arrival
from workflow.store import people

__all__ = ["be_somebody", "leave", "show"]


def show(visit: Visit) -> Response:
    """Show the way in."""
    return page(visit, "sign-in.html", people=_everybody(visit) if visit.site.is_demo else [])


def _everybody(visit: Visit) -> list[people.KnownPerson]:
    with visit.world.database.read() as connection:
        return people.everybody(connection)


def be_somebody(visit: Visit) -> Response:
    """Let whoever sits at this machine be somebody, in a demo.

    Raises: NotFound.
    """
    arrival = Arrival(
        mode="demo",
        browser=visit.browser,
        hours=visit.site.config.auth.hours,
        before=visit.secret or None,
    )
    secret = sessions.begin(visit.world, visit.form.text("email"), arrival, visit.site.app.clock)
    response = go("/")
    refresh_cookie(visit, response, secret)
    return response


def leave(visit: Visit) -> Response:
    """Sign out."""
    sessions.end(visit.world, visit.secret, visit.site.app.clock)
    response = go("/logga-in")
    refresh_cookie(visit, response, "")
    return response
