"""Extensions: asked for, granted, refused, or void because the task closed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.facts import TaskFact
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Extension, Task

__all__ = [
    "Asked",
    "answer",
    "ask",
    "asked_for",
    "extend_task",
    "keep_unasked",
    "open_requests",
    "void",
]

_ASKED: Final = (
    col(Extension.id),
    col(Extension.task_id),
    col(Extension.until_on),
    col(Extension.reason),
    col(Extension.asked_by),
)
OPEN: Final = Statement(
    select(*_ASKED).where(
        col(Extension.task_id) == bindparam("task"), col(Extension.answer).is_(None)
    )
)
ALL_OPEN: Final = Statement(
    select(*_ASKED).where(col(Extension.answer).is_(None)).order_by(col(Extension.id))
)
INSERT: Final = Statement(
    insert(Extension),
    columns=(
        "task_id",
        "until_on",
        "reason",
        "asked_by",
        "asked_at",
        "answer",
        "answer_reason",
        "answered_by",
        "answered_at",
    ),
)
ANSWER: Final = Statement(
    update(Extension)
    .where(col(Extension.id) == bindparam("key"))
    .values(
        answer=bindparam("said"),
        answer_reason=bindparam("why"),
        answered_by=bindparam("person"),
        answered_at=bindparam("now"),
    )
)
VOID: Final = Statement(
    update(Extension)
    .where(one_of(col(Extension.task_id), "tasks"), col(Extension.answer).is_(None))
    .values(answer="void", answered_at=bindparam("now"))
)
EXTEND: Final = Statement(
    update(Task)
    .where(col(Task.id) == bindparam("task_id"))
    .values(
        due_at=bindparam("due"),
        ladder_from=bindparam("now"),
        next_reminder_at=bindparam("wake"),
        extended_on=bindparam("until"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that nobody has answered."""

    id: int
    task: str
    until_on: date
    reason: str
    by: int


def asked_for(connection: Connection, task: str) -> Asked | None:
    """Give the open request of a task."""
    row = OPEN.first(connection, task=task)
    return _asked(row) if row else None


def open_requests(connection: Connection) -> dict[str, Asked]:
    """Give every open request, by task."""
    return {row[1]: _asked(row) for row in ALL_OPEN.all(connection)}


def ask(
    connection: Connection, task: str, until_on: date, reason: str, by: int, at: datetime
) -> None:
    """Write a request. The round is locked, and the task has no open one."""
    asked = {"reason": reason, "asked_by": by, "asked_at": at}
    nothing = {"answer": None, "answer_reason": "", "answered_by": None, "answered_at": None}
    INSERT.many(connection, [{"task_id": task, "until_on": until_on, **asked, **nothing}])


def keep_unasked(
    connection: Connection, task: str, until_on: date, reason: str, by: int | None, at: datetime
) -> None:
    """Write what was granted without being asked for; `by` is None for the operator."""
    nothing = {"reason": "", "asked_by": None, "asked_at": at}
    said = {"answer": "granted", "answer_reason": reason, "answered_by": by, "answered_at": at}
    INSERT.many(connection, [{"task_id": task, "until_on": until_on, **nothing, **said}])


def answer(
    connection: Connection, asked: Asked, said: str, reason: str, by: int | None, at: datetime
) -> None:
    """Answer a request: granted or refused; `by` is None for the operator."""
    ANSWER.run(connection, key=asked.id, said=said, why=reason, person=by, now=at)


def void(connection: Connection, tasks: Sequence[str], at: datetime) -> None:
    """Make the requests of closed tasks void."""
    if tasks:
        VOID.run(connection, tasks=list(tasks), now=at)


def extend_task(connection: Connection, task: TaskFact) -> None:
    """Write the new deadline of an extended task."""
    EXTEND.run(
        connection,
        task_id=task.id,
        due=task.due_at,
        now=task.ladder_from,
        wake=task.next_reminder_at,
        until=task.extended_on,
    )


def _asked(row: tuple[object, ...]) -> Asked:
    names = ("id", "task", "until_on", "reason", "by")
    return Asked(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type] # a row
