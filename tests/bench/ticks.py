"""A tick, with nothing due beside many open tasks, and with a hundred due.

The peer for what is due is APScheduler with one job for each deadline in an SQLAlchemy
job store, on SQLite with the same durability, its jobs doing nothing at all.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any

from apscheduler.events import EVENT_JOB_REMOVED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event

from tests.bench import acts
from tests.bench.figures import timed
from workflow.core.facts import Via
from workflow.service import clockwork
from workflow.service.world import World
from workflow.store.database import Database

TICKS = 300
"""Idle ticks in a block."""
DUE = 100
FIRST_RUNG = datetime(2009, 2, 16, 5, tzinfo=UTC)
"""Ten working days before the underlag are due, and before the hour of the day's mail."""
MAIL_HOUR = datetime(2009, 2, 16, 7, tzinfo=UTC)
"""The same day, past the hour at which each person's one mail is composed."""


def fill(source: Path, tasks: int) -> None:
    """Add open tasks that are not due for long, each of a case of its own."""
    connection = sqlite3.connect(source)
    connection.execute("PRAGMA synchronous = OFF")
    number = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    for table, key in (("cases", "id"), ("tasks", "case_id")):
        row = dict_of(connection, f"SELECT * FROM {table} WHERE {key} LIKE '%.underlag.%' LIMIT 1")
        chosen = {name: f":{name}" for name in row}
        chosen["id"] = "'many.' || i" + (" || '#1'" if table == "tasks" else "")
        if table == "tasks":
            chosen["case_id"] = "'many.' || i"
            row["next_reminder_at"] = "2999-01-01 00:00:00.000000"
        values = ", ".join(chosen.values()).replace(":", "@")
        sql = f"{number} INSERT INTO {table} ({', '.join(row)}) SELECT {values} FROM n"
        connection.execute(sql.replace("?", "@most"), {**row, "most": tasks})
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def leave_out_sweep(file: Path) -> None:
    """Say that the day's search for missing holders is done: it is no part of the figure."""
    connection = sqlite3.connect(file)
    connection.execute("UPDATE installation SET swept_on = '2009-12-31'")
    connection.commit()
    connection.close()


def dict_of(connection: sqlite3.Connection, query: str) -> dict[str, Any]:
    """Give one row by its columns' names."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def world_at(file: Path, now: datetime) -> World:
    """Open a world whose clock stands."""
    salts = iter(range(10**9))
    return World(
        database=Database(f"sqlite:///{file}"),
        clock=lambda _: now,
        salt=lambda: f"{next(salts):032x}",
        via=Via.WORKER,
        installation="bench",
    )


def idle(file: Path) -> float:
    """Give the seconds that a block of ticks with nothing due takes."""
    world = world_at(file, acts.BEGAN + timedelta(hours=1))
    clockwork.tick(world)
    done = clockwork.tick(world)
    assert not any(done.values()), done
    seconds = timed(lambda: [clockwork.tick(world) for _ in range(TICKS)])
    world.database.close()
    return seconds


def due(file: Path) -> float:
    """Give the seconds of one tick in which a hundred tasks have reached a rung."""
    world = world_at(file, FIRST_RUNG)
    with world.database.read() as connection:  # connections are open, as a worker's are
        world.now(connection)
    done: list[dict[str, int]] = []
    seconds = timed(lambda: done.append(clockwork.tick(world)))
    assert done[0]["reminders"] >= DUE, done
    world.database.close()
    return seconds


def composed(file: Path) -> float:
    """Give the seconds of the tick that composes a hundred persons' mails of the day."""
    before = world_at(file, FIRST_RUNG)
    clockwork.tick(before)
    before.database.close()
    world = world_at(file, MAIL_HOUR)
    with world.database.read() as connection:
        world.now(connection)
    done: list[dict[str, int]] = []
    seconds = timed(lambda: done.append(clockwork.tick(world)))
    assert done[0]["mails"] >= DUE, done
    world.database.close()
    return seconds


def ring() -> None:
    """Do nothing: what one of the peer's jobs does."""


def peer(file: Path) -> float:
    """Give the seconds in which APScheduler runs a hundred jobs that are due."""
    for stale in file.parent.glob(f"{file.name}*"):
        stale.unlink()
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": DebugExecutor()},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    for number in range(DUE):
        scheduler.add_job(ring, "date", run_date=FIRST_RUNG, id=str(number))
    gone = Semaphore(0)
    scheduler.add_listener(lambda _: gone.release(), EVENT_JOB_REMOVED)

    def run() -> None:
        scheduler.resume()
        for _ in range(DUE):
            gone.acquire()

    seconds = timed(run)
    scheduler.shutdown()
    engine.dispose()
    return seconds
