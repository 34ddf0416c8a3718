"""What a body decided at one meeting."""

from dataclasses import dataclass
from datetime import date

__all__ = ["Attendance", "Attestation", "Decision", "Disqualification", "Minutes", "Reservation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Somebody who was present, and as what."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualification:
    """A person who took no part in one object, with the sentence for the minutes."""

    person: str
    item: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One numbered decision in its own words."""

    number: str
    title: str
    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Somebody's dissent, against which decision."""

    who: str
    number: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Somebody who verifies the minutes; `day` is None until it is done."""

    name: str
    role: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What a body decided at one meeting."""

    body: str
    day: date
    place: str = ""
    present: tuple[Attendance, ...]
    quorum: str
    """The sentence that says whether the body could decide."""
    disqualified: tuple[Disqualification, ...] = ()
    decisions: tuple[Decision, ...]
    reservations: tuple[Reservation, ...] = ()
    attested_by: tuple[Attestation, ...] = ()
