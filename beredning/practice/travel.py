"""The time machine of the demo: days go by, people do their part, mails go out.

A journey runs in a thread of its own, one at a time, and always ends in the morning of a
day: the day's mails have come, and nobody has done anything yet. A day that was cut off
in the middle, if only by taking the power away, is finished when the demo is opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from logging import getLogger
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from beredning.app import App
from beredning.practice.demo import AWAKE, wake
from beredning.practice.lines import DEMO
from beredning.practice.memory import Memory, recall, recall_round, remember
from beredning.practice.playing import Play
from workflow.core import phrases, plan
from workflow.core.errors import refused
from workflow.core.facts import Via
from workflow.core.revision import Revision
from workflow.service.world import ZONE
from workflow.store import rounds
from workflow.store.facts import read_round

__all__ = ["Deadline", "Destination", "Journey", "Others", "TimeMachine"]

logger = getLogger(__name__)

AFTER_THE_PLAN: Final = timedelta(days=60)
"""So long after the last day of its plan a round that is still not over is left waiting."""


class Destination(StrEnum):
    """Where a journey goes."""

    DAY = "dag"
    """The morning of the next day."""
    DEADLINE = "sista-dag"
    """The morning of the next last day in the plan."""
    END = "slut"
    """The morning after the round is over."""


class Others(StrEnum):
    """Who does their part on the way."""

    ALL = "alla"
    """Everybody; whoever is signed in has theirs done for them."""
    REST = "andra"
    """Everybody but whoever is signed in."""
    NOBODY = "ingen"
    """Nobody: only time passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A journey, under way or at its end."""

    to: Destination
    others: Others
    since: datetime
    """Where the clock stood when it began."""
    reached_on: date
    """The day whose morning has come."""
    until: date
    """The day it goes to at the latest."""
    under_way: bool = True
    broken: bool = False
    """Something went wrong on the way; the log says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A last day in the plan."""

    title: str
    """The milestone's."""
    on: date
    """The last day on which people work."""


class TimeMachine:
    """Puts the clock of one demo forward."""

    def __init__(self, app: App, folder: Path) -> None:
        """Take up the demo in a folder; finish a day that was cut off.

        Raises: BadInput when there is none that can be taken up; SchemaError, StoreError.
        """
        self.turn = Lock()
        """Held while a journey is under way: a worker leaves its beats out meanwhile."""
        self.journey: Journey | None = None
        """The last one; None before the first."""
        self._app = app
        self._folder = folder
        self._world = replace(app.world, via=Via.WEB, os_user=None)
        self._revision, self.round = self._find()
        self._arrived = Event()
        self._stopping = Event()
        self._starting = Lock()
        self._finish_what_was_cut_off()

    # ---- what there is -------------------------------------------------------------------

    @property
    def is_under_way(self) -> bool:
        """Say whether a journey is under way."""
        return self.journey is not None and self.journey.under_way

    def next_deadline(self, language: str = "sv") -> Deadline | None:
        """Give the first last day in the plan on which people work after today."""
        with self._world.database.read() as connection:
            today = self._world.today(self._world.now(connection))
            found = rounds.list_milestones(connection, self.round)
            year = read_round(connection, self.round).year
        days = [(_worked_on(one["due_at"]), str(one["key"])) for one in found if one["due_at"]]
        on, key = min((one for one in days if one[0] > today), default=(today, ""))
        if not key:
            return None
        title = self._revision.title(self._revision.definition.milestone[key], language)
        return Deadline(title=phrases.fill(title, year=year), on=on)

    def is_over(self) -> bool:
        """Say whether the round is over."""
        with self._world.database.read() as connection:
            (row,) = rounds.list_rounds(connection, self._world.now(connection), only=self.round)
        return row["closed_at"] is not None

    # ---- travelling ----------------------------------------------------------------------

    def travel(self, to: Destination, others: Others, email: str | None) -> None:
        """Begin a journey; `email` is of who is signed in.

        Raises: Refused when one is under way, or there is nowhere to go.
        """
        with self._starting:
            if self.is_under_way or self._stopping.is_set():
                raise refused(
                    "under_way",
                    "Klockan är redan på väg. Vänta tills den är framme.",
                    "The clock is on its way already. Wait until it has arrived.",
                )
            themselves = (email,) if email and others is Others.REST else ()
            memory = recall(self._folder, self._revision.definition)
            memory = replace(memory, others=others.value, themselves=themselves)
            self.journey = Journey(
                to=to,
                others=others,
                since=self._clock(),
                reached_on=memory.day,
                until=self._until(to, memory.day),
            )
            self._arrived.clear()
            Thread(target=self._go, args=(memory,), name="journey").start()

    def wait(self, seconds: float) -> bool:
        """Wait for the journey to end; False when it has not."""
        return self._arrived.wait(seconds)

    def stop(self) -> None:
        """End a journey at the next morning, and begin no other."""
        self._stopping.set()
        if self.is_under_way:
            self._arrived.wait()

    def _go(self, memory: Memory) -> None:
        try:
            with self.turn, self._player(memory) as play:
                while not self._is_there(play):
                    memory = _pass_a_day(play, memory)
                    self._note(reached_on=memory.day)
                self._rest(memory)
            self._note(under_way=False)
        except Exception:
            logger.exception("journey failed", extra={"event": "journey_failed"})
            self._note(under_way=False, broken=True)
        finally:
            self._arrived.set()

    def _note(
        self, *, reached_on: date | None = None, under_way: bool = True, broken: bool = False
    ) -> None:
        if self.journey:
            reached = reached_on or self.journey.reached_on
            self.journey = replace(
                self.journey, reached_on=reached, under_way=under_way, broken=broken
            )

    def _is_there(self, play: Play) -> bool:
        journey = self.journey
        if journey is None or self._stopping.is_set() or journey.reached_on >= journey.until:
            return True
        return journey.to is Destination.END and play.closed()

    def _until(self, to: Destination, today: date) -> date:
        """Give the day that a journey ends on at the latest.

        Raises: Refused.
        """
        if to is Destination.DAY:
            return today + timedelta(days=1)
        ahead = self.next_deadline()
        if to is Destination.DEADLINE:
            if ahead is None:
                raise refused(
                    "no_deadline",
                    "Planen har ingen sista dag kvar. Gå en dag i taget, eller till slutet.",
                    "The plan has no last day ahead. Go one day at a time, or to the end.",
                )
            return ahead.on
        if self.is_over():
            raise refused(
                "over",
                "Omgången är redan avslutad. Gå en dag i taget, eller börja om demon.",
                "The round is over already. Go one day at a time, or begin the demo anew.",
            )
        return max(self._last_day(), today) + AFTER_THE_PLAN

    def _last_day(self) -> date:
        with self._world.database.read() as connection:
            found = rounds.list_milestones(connection, self.round)
        days: list[date] = [one["last_on"] for one in found if one["last_on"]]
        return max(days)

    def _finish_what_was_cut_off(self) -> None:
        memory = recall(self._folder, self._revision.definition)
        if not self._is_past_the_morning_of(memory.day):
            return
        with self.turn, self._player(memory) as play:
            while self._is_past_the_morning_of(memory.day):
                memory = _pass_a_day(play, memory)
            self._rest(memory)

    def _is_past_the_morning_of(self, day: date) -> bool:
        return self._clock() > plan.wall_time(day, AWAKE, ZONE)

    def _rest(self, memory: Memory) -> None:
        remember(self._folder, replace(memory, others="", themselves=()))

    # ---- the round -----------------------------------------------------------------------

    def _find(self) -> tuple[Revision, str]:
        known = recall_round(self._folder)
        with self._world.database.read() as connection:
            fact = read_round(connection, known)
            return rounds.load_revision(connection, fact.revision), known

    def _clock(self) -> datetime:
        with self._world.database.read() as connection:
            return self._world.now(connection)

    @contextmanager
    def _player(self, memory: Memory) -> Iterator[Play]:
        play = Play(
            world=self._world,
            by_itself=replace(self._world, via=Via.WORKER),
            revision=self._revision,
            round_id=self.round,
            out=self._folder,
            cast=memory.cast,
            chance=memory.cast.chance,
            at=[self._clock()],
            keep=self._world.set_clock,
            write=self._app.write,
            lines=DEMO,
            themselves=frozenset(memory.themselves),
        )
        remember(self._folder, memory)
        try:
            yield play
        finally:
            play.loop.close()


def _worked_on(due_at: datetime) -> date:
    last = plan.due_on(due_at, ZONE)
    return last if plan.is_working_day(last) else plan.working_day_before(last)


def _pass_a_day(play: Play, memory: Memory) -> Memory:
    """Let the rest of a day pass and the next one begin; gives what is had in mind then."""
    memory.cast.chance.seed(f"{memory.seed}-{memory.day}")  # whatever was done before it
    if memory.others != Others.NOBODY:
        play.work(memory.day)
    tomorrow = memory.day + timedelta(days=1)
    wake(play, tomorrow)
    later = replace(memory, day=tomorrow)
    remember(play.out, later)
    return later
