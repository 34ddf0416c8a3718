"""Units against steps: how far each has come, late ones first.

A row is a case that the round opened, with all that lies below it counted; a column is
what a step leads to, so that "3 of 7" below it means that three have come there. Rows
that somebody may not see are left out and counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.core import plan
from workflow.core.facts import CaseFact
from workflow.core.occasions import called, is_series
from workflow.core.progress import Spread, Standing, Tally, tally
from workflow.service.reading.rounds.board import Board

__all__ = ["Cell", "Column", "Matrix", "Row", "read_matrices", "read_units"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A step that leads somewhere."""

    kind: str
    """What its cases are called."""
    title: str
    """Title of the state or end that the step leads to."""
    last_on: date | None
    """The last day by the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How far one row has come with one step."""

    tally: Tally
    is_one: bool
    """It is the row's own case, not a count of those below it."""
    done_on: date | None
    due_on: date | None
    """The nearest last day of what is owed in it."""
    waits_for: int
    """How many cases below it are to be finished first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A unit's case, and how far it has come."""

    case: str
    unit: str
    """The unit's key."""
    name: str
    cells: tuple[Cell, ...]
    units: int
    """How many cases the viewer sees below it."""
    late: int
    back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Cases of one kind against the steps of their way."""

    kind: str
    title: str
    """What the cases are called."""
    heading: str
    """Of the first column: the kind of unit, or of case when units are of several kinds."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hidden: int
    """How many rows the viewer may not see."""
    hidden_late: int
    """How many of these have something late."""
    earlier: int
    """How many of earlier occasions have ended, and are left out and not counted."""
    totals: tuple[Tally, ...]
    """By column, over all rows, seen or not."""


def read_matrices(board: Board) -> tuple[Matrix, ...]:
    """Give a matrix for each kind of case that the round has opened, what it stands in now
    first; and one for cases further down that the viewer sees without what is above them.
    Those in which the viewer sees no row come last."""
    found: list[Matrix] = []
    here = board.root.state
    opened = board.below.get(board.root.id, ())
    kinds = dict.fromkeys(case.kind for case in opened)
    now = {case.kind for case in opened if case.opened_in == here}
    for kind in sorted(kinds, key=lambda key: (key not in now, list(kinds).index(key))):
        cases = [case for case in opened if case.kind == kind]
        found.append(_matrix(board, kind, cases))
        apart = [
            case
            for row in cases
            if not board.sees(row)
            for case in board.below.get(row.id, ())
            if board.sees(case)
        ]
        for below in dict.fromkeys(case.kind for case in apart):
            found.append(_matrix(board, below, [case for case in apart if case.kind == below]))
    return tuple(sorted(found, key=lambda one: not one.rows))


def read_units(board: Board, unit: str) -> tuple[Matrix, ...]:
    """Give the matrices of what lies right below a unit's case, when the viewer sees that."""
    found = []
    for case in board.below.get(board.root.id, ()):
        if case.unit == unit and board.sees(case):
            below = board.below.get(case.id, ())
            for kind in dict.fromkeys(one.kind for one in below):
                found.append(_matrix(board, kind, [one for one in below if one.kind == kind]))
    return tuple(found)


def _present(board: Board, kind: str, cases: Sequence[CaseFact]) -> Sequence[CaseFact]:
    """Leave out what has ended of earlier occasions, where cases of a kind come again."""
    section = board.course.definition.case[kind]
    latest = max(cases, key=lambda case: case.opened_at).occasion if cases else None
    if latest is None or not is_series(section):
        return cases
    return [case for case in cases if case.ended_at is None or case.occasion == latest]


def _matrix(board: Board, kind: str, every: Sequence[CaseFact]) -> Matrix:
    cases = _present(board, kind, every)
    steps = list(board.course.steps(kind))
    found = [_Row(board, case) for case in cases]
    seen = [row for row in found if board.sees(row.case)]
    hidden = [row for row in found if not board.sees(row.case)]
    seen.sort(key=lambda row: (-row.late, -row.back, board.positions[row.case.unit]))
    return Matrix(
        kind=kind,
        title=board.kind_name(kind),
        heading=_heading(board, cases, kind),
        columns=tuple(_column(board, *step) for step in steps),
        rows=tuple(row.read(steps) for row in seen),
        hidden=len(hidden),
        hidden_late=sum(1 for row in hidden if row.late),
        earlier=len(every) - len(cases),
        totals=tuple(_total(board, found, *step) for step in steps),
    )


def _total(board: Board, rows: Sequence["_Row"], kind: str, state: str) -> Tally:
    cases = [case for row in rows for case in row.kinds.get(kind, ())]
    return tally(board.course.ways[kind], state, board.spread(cases))


def _column(board: Board, kind: str, state: str) -> Column:
    return Column(
        kind=board.kind_name(kind),
        title=board.state_name(kind, board.course.ways[kind].after(state) or state),
        last_on=board.planned_on(kind, state),
    )


def _heading(board: Board, cases: Iterable[CaseFact], kind: str) -> str:
    desk = board.seen.desk
    kinds = {desk.facts.line(case.unit)[0].kind for case in cases}
    if len(kinds) != 1:
        return board.kind_name(kind)
    key = kinds.pop()
    section = desk.definition.unit.get(key) or desk.definition.body[key]
    return desk.revision.title(section, desk.language)


class _Row:
    """A case with all that lies below it."""

    def __init__(self, board: Board, case: CaseFact) -> None:
        self.board = board
        self.case = case
        self.kinds: dict[str, list[CaseFact]] = {case.kind: [case]}
        below = board.under(case)
        for one in below:
            self.kinds.setdefault(one.kind, []).append(one)
        standings = [board.standings[one.id] for one in (case, *below)]
        self.late = standings.count(Standing.LATE)
        self.back = standings.count(Standing.BACK)
        self.waits = sum(1 for one in below if one.ended_at is None and not one.started)

    def read(self, steps: Sequence[tuple[str, str]]) -> Row:
        """Give it as a row."""
        board, case = self.board, self.case
        spreads = {kind: board.spread(cases) for kind, cases in self.kinds.items()}
        return Row(
            case=case.id,
            unit=case.unit,
            name=self._name(),
            cells=tuple(self._cell(kind, state, spreads.get(kind, {})) for kind, state in steps),
            units=sum(1 for one in board.below.get(case.id, ()) if board.sees(one)),
            late=self.late,
            back=self.back,
        )

    def _name(self) -> str:
        """Give the unit's name, with the occasion where cases of the kind come again."""
        desk, case = self.board.seen.desk, self.case
        name = desk.unit_name(case.unit)
        if case.occasion is None:
            return name
        year = desk.facts.round.year
        return f"{name}, {called(desk.revision, case.occasion, year=year, language=desk.language)}"

    def _cell(self, kind: str, state: str, spread: Spread) -> Cell:
        board = self.board
        cases = self.kinds.get(kind, ())
        found = tally(board.course.ways[kind], state, spread)
        days = [board.due_on(case) for case in cases if case.state == state] if found.here else []
        is_one = kind == self.case.kind
        return Cell(
            tally=found,
            is_one=is_one,
            done_on=self._done_on(kind, state, cases) if not found.left else None,
            due_on=min((day for day in days if day), default=None),
            waits_for=self.waits if is_one and found.coming else 0,
        )

    def _done_on(self, kind: str, state: str, cases: Sequence[CaseFact]) -> date | None:
        """Give the day on which the last of some cases got past a state, when it is known:
        from the end of the way, or from the state that follows."""
        board = self.board
        way = board.course.ways[kind]
        last = way.states[-1] == state
        following = way.after(state)
        instants = [
            case.ended_at if last else case.entered_at if case.state == following else None
            for case in cases
        ]
        known = [at for at in instants if at is not None]
        if not known or len(known) < len(instants):
            return None
        return plan.local_day(max(known), board.course.definition.zone)
