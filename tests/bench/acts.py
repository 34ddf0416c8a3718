"""A durable act, against the very same statements run by hand on the bare driver.

One run of acts is recorded: every statement with its values. The floor runs just
these, act by act, each in one transaction, on a copy of the same database. Clock
and chance are fixed, so that every run does the same.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from beredning.practice.example import example_organisation, write_csv
from processes.registry import Registry
from tests.bench.figures import timed
from workflow.core.facts import Via
from workflow.core.guards import NAMED
from workflow.service import acts, opening, views
from workflow.service.people import organisation
from workflow.service.running import installation
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.statements import Statement

ACTS = 200
"""Acts in a block."""
BEGAN = datetime(2008, 12, 3, 9, tzinfo=UTC)

Recorded = list[list[tuple[str, Any]]]
"""Statements with their values, act by act."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A database with an open round, and the acts of one block."""

    source: str
    """Of the database that copies are made from: a file, or a server's database."""
    wishes: tuple[acts.Wish, ...]


def world_on(url: str) -> World:
    """Open a world whose clock goes a second per act and whose chance is counted."""
    ticks = iter(range(10**9))
    salts = iter(range(10**9))
    database = Database(url)
    return World(
        database=database,
        clock=lambda _: BEGAN + timedelta(seconds=next(ticks) // 4),
        salt=lambda: f"{next(salts):032x}",
        via=Via.COMMAND,
        installation="bench",
    )


def prepare(url: str, folder: Path, units: int) -> tuple[acts.Wish, ...]:
    """Fill a database with a round of some underlag, and choose the acts of a block."""
    database = Database(url)
    installation.install(
        database, clock=lambda _: BEGAN, salt=lambda: "0" * 32, rehearsal=False, os_user=None
    )
    world = world_on(url)
    revision = Registry(guards=frozenset(NAMED)).load("prioritering", year=2010)
    example = example_organisation(revision.definition, units=units)
    write_csv(example, folder / f"org-{units}")
    organisation.bring_in(world, folder / f"org-{units}")
    round_id = opening.open_round(world, revision, year=2010)["round"]
    for transition in ("faststall", "konstituera", "lamna_uppdrag"):
        (task,) = views.task_list(world)
        acts.act(
            world, acts.Wish(case=task["case"], transition=transition, email=task["holders"][0])
        )
    owed = [t for t in views.task_list(world, round_id=round_id) if t["kind"] == "underlag"]
    database.close()
    world.database.close()
    return tuple(_wishes(owed[:10]))


def _wishes(owed: list[dict[str, Any]]) -> Iterator[acts.Wish]:
    """Hand in and take back, again and again: two acts that undo each other."""
    for number in range(ACTS):
        task = owed[(number // 2) % len(owed)]
        there = number % 2 == 0
        yield acts.Wish(
            case=task["case"],
            transition="inget" if there else "ta_tillbaka",
            email=task["holders"][0],
            comment="Inget att föreslå i år." if there else "",
            request_id=f"bench-{number}",
        )


def ours(url: str, wishes: tuple[acts.Wish, ...]) -> float:
    """Give the seconds that the acts take through the service."""
    world = world_on(url)
    acts.act(world, wishes[0])  # connections and statements are ready
    seconds = timed(lambda: [acts.act(world, wish) for wish in wishes[1:]])
    world.database.close()
    return seconds


def record(url: str, wishes: tuple[acts.Wish, ...]) -> Recorded:
    """Run the acts and keep every statement with its values."""
    world = world_on(url)
    found: Recorded = []
    with _listening(found):
        for wish in wishes:
            found.append([])
            acts.act(world, wish)
    world.database.close()
    return found


@contextmanager
def _listening(found: Recorded) -> Iterator[None]:
    own = Statement._execute

    def execute(self: Statement, form: Any, connection: Any, parameters: Any) -> Any:
        found[-1].append((form.sql, form.bind(parameters)))
        return own(self, form, connection, parameters)

    with patch.object(Statement, "_execute", execute):
        yield


def floor_sqlite(file: Path, recorded: Recorded) -> float:
    """Give the seconds that the same statements take on sqlite3 alone."""
    connection = sqlite3.connect(file, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA recursive_triggers = ON")

    def run(statements: list[tuple[str, Any]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            connection.execute(sql, values).fetchall()
        connection.execute("COMMIT")

    run(recorded[0])
    seconds = timed(lambda: [run(statements) for statements in recorded[1:]])
    connection.close()
    return seconds


def floor_postgresql(url: str, recorded: Recorded) -> float:
    """Give the seconds that the same statements take on psycopg alone."""
    connection = psycopg.connect(url)

    def run(statements: list[tuple[str, Any]]) -> None:
        for sql, values in statements:
            cursor = connection.execute(sql, values)
            if cursor.description:
                cursor.fetchall()
        connection.commit()

    run(recorded[0])
    seconds = timed(lambda: [run(statements) for statements in recorded[1:]])
    connection.close()
    return seconds


def copy_file(source: Path, number: int) -> Path:
    """Copy a closed SQLite database."""
    target = source.with_name(f"copy-{number}.db")
    for stale in target.parent.glob(f"{target.name}*"):
        stale.unlink()
    shutil.copyfile(source, target)
    return target
