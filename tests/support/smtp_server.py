"""A small real mail server that does as a script says: the other side in tests.

    async with SmtpServer() as server:          # takes every mail
        ...  connect to server.host, server.port
        server.received                         # what it took: sender, to, body, ...
        server.clear                            # every byte that came without TLS
        server.commands                         # every line it was given, after TLS too

A script answers for the server. It is a function of a `Step`, or the answers of each
command in the order they are to be given, the ordinary one when they are used up:

    SmtpServer({"RCPT": ["451 4.7.1 Greylisted"]})
    SmtpServer({".": [Answer(takes=True, then="reset")]})     # taken, and not said
    SmtpServer(lambda step: "550 5.1.1 No" if "gone@" in step.argument else None)

The commands are `greeting`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `.`
(the end of a body), `RSET`, `NOOP` and `QUIT`. A string is what is said; `Answer` can
also be late, slow, cut or wrong; None is the ordinary answer. With `tls` it offers
STARTTLS, and demands it; with `implicit` it speaks TLS from the first byte; with
`user` it demands a sign-in.

It needs a running event loop and nothing of pytest, keeps state between connections,
and may be talked to by other processes. `port=` makes it come back where it was.
"""

import asyncio
import socket
import struct
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ssl import SSLContext, SSLError
from typing import Literal

__all__ = ["Answer", "Received", "Script", "SmtpServer", "Step"]

LINGER_NOT = struct.pack("ii", 1, 0)
"""Makes closing a socket send RST instead of FIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail that the server took over, whether or not it could say so."""

    sender: str
    to: tuple[str, ...]
    body: bytes
    """As it was before dots were doubled."""
    tls: bool
    helo: str
    user: str
    connection: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a connection stands when the server is to answer."""

    command: str
    argument: str
    """What stood after the command: `FROM:<a@b.example>`, for `.` the body's beginning."""
    connection: int
    """Counted from 1."""
    to: tuple[str, ...]
    """The recipients so far."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says, and what is wrong with how it says it."""

    text: str = ""
    """Lines parted by `\\n`, each with its code. Empty: nothing is said."""
    wait_s: float = 0
    """Before it is said."""
    each_s: float = 0
    """Before each byte; 0 says all at once."""
    whole: bool = True
    """Whether the last line gets its end."""
    then: Literal["stay", "close", "reset", "silent"] = "stay"
    """What follows: the next command, FIN, RST, or nothing for ever."""
    takes: bool | None = None
    """To `.`: whether the mail is taken over. None: when the text says so."""
    tls: bool = True
    """To STARTTLS: whether TLS follows a 220."""
    more: "Answer | None" = None
    """Said right after, unasked."""


Script = Callable[[Step], "Answer | str | None"] | Mapping[str, Sequence["Answer | str | None"]]


class _Tap(asyncio.StreamReaderProtocol):
    """Notes every byte that comes while there is no TLS."""

    def __init__(self, server: "SmtpServer") -> None:
        reader = asyncio.StreamReader(limit=2**26)
        super().__init__(reader, server._met)
        self.server = server
        self.in_clear = not server.implicit

    def data_received(self, data: bytes) -> None:
        if self.in_clear:
            self.server.clear += data
        super().data_received(data)


@dataclass
class _Link:
    """One connection."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tls: bool
    helo: str = ""
    user: str = ""
    sender: str | None = None
    to: list[str] = field(default_factory=list)

    def forget(self) -> None:
        self.sender = None
        self.to = []


class SmtpServer:
    """A server on a free port of this machine. The module's text tells how it is used."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        tls: SSLContext | None = None,
        implicit: bool = False,
        user: str = "",
        password: str = "",
        offers: Sequence[str] = ("8BITMIME", "SIZE 10000000"),
        port: int = 0,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.implicit = implicit
        self.offers = tuple(offers)
        self.received: list[Received] = []
        self.commands: list[str] = []
        self.clear = bytearray()
        self.connections = 0
        self.open = 0
        """Connections now."""
        self._tls = tls
        self._sign_in = (user, password)
        self._script = script if callable(script) else _in_order(script or {})
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "SmtpServer":
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Tap(self),
            self.host,
            self.port,
            ssl=self._tls if self.implicit else None,
            backlog=1000,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ---- a connection ----------------------------------------------------------------

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        link = _Link(self.connections, reader, writer, tls=self.implicit)
        task = asyncio.get_running_loop().create_task(self._attend(link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, link: _Link) -> None:
        self.open += 1
        try:
            await self._talk(link)
        except (OSError, SSLError, asyncio.IncompleteReadError):
            pass  # the other side left
        finally:
            self.open -= 1
            # First goodbye, as TLS has it; then gone, whatever the other side says to that.
            link.writer.transport.close()
            link.writer.transport.abort()

    async def _talk(self, link: _Link) -> None:
        stays = await self._say(link, "greeting", "", "220 relay.example ESMTP")
        while stays:
            line = (await link.reader.readuntil(b"\r\n"))[:-2].decode("latin-1")
            self.commands.append(line)
            verb, _, argument = line.partition(" ")
            stays = await self._obey(link, verb.upper(), argument)

    async def _obey(self, link: _Link, verb: str, argument: str) -> bool:
        """Answer a command; tells whether the connection goes on."""
        if verb == "STARTTLS" and self._tls and not link.tls:
            return await self._upgrade(link)
        if verb == "AUTH" and self._sign_in[0]:
            return await self._authenticate(link, argument)
        if verb == "DATA" and link.to:
            return await self._take(link)
        if verb == "QUIT":
            await self._say(link, verb, argument, "221 2.0.0 Bye")
            return False
        ordinary = self._ordinary(link, verb)
        answer = self._answer(link, verb, argument, ordinary)
        if answer.text.startswith("2"):
            self._note(link, verb, argument)
        return await self._speak(link, answer)

    def _ordinary(self, link: _Link, verb: str) -> str:
        if verb == "EHLO":
            return self._offer(link)
        if verb in ("MAIL", "RCPT") and self._tls and not link.tls:
            return "530 5.7.0 Must issue a STARTTLS command first"
        if verb in ("MAIL", "RCPT") and self._sign_in[0] and not link.user:
            return "530 5.7.0 Authentication required"
        known = {
            "MAIL": link.sender is None,
            "RCPT": link.sender is not None,
            "DATA": False,  # with recipients it was answered before
            "RSET": True,
            "NOOP": True,
        }
        if verb not in known:
            return "502 5.5.2 Command not recognized"
        return "250 2.0.0 Ok" if known[verb] else "503 5.5.1 Bad sequence of commands"

    def _offer(self, link: _Link) -> str:
        offers = ["relay.example", *self.offers]
        if self._tls and not link.tls:
            offers.append("STARTTLS")
        if self._sign_in[0] and link.tls:
            offers.append("AUTH PLAIN LOGIN")
        return "\n".join([f"250-{one}" for one in offers] + ["250 ENHANCEDSTATUSCODES"])

    def _note(self, link: _Link, verb: str, argument: str) -> None:
        """Change what the connection knows, after the answer is found and before it is said."""
        if verb == "EHLO":
            link.helo = argument
        if verb in ("EHLO", "RSET"):
            link.forget()
        if verb == "MAIL":
            link.sender = _bracketed(argument)
        if verb == "RCPT":
            link.to.append(_bracketed(argument))

    async def _upgrade(self, link: _Link) -> bool:
        answer = self._answer(link, "STARTTLS", "", "220 2.0.0 Ready to start TLS")
        stays = await self._speak(link, answer)
        if stays and answer.text.startswith("220") and answer.tls:
            assert self._tls
            tap = link.writer.transport.get_protocol()
            assert isinstance(tap, _Tap)
            tap.in_clear = False  # what comes from now on goes through TLS or nowhere
            await link.writer.start_tls(self._tls)
            link.tls = True
            link.helo = ""
        return stays

    async def _authenticate(self, link: _Link, argument: str) -> bool:
        method, _, given = argument.partition(" ")
        if not link.tls:
            return await self._say(link, "AUTH", argument, "538 5.7.11 Encryption required")
        if method.upper() == "PLAIN":
            _, user, password = b64decode(given).decode().split("\0")
        else:
            user = b64decode(given).decode()
            await self._speak(link, Answer("334 UGFzc3dvcmQ6"))
            line = await link.reader.readuntil(b"\r\n")
            password = b64decode(line).decode()
        right = (user, password) == self._sign_in
        ordinary = "235 2.7.0 Authenticated" if right else "535 5.7.8 Authentication failed"
        answer = self._answer(link, "AUTH", argument, ordinary)
        if answer.text.startswith("2"):
            link.user = user
        return await self._speak(link, answer)

    async def _take(self, link: _Link) -> bool:
        go = self._answer(link, "DATA", "", "354 End data with <CR><LF>.<CR><LF>")
        if not await self._speak(link, go) or not go.text.startswith("354"):
            return go.then == "stay"
        stuffed = b""
        while stuffed != b".\r\n" and not stuffed.endswith(b"\r\n.\r\n"):
            stuffed += await link.reader.readuntil(b".\r\n")
        body = (b"\r\n" + stuffed[:-3]).replace(b"\r\n.", b"\r\n")[2:]
        ordinary = f"250 2.0.0 Ok: queued as {len(self.received) + 1}"
        answer = self._answer(link, ".", body[:2000].decode("latin-1"), ordinary)
        if answer.text.startswith("2") if answer.takes is None else answer.takes:
            self.received.append(
                Received(
                    sender=link.sender or "",
                    to=tuple(link.to),
                    body=body,
                    tls=link.tls,
                    helo=link.helo,
                    user=link.user,
                    connection=link.number,
                )
            )
        link.forget()
        return await self._speak(link, answer)

    # ---- answers ---------------------------------------------------------------------

    def _answer(self, link: _Link, command: str, argument: str, ordinary: str) -> Answer:
        given = self._script(Step(command, argument, link.number, tuple(link.to)))
        if given is None:
            given = ordinary
        return Answer(given) if isinstance(given, str) else given

    async def _say(self, link: _Link, command: str, argument: str, ordinary: str) -> bool:
        return await self._speak(link, self._answer(link, command, argument, ordinary))

    async def _speak(self, link: _Link, answer: Answer) -> bool:
        """Say an answer; tells whether the connection goes on."""
        if answer.wait_s:
            await asyncio.sleep(answer.wait_s)
        if answer.text:
            said = answer.text.replace("\n", "\r\n").encode("latin-1")
            said += b"\r\n" if answer.whole else b""
            for piece in [bytes([one]) for one in said] if answer.each_s else [said]:
                if answer.each_s:
                    await asyncio.sleep(answer.each_s)
                link.writer.write(piece)
                await link.writer.drain()
        if answer.more:
            return await self._speak(link, answer.more)
        if answer.then == "silent":
            while await link.reader.read(2**16):
                pass
        if answer.then == "reset":
            sock: socket.socket = link.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            link.writer.transport.abort()
        return answer.then == "stay"


def _in_order(
    answers: Mapping[str, Sequence[Answer | str | None]],
) -> Callable[[Step], Answer | str | None]:
    """Give each command's answers one by one, whichever connection asks."""
    given: defaultdict[str, int] = defaultdict(int)

    def next_answer(step: Step) -> Answer | str | None:
        said = given[step.command]
        given[step.command] += 1
        mine = answers.get(step.command, ())
        return mine[said] if said < len(mine) else None

    return next_answer


def _bracketed(argument: str) -> str:
    """Give the address between the brackets."""
    return argument.partition("<")[2].partition(">")[0]
