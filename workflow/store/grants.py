"""Who has which role where, with its days: looked at one by one, and told what they owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlmodel import col

from workflow.core.facts import MessageKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Grant, Message, Person, Task, Unit

__all__ = [
    "KnownGrant",
    "begun_on",
    "find_grant",
    "given_since",
    "last_grant",
    "list_grants",
    "roles_given",
    "unit_of",
    "units_on",
    "untold",
]

_LISTED: Final = (
    select(
        col(Grant.id),
        col(Grant.person_id),
        col(Person.email),
        col(Person.name),
        col(Grant.role),
        col(Grant.unit),
        col(Unit.name),
        col(Grant.from_on),
        col(Grant.to_on),
        col(Grant.by_hand_at),
    )
    .join(Person, col(Person.id) == col(Grant.person_id))
    .join(Unit, col(Unit.key) == col(Grant.unit))
    .order_by(col(Person.name), col(Person.id), col(Grant.from_on), col(Grant.id))
)
LIST: Final = Statement(_LISTED)
FIND: Final = Statement(_LISTED.where(col(Grant.id) == bindparam("key")))
ROLES: Final = Statement(select(col(Grant.role)).distinct().order_by(col(Grant.role)))
UNIT: Final = Statement(
    select(col(Unit.name), col(Unit.kind), col(Unit.from_on), col(Unit.to_on)).where(
        col(Unit.key) == bindparam("unit")
    )
)
UNITS: Final = Statement(
    select(col(Unit.key), col(Unit.name))
    .where(col(Unit.from_on) <= bindparam("today"), col(Unit.to_on) >= bindparam("today"))
    .order_by(col(Unit.position), col(Unit.key))
)
LAST: Final = Statement(select(func.max(col(Grant.id))))
SINCE: Final = Statement(select(col(Grant.id)).where(col(Grant.id) > bindparam("last")))
BEGUN: Final = Statement(select(col(Grant.id)).where(col(Grant.from_on) == bindparam("day")))
# A task is told to somebody once, however often their role was given and taken.
UNTOLD: Final = Statement(
    select(col(Task.id), col(Task.case_id), col(Grant.person_id))
    .join(Grant, (col(Grant.role) == col(Task.role)) & (col(Grant.unit) == col(Task.unit)))
    .where(
        col(Task.round_id) == bindparam("round_id"),
        col(Task.closed_at).is_(None),
        one_of(col(Grant.id), "grants"),
        col(Grant.from_on) <= bindparam("today"),
        col(Grant.to_on) >= bindparam("today"),
        ~select(col(Message.id))
        .where(
            col(Message.task_id) == col(Task.id),
            col(Message.person_id) == col(Grant.person_id),
            col(Message.kind) == literal(MessageKind.ASSIGNMENT.value),
            col(Message.state) != literal("withdrawn"),
        )
        .exists(),
    )
    .distinct()
    .order_by(col(Task.id), col(Grant.person_id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGrant:
    """A role that somebody has at a unit, from one day to another, both included."""

    id: int
    person: int
    email: str
    name: str
    role: str
    unit: str
    unit_name: str
    from_on: date
    to_on: date
    by_hand_at: datetime | None


def list_grants(connection: Connection) -> list[KnownGrant]:
    """Give all there are and have been, by person and first day."""
    return [_grant(row) for row in LIST.all(connection)]


def find_grant(connection: Connection, key: int) -> KnownGrant | None:
    """Give one by its id."""
    row = FIND.first(connection, key=key)
    return None if row is None else _grant(row)


def roles_given(connection: Connection) -> list[str]:
    """Give every role that anybody has or has had."""
    return [row[0] for row in ROLES.all(connection)]


def unit_of(connection: Connection, unit: str) -> tuple[str, str, date, date]:
    """Give name, kind, first and last day of a unit of the organisation.

    Raises: LookupError.
    """
    row = UNIT.first(connection, unit=unit)
    if row is None:
        raise LookupError(unit)
    return row[0], row[1], row[2], row[3]


def units_on(connection: Connection, today: date) -> dict[str, str]:
    """Give the name of each unit there is on a day, by its key, in the organisation's order."""
    return dict(UNITS.all(connection, today=today))


def last_grant(connection: Connection) -> int:
    """Give the highest id there is; 0 when there is none."""
    return int(LAST.all(connection)[0][0] or 0)


def given_since(connection: Connection, last: int) -> list[int]:
    """Give the ids of the grants that have come since one was the last."""
    return [row[0] for row in SINCE.all(connection, last=last)]


def begun_on(connection: Connection, day: date) -> list[int]:
    """Give the grants whose first day it is."""
    return [row[0] for row in BEGUN.all(connection, day=day)]


def untold(
    connection: Connection, round_id: str, grants: Sequence[int], today: date
) -> list[tuple[str, str, int]]:
    """Give the open tasks that those who have some grants today owe by them, and have had no
    mail about: task, case, person."""
    if not grants:
        return []
    rows = UNTOLD.all(connection, round_id=round_id, grants=list(grants), today=today)
    return [(row[0], row[1], row[2]) for row in rows]


_NAMES: Final = tuple(KnownGrant.__dataclass_fields__)


def _grant(row: tuple[Any, ...]) -> KnownGrant:
    return KnownGrant(**dict(zip(_NAMES, row, strict=True)))
