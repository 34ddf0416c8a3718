"""Kills a program that works, again and again, and counts what is lost.

The journal is kept outside the program: what it said it would do, and what it said it
had done. The mail server is outside it too. After the last kill what the database holds
is compared with both.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from random import Random
from threading import Thread
from time import perf_counter
from typing import Any

from notifications.post import deliver, writer
from notifications.smtp import SmtpSender, SmtpSettings
from tests.crash.victim import LANES
from tests.service.worlds import Stage
from tests.support.smtp_server import Received, SmtpServer
from workflow.service.running import evidence
from workflow.service.world import World
from workflow.store.database import Database

ROOT = Path(__file__).parents[2]
STEP = timedelta(minutes=20)
"""Between two lives: longer than a lease, and so that days pass."""
EVERY = 25
"""After so many kills the log is verified in between."""
PATIENCE_S = 60.0


class Sink:
    """A real mail server in a thread of its own."""

    def __init__(self) -> None:
        self.server = SmtpServer()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Sink":
        self._do(self.server.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self.server.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE_S)

    @property
    def received(self) -> list[Received]:
        """What it has taken over, oldest first."""
        return list(self.server.received)


@dataclass
class Journal:
    """What the victim said, life by life."""

    wishes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Every request that it tried, by id."""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What it said it had done."""
    unanswered: list[str] = field(default_factory=list)
    """Of the last life: tried and not answered."""
    in_doubt: int = 0
    """How many were not answered in their life, over all."""
    waits: Counter[str] = field(default_factory=Counter)
    """What made it wait."""
    to_work: list[float] = field(default_factory=list)
    """Seconds from the start of a life to its first answer, by warm and fresh alike."""

    def hear(self, told: dict[str, Any], began: float) -> None:
        """Take in a line."""
        if "try" in told:
            wish = told["try"]
            self.wishes[wish["request_id"]] = wish
            if wish["request_id"] not in self.unanswered:
                self.unanswered.append(wish["request_id"])
        if "again" in told:
            self.waits[told["error"]] += 1
        if "did" in told:
            if not any(one.get("life") == began for one in self.answers.values()):
                self.to_work.append(perf_counter() - began)
            self.unanswered.remove(told["did"])
            known = self.answers.setdefault(told["did"], {**told["answer"], "life": began})
            assert known["version"] == told["answer"]["version"], "two answers to one request"


@dataclass
class Nursery:
    """The warm parent: it forks lives, and is never killed itself."""

    program: subprocess.Popen[bytes]
    rest: bytes = b""
    said: deque[bytes] = field(default_factory=deque)

    def tell(self, told: dict[str, Any]) -> None:
        """Say how the next life begins."""
        assert self.program.stdin
        self.program.stdin.write((json.dumps(told) + "\n").encode())
        self.program.stdin.flush()

    def hear(self, until: float) -> dict[str, Any] | None:
        """Give the next that is said; None when nothing is until an instant."""
        assert self.program.stdout
        while not self.said:
            left = max(until - perf_counter(), 0)
            ready, _, _ = select.select([self.program.stdout], [], [], left)
            if not ready:
                return None
            data = os.read(self.program.stdout.fileno(), 2**16)
            if not data:
                return {"gone": self.program.pid}
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.said += lines
        told: dict[str, Any] = json.loads(self.said.popleft())
        return told


@contextmanager
def start(url: str, port: int, how: str) -> Iterator[Nursery]:
    """Start the program, warm or fresh."""
    command = [sys.executable, "-W", "error", "-m", "tests.crash.victim", url, str(port), how]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as program:
        try:
            yield Nursery(program)
        finally:
            program.kill()


@dataclass
class Report:
    """What a run found, in figures."""

    kills: int
    acts: int
    in_doubt: int
    mails: int
    doubles: int
    most_copies: int
    slowest_start_s: float
    waits: dict[str, int]
    lost_acts: list[str]
    lost_mails: list[str]
    strange: list[str]
    """Whatever else is not as it should be, in words."""

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, and doubles are within what was promised."""
        return not (self.lost_acts or self.lost_mails or self.strange)


class Run:
    """One database, one mail server, and lives that end by SIGKILL."""

    def __init__(self, stage: Stage, url: str, seed: int) -> None:
        self.stage = stage
        self.url = url
        self.chance = Random(seed)
        self.seed = seed
        self.journal = Journal()
        self.kills = 0
        self.strange: list[str] = []
        self.grown = 0
        self.began = perf_counter()

    def go(self, warm: int, fresh: int) -> Report:
        """Kill so many forked lives, then so many fresh processes; give what was found."""
        with Sink() as sink:
            self.sink = sink
            with start(self.url, sink.server.port, "warm") as nursery:
                self._live(nursery, kill=False)
                for number in range(warm):
                    self._live(nursery, kill=True)
                    if number % EVERY == EVERY - 1:
                        self._prove()
            for _ in range(fresh):
                with start(self.url, sink.server.port, "fresh") as process:
                    self._live(process, kill=True)
            self._drain()
            self._prove()
            return self._report()

    def go_through(self, trouble: Callable[[int], None], times: int) -> tuple[Report, list[float]]:
        """Let one life go on through some trouble, so many times; give what was found, and
        how many seconds passed each time until something was answered again."""
        recoveries = []
        with Sink() as sink:
            self.sink = sink
            with start(self.url, sink.server.port, "fresh") as process:
                process.tell({"at": self.stage.at[0].isoformat(), "seed": self.seed, "repeat": []})
                for number in range(times):
                    self._hear_answers(process, 20)
                    trouble(number)
                    over = perf_counter()
                    while (told := process.hear(0)) is not None:  # said before or meanwhile
                        self.journal.hear(told, self.began)
                        assert perf_counter() < over + PATIENCE_S, self.journal.waits
                    self._hear_answers(process, 1)
                    recoveries.append(perf_counter() - over)
                self._hear_answers(process, 20)
                process.program.kill()
                self.kills += 1
                self._hear_answers(process, 10**9)
            self._drain()
            self._prove()
            return self._report(), recoveries

    def _hear_answers(self, process: Nursery, count: int) -> None:
        until = perf_counter() + PATIENCE_S
        while count:
            told = process.hear(until)
            if told is None:
                raise AssertionError("the program hangs")
            self.journal.hear(told, self.began)
            if "gone" in told:
                return
            count -= "did" in told

    # ---- a life ----------------------------------------------------------------------

    def _live(self, nursery: Nursery, *, kill: bool) -> None:
        """Let a life begin, and end at a random instant: before its first act or after."""
        journal = self.journal
        self.stage.at[0] += STEP
        journal.in_doubt += len(journal.unanswered)
        repeat = [journal.wishes[one] for one in journal.unanswered]
        seed = self.chance.getrandbits(48)
        nursery.tell({"at": self.stage.at[0].isoformat(), "seed": seed, "repeat": repeat})
        waits = self.chance.random() < 0.7
        pause: float | None = self.chance.uniform(0, 0.12)
        began = perf_counter()
        deadline = began + PATIENCE_S
        child = 0
        while True:
            told = nursery.hear(deadline)
            if told is None:
                if not kill or not child:
                    raise AssertionError("the program hangs")
                os.kill(child, signal.SIGKILL)
                self.kills += 1
                child, deadline = 0, perf_counter() + PATIENCE_S
                continue
            journal.hear(told, began)
            if "gone" in told:
                return
            child = told.get("pid", child)
            if kill and child and pause is not None and (not waits or "did" in told):
                deadline, pause = perf_counter() + pause, None

    # ---- afterwards --------------------------------------------------------------------

    def _world(self) -> World:
        return self.stage.world

    def _drain(self) -> None:
        """Let the program go on without being killed until no mail waits."""
        write = writer(base_url="http://localhost:8000", sender="B <b@region.example>")
        settings = SmtpSettings(
            host="127.0.0.1",
            port=self.sink.server.port,
            tls="none",
            envelope_from="b@region.example",
            helo="harness.example",
            lanes=LANES,
        )
        with start(self.url, self.sink.server.port, "warm") as nursery:
            self._live(nursery, kill=False)  # what was not answered is repeated
        for _ in range(20):
            self.stage.at[0] += timedelta(hours=1)
            asyncio.run(deliver(self._world(), write, SmtpSender(settings)))
            if not self._rows("SELECT id FROM messages WHERE state = 'queued'"):
                return
        self.strange.append("mail still waits after 20 hours")

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.stage.rows(sql)

    def _prove(self) -> None:
        """Verify the log, and the file."""
        verdict = evidence.prove(self._world())
        if not verdict.ok:
            self.strange.append(f"verify after {self.kills} kills: {verdict.problems[:3]}")
        if verdict.entries < self.grown:
            self.strange.append("the log is shorter than it was")
        self.grown = verdict.entries
        database: Database = self._world().database
        if database.dialect == "sqlite":
            found = self._rows("PRAGMA integrity_check") + self._rows("PRAGMA foreign_key_check")
            if found != [("ok",)]:
                self.strange.append(f"integrity: {found[:3]}")

    def _report(self) -> Report:
        lost = self._lost_acts()
        sent = self._sent()
        copies = Counter(name for name, _ in sent)
        doubles = sum(copies.values()) - len(copies)
        self._examine_mail(sent, copies)
        if doubles > self.kills * LANES:
            self.strange.append(f"{doubles} doubles after {self.kills} kills")
        wanted = {
            row[0] for row in self._rows("SELECT message_id FROM messages WHERE state='sent'")
        }
        return Report(
            kills=self.kills,
            acts=len(self.journal.answers),
            in_doubt=self.journal.in_doubt,
            mails=len(copies),
            doubles=doubles,
            most_copies=max(copies.values(), default=0),
            slowest_start_s=max(self.journal.to_work, default=0.0),
            waits=dict(self.journal.waits),
            lost_acts=lost,
            lost_mails=sorted(wanted - set(copies)),
            strange=self.strange,
        )

    def _lost_acts(self) -> list[str]:
        """Compare the journal with the log: each answered act stands there once, at the
        version that was answered, and nothing that nobody wished for."""
        entries = self._rows(
            "SELECT case_id, case_version, transition FROM entries WHERE via = 'worker'"
            " AND kind = 'transition' ORDER BY chain, number"
        )
        there = Counter(tuple(row) for row in entries)
        known = {row[0] for row in self._rows("SELECT id FROM requests")}
        lost = []
        for name, wish in self.journal.wishes.items():
            answer = self.journal.answers.get(name)
            if answer is None or name not in known:
                lost.append(f"{name}: {wish['transition']} {wish['case']}")
            elif there[wish["case"], answer["version"], wish["transition"]] != 1:
                lost.append(f"{name}: not once in the log")
        if len(entries) != len(self.journal.wishes):
            self.strange.append(f"{len(entries)} in the log, {len(self.journal.wishes)} wished")
        versions = defaultdict(list)
        for case, version, _ in self._rows(
            "SELECT case_id, case_version, number FROM entries WHERE case_id IS NOT NULL"
            " ORDER BY chain, number"
        ):
            versions[case].append(version)
        self.strange += [f"gap in {case}" for case, seen in versions.items() if _gap(seen)]
        return lost

    def _sent(self) -> list[tuple[str, bytes]]:
        return [
            (str(message_from_bytes(one.body)["Message-ID"]).strip("<>"), one.body)
            for one in self.sink.received
        ]

    def _examine_mail(self, sent: list[tuple[str, bytes]], copies: Counter[str]) -> None:
        """See that what arrived is what was frozen, and how often at most."""
        frozen: dict[str, tuple[Any, ...]] = {
            row[0]: row[1:] for row in self._rows("SELECT message_id, body, fence FROM messages")
        }
        for name, body in sent:
            known = frozen.get(name)
            if known is None or bytes(known[0] or b"").replace(b"\r\n", b"\n") != body.replace(
                b"\r\n", b"\n"
            ):
                self.strange.append(f"{name} arrived with other bytes than were frozen")
        self.strange += [
            f"{name} came {count} times in {frozen[name][1]} claims"
            for name, count in copies.items()
            if name in frozen and count > frozen[name][1]
        ]
        unsaid = self._rows(
            "SELECT id FROM tasks t WHERE state = 'inlamnat' AND NOT EXISTS"
            " (SELECT 1 FROM messages m WHERE m.task_id = t.id)"
        )
        self.strange += [f"{row[0]} was told to nobody" for row in unsaid]
        for what, sql in (
            (
                "two digests a day",
                "SELECT 1 FROM messages WHERE digest_on IS NOT NULL"
                " GROUP BY person_id, digest_on, kind HAVING count(*) > 1",
            ),
            (
                "two checkpoints a day",
                "SELECT 1 FROM messages WHERE kind = 'checkpoint'"
                " GROUP BY message_id HAVING count(*) > 1",
            ),
            (
                "open incident",
                "SELECT 1 FROM incidents WHERE closed_at IS NULL AND kind NOT IN ('worker')",
            ),
        ):
            if self._rows(sql):
                self.strange.append(what)


def _gap(versions: list[int]) -> bool:
    """Say whether the versions of a case, as they stand in the log, go back or leap."""
    return any(b - a not in (0, 1) for a, b in pairwise(versions))
