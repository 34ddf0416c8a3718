"""What a page tells of a process: kinds of cases, their states, and what leads on from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core.phrases import Amount, Due
from workflow.service.reading.process.cadence import Cadence

__all__ = ["Box", "Button", "Deadline", "Lane", "Opening"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when something is due."""

    due: Due
    milestone: str
    """Title of the milestone that it is counted from; empty when it is another moment."""
    on: date | None
    """The day that the round's plan gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What somebody may do in a state, or what happens there by itself."""

    key: str
    title: str
    help: str
    to: str
    """Key of the state or end that it leads to."""
    to_title: str
    is_back: bool
    """It leads to where the case has been, or nowhere else."""
    by: tuple[str, ...]
    """Titles of the roles that may, when they are not those who owe the state."""
    guards: tuple[str, ...]
    asks: tuple[str, ...]
    other_than: tuple[str, ...]
    """Titles of what whoever does it may not have done."""
    signatures: Amount
    deadline: Deadline | None
    reopens: tuple[tuple[str, str], ...]
    """What kinds of cases go back, and to which state."""
    begins: bool
    """It opens a successor round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Cases that a state opens."""

    kind: str
    name: str
    awaited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A state of a kind of case."""

    key: str
    title: str
    help: str
    standing: str
    """done: passed; now: something stands here; next: it is still to come."""
    count: int
    """How many cases stand here."""
    owes: tuple[str, ...]
    """Titles of the roles that owe it."""
    body: str
    helpers: tuple[str, ...]
    deadline: Deadline | None
    reminders: Mapping[str, tuple[int, ...]]
    """Working days from the last day, by holder, superior and leader; none where nobody
    owes anything or nothing is due."""
    superior: str
    """Title of the role that hears of it when it is late."""
    tells: tuple[str, ...]
    edits: tuple[str, ...]
    """Titles of the tables that are filled in."""
    opens: tuple[Opening, ...]
    wait_for: Amount
    buttons: tuple[Button, ...]
    next_to: str
    """Key of where it goes when what it waits for has ended."""
    next_title: str
    at_due: str
    """Key of where it goes when its deadline has passed."""
    at_due_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A kind of case."""

    kind: str
    name: str
    per: tuple[str, ...]
    """Titles of the kinds of unit that have one each."""
    cadence: Cadence | None = None
    """When they come again; None for what comes once."""
    picked: bool
    """Not all of them: whoever opens them chooses which."""
    help: str
    count: int
    boxes: tuple[Box, ...]
    """Those on the way first, then what lies beside it."""
    on_way: int
    """How many of the boxes are on the way."""
    ends: tuple[tuple[str, str, int], ...]
    """Key, title and how many cases have ended so."""
    tells: tuple[str, ...]
