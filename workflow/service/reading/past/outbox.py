"""The outbox as somebody reads it who leads, keeps the register or audits.

The list has every mail of the rounds that one may read whole, and those of no round; what
a mail says is shown of those rounds alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflow.core.errors import BadInput
from workflow.core.mail import MailFacts
from workflow.service.mail.gathering import gather_in
from workflow.service.reading.rounds.led import rounds_read
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import claims, sendings
from workflow.store.history import NEWEST
from workflow.store.sendings import STATES, PutMail

__all__ = ["OutboxPage", "ShownMail", "mail_number", "read_mail", "read_outbox"]

PAGE: Final = 50
"""Mails on a page."""
FILTERS: Final = {
    "": STATES,
    "queued": ("queued",),
    "sent": ("sent",),
    "failed": ("failed", "bounced"),
    "withdrawn": ("withdrawn",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """Some mails, newest first."""

    mails: tuple[PutMail, ...]
    older: int
    """Where the next page begins; 0 when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """One mail with what became of it."""

    mail: PutMail
    facts: MailFacts | None
    """What it would tell now; None when it is written already, or has nothing to tell."""
    attempts: tuple[Mapping[str, Any], ...]
    """{number, at, outcome, answer}, first to last."""
    anew: tuple[str, ...]
    """The names that it was put once more under."""
    first: str | None
    """The name that it was put under first, when it was put anew."""


def read_outbox(world: World, email: str, state: str = "", before: int = 0) -> OutboxPage:
    """Give a page of the outbox, of all states or one.

    Raises: BadInput for a state or a place that is none.
    """
    if state not in FILTERS or not 0 <= before < NEWEST:
        raise BadInput("Adressen är avklippt eller ändrad.", "The address is cut or changed.")
    with world.database.read() as connection:
        read = rounds_read(world, connection, email)
        found: list[PutMail] = []
        place = before or NEWEST
        while len(found) <= PAGE:
            some = sendings.page_of(connection, FILTERS[state], place, PAGE + 1)
            found += [one for one in some if one.rounds <= read]
            if len(some) <= PAGE:
                break
            place = some[-1].id
    mails = tuple(found[:PAGE])
    return OutboxPage(mails=mails, older=mails[-1].id if len(found) > PAGE else 0)


def read_mail(world: World, email: str, key: int) -> ShownMail:
    """Give one mail by its number.

    Raises: NotFound.
    """
    if not 0 < key < NEWEST:
        raise nothing_there()
    with world.database.read() as connection:
        found = sendings.page_of(connection, STATES, key + 1, 1)
        if not found or found[0].id != key:
            raise nothing_there()
        mail = found[0]
        if not mail.rounds <= rounds_read(world, connection, email):
            raise nothing_there()
        told = sendings.find_message(connection, mail.message_id) or {}
        unwritten = mail.state == "queued" and mail.body is None
        claimed = claims.look(connection, key)
        return ShownMail(
            mail=mail,
            facts=gather_in(world, connection, claimed) if unwritten else None,
            attempts=tuple(sendings.list_attempts(connection, key)),
            anew=tuple(sendings.list_anew(connection, mail.message_id)),
            first=told.get("first"),
        )


def mail_number(world: World, message_id: str) -> int:
    """Give the number of the mail with a Message-ID.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        found = sendings.find_message(connection, message_id)
    if found is None:
        raise nothing_there()
    return int(found["id"])
