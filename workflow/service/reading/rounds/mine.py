"""The rounds in which a person has a place, running ones first."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow.core import plan
from workflow.service.reading.rounds.board import Board, read_board
from workflow.service.reading.rounds.own import own_rounds
from workflow.service.reading.rounds.round import Now, read_now
from workflow.service.reading.rounds.step import Step
from workflow.service.reading.rounds.timetable import read_timetable
from workflow.service.reading.rounds.waiting import Waiting, read_waiting, round_strains
from workflow.service.resting import Rest, rest_of
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store import overview

__all__ = ["FinishedRound", "NextMilestone", "RoundList", "RunningRound", "read_rounds"]

MOST: Final = 60
"""Rounds that are listed, the last opened first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMilestone:
    """The milestone that comes next."""

    title: str
    first_on: date | None
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRound:
    """A round that goes on."""

    id: str
    title: str
    reference: str
    steps: tuple[Step, ...]
    now: Now
    waiting: Waiting
    milestone: NextMilestone | None
    rest: Rest | None = None
    """None while it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRound:
    """A round that has ended."""

    id: str
    title: str
    reference: str
    year: int
    outcome: str
    """Title of its end."""
    opened_on: date
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundList:
    """What a person has a place in."""

    running: tuple[RunningRound, ...]
    """The latest opened first."""
    finished: tuple[FinishedRound, ...]
    """The latest ended first."""


def read_rounds(world: World, email: str) -> RoundList:
    """Give the rounds that somebody has a place in.

    Raises: NotFound when nobody has the address.
    """
    with world.database.read() as connection:
        running: list[RunningRound] = []
        finished: list[FinishedRound] = []
        for seen in own_rounds(world, connection, email, most=MOST):
            if seen.facts.round.closed_at is None:
                running.append(_running(read_board(seen)))
            else:
                finished.append(_finished(seen))
    finished.sort(key=lambda one: one.closed_on, reverse=True)
    return RoundList(running=tuple(running), finished=tuple(finished))


def _running(board: Board) -> RunningRound:
    timetable = read_timetable(board)
    fact = board.seen.facts.round
    return RunningRound(
        id=fact.id,
        title=board.seen.desk.round_title,
        reference=fact.reference,
        steps=timetable.steps,
        now=read_now(board, timetable.steps, round_strains(board)),
        waiting=read_waiting(board),
        milestone=_next_milestone(board),
        rest=rest_of(board.seen.connection, fact, board.seen.desk.language),
    )


def _next_milestone(board: Board) -> NextMilestone | None:
    for key, one in board.plan.items():
        due_at = one.fact.due_at
        if due_at is not None and due_at > board.seen.now:
            return NextMilestone(
                title=board.milestone_name(key),
                first_on=one.fact.first_on,
                last_on=plan.due_on(due_at, board.course.definition.zone),
            )
    return None


def _finished(seen: Seen) -> FinishedRound:
    fact, desk = seen.facts.round, seen.desk
    root = overview.root_of(seen.connection, fact.id)
    zone = seen.definition.zone
    return FinishedRound(
        id=fact.id,
        title=desk.round_title,
        reference=fact.reference,
        year=fact.year,
        outcome=desk.state_title(root),
        opened_on=plan.local_day(fact.opened_at, zone),
        closed_on=plan.local_day(fact.closed_at or seen.now, zone),
    )
