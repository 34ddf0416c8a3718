"""A round as it stands at a moment, and what sets two moments apart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, literal, or_, select
from sqlmodel import col

from workflow.core.facts import CaseFact, TaskFact
from workflow.store import incidents, rounds
from workflow.store.database import one_of
from workflow.store.moves import Unsent
from workflow.store.outbox import FIRST, QUEUED
from workflow.store.statements import Statement
from workflow.store.tables import Message, Reminder

__all__ = ["Differences", "Queued", "Snapshot", "differences", "take_snapshot"]

# What belongs to no round is looked at too: a reminder mail may tell of several.
MESSAGES: Final = Statement(
    select(
        col(Message.id),
        col(Message.message_id),
        col(Message.person_id),
        col(Message.kind),
        col(Message.case_id),
        col(Message.content),
    )
    .where(
        col(Message.state) == QUEUED,
        or_(col(Message.round_id) == bindparam("round_id"), col(Message.round_id).is_(None)),
    )
    .order_by(col(Message.id))
)
WITHDRAWN: Final = Statement(
    select(col(Message.id)).where(
        one_of(col(Message.id), "ids"), col(Message.state) == literal("withdrawn")
    )
)
REMINDERS: Final = Statement(
    select(col(Reminder.id), col(Reminder.subject), col(Reminder.person_id), col(Reminder.rung))
    .where(
        col(Reminder.message_id).is_(None),
        col(Reminder.dropped_at).is_(None),
        col(Reminder.round_id) == bindparam("round_id"),
    )
    .order_by(col(Reminder.id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A mail that has not left."""

    id: int
    message_id: str
    person: int | None
    kind: str
    case: str | None
    tasks: tuple[str, ...]
    """Cases of the tasks that it tells of, where it tells of several."""
    first: str | None
    """The Message-ID it had from the beginning, when it was put anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a verb about a round may change, by what names it."""

    milestones: Mapping[str, Mapping[str, Any]]
    cases: Mapping[str, CaseFact]
    tasks: Mapping[str, TaskFact]
    """The open ones."""
    mails: Mapping[int, Queued]
    """Those that have not left: the round's, and those that belong to none."""
    reminders: Mapping[int, Unsent]
    """Those that no mail has been put for."""
    incidents: Mapping[int, Mapping[str, Any]]
    """The open ones, of every round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What is another between two moments: pairs of then and now, None where there was or is
    nothing."""

    milestones: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
    cases: Sequence[tuple[CaseFact | None, CaseFact]]
    tasks: Sequence[tuple[TaskFact | None, TaskFact | None]]
    put: Sequence[Queued]
    withdrawn: Sequence[Queued]
    """Taken back, and nothing put in their place."""
    reminders: Sequence[Unsent]
    """Dropped before any mail was put for them."""
    opened: Sequence[Mapping[str, Any]]
    """Incidents."""
    closed: Sequence[Mapping[str, Any]]


def take_snapshot(connection: Connection, round_id: str) -> Snapshot:
    """Look at a round, which is locked: a handful of reads, however large it is."""
    tasks = rounds.list_open_tasks(connection, round_id=round_id)
    return Snapshot(
        milestones={one["key"]: one for one in rounds.list_milestones(connection, round_id)},
        cases={case.id: case for case in rounds.list_cases(connection, round_id)},
        tasks={task.id: task for _, task in tasks},
        mails={row[0]: _queued(row) for row in MESSAGES.all(connection, round_id=round_id)},
        reminders={
            row[0]: Unsent(id=row[0], subject=row[1], person=row[2], rung=row[3])
            for row in REMINDERS.all(connection, round_id=round_id)
        },
        incidents={one["id"]: one for one in incidents.list_incidents(connection)},
    )


def differences(connection: Connection, before: Snapshot, after: Snapshot) -> Differences:
    """Say what is another; the later moment is that of the open transaction."""
    ids = [key for key in before.mails if key not in after.mails]
    gone = {row[0] for row in WITHDRAWN.all(connection, ids=ids)} if ids else set()
    put = [mail for key, mail in after.mails.items() if key not in before.mails]
    anew = {mail.first for mail in put}
    return Differences(
        milestones=[
            (before.milestones[key], one)
            for key, one in after.milestones.items()
            if before.milestones[key] != one
        ],
        cases=[
            (before.cases.get(key), case)
            for key, case in after.cases.items()
            if before.cases.get(key) != case
        ],
        tasks=[
            (before.tasks.get(key), after.tasks.get(key))
            for key in {**before.tasks, **after.tasks}
            if before.tasks.get(key) != after.tasks.get(key)
        ],
        put=put,
        withdrawn=[
            mail
            for key, mail in before.mails.items()
            if key in gone and mail.message_id not in anew and (mail.first or "") not in anew
        ],
        reminders=[one for key, one in before.reminders.items() if key not in after.reminders],
        opened=[one for key, one in after.incidents.items() if key not in before.incidents],
        closed=[one for key, one in before.incidents.items() if key not in after.incidents],
    )


def _queued(row: tuple[Any, ...]) -> Queued:
    told = json.loads(row[5])
    named = [one["task"] for one in told.get("reminders", ()) if one.get("task")]
    if isinstance(told.get("tasks"), Mapping | Sequence):
        named += list(told["tasks"])
    return Queued(
        id=row[0],
        message_id=row[1],
        person=row[2],
        kind=row[3],
        case=row[4],
        tasks=tuple(dict.fromkeys(name.rpartition("#")[0] for name in named)),
        first=told.get(FIRST),
    )
