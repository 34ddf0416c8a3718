"""One round at a glance: its cases with what is owed in each, in a few statements.

However many cases there are, their number changes no number of statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlmodel import col

from workflow.core.facts import CaseFact, EntryKind, MilestoneFact, Place
from workflow.core.progress import Owed
from workflow.store.facts import CASE_COLUMNS, case_fact
from workflow.store.statements import Statement
from workflow.store.tables import Case, Entry, Milestone, Question, Revision, Round, Task

__all__ = [
    "Arrival",
    "PlannedMilestone",
    "arrivals",
    "cases_with_tasks",
    "chain_length",
    "count_states",
    "milestones",
    "open_questions",
    "root_of",
    "stored_at",
]

CASES_WITH_TASKS: Final = Statement(
    select(
        *CASE_COLUMNS,
        col(Task.id),
        col(Task.role),
        col(Task.unit),
        col(Task.due_at),
        col(Task.extended_on),
    )
    .join(
        Task, and_(col(Task.case_id) == col(Case.id), col(Task.closed_at).is_(None)), isouter=True
    )
    .where(col(Case.round_id) == bindparam("round_id"))
    .order_by(col(Case.opened_at), col(Case.id))
)
OPEN_QUESTIONS: Final = Statement(
    select(col(Question.case_id), func.count())
    .join(Case, col(Case.id) == col(Question.case_id))
    .where(col(Case.round_id) == bindparam("round_id"), col(Question.answer).is_(None))
    .group_by(col(Question.case_id))
)
ARRIVALS: Final = Statement(
    select(col(Entry.at), col(Entry.kind), col(Entry.to_state))
    .where(col(Entry.case_id) == bindparam("case_id"), col(Entry.to_state).is_not(None))
    .order_by(col(Entry.number))
)
MILESTONES: Final = Statement(
    select(
        col(Milestone.key),
        col(Milestone.first_on),
        col(Milestone.last_on),
        col(Milestone.due_at),
        col(Milestone.moved_from),
    )
    .where(col(Milestone.round_id) == bindparam("round_id"))
    .order_by(col(Milestone.position))
)
COUNT_STATES: Final = Statement(
    select(col(Case.kind), col(Case.state), func.count())
    .where(col(Case.round_id) == bindparam("round_id"))
    .group_by(col(Case.kind), col(Case.state))
)
ROOT: Final = Statement(
    select(*CASE_COLUMNS).where(
        col(Case.id)
        == select(col(Round.root)).where(col(Round.id) == bindparam("round_id")).scalar_subquery()
    )
)
CHAIN_LENGTH: Final = Statement(
    select(col(Round.chain_length)).where(col(Round.id) == bindparam("round_id"))
)
STORED_AT: Final = Statement(
    select(col(Revision.stored_at)).where(col(Revision.digest) == bindparam("digest"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """That a case came to a state or an end."""

    at: datetime
    kind: EntryKind
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMilestone:
    """A milestone of a round's plan, and where it stood at first."""

    fact: MilestoneFact
    moved_from: date | None
    """The last day it had when the round opened, once it has been moved."""


def cases_with_tasks(
    connection: Connection, round_id: str
) -> tuple[list[CaseFact], dict[str, Owed]]:
    """Give every case of a round, and by case the task that is open in it."""
    cases: list[CaseFact] = []
    owed: dict[str, Owed] = {}
    for row in CASES_WITH_TASKS.all(connection, round_id=round_id):
        cases.append(case_fact(row))
        task, role, unit, due_at, extended_on = row[12:]
        if task is not None:
            place = Place(role, unit) if role else None
            owed[row[0]] = Owed(task=task, place=place, due_at=due_at, extended_on=extended_on)
    return cases, owed


def open_questions(connection: Connection, round_id: str) -> dict[str, int]:
    """Count the unanswered questions of each case of a round that has any."""
    return dict(OPEN_QUESTIONS.all(connection, round_id=round_id))


def arrivals(connection: Connection, case_id: str) -> list[Arrival]:
    """Give where a case has been, oldest first, as its entries tell it."""
    return [
        Arrival(at=datetime.fromisoformat(at), kind=EntryKind(kind), state=state)
        for at, kind, state in ARRIVALS.all(connection, case_id=case_id)
    ]


def milestones(connection: Connection, round_id: str) -> dict[str, PlannedMilestone]:
    """Give a round's plan, in its order."""
    return {
        row[0]: PlannedMilestone(
            fact=MilestoneFact(key=row[0], first_on=row[1], last_on=row[2], due_at=row[3]),
            moved_from=row[4],
        )
        for row in MILESTONES.all(connection, round_id=round_id)
    }


def count_states(connection: Connection, round_id: str) -> Mapping[tuple[str, str], int]:
    """Count a round's cases by kind and state."""
    rows = COUNT_STATES.all(connection, round_id=round_id)
    return {(kind, state): number for kind, state, number in rows}


def root_of(connection: Connection, round_id: str) -> CaseFact:
    """Give the case that is a round itself.

    Raises: LookupError.
    """
    row = ROOT.first(connection, round_id=round_id)
    if row is None:
        raise LookupError(round_id)
    return case_fact(row)


def chain_length(connection: Connection, round_id: str) -> int:
    """Give the number of the last entry of a round's chain."""
    row = CHAIN_LENGTH.first(connection, round_id=round_id)
    return int(row[0]) if row else 0


def stored_at(connection: Connection, digest: str) -> datetime | None:
    """Give when a revision was stored."""
    row = STORED_AT.first(connection, digest=digest)
    return row[0] if row else None
