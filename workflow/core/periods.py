"""Weeks, months, quarters, tertials and years: their keys, their last days, their names.

A key says what it is: `2015-w05`, `2015-03`, `2015-q1`, `2015-t1`, `2015-year`. Weeks are
those of ISO 8601; a tertial is four months, as Swedish authorities count.
"""

import re
from calendar import monthrange
from datetime import date
from typing import Final

from workflow.core.days import MONTH_NAMES

__all__ = ["PERIODS", "last_day", "period_of", "say_period"]

PERIODS: Final = ("week", "month", "quarter", "tertial", "year")
"""What a definition may call them."""

_MONTHS: Final = {"": 1, "q": 3, "t": 4, "year": 12}
"""How many months each lasts, by the letter in its key."""
_LETTERS: Final = {"month": "", "quarter": "q", "tertial": "t"}
_KEY: Final = re.compile(r"(\d{4})-(?:(w|q|t|)(\d{1,2})|(year))")
_WORDS: Final = {
    "sv": {"w": "vecka", "q": "kvartal", "t": "tertial"},
    "en": {"w": "week", "q": "quarter", "t": "tertial"},
}


def period_of(period: str, day: date) -> str:
    """Give the key of the week, month, quarter, tertial or year that a day lies in."""
    if period == "year":
        return f"{day.year}-year"
    if period == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-w{week:02}"
    letter = _LETTERS[period]
    number = (day.month - 1) // _MONTHS[letter] + 1
    return f"{day.year}-{letter}{number:{'' if letter else '02'}}"


def last_day(key: str) -> date | None:
    """Give the last day of a period; None when the key is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    year, letter = int(found[1]), found[2] or found[4] or ""
    if letter == "w":
        return date.fromisocalendar(year, int(found[3]), 7)
    month = _MONTHS[letter] * int(found[3] or 1)
    return date(year, month, monthrange(year, month)[1])


def say_period(key: str, language: str) -> str | None:
    """Say a period, e.g. "mars 2015", "tertial 1 2015"; None when the key is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    if found[4]:
        return found[1]
    if not found[2]:
        return f"{MONTH_NAMES[language][int(found[3]) - 1]} {found[1]}"
    return f"{_WORDS[language][found[2]]} {int(found[3])} {found[1]}"
