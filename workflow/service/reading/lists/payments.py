"""What pays for what in a list: which rows that free are promised to which that cost.

A cost names the rows that pay for it, in a column of the list that points to its own rows.
Costs are covered in the order of the list, each from its payers in their order, as far as
what they free goes; so every amount is used once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workflow.core.weighing import Amount
from workflow.service.reading.lists.page import ListPage, ListRow

__all__ = ["Cover", "Links", "Part", "Payer", "links_of", "paying_column"]

ROW: Final = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row's part in what pays for another."""

    row: ListRow | None
    """None when it is no longer in the list."""
    number: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A row that costs, and what pays for it."""

    row: ListRow
    cost: Amount
    """Above zero."""
    parts: tuple[Part, ...]
    """Every row that it names; those that have nothing left give 0."""

    @property
    def covered(self) -> Amount:
        """What is paid for."""
        return sum(part.amount for part in self.parts)

    @property
    def uncovered(self) -> Amount:
        """What nothing pays for yet."""
        return self.cost - self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A row that frees, and what it pays for."""

    row: ListRow
    parts: tuple[Part, ...]
    promised: Amount
    """What the costs that name it would take of it, were each alone."""

    @property
    def over(self) -> Amount:
        """What it frees and nobody takes."""
        return self.row.amount - sum(part.amount for part in self.parts)

    @property
    def is_overpromised(self) -> bool:
        """It is promised to more than it frees."""
        return self.promised > self.row.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """All that pays, and all that is paid for."""

    covers: tuple[Cover, ...]
    payers: tuple[Payer, ...]
    """The rows that free, those that pay for nothing too."""

    @property
    def covered(self) -> Amount:
        """What is paid for, of all costs."""
        return sum(cover.covered for cover in self.covers)

    @property
    def uncovered(self) -> Amount:
        """What nothing pays for yet, of all costs."""
        return sum(cover.uncovered for cover in self.covers)


def paying_column(page: ListPage) -> str:
    """Give the key of the list's own column that points to its own rows; empty for none."""
    found = (one.key for one in page.own if one.type == ROW and one.of == page.table)
    return next(found, "")


def links_of(page: ListPage, rows: Sequence[ListRow]) -> Links:
    """Work out what pays for what among some rows of a list."""
    key = paying_column(page)
    free = {row.number: row.amount for row in rows if row.amount > 0}
    named = {row.number: _named(row, key) for row in rows if row.amount < 0}
    left, covers = dict(free), []
    for row in rows:
        if row.amount < 0:
            parts = tuple(
                Part(row=page.row(number), number=number, amount=amount)
                for number, amount in _take(left, named[row.number], -row.amount)
            )
            covers.append(Cover(row=row, cost=-row.amount, parts=parts))
    promised = _promised(free, {row.number: -row.amount for row in rows if row.amount < 0}, named)
    payers = tuple(
        Payer(row=row, parts=_parts_of(row, covers), promised=promised.get(row.number, 0))
        for row in rows
        if row.amount > 0
    )
    return Links(covers=tuple(covers), payers=payers)


def _named(row: ListRow, key: str) -> Sequence[int]:
    """Read the numbers of the rows that pay for one."""
    cell = row.raw.get(key)
    told = [] if cell is None or isinstance(cell, bool) else str(cell).split(",")
    numbers = (int(one) for one in told if one.strip().isdecimal())
    return [number for number in dict.fromkeys(numbers) if number != row.number]


def _take(
    left: dict[int, Amount], payers: Sequence[int], need: Amount
) -> Sequence[tuple[int, Amount]]:
    """Take what is needed from payers in their order; what they have left grows less."""
    taken = []
    for number in payers:
        amount = min(need, left.get(number, 0))
        if amount:
            left[number] -= amount
        need -= amount
        taken.append((number, amount))
    return taken


def _promised(
    free: Mapping[int, Amount], costs: Mapping[int, Amount], named: Mapping[int, Sequence[int]]
) -> Mapping[int, Amount]:
    found: dict[int, Amount] = {}
    for number, cost in costs.items():
        alone = {payer: free[payer] for payer in named[number] if payer in free}
        for payer, amount in _take(alone, named[number], cost):
            found[payer] = found.get(payer, 0) + amount
    return found


def _parts_of(payer: ListRow, covers: Sequence[Cover]) -> tuple[Part, ...]:
    return tuple(
        Part(row=cover.row, number=cover.row.number, amount=part.amount)
        for cover in covers
        for part in cover.parts
        if part.number == payer.number
    )
