"""The rows of sign-ins with another system that are under way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Handshake

__all__ = [
    "SWEPT_AT_ONCE",
    "HandshakeFact",
    "put_handshake",
    "sweep_handshakes",
    "take_handshake",
]

SWEPT_AT_ONCE: Final = 100
"""How many old handshakes are taken away in one transaction."""

INSERT: Final = Statement(
    insert(Handshake), columns=("digest", "verifier", "nonce", "back_to", "began_at")
)
FIND: Final = Statement(
    select(
        col(Handshake.verifier),
        col(Handshake.nonce),
        col(Handshake.back_to),
        col(Handshake.began_at),
    ).where(col(Handshake.digest) == bindparam("digest"))
)
DELETE: Final = Statement(delete(Handshake).where(col(Handshake.digest) == bindparam("digest")))
SWEEP: Final = Statement(
    delete(Handshake).where(
        col(Handshake.digest).in_(
            select(col(Handshake.digest))
            .where(col(Handshake.began_at) <= bindparam("before"))
            .order_by(col(Handshake.began_at))
            .limit(SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeFact:
    """A sign-in with another system that is under way."""

    verifier: str = field(repr=False)
    """For PKCE (RFC 7636)."""
    nonce: str = field(repr=False)
    back_to: str
    began_at: datetime


def put_handshake(connection: Connection, digest: str, handshake: HandshakeFact) -> None:
    """Write the row of a handshake that begins."""
    row = {
        "digest": digest,
        "verifier": handshake.verifier,
        "nonce": handshake.nonce,
        "back_to": handshake.back_to,
        "began_at": handshake.began_at,
    }
    INSERT.many(connection, [row])


def take_handshake(connection: Connection, digest: str) -> HandshakeFact | None:
    """Take a handshake away and give it; of several who try, one gets it."""
    row = FIND.first(connection, digest=digest)
    if row is None or DELETE.run(connection, digest=digest) != 1:
        return None
    return HandshakeFact(verifier=row[0], nonce=row[1], back_to=row[2], began_at=row[3])


def sweep_handshakes(connection: Connection, before: datetime) -> int:
    """Take away handshakes that came to nothing, the oldest first and not all at once."""
    return SWEEP.run(connection, before=before)
