"""What people write, as HTML: plain text in which addresses can be followed, and no more."""

import re
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

__all__ = ["linked"]

LONGEST: Final = 2000
"""Characters of an address that can be followed."""
_BEGINS: Final = re.compile(r"(?<![A-Za-z0-9+.-])(?:https?://|mailto:)[^\s<>\"'`\\^{}|]+", re.I)
"""What may be an address: it begins as one, and goes on to a space or a sign that no address
has as it is (RFC 3986, section 2)."""
_TAIL: Final = ".,;:!?…”’»*_~"
"""Signs that end a sentence, not an address."""
_BRACKETS: Final = {")": "(", "]": "["}
_MAIL: Final = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.I)


def linked(text: str) -> Markup:
    """Escape a text, and make its http, https and mailto addresses links.

    A link is called by its whole address, so that nobody is led elsewhere than it says. One
    that could mean something else is left as text: with a name before the host, a mail with
    more than a receiver, signs that cannot be seen.
    """
    parts: list[Markup] = []
    at = 0
    for found in _BEGINS.finditer(text):
        address = _without_tail(found[0])
        if _can_be_followed(address):
            shown = escape(address)
            parts += [
                escape(text[at : found.start()]),
                Markup('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>').format(shown),
            ]
            at = found.start() + len(address)
    return Markup().join([*parts, escape(text[at:])])


def _without_tail(address: str) -> str:
    """Leave out what ends the sentence that an address stands in."""
    while address:
        last = address[-1]
        alone = last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])
        if last not in _TAIL and not alone:
            break
        address = address[:-1]
    return address


def _can_be_followed(address: str) -> bool:
    if len(address) > LONGEST or not address.isprintable():
        return False
    if address[:7].lower() == "mailto:":
        return _MAIL.fullmatch(address) is not None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and "@" not in parts.netloc and "%" not in parts.netloc
