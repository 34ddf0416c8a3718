"""The five small phrases of the definition language, read into values.

when    a day, the last day of a month, a month, an offset from a milestone, or later
span    a number of days, working days, weeks, months or years
due     a milestone, a span, or a span before or after something
amount  a whole number, all, more than half, two thirds
match   column = level, list of levels, or number range

Reading needs nothing but the text: whether a milestone exists and what day a
phrase means in a given year is for `validate` and `plan`.
"""

import re
from dataclasses import dataclass
from math import ceil
from typing import Literal

__all__ = [
    "Amount",
    "Due",
    "Range",
    "Rung",
    "Span",
    "SpanUnit",
    "When",
    "fill",
    "needed",
    "read_amount",
    "read_due",
    "read_range",
    "read_rung",
    "read_span",
    "read_when",
]

SpanUnit = Literal["day", "working day", "week", "month", "year"]
Amount = int | Literal["all", "more than half", "two thirds"]

NAME = r"[a-z][a-z0-9_]*"
SPAN = r"([0-9]{1,4}) (working days?|days?|weeks?|months?|years?)"
YEAR = r"(?:\{year(?:([+-])([0-9]{1,2}))?\}|([0-9]{4}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time as people say it, e.g. "5 working days"."""

    count: int
    unit: SpanUnit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One date of a plan, not yet tied to a year.

    Exactly one of three holds: a date (`year` given, `month` set), an offset
    (`span`, `side`, `anchor` set), or neither: the date comes later.
    """

    year: int | None = None
    """A written-out year; None when it is counted from the round's year."""
    year_offset: int = 0
    """Years to add to the round's year, when `year` is None."""
    month: int | None = None
    day: int | Literal["last"] | None = None
    """None for a whole month."""
    span: Span | None = None
    side: Literal["before", "after"] | None = None
    anchor: str | None = None
    """The milestone that the offset is counted from."""

    def __str__(self) -> str:
        if self.span is not None:
            return f"{self.span} {self.side} {self.anchor}"
        if self.month is None:
            return "later"
        offset = f"{self.year_offset:+d}" if self.year_offset else ""
        year = f"{{year{offset}}}" if self.year is None else f"{self.year:04d}"
        day = f"{self.day:02d}" if isinstance(self.day, int) else self.day
        return f"{year}-{self.month:02d}" + (f"-{day}" if day else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline: at an anchor, or a span before or after it.

    `anchor` is a milestone's key or one of the moments `entered` (the case came
    to the state), `opened` (the case was opened) and `occasion`.
    """

    anchor: str
    span: Span | None = None
    side: Literal["before", "after"] = "after"

    def __str__(self) -> str:
        if self.span is None:
            return self.anchor
        if self.anchor == "entered":
            return str(self.span)
        return f"{self.span} {self.side} {self.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of a ladder: so many working days from the deadline, before < 0."""

    offset: int

    def __str__(self) -> str:
        if self.offset == 0:
            return "on the day"
        count = abs(self.offset)
        side = "before" if self.offset < 0 else "after"
        return f"{count} working day{'' if count == 1 else 's'} {side}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A range of whole numbers, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def read_span(text: str) -> Span:
    """Read "5 working days".

    Raises: ValueError with a sentence for the one who wrote the definition.
    """
    found = re.fullmatch(SPAN, text)
    if not found:
        raise ValueError(
            f"'{text}' is no span; write a number and day(s), working day(s), week(s), "
            'month(s) or year(s), e.g. "5 working days"'
        )
    unit: SpanUnit = found[2].removesuffix("s")  # type: ignore[assignment]  # SPAN holds the five
    return Span(count=int(found[1]), unit=unit)


def read_when(text: str) -> When:
    """Read one date of a plan.

    Raises: ValueError.
    """
    if text == "later":
        return When()
    found = re.fullmatch(YEAR + r"-([0-9]{2})(?:-([0-9]{2}|last))?", text)
    if found:
        sign, offset, year, month, day = found.groups()
        if not 1 <= int(month) <= 12:
            raise ValueError(f"'{text}' has no month {month}")
        if day not in (None, "last") and not 1 <= int(day) <= 31:
            raise ValueError(f"'{text}' has no day {day}")
        return When(
            year=int(year) if year else None,
            year_offset=int(f"{sign}{offset}") if sign else 0,
            month=int(month),
            day="last" if day == "last" else int(day) if day else None,
        )
    found = re.fullmatch(SPAN + rf" (before|after) ({NAME})", text)
    if found:
        side: Literal["before", "after"] = "before" if found[3] == "before" else "after"
        return When(span=read_span(f"{found[1]} {found[2]}"), side=side, anchor=found[4])
    raise ValueError(
        f'\'{text}\' is no date; write e.g. "{{year-1}}-02-28", "{{year-1}}-02-last", '
        '"{year-1}-04", "5 working days before MILESTONE" or "later"'
    )


def read_due(text: str) -> Due:
    """Read a deadline.

    Raises: ValueError.
    """
    if re.fullmatch(NAME, text):
        return Due(anchor=text)
    if re.fullmatch(SPAN, text):
        return Due(anchor="entered", span=read_span(text))
    found = re.fullmatch(SPAN + rf" (before|after) ({NAME})", text)
    if found:
        side: Literal["before", "after"] = "before" if found[3] == "before" else "after"
        return Due(anchor=found[4], span=read_span(f"{found[1]} {found[2]}"), side=side)
    raise ValueError(
        f"'{text}' is no deadline; write a milestone, a span such as \"3 working days\", "
        'or "8 working days after occasion"'
    )


def read_rung(text: str) -> Rung:
    """Read a step of a ladder.

    Raises: ValueError.
    """
    if text == "on the day":
        return Rung(offset=0)
    found = re.fullmatch(r"([0-9]{1,3}) working days? (before|after)", text)
    if not found or int(found[1]) == 0:
        raise ValueError(
            f"'{text}' is no step of a ladder; write \"3 working days before\", "
            '"on the day" or "1 working day after"'
        )
    return Rung(offset=int(found[1]) * (-1 if found[2] == "before" else 1))


def read_range(text: str) -> Range:
    """Read "1 to 9".

    Raises: ValueError.
    """
    found = re.fullmatch(r"(-?[0-9]{1,9}) to (-?[0-9]{1,9})", text)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f"'{text}' is no range; write \"1 to 9\", the smaller first")
    return Range(first=int(found[1]), last=int(found[2]))


def read_amount(value: object) -> Amount:
    """Read a whole number or one of the three words.

    Raises: ValueError.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    for word in ("all", "more than half", "two thirds"):
        if value == word:
            return word
    raise ValueError(
        f"{value!r} is no amount; write a whole number from 1, "
        '"all", "more than half" or "two thirds"'
    )


def needed(amount: Amount, total: int) -> int:
    """Say how many of `total` an amount means; never more than `total`."""
    match amount:
        case "all":
            return total
        case "more than half":
            return total // 2 + 1
        case "two thirds":
            return ceil(total * 2 / 3)
        case _:
            return min(amount, total)


def fill(text: str, *, year: int, unit: str = "", occasion: str = "") -> str:
    """Replace the placeholders {year}, {year+n}, {year-n}, {unit} and {occasion}."""

    def value(found: re.Match[str]) -> str:
        if found[1] == "unit":
            return unit
        if found[1] == "occasion":
            return occasion
        return str(year + int(found[2] or 0))

    return re.sub(r"\{(unit|occasion|year([+-][0-9]{1,2})?)\}", value, text)
