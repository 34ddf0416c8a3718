"""Values of what is followed up: rows against occasions, and sums by year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workflow.core.following import Figure

__all__ = ["FollowPage", "Followed", "Goal", "Mark", "Occasion", "YearSum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When it is followed up."""

    key: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is told of a row at an occasion."""

    case: str
    """Where it is told; empty while it is not."""
    outcome: Figure | None
    status: str
    """Title of the level."""
    tone: str
    """good, watch or bad; empty when the scale does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A row that is followed up."""

    key: str
    name: str
    note: str
    unit: str
    """Its unit's key."""
    direction: str
    target: Figure | None
    planned: tuple[tuple[int, Figure], ...]
    """What is aimed at, year by year."""
    baseline: tuple[tuple[int, Figure], ...]
    marks: tuple[Mark | None, ...]
    """By occasion; None where it is not to be told."""

    @property
    def has_chart(self) -> bool:
        """Whether there is a number to aim at, and one that came of it."""
        told = any(one and one.outcome and one.outcome.number is not None for one in self.marks)
        return told and self.target is not None and self.target.number is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSum:
    """What is planned for a year, and what it came to so far; None before it is told."""

    year: int
    planned: Decimal
    outcome: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A table in which rows are followed up."""

    table: str
    title: str
    target: str
    """Title of the column that is aimed at."""
    outcome: str
    statuses: tuple[tuple[str, str], ...]
    """Title and tone of each level, in the scale's order."""
    occasions: tuple[Occasion, ...]
    goals: tuple[Goal, ...]

    def of_unit(self, unit: str) -> "Followed":
        """Give it with the rows of one unit alone."""
        return replace(self, goals=tuple(goal for goal in self.goals if goal.unit == unit))

    @property
    def years(self) -> tuple[YearSum, ...]:
        """Sum what is planned and what came of it by year; none without a plan by year."""
        planned: dict[int, Decimal] = {}
        outcome: dict[int, Decimal] = {}
        for goal in self.goals:
            for year, figure in goal.planned:
                planned[year] = planned.get(year, Decimal()) + (figure.number or 0)
            for year, number in self._outcomes(goal):
                outcome[year] = outcome.get(year, Decimal()) + number
        years = sorted(planned.keys() | outcome.keys()) if planned else ()
        return tuple(
            YearSum(year=one, planned=planned.get(one, Decimal()), outcome=outcome.get(one))
            for one in years
        )

    def _outcomes(self, goal: Goal) -> Iterator[tuple[int, Decimal]]:
        for occasion, mark in zip(self.occasions, goal.marks, strict=True):
            if occasion.day and mark and mark.outcome and mark.outcome.number is not None:
                yield occasion.day.year, mark.outcome.number


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowPage:
    """All that somebody reads of what is followed up in a round."""

    round: str
    round_title: str
    follows: bool
    """Whether the process follows anything up at all."""
    followed: tuple[Followed, ...]
    units: tuple[tuple[str, str], ...]
    """Key and name of those that have rows, in the organisation's order."""
