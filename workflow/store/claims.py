"""Claims on messages: taken, frozen, renewed, settled, given back.

A claim is a lease with a fencing number. Whoever holds the newest number may say what
became of the message, as long as it is queued; everybody else is too late, and nothing
of what they say is written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.outbox import OUTDATED, QUEUED, put_anew, rewrite
from workflow.store.statements import Statement
from workflow.store.tables import DeliveryAttempt, Incident, Installation, Message, Reminder, Task

__all__ = [
    "LEASE",
    "Claimed",
    "claim",
    "freeze",
    "gate",
    "give_back",
    "is_any_due",
    "look",
    "put_aside",
    "renew_lease",
    "settle",
]

LEASE: Final = timedelta(seconds=60)
"""How long a claim holds without renewal."""

GATE: Final = Statement(
    select(
        col(Installation.mail_held_at),
        select(col(Incident.detail))
        .where(
            col(Incident.kind) == "relay",
            col(Incident.subject) == "relay",
            col(Incident.closed_at).is_(None),
        )
        .scalar_subquery(),
    )
)
_WHOLE: Final = select(
    col(Message.id),
    col(Message.message_id),
    col(Message.round_id),
    col(Message.person_id),
    col(Message.kind),
    col(Message.case_id),
    col(Message.task_id),
    col(Message.content),
    col(Message.put_at),
    col(Message.attempt),
    col(Message.fence),
    col(Message.body),
    col(Message.to_address),
    col(Message.first_try_at),
    select(col(Task.closed_at)).where(col(Task.id) == col(Message.task_id)).scalar_subquery(),
)
LOOK: Final = Statement(_WHOLE.where(col(Message.id) == bindparam("key")))
_IS_DUE: Final = (
    col(Message.state) == QUEUED,
    col(Message.next_try_at) <= bindparam("now"),
    or_(col(Message.claimed_until).is_(None), col(Message.claimed_until) <= bindparam("now")),
)
ANY: Final = Statement(select(col(Message.id)).where(*_IS_DUE).limit(1))
DUE: Final = Statement(
    _WHOLE.where(*_IS_DUE)
    .order_by(col(Message.next_try_at), col(Message.id))
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)
CLAIM: Final = Statement(
    update(Message)
    .where(one_of(col(Message.id), "ids"))
    .values(claimed_until=bindparam("until"), fence=col(Message.fence) + 1)
)
_HELD: Final = (
    col(Message.id) == bindparam("key"),
    col(Message.fence) == bindparam("held"),
    col(Message.state) == "queued",
)
FREEZE: Final = Statement(
    update(Message).where(*_HELD).values(body=bindparam("frozen"), to_address=bindparam("address"))
)
RENEW: Final = Statement(
    update(Message)
    .where(*_HELD, col(Message.claimed_until).is_not(None))
    .values(claimed_until=bindparam("until"))
)
SETTLE: Final = Statement(
    update(Message)
    # The count keeps an outcome from being written twice when its commit was unclear.
    .where(*_HELD, col(Message.attempt) == bindparam("before"))
    .values(
        state=bindparam("new_state"),
        sent_at=bindparam("sent"),
        error=bindparam("problem"),
        next_try_at=bindparam("try_at"),
        first_try_at=bindparam("first"),
        attempt=col(Message.attempt) + 1,
        claimed_until=None,
    )
)
ATTEMPT: Final = Statement(
    insert(DeliveryAttempt), columns=("message_id", "number", "at", "outcome", "answer")
)
FAIL: Final = Statement(
    update(Message)
    .where(*_HELD)
    .values(state="failed", error=bindparam("problem"), claimed_until=None)
)
WITHDRAW: Final = Statement(
    update(Message)
    .where(*_HELD)
    .values(state="withdrawn", digest_on=None, claimed_until=None)  # the day's digest may come
)
DROP_ATTACHED: Final = Statement(
    update(Reminder)
    .where(col(Reminder.message_id) == bindparam("key"), col(Reminder.dropped_at).is_(None))
    .values(dropped_at=bindparam("now"))
)
DEADLINES: Final = Statement(
    select(col(Task.id), col(Task.due_at)).where(
        one_of(col(Task.id), "tasks"), col(Task.closed_at).is_(None)
    )
)
GIVE_BACK: Final = Statement(update(Message).where(*_HELD).values(claimed_until=None))
GIVE_BACK_TRIED: Final = Statement(
    update(Message)
    .where(*_HELD)
    .values(claimed_until=None, error=bindparam("problem"), next_try_at=bindparam("try_at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this worker may send until its lease ends."""

    id: int
    message_id: str
    round: str | None
    person: int | None
    """Empty when it goes to an address that stands in the settings."""
    kind: str
    case: str | None
    task: str | None
    content: Mapping[str, Any]
    put_at: datetime
    attempt: int
    """How often it has been tried before."""
    fence: int
    body: bytes | None
    """The finished mail, once it has been frozen."""
    to_address: str | None
    """To whom the frozen bytes go; from the start when there is no person."""
    first_try_at: datetime | None
    task_closed: bool
    """The task that it is about has closed meanwhile."""


def gate(connection: Connection) -> tuple[datetime | None, Mapping[str, Any] | None]:
    """Say since when all mail is held in the database (None: it is not), and what is
    known of the relay while it cannot be used (None: it can)."""
    row = GATE.first(connection)
    if row is None:
        return None, None
    return row[0], json.loads(row[1]) if row[1] else None


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Say whether there is anything to claim."""
    return ANY.first(connection, now=now) is not None


def claim(connection: Connection, now: datetime, most: int) -> list[Claimed]:
    """Claim up to `most` messages that are due, oldest first.

    A frozen one that was found outdated while somebody else had it, or that reminds of
    what has been done since, is put anew instead and comes with the next claim.
    """
    found: list[Claimed] = []
    while not found:
        rows = DUE.all(connection, now=now, most=most)
        if not rows:
            return []
        CLAIM.run(connection, ids=[row[0] for row in rows], until=now + LEASE)
        contents = {row[0]: json.loads(row[7]) for row in rows}
        frozen = [row[0] for row in rows if row[11] is not None]
        outdated = {key for key in frozen if OUTDATED in contents[key]}
        outdated |= _trim(connection, {key: contents[key] for key in frozen})
        for row in rows:
            if row[0] in outdated:
                put_anew(connection, row[0], now, row[1].rpartition("@")[2])
            else:
                found.append(_claimed(row, contents[row[0]]))
    return found


def _trim(connection: Connection, digests: Mapping[int, dict[str, Any]]) -> set[int]:
    """Take what is no longer so out of what digests tell: reminders of tasks that have closed,
    or have other deadlines. Gives those that told such."""
    names = {one["task"] for told in digests.values() for one in told.get("reminders", ())}
    names -= {None}
    if not names:
        return set()
    due = {row[0]: row[1] for row in DEADLINES.all(connection, tasks=sorted(names))}
    changed = set()
    for key, told in digests.items():
        told_still = [one for one in told.get("reminders", ()) if _holds(one, due)]
        if len(told_still) < len(told.get("reminders", ())):
            changed.add(key)
            rewrite(connection, key, {**told, "reminders": told_still})
    return changed


def _holds(told: Mapping[str, Any], due: Mapping[str, datetime | None]) -> bool:
    if told["task"] is None:
        return True
    if told["task"] not in due:
        return False
    at = due[told["task"]]
    # An earlier version did not put the deadline.
    return "due_at" not in told or (at is not None and at == datetime.fromisoformat(told["due_at"]))


def look(connection: Connection, key: int) -> Claimed:
    """Give a message as a claim would, in whatever state, without claiming it.

    Raises: KeyError when it is not there.
    """
    rows = LOOK.all(connection, key=key)
    if not rows:
        raise KeyError(key)
    return _claimed(rows[0], json.loads(rows[0][7]))


def _claimed(row: tuple[Any, ...], content: Mapping[str, Any]) -> Claimed:
    return Claimed(
        id=row[0],
        message_id=row[1],
        round=row[2],
        person=row[3],
        kind=row[4],
        case=row[5],
        task=row[6],
        content=content,
        put_at=row[8],
        attempt=row[9],
        fence=row[10] + 1,
        body=row[11],
        to_address=row[12],
        first_try_at=row[13],
        task_closed=row[14] is not None,
    )


def freeze(connection: Connection, claimed: Claimed, to: str, body: bytes) -> bool:
    """Keep the finished bytes and to whom they go, which every attempt sends; False when
    the claim is lost."""
    return FREEZE.run(connection, key=claimed.id, held=claimed.fence, frozen=body, address=to) == 1


def renew_lease(connection: Connection, claims: Iterable[Claimed], now: datetime) -> list[Claimed]:
    """Let claims hold for another lease; gives those that were not lost."""
    until = now + LEASE
    return [
        one for one in claims if RENEW.run(connection, key=one.id, held=one.fence, until=until) == 1
    ]


def settle(  # noqa: PLR0913 - what came of one attempt
    connection: Connection,
    claimed: Claimed,
    at: datetime,
    *,
    outcome: str,
    answer: str,
    state: str,
    next_try_at: datetime,
) -> bool:
    """Write what came of an attempt, and the message's state after it: sent, queued or
    failed; False, and nothing is written, when the claim is lost."""
    held = SETTLE.run(
        connection,
        key=claimed.id,
        held=claimed.fence,
        before=claimed.attempt,
        new_state=state,
        sent=at if state == "sent" else None,
        problem=None if state == "sent" else answer,
        try_at=next_try_at,
        first=claimed.first_try_at or at,
    )
    if not held:
        return False
    row = {
        "message_id": claimed.id,
        "number": claimed.attempt + 1,
        "at": at,
        "outcome": outcome,
        "answer": answer,
    }
    ATTEMPT.many(connection, [row])
    return True


def put_aside(connection: Connection, claimed: Claimed, error: str | None, now: datetime) -> bool:
    """Take a message out of the queue that was not tried: failed with an error, withdrawn
    without; False when the claim is lost. A withdrawn digest leaves its day free, and its
    reminders, which have nothing left to tell, are dropped."""
    if error is None:
        held = WITHDRAW.run(connection, key=claimed.id, held=claimed.fence) == 1
        if held:
            DROP_ATTACHED.run(connection, key=claimed.id, now=now)
        return held
    return FAIL.run(connection, key=claimed.id, held=claimed.fence, problem=error) == 1


def give_back(
    connection: Connection,
    claims: Sequence[Claimed],
    *,
    error: str | None = None,
    next_try_at: datetime | None = None,
) -> None:
    """Let go of claims that did not come to an attempt; what was lost is left alone.

    With an error and an instant the messages say why, and stand behind the others.
    """
    rows: list[dict[str, object]] = [{"key": one.id, "held": one.fence} for one in claims]
    if next_try_at is None:
        GIVE_BACK.many(connection, rows)
    else:
        more = {"problem": error, "try_at": next_try_at}
        GIVE_BACK_TRIED.many(connection, [{**row, **more} for row in rows])
