"""P12: a backup taken while running restores to a verifying state, and holds its mail."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.service.worlds import Photo, Stage, grains, make_world
from tests.support.postgres import run_program
from workflow.service import clockwork
from workflow.service.mail import mailroom
from workflow.service.running import evidence
from workflow.service.running.upkeep import Operator, adopt, backup, restore
from workflow.store.database import Database

BACKUPS = int(os.environ.get("BACKUPS", "50"))
DUMPS = max(BACKUPS // 10, 2)
RELEASED = 5
"""Of how many restored systems the mail is let go: that takes a second each."""
LATER = datetime(2009, 3, 20, 8, tzinfo=UTC)


def operator() -> Operator:
    """Give somebody who restores."""
    return Operator(clock=lambda _: LATER, salt=grains(10**12), os_user="drift", program="0.2")


@contextmanager
def load(stage: Stage) -> Iterator[list[int]]:
    """Act, tick and deliver in five threads, without a pause; gives how many acts, ticks
    and mails are done so far."""
    ended = threading.Event()
    done = [0, 0, 0]
    failed: list[BaseException] = []

    def act(number: int) -> None:
        unit = stage.units("verksamhet")[number]
        while not ended.is_set():
            stage.hand_in(unit)
            stage.act(stage.case("underlag", unit), "ta_tillbaka", stage.chief(unit))
            done[0] += 2

    def tick(_: int) -> None:
        while not ended.is_set():
            stage.at[0] += timedelta(milliseconds=50)  # a lease is a minute
            done[1] += bool(clockwork.tick(stage.world))

    def post(_: int) -> None:
        while not ended.is_set():
            done[2] += stage.post()["sent"]

    def run(work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failed.append(error)
            raise

    works = [(act, 0), (act, 1), (act, 2), (tick, 0), (post, 0)]
    threads = [threading.Thread(target=run, args=one) for one in works]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert [] == failed


def sent(stage: Stage) -> set[str]:
    """Give the Message-IDs that a database says have left."""
    return {row[0] for row in stage.rows("SELECT message_id FROM messages WHERE state = 'sent'")}


def letters_in(folder: Path) -> list[str]:
    """Give the Message-IDs of the mails that lie in a folder, without brackets."""
    found = [message_from_bytes(file.read_bytes()) for file in folder.glob("*.eml")]
    return [str(one["Message-ID"]).strip("<>") for one in found]


def revived(stage: Stage, database: Database, folder: Path) -> Stage:
    """Give a restored system, on a clock of its own."""
    at = [LATER]
    world = make_world(database, at, grains(10**15), stage.world.installation)
    return replace(stage, world=world, at=at, outbox=folder)


def held_then_released(mine: Stage, *, release: bool) -> None:
    """Nothing leaves a restored system until somebody says go, and then nothing twice."""
    before = sent(mine)
    clockwork.tick(mine.world)
    waiting = mine.rows("SELECT count(*) FROM messages WHERE state = 'queued'")[0][0]
    mine.post()
    assert [] == letters_in(mine.outbox)
    assert waiting > 0
    if not release:
        return
    mailroom.release(mine.world)
    mine.post()
    gone = letters_in(mine.outbox)
    assert 0 < len(gone) == len({*gone})
    assert {*gone} == sent(mine) - before
    assert 0 == mine.post()["sent"]


def test_backups_under_load_restore(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """Fifty copies taken while people act, the clock ticks and mails go: each restores to
    a log that explains every state, and sends nothing."""
    place = make_place("sqlite")
    stage = photos["groundwork"].develop(place.open(), tmp_path / "mail")
    stage.put("2009-02-16", "07:29")
    copying = stage.another(place.open(busy_timeout_s=60))  # in a process of its own
    made = []
    with load(stage) as done:
        for number in range(BACKUPS):
            made.append(backup(copying.world, tmp_path / f"copy-{number}.db", program="0.2"))
    assert all(done)  # a delivery goes on for as long as there is mail, and counts at its end

    for number, copy in enumerate(made):
        database = Database(f"sqlite:///{tmp_path}/restored-{number}.db")

        told = restore(database, copy.file, operator())

        assert copy.contents == told.contents
        mine = revived(stage, database, tmp_path / f"mail-{number}")
        assert True is evidence.prove(mine.world).ok
        held_then_released(mine, release=number % (BACKUPS // RELEASED) == 0)
        database.close()
    entries = [copy.contents.entries for copy in made]
    assert entries == sorted({*entries})
    assert entries[-1] - entries[0] > BACKUPS


def test_dumps_under_load_are_taken_over(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """So do the server's own dumps, once they are said to be what they are."""
    place = make_place("postgresql")
    stage = photos["groundwork"].develop(place.open(), tmp_path / "mail")
    stage.put("2009-02-16", "07:29")
    with load(stage):
        for number in range(DUMPS):
            words = ["--format=custom", f"--file={tmp_path}/dump-{number}"]
            run_program("pg_dump", place.url, *words, f"--dbname={place.url}")

    for number in range(DUMPS):
        there = make_place("postgresql", schema=False)
        words = ["--no-owner", "--exit-on-error", f"--dbname={there.url}"]
        run_program("pg_restore", there.url, *words, f"{tmp_path}/dump-{number}")
        database = there.open()

        told = adopt(database, operator())

        assert told.contents.entries > 0
        mine = revived(stage, database, tmp_path / f"mail-{number}")
        assert True is evidence.prove(mine.world).ok
        held_then_released(mine, release=True)


@pytest.mark.usefixtures("place")
def test_a_copy_knows_of_itself(groundwork: Stage, tmp_path: Path) -> None:
    """The last entry of a backup says that it was made; on a server it is `pg_dump` to run."""
    file = tmp_path / "copy.db"
    if groundwork.world.database.file is None:
        with pytest.raises(Exception, match="pg_dump --format=custom"):
            backup(groundwork.world, file, program="0.2")
        return

    made = backup(groundwork.world, file, program="0.2")

    database = Database(f"sqlite:///{file}")
    lines: list[dict[str, Any]] = evidence.log_lines(
        replace(groundwork.world, database=database), "installation"
    )
    database.close()
    assert ("backup", "copy.db") == (lines[-1]["kind"], lines[-1]["payload"]["file"])
    assert made.contents == made.contents._replace(last_at=groundwork.at[0])
