"""How far cases have come: the standing of one, and the same counted over many.

Everything that a page says of a round in numbers is counted here, once: the sentence at
its head, its steps, its plan and its matrix can therefore not disagree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from workflow.core import plan
from workflow.core.course import Way
from workflow.core.facts import CaseFact, Place

__all__ = ["SOON", "Judge", "Owed", "Spread", "Standing", "Tally", "spread", "tally"]

SOON: Final = 3
"""Working days or fewer to the last day: time is short."""


class Standing(StrEnum):
    """How it is with a case."""

    DONE = "done"
    """It has come to an end of its own."""
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    LATE = "late"
    BACK = "back"
    """It came back with questions that wait for answers."""
    EXTENDED = "extended"
    """It was given more days, which have not passed."""
    SOON = "soon"
    ACT = "act"
    """Somebody has it, and has time."""
    WAITS = "waits"
    """For other cases, or for the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The open task of a case, as far as standing goes."""

    task: str
    place: Place | None
    due_at: datetime | None
    extended_on: date | None


@dataclass(slots=True)
class Judge:
    """Says how it is with cases at one instant; each deadline is worked out once."""

    now: datetime
    today: date
    zone: str
    _days: dict[datetime, tuple[date, Standing]] = field(default_factory=dict)

    def stand(self, case: CaseFact, owed: Owed | None, open_questions: int = 0) -> Standing:
        """Give the standing of a case with its open task and its unanswered questions."""
        if case.ended_at is not None:
            return _ENDS.get(case.state, Standing.DONE)
        if owed is None or owed.place is None:
            return Standing.WAITS
        pressing = self._day(owed.due_at)[1] if owed.due_at else Standing.ACT
        if pressing is Standing.LATE:
            return Standing.LATE
        if open_questions:
            return Standing.BACK
        if owed.extended_on is not None and owed.extended_on == self.due_on(owed):
            return Standing.EXTENDED
        return pressing

    def due_on(self, owed: Owed | None) -> date | None:
        """Give the last day of a task."""
        return self._day(owed.due_at)[0] if owed and owed.due_at else None

    def _day(self, due_at: datetime) -> tuple[date, Standing]:
        if due_at not in self._days:
            day = plan.due_on(due_at, self.zone)
            pressing = Standing.ACT
            if due_at <= self.now:
                pressing = Standing.LATE
            elif plan.working_days_between(self.today, day) <= SOON:
                pressing = Standing.SOON
            self._days[due_at] = day, pressing
        return self._days[due_at]


_ENDS = {"missing": Standing.MISSING, "withdrawn": Standing.WITHDRAWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far the cases of one kind have come with one step; withdrawn ones are left out."""

    total: int = 0
    reached: int = 0
    """How many are past the step."""
    missing: int = 0
    late: int = 0
    back: int = 0
    extended: int = 0
    soon: int = 0
    act: int = 0
    waits: int = 0
    coming: int = 0
    """How many have not come to the step yet."""

    @property
    def here(self) -> int:
        """How many stand in the step."""
        return self.late + self.back + self.extended + self.soon + self.act + self.waits

    @property
    def left(self) -> int:
        """How many are still to get past it."""
        return self.here + self.coming

    @property
    def tone(self) -> str:
        """Say how it is with the step as a whole: done, late, back, soon, act or next."""
        if self.late:
            return "late"
        if self.back:
            return "back"
        if self.extended or self.soon:
            return "soon"
        if self.total and not self.left:
            return "done"
        return "act" if self.here or (self.reached and self.left) else "next"


Spread = Mapping[tuple[str, Standing], int]
"""How many cases of one kind stand in each state, and how."""


def spread(cases: Iterable[CaseFact], standings: Mapping[str, Standing]) -> Spread:
    """Count cases of one kind by state and standing; `standings` are by the case's id."""
    return Counter((case.state, standings[case.id]) for case in cases)


def tally(way: Way, state: str, found: Spread) -> Tally:
    """Say how far cases of one kind have come with a state of its way."""
    step = way.places[state]
    counted: Counter[str] = Counter()
    for (place, standing), number in found.items():
        if standing is Standing.WITHDRAWN:
            continue
        counted["total"] += number
        if standing is Standing.MISSING:
            counted["missing"] += number
        elif standing is Standing.DONE or way.places[place] > step:
            counted["reached"] += number
        elif way.places[place] < step:
            counted["coming"] += number
        else:
            counted[standing.value] += number
    return Tally(**counted)
