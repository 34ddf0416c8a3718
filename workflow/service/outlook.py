"""What goes out in the days to come if nobody does anything.

The clock itself is run ahead in a trial (`store.trial`), and every mail it puts is taken
through the outbox as if it were delivered; then all of it is undone. So the numbers are
those of the days themselves, holidays, substitutes and ended roles included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from workflow.core import plan
from workflow.core.facts import MessageKind
from workflow.core.mail import MailFacts
from workflow.service import clockwork
from workflow.service.desks import Desk, open_desk
from workflow.service.mail import letters
from workflow.service.mail.gathering import gather_in
from workflow.service.mail.letters import Attempt, Outcome
from workflow.service.world import ZONE, World
from workflow.store import incidents, installation, people
from workflow.store.claims import Claimed, gate
from workflow.store.database import Connection
from workflow.store.facts import lock_round
from workflow.store.trial import try_out
from workflow.store.wakes import next_wake

__all__ = ["Outlook", "OutlookDay", "OutlookMail", "look_ahead"]

DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookMail:
    """A mail that will go."""

    at: datetime
    kind: MessageKind
    to_name: str
    """Empty for an address that stands in the settings."""
    to_email: str
    about: tuple[str, ...]
    """Titles of the cases and milestones that it tells of."""
    waits: bool
    """It has been put already."""
    rounds: tuple[str, ...]
    """Ids of the rounds that it tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookDay:
    """One local day."""

    on: date
    mails: tuple[OutlookMail, ...]
    moved: int
    """How many cases go on by themselves, since their deadline has passed."""
    incidents: int
    """How many things come to need a person."""

    @property
    def people(self) -> int:
        """How many different addresses get something."""
        return len({one.to_email for one in self.mails})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The days to come, today first."""

    days: tuple[OutlookDay, ...]
    held: bool
    """No mail leaves at the moment: this is what will go when it is let go."""


def look_ahead(world: World, *, days: int = DAYS, language: str = "sv") -> Outlook:
    """Give what goes on each of some days, the rest of today first, and change nothing.

    Raises: Locked, StoreError.
    """
    with try_out(world.database) as trial, trial.read() as connection:
        now = world.now(connection)
        for round_id, _ in incidents.rounds_told(connection, None):
            lock_round(connection, round_id)  # else the clock leaves out what others hold
        held, _ = gate(connection)
        installation.let_mail_go(connection)
        ahead = _Ahead(replace(world, database=trial, mail_hold=False), connection, language)
        first = world.today(now)
        edges = [plan.day_start(first + timedelta(days=n), ZONE) for n in range(days + 1)]
        shown = [ahead.day(max(start, now), end) for start, end in pairwise(edges)]
        return Outlook(days=tuple(shown), held=held is not None or world.mail_hold)


class _Ahead:
    """A clock that runs ahead."""

    def __init__(self, world: World, connection: Connection, language: str) -> None:
        self.world, self.connection, self.language = world, connection, language
        self.began = world.now(connection)
        self.desks: dict[str, Desk] = {}

    def day(self, start: datetime, end: datetime) -> OutlookDay:
        """Let a day pass."""
        mails: list[OutlookMail] = []
        moved = found = 0
        at: datetime | None = start
        while at is not None:
            still = _at(self.world, at)
            done = clockwork.tick(still)
            moved, found = moved + done["moved"], found + done["incidents"]
            mails += self._leave(still, at)
            at = self._next(at, end)
        return OutlookDay(
            on=self.world.today(start), mails=tuple(mails), moved=moved, incidents=found
        )

    def _next(self, at: datetime, end: datetime) -> datetime | None:
        """Give the next instant of the day at which the clock finds something."""
        composed = plan.wall_time(self.world.today(at), self.world.remind_at, ZONE)
        come = [one for one in (next_wake(self.connection, at), composed) if one is not None]
        return min((one for one in come if at < one < end), default=None)

    def _leave(self, still: World, at: datetime) -> Iterator[OutlookMail]:
        """Let what is due go, as `notifications.post` does."""
        while claimed := letters.claim(still):
            told = [(one, gather_in(still, self.connection, one)) for one in claimed]
            sent = [
                (one, facts)
                for one, facts in told
                if (not one.task_closed if one.body is not None else facts is not None)
            ]
            ours = {one.id for one, _ in sent}
            letters.freeze(
                still,
                [(one, self._address(one, facts), one.body or b"-") for one, facts in sent],
                withdrawn=[one for one in claimed if one.id not in ours],
            )
            letters.settle(
                still,
                [Attempt(claimed=one, outcome=Outcome.SENT, answer="") for one, _ in sent],
            )
            for one, facts in sent:
                yield self._shown(one, facts, at)

    def _shown(self, claimed: Claimed, facts: MailFacts | None, at: datetime) -> OutlookMail:
        known = people.people_by_id(self.connection, [claimed.person] if claimed.person else [])
        return OutlookMail(
            at=at,
            kind=MessageKind(claimed.kind),
            to_name=next((one.name for one in known.values()), ""),
            to_email=self._address(claimed, facts),
            about=tuple(self._about(facts)) if facts else (),
            waits=claimed.put_at < self.began,
            rounds=tuple(sorted(_rounds(claimed))),
        )

    @staticmethod
    def _address(claimed: Claimed, facts: MailFacts | None) -> str:
        return facts.to_email if facts else claimed.to_address or ""

    def _about(self, facts: MailFacts) -> Sequence[str]:
        named = [(one.round, one.case) for one in facts.tasks]
        if facts.case and facts.round:
            named.append((facts.round, facts.case))
        titles = [self._title(round_id, case) for round_id, case in named]
        titles += [one.title for one in facts.invitations]
        titles += [one.title for one in facts.milestones]
        return list(dict.fromkeys(title for title in titles if title))

    def _title(self, round_id: str, case_id: str) -> str:
        if round_id not in self.desks:
            self.desks[round_id] = open_desk(
                self.world, self.connection, round_id, self.language, self.began
            )
        desk = self.desks[round_id]
        case = desk.facts.case(case_id)
        if case is None:
            return ""
        return desk.round_title if case.parent is None else desk.case_title(case)


def _at(world: World, at: datetime) -> World:
    """Give a world whose clock stands."""
    return replace(world, clock=lambda _: at)


def _rounds(claimed: Claimed) -> set[str]:
    told = claimed.content.get("reminders", ())
    return {one["round"] for one in told} | ({claimed.round} if claimed.round else set())
