"""The one place where a list is summed, for every form it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from documents.papers.paper import Amount, Balance, Cell, Freed, Line, List, Outcome, Proposal
from documents.papers.unfit import unfit

__all__ = ["Share", "Told", "Totals", "check_sums", "free_up", "percent_of", "sum_up", "tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one unit's lines above the cut come to."""

    unit: str
    count: int
    tkr: Amount
    budget: Amount | None
    percent: Decimal | None
    """Of the unit's budget, with one decimal; None when no budget is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a list comes to: above its cut, as a whole, unit by unit."""

    count: int
    tkr: Amount
    whole_count: int
    whole_tkr: Amount
    budget: Amount | None
    percent: Decimal | None
    units: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a unit is told of one of its lines."""

    position: int
    title: str
    outcome: Outcome


def sum_up(listing: List) -> Totals:
    """Sum a list's amounts; without a cut the whole list counts as above it."""
    above = _above(listing)
    units = [budget.unit for budget in listing.budgets]
    units += [line.origin.unit for line in above]
    shares = tuple(_share(listing, above, unit) for unit in dict.fromkeys(units))
    budget = sum(b.tkr for b in listing.budgets) if listing.budgets else None
    tkr = _sum(listing, above)
    return Totals(
        count=len(above),
        tkr=tkr,
        whole_count=len(listing.lines),
        whole_tkr=_sum(listing, listing.lines),
        budget=budget,
        percent=percent_of(tkr, budget),
        units=shares,
    )


def free_up(listing: List, *, kind: str) -> tuple[Freed, ...]:
    """Sum the lines above the cut by the words of the column `kind`, in their order."""
    names = [cell_of(listing, line, kind) for line in _above(listing)]
    return tuple(_freed(listing, kind, name) for name in dict.fromkeys(names))


def tell(listing: List, unit: str) -> tuple[Told, ...]:
    """Give what became of each of a unit's lines that has an outcome."""
    return tuple(
        Told(position=line.position, title=str(line.cells[0] or ""), outcome=line.outcome)
        for line in listing.lines
        if line.origin.unit == unit and line.outcome is not None
    )


def check_sums(paper: Proposal) -> None:
    """Refuse a paper that would print two different sums, or pay out of nothing.

    Raises:
        BadInput: what is freed is not the list's sum, or a payer is not in the list.
    """
    balance = paper.balance
    if balance is None:
        return
    tkr = sum_up(paper.listing).tkr
    if paper.listing.amount and balance.freed_tkr != tkr:
        raise unfit(
            "balansen",
            f"det frigjorda är {balance.freed_tkr} tkr men listans summa {tkr} tkr",
            f"what is freed is {balance.freed_tkr} but the list comes to {tkr}",
        )
    _check_payers(paper.listing, balance)


def percent_of(tkr: Amount, budget: Amount | None) -> Decimal | None:
    """Give a share in per cent with one decimal, halves up; None without a budget."""
    if not budget:
        return None
    share = Decimal(tkr) * 100 / Decimal(budget)
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def cell_of(listing: List, line: Line, key: str) -> Cell:
    """Give the cell of a column by its key."""
    keys = [column.key for column in listing.columns]
    return line.cells[keys.index(key)]


def _check_payers(listing: List, balance: Balance) -> None:
    positions = {line.position for line in listing.lines}
    for investment in balance.investments:
        for payment in investment.paid_by:
            if payment.position not in positions:
                raise unfit(
                    investment.title,
                    f"plats {payment.position} ska betala men finns inte i listan",
                    f"position {payment.position} pays but is not in the list",
                )


def _above(listing: List) -> tuple[Line, ...]:
    cut = listing.cut
    return tuple(line for line in listing.lines if cut is None or line.position <= cut.after)


def _sum(listing: List, lines: Iterable[Line]) -> Amount:
    if not listing.amount:
        return 0
    cells = (cell_of(listing, line, listing.amount) for line in lines)
    return sum(cell for cell in cells if isinstance(cell, int | Decimal))


def _share(listing: List, above: tuple[Line, ...], unit: str) -> Share:
    lines = [line for line in above if line.origin.unit == unit]
    budget = next((b.tkr for b in listing.budgets if b.unit == unit), None)
    tkr = _sum(listing, lines)
    return Share(
        unit=unit, count=len(lines), tkr=tkr, budget=budget, percent=percent_of(tkr, budget)
    )


def _freed(listing: List, kind: str, name: Cell) -> Freed:
    lines = [line for line in _above(listing) if cell_of(listing, line, kind) == name]
    return Freed(title=str(name or "Utan typ"), count=len(lines), tkr=_sum(listing, lines))
