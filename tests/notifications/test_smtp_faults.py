"""A relay that is slow, silent, cut off or gone, with the times the program really has.

The loop's clock jumps over every wait, so that ten minutes are ten minutes and take none.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import pytest

from notifications.deliver import (
    DeliveryFailure,
    PermanentFailure,
    RelayFailure,
    TemporaryFailure,
    UnclearFailure,
)
from notifications.smtp import Limits
from tests.notifications.relays import (
    PASSWORD,
    TO,
    USER,
    mail,
    send_all,
    sender_to,
    sent,
)
from tests.support.certificates import Authority
from tests.support.quick_loop import quickly
from tests.support.smtp_server import Answer, Script, SmtpServer

Outcome = str | DeliveryFailure
PHASES = ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."]
LIMIT_S = dict.fromkeys(PHASES, 60.0) | {".": 600.0}
"""RFC 5321 4.5.3.2 asks for ten minutes after the final dot; elsewhere we wait for one."""
WHOLE = {
    "greeting": "220 relay.example ESMTP",
    "EHLO": "250 relay.example",
    "DATA": "354 Go on",
}


def _kind(command: str) -> type[DeliveryFailure]:
    """Give what a silence at a command means."""
    if command == ".":
        return UnclearFailure
    return TemporaryFailure if command in ("RCPT", "DATA") else RelayFailure


async def _timed(script: Script) -> tuple[SmtpServer, list[Outcome], float]:
    """Send two mails over one lane; tell by the loop's clock how long the first took."""
    loop = asyncio.get_running_loop()
    outcomes: list[Outcome] = []
    async with SmtpServer(script) as server, sender_to(server).lane() as lane:
        begun = loop.time()
        try:
            outcomes.append(await lane.send("1@region.example", TO, mail(1)))
        except DeliveryFailure as failure:
            outcomes.append(failure)
        took = loop.time() - begun
        with suppress(DeliveryFailure):
            outcomes.append(await lane.send("2@region.example", TO, mail(2)))
    return server, outcomes, took


@pytest.mark.parametrize("command", PHASES)
def test_silence_is_waited_for_as_long_as_is_right(command: str) -> None:
    """One minute, and ten after the final dot; then the connection is left for a new one."""
    server, (first, second), took = quickly(_timed({command: [Answer(then="silent")]}))

    assert type(first) is _kind(command)
    assert took == pytest.approx(LIMIT_S[command], abs=0.5)
    assert "svarade inte i tid" in first.text
    assert "250 2.0.0 Ok: queued as 1" == second
    assert 2 == server.connections


@pytest.mark.parametrize("command", PHASES)
def test_one_byte_a_second_does_not_hold_us(command: str) -> None:
    """A phase has its time as a whole, however often something comes."""
    long = WHOLE.get(command, "250 Ok") + "x" * 2000

    _, (first, second), took = quickly(_timed({command: [Answer(long, each_s=1)]}))

    assert type(first) is _kind(command)
    assert took == pytest.approx(LIMIT_S[command], abs=1.5)
    assert isinstance(second, str)


@pytest.mark.parametrize("command", PHASES)
def test_slow_answer_in_time_is_an_answer(command: str) -> None:
    """One byte a second is no fault by itself."""
    slow = Answer(WHOLE.get(command, "250 Ok"), each_s=1)

    server, outcomes, _ = quickly(_timed({command: [slow]}))

    assert all(isinstance(one, str) for one in outcomes)
    assert [mail(1), mail(2)] == [one.body for one in server.received]
    assert 1 == server.connections


@pytest.mark.parametrize("late_s", [75.0, 590.0])
def test_late_yes_to_a_body_is_waited_for(late_s: float) -> None:
    """A relay that checks for viruses for 75 s gets its mail once, not twice."""
    late = Answer("250 2.0.0 Ok at last", wait_s=late_s)

    server, (first, second), took = quickly(_timed({".": [late]}))

    assert "250 2.0.0 Ok at last" == first
    assert isinstance(second, str)
    assert took == pytest.approx(late_s, abs=0.5)
    assert [mail(1), mail(2)] == [one.body for one in server.received]


def test_yes_after_the_longest_wait_is_unclear() -> None:
    """The mail was taken, we could not know; the same bytes are to come again."""
    late = Answer("250 2.0.0 Ok", wait_s=601)

    server, (first, _), took = quickly(_timed({".": [late]}))

    assert type(first) is UnclearFailure
    assert took == pytest.approx(600, abs=0.5)
    assert mail(1) == server.received[0].body


@pytest.mark.parametrize("command", PHASES)
@pytest.mark.parametrize("then", ["close", "reset", "silent"])
@pytest.mark.parametrize("said", ["", "2", "250", "250 o", "250-relay.example\r\n250"])
def test_half_an_answer_is_none(command: str, then: str, said: str) -> None:
    """What was cut is never taken for a yes, and the next mail goes through."""
    cut = Answer(said, whole=False, then=then)  # type: ignore[arg-type]

    server, (first, second), _ = quickly(_timed({command: [cut]}))

    assert type(first) is _kind(command)
    assert isinstance(second, str)
    assert [mail(2)] == [one.body for one in server.received if one.body == mail(2)]
    assert 2 == server.connections


@pytest.mark.parametrize("then", ["close", "reset"])
def test_dropped_after_the_final_dot_a_hundred_times(then: str) -> None:
    """Each of 100 mails is taken and not confirmed: all arrive, one extra each, same bytes."""
    dropped = Answer(takes=True, then=then)  # type: ignore[arg-type]

    def script(step: object) -> Answer | None:
        if getattr(step, "command", "") != ".":
            return None
        number = getattr(step, "argument", "").rpartition("Nummer ")[2]
        seen.append(number)
        return dropped if seen.count(number) == 1 else None

    async def go() -> tuple[SmtpServer, list[Outcome], list[Outcome]]:
        async with SmtpServer(script) as server:
            mails = [(TO, mail(number)) for number in range(100)]
            first = await send_all(sender_to(server), mails)
            again = [mails[n] for n, one in enumerate(first) if isinstance(one, UnclearFailure)]
            return server, first, await send_all(sender_to(server), again)

    seen: list[str] = []
    server, first, second = quickly(go())

    assert [UnclearFailure] * 100 == [type(one) for one in first]
    assert all(isinstance(one, str) for one in second)
    bodies = [one.body for one in server.received]
    assert [2] * 100 == [bodies.count(mail(number)) for number in range(100)]
    assert 200 == len(bodies)


def test_relay_that_does_not_read_is_left() -> None:
    """A body that the relay stops reading has three minutes more, and no end is awaited."""
    body = b"Subject: x\r\n\r\n" + b"x" * 900 + b"\r\n"
    large = body + (b"y" * 900 + b"\r\n") * 12_000

    async def stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"220 x", b"250 x", b"250 x", b"250 x", b"354 x"):
            writer.write(answer + b"\r\n")
            if answer != b"354 x":
                await reader.readline()
        writers.append(writer)

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        listener = await asyncio.start_server(stuck, "127.0.0.1", 0, limit=1000)
        server = SmtpServer(port=listener.sockets[0].getsockname()[1])
        begun = loop.time()
        outcome = await sent(sender_to(server), body=large)
        took = loop.time() - begun
        listener.close()
        for writer in writers:
            writer.transport.abort()
        return outcome, took

    writers: list[asyncio.StreamWriter] = []
    outcome, took = quickly(go())

    assert type(outcome) is UnclearFailure
    assert took == pytest.approx(780, abs=0.5)


@pytest.mark.parametrize("command", ["EHLO", "STARTTLS", "AUTH"])
def test_silence_before_the_first_mail(authority: Authority, command: str) -> None:
    """Making the connection safe and signing in have their minute each."""
    script: Script = {command: [Answer(then="silent")]}

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        server = SmtpServer(script, tls=authority.server(), user=USER, password=PASSWORD)
        async with server:
            begun = loop.time()
            outcome = await sent(
                sender_to(
                    server, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
                )
            )
            return outcome, loop.time() - begun

    outcome, took = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert not outcome.lasting
    assert took == pytest.approx(60, abs=0.5)


def test_handshake_that_never_comes_is_left() -> None:
    """Implicit TLS to a server that says nothing ends after its minute."""

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        async with SmtpServer({"greeting": [Answer(then="silent")]}) as server:
            begun = loop.time()
            return await sent(sender_to(server, tls="implicit")), loop.time() - begun

    outcome, took = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert took == pytest.approx(60, abs=0.5)


def test_relay_that_is_gone_for_an_hour_comes_back() -> None:
    """A refused connection is the relay's trouble; when it is back the same lane reaches it."""

    async def go() -> tuple[list[Outcome], Outcome]:
        async with SmtpServer() as gone:
            pass
        failed: list[Outcome] = []
        async with sender_to(gone).lane() as lane:
            for _ in range(60):
                try:
                    await lane.send("1@region.example", TO, mail(1))
                except DeliveryFailure as failure:
                    failed.append(failure)
                await asyncio.sleep(60)
            async with SmtpServer(port=gone.port):
                return failed, await lane.send("1@region.example", TO, mail(1))

    failed, outcome = quickly(go())

    assert [RelayFailure] * 60 == [type(one) for one in failed]
    assert not any(getattr(one, "lasting", True) for one in failed)
    assert str(failed[0]).endswith("ingen svarar på den porten (connection refused)")
    assert isinstance(outcome, str)


@pytest.fixture
def hole() -> Iterator[int]:
    """A port that answers nothing, as behind a firewall that drops what comes."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:  # more than the listener's queue holds
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    yield listener.getsockname()[1]
    for one in (*waiting, listener):
        one.close()


def test_connection_that_is_not_answered_is_left(hole: int) -> None:
    """It is waited for half a minute."""

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        return await sent(sender_to(SmtpServer(port=hole))), loop.time() - begun

    outcome, took = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert not outcome.lasting
    assert took == pytest.approx(30, abs=0.5)


def test_name_that_does_not_exist_is_the_relays_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure names host and port, and what the system says."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    sender = sender_to(SmtpServer(port=2525), host="relay.nowhere.example")

    outcome = quickly(sent(sender))

    assert isinstance(outcome, RelayFailure)
    assert not outcome.lasting
    assert "relay.nowhere.example:2525: Name or service not known" == outcome.text


@pytest.mark.parametrize(("dead", "after_s"), [("refused", 0), ("silent", 15)])
def test_next_address_of_the_host_is_tried(
    monkeypatch: pytest.MonkeyPatch, hole: int, dead: str, after_s: float
) -> None:
    """A host with a dead address before a living one is reached; each has its share of time."""

    def two(_host: str, port: int, *_: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        first = hole if dead == "silent" else 1
        return [(*kind, ("127.0.0.1", first)), (*kind, ("127.0.0.1", port))]

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        async with SmtpServer() as server:
            monkeypatch.setattr(socket, "getaddrinfo", two)
            begun = loop.time()
            return await sent(sender_to(server, host="relay.example")), loop.time() - begun

    outcome, took = quickly(go())

    assert isinstance(outcome, str)
    assert took == pytest.approx(after_s, abs=0.5)


@pytest.mark.parametrize(
    ("tls", "command"),
    [("starttls", "STARTTLS"), *product(["none", "starttls", "implicit"], [*PHASES, "QUIT"])],
)
def test_cancelled_sending_leaves_no_half_used_connection(
    authority: Authority, tls: str, command: str
) -> None:
    """The connection ends at once, nothing more leaves, and the lane works again."""
    script: Script = {command: [Answer(then="silent")]}
    context = None if tls == "none" else authority.server()

    async def go() -> tuple[SmtpServer, int, str]:
        async with SmtpServer(script, tls=context, implicit=tls == "implicit") as server:
            sender = sender_to(server, tls=tls, ca_file=authority.ca_file)
            lane_context = sender.lane()
            lane = await lane_context.__aenter__()
            sending = asyncio.create_task(lane.send("1@region.example", TO, mail(1)))
            if command == "QUIT":
                await sending
                sending = asyncio.create_task(lane_context.__aexit__(None, None, None))  # type: ignore[arg-type]
            await asyncio.sleep(1)
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            await asyncio.sleep(1)
            still_open = server.open
            answer = await lane.send("2@region.example", TO, mail(2))
            lane.drop()
            return server, still_open, answer

    server, still_open, answer = quickly(go())

    assert 0 == still_open
    assert answer.startswith("250 ")
    assert 2 == server.connections


def test_cancelled_batch_ends_without_waiting() -> None:
    """A worker that is told to stop does not wait for a relay's goodbye."""

    async def go() -> tuple[SmtpServer, float]:
        loop = asyncio.get_running_loop()
        async with SmtpServer({"DATA": [Answer(then="silent")]}) as server:
            batch = asyncio.create_task(send_all(sender_to(server), [(TO, mail(1))]))
            await asyncio.sleep(1)
            begun = loop.time()
            batch.cancel()
            with suppress(asyncio.CancelledError):
                await batch
            took = loop.time() - begun
            await asyncio.sleep(1)
            assert 0 == server.open
            return server, took

    server, took = quickly(go())

    assert took < 0.5
    assert "QUIT" not in server.commands


def test_batch_that_fails_ends_without_waiting() -> None:
    """Trouble of our own between two mails leaves at once, without a goodbye."""

    async def go() -> SmtpServer:
        async with SmtpServer({"QUIT": [Answer(then="silent")]}) as server:
            with pytest.raises(ZeroDivisionError):
                async with sender_to(server).lane() as lane:
                    await lane.send("1@region.example", TO, mail(1))
                    _ = 1 / 0
            await asyncio.sleep(1)
            assert 0 == server.open
            return server

    server = quickly(go())

    assert "QUIT" not in server.commands


@pytest.mark.parametrize("answer", [Answer(then="silent"), Answer(then="reset"), Answer("hej")])
def test_goodbye_that_is_not_answered_is_no_failure(answer: Answer) -> None:
    """What was delivered stays delivered, and nobody is kept for long."""

    async def go() -> tuple[Outcome, float]:
        loop = asyncio.get_running_loop()
        async with SmtpServer({"QUIT": [answer]}) as server:
            begun = loop.time()
            return await sent(sender_to(server)), loop.time() - begun

    outcome, took = quickly(go())

    assert isinstance(outcome, str)
    assert took == pytest.approx(5 if answer.then == "silent" else 0, abs=0.5)


def test_times_are_those_that_are_promised() -> None:
    """The limits of a phase as a whole, in seconds."""
    limits = Limits()

    assert (30, 60, 180, 600, 5) == (
        limits.connect,
        limits.command,
        limits.transfer,
        limits.after_dot,
        limits.goodbye,
    )


def test_poison_that_breaks_every_connection_stops_no_other() -> None:
    """One mail in 1,000 at which the relay hangs up waits alone; the rest goes through."""

    def script(step: object) -> Answer | None:
        poison = getattr(step, "command", "") == "RCPT" and "p617@" in getattr(step, "argument", "")
        return Answer(then="reset") if poison else None

    async def go() -> tuple[SmtpServer, list[Outcome]]:
        async with SmtpServer(script) as server:
            mails = [(f"p{number}@region.example", mail(number)) for number in range(1000)]
            return server, await send_all(sender_to(server), mails)

    server, outcomes = quickly(go())

    assert [617] == [n for n, one in enumerate(outcomes) if not isinstance(one, str)]
    assert type(outcomes[617]) is TemporaryFailure
    assert not isinstance(outcomes[617], PermanentFailure)
    assert 999 == len(server.received)
