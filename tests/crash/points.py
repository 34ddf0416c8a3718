"""Kills the program once at each place where something becomes so: commits, sends, files.

    python -m tests.crash.points FOLDER

A point is named by the function whose transaction is committed, by the mail that is
handed over, or by the file that is written, and whether it is before or after. A verb is
run once to hear which points it comes by; then, for each of them, it is run anew in a
process that kills itself there. Afterwards the database must be as it was before, or as
it is after an undisturbed run when the verb is one transaction; and when it is more,
running it again must end where an undisturbed run does.

Answers with a JSON document: the points that were hit, and what was wrong.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sqlalchemy import event

from notifications.deliver import FolderSender, Lane
from notifications.post import deliver, writer
from tests.crash.verbs import VERBS, Verb
from tests.service.worlds import Photo, Stage, invent, load_process, make_stage
from workflow.core.errors import BadInput, Refused, Stale, WorkflowError
from workflow.service.running import evidence
from workflow.store.database import Database

SEAMS = ("_transaction", "write", "migrating")
"""Functions of the store that lie between a commit and the one whose commit it is."""
OWN = ("workflow.", "notifications.", "beredning.")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Listener:
    """What happens at a point: it is noted, or it is the end."""

    folder: Path
    fatal: str = ""
    heard: list[str] = field(default_factory=list)

    def reach(self, point: str) -> None:
        """Come by a point."""
        if point not in self.heard:
            self.heard.append(point)
        if point == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(self) -> None:
        """Hear of every commit and every file from now on, in this process."""
        made = Database._make_engine

        def make(database: Database, **options: Any) -> Any:
            engine = made(database, **options)
            if options["writes"]:
                event.listen(engine, "connect", self._wrap)
            return engine

        Database._make_engine = make  # type: ignore[method-assign]
        sys.addaudithook(self._hear_of_files)

    def _wrap(self, connection: Any, record: Any) -> None:
        record.dbapi_connection = _Connection(connection, self)

    def _hear_of_files(self, what: str, given: tuple[Any, ...]) -> None:
        if what == "open" and isinstance(given[0], str | bytes | os.PathLike):
            mode, flags = given[1] or "", given[2] or 0
            if set("wax+") & set(mode) or flags & WRITING:
                self._note_file("open", os.fsdecode(given[0]))
        elif what == "os.rename":
            self._note_file("rename", os.fsdecode(given[0]))

    def _note_file(self, what: str, name: str) -> None:
        path = Path(name)
        if path.is_relative_to(self.folder) and not path.name.endswith(("-wal", "-shm")):
            function = _caller()
            if function:
                self.reach(f"{function}: before {what}")


class _Connection:
    """A driver's connection that says when it commits."""

    def __init__(self, connection: Any, listener: Listener) -> None:
        self._connection = connection
        self._listener = listener

    def commit(self) -> None:
        caller = _caller()
        self._listener.reach(f"{caller}: before commit")
        self._connection.commit()
        self._listener.reach(f"{caller}: after commit")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _caller() -> str:
    """Name the function of ours that is at work, past the seams; empty when none is."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        name = frame.f_code.co_name
        seam = module == "workflow.store.database" and name in SEAMS
        if module.startswith(OWN) and not seam:
            return f"{module}.{name}"
        frame = frame.f_back
    return ""


@dataclass
class Tapped:
    """The folder as a way for mail, which says when a mail is handed over."""

    sender: FolderSender
    listener: Listener
    lanes: int = 1

    def lane(self) -> AbstractAsyncContextManager[Lane]:
        """Open the way."""
        return self._lane()

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[Lane]:
        async with self.sender.lane() as lane:
            yield _TappedLane(lane, self.listener)


@dataclass
class _TappedLane:
    lane: Lane
    listener: Listener

    async def send(self, message_id: str, to: str, body: bytes) -> str:
        self.listener.reach("notifications.post: before send")
        answer = await self.lane.send(message_id, to, body)
        self.listener.reach("notifications.post: after send")
        return answer


# ---- running a verb in a process of its own --------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    died: bool
    points: list[str]
    error: str
    stands: str
    """A digest of everything in the database; empty where there is none."""
    counts: dict[str, int]


class Trial:
    """One verb, on a copy of the database for each run."""

    def __init__(self, verb: Verb, photo: Photo, base: Path, folder: Path) -> None:
        self.verb = verb
        self.photo = photo
        self.base = base
        self.folder = folder
        self.kept = folder / "kept.db"

    def prepare(self) -> None:
        """Bring the database to where the verb can be used."""
        self.folder.mkdir()
        shutil.copy(self.base, self.kept)
        stage = self._stage(self.kept)
        self.verb.prepare(stage)
        stage.world.database.close()
        self.at = stage.at[0]

    def tried(self, fatal: str) -> tuple[Outcome, Outcome, Outcome]:
        """Run it on a fresh copy until it dies at a point; give how that was, how the
        database stands then, and how it ends when it is run again."""
        run = self._place(fatal)
        first = self._fork(run, fatal, self.verb.run)
        stands = self._fork(run, "", lambda _: None)
        again = self._fork(run, "", self._again)
        return first, stands, again

    def undisturbed(self) -> tuple[Outcome, Outcome]:
        """Give how it stands before, and after a run that nothing ends."""
        run = self._place("undisturbed")
        before = self._fork(run, "", lambda _: None)
        return before, self._fork(run, "", self.verb.run)

    def _again(self, stage: Stage) -> None:
        stage.at[0] += timedelta(seconds=61)  # longer than a lease
        for left in stage.folder.glob("*.part*"):
            left.unlink()  # as the sentence about it says
        try:
            self.verb.run(stage)
        except (Refused, Stale, BadInput) as error:
            if not self.verb.refuses_twice:
                raise AssertionError(error.en) from error

    def _place(self, name: str) -> Path:
        run = self.folder / sha256(name.encode()).hexdigest()[:12]
        run.mkdir()
        shutil.copy(self.kept, run / "x.db")
        return run

    def _stage(self, file: Path) -> Stage:
        database = Database(f"sqlite:///{file}")
        stage = self.photo.stage.another(database)
        at = [self.at if hasattr(self, "at") else self.photo.at]
        world = self.verb.world(stage.world, at)
        stage.world, stage.at, stage.outbox = world, at, file.parent / "mail"
        stage.folder = file.parent
        return stage

    def _fork(self, run: Path, fatal: str, what: Callable[[Stage], Any]) -> Outcome:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                os.write(writing, json.dumps(self._live(run, fatal, what)).encode())
            finally:
                os._exit(0)  # whatever it was, the rest is the parent's
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return Outcome(True, [], "", "", {})
        return Outcome(False, **json.loads(said))

    def _live(self, run: Path, fatal: str, what: Callable[[Stage], Any]) -> dict[str, Any]:
        listener = Listener(run, fatal)
        listener.listen()
        stage = self._stage(run / "x.db")
        stage.post = lambda *_: _post(stage, listener)  # type: ignore[method-assign]
        error = ""
        try:
            what(stage)
        except Exception as caught:  # noqa: BLE001 - told, with its place
            error = f"{type(caught).__name__}: {caught} {extract_tb(caught.__traceback__)[-2:]}"
        try:
            verdict = evidence.prove(stage.world)
            error += "" if verdict.ok else f" verify: {verdict.problems[:2]}"
            whole = stage.rows("PRAGMA integrity_check")
            error += "" if whole == [("ok",)] else f" integrity: {whole}"
            stands, counts = _digest(stage), stage.counts()
        except WorkflowError:  # there is no database yet
            stands, counts = "", {}
        return {"points": listener.heard, "error": error, "stands": stands, "counts": counts}


def _post(stage: Stage, listener: Listener) -> dict[str, int]:
    write = writer(base_url="http://localhost:8000", sender="B <b@region.example>")
    sender = Tapped(FolderSender(stage.outbox), listener)
    return asyncio.run(deliver(stage.world, write, sender))


def _digest(stage: Stage) -> str:
    return sha256(repr(sorted(stage.everything().items())).encode()).hexdigest()


# ---- all of them -----------------------------------------------------------------------

MAY_DIFFER = ("refusals", "entries", "entry_payloads")
"""Counts that a second run may raise: it notes that it was tried."""


def examine(trial: Trial) -> Iterator[tuple[str, str]]:
    """Kill a verb at each of its points; give each point and what was wrong, if anything."""
    before, after = trial.undisturbed()
    if before.error or after.error:
        yield "undisturbed", before.error or after.error
    for point in after.points:
        first, stands, again = trial.tried(point)
        wrong = "" if first.died else f"was not hit {first.error}"
        wrong += stands.error or again.error
        if trial.verb.one and stands.stands not in (before.stands, after.stands):
            wrong += " halfway"
        if trial.verb.one and _expected(point, before, after) not in ("", stands.stands):
            wrong += " at the commit: not as it should be"
        differ = [
            f"{name} {again.counts.get(name)} instead of {count}"
            for name, count in after.counts.items()
            if name not in MAY_DIFFER and again.counts.get(name) != count
        ]
        if trial.verb.ends_alike and differ:
            wrong += f" in the end {differ}"
        yield point, wrong


def _expected(point: str, before: Outcome, after: Outcome) -> str:
    """Give how a database stands at a point of a verb that is one transaction."""
    if point.endswith("before commit"):
        return before.stands
    return after.stands if point.endswith("after commit") else ""


def main() -> None:
    """Try every verb."""
    folder = Path(sys.argv[1]).absolute()
    wanted = sys.argv[2:]
    revision, base = load_process(), folder / "base.db"
    people = invent(revision, folder, units=4)
    database = Database(f"sqlite:///{base}")
    database.create()
    stage = make_stage(database, revision, people, folder, folder / "mail")
    stage.begin_groundwork()
    photo = Photo(stage, stage.at[0], {})
    database.close()
    hit: dict[str, list[str]] = {}
    wrong: list[str] = []
    for name, verb in VERBS.items():
        if wanted and name not in wanted:
            continue
        trial = Trial(verb, photo, base, folder / name)
        trial.prepare()
        for point, error in examine(trial):
            hit.setdefault(point, []).append(name)
            if error:
                wrong.append(f"{name} at {point}: {error}")
        shutil.rmtree(trial.folder)
    print(json.dumps({"hit": hit, "wrong": wrong}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
