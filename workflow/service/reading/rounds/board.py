"""One round as one person sees it, read at once: what its pages are made from.

Every case is read, since every case counts; whose title, unit and holder may be shown is
for `sees`, which is settled once per kind and unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from workflow.core import phrases, plan
from workflow.core.course import Course, course_of
from workflow.core.definition import BUILT_IN_ENDS
from workflow.core.facts import CaseFact, MilestoneFact
from workflow.core.progress import Judge, Owed, Spread, Standing, Tally, spread, tally
from workflow.service.seeing import Seen
from workflow.store import overview
from workflow.store.overview import PlannedMilestone

__all__ = ["Board", "read_board"]


@dataclass(slots=True, kw_only=True)
class Board:
    """A round's cases with what is owed in them and how it is with each."""

    seen: Seen
    course: Course
    judge: Judge
    root: CaseFact
    cases: dict[str, CaseFact]
    """By id, in the order they were opened."""
    owed: dict[str, Owed]
    questions: dict[str, int]
    standings: dict[str, Standing]
    plan: dict[str, PlannedMilestone]
    positions: dict[str, int]
    """Units in the organisation's order."""
    below: dict[str, list[CaseFact]] = field(default_factory=dict)
    """Children by their parent's id."""
    kinds: dict[str, list[CaseFact]] = field(default_factory=dict)
    _sights: dict[tuple[str, str], bool] = field(default_factory=dict)
    _spreads: dict[str, Spread] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """Titles by a case's id or a path of the definition, once they have been asked for."""

    @property
    def today(self) -> date:
        """The local day."""
        return self.seen.desk.today

    # ---- seeing --------------------------------------------------------------------------

    def sees(self, case: CaseFact) -> bool:
        """Say whether the viewer sees that a case exists, and how far it has come."""
        key = case.kind, case.unit
        if key not in self._sights:
            self._sights[key] = self.seen.sight.sees(case)
        return self._sights[key]

    # ---- counting ------------------------------------------------------------------------

    def tally(self, kind: str, state: str) -> Tally:
        """Count how far all cases of a kind have come with a step."""
        if kind not in self._spreads:
            self._spreads[kind] = self.spread(self.kinds.get(kind, ()))
        return tally(self.course.ways[kind], state, self._spreads[kind])

    def spread(self, cases: Iterable[CaseFact]) -> Spread:
        """Count some cases of one kind by state and standing."""
        return spread(cases, self.standings)

    def under(self, case: CaseFact) -> list[CaseFact]:
        """Give every case below one."""
        found: list[CaseFact] = []
        left = list(self.below.get(case.id, ()))
        while left:
            found.append(one := left.pop())
            left += self.below.get(one.id, ())
        return found

    # ---- days ----------------------------------------------------------------------------

    def milestone(self, key: str) -> MilestoneFact:
        """Give a milestone of the round's plan."""
        return self.plan[key].fact

    def planned_on(self, kind: str, state: str) -> date | None:
        """Give the last day that the plan gives a state; None when it is counted from when
        the state is entered, or no day is set."""
        due = self.course.state(kind, state).due
        if due is None or due.span is not None or due.anchor not in self.plan:
            return None
        due_at = self.milestone(due.anchor).due_at
        return plan.due_on(due_at, self.course.definition.zone) if due_at else None

    def due_on(self, case: CaseFact) -> date | None:
        """Give the last day of what is owed in a case."""
        return self.judge.due_on(self.owed.get(case.id))

    # ---- words ---------------------------------------------------------------------------

    def case_name(self, case: CaseFact) -> str:
        """Give a case's title; of the root that of the round."""
        desk = self.seen.desk
        if case.id not in self._names:
            title = desk.case_title(case) if case.parent else desk.round_title
            self._names[case.id] = title
        return self._names[case.id]

    def kind_name(self, kind: str) -> str:
        """Give what a kind of case is called when no unit is meant."""
        return self.seen.desk.kind_title(kind)

    def state_name(self, kind: str, state: str) -> str:
        """Give the title of a state or an end."""
        case = self.course.definition.case[kind]
        if state in case.state:
            return self._filled(f"case.{kind}.state.{state}.title", case.state[state].title)
        if state in BUILT_IN_ENDS:
            return BUILT_IN_ENDS[state]["en" if self.seen.desk.language == "en" else "sv"]
        return self._filled(f"case.{kind}.ends.{state}", case.ends[state])

    def milestone_name(self, key: str) -> str:
        """Give the title of a milestone."""
        own = self.course.definition.milestone[key].title
        return self._filled(f"milestone.{key}.title", own)

    def role_name(self, key: str) -> str:
        """Give the title of a role."""
        return self._text(f"role.{key}.title", self.course.definition.role[key].title)

    def _text(self, path: str, own: str) -> str:
        desk = self.seen.desk
        return desk.revision.text(path, own, desk.language)

    def _filled(self, path: str, own: str) -> str:
        if path not in self._names:
            title = self._text(path, own)
            self._names[path] = phrases.fill(title, year=self.seen.facts.round.year)
        return self._names[path]


def read_board(seen: Seen) -> Board:
    """Read a round for somebody who has a place in it."""
    connection, round_id = seen.connection, seen.facts.round.id
    definition = seen.definition
    kinds = (*definition.unit, *definition.body)
    seen.facts.remember_lines(kinds)
    cases, owed = overview.cases_with_tasks(connection, round_id)
    questions = overview.open_questions(connection, round_id)
    judge = Judge(now=seen.now, today=seen.desk.today, zone=definition.zone)
    board = Board(
        seen=seen,
        course=course_of(seen.revision),
        judge=judge,
        root=next(case for case in cases if case.parent is None),
        cases={case.id: case for case in cases},
        owed=owed,
        questions=questions,
        standings={
            case.id: judge.stand(case, owed.get(case.id), questions.get(case.id, 0))
            for case in cases
        },
        plan=overview.milestones(connection, round_id),
        positions={unit.key: number for number, unit in enumerate(seen.facts.units(kinds))},
    )
    for case in cases:
        board.kinds.setdefault(case.kind, []).append(case)
        if case.parent is not None:
            board.below.setdefault(case.parent, []).append(case)
    return board
