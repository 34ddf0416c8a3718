"""Who is signed in.

The browser holds a secret of 256 random bits, the database its digest alone: whoever
reads the database can be nobody. Every sign-in makes a new secret and ends the session
that the browser came with, so that nobody can plant one beforehand (session fixation,
https://owasp.org/www-community/attacks/Session_fixation). What ends a session holds from
the next request on.

The clock here is the machine's or the server's own also in a rehearsal, where the
world's stands still.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from logging import getLogger
from typing import Final

from workflow.core.errors import Locked, StoreError
from workflow.service.world import World
from workflow.store import sessions
from workflow.store.database import Connection
from workflow.store.people import find_person
from workflow.store.sessions import SessionFact

__all__ = [
    "Arrival",
    "Clock",
    "OwnSession",
    "SignedIn",
    "begin",
    "begin_in",
    "digest_of",
    "end",
    "end_all",
    "end_one",
    "list_of",
    "whose",
]

logger = getLogger(__name__)

Clock = Callable[[Connection], datetime]
BROWSER: Final = 200
"""How many characters of what a browser calls itself are kept."""
SEEN_EVERY: Final = timedelta(minutes=1)
SECRET: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How somebody comes to sign in."""

    mode: str
    """oidc, local or demo."""
    browser: str
    """What their browser calls itself."""
    hours: int
    """After so long they sign in again, however much they do."""
    before: str | None = None
    """The secret that the browser came with, whoever's; that session is ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who is signed in, as they are now."""

    person: int
    email: str
    name: str
    language: str
    theme: str | None
    """light or dark, where they have chosen."""
    mode: str
    """How they signed in: oidc, local or demo."""
    began_at: datetime
    ends_at: datetime
    """At the latest, however much it is used."""
    temporary: bool = False
    """They signed in with a password that the operator gave, and must choose another."""
    second_factor: bool = False
    """They signed in here and have a second factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One of somebody's sessions, for their own list."""

    digest: str
    """What it is named by; nobody gets in with it."""
    mode: str
    browser: str
    began_at: datetime
    seen_at: datetime
    """By the minute."""
    is_this: bool
    """It is the one that asks."""


def begin(world: World, person: int | str, arrival: Arrival, clock: Clock) -> str:
    """Sign somebody in, by id or address, and give the secret for their browser.

    What they have shown for it is the caller's business; local accounts have `accounts`.

    Raises: NotFound when nobody has the address; Locked, StoreError.
    """
    with world.database.write() as connection:
        who = person if isinstance(person, int) else find_person(connection, person).id
        return begin_in(world, connection, who, arrival, clock(connection))


def begin_in(
    world: World, connection: Connection, person: int, arrival: Arrival, now: datetime
) -> str:
    """Do it inside a transaction that does more."""
    secret = world.salt() + world.salt()  # 128 bits each
    sessions.sweep_sessions(connection, now)
    if arrival.before is not None:
        sessions.end_session(connection, digest_of(arrival.before), now)
    sessions.put_session(
        connection,
        digest_of(secret),
        person,
        mode=arrival.mode,
        browser="".join(letter for letter in arrival.browser if letter.isprintable())[:BROWSER],
        now=now,
        ends_at=now + timedelta(hours=arrival.hours),
    )
    return secret


def whose(world: World, secret: str, idle_minutes: int, clock: Clock) -> SignedIn | None:
    """Say who holds a secret and note, by the minute, that they were here.

    None when nobody does, when it was ended, is past its end or was unused for too long.

    Raises: Locked, StoreError when nothing can be read.
    """
    if not SECRET.fullmatch(secret):
        return None
    digest = digest_of(secret)
    with world.database.read() as connection:
        found = sessions.find_session(connection, digest)
        now = clock(connection)
    if found is None or not _is_alive(found, idle_minutes, now):
        return None
    if now - found.seen_at >= SEEN_EVERY:
        _note(world, digest, now)
    return _signed_in(found)


def _note(world: World, digest: str, now: datetime) -> None:
    """Note that a session was used; while nothing can be written, reading goes on all the same."""
    try:
        with world.database.write() as connection:
            sessions.see_session(connection, digest, now)
    except (Locked, StoreError):
        logger.warning("a session's use was not noted", extra={"event": "session_not_noted"})


def end(world: World, secret: str, clock: Clock) -> None:
    """Sign out. A secret that nobody holds is let be.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        sessions.end_session(connection, digest_of(secret), clock(connection))


def end_one(world: World, person: int, digest: str, clock: Clock) -> bool:
    """End one of somebody's own sessions by its digest; False when there is none to end.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        return sessions.end_session(connection, digest, clock(connection), person=person)


def end_all(world: World, person: int, clock: Clock, *, except_secret: str | None = None) -> int:
    """End all of somebody's sessions, but perhaps the one that asks; give how many.

    Raises: Locked, StoreError.
    """
    kept = None if except_secret is None else digest_of(except_secret)
    with world.database.write() as connection:
        return sessions.end_sessions(connection, person, clock(connection), kept=kept)


def list_of(
    world: World, email: str, idle_minutes: int, clock: Clock, *, secret: str | None = None
) -> list[OwnSession]:
    """Give somebody's sessions that still hold, the newest first; `secret` is the one's
    that asks.

    Raises: NotFound when nobody has the address; Locked, StoreError.
    """
    this = None if secret is None else digest_of(secret)
    with world.database.read() as connection:
        now = clock(connection)
        found = sessions.list_sessions(connection, find_person(connection, email).id, now)
    return [
        OwnSession(
            digest=one.digest,
            mode=one.mode,
            browser=one.browser,
            began_at=one.began_at,
            seen_at=one.seen_at,
            is_this=one.digest == this,
        )
        for one in found
        if _is_alive(one, idle_minutes, now)
    ]


def digest_of(secret: str) -> str:
    """Give what the database knows a secret by."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _is_alive(session: SessionFact, idle_minutes: int, now: datetime) -> bool:
    return now < session.ends_at and now < session.seen_at + timedelta(minutes=idle_minutes)


def _signed_in(session: SessionFact) -> SignedIn:
    local = session.mode == "local"
    return SignedIn(
        person=session.person,
        email=session.email,
        name=session.name,
        language=session.language,
        theme=session.theme,
        mode=session.mode,
        began_at=session.began_at,
        ends_at=session.ends_at,
        temporary=local and session.temporary,
        second_factor=local and session.second_factor,
    )
