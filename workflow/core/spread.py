"""How far apart several people's values of one thing lie.

A level of a scale counts by where it stands in the scale, a number by itself; so the order
of the scale, and nothing else, says what is far apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.core.definition import NUMBERS, Column, Definition
from workflow.core.facts import Cell

__all__ = ["Spread", "is_measured", "measure", "spread_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Some values together, each by its measure."""

    count: int
    lowest: Decimal
    highest: Decimal
    median: tuple[Decimal, Decimal]
    """The two in the middle; the same twice where one is."""
    apart: Decimal
    """How far two of them lie from each other, on average over all pairs."""


def is_measured(definition: Definition, column: Column) -> bool:
    """Say whether the values of a column have an order: levels, one in each cell, and numbers."""
    if column.several:
        return False
    return column.type in definition.scale or column.type in NUMBERS


def measure(definition: Definition, column: Column, cell: Cell) -> Decimal | None:
    """Give where a value lies, levels counted from 1; None for an empty cell, and for a level
    that the scale does not have."""
    if cell in (None, ""):
        return None
    scale = definition.scale.get(column.type or "")
    if scale is None:
        return Decimal(str(cell))
    levels = list(scale.levels)
    return Decimal(levels.index(str(cell)) + 1) if str(cell) in levels else None


def spread_of(values: Sequence[Decimal]) -> Spread | None:
    """Give how some values are spread; None when there are none."""
    if not values:
        return None
    ordered = sorted(values)
    count = len(ordered)
    # Each value is above those before it and below those behind it.
    total = sum((one * (2 * at - count + 1) for at, one in enumerate(ordered)), Decimal())
    pairs = count * (count - 1) // 2
    return Spread(
        count=count,
        lowest=ordered[0],
        highest=ordered[-1],
        median=(ordered[(count - 1) // 2], ordered[count // 2]),
        apart=total / pairs if pairs else Decimal(),
    )
