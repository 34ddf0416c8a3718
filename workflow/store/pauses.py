"""Rounds that rest: since when, and what the log tells of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, or_, select, update
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Message, Round

__all__ = ["LastPause", "last_pause", "mark", "unsent_nudges"]

MARK: Final = Statement(
    update(Round).where(col(Round.id) == bindparam("round")).values(paused_at=bindparam("since"))
)
LAST: Final = Statement(
    select(col(Entry.actor), col(Entry.on_behalf_of), col(EntryPayload.body))
    .join(
        EntryPayload,
        and_(
            col(EntryPayload.chain) == col(Entry.chain),
            col(EntryPayload.number) == col(Entry.number),
        ),
        isouter=True,
    )
    .where(col(Entry.chain) == bindparam("round"), col(Entry.kind) == EntryKind.PAUSED.value)
    .order_by(col(Entry.number).desc())
    .limit(1)
)
NUDGES: Final = Statement(
    select(col(Message.id)).where(
        col(Message.round_id) == bindparam("round"),
        or_(col(Message.kind) == "nudge", col(Message.kind) == "pause"),
        col(Message.state) == "queued",
        col(Message.claimed_until).is_(None),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPause:
    """Who let a round rest, and why."""

    actor: int | None
    on_behalf_of: int | None
    reason: str
    """Empty when it was disposed of."""


def mark(connection: Connection, round_id: str, since: datetime | None) -> None:
    """Say since when a round rests; None when it goes on."""
    MARK.run(connection, round=round_id, since=since)


def last_pause(connection: Connection, round_id: str) -> LastPause | None:
    """Give what the log tells of the last time a round was paused."""
    row = LAST.first(connection, round=round_id)
    if row is None:
        return None
    told = json.loads(row[2]) if row[2] else {}
    return LastPause(actor=row[0], on_behalf_of=row[1], reason=str(told.get("comment", "")))


def unsent_nudges(connection: Connection, round_id: str) -> Sequence[int]:
    """Give the mails that remind by hand, or that tell of an earlier pause, and that nobody
    has claimed."""
    return [row[0] for row in NUDGES.all(connection, round=round_id)]
