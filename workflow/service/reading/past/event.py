"""An event: what happened, as somebody reads of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

__all__ = ["Delivery", "Event", "Filter", "Kind", "Post", "Said"]


class Kind(StrEnum):
    """What an event is about, as people choose among them."""

    STEPS = "steps"
    """Cases opened, moved, sent back, ended."""
    DATES = "dates"
    """Milestones moved; extensions asked for, granted, refused."""
    MAIL = "mail"
    REMINDERS = "reminders"
    REMARKS = "remarks"
    """Drafts saved, comments and files."""
    ORGANISATION = "organisation"
    """Who holds what, who stands in for whom, tasks that changed hands by it."""
    UPKEEP = "upkeep"
    """What was done with the installation itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events are asked for; what is empty does not narrow."""

    case: str = ""
    unit: str = ""
    """With the units below it."""
    kinds: frozenset[Kind] = frozenset()
    who: str = ""
    """Stands in the name of who did it, for whom it was done, or who got the mail."""
    since: date | None = None
    until: date | None = None
    """The last day, included."""
    words: str = ""
    """Stands somewhere in what was said, in upper or lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a person, as they were written."""

    as_: str
    """comment, question, answer, decision, secrecy."""
    text: str
    number: int = 0
    """Of a question, or of the question that is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver a mail."""

    at: datetime
    outcome: str
    """sent, waits, unclear, refused, delayed or bounced."""
    title: str
    """The outcome in words."""
    answer: str
    """What the other side said; empty for whom that does not concern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A mail, and what became of it."""

    message_id: str
    to: str
    """The recipient's name."""
    address: str
    """Where it went instead, when an operator sent it elsewhere; for who reads everything."""
    kind: str
    title: str
    """The kind in words."""
    subject: str
    """As it was written; empty for whom the mail does not concern, and before it is."""
    about: tuple[str, ...]
    """Of a reminder: titles of what it reminds of here."""
    state: str
    """queued, waits, sent, withdrawn, failed or bounced."""
    state_title: str
    next_try_at: datetime | None
    """Of one that waits."""
    tries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in the language of the one who reads."""

    at: datetime
    on: date
    """The local day."""
    kind: Kind
    entry: str
    """What kind of entry tells of it; `mail` for a mail."""
    round: str
    """The round's id; empty for what belongs to the installation."""
    round_title: str
    number: int | None
    """Of the entry; None for a mail, and for several told as one."""
    what: str
    """In words: "Anna Lindqvist lämnade in svaret"."""
    who: str = ""
    """Who did it, "X för Y" for a substitute; empty when no person did."""
    via: str = ""
    """By which way, in words."""
    case: str = ""
    case_title: str = ""
    unit: str = ""
    """The unit's name."""
    from_title: str = ""
    to_title: str = ""
    """Titles of the states between which the case moved."""
    lap: int = 1
    """1, and one more for each time that the case had gone back by then."""
    said: tuple[Said, ...] = ()
    disposed: str = ""
    """The decision by which what was said is gone; empty when nothing is."""
    post: Post | None = None
    wrong: bool = False
    """Somebody should look at it: a mail that did not arrive."""
    parts: tuple["Event", ...] = ()
    """What is told as one event."""
