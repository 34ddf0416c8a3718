"""Names of attached files: plain on the way in, harmless on the way out.

A name is kept to be shown. It is never a path, here or anywhere.
"""

import re
import unicodedata
from typing import Final

__all__ = ["LONGEST", "clean_name", "ending_of", "name_for_download", "with_ending"]

LONGEST: Final = 200
"""Characters."""
NAMELESS: Final = "fil"

_PARTS: Final = re.compile(r"[/\\]")
_ENDING: Final = re.compile(r"\.([a-z0-9]*[a-z][a-z0-9]*)\Z", re.IGNORECASE)
"""What stands after the last point, if it is a word with a letter in it: `1.2` has none."""
_LONGEST_ENDING: Final = 12
_SPACES: Final = re.compile(r"\s+")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control and format characters (those that turn the reading direction among them), halves
of characters, and what no standard gives a form."""

# learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved characters and names.
_RESERVED: Final = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|\Z)",
    re.IGNORECASE,
)


def clean_name(given: str) -> str:
    """Give a file's name as it is kept: its last part, in NFC, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", _PARTS.split(given)[-1])
    seen = "".join(one for one in _SPACES.sub(" ", composed) if _is_seen(one))
    plain = _SPACES.sub(" ", seen).strip(" ")
    trimmed = plain.rstrip(". ")
    stem, ending = _split(trimmed)
    stem = stem.strip(". ") or NAMELESS
    return _shortened(stem, ending)


def ending_of(name: str) -> str:
    """Give a name's ending in lower case, without its point; empty when it has none."""
    found = _ENDING.search(name)
    return found[1].lower() if found and len(found[1]) <= _LONGEST_ENDING else ""


def with_ending(name: str, ending: str) -> str:
    """Give a name that has none an ending."""
    return _shortened(name, f".{ending}")


def name_for_download(name: str) -> str:
    """Give a name that every system can save under, and none takes for a device."""
    plain = name.translate(_RESERVED)
    return f"_{plain}" if _DEVICE.match(plain) else plain


def _is_seen(one: str) -> bool:
    return unicodedata.category(one) not in _UNSEEN


def _split(name: str) -> tuple[str, str]:
    ending = ending_of(name)
    return (name[: -len(ending) - 1], name[-len(ending) - 1 :]) if ending else (name, "")


def _shortened(stem: str, ending: str) -> str:
    return stem[: LONGEST - len(ending)].rstrip(". ") + ending
