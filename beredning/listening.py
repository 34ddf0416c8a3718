"""How `serve` listens: one socket, uvicorn's server, and patience that ends.

uvicorn limits neither how long the header of a request may take nor how large it may be;
the protocol here does (slow loris, https://cwe.mitre.org/data/definitions/400.html).
"""

import asyncio
import errno
import os
import signal
import socket
import sys
from asyncio import TimerHandle
from logging import getLogger
from types import FrameType
from typing import Any, Final, NoReturn

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from beredning.config import Web
from workflow.core.errors import BadInput

__all__ = ["PATIENCE_S", "Listener", "bind", "bind_free", "give_up", "settings_of"]

logger = getLogger(__name__)

HEAD_S: Final = 15.0
"""Seconds for the header of a request, from its first byte or from the connection."""
HEAD_BYTES: Final = 64 * 1024
"""The header of a request is no larger; browsers and proxies stop at 8 to 32 kB."""
KEEP_ALIVE_S: Final = 20
"""Seconds without a request after which a connection is closed."""
PATIENCE_S: Final = 30
"""Seconds that requests under way may take when the server ends."""
TAKEN: Final = (errno.EADDRINUSE,)
MOST: Final = 500
"""Connections at once; whoever comes then is asked to come again (503)."""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 whose headers come in time and end."""

    head_s = HEAD_S
    _timer: TimerHandle | None = None
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; give up a header that does not end."""
        super().data_received(data)
        if self._timer is not None:
            self._size += len(data)
            if self._size > HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """Begin with a request."""
        super().on_message_begin()
        if self._timer is None:
            self._begin()

    def on_headers_complete(self) -> None:
        """Have a whole header."""
        self._end()
        super().on_headers_complete()

    def _begin(self) -> None:
        self._size = 0
        self._timer = self.loop.call_later(self.head_s, self._refuse, b"408 Request Timeout")

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes) -> None:
        self._end()
        if not self.transport.is_closing():
            head = b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head)
            self.transport.close()


class Listener(Server):
    """uvicorn's server, which the first signal asks to end and the second ends at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            host, port = self.config.host, self.config.port
            told = {"event": "serving", "host": host, "port": port}
            logger.info("serving", extra=told)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more requests; finish those that are under way."""
        _ = (sig, frame)
        self.should_exit = True
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; give up when a request did not."""
        await super().shutdown(sockets)
        if self.server_state.tasks:
            give_up()


def give_up() -> NoReturn:
    """End the process here: something hangs that no thread can be taken out of."""
    logger.error("gave up", extra={"event": "gave_up"})
    sys.stderr.flush()
    os._exit(1)


def bind(web: Web) -> socket.socket:
    """Take the port, before anything else is begun.

    Raises: BadInput when it cannot be had.
    """
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(
            web.host, web.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _no_address(web) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)  # now, since two may bind a port and only one listen
    except OSError as error:
        listener.close()
        if error.errno in TAKEN:
            raise BadInput(
                f"Porten {web.port} på {web.host} är upptagen av ett annat program. Välj en annan"
                " i web.port, eller stäng det andra.",
                f"Port {web.port} at {web.host} is taken by another program. Choose another in"
                " web.port, or end the other.",
            ) from error
        if error.errno == errno.EACCES:
            raise BadInput(
                f"Porten {web.port} får programmet inte ha. Välj en över 1023 i web.port, och låt"
                " en proxyserver svara på 443.",
                f"The program may not have port {web.port}. Choose one above 1023 in web.port,"
                " and let a proxy answer at 443.",
            ) from error
        raise _no_address(web) from error
    return listener


def bind_free(web: Web, tries: int = 20) -> tuple[socket.socket, int]:
    """Take the port, or the next one that is free; gives which.

    Raises: BadInput when none is.
    """
    for port in range(web.port, web.port + tries - 1):
        try:
            return bind(web.model_copy(update={"port": port})), port
        except BadInput as error:
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in TAKEN:
                raise
    last = web.port + tries - 1
    return bind(web.model_copy(update={"port": last})), last


def _no_address(web: Web) -> BadInput:
    return BadInput(
        f"{web.host} är ingen adress på den här datorn. Rätta web.host; 127.0.0.1 är bara den"
        " här datorn, 0.0.0.0 alla dess adresser.",
        f"{web.host} is no address of this machine. Mend web.host; 127.0.0.1 is this machine"
        " alone, 0.0.0.0 all its addresses.",
    )


def settings_of(app: Any, web: Web, *, workers: int = 1, factory: bool = False) -> Config:
    """Give uvicorn's settings; `app` is the application, or what makes it."""
    return Config(
        app,
        factory=factory,
        host=web.host,
        port=web.port,
        workers=workers,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(web.proxies),
        forwarded_allow_ips=list(web.proxies),
        limit_concurrency=MOST,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=PATIENCE_S,
        timeout_worker_healthcheck=PATIENCE_S,
    )
