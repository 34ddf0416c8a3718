"""The process that looks at the clock: tick, mail, papers, the checkpoint, a sign of life.

APScheduler is the heartbeat and nothing more: it says "look now", in memory. What is due
is read from the database, so a beat that is missed, doubled or late does no harm, and any
number of workers may beat on PostgreSQL. On SQLite one process works at a time.
"""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from logging import getLogger
from os import getpid
from typing import Any, Final, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from beredning.app import App
from beredning.clock import utc_now
from documents.making.work import Maker, make_papers
from notifications.post import deliver
from workflow.core.errors import WorkflowError
from workflow.core.facts import Via
from workflow.service import clockwork
from workflow.service.running import evidence, workers
from workflow.service.world import World
from workflow.store.occupation import occupy

__all__ = ["BEATS", "Beats", "Turn", "Work", "at_work", "run", "work_once"]

logger = getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """Seconds between looks, and how long the last ones may take to finish."""

    tick: float = 15
    deliver: float = 5
    papers: float = 2
    checkpoint: float = 60
    alive: float = 15
    patience: float = 30


BEATS: Final = Beats()
Job = Callable[[], Awaitable[Mapping[str, Any]]]


class Turn(Protocol):
    """Whose turn it is; a `threading.Lock` will do."""

    def acquire(self, blocking: bool = True) -> bool:
        """Take it; False when it is somebody else's."""

    def release(self) -> None:
        """Let it go."""


@dataclass(slots=True)
class Work:
    """One worker's jobs. Each gives counts of what it did."""

    app: App
    name: str
    told: str
    """The same in words, for another process that wants to begin."""
    world: World
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the worker is to end: a delivery then begins no more mails."""
    turn: Turn | None = None
    """Held by somebody else who does the worker's part for a while: a rehearsal whose clock
    is being put forward. Ticks and deliveries are then left out."""
    drained: bool = True
    """Nothing that was under way had to be given up when it ended."""

    @classmethod
    def of(cls, app: App) -> "Work":
        """Make the work of this process.

        Raises: SchemaError, StoreError when the database is not ready.
        """
        world = replace(app.world, via=Via.WORKER)
        now = utc_now()
        machine, process = socket.gethostname(), getpid()
        return cls(
            app,
            name=f"{machine}:{process}:{now:%Y%m%dT%H%M%S.%fZ}",
            told=f"{machine}, pid {process}, {now:%Y-%m-%d %H:%M:%S} UTC",
            world=world,
        )

    def jobs(self) -> dict[str, Job]:
        """Give what is done at each beat, in the order of `work --once`."""
        return {
            "alive": self.alive,
            "tick": self.tick,
            "checkpoint": self.checkpoint,
            "deliver": self.deliver,
            "papers": self.papers,
        }

    async def alive(self) -> Mapping[str, Any]:
        """Say that this worker lives, and look after the others."""
        await asyncio.to_thread(workers.beat, self.world, self.name, self.app.clock)
        return {}

    async def tick(self) -> Mapping[str, Any]:
        """Do what has come due."""
        with self._in_turn() as mine:
            done = await asyncio.to_thread(clockwork.tick, self.world) if mine else {}
        await asyncio.to_thread(workers.note_tick, self.world, self.name, self.app.clock)
        return done

    async def checkpoint(self) -> Mapping[str, Any]:
        """Take the day's checkpoint when nobody has."""
        to = self.app.config.mail.checkpoint_to
        taken = await asyncio.to_thread(evidence.checkpoint_of_the_day, self.world, to)
        return {"chains": len(taken["chains"])} if taken else {}

    async def deliver(self) -> Mapping[str, Any]:
        """Send mail as long as there is some."""
        app = self.app
        sender, stop = app.sender(), self.stop.is_set
        with self._in_turn() as mine:
            if not mine:
                return {}
            return await deliver(self.world, app.write, sender, stop=stop, pace=app.pace)

    async def papers(self) -> Mapping[str, Any]:
        """Make the papers that somebody waits for."""
        app = self.app
        maker = Maker(
            world=self.world,
            clock=app.clock,
            worker=self.name,
            region=app.config.about.region,
        )
        return await asyncio.to_thread(make_papers, maker, self.stop.is_set)

    @contextmanager
    def _in_turn(self) -> Iterator[bool]:
        """Have the turn meanwhile; False when somebody else has it."""
        mine = self.turn is None or self.turn.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine and self.turn is not None:
                self.turn.release()


# ---- beating ---------------------------------------------------------------------------


async def run(app: App, beats: Beats = BEATS) -> bool:
    """Work until SIGTERM or SIGINT; False when something did not finish in time.

    The first signal lets what is under way finish; a second ends the process at once.
    Raises: SchemaError, StoreError when the database is not ready; Locked when it is
        busy, or another process works on the same SQLite file.
    """
    work = Work.of(app)
    with occupy(app.database.file, work.told), _signals(work.stop):
        async with at_work(work, beats):
            await work.stop.wait()
    return work.drained


@asynccontextmanager
async def at_work(work: Work, beats: Beats = BEATS) -> AsyncIterator[None]:
    """Beat meanwhile; at the end let what is under way finish, and note that it ended.

    An SQLite file must be occupied by the caller.
    Raises: Locked, StoreError when it cannot begin.
    """
    await asyncio.to_thread(workers.begin, work.world, work.name, work.app.clock)
    logger.info("worker begins", extra={"event": "worker_begins", "worker": work.name})
    beating = asyncio.create_task(_beat_until_stopped(work, beats))
    try:
        yield
    finally:
        work.stop.set()
        work.drained = await beating
        await _say_ended(work)
        told = {"event": "worker_ends", "worker": work.name, "drained": work.drained}
        logger.info("worker ends", extra=told)


async def _say_ended(work: Work) -> None:
    """Say that the worker ended in order; a database that is gone does not keep it."""
    try:
        await asyncio.to_thread(workers.end, work.world, work.name, work.app.clock)
    except WorkflowError as error:
        logger.warning("end not noted", extra={"event": "end_not_noted", "reason": error.en})


async def _beat_until_stopped(work: Work, beats: Beats) -> bool:
    running: set[asyncio.Task[Any]] = set()
    scheduler = _scheduler(work, beats, running)
    scheduler.start()
    while not work.stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(work.stop.wait(), beats.deliver)
        keep_beating(scheduler, utc_now())
    scheduler.pause()
    late = await _finish(running, beats.patience)
    scheduler.shutdown(wait=False)  # it would cancel what runs: therefore after
    return not late


def _scheduler(work: Work, beats: Beats, running: set[asyncio.Task[Any]]) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, job in work.jobs().items():
        every = getattr(beats, name)
        scheduler.add_job(
            partial(_look, name, job, running),
            IntervalTrigger(seconds=every, timezone=UTC),
            id=name,
            name=name,
            next_run_time=utc_now(),
        )
    return scheduler


async def _look(name: str, job: Job, running: set[asyncio.Task[Any]]) -> None:
    """Do a job, and say what came of it. Whatever goes wrong, the next beat tries again."""
    task = asyncio.current_task()
    if task is not None:
        running.add(task)
        task.add_done_callback(running.discard)
    try:
        done = await job()
    except WorkflowError as error:
        logger.warning("job waits", extra={"event": f"{name}_waits", "reason": error.en})
    except Exception:
        logger.exception("job failed", extra={"event": f"{name}_failed"})
    else:
        if any(done.values()):
            logger.info("job done", extra={"event": name, **done})


def keep_beating(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Let a job look at once whose next look lies far ahead: the clock was put back.

    APScheduler reckons in wall time, and would be silent until it has come again.
    """
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > 2 * job.trigger.interval:
            job.modify(next_run_time=now)


async def _finish(running: set[asyncio.Task[Any]], patience: float) -> set[asyncio.Task[Any]]:
    """Wait for what is under way; gives what was not done in time."""
    if not running:
        return set()
    _, late = await asyncio.wait(set(running), timeout=patience)
    for task in late:
        logger.error("job did not end", extra={"event": "job_did_not_end"})
        task.cancel()
    return late


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Let the first SIGTERM or SIGINT ask for an end, and the next one end at once."""
    loop = asyncio.get_running_loop()
    wanted = (signal.SIGTERM, signal.SIGINT)

    def ask() -> None:
        stop.set()
        for one in wanted:
            loop.remove_signal_handler(one)
            signal.signal(one, signal.SIG_DFL)

    for one in wanted:
        loop.add_signal_handler(one, ask)
    try:
        yield
    finally:
        for one in wanted:
            loop.remove_signal_handler(one)


# ---- once ------------------------------------------------------------------------------


async def work_once(app: App) -> dict[str, Any]:
    """Do each job once, one after the other; gives what each did.

    Raises: SchemaError, StoreError, Locked; see `run`.
    """
    work = Work.of(app)
    with occupy(app.database.file, work.told):
        await asyncio.to_thread(workers.begin, work.world, work.name, app.clock)
        try:
            done = {name: dict(await job()) for name, job in work.jobs().items() if name != "alive"}
        finally:
            await _say_ended(work)
    return {"worker": work.name, **done}
