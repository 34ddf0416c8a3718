"""The program that is killed: it acts, ticks and delivers without end, and says what it did.

    python -m tests.crash.victim URL PORT warm       fork a life for every line on stdin
    python -m tests.crash.victim URL PORT fresh      live the one life of the first line

A line on stdin is JSON: `at`, the instant the life begins; `seed`, the chance it acts by;
`repeat`, the wishes that were not answered before the last kill, which are made first and
with the same ids. What it says on stdout is one JSON object on a line, each written at
once: {"pid"}, {"try": wish}, {"did": id, "answer"}, {"gone"}.

Mail leaves over TCP to a server that is not part of it. The clock is the life's own: it
begins where it is told and goes a second forward at each act.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from threading import Event, Thread
from traceback import print_exc
from typing import Any

from notifications.post import deliver, writer
from notifications.smtp import SmtpSender, SmtpSettings
from workflow.core.errors import Locked, StoreError, WorkflowError
from workflow.core.facts import Via
from workflow.service import clockwork
from workflow.service.acts import Wish, act
from workflow.service.running import evidence, workers
from workflow.service.running.installation import look
from workflow.service.world import World
from workflow.store.database import Database

OBJEKT = {"objekt": [{"tillstand": "Påhittat", "atgard": "Påhittad", "typ": "effektivisering"}]}
WARM_ACTS = 6
LANES = 4
PAUSE_S = 0.05
WITNESS = "registrator@region.example"


def say(told: Mapping[str, Any]) -> None:
    """Say a line, at once and whole."""
    os.write(1, (json.dumps(told) + "\n").encode())


@dataclass
class Life:
    """One life of the program."""

    world: World
    at: list[datetime]
    chance: Random
    port: int
    stop: Event

    @classmethod
    def begin(cls, url: str, port: int, told: Mapping[str, Any]) -> "Life":
        """Open the database as a start of the program does."""
        database = Database(url)
        at, salts = [datetime.fromisoformat(told["at"])], Random(f"salt {told['seed']}")
        world = World(
            database=database,
            clock=lambda _: at[0],
            salt=lambda: f"{salts.getrandbits(128):032x}",
            via=Via.WORKER,
            installation=look(database).name,
            sender_domain="region.example",
        )
        return cls(world, at, Random(told["seed"]), port, Event())

    def act_without_end(self, repeat: list[dict[str, Any]], limit: int | None = None) -> None:
        """Repeat what was not answered, then go on with whatever can be done."""
        done = 0
        for wish in repeat:
            self._do(wish)
        while not self.stop.is_set() and (limit is None or done < limit):
            done += 1
            wish = self._patiently(self._wish)
            if wish is None:
                return
            self._do(wish)
            self.at[0] += timedelta(seconds=1)

    def _do(self, wish: dict[str, Any]) -> None:
        say({"try": wish})
        while True:
            try:
                answer = act(self.world, Wish(**wish))
            except (Locked, StoreError) as error:
                self._told_to_wait(wish["request_id"], error)
                continue
            say({"did": wish["request_id"], "answer": answer})
            return

    def _wish(self) -> dict[str, Any]:
        """Choose an underlag, and something that can be done with it."""
        with self.world.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT c.id, c.state, c.version, c.unit,"
                " (SELECT count(*) FROM questions q WHERE q.case_id = c.id AND q.answer IS NULL)"
                " FROM cases c WHERE c.kind = 'underlag' AND c.ended_at IS NULL ORDER BY c.id"
            ).all()
            case, state, version, unit, asked = self.chance.choice(rows)
            chief, boss = _people(connection, unit)
            numbers = connection.exec_driver_sql(
                "SELECT number FROM questions WHERE answer IS NULL AND case_id = '" + case + "'"
            ).all()
        wish: dict[str, Any] = {"case": case, "version": version, "email": chief, "data": {}}
        if state == "utkast":
            answers = {str(row[0]): "Omkring 60." for row in numbers} if asked else {}
            wish["transition"] = "lamna_in"
            wish["data"] = {"rows": OBJEKT} | ({"answers": answers} if answers else {})
        elif self.chance.random() < 0.5:
            wish["transition"] = "ta_tillbaka"
        else:
            wish |= {"transition": "aterlamna", "email": boss}
            wish["data"] = {"questions": ["Hur många?"]}
        return wish | {"request_id": f"{self.chance.getrandbits(128):032x}"}

    def tick_without_end(self) -> None:
        """Look at the clock again and again, as a worker does."""
        name = f"victim:{os.getpid()}:{self.chance.getrandbits(32)}"
        self._patiently(lambda: workers.begin(self.world, name, self.world.clock))
        while not self.stop.wait(0.002):
            self._patiently(lambda: clockwork.tick(self.world))
            self._patiently(lambda: evidence.checkpoint_of_the_day(self.world, WITNESS))
            self._patiently(lambda: workers.note_tick(self.world, name, self.world.clock))

    def deliver_without_end(self) -> None:
        """Send whatever is due, over several connections."""
        write = writer(base_url="http://localhost:8000", sender="B <b@region.example>")
        settings = SmtpSettings(
            host="127.0.0.1",
            port=self.port,
            tls="none",
            envelope_from="b@region.example",
            helo="victim.example",
            lanes=LANES,
        )

        async def go_on() -> None:
            while not self.stop.is_set():
                await deliver(self.world, write, SmtpSender(settings), stop=self.stop.is_set)
                await asyncio.sleep(0.002)

        self._patiently(lambda: asyncio.run(go_on()))

    def _patiently(self, call: Callable[[], Any]) -> Any:
        while not self.stop.is_set():
            try:
                return call()
            except (Locked, StoreError) as error:
                self._told_to_wait("", error)
        return None

    def _told_to_wait(self, what: str, error: WorkflowError) -> None:
        say({"again": what, "error": error.en})
        self.stop.wait(PAUSE_S)

    def live(self, repeat: list[dict[str, Any]], limit: int | None = None) -> None:
        """Do all of it at once, until killed; or until so many acts are done."""
        helpers = [
            Thread(target=target, daemon=True)
            for target in (self.tick_without_end, self.deliver_without_end)
        ]
        for one in helpers:
            one.start()
        self.act_without_end(repeat, limit)
        self.stop.set()
        for one in helpers:
            one.join()
        self.world.database.close()


def _people(connection: Any, unit: str) -> tuple[str, str]:
    """Give the chief of a unit, and of the one above it."""
    found = connection.exec_driver_sql(
        "SELECT g.role, p.email FROM grants g JOIN people p ON p.id = g.person_id"
        f" WHERE (g.role = 'verksamhetschef' AND g.unit = '{unit}') OR (g.role = 'driftenhetschef'"
        f" AND g.unit = (SELECT parent FROM units WHERE key = '{unit}')) ORDER BY g.id"
    ).all()
    held = {row[0]: row[1] for row in reversed(found)}
    return held["verksamhetschef"], held["driftenhetschef"]


def _live(url: str, port: int, told: Mapping[str, Any]) -> None:
    """Live until killed; a bug ends it too, and is told."""
    try:
        Life.begin(url, port, told).live(told["repeat"])
    finally:
        print_exc()
        os._exit(1)


def main() -> None:
    """Live as told."""
    url, port, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    first = True
    for line in sys.stdin:
        told = json.loads(line)
        if how == "fresh":
            say({"pid": os.getpid()})
            _live(url, port, told)
        if first:  # what is compiled once is compiled before the forks
            first = False
            Life.begin(url, port, told).live(told["repeat"], limit=WARM_ACTS)
            say({"gone": 0})
            continue
        child = os.fork()
        if child == 0:
            say({"pid": os.getpid()})
            _live(url, port, told)
        os.waitpid(child, 0)
        say({"gone": child})


if __name__ == "__main__":
    main()
