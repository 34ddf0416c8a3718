"""From when to when a report tells: since the one before it, until the one after it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from workflow.core import plan
from workflow.core.definition import Case
from workflow.core.facts import CaseFact, EntryKind
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.occasions import is_series
from workflow.core.periods import PERIODS, last_day, period_of
from workflow.core.situation import Since
from workflow.service.reading.rounds.board import Board
from workflow.store import deeds

__all__ = ["Span", "handed_on_at", "local_day", "span_from_opening", "span_of"]

AHEAD: Final = timedelta(days=30)
"""How far ahead a report looks when nothing says when the next one comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a report is about."""

    since: Since
    since_at: datetime
    until: date
    """The last day it looks ahead to."""


def span_of(board: Board, case: CaseFact) -> Span:
    """Give what a case's report is about: since the last one of its kind and unit was handed
    on; the first since the round was opened. One that comes once tells of its own state."""
    kind = board.course.definition.case[case.kind]
    until = _until(board, kind, case)
    if not is_series(kind):
        return Span(since=Since.ENTERED, since_at=case.entered_at, until=until)
    before = _before(board, case)
    if before is None:
        return replace(span_from_opening(board), until=until)
    return Span(since=Since.REPORT, since_at=handed_on_at(board, before), until=until)


def span_from_opening(board: Board) -> Span:
    """Give what is told of a round of which nobody has reported yet."""
    opened_at = board.seen.facts.round.opened_at
    return Span(since=Since.OPENED, since_at=opened_at, until=board.today + AHEAD)


def handed_on_at(board: Board, case: CaseFact) -> datetime:
    """Give when somebody last handed on what is written in a case; when it was opened, where
    nobody has."""
    states = board.course.definition.case[case.kind].state
    made = deeds.deeds(board.seen.connection, case.id)
    writing = {key for key, state in states.items() if state.edits}
    handed = (
        one.at
        for one in reversed(made)
        if one.kind is EntryKind.TRANSITION
        and one.from_state in writing
        and one.to_state not in writing
    )
    return next(handed, case.opened_at)


def _before(board: Board, case: CaseFact) -> CaseFact | None:
    """Give the latest earlier case of the same kind and unit; those nobody wrote left out."""
    earlier = [
        one
        for one in board.kinds.get(case.kind, ())
        if one.unit == case.unit
        and one.parent == case.parent
        and one.id != case.id
        and (one.opened_at, one.id) < (case.opened_at, case.id)
        and one.state not in (MISSING, WITHDRAWN)
    ]
    return max(earlier, key=lambda one: (one.opened_at, one.id), default=None)


def _until(board: Board, kind: Case, case: CaseFact) -> date:
    """Give the day of the next occasion; that of a later one where it has passed."""
    soon = board.today + AHEAD
    if not kind.every or not case.occasion:
        return soon
    if kind.every[0] in PERIODS:
        ended = last_day(case.occasion)
        while ended is not None and ended <= board.today:
            ended = last_day(period_of(kind.every[0], ended + timedelta(days=1)))
        return ended or soon
    keys = board.course.definition.milestones_of(kind)
    later = keys[keys.index(case.occasion) + 1 :] if case.occasion in keys else keys
    days = (board.milestone(key).last_on for key in later)
    return next((day for day in days if day and day > board.today), soon)


def local_day(board: Board, at: datetime) -> date:
    """Give the day of an instant in the round's zone."""
    return plan.local_day(at, board.course.definition.zone)
