"""The tables, and nothing about how they are asked.

Instants are aware UTC and end in `_at`; days end in `_on`. A day that is open at
either end is stored as FIRST_DAY or LAST_DAY, so that every range compares alike.
Rows are not facts: they are not validated and never leave `workflow.store`.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Account",
    "Attachment",
    "Case",
    "Comment",
    "Conflict",
    "DeliveryAttempt",
    "Entry",
    "EntryPayload",
    "Extension",
    "Grant",
    "Handshake",
    "Incident",
    "Installation",
    "Join",
    "MaterialRow",
    "Message",
    "Milestone",
    "Paper",
    "Person",
    "Publication",
    "Question",
    "Refusal",
    "Reminder",
    "Request",
    "Revision",
    "Round",
    "RoundLink",
    "RoundUnit",
    "Series",
    "Session",
    "Sheet",
    "SignInDelay",
    "Signature",
    "StoredFile",
    "Substitution",
    "Task",
    "Unit",
    "Worker",
    "metadata",
]

FIRST_DAY: Final = date(1, 1, 1)
LAST_DAY: Final = date(9999, 12, 31)

metadata: Final[MetaData] = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Installation(SQLModel, table=True):
    """The one row about the database itself, and the head of its own chain."""

    __tablename__ = "installation"

    id: int = Field(default=1, primary_key=True)
    name: str
    """Random, made once; part of every Message-ID, so that no two databases share one."""
    rehearsal: bool
    clock_at: datetime | None
    """Where the clock of a rehearsal stands."""
    swept_on: date
    """The last day on which open tasks were searched for missing holders."""
    chain_length: int
    chain_head: str
    mail_held_at: datetime | None = None
    """Since when no mail leaves, after a restore; `outbox release` lets it go."""


class Unit(SQLModel, table=True):
    """A unit or body of the organisation."""

    __tablename__ = "units"

    key: str = Field(primary_key=True)
    name: str
    kind: str = Field(index=True)
    parent: str | None = Field(foreign_key="units.key")
    from_on: date
    to_on: date
    """Last day included."""
    position: int
    """Order in the file it was first imported from."""
    facts: str = "{}"
    """JSON object: its figures, by the key of the fact; see `Unit.facts` of a definition."""
    into: str | None = None
    """The unit that took over what this one did, once it has ended: merged, or renamed."""


class Person(SQLModel, table=True):
    """A person who can hold roles. The log knows them by `id` alone."""

    __tablename__ = "people"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    email: str = Field(unique=True)
    """Lower case."""
    name: str
    language: str
    party: str
    bounced_at: datetime | None = None
    """When mail to the address last came back; emptied when the address changes."""
    bounce: str | None = None
    """What the other side said then."""
    theme: str | None = None
    """light or dark, where the person has chosen; otherwise as their computer does."""
    filed: str | None = None
    """JSON: what the files last said of them, where it has been changed by hand since."""


class Grant(SQLModel, table=True):
    """A role held at a unit from one day to another."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit", "from_on"),
        Index("ix_grants_role_unit", "role", "unit"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id")
    role: str
    unit: str = Field(foreign_key="units.key")
    from_on: date
    to_on: date
    """Last day included."""
    filed_to_on: date | None = None
    """The last day by the files, where it has been changed by hand since."""
    by_hand_at: datetime | None = None
    """When it was given by hand; emptied when the files bring it too."""


class Substitution(SQLModel, table=True):
    """Somebody who stands in for a person for some days, with the person's own rights.

    Never more than those, and never passed on. An empty role or unit means every one
    that the person holds.
    """

    __tablename__ = "substitutions"
    __table_args__ = (
        Index("ix_substitutions_person_id", "person_id"),
        Index("ix_substitutions_substitute_id", "substitute_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id")
    """For whom."""
    substitute_id: int = Field(foreign_key="people.id")
    """Who acts."""
    role: str | None
    unit: str | None = Field(foreign_key="units.key")
    from_on: date
    to_on: date
    """Last day included."""
    given_at: datetime
    ended_at: datetime | None = None
    """When it was taken back before its time."""


class Revision(SQLModel, table=True):
    """A process definition, whole, under the digest of its content."""

    __tablename__ = "revisions"

    digest: str = Field(primary_key=True)
    """sha-256 of `content` in UTF-8, as 64 hexadecimal digits."""
    process: str
    content: str
    """JSON in file order: definition, texts by language, mail texts by path."""
    stored_at: datetime


class Round(SQLModel, table=True):
    """One run of a process: the unit of consistency, and the row that is locked."""

    __tablename__ = "rounds"
    __table_args__ = (
        Index(
            "uq_rounds_open",
            "process",
            "year",
            "plan",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    process: str
    year: int
    plan: str
    """Empty for the process's own dates."""
    reference: str
    revision: str = Field(foreign_key="revisions.digest")
    root: str
    """Id of the case that is the round itself."""
    version: int
    open_cases: int
    opened_at: datetime
    closed_at: datetime | None
    chain_length: int
    chain_head: str
    paused_at: datetime | None = None
    """Since when it rests: nobody is reminded, nothing moves."""


class RoundLink(SQLModel, table=True):
    """A round that was opened by a decision in another, and goes on with what it left."""

    __tablename__ = "round_links"

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    """The one that was opened."""
    begun_by: str = Field(foreign_key="rounds.id", index=True)
    """The one in which it was decided."""
    transition: str
    """The transition that opened it."""
    begun_at: datetime


class Series(SQLModel, table=True):
    """Cases of one kind that one case has open one after another: by the clock, or when
    somebody needs one. It goes on until that case has ended."""

    __tablename__ = "series"
    __table_args__ = (
        Index(
            "ix_series_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    """Below which they open."""
    kind: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id", index=True)
    since_on: date
    """From when it goes on."""
    occasion: str | None
    """The last occasion that one was opened for; the number of the last where people open
    them. Empty before the first."""
    next_at: datetime | None
    """When the clock opens the next; empty when people do, or none is left."""


class RoundUnit(SQLModel, table=True):
    """A unit as the round copied it when it opened."""

    __tablename__ = "round_units"
    __table_args__ = (
        Index("ix_round_units_kind", "round_id", "kind"),
        Index("ix_round_units_parent", "round_id", "parent"),
    )

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    key: str = Field(primary_key=True)
    name: str
    kind: str
    parent: str | None
    position: int
    facts: str = "{}"
    """JSON object: its figures as they were then."""


class Milestone(SQLModel, table=True):
    """A milestone of a round's plan."""

    __tablename__ = "milestones"
    __table_args__ = (
        Index(
            "ix_milestones_next_reminder_at",
            "next_reminder_at",
            sqlite_where=text("next_reminder_at IS NOT NULL"),
            postgresql_where=text("next_reminder_at IS NOT NULL"),
        ),
    )

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    key: str = Field(primary_key=True)
    position: int
    first_on: date | None
    last_on: date | None
    due_at: datetime | None
    moved_from: date | None
    """The last day it had when the round opened, once it has been moved."""
    set_by_hand: bool
    """Its date no longer follows another milestone's."""
    next_reminder_at: datetime | None
    """When those who are invited hear of it next."""


class Comment(SQLModel, table=True):
    """What somebody wrote beside a case: plain text, never changed."""

    __tablename__ = "comments"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    """From 1."""
    at: datetime
    written_by: int = Field(foreign_key="people.id")
    on_behalf_of: int | None = Field(foreign_key="people.id")
    text: str


class StoredFile(SQLModel, table=True):
    """The bytes of an attached file, under the digest of its content."""

    __tablename__ = "files"

    digest: str = Field(primary_key=True)
    """sha-256, as 64 hexadecimal digits."""
    content: bytes
    put_at: datetime


class Attachment(SQLModel, table=True):
    """A file that belongs to a case."""

    __tablename__ = "attachments"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    """From 1, never used again."""
    name: str
    """As the sender called it, without folders; shown, never used as a path."""
    media_type: str
    """Found from the content."""
    size: int
    """Bytes."""
    digest: str | None = Field(foreign_key="files.digest", index=True)
    """Empty once it was taken away or disposed of: its bytes are then gone."""
    secrecy: str
    """The ground for secrecy, e.g. `OSL 25 kap. 1 §`; empty when there is none."""
    case_version: int
    """Of the case when it was put there; its own can take it away as long as it stays."""
    put_at: datetime
    put_by: int = Field(foreign_key="people.id")
    on_behalf_of: int | None = Field(foreign_key="people.id")
    removed_at: datetime | None


class Session(SQLModel, table=True):
    """Somebody who is signed in. The browser holds the secret, the row only its digest."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True)
    """sha-256 of the secret in the cookie."""
    person_id: int = Field(foreign_key="people.id", index=True)
    mode: str
    """How they signed in: oidc, local or demo."""
    browser: str
    """What the browser calls itself, cut short, for the person's own list."""
    began_at: datetime
    seen_at: datetime
    """By the minute."""
    ends_at: datetime
    """At the latest, however much it is used."""
    ended_at: datetime | None
    """Signed out, or revoked."""


class Account(SQLModel, table=True):
    """A local sign-in: a password, and a second factor."""

    __tablename__ = "accounts"

    person_id: int = Field(primary_key=True, foreign_key="people.id")
    password: str
    """Argon2id, in its own written form."""
    set_at: datetime
    temporary: bool
    """Given by the operator; another has to be chosen at the first sign-in."""
    totp_secret: str | None
    """Base32 (RFC 6238); empty as long as no second factor is set up."""
    totp_used: int
    """The last time step whose code was taken, so that none is taken twice."""


class SignInDelay(SQLModel, table=True):
    """Failed sign-ins with one address, known here or not."""

    __tablename__ = "sign_in_delays"

    digest: str = Field(primary_key=True)
    """sha-256 of the address as typed, in lower case."""
    failures: int
    retry_at: datetime
    """Until then nothing is tried, whatever the password."""


class Handshake(SQLModel, table=True):
    """A sign-in with another system that is under way."""

    __tablename__ = "handshakes"

    digest: str = Field(primary_key=True)
    """sha-256 of the state that the browser carries there and back."""
    verifier: str
    """For PKCE (RFC 7636)."""
    nonce: str
    back_to: str
    """A path of ours to go on to."""
    began_at: datetime


class Case(SQLModel, table=True):
    """A case in the round's tree."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_round_id_kind", "round_id", "kind"),
        Index("ix_cases_parent", "parent", "opened_in"),
    )

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id")
    kind: str
    unit: str
    parent: str | None = Field(foreign_key="cases.id")
    opened_in: str | None
    started: bool
    occasion: str | None
    state: str
    version: int
    opened_at: datetime
    entered_at: datetime
    ended_at: datetime | None


class Join(SQLModel, table=True):
    """How far the cases are that one state of one case waits for."""

    __tablename__ = "joins"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    state: str = Field(primary_key=True)
    opened: int
    ended: int
    delivered: int


class Task(SQLModel, table=True):
    """Who owes what by when."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "ix_tasks_next_reminder_at",
            "next_reminder_at",
            sqlite_where=text("next_reminder_at IS NOT NULL"),
            postgresql_where=text("next_reminder_at IS NOT NULL"),
        ),
        Index(
            "uq_tasks_case_id_open",
            "case_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_tasks_role_unit_open",
            "role",
            "unit",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id", index=True)
    case_id: str = Field(foreign_key="cases.id")
    state: str
    role: str | None
    unit: str | None
    opens_at: datetime
    due_at: datetime | None
    due_rule: str
    closed_at: datetime | None
    ladder: str
    ladder_from: datetime
    """From when the ladder counts: its opening, or the last move of its deadline."""
    next_reminder_at: datetime | None
    """Emptied when the task closes, so that the tick's index holds open tasks only."""
    extended_on: date | None = None
    """The last day of a granted extension, which no moved milestone shortens."""


class Extension(SQLModel, table=True):
    """More days for a task: asked for, and granted or refused by the superior."""

    __tablename__ = "extensions"
    __table_args__ = (
        Index(
            "uq_extensions_asked",
            "task_id",
            unique=True,
            sqlite_where=text("answer IS NULL"),
            postgresql_where=text("answer IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: str = Field(foreign_key="tasks.id", index=True)
    until_on: date
    """The last day that is asked for."""
    reason: str
    asked_by: int | None = Field(foreign_key="people.id")
    """Empty when it was granted without being asked for."""
    asked_at: datetime
    answer: str | None
    """granted, refused or void (the task closed first); empty while nobody has answered."""
    answer_reason: str
    answered_by: int | None = Field(foreign_key="people.id")
    answered_at: datetime | None


class Signature(SQLModel, table=True):
    """A signature that counts towards a transition of an open task."""

    __tablename__ = "signatures"

    task_id: str = Field(primary_key=True, foreign_key="tasks.id")
    transition: str = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="people.id")
    signed_at: datetime
    signed_by: int | None = None
    """The substitute who signed for them; empty when they signed themselves."""


class Reminder(SQLModel, table=True):
    """One rung for one person, of a task or of a milestone one is invited to."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("round_id", "subject", "due_at", "rung", "person_id"),
        Index(
            "ix_reminders_waiting",
            "person_id",
            sqlite_where=text("message_id IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("message_id IS NULL AND dropped_at IS NULL"),
        ),
        Index("ix_reminders_message_id", "message_id"),
        Index("ix_reminders_round_id", "round_id", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="rounds.id")
    subject: str
    """The task's id, or the milestone's key."""
    task_id: str | None = Field(foreign_key="tasks.id", index=True)
    due_at: datetime
    rung: str
    """Recipient and step, e.g. `holder 3 working days before`."""
    recipient: str
    """holder, superior, leader or invited."""
    person_id: int = Field(foreign_key="people.id")
    written_at: datetime
    message_id: int | None = Field(default=None, foreign_key="messages.id")
    """The mail it went out with."""
    dropped_at: datetime | None = None
    """When it lost its point before any mail was composed."""


class Sheet(SQLModel, table=True):
    """A copy of a table in a case, once something has been written in it."""

    __tablename__ = "sheets"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    table_key: str = Field(primary_key=True)
    owner: int = Field(primary_key=True, default=0)
    """Whose copy it is, a person; 0 where there is one."""
    last_number: int
    """The highest number that a row of it ever had."""
    reasons: str = "{}"
    """JSON object: what people wrote of why something may be as a check says, by the check."""
    line: int | None = None
    """The row behind which the line lies that divides what fits from what does not; 0 above
    the first, None where nobody has drawn one."""


class MaterialRow(SQLModel, table=True):
    """A row of a sheet."""

    __tablename__ = "material_rows"
    __table_args__ = (Index("ix_material_rows_place", "case_id", "table_key", "owner", "place"),)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    table_key: str = Field(primary_key=True)
    owner: int = Field(primary_key=True, default=0)
    number: int = Field(primary_key=True)
    place: str
    """Digits; the rows lie in the order of their places."""
    version: int
    cells: str
    """JSON object, column = value."""
    origin_case: str | None = None
    origin_number: int | None = None
    """The row that a compiled row shows, of the table that its own is compiled from."""


class Conflict(SQLModel, table=True):
    """A conflict of interest: somebody takes no part in what becomes of a row.

    It is about what somebody filled in, and so holds in every list that shows it.
    """

    __tablename__ = "conflicts"
    __table_args__ = (Index("ix_conflicts_round", "round_id"),)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    """Where the row was filled in."""
    table_key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    person: int = Field(primary_key=True, foreign_key="people.id")
    round_id: str = Field(foreign_key="rounds.id")
    reason: str
    declared_at: datetime


class Publication(SQLModel, table=True):
    """A list as it was released to everybody: its bytes never change."""

    __tablename__ = "publications"

    id: str = Field(primary_key=True)
    """What stands in its address."""
    round_id: str = Field(foreign_key="rounds.id", index=True)
    case_id: str = Field(foreign_key="cases.id")
    table_key: str
    entry: int
    """Number of the entry that released it."""
    released_at: datetime
    released_by: int = Field(foreign_key="people.id")
    content: str
    """JSON: what is shown, and nothing else; see docs/reference/open-data.md."""
    withdrawn_at: datetime | None = None


class Paper(SQLModel, table=True):
    """A document that is made while somebody waits: of a list as it was at an entry."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("case_id", "table_key", "form", "language", "entry", "viewer"),
        Index(
            "ix_papers_waiting",
            "wished_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id", index=True)
    case_id: str = Field(foreign_key="cases.id")
    table_key: str
    form: str
    """What is made: `list.pdf`, `list.xlsx` and so on."""
    language: str
    entry: int
    """Number of the log's last entry when somebody wished for it."""
    shows: int | None = None
    """Number of the last entry that it shows; later, where the log went on meanwhile."""
    viewer: int = Field(foreign_key="people.id")
    """Who wished for it: it shows what they see, and nobody else is given it."""
    wished_at: datetime
    begun_at: datetime | None = None
    lease_until: datetime | None = None
    worker: str | None = None
    tries: int = 0
    """How many times somebody has begun to make it."""
    done: int = 0
    """Steps done of `steps`."""
    steps: int = 0
    finished_at: datetime | None = None
    failed: str | None = None
    """JSON {"sv", "en"}: why it could not be made."""
    content: bytes | None = None


class Question(SQLModel, table=True):
    """A question that came with a return."""

    __tablename__ = "questions"

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    text: str
    asked_at: datetime
    asked_by: int = Field(foreign_key="people.id")
    answer: str | None
    answered_at: datetime | None
    answered_by: int | None = Field(foreign_key="people.id")


class Entry(SQLModel, table=True):
    """A line of a chain. Never updated, never deleted; see docs/reference/log.md."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_case_id_transition", "case_id", "transition"),
        # What somebody has done lately: the pages ask it of everybody, every day.
        Index("ix_entries_actor", "actor", "at"),
        Index(
            "ix_entries_on_behalf_of",
            "on_behalf_of",
            "at",
            sqlite_where=text("on_behalf_of IS NOT NULL"),
            postgresql_where=text("on_behalf_of IS NOT NULL"),
        ),
    )

    chain: str = Field(primary_key=True)
    """The round's id, or `installation`."""
    number: int = Field(primary_key=True)
    """From 1, without gaps."""
    at: str
    """RFC 3339 in UTC with microseconds, as it is hashed; equal on both databases."""
    kind: str
    round_id: str | None
    case_id: str | None
    actor: int | None
    on_behalf_of: int | None
    via: str
    os_user: str | None
    """Who was signed in on the machine, when it came by the command line."""
    transition: str | None
    from_state: str | None
    to_state: str | None
    case_version: int | None
    """The case's version after it, when it changed the case."""
    payload_hash: str
    previous_hash: str
    hash: str


class EntryPayload(SQLModel, table=True):
    """What an entry says in words; apart, so that it can be disposed of."""

    __tablename__ = "entry_payloads"

    chain: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    salt: str
    body: str
    """Canonical JSON."""


class Message(SQLModel, table=True):
    """One mail to one person: the outbox."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("person_id", "digest_on"),
        Index(
            "ix_messages_waiting",
            "next_try_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_messages_task_id", "task_id"),
        Index("ix_messages_round_id", "round_id", "id"),
        Index("ix_messages_case_id", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: str = Field(unique=True)
    """The header Message-ID without its brackets; stable over retries."""
    round_id: str | None = Field(foreign_key="rounds.id")
    person_id: int | None = Field(foreign_key="people.id")
    """Empty for a mail to an address that stands in the settings."""
    kind: str
    case_id: str | None
    task_id: str | None
    """The mail is withdrawn when this task closes before it is claimed."""
    digest_on: date | None
    """The local day, for the one reminder mail a person gets per day."""
    content: str
    """JSON: what the letter says and could not look up later."""
    state: str
    """queued, sent, withdrawn, failed, or bounced: sent, and come back."""
    put_at: datetime
    next_try_at: datetime
    attempt: int
    error: str | None
    sent_at: datetime | None
    claimed_until: datetime | None
    fence: int
    """Rises with each claim; a result from an older claim is refused."""
    body: bytes | None
    """The finished mail, frozen before its first attempt."""
    to_address: str | None = None
    """To whom the frozen bytes go; set from the start when there is no person."""
    first_try_at: datetime | None = None
    """From when the days count after which it is given up."""


class DeliveryAttempt(SQLModel, table=True):
    """One try to hand a mail over, and what the other side answered."""

    __tablename__ = "delivery_attempts"

    message_id: int = Field(primary_key=True, foreign_key="messages.id")
    number: int = Field(primary_key=True)
    """From 1."""
    at: datetime
    outcome: str
    """sent, waits, unclear (it may have been taken) or refused; later delayed or bounced."""
    answer: str
    """The other side's words, or the system's."""


class Worker(SQLModel, table=True):
    """A process that ticks and delivers."""

    __tablename__ = "workers"

    name: str = Field(primary_key=True)
    """Machine, process number and the instant it began."""
    started_at: datetime
    seen_at: datetime
    ticked_at: datetime | None
    """When it last finished a tick."""
    stopped_at: datetime | None
    """When it ended in order; empty for one that runs, or was cut off."""


class Incident(SQLModel, table=True):
    """What cannot go on without a person."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    round_id: str | None = Field(foreign_key="rounds.id", index=True)
    case_id: str | None
    detail: str
    """JSON."""
    opened_at: datetime
    closed_at: datetime | None


class Refusal(SQLModel, table=True):
    """An attempt that was turned down. Kept 90 days, outside the log."""

    __tablename__ = "refusals"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    round_id: str | None
    case_id: str | None
    transition: str | None
    actor: int | None
    via: str
    code: str
    reasons: str
    """JSON list of reason codes."""


class Request(SQLModel, table=True):
    """A command that was carried out, by the id its sender gave it."""

    __tablename__ = "requests"

    id: str = Field(primary_key=True)
    fingerprint: str
    """sha-256 of the command, so that an id is not used twice for different things."""
    answer: str
    """JSON of the first answer."""
    at: datetime
