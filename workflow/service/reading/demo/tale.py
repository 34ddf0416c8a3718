"""What some days brought in a round, day by day, as whoever leads it sees it: for a demo."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.core.errors import NotFound
from workflow.core.facts import EntryKind
from workflow.core.roles import leader_place
from workflow.service.desks import open_desk
from workflow.service.reading.past.event import Event, Filter, Kind
from workflow.service.reading.past.events import Scope, every_event
from workflow.service.seeing import see_round
from workflow.service.world import World
from workflow.store import people, rounds
from workflow.store.mailbox import MailLeft, list_since

__all__ = ["Tale", "TaleDay", "tale_of"]

STEPS = (Kind.STEPS, Kind.DATES, Kind.REMARKS, Kind.ORGANISATION)
BY_HAND = (EntryKind.TRANSITION, EntryKind.SIGNED)
"""Entries of what a person did with a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaleDay:
    """What one day brought, in order of time."""

    on: date
    steps: tuple[Event, ...]
    mails: tuple[MailLeft, ...]
    """That went out, whoever to."""

    @property
    def taken(self) -> int:
        """Give how many steps people took."""
        return sum(one.entry in BY_HAND for one in self.steps)

    @property
    def returned(self) -> int:
        """Give how often something was sent back with questions."""
        return sum(is_return(one) for one in self.steps)

    @property
    def missing(self) -> int:
        """Give how many cases were carried as missing."""
        return sum(one.entry == EntryKind.MISSING for one in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """What some days brought."""

    days: tuple[TaleDay, ...]
    """Those on which anything happened, the first one first."""
    open_to: frozenset[str]
    """The cases that whoever reads it may look at."""


def is_return(event: Event) -> bool:
    """Say whether something was sent back with questions."""
    return event.entry == EntryKind.TRANSITION and any(s.as_ == "question" for s in event.said)


def tale_of(
    world: World, round_id: str, since: datetime, language: str, reader: str | None
) -> Tale:
    """Tell what has happened after an instant, to somebody or to nobody in particular.

    Nothing is told while nobody leads the round.

    Raises: Locked, StoreError.
    """
    email = _leader(world, round_id, language)
    days = () if email is None else tuple(_days(world, round_id, since, email))
    return Tale(days=days, open_to=_open_to(world, round_id, reader))


def _days(world: World, round_id: str, since: datetime, email: str) -> list[TaleDay]:
    wanted = Filter(since=world.today(since), kinds=frozenset(STEPS))
    found = every_event(world, email, Scope(round=round_id), wanted)
    steps: dict[date, list[Event]] = {}
    for one in sorted((one for one in found if one.at > since), key=lambda one: one.at):
        steps.setdefault(one.on, []).append(one)
    mails: dict[date, list[MailLeft]] = {}
    with world.database.read() as connection:
        for mail in list_since(connection, since):
            mails.setdefault(world.today(mail.at), []).append(mail)
    return [
        TaleDay(on=on, steps=tuple(steps.get(on, ())), mails=tuple(mails.get(on, ())))
        for on in sorted({*steps, *mails})
    ]


def _open_to(world: World, round_id: str, reader: str | None) -> frozenset[str]:
    if reader is None:
        return frozenset()
    with world.database.read() as connection:
        try:
            seen = see_round(world, connection, round_id, reader)
        except NotFound:  # they have no place in the round
            return frozenset()
        cases = rounds.list_cases(connection, round_id)
        return frozenset(case.id for case in cases if seen.sight.sees(case))


def _leader(world: World, round_id: str, language: str) -> str | None:
    """Give the address of who leads, of several one who reads the language."""
    with world.database.read() as connection:
        desk = open_desk(world, connection, round_id, language, world.now(connection))
        place = leader_place(desk.definition, desk.facts)
        held = desk.facts.holders((place,))[place] if place else ()
        known = people.people_by_id(connection, held).values()
    return min(known, key=lambda one: (one.language != language, one.id)).email if known else None
