"""The rows of those who are signed in, under the digests of what their browsers hold."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Account, Handshake, Person, Session

__all__ = [
    "SWEPT_AT_ONCE",
    "SessionFact",
    "clear_sessions",
    "end_session",
    "end_sessions",
    "find_session",
    "list_sessions",
    "put_session",
    "see_session",
    "sweep_sessions",
]

SWEPT_AT_ONCE: Final = 100
"""How many rows that have nothing more to say are taken away in one transaction."""

INSERT: Final = Statement(
    insert(Session),
    columns=(
        "digest",
        "person_id",
        "mode",
        "browser",
        "began_at",
        "seen_at",
        "ends_at",
        "ended_at",
    ),
)
SESSIONS: Final = (
    select(
        col(Session.digest),
        col(Session.mode),
        col(Session.browser),
        col(Session.began_at),
        col(Session.seen_at),
        col(Session.ends_at),
        col(Person.id),
        col(Person.email),
        col(Person.name),
        col(Person.language),
        col(Person.theme),
        func.coalesce(col(Account.temporary), literal(value=False)).label("temporary"),
        col(Account.totp_secret).is_not(None).label("second_factor"),
    )
    .join(Person, col(Person.id) == col(Session.person_id))
    .outerjoin(Account, col(Account.person_id) == col(Session.person_id))
    .where(col(Session.ended_at).is_(None))
)
FIND: Final = Statement(SESSIONS.where(col(Session.digest) == bindparam("digest")))
LIST: Final = Statement(
    SESSIONS.where(
        col(Session.person_id) == bindparam("person"), col(Session.ends_at) > bindparam("now")
    ).order_by(col(Session.began_at).desc(), col(Session.digest))
)
SEE: Final = Statement(
    update(Session)
    .where(
        col(Session.digest) == bindparam("which"),
        col(Session.ended_at).is_(None),
        col(Session.seen_at) < bindparam("now"),
    )
    .values(seen_at=bindparam("now"))
)
ONE: Final = (
    update(Session)
    .where(col(Session.digest) == bindparam("which"), col(Session.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)
END: Final = Statement(ONE)
END_OWN: Final = Statement(ONE.where(col(Session.person_id) == bindparam("whose")))
END_ALL: Final = Statement(
    update(Session)
    .where(
        col(Session.person_id) == bindparam("whose"),
        col(Session.digest) != bindparam("kept"),
        col(Session.ended_at).is_(None),
        col(Session.ends_at) > bindparam("now"),
    )
    .values(ended_at=bindparam("now"))
)
SWEEP: Final = Statement(
    delete(Session).where(
        col(Session.digest).in_(
            select(col(Session.digest))
            .where(col(Session.ends_at) <= bindparam("now"))
            .order_by(col(Session.ends_at))
            .limit(SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )
)
CLEAR: Final = (Statement(delete(Session)), Statement(delete(Handshake)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """A session that was not ended, with the person as they are now."""

    digest: str
    mode: str
    browser: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    person: int
    email: str
    name: str
    language: str
    theme: str | None
    temporary: bool
    """Their local password was given by the operator."""
    second_factor: bool
    """Their local account has one."""


def put_session(  # noqa: PLR0913 - a row has as many columns as it has
    connection: Connection,
    digest: str,
    person: int,
    *,
    mode: str,
    browser: str,
    now: datetime,
    ends_at: datetime,
) -> None:
    """Write the row of a session that begins."""
    row = {
        "digest": digest,
        "person_id": person,
        "mode": mode,
        "browser": browser,
        "began_at": now,
        "seen_at": now,
        "ends_at": ends_at,
        "ended_at": None,
    }
    INSERT.many(connection, [row])


def find_session(connection: Connection, digest: str) -> SessionFact | None:
    """Give the session with a digest; None when there is none, or it was ended."""
    row = FIND.first(connection, digest=digest)
    return _fact(row) if row else None


def list_sessions(connection: Connection, person: int, now: datetime) -> list[SessionFact]:
    """Give somebody's sessions that were not ended nor are past their end, newest first."""
    return [_fact(row) for row in LIST.all(connection, person=person, now=now)]


def see_session(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session was used."""
    SEE.run(connection, which=digest, now=now)


def end_session(
    connection: Connection, digest: str, now: datetime, *, person: int | None = None
) -> bool:
    """End a session, somebody's own when `person` is given; False when there is none to end."""
    if person is None:
        return END.run(connection, which=digest, now=now) == 1
    return END_OWN.run(connection, which=digest, whose=person, now=now) == 1


def end_sessions(
    connection: Connection, person: int, now: datetime, *, kept: str | None = None
) -> int:
    """End all of somebody's sessions but the one with the digest `kept`; give how many."""
    return END_ALL.run(connection, whose=person, kept=kept or "", now=now)


def sweep_sessions(connection: Connection, now: datetime) -> int:
    """Take away rows past their end, the oldest first and not all at once; give how many."""
    return SWEEP.run(connection, now=now)


def clear_sessions(connection: Connection) -> None:
    """Sign everybody out, and those too who are on their way in."""
    for statement in CLEAR:
        statement.run(connection)


def _fact(row: tuple[Any, ...]) -> SessionFact:
    names = [field.name for field in fields(SessionFact)]
    return SessionFact(**dict(zip(names, row, strict=True)))
