"""Units, people and who holds which role where; brought in from files, looked up live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update
from sqlmodel import col

from workflow.core.errors import NotFound
from workflow.core.facts import Place
from workflow.store.database import one_of
from workflow.store.import_people import remember_filed
from workflow.store.statements import Statement
from workflow.store.tables import Grant, Person, Substitution

__all__ = [
    "KnownPerson",
    "Staff",
    "everybody",
    "find_person",
    "find_person_by_key",
    "holders",
    "in_force",
    "people_by_id",
    "places_of",
    "set_preferences",
    "staff",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A person as the organisation's files tell of them."""

    id: int
    key: str
    email: str
    """Lower case."""
    name: str
    language: str
    party: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Who holds a place on a day, and who stands in for them."""

    holders: tuple[int, ...] = ()
    """In rising order."""
    stand_ins: tuple[tuple[int, int], ...] = ()
    """Pairs of substitute and holder, in rising order."""


_PERSON_COLUMNS = (
    col(Person.id),
    col(Person.key),
    col(Person.email),
    col(Person.name),
    col(Person.language),
    col(Person.party),
)
_held_today = (
    col(Grant.from_on) <= bindparam("today"),
    col(Grant.to_on) >= bindparam("today"),
)

_find_person = Statement(select(*_PERSON_COLUMNS).where(col(Person.email) == bindparam("email")))
_find_by_key = Statement(select(*_PERSON_COLUMNS).where(col(Person.key) == bindparam("key")))
_set_preferences = Statement(
    update(Person)
    .where(col(Person.id) == bindparam("who"))
    .values(language=bindparam("wanted"), theme=bindparam("colours"))
)
_everybody = Statement(select(*_PERSON_COLUMNS).order_by(col(Person.name), col(Person.id)))
_load_people = Statement(select(*_PERSON_COLUMNS).where(one_of(col(Person.id), "ids")))
_load_places = Statement(
    select(col(Grant.role), col(Grant.unit)).where(
        col(Grant.person_id) == bindparam("person_id"), *_held_today
    )
)
# A substitution is about what its person's own grants say on the day, and about those of
# one role or unit only when it names one. So it ends with them, and gives nothing on.
in_force = and_(
    col(Substitution.person_id) == col(Grant.person_id),
    or_(col(Substitution.role).is_(None), col(Substitution.role) == col(Grant.role)),
    or_(col(Substitution.unit).is_(None), col(Substitution.unit) == col(Grant.unit)),
    col(Substitution.from_on) <= bindparam("today"),
    col(Substitution.to_on) >= bindparam("today"),
    col(Substitution.ended_at).is_(None),
)
_load_place_staff = Statement(
    select(col(Grant.person_id), col(Substitution.substitute_id))
    .join(Substitution, in_force, isouter=True)
    .where(col(Grant.role) == bindparam("role"), col(Grant.unit) == bindparam("unit"), *_held_today)
)
_load_staff = Statement(
    select(col(Grant.role), col(Grant.unit), col(Grant.person_id), col(Substitution.substitute_id))
    .join(Substitution, in_force, isouter=True)
    .where(one_of(col(Grant.role), "roles"), one_of(col(Grant.unit), "units"), *_held_today)
)


def everybody(connection: Connection) -> list[KnownPerson]:
    """Give everybody, by name."""
    return [_person(row) for row in _everybody.all(connection)]


def find_person(connection: Connection, email: str) -> KnownPerson:
    """Find a person by e-mail address, in upper or lower case.

    Raises: NotFound.
    """
    row = _first(connection, _find_person, email=email.strip().lower())
    if row is None:
        raise NotFound(
            f"Ingen person har e-postadressen {email}. Läs in den med `beredning org import`.",
            f"Nobody has the e-mail address {email}. Import it with `beredning org import`.",
        )
    return _person(row)


def find_person_by_key(connection: Connection, key: str) -> KnownPerson:
    """Find a person by key.

    Raises: NotFound.
    """
    row = _first(connection, _find_by_key, key=key)
    if row is None:
        raise NotFound(f"Ingen person har nyckeln {key}.", f"Nobody has the key {key}.")
    return _person(row)


def set_preferences(
    connection: Connection, person: int, *, language: str, theme: str | None
) -> None:
    """Keep how a person wants their pages."""
    remember_filed(connection, person)  # an import does not undo it
    _set_preferences.run(connection, who=person, wanted=language, colours=theme)


def _first(connection: Connection, find: Statement, **named: str) -> tuple[Any, ...] | None:
    """Give the row of a name; none for what no name holds and no database takes."""
    return find.first(connection, **named) if all(map(str.isprintable, named.values())) else None


def people_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, KnownPerson]:
    """Give the persons with these ids; an unknown id is left out."""
    rows = _load_people.all(connection, ids=sorted(set(ids)))
    return {row[0]: _person(row) for row in rows}


def places_of(connection: Connection, person_id: int, today: date) -> frozenset[Place]:
    """Give every place that a person holds on a day."""
    rows = _load_places.all(connection, person_id=person_id, today=today)
    return frozenset(Place(role, unit) for role, unit in rows)


def holders(
    connection: Connection, places: Sequence[Place], today: date
) -> dict[Place, tuple[int, ...]]:
    """Give who holds each place on a day, as ids in rising order; () where nobody does."""
    return {place: one.holders for place, one in staff(connection, places, today).items()}


def staff(connection: Connection, places: Sequence[Place], today: date) -> dict[Place, Staff]:
    """Give who holds each place on a day and who stands in for them.

    One statement however many they are.
    """
    if len(places) == 1:
        place = places[0]
        rows = _load_place_staff.all(connection, role=place.role, unit=place.unit, today=today)
        return {place: _staff(rows)}
    found: dict[Place, list[tuple[int, int | None]]] = {place: [] for place in places}
    if found:
        wider = _load_staff.all(
            connection,
            roles=list({place.role for place in found}),
            units=list({place.unit for place in found}),
            today=today,
        )
        for role, unit, *pair in wider:
            place = Place(role, unit)
            if place in found:  # the statement asks for every role at every unit
                found[place].append((pair[0], pair[1]))
    return {place: _staff(pairs) for place, pairs in found.items()}


def _staff(rows: Sequence[tuple[int, int | None]]) -> Staff:
    return Staff(
        holders=tuple(sorted({holder for holder, _ in rows})),
        stand_ins=tuple(sorted({(by, holder) for holder, by in rows if by is not None})),
    )


def _person(row: tuple[object, ...]) -> KnownPerson:
    names = ("id", "key", "email", "name", "language", "party")
    return KnownPerson(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type] # a row
