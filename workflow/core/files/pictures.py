"""How large a picture is, from its header alone; nothing is ever decoded."""

import struct
from typing import Final

from workflow.core.errors import BadInput
from workflow.core.files.unfit import unfit

__all__ = ["MOST_PIXELS", "PNG", "check_jpeg", "check_png"]

MOST_PIXELS: Final = 50_000_000
"""What unpacks to 200 MB at four bytes a pixel: a scanned A3 at 400 dpi fits."""
PNG: Final = b"\x89PNG\r\n\x1a\n"

_MOST_SEGMENTS: Final = 1000
"""Before a JPEG's frame; a photograph has some dozens."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""ITU-T T.81, table B.1: the markers SOF0 to SOF15."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and RST0 to RST7."""


def check_png(content: bytes) -> None:
    """See that a PNG (W3C, section 11.2.1) is of a size that can be shown.

    Raises: BadInput.
    """
    if content[12:16] != b"IHDR" or content[8:12] != b"\0\0\0\r" or len(content) < 33:
        raise unfit("damaged")
    _check(*struct.unpack(">II", content[16:24]))


def check_jpeg(content: bytes) -> None:
    """See that a JPEG is of a size that can be shown.

    Raises: BadInput.
    """
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if content[at : at + 1] != b"\xff" or at + 9 > len(content):
            break
        marker = content[at + 1]
        if marker == 0xFF:  # padding, T.81 B.1.1.2
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            _check(width, height)
            return
        length = 0 if marker in _ALONE else int.from_bytes(content[at + 2 : at + 4], "big")
        at += 2 + length
    raise unfit("damaged")


def _check(width: int, height: int) -> None:
    if not width or not height:
        raise unfit("damaged")
    if width * height > MOST_PIXELS:
        raise _too_large(width, height)


def _too_large(width: int, height: int) -> BadInput:
    return unfit("pixels", width=width, height=height, most=MOST_PIXELS // 1_000_000)
