"""Where long words may break in a narrow column."""

import re
from typing import Final

__all__ = ["soften"]

_LONG: Final = 13
"""Letters from which a word may not fit."""
_END: Final = 3
"""Letters that stay together at either end."""
_HEADS: Final = (
    "arbete|beslut|enhet|förslag|grupp|lägg|möte|plan|program|redovis|uppfölj|verksamhet"
)
"""Words that often end a compound: before them is the best place."""
_JOINT: Final = re.compile(f"(?={_HEADS})|(?<=ings)|(?<=hets)|(?<=ions)", re.IGNORECASE)


def soften(text: str) -> str:
    """Put soft hyphens into long words, between the parts of a compound where they are known
    (Svenska skrivregler). Other words are left whole: a wrong hyphen is worse than none."""
    return " ".join(_soften(word) if len(word) >= _LONG else word for word in text.split(" "))


def _soften(word: str) -> str:
    return _broken(word, _JOINT) or word


def _broken(word: str, places: re.Pattern[str]) -> str:
    """Break a word where it may; empty when it may nowhere."""
    pieces, start = [], 0
    for found in places.finditer(word):
        at = found.start()
        if at - start >= _END and len(word) - at >= _END:
            pieces.append(word[start:at])
            start = at
    return "\u00ad".join([*pieces, word[start:]]) if pieces else ""
