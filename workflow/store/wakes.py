"""When something next becomes due by itself."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import col

from workflow.store.outbox import QUEUED
from workflow.store.statements import Statement
from workflow.store.tables import Message, Milestone, Task

__all__ = ["next_wake"]

TASK: Final = Statement(
    select(func.min(col(Task.next_reminder_at))).where(
        col(Task.next_reminder_at).is_not(None), col(Task.next_reminder_at) > bindparam("now")
    )
)
MILESTONE: Final = Statement(
    select(func.min(col(Milestone.next_reminder_at))).where(
        col(Milestone.next_reminder_at).is_not(None),
        col(Milestone.next_reminder_at) > bindparam("now"),
    )
)
MESSAGE: Final = Statement(
    select(func.min(col(Message.next_try_at))).where(
        col(Message.state) == QUEUED, col(Message.next_try_at) > bindparam("now")
    )
)
CLAIM: Final = Statement(
    select(func.min(col(Message.claimed_until))).where(
        col(Message.state) == QUEUED, col(Message.claimed_until) > bindparam("now")
    )
)


def next_wake(connection: Connection, now: datetime) -> datetime | None:
    """Give the first instant after one at which a task, a milestone or a mail is due; None
    when nothing is to come."""
    found = [one.all(connection, now=now)[0][0] for one in (TASK, MILESTONE, MESSAGE, CLAIM)]
    return min((at for at in found if at is not None), default=None)
