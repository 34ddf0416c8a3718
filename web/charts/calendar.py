"""Days laid out along a line: where each begins, the months, and the holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from workflow.core import plan
from workflow.core.days import MONTHS

__all__ = ["Mark", "Scale", "months", "rests"]

REST: Final = 3
"""Days off in a row from which a holiday is drawn."""
CLOSE: Final = 2
"""Working days between two holidays that hardly part them."""
MONTH: Final = 34
"""Room that the name of a month needs."""
KNOWN: Final = {
    "julafton": {"sv": "jul", "en": "Christmas"},
    "långfredagen": {"sv": "påsk", "en": "Easter"},
    "midsommarafton": {"sv": "midsommar", "en": "midsummer"},
}
"""What people call the days around a day."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A month, or days off, across a whole drawing."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Which days lie between two places."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Give where a day begins."""
        whole = (self.last - self.first).days + 1
        return round(self.left + (day - self.first).days / whole * (self.right - self.left), 1)

    def end(self, day: date) -> float:
        """Give where a day is over."""
        return self.x(day + timedelta(days=1))


def months(language: str, scale: Scale) -> Iterator[Mark]:
    """Give the months whose names have room."""
    names = MONTHS[language]
    first, last = scale.first, scale.last
    number = (last.year - first.year) * 12 + last.month - first.month + 1
    room = (scale.right - scale.left) / number
    every = next((step for step in (1, 2, 3, 6) if room * step >= MONTH), 12)
    day = date(first.year, first.month, 1)
    while day <= last:
        fits = scale.x(day) + MONTH <= scale.right
        if day >= first and fits and (day.month - 1) % every == 0:
            year = f" {day.year}" if day.month == 1 and room * every >= MONTH * 1.8 else ""
            yield Mark(scale.x(day), 0, names[day.month - 1] + year)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def rests(language: str, scale: Scale) -> Iterator[Mark]:
    """Give the holidays: days off in a row, with hardly any working day between."""
    for first, last in _runs(scale.first, scale.last):
        if (last - first).days + 1 >= REST:
            begin = max(first, scale.first)
            width = round(scale.end(min(last, scale.last)) - scale.x(begin), 1)
            yield Mark(scale.x(begin), width, _name(language, first, last))


@lru_cache(maxsize=256)
def _runs(begin: date, end: date) -> tuple[tuple[date, date], ...]:
    """Give the first and last day of each holiday between two days."""
    found: list[tuple[date, date]] = []
    day = begin
    while day <= end:
        if _is_holiday(day):
            first, last = _around(day)
            if found and plan.working_days_between(found[-1][1], first) <= CLOSE + 1:
                first = found.pop()[0]
            found.append((first, last))
            day = last
        day += timedelta(days=1)
    return tuple(found)


def _is_holiday(day: date) -> bool:
    """Say whether a day is off by another name than Saturday or Sunday."""
    return plan.day_off_name(day) not in (None, "lördag", "söndag")


def _around(day: date) -> tuple[date, date]:
    """Give the days off in a row that a day belongs to."""
    first = last = day
    while not plan.is_working_day(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while not plan.is_working_day(last + timedelta(days=1)):
        last += timedelta(days=1)
    return first, last


def _name(language: str, first: date, last: date) -> str:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    names = (KNOWN.get(plan.day_off_name(day) or "") for day in days)
    return next((one[language] for one in names if one), "")
