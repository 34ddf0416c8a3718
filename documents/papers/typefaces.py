"""The typefaces that papers are set in, and which signs they have.

Papers are set in the typefaces of this room and no other, so that the same values
give the same bytes on every machine.
"""

from functools import cache
from importlib.resources import files
from struct import unpack_from
from typing import Final

__all__ = ["FONTS", "signs"]

FONTS: Final = "fonts"
"""The folder of this room where they lie."""
TEXT_FACE: Final = "SourceSansPro-Regular.otf"
"""Has every sign that is set; the others fall back on it."""


@cache
def signs() -> frozenset[int]:
    """Give the code points that can be set, as the typeface's own table says.

    See "cmap" in the OpenType specification (ISO/IEC 14496-22, 5.2.1).
    """
    font = files("documents.papers").joinpath(FONTS, TEXT_FACE).read_bytes()
    start = _table(font, b"cmap")
    (count,) = unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for index in range(count):
        _, _, offset = unpack_from(">HHI", font, start + 4 + 8 * index)
        (form,) = unpack_from(">H", font, start + offset)
        if form == 12:
            found |= _groups(font, start + offset)
    return frozenset(found)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"the typeface has no table {tag!r}")


def _groups(font: bytes, at: int) -> set[int]:
    (count,) = unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for index in range(count):
        first, last, _ = unpack_from(">III", font, at + 16 + 12 * index)
        found.update(range(first, last + 1))
    return found
