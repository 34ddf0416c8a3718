"""Invented people who do their part in a simulated year: when, and what.

They know nothing of any process: they read its definition as a person reads the
page. The first button is the way on; a button that asks questions or takes cases
back is a return; what must be filled in is filled in with words that say they are
invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from beredning.clock import Chance
from beredning.practice.lines import PLAIN, Lines, pick
from workflow.core import plan
from workflow.core.definition import Column, Definition, State, Table, Transition
from workflow.core.facts import Row, Source, TaskFact
from workflow.core.material import is_required
from workflow.core.suggesting import differing, reason_key, with_suggestions

__all__ = [
    "Cast",
    "Part",
    "at_minute",
    "invented_assessments",
    "invented_edits",
    "invented_rows",
    "is_return",
]

OFFICE_HOURS = (8 * 60, 16 * 60 + 30)
"""Minutes after midnight between which people act."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What is going to be done about a task, and when."""

    on: date
    minute: int
    task: str
    case: str


@dataclass(slots=True)
class Cast:
    """Everybody, with what they have in mind."""

    definition: Definition
    chance: Chance
    late: float
    """The share of tasks of units that are done too late."""
    parts: dict[str, Part] = field(default_factory=dict)
    """What is planned, by task."""
    silent: str | None = None
    """The case that never comes: somebody has to carry it as missing."""
    sent_back: str | None = None
    """The case that is sent back to its unit once it has been handed in."""
    returned: bool = False
    """Whether something has been sent back to its unit."""
    remitted: bool = False
    """Whether something has been remitted downwards."""

    def take(self, tasks: Sequence[TaskFact], today: date) -> None:
        """Plan the tasks that are new, and choose who never delivers."""
        new = [task for task in tasks if task.place and task.id not in self.parts]
        for task in new:
            self.parts[task.id] = self._part(task, today)
        if self.silent is None:
            owed = [task for task in new if self._may_be_missing(task)]
            if len(owed) > 2:
                self.silent, self.sent_back = (t.case for t in self.chance.sample(owed, 2))

    def due(self, today: date) -> list[Part]:
        """Give what is done today, and what was left from earlier days, in order of time."""
        return sorted(part for part in self.parts.values() if part.on <= today)

    def _may_be_missing(self, task: TaskFact) -> bool:
        kind = self.definition.case[_kind_of(task)]
        return bool(kind.per) and kind.missing_by != "nobody" and kind.first == task.state

    def _part(self, task: TaskFact, today: date) -> Part:
        minute = self.chance.randrange(*OFFICE_HOURS)
        return Part(on=self._day(task, today), minute=minute, task=task.id, case=task.case)

    def _day(self, task: TaskFact, today: date) -> date:
        """Choose a working day: at the meeting, before the deadline, or too late."""
        kind = self.definition.case[_kind_of(task)]
        first = plan.add_working_days(today, 1)
        if task.due_at is None:
            return plan.add_working_days(today, self.chance.randint(2, 6))
        last = plan.due_on(task.due_at, self.definition.zone)
        last = last if plan.is_working_day(last) else plan.working_day_before(last)
        if kind.state[task.state].body or last <= first:
            return max(first, last)
        if kind.per and self.chance.random() < self.late:
            return max(first, plan.add_working_days(last, self.chance.randint(1, 8)))
        earliest = max(first, plan.add_working_days(last, -8))
        days = plan.working_days_between(earliest, last)
        return plan.add_working_days(earliest, self.chance.randint(0, max(days, 0)))

    def choose(
        self, case: str, state: State, kind_key: str, options: Sequence[Mapping[str, Any]]
    ) -> str | None:
        """Choose a button among those that can be pressed: once a return, once a remittal."""
        open_to = [str(one["key"]) for one in options if one["key"] in state.transition]
        for key in open_to:
            transition = state.transition[key]
            unit_case = bool(self.definition.case[kind_key].per)
            if unit_case and not self.returned and _sends_back(transition):
                self.returned = self.sent_back in (None, case)
                if self.returned:
                    return key
            if (
                transition.reopens
                and is_return(state, transition)
                and not (unit_case or self.remitted)
            ):
                self.remitted = True
                return key
        ahead = [k for k in open_to if not is_return(state, state.transition[k])]
        quiet = [k for k in ahead[1:2] if state.transition[k].asks == ("comment",)]
        if quiet and self.definition.case[kind_key].per and self.chance.random() < 0.08:
            return quiet[0]
        return next(iter(ahead), None)


def _kind_of(task: TaskFact) -> str:
    return task.case.split(".")[1]


def _sends_back(transition: Transition) -> bool:
    return "questions" in transition.asks and not transition.reopens and transition.by is None


def is_return(state: State, transition: Transition) -> bool:
    """Say whether a button leads back, or nowhere."""
    back = "questions" in transition.asks or "date" in transition.asks
    return back or transition.to == state.key or transition.by is not None


def invented_rows(
    definition: Definition, state: State, chance: Chance, today: date, lines: Lines = PLAIN
) -> dict[str, list[dict[str, Any]]]:
    """Fill in the tables of a state with rows that are invented."""
    filled = {}
    for key in state.edits:
        table = definition.table[key]
        many = not table.form and table.min_rows > 0
        needed = any(column.required for column in table.column.values())
        if needed and (table.form or many):
            count = max(table.min_rows, chance.randint(*lines.count)) if many else 1
            known = lines.rows.get(key, ())
            rows = [
                *(dict(row) for row in chance.sample(known, min(count, len(known)))),
                *(
                    _Row(table, chance, today, lines).filled(definition, number)
                    for number in range(len(known), count)
                ),
            ]
            filled[key] = [_with_reasons(definition, table, row, chance, lines) for row in rows]
    return filled


def _with_reasons(
    definition: Definition, table: Table, row: dict[str, Any], chance: Chance, lines: Lines
) -> dict[str, Any]:
    """Say why wherever a row has another value than the suggested."""
    for key in differing(table, with_suggestions(definition, table, row)):
        row.setdefault(reason_key(key), pick(chance, lines.differs))
    return row


def invented_edits(
    definition: Definition,
    table: Table,
    rows: Sequence[tuple[int, Row]],
    chance: Chance,
    today: date,
    people: Sequence[str] = (),
) -> list[list[Any]]:
    """Fill in what the rows of a compiled table lack; `rows` are numbers, with the cells they
    show, and `people` the keys of those who hold a role."""
    made = _Row(table, chance, today, PLAIN, people)
    edits: list[list[Any]] = []
    for number, shown in rows:
        cells: dict[str, Any] = {}
        for column in table.column.values():
            if is_required(column, {**shown, **cells}) and not shown.get(column.key):
                cells[column.key] = made.cell(definition, column, number)
        if cells:
            edits.append(["set", number, None, cells])
    return edits


ASSESSED: Final = 25
"""So many rows does each member judge; the rest they leave to those who know them."""


def invented_assessments(
    definition: Definition, table: Table, sources: Sequence[Source], chance: Chance
) -> list[list[Any]]:
    """Judge some of the rows that a table shows, in one's own copy of it."""
    scales = [one for one in table.column.values() if one.type in definition.scale]
    edits: list[list[Any]] = []
    for source in chance.sample(sources, min(ASSESSED, len(sources))):
        cells = {
            column.key: chance.choice(list(definition.scale[column.type or ""].levels))
            for column in scales
        }
        edits.append(["add", None, cells, source.origin.case, source.origin.number])
    return edits


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is made up cell by cell."""

    table: Table
    chance: Chance
    today: date
    lines: Lines
    people: Sequence[str] = ()
    """Keys of those who hold a role."""

    def filled(self, definition: Definition, number: int) -> dict[str, Any]:
        return {
            key: self.cell(definition, column, number + 1)
            for key, column in self.table.column.items()
            if column.required
        }

    def cell(self, definition: Definition, column: Column, number: int) -> str | int | bool:
        """Make up a cell."""
        kind = column.type or "text"
        if kind in definition.scale:
            return self.chance.choice(list(definition.scale[kind].levels))
        low = int(column.min if column.min is not None else 1)
        high = int(column.max if column.max is not None else 900)
        match kind:
            case "integer" | "tkr" | "number" | "percent":
                return self.chance.randint(low, max(low, high))
            case "date":
                return (self.today - timedelta(days=1)).isoformat()
            case "yes_no":
                return True
            case "person" if self.people:
                return self.chance.choice(self.people)
            case _:
                return self.lines.cell.format(number)


def at_minute(day: date, minute: int, zone: str) -> datetime:
    """Give the instant of a minute of a local day."""
    return plan.day_start(day, zone) + timedelta(minutes=minute)
