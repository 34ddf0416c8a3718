"""Where a row lies among the others: texts of digits, in whose order the rows are.

Between two places there is always another, so a row that moves changes its own place and
no other's. Digits alone, so that every database and every language sorts them alike.
"""

from collections.abc import Sequence
from typing import Final

__all__ = ["after", "before", "between", "spread"]

_DIGITS: Final = 10
"""Of the whole part. Places are as decimal fractions, so zeros at the end are left out."""
_MIDDLE: Final = 5 * 10**9
_STEP: Final = 10_000


def spread(count: int) -> Sequence[str]:
    """Give places for the rows of an empty table."""
    return [_whole(_MIDDLE + number * _STEP) for number in range(count)]


def after(last: str | None, count: int = 1) -> Sequence[str]:
    """Give places behind the last one; None when there is none yet."""
    if last is None:
        return spread(count)
    begun = _floor(last)
    return [_whole(begun + number * _STEP) for number in range(1, count + 1)]


def before(first: str) -> str:
    """Give a place before the first one."""
    return _whole(_floor(first) - _STEP)


def between(low: str, high: str) -> str:
    """Give a place between two, `low` before `high`; the shortest there is."""
    if low >= high:
        raise ValueError(f"{low} is not before {high}")
    found, bound, at = "", True, 0
    while True:
        least = int(low[at]) if at < len(low) else 0
        most = int(high[at]) if bound and at < len(high) else (0 if bound else 10)
        if most - least > 1:
            return found + str((least + most) // 2)
        found += str(least)
        bound = bound and most == least
        at += 1


def _whole(number: int) -> str:
    if not 0 < number < 10**_DIGITS:
        raise ValueError("a table has no more places at this end")
    return f"{number:0{_DIGITS}d}".rstrip("0")


def _floor(place: str) -> int:
    return int(place[:_DIGITS].ljust(_DIGITS, "0"))
