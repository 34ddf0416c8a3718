"""Signing in with the region's own sign-in: there, and back again.

The answer comes by GET, as OAuth 2.0 has it (RFC 6749, 4.1.2), and it is the one GET that
changes something: it takes the handshake that this very browser began with a button, once.
Whoever only has the address, from a mail or a log, lacks the cookie, and nothing happens.
"""

from hmac import compare_digest
from typing import Final

from starlette.responses import Response

from beredning.config import Mode
from web.answers import go, page, refresh_cookie
from web.pages.signing import arrival_of, show_refused
from web.signing_in.oidc import Answer, Provider, said_no
from web.visit import Visit
from workflow.core.errors import Refused, WorkflowError, refused
from workflow.service.seeing import nothing_there
from workflow.service.signing_in import handshakes
from workflow.service.signing_in.sessions import digest_of

__all__ = ["come_back", "go_there"]

MINUTES: Final = 10


def go_there(visit: Visit) -> Response:
    """Begin: remember, and send the browser on by a page.

    A page and no redirect: `form-action` of our Content-Security-Policy holds for every
    address that a form is redirected to, and those of a region's sign-in are many.

    Raises: NotFound where people do not sign in so.
    """
    provider = _provider(visit)
    try:
        begun = handshakes.begin_handshake(
            visit.world, visit.form.text("till"), visit.site.app.clock
        )
        address = provider.address(begun)
    except WorkflowError as error:
        return show_refused(visit, error)
    response = page(visit, "on-the-way.html", address=address)
    response.headers["refresh"] = f"0; url={address}"
    response.set_cookie(
        visit.site.handshake_cookie,
        begun.state,
        max_age=MINUTES * 60,
        path="/",
        httponly=True,
        secure=visit.site.tls,
        samesite="lax",
    )
    return response


def come_back(visit: Visit) -> Response:
    """Take the answer and sign in whom it is about.

    Raises: NotFound where people do not sign in so.
    """
    provider = _provider(visit)
    if visit.method != "GET":
        return go("/logga-in")
    try:
        back_to, secret = _sign_in(visit, provider)
    except WorkflowError as error:
        return show_refused(visit, error)
    response = go(back_to)
    refresh_cookie(visit, response, secret)
    response.delete_cookie(visit.site.handshake_cookie, path="/", secure=visit.site.tls)
    return response


def _sign_in(visit: Visit, provider: Provider) -> tuple[str, str]:
    """Give where to go on to, and the secret for the browser."""
    site, query = visit.site, visit.query
    state = query.get("state", "")
    kept = visit.cookies.get(site.handshake_cookie, "")
    if query.get("error") and not state:  # some say no and forget to whom
        raise said_no(query["error"])
    if not state or not compare_digest(digest_of(state), digest_of(kept)):
        raise _another_browser()
    handshake = handshakes.take_handshake(visit.world, state, site.app.clock)
    answer = Answer(
        code=query.get("code", ""), issuer=query.get("iss"), error=query.get("error", "")
    )
    claim = site.config.auth.claim
    claims = provider.claims(answer, handshake, site.app.now(), wanted=claim)
    arrival = arrival_of(visit, "oidc")
    return handshake.back_to, handshakes.sign_in_as(
        visit.world, claims, claim, arrival, site.app.clock
    )


def _provider(visit: Visit) -> Provider:
    provider = visit.site.provider
    if provider is None or visit.site.config.auth.mode is not Mode.OIDC:
        raise nothing_there()
    return provider


def _another_browser() -> Refused:
    return refused(
        "another_browser",
        "Inloggningen började i en annan webbläsare, eller för länge sedan. Börja om härifrån.",
        "The sign-in was begun in another browser, or too long ago. Begin again from here.",
    )
