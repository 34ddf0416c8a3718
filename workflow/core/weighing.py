"""What the rows of a list come to: what they free, what they cost, unit by unit.

Amounts above zero are freed, those below are costs. Every form in which a list is shown is
summed here, so that no two of them can differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

__all__ = ["Amount", "Share", "Weighed", "percent_of", "weigh"]

Amount = int | Decimal
TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What some rows come to, beside what there is to spend."""

    unit: str
    """Whose rows; empty for all together."""
    count: int
    freed: Amount
    cost: Amount
    """Below zero."""
    means: Amount | None
    """None where none is known."""

    @property
    def net(self) -> Amount:
        """What is left; below zero when more is used than freed."""
        return self.freed + self.cost

    @property
    def percent(self) -> Decimal | None:
        """The net in per cent of the means; see `percent_of`."""
        return percent_of(self.net, self.means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Rows, together and unit by unit."""

    all: Share
    units: tuple[Share, ...]
    """Those whose means are known first, then as they come."""


def weigh(rows: Iterable[tuple[str, Amount]], means: Mapping[str, Amount]) -> Weighed:
    """Weigh rows, each with its unit and its amount. The means of all together are
    known when those of every unit are."""
    found: dict[str, list[Amount]] = {unit: [] for unit in means}
    for unit, amount in rows:
        found.setdefault(unit, []).append(amount)
    units = tuple(_share(unit, amounts, means.get(unit)) for unit, amounts in found.items())
    known = [share.means for share in units if share.means is not None]
    whole = sum(known) if known and len(known) == len(units) else None
    every = [amount for amounts in found.values() for amount in amounts]
    return Weighed(all=_share("", every, whole), units=units)


def percent_of(amount: Amount, means: Amount | None) -> Decimal | None:
    """Give a share in per cent with one decimal, halves up; None without means."""
    if not means:
        return None
    return (Decimal(amount) * 100 / Decimal(means)).quantize(TENTH, ROUND_HALF_UP)


def _share(unit: str, amounts: Sequence[Amount], means: Amount | None) -> Share:
    return Share(
        unit=unit,
        count=len(amounts),
        freed=sum(amount for amount in amounts if amount > 0),
        cost=sum(amount for amount in amounts if amount < 0),
        means=means,
    )
