"""What people write: plain text, made safe to keep and to show, with its lines."""

import re
import unicodedata
from typing import Final

__all__ = ["clean_text"]

_LINE_ENDS: Final = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK: Final = re.compile(r"\n{3,}")
_JOINER: Final = "\u200d"
"""Emoji are made with it."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


def clean_text(text: str) -> str:
    """Give a text in NFC without what cannot be seen: control characters, those that turn the
    reading direction, halves of characters. Line ends are kept, one blank line at most."""
    lines = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).split("\n")
    seen = ("".join(filter(_is_seen, line.replace("\t", " "))).rstrip() for line in lines)
    return _BLANK.sub("\n\n", "\n".join(seen)).strip()


def _is_seen(one: str) -> bool:
    return one == _JOINER or unicodedata.category(one) not in _UNSEEN
