"""What a round waits for now: each unfinished case that stops the next step, and on whom.

A case that itself waits for others stops nothing by its own fault; those it waits for do.
Somebody who may not see a case learns that there is one more, and whether it is late.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from workflow.core.facts import CaseFact, Place
from workflow.core.progress import Standing
from workflow.core.roles import leader_place, line_above
from workflow.core.slack import Strain, strains
from workflow.service.reading.rounds.board import Board
from workflow.store import bounces, extensions, people
from workflow.store.extensions import Asked

__all__ = ["Blocker", "Snag", "Waiting", "present_path", "read_waiting", "round_strains"]

FEW: Final = 12
"""So many are shown however much time they have; beyond that only those with a reason."""
MOST: Final = 20
"""So many are shown at first."""


class Snag(StrEnum):
    """Why somebody other than the one who owes a case has to do something about it."""

    NOBODY = "nobody"
    """Nobody holds the role."""
    BOUNCED = "bounced"
    """Mail to a holder comes back."""
    ASKED = "asked"
    """More days were asked for, and nobody has answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A case that stops the next step."""

    case: str
    title: str
    state: str
    """Title of the state it stands in."""
    standing: Standing
    role: str
    """Title of the role that owes it; empty when only the clock moves it."""
    unit: str
    """Name of the unit where the role is held."""
    names: tuple[str, ...]
    """Who holds it."""
    due_on: date | None
    stops: str
    """Title of the case that waits for it; empty when that is the round itself."""
    open_questions: int
    snag: Snag | None
    unreached: tuple[str, ...]
    """Names of the holders whose mail comes back."""
    asked_until: date | None
    may_remind: bool
    """The viewer stands above it, or leads the round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """All that the round waits for now."""

    blockers: tuple[Blocker, ...]
    """Late first, then by last day."""
    more: int
    """How many there are besides that are late, or are not as they should be."""
    remindable: int
    """How many late ones the viewer may remind somebody of, shown or not."""
    in_time: int
    """How many more the viewer sees that have time and no snag."""
    next_on: date | None
    """The nearest last day among these."""
    hidden: int
    """How many more there are that the viewer may not see."""
    hidden_late: int

    @property
    def total(self) -> int:
        """How many cases stop the next step."""
        return len(self.blockers) + self.more + self.in_time + self.hidden


def read_waiting(board: Board, *, everything: bool = False) -> Waiting:
    """Give what stops the next step of a round, at most MOST of it unless `everything`."""
    leaves = list(_leaves(board, board.root))
    seen = [case for case in leaves if board.sees(case)]
    hidden = [case for case in leaves if not board.sees(case)]
    look = _Look(board, seen)
    pressing = [case for case in seen if len(seen) <= FEW or look.is_pressing(case)]
    rest = {case.id for case in seen} - {case.id for case in pressing}
    days = [day for name in rest if (day := board.judge.due_on(board.owed.get(name)))]
    pressing.sort(key=lambda case: _order(board, case))
    shown = pressing if everything else pressing[:MOST]
    return Waiting(
        blockers=tuple(look.blocker(case) for case in shown),
        more=len(pressing) - len(shown),
        remindable=sum(1 for case in pressing if look.may_remind_of(case)),
        in_time=len(rest),
        next_on=min(days, default=None),
        hidden=len(hidden),
        hidden_late=sum(1 for case in hidden if board.standings[case.id] is Standing.LATE),
    )


def _leaves(board: Board, case: CaseFact) -> Iterator[CaseFact]:
    """Give the unfinished cases that a case waits for, those that wait themselves left out."""
    if case.ended_at is not None:
        return
    awaited = [
        child
        for child in board.below.get(case.id, ())
        if child.opened_in == case.state and not child.started and child.ended_at is None
    ]
    for child in awaited:
        yield from _leaves(board, child)
    if not awaited:
        yield case


def _order(board: Board, case: CaseFact) -> tuple[int, date, str]:
    rank = {Standing.LATE: 0, Standing.BACK: 1, Standing.EXTENDED: 2, Standing.SOON: 3}
    standing = board.standings[case.id]
    return rank.get(standing, 4), board.due_on(case) or date.max, case.unit


class _Look:
    """Who has what, whose mail comes back, and who has asked for more days: read at once."""

    def __init__(self, board: Board, cases: Sequence[CaseFact]) -> None:
        self.board = board
        connection, facts = board.seen.connection, board.seen.facts
        places = {owed.place for case in cases if (owed := board.owed.get(case.id)) and owed.place}
        self.held = facts.holders(places)
        ids = sorted({person for held in self.held.values() for person in held})
        self.known = people.people_by_id(connection, ids) if ids else {}
        self.unreached = bounces.marked(connection, ids)
        self.asked: dict[str, Asked] = extensions.open_requests(connection)
        self.leader = leader_place(board.course.definition, facts)
        self.above: dict[Place, bool] = {}

    def is_pressing(self, case: CaseFact) -> bool:
        """Say whether there is a reason to show a case beyond that it is not done."""
        calm = (Standing.ACT, Standing.SOON, Standing.WAITS)
        return self.board.standings[case.id] not in calm or self.snag(case) is not None

    def snag(self, case: CaseFact) -> Snag | None:
        """Say what is in the way of whoever owes a case."""
        owed = self.board.owed.get(case.id)
        if owed is None or owed.place is None:
            return None
        held = self.held[owed.place]
        if not held:
            return Snag.NOBODY
        if any(person in self.unreached for person in held):
            return Snag.BOUNCED
        return Snag.ASKED if owed.task in self.asked else None

    def may_remind_of(self, case: CaseFact) -> bool:
        """Say whether a case is late and the viewer may remind those who have it."""
        owed = self.board.owed.get(case.id)
        late = self.board.standings[case.id] is Standing.LATE
        return (
            late
            and owed is not None
            and owed.place is not None
            and bool(self.held[owed.place] and self._stands_above(owed.place))
        )

    def blocker(self, case: CaseFact) -> Blocker:
        """Tell of a case that stops the next step."""
        board = self.board
        owed = board.owed.get(case.id)
        place = owed.place if owed else None
        held = self.held[place] if place else ()
        asked = self.asked.get(owed.task) if owed else None
        parent = board.cases.get(case.parent or "")
        return Blocker(
            case=case.id,
            title=board.case_name(case),
            state=board.state_name(case.kind, case.state),
            standing=board.standings[case.id],
            role=board.role_name(place.role) if place else "",
            unit=board.seen.desk.unit_name(place.unit) if place else "",
            names=tuple(self.known[person].name for person in held if person in self.known),
            due_on=board.due_on(case),
            stops=board.case_name(parent) if parent and parent.parent else "",
            open_questions=board.questions.get(case.id, 0),
            snag=self.snag(case),
            unreached=tuple(self.unreached[one] for one in held if one in self.unreached),
            asked_until=asked.until_on if asked else None,
            may_remind=place is not None and self._stands_above(place),
        )

    def _stands_above(self, place: Place) -> bool:
        if place not in self.above:
            seen = self.board.seen
            mine = seen.sight.places
            line = line_above(seen.definition, seen.facts, place)
            self.above[place] = self.leader in mine or not mine.isdisjoint(line)
        return self.above[place]


# ---- what lies ahead -------------------------------------------------------------------


def present_path(board: Board) -> tuple[tuple[str, str], ...]:
    """Give the state that is furthest behind of all that the round waits for now, as kind
    and state from the round down."""
    level = [board.root]
    path: list[tuple[str, str]] = []
    while level:
        here = min(level, key=lambda one: board.course.ways[one.kind].places[one.state])
        path.append((here.kind, here.state))
        below = [
            child
            for case in level
            if (case.kind, case.state) == (here.kind, here.state)
            for child in board.below.get(case.id, ())
            if child.opened_in == case.state and not child.started and child.ended_at is None
        ]
        level = [child for child in below if child.kind == below[0].kind]
    return tuple(path)


def round_strains(board: Board) -> tuple[Strain, ...]:
    """Give what happens from which day if the present step drags on."""
    if board.root.ended_at is not None:
        return ()
    return strains(board.course, present_path(board), board.milestone)
