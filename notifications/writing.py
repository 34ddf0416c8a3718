"""Finished mails: from facts, one by one and by the batch; or all to one address, for a trial."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from logging import getLogger
from typing import NamedTuple

from notifications import words as w
from notifications.blocks import Letter
from notifications.clean import LetterError
from notifications.letter import compose_letter
from notifications.mime import address_of
from notifications.render import render
from notifications.voice import voice
from workflow.core.errors import WorkflowError
from workflow.core.mail import MailFacts
from workflow.service.mail.gathering import gather
from workflow.service.world import World
from workflow.store.claims import Claimed

__all__ = ["Batch", "Finished", "Mail", "Writer", "mark", "write_some", "writer"]

logger = getLogger(__name__)


class Finished(NamedTuple):
    """A mail as it leaves."""

    to: str
    """The address it goes to."""
    body: bytes


class Writer:
    """Turns facts into finished mails."""

    def __init__(self, write: Callable[[MailFacts], bytes], *, redirect_to: str = "") -> None:
        """Take what turns facts into bytes, and the address that everything goes to instead
        of those it is for."""
        self._write = write
        self.redirect_to = redirect_to

    def __call__(self, facts: MailFacts) -> Finished:
        """Write one mail.

        Raises:
            LetterError: It cannot be written from these facts.
        """
        return Finished(self.redirect_to or facts.to_email, self._write(facts))


class Mail(NamedTuple):
    """A finished mail on its way."""

    claimed: Claimed
    to: str
    body: bytes


@dataclass(slots=True)
class Batch:
    """What came of the writing of some claimed messages."""

    finished: list[Mail] = field(default_factory=list)
    withdrawn: list[Claimed] = field(default_factory=list)
    failed: list[tuple[Claimed, str]] = field(default_factory=list)
    outdated: list[Claimed] = field(default_factory=list)
    """Frozen for another address than everything goes to now."""


def writer(*, base_url: str, sender: str, redirect_to: str = "") -> Writer:
    """Give what turns facts into a finished mail from a sender, with links to a base URL.

    With `redirect_to` every mail goes to that address and says whom it was for.
    """

    def write(facts: MailFacts) -> bytes:
        letter = compose_letter(facts, base_url)
        organisation = facts.organisation
        if not redirect_to:
            return render(letter, facts, sender=sender, installation=organisation)
        meant_for = address_of(facts.to_email)
        there = replace(facts, to_name="", to_email=redirect_to)
        return render(
            mark(letter, facts.to_name, meant_for),
            there,
            sender=sender,
            installation=organisation,
            meant_for=meant_for,
        )

    return Writer(write, redirect_to=redirect_to)


def mark(letter: Letter, name: str, address: str) -> Letter:
    """Mark a letter that goes elsewhere with whom it was for: in the subject, and in the
    line above everything."""
    say = voice(letter.language).say
    who = f"{name} <{address}>" if name else address
    line = say(w.REDIRECTED, who=who)
    return replace(
        letter,
        subject=f"{say(w.S_REDIRECTED, address=address)} {letter.subject}",
        strip=f"{letter.strip} {line}" if letter.strip else line,
    )


# ---- a batch ------------------------------------------------------------------------------


def write_some(world: World, write: Writer, claims: Sequence[Claimed], batch: Batch) -> None:
    """Write some mails; what is frozen already is taken as it is.

    Raises: Locked, StoreError.
    """
    for claimed in claims:
        try:
            _write_one(world, write, claimed, batch)
        except WorkflowError:  # the database's trouble, not the message's
            raise
        except Exception as error:  # noqa: BLE001 - one message stops no other
            batch.failed.append((claimed, _in_words(claimed, error)))


def _write_one(world: World, write: Writer, claimed: Claimed, batch: Batch) -> None:
    if claimed.body is not None and claimed.to_address is not None:
        if claimed.task_closed:
            batch.withdrawn.append(claimed)
        elif write.redirect_to not in ("", claimed.to_address):
            batch.outdated.append(claimed)
        else:
            batch.finished.append(Mail(claimed, claimed.to_address, claimed.body))
        return
    facts = gather(world, claimed)
    if facts is None:
        batch.withdrawn.append(claimed)
    else:
        batch.finished.append(Mail(claimed, *write(facts)))


def _in_words(claimed: Claimed, error: Exception) -> str:
    """Say why a mail cannot be written."""
    if isinstance(error, LetterError):
        return str(error)
    logger.error(
        "mail cannot be written",
        extra={"event": "mail_poison", "mail": claimed.message_id},
        exc_info=error,
    )
    return f"{type(error).__name__}: {error}"
