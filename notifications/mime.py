"""The outer form of a mail: header fields and two parts, as RFC 5322 and MIME ask.

Written by hand because the standard library's EmailMessage takes milliseconds a
mail. The tests read everything written here back with the standard library's parser.
"""

import quopri
import re
from base64 import encodebytes
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from notifications.blocks import Attachment
from notifications.clean import LetterError, clean

__all__ = ["address_of", "alternative", "date_field", "domain_of", "field", "mailbox", "text_field"]

CRLF = "\r\n"
LINE = 78
"""RFC 5322 2.1.1: lines should be no longer than this, without their end."""
LOCAL = 64
ADDRESS = 254
"""RFC 5321 4.5.3.1: the longest local part and address."""
ENCODED = 75
"""RFC 2047 2: the longest encoded word."""
FRAME = len("=?utf-8?q??=")

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = rf"{ATOM}(?:\.{ATOM})*"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = rf"{LABEL}(?:\.{LABEL})*"
ADDR_SPEC = re.compile(rf"({DOT_ATOM})@({DOMAIN})")
MSG_ID = re.compile(rf"{DOT_ATOM}@{DOT_ATOM}")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
PLAIN_PHRASE = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
PHRASE_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""RFC 2047 5 (3): what may stand for itself in an encoded word within a name."""


def field(name: str, value: str) -> str:
    """Write a field whose value is made of safe, short words, folded between them.

    Raises:
        LetterError: The value has other than printable ASCII characters.
    """
    if not (value.isascii() and value.isprintable()):
        raise LetterError(f"the field {name} cannot hold {value!r}")
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return CRLF.join(lines) + CRLF


def text_field(name: str, value: str) -> str:
    """Write a field of free text, e.g. the subject."""
    text = clean(value)
    line = f"{name}: {text}"
    if text.isascii() and len(line) <= LINE and "=?" not in text and text:
        return line + CRLF
    return f"{name}: " + f"{CRLF} ".join(encoded_words(text, room=LINE - len(name) - 2)) + CRLF


def encoded_words(text: str, *, room: int) -> list[str]:
    """Encode a text as words of RFC 2047, never parting a character.

    `room` is how many characters the first line has left; 63 of them at least.
    """
    words: list[str] = []
    current: list[str] = []
    left = min(room, ENCODED) - FRAME
    for char in text:
        code = _encoded(char)
        if len(code) > left:
            words.append("".join(current))
            current, left = [], ENCODED - FRAME
        current.append(code)
        left -= len(code)
    words.append("".join(current))
    return [f"=?utf-8?q?{word}?=" for word in words]


@lru_cache(maxsize=2048)
def _encoded(char: str) -> str:
    if char in PHRASE_SAFE:
        return char
    if char == " ":
        return "_"
    return "".join(f"={byte:02X}" for byte in char.encode())


def address_of(text: str) -> str:
    """Check an address.

    Raises:
        LetterError: It is none that every mail server takes: ASCII, no quoted local part.
    """
    found = ADDR_SPEC.fullmatch(text)
    if not found or len(found[1]) > LOCAL or len(text) > ADDRESS:
        raise LetterError(f"{text!r} is no mail address that every server takes")
    return text


def domain_of(address: str) -> str:
    """Give the domain of a checked address."""
    return address.rpartition("@")[2]


@lru_cache(maxsize=4096)
def mailbox(name: str, who: str, address: str) -> str:
    """Write a field of one person: From, To or Reply-To.

    Raises:
        LetterError: The address is none.
    """
    checked = address_of(address)
    shown = clean(who)
    if not shown:
        return f"{name}: {checked}{CRLF}"
    if PLAIN_PHRASE.fullmatch(shown) and len(name) + len(shown) + 2 <= LINE:
        lines = [shown]
    else:
        lines = encoded_words(shown, room=LINE - len(name) - 2)
    # Folded before the address when it does not fit: a fold inside it is allowed nowhere.
    last = len(lines[-1]) + (len(name) + 2 if len(lines) == 1 else 1)
    fits = last + len(checked) + 3 <= LINE
    return f"{name}: {f'{CRLF} '.join(lines)}{'' if fits else CRLF} <{checked}>{CRLF}"


def message_id(text: str) -> str:
    """Check a Message-ID without its brackets.

    Raises:
        LetterError: It is none.
    """
    if not MSG_ID.fullmatch(text) or len(text) > 250:
        raise LetterError(f"{text!r} is no Message-ID")
    return text


def date_field(at: datetime) -> str:
    """Write the Date field in UTC.

    Raises:
        LetterError: The instant has no time zone.
    """
    if at.tzinfo is None:
        raise LetterError("the instant the mail was put at has no time zone")
    return f"Date: {format_datetime(at.astimezone(UTC))}{CRLF}"


def alternative(
    headers: Sequence[str],
    *,
    mail_id: str,
    text: str,
    html: str,
    attachment: Attachment | None = None,
) -> bytes:
    """Put header fields, text and HTML, and perhaps a file, together into the bytes of a mail.

    Boundaries come from the Message-ID alone, so equal mails are equal bytes. They
    begin with `=_`, which neither quoted-printable nor base64 text ever contains.
    """
    boundary = f"=_{sha256(mail_id.encode()).hexdigest()[:32]}"
    head = "".join(headers) + f"MIME-Version: 1.0{CRLF}"
    body = (
        f'Content-Type: multipart/alternative;{CRLF} boundary="{boundary}"{CRLF}{CRLF}'.encode(
            "ascii"
        )
        + _part(boundary, "plain", text)
        + _part(boundary, "html", html)
        + f"--{boundary}--{CRLF}".encode("ascii")
    )
    if attachment is not None:
        body = _mixed(f"=_{sha256(f'{mail_id}/file'.encode()).hexdigest()[:32]}", body, attachment)
    return head.encode("ascii") + body


def _mixed(boundary: str, body: bytes, attachment: Attachment) -> bytes:
    """Put a file behind a part."""
    if not FILE_NAME.fullmatch(attachment.name):
        raise LetterError(f"{attachment.name!r} is no plain name of a file")
    head = (
        f'Content-Type: multipart/mixed;{CRLF} boundary="{boundary}"{CRLF}{CRLF}--{boundary}{CRLF}'
    )
    file_head = (
        f"--{boundary}{CRLF}Content-Type: application/json{CRLF}"
        f"Content-Transfer-Encoding: base64{CRLF}"
        f'Content-Disposition: attachment; filename="{attachment.name}"{CRLF}{CRLF}'
    )
    encoded = encodebytes(attachment.content.encode()).replace(b"\n", b"\r\n")
    return b"".join(
        (
            head.encode("ascii"),
            body,
            CRLF.encode("ascii"),
            file_head.encode("ascii"),
            encoded,
            f"--{boundary}--{CRLF}".encode("ascii"),
        )
    )


def _part(boundary: str, subtype: str, body: str) -> bytes:
    head = (
        f'--{boundary}{CRLF}Content-Type: text/{subtype}; charset="utf-8"{CRLF}'
        f"Content-Transfer-Encoding: quoted-printable{CRLF}{CRLF}"
    )
    # quopri takes the kind of line end for its soft breaks from the first line's end.
    lines = body.rstrip("\n").replace("\n", CRLF) + CRLF
    encoded = quopri.encodestring(lines.encode())
    # It may break a line right before its last dot, and a dot alone ends a mail in SMTP.
    encoded = encoded.replace(b"\r\n.\r\n", b"\r\n=2E\r\n")
    return head.encode("ascii") + encoded + CRLF.encode("ascii")
