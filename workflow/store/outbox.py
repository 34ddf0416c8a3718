"""The outbox: mails put with the fact they tell of, claimed, frozen and sent.

A claim is a lease with a fencing number: whoever holds the newest number may say
what became of the message, everybody else is too late.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlmodel import col

from workflow.core.facts import MessageDraft, MessageKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Message, Person

__all__ = [
    "LEASE",
    "Claimed",
    "claim",
    "freeze",
    "list_messages",
    "mark",
    "put",
    "put_digest",
    "withdraw",
]

LEASE: Final = timedelta(seconds=60)
"""How long a claim holds without renewal."""

INSERT: Final = Statement(
    insert(Message),
    columns=(
        "message_id",
        "round_id",
        "person_id",
        "kind",
        "case_id",
        "task_id",
        "digest_on",
        "content",
        "state",
        "put_at",
        "next_try_at",
        "attempt",
        "error",
        "sent_at",
        "claimed_until",
        "fence",
        "body",
        "to_address",
        "first_try_at",
    ),
)
NUMBER: Final = Statement(
    select(col(Message.id)).where(col(Message.message_id) == bindparam("name"))
)
WITHDRAW: Final = Statement(
    update(Message)
    .where(
        one_of(col(Message.task_id), "tasks"),
        col(Message.state) == "queued",
        col(Message.claimed_until).is_(None),
    )
    .values(state="withdrawn")
)
DUE: Final = Statement(
    select(
        col(Message.id),
        col(Message.message_id),
        col(Message.round_id),
        col(Message.person_id),
        col(Message.kind),
        col(Message.case_id),
        col(Message.task_id),
        col(Message.digest_on),
        col(Message.content),
        col(Message.put_at),
        col(Message.attempt),
        col(Message.fence),
        col(Message.body),
    )
    .where(
        col(Message.state) == "queued",
        col(Message.next_try_at) <= bindparam("now"),
        or_(col(Message.claimed_until).is_(None), col(Message.claimed_until) <= bindparam("now")),
    )
    .order_by(col(Message.next_try_at), col(Message.id))
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)
CLAIM: Final = Statement(
    update(Message)
    .where(one_of(col(Message.id), "ids"))
    .values(claimed_until=bindparam("until"), fence=col(Message.fence) + 1)
)
FREEZE: Final = Statement(
    update(Message)
    .where(col(Message.id) == bindparam("key"), col(Message.fence) == bindparam("held"))
    .values(body=bindparam("frozen"))
)
MARK: Final = Statement(
    update(Message)
    .where(col(Message.id) == bindparam("key"), col(Message.fence) == bindparam("held"))
    .values(
        state=bindparam("new_state"),
        sent_at=bindparam("sent"),
        error=bindparam("problem"),
        attempt=col(Message.attempt) + 1,
        claimed_until=None,
    )
)
LIST: Final = Statement(
    select(
        col(Message.message_id),
        col(Person.email),
        col(Message.kind),
        col(Message.state),
        col(Message.attempt),
        col(Message.error),
        col(Message.put_at),
        col(Message.sent_at),
    )
    .join(Person, col(Person.id) == col(Message.person_id))
    .order_by(col(Message.id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this worker may send until its lease ends."""

    id: int
    message_id: str
    round: str | None
    person: int
    kind: str
    case: str | None
    task: str | None
    digest_on: date | None
    content: Mapping[str, Any]
    put_at: datetime
    attempt: int
    """How often it has been tried before."""
    fence: int
    body: bytes | None
    """The finished mail, once it has been frozen."""


def put(
    connection: Connection,
    round_id: str | None,
    drafts: Sequence[MessageDraft],
    at: datetime,
    domain: str,
) -> None:
    """Put mails, to be sent from now on."""
    rows = []
    for draft in drafts:
        name = f"{draft.ref}.{draft.kind.value}.{draft.person}.{at:%Y%m%d%H%M%S}@{domain}"
        if draft.kind is MessageKind.INCIDENT:
            name = _free(connection, name)
        rows.append(message_row(name, round_id, draft, at))
    INSERT.many(connection, rows)


def _free(connection: Connection, name: str) -> str:
    """Give a name that is not taken: an incident may close and open again on a clock that
    stands still."""
    free, number = name, 1
    while NUMBER.first(connection, name=free) is not None:
        number += 1
        free = f"{number}.{name}"
    return free


def message_row(
    message_id: str,
    round_id: str | None,
    draft: MessageDraft,
    at: datetime,
    digest_on: date | None = None,
) -> dict[str, object]:
    """Make the row of a new message."""
    return {
        "message_id": message_id,
        "round_id": round_id,
        "person_id": draft.person,
        "kind": draft.kind.value,
        "case_id": draft.case,
        "task_id": draft.task,
        "digest_on": digest_on,
        "content": json.dumps(draft.content, ensure_ascii=False, sort_keys=True),
        "state": "queued",
        "put_at": at,
        "next_try_at": at,
        "attempt": 0,
        "error": None,
        "sent_at": None,
        "claimed_until": None,
        "fence": 0,
        "body": None,
        "to_address": None,
        "first_try_at": None,
    }


def put_digest(
    connection: Connection, draft: MessageDraft, at: datetime, today: date, domain: str
) -> int:
    """Put a person's one reminder mail of a day; gives its number."""
    name = f"{draft.ref}.{draft.person}@{domain}"
    INSERT.many(connection, [message_row(name, None, draft, at, today)])
    row = NUMBER.first(connection, name=name)
    if row is None:
        raise LookupError(name)
    return int(row[0])


def withdraw(connection: Connection, tasks: Sequence[str]) -> None:
    """Withdraw the mails of closed tasks that nobody has claimed."""
    if tasks:
        WITHDRAW.run(connection, tasks=list(tasks))


def claim(connection: Connection, now: datetime, most: int) -> list[Claimed]:
    """Claim up to `most` messages that are due, oldest first."""
    rows = DUE.all(connection, now=now, most=most)
    if not rows:
        return []
    CLAIM.run(connection, ids=[row[0] for row in rows], until=now + LEASE)
    return [
        Claimed(
            id=row[0],
            message_id=row[1],
            round=row[2],
            person=row[3],
            kind=row[4],
            case=row[5],
            task=row[6],
            digest_on=row[7],
            content=json.loads(row[8]),
            put_at=row[9],
            attempt=row[10],
            fence=row[11] + 1,
            body=row[12],
        )
        for row in rows
    ]


def freeze(connection: Connection, claimed: Claimed, body: bytes) -> bool:
    """Keep the finished bytes, which every attempt sends; False when the claim is lost."""
    return FREEZE.run(connection, key=claimed.id, held=claimed.fence, frozen=body) == 1


def mark(
    connection: Connection,
    claimed: Claimed,
    state: str,
    *,
    sent_at: datetime | None = None,
    error: str | None = None,
) -> bool:
    """Say what became of a message: sent, withdrawn or failed; False when the claim is lost."""
    return (
        MARK.run(
            connection,
            key=claimed.id,
            held=claimed.fence,
            new_state=state,
            sent=sent_at,
            problem=error,
        )
        == 1
    )


def list_messages(connection: Connection) -> list[dict[str, Any]]:
    """Give every message, oldest first."""
    names = ("message_id", "to", "kind", "state", "attempt", "error", "put_at", "sent_at")
    return [dict(zip(names, row, strict=True)) for row in LIST.all(connection)]
