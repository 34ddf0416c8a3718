"""What a person owes, has handed on and has done, across all rounds that run.

Every statement begins with what is open, or with the person's own latest entries, and
follows an index from there: rounds that are over cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.facts import EntryKind, TaskFact
from workflow.store.database import one_of
from workflow.store.facts import TASK_COLUMNS, task_fact
from workflow.store.people import in_force
from workflow.store.statements import Statement
from workflow.store.tables import (
    Case,
    Entry,
    Grant,
    Person,
    Question,
    Round,
    Substitution,
    Task,
)

__all__ = [
    "Arrival",
    "Did",
    "Owed",
    "answered",
    "arrivals",
    "count_owed",
    "did",
    "kinds",
    "open_rounds",
    "open_tasks_at",
    "substituting_until",
]

DEEDS: Final = (EntryKind.TRANSITION, EntryKind.SIGNED, EntryKind.MISSING, EntryKind.WITHDRAWN)
"""What a person does to a case."""
_deeds = col(Entry.kind).in_([literal(kind.value) for kind in DEEDS])
_held_today = (col(Grant.from_on) <= bindparam("today"), col(Grant.to_on) >= bindparam("today"))
_own: Any = select(col(Grant.role).label("role"), col(Grant.unit).label("unit")).where(
    col(Grant.person_id) == bindparam("person"), *_held_today
)
_lent = (
    select(col(Grant.role), col(Grant.unit))
    .join(Substitution, in_force)
    .where(col(Substitution.substitute_id) == bindparam("person"), *_held_today)
)
_held = union(_own, _lent).subquery("held")

COUNT: Final = Statement(
    select(
        func.count(col(Task.id)),
        func.count(col(Task.id)).filter(col(Task.due_at) <= bindparam("now")),
    )
    .select_from(_held)
    .join(Task, and_(col(Task.role) == _held.c.role, col(Task.unit) == _held.c.unit))
    .where(col(Task.closed_at).is_(None))
)
OPEN_ROUNDS: Final = Statement(
    select(col(Round.id), col(Round.opened_at))
    .where(col(Round.closed_at).is_(None))
    .order_by(col(Round.opened_at), col(Round.id))
)
TASKS_AT: Final = Statement(
    select(*TASK_COLUMNS)
    .where(
        col(Task.closed_at).is_(None),
        col(Task.role).is_not(None),
        col(Task.round_id) == bindparam("round_id"),
        one_of(col(Task.unit), "units"),
    )
    .order_by(col(Task.due_at).nulls_last(), col(Task.id))
)
_Absent = aliased(Person)
ARRIVALS: Final = Statement(
    select(
        col(Entry.case_id),
        col(Entry.at),
        col(Entry.kind),
        col(Entry.from_state),
        col(Entry.actor),
        col(Person.name),
        col(_Absent.name),
    )
    .join(
        Case,
        and_(col(Case.id) == col(Entry.case_id), col(Case.version) == col(Entry.case_version)),
    )
    .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
    .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
    .where(one_of(col(Entry.case_id), "cases"))
)
ANSWERED: Final = Statement(
    select(col(Question.case_id), func.count(), func.count(col(Question.answer)))
    .where(one_of(col(Question.case_id), "cases"))
    .group_by(col(Question.case_id))
)
SUBSTITUTING: Final = Statement(
    select(col(Substitution.person_id), func.max(col(Substitution.to_on)))
    .where(
        col(Substitution.substitute_id) == bindparam("person"),
        col(Substitution.from_on) <= bindparam("today"),
        col(Substitution.to_on) >= bindparam("today"),
        col(Substitution.ended_at).is_(None),
    )
    .group_by(col(Substitution.person_id))
)
_did = (
    col(Entry.round_id),
    col(Entry.case_id),
    col(Entry.number),
    col(Entry.at),
    col(Entry.kind),
    col(Entry.transition),
    col(Entry.from_state),
    col(Entry.actor),
)
_since = col(Entry.at) >= bindparam("since")
DID: Final = Statement(
    union_all(
        select(*_did).where(col(Entry.actor) == bindparam("person"), _since, _deeds),
        select(*_did).where(
            col(Entry.on_behalf_of) == bindparam("person"),
            or_(col(Entry.actor).is_(None), col(Entry.actor) != bindparam("person")),
            _since,
            _deeds,
        ),
    )
)
KINDS: Final = Statement(
    select(col(Case.kind), col(Case.state), func.count(), func.count(col(Case.ended_at)))
    .where(col(Case.round_id) == bindparam("round_id"))
    .group_by(col(Case.kind), col(Case.state))
)


@dataclass(frozen=True, slots=True)
class Owed:
    """How much somebody owes."""

    open: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a case came to where it stands."""

    at: datetime
    kind: EntryKind
    from_state: str | None
    actor: int | None
    name: str
    behind: str
    """Name of the one for whom it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """Something that a person did, or had done for them."""

    round: str
    case: str
    number: int
    at: datetime
    kind: EntryKind
    transition: str | None
    from_state: str | None
    by_oneself: bool


def count_owed(connection: Connection, person: int, today: date, now: datetime) -> Owed:
    """Count what a person owes, what they owe as a substitute included."""
    row = COUNT.first(connection, person=person, today=today, now=now)
    return Owed(*row) if row else Owed(0, 0)


def open_rounds(connection: Connection) -> list[tuple[str, datetime]]:
    """Give the rounds that are not over with when they opened, the first opened first."""
    return [(row[0], row[1]) for row in OPEN_ROUNDS.all(connection)]


def open_tasks_at(connection: Connection, round_id: str, units: Sequence[str]) -> list[TaskFact]:
    """Give what is owed at some units of a round, by deadline."""
    rows = TASKS_AT.all(connection, round_id=round_id, units=list(units)) if units else []
    return [task_fact(row) for row in rows]


def arrivals(connection: Connection, cases: Sequence[str]) -> dict[str, Arrival]:
    """Give how each case came to where it stands."""
    return {
        row[0]: Arrival(
            at=datetime.fromisoformat(row[1]),
            kind=EntryKind(row[2]),
            from_state=row[3],
            actor=row[4],
            name=row[5] or "",
            behind=row[6] or "",
        )
        for row in (ARRIVALS.all(connection, cases=list(cases)) if cases else ())
    }


def answered(connection: Connection, cases: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Give how many questions each case has, and how many of them have an answer."""
    found = ANSWERED.all(connection, cases=list(cases)) if cases else []
    return {row[0]: (row[1], row[2]) for row in found}


def substituting_until(connection: Connection, person: int, today: date) -> dict[int, date]:
    """Give until when somebody stands in for whom, by person."""
    found = SUBSTITUTING.all(connection, person=person, today=today)
    return {row[0]: row[1] for row in found}


def did(connection: Connection, person: int, since: datetime) -> list[Did]:
    """Give what a person has done, or had done for them, the latest first."""
    found = DID.all(connection, person=person, since=write_instant(since))
    done = [
        Did(
            round=row[0],
            case=row[1],
            number=row[2],
            at=datetime.fromisoformat(row[3]),
            kind=EntryKind(row[4]),
            transition=row[5],
            from_state=row[6],
            by_oneself=row[7] == person,
        )
        for row in found
    ]
    return sorted(done, key=lambda one: (one.at, one.number), reverse=True)


def kinds(connection: Connection, round_id: str) -> list[tuple[str, str, int, int]]:
    """Count a round's cases: kind, state, how many, how many of them have ended."""
    return [(r[0], r[1], r[2], r[3]) for r in KINDS.all(connection, round_id=round_id)]
