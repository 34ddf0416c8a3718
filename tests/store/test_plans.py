"""What is done all day costs what is touched, not what has ever been: no hot statement walks
through a table that grows with the years."""

from collections.abc import Callable

import pytest

from tests.conftest import Place
from workflow.store import claims, history, mailings, moves, outbox, reminders, save, workers
from workflow.store.statements import Statement

GROWS = ("messages", "reminders", "tasks", "cases", "entries", "questions", "joins")
HOT: dict[str, Statement] = {
    f"{module.__name__.rpartition('.')[2]}.{name}": one
    for module in (claims, history, mailings, moves, outbox, reminders, save)
    for name, one in vars(module).items()
    if isinstance(one, Statement)
} | {"workers.MAIL": workers.MAIL}
WAITING = ("ix_messages_waiting", "ix_reminders_waiting", "ix_tasks_")
"""Indexes of what waits alone: to walk through one of them is no cost of what has been."""


@pytest.mark.parametrize("name", HOT)
def test_no_table_is_walked_through(make_place: Callable[..., Place], name: str) -> None:
    """SQLite, which has no statistics here, plans by the indexes that are there."""
    with make_place("sqlite").open().read() as connection:
        sql = HOT[name].sql(connection)
        given = [None] * sql.count("?")
        driver = connection.connection.driver_connection
        if driver is None or sql.startswith("INSERT"):
            return

        plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", given)]

    walks = [line for line in plan if line.startswith("SCAN") and line.split()[1] in GROWS]
    assert [] == [line for line in walks if not any(index in line for index in WAITING)]
