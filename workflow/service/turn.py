"""One round, held for a while by the clock: what it is led by, and whom it alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.core.definition import Definition
from workflow.core.facts import IncidentDraft, Place
from workflow.core.revision import Revision
from workflow.core.roles import leader_place
from workflow.service.running.incidents import tell
from workflow.service.world import World
from workflow.store.database import Connection
from workflow.store.facts import LockedRound, StoredFacts
from workflow.store.incidents import open_incidents
from workflow.store.rounds import load_revision
from workflow.store.save import Stamp

__all__ = ["Turn", "alarm", "begin_turn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One locked round, looked at by the clock."""

    world: World
    connection: Connection
    locked: LockedRound
    revision: Revision
    facts: StoredFacts
    now: datetime
    stamp: Stamp

    @property
    def definition(self) -> Definition:
        """The round's process."""
        return self.revision.definition

    @property
    def leader(self) -> Place | None:
        """Where the round is led."""
        return leader_place(self.definition, self.facts)


def begin_turn(world: World, connection: Connection, locked: LockedRound, now: datetime) -> Turn:
    """Take up a round that is locked."""
    return Turn(
        world=world,
        connection=connection,
        locked=locked,
        revision=load_revision(connection, locked.fact.revision),
        facts=StoredFacts(connection, locked.fact, world.today(now)),
        now=now,
        stamp=world.stamp(now),
    )


def alarm(turn: Turn, incidents: Sequence[IncidentDraft]) -> int:
    """Open incidents of the round, and tell those who lead it of what is new; gives how many."""
    round_id = turn.locked.fact.id
    new = open_incidents(turn.connection, round_id, incidents, turn.now)
    if new:
        tell(turn.world, turn.connection, new, round_id, turn.now)
    return len(new)
