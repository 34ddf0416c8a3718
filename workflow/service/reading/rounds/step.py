"""A step of a round, its parts, and a line of the round's plan, as values."""

from dataclasses import dataclass
from datetime import date

from workflow.core.progress import Tally

__all__ = ["Bar", "Part", "Step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A kind of case that a step waits for, and how far its cases have come."""

    kind: str
    name: str
    handed_in: bool
    """They count as in once they have been handed on; otherwise when they have ended."""
    tally: Tally
    finished: Tally
    """Counted by their end."""
    late: int
    """How many are late, wherever they stand."""
    alone: str
    """Title of the state of the only one that there is; empty when it has ended."""

    @property
    def tone(self) -> str:
        """Say how it is with the part as a whole."""
        if self.late:
            return "late"
        return self.finished.tone if not self.tally.left else self.tally.tone

    @property
    def standing(self) -> str:
        """Say how far it is: done, late, act or next."""
        return "act" if self.tone in ("back", "soon") else self.tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A state of the round's way."""

    state: str
    title: str
    standing: str
    """done, now, late, next, or passed: it was never entered, and will not be."""
    first_on: date | None
    last_on: date | None
    """Planned, or the last day of what is owed; for what is done, the day it was."""
    parts: tuple[Part, ...] = ()
    is_meeting: bool = False

    @property
    def tone(self) -> str:
        """Say how it is with the step, in the words of states."""
        return {"now": "act", "passed": "next"}.get(self.standing, self.standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A line of the plan: a step, a part of one, or a milestone that is nobody's step."""

    title: str
    standing: str
    """done, act, late or next."""
    first_on: date | None
    last_on: date | None
    """The last day by the plan."""
    is_meeting: bool = False
    """It happens on a day, and takes no time."""
    done_on: date | None = None
    moved_from: date | None = None
    part: Part | None = None
    slack_until: date | None = None
    slack_days: int = 0
    """Working days between this and the next meeting."""
