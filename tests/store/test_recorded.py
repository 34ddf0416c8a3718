"""Databases of earlier versions: brought up to date, proved, and gone on with."""

import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import text

from beredning.clock import seeded
from beredning.practice.players import Cast
from beredning.practice.playing import Play
from tests.conftest import Place
from tests.support.recorded import moments, revive_postgres, revive_sqlite
from workflow.core.facts import Via
from workflow.service import extending
from workflow.service.moving import move_milestone
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence, installation
from workflow.service.running.upkeep import Operator, upgrade
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.database import HEAD, Database, missing_triggers
from workflow.store.installation import last_entry_at
from workflow.store.schema import current

OLD = "0001"
NAMES = sorted(moments(OLD))
KILLS = int(os.environ.get("RECORDED_KILLS", "50"))
BACK = datetime(2026, 11, 22, 10, tzinfo=UTC)


def operator(second: int = 0) -> Operator:
    """Give somebody who upgrades, at a second of a minute."""
    at = BACK.replace(minute=second // 60, second=second % 60)
    return Operator(clock=lambda _: at, salt=lambda: "5a" * 16, os_user="drift", program="0.2")


def revive(place: Place, name: str) -> Database:
    """Give a recorded database, as the program of its time left it."""
    sql = moments(OLD)[name]
    if place.dialect == "sqlite":
        revive_sqlite(sql, Path(place.url.removeprefix("sqlite:///")))
        return place.open()
    database = place.open()
    revive_postgres(sql, database, OLD)
    return database


def go_on(database: Database, folder: Path) -> Play:
    """Give the year that a database is in the midst of, with everybody at their places."""
    known = installation.look(database)
    with database.read() as connection:
        last = last_entry_at(connection)
        (found,) = rounds.list_rounds(connection, last or BACK)
        revision = rounds.load_revision(connection, str(found["revision"]))
    at = [max(known.clock_at, last or known.clock_at)]
    chance, salt = seeded(11)
    world = World(
        database=database,
        clock=lambda _: at[0],
        salt=salt,
        via=Via.COMMAND,
        installation=known.name,
        rehearsal=True,
        sender_domain="region.example",
    )
    cast = Cast(definition=revision.definition, chance=chance, late=0.1)
    out = folder / "gone-on"
    (out / "mail").mkdir(parents=True)
    return Play(
        world=world,
        revision=revision,
        round_id=str(found["round"]),
        out=out,
        cast=cast,
        chance=chance,
        at=at,
    )


def play(going: Play, acts: int) -> tuple[int, int]:
    """Live on until so many acts are done, or the year is over; gives acts and mails."""
    done = mails = 0
    for day in going.days():
        done, mails = done + day.acts, mails + day.mails
        if done >= acts:
            break
    mails += going.post()
    going.loop.close()
    return done, mails


def proof(database: Database) -> list[Any]:
    """Give what verify finds."""
    with database.read() as connection:
        return list(evidence.examine(connection).problems)


def noted(database: Database, kind: str) -> list[dict[str, Any]]:
    """Give what the installation's log says under a kind."""
    with database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT body FROM entries JOIN entry_payloads USING (chain, number)"
                f" WHERE kind = '{kind}' AND chain = 'installation'"
            )
        )
        return [json.loads(row[0]) for row in rows]


def test_there_are_twenty_moments() -> None:
    """Nobody takes one away."""
    assert 20 == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_year_goes_on_after_an_upgrade(
    make_place: Callable[..., Place], name: str, tmp_path: Path
) -> None:
    """Each of the 20: up to date, proved, some acts and mails more, and proved again."""
    database = revive(make_place("sqlite", schema=False), name)

    made = upgrade(database, operator(), dry_run=False)

    assert (OLD, HEAD, True) == (made.before, made.after, made.done)
    assert made.backup is not None and made.backup.is_file()
    assert [] == proof(database)
    assert [{"from": OLD, "program": "0.2", "schema": HEAD, "to": HEAD}] == noted(
        database, "upgraded"
    )
    going = go_on(database, tmp_path)
    acts, mails = play(going, acts=3)
    assert acts >= 1 or name in NAMES[-2:]  # the round is over, and only mail is left
    assert mails >= 1 or name == NAMES[-1]
    assert [] == proof(database)


@pytest.mark.parametrize("name", [NAMES[0], NAMES[7], NAMES[14], NAMES[19]])
def test_a_servers_year_goes_on_too(
    make_place: Callable[..., Place], name: str, tmp_path: Path
) -> None:
    """A fair sample of them on PostgreSQL."""
    database = revive(make_place("postgresql", schema=False), name)

    made = upgrade(database, operator(), dry_run=False)

    assert (True, None) == (made.done, made.backup)
    assert [] == proof(database)
    play(go_on(database, tmp_path), acts=3)
    assert [] == proof(database)


def mend_dates(going: Play) -> tuple[int, int]:
    """Extend every open task, move every milestone, let everybody's chief be stood in for; gives
    how many tasks and milestones."""
    world, round_id = going.world, going.round_id
    with world.database.read() as connection:
        tasks = [one for _, one in rounds.list_open_tasks(connection, round_id=round_id)]
        plan_days = rounds.list_milestones(connection, round_id)
        emails = [row[0] for row in connection.execute(text("SELECT email FROM people"))]
        held = connection.execute(
            text("SELECT DISTINCT people.email FROM people JOIN grants ON person_id = people.id")
        )
        holders = [row[0] for row in held]
    today = world.today(going.at[0])
    for one in holders[:5]:
        by = next(email for email in emails if email != one)
        week = today + timedelta(days=7)
        substituting.appoint(world, Appointment(person=one, by=by, from_on=today, to_on=week))
    owed = [one for one in tasks if one.place and one.due_at]
    for one in owed:
        later = max(one.due_at.date(), today) + timedelta(days=9)  # type: ignore[union-attr]
        extending.grant(world, one.id, later, reason="Påhittat")
    moved = [one for one in plan_days if one["last_on"]] if tasks else []
    for one in moved:
        to = one["last_on"] + timedelta(days=1)
        move_milestone(world, round_id, str(one["key"]), to, reason="Påhittat")
    return len(owed), len(moved)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_new_can_be_done_with_what_is_old(
    make_place: Callable[..., Place], name: str, tmp_path: Path
) -> None:
    """Tasks and mails from before the upgrade are extended, moved, stood in for, and sent."""
    database = revive(make_place("sqlite", schema=False), name)
    upgrade(database, operator(), dry_run=False)
    going = go_on(database, tmp_path)

    owed, moved = mend_dates(going)
    acts, _ = play(going, acts=3)

    assert bool(owed) == bool(moved) or name in NAMES[-2:]
    assert acts >= 1 or name in NAMES[-2:]
    assert [] == proof(database)
    with database.read() as connection:
        kinds = connection.execute(text("SELECT DISTINCT kind FROM incidents"))
        assert {"template", "mail"}.isdisjoint(row[0] for row in kinds)


def test_a_year_is_played_to_its_end(make_place: Callable[..., Place], tmp_path: Path) -> None:
    """From its first weeks in the old schema to its decision in the new one."""
    database = revive(make_place("sqlite", schema=False), NAMES[2])
    upgrade(database, operator(), dry_run=False)

    going = go_on(database, tmp_path)
    play(going, acts=10**6)

    with database.read() as connection:
        (found,) = rounds.list_rounds(connection, going.at[0])
    assert found["closed_at"] is not None
    assert [] == proof(database)


def test_a_second_upgrade_does_nothing(make_place: Callable[..., Place]) -> None:
    """Up to date is up to date: no backup, no entry."""
    database = revive(make_place("sqlite", schema=False), NAMES[0])
    upgrade(database, operator(), dry_run=False)

    again = upgrade(database, operator(1), dry_run=False)

    assert ((), None, False) == (again.steps, again.backup, again.done)
    assert 1 == len(noted(database, "upgraded"))


# ---- interrupted ------------------------------------------------------------------------


def _upgrade(url: str, second: int) -> None:
    upgrade(Database(url), operator(second), dry_run=False)


def _run(url: str, second: int, after_s: float | None = None) -> int | None:
    """Upgrade in a process of its own, killed after so long; gives its exit code."""
    forks = multiprocessing.get_context("fork")
    process = forks.Process(target=_upgrade, args=(url, second))
    process.start()
    process.join(after_s)
    process.kill()
    process.join()
    return process.exitcode


def _tables(database: Database) -> tuple[str | None, int, bool]:
    """Give the schema, how many tables there are, and whether half a step is seen."""
    with database.read() as connection:
        found = current(connection, database.name)
        table = "sqlite_master" if database.dialect == "sqlite" else "information_schema.tables"
        column = "name" if database.dialect == "sqlite" else "table_name"
        where = "type = 'table'" if database.dialect == "sqlite" else "table_schema = 'public'"
        names = set(
            connection.execute(text(f"SELECT {column} FROM {table} WHERE {where}")).scalars()
        )
        assert () == missing_triggers(connection)
    new = {"extensions", "substitutions", "delivery_attempts", "workers"}
    assert not names & new if found == OLD else new <= names
    return found, len(names), any("_alembic_tmp" in name for name in names)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.parametrize(("dialect", "kills"), [("sqlite", KILLS), ("postgresql", KILLS // 5)])
def test_an_upgrade_that_is_killed_is_all_or_nothing(
    make_place: Callable[..., Place], dialect: str, kills: int
) -> None:
    """SIGKILL at any instant: the database is wholly old or wholly new, the log's triggers
    stand, and running it again finishes."""
    chance = Random("kill")
    name = NAMES[13]
    seen = set()
    whole_s = 0.3
    for number in range(kills):
        place = make_place(dialect, schema=False)
        database = revive(place, name)
        database.close()
        began = perf_counter()
        if number == 0:
            assert 0 == _run(place.url, 0)
            whole_s = perf_counter() - began
            continue

        _run(place.url, number, chance.uniform(0.02, whole_s * 0.9))

        found, _, half = _tables(database)
        seen.add(found)
        assert not half
        _remove_parts(place)
        assert 0 == _run(place.url, number + 1000)
        assert (HEAD, False) == (_tables(database)[0], _tables(database)[2])
        assert [] == proof(database)
        assert 1 == len(noted(database, "upgraded"))
        database.close()
    assert OLD in seen


def _remove_parts(place: Place) -> None:
    """Do what a copy that was cut off asks for."""
    if place.dialect == "sqlite":
        folder = Path(place.url.removeprefix("sqlite:///")).parent
        for part in folder.glob("*.part*"):
            part.unlink()
