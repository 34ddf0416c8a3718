"""Rounds by their units, and who holds roles at some units."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Grant, Person, Round, RoundUnit

__all__ = ["holders_at", "rounds_with"]

ROUNDS_WITH: Final = Statement(
    select(col(Round.id))
    .where(
        select(col(RoundUnit.key))
        .where(col(RoundUnit.round_id) == col(Round.id), one_of(col(RoundUnit.key), "units"))
        .exists()
    )
    .order_by(col(Round.opened_at).desc(), col(Round.id))
    .limit(bindparam("most"))
)
HOLDERS_AT: Final = Statement(
    select(col(Person.id), col(Person.name), col(Grant.role), col(Grant.unit))
    .join(Grant, col(Grant.person_id) == col(Person.id))
    .where(
        one_of(col(Grant.unit), "units"),
        col(Grant.from_on) <= bindparam("today"),
        col(Grant.to_on) >= bindparam("today"),
    )
    .order_by(col(Person.name), col(Person.id))
)


def rounds_with(connection: Connection, units: Collection[str], most: int) -> list[str]:
    """Give at most so many rounds that have one of some units, the last opened first."""
    return [row[0] for row in ROUNDS_WITH.all(connection, units=sorted(units), most=most)]


def holders_at(
    connection: Connection, units: Collection[str], today: date
) -> list[tuple[int, str, str, str]]:
    """Give who holds a role at some units today, by name: person, name, role, unit."""
    rows = HOLDERS_AT.all(connection, units=sorted(units), today=today)
    return [(row[0], row[1], row[2], row[3]) for row in rows]
