"""Hostile names, subjects and texts, written, sent and read back: nothing gets out of its place."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from notifications.clean import LetterError
from tests.notifications.letters import FACTS, HOSTILE, ROLLED, mail_of, some_facts
from tests.notifications.relays import BOUNCES, TO, send_all, sender_to
from tests.support.quick_loop import quickly
from tests.support.smtp_server import Received, SmtpServer
from workflow.core.facts import MessageKind

FIELDS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "References",
    "Auto-Submitted",
    "X-Beredning-Kind",
    "X-Beredning-Round",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]
"""What a reminder of one round has at its head, whatever people are called."""
ATTACKS = {
    "line ends": "Åsa\r\nBcc: alla@region.example\nCc: alla@region.example\rTo: x@y.example",
    "two line ends": "Åsa\r\n\r\nEn annan kropp\r\n.\r\nMAIL FROM:<x@y.example>\r\n",
    "other line ends": "a\u2028Bcc: x@y.example\u2029Bcc: x@y.example\u0085Bcc: x\x0bBcc: y\x0cz",
    "separators": "a\x1cBcc: x@y.example\x1dBcc: x@y.example\x1eb",
    "encoded words": "=?utf-8?q?=0D=0ABcc:_alla=40region.example?= =?utf-8?b?DQpCY2M6IHg=?=",
    "address": '"Åsa" <asa@evil.example>, alla@region.example; grupp: a@b.example;',
    "long": "Å" * 900,
    "long word": "x" * 900,
    "long words": "ord " * 225,
    "dots": ".\r\n.\r\n..\r\n.",
    "nothing": "",
    "space": " \t\u00a0\u3000 ",
    "unseen": "\x00\x07\x1b[31m\u202eeslaf\u200b\ufeff",
    "surrogates": "\ud800a\udfff",
    "emoji": "👩‍⚕️ 🏥 " * 40,
    "all at once": HOSTILE,
}
LONG_LINES = "\n".join([".", "..", "x" * 2000, ". " * 1000, "å" * 2000, "", ".", "From x", "."])


async def _delivered(bodies: list[bytes]) -> list[Received]:
    async with SmtpServer(offers=()) as server:
        outcomes = await send_all(sender_to(server), [(TO, body) for body in bodies])
    assert all(isinstance(one, str) for one in outcomes)
    return server.received


def _read(body: bytes) -> EmailMessage:
    message = message_from_bytes(body, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("kind", [MessageKind.REMINDER, MessageKind.RETURNED])
@pytest.mark.parametrize("attack", list(ATTACKS.values()), ids=list(ATTACKS))
def test_hostile_words_change_no_field_and_no_recipient(attack: str, kind: MessageKind) -> None:
    """The same fields in the same order, one recipient, the bytes that were written."""
    task = replace(ROLLED, title=attack, unit=attack, state=attack, owed_by=(attack, attack))
    facts = some_facts(
        kind,
        tasks=(task,),
        to_name=attack,
        to_email=TO,
        leader_name=attack,
        by=attack,
        comment=attack,
        questions=(attack,) if attack.strip() else (),
        own_text=attack,
        round_title=attack,
        reference=attack,
    )
    body = mail_of(facts)

    (received,) = quickly(_delivered([body]))

    message = _read(received.body)
    assert body == received.body
    assert (BOUNCES, (TO,)) == (received.sender, received.to)
    assert FIELDS == message.keys()
    assert [TO] == [one.addr_spec for one in message["To"].addresses]
    assert ["beredning@region.example"] == [one.addr_spec for one in message["From"].addresses]
    assert 1 == len(message["Reply-To"].addresses)
    assert ["text/plain", "text/html"] == [
        part.get_content_type() for part in message.walk() if not part.is_multipart()
    ]
    assert [] == [defect for part in message.walk() for defect in part.defects]
    assert max(len(line) for line in received.body.split(b"\r\n")) <= 78
    assert received.body.isascii()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_lone_dots_and_long_lines_come_out_as_they_were_written(language: str) -> None:
    """What a person wrote reaches the reader; no line on the way is longer than allowed."""
    facts = some_facts(MessageKind.RETURNED, tasks=(ROLLED,), comment=LONG_LINES, language=language)
    body = mail_of(facts)

    (received,) = quickly(_delivered([body]))

    text = _read(received.body).get_body(("plain",))
    assert text is not None
    shown = text.get_content()
    assert body == received.body
    assert max(len(line) for line in received.body.split(b"\r\n")) <= 78
    for piece in ("x" * 2000, "å" * 2000):
        assert piece in shown
    assert 4 <= sum(line.strip("> ").strip() in (".", "..") for line in shown.splitlines())


def test_every_letter_arrives_as_it_was_written() -> None:
    """All kinds of mail there are, over one connection, byte for byte."""
    bodies = [mail_of(facts) for facts in FACTS.values()]

    received = quickly(_delivered(bodies))

    assert bodies == [one.body for one in received]


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "å@b.example"]
)
def test_hostile_address_is_no_letter(address: str) -> None:
    """An address is never made safe: it is one, or there is no mail."""
    with pytest.raises(LetterError):
        mail_of(some_facts(to_email=address))
