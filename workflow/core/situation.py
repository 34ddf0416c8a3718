"""How it goes with a round, as values: what a report and the standing item of a meeting tell.

Nothing here names a person: what is told goes to many.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "Coming",
    "Count",
    "Ended",
    "Late",
    "LateKind",
    "Movement",
    "Since",
    "Situation",
    "Stage",
    "Sum",
]


class Since(StrEnum):
    """From when on it is told what has happened."""

    REPORT = "report"
    """Since the report before was handed on."""
    OPENED = "opened"
    """Since the round was opened."""
    ENTERED = "entered"
    """Since the case came to the state in which it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """That the round came to a step or to an end."""

    title: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """That a case which is the only one of its kind has ended."""

    title: str
    end: str
    """Title of the end."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How many cases of a kind have moved."""

    title: str
    """Of the kind."""
    opened: int = 0
    handed_in: int = 0
    returned: int = 0
    done: int = 0
    missing: int = 0
    """Carried as missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A case whose last day has passed."""

    title: str
    role: str
    """Title of the role that has it."""
    unit: str
    """Name of the unit where it is held; empty when the title says it."""
    due_on: date
    days: int
    """Working days that have passed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateKind:
    """How many cases of a kind are late of those that not everybody may see one by one."""

    title: str
    """Of the kind."""
    number: int
    days: int
    """Working days that have passed for the one that is latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A milestone that lies ahead."""

    title: str
    first_on: date
    last_on: date
    is_meeting: bool = False
    whole_month: bool = False
    """The plan names a month, not a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many cases of a kind are done."""

    title: str
    done: int
    total: int
    late: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a column of a decided table amounts to; by year where it has years."""

    title: str
    amount: Decimal | None = None
    years: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a round stands, what has happened, what is late and what comes."""

    today: date
    since: Since
    since_on: date
    stages: tuple[Stage, ...] = ()
    """Oldest first; the one it stands in is the last."""
    movements: tuple[Movement, ...] = ()
    ended: tuple[Ended, ...] = ()
    stands: str
    """Title of the step or end."""
    stands_since: date
    is_over: bool = False
    paused_on: date | None = None
    late: tuple[Late, ...] = ()
    late_kinds: tuple[LateKind, ...] = ()
    """What is late besides, and is not named, since not all who are told may see it."""
    coming: tuple[Coming, ...] = ()
    until: date
    """The last day that `coming` looks ahead to."""
    beyond: Coming | None = None
    """The first thing after that day."""
    counts: tuple[Count, ...] = ()
    sums: tuple[Sum, ...] = ()
