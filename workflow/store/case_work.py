"""What is owed and filled in in some cases, with one statement however many they are."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select
from sqlmodel import col

from workflow.core.facts import TaskFact
from workflow.store.database import one_of
from workflow.store.facts import TASK_COLUMNS, task_fact
from workflow.store.statements import Statement
from workflow.store.tables import MaterialRow, Task

__all__ = ["open_tasks", "row_counts"]

OPEN_TASKS: Final = Statement(
    select(*TASK_COLUMNS).where(one_of(col(Task.case_id), "cases"), col(Task.closed_at).is_(None))
)
ROW_COUNTS: Final = Statement(
    select(col(MaterialRow.case_id), func.count())
    .where(one_of(col(MaterialRow.case_id), "cases"))
    .group_by(col(MaterialRow.case_id))
)


def open_tasks(connection: Connection, cases: Sequence[str]) -> dict[str, TaskFact]:
    """Give the open task of each case that has one."""
    found = [task_fact(row) for row in OPEN_TASKS.all(connection, cases=list(cases))]
    return {task.case: task for task in found}


def row_counts(connection: Connection, cases: Sequence[str]) -> dict[str, int]:
    """Give how many rows each case holds; one without rows is left out."""
    found = ROW_COUNTS.all(connection, cases=list(cases)) if cases else []
    return {row[0]: row[1] for row in found}
