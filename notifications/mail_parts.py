"""A raw mail taken apart with patience for what others write, and none for harm."""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Final

from notifications.clean import clean

__all__ = [
    "LARGEST",
    "LONGEST_TEXT",
    "UnreadableMail",
    "children_of",
    "enclosed_text",
    "headers_of",
    "parse",
    "text_of",
    "value_of",
    "walk",
    "words_of",
]

LARGEST: Final = 200_000
"""Bytes that are looked at. Reports stand at the beginning, and our own mails are small."""
MOST_PARTS: Final = 60
"""Fields that say what a part is; a report has five."""
MOST_LEVELS: Final = 6
"""Parts that hold parts: each costs a look at every line below it."""
LONGEST_FIELD: Final = 8_000
"""Characters of one header field: parsing parameters costs the square of their length."""
LONGEST_TEXT: Final = 100_000
"""Characters of the words for people that are searched."""

STRUCTURE: Final = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M
)
CHARSETS: Final = re.compile(r"utf-8|us-ascii|iso-8859-(?:[1-9]|1[0-6])|windows-125[0-8]")
"""What is decoded; anything else is read as UTF-8. Python knows slow ones too."""


class UnreadableMail(ValueError):
    """What was given is no mail, or made to do harm."""


def parse(raw: bytes) -> Message:
    """Parse a mail that is not made to be slow.

    Raises: UnreadableMail.
    """
    # As the parser sees it: every kind of line end is one, and then none is overlooked.
    raw = raw.replace(b"\x00", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = STRUCTURE.findall(raw)
    levels = sum(b"boundary" in field.lower() or b"message/" in field.lower() for field in found)
    if len(found) > MOST_PARTS or levels > MOST_LEVELS:
        raise UnreadableMail("too many parts")
    if any(len(field) > LONGEST_FIELD for field in found):
        raise UnreadableMail("a header field without end")
    try:
        mail = message_from_bytes(raw, policy=compat32)
        if not mail.keys():
            raise UnreadableMail("no header")
    except (MessageError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableMail(str(error)) from error
    return mail


def walk(mail: Message) -> Iterator[Message]:
    """Give the parts of a mail, but not those of a mail that is attached to it."""
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[0:0] = children_of(part)


def children_of(part: Message) -> list[Message]:
    """Give the parts, or the attached mail, right below a part."""
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def enclosed_text(part: Message) -> str:
    """Give the text of an attached mail or report that was not seen as one, decoded when it
    is encoded, which it must not be."""
    text = "\n\n".join(words_of(one) for one in children_of(part)) or words_of(part)
    if value_of(part, "Content-Transfer-Encoding").lower() == "base64":
        with suppress(ValueError):
            return b64decode(text.encode("ascii", "ignore")).decode("utf-8", "replace")
    heads = [f"{name}: {value}" for one in children_of(part) for name, value in one.raw_items()]
    return "\n".join([*heads, "", text])


def headers_of(text: str) -> Message:
    """Read the header fields at the beginning of a text."""
    return message_from_bytes(text.lstrip()[:LONGEST_TEXT].encode("utf-8", "surrogateescape"))


def value_of(part: Message, name: str) -> str:
    """Give a header field on one line; empty when it is not there."""
    try:
        given = _given(part, name)
        return clean(str(make_header(decode_header(given))) if "=?" in given else given)
    except (LookupError, MessageError, ValueError):  # a charset that does not exist
        return ""


def words_of(part: Message) -> str:
    """Give the text of a part, whatever it is encoded in."""
    with suppress(LookupError, ValueError, AssertionError):
        held = part.get_payload(decode=True)
        if isinstance(held, bytes):
            return _decoded(held[: 4 * LONGEST_TEXT], part)[:LONGEST_TEXT]
    return ""


def _given(part: Message, name: str) -> str:
    """Give a header field as it came, with UTF-8 where it has more than ASCII."""
    for key, value in part.raw_items():
        if key.lower() == name.lower():
            return _utf8(str(value)[:LONGEST_FIELD])
    return ""


def _utf8(text: str) -> str:
    """Give a text in which the parser has kept bytes that are not ASCII."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(held: bytes, part: Message) -> str:
    charset = str(part.get_content_charset("utf-8"))
    return held.decode(charset if CHARSETS.fullmatch(charset) else "utf-8", "replace")


def text_of(parts: list[Message]) -> str:
    """Give the words for people, of the first parts that have any."""
    texts = [
        words_of(part)
        for part in parts
        if part.get_content_type() in ("text/plain", "text/html") and not part.is_multipart()
    ]
    return "\n".join(texts[:4])[:LONGEST_TEXT]
