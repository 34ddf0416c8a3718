"""Days as people write them; what can mean two days is asked about, never guessed."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from documents.sheets.unfit import UnfitError

__all__ = ["read_day"]

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASH_SPACE: Final = re.compile(r"(\d{1,2})/(\d{1,2})\s+(\d{4})")
_POINTS: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHES: Final = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_NAMED: Final = re.compile(r"(?:den\s+)?(\d{1,2})(?:\.|:e)?\s+([^\W\d_]+)\.?\s+(\d{4})")
_NAMED_FIRST: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_SERIAL: Final = re.compile(r"\d{5}")
_MONTHS: Final = (
    ("jan", "januari", "january"),
    ("feb", "februari", "february"),
    ("mar", "mars", "march"),
    ("apr", "april"),
    ("maj", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "augusti", "august"),
    ("sep", "sept", "september"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTH: Final = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names}
_FIRST, _LAST = date(1950, 1, 1), date(2199, 12, 31)
"""Between them a plain number is taken for the day that a spreadsheet keeps as it."""
_SHOWN: Final = 60


def read_day(cell: float | str | date | datetime, epoch: date) -> date:
    """Read a day; `epoch` is day 0 of the numbers that stand for days.

    Raises: UnfitError.
    """
    if isinstance(cell, datetime):
        raise UnfitError(
            "with_time",
            f"här står ett klockslag, {cell:%Y-%m-%d %H:%M}; skriv bara dagen.",
            f"there is a time, {cell:%Y-%m-%d %H:%M}; write the day alone.",
        )
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) or _SERIAL.fullmatch(cell.strip()):
        return _from_number(float(cell), epoch)
    return _from_text(" ".join(cell.split()))


def _from_text(text: str) -> date:
    for form in (_ISO, _COMPACT):
        if found := form.fullmatch(text):
            return _day(text, int(found[1]), int(found[2]), int(found[3]))
    for form in (_SLASH_SPACE, _POINTS):
        if found := form.fullmatch(text):
            return _day(text, int(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.fullmatch(text):
        return _named(text, found[1], found[2], found[3])
    if found := _NAMED_FIRST.fullmatch(text):
        return _named(text, found[2], found[1], found[3])
    if found := _SLASHES.fullmatch(text):
        return _either(text, int(found[1]), int(found[2]), int(found[3]))
    raise _no_day(text)


def _from_number(number: float, epoch: date) -> date:
    if number.is_integer() and (found := _COMPACT.fullmatch(f"{number:.0f}")):
        return _day(found[0], int(found[1]), int(found[2]), int(found[3]))
    first, last = (_FIRST - epoch).days, (_LAST - epoch).days
    if not number.is_integer() or not first <= number <= last:
        raise _no_day(f"{number:g}")
    return epoch + timedelta(days=int(number))


def _either(text: str, first: int, second: int, year: int) -> date:
    """Read two numbers and a year, which are day and month or the other way round."""
    days = {
        day for day in (_try(year, second, first), _try(year, first, second)) if day is not None
    }
    if len(days) == 1:
        return days.pop()
    if not days:
        raise _no_day(text)
    one, other = sorted(days)
    raise UnfitError(
        "two_meanings",
        f"”{text}” kan vara {one} eller {other}; skriv vilken dag det är.",
        f"“{text}” may be {one} or {other}; write which day it is.",
    )


def _named(text: str, day: str, month: str, year: str) -> date:
    number = _MONTH.get(month.casefold())
    if number is None:
        raise _no_day(text)
    return _day(text, int(year), number, int(day))


def _day(text: str, year: int, month: int, day: int) -> date:
    found = _try(year, month, day)
    if found is None:
        raise _no_day(text)
    return found


def _try(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_day(text: str) -> UnfitError:
    short = text[:_SHOWN]
    return UnfitError(
        "no_day",
        f"”{short}” är ingen dag; skriv till exempel 2009-02-27.",
        f"“{short}” is no day; write for example 2009-02-27.",
    )
