"""The steps of a round with their days: what is done, under way and coming.

Days that the plan does not give are reckoned: a step that is counted from when it is
entered begins when the one before it is planned to end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.core import plan
from workflow.core.facts import CaseFact
from workflow.core.progress import Standing
from workflow.service.reading.rounds.board import Board
from workflow.service.reading.rounds.step import Bar, Part, Step
from workflow.store import overview
from workflow.store.overview import PlannedMilestone

__all__ = ["Timetable", "read_timetable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The steps, and the plan's lines."""

    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]


def read_timetable(board: Board) -> Timetable:
    """Lay out a round's steps and plan."""
    draft = _Draft(board)
    for state in board.course.root.states:
        draft.add(state)
    bars = list(_with_slack(draft.bars))
    for bar in _loose_milestones(board):
        later = (number for number, one in enumerate(bars) if _ends_after(one, bar))
        bars.insert(next(later, len(bars)), bar)
    return Timetable(steps=tuple(draft.steps), bars=tuple(bars))


class _Draft:
    """The steps so far, and the day to which they have led."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.steps: list[Step] = []
        self.bars: list[Bar] = []
        self.entered, self.left = _stays(board)
        self.day: date | None = self._local(board.root.opened_at)

    def add(self, state: str) -> None:
        """Add a state of the round's way."""
        board = self.board
        standing = self._standing(state)
        parts = tuple(_part(board, kind) for kind in board.course.parts(board.root.kind, state))
        title = board.state_name(board.root.kind, state)
        bars = [self._part_bar(part, standing) for part in parts] if standing != "passed" else []
        if not parts or (standing != "passed" and board.course.is_leg(board.root.kind, state)):
            bars.append(self._own_bar(state, title, standing))
        if standing == "now" and any(part.late for part in parts):
            standing = "late"
        done_on = self.left.get(state) if standing == "done" else None
        self.steps.append(
            Step(
                state=state,
                title=title,
                standing=standing,
                first_on=bars[-1].first_on if bars else None,
                last_on=done_on or (bars[-1].last_on if bars else None),
                parts=parts,
                is_meeting=bool(bars) and bars[-1].is_meeting,
            )
        )
        if standing != "passed":
            self.bars += bars
        if done_on:
            self.day = done_on
        elif standing in ("now", "late") and self.day and self.day < board.today:
            self.day = board.today

    def _standing(self, state: str) -> str:
        root = self.board.root
        way = self.board.course.root
        if state == root.state:
            return "late" if self.board.standings[root.id] is Standing.LATE else "now"
        if way.places[state] > way.places.get(root.state, len(way.states)):
            return "next"
        if state in self.left:
            return "done"
        return "passed"

    def _part_bar(self, part: Part, standing: str) -> Bar:
        """Lay out what a step waits for, from its first case to the last of its milestones."""
        board = self.board
        cases = board.kinds.get(part.kind, []) if standing != "next" else []
        first_on = self._begun_on(part.kind, cases)
        last_on = moved_from = None
        for state in board.course.ways[part.kind].states:
            if board.course.is_leg(part.kind, state):
                planned = board.planned_on(part.kind, state)
                self.day = planned or self._after_span(part.kind, state)
                milestone = self._milestone(part.kind, state)
                if planned and milestone:
                    last_on, moved_from = planned, milestone.moved_from
        if part.alone:
            self.day = last_on = board.due_on(cases[0]) or last_on or self.day
        ended = max((case.ended_at for case in cases if case.ended_at), default=None)
        is_done = bool(cases) and not part.finished.left
        return Bar(
            title=part.name,
            standing="done" if is_done else part.standing if cases else "next",
            first_on=first_on,
            last_on=last_on or self.day,
            done_on=self._local(ended) if is_done and ended else None,
            moved_from=moved_from,
            part=part if cases else None,
        )

    def _begun_on(self, kind: str, cases: Sequence[CaseFact]) -> date | None:
        """Give the day on which somebody first had something to do in some cases."""
        board = self.board
        first = board.course.ways[kind].states[0]
        waits = not board.course.is_leg(kind, first)
        begun = [
            case.entered_at if waits else case.opened_at
            for case in cases
            if not waits or case.state != first
        ]
        return self._local(min(begun)) if begun else self.day

    def _own_bar(self, state: str, title: str, standing: str) -> Bar:
        """Lay out a step that the round itself stands in: one for somebody, or a meeting."""
        board, kind = self.board, self.board.root.kind
        planned = board.planned_on(kind, state)
        last_on = planned or self._after_span(kind, state)
        if state == board.root.state:
            last_on = board.due_on(board.root) or last_on
        milestone = self._milestone(kind, state)
        meets = milestone is not None and self._meets(milestone)
        one_day = milestone is not None and milestone.fact.first_on == milestone.fact.last_on
        done_on = self.left.get(state) if standing == "done" else None
        first_on = self.entered.get(state) if standing != "next" else self.day
        if meets and one_day:
            first_on = done_on or last_on
        elif milestone is not None and not one_day and standing == "next":
            first_on = milestone.fact.first_on
        self.day = last_on or self.day
        return Bar(
            title=title,
            standing="act" if standing == "now" else standing,
            first_on=first_on,
            last_on=last_on,
            is_meeting=meets,
            done_on=done_on,
            moved_from=milestone.moved_from if milestone else None,
        )

    def _meets(self, milestone: PlannedMilestone) -> bool:
        return self.board.course.definition.milestone[milestone.fact.key].meeting is not None

    def _milestone(self, kind: str, state: str) -> PlannedMilestone | None:
        """Give the milestone that a state is due at, as it is written."""
        due = self.board.course.state(kind, state).due
        return self.board.plan.get(due.anchor) if due and due.span is None else None

    def _after_span(self, kind: str, state: str) -> date | None:
        due = self.board.course.state(kind, state).due
        if self.day is None or due is None or due.span is None or due.anchor != "entered":
            return self.day
        return plan.add_span(self.day, due.span)

    def _local(self, at: datetime) -> date:
        return plan.local_day(at, self.board.course.definition.zone)


def _stays(board: Board) -> tuple[dict[str, date], dict[str, date]]:
    """Give the days on which the round last came to each state and left it."""
    zone = board.course.definition.zone
    entered: dict[str, date] = {}
    left: dict[str, date] = {}
    here = ""
    for arrival in overview.arrivals(board.seen.connection, board.root.id):
        if arrival.state == here:
            continue
        day = plan.local_day(arrival.at, zone)
        if here:
            left[here] = day
        here = arrival.state
        entered[here] = day
        left.pop(here, None)
    return entered, left


def _part(board: Board, kind: str) -> Part:
    states = board.course.ways[kind].states
    cases = board.kinds.get(kind, [])
    open_alone = len(cases) == 1 and cases[0].ended_at is None
    return Part(
        kind=kind,
        name=board.kind_name(kind),
        handed_in=board.course.is_handed_in(kind),
        tally=board.tally(kind, board.course.arrival(kind)),
        finished=board.tally(kind, states[-1]),
        late=sum(1 for case in cases if board.standings[case.id] is Standing.LATE),
        alone=board.state_name(kind, cases[0].state) if open_alone else "",
    )


def _with_slack(bars: list[Bar]) -> Iterator[Bar]:
    """Say how much time lies between a line that is not done and the meeting after it."""
    for bar, following in zip(bars, [*bars[1:], None], strict=True):
        until = None
        if following and following.is_meeting and following.first_on and bar.standing != "done":
            until = plan.working_day_before(following.first_on)
        days = plan.working_days_between(bar.last_on, until) if bar.last_on and until else 0
        yield replace(bar, slack_until=until, slack_days=days) if days > 0 else bar


def _loose_milestones(board: Board) -> Iterator[Bar]:
    """Give the milestones at which no state is due: they move nothing, and are in the plan."""
    kinds = board.course.definition.case.values()
    owed = {state.due.anchor for kind in kinds for state in kind.state.values() if state.due}
    for key, one in board.plan.items():
        due_at = one.fact.due_at
        if key not in owed and due_at is not None:
            yield Bar(
                title=board.milestone_name(key),
                standing="done" if due_at <= board.seen.now else "next",
                first_on=one.fact.first_on,
                last_on=plan.due_on(due_at, board.course.definition.zone),
                is_meeting=one.fact.first_on == one.fact.last_on,
                moved_from=one.moved_from,
            )


def _ends_after(bar: Bar, other: Bar) -> bool:
    return bool(bar.last_on and other.last_on and bar.last_on > other.last_on)
