"""Rounds with their plan, organisation and definition: opened, listed, moved."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from json import dumps, loads
from typing import Any, Final

from sqlalchemy import (
    Connection,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlmodel import col

from workflow.core.errors import StoreError
from workflow.core.facts import MilestoneFact, RoundFact, TaskFact, UnitFact
from workflow.core.revision import Revision, read_revision
from workflow.store.database import one_of
from workflow.store.facts import CASE_COLUMNS, TASK_COLUMNS, case_fact, task_fact
from workflow.store.log import GENESIS
from workflow.store.people import in_force
from workflow.store.statements import Statement
from workflow.store.tables import (
    LAST_DAY,
    Case,
    Grant,
    Milestone,
    Question,
    Round,
    RoundUnit,
    Substitution,
    Task,
    Unit,
)
from workflow.store.tables import (
    Revision as RevisionRow,
)

__all__ = [
    "altered_revisions",
    "insert_milestones",
    "insert_round",
    "insert_units",
    "list_cases",
    "list_milestones",
    "list_open_tasks",
    "list_rounds",
    "load_revision",
    "move_deadlines",
    "move_milestones",
    "open_questions",
    "organisation_units",
    "revisions_in_use",
    "store_revision",
]

CONTENT: Final = Statement(
    select(col(RevisionRow.content)).where(col(RevisionRow.digest) == bindparam("digest"))
)
ROUND_REVISIONS: Final = Statement(
    select(col(Round.id), col(Round.revision), col(RevisionRow.content))
    .join(RevisionRow, col(RevisionRow.digest) == col(Round.revision), isouter=True)
    .order_by(col(Round.id))
)
INSERT_REVISION: Final = Statement(
    insert(RevisionRow), columns=("digest", "process", "content", "stored_at")
)
INSERT_ROUND: Final = Statement(
    insert(Round),
    columns=(
        "id",
        "process",
        "year",
        "plan",
        "reference",
        "revision",
        "root",
        "version",
        "open_cases",
        "opened_at",
        "closed_at",
        "chain_length",
        "chain_head",
    ),
)
INSERT_UNITS: Final = Statement(
    insert(RoundUnit), columns=("round_id", "key", "name", "kind", "parent", "position", "facts")
)
MILESTONE_COLUMNS: Final = (
    "round_id",
    "key",
    "position",
    "first_on",
    "last_on",
    "due_at",
    "moved_from",
    "set_by_hand",
    "next_reminder_at",
)
INSERT_MILESTONES: Final = Statement(insert(Milestone), columns=MILESTONE_COLUMNS)
LIST_MILESTONES: Final = Statement(
    select(
        col(Milestone.key),
        col(Milestone.first_on),
        col(Milestone.last_on),
        col(Milestone.due_at),
        col(Milestone.moved_from),
        col(Milestone.set_by_hand),
    )
    .where(col(Milestone.round_id) == bindparam("round_id"))
    .order_by(col(Milestone.position))
)
MOVE_MILESTONE: Final = Statement(
    update(Milestone)
    .where(col(Milestone.round_id) == bindparam("round"), col(Milestone.key) == bindparam("name"))
    .values(
        first_on=bindparam("first"),
        last_on=bindparam("last"),
        due_at=bindparam("due"),
        moved_from=bindparam("earlier"),
        set_by_hand=bindparam("by_hand"),
        next_reminder_at=bindparam("wake"),
    )
)
MOVE_TASK: Final = Statement(
    update(Task)
    .where(col(Task.id) == bindparam("task_id"))
    .values(
        due_at=bindparam("due"), ladder_from=bindparam("now"), next_reminder_at=bindparam("wake")
    )
)
UNITS_NOW: Final = Statement(
    select(col(Unit.key), col(Unit.name), col(Unit.kind), col(Unit.parent), col(Unit.facts))
    .where(
        one_of(col(Unit.kind), "kinds"),
        col(Unit.from_on) <= bindparam("today"),
        col(Unit.to_on) >= bindparam("today"),
    )
    .order_by(col(Unit.position), col(Unit.key))
)
LIST_CASES: Final = Statement(
    select(*CASE_COLUMNS)
    .where(col(Case.round_id) == bindparam("round_id"))
    .order_by(col(Case.opened_at), col(Case.id))
)
LIST_TASKS: Final = Statement(
    select(*TASK_COLUMNS, col(Task.round_id))
    .where(col(Task.closed_at).is_(None))
    .order_by(col(Task.due_at).nulls_last(), col(Task.id))
)
LIST_TASKS_OF_ROUND: Final = Statement(
    select(*TASK_COLUMNS, col(Task.round_id))
    .where(col(Task.closed_at).is_(None), col(Task.round_id) == bindparam("round_id"))
    .order_by(col(Task.due_at).nulls_last(), col(Task.id))
)
TASK_OF_CASE: Final = Statement(
    select(*TASK_COLUMNS, col(Task.round_id)).where(
        col(Task.closed_at).is_(None), col(Task.case_id) == bindparam("case")
    )
)
OPEN_QUESTIONS: Final = Statement(
    select(col(Question.number))
    .where(col(Question.case_id) == bindparam("case"), col(Question.answer).is_(None))
    .order_by(col(Question.number))
)
_held_today = (col(Grant.from_on) <= bindparam("today"), col(Grant.to_on) >= bindparam("today"))
_own = select(col(Grant.id)).where(col(Grant.person_id) == bindparam("person"), *_held_today)
_lent = (
    select(col(Grant.id))
    .join(Substitution, in_force)
    .where(col(Substitution.substitute_id) == bindparam("person"), *_held_today)
)
LIST_TASKS_OF_PERSON: Final = Statement(
    select(*TASK_COLUMNS, col(Task.round_id))
    .distinct()
    .join(Grant, and_(col(Grant.role) == col(Task.role), col(Grant.unit) == col(Task.unit)))
    .where(
        col(Task.closed_at).is_(None),
        col(Grant.id).in_(union_all(_own.correlate(None), _lent.correlate(None))),
    )
    .order_by(col(Task.due_at).nulls_last(), col(Task.id))
)
LIST_ROUNDS: Final = Statement(
    select(
        col(Round.id),
        col(Round.process),
        col(Round.year),
        col(Case.state),
        col(Round.closed_at),
        func.count(col(Task.id)),
        func.count(col(Task.id)).filter(col(Task.due_at) <= bindparam("now")),
        col(Round.reference),
        col(Round.revision),
        col(Round.plan),
        col(Round.opened_at),
        col(Round.root),
        col(Round.paused_at),
    )
    .join(Case, col(Case.id) == col(Round.root))
    .join(
        Task,
        and_(
            col(Task.round_id) == col(Round.id),
            col(Task.closed_at).is_(None),
            col(Task.role).is_not(None),
        ),
        isouter=True,
    )
    .where(or_(bindparam("only", type_=String()) == "", col(Round.id) == bindparam("only")))
    .group_by(col(Round.id), col(Case.state))
    .order_by(col(Round.opened_at), col(Round.id))
)

IN_USE: Final = Statement(
    select(col(RevisionRow.digest))
    .where(exists().where(col(Round.revision) == col(RevisionRow.digest)))
    .order_by(col(RevisionRow.digest))
)
_revisions: dict[str, Revision] = {}


def load_revision(connection: Connection, digest: str) -> Revision:
    """Give a stored revision; read once per process, since it never changes.

    Raises: LookupError when it is not there, StoreError when it has been changed.
    """
    if digest not in _revisions:
        row = CONTENT.first(connection, digest=digest)
        if row is None:
            raise LookupError(digest)
        if sha256(row[0].encode()).hexdigest() != digest:
            raise StoreError(
                f"Definitionen {digest[:12]} är ändrad i databasen och följs inte. Återställ"
                " den ur en säkerhetskopia.",
                f"The definition {digest[:12]} was changed in the database and is not obeyed."
                " Restore it from a backup.",
            )
        _revisions[digest] = read_revision(row[0])
    return _revisions[digest]


def revisions_in_use(connection: Connection) -> list[Revision]:
    """Give each revision that some round runs or ran on."""
    return [load_revision(connection, row[0]) for row in IN_USE.all(connection)]


def altered_revisions(connection: Connection) -> list[tuple[str, str]]:
    """Give round and digest of each round whose definition is gone or not what it was."""
    return [
        (row[0], row[1])
        for row in ROUND_REVISIONS.all(connection)
        if row[2] is None or sha256(row[2].encode()).hexdigest() != row[1]
    ]


def store_revision(connection: Connection, revision: Revision, at: datetime) -> None:
    """Store a revision unless it is there."""
    if CONTENT.first(connection, digest=revision.digest) is None:
        row = {
            "digest": revision.digest,
            "process": revision.definition.key,
            "content": revision.content,
            "stored_at": at,
        }
        INSERT_REVISION.many(connection, [row])


def insert_round(connection: Connection, fact: RoundFact, root: str) -> None:
    """Write the row of a new round."""
    row = {
        "id": fact.id,
        "process": fact.process,
        "year": fact.year,
        "plan": fact.plan,
        "reference": fact.reference,
        "revision": fact.revision,
        "root": root,
        "version": fact.version,
        "open_cases": 0,
        "opened_at": fact.opened_at,
        "closed_at": None,
        "chain_length": 0,
        "chain_head": GENESIS,
    }
    INSERT_ROUND.many(connection, [row])


def organisation_units(
    connection: Connection, kinds: Sequence[str], today: date
) -> tuple[UnitFact, ...]:
    """Give the organisation's units of some kinds that exist today, in its own order."""
    rows = UNITS_NOW.all(connection, kinds=list(kinds), today=min(today, LAST_DAY))
    return tuple(
        UnitFact(key=r[0], name=r[1], kind=r[2], parent=r[3], facts=loads(r[4])) for r in rows
    )


def insert_units(
    connection: Connection, round_id: str, units: Sequence[UnitFact], first: int = 1
) -> None:
    """Copy units into a round, numbered from `first`."""
    INSERT_UNITS.many(
        connection,
        [
            {
                "round_id": round_id,
                "key": unit.key,
                "name": unit.name,
                "kind": unit.kind,
                "parent": unit.parent,
                "position": position,
                "facts": dumps(unit.facts, ensure_ascii=False, sort_keys=True),
            }
            for position, unit in enumerate(units, start=first)
        ],
    )


def insert_milestones(
    connection: Connection,
    round_id: str,
    milestones: Sequence[tuple[MilestoneFact, datetime | None]],
) -> None:
    """Write a round's plan: each milestone and when its invited hear of it next."""
    INSERT_MILESTONES.many(
        connection,
        [
            {
                "round_id": round_id,
                "key": fact.key,
                "position": position,
                "first_on": fact.first_on,
                "last_on": fact.last_on,
                "due_at": fact.due_at,
                "moved_from": None,
                "set_by_hand": False,
                "next_reminder_at": wake,
            }
            for position, (fact, wake) in enumerate(milestones, start=1)
        ],
    )


def list_milestones(connection: Connection, round_id: str) -> list[dict[str, Any]]:
    """Give a round's plan, in its order."""
    names = ("key", "first_on", "last_on", "due_at", "moved_from", "set_by_hand")
    rows = LIST_MILESTONES.all(connection, round_id=round_id)
    return [dict(zip(names, row, strict=True)) for row in rows]


def move_milestones(
    connection: Connection, round_id: str, moved: Sequence[Mapping[str, object]]
) -> None:
    """Write new dates: name, first, last, due, earlier, by_hand and wake for each."""
    MOVE_MILESTONE.many(connection, [{"round": round_id, **one} for one in moved])


def move_deadlines(connection: Connection, tasks: Sequence[TaskFact]) -> None:
    """Write the new deadlines of open tasks."""
    MOVE_TASK.many(
        connection,
        [
            {
                "task_id": task.id,
                "due": task.due_at,
                "now": task.ladder_from,
                "wake": task.next_reminder_at,
            }
            for task in tasks
        ],
    )


def list_cases(connection: Connection, round_id: str) -> list[Any]:
    """Give a round's cases in the order they were opened."""
    return [case_fact(row) for row in LIST_CASES.all(connection, round_id=round_id)]


def list_open_tasks(
    connection: Connection,
    *,
    round_id: str | None = None,
    person: int | None = None,
    case: str | None = None,
    today: date | None = None,
) -> list[tuple[str, TaskFact]]:
    """Give open tasks with their round, by deadline: all, a round's, a person's, a case's.

    A person's are also those of whoever they stand in for today.
    """
    if case is not None:
        rows = TASK_OF_CASE.all(connection, case=case)
    elif person is not None:
        rows = LIST_TASKS_OF_PERSON.all(connection, person=person, today=today)
    elif round_id is not None:
        rows = LIST_TASKS_OF_ROUND.all(connection, round_id=round_id)
    else:
        rows = LIST_TASKS.all(connection)
    found = [(row[-1], task_fact(row)) for row in rows]
    if round_id is not None:
        found = [(name, task) for name, task in found if name == round_id]
    return found


def open_questions(connection: Connection, case: str) -> list[int]:
    """Give the numbers of a case's questions that have no answer."""
    return [row[0] for row in OPEN_QUESTIONS.all(connection, case=case)]


def list_rounds(connection: Connection, now: datetime, only: str = "") -> list[dict[str, Any]]:
    """Give the rounds with their counts of open and overdue tasks; `only` names one."""
    names = (
        "round",
        "process",
        "year",
        "state",
        "closed_at",
        "open_tasks",
        "overdue",
        "reference",
        "revision",
        "plan",
        "opened_at",
        "root",
        "paused_at",
    )
    rows = LIST_ROUNDS.all(connection, now=now, only=only)
    return [dict(zip(names, row, strict=True)) for row in rows]
