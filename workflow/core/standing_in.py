"""Standing in for somebody: who acts for whom, who is told along with whom, for how long.

A substitute has what the person they stand in for holds at that instant, never more:
`Actor.stands_in_for` and `Facts.stand_ins` are made from the holders' own grants of the
day, so that nothing is left of a substitution when the role behind it ends, and nothing
of it can be passed on. Who holds a place acts there in their own name.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from workflow.core.days import say_day
from workflow.core.errors import BadInput
from workflow.core.facts import Actor, Facts, Place

__all__ = [
    "LONGEST",
    "acting_at",
    "check_days",
    "done_by",
    "only_for",
    "stood_in_for",
    "told_at",
    "ways_to_act",
]

LONGEST: Final = 366
"""Days, both ends counted: a year, and a leap year too."""


def ways_to_act(actor: Actor, place: Place | None) -> tuple[Actor, ...]:
    """Give how a person may act at a place, one way at least.

    In their own name when they hold it, or when nobody they stand in for does; else
    for each of those, by rising id.
    """
    if actor.on_behalf_of is not None or place is None or place in actor.holds:
        return (actor,)
    ways = tuple(
        replace(actor, holds=one.holds, on_behalf_of=one.person)
        for one in actor.stands_in_for
        if place in one.holds
    )
    return ways or (actor,)


def acting_at(actor: Actor, place: Place | None) -> Actor | None:
    """Give a person as they act at a place; None when they may not."""
    way = ways_to_act(actor, place)[0]
    return way if place in way.holds else None


def only_for(actor: Actor, person: int) -> Actor | None:
    """Give somebody as they act for one person; None when they do not stand in for them."""
    for one in actor.stands_in_for:
        if one.person == person:
            return replace(actor, holds=one.holds, on_behalf_of=person, stands_in_for=(one,))
    return None


def done_by(actor: Actor | None) -> dict[str, object]:
    """Give what a mail keeps of who did something, and for whom; nothing for the operator."""
    if actor is None:
        return {}
    if actor.on_behalf_of is None:
        return {"by": actor.person}
    return {"by": actor.person, "by_for": actor.on_behalf_of}


def stood_in_for(actor: Actor) -> tuple[str, str]:
    """Name the one whom somebody acts for, in Swedish and English, to begin a sentence."""
    for one in actor.stands_in_for:
        if one.person == actor.on_behalf_of:
            return f"{one.name}, som du är ersättare för,", f"{one.name}, for whom you stand in,"
    return "Den du är ersättare för", "The one you stand in for"


def told_at(
    facts: Facts, places: Collection[Place]
) -> Mapping[Place, Mapping[int, tuple[int, ...]]]:
    """Give who is told at each place: its holders, each with (), and then those who stand
    in for them, each with whom they stand in for."""
    holders, stand_ins = facts.holders(places), facts.stand_ins(places)
    told: dict[Place, dict[int, tuple[int, ...]]] = {}
    for place in places:
        there: dict[int, tuple[int, ...]] = dict.fromkeys(holders[place], ())
        for substitute, holder in stand_ins[place]:
            if substitute not in holders[place]:
                there[substitute] = (*there.get(substitute, ()), holder)
        told[place] = there
    return told


def check_days(from_on: date, to_on: date, today: date) -> None:
    """See that somebody may be stood in for from one day to another, both included.

    Raises: BadInput when it begins before today, ends before it begins, or is longer
    than a year.
    """
    if from_on < today:
        raise BadInput(
            f"Från och med {say_day(from_on)} går inte, det har varit. Tidigast i dag:"
            f" {say_day(today)}.",
            f"{say_day(from_on, 'en')} has passed. At the earliest today: {say_day(today, 'en')}.",
        )
    if to_on < from_on:
        raise BadInput(
            f"Till och med {say_day(to_on)} är före första dagen, {say_day(from_on)}.",
            f"The last day, {say_day(to_on, 'en')}, is before the first, {say_day(from_on, 'en')}.",
        )
    if (to_on - from_on).days + 1 > LONGEST:
        raise BadInput(
            "En ersättare utses för högst ett år i taget. Välj en tidigare sista dag (--to).",
            "A substitute is appointed for a year at most. Choose an earlier last day (--to).",
        )
