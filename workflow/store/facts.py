"""What a decision may ask, answered from the rows of a locked round.

Each answer costs one statement the first time and nothing after that, and only
what is asked is read: an act in a round of a thousand cases reads as many rows as
in a round of ten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json import loads
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, null, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import (
    Actor,
    CaseFact,
    Compile,
    EntryKind,
    JoinFact,
    MilestoneFact,
    Origin,
    Place,
    QuestionFact,
    RoundFact,
    Row,
    RowFact,
    RowKey,
    SeriesFact,
    SheetKey,
    Source,
    StoodInFor,
    TaskFact,
    UnitFact,
)
from workflow.store import people
from workflow.store.compiling import shown, standing
from workflow.store.conflicts import persons_in_conflict
from workflow.store.database import one_of
from workflow.store.log import Chain
from workflow.store.material import (
    drawn_line,
    last_number,
    read_reasons,
    read_row,
    read_sheet,
    sheet_gap,
)
from workflow.store.mergers import ended_into, going_into
from workflow.store.pointing import (
    files_of,
    people_in,
    previous_round,
    rows_of_table,
    rows_of_units,
)
from workflow.store.series import series_of
from workflow.store.statements import Statement
from workflow.store.tables import (
    Case,
    Entry,
    Grant,
    Join,
    Milestone,
    Person,
    Question,
    Round,
    RoundUnit,
    Signature,
    Substitution,
    Task,
)

__all__ = [
    "LockedRound",
    "StoredFacts",
    "case_fact",
    "load_actor",
    "lock_round",
    "lock_round_of",
    "read_round",
    "read_round_of",
    "task_fact",
]

ROUND_COLUMNS: Final = (
    col(Round.id),
    col(Round.process),
    col(Round.year),
    col(Round.plan),
    col(Round.revision),
    col(Round.version),
    col(Round.opened_at),
    col(Round.closed_at),
    col(Round.open_cases),
    col(Round.reference),
    col(Round.chain_length),
    col(Round.chain_head),
    col(Round.paused_at),
)
CASE_COLUMNS: Final = (
    col(Case.id),
    col(Case.kind),
    col(Case.unit),
    col(Case.parent),
    col(Case.opened_in),
    col(Case.started),
    col(Case.state),
    col(Case.version),
    col(Case.opened_at),
    col(Case.entered_at),
    col(Case.ended_at),
    col(Case.occasion),
)
TASK_COLUMNS: Final = (
    col(Task.id),
    col(Task.case_id),
    col(Task.state),
    col(Task.role),
    col(Task.unit),
    col(Task.opens_at),
    col(Task.due_at),
    col(Task.due_rule),
    col(Task.ladder),
    col(Task.next_reminder_at),
    col(Task.ladder_from),
    col(Task.extended_on),
)
UNIT_COLUMNS: Final = (
    col(RoundUnit.key),
    col(RoundUnit.name),
    col(RoundUnit.kind),
    col(RoundUnit.parent),
    col(RoundUnit.facts),
)

# NO KEY UPDATE: what refers to a locked round may be written meanwhile (mail, reminders).
LOCK_ROUND: Final = Statement(
    select(*ROUND_COLUMNS)
    .where(col(Round.id) == bindparam("round_id"))
    .with_for_update(key_share=True)
)
READ_ROUND: Final = Statement(select(*ROUND_COLUMNS).where(col(Round.id) == bindparam("round_id")))
READ_ROUND_OF: Final = Statement(
    select(*ROUND_COLUMNS).where(
        col(Round.id)
        == select(col(Case.round_id)).where(col(Case.id) == bindparam("case_id")).scalar_subquery()
    )
)
LOCK_ROUND_OF: Final = Statement(
    select(*ROUND_COLUMNS)
    .where(
        col(Round.id)
        == select(col(Case.round_id)).where(col(Case.id) == bindparam("case_id")).scalar_subquery()
    )
    .with_for_update(key_share=True)
)
LOCK_ROUND_UNLESS_LOCKED: Final = Statement(
    select(*ROUND_COLUMNS)
    .where(col(Round.id) == bindparam("round_id"))
    .with_for_update(key_share=True, skip_locked=True)
)
CASE: Final = Statement(select(*CASE_COLUMNS).where(col(Case.id) == bindparam("case_id")))
CASES: Final = Statement(select(*CASE_COLUMNS).where(one_of(col(Case.id), "ids")))
CHILDREN: Final = Statement(
    select(*CASE_COLUMNS).where(col(Case.parent) == bindparam("parent")).order_by(col(Case.id))
)
CHILDREN_OF_STATE: Final = Statement(
    select(*CASE_COLUMNS)
    .where(col(Case.parent) == bindparam("parent"), col(Case.opened_in) == bindparam("state"))
    .order_by(col(Case.id))
)
JOIN: Final = Statement(
    select(col(Join.opened), col(Join.ended), col(Join.delivered)).where(
        col(Join.case_id) == bindparam("case_id"), col(Join.state) == bindparam("state")
    )
)
OPEN_TASK: Final = Statement(
    select(*TASK_COLUMNS).where(
        col(Task.case_id) == bindparam("case_id"), col(Task.closed_at).is_(None)
    )
)
FIRST_ENTRY: Final = Statement(
    select(col(Entry.case_version))
    .where(
        col(Entry.case_id) == bindparam("case_id"),
        col(Entry.to_state) == bindparam("state"),
        col(Entry.case_version).is_not(None),
    )
    .order_by(col(Entry.number))
    .limit(1)
)
TASK: Final = Statement(select(*TASK_COLUMNS).where(col(Task.id) == bindparam("task_id")))
MILESTONE: Final = Statement(
    select(col(Milestone.first_on), col(Milestone.last_on), col(Milestone.due_at)).where(
        col(Milestone.round_id) == bindparam("round_id"), col(Milestone.key) == bindparam("key")
    )
)
UNITS_OF_KINDS: Final = Statement(
    select(*UNIT_COLUMNS)
    .where(col(RoundUnit.round_id) == bindparam("round_id"), one_of(col(RoundUnit.kind), "kinds"))
    .order_by(col(RoundUnit.position))
)


def _tree(*, upwards: bool) -> Statement:
    """Make the statement for a unit with those above it, or with those below it."""
    start = (
        select(
            col(RoundUnit.key),
            col(RoundUnit.name),
            col(RoundUnit.kind),
            col(RoundUnit.parent),
            col(RoundUnit.facts),
            col(RoundUnit.position),
        )
        .where(
            col(RoundUnit.round_id) == bindparam("round_id"),
            col(RoundUnit.key) == bindparam("unit"),
        )
        .cte("tree", recursive=True)
    )
    link = col(RoundUnit.key) == start.c.parent if upwards else col(RoundUnit.parent) == start.c.key
    step = (
        select(
            col(RoundUnit.key),
            col(RoundUnit.name),
            col(RoundUnit.kind),
            col(RoundUnit.parent),
            col(RoundUnit.facts),
            col(RoundUnit.position),
        )
        .join(start, link)
        .where(col(RoundUnit.round_id) == bindparam("round_id"))
    )
    tree = start.union_all(step)
    rows = select(tree.c.key, tree.c.name, tree.c.kind, tree.c.parent, tree.c.facts)
    return Statement(rows if upwards else rows.order_by(tree.c.position))


LINE: Final = _tree(upwards=True)
BELOW: Final = _tree(upwards=False)
LAST_ACTORS: Final = Statement(
    select(col(Entry.actor), col(Entry.on_behalf_of), col(Entry.kind))
    .where(col(Entry.case_id) == bindparam("case_id"), col(Entry.transition) == bindparam("key"))
    .order_by(col(Entry.number).desc())
    .limit(100)
)
SIGNERS: Final = Statement(
    select(col(Signature.person_id), col(Signature.signed_by)).where(
        col(Signature.task_id) == bindparam("task_id"),
        col(Signature.transition) == bindparam("key"),
    )
)
QUESTIONS: Final = Statement(
    select(col(Question.number), col(Question.text), col(Question.answer))
    .where(col(Question.case_id) == bindparam("case_id"))
    .order_by(col(Question.number))
)
MEMBERS: Final = Statement(
    select(col(Grant.person_id)).where(
        col(Grant.unit) == bindparam("unit"),
        col(Grant.from_on) <= bindparam("today"),
        col(Grant.to_on) >= bindparam("today"),
    )
)


_Absent = aliased(Person)
ACTOR: Final = Statement(
    # What they hold, and what those hold whom they stand in for: one read for both.
    union_all(
        select(
            col(Person.id),
            col(Person.name),
            col(Grant.role),
            col(Grant.unit),
            null().label("absent_id"),
            null().label("absent_name"),
        )
        .join(
            Grant,
            and_(
                col(Grant.person_id) == col(Person.id),
                col(Grant.from_on) <= bindparam("today"),
                col(Grant.to_on) >= bindparam("today"),
            ),
            isouter=True,
        )
        .where(col(Person.email) == bindparam("email")),
        select(
            col(Person.id),
            col(Person.name),
            col(Grant.role),
            col(Grant.unit),
            col(_Absent.id).label("absent_id"),
            col(_Absent.name).label("absent_name"),
        )
        .join(Substitution, col(Substitution.substitute_id) == col(Person.id))
        .join(Grant, people.in_force)
        .join(_Absent, col(_Absent.id) == col(Grant.person_id))
        .where(
            col(Person.email) == bindparam("email"),
            col(Grant.from_on) <= bindparam("today"),
            col(Grant.to_on) >= bindparam("today"),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRound:
    """A round whose row this transaction holds, with the head of its chain."""

    fact: RoundFact
    chain: Chain


def lock_round(
    connection: Connection, round_id: str, *, unless_locked: bool = False
) -> LockedRound | None:
    """Lock a round; None when there is none, or when another holds it and need not wait."""
    statement = LOCK_ROUND_UNLESS_LOCKED if unless_locked else LOCK_ROUND
    return _locked(statement.first(connection, round_id=round_id))


def lock_round_of(connection: Connection, case_id: str) -> LockedRound | None:
    """Lock the round of a case; None when there is no such case."""
    return _locked(LOCK_ROUND_OF.first(connection, case_id=case_id))


def read_round(connection: Connection, round_id: str) -> RoundFact:
    """Give a round without locking it.

    Raises: LookupError.
    """
    locked = _locked(READ_ROUND.first(connection, round_id=round_id))
    if locked is None:
        raise LookupError(round_id)
    return locked.fact


def read_round_of(connection: Connection, case_id: str) -> RoundFact | None:
    """Give the round of a case without locking it; None when there is no such case."""
    found = _locked(READ_ROUND_OF.first(connection, case_id=case_id))
    return found.fact if found else None


def _locked(row: tuple[Any, ...] | None) -> LockedRound | None:
    if row is None:
        return None
    fact = RoundFact(
        id=row[0],
        process=row[1],
        year=row[2],
        plan=row[3],
        revision=row[4],
        version=row[5],
        opened_at=row[6],
        closed_at=row[7],
        open_cases=row[8],
        reference=row[9],
        paused_at=row[12],
    )
    return LockedRound(fact=fact, chain=Chain(name=row[0], length=row[10], head=row[11]))


def load_actor(connection: Connection, email: str, today: date) -> Actor | None:
    """Give a person with what they hold today, and whom they stand in for; None when
    nobody has the address."""
    rows = ACTOR.all(connection, email=email.strip().lower(), today=today)
    if not rows:
        return None
    holds = frozenset(Place(r[2], r[3]) for r in rows if r[2] is not None and r[4] is None)
    absent: dict[int, tuple[str, set[Place]]] = {}
    for _, _, role, unit, person, name in rows:
        if person is not None:
            absent.setdefault(person, (name, set()))[1].add(Place(role, unit))
    stands_in_for = tuple(
        StoodInFor(person=person, name=name, holds=frozenset(places))
        for person, (name, places) in sorted(absent.items())
    )
    return Actor(person=rows[0][0], name=rows[0][1], holds=holds, stands_in_for=stands_in_for)


def case_fact(row: Sequence[Any]) -> CaseFact:
    """Make the fact of a row of CASE_COLUMNS."""
    return CaseFact(
        id=row[0],
        kind=row[1],
        unit=row[2],
        parent=row[3],
        opened_in=row[4],
        started=row[5],
        state=row[6],
        version=row[7],
        opened_at=row[8],
        entered_at=row[9],
        ended_at=row[10],
        occasion=row[11],
    )


def task_fact(row: Sequence[Any]) -> TaskFact:
    """Make the fact of a row of TASK_COLUMNS."""
    return TaskFact(
        id=row[0],
        case=row[1],
        state=row[2],
        place=Place(row[3], row[4]) if row[3] else None,
        opens_at=row[5],
        due_at=row[6],
        due_rule=row[7],
        ladder=row[8],
        next_reminder_at=row[9],
        ladder_from=row[10],
        extended_on=row[11],
    )


class StoredFacts:
    """`core.facts.Facts` of one round, read lazily and remembered."""

    def __init__(self, connection: Connection, round_fact: RoundFact, today: date) -> None:
        """Take a round; `today` is the local day on which grants must be valid."""
        self._connection = connection
        self._round = round_fact
        self._today = today
        self._cases: dict[str, CaseFact | None] = {}
        self._tasks: dict[str, TaskFact | None] = {}
        self._joins: dict[tuple[str, str], JoinFact | None] = {}
        self._series: dict[str, Mapping[str, SeriesFact]] = {}
        self._lines: dict[str, tuple[UnitFact, ...]] = {}
        self._staff: dict[Place, people.Staff] = {}
        self._milestones: dict[str, MilestoneFact] = {}
        self._questions: dict[str, tuple[QuestionFact, ...]] = {}
        self._sheets: dict[SheetKey, Sequence[RowFact]] = {}
        self._units: dict[tuple[tuple[str, ...], str | None], tuple[UnitFact, ...]] = {}
        self._conflicts: Mapping[RowKey, frozenset[int]] | None = None
        self._ended: Mapping[str, Sequence[str]] | None = None

    @property
    def round(self) -> RoundFact:
        """The round."""
        return self._round

    def on(self, day: date) -> "StoredFacts":
        """Give the same round with those who hold its roles on another day."""
        other = StoredFacts(self._connection, self._round, day)
        other._lines, other._units = self._lines, self._units
        return other

    def case(self, case_id: str) -> CaseFact | None:
        """Give a case of this round."""
        if case_id not in self._cases:
            row = CASE.first(self._connection, case_id=case_id)
            ours = row is not None and case_id.startswith(f"{self._round.id}.")
            self._cases[case_id] = case_fact(row) if row is not None and ours else None
        return self._cases[case_id]

    def remember_cases(self, ids: Collection[str]) -> None:
        """Read some cases of this round with one statement, to be asked for one by one."""
        found = CASES.all(self._connection, ids=list(ids))
        self._cases.update((row[0], case_fact(row)) for row in found)

    def children(
        self, case_id: str, *, opened_in: str | None = None, unfinished: bool = False
    ) -> Sequence[CaseFact]:
        """Give the cases right below one."""
        if opened_in is None:
            rows = CHILDREN.all(self._connection, parent=case_id)
        else:
            rows = CHILDREN_OF_STATE.all(self._connection, parent=case_id, state=opened_in)
        found = [case_fact(row) for row in rows]
        self._cases.update((case.id, case) for case in found)
        return [case for case in found if case.ended_at is None] if unfinished else found

    def join(self, case_id: str, state: str) -> JoinFact | None:
        """Give the counts of a state."""
        key = case_id, state
        if key not in self._joins:
            row = JOIN.first(self._connection, case_id=case_id, state=state)
            self._joins[key] = None
            if row is not None:
                self._joins[key] = JoinFact(
                    case=case_id, state=state, opened=row[0], ended=row[1], delivered=row[2]
                )
        return self._joins[key]

    def series(self, case_id: str) -> Mapping[str, SeriesFact]:
        """Give the series that a case has begun, by their kind."""
        if case_id not in self._series:
            found = series_of(self._connection, case_id)
            self._series[case_id] = {one.kind: one for one in found}
        return self._series[case_id]

    def task(self, case_id: str) -> TaskFact | None:
        """Give the open task of a case."""
        if case_id not in self._tasks:
            row = OPEN_TASK.first(self._connection, case_id=case_id)
            self._tasks[case_id] = task_fact(row) if row is not None else None
        return self._tasks[case_id]

    def first_task(self, case_id: str, state: str) -> TaskFact | None:
        """Give the task a case had when it first came to a state."""
        entry = FIRST_ENTRY.first(self._connection, case_id=case_id, state=state)
        row = entry and TASK.first(self._connection, task_id=f"{case_id}#{entry[0]}")
        return task_fact(row) if row else None

    def milestone(self, key: str) -> MilestoneFact:
        """Give a milestone."""
        if key not in self._milestones:
            row = MILESTONE.first(self._connection, round_id=self._round.id, key=key)
            if row is None:
                raise LookupError(key)
            self._milestones[key] = MilestoneFact(
                key=key, first_on=row[0], last_on=row[1], due_at=row[2]
            )
        return self._milestones[key]

    def line(self, unit: str) -> Sequence[UnitFact]:
        """Give a unit and those above it."""
        if unit not in self._lines:
            rows = LINE.all(self._connection, round_id=self._round.id, unit=unit)
            if not rows:
                raise LookupError(unit)
            self._lines[unit] = _units(rows)
        return self._lines[unit]

    def remember_lines(self, kinds: Collection[str]) -> None:
        """Read every unit with one statement, given all kinds there are, so that their lines
        can be asked for one by one."""
        known = {unit.key: unit for unit in self.units(kinds)}
        for key in known:
            line = []
            step: str | None = key
            while step in known:
                line.append(known[step])
                step = known[step].parent
            self._lines[key] = tuple(line)

    def units(self, kinds: Collection[str], *, below: str | None = None) -> Sequence[UnitFact]:
        """Give units of some kinds."""
        key = tuple(kinds), below
        if key not in self._units:
            if below is None or self.line(below)[0].parent is None:
                rows = UNITS_OF_KINDS.all(
                    self._connection, round_id=self._round.id, kinds=list(kinds)
                )
                self._units[key] = _units(rows)
            else:
                rows = BELOW.all(self._connection, round_id=self._round.id, unit=below)
                self._units[key] = tuple(u for u in _units(rows) if u.kind in kinds)
        return self._units[key]

    def holders(self, places: Collection[Place]) -> Mapping[Place, tuple[int, ...]]:
        """Give who holds each place today."""
        self._read_staff(places)
        return {place: self._staff[place].holders for place in places}

    def stand_ins(self, places: Collection[Place]) -> Mapping[Place, tuple[tuple[int, int], ...]]:
        """Give who stands in for a holder of each place today."""
        self._read_staff(places)
        return {place: self._staff[place].stand_ins for place in places}

    def _read_staff(self, places: Collection[Place]) -> None:
        unknown = [place for place in dict.fromkeys(places) if place not in self._staff]
        if unknown:
            self._staff.update(people.staff(self._connection, unknown, self._today))

    def member_ids(self, unit: str) -> frozenset[int]:
        """Give who holds any role at a unit today."""
        rows = MEMBERS.all(self._connection, unit=unit, today=self._today)
        return frozenset(int(row[0]) for row in rows)

    def conflicts(self) -> Mapping[RowKey, frozenset[int]]:
        """Give who has a conflict of interest in which row."""
        if self._conflicts is None:
            self._conflicts = persons_in_conflict(self._connection, self._round.id)
        return self._conflicts

    def last_actors(self, case_id: str, transitions: Collection[str]) -> frozenset[int]:
        """Give who last made each of some transitions, and who signed it with them."""
        found: set[int | None] = set()
        for key in transitions:
            rows = LAST_ACTORS.all(self._connection, case_id=case_id, key=key)
            for number, (actor, behind, kind) in enumerate(rows):
                if number and kind != EntryKind.SIGNED:
                    break
                found |= {actor, behind}
        return frozenset(person for person in found if person is not None)

    def signers(self, task_id: str, transition: str) -> Mapping[int, int]:
        """Give who has signed, and who held the pen."""
        rows = SIGNERS.all(self._connection, task_id=task_id, key=transition)
        return {person: person if by is None else by for person, by in rows}

    def questions(self, case_id: str) -> Sequence[QuestionFact]:
        """Give a case's questions."""
        if case_id not in self._questions:
            rows = QUESTIONS.all(self._connection, case_id=case_id)
            self._questions[case_id] = tuple(
                QuestionFact(number=row[0], text=row[1], answer=row[2]) for row in rows
            )
        return self._questions[case_id]

    def rows(self, case_id: str, table: str) -> Sequence[Row]:
        """Give the cells of a table."""
        return [row.cells for row in self.sheet(SheetKey(case_id, table))]

    def sheet(self, key: SheetKey) -> Sequence[RowFact]:
        """Give the rows of a sheet."""
        if key not in self._sheets:
            self._sheets[key] = read_sheet(self._connection, key)
        return self._sheets[key]

    def sheet_row(self, key: SheetKey, number: int) -> RowFact | None:
        """Give one row of a sheet."""
        return read_row(self._connection, key, number)

    def sheet_gap(self, key: SheetKey, after: int | None) -> tuple[str | None, str | None]:
        """Give the places on both sides of a gap."""
        return sheet_gap(self._connection, key, after)

    def shown(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Row]:
        """Give the cells of rows, with those of the rows that they show."""
        ends = shown(self._connection, rows, chain) if chain else [None] * len(rows)
        return [end[0] if end else row.cells for row, end in zip(rows, ends, strict=True)]

    def ends(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Origin | None]:
        """Give the row at the end of each row's origins."""
        found = shown(self._connection, rows, chain)
        return [end[1] if end else None for end in found]

    def sources(self, what: Compile) -> Sequence[Source]:
        """Give the rows that a table of several copies shows now."""
        return standing(self._connection, self._round.id, what)

    def people(self, roles: Collection[str]) -> Mapping[str, str]:
        """Give who holds one of some roles in the round today."""
        return people_in(self._connection, self._round.id, roles, self._today)

    def files(self, case_id: str) -> Mapping[int, str]:
        """Give the files that a case has."""
        return files_of(self._connection, case_id)

    def previous_rows(self, unit: str, table: str) -> Sequence[tuple[Origin, RowFact]]:
        """Give the rows of a table for a unit, and those that went into it, in the round
        before."""
        before = previous_round(self._connection, self._round)
        units = [unit, *self.predecessors(unit)]
        return rows_of_units(self._connection, before, units, table) if before else ()

    def predecessors(self, unit: str) -> Sequence[str]:
        """Give the units that have gone into a unit, through any number of steps."""
        if self._ended is None:
            self._ended = ended_into(self._connection, self._today)
        return going_into(self._ended, unit)

    def rows_in_round(self, table: str) -> Sequence[RowFact]:
        """Give the rows of a table in all cases."""
        return rows_of_table(self._connection, self._round.id, table)

    def reasons(self, key: SheetKey) -> Mapping[str, str]:
        """Give what people have written of why something may be as a check says."""
        return read_reasons(self._connection, key)

    def drawn_line(self, key: SheetKey) -> int | None:
        """Give the row behind which a sheet's line lies."""
        return drawn_line(self._connection, key)

    def last_number(self, key: SheetKey) -> int:
        """Give the highest number that was ever used."""
        return last_number(self._connection, key)


def _units(rows: Iterable[Sequence[Any]]) -> tuple[UnitFact, ...]:
    return tuple(
        UnitFact(key=r[0], name=r[1], kind=r[2], parent=r[3], facts=loads(r[4])) for r in rows
    )
