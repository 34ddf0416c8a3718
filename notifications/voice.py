"""One language's way of putting days, distances, counts and names.

Days are lower case in Swedish and never break over lines: no-break spaces hold
them together. The year is written when it is not the year of the day on which
the letter is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from workflow.core.days import MONTHS, WEEKDAYS
from workflow.core.plan import day_off_name

__all__ = ["NBSP", "Counted", "Phrase", "Voice", "voice"]

NBSP = "\u00a0"

WHOLE_MONTHS = {
    "sv": tuple(
        "januari februari mars april maj juni juli augusti september oktober november"
        " december".split()
    ),
    "en": tuple(
        "January February March April May June July August September October November"
        " December".split()
    ),
}
NUMBERS = {
    "sv": tuple("noll en två tre fyra fem sex sju åtta nio tio elva tolv".split()),
    "en": tuple("zero one two three four five six seven eight nine ten eleven twelve".split()),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence in both languages, with the same named gaps."""

    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A phrase that counts something; the gap `{n}` is the number."""

    one: Phrase
    many: Phrase


@dataclass(frozen=True, slots=True)
class Voice:
    """Puts things in one language."""

    language: Literal["sv", "en"]

    def say(self, phrase: Phrase, **values: str) -> str:
        """Fill a phrase's gaps. The values are data: what looks like a gap in them is none."""
        pattern = phrase.en if self.language == "en" else phrase.sv
        return pattern.format(**values)

    def count(self, counted: Counted, n: int, **values: str) -> str:
        """Fill a counting phrase with the number as a word, up to twelve."""
        return self.say(counted.one if n == 1 else counted.many, n=self.number(n), **values)

    def digits(self, counted: Counted, n: int) -> str:
        """Fill a counting phrase with the number in digits."""
        return self.say(counted.one if n == 1 else counted.many, n=str(n))

    def number(self, n: int) -> str:
        """Write a number as a word up to twelve, else in digits."""
        words = NUMBERS[self.language]
        return words[n] if 0 <= n < len(words) else str(n)

    def names(self, names: Sequence[str]) -> str:
        """Join names as people do: "Anna, Bo och Karin"."""
        if len(names) < 2:
            return "".join(names)
        last = " and " if self.language == "en" else " och "
        return ", ".join(names[:-1]) + last + names[-1]

    def day(self, day: date, today: date) -> str:
        """Write weekday and date, e.g. "fre 27 feb"; with the year when it is another."""
        return _day(day, _year(day, today), self.language)

    def plain_day(self, day: date, today: date) -> str:
        """Write the date without its weekday, e.g. "27 feb"."""
        year = _year(day, today)
        written = f"{day.day}{NBSP}{MONTHS[self.language][day.month - 1]}"
        return f"{written}{NBSP}{year}" if year else written

    def days(self, first: date, last: date, today: date) -> str:
        """Write one day, or a stretch such as "16–17 juni"."""
        if first == last:
            return self.day(first, today)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.plain_day(last, today)}"
        return f"{self.plain_day(first, today)}–{self.plain_day(last, today)}"

    def month(self, day: date, today: date) -> str:
        """Write the month in full, e.g. "januari"."""
        year = _year(day, today)
        written = WHOLE_MONTHS[self.language][day.month - 1]
        return f"{written}{NBSP}{year}" if year else written

    def day_off(self, day: date) -> str:
        """Name what makes a day off, e.g. "en lördag", "långfredagen"; empty on a working day."""
        name = day_off_name(day, self.language) or ""
        if name.casefold() in _WEEKEND:
            return f"a {name}" if self.language == "en" else f"en {name}"
        return name


_WEEKEND = frozenset({"lördag", "söndag", "saturday", "sunday"})
_VOICES = {"sv": Voice("sv"), "en": Voice("en")}


def voice(language: str) -> Voice:
    """Give the voice of a language; Swedish when it is neither sv nor en."""
    return _VOICES.get(language, _VOICES["sv"])


def _year(day: date, today: date) -> int | None:
    return None if day.year == today.year else day.year


@lru_cache(maxsize=4096)
def _day(day: date, year: int | None, language: str) -> str:
    parts = [
        WEEKDAYS[language][day.weekday()],
        str(day.day),
        MONTHS[language][day.month - 1],
    ]
    if year is not None:
        parts.append(str(year))
    return NBSP.join(parts)
