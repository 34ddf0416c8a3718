"""From the outbox to the letter box: claim, write, freeze, send, say what came of it."""

from collections.abc import Callable
from logging import getLogger

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


def writer(*, base_url: str, sender: str, installation: str) -> Writer:
    """Give what turns facts into a finished mail."""

    def write(facts: MailFacts) -> bytes:
        letter = compose_letter(facts, base_url)
        return render(letter, facts, sender=sender, installation=installation)

    return write


def deliver(world: World, write: Writer, sender: Sender) -> dict[str, int]:
    """Send every mail that is due: {sent, withdrawn, failed, waiting}.

    No transaction is open while a mail is written or sent; what is sent was frozen
    and committed before. One message that cannot be written stops no other.

    Raises: Locked, StoreError.
    """
    done = {"sent": 0, "withdrawn": 0, "failed": 0, "waiting": 0}
    while batch := letters.claim(world):
        for claimed in batch:
            done[_deliver_one(world, write, sender, claimed)] += 1
        if done["waiting"]:
            break
    return done


def _deliver_one(world: World, write: Writer, sender: Sender, claimed: Claimed) -> str:
    body = claimed.body
    to = ""
    if body is None:
        facts = letters.gather(world, claimed)
        if facts is None:
            letters.withdraw(world, claimed)
            return "withdrawn"
        to = facts.to_email
        try:
            body = write(facts)
        except LetterError as error:
            letters.fail(world, claimed, str(error))
            logger.warning("mail not written", extra={"event": "mail_not_written"})
            return "failed"
        if not letters.freeze(world, claimed, body):
            return "waiting"
    try:
        sender.send(claimed.message_id, to, body)
    except PermanentFailure as error:
        letters.fail(world, claimed, error.text)
        return "failed"
    except DeliveryFailure as error:
        logger.warning("mail waits", extra={"event": "mail_waits", "reason": error.text})
        return "waiting"
    letters.sent(world, claimed)
    return "sent"
