"""How far apart some values lie, as a small picture: a dot for each value that somebody
chose, larger where more did, and a line at the median."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workflow.service.reading.lists.results import Measured

__all__ = ["Dot", "Drawing", "draw"]

WIDTH: Final = 120
EDGE: Final = 8
SMALLEST: Final = 2.6
LARGEST: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A value that somebody chose."""

    x: float
    r: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The picture of one thing."""

    dots: Sequence[Dot]
    first: float
    last: float
    median: float


def draw(measured: Measured) -> Drawing | None:
    """Draw how values are spread; None when nobody gave any."""
    spread = measured.spread
    if spread is None:
        return None
    low, high = float(measured.places[0]), float(measured.places[-1])

    def at(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)

    return Drawing(
        dots=[
            Dot(x=at(float(place)), r=round(min(SMALLEST + 0.5 * count, LARGEST), 1))
            for place, (_, count) in zip(measured.places, measured.counts, strict=True)
            if count
        ],
        first=at(float(spread.lowest)),
        last=at(float(spread.highest)),
        median=at(float(sum(spread.median)) / 2),
    )
