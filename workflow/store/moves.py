"""What has not left yet and tells of a date: reminders, invitations and mails."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlmodel import col

from workflow.store import outbox
from workflow.store.database import one_of
from workflow.store.reminders import drop
from workflow.store.statements import Statement
from workflow.store.tables import Message, Reminder

__all__ = [
    "Unsent",
    "drop_reminders",
    "invited",
    "queued_about",
    "renew",
    "unsent_dates",
    "unsent_invitations",
    "unsent_reminders",
    "withdraw",
]

_UNSENT: Final = (col(Reminder.message_id).is_(None), col(Reminder.dropped_at).is_(None))
_REMINDER: Final = (
    col(Reminder.id),
    col(Reminder.subject),
    col(Reminder.person_id),
    col(Reminder.rung),
)
OF_TASKS: Final = Statement(
    select(*_REMINDER)
    .where(one_of(col(Reminder.task_id), "tasks"), *_UNSENT)
    .order_by(col(Reminder.id))
)
OF_MILESTONES: Final = Statement(
    select(*_REMINDER)
    .where(
        col(Reminder.round_id) == bindparam("round_id"),
        col(Reminder.task_id).is_(None),
        one_of(col(Reminder.subject), "milestones"),
        *_UNSENT,
    )
    .order_by(col(Reminder.id))
)
INVITED: Final = Statement(
    select(col(Reminder.subject), col(Reminder.person_id))
    .distinct()
    .where(
        col(Reminder.round_id) == bindparam("round_id"),
        col(Reminder.task_id).is_(None),
        one_of(col(Reminder.subject), "milestones"),
        col(Reminder.message_id).is_not(None),
    )
    .order_by(col(Reminder.subject), col(Reminder.person_id))
)
# What is queued is put in order in Python: asked to, SQLite walks through all ever sent.
_waits = (col(Message.state) == outbox.QUEUED, col(Message.claimed_until).is_(None))
QUEUED: Final = Statement(
    select(
        col(Message.id), col(Message.message_id), col(Message.person_id), col(Message.kind)
    ).where(*_waits, outbox.TELLS_OF)
)
DATES: Final = Statement(
    select(col(Message.id), col(Message.person_id), col(Message.content)).where(
        col(Message.round_id) == bindparam("round_id"), col(Message.kind) == "dates", *_waits
    )
)
TELLING_DATES: Final = Statement(
    select(col(Message.id), col(Message.content)).where(
        col(Message.round_id) == bindparam("round_id"),
        or_(col(Message.kind) == "dates", col(Message.kind) == "pause"),
        col(Message.state) == outbox.QUEUED,
    )
)
INVITING: Final = Statement(
    select(col(Message.id))
    .distinct()
    .join(Reminder, col(Reminder.message_id) == col(Message.id))
    .where(
        col(Reminder.round_id) == bindparam("round_id"),
        col(Reminder.task_id).is_(None),
        one_of(col(Reminder.subject), "milestones"),
        col(Message.state) == outbox.QUEUED,
    )
    .order_by(col(Message.id))
)
WITHDRAW: Final = Statement(
    update(Message).where(one_of(col(Message.id), "ids"), *_waits).values(state="withdrawn")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A reminder or an invitation that no mail has been put for."""

    id: int
    subject: str
    """The task's id, or the milestone's key."""
    person: int
    rung: str


def unsent_reminders(connection: Connection, tasks: Sequence[str]) -> list[Unsent]:
    """Give the reminders of some tasks that no mail has been put for, oldest first."""
    return _unsent(OF_TASKS.all(connection, tasks=list(tasks))) if tasks else []


def unsent_invitations(
    connection: Connection, round_id: str, milestones: Sequence[str]
) -> list[Unsent]:
    """Give the invitations to some milestones that no mail has been put for, oldest first."""
    return _unsent(OF_MILESTONES.all(connection, round_id=round_id, milestones=list(milestones)))


def drop_reminders(connection: Connection, tasks: Sequence[str], now: datetime) -> None:
    """Drop what has not been mailed of tasks that have got another deadline."""
    drop(connection, [one.id for one in unsent_reminders(connection, tasks)], now)


def invited(
    connection: Connection, round_id: str, milestones: Sequence[str]
) -> dict[int, list[str]]:
    """Give who has been mailed an invitation to some milestones: keys by person."""
    found: dict[int, list[str]] = {}
    for key, person in INVITED.all(connection, round_id=round_id, milestones=list(milestones)):
        found.setdefault(person, []).append(key)
    return found


def queued_about(connection: Connection, tasks: Sequence[str]) -> list[tuple[str, int, str]]:
    """Give the mails that nobody has claimed and that tell of some tasks, oldest first:
    Message-ID, person, kind."""
    if not tasks:
        return []
    rows = sorted(QUEUED.all(connection, tasks=list(tasks), of_tasks=list(tasks)))
    return [(row[1], row[2], row[3]) for row in rows]


def unsent_dates(connection: Connection, round_id: str) -> list[tuple[int, int, dict[str, Any]]]:
    """Give the mails about moved dates that nobody has claimed, oldest first: number,
    person, content."""
    rows = sorted(DATES.all(connection, round_id=round_id))
    return [(row[0], row[1], json.loads(row[2])) for row in rows]


def renew(
    connection: Connection,
    round_id: str,
    tasks: Sequence[str],
    at: datetime,
    domain: str,
    *,
    milestones: Sequence[str] = (),
) -> None:
    """See that no mail that is claimed from now on tells an old day of some tasks or
    milestones: reminders, invitations, and mails about earlier moves; see `outbox.renew`."""
    changed = {*tasks, *milestones}
    also = [
        row[0]
        for row in TELLING_DATES.all(connection, round_id=round_id)
        if changed & {*(told := json.loads(row[1]))["tasks"], *told["milestones"]}
    ]
    if milestones:
        rows = INVITING.all(connection, round_id=round_id, milestones=list(milestones))
        also += [row[0] for row in rows]
    outbox.renew(connection, tasks, at, domain, also=also)


def withdraw(connection: Connection, messages: Sequence[int]) -> None:
    """Withdraw mails by number, those that nobody has claimed meanwhile."""
    if messages:
        WITHDRAW.run(connection, ids=list(messages))


def _unsent(rows: Sequence[tuple[Any, ...]]) -> list[Unsent]:
    return [Unsent(id=row[0], subject=row[1], person=row[2], rung=row[3]) for row in rows]
