"""Who stands in for whom, as it was given and ended. What of it holds on a day, and gives
which places, is read with the grants; see `people.in_force` and `facts.ACTOR`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import Place
from workflow.store.statements import Statement
from workflow.store.tables import Grant, Person, Substitution, Unit

__all__ = [
    "KnownSubstitution",
    "all_emails",
    "all_units",
    "end",
    "find",
    "insert_substitution",
    "list_substitutions",
    "places_within",
]

_Substitute = aliased(Person)
_INSERT: Final = Statement(
    insert(Substitution)
    .values(
        person_id=bindparam("person"),
        substitute_id=bindparam("substitute"),
        role=bindparam("of_role"),
        unit=bindparam("at_unit"),
        from_on=bindparam("first"),
        to_on=bindparam("last"),
        given_at=bindparam("now"),
        ended_at=None,
    )
    .returning(col(Substitution.id))
)
_END: Final = Statement(
    update(Substitution)
    .where(col(Substitution.id) == bindparam("key"), col(Substitution.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)
_listed = (
    select(
        col(Substitution.id),
        col(Person.id),
        col(Person.email),
        col(Person.name),
        col(_Substitute.id),
        col(_Substitute.email),
        col(_Substitute.name),
        col(Substitution.role),
        col(Substitution.unit),
        col(Substitution.from_on),
        col(Substitution.to_on),
        col(Substitution.given_at),
        col(Substitution.ended_at),
    )
    .join(Person, col(Person.id) == col(Substitution.person_id))
    .join(_Substitute, col(_Substitute.id) == col(Substitution.substitute_id))
    .order_by(col(Substitution.from_on), col(Substitution.id))
)
_FIND: Final = Statement(_listed.where(col(Substitution.id) == bindparam("key")))
_LIST: Final = Statement(_listed)
_LIST_OF_PERSON: Final = Statement(
    _listed.where(
        or_(
            col(Substitution.person_id) == bindparam("who"),
            col(Substitution.substitute_id) == bindparam("who"),
        )
    )
)
_PLACES_WITHIN: Final = Statement(
    select(col(Grant.role), col(Grant.unit)).where(
        col(Grant.person_id) == bindparam("person"),
        col(Grant.from_on) <= bindparam("last"),
        col(Grant.to_on) >= bindparam("first"),
    )
)
_EMAILS: Final = Statement(select(col(Person.email)).order_by(col(Person.email)))
_UNITS: Final = Statement(select(col(Unit.key)).order_by(col(Unit.key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubstitution:
    """Somebody who stands in for a person for some days, both ends included."""

    id: int
    person: int
    person_email: str
    person_name: str
    substitute: int
    substitute_email: str
    substitute_name: str
    role: str | None
    """Empty for every role that the person holds; the unit likewise."""
    unit: str | None
    from_on: date
    to_on: date
    given_at: datetime
    ended_at: datetime | None


def insert_substitution(connection: Connection, row: Mapping[str, Any]) -> int:
    """Write that somebody stands in: person, substitute, of_role, at_unit, first, last and
    now. Gives its id."""
    new = _INSERT.first(connection, **row)
    if new is None:
        raise LookupError("substitutions")
    return int(new[0])


def end(connection: Connection, key: int, at: datetime) -> bool:
    """End one at an instant; False when it had ended."""
    return _END.run(connection, key=key, now=at) == 1


def find(connection: Connection, key: int) -> KnownSubstitution | None:
    """Give one by its id."""
    row = _FIND.first(connection, key=key)
    return None if row is None else KnownSubstitution(**dict(zip(_NAMES, row, strict=True)))


def list_substitutions(
    connection: Connection, person: int | None = None
) -> list[KnownSubstitution]:
    """Give all, or those in which a person stands in or is stood in for, by their first day."""
    one = {} if person is None else {"who": person}
    rows = (_LIST_OF_PERSON if one else _LIST).all(connection, **one)
    return [KnownSubstitution(**dict(zip(_NAMES, row, strict=True))) for row in rows]


_NAMES: Final = tuple(KnownSubstitution.__dataclass_fields__)


def places_within(connection: Connection, person: int, first: date, last: date) -> frozenset[Place]:
    """Give every place that a person holds on some day of a stretch, both ends included."""
    rows = _PLACES_WITHIN.all(connection, person=person, first=first, last=last)
    return frozenset(Place(role, unit) for role, unit in rows)


def all_emails(connection: Connection) -> list[str]:
    """Give the address of every person."""
    return [row[0] for row in _EMAILS.all(connection)]


def all_units(connection: Connection) -> list[str]:
    """Give the key of every unit."""
    return [row[0] for row in _UNITS.all(connection)]
