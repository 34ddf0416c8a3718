"""The timeline of one case: what is coming in grey, now, and what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from web.visit import Visit
from workflow.service.reading.ahead.ahead import Ahead, Future
from workflow.service.reading.ahead.coming import coming_of_case
from workflow.service.reading.past.event import Event, Filter
from workflow.service.reading.past.events import Scope, events

__all__ = ["Timeline", "case_timeline", "near"]

SHOWN: Final = 12
"""Events beside a case; all of them stand on a page of their own."""
NEAR: Final = 8
"""What is coming is shown that far; the rest on demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What a timeline shows, the farthest ahead first."""

    later: Sequence[Ahead] = ()
    """Shown on demand."""
    ahead: Sequence[Ahead] = ()
    held: bool = False
    """No mail leaves until somebody lets it go."""
    events: Sequence[Event] = ()
    more: str = ""
    """Where all events stand, when there are more."""
    with_cases: bool = False
    """Events are of several cases, and each names its own."""


def near(future: Future) -> tuple[Sequence[Ahead], Sequence[Ahead]]:
    """Part what is coming: what lies far off, and what is near."""
    place = max(len(future.ahead) - NEAR, 0)
    return future.ahead[:place], future.ahead[place:]


def case_timeline(visit: Visit, case: str) -> Timeline:
    """Give the timeline of a case that the person sees.

    Raises: NotFound.
    """
    future = coming_of_case(visit.world, visit.email, case)
    page = events(visit.world, visit.email, Scope(case=case), Filter())
    later, ahead = near(future)
    whole = len(page.events) <= SHOWN and not page.older
    return Timeline(
        later=later,
        ahead=ahead,
        held=future.held and any(one.to for one in future.ahead),
        events=page.events[:SHOWN],
        more="" if whole else f"/logg/{case.partition('.')[0]}?arende={case}",
    )
