"""Headings as people write them: which are the same, and which are almost."""

import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["alike", "nearest"]

_FEWEST: Final = 4
"""Letters: in a shorter word another letter makes another word."""


def alike(heading: object) -> str:
    """Give what two headings that are the same have in common: no case, spaces or accents."""
    decomposed = unicodedata.normalize("NFKD", str(heading).casefold())
    return "".join(one for one in decomposed if one.isalnum() and not unicodedata.combining(one))


def nearest(heading: str, known: Mapping[str, str]) -> str | None:
    """Give the one that a heading differs from by a letter or two, when it is one alone.

    `known` is by what `alike` gives.
    """
    own = alike(heading)
    if len(own) < _FEWEST:
        return None
    far = 1 if len(own) < 2 * _FEWEST else 2
    near = {
        value for name, value in known.items() if len(name) >= _FEWEST and _within(own, name, far)
    }
    return near.pop() if len(near) == 1 else None


def _within(one: str, other: str, far: int) -> bool:
    """Say whether so many letters changed, added or taken away make one the other."""
    if abs(len(one) - len(other)) > far:
        return False
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, second in enumerate(other, start=1):
            swap = before[column - 1] + (letter != second)
            line.append(min(before[column] + 1, line[-1] + 1, swap))
        before = line
    return before[-1] <= far
