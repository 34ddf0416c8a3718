"""Mails handed to the region's relay, one recipient each, over connections that are kept.

What an answer means is decided here: is it about this message, or about the relay and us?

    answer                   MAIL        RCPT        DATA        the final dot
    421                      relay       relay       relay       relay
    4xx                      temporary   temporary   temporary   temporary
    5xx                      relay (1)   permanent   permanent   permanent
    none, or none that can   relay       temporary   temporary   unclear
    be read                              (2)         (2)

(1) Our own address or our right to send is refused, lastingly. An RCPT that says so
    (530, or 5.1.7 or 5.1.8 of RFC 3463) means the same.
(2) So that a message which breaks every connection stops no other. When it is the relay
    that is gone, the next message cannot connect and says so.
"""

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtplib import SMTPResponse

from notifications.clean import LetterError
from notifications.deliver import (
    DeliveryFailure,
    PermanentFailure,
    RelayFailure,
    TemporaryFailure,
    UnclearFailure,
)
from notifications.mime import address_of
from notifications.relay import Broken, Relay
from notifications.relay_settings import Limits, SmtpSettings, check, trust

__all__ = ["Limits", "SmtpLane", "SmtpSender", "SmtpSettings"]

LONGEST_LINE = 998
"""RFC 5321 4.5.3.1.6, without the line's end. A longer one may be cut or broken anywhere."""
CLOSING = 421
OUR_FAULT = re.compile(r"530\b|5\d\d 5\.1\.[78]\b")
"""Answers to RCPT that are about the sender: servers that wait with them until then."""


class SmtpSender:
    """The way to a relay."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Check the settings and read the certificates; connects to nothing yet.

        Raises:
            BadInput: A password without TLS, no such CA file, or an address or name
                that cannot be said.
        """
        check(settings)
        self.settings = settings
        self._context = None if settings.tls == "none" else trust(settings.ca_file)

    @property
    def lanes(self) -> int:
        """How many connections may be open at once."""
        return self.settings.lanes

    @asynccontextmanager
    async def lane(self) -> AsyncIterator["SmtpLane"]:
        """Give a connection for a batch: made at the first mail, left politely at the end."""
        lane = SmtpLane(self.settings, self._context)
        try:
            yield lane
        except BaseException:
            lane.drop()
            raise
        await lane.leave()


class SmtpLane:
    """One connection to the relay, made anew when it is broken."""

    def __init__(self, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
        self._relay = Relay(settings, context)
        self._where = settings.where
        self._mail = f"MAIL FROM:<{settings.envelope_from}>".encode("ascii")

    async def send(self, message_id: str, to: str, body: bytes) -> str:  # noqa: ARG002
        """Deliver one mail to one address, and give the relay's answer.

        A connection that is not certain to be in step is dropped; the next mail makes a
        new one.

        Raises:
            TemporaryFailure: The relay wants it later.
            UnclearFailure: The relay may have taken it.
            PermanentFailure: The relay refuses it, or it cannot be said in SMTP as it is.
            RelayFailure: The relay cannot be used.
        """
        rcpt = _rcpt(to)
        stuffed = _stuffed(body)
        try:
            await self._begin(eight_bit=not body.isascii())
            await self._say(rcpt, expected=2)
            await self._say(b"DATA", expected=3)
            return await self._hand_over(stuffed)
        except (TemporaryFailure, PermanentFailure):
            raise  # in step still, or dropped where it broke
        except BaseException:
            self._relay.drop()
            raise

    async def leave(self) -> None:
        """Say goodbye."""
        await self._relay.leave()

    def drop(self) -> None:
        """Leave without a word."""
        self._relay.drop()

    # ---- a mail, step by step --------------------------------------------------------

    async def _begin(self, *, eight_bit: bool) -> None:
        """Begin a mail; a kept connection that the relay has ended is made anew, once."""
        kept = self._relay.is_open
        if not kept:
            await self._relay.open()
        if eight_bit and not self._relay.takes_8bit:
            raise PermanentFailure("brevet är inte kodat i ASCII och servern tar inget annat")
        try:
            answer = await self._relay.say(self._mail + (b" BODY=8BITMIME" if eight_bit else b""))
        except Broken as error:
            if not kept:
                raise RelayFailure(f"{self._where}: {error}") from error
            answer = None
        if kept and (answer is None or answer.code == CLOSING):
            self._relay.drop()
            await self._begin(eight_bit=eight_bit)
        elif answer and answer.code >= 500:
            raise RelayFailure(self._relay.told(answer), lasting=True)
        elif answer and answer.code // 100 != 2:
            raise self._failure(answer)

    async def _say(self, command: bytes, *, expected: int) -> None:
        """Give a command within a mail, and demand an answer that begins with a digit."""
        try:
            answer = await self._relay.say(command)
        except Broken as error:
            self._relay.drop()
            raise TemporaryFailure(f"{self._where}: {error}") from error
        if answer.code // 100 != expected:
            failure = self._failure(answer)
            if isinstance(failure, (TemporaryFailure, PermanentFailure)):
                await self._reset()
            raise failure

    async def _hand_over(self, stuffed: bytes) -> str:
        try:
            answer = await self._relay.hand_over(stuffed)
        except Broken as error:
            self._relay.drop()
            raise UnclearFailure(f"{self._where}: {error}") from error
        if answer.code // 100 == 2:
            return self._relay.told(answer)
        if answer.code < 400:
            self._relay.drop()
            raise UnclearFailure(self._relay.told(answer))
        raise self._failure(answer)

    def _failure(self, answer: SMTPResponse) -> DeliveryFailure:
        """Say what an answer that was not hoped for means."""
        text = self._relay.told(answer)
        if answer.code == CLOSING:
            return RelayFailure(text)
        if OUR_FAULT.match(text):
            return RelayFailure(text, lasting=True)
        if answer.code >= 500:
            return PermanentFailure(text)
        if answer.code < 400:  # to another question than ours
            self._relay.drop()
        return TemporaryFailure(text)

    async def _reset(self) -> None:
        """Take a begun mail back, so that the connection can be kept; or do not keep it."""
        if not self._relay.is_open:
            return
        try:
            answer = await self._relay.say(b"RSET")
        except Broken:
            answer = None
        if answer is None or answer.code // 100 != 2:
            self._relay.drop()


def _rcpt(to: str) -> bytes:
    """Give the command that names the recipient.

    Raises:
        PermanentFailure: The address cannot be said in SMTP without extensions.
    """
    try:
        return f"RCPT TO:<{address_of(to)}>".encode("ascii")
    except LetterError as error:
        raise PermanentFailure(f"{to!r} är ingen adress som alla servrar tar emot") from error


def _stuffed(body: bytes) -> bytes:
    """Give a body as it travels: a dot before each line that begins with one, a dot at the end.

    It arrives byte for byte as it was. A bare CR or LF is refused, never mended: servers
    disagree on where such a line ends, and one could end the mail and begin another.

    Raises:
        PermanentFailure: The body is not whole lines that every server takes.
    """
    lines = body.split(b"\r\n")
    ends = len(lines) - 1
    if body.count(b"\n") != ends or body.count(b"\r") != ends or lines[-1] or not body:
        raise PermanentFailure("brevet har rader som inte slutar med CRLF")
    if len(max(lines, key=len)) > LONGEST_LINE or b"\0" in body:
        raise PermanentFailure(f"brevet har rader över {LONGEST_LINE} tecken, eller noll-tecken")
    stuffed = body.replace(b"\r\n.", b"\r\n..") + b".\r\n"
    return b"." + stuffed if body.startswith(b".") else stuffed
