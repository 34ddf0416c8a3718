"""What a decision is made from, and what it is made into: values only.

`Facts` is what the engine may ask while it decides. The store answers from rows
that stand under the round's lock; tests answer from a dictionary. Whatever the
answers, the same facts, command and instant give the same decision.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

__all__ = [
    "Actor",
    "Begun",
    "CaseChange",
    "CaseFact",
    "Cell",
    "Command",
    "Compile",
    "Decision",
    "EntryDraft",
    "EntryKind",
    "Facts",
    "IncidentDraft",
    "IncidentKind",
    "Inputs",
    "JoinFact",
    "MessageDraft",
    "MessageKind",
    "MilestoneFact",
    "Origin",
    "Place",
    "QuestionFact",
    "RoundFact",
    "Row",
    "RowFact",
    "RowKey",
    "SeriesFact",
    "SheetChange",
    "SheetKey",
    "Source",
    "StoodInFor",
    "TaskFact",
    "UnitFact",
    "Via",
]

Cell = str | int | bool | None
"""A value in a table. Numbers with decimals and days are texts, so that equal values
are equal bytes in the log."""
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, order=True)
class SheetKey:
    """One copy of a table in a case."""

    case: str
    table: str
    owner: int = 0
    """Whose copy it is, as a person's id; 0 for a table of which there is one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The row that a compiled row shows: in the table that its own is compiled from."""

    case: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFact:
    """A row of a sheet."""

    number: int
    """Never used again in its sheet."""
    place: str
    """The rows of a sheet lie in the order of their places; see `places`."""
    version: int
    """Grows with each change of the row."""
    cells: Row
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """A row that somebody filled in, whichever list shows it."""

    case: str
    """Where it was filled in."""
    table: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A row that a compiled table shows now."""

    origin: Origin
    cells: Row
    """Those that it shows among them."""
    end: Origin
    """The row at the end of its origins: the one that somebody filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetChange:
    """What becomes other in a sheet."""

    added: tuple[RowFact, ...] = ()
    changed: tuple[RowFact, ...] = ()
    """As they are from now on; stored they are one version behind."""
    dropped: tuple[RowFact, ...] = ()
    """As they were."""
    last_number: int = 0
    """The highest number that was ever used."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """What is newly written of why something may be as a check says, by the check; empty
    to take it back."""
    line: tuple[int | None] | None = None
    """Where the line lies from now on, when it is moved: the row behind which it lies, 0 above
    the first, None to take it away."""
    told: tuple[list[Any], ...] = ()
    """The edits as the log tells them; see `sheets`."""

    def __bool__(self) -> bool:
        """Tell whether anything becomes other."""
        return bool(self.told)


class Via(StrEnum):
    """The way by which something reached the engine."""

    WEB = "web"
    API = "api"
    COMMAND = "command"
    WORKER = "worker"


class EntryKind(StrEnum):
    """What a line of the log tells."""

    OPENED = "opened"
    """A case came to be; `to` is its first state."""
    SERIES = "series"
    """Cases that come again below a case began, went on to the next, or stopped."""
    TRANSITION = "transition"
    """A person moved a case."""
    SIGNED = "signed"
    """A person signed; the case moves when enough have."""
    NEXT = "next"
    """A case went on because those it waited for had ended."""
    AT_DUE = "at_due"
    """A case went on because its deadline had passed."""
    REOPENED = "reopened"
    """An ended case went back."""
    MISSING = "missing"
    """A case was carried as missing."""
    WITHDRAWN = "withdrawn"
    """A case was withdrawn."""
    ROUND_OPENED = "round_opened"
    ROUND_CLOSED = "round_closed"
    PAUSED = "paused"
    """The round rests; the payload says why."""
    RESUMED = "resumed"
    """The round goes on; the payload says why, and which days it moved."""
    MILESTONE_MOVED = "milestone_moved"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    """A task got more days."""
    EXTENSION_REFUSED = "extension_refused"
    HANDED_OVER = "handed_over"
    """A task went up to a superior, or back, since those who hold its role had changed."""
    SAVED = "saved"
    """What is filled in and answered in a case was saved without handing it on."""
    COMPILED = "compiled"
    """A list was brought in step with the tables it is compiled from; by itself."""
    LAID_OUT = "laid_out"
    """The fixed rows of a table came to be; by itself."""
    COUNTED = "counted"
    """Secret answers were counted, and are nobody's from then on; by itself."""
    CARRIED = "carried"
    """Rows of an earlier round came along into a case; by itself."""
    COMMENTED = "commented"
    ATTACHED = "attached"
    DETACHED = "detached"
    """An attached file was taken away again."""
    CONFLICT = "conflict"
    """Somebody has a conflict of interest in a row, and takes no part in what becomes of it."""
    CONFLICT_ENDED = "conflict_ended"
    RELEASED = "released"
    """A list was released to everybody; the payload has the digest of what was."""
    RELEASE_WITHDRAWN = "release_withdrawn"
    """A released list was closed again; the payload says why."""
    NUDGED = "nudged"
    """Those who owe something were reminded by hand; the payload says of which tasks."""
    DISPOSED = "disposed"
    """Payloads of this chain were disposed of; its own payload says which, by which decision."""
    INSTALLED = "installed"
    UPGRADED = "upgraded"
    ORGANISATION = "organisation"
    """People, units and grants were imported."""
    GRANTED = "granted"
    """Somebody was given a role."""
    GRANT_ENDED = "grant_ended"
    PERSON_CHANGED = "person_changed"
    """Somebody's address, name or language was changed, or they were added."""
    ACCOUNT = "account"
    """A local sign-in was made, renewed or taken away."""
    SUBSTITUTE = "substitute"
    SUBSTITUTE_ENDED = "substitute_ended"
    ADDRESS_FAILED = "address_failed"
    """Mail to a person came back."""
    MAIL_HELD = "mail_held"
    """Somebody said that no mail is to leave for now."""
    MAIL_RELEASED = "mail_released"
    """Mail that was held after a restore may leave; the payload says how many waited."""
    MAIL_RESENT = "mail_resent"
    """A mail was put once more, under a new Message-ID."""
    BACKUP = "backup"
    RESTORED = "restored"
    CHECKPOINT = "checkpoint"


class MessageKind(StrEnum):
    """Why a mail is sent; stands in the header X-Beredning-Kind."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    ASSIGNMENT = "assignment"
    RETURNED = "returned"
    DECISION = "decision"
    INCIDENT = "incident"
    CHECKPOINT = "checkpoint"
    """The day's checkpoint of the log, to an address that stands in the settings."""
    DATES = "dates"
    """The last day of something one owes was moved with the plan."""
    EXTENSION = "extension"
    """More days were asked for, granted or refused."""
    NUDGE = "nudge"
    """Somebody reminds by hand of what is owed."""
    COMMENT = "comment"
    """Somebody has written a comment on what one owes."""
    PAUSE = "pause"
    """A round rests, or goes on again."""
    LEFT = "left"
    """Somebody from outside has left a role on their own initiative."""


class IncidentKind(StrEnum):
    """What cannot go on without a person."""

    NO_HOLDER = "no_holder"
    """Nobody, or too few, hold the role that owes a task."""
    NOBODY_LEFT = "nobody_left"
    """Separation of duties leaves nobody who may act."""
    NOTHING_TO_WAIT_FOR = "nothing_to_wait_for"
    """A state waits for cases, but none was opened."""
    MAIL = "mail"
    """A message could not be delivered."""
    TEMPLATE = "template"
    """A message could not be written."""
    BOUNCE = "bounce"
    """Mail to a person's address came back."""
    RELAY = "relay"
    """The mail server is not reached, or not safely."""
    GUARD = "guard"
    """A running round names a guard that this program does not have."""
    WORKER = "worker"
    """A worker was cut off, or nothing has ticked for long."""


@dataclass(frozen=True, slots=True)
class Place:
    """A role at a unit: what is held, owed and granted."""

    role: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFact:
    """The round as it stood when it was locked."""

    id: str
    process: str
    year: int
    plan: str
    revision: str
    version: int
    opened_at: datetime
    closed_at: datetime | None
    open_cases: int
    """How many of its cases have not ended."""
    reference: str = ""
    paused_at: datetime | None = None
    """Since when it rests; None while it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFact:
    """A unit or body, as the round copied it when it opened."""

    key: str
    name: str
    kind: str
    parent: str | None
    facts: Mapping[str, Cell] = field(default_factory=dict, hash=False)
    """Its figures, by the key of the fact; those that somebody has imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFact:
    """A milestone of the round's plan."""

    key: str
    first_on: date | None
    """First day; None until a date is set."""
    last_on: date | None
    due_at: datetime | None
    """The instant at which its day is over, rolled by its rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A case as it stands."""

    id: str
    kind: str
    unit: str
    parent: str | None
    opened_in: str | None
    """The state of the parent that opened it."""
    started: bool
    """True when nobody waits for it."""
    state: str
    version: int
    opened_at: datetime
    entered_at: datetime
    ended_at: datetime | None = None
    occasion: str | None = None
    """What a case of a series was opened for, and all below it; see `occasions`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFact:
    """Cases of one kind that one case has open one after another."""

    case: str
    """Below which they open."""
    kind: str
    since: date
    """From when it goes on: no period that ended before is made up for."""
    occasion: str | None = None
    """The last that one was opened for; where people open them, how many have been. None
    before the first."""
    next_at: datetime | None = None
    """When the clock opens the next one; None when people do, or none is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFact:
    """How far the cases are that one state of one case waits for."""

    case: str
    state: str
    opened: int
    """How many it has opened."""
    ended: int
    """How many have ended, in whatever way."""
    delivered: int
    """How many have reached an end of their own: neither missing nor withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFact:
    """Who owes what by when. Opened and closed, never reopened."""

    id: str
    """The case's id, `#` and the case's version when it opened."""
    case: str
    state: str
    place: Place | None
    """The role that owes; None when the state only waits for its deadline."""
    opens_at: datetime
    ladder_from: datetime
    """From when the ladder counts: its opening, or the last move of its deadline."""
    due_at: datetime | None
    due_rule: str = ""
    """The phrase the deadline came from; empty when it was set by hand."""
    ladder: str = "standard"
    next_reminder_at: datetime | None = None
    """When the next rung is reached, or the deadline that moves the case by itself."""
    extended_on: date | None = None
    """The last day of a granted extension, which no moved milestone shortens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFact:
    """A question that came with a return, to be answered before the case comes back."""

    number: int
    text: str
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoodInFor:
    """Somebody whom the actor stands in for at the instant of the command."""

    person: int
    name: str
    holds: frozenset[Place]
    """Of what they themselves hold then, all that the substitution is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person who commands, with what they hold at the instant of the command."""

    person: int
    name: str
    holds: frozenset[Place]
    """Their own places; once it is settled that they act for somebody, that one's."""
    on_behalf_of: int | None = None
    stands_in_for: tuple[StoodInFor, ...] = ()
    """By rising id; see `standing_in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What comes along with a transition besides the comment."""

    questions: tuple[str, ...] = ()
    answers: Mapping[int, str] = field(default_factory=dict)
    """Answer by the question's number."""
    due_on: date | None = None
    """The day of the new deadline."""
    choose: tuple[str, ...] | None = None
    """Keys of the units that get a case, where the definition lets the opener choose;
    None means all of them."""
    pick: tuple[str, ...] = ()
    """Ids of cases, or keys of their units, that go back."""
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """Rows by table; they replace the table's rows in this case."""
    numbers: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    """Which rows those are, by table, None for a new one; see `sheets.replaced`."""
    edits: Mapping[str, tuple[tuple[Any, ...], ...]] = field(default_factory=dict)
    """What is wished with single rows, by the sheet's name in this case; see `sheets`."""
    decision: Mapping[str, Cell] = field(default_factory=dict)
    """What a body with minutes registers: meeting day, paragraph, members present, votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A person's wish to move a case."""

    case: str
    transition: str
    actor: Actor
    comment: str = ""
    expected_version: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    """What came along, unread; see `inputs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """A line of the log before it has its number and hash."""

    kind: EntryKind
    case: str | None = None
    transition: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    case_version: int | None = None
    """The case's version after it, when it changed the case."""
    actor: int | None = None
    on_behalf_of: int | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    """Comment and what came along; stands apart, so that it can be disposed of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """A case that moved; `before` is the version it must still have."""

    id: str
    before: int
    version: int
    state: str
    entered_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """A mail to be written and sent to one person."""

    person: int
    kind: MessageKind
    ref: str
    """What it is about, e.g. a case's id and version; with kind and person it is unique."""
    case: str | None
    task: str | None = None
    """The mail is withdrawn with this task as long as nobody has claimed it."""
    content: Mapping[str, object] = field(default_factory=dict)
    """What the letter needs to say and could not look up later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """What cannot go on; at most one open incident per kind and subject."""

    kind: IncidentKind
    subject: str
    """What it is about: a task's id, a case's id, a message's id."""
    case: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compile:
    """A sheet that is to be brought in step with the tables it is compiled from."""

    key: SheetKey
    chain: tuple[str, ...]
    """The table whose rows it shows, the one whose rows that shows, and so on."""
    where: Mapping[str, Any]
    """What the cells shown must match; see `material.matches`."""
    below: bool
    """Of cases below its own alone; otherwise of all in the round."""
    unit: str = ""
    """Of cases at this unit alone; empty for all of them."""
    fixed: tuple[str, ...] = ()
    """Instead of all that: the keys of its fixed rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A table of secret copies whose time is over."""

    key: SheetKey
    """Where the answers go that are nobody's."""
    owners: tuple[int, ...] | None
    """Who has handed theirs in; None where nobody had to, and every copy counts."""
    asked: int
    """How many had a copy to fill in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A round that is opened in the same decision, and goes on with what this one left."""

    process: str
    plan: str
    """Empty for the process's own dates."""
    year: int
    state: str | None
    """Where it begins; None for the first state."""
    case: str
    """In which it was decided."""
    transition: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything that one command changes, to be written in one transaction."""

    entries: tuple[EntryDraft, ...] = ()
    opened: tuple[CaseFact, ...] = ()
    changed: tuple[CaseChange, ...] = ()
    joins: tuple[JoinFact, ...] = ()
    """New values of every count that is new or changed."""
    series: tuple[SeriesFact, ...] = ()
    """New values of every series that is new or changed."""
    tasks_closed: tuple[str, ...] = ()
    tasks_opened: tuple[TaskFact, ...] = ()
    signed: tuple[str, str, int, int | None] | None = None
    """Task, transition and person of a signature that did not yet suffice; last the
    substitute who signed for them, None when they signed themselves."""
    sheets: Mapping[SheetKey, SheetChange] = field(default_factory=dict)
    """What becomes other in tables."""
    polls: tuple[Poll, ...] = ()
    """Secret answers that are counted, those of this decision among them."""
    compiles: tuple[Compile, ...] = ()
    """What is compiled once all else is written; each tells of itself in an entry."""
    questions: Mapping[str, tuple[QuestionFact, ...]] = field(default_factory=dict)
    """New questions by case, numbered on from those it has."""
    answers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """Answer by case and number."""
    messages: tuple[MessageDraft, ...] = ()
    incidents: tuple[IncidentDraft, ...] = ()
    open_cases: int = 0
    """How many cases of the round have not ended after this."""
    closes_round: bool = False
    begins: Begun | None = None
    """Another round, opened once all this is written."""


class Facts(Protocol):
    """What the engine may ask. Every answer holds for the locked round at `now`."""

    @property
    def round(self) -> RoundFact:
        """The locked round."""

    def case(self, case_id: str) -> CaseFact | None:
        """Give a case of this round."""

    def children(
        self, case_id: str, *, opened_in: str | None = None, unfinished: bool = False
    ) -> Sequence[CaseFact]:
        """Give the cases right below one, in order of id; of one state, or unfinished only."""

    def join(self, case_id: str, state: str) -> JoinFact | None:
        """Give the counts of a state that opened cases."""

    def series(self, case_id: str) -> Mapping[str, SeriesFact]:
        """Give the series that a case has begun, by their kind."""

    def task(self, case_id: str) -> TaskFact | None:
        """Give the open task of a case."""

    def first_task(self, case_id: str, state: str) -> TaskFact | None:
        """Give the task that a case had when it first came to a state, closed or not;
        None when it has never been there before this decision, or owed nothing then."""

    def milestone(self, key: str) -> MilestoneFact:
        """Give a milestone of the round's plan."""

    def line(self, unit: str) -> Sequence[UnitFact]:
        """Give the unit and those above it, nearest first."""

    def units(self, kinds: Collection[str], *, below: str | None = None) -> Sequence[UnitFact]:
        """Give the round's units of some kinds in the organisation's order; with
        `below`, only those at or below that unit."""

    def predecessors(self, unit: str) -> Sequence[str]:
        """Give the units that had gone into a unit by today, through any number of steps:
        merged, or renamed. They need not be in the round, nor it."""

    def holders(self, places: Collection[Place]) -> Mapping[Place, tuple[int, ...]]:
        """Give who holds each place now, as ids in rising order; () where nobody does."""

    def stand_ins(self, places: Collection[Place]) -> Mapping[Place, tuple[tuple[int, int], ...]]:
        """Give who stands in for a holder of each place now: pairs of substitute and
        holder, in rising order."""

    def member_ids(self, unit: str) -> frozenset[int]:
        """Give who holds any role at a unit now."""

    def conflicts(self) -> Mapping[RowKey, frozenset[int]]:
        """Give who has a conflict of interest in which row of the round."""

    def last_actors(self, case_id: str, transitions: Collection[str]) -> frozenset[int]:
        """Give who last made each of these transitions in a case, and on whose behalf; where
        several signed it, all of them."""

    def signers(self, task_id: str, transition: str) -> Mapping[int, int]:
        """Give who has signed a transition of an open task, each with the one who held the
        pen: themselves, or their substitute."""

    def questions(self, case_id: str) -> Sequence[QuestionFact]:
        """Give a case's questions by rising number, answered ones included."""

    def rows(self, case_id: str, table: str) -> Sequence[Row]:
        """Give the cells of a table in a case, in the order of its rows."""

    def sheet(self, key: SheetKey) -> Sequence[RowFact]:
        """Give the rows of a sheet, in order."""

    def sheet_row(self, key: SheetKey, number: int) -> RowFact | None:
        """Give one row of a sheet."""

    def sheet_gap(self, key: SheetKey, after: int | None) -> tuple[str | None, str | None]:
        """Give the places on both sides of where a row behind another one would lie; 0 for
        the first, None for the last. None where no row lies on that side."""

    def shown(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Row]:
        """Give the cells of rows, with those of the rows that they show; `chain` are the
        tables they come through, nearest first, () for rows that show none."""

    def ends(self, rows: Sequence[RowFact], chain: Sequence[str]) -> Sequence[Origin | None]:
        """Give the row at the end of each row's origins; None where it is gone. `chain` as
        for `shown`."""

    def sources(self, what: Compile) -> Sequence[Source]:
        """Give the rows that a table of which there are several copies shows now, in the
        order in which they lie."""

    def people(self, roles: Collection[str]) -> Mapping[str, str]:
        """Give who holds one of some roles in the round now: name by permanent key."""

    def files(self, case_id: str) -> Mapping[int, str]:
        """Give the files that a case has: name by number."""

    def previous_rows(self, unit: str, table: str) -> Sequence[tuple[Origin, RowFact]]:
        """Give the rows of a table for a unit, and for those that have gone into it, in the
        latest round of the process for an earlier year, in order."""

    def rows_in_round(self, table: str) -> Sequence[RowFact]:
        """Give the rows of a table in all cases of the round."""

    def reasons(self, key: SheetKey) -> Mapping[str, str]:
        """Give what people have written of why something may be as a check says."""

    def drawn_line(self, key: SheetKey) -> int | None:
        """Give the row behind which a sheet's line lies; 0 above the first, None for no line."""

    def last_number(self, key: SheetKey) -> int:
        """Give the highest number that was ever used in a sheet."""
