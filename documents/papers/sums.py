"""The one place where a list is summed, for every form it takes."""

from dataclasses import dataclass
from decimal import Decimal

from documents.papers.paper import Amount, Balance, Cell, Freed, Line, List, Outcome, Proposal
from documents.papers.unfit import unfit
from workflow.core.weighing import Share, percent_of, weigh

__all__ = ["Share", "Told", "Totals", "check_sums", "free_up", "percent_of", "sum_up", "tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a list comes to: above its cut, as a whole, unit by unit."""

    count: int
    tkr: Amount
    """What is freed less what it costs."""
    freed: Amount
    cost: Amount
    """Below zero."""
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
    budgets = {budget.unit: budget.tkr for budget in listing.budgets}
    weighed = weigh(_weights(listing, above), budgets)
    return Totals(
        count=len(above),
        tkr=weighed.all.net,
        freed=weighed.all.freed,
        cost=weighed.all.cost,
        whole_count=len(listing.lines),
        whole_tkr=weigh(_weights(listing, listing.lines), {}).all.net,
        budget=weighed.all.means,
        percent=weighed.all.percent,
        units=weighed.units,
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
    freed = sum_up(paper.listing).freed
    if paper.listing.amount and balance.freed_tkr != freed:
        raise unfit(
            "balansen",
            f"det frigjorda är {balance.freed_tkr} tkr men listans är {freed} tkr",
            f"what is freed is {balance.freed_tkr} but in the list it is {freed}",
        )
    _check_payers(paper.listing, balance)


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


def _weights(listing: List, lines: tuple[Line, ...]) -> list[tuple[str, Amount]]:
    keys = [column.key for column in listing.columns]
    at = keys.index(listing.amount) if listing.amount else None
    cells = [line.cells[at] if at is not None else None for line in lines]
    return [
        (line.origin.unit, cell if isinstance(cell, int | Decimal) else 0)
        for line, cell in zip(lines, cells, strict=True)
    ]


def _freed(listing: List, kind: str, name: Cell) -> Freed:
    lines = tuple(line for line in _above(listing) if cell_of(listing, line, kind) == name)
    net = weigh(_weights(listing, lines), {}).all.net
    return Freed(title=str(name or "Utan typ"), count=len(lines), tkr=net)
