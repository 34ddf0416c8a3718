"""A round told from its rows: what happened when, and who was late."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Case, Entry, Incident, Message, Person, Reminder, Task

__all__ = ["events", "late_tasks"]

_Absent = aliased(Person)
ENTRIES: Final = Statement(
    select(
        col(Entry.at),
        col(Entry.kind),
        col(Entry.case_id),
        col(Case.unit),
        col(Person.email),
        col(Entry.transition),
        col(Entry.to_state),
        col(_Absent.email),
    )
    .join(Case, col(Case.id) == col(Entry.case_id), isouter=True)
    .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
    .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
    .where(col(Entry.chain) == bindparam("round_id"))
    .order_by(col(Entry.number))
)
TASKS: Final = Statement(
    select(
        col(Task.id),
        col(Task.case_id),
        col(Case.unit),
        col(Task.state),
        col(Task.role),
        col(Task.opens_at),
        col(Task.closed_at),
    )
    .join(Case, col(Case.id) == col(Task.case_id))
    .where(col(Task.round_id) == bindparam("round_id"))
    .order_by(col(Task.opens_at), col(Task.id))
)
REMINDERS: Final = Statement(
    select(
        col(Reminder.written_at),
        col(Reminder.task_id),
        col(Reminder.subject),
        col(Reminder.recipient),
        col(Reminder.rung),
        col(Person.email),
    )
    .join(Person, col(Person.id) == col(Reminder.person_id))
    .where(col(Reminder.round_id) == bindparam("round_id"))
    .order_by(col(Reminder.id))
)
MESSAGES: Final = Statement(
    select(
        col(Message.sent_at),
        col(Message.case_id),
        col(Message.kind),
        col(Person.email),
        col(Message.message_id),
    )
    .join(Person, col(Person.id) == col(Message.person_id))
    .where(
        col(Message.state) == "sent",
        or_(col(Message.round_id) == bindparam("round_id"), col(Message.round_id).is_(None)),
    )
    .order_by(col(Message.id))
)
INCIDENTS: Final = Statement(
    select(
        col(Incident.opened_at), col(Incident.case_id), col(Incident.kind), col(Incident.subject)
    )
    .where(col(Incident.round_id) == bindparam("round_id"))
    .order_by(col(Incident.id))
)
LATE: Final = Statement(
    select(
        col(Task.case_id),
        col(Case.kind),
        col(Case.unit),
        col(Task.state),
        col(Task.role),
        col(Task.due_at),
        col(Task.closed_at),
        col(Case.state),
        col(Task.extended_on),
    )
    .join(Case, col(Case.id) == col(Task.case_id))
    .where(
        col(Task.round_id) == bindparam("round_id"),
        col(Task.role).is_not(None),
        col(Task.due_at).is_not(None),
        or_(
            col(Task.closed_at) >= col(Task.due_at),
            (col(Task.closed_at).is_(None)) & (col(Task.due_at) <= bindparam("now")),
        ),
    )
    .order_by(col(Task.due_at), col(Task.id))
)

ORDER: Final = (
    "opened",
    "moved",
    "transition",
    "task_closed",
    "task_opened",
    "incident",
    "reminder",
    "escalation",
    "mail",
)
"""How events of one instant follow each other."""


def events(connection: Connection, round_id: str) -> list[dict[str, Any]]:
    """Tell a round: {at, event, round, case, unit, actor, detail}, in order of time."""
    told = [
        *_entries(connection, round_id),
        *_tasks(connection, round_id),
        *_reminders(connection, round_id),
        *_mails(connection, round_id),
    ]
    told.sort(key=lambda one: (one["at"], ORDER.index(one["event"])))
    return [
        {**one, "round": round_id, "at": one["at"].isoformat().replace("+00:00", "Z")}
        for one in told
    ]


def late_tasks(connection: Connection, round_id: str, now: datetime) -> list[dict[str, Any]]:
    """Give the tasks that were closed too late, or are late still, by deadline.

    {case, kind, unit, state, role, due_at, closed_at, case_state, extended_on}
    """
    names = (
        *("case", "kind", "unit", "state", "role", "due_at", "closed_at", "case_state"),
        "extended_on",
    )
    rows = LATE.all(connection, round_id=round_id, now=now)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _event(
    at: datetime, event: str, case: str | None, unit: str | None, actor: str | None, detail: object
) -> dict[str, Any]:
    return {
        "at": at,
        "event": event,
        "case": case,
        "unit": unit,
        "actor": actor,
        "detail": detail,
    }


def _entries(connection: Connection, round_id: str) -> Iterator[dict[str, Any]]:
    for at, kind, case, unit, email, transition, to_state, absent in ENTRIES.all(
        connection, round_id=round_id
    ):
        moment = datetime.fromisoformat(at)
        if kind in ("opened", "round_opened"):
            yield _event(moment, "opened", case, unit, email, {"to": to_state})
        elif kind == "milestone_moved":
            yield _event(moment, "moved", case, unit, email, {})
        else:
            told = {"kind": kind, "transition": transition, "to": to_state}
            if absent is not None:
                told["on_behalf_of"] = absent
            yield _event(moment, "transition", case, unit, email, told)


def _tasks(connection: Connection, round_id: str) -> Iterator[dict[str, Any]]:
    for key, case, unit, state, role, opens_at, closed_at in TASKS.all(
        connection, round_id=round_id
    ):
        told = {"task": key, "state": state, "role": role}
        yield _event(opens_at, "task_opened", case, unit, None, told)
        if closed_at:
            yield _event(closed_at, "task_closed", case, unit, None, told)


def _reminders(connection: Connection, round_id: str) -> Iterator[dict[str, Any]]:
    for at, task, subject, recipient, rung, email in REMINDERS.all(connection, round_id=round_id):
        event = "escalation" if recipient in ("superior", "leader") else "reminder"
        case = task.rpartition("#")[0] if task else None
        yield _event(at, event, case, None, email, {"subject": subject, "rung": rung})


def _mails(connection: Connection, round_id: str) -> Iterator[dict[str, Any]]:
    for at, case, kind, email, message_id in MESSAGES.all(connection, round_id=round_id):
        yield _event(at, "mail", case, None, email, {"kind": kind, "message_id": message_id})
    for at, case, kind, subject in INCIDENTS.all(connection, round_id=round_id):
        yield _event(at, "incident", case, None, None, {"kind": kind, "subject": subject})
