"""What people and roles that are changed by hand have in common with an import.

It goes the same way as a line of the organisation's files (`store.organisation`); the
next import leaves it alone until the files say something new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.core.facts import Actor, EntryDraft, EntryKind
from workflow.core.organisation import GrantLine, Organisation, PersonLine
from workflow.service.leading import check_leads_some
from workflow.service.world import World
from workflow.store import log
from workflow.store.database import Connection
from workflow.store.installation import mark_swept
from workflow.store.organisation import change_by_hand
from workflow.store.people import KnownPerson
from workflow.store.tables import FIRST_DAY

__all__ = ["Desk", "sit_down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One transaction in which something is changed by hand; no actor is the operator."""

    world: World
    connection: Connection
    now: datetime
    actor: Actor | None

    @property
    def today(self) -> date:
        """The local day."""
        return self.world.today(self.now)

    def save(self, person: KnownPerson, *lines: GrantLine) -> None:
        """Bring in one person, and grants of theirs."""
        line = PersonLine(
            key=person.key,
            email=person.email,
            name=person.name,
            language=person.language,
            party=person.party,
        )
        whole = Organisation(units=(), people=(line,), grants=lines)
        change_by_hand(self.connection, whole, self.now)
        mark_swept(self.connection, FIRST_DAY)  # if this process ends now, the next tick looks

    def note(self, kind: EntryKind, payload: Mapping[str, Any]) -> None:
        """Write an entry, with ids and no names."""
        actor = self.actor.person if self.actor else None
        entry = EntryDraft(kind=kind, actor=actor, payload=payload)
        self.world.note(self.connection, self.now, entry)


def sit_down(world: World, connection: Connection, email: str | None) -> Desk:
    """Begin a change, for whoever leads a process here, or for the operator.

    Raises: NotFound, NoRight.
    """
    log.load_chain(connection, log.INSTALLATION)  # one at a time: locks before people
    now = world.now(connection)
    actor = check_leads_some(world, connection, email, now)
    return Desk(world=world, connection=connection, now=now, actor=actor)
