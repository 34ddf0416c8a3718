"""Text that no spreadsheet computes: an apostrophe before what would begin a formula."""

from typing import Final
from unicodedata import category

__all__ = ["as_meant", "harmless"]

_FORMULA: Final = frozenset("=+-@\t\r\n\0'＝＋－＠")
"""What a cell may not begin with (OWASP ASVS 5.0, 1.2.10), and what a spreadsheet in an East
Asian language takes for the same."""
_UNSEEN: Final = ("Zs", "Cf")
"""Spaces and marks that nobody sees, such as a byte order mark: some programs skip them."""


def harmless(text: str) -> str:
    """Write a text so that no spreadsheet computes it."""
    first = next((sign for sign in text if category(sign) not in _UNSEEN), "")
    return f"'{text}" if first in _FORMULA else text


def as_meant(written: str) -> str:
    """Take away the apostrophe that `harmless` put, and no other."""
    return written[1:] if written.startswith("'") and harmless(written[1:]) == written else written
