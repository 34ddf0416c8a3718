"""What stands in the outbox, to look at."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.outbox import FIRST, QUEUED
from workflow.store.statements import Statement
from workflow.store.tables import DeliveryAttempt, Message, Person

__all__ = [
    "STATES",
    "PutMail",
    "count_waiting",
    "find_message",
    "list_anew",
    "list_attempts",
    "list_messages",
    "page_of",
]

_LIST: Final = (
    select(
        col(Message.message_id),
        func.coalesce(col(Message.to_address), col(Person.email)),
        col(Message.kind),
        col(Message.state),
        col(Message.attempt),
        col(Message.error),
        col(Message.put_at),
        col(Message.sent_at),
        col(Message.next_try_at),
        col(Message.id),
        col(Message.round_id),
        col(Message.case_id),
        col(Message.content),
        col(Message.body).is_not(None),
    )
    .join(Person, col(Person.id) == col(Message.person_id), isouter=True)
    .order_by(col(Message.id))
)
LIST: Final = Statement(_LIST)
LIST_STATES: Final = Statement(_LIST.where(one_of(col(Message.state), "wanted")))
ONE: Final = Statement(_LIST.where(col(Message.message_id) == bindparam("name")))
PAGE: Final = Statement(
    select(
        col(Message.id),
        col(Message.message_id),
        func.coalesce(col(Person.name), ""),
        func.coalesce(col(Message.to_address), col(Person.email)),
        col(Message.kind),
        col(Message.state),
        col(Message.put_at),
        col(Message.sent_at),
        col(Message.next_try_at),
        col(Message.error),
        col(Message.attempt),
        col(Message.round_id),
        col(Message.case_id),
        col(Message.content),
        col(Message.body),
        col(Message.person_id),
    )
    .join(Person, col(Person.id) == col(Message.person_id), isouter=True)
    .where(one_of(col(Message.state), "wanted"), col(Message.id) < bindparam("before"))
    .order_by(col(Message.id).desc())
    .limit(bindparam("most"))
)
ATTEMPTS: Final = Statement(
    select(
        col(DeliveryAttempt.number),
        col(DeliveryAttempt.at),
        col(DeliveryAttempt.outcome),
        col(DeliveryAttempt.answer),
    )
    .where(col(DeliveryAttempt.message_id) == bindparam("key"))
    .order_by(col(DeliveryAttempt.number))
)
ANEW: Final = Statement(
    select(col(Message.message_id), col(Message.content))
    .where(
        func.substr(col(Message.message_id), 1, bindparam("length")) == bindparam("stem"),
    )
    .order_by(col(Message.id))
)
WAITING: Final = Statement(
    select(func.count(literal(1))).select_from(Message).where(col(Message.state) == QUEUED)
)


STATES: Final = ("queued", "sent", "withdrawn", "failed", "bounced")


@dataclass(frozen=True, slots=True, kw_only=True)
class PutMail:
    """A mail as it stands in the outbox."""

    id: int
    message_id: str
    to_name: str
    """Empty for an address that stands in the settings."""
    to: str
    kind: str
    state: str
    """One of STATES."""
    put_at: datetime
    sent_at: datetime | None
    next_try_at: datetime
    error: str | None
    attempts: int
    round: str | None
    case: str | None
    rounds: frozenset[str]
    """Ids of the rounds that it tells of."""
    body: bytes | None
    """The finished mail, once it has been written."""
    person: int | None


def page_of(connection: Connection, states: Sequence[str], before: int, most: int) -> list[PutMail]:
    """Give some mails in these states, newest first, from before a number on."""
    rows = PAGE.all(connection, wanted=list(states), before=before, most=most)
    return [_put_mail(row) for row in rows]


def _put_mail(row: tuple[Any, ...]) -> PutMail:
    told = json.loads(row[13]).get("reminders", ())
    rounds = {one["round"] for one in told} | ({row[11]} if row[11] else set())
    names = [name for name in PutMail.__dataclass_fields__ if name not in ("rounds",)]
    values = (*row[:13], row[14], row[15])
    return PutMail(**dict(zip(names, values, strict=True)), rounds=frozenset(rounds))


def count_waiting(connection: Connection) -> int:
    """Count the messages that have not left."""
    return int(WAITING.all(connection)[0][0])


def list_messages(connection: Connection, state: str | None = None) -> list[dict[str, Any]]:
    """Give every message, oldest first; or those in one state. What came back has failed."""
    wanted = ["failed", "bounced"] if state == "failed" else [state]
    rows = LIST.all(connection) if state is None else LIST_STATES.all(connection, wanted=wanted)
    return [_told(row) for row in rows]


def _told(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("message_id", "to", "kind", "state", "attempt", "error", "put_at", "sent_at")
    told = dict(zip(names, row, strict=False))
    return told | {"next_try_at": row[8] if told["state"] == "queued" else None}


def find_message(connection: Connection, message_id: str) -> dict[str, Any] | None:
    """Give what is known of one message; None when there is none."""
    rows = ONE.all(connection, name=message_id)
    if not rows:
        return None
    told = json.loads(rows[0][12])
    return _told(rows[0]) | {
        "id": rows[0][9],
        "round": rows[0][10],
        "case": rows[0][11],
        "first": told.get(FIRST),
        "frozen": rows[0][13],
        "content": told,
    }


def list_anew(connection: Connection, message_id: str) -> list[str]:
    """Give the names that a message was put anew under, first to last."""
    stem = f"{message_id.rpartition('@')[0]}."
    rows = ANEW.all(connection, stem=stem, length=len(stem))
    return [name for name, told in rows if json.loads(told).get(FIRST) == message_id]


def list_attempts(connection: Connection, key: int) -> list[dict[str, Any]]:
    """Give what came of each attempt to send a message, first to last."""
    names = ("number", "at", "outcome", "answer")
    return [dict(zip(names, row, strict=True)) for row in ATTEMPTS.all(connection, key=key)]
