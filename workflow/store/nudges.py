"""Reminding by hand: who has been reminded of what, and the mail that does it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlmodel import col

from workflow.core.facts import MessageDraft
from workflow.store import outbox, reminders
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Message, Reminder

__all__ = ["last_reminded", "put_nudge"]

# What was taken back, or came back, has reminded nobody.
LAST: Final = Statement(
    select(
        col(Reminder.task_id),
        col(Reminder.person_id),
        func.max(func.coalesce(col(Message.sent_at), col(Message.put_at))),
    )
    .join(Message, col(Message.id) == col(Reminder.message_id))
    .where(
        one_of(col(Reminder.task_id), "tasks"),
        col(Message.state).in_([literal("queued"), literal("sent")]),
    )
    .group_by(col(Reminder.task_id), col(Reminder.person_id))
)
NUMBER: Final = Statement(
    select(col(Message.id)).where(col(Message.message_id) == bindparam("name"))
)


def last_reminded(connection: Connection, tasks: Sequence[str]) -> dict[tuple[str, int], datetime]:
    """Give when the last mail about a task went to a person, or was put for them, by task and
    person; whoever has had none is left out."""
    return {(row[0], row[1]): row[2] for row in LAST.all(connection, tasks=list(tasks))}


def put_nudge(
    connection: Connection,
    round_id: str,
    draft: MessageDraft,
    told: Sequence[Mapping[str, Any]],
    at: datetime,
    domain: str,
) -> None:
    """Put a mail that reminds one person of some tasks, and note that they are reminded:
    subject, task_id, due_at and rung of each."""
    outbox.put(connection, round_id, [draft], at, domain)
    number = NUMBER.all(connection, name=outbox.name_at(draft, at, domain))[0][0]
    reminders.INSERT.many(
        connection,
        [
            {
                **one,
                "round_id": round_id,
                "recipient": "holder",
                "person_id": draft.person,
                "written_at": at,
                "message_id": number,
                "dropped_at": None,
            }
            for one in told
        ],
    )
