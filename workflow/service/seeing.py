"""What a person who is signed in may look at: the one way from an address to a page.

Whatever they may not see is as if it were not there: NotFound, in the same words.
"""

from dataclasses import dataclass
from datetime import datetime

from workflow.core.course import last_filling
from workflow.core.definition import Definition, Table
from workflow.core.errors import NotFound
from workflow.core.facts import Actor, CaseFact, RoundFact
from workflow.core.revision import Revision
from workflow.core.sight import Sight, look
from workflow.service.desks import Desk
from workflow.service.world import World
from workflow.store import people, rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round, read_round_of
from workflow.store.people import KnownPerson

__all__ = ["Rights", "Seen", "nothing_there", "rights_of", "see_case", "see_round", "see_table"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One round as one person sees it."""

    desk: Desk
    """With titles in the person's language."""
    viewer: KnownPerson
    actor: Actor
    sight: Sight
    now: datetime

    @property
    def connection(self) -> Connection:
        """The open transaction."""
        return self.desk.connection

    @property
    def facts(self) -> StoredFacts:
        """What is asked of the round."""
        return self.desk.facts

    @property
    def revision(self) -> Revision:
        """The revision that the round runs on."""
        return self.desk.revision

    @property
    def definition(self) -> Definition:
        """The process."""
        return self.desk.definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What somebody may do with the installation as a whole."""

    leads: bool
    """They lead some process here, or stand above one who does."""
    reads_all: bool
    """They lead, keep the register or audit: the installation and the register are theirs to
    read."""


def see_round(world: World, connection: Connection, round_id: str, email: str) -> Seen:
    """Look at a round as somebody who has a place in it.

    Raises: NotFound.
    """
    try:
        fact = read_round(connection, round_id)
    except LookupError as error:
        raise nothing_there() from error
    return _see(world, connection, fact, email)


def see_case(
    world: World, connection: Connection, case_id: str, email: str
) -> tuple[Seen, CaseFact]:
    """Look at a case that somebody may see.

    Raises: NotFound.
    """
    fact = read_round_of(connection, case_id)
    if fact is None:
        raise nothing_there()
    seen = _see(world, connection, fact, email)
    case = seen.facts.case(case_id)
    if case is None or not seen.sight.sees(case):
        raise nothing_there()
    return seen, case


def see_table(
    world: World, connection: Connection, email: str, case_id: str, table_key: str
) -> tuple[Seen, CaseFact, Table]:
    """Look at a table that a case fills in, as somebody who may read the case.

    Raises: NotFound.
    """
    seen, case = see_case(world, connection, case_id, email)
    table = seen.definition.table.get(table_key)
    is_filled_in = last_filling(seen.definition.case[case.kind], table_key) is not None
    if table is None or not is_filled_in or not seen.sight.reads(case):
        raise nothing_there()
    return seen, case, table


def _see(world: World, connection: Connection, fact: RoundFact, email: str) -> Seen:
    now = world.now(connection)
    viewer = people.find_person(connection, email)
    actor = world.actor(connection, email, now)
    today = world.today(now)
    revision = rounds.load_revision(connection, fact.revision)
    facts = StoredFacts(connection, fact, today)
    sight = look(revision.definition, facts, actor)
    if sight is None:
        raise nothing_there()
    desk = Desk(
        connection=connection,
        revision=revision,
        facts=facts,
        language=viewer.language,
        today=today,
    )
    return Seen(desk=desk, viewer=viewer, actor=actor, sight=sight, now=now)


def rights_of(world: World, connection: Connection, email: str) -> Rights:
    """Give what somebody may do with the installation as a whole, by their own roles."""
    now = world.now(connection)
    actor = world.actor(connection, email, now)
    held = {place.role for place in actor.holds}
    leads = reads = False
    for revision in rounds.revisions_in_use(connection):
        definition = revision.definition
        leads = leads or bool(held.intersection(_leaders(definition)))
        reads = reads or bool(held.intersection({definition.registrar, definition.auditor}))
    return Rights(leads=leads, reads_all=leads or reads)


def _leaders(definition: Definition) -> set[str]:
    """Give the role that leads, and those above it."""
    found: set[str] = set()
    role = definition.leader
    while role is not None and role not in found:
        found.add(role)
        role = definition.superior_of(role)
    return found


def nothing_there() -> NotFound:
    """Make the answer for what is not there, and for what somebody may not see."""
    return NotFound(
        "Den kan ha tagits bort, eller så har du inte rätt att se den. Vi säger inte vilket, för"
        " att skydda andras ärenden.",
        "It may be gone, or you may not be allowed to see it. We do not say which, to protect"
        " others' cases.",
    )
