"""Ways out that stay in memory and answer as they are told, and a delivery over them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from notifications.deliver import Lane, Sender
from notifications.pace import Pace, Watch
from notifications.post import RENEW_S, Writer, deliver, never, writer
from tests.service.worlds import ROOT, ROUND, Stage
from workflow.core.facts import MessageDraft, MessageKind
from workflow.service.mail import mailroom
from workflow.service.world import World
from workflow.store import outbox

WRITE = writer(base_url="http://localhost:8000", sender="B <b@region.example>")

Answer = Exception | str


@dataclass
class Sink:
    """Takes every mail, and fails where it is told to.

    An answer that is an exception is raised; a list is used up, one answer a mail, and
    what comes after it is taken.
    """

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    """Name and bytes of what was taken, in order."""
    failures: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    """By address; `*` for every other."""
    lanes: int = 1
    opened: int = 0
    """How many lanes have been opened."""
    reached: list[tuple[str, str]] = field(default_factory=list)
    """Name and address of every attempt, in order."""
    before: Callable[[str], None] = lambda _: None
    """Called with the name of each mail as it comes."""

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[Lane]:
        """Open one."""
        self.opened += 1
        yield self

    async def send(self, message_id: str, to: str, body: bytes) -> str:
        """Take a mail over."""
        self.before(message_id)
        self.reached.append((message_id, to))
        await asyncio.sleep(0)
        told = self.failures.get(to, self.failures.get("*"))
        if isinstance(told, list):
            told = told.pop(0) if told else None
        if isinstance(told, Taken):
            self.sent.append((message_id, body))
        if isinstance(told, Exception):
            raise told.failure if isinstance(told, Taken) else told
        self.sent.append((message_id, body))
        return told or "250 ok"


class Taken(Exception):
    """The mail is taken, and then this failure comes."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Hand:
    """A watch whose short sleeps pass at once, and whose long ones (a claim's renewal) end
    when the hand is moved."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._waiting: list[asyncio.Event] = []

    def time(self) -> float:
        """Give where the hand stands."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Pass a short time, or wait for the hand to be moved."""
        if seconds < RENEW_S:
            self.slept.append(seconds)
            self.now += seconds
            await asyncio.sleep(0)
            return
        moved = asyncio.Event()
        self._waiting.append(moved)
        await moved.wait()

    async def move(self, seconds: float) -> None:
        """Let time pass: everybody who waits for long looks up, does what they do, and
        waits again."""
        self.now += seconds
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.set()
        while len(self._waiting) < len(waiting):  # noqa: ASYNC110 - whoever waits tells nobody
            await asyncio.sleep(0.001)


def put_many(stage: Stage, count: int) -> list[str]:
    """Put mails that tell where the round stands, each to another person as far as there
    are; gives their names, oldest first."""
    before = stage.rows("SELECT count(*) FROM messages WHERE message_id LIKE 'nr%'")[0][0]
    people = [row[0] for row in stage.rows("SELECT id FROM people ORDER BY id")]
    state = stage.rows("SELECT state FROM cases WHERE id = :id", id=ROOT)[0][0]
    drafts = [
        MessageDraft(
            person=people[number % len(people)],
            kind=MessageKind.DECISION,
            ref=f"nr{before + number}",
            case=ROOT,
            content={"state": state},
        )
        for number in range(count)
    ]
    with stage.world.database.write() as connection:
        outbox.put(connection, ROUND, drafts, stage.at[0], "x.region.example")
    return [
        row[0]
        for row in stage.rows(
            "SELECT message_id FROM messages WHERE message_id LIKE 'nr%' ORDER BY id"
        )
    ]


def message(stage: Stage, name: str) -> dict[str, Any]:
    """Give what the outbox says of one mail."""
    return mailroom.show(stage.world, name)


def post(
    stage: Stage | World,
    sender: Sender,
    write: Writer = WRITE,
    *,
    stop: Callable[[], bool] = never,
    pace: Pace | None = None,
    watch: Watch | None = None,
) -> dict[str, int]:
    """Deliver what is due, from beginning to end."""
    world = stage.world if isinstance(stage, Stage) else stage
    return asyncio.run(deliver(world, write, sender, stop=stop, pace=pace, watch=watch))


def clear(stage: Stage) -> None:
    """Send what the way here has put."""
    post(stage, Sink())


def states(stage: Stage) -> list[tuple[str, str]]:
    """Give address and state of the messages about what was handed in, oldest first."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT people.email, state FROM messages JOIN people ON people.id = person_id"
            " WHERE task_id LIKE '%.underlag.%#2' ORDER BY messages.id"
        )
    ]


def queued(stage: Stage) -> list[tuple[str, str]]:
    """Give name and address of what waits, in the order it leaves."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT message_id, people.email FROM messages JOIN people ON people.id = person_id"
            " WHERE state = 'queued' ORDER BY messages.next_try_at, messages.id"
        )
    ]


def later(stage: Stage, seconds: float) -> None:
    """Let time pass."""
    stage.at[0] += timedelta(seconds=seconds)
