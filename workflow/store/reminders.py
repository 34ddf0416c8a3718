"""What the clock has to look at, and the reminders that come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    bindparam,
    insert,
    literal,
    select,
    union,
    update,
)
from sqlmodel import col

from workflow.core.facts import IncidentKind, TaskFact
from workflow.store.database import one_of
from workflow.store.facts import TASK_COLUMNS, task_fact
from workflow.store.outbox import QUEUED
from workflow.store.statements import Statement
from workflow.store.tables import (
    Incident,
    Message,
    Milestone,
    Person,
    Reminder,
    Round,
    Series,
    Task,
)

__all__ = [
    "Waiting",
    "attach",
    "drop",
    "drop_invitations",
    "drop_of_round",
    "due_milestones",
    "due_tasks",
    "has_digest",
    "lock_person",
    "people_waiting",
    "rounds_due",
    "take_back",
    "waiting_for",
    "wake_milestones",
    "wake_tasks",
    "write_reminders",
]

_resting: Final = select(col(Round.id)).where(col(Round.paused_at).is_not(None))
ROUNDS_DUE: Final = Statement(
    union(
        select(col(Task.round_id)).where(
            col(Task.next_reminder_at).is_not(None),
            col(Task.next_reminder_at) <= bindparam("now"),
            col(Task.round_id).not_in(_resting),
        ),
        select(col(Milestone.round_id)).where(
            col(Milestone.next_reminder_at).is_not(None),
            col(Milestone.next_reminder_at) <= bindparam("now"),
            col(Milestone.round_id).not_in(_resting),
        ),
        select(col(Series.round_id)).where(
            col(Series.next_at).is_not(None),
            col(Series.next_at) <= bindparam("now"),
            col(Series.round_id).not_in(_resting),
        ),
        # Until its guards are back, the clock looks each time whether they are.
        select(col(Incident.round_id)).where(
            col(Incident.kind) == literal(IncidentKind.GUARD.value),
            col(Incident.closed_at).is_(None),
            col(Incident.round_id).is_not(None),
            col(Incident.round_id).not_in(_resting),
        ),
    )
)
DUE_TASKS: Final = Statement(
    select(*TASK_COLUMNS)
    .where(
        col(Task.round_id) == bindparam("round_id"),
        col(Task.next_reminder_at).is_not(None),
        col(Task.next_reminder_at) <= bindparam("now"),
    )
    .order_by(col(Task.next_reminder_at), col(Task.id))
    .limit(bindparam("most"))
)
DUE_MILESTONES: Final = Statement(
    select(col(Milestone.key), col(Milestone.first_on))
    .where(
        col(Milestone.round_id) == bindparam("round_id"),
        col(Milestone.next_reminder_at).is_not(None),
        col(Milestone.next_reminder_at) <= bindparam("now"),
    )
    .order_by(col(Milestone.position))
)
WAKE_TASK: Final = Statement(
    update(Task)
    .where(col(Task.id) == bindparam("task_id"))
    .values(next_reminder_at=bindparam("wake"))
)
WAKE_MILESTONE: Final = Statement(
    update(Milestone)
    .where(col(Milestone.round_id) == bindparam("round"), col(Milestone.key) == bindparam("name"))
    .values(next_reminder_at=bindparam("wake"))
)
WRITTEN: Final = Statement(
    select(
        col(Reminder.subject), col(Reminder.due_at), col(Reminder.rung), col(Reminder.person_id)
    ).where(
        col(Reminder.round_id) == bindparam("round_id"), one_of(col(Reminder.subject), "subjects")
    )
)
INSERT: Final = Statement(
    insert(Reminder),
    columns=(
        "round_id",
        "subject",
        "task_id",
        "due_at",
        "rung",
        "recipient",
        "person_id",
        "written_at",
        "message_id",
        "dropped_at",
    ),
)
PEOPLE_WAITING: Final = Statement(
    select(col(Reminder.person_id))
    .distinct()
    .where(col(Reminder.message_id).is_(None), col(Reminder.dropped_at).is_(None))
    .order_by(col(Reminder.person_id))
)
LOCK_PERSON: Final = Statement(
    select(col(Person.id))
    .where(col(Person.id) == bindparam("person"))
    .with_for_update(key_share=True, skip_locked=True)
)
HAS_DIGEST: Final = Statement(
    select(col(Message.id)).where(
        col(Message.person_id) == bindparam("person"), col(Message.digest_on) == bindparam("today")
    )
)
WAITING: Final = Statement(
    select(
        col(Reminder.id),
        col(Reminder.round_id),
        col(Reminder.subject),
        col(Reminder.task_id),
        col(Reminder.recipient),
        col(Reminder.rung),
        col(Reminder.due_at),
        col(Reminder.written_at),
        col(Task.closed_at),
        col(Task.due_at),
    )
    .join(Task, col(Task.id) == col(Reminder.task_id), isouter=True)
    .where(
        col(Reminder.person_id) == bindparam("person"),
        col(Reminder.message_id).is_(None),
        col(Reminder.dropped_at).is_(None),
    )
    .order_by(col(Reminder.id))
)
DROP: Final = Statement(
    update(Reminder).where(one_of(col(Reminder.id), "ids")).values(dropped_at=bindparam("now"))
)
_INVITATIONS: Final = (
    update(Reminder)
    .where(
        col(Reminder.round_id) == bindparam("round"),
        col(Reminder.task_id).is_(None),
        col(Reminder.message_id).is_(None),
        col(Reminder.dropped_at).is_(None),
    )
    .values(dropped_at=bindparam("now"))
)
DROP_ALL_INVITATIONS: Final = Statement(_INVITATIONS)
DROP_INVITATIONS: Final = Statement(_INVITATIONS.where(one_of(col(Reminder.subject), "milestones")))
DROP_ROUND: Final = Statement(
    update(Reminder)
    .where(
        col(Reminder.round_id) == bindparam("round"),
        col(Reminder.message_id).is_(None),
        col(Reminder.dropped_at).is_(None),
    )
    .values(dropped_at=bindparam("now"))
)
UNREAD: Final = Statement(
    select(col(Message.id))
    .where(
        col(Message.person_id) == bindparam("person"),
        col(Message.digest_on) < bindparam("today"),
        col(Message.state) == QUEUED,
        col(Message.body).is_(None),
        col(Message.claimed_until).is_(None),
    )
    .with_for_update(key_share=True)
)
TAKE_BACK: Final = Statement(
    update(Message)
    .where(col(Message.id) == bindparam("key"))
    .values(state="withdrawn", digest_on=None)
)
DETACH: Final = Statement(
    update(Reminder).where(col(Reminder.message_id) == bindparam("key")).values(message_id=None)
)
ATTACH: Final = Statement(
    update(Reminder).where(one_of(col(Reminder.id), "ids")).values(message_id=bindparam("message"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reminder that has not gone out."""

    id: int
    round: str
    subject: str
    task: str | None
    recipient: str
    rung: str
    due_at: datetime
    written_at: datetime
    stale: bool
    """Its task has closed, or has another deadline by now."""


def rounds_due(connection: Connection, now: datetime) -> list[str]:
    """Give the rounds in which the clock has something to do: one read, however many wait."""
    return sorted(row[0] for row in ROUNDS_DUE.all(connection, now=now))


def due_tasks(connection: Connection, round_id: str, now: datetime, most: int) -> list[TaskFact]:
    """Give up to `most` tasks of a round whose time has come, earliest first."""
    rows = DUE_TASKS.all(connection, round_id=round_id, now=now, most=most)
    return [task_fact(row) for row in rows]


def due_milestones(connection: Connection, round_id: str, now: datetime) -> list[tuple[str, date]]:
    """Give the milestones of a round whose invited are to hear of it, with its first day."""
    rows = DUE_MILESTONES.all(connection, round_id=round_id, now=now)
    return [(row[0], row[1]) for row in rows if row[1] is not None]


def wake_tasks(connection: Connection, wakes: Mapping[str, datetime | None]) -> None:
    """Say when the clock has to look at tasks next."""
    WAKE_TASK.many(connection, [{"task_id": key, "wake": at} for key, at in wakes.items()])


def wake_milestones(
    connection: Connection, round_id: str, wakes: Mapping[str, datetime | None]
) -> None:
    """Say when the clock has to look at milestones next."""
    rows = [{"round": round_id, "name": key, "wake": at} for key, at in wakes.items()]
    WAKE_MILESTONE.many(connection, rows)


def write_reminders(
    connection: Connection, round_id: str, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Write reminders that are not written yet; gives how many were new.

    Rows hold subject, task_id, due_at, rung, recipient, person_id, written_at. The
    round is locked, so what is not found here cannot come from elsewhere meanwhile.
    """
    if not rows:
        return 0
    subjects = sorted({row["subject"] for row in rows})
    known = set(WRITTEN.all(connection, round_id=round_id, subjects=subjects))
    new = []
    for row in rows:
        key = row["subject"], row["due_at"], row["rung"], row["person_id"]
        if key not in known:
            known.add(key)
            new.append({"round_id": round_id, "message_id": None, "dropped_at": None, **row})
    INSERT.many(connection, new)
    return len(new)


def people_waiting(connection: Connection) -> list[int]:
    """Give the persons who have reminders that have not gone out."""
    return [row[0] for row in PEOPLE_WAITING.all(connection)]


def lock_person(connection: Connection, person: int) -> bool:
    """Lock a person; False when another worker has them."""
    return LOCK_PERSON.first(connection, person=person) is not None


def has_digest(connection: Connection, person: int, today: date) -> bool:
    """Say whether a person has had the day's reminder mail."""
    return HAS_DIGEST.first(connection, person=person, today=today) is not None


def take_back(connection: Connection, person: int, today: date) -> None:
    """Withdraw reminder mails of earlier days that have not left and that nobody has written;
    their reminders wait again. The person is locked."""
    for (key,) in UNREAD.all(connection, person=person, today=today):
        TAKE_BACK.run(connection, key=key)
        DETACH.run(connection, key=key)


def waiting_for(connection: Connection, person: int) -> list[Waiting]:
    """Give a person's reminders that have not gone out, oldest first."""
    return [
        Waiting(
            id=row[0],
            round=row[1],
            subject=row[2],
            task=row[3],
            recipient=row[4],
            rung=row[5],
            due_at=row[6],
            written_at=row[7],
            stale=row[3] is not None and (row[8] is not None or row[9] != row[6]),
        )
        for row in WAITING.all(connection, person=person)
    ]


def drop(connection: Connection, reminders: Sequence[int], now: datetime) -> None:
    """Drop reminders that have lost their point."""
    if reminders:
        DROP.run(connection, ids=list(reminders), now=now)


def drop_invitations(
    connection: Connection, round_id: str, now: datetime, milestones: Sequence[str] | None = None
) -> None:
    """Drop invitations that have not gone out: to some milestones of a round, or to all."""
    if milestones is None:
        DROP_ALL_INVITATIONS.run(connection, round=round_id, now=now)
    else:
        DROP_INVITATIONS.run(connection, round=round_id, now=now, milestones=list(milestones))


def drop_of_round(connection: Connection, round_id: str, now: datetime) -> None:
    """Drop every reminder and invitation of a round that has not gone out."""
    DROP_ROUND.run(connection, round=round_id, now=now)


def attach(connection: Connection, reminders: Sequence[int], message: int) -> None:
    """Say which mail reminders went out with."""
    ATTACH.run(connection, ids=list(reminders), message=message)
