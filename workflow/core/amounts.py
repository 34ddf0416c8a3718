"""What was measured and what was demanded, in words: amounts, shares, numbers of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

__all__ = ["Measure", "say_amount", "say_number", "say_rows"]

MOST_NAMED: Final = 10
"""So many rows are named in a sentence; the rest are counted."""
_DECIMALS: Final = 15
"""A cell has no more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something measured, in what it is measured in."""

    value: Fraction
    kind: str
    """A column's type; `share`, in per cent; or `rows`."""
    of: str = ""
    """Title of the column."""


def say_amount(word: str, measure: Measure, wanted: Fraction) -> tuple[str, str]:
    """Say in Swedish and English how a measure misses a demand, and by how much.

    A share is rounded away from what is demanded, so that it never reads as if it held.
    """
    apart = measure.value - wanted
    up = apart > 0
    found, found_en = _both(measure.value, measure.kind, up=up)
    asked, asked_en = _both(wanted, measure.kind, up=not up)
    miss, miss_en = _both(abs(apart), "points" if measure.kind == "share" else measure.kind)
    if measure.kind == "rows":
        sv, en = f"det är {found}", f"there are {found_en}"
        if measure.value == 1:
            en = f"there is {found_en}"
    else:
        sv, en = f"{measure.of} är {found}", f"{measure.of} is {found_en}"
    if word == "at_least":
        return f"{sv}, minst {asked} behövs, {miss} fattas", (
            f"{en}, at least {asked_en} needed, {miss_en} short"
        )
    if word == "at_most":
        return f"{sv}, högst {asked} går, {miss} för mycket", (
            f"{en}, at most {asked_en} will do, {miss_en} too much"
        )
    return f"{sv}, det ska vara {asked}, {miss} skiljer", (
        f"{en}, it should be {asked_en}, {miss_en} apart"
    )


def say_rows(rows: Sequence[int]) -> tuple[str, str]:
    """Say in both languages which rows were measured."""
    if not rows:
        return "Ingen rad räknas in.", "No row counts."
    named = [str(number) for number in rows[:MOST_NAMED]]
    more = len(rows) - len(named)
    if more:
        named.append(f"{more}")
        first = ", ".join(named[:-1])
        return f"Rad {first} och {more} till.", f"Rows {first} and {more} more."
    if len(named) == 1:
        return f"Rad {named[0]}.", f"Row {named[0]}."
    first = ", ".join(named[:-1])
    return f"Rad {first} och {named[-1]}.", f"Rows {first} and {named[-1]}."


def _both(value: Fraction, kind: str, *, up: bool = True) -> tuple[str, str]:
    decimals = 2 if kind in ("share", "points") else _DECIMALS
    sv, en = say_number(value, "sv", decimals, up=up), say_number(value, "en", decimals, up=up)
    is_one = abs(value) == 1
    match kind:
        case "rows":
            return f"{sv} {'rad' if is_one else 'rader'}", f"{en} {'row' if is_one else 'rows'}"
        case "tkr":
            return f"{sv}\N{NO-BREAK SPACE}tkr", f"{en}\N{NO-BREAK SPACE}tkr"
        case "share" | "percent":
            return f"{sv}\N{NO-BREAK SPACE}%", f"{en}\N{NO-BREAK SPACE}%"
        case "points":
            return (
                f"{sv} {'procentenhet' if is_one else 'procentenheter'}",
                f"{en} percentage {'point' if is_one else 'points'}",
            )
    return sv, en


def say_number(value: Fraction, language: str, decimals: int, *, up: bool) -> str:
    """Write a number with at most so many decimals, rounded up or down when it has more."""
    scaled = value * 10**decimals
    whole = ceil(scaled) if up else floor(scaled)
    digits = str(abs(whole)).rjust(decimals + 1, "0")
    before, after = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    after = after.rstrip("0")
    group, point = ("\N{NO-BREAK SPACE}", ",") if language == "sv" else (",", ".")
    sign = "\N{MINUS SIGN}" if whole < 0 else ""
    return f"{sign}{int(before):,}".replace(",", group) + (f"{point}{after}" if after else "")
