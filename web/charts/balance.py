"""What a list frees against what it costs, as bars that stand on one another's ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from web.visit import Visit
from workflow.service.reading.lists.balance import Balance, Post

__all__ = ["Bar", "Drawing", "Tick", "bars_of", "draw", "draw_narrow"]

Amount = int | Decimal
LABELS: Final = 300
"""Room for the labels of the wide drawing."""
BARS: Final = 580
ROW: Final = 34
NARROW: Final = 300
NARROW_ROW: Final = 46
MOST_TICKS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar and its words, from one amount to another."""

    label: str
    text: str
    css: str
    first: Amount
    last: Amount
    is_sum: bool
    x: float = 0
    y: float = 0
    width: float = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """An amount along the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Bars laid out."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def bars_of(visit: Visit, balance: Balance) -> tuple[Bar, ...]:
    """Give the bars from top to bottom: what is freed, its sum, what it costs, what is left."""
    found, at = [], Decimal()
    for post in balance.freed:
        found.append(_bar(visit, post, at, "f-done"))
        at += post.amount
    freed = visit.text("Frigörs", "Freed")
    found.append(_sum(visit, freed, balance.freed_sum))
    for post in balance.costs:
        found.append(_bar(visit, post, at, "f-act"))
        at += post.amount
    if balance.costs:
        found.append(_sum(visit, visit.text("Kvar", "Left"), balance.left))
    return tuple(found)


def _bar(visit: Visit, post: Post, at: Decimal, css: str) -> Bar:
    kind = post.kind or visit.text("Utan slag", "Of no kind")
    rows = visit.text("en rad", "one row") if post.count == 1 else ""
    rows = rows or visit.text(f"{post.count} rader", f"{post.count} rows")
    sign = "+" if post.amount > 0 else ""
    return Bar(
        label=f"{kind}, {rows}",
        text=sign + visit.say.amount(post.amount),
        css=css,
        first=at,
        last=at + post.amount,
        is_sum=False,
    )


def _sum(visit: Visit, label: str, amount: Amount) -> Bar:
    text = visit.say.amount(amount)
    return Bar(label=label, text=text, css="f-ink", first=0, last=amount, is_sum=True)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Which amounts lie between two places."""

    low: Decimal
    high: Decimal
    left: int
    room: int

    def x(self, value: Amount) -> float:
        """Give where an amount lies."""
        part = (Decimal(value) - self.low) / (self.high - self.low)
        return round(self.left + float(part) * self.room, 1)


def draw(visit: Visit, bars: Sequence[Bar]) -> Drawing:
    """Lay bars out with their labels to the left."""
    scale = _scale(bars, LABELS, BARS)
    return Drawing(
        width=1000,
        height=len(bars) * ROW + 30,
        bars=tuple(_place(scale, bar, n * ROW) for n, bar in enumerate(bars)),
        ticks=tuple(Tick(scale.x(value), visit.say.amount(value)) for value in _steps(scale)),
    )


def draw_narrow(bars: Sequence[Bar]) -> Drawing:
    """Lay bars out with their labels above."""
    scale = _scale(bars, 0, NARROW)
    placed = tuple(_place(scale, bar, n * NARROW_ROW) for n, bar in enumerate(bars))
    return Drawing(width=NARROW, height=len(bars) * NARROW_ROW, bars=placed, ticks=())


def _scale(bars: Sequence[Bar], left: int, room: int) -> _Scale:
    amounts = [Decimal(one) for bar in bars for one in (bar.first, bar.last)]
    low, high = min([Decimal(), *amounts]), max([Decimal(), *amounts])
    return _Scale(low, high if high > low else low + 1, left, room)


def _place(scale: _Scale, bar: Bar, y: int) -> Bar:
    one, other = scale.x(bar.first), scale.x(bar.last)
    return replace(bar, x=min(one, other), y=y, width=round(abs(other - one), 1))


def _steps(scale: _Scale) -> Iterator[int]:
    """Give round amounts between the ends, a handful of them: 1, 2, 5, 10 and so on."""
    step = 1
    while (scale.high - scale.low) / step > MOST_TICKS:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    value = int(scale.low // step) * step
    while value <= scale.high:
        if value >= scale.low:
            yield value
        value += step
