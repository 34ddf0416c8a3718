"""What a deed changes, before it is done: values with names and titles, to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from workflow.core.facts import MessageKind
from workflow.core.mail import MailFacts, MailIncident

__all__ = [
    "ChangedCase",
    "ChangedMilestone",
    "ChangedTask",
    "DroppedReminder",
    "PlannedMail",
    "Preview",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMilestone:
    """A milestone that gets other days."""

    milestone: str
    title: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCase:
    """A case that comes to be, or comes to another state."""

    case: str
    title: str
    unit: str
    """The unit's name."""
    from_state: str
    """Its title; empty when the case is new."""
    to_state: str
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTask:
    """A task that is opened, closed, or gets another day or somebody else to do it."""

    task: str
    case: str
    title: str
    """The case's title."""
    state: str
    """The title of the state in which it is owed."""
    unit: str
    above: str
    """Name of the unit above; empty at the top."""
    owed_by: tuple[str, ...]
    change: Literal["opened", "closed", "moved"]
    from_on: date | None
    to_on: date | None
    extended_on: date | None
    reminds_before: datetime | None
    reminds_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMail:
    """A mail that is put, or taken back."""

    message_id: str
    kind: MessageKind
    to_name: str
    to_email: str
    about: tuple[str, ...]
    """Titles of the cases that it tells of; none for what concerns the whole round."""
    anew: bool = False
    """It takes the place of one that waits and tells of an old day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedReminder:
    """A reminder that was about to go out, and does not."""

    to_name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All that a deed changes."""

    round: str
    round_title: str
    milestones: tuple[ChangedMilestone, ...]
    cases: tuple[ChangedCase, ...]
    """In the order in which they were opened, the round first."""
    tasks: tuple[ChangedTask, ...]
    mails: tuple[PlannedMail, ...]
    withdrawn: tuple[PlannedMail, ...]
    """Mails that wait, and are taken back."""
    reminders: tuple[DroppedReminder, ...]
    incidents: tuple[MailIncident, ...]
    """What then cannot go on without a person."""
    settled: tuple[MailIncident, ...]
    """Incidents whose cause it takes away."""
    samples: tuple[MailFacts, ...]
    """One mail of each kind as it will be."""
    answer: Mapping[str, Any]
    """What the verb answers."""
    seal: str
    """sha-256 of all that is changed: equal seals, equal changes."""
