"""A mail that came back: the message, the address, the log, and those who must know.

What a bounce says was written by anybody. It counts only when it names a message that
has left here, and the address that it went to; and then mail to the address goes on, so
that a forged one costs a look, and no mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from workflow.core.errors import NotFound
from workflow.core.facts import EntryDraft, EntryKind, IncidentDraft, IncidentKind
from workflow.core.roles import superior_place
from workflow.core.standing_in import told_at
from workflow.service.running.incidents import raise_incident
from workflow.service.world import World
from workflow.store import bounces, log
from workflow.store.bounces import SentMail
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.rounds import load_revision

__all__ = ["QUIET", "Answer", "Returned", "heal", "take_in"]

QUIET: Final = timedelta(days=7)
"""So long after a later mail an address counts as good again: no relay tries longer than
five days."""


class Answer(Protocol):
    """What became of a mail for one recipient."""

    @property
    def verdict(self) -> str:
        """Give failed, delayed or arrived."""

    @property
    def status(self) -> str:
        """Give the status of RFC 3463; empty when it is not told."""

    @property
    def answer(self) -> str:
        """Give the other side's words."""


class Returned(Protocol):
    """A mail about a mail, read."""

    @property
    def message_ids(self) -> Sequence[str]:
        """Give the mails it may be about, the likeliest first."""

    def recipient(self, address: str) -> Answer | None:
        """Give what became of the mail to an address; None when nothing is said of it."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A bounce and the message that it is about."""

    mail: SentMail
    verdict: str
    status: str
    words: str


def take_in(world: World, returned: Returned) -> dict[str, Any]:
    """Take in that a mail came back, or that it is delayed.

    {verdict, message_id, to, status, answer, repeated, incident}; `repeated` when it was
    known, and nothing is changed.

    Raises: NotFound when it is about none of our mails; Locked, StoreError.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        case = _find(connection, returned)
        mail = case.mail
        if case.verdict == "delayed":
            new = bounces.note_answer(connection, mail, case.words, now)
            return _told(case, repeated=not new, incident=False)
        if case.verdict != "failed":
            return _told(case, repeated=False, incident=False)
        if mail.state == "bounced":
            return _told(case, repeated=True, incident=False)
        chain_entry = EntryDraft(
            kind=EntryKind.ADDRESS_FAILED,
            payload={"person": mail.person, "message": mail.id, "status": case.status},
        )
        log.load_chain(connection, log.INSTALLATION)  # locks before people, as an import does
        bounces.mark_returned(connection, mail, case.words, now)
        theirs = mail.person is not None and bounces.mark_address(
            connection, mail.person, mail.to, case.words, now
        )
        world.note(connection, now, chain_entry)
        opened = _alarm(world, connection, case, now, of_person=theirs)
    return _told(case, repeated=False, incident=opened)


def heal(connection: Connection, now: datetime) -> int:
    """Close what is open about addresses that are good again, or were changed."""
    return bounces.heal(connection, now - QUIET, now)


def _find(connection: Connection, returned: Returned) -> _Case:
    """Find the message: one that left here, to an address that the bounce speaks of.

    Raises: NotFound.
    """
    for message_id in returned.message_ids:
        mail = bounces.find_sent(connection, message_id)
        told = returned.recipient(mail.to) if mail else None
        if mail and told:
            return _Case(mail, told.verdict, told.status, told.answer or told.status)
    raise NotFound(
        "Det som kom tillbaka hör inte till någon av våra mejl. Inget är ändrat.",
        "What came back belongs to none of our mails. Nothing was changed.",
    )


def _alarm(
    world: World, connection: Connection, case: _Case, now: datetime, *, of_person: bool
) -> bool:
    mail = case.mail
    rounds = {mail.round} if mail.round else {round_id for round_id, _ in mail.tasks}
    kind, subject = IncidentKind.BOUNCE, str(mail.person) if of_person else mail.to
    if mail.person is not None and not of_person:
        # Not their address, or no longer: the one mail is what can be mended, by a resend.
        kind, subject = IncidentKind.MAIL, mail.message_id
    draft = IncidentDraft(
        kind=kind,
        subject=subject,
        case=mail.case,
        detail={
            "person": mail.person,
            "address": mail.to,
            "answer": case.words,
            "status": case.status,
            "mail": mail.message_id,
        },
    )
    round_id = rounds.pop() if len(rounds) == 1 else None
    above = _superiors(world, connection, mail, now)
    return raise_incident(world, connection, draft, round_id, now, also=above)


def _superiors(
    world: World, connection: Connection, mail: SentMail, now: datetime
) -> Sequence[int]:
    """Give who stands above those who owe the open tasks that the mail was about."""
    found: dict[int, None] = {}
    desks: dict[str, StoredFacts] = {}
    for round_id, task_id in mail.tasks:
        if round_id not in desks:
            fact = read_round(connection, round_id)
            desks[round_id] = StoredFacts(connection, fact, world.today(now))
        facts = desks[round_id]
        task = facts.task(task_id.rpartition("#")[0])
        if task is None or task.id != task_id or task.place is None:
            continue
        definition = load_revision(connection, facts.round.revision).definition
        above = superior_place(definition, facts, task.place)
        if above is not None:
            found.update(dict.fromkeys(told_at(facts, (above,))[above]))
    return [person for person in found if person != mail.person]


def _told(case: _Case, *, repeated: bool, incident: bool) -> dict[str, Any]:
    return {
        "verdict": case.verdict,
        "message_id": case.mail.message_id,
        "to": case.mail.to,
        "status": case.status,
        "answer": case.words,
        "repeated": repeated,
        "incident": incident,
    }
