"""What a mail has to tell, before anybody has found the words for it.

The service gathers these facts when a message is first claimed; `notifications`
turns them into a letter. Days are local days in the round's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.core.facts import MessageKind

__all__ = [
    "MailComment",
    "MailFacts",
    "MailFate",
    "MailFateSum",
    "MailIncident",
    "MailInvitation",
    "MailMilestone",
    "MailReport",
    "MailTask",
    "MailUnitFates",
    "Progress",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many of the cases below a case are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTask:
    """A task as the mail speaks of it, in the recipient's language."""

    task: str
    case: str
    """The case's id; the link is the base URL and `/arenden/` and this."""
    round: str
    round_title: str
    title: str
    """The case's title, e.g. "Svar Norr"."""
    unit: str
    """The unit's name."""
    state: str
    """The state's title, e.g. "Utkast"."""
    recipient: str
    """holder, superior or leader: why this person is told."""
    owed_by: tuple[str, ...]
    """Names of those who owe it; empty when nobody does."""
    unreached: tuple[str, ...] = ()
    """Those of them whose mail comes back, when it is told to somebody above them."""
    due_on: date | None
    """The last day; None when no date is set."""
    due_at: datetime | None
    working_days: int | None
    """Working days left; 0 on the day itself; negative when that many have passed."""
    planned_on: date | None = None
    """The day the plan says, when a weekend or holiday moved the deadline from it."""
    progress: Progress | None = None
    """What the unit or the cases below have done already."""
    rows: int = 0
    """How many rows are written already."""
    open_questions: int = 0
    """How many questions are not answered yet."""
    is_round: bool = False
    """The case is the round itself: its state says what is owed, its title does not."""
    stands_in_for: tuple[str, ...] = ()
    """Names of those whom this person gets it for, as their substitute."""
    extended_on: date | None = None
    """The last day of a granted extension, when that is the deadline."""
    earlier_on: date | None = None
    """The last day that the person knew before it was moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailInvitation:
    """A milestone that the person is invited to."""

    milestone: str
    title: str
    round: str
    round_title: str
    first_on: date
    last_on: date
    whole_month: bool
    """The plan names a month, not a day."""
    working_days: int
    """Working days until the first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMilestone:
    """A milestone that was moved."""

    title: str
    from_on: date | None
    """The last day that the person knew; None when there was no date."""
    to_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailComment:
    """What somebody wrote beside a case."""

    by: str
    """Who wrote it, e.g. "Bo Alm", or "Bo Alm för Eva Ek"."""
    on: date
    """The local day."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIncident:
    """One of several things that cannot go on without a person."""

    kind: str
    """A value of IncidentKind."""
    case: str | None
    case_title: str
    role: str = ""
    """Title of the role it is about; empty when it is about none."""
    unit: str = ""
    """Name of the unit it is about."""
    person: str = ""
    """Name of the person whose mail it is about."""
    address: str = ""
    """The address that mail did not reach."""
    answer: str = ""
    """What the other side said, or what is wrong with the text of a mail."""
    thing: str = ""
    """What else it is about by name: the guards that are missing, the worker, a mail's id."""
    round: str = ""
    """The round's id; empty when it belongs to none."""
    round_title: str = ""
    since: date | None = None
    """The local day on which it was found."""


@dataclass(frozen=True, slots=True)
class MailFate:
    """What became of one row that a unit filled in."""

    name: str
    outcome: str
    """Title of the decision; empty when none is written."""
    why: str


@dataclass(frozen=True, slots=True)
class MailFateSum:
    """How many of a unit's rows came to the same."""

    outcome: str
    count: int
    amount: str
    """What they amount to, as digits; empty when nothing is summed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReport:
    """A text that somebody approved, which goes along."""

    title: str
    """Of what was filled in."""
    text: str
    """Paragraphs parted by blank lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUnitFates:
    """What became of what one unit filled in."""

    unit: str
    fates: tuple[MailFate, ...]
    """The first of them."""
    more: int
    """How many there are besides."""
    sums: tuple[MailFateSum, ...]
    """Of all of them, by decision."""
    amount: str = ""
    """Title of what is summed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """Everything one message tells one person."""

    kind: MessageKind
    message_id: str
    """Without brackets."""
    put_at: datetime
    to_name: str
    to_email: str
    language: str
    """sv or en."""
    round: str | None
    round_title: str
    reference: str
    """The register's number of the round; empty when there is none."""
    leader_name: str
    leader_email: str
    """Of the one who leads the process; empty when nobody does."""
    today: date
    """The local day on which it is written."""
    organisation: str = ""
    """Name of the unit at the top, e.g. "Region Älvmark"."""
    tasks: tuple[MailTask, ...] = ()
    """A reminder: one per open task, overdue first, then by date. An assignment
    or a return: the one task it is about."""
    invitations: tuple[MailInvitation, ...] = ()
    milestones: tuple[MailMilestone, ...] = ()
    """What was moved, the milestone that somebody moved first."""
    extension: str = ""
    """What is told of an extension: asked, granted or refused."""
    until_on: date | None = None
    """The day that was asked for, or granted."""
    pause: str = ""
    """What is told of a round's rest: paused or resumed."""
    rested: int = 0
    """By how many working days what was still to come has moved with it."""
    by: str = ""
    """Who did it, e.g. "Bo Alm", or "Bo Alm för Eva Ek" as her substitute; empty when no
    person did."""
    comment: str = ""
    questions: tuple[str, ...] = ()
    comments: tuple[MailComment, ...] = ()
    """New comments on the case of the one task it is about, oldest first."""
    case: str | None = None
    """What a decision or an incident is about: the case's id."""
    case_title: str = ""
    case_is_round: bool = False
    """The case is the round itself; the letter then calls it by the round's title."""
    happened: str = ""
    """What was decided or what happened, e.g. "Bifall"; the transition's title."""
    stands: str = ""
    """Where the case stands after it: the title of the state or end."""
    incident: str = ""
    """Which kind of incident; a value of IncidentKind."""
    incident_role: str = ""
    """Title of the role that nobody holds."""
    incident_unit: str = ""
    """Name of the unit it is about."""
    incidents: tuple[MailIncident, ...] = ()
    """All that the mail is about, when there are several; else the fields above say it."""
    checkpoint: Mapping[str, Any] | None = None
    """The day's checkpoint of the log, as `beredning checkpoint` gives it."""
    stands_in_for: tuple[str, ...] = ()
    """Names of those whom this person gets news for, as their substitute; a task says its
    own."""
    fates: tuple[MailUnitFates, ...] = ()
    """What became of what the person reads, unit by unit, when the round has been decided."""
    more_units: int = 0
    """How many units there are besides."""
    reports: tuple[MailReport, ...] = ()
    """Texts that were approved, when the process sends them along."""
    figures: tuple[tuple[str, str], ...] = ()
    """What is counted of the round, and how much, when it is a report that goes along."""
    own_text: str = ""
    """The process's own mail text for this state, placeholders filled."""
    response: tuple[int, int] | None = None
    """How many of how many have answered in secret, once the answers are counted."""
    late_days: int = 0
    """Whole days by which it is late because nothing ran; 0 when in time."""
    rehearsal: bool = False
    """An exercise: people, units and amounts are invented."""
