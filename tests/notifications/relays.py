"""Senders for the servers of `tests.support`, and mails to give them."""

from collections.abc import Sequence
from typing import Any

from notifications.deliver import DeliveryFailure, Sender
from notifications.smtp import Limits, SmtpSender, SmtpSettings
from tests.support.smtp_server import SmtpServer

__all__ = ["BODY", "BOUNCES", "PASSWORD", "TO", "USER", "mail", "send_all", "sender_to", "sent"]

TO = "anna.lindqvist@region.example"
BOUNCES = "studsar@region.example"
USER = "beredning"
PASSWORD = "bräsch-hemligt-4711"
BODY = b"Subject: hej\r\n\r\nEn rad.\r\n"


def mail(number: int) -> bytes:
    """Give a mail that is unlike all others."""
    return BODY + f"Nummer {number}.\r\n".encode("ascii")


def sender_to(server: SmtpServer, **changes: Any) -> SmtpSender:
    """Give a sender to a server, in clear unless told."""
    known: dict[str, Any] = {
        "host": server.host,
        "port": server.port,
        "tls": "none",
        "helo": "beredning.region.example",
        "envelope_from": BOUNCES,
        "limits": Limits(),
    }
    return SmtpSender(SmtpSettings(**known | changes))


async def sent(sender: Sender, to: str = TO, body: bytes = BODY) -> str | DeliveryFailure:
    """Send one mail over a lane of its own; give the answer or the failure."""
    return (await send_all(sender, [(to, body)]))[0]


async def send_all(
    sender: Sender, mails: Sequence[tuple[str, bytes]]
) -> list[str | DeliveryFailure]:
    """Send mails one after the other over one lane; give each one's answer or failure."""
    outcomes: list[str | DeliveryFailure] = []
    async with sender.lane() as lane:
        for number, (to, body) in enumerate(mails):
            try:
                outcomes.append(await lane.send(f"{number}@region.example", to, body))
            except DeliveryFailure as failure:
                outcomes.append(failure)
    return outcomes
