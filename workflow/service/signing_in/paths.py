"""Where a browser may be sent on to after a sign-in: to a path of ours, nowhere else.

An open redirect (https://cwe.mitre.org/data/definitions/601.html) lends our name to
somebody else's page. Browsers, proxies and servers read odd addresses differently
(https://url.spec.whatwg.org/ takes `\\` for `/` and drops tabs), so that what is odd in
any reading is not taken: everything is forbidden that a path of ours never needs.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

__all__ = ["START", "own_path"]

START: Final = "/"
LONGEST: Final = 2000
DECODINGS: Final = 3
"""So many layers of %-encoding are looked through; what has more is not ours."""

SIGN: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
OWN: Final = re.compile(rf"/(?:{SIGN}+/)*{SIGN}*(?:\?(?:{SIGN}|[/?])*)?")
"""`absolute-path [ "?" query ]` of RFC 3986, without empty segments."""


def own_path(text: str | None) -> str:
    """Give a path of ours as it is, and the first page for anything else."""
    if not text or len(text) > LONGEST or not OWN.fullmatch(text):
        return START
    path, _, query = text.partition("?")
    if not _is_plain(path, in_path=True) or not _is_plain(query, in_path=False):
        return START
    return text


def _is_plain(part: str, *, in_path: bool) -> bool:
    """Say whether nothing odd shows in any layer of a part's encoding."""
    for _ in range(DECODINGS + 1):
        if any(not sign.isprintable() or sign == "\\" for sign in part):
            return False
        if in_path and not _has_plain_segments(part):
            return False
        inner = _decode(part)
        if inner is None or inner == part:
            return inner is not None
        part = inner
    return False


def _has_plain_segments(path: str) -> bool:
    *before, last = path.removeprefix("/").split("/")
    return "" not in before and not {".", ".."}.intersection([*before, last])


def _decode(part: str) -> str | None:
    try:
        return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        return None
