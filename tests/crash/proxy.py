"""A wire to a PostgreSQL server that can be cut at COMMIT, before or after the server has it."""

import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Literal

from sqlalchemy.engine import make_url

COMMIT = b"COMMIT"

Cut = Literal["", "before", "after"]


class Proxy:
    """Listens on a port of this machine and carries everything to the server's socket."""

    def __init__(self, url: str) -> None:
        self.cut: Cut = ""
        """Where the next COMMIT that comes by is cut off; empty again when it was."""
        address = make_url(url)
        host = str(address.query.get("host") or address.host)
        port = int(str(address.query.get("port") or address.port or 5432))
        self._target: str | tuple[str, int] = (host, port)
        if host.startswith("/"):
            self._target = str(Path(host) / f".s.PGSQL.{port}")
        self._listening = socket.create_server(("127.0.0.1", 0))
        mine = address.set(host="127.0.0.1", port=self._listening.getsockname()[1], query={})
        plain = mine.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
        self.url = plain.render_as_string(hide_password=False)
        """The address by way of this wire."""
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = self._connect()
            Thread(target=self._to_server, args=(client, server), daemon=True).start()
            Thread(target=self._to_client, args=(server, client), daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self._target, str):
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            return server
        return socket.create_connection(self._target)

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(2**16):
                cut = self.cut if COMMIT in data else ""
                if cut:
                    self.cut = ""
                if cut == "before":
                    break
                if cut == "after":
                    _hang_up(client)  # nobody hears what the server answers
                server.sendall(data)
                if cut == "after":
                    server.shutdown(socket.SHUT_WR)
                    return  # the server reads it to the end, and then hangs up
        _hang_up(client)
        _hang_up(server)

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(2**16):
                with suppress(OSError):  # who does not hear any more is none of the server's
                    client.sendall(data)
        _hang_up(client)
        _hang_up(server)


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
