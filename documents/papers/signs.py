"""Make people's texts ready to be set: every sign visible, every word breakable."""

import re
import unicodedata
from typing import Final

from documents.papers.typefaces import signs

__all__ = ["set_out"]

BREAK: Final = "\u200b"
LONG: Final = re.compile(r"[^\s/-]{41,}")
"""Shorter words are hyphenated; an address on the web breaks at its strokes by itself."""
PIECE: Final = 6
"""Signs between two places where a long word may break: what the narrowest column takes."""

LAYOUT: Final = frozenset("\n\t\u00ad")
"""Has no look of its own, and is set all the same."""

ALIKE: Final = str.maketrans(
    {
        "\x0b": "\n",
        "\x0c": "\n",
        "\x85": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u2009": "\u202f",
        "\u2010": "-",
        "\u2011": "-",
        **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u205f\u3000", " "),
    }
)
"""Breaks, spaces and hyphens that the typeface has under another code."""


def set_out(text: str) -> str:
    """Give a text as it can be set, with nothing lost and nothing hidden.

    A sign that no typeface has (an emoji, a control, a sign that turns the writing
    round) is written as its code, e.g. `[U+202E]`: a paper that is decided upon must
    show whatever its text holds, and one person's emoji must not stop it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines.isascii() or not lines.isprintable():
        whole = unicodedata.normalize("NFC", lines.translate(ALIKE))
        lines = "".join(map(_show, whole))
    return LONG.sub(_break, lines)


def _show(sign: str) -> str:
    code = ord(sign)
    if sign in LAYOUT or (code in signs() and not _hidden(code)):
        return sign
    return f"[U+{code:04X}]"


def _hidden(code: int) -> bool:
    """Say whether a sign has no look of its own: controls, marks of direction, fillers."""
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0x200B <= code <= 0x200F
        or 0x2028 <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xE000 <= code <= 0xF8FF
        or code in {0xFEFF, 0xFFFC}
    )


def _break(word: re.Match[str]) -> str:
    text = word.group()
    return BREAK.join(text[at : at + PIECE] for at in range(0, len(text), PIECE))
