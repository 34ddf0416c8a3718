"""From the outbox to the letter box: claim, write, freeze, send, say what came of it."""

from collections.abc import Callable
from logging import getLogger
from typing import NamedTuple

from notifications.clean import LetterError
from notifications.deliver import DeliveryFailure, PermanentFailure, Sender
from notifications.letter import compose_letter
from notifications.render import render
from workflow.core.errors import WorkflowError
from workflow.core.mail import MailFacts
from workflow.service import letters
from workflow.service.world import World
from workflow.store.outbox import Claimed

__all__ = ["deliver", "writer"]

logger = getLogger(__name__)

Writer = Callable[[MailFacts], bytes]
"""Turns facts into a finished mail."""


class Mail(NamedTuple):
    """A finished mail on its way."""

    claimed: Claimed
    to: str
    body: bytes


def writer(*, base_url: str, sender: str) -> Writer:
    """Give what turns facts into a finished mail from a sender, with links to a base URL."""

    def write(facts: MailFacts) -> bytes:
        letter = compose_letter(facts, base_url)
        return render(letter, facts, sender=sender, installation=facts.organisation)

    return write


def deliver(world: World, write: Writer, sender: Sender) -> dict[str, int]:
    """Send every mail that is due: {sent, withdrawn, failed, waiting}.

    No transaction is open while a mail is written or sent; what is sent was frozen
    and committed before. One message that cannot be written stops no other.

    Raises: Locked, StoreError.
    """
    done = {"sent": 0, "withdrawn": 0, "failed": 0, "waiting": 0}
    while batch := letters.claim(world):
        _deliver_batch(world, write, sender, batch, done)
    return done


def _deliver_batch(
    world: World, write: Writer, sender: Sender, batch: list[Claimed], done: dict[str, int]
) -> None:
    finished: list[Mail] = []
    withdrawn: list[Claimed] = []
    for claimed in batch:
        try:
            mail = _write(world, write, claimed)
        except WorkflowError:  # the database's trouble, not the message's
            raise
        except Exception as error:  # noqa: BLE001 - one message stops no other
            _poison(world, claimed, error)
            done["failed"] += 1
            continue
        if mail is None:
            withdrawn.append(claimed)
        else:
            finished.append(mail)
    held = letters.freeze(world, [(mail.claimed, mail.body) for mail in finished])
    sent: list[Claimed] = []
    try:
        for mail in finished:
            if mail.claimed in held:
                _send(world, sender, mail, sent, done)
    finally:  # whatever stops the rest, what has left is not sent again
        letters.settle(world, sent=sent, withdrawn=withdrawn)
    done["sent"] += len(sent)
    done["withdrawn"] += len(withdrawn)


def _write(world: World, write: Writer, claimed: Claimed) -> Mail | None:
    facts = letters.gather(world, claimed)
    return Mail(claimed, facts.to_email, claimed.body or write(facts)) if facts else None


def _poison(world: World, claimed: Claimed, error: Exception) -> None:
    """Put a message that cannot be written aside, whatever is wrong with it."""
    told = str(error) if isinstance(error, LetterError) else f"{type(error).__name__}: {error}"
    if not isinstance(error, LetterError):
        logger.error(
            "mail cannot be written",
            extra={"event": "mail_poison", "mail": claimed.message_id},
            exc_info=error,
        )
    letters.fail(world, claimed, told)


def _send(
    world: World, sender: Sender, mail: Mail, sent: list[Claimed], done: dict[str, int]
) -> None:
    try:
        sender.send(mail.claimed.message_id, mail.to, mail.body)
    except PermanentFailure as error:
        letters.fail(world, mail.claimed, error.text)
        done["failed"] += 1
    except DeliveryFailure as error:
        logger.warning("mail waits", extra={"event": "mail_waits", "reason": error.text})
        done["waiting"] += 1
    else:
        sent.append(mail.claimed)
