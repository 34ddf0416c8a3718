"""How the server listens: headers that come in time and end, ports that are free."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from uvicorn.server import ServerState

from beredning.config import Web
from beredning.listening import HEAD_BYTES, Protocol, bind, bind_free, settings_of
from workflow.core.errors import BadInput

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


class Quick(Protocol):
    """The protocol with little patience."""

    head_s = 0.3


async def _hello(scope, receive, send):
    """Answer anything."""
    _ = (scope, receive)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


def hear(talk: Talk) -> bytes:
    """Say something to a server of its own; give what it answers until it closes."""

    async def run() -> bytes:
        settings = settings_of(_hello, Web())
        settings.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Quick(settings, state, {}, loop), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(talk(reader, writer), 10)
        finally:
            writer.close()
            server.close()

    return asyncio.run(run())


def test_a_connection_that_says_nothing_is_closed() -> None:
    """Whoever only connects does not keep a place."""

    async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> bytes:
        return await reader.read()

    assert hear(say_nothing).startswith(b"HTTP/1.1 408 ")


def test_a_header_drop_by_drop_is_given_up() -> None:
    """Its time counts from its first byte, however often another comes."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        answer = asyncio.create_task(reader.read(100))
        writer.write(REQUEST)
        while not answer.done():
            await asyncio.wait([answer], timeout=0.05)
            writer.write(b"" if answer.done() else b"X-A: b\r\n")
        return await answer

    assert hear(drip).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("line", [b"X-A: b\r\n", b"b" * 1024], ids=["many", "long"])
def test_a_header_without_end_is_given_up(line: bytes) -> None:
    """Whether it is of many lines or of one."""

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(REQUEST + b"X-Long: " + line * (HEAD_BYTES // len(line)))
        return await reader.read(100)

    assert hear(pour).startswith(b"HTTP/1.1 431 ")


def test_a_connection_that_is_used_again_has_its_time_anew() -> None:
    """What was whole is answered; the next header that stops half-way is given up."""

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(REQUEST + b"\r\n")
        first = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.5)  # longer than a header may take: nothing has begun
        writer.write(REQUEST)
        return first + await reader.read()

    told = hear(twice)

    assert told.startswith(b"HTTP/1.1 204 ")
    assert b"HTTP/1.1 408 " in told


@pytest.mark.parametrize(
    ("proxies", "coming", "seen"),
    [
        ((), "10.1.2.3", "10.1.2.3"),
        (("10.1.2.3",), "10.1.2.3", "192.0.2.9"),
        (("10.1.2.0/24",), "10.1.2.3", "192.0.2.9"),
        (("10.1.2.4",), "10.1.2.3", "10.1.2.3"),
    ],
)
def test_only_our_proxies_are_believed(
    monkeypatch: pytest.MonkeyPatch, proxies: tuple[str, ...], coming: str, seen: str
) -> None:
    """Where a request comes from is said by a proxy that stands in the settings, and by
    nothing else: neither another machine nor the environment."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    found: list[str] = []

    async def look(scope, receive, send):
        """Note where it comes from."""
        _ = (receive, send)
        found.append(scope["client"][0])

    settings = settings_of(look, Web(proxies=proxies))
    settings.load()
    headers = [(b"x-forwarded-for", b"192.0.2.9")]
    scope = {"type": "http", "client": (coming, 1), "headers": headers, "scheme": "http"}

    asyncio.run(settings.loaded_app(scope, None, None))  # type: ignore[arg-type] # not asked

    assert [seen] == found


def test_the_next_free_port_is_taken() -> None:
    """It is said which; when none of those tried is free, the last refusal is given."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        listener, port = bind_free(Web(port=taken), tries=5)
        listener.close()
        with pytest.raises(BadInput, match=f"Porten {taken} på 127.0.0.1 är upptagen"):
            bind_free(Web(port=taken), tries=1)

    assert taken < port < taken + 5


def test_the_sixth_version_of_the_address_is_taken_too() -> None:
    """A host may be written as IPv6 has it."""
    with bind(Web(host="::1", port=_free())) as listener:
        assert socket.AF_INET6 == listener.family


def _free() -> int:
    with socket.socket(socket.AF_INET6) as one:
        one.bind(("::1", 0))
        return int(one.getsockname()[1])
