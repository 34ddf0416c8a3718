"""The situation of a round read as values, for those who may know of some of its cases by name."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from workflow.core import plan
from workflow.core.facts import CaseFact, EntryKind
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.progress import Standing
from workflow.core.situation import (
    Coming,
    Count,
    Ended,
    Late,
    LateKind,
    Movement,
    Situation,
    Stage,
)
from workflow.service.reading.past.knowledge import went_back
from workflow.service.reading.rounds.board import Board
from workflow.service.reading.situation.audience import Known
from workflow.service.reading.situation.span import Span, local_day
from workflow.service.reading.situation.sums import read_sums
from workflow.store import overview
from workflow.store.history import Step
from workflow.store.passages import Passage, passages

__all__ = ["read_situation"]


def read_situation(
    board: Board, span: Span, known: Known, *, without: Collection[str] = ()
) -> Situation:
    """Read how it goes with a round; kinds of case that only report are left out."""
    root, now = board.root, board.seen.now
    moved = passages(board.seen.connection, board.seen.facts.round.id, span.since_at, now)
    kinds = [key for key in board.kinds if key != root.kind and key not in without]
    alone = [key for key in kinds if _is_alone(board, key)]
    late = list(_late(board, known, kinds))
    ahead = list(_ahead(board))
    paused_at = board.seen.facts.round.paused_at
    return Situation(
        today=board.today,
        since=span.since,
        since_on=local_day(board, span.since_at),
        stages=tuple(_stages(board, span.since_at)),
        movements=tuple(_movements(board, moved, [key for key in kinds if key not in alone])),
        ended=tuple(_ended(board, alone, span.since_at)),
        stands=board.state_name(root.kind, root.state),
        stands_since=local_day(board, root.ended_at or root.entered_at),
        is_over=root.ended_at is not None,
        paused_on=local_day(board, paused_at) if paused_at else None,
        late=tuple(late),
        late_kinds=tuple(_late_kinds(board, known, kinds)),
        coming=tuple(one for one in ahead if one.first_on <= span.until),
        until=span.until,
        beyond=next((one for one in ahead if one.first_on > span.until), None),
        counts=tuple(_counts(board, kinds)),
        sums=tuple(read_sums(board, known)),
    )


def _is_alone(board: Board, kind: str) -> bool:
    own = board.course.definition.case[kind]
    return len(board.kinds[kind]) == 1 and not (own.every or own.opened_by)


# ---- what has happened -----------------------------------------------------------------


def _stages(board: Board, since: datetime) -> Iterator[Stage]:
    """Give the steps that the round has come to, once each time it came."""
    here = ""
    for arrival in overview.arrivals(board.seen.connection, board.root.id):
        if arrival.state != here and arrival.at > since and here:
            title = board.state_name(board.root.kind, arrival.state)
            yield Stage(title=title, on=local_day(board, arrival.at))
        here = arrival.state


def _ended(board: Board, kinds: Collection[str], since: datetime) -> Iterator[Ended]:
    for kind in kinds:
        case = board.kinds[kind][0]
        if case.ended_at is not None and case.ended_at > since and case.state != WITHDRAWN:
            yield Ended(
                title=board.kind_name(kind),
                end=board.state_name(kind, case.state),
                on=local_day(board, case.ended_at),
            )


def _movements(
    board: Board, moved: Collection[Passage], kinds: Collection[str]
) -> Iterator[Movement]:
    """Count how many cases of each kind have moved: each case once in each way."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in moved:
        if one.case_kind in kinds:
            for way in _ways(board, one):
                found[one.case_kind][way].add(one.case)
    for kind in kinds:
        ways = found.get(kind, {})
        if any(ways.values()):
            counted = {way: len(cases) for way, cases in ways.items()}
            yield Movement(title=board.kind_name(kind), **counted)


def _ways(board: Board, one: Passage) -> Iterator[str]:
    """Say in which ways a case has moved that still hold: one that is open again is not done."""
    course, kind = board.course, board.course.definition.case[one.case_kind]
    case = board.cases[one.case]
    if one.kind is EntryKind.OPENED:
        if kind.opened_by:
            yield "opened"
        return
    if one.kind is EntryKind.MISSING:
        if case.state == MISSING:
            yield "missing"
        return
    step = Step(
        case=one.case, number=0, kind=one.kind, from_state=one.from_state, to_state=one.to_state
    )
    if went_back(kind, step):
        yield "returned"
        return
    places = course.ways[one.case_kind].places
    here, there = places.get(one.from_state or "", 0.0), places.get(one.to_state or "", 0.0)
    if one.to_state in kind.ends:
        if case.ended_at is not None and case.state == one.to_state:
            yield "done"
    elif course.is_handed_in(one.case_kind) and here <= places[course.arrival(kind.key)] < there:
        yield "handed_in"


# ---- what is late, and what comes ------------------------------------------------------


def _are_late(board: Board, kinds: Collection[str]) -> Iterator[CaseFact]:
    """Give the cases whose last day has passed, the earliest first."""
    late = [
        case
        for case in board.cases.values()
        if board.standings[case.id] is Standing.LATE
        and (case.kind in kinds or case.id == board.root.id)
    ]
    yield from sorted(late, key=lambda case: (board.due_on(case) or board.today, case.id))


def _late(board: Board, known: Known, kinds: Collection[str]) -> Iterator[Late]:
    for case in _are_late(board, kinds):
        owed, due_on = board.owed[case.id], board.due_on(case)
        if not known(case) or due_on is None or owed.place is None:
            continue
        root = case.parent is None
        title = board.state_name(case.kind, case.state) if root else board.case_name(case)
        unit = board.seen.desk.unit_name(owed.place.unit)
        yield Late(
            title=title,
            role=board.role_name(owed.place.role),
            unit="" if unit in title else unit,
            due_on=due_on,
            days=max(-plan.working_days_between(board.today, due_on), 0),
        )


def _late_kinds(board: Board, known: Known, kinds: Collection[str]) -> Iterator[LateKind]:
    found: dict[str, list[int]] = {}
    for case in _are_late(board, kinds):
        due_on = board.due_on(case)
        if due_on is not None and not known(case):
            days = max(-plan.working_days_between(board.today, due_on), 0)
            found.setdefault(case.kind, []).append(days)
    for kind, many in found.items():
        yield LateKind(title=board.kind_name(kind), number=len(many), days=max(many))


def _ahead(board: Board) -> Iterator[Coming]:
    """Give the milestones that lie ahead, in the order of their days."""
    found = []
    for key, one in board.plan.items():
        first_on, last_on = one.fact.first_on, one.fact.last_on
        if first_on is None or last_on is None or last_on < board.today:
            continue
        found.append(
            Coming(
                title=board.milestone_name(key),
                first_on=first_on,
                last_on=last_on,
                is_meeting=board.course.definition.milestone[key].meeting is not None,
                whole_month=plan.is_month(first_on, last_on),
            )
        )
    yield from sorted(found, key=lambda one: (one.first_on, one.last_on))


# ---- figures ---------------------------------------------------------------------------


def _counts(board: Board, kinds: Collection[str]) -> Iterator[Count]:
    for kind in kinds:
        tally = board.tally(kind, board.course.ways[kind].states[-1])
        late = sum(1 for case in board.kinds[kind] if board.standings[case.id] is Standing.LATE)
        if tally.total:
            yield Count(
                title=board.kind_name(kind),
                done=tally.reached,
                total=tally.total,
                late=late,
                missing=tally.missing,
            )
