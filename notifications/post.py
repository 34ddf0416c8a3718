"""From the outbox to the letter box: claim, write, freeze, send, say what came of it."""

from collections.abc import Callable
from logging import getLogger
from typing import NamedTuple

from notifications.clean import LetterError
from notifications.deliver import DeliveryFailure, PermanentFailure, Sender
from notifications.letter import compose_letter
from notifications.render import render
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
        facts = letters.gather(world, claimed)
        if facts is None:
            withdrawn.append(claimed)
            continue
        try:
            body = claimed.body or write(facts)
        except LetterError as error:
            letters.fail(world, claimed, str(error))
            done["failed"] += 1
            continue
        finished.append(Mail(claimed, facts.to_email, body))
    held = letters.freeze(world, [(mail.claimed, mail.body) for mail in finished])
    sent = [
        mail.claimed for mail in finished if mail.claimed in held and _send(world, sender, mail)
    ]
    letters.settle(world, sent=sent, withdrawn=withdrawn)
    done["sent"] += len(sent)
    done["withdrawn"] += len(withdrawn)
    done["waiting"] += len(finished) - len(sent)


def _send(world: World, sender: Sender, mail: Mail) -> bool:
    try:
        sender.send(mail.claimed.message_id, mail.to, mail.body)
    except PermanentFailure as error:
        letters.fail(world, mail.claimed, error.text)
        return False
    except DeliveryFailure as error:
        logger.warning("mail waits", extra={"event": "mail_waits", "reason": error.text})
        return False
    return True
