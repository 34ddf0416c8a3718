"""The worker as a process: it begins, beats, bears trouble, and ends in order."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from beredning import worker
from beredning.app import App
from beredning.config import Config
from tests.conftest import Place
from tests.support.programs import PATIENCE_S, Process
from workflow.core.errors import Locked
from workflow.store.workers import list_workers

QUICK = worker.Beats(tick=0.05, deliver=0.05, checkpoint=0.05, alive=0.05, patience=0.5)


def install(url: str, folder: Path) -> App:
    """Make an installation without any round."""
    settings: dict[str, Any] = {"database": {"url": url}, "mail": {"outbox_dir": folder / "mail"}}
    app = App(config=Config(**settings))
    app.install(rehearsal=False)
    return app


@pytest.fixture
def app(place: Place, tmp_path: Path) -> Iterator[App]:
    """An installation on each kind of database."""
    made = install(place.url, tmp_path)
    yield made
    made.database.close()


def known(app: App) -> list[Any]:
    """Give the workers' rows."""
    with app.database.read() as connection:
        return list_workers(connection)


# ---- in this process -------------------------------------------------------------------


def beat(app: App, monkeypatch: pytest.MonkeyPatch, until: Callable[[], bool], **jobs: Any) -> bool:
    """Run a worker with some of its jobs in another's place, until something holds."""
    for name, job in jobs.items():
        monkeypatch.setattr(worker.Work, name, job)

    async def stop_when() -> bool:
        running = asyncio.create_task(worker.run(app, QUICK))
        for _ in range(int(PATIENCE_S / 0.02)):
            if until() or running.done():
                break
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)
        return await running

    return asyncio.run(stop_when())


def test_it_beats_and_ends_in_order(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row says that it ticked and that it ended; the day's checkpoint is there."""
    drained = beat(app, monkeypatch, lambda: any(one.ticked_at for one in known(app)))

    (row,) = known(app)
    assert True is drained
    assert row.started_at <= row.ticked_at <= row.stopped_at


def test_a_job_that_fails_stops_nothing(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error is said, as is a busy database; the job looks again, and so do the others."""
    caplog.set_level("INFO", logger="beredning")
    tried: list[str] = []

    async def fail(work: worker.Work) -> dict[str, int]:
        assert work.name
        tried.append("tick")
        if tried.count("tick") % 2:
            raise RuntimeError("a bug")
        raise Locked("upptagen", "busy")

    async def count(work: worker.Work) -> dict[str, int]:
        assert work.name
        tried.append("deliver")
        return {"sent": 1}

    beat(
        app,
        monkeypatch,
        lambda: tried.count("tick") > 3 and tried.count("deliver") > 1,
        tick=fail,
        deliver=count,
    )

    events = {getattr(record, "event", None) for record in caplog.records}
    assert {"tick_failed", "tick_waits", "deliver", "worker_ends"} <= events


def test_what_is_under_way_is_finished(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that has begun when the signal comes is not cut off."""
    done: list[str] = []

    async def slow(work: worker.Work) -> dict[str, int]:
        done.append("begun")
        await work.stop.wait()
        await asyncio.sleep(0.1)
        done.append("ended")
        return {}

    drained = beat(app, monkeypatch, lambda: bool(done), deliver=slow)

    assert True is drained
    assert ["begun", "ended"] == done


def test_what_hangs_is_given_up(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After its patience a worker ends all the same, and says that it did not finish."""
    begun: list[int] = []

    async def hang(work: worker.Work) -> dict[str, int]:
        assert work.name
        begun.append(1)
        await asyncio.Event().wait()
        return {}

    drained = beat(app, monkeypatch, lambda: bool(begun), deliver=hang)

    assert False is drained
    assert "job_did_not_end" in {getattr(record, "event", None) for record in caplog.records}


def test_a_clock_put_back_does_not_silence_it() -> None:
    """APScheduler waits for the wall clock to come again; the worker does not."""

    async def jobs_after(jump: timedelta) -> list[timedelta]:
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.start(paused=True)
        now = datetime.now(UTC)
        scheduler.add_job(
            print, IntervalTrigger(seconds=15, timezone=UTC), next_run_time=now + jump
        )
        worker.keep_beating(scheduler, now)
        waits = [job.next_run_time - now for job in scheduler.get_jobs()]
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0)
        return waits

    ordinary = asyncio.run(jobs_after(timedelta(seconds=15)))
    put_back = asyncio.run(jobs_after(timedelta(hours=26)))

    assert [timedelta(seconds=15)] == ordinary
    assert [timedelta()] == put_back


# ---- as a process ----------------------------------------------------------------------


@pytest.fixture
def start(place: Place, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start workers on one installation; none is left behind."""
    install(place.url, tmp_path).database.close()
    started: list[Process] = []

    def begin(*words: str) -> Process:
        started.append(Process(tmp_path, {"BEREDNING_DATABASE__URL": place.url}, "work", *words))
        return started[-1]

    yield begin
    for one in started:
        one.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(
    place: Place, start: Callable[..., Process], how: signal.Signals
) -> None:
    """It says what it does, one JSON object on a line, and ends with 0."""
    process = start("--json")
    process.hear("checkpoint")

    code = process.end(how)

    assert 0 == code
    assert True is process.hear("worker_ends")["drained"]
    with place.open().read() as connection:
        (row,) = list_workers(connection)
    assert row.stopped_at is not None


def test_a_second_one_on_the_same_file(place: Place, start: Callable[..., Process]) -> None:
    """On SQLite it is told who works there, and is not let in; on PostgreSQL it is."""
    first = start()
    first.hear("worker_begins")
    second = start("--once", "--json")

    code = second.popen.wait(PATIENCE_S)

    if place.dialect == "postgresql":
        assert 0 == code
        return
    assert 1 == code
    error = json.loads(second._lines.get(timeout=PATIENCE_S))["error"]
    assert "locked" == error["code"]
    assert f"pid {first.popen.pid}" in error["message"]


def test_a_killed_one_leaves_nothing_in_the_way(
    place: Place, start: Callable[..., Process]
) -> None:
    """After kill -9 the next begins at once; the commands have worked all the time."""
    first = start()
    first.hear("worker_begins")
    with place.open().write() as connection:
        connection.exec_driver_sql("UPDATE workers SET seen_at = seen_at")
    first.end(signal.SIGKILL)

    second = start("--once", "--json")

    assert 0 == second.popen.wait(PATIENCE_S)
