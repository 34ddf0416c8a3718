"""How it goes with a round just now, and the reports of it that were approved: what those who
meet regularly open at their meeting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.core.definition import Case, Column, Table
from workflow.core.facts import CaseFact, Row, SheetKey
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.roles import places_told
from workflow.core.situation import Since
from workflow.core.situation_text import situation_text
from workflow.service.reading.cases.columns import hidden_columns
from workflow.service.reading.rounds.board import Board, read_board
from workflow.service.reading.rounds.step import Bar
from workflow.service.reading.rounds.timetable import read_timetable
from workflow.service.reading.situation.offers import reporting_kinds
from workflow.service.reading.situation.span import (
    Span,
    handed_on_at,
    local_day,
    span_from_opening,
)
from workflow.service.reading.situation.values import read_situation
from workflow.service.seeing import see_round
from workflow.service.world import World

__all__ = ["ApprovedReport", "SituationPage", "read_situation_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedReport:
    """A report that those who are told have got."""

    case: str
    title: str
    on: date
    """When it was handed on for approval."""
    texts: tuple[tuple[str, str], ...]
    """Titles and texts of what is written, as far as the viewer may read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationPage:
    """All that the page shows."""

    round: str
    round_title: str
    reference: str
    at: datetime
    is_over: bool
    text: str
    """The situation in sentences, composed now."""
    bars: tuple[Bar, ...]
    reports: tuple[ApprovedReport, ...]
    """Newest first; those that the viewer sees."""


def read_situation_page(world: World, round_id: str, email: str) -> SituationPage:
    """Read how it goes with a round, for somebody who has a place in it: what they do not see
    is counted, and not named.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        board = read_board(see_round(world, connection, round_id, email))
        seen = board.seen
        reports = sorted(_approved(board), key=lambda one: (one.opened_at, one.id), reverse=True)
        span = _span(board, reports)
        situation = read_situation(board, span, board.sees, without=reporting_kinds(board))
        return SituationPage(
            round=round_id,
            round_title=seen.desk.round_title,
            reference=seen.facts.round.reference,
            at=seen.now,
            is_over=situation.is_over,
            text=situation_text(situation, seen.desk.language),
            bars=read_timetable(board).bars,
            reports=tuple(_report(board, case) for case in reports if board.sees(case)),
        )


def _span(board: Board, reports: Sequence[CaseFact]) -> Span:
    first = span_from_opening(board)
    if not reports:
        return first
    return Span(since=Since.REPORT, since_at=handed_on_at(board, reports[0]), until=first.until)


def _approved(board: Board) -> Iterator[CaseFact]:
    for kind in reporting_kinds(board):
        for case in board.kinds.get(kind, ()):
            if _is_approved(board.course.definition.case[kind], case):
                yield case


def _is_approved(kind: Case, case: CaseFact) -> bool:
    """Say whether a report has ended, or has come to where others are told of it, and is not
    written any more."""
    if case.ended_at is not None:
        return case.state not in (MISSING, WITHDRAWN)
    return any(kind.state[state].tells for state in _behind_writing(kind, case))


def _behind_writing(kind: Case, case: CaseFact) -> Sequence[str]:
    """Give the states from behind where a case was written up to where it stands."""
    order = list(kind.state)
    here = order.index(case.state) if case.state in order else len(order) - 1
    writing = [at for at, state in enumerate(kind.state.values()) if state.edits]
    return order[max(writing, default=-1) + 1 : here + 1]


def _report(board: Board, case: CaseFact) -> ApprovedReport:
    return ApprovedReport(
        case=case.id,
        title=board.case_name(case),
        on=local_day(board, handed_on_at(board, case)),
        texts=tuple(_texts(board, case)),
    )


def _texts(board: Board, case: CaseFact) -> Iterator[tuple[str, str]]:
    seen, kind = board.seen, board.course.definition.case[case.kind]
    reads, told = seen.sight.reads(case), _is_told(board, kind, case)
    keys = dict.fromkeys(key for state in kind.state.values() for key in state.edits)
    for table in (seen.definition.table[key] for key in keys):
        hidden = hidden_columns(seen, table)
        shown = [
            one
            for one in table.column.values()
            if (told and one.sent) or (reads and one.key not in hidden and _tells(one))
        ]
        for row in seen.facts.sheet(SheetKey(case.id, table.key)) if shown else ():
            yield from _of_row(board, table, shown, row.cells)


def _tells(column: Column) -> bool:
    return column.sent or column.suggest == "progress"


def _of_row(
    board: Board, table: Table, columns: Sequence[Column], cells: Row
) -> Iterator[tuple[str, str]]:
    desk = board.seen.desk
    for column in columns if table.form else ():
        text = str(cells.get(column.key) or "").strip()
        if text:
            yield desk.revision.title(column, desk.language), text


def _is_told(board: Board, kind: Case, case: CaseFact) -> bool:
    """Say whether the viewer is one of those who got the text by mail."""
    seen = board.seen
    states = [kind.state[key] for key in _behind_writing(kind, case)]
    telling = [(state.tells, state.body) for state in states]
    if case.ended_at is not None:
        telling.append((kind.tells, None))
    return any(
        seen.sight.places.intersection(
            places_told(seen.definition, seen.facts, roles, case.unit, body)
        )
        for roles, body in telling
    )
