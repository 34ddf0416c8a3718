"""The service on a database of a test, with an organisation and a clock of its own."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.support.clock import Clock
from workflow.core.facts import Via
from workflow.service.people import organisation
from workflow.service.running import installation
from workflow.service.world import World
from workflow.store.database import Database

__all__ = ["open_world"]


def open_world(database: Database, folder: Path, clock: Clock) -> World:
    """Open a world on an empty database, with the organisation of a folder imported.

    The clock is the given one; chance counts upwards.
    """
    salt = _counted()
    made = installation.install(database, clock=clock, salt=salt, rehearsal=False, os_user=None)
    world = World(
        database=database, clock=clock, salt=salt, via=Via.COMMAND, installation=made.name
    )
    organisation.bring_in(world, folder)
    return world


def _counted() -> Callable[[], str]:
    grains = count(1)
    return lambda: f"{next(grains):032x}"
