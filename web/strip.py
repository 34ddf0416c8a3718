"""What stands on top of every page of a demo: who one is, where the clock stands, the mail."""

from dataclasses import dataclass
from datetime import datetime

from beredning.practice.travel import Deadline, TimeMachine
from workflow.core.errors import WorkflowError
from workflow.service.reading.demo.lineup import Lineup, lineup_of
from workflow.service.world import World

__all__ = ["Strip", "strip_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What the strip tells and offers."""

    clock: datetime
    """Where the clock of the demo stands."""
    lineup: Lineup
    travels: bool
    """There is a time machine here."""
    under_way: bool = False
    over: bool = False
    """The round is over."""
    deadline: Deadline | None = None
    """The next last day in the plan."""


def strip_of(world: World, machine: TimeMachine | None, language: str) -> Strip | None:
    """Read what the strip shows; None when the database does not answer.

    The strip stands also on the page that says so, which must not fail by it.
    """
    try:
        with world.database.read() as connection:
            clock = world.now(connection)
        lineup = lineup_of(world, language)
        if machine is None:
            return Strip(clock=clock, lineup=lineup, travels=False)
        return Strip(
            clock=clock,
            lineup=lineup,
            travels=True,
            under_way=machine.is_under_way,
            over=machine.is_over(),
            deadline=machine.next_deadline(language),
        )
    except WorkflowError:
        return None
