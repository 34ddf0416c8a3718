"""Invented people who do their part in a simulated year: when, and what.

They know nothing of any process: they read its definition as a person reads the
page. The first button is the way on; a button that asks questions or takes cases
back is a return.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from beredning.clock import Chance
from workflow.core import plan
from workflow.core.definition import Definition, State, Transition
from workflow.core.facts import TaskFact
from workflow.core.periods import PERIODS

__all__ = [
    "Cast",
    "Part",
    "at_minute",
    "is_return",
    "ways_of",
]

OFFICE_HOURS = (8 * 60, 16 * 60 + 30)
"""Minutes after midnight between which people act."""


PATIENCE: Final = 40
"""How often somebody comes back to a step whose way on is not open, before they take another."""
LINGERS: Final = (200, 260)
"""Working days that a step without a date goes on, when reports come again in it."""


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
    lingered: set[str] = field(default_factory=set)
    """Tasks without a date that have gone on for their time."""
    waited: dict[str, int] = field(default_factory=dict)
    """How often the way on was not open yet, by task."""
    pressed: dict[str, int] = field(default_factory=dict)
    """How often each button of a case has been pressed, by `CASE BUTTON`: who has gone in a
    circle takes another way."""

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
        if task.due_at is None:
            return False  # what is owed by no day is never late
        return bool(kind.per) and kind.missing_by != "nobody" and kind.first == task.state

    def _part(self, task: TaskFact, today: date) -> Part:
        minute = self.chance.randrange(*OFFICE_HOURS)
        return Part(on=self._day(task, today), minute=minute, task=task.id, case=task.case)

    def _day(self, task: TaskFact, today: date) -> date:
        """Choose a working day: at the meeting, before the deadline, or too late."""
        kind = self.definition.case[_kind_of(task)]
        first = plan.add_working_days(today, 1)
        if task.due_at is None:
            return plan.add_working_days(today, self.chance.randint(*self._while(task)))
        last = plan.due_on(task.due_at, self.definition.zone)
        last = last if plan.is_working_day(last) else plan.working_day_before(last)
        if kind.state[task.state].body or last <= first:
            return max(first, last)
        if kind.per and self.chance.random() < self.late:
            return max(first, plan.add_working_days(last, self.chance.randint(1, 8)))
        earliest = max(first, plan.add_working_days(last, -8))
        days = plan.working_days_between(earliest, last)
        return plan.add_working_days(earliest, self.chance.randint(0, max(days, 0)))

    def _while(self, task: TaskFact) -> tuple[int, int]:
        """Give in how many working days somebody does what has no date: soon, but what
        reports come again in goes on for a year."""
        state = self.definition.case[_kind_of(task)].state[task.state]
        starts = [self.definition.case[name] for name in state.starts]
        if task.id in self.lingered or not any(set(one.every) & set(PERIODS) for one in starts):
            return 2, 6
        self.lingered.add(task.id)
        return LINGERS

    def choose(
        self, part: Part, state: State, kind_key: str, options: Sequence[Mapping[str, Any]]
    ) -> str | None:
        """Choose a button among those that can be pressed: once a return, once a remittal."""
        case, task = part.case, part.task
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
        ways = [key for key, one in state.transition.items() if not is_return(state, one)]
        ways.sort(key=lambda key: self.pressed.get(f"{case} {key}", 0))
        ways.sort(key=lambda key: not self._begins_a_part(state.transition[key]))
        ahead = [key for key in ways if key in open_to]
        if ways[:1] != ahead[:1] and self._waits(task):
            return None
        quiet = [k for k in ahead[1:2] if state.transition[k].asks == ("comment",)]
        if quiet and self.definition.case[kind_key].per and self.chance.random() < 0.08:
            return quiet[0]
        return next(iter(ahead), None)

    def _begins_a_part(self, transition: Transition) -> bool:
        """Say whether a button opens the next part, and nobody has pressed it in any."""
        begins = transition.begins
        name = f" {transition.key}"
        return bool(begins and begins.plan) and not any(one.endswith(name) for one in self.pressed)

    def note(self, case: str, key: str) -> None:
        """Remember that a button of a case was pressed."""
        name = f"{case} {key}"
        self.pressed[name] = self.pressed.get(name, 0) + 1

    def _waits(self, task: str) -> bool:
        """Say whether to wait for the way on to open, rather than take another."""
        self.waited[task] = self.waited.get(task, 0) + 1
        return self.waited[task] <= PATIENCE


def _kind_of(task: TaskFact) -> str:
    return task.case.split(".")[1]


def _sends_back(transition: Transition) -> bool:
    return "questions" in transition.asks and not transition.reopens and transition.by is None


def ways_of(definition: Definition) -> list[Transition]:
    """Give every button of every state."""
    states = (state for case in definition.case.values() for state in case.state.values())
    return [button for state in states for button in state.transition.values()]


def is_return(state: State, transition: Transition) -> bool:
    """Say whether a button leads back, or nowhere."""
    back = "questions" in transition.asks or "date" in transition.asks
    return back or transition.to == state.key or transition.by is not None


def at_minute(day: date, minute: int, zone: str) -> datetime:
    """Give the instant of a minute of a local day."""
    return plan.day_start(day, zone) + timedelta(minutes=minute)
