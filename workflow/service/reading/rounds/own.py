"""The rounds that a person has a place in."""

from typing import Final

from workflow.core.errors import NotFound
from workflow.service.seeing import Seen, see_round
from workflow.service.world import World
from workflow.store.database import Connection
from workflow.store.finding import rounds_with
from workflow.store.mergers import ended_into, going_into

__all__ = ["MOST", "own_rounds"]

MOST: Final = 12
"""Rounds that are read at once, the last opened first; any other is read on its own."""


def own_rounds(world: World, connection: Connection, email: str, *, most: int = MOST) -> list[Seen]:
    """Look at the latest rounds that a person has a place in.

    Raises: NotFound when nobody has the address.
    """
    actor = world.actor(connection, email, world.now(connection))
    held = set(actor.holds).union(*(one.holds for one in actor.stands_in_for))
    found = []
    units = {place.unit for place in held}
    ended = ended_into(connection, world.today(world.now(connection)))
    units |= {earlier for unit in units for earlier in going_into(ended, unit)}
    for round_id in rounds_with(connection, units, most):
        try:
            found.append(see_round(world, connection, round_id, email))
        except NotFound:  # a unit of theirs is in it, but in no role that it knows
            continue
    return found
