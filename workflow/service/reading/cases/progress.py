"""How far the cases right below one have come: done, late, missing and under way."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.core.facts import CaseFact
from workflow.service.reading.cases.parties import Below
from workflow.service.seeing import Seen

__all__ = ["Progress", "progress_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The cases below a case that the viewer sees, counted; withdrawn ones are left out."""

    done: int
    late: int
    """Their last day has passed, and they are awaited still."""
    left: int
    """Under way, with time left."""
    missing: int
    remind: str
    """The step to remind of, as `KIND.STATE`; empty when the viewer reminds nobody of it."""

    @property
    def total(self) -> int:
        """How many are counted."""
        return self.done + self.late + self.left + self.missing


def progress_of(seen: Seen, case: CaseFact, below: Sequence[Below]) -> Progress:
    """Count the cases below one."""
    left = [one for one in below if not one.ended]
    late = sum(1 for one in left if one.due and one.due.is_late)
    tones = [one.tone for one in below if one.ended]
    return Progress(
        done=tones.count("done"),
        late=late,
        left=len(left) - late,
        missing=tones.count("late"),
        remind=_remind(seen, left) if case.ended_at is None else "",
    )


def _remind(seen: Seen, left: Sequence[Below]) -> str:
    steps = {f"{one.kind}.{one.state_key}" for one in left if one.due}
    return steps.pop() if seen.sight.leads and len(steps) == 1 else ""
