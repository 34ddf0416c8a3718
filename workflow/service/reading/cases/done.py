"""What somebody has just done with a case, told from the log: who has it now, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.core.facts import CaseFact, EntryKind, TaskFact
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store import deeds, rounds
from workflow.store.deeds import Deed

__all__ = ["Done", "NextUp", "what_was_done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUp:
    """The next thing that waits for the same person."""

    case: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An entry that the viewer wrote."""

    kind: EntryKind
    at: datetime
    state: str
    """Title of the state or end that the case came to."""
    asked: int
    """How many questions went with it."""
    still: bool
    """Nobody has moved the case since."""
    above: str
    """Title of the case above it; empty for the round itself."""
    delivered: int
    """How many of those beside it, it among them, are done."""
    total: int
    next_up: NextUp | None


def what_was_done(
    world: World, seen: Seen, case: CaseFact, made: Sequence[Deed], number: int
) -> Done | None:
    """Tell of an entry about a case; None when it is none, or not the viewer's own."""
    deed = next((one for one in made if one.number == number), None)
    if deed is None or deed.actor != seen.viewer.id:
        return None
    parent = seen.facts.case(case.parent) if case.parent else None
    join = seen.facts.join(parent.id, case.opened_in) if parent and case.opened_in else None
    moved = deed.kind is not EntryKind.SAVED
    state = deed.to_state if deed.to_state else case.state
    return Done(
        kind=deed.kind,
        at=deed.at,
        state=seen.desk.state_name(case.kind, state),
        asked=_asked(seen, case, deed),
        still=deed.version in (None, case.version),
        above=seen.desk.title_of(parent) if parent else "",
        delivered=join.delivered if join else 0,
        total=join.opened if join else 0,
        next_up=_next_up(world, seen, case) if moved else None,
    )


def _asked(seen: Seen, case: CaseFact, deed: Deed) -> int:
    """Count the questions that went with a deed."""
    state = seen.definition.case[case.kind].state.get(deed.from_state or "")
    button = state.transition.get(deed.transition or "") if state else None
    if button is None or "questions" not in button.asks:
        return 0
    return sum(one.asked_at == deed.at for one in deeds.asked(seen.connection, case.id))


def _next_up(world: World, seen: Seen, case: CaseFact) -> NextUp | None:
    """Give the most urgent task of the viewer in the same round, one of the same kind first."""
    found = rounds.list_open_tasks(
        seen.connection,
        round_id=seen.facts.round.id,
        person=seen.viewer.id,
        today=world.today(seen.now),
    )
    mine = [task for _, task in found if task.place and task.case != case.id]
    if not mine:
        return None
    alike = [task for task in mine if _kind(seen, task) == case.kind]
    other = seen.facts.case((alike or mine)[0].case)
    return NextUp(case=other.id, title=seen.desk.title_of(other)) if other else None


def _kind(seen: Seen, task: TaskFact) -> str:
    case = seen.facts.case(task.case)
    return case.kind if case else ""
