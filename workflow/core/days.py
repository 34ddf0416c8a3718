"""Days as people say them, and instants as the log writes them."""

from datetime import UTC, date, datetime
from typing import Final

__all__ = ["MONTHS", "MONTH_NAMES", "WEEKDAYS", "say_day", "write_instant"]

WEEKDAYS: Final = {
    "sv": tuple("mån tis ons tors fre lör sön".split()),
    "en": tuple("Mon Tue Wed Thu Fri Sat Sun".split()),
}
MONTHS: Final = {
    "sv": tuple("jan feb mars april maj juni juli aug sep okt nov dec".split()),
    "en": tuple("Jan Feb March April May June July Aug Sept Oct Nov Dec".split()),
}
MONTH_NAMES: Final = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
        *("augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def say_day(day: date, language: str = "sv", *, today: date | None = None) -> str:
    """Say a day, e.g. "fre 27 feb"; with its year unless that is the year of `today`."""
    weekday = WEEKDAYS[language][day.weekday()]
    month = MONTHS[language][day.month - 1]
    year = "" if today and today.year == day.year else f" {day.year}"
    return f"{weekday} {day.day} {month}{year}"


def write_instant(instant: datetime) -> str:
    """Write an instant as the log does: RFC 3339 in UTC with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
