"""Everybody there is: who has which role where, who stands in for whom, whose mail comes back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import bounces, grants, people, rounds, substitutions
from workflow.store.database import Connection
from workflow.store.grants import KnownGrant
from workflow.store.history import NEWEST
from workflow.store.substitutions import KnownSubstitution
from workflow.store.tables import FIRST_DAY, LAST_DAY

__all__ = [
    "HeldRole",
    "Lending",
    "RosterPerson",
    "read_person",
    "roles_to_give",
    "roster",
    "units_to_give",
]

When = Literal["current", "coming", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role that somebody has, has had or is to have."""

    grant: int
    role: str
    role_title: str
    unit: str
    unit_name: str
    from_on: date | None
    """None since ever."""
    to_on: date | None
    """None until further notice."""
    when: When
    by_hand: bool
    """It was given by hand, and the files do not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """A substitution, seen from one of the two."""

    substitution: int
    other: str
    """Name of the other one."""
    role_title: str
    """Empty for every role; the unit likewise."""
    unit: str
    from_on: date
    to_on: date
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPerson:
    """A person with everything of theirs."""

    id: int
    name: str
    email: str
    language: str
    bounced_at: datetime | None
    """When mail last came back."""
    bounce: str
    """What the other side said then."""
    roles: tuple[HeldRole, ...]
    stands_in_for: tuple[Lending, ...]
    substitutes: tuple[Lending, ...]


def roster(
    world: World, *, language: str = "sv", everything: bool = False, email: str | None = None
) -> list[RosterPerson]:
    """Give everybody by name, or one; what is over is among it only with `everything`.

    Raises: NotFound for the one.
    """
    with world.database.read() as connection:
        one = people.find_person(connection, email) if email is not None else None
        teller = _Teller(connection, language, world.today(world.now(connection)))
        return [
            teller.person(known, everything=everything)
            for known in ([one] if one is not None else people.everybody(connection))
            if not known.key.startswith("#")  # disposed of
        ]


def read_person(world: World, number: int, language: str = "sv") -> RosterPerson:
    """Give one person by number, with what is over too.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        known = people.people_by_id(connection, [number] if number < NEWEST else []).get(number)
        if known is None or known.key.startswith("#"):
            raise nothing_there()
        teller = _Teller(connection, language, world.today(world.now(connection)))
        return teller.person(known, everything=True)


def roles_to_give(world: World, language: str = "sv") -> dict[str, str]:
    """Give the title of each role that some round knows, or anybody has, by its key."""
    with world.database.read() as connection:
        titles = _titles(connection, language)
        return {**{key: key for key in grants.roles_given(connection)}, **titles}


def units_to_give(world: World) -> dict[str, str]:
    """Give the name of each unit of the organisation today, by its key."""
    with world.database.read() as connection:
        return grants.units_on(connection, world.today(world.now(connection)))


def _titles(connection: Connection, language: str) -> dict[str, str]:
    """Give the title of each role; that of the latest definition."""
    return {
        key: revision.title(role, language)
        for revision in rounds.revisions_in_use(connection)
        for key, role in revision.definition.role.items()
    }


class _Teller:
    """Everything of everybody, read at once."""

    def __init__(self, connection: Connection, language: str, today: date) -> None:
        self.today = today
        self.titles = _titles(connection, language)
        self.returned = bounces.returned(connection)
        self.grants: dict[int, list[KnownGrant]] = {}
        for grant in grants.list_grants(connection):
            self.grants.setdefault(grant.person, []).append(grant)
        self.lent: dict[int, list[KnownSubstitution]] = {}
        for one in substitutions.list_substitutions(connection):
            self.lent.setdefault(one.person, []).append(one)
            self.lent.setdefault(one.substitute, []).append(one)

    def person(self, known: people.KnownPerson, *, everything: bool) -> RosterPerson:
        """Give one person."""
        roles = [self._role(one) for one in self.grants.get(known.id, ())]
        lent = self.lent.get(known.id, ())
        own = [self._lending(one, one.substitute_name) for one in lent if one.person == known.id]
        others = [self._lending(one, one.person_name) for one in lent if one.substitute == known.id]
        bounced_at, words = self.returned.get(known.id, (None, ""))
        return RosterPerson(
            id=known.id,
            name=known.name,
            email=known.email,
            language=known.language,
            bounced_at=bounced_at,
            bounce=words,
            roles=tuple(one for one in roles if everything or one.when != "past"),
            stands_in_for=tuple(one for one in others if everything or one.when != "past"),
            substitutes=tuple(one for one in own if everything or one.when != "past"),
        )

    def _role(self, one: KnownGrant) -> HeldRole:
        return HeldRole(
            grant=one.id,
            role=one.role,
            role_title=self.titles.get(one.role, one.role),
            unit=one.unit,
            unit_name=one.unit_name,
            from_on=None if one.from_on == FIRST_DAY else one.from_on,
            to_on=None if one.to_on == LAST_DAY else one.to_on,
            when=self._when(one.from_on, one.to_on),
            by_hand=one.by_hand_at is not None,
        )

    def _lending(self, one: KnownSubstitution, other: str) -> Lending:
        when = "past" if one.ended_at is not None else self._when(one.from_on, one.to_on)
        return Lending(
            substitution=one.id,
            other=other,
            role_title=self.titles.get(one.role, one.role) if one.role else "",
            unit=one.unit or "",
            from_on=one.from_on,
            to_on=one.to_on,
            when=when,
        )

    def _when(self, from_on: date, to_on: date) -> When:
        if to_on < self.today:
            return "past"
        return "coming" if from_on > self.today else "current"
