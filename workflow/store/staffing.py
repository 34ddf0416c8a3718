"""How many hold what is owed, and who owes it from now on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    distinct,
    func,
    literal,
    select,
    update,
)
from sqlmodel import col

from workflow.core.facts import IncidentKind, Place
from workflow.store.statements import Statement
from workflow.store.tables import Case, Grant, Incident, Task

__all__ = ["Staffing", "hand_over", "staffing"]


def _alarms(kind: IncidentKind) -> ColumnElement[int]:
    """Count the open incidents of a kind about a task."""
    return func.count(distinct(case((col(Incident.kind) == literal(kind.value), col(Incident.id)))))


STAFFING: Final = Statement(
    select(
        col(Task.id),
        col(Task.case_id),
        col(Task.role),
        col(Task.unit),
        col(Case.kind),
        col(Case.state),
        col(Case.version),
        func.count(distinct(col(Grant.person_id))),
        _alarms(IncidentKind.NO_HOLDER),
        _alarms(IncidentKind.NOBODY_LEFT),
    )
    .join(Case, col(Case.id) == col(Task.case_id))
    .join(
        Grant,
        and_(
            col(Grant.role) == col(Task.role),
            col(Grant.unit) == col(Task.unit),
            col(Grant.from_on) <= bindparam("today"),
            col(Grant.to_on) >= bindparam("today"),
        ),
        isouter=True,
    )
    .join(
        Incident,
        and_(col(Incident.subject) == col(Task.id), col(Incident.closed_at).is_(None)),
        isouter=True,
    )
    .where(
        col(Task.round_id) == bindparam("round_id"),
        col(Task.closed_at).is_(None),
        col(Task.role).is_not(None),
    )
    .group_by(col(Task.id), col(Case.id))
    .order_by(col(Task.id))
)
HAND_OVER: Final = Statement(
    update(Task)
    .where(col(Task.id) == bindparam("task"), col(Task.closed_at).is_(None))
    .values(role=bindparam("new_role"), unit=bindparam("new_unit"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """How many hold the role that owes an open task."""

    task: str
    case: str
    kind: str
    """Of the case."""
    state: str
    version: int
    place: Place
    holders: int
    alarmed: frozenset[IncidentKind]
    """What is open about it: for want of holders, or of those who may."""


def staffing(connection: Connection, today: date, round_id: str) -> list[Staffing]:
    """Say for each open task of a round that is owed, how many hold it today."""
    kinds = (IncidentKind.NO_HOLDER, IncidentKind.NOBODY_LEFT)
    return [
        Staffing(
            task=row[0],
            case=row[1],
            place=Place(row[2], row[3]),
            kind=row[4],
            state=row[5],
            version=row[6],
            holders=row[7],
            alarmed=frozenset(kind for kind, count in zip(kinds, row[8:], strict=True) if count),
        )
        for row in STAFFING.all(connection, today=today, round_id=round_id)
    ]


def hand_over(connection: Connection, moved: Sequence[tuple[str, Place]]) -> None:
    """Say who owes open tasks from now on."""
    rows = [{"task": task, "new_role": place.role, "new_unit": place.unit} for task, place in moved]
    HAND_OVER.many(connection, rows)
