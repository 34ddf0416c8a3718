"""A round as one person sees it: where it stands, what it waits for, and what holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import plan
from workflow.core.following import following_tables
from workflow.core.progress import Standing
from workflow.core.slack import Strain, StrainKind, holds_until
from workflow.service.parties import Unrepresented, unrepresented
from workflow.service.reading.rounds.board import Board, read_board
from workflow.service.reading.rounds.kin import Kin, read_kin
from workflow.service.reading.rounds.matrix import Matrix, read_matrices, read_units
from workflow.service.reading.rounds.step import Bar, Part, Step
from workflow.service.reading.rounds.timetable import read_timetable
from workflow.service.reading.rounds.waiting import Waiting, read_waiting, round_strains
from workflow.service.resting import Rest, rest_of
from workflow.service.seeing import see_round
from workflow.service.world import World
from workflow.store import overview

__all__ = ["Consequence", "Now", "RoundPage", "read_now", "read_round_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What happens from a day on if the present step drags on."""

    milestone: str
    """Its title."""
    last_on: date
    from_on: date
    is_broken: bool
    """It cannot be held from then on; otherwise its step is squeezed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Where a round stands: what its first sentence is made from."""

    title: str
    """Of the step, or of the end."""
    ended_on: date | None
    part: Part | None
    """What is counted: the first of the step's parts that is not finished."""
    rest: Part | None
    """The part that comes after it."""
    following: Step | None
    """The next step."""
    holds_until: date | None
    """The last working day on which the present step may end with every milestone held."""
    broken: Consequence | None
    """The first milestone that cannot be held any more."""
    missing: int
    """How many cases are carried as missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """All that the page of a round shows."""

    id: str
    title: str
    reference: str
    opened_on: date
    closed_at: datetime | None
    at: datetime
    """The instant that it tells of."""
    entries: int
    """The number of the last entry of its chain."""
    leads: bool
    now: Now
    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]
    consequences: tuple[Consequence, ...]
    waiting: Waiting | None
    """None when the round has ended."""
    matrices: tuple[Matrix, ...]
    unit: str
    """Name of the unit whose cases are shown by themselves; empty when none is."""
    units: tuple[Matrix, ...]
    kin: Kin
    unrepresented: tuple[Unrepresented, ...]
    """Parties that lack a member; told to those who lead alone."""
    follows: bool
    """The process follows up what came of what is filled in."""
    rest: Rest | None = None
    """None while it goes on."""


def read_round_page(
    world: World, round_id: str, email: str, *, unit: str = "", everything: bool = False
) -> RoundPage:
    """Read a round for somebody; with a unit's key also what lies below that unit's case,
    and with `everything` all that is waited for.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        board = read_board(see_round(world, connection, round_id, email))
        timetable = read_timetable(board)
        found = round_strains(board)
        fact = board.seen.facts.round
        running = board.root.ended_at is None
        units = read_units(board, unit) if unit else ()
        return RoundPage(
            id=round_id,
            title=board.seen.desk.round_title,
            reference=fact.reference,
            opened_on=plan.local_day(fact.opened_at, board.course.definition.zone),
            closed_at=fact.closed_at,
            at=board.seen.now,
            entries=overview.chain_length(connection, round_id),
            leads=board.seen.sight.leads,
            now=read_now(board, timetable.steps, found),
            steps=timetable.steps,
            bars=timetable.bars,
            consequences=tuple(_consequence(board, one) for one in found),
            waiting=read_waiting(board, everything=everything) if running else None,
            matrices=read_matrices(board),
            unit=board.seen.desk.unit_name(unit) if units else "",
            units=units,
            kin=read_kin(world, board.seen),
            unrepresented=_unrepresented(board) if running else (),
            follows=bool(following_tables(board.course.definition)),
            rest=rest_of(connection, fact, board.seen.desk.language),
        )


def _unrepresented(board: Board) -> tuple[Unrepresented, ...]:
    seen = board.seen
    if not seen.sight.leads:
        return ()
    desk = seen.desk
    return unrepresented(
        desk.connection, desk.revision, desk.facts.round.id, desk.today, desk.language
    )


def read_now(board: Board, steps: Sequence[Step], found: Sequence[Strain]) -> Now:
    """Say where a round stands."""
    root, kind = board.root, board.root.kind
    here = next((one for one in steps if one.standing in ("now", "late")), None)
    parts = here.parts if here else ()
    unfinished = [part for part in parts if part.finished.left]
    number = list(steps).index(here) + 1 if here else len(steps)
    broken = [one for one in found if one.kind is StrainKind.BROKEN]
    passed = [one for one in broken if one.from_on <= board.today]
    standings = board.standings.values()
    return Now(
        title=board.state_name(kind, root.state),
        ended_on=_local(board, root.ended_at) if root.ended_at else None,
        part=unfinished[0] if unfinished else None,
        rest=unfinished[1] if len(unfinished) > 1 else None,
        following=steps[number] if number < len(steps) else None,
        holds_until=holds_until(found),
        broken=_consequence(board, passed[0]) if passed else None,
        missing=sum(1 for one in standings if one is Standing.MISSING),
    )


def _consequence(board: Board, one: Strain) -> Consequence:
    return Consequence(
        milestone=board.milestone_name(one.milestone),
        last_on=one.last_on,
        from_on=one.from_on,
        is_broken=one.kind is StrainKind.BROKEN,
    )


def _local(board: Board, at: datetime) -> date:
    return plan.local_day(at, board.course.definition.zone)
