"""Outcome against what was aimed at: horizontal bars, with a line at the target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from web.visit import Visit
from workflow.core.following import Figure
from workflow.service.reading.rounds.followed import Followed, Goal, YearSum

__all__ = ["Bar", "Drawing", "Value", "draw", "figure_text", "of_goal", "of_years"]

LABELS: Final = 300
BARS: Final = 560
ROW: Final = 32
NARROW: Final = 300
NARROW_ROW: Final = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A number with its words."""

    label: str
    text: str
    number: Decimal
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A value laid out."""

    value: Value
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Bars laid out, with a line at what is aimed at."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    target: float | None
    texts: int
    """Where the values stand beside the bars."""


def figure_text(visit: Visit, figure: Figure) -> str:
    """Write a figure as people do, thousands apart."""
    if figure.number is None or "%" in figure.text:
        return figure.text
    return visit.say.amount(figure.number)


def of_goal(visit: Visit, followed: Followed, goal: Goal) -> tuple[Value, ...]:
    """Give what a row was before, and what came of it at each occasion."""
    return tuple(_of_goal(visit, followed, goal))


def _of_goal(visit: Visit, followed: Followed, goal: Goal) -> Iterator[Value]:
    for year, figure in goal.baseline:
        if figure.number is not None:
            text = figure_text(visit, figure)
            yield Value(label=str(year), text=text, number=figure.number, css="f-next")
    for occasion, mark in zip(followed.occasions, goal.marks, strict=True):
        if mark and mark.outcome and mark.outcome.number is not None:
            text = figure_text(visit, mark.outcome)
            number = mark.outcome.number
            yield Value(label=occasion.title, text=text, number=number, css="f-act")


def of_years(visit: Visit, years: Sequence[YearSum]) -> tuple[Value, ...]:
    """Give what is planned and what it came to, year by year."""
    return tuple(_of_years(visit, years))


def _of_years(visit: Visit, years: Sequence[YearSum]) -> Iterator[Value]:
    plan, outcome = visit.text("plan", "plan"), visit.text("utfall", "outcome")
    for one in years:
        text = visit.say.amount(one.planned)
        yield Value(label=f"{one.year}, {plan}", text=text, number=one.planned, css="f-next")
        if one.outcome is not None:
            text = visit.say.amount(one.outcome)
            yield Value(label=f"{one.year}, {outcome}", text=text, number=one.outcome, css="f-act")


def draw(values: Sequence[Value], target: Decimal | None, *, narrow: bool = False) -> Drawing:
    """Lay values out, with their labels to the left or above."""
    row, left, room = (NARROW_ROW, 0, NARROW) if narrow else (ROW, LABELS, BARS)
    numbers = [Decimal(), *(one.number for one in values), *([] if target is None else [target])]
    low, high = min(numbers), max(numbers)
    span = high - low or Decimal(1)

    def x(number: Decimal) -> float:
        return round(left + float((number - low) / span) * room, 1)

    bars = []
    for at, value in enumerate(values):
        first, last = sorted((x(Decimal()), x(value.number)))
        width = round(max(last - first, 1), 1)
        bars.append(Bar(value=value, x=first, y=at * row, width=width))
    return Drawing(
        width=NARROW if narrow else 1000,
        height=len(values) * row + 6,
        bars=tuple(bars),
        target=None if target is None else x(target),
        texts=left + room + 16,
    )
