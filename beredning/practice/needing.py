"""Invented people who open a case because they need one: an idea, a question, a poll."""

from datetime import date, time
from typing import TYPE_CHECKING, Final

from workflow.core import plan
from workflow.core.definition import Case
from workflow.core.facts import SeriesFact
from workflow.core.roles import place_of
from workflow.service.acts import Wish
from workflow.service.starting import open_one
from workflow.service.world import ZONE
from workflow.store.facts import StoredFacts, read_round
from workflow.store.people import people_by_id
from workflow.store.series import series_of_round

if TYPE_CHECKING:
    from beredning.practice.playing import Play

__all__ = ["open_what_is_needed"]

MORNING: Final = time(9, 0)
SOON: Final = 0.1
"""How likely the first of a kind is opened on a working day."""
MORE: Final = 0.01
"""And each later one."""
MOST: Final = 4
"""So many of a kind are enough to see."""


def open_what_is_needed(play: "Play", today: date) -> int:
    """Let somebody open what people open, now and then; gives how many were opened."""
    with play.world.database.read() as connection:
        series = [
            one
            for one in series_of_round(connection, play.round_id)
            if play.definition.case[one.kind].opened_by
        ]
    return sum(_open(play, one, today) for one in series if _is_wanted(play, one))


def _is_wanted(play: "Play", series: SeriesFact) -> bool:
    count = int(series.occasion or 0)
    return count < MOST and play.chance.random() < (MORE if count else SOON)


def _open(play: "Play", series: SeriesFact, today: date) -> int:
    kind = play.definition.case[series.kind]
    able = _able(play, series, kind, today)
    if not able:
        return 0
    unit, email = play.chance.choice(able)
    if email in play.themselves:
        return 0
    play.put(plan.wall_time(today, MORNING, ZONE))
    open_one(play.world, Wish(case=series.case, transition="", email=email), kind.key, unit)
    return 1


def _able(play: "Play", series: SeriesFact, kind: Case, today: date) -> list[tuple[str, str]]:
    """Give the units that one may be opened for, each with the address of who may."""
    with play.world.database.read() as connection:
        facts = StoredFacts(connection, read_round(connection, play.round_id), today)
        parent = facts.case(series.case)
        if parent is None or parent.ended_at is not None:
            return []
        kinds = kind.per or tuple(play.definition.unit)[:1]
        places = [
            (unit.key, place)
            for unit in facts.units(kinds)
            for role in kind.opened_by
            if (place := place_of(play.definition, facts, (role,), unit.key))
        ]
        held = facts.holders({place for _, place in places})
        known = people_by_id(connection, {one for people in held.values() for one in people})
        return sorted(
            (unit, known[person].email) for unit, place in places for person in held[place]
        )
