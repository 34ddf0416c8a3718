"""TLS or nothing: what a relay, or somebody in between, may do to have us speak in clear.

In every case that is not right nothing is said in clear but EHLO and STARTTLS: no
sign-in, no address, no byte of a mail.
"""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from notifications.deliver import DeliveryFailure, RelayFailure
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
from tests.support.smtp_server import Answer, Script, SmtpServer

Outcome = str | DeliveryFailure
GREETED = b"EHLO beredning.region.example\r\n"
ASKED = GREETED + b"STARTTLS\r\n"
SECRETS = [
    b"AUTH",
    b"MAIL",
    b"RCPT",
    b"DATA",
    b"Subject",
    PASSWORD.encode(),
    USER.encode() + b"\0",
    b64encode(PASSWORD.encode()),
    b64encode(f"\0{USER}\0{PASSWORD}".encode()),
    b64encode(USER.encode()),
    TO.encode(),
    BOUNCES.encode(),
    BODY,
]
FORGED_OFFER = "250-relay.example\n250-AUTH PLAIN LOGIN\n250 8BITMIME"


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A relay that must not be trusted."""

    script: Script | None = None
    certificate: Literal["right", "unknown", "self-signed", "name", "expired", "old"] | None = (
        "right"
    )
    implicit: bool = False
    clear: bytes | None = ASKED
    """What comes in clear before anything that is TLS; None: nothing is known."""
    lasting: bool = True
    text: str


BAD: dict[str, Bad] = {
    "not offered": Bad(certificate=None, clear=GREETED, text="erbjuder inte STARTTLS"),
    "stripped": Bad(script={"EHLO": [FORGED_OFFER]}, clear=GREETED, text="inte STARTTLS"),
    "stripped to another word": Bad(
        script={"EHLO": ["250-relay.example\n250-XXXXXXXA\n250 AUTH PLAIN"]},
        clear=GREETED,
        text="inte STARTTLS",
    ),
    "ehlo refused": Bad(
        script={"EHLO": ["502 5.5.1 Use HELO"]}, clear=GREETED, text="502 5.5.1 Use HELO"
    ),
    "454": Bad(script={"STARTTLS": ["454 4.7.0 Not now"]}, lasting=False, text="454 4.7.0 Not now"),
    "501": Bad(script={"STARTTLS": ["501 5.5.2 No"]}, text="501 5.5.2 No"),
    "503": Bad(script={"STARTTLS": ["503 5.5.1 No"]}, text="503 5.5.1 No"),
    "250 for 220": Bad(
        script={"STARTTLS": [Answer("250 Ok", tls=False)]}, lasting=False, text="250 Ok"
    ),
    "220 and plain words": Bad(
        script={
            "STARTTLS": [Answer("220 Go", tls=False, more=Answer("250 go on in clear", wait_s=0.1))]
        },
        text="TLS kom inte till stånd",
    ),
    "220 and silence": Bad(
        script={"STARTTLS": [Answer("220 Go", tls=False, then="silent")]},
        lasting=False,
        text="svarade inte i tid",
    ),
    "220 and an end": Bad(
        script={"STARTTLS": [Answer("220 Go", tls=False, then="close")]},
        lasting=False,
        text="anslutningen bröts",
    ),
    "220 and a reset": Bad(
        script={"STARTTLS": [Answer("220 Go", tls=False, then="reset")]},
        lasting=False,
        text="",
    ),
    "220 and a flood": Bad(
        script={"STARTTLS": [Answer("220 Go", tls=False, more=Answer("250 x" * 9000))]},
        lasting=False,
        text="",
    ),
    "unknown authority": Bad(certificate="unknown", text="certifikatet godtas inte"),
    "self-signed": Bad(certificate="self-signed", text="certifikatet godtas inte"),
    "other name": Bad(certificate="name", text="certifikatet godtas inte"),
    "expired": Bad(certificate="expired", text="certifikatet godtas inte (certificate has expired"),
    "TLS 1.1": Bad(certificate="old", lasting=False, text="anslutningen bröts"),
    "implicit, unknown authority": Bad(
        certificate="unknown", implicit=True, clear=b"", text="certifikatet godtas inte"
    ),
    "implicit, other name": Bad(
        certificate="name", implicit=True, clear=b"", text="certifikatet godtas inte"
    ),
    "implicit, expired": Bad(
        certificate="expired", implicit=True, clear=b"", text="certifikatet godtas inte"
    ),
    "implicit, in clear": Bad(
        certificate=None, implicit=True, clear=b"", text="TLS kom inte till stånd"
    ),
}


def _certificate(kind: str | None, good: Authority, bad: Authority) -> ssl.SSLContext | None:
    made: dict[str | None, Callable[[], ssl.SSLContext | None]] = {
        None: lambda: None,
        "right": good.server,
        "unknown": bad.server,
        "self-signed": bad.itself,
        "name": lambda: good.server("another.region.example"),
        "expired": lambda: good.server(expired=True),
        "old": lambda: good.server(newest=ssl.TLSVersion.TLSv1_1),
    }
    return made[kind]()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", list(BAD))
def test_nothing_is_told_where_it_is_not_safe(
    name: str, authority: Authority, stranger: Authority
) -> None:
    """0 bytes of sign-in and mail in clear, in all cases, and a failure that says why."""
    bad = BAD[name]
    context = _certificate(bad.certificate, authority, stranger)

    async def go() -> tuple[SmtpServer, list[Outcome]]:
        server = SmtpServer(
            bad.script,
            tls=context,
            implicit=bad.implicit and context is not None,
            user=USER,
            password=PASSWORD,
        )
        async with server:
            sender = sender_to(
                server,
                tls="implicit" if bad.implicit else "starttls",
                ca_file=authority.ca_file,
                user=USER,
                password=PASSWORD,
            )
            outcomes = await send_all(sender, [(TO, BODY)])
            assert 0 == await _left_open(server)
            return server, outcomes

    server, (outcome,) = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert bad.lasting == outcome.lasting
    assert bad.text in outcome.text
    assert [] == server.received
    clear = bytes(server.clear)
    said = clear.partition(b"\x16\x03")[0]  # a TLS record begins so
    assert bad.clear in (None, said)
    assert [] == [secret for secret in SECRETS if secret in clear]


async def _left_open(server: SmtpServer) -> int:
    """Tell how many connections are open when all that was under way has come."""
    await asyncio.sleep(1)
    return server.open


@pytest.mark.parametrize("apart_s", [0.0, 0.001, 0.01])
def test_words_injected_after_starttls_are_not_heard(authority: Authority, apart_s: float) -> None:
    """What somebody puts in clear behind the 220 never counts as said inside TLS.

    In the same packet it is thrown away (the CVE-2011-0411 family); behind that it
    breaks the handshake. Either way nothing of it is obeyed and nothing leaks.
    """
    injected = "250-relay.example\n250-AUTH LOGIN\n250 X-INJECTED"
    first = Answer("220 Go", more=Answer(injected, wait_s=apart_s))
    together = Answer(f"220 Go\n{injected}")

    async def go() -> tuple[SmtpServer, Outcome]:
        server = SmtpServer(
            {"STARTTLS": [first if apart_s else together]},
            tls=authority.server(),
            user=USER,
            password=PASSWORD,
        )
        async with server:
            sender = sender_to(
                server, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
            )
            return server, await sent(sender)

    server, outcome = quickly(go())

    said = bytes(server.clear).partition(b"\x16\x03")[0]
    assert ASKED == said
    if isinstance(outcome, str):
        inside = server.commands[2:]
        assert ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"] == [x.split()[0] for x in inside]
        assert inside[1].startswith("AUTH PLAIN ")  # LOGIN is what was injected
        assert server.received[0].tls
    else:
        assert isinstance(outcome, RelayFailure)
        assert [] == server.received


def test_what_was_offered_in_clear_is_forgotten(authority: Authority) -> None:
    """Only what is offered inside TLS counts (RFC 3207 4.2)."""
    script: Script = {
        "EHLO": ["250-relay.example\n250-STARTTLS\n250-8BITMIME\n250 AUTH LOGIN", "250 relay"]
    }

    async def go() -> tuple[SmtpServer, Outcome]:
        async with SmtpServer(script, tls=authority.server()) as server:
            sender = sender_to(
                server, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
            )
            return server, await sent(sender)

    server, outcome = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert outcome.lasting
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


@pytest.mark.parametrize("settings", [{}, {"tls": "starttls"}, {"tls": "implicit"}])
def test_the_authority_of_the_settings_stands_in_place_of_the_systems(
    settings: dict[str, Any], authority: Authority
) -> None:
    """Without the file the relay is not trusted; with it, it is."""

    async def go(ca_file: str) -> Outcome:
        implicit = settings.get("tls") == "implicit"
        async with SmtpServer(tls=authority.server(), implicit=implicit) as server:
            return await sent(sender_to(server, **{"tls": "starttls"} | settings, ca_file=ca_file))

    without, with_it = quickly(go("")), quickly(go(authority.ca_file))

    assert isinstance(without, RelayFailure)
    assert without.lasting
    assert isinstance(with_it, str)


def test_tls_1_2_is_enough(authority: Authority) -> None:
    """The oldest that is taken."""

    async def go() -> Outcome:
        context = authority.server(newest=ssl.TLSVersion.TLSv1_2)
        async with SmtpServer(tls=context) as server:
            return await sent(sender_to(server, tls="starttls", ca_file=authority.ca_file))

    outcome = quickly(go())

    assert isinstance(outcome, str)


def test_starttls_is_demanded_without_being_asked_for() -> None:
    """Settings that say nothing of TLS do not mean `where offered`."""

    async def go() -> tuple[SmtpServer, Outcome]:
        async with SmtpServer() as server:
            settings = SmtpSettings(host=server.host, port=server.port, envelope_from=BOUNCES)
            return server, await sent(SmtpSender(settings))

    server, outcome = quickly(go())

    assert isinstance(outcome, RelayFailure)
    assert [] == server.received
    assert b"MAIL" not in server.clear


def test_new_connection_is_made_as_safe_as_the_first(authority: Authority) -> None:
    """A relay that is replaced between two mails by one without TLS gets nothing."""

    async def go() -> tuple[list[SmtpServer], list[Outcome]]:
        tls = authority.server()
        script: Script = {".": [Answer("250 2.0.0 Ok", then="close")]}
        async with SmtpServer(script, tls=tls, user=USER, password=PASSWORD) as good:
            pass
        first = SmtpServer(script, tls=tls, user=USER, password=PASSWORD, port=good.port)
        second = SmtpServer(port=good.port)
        sender = sender_to(
            good, tls="starttls", ca_file=authority.ca_file, user=USER, password=PASSWORD
        )
        outcomes: list[Outcome] = []
        async with sender.lane() as lane:
            async with first:
                outcomes.append(await lane.send("1@region.example", TO, mail(1)))
            async with second:
                try:
                    outcomes.append(await lane.send("2@region.example", TO, mail(2)))
                except DeliveryFailure as failure:
                    outcomes.append(failure)
        return [first, second], outcomes

    (first, second), (one, two) = quickly(go())

    assert "250 2.0.0 Ok" == one
    assert 1 == len(first.received)
    assert isinstance(two, RelayFailure)
    assert GREETED == bytes(second.clear)
