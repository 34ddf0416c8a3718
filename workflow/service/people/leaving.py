"""Whoever has a role from outside leaves it when they want to; nobody has to agree.

That goes for roles that every process that knows them calls external, and for no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.core.facts import EntryKind, MessageDraft, MessageKind
from workflow.core.organisation import GrantLine
from workflow.core.roles import leader_place
from workflow.core.standing_in import told_at
from workflow.service.by_hand import Desk
from workflow.service.people.staffing import sweep
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import grants, incidents, log, outbox, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.grants import KnownGrant
from workflow.store.tables import LAST_DAY

__all__ = ["Assignment", "assignments_of", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A role from outside that somebody has, and may leave."""

    grant: int
    title: str
    unit: str
    """Name of the unit it is held at."""
    to_on: date | None
    """None until further notice."""


def assignments_of(world: World, email: str) -> tuple[Assignment, ...]:
    """Give the roles that somebody may leave on their own.

    Raises: NotFound when nobody has the address.
    """
    with world.database.read() as connection:
        person = people.find_person(connection, email)
        today = world.today(world.now(connection))
        return tuple(
            Assignment(
                grant=one.id,
                title=_title(connection, one.role, person.language),
                unit=one.unit_name,
                to_on=None if one.to_on == LAST_DAY else one.to_on,
            )
            for one in grants.list_grants(connection)
            if one.person == person.id and _may_leave(connection, one, today)
        )


def leave(world: World, key: int, *, email: str) -> None:
    """End a role of one's own at once, and tell those who lead the rounds it is held in.

    Raises: NotFound for what is not one's own, is over, or is not external.
    """
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # one at a time: locks before people
        now = world.now(connection)
        actor = world.actor(connection, email, now)
        desk = Desk(world=world, connection=connection, now=now, actor=actor)
        known = grants.find_grant(connection, key)
        if (
            known is None
            or known.person != actor.person
            or not _may_leave(connection, known, desk.today)
        ):
            raise nothing_there()
        (person,) = people.people_by_id(connection, [known.person]).values()
        last_on = max(desk.today, known.from_on) - timedelta(days=1)
        desk.save(
            person,
            GrantLine(
                email=person.email,
                role=known.role,
                unit=known.unit,
                from_on=known.from_on,
                to_on=last_on,
            ),
        )
        desk.note(EntryKind.GRANT_ENDED, {"grant": key, "to_on": last_on.isoformat()})
        for round_id in _rounds_of(connection, known.role):
            _tell(desk, round_id, known)
    sweep(world)


def _may_leave(connection: Connection, known: KnownGrant, today: date) -> bool:
    """Say whether a role holds now, and every process that knows it calls it external."""
    found = [
        revision.definition.role[known.role].external
        for revision in rounds.revisions_in_use(connection)
        if known.role in revision.definition.role
    ]
    return bool(found) and all(found) and known.from_on <= today <= known.to_on


def _title(connection: Connection, role: str, language: str) -> str:
    for revision in reversed(rounds.revisions_in_use(connection)):
        if role in revision.definition.role:
            return revision.title(revision.definition.role[role], language)
    return role


def _rounds_of(connection: Connection, role: str) -> Iterator[str]:
    """Give the rounds under way whose process knows a role."""
    for round_id, _ in incidents.rounds_told(connection, None):
        fact = read_round(connection, round_id)
        if role in rounds.load_revision(connection, fact.revision).definition.role:
            yield round_id


def _tell(desk: Desk, round_id: str, known: KnownGrant) -> None:
    """Tell those who lead a round that has the unit who has left."""
    fact = read_round(desk.connection, round_id)
    definition = rounds.load_revision(desk.connection, fact.revision).definition
    facts = StoredFacts(desk.connection, fact, desk.today)
    role = definition.role[known.role]
    place = leader_place(definition, facts)
    if place is None or not any(unit.key == known.unit for unit in facts.units(role.at)):
        return
    letters = [
        MessageDraft(
            person=leader,
            kind=MessageKind.LEFT,
            ref=f"{round_id}.grant{known.id}",
            case=None,
            content={"by": known.person, "role": known.role, "unit": known.unit},
        )
        for leader in told_at(facts, (place,))[place]
        if leader != known.person
    ]
    domain = desk.world.stamp(desk.now).mail_domain
    outbox.put(desk.connection, round_id, letters, desk.now, domain)
