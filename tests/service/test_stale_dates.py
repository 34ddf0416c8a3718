"""A milestone is moved a hundred times while reminders queue and mails fail, wait and die
half-way: no mail that was claimed after a move tells a day from before it."""

import asyncio
import re
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from random import Random
from threading import Lock

from notifications.deliver import TemporaryFailure, UnclearFailure
from notifications.post import deliver, writer
from tests.service.worlds import ROUND, Stage, local
from workflow.core import plan
from workflow.core.days import MONTHS
from workflow.service import clockwork, extending
from workflow.service.mail import letters
from workflow.service.mail.gathering import gather
from workflow.service.moving import move_milestone
from workflow.service.running import evidence
from workflow.service.world import ZONE
from workflow.store.claims import LEASE

WRITE = writer(base_url="http://localhost:8000", sender="B <b@region.example>")
MOVES = 100
DAY = re.compile(r"(?:mån|tis|ons|tors|fre|lör|sön) (\d{1,2}) (\w+)( \d{4})?")
GIVEN_UP = re.compile(r"451 later|cut after the final dot")
WRITTEN_ON = re.compile(rf"{DAY.pattern}: (?=\d)")
"""The day on which it was written, in the subject of one about several things."""
BEFORE = re.compile(r"Förut: [^.]*\.")
"""What a mail says of the day that was."""


@dataclass
class History:
    """What was true when: the last days of everything that is open, after each change."""

    stage: Stage
    known: list[tuple[datetime, set[date]]] = field(default_factory=list)
    changing: Lock = field(default_factory=Lock)
    """Held while something is moved and noted: the lanes of the post run at once."""

    def note(self) -> None:
        """Let a second pass, and keep what is true from then on.

        A claim of the second before may have come before the change, or after it.
        """
        self.stage.at[0] += timedelta(seconds=1)
        due = self.stage.rows("SELECT due_at FROM tasks WHERE closed_at IS NULL")
        asked = self.stage.rows("SELECT until_on FROM extensions WHERE answer IS NULL")
        plans = self.stage.rows("SELECT last_on FROM milestones")
        days = {plan.due_on(_instant(one[0]), ZONE) for one in due if one[0]}
        days |= {_date(one[0]) for one in (*asked, *plans) if one[0]}
        self.known.append((self.stage.at[0], days))

    def since(self, instant: datetime) -> set[date]:
        """Give every day that was true at an instant or became so later."""
        then = max((at for at, _ in self.known if at <= instant), default=self.known[0][0])
        return {day for at, days in self.known if at >= then for day in days}


def _instant(value: object) -> datetime:
    """Read an instant that came past the program: text on SQLite."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(f"{value}+00:00")


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@dataclass
class Doubtful:
    """A sender that reads every mail, and takes it, or not, or breaks."""

    history: History
    chance: Random
    meanwhile: Callable[[], None]
    lanes: int = 2
    read: int = 0
    wrong: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def lane(self) -> AsyncIterator["Doubtful"]:
        """Give the one way there is."""
        yield self

    async def send(self, message_id: str, to: str, body: bytes) -> str:  # noqa: ARG002
        """Read a mail, and answer as it happens."""
        await to_thread(self._read, message_id, body)
        if self.chance.random() < 0.05:
            await to_thread(self.meanwhile)
        outcome = self.chance.random()
        if outcome < 0.3:
            raise TemporaryFailure("451 later")
        if outcome < 0.4:
            raise UnclearFailure("cut after the final dot")
        return "250"

    def _read(self, message_id: str, body: bytes) -> None:
        with self.history.changing:
            self._compare(message_id, body)

    def _compare(self, message_id: str, body: bytes) -> None:
        stage = self.history.stage
        (found,) = stage.rows(
            "SELECT claimed_until FROM messages WHERE message_id = :id", id=message_id
        )
        claimed_at = _instant(found[0]) - LEASE
        mail = message_from_bytes(body, policy=default)
        told = days_in(mail, stage.at[0].date())
        allowed = self.history.since(claimed_at)
        self.read += 1
        self.kinds.add(mail["X-Beredning-Kind"])
        # What went wrong is told with the day on which it did, which is nobody's last day.
        if mail["X-Beredning-Kind"] != "incident" and not told <= allowed:
            self.wrong.append(f"{message_id}: {sorted(told - allowed)} {mail['Subject']}")


def days_in(mail: EmailMessage, today: date) -> set[date]:
    """Give every day that a mail names as one that holds."""
    plain = mail.get_body(("plain",))
    text = plain.get_content() if plain else ""
    text = BEFORE.sub("", " ".join(text.split()))
    found = set()
    subject = WRITTEN_ON.sub("", mail["Subject"])
    for day, month, year in DAY.findall(f"{subject} {text}"):
        if month in MONTHS["sv"]:
            number = MONTHS["sv"].index(month) + 1
            found.add(date(int(year or today.year), number, int(day)))
    return found


def post(stage: Stage, sender: Doubtful) -> None:
    """Send what is due."""
    asyncio.run(deliver(stage.world, WRITE, sender))


def die(stage: Stage, chance: Random) -> None:
    """Be a worker that is killed with mails in its hands: claimed, or frozen as well."""
    claimed = letters.claim(stage.world, 4)
    if chance.random() < 0.6:
        facts = [(one, gather(stage.world, one)) for one in claimed if one.body is None]
        written = [(one, told.to_email, WRITE(told).body) for one, told in facts if told]
        letters.freeze(stage.world, written)


def test_no_mail_claimed_after_a_move_tells_an_old_day(groundwork: Stage) -> None:
    """A hundred moves and a few extensions, with ticks, mails and deaths in between."""
    chance = Random(2009)
    stage, history = groundwork, History(groundwork)
    groundwork.post()
    stage.put("2009-02-09", "08:00")
    history.note()
    used: list[date] = []

    def move() -> None:
        with history.changing:
            move_once()

    def move_once() -> None:
        near = (stage.at[0].date() + timedelta(days=n) for n in range(-2, 30))
        day = chance.choice([day for day in near if day not in used[-24:]])
        used.append(day)
        stage.at[0] += timedelta(seconds=1)
        move_milestone(stage.world, ROUND, "grundarbete", day, reason="Flytt")
        history.note()

    def extend() -> None:
        unit = chance.choice(stage.units("verksamhet"))
        task = f"{stage.case('underlag', unit)}#1"
        (due,) = stage.rows("SELECT due_at FROM tasks WHERE id = :id", id=task)
        on = max(plan.due_on(_instant(due[0]), ZONE), stage.at[0].date()) + timedelta(days=3)
        extending.grant(stage.world, task, on, reason="Anstånd", email=stage.boss(unit))
        history.note()

    sender = Doubtful(history, chance, move)
    while len(used) < MOVES:
        what = chance.random()
        if what < 0.4:
            move()
        elif what < 0.45:
            extend()
        elif what < 0.7:
            post(stage, sender)
        elif what < 0.8:
            die(stage, chance)
        else:
            stage.put(f"{stage.at[0].date() + timedelta(days=1)}", "08:00")
            clockwork.tick(stage.world)
        stage.at[0] += timedelta(seconds=chance.choice([0, 5, 70, 3600, 5 * 3600]))

    for _ in range(30):  # everything leaves in the end
        stage.at[0] += timedelta(hours=8)
        clockwork.tick(stage.world)
        post(stage, sender)

    assert [] == sender.wrong
    assert sender.read > 200
    assert {"dates", "reminder", "extension"} <= sender.kinds
    assert True is evidence.prove(stage.world).ok
    # Whoever is told "later" for four days gives up; nothing fails in any other way.
    failed = "SELECT error FROM messages WHERE state = 'failed'"
    assert [] == [one for one in stage.rows(failed) if not GIVEN_UP.search(str(one[0]))]


def test_the_reader_sees_a_stale_day() -> None:
    """The reader of the test above finds what it is to find."""
    mail = EmailMessage(policy=default)
    mail["Subject"] = "Prioriteringar, Underlag X: till fre 27 feb"
    mail.set_content("Sista dag är lör 28\nfeb. Förut: sön 1 mars. Planen: mån 2 mars 2010.")

    found = days_in(mail, local("2009-02-01").date())

    assert {date(2009, 2, 27), date(2009, 2, 28), date(2010, 3, 2)} == found
