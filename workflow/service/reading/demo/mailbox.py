"""Mail that has left, as its recipients have it: for a demo, where anybody may read it."""

from dataclasses import dataclass
from typing import Final

from workflow.core.errors import BadInput
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import mailbox
from workflow.store.history import NEWEST
from workflow.store.mailbox import MailLeft

__all__ = ["Box", "MailLeft", "Recipient", "open_box", "open_mail"]

PAGE: Final = 50
"""Mails on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who has got mail."""

    person: int
    name: str
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Some mails, newest first."""

    mails: tuple[MailLeft, ...]
    older: int
    """Where the next page begins; 0 when there is none."""
    recipients: tuple[Recipient, ...]


def open_box(world: World, person: int = 0, before: int = 0) -> Box:
    """Give a page of what has left, to somebody or with 0 to anybody.

    Raises: BadInput for a place that is none.
    """
    if not (0 <= person < NEWEST and 0 <= before < NEWEST):
        raise BadInput("Adressen är avklippt eller ändrad.", "The address is cut or changed.")
    with world.database.read() as connection:
        found = mailbox.list_sent(connection, person, before or NEWEST, PAGE + 1)
        known = mailbox.list_recipients(connection)
    mails = tuple(found[:PAGE])
    return Box(
        mails=mails,
        older=mails[-1].id if len(found) > PAGE else 0,
        recipients=tuple(Recipient(person=a, name=b, mails=c) for a, b, c in known),
    )


def open_mail(world: World, message_id: str) -> MailLeft:
    """Give one mail.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        found = mailbox.read_sent(connection, message_id)
    if found is None:
        raise nothing_there()
    return found
