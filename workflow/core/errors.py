"""Everything that can go wrong on purpose, and the reasons that go with it.

    WorkflowError                 code
      Refused                     refused    the rules say no; carries the reasons
        NoRight                   no_right   the person does not hold the role
      TooSoon                     too_soon   tried too often; carries when it goes again
      Stale                       stale      somebody was first; carries what holds now
      NotFound                    not_found  no such round, case, person, transition ...
      BadInput                    bad_input  what came along cannot be used
        DefinitionError           bad_input  a process definition with errors
      Locked                      locked     the database is busy; try again
      StoreError                  store      the database cannot be written or read
        SchemaError               schema     the database is of another version

Each carries a sentence in Swedish and in English, written for the person who
gets it, and whatever a program needs to answer well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

__all__ = [
    "BadInput",
    "DefinitionError",
    "Language",
    "Locked",
    "NoRight",
    "NotFound",
    "Placed",
    "Problem",
    "Reason",
    "Refused",
    "SchemaError",
    "Stale",
    "StoreError",
    "TooSoon",
    "WorkflowError",
    "bad_input",
    "in_words",
    "placed",
    "refused",
]

Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot be done now, for the one who wanted to."""

    code: str
    """Which rule says so; a name that never changes."""
    sv: str
    en: str

    def text(self, language: Language = "sv") -> str:
        """Give the sentence in a language."""
        return self.en if language == "en" else self.sv


MOST_TOLD: Final = 20
"""So many reasons are told in one text; all of them are there one by one."""


def in_words(reasons: Sequence[Reason]) -> tuple[str, str]:
    """Give reasons as one text, Swedish and English; those that are too many are counted."""
    sv = [reason.sv for reason in reasons[:MOST_TOLD]]
    en = [reason.en for reason in reasons[:MOST_TOLD]]
    left = len(reasons) - MOST_TOLD
    if left > 0:
        sv.append(f"Och {left} till.")
        en.append(f"And {left} more.")
    return " ".join(sv), " ".join(en)


@dataclass(frozen=True, slots=True)
class Placed(Reason):
    """A reason about one place in what is filled in."""

    place: str
    """Table, row and column, e.g. `objekt.3.motivering`; a table; or `fraga.2`."""
    here_sv: str
    """The sentence where its place is evident, e.g. "Motivering saknas."."""
    here_en: str
    count: int = 1
    """So many things it tells of; more than one where they are counted and not named."""

    def here(self, language: Language = "sv") -> str:
        """Give the sentence for the one who looks at its place."""
        return self.here_en if language == "en" else self.here_sv


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in a definition."""

    place: str
    """The key's path, e.g. `case.svar.state.utkast.by`."""
    message: str
    severity: Literal["error", "warning"] = "error"
    file: str = ""
    line: int = 0
    """1 is the first; 0 when it is not known."""


class WorkflowError(Exception):
    """The root: something was turned down, and nothing was changed."""

    code: ClassVar[str] = "error"

    def __init__(
        self,
        sv: str,
        en: str = "",
        *,
        reasons: Sequence[Reason] = (),
        current: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sv)
        self.sv = sv
        self.en = en or sv
        self.reasons = tuple(reasons)
        self.current = current
        """What holds now, when that answers the one who was turned down."""

    def text(self, language: Language = "sv") -> str:
        """Give the sentence in a language."""
        return self.en if language == "en" else self.sv


class Refused(WorkflowError):
    """The rules say no. `reasons` says which, one at least."""

    code = "refused"


def refused(code: str, sv: str, en: str) -> Refused:
    """Make the refusal that has one reason."""
    return Refused(sv, en, reasons=(Reason(code, sv, en),))


class NoRight(Refused):
    """The person does not hold the role that may."""

    code = "no_right"


class TooSoon(WorkflowError):
    """It was tried too often. `current` says from when it may be tried again: `retry_at`."""

    code = "too_soon"


class Stale(WorkflowError):
    """Somebody was first. `current` says what holds now."""

    code = "stale"


class NotFound(WorkflowError):
    """There is no such thing, or the person may not see it."""

    code = "not_found"


class BadInput(WorkflowError):
    """What came along cannot be used."""

    code = "bad_input"


def placed(code: str, place: str, sv: str, en: str) -> Placed:
    """Make a reason that says the same wherever it stands."""
    return Placed(code, sv, en, place=place, here_sv=sv, here_en=en)


def bad_input(code: str, sv: str, en: str) -> BadInput:
    """Make the refusal of what came along as `code`."""
    return BadInput(sv, en, reasons=(placed(code, code, sv, en),))


class DefinitionError(BadInput):
    """A process definition with errors."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = len(problems) - 1
        tail = f" ({more} fel till)" if more else ""
        super().__init__(f"{first.place}: {first.message}{tail}")
        self.problems = tuple(problems)


class Locked(WorkflowError):
    """The database is busy; the same command may go through in a moment."""

    code = "locked"


class StoreError(WorkflowError):
    """The database cannot be read or written: missing, read-only, full, damaged."""

    code = "store"


class SchemaError(StoreError):
    """The database is of another version than the program."""

    code = "schema"
