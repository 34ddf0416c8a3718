"""Signing in with another system: what is kept between leaving for it and coming back.

OpenID Connect's code flow with PKCE. The protocol itself is in the pages' room, where
the network is; here is what must be remembered, once, and whom its answer is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from workflow.core.errors import NotFound, Refused, refused
from workflow.service.signing_in.paths import own_path
from workflow.service.signing_in.sessions import Arrival, Clock, begin_in, digest_of
from workflow.service.world import World
from workflow.store import handshakes
from workflow.store.database import Connection
from workflow.store.handshakes import HandshakeFact
from workflow.store.people import KnownPerson, find_person, find_person_by_key

__all__ = ["Handshake", "begin_handshake", "sign_in_as", "take_handshake"]

OPEN_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What one goes to the other system with, and comes back to."""

    state: str = field(repr=False)
    """Goes there and back, and stands in a cookie meanwhile, so that nobody comes back
    with what somebody else began."""
    verifier: str = field(repr=False)
    """For PKCE (RFC 7636)."""
    nonce: str = field(repr=False)
    """Has to stand in the answer's ID token."""
    back_to: str
    """A path of ours to go on to."""


def begin_handshake(world: World, back_to: str | None, clock: Clock) -> Handshake:
    """Begin; `back_to` that is no path of ours becomes the first page.

    Raises: Locked, StoreError.
    """
    state, verifier, nonce = (world.salt() + world.salt() for _ in range(3))
    path = own_path(back_to)
    with world.database.write() as connection:
        now = clock(connection)
        handshakes.sweep_handshakes(connection, now - OPEN_FOR)
        kept = HandshakeFact(verifier=verifier, nonce=nonce, back_to=path, began_at=now)
        handshakes.put_handshake(connection, digest_of(state), kept)
    return Handshake(state=state, verifier=verifier, nonce=nonce, back_to=path)


def take_handshake(world: World, state: str, clock: Clock) -> Handshake:
    """Take what was begun with a state; nobody gets it twice.

    Raises: Refused when there is none, it was taken, or is older than ten minutes; Locked,
        StoreError.
    """
    with world.database.write() as connection:
        found = handshakes.take_handshake(connection, digest_of(state))
        now = clock(connection)
    if found is None or now >= found.began_at + OPEN_FOR:
        raise over()
    return Handshake(state=state, verifier=found.verifier, nonce=found.nonce, back_to=found.back_to)


def over() -> Refused:
    """Make the refusal of an answer that nobody waits for."""
    return refused(
        "over",
        "Inloggningen tog för lång tid eller är redan använd. Börja om från inloggningssidan.",
        "The sign-in took too long or has been used already. Begin again from the sign-in page.",
    )


def sign_in_as(
    world: World, claims: Mapping[str, object], claim: str, arrival: Arrival, clock: Clock
) -> str:
    """Sign in the person that a validated ID token is about; give the secret for their
    browser.

    `claim` says what names them: `email` is compared with people's addresses and must not
    be unverified, anything else with their keys.

    Raises: Refused when the claim is missing or the address unverified; NotFound when
        nobody here is named so; Locked, StoreError.
    """
    named = _named(claims, claim)
    with world.database.write() as connection:
        person = _find(connection, named, claim)
        return begin_in(world, connection, person.id, arrival, clock(connection))


def _named(claims: Mapping[str, object], claim: str) -> str:
    value = claims.get(claim)
    if not isinstance(value, str) or not value.strip():
        raise refused(
            "no_claim",
            f"Regionens inloggning säger inte vem du är: uppgiften {claim} saknas. Visa det här"
            " för den som sköter systemet.",
            f"The region's sign-in does not say who you are: the claim {claim} is missing. Show"
            " this to whoever runs the system.",
        )
    # OpenID Connect Core 1.0, 5.1: a boolean. Whoever writes it otherwise has not said yes.
    if claim == "email" and claims.get("email_verified", True) is not True:
        raise refused(
            "unverified",
            f"Regionens inloggning har inte bekräftat adressen {value}. Bekräfta den där och"
            " logga in igen.",
            f"The region's sign-in has not verified the address {value}. Verify it there and"
            " sign in again.",
        )
    return value.strip()


def _find(connection: Connection, named: str, claim: str) -> KnownPerson:
    try:
        if claim != "email":
            return find_person_by_key(connection, named)
        # Outside ASCII, letters that are no `k` become one in lower case.
        return find_person(connection, named if named.isascii() else "")
    except NotFound as error:
        raise NotFound(
            f"Du är inloggad i regionen som {named}, men finns inte i Beredning. Be den som leder"
            " omgången att lägga till dig.",
            f"You are signed in to the region as {named}, but are not known in Beredning. Ask"
            " whoever leads the round to add you.",
        ) from error
