"""The relay on a good day, played by aiosmtpd; and what is refused before any relay is asked."""

import asyncio
from pathlib import Path
from ssl import SSLContext
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from notifications.deliver import DeliveryFailure, PermanentFailure, Sender
from notifications.smtp import SmtpSender, SmtpSettings
from tests.notifications.relays import (
    BODY,
    BOUNCES,
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
from tests.support.smtp_server import SmtpServer
from workflow.core.errors import BadInput


class _Keeps:
    """Keeps what aiosmtpd took."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes, list[str]]] = []
        self.greeted: list[str] = []
        self.safe: list[bool] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(
            (
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                envelope.content,
                list(envelope.mail_options),
            )
        )
        self.greeted.append(session.host_name or "")
        self.safe.append(session.ssl is not None)
        return "250 2.0.0 Taken"


def _signs_in(_server: object, _session: object, _envelope: object, _method: str, data: Any) -> Any:
    right = isinstance(data, LoginPassword) and (
        (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    )
    return AuthResult(success=right)


async def _through_aiosmtpd(
    context: SSLContext, *, implicit: bool, bodies: list[bytes], **changes: Any
) -> tuple[_Keeps, list[str | DeliveryFailure]]:
    keeps = _Keeps()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            keeps,
            hostname="relay.example",
            tls_context=None if implicit else context,
            require_starttls=not implicit,
            auth_required=True,
            auth_require_tls=not implicit,
            authenticator=_signs_in,
            loop=loop,
        ),
        "127.0.0.1",
        0,
        ssl=context if implicit else None,
    )
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.sockets[0].getsockname()[1],
        "tls": "implicit" if implicit else "starttls",
        "user": USER,
        "password": PASSWORD,
        "helo": "beredning.region.example",
        "envelope_from": BOUNCES,
    }
    sender = SmtpSender(SmtpSettings(**settings | changes))
    outcomes = await send_all(sender, [(TO, body) for body in bodies])
    server.close()
    return keeps, outcomes


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
def test_mail_reaches_an_ordinary_server(authority: Authority, implicit: bool) -> None:
    """Signed in inside TLS, from the envelope's sender to the one recipient, byte for byte."""
    bodies = [mail(1), mail(2), b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\n\r\n.\r\n"]

    keeps, outcomes = quickly(
        _through_aiosmtpd(
            authority.server(), implicit=implicit, bodies=bodies, ca_file=authority.ca_file
        )
    )

    assert ["250 2.0.0 Taken"] * 3 == outcomes
    assert [(BOUNCES, [TO], body, []) for body in bodies] == keeps.mails
    assert ["beredning.region.example"] * 3 == keeps.greeted
    assert [not implicit] * 3 == keeps.safe or implicit


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_one_connection_carries_a_batch(authority: Authority, tls: str) -> None:
    """One greeting, one handshake, one sign-in and one goodbye for all mails of a lane."""

    async def go() -> SmtpServer:
        server = SmtpServer(
            tls=authority.server(), implicit=tls == "implicit", user=USER, password=PASSWORD
        )
        async with server:
            sender = sender_to(
                server, tls=tls, ca_file=authority.ca_file, user=USER, password=PASSWORD
            )
            await send_all(sender, [(TO, mail(number)) for number in range(50)])
        return server

    server = quickly(go())

    assert [mail(number) for number in range(50)] == [one.body for one in server.received]
    assert 1 == server.connections
    assert 1 == sum(line.startswith("AUTH ") for line in server.commands)
    assert ["QUIT"] == server.commands[-1:]
    assert {(True, USER, BOUNCES, (TO,))} == {
        (one.tls, one.user, one.sender, one.to) for one in server.received
    }


def test_lanes_work_side_by_side(authority: Authority) -> None:
    """Four lanes of one sender carry 400 mails over four connections, each mail once."""

    async def go() -> SmtpServer:
        async with SmtpServer(tls=authority.server()) as server:
            sender = sender_to(server, tls="starttls", ca_file=authority.ca_file)
            batches = [[(TO, mail(n)) for n in range(lane, 400, 4)] for lane in range(4)]
            await asyncio.gather(*(send_all(sender, batch) for batch in batches))
        return server

    server = asyncio.run(go())

    assert sorted(mail(number) for number in range(400)) == sorted(
        one.body for one in server.received
    )
    assert 4 == server.connections
    assert 4 == server.commands.count("QUIT")


def test_nothing_is_opened_for_no_mail() -> None:
    """A lane connects when its first mail comes."""

    async def go() -> SmtpServer:
        async with SmtpServer() as server, sender_to(server).lane():
            pass
        return server

    server = quickly(go())

    assert 0 == server.connections


def test_as_many_lanes_as_the_settings_say() -> None:
    """The one who delivers asks how many connections the relay is to see."""
    settings = SmtpSettings(host="relay.example", envelope_from=BOUNCES, lanes=7)

    sender: Sender = SmtpSender(settings)

    assert 7 == sender.lanes


def test_machine_without_a_name_gives_its_address() -> None:
    """EHLO says the setting, or a full name, or the address in brackets; never `localhost`."""

    async def go(helo: str) -> str:
        async with SmtpServer() as server:
            await sent(sender_to(server, helo=helo))
            return server.received[0].helo

    own = quickly(go(""))
    given = quickly(go("mail.region.example"))

    assert own == "[127.0.0.1]" or "." in own.strip("[]")
    assert "mail.region.example" == given


@pytest.mark.parametrize("offers", [(), ("8BITMIME",)])
def test_other_than_ascii_only_where_it_is_taken(offers: tuple[str, ...]) -> None:
    """A body in 8 bits is announced where the relay offers that, and refused elsewhere."""
    body = "Subject: x\r\n\r\nÅ\r\n".encode()

    async def go() -> tuple[SmtpServer, str | DeliveryFailure]:
        async with SmtpServer(offers=offers) as server:
            return server, await sent(sender_to(server), body=body)

    server, outcome = quickly(go())

    if offers:
        assert [body] == [one.body for one in server.received]
        assert f"MAIL FROM:<{BOUNCES}> BODY=8BITMIME" in server.commands
    else:
        assert isinstance(outcome, PermanentFailure)
        assert [] == server.received


@pytest.mark.parametrize(
    "to",
    [
        "åsa@region.example",
        "asa@älvmark.example",
        "a@b.example>\r\nRCPT TO:<evil@x.example",
        "a@b.example\r\nDATA",
        "a b@c.example",
        "<a@b.example>",
        '"a b"@c.example',
        "a@b.example, c@d.example",
        "@",
        "",
        "a" * 65 + "@b.example",
    ],
)
def test_address_that_needs_more_than_smtp_never_reaches_a_socket(to: str) -> None:
    """Such an address fails for good, before anything is connected."""

    async def go() -> tuple[SmtpServer, str | DeliveryFailure]:
        async with SmtpServer() as server:
            return server, await sent(sender_to(server), to=to)

    server, outcome = quickly(go())

    assert isinstance(outcome, PermanentFailure)
    assert outcome.text.isprintable()
    assert 0 == server.connections


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Subject: x\r\n\r\nno end",
        b"Subject: x\n\nunix\n",
        b"a\r\n\r\n\n.\r\nMAIL FROM:<evil@x.example>\r\n",
        b"a\r\n\r\n\r.\r\nMAIL FROM:<evil@x.example>\r\n",
        b"a\r\n\r\nx\n.\nMAIL FROM:<evil@x.example>\r\n",
        b"a\r\n\r\n" + b"x" * 999 + b"\r\n",
        b"a\r\n\r\nnul \0\r\n",
    ],
)
def test_body_that_servers_read_differently_is_refused(body: bytes) -> None:
    """Bare line ends, which smuggle mails, and lines that would be cut never leave."""

    async def go() -> tuple[SmtpServer, str | DeliveryFailure]:
        async with SmtpServer() as server:
            return server, await sent(sender_to(server), body=body)

    server, outcome = quickly(go())

    assert isinstance(outcome, PermanentFailure)
    assert 0 == server.connections


@pytest.mark.parametrize(
    "body",
    [
        b".\r\n",
        b".\r\n.\r\n",
        b"\r\n",
        b"\r\n.\r\n",
        b"a\r\n\r\n.\r\n",
        b"a\r\n\r\n..\r\n...\r\n.x\r\nx.\r\n.\r\n\r\n",
        b"a\r\n\r\n" + b"x" * 998 + b"\r\n",
        b"a\r\n\r\n" + b"." * 998 + b"\r\n",
        b"a\r\n\r\n" + b"." * 20 + b"\r\n" * 300 + b".\r\n",
    ],
)
def test_body_arrives_as_it_was(body: bytes) -> None:
    """Lone dots, leading dots and the longest lines come out as they went in."""

    async def go() -> SmtpServer:
        async with SmtpServer() as server:
            await send_all(sender_to(server), [(TO, body), (TO, BODY)])
        return server

    server = quickly(go())

    assert [body, BODY] == [one.body for one in server.received]


def test_large_body_arrives_as_it_was() -> None:
    """A body larger than the sockets' own room goes through whole."""
    body = b"a\r\n\r\n" + b"".join(b".%d\r\n" % number for number in range(900_000))

    async def go() -> SmtpServer:
        async with SmtpServer() as server:
            await sent(sender_to(server), body=body)
        return server

    server = quickly(go())

    assert body == server.received[0].body


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"tls": "none", "user": "u", "password": "hemligt"}, "smtp.password"),
        ({"tls": "none", "user": "u"}, "smtp.user"),
        ({"tls": "none", "password": "hemligt"}, "smtp.password"),
        ({"ca_file": "/nowhere/authority.pem"}, "smtp.ca_file"),
        ({"ca_file": __file__}, "smtp.ca_file"),
        ({"helo": "a b"}, "smtp.helo"),
        ({"helo": "a\r\nMAIL FROM:<x@y>"}, "smtp.helo"),
        ({"envelope_from": "å@b.example"}, "mail.bounce_to"),
        ({"envelope_from": "a@b.example> SIZE=1"}, "mail.bounce_to"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_at_once(
    changes: dict[str, str], setting: str
) -> None:
    """They name the setting, and never the password."""
    known = {"host": "relay.example", "envelope_from": BOUNCES}

    with pytest.raises(BadInput) as caught:
        SmtpSender(SmtpSettings(**known | changes))  # type: ignore[arg-type]

    assert setting in caught.value.sv
    assert setting in caught.value.en
    assert "hemligt" not in caught.value.sv + caught.value.en


def test_password_is_not_shown() -> None:
    """Settings that are printed by mistake tell nothing."""
    settings = SmtpSettings(host="h", user="u", password="hemligt", envelope_from=BOUNCES)

    shown = repr(settings)

    assert "hemligt" not in shown


def test_certificates_are_read_once(authority: Authority, tmp_path: Path) -> None:
    """A CA file that goes away while the program runs stops no mail."""
    copied = tmp_path / "ca.pem"
    copied.write_bytes(Path(authority.ca_file).read_bytes())

    async def go() -> str | DeliveryFailure:
        async with SmtpServer(tls=authority.server()) as server:
            sender = sender_to(server, tls="starttls", ca_file=str(copied))
            copied.unlink()
            return await sent(sender)

    outcome = quickly(go())

    assert isinstance(outcome, str)
