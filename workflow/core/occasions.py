"""When cases that come again open: the occasions of a kind of case, one after another.

An occasion has a key: a milestone's, or a period's. The occasions of milestones follow the
plan's order; one whose day is not known yet is waited for. Periods follow each other
without end, the first being the one in which the series begins. Where people open the cases the
key is a running number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from workflow.core import plan
from workflow.core.definition import Case, Definition
from workflow.core.facts import MilestoneFact, SeriesFact
from workflow.core.periods import PERIODS, last_day, period_of, say_period
from workflow.core.phrases import fill
from workflow.core.revision import Revision

__all__ = ["Occasion", "called", "is_series", "next_one", "with_next"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a case of a series is opened for."""

    key: str
    opens_at: datetime


Milestones = Callable[[str], MilestoneFact]


def is_series(kind: Case) -> bool:
    """Say whether cases of a kind come one after another, instead of once."""
    return bool(kind.every or kind.opened_by)


def next_one(definition: Definition, series: SeriesFact, milestone: Milestones) -> Occasion | None:
    """Give the occasion that follows a series' last one; None when none does, or its day is
    not known yet."""
    kind = definition.case[series.kind]
    if kind.every and kind.every[0] in PERIODS:
        found: tuple[str, date] | None = _next_period(kind.every[0], series)
    else:
        found = _next_milestone(definition, kind, series.occasion, milestone)
    if found is None or _is_after_last(kind, found[1], milestone):
        return None
    key, on = found
    first = plan.add_span(on, kind.ahead, "before") if kind.ahead else on
    return Occasion(key=key, opens_at=plan.day_start(first, definition.zone))


def with_next(definition: Definition, series: SeriesFact, milestone: Milestones) -> SeriesFact:
    """Give a series with the instant at which the clock opens its next case."""
    following = next_one(definition, series, milestone)
    return replace(series, next_at=following.opens_at if following else None)


def called(revision: Revision, occasion: str, *, year: int, language: str) -> str:
    """Call an occasion by name, e.g. "mars 2015", "tertial 1 2015", a milestone's title;
    "nr 2" where people open the cases."""
    milestone = revision.definition.milestone.get(occasion)
    if milestone:
        return fill(revision.title(milestone, language), year=year)
    number = f"{'nr' if language == 'sv' else 'no.'} {occasion}"
    return say_period(occasion, language) or number


def _next_period(period: str, series: SeriesFact) -> tuple[str, date]:
    ended = last_day(series.occasion) if series.occasion else None
    day = max(ended + timedelta(days=1), series.since) if ended else series.since
    key = period_of(period, day)
    return key, last_day(key) or day


def _next_milestone(
    definition: Definition, kind: Case, last: str | None, milestone: Milestones
) -> tuple[str, date] | None:
    keys = definition.milestones_of(kind)
    left = keys[keys.index(last) + 1 :] if last in keys else keys
    on = milestone(left[0]).last_on if left else None
    return (left[0], on) if on else None


def _is_after_last(kind: Case, on: date, milestone: Milestones) -> bool:
    last = milestone(kind.until).last_on if kind.until else None
    return last is not None and on > last
