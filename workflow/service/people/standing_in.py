"""Who acts, and for whom: settled from addresses before anything is decided."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from workflow.core.errors import NoRight, Reason
from workflow.core.facts import Actor
from workflow.core.standing_in import only_for
from workflow.service.world import World
from workflow.store import people
from workflow.store.database import Connection

__all__ = ["names_of", "who_acts"]

Pair = tuple[int, int | None]
"""A person, and the one they did something for; None when for nobody."""


def who_acts(
    world: World, connection: Connection, email: str, on_behalf_of: str | None, now: datetime
) -> Actor:
    """Give who acts; only for the one they say, if they say it.

    Raises: NotFound for an address; NoRight when they do not stand in for that one.
    """
    actor = world.actor(connection, email, now)
    if on_behalf_of is None:
        return actor
    absent = world.actor(connection, on_behalf_of, now)
    if absent.person == actor.person:
        return replace(actor, stands_in_for=())
    found = only_for(actor, absent.person)
    if found is None:
        sv = f"Du är inte ersättare för {absent.name} just nu. Se `beredning substitute list`."
        en = f"You do not stand in for {absent.name} now. See `beredning substitute list`."
        raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
    return found


def names_of(connection: Connection, pairs: Iterable[Pair], language: str) -> dict[Pair, str]:
    """Give how each pair is named: "Bo Alm", or "Bo Alm för Eva Ek" for a substitute."""
    asked = set(pairs)
    ids = {person for pair in asked for person in pair if person is not None}
    known = people.people_by_id(connection, ids) if ids else {}
    link = " for " if language == "en" else " för "
    return {
        pair: link.join(known[one].name for one in pair if one is not None and one in known)
        for pair in asked
    }
