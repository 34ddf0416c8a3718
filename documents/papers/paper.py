"""What is printed, as values that know nothing of where they come from.

A paper is a `Proposal`, an `Extract` of minutes or a `CommonList`, each with its
`Stamp`. Amounts are whole or decimal thousands; texts are as people wrote them and
are never taken for markup. What contradicts itself cannot be made.
"""

from dataclasses import dataclass
from datetime import datetime

from documents.papers.listing import (
    Amount,
    Budget,
    Cell,
    Column,
    Cut,
    Kind,
    Line,
    List,
    Move,
    Origin,
    Outcome,
)
from documents.papers.minutes import (
    Attendance,
    Attestation,
    Decision,
    Disqualification,
    Minutes,
    Reservation,
)
from documents.papers.unfit import check_short, unfit

__all__ = [
    "Amount",
    "Attendance",
    "Attestation",
    "Balance",
    "Budget",
    "Cell",
    "Column",
    "CommonList",
    "Cut",
    "Decision",
    "Disqualification",
    "Extract",
    "Freed",
    "Investment",
    "Kind",
    "Line",
    "List",
    "Minutes",
    "Move",
    "Origin",
    "Outcome",
    "Paper",
    "Payment",
    "Proposal",
    "Reservation",
    "Stamp",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which entry of which round's log a paper shows, and when."""

    region: str
    round_id: str
    round_title: str
    reference: str = ""
    """The number in the register of documents; empty when there is none."""
    entry: int
    """The last entry of the log that the paper has seen."""
    at: datetime
    extract: str = ""
    """What was left out, e.g. "Utdrag: rader som rör Kirurgi"; empty for the whole."""

    def __post_init__(self) -> None:
        """Refuse an instant without its zone."""
        if self.at.tzinfo is None:
            raise unfit("stämpeln", "tiden saknar tidszon", "the time has no zone")
        texts = (self.region, self.round_title, self.reference, self.extract)
        check_short("stämpeln", *texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """What the lines of one kind free together."""

    title: str
    count: int
    tkr: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A position of the list that pays for an investment, and how much of it."""

    position: int
    tkr: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """What an investment costs, and what pays for it."""

    title: str
    tkr: Amount
    paid_by: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is freed, what it pays for, and what is left."""

    freed: tuple[Freed, ...]
    investments: tuple[Investment, ...] = ()

    @property
    def freed_tkr(self) -> Amount:
        """Sum what is freed."""
        return sum(freed.tkr for freed in self.freed)

    @property
    def cost_tkr(self) -> Amount:
        """Sum what the investments cost."""
        return sum(investment.tkr for investment in self.investments)

    @property
    def left_tkr(self) -> Amount:
        """Say what is left; below zero when the investments cost more."""
        return self.freed_tkr - self.cost_tkr


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The paper that a decision rests on."""

    stamp: Stamp
    title: str
    summary: tuple[str, ...]
    listing: List
    balance: Balance | None = None
    shown: tuple[str, ...] = ()
    """Keys of the columns of the short list; all stand among the grounds. Empty: all."""

    def __post_init__(self) -> None:
        """Refuse a title that is as long as a page."""
        check_short("titeln", self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """An extract of minutes."""

    stamp: Stamp
    title: str
    minutes: Minutes

    def __post_init__(self) -> None:
        """Refuse a title that is as long as a page."""
        check_short("titeln", self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonList:
    """The whole list with where each line came from."""

    stamp: Stamp
    listing: List
    lede: str = ""


Paper = Proposal | Extract | CommonList
