"""Whether all is well, as a monitor asks: each trouble by itself, and never in the way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.conftest import Place
from tests.service.wires import tap
from tests.service.worlds import Stage
from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.service import clockwork
from workflow.service.running import evidence, health, incidents, workers
from workflow.service.running.health import Limits
from workflow.store.database import Database

SMALL = Limits(disk=0)


def look(stage: Stage, later: timedelta = timedelta(), **more: Any) -> dict[str, Any]:
    """Ask how it is, some time after the stage's clock."""
    return health.look(
        stage.world.database, lambda _: stage.at[0] + later, **{"limits": SMALL, **more}
    )


def codes(told: dict[str, Any]) -> list[str]:
    """Give what is wrong."""
    return [one["code"] for one in told["problems"]]


def working(stage: Stage) -> Stage:
    """Let a worker have begun and done its first round, with the mails sent."""
    stage.change("UPDATE messages SET state = 'sent'")
    workers.begin(stage.world, "a:1", stage.world.clock)
    workers.note_tick(stage.world, "a:1", stage.world.clock)
    return stage


def still_working(stage: Stage, later: timedelta) -> None:
    """Let the worker have gone on until some time after the stage's clock."""
    then = f"{stage.at[0] + later:%Y-%m-%d %H:%M:%S.%f}"
    stage.change("UPDATE workers SET seen_at = :then, ticked_at = :then", then=then)


def test_all_is_well(groundwork: Stage) -> None:
    """With a worker that ticks and no mail waiting nothing is wrong."""
    told = look(working(groundwork))

    assert (True, []) == (told["ok"], told["problems"])
    assert ["a:1"] == [one["name"] for one in told["workers"]["alive"]]
    assert 0 == told["workers"]["last_tick_age"]
    assert (0, None) == (told["mail"]["waiting"], told["mail"]["oldest"])


def test_nothing_ever_ran(groundwork: Stage) -> None:
    """An installation that nobody works on says so, with the command that helps."""
    groundwork.change("UPDATE messages SET state = 'sent'")

    told = look(groundwork)

    assert ["tick"] == codes(told)
    assert "beredning work" in told["problems"][0]["message"]


def test_a_worker_that_is_gone(groundwork: Stage) -> None:
    """Two minutes after the last tick it is not well any more, and says for how long."""
    working(groundwork)

    early = look(groundwork, timedelta(minutes=2))
    late = look(groundwork, timedelta(minutes=3))

    assert [] == codes(early)
    assert ["tick"] == codes(late)
    assert "senast för 3 min sedan" in late["problems"][0]["message"]
    assert ["a:1"] == [one["name"] for one in late["workers"]["cut_off"]]


def test_a_worker_that_lives_but_does_not_tick(groundwork: Stage) -> None:
    """A process whose clockwork hangs is told apart from one that is gone."""
    working(groundwork)
    later = timedelta(minutes=10)
    workers.beat(groundwork.world, "a:1", lambda _: groundwork.at[0] + later)

    told = look(groundwork, later)

    assert ["tick"] == codes(told)
    assert "lever" in told["problems"][0]["message"]


@pytest.mark.parametrize(("minutes", "expected"), [(15, []), (16, ["mail"])])
def test_mail_that_does_not_leave(groundwork: Stage, minutes: int, expected: list[str]) -> None:
    """A quarter of an hour beyond its next try a mail is missed."""
    working(groundwork)
    groundwork.change("UPDATE messages SET state = 'queued' WHERE id = 1")
    now = f"{groundwork.at[0]:%Y-%m-%d %H:%M:%S.%f}"
    groundwork.change("UPDATE messages SET next_try_at = :now", now=now)
    later = timedelta(minutes=minutes)
    still_working(groundwork, later)

    told = look(groundwork, later)

    assert expected == codes(told)
    assert (1, minutes * 60) == (told["mail"]["waiting"], told["mail"]["late"])


def test_mail_that_is_held_is_not_missed(groundwork: Stage) -> None:
    """Mail that waits for an operator's word is told of, and nothing is wrong with it."""
    working(groundwork)
    groundwork.change("UPDATE messages SET state = 'queued' WHERE id = 1")

    told = look(groundwork, held=True, limits=Limits(disk=0, mail=timedelta(days=-99)))

    assert [] == codes(told)
    assert True is told["mail"]["held"]


def test_a_relay_in_trouble(groundwork: Stage) -> None:
    """A mail server that takes nothing is told of, since when."""
    working(groundwork)
    draft = IncidentDraft(kind=IncidentKind.RELAY, subject="relay", case=None, detail={})
    with groundwork.world.database.write() as connection:
        incidents.raise_incident(groundwork.world, connection, draft, None, groundwork.at[0])
    groundwork.change("UPDATE messages SET state = 'sent'")

    told = look(groundwork)

    assert ["relay"] == codes(told)
    assert ["relay"] == [one["subject"] for one in told["relay"]]


def test_a_checkpoint_that_does_not_come(groundwork: Stage) -> None:
    """When the day's checkpoint fails day after day while all else works, it is told."""
    working(groundwork)
    evidence.checkpoint(groundwork.world)
    later = timedelta(hours=37)
    still_working(groundwork, later)

    told = look(groundwork, later)

    assert ["checkpoint"] == codes(told)


def test_a_disk_that_fills(groundwork: Stage) -> None:
    """On SQLite little room on the disk is told of before it is gone."""
    working(groundwork)

    told = look(groundwork, limits=Limits(disk=10**18))

    assert (["disk"] if told["disk"] else []) == codes(told)


@pytest.mark.parametrize("sql", ["UPDATE alembic_version SET version_num = '0001'"])
def test_another_schema(groundwork: Stage, sql: str) -> None:
    """A database that is not the program's own is a problem, not a traceback."""
    groundwork.change(sql)

    told = look(groundwork)

    assert ["schema"] == codes(told)
    assert "beredning upgrade" in told["problems"][0]["message"]


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """What cannot be asked is what is wrong."""
    told = health.look(Database(f"sqlite:///{tmp_path / 'x.db'}"), lambda _: datetime.now(UTC))

    assert (False, ["store"]) == (told["ok"], codes(told))


def test_it_answers_while_another_writes(place: Place, groundwork: Stage) -> None:
    """A transaction that writes and does not end keeps nobody from being told, and the
    question itself writes nothing."""
    working(groundwork)
    asked = place.open(busy_timeout_s=0.5)
    wire = tap(asked)

    with groundwork.world.database.write() as connection:
        connection.exec_driver_sql("UPDATE workers SET seen_at = seen_at")
        began = perf_counter()
        told = health.look(asked, groundwork.world.clock, limits=SMALL)
        took = perf_counter() - began

    assert [] == codes(told)
    assert took < 1
    assert [] == wire.statements


def test_it_gives_up_within_a_second(make_place: Callable[..., Place]) -> None:
    """Where even reading has to wait, the answer is that it is busy."""
    place = make_place("postgresql")
    asked = place.open(busy_timeout_s=0.5)

    with place.open().write() as connection:
        connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        began = perf_counter()
        told = health.look(asked, lambda _: datetime.now(UTC), limits=SMALL)
        took = perf_counter() - began

    assert ["locked"] == codes(told)
    assert took < 1


def test_an_idle_installation_is_well_after_a_tick(groundwork: Stage) -> None:
    """A tick alone, with no worker's row, does not count as a worker."""
    groundwork.change("UPDATE messages SET state = 'sent'")
    clockwork.tick(groundwork.world)

    assert ["tick"] == codes(look(groundwork))
