"""A connection to the region's mail relay: made safe or not made at all.

What aiosmtplib does by itself is to take TLS when it is offered and go on without
when it is not, and to count its time per answer. Here TLS is demanded before anything
is told, and each step has its time as a whole.
"""

import asyncio
import re
import socket
import ssl
from asyncio import timeout
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException
from aiosmtplib.protocol import SMTPProtocol

from notifications.clean import clean
from notifications.deliver import RelayFailure
from notifications.relay_settings import SmtpSettings

__all__ = ["Broken", "Relay"]

T = TypeVar("T")
LONGEST_TEXT = 300
"""Characters of an answer that are kept; the rest is the relay's own story."""
NOBODY_THERE: Final = "ingen svarar på den porten (connection refused)"
FAULTS = (OSError, SMTPException)
"""All that a connection can fail with; TimeoutError is an OSError."""
HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
METHODS = ("plain", "login", "cram-md5")
"""How to sign in, the best first: inside TLS the password needs no more cover."""


class Broken(Exception):
    """The connection is of no more use; the text says why. Nothing is said of the message."""


class Relay:
    """One connection, open or not. Used by one task at a time."""

    def __init__(self, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._client: SMTP | None = None
        self._socket: socket.socket | None = None
        self._transport: asyncio.WriteTransport | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known here."""
        return self._client is not None and self._client.is_connected

    @property
    def takes_8bit(self) -> bool:
        """Whether the relay takes bodies with other than ASCII (RFC 6152)."""
        return self._client is not None and self._client.supports_extension("8bitmime")

    async def open(self) -> None:
        """Connect, make safe, say who we are, sign in.

        Raises:
            RelayFailure: One of these cannot be done; there is no connection then.
        """
        try:
            await self._open()
        except BaseException:
            self.drop()
            raise

    async def say(self, command: bytes) -> SMTPResponse:
        """Give a command and get its answer.

        Raises:
            Broken: There is none, or it cannot be read.
        """
        try:
            async with timeout(self._settings.limits.command):
                answer = _readable(await self._protocol.execute_command(command))
            if self._is_out_of_step():
                raise ConnectionError
        except FAULTS as error:
            raise Broken(self._reason(error)) from error
        return answer

    async def hand_over(self, body: bytes) -> SMTPResponse:
        """Give a finished body, its dots doubled and its last line a dot; get the answer.

        Raises:
            Broken: There is none, or it cannot be read: the mail may have been taken.
        """
        limits = self._settings.limits
        try:
            protocol = self._protocol
            protocol.write(body)
            # What is left here now waits for the relay to read; else the dot is on its way.
            left = self._transport.get_write_buffer_size() if self._transport else 0
            async with timeout(limits.after_dot + (limits.transfer if left else 0)):
                answer = _readable(await protocol.read_response())
        except FAULTS as error:
            raise Broken(self._reason(error)) from error
        if self._is_out_of_step():
            self.drop()
        return answer

    async def leave(self) -> None:
        """Say goodbye and close; a relay that does not answer to that is left anyway."""
        try:
            if self.is_open:
                async with timeout(self._settings.limits.goodbye):
                    await self.say(b"QUIT")
                if self._client:
                    self._client.close()  # TLS says its own goodbye here
        except (Broken, TimeoutError):
            pass
        finally:
            self.drop()

    def drop(self) -> None:
        """Close at once. What has not left yet never leaves."""
        if self._transport:
            self._transport.abort()
        if self._socket:
            if self._client:  # its transport closes it; this makes sure that it ends
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
            else:
                self._socket.close()
        self._client = self._transport = self._socket = None

    def told(self, answer: SMTPResponse | SMTPResponseException) -> str:
        """Give an answer as a line for people, without what is secret."""
        code = f"{answer.code} " if answer.code > 0 else ""
        return self._line(code + answer.message)

    def _is_out_of_step(self) -> bool:
        """Tell whether more was answered than was asked: it would answer the next command.

        aiosmtplib keeps what came in the same packet, and has no public name for it.
        """
        return self.is_open and bool(self._protocol._buffer)

    @property
    def _protocol(self) -> SMTPProtocol:
        if self._client is None or self._client.protocol is None:
            raise ConnectionError
        return self._client.protocol

    # ---- opening ---------------------------------------------------------------------

    async def _open(self) -> None:
        step, limits, settings = self._step, self._settings.limits, self._settings
        sock = self._socket = await step(limits.connect, self._reach)
        name = settings.helo or await step(limits.connect, lambda: _own_name(sock))
        self._client = client = SMTP(
            hostname=settings.host,
            sock=sock,
            use_tls=settings.tls == "implicit",
            start_tls=False,  # never by itself: it is done below, or nothing is
            tls_context=self._context,
            local_hostname=name,
            timeout=None,
        )
        await step(limits.command, client.connect)
        self._keep_transport(client)
        await step(limits.command, client.ehlo)
        if settings.tls == "starttls":
            if not client.supports_extension("starttls"):
                raise RelayFailure(f"{settings.where} erbjuder inte STARTTLS", lasting=True)
            await step(limits.command, client.starttls)
            self._keep_transport(client)
            await step(limits.command, client.ehlo)  # what was said in clear is forgotten
        if settings.tls != "none" and not client.get_transport_info("ssl_object"):
            raise RelayFailure(f"{settings.where}: anslutningen är inte krypterad", lasting=True)
        if settings.user:
            await step(limits.command, lambda: self._sign_in(client))

    def _keep_transport(self, client: SMTP) -> None:
        """Remember what is to be closed: aiosmtplib lets go of it before it is."""
        if isinstance(client.transport, asyncio.WriteTransport):
            self._transport = client.transport

    async def _reach(self) -> socket.socket:
        """Connect to the first of the host's addresses that answers within its part of the time."""
        loop = asyncio.get_running_loop()
        host, port = self._settings.where.rsplit(":", 1)
        found = await loop.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
        failed = OSError("inga adresser")
        for family, kind, protocol, _, address in found:
            sock = socket.socket(family, kind, protocol)
            sock.setblocking(False)
            try:
                async with timeout(self._settings.limits.connect / len(found)):
                    await loop.sock_connect(sock, address)
                return sock
            except BaseException as error:
                sock.close()
                if not isinstance(error, OSError):
                    raise
                failed = error
        raise failed

    async def _sign_in(self, client: SMTP) -> None:
        """Sign in by one method only: a wrong password tried thrice may lock the account."""
        offered = [one for one in METHODS if one in client.server_auth_methods]
        if not offered:
            raise RelayFailure(f"{self._settings.where} erbjuder ingen inloggning", lasting=True)
        sign_in = {
            "plain": client.auth_plain,
            "login": client.auth_login,
            "cram-md5": client.auth_crammd5,
        }[offered[0]]
        await sign_in(self._settings.user, self._settings.password)

    async def _step(self, limit_s: float, doing: Callable[[], Awaitable[T]]) -> T:
        """Do one step of the opening within its time."""
        try:
            async with timeout(limit_s):
                return await doing()
        except SMTPResponseException as error:
            raise RelayFailure(self.told(error), lasting=error.code >= 500) from error
        except FAULTS as error:
            text = f"{self._settings.where}: {self._reason(error)}"
            raise RelayFailure(text, lasting=_is_about_tls(error)) from error

    # ---- words -----------------------------------------------------------------------

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, SMTPResponseException):
            return self.told(error)
        return self._line(_trouble(error))

    def _line(self, text: str) -> str:
        """Make a line that is safe to show and to keep."""
        user, password = self._settings.user, self._settings.password
        if password:
            for secret in (password, f"\0{user}\0{password}"):
                for form in (secret, b64encode(secret.encode()).decode()):
                    text = text.replace(form, "***")
        line = clean(text)
        return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def _readable(answer: SMTPResponse) -> SMTPResponse:
    """Demand a code that has a meaning: a number that is none is no answer."""
    if not 200 <= answer.code <= 599:
        raise SMTPResponseException(answer.code, answer.message)
    return answer


def _trouble(error: BaseException) -> str:
    """Say what happened to a connection, in the system's words where it has any."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    match cause:
        case ssl.SSLCertVerificationError():
            return f"certifikatet godtas inte ({cause.verify_message})"
        case ssl.SSLError():
            return f"TLS kom inte till stånd ({cause.reason or cause})"
        case OSError(strerror=str(told)) if told:
            return NOBODY_THERE if isinstance(cause, ConnectionRefusedError) else told
        case TimeoutError():
            return "svarade inte i tid"
        case ConnectionError():
            return "anslutningen bröts"
        case _:
            return str(cause) or type(cause).__name__


def _is_about_tls(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)


async def _own_name(sock: socket.socket) -> str:
    """Give what EHLO says: a full name, or else the address in brackets (RFC 5321 4.1.3)."""
    name = await asyncio.to_thread(socket.getfqdn)
    if "." in name and HOST_NAME.fullmatch(name):
        return name
    address = sock.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
