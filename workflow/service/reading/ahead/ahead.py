"""What is coming, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

__all__ = ["Ahead", "Coming", "Future"]


class Coming(StrEnum):
    """What kind of thing is coming."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    """A reminder to somebody above the one who owes it."""
    INVITATION = "invitation"
    LAST_DAY = "last_day"
    MOVES = "moves"
    """A case that the clock moves."""
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Something that is coming."""

    on: date
    at: datetime
    """When the mail goes, or when the day is over."""
    kind: Coming
    what: str
    to: tuple[str, ...] = ()
    """Names of those who get the mail."""
    to_me: bool = False
    """The one who reads is among them."""
    case: str = ""
    case_title: str = ""
    parts: tuple["Ahead", ...] = ()
    """What is told as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """All that is coming, what lies farthest off first."""

    ahead: tuple[Ahead, ...]
    held: bool
    """No mail leaves until somebody lets it go."""
