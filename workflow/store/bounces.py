"""What a returned mail does to the rows: the message, the address, and what heals them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, String, bindparam, cast, func, insert, literal, select, update
from sqlmodel import col

from workflow.core.facts import IncidentKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import DeliveryAttempt, Incident, Message, Person

__all__ = [
    "SentMail",
    "find_sent",
    "heal",
    "mark_address",
    "mark_refused",
    "mark_returned",
    "marked",
    "names_of_marked",
    "note_answer",
    "returned",
]

FIND: Final = Statement(
    select(
        col(Message.id),
        col(Message.message_id),
        col(Message.round_id),
        col(Message.person_id),
        col(Message.case_id),
        col(Message.task_id),
        col(Message.content),
        col(Message.state),
        col(Message.attempt),
        func.coalesce(col(Message.to_address), col(Person.email)),
        col(Person.email),
    )
    .join(Person, col(Person.id) == col(Message.person_id), isouter=True)
    .where(col(Message.message_id) == bindparam("name"))
    .with_for_update(key_share=True, of=Message)
)
RETURNED: Final = Statement(
    update(Message)
    .where(col(Message.id) == bindparam("key"))
    # Whoever is sending it right now comes too late to say that it was taken.
    .values(
        state="bounced",
        error=bindparam("answer"),
        claimed_until=None,
        fence=col(Message.fence) + 1,
    )
)
LAST_NUMBER: Final = Statement(
    select(func.max(col(DeliveryAttempt.number))).where(
        col(DeliveryAttempt.message_id) == bindparam("key")
    )
)
KNOWN_ANSWER: Final = Statement(
    select(col(DeliveryAttempt.number)).where(
        col(DeliveryAttempt.message_id) == bindparam("key"),
        col(DeliveryAttempt.outcome) == bindparam("what"),
        col(DeliveryAttempt.answer) == bindparam("words"),
    )
)
ANSWERED: Final = Statement(
    insert(DeliveryAttempt), columns=("message_id", "number", "at", "outcome", "answer")
)
MARK_ADDRESS: Final = Statement(
    update(Person)
    .where(col(Person.id) == bindparam("person"), col(Person.email) == bindparam("address"))
    .values(bounced_at=bindparam("now"), bounce=bindparam("words"))
)
MARK_REFUSED: Final = Statement(
    update(Person)
    .where(
        col(Person.email)
        == select(col(Message.to_address))
        .where(col(Message.id) == bindparam("key"), col(Message.person_id) == bindparam("person"))
        .scalar_subquery(),
        col(Person.id) == bindparam("person"),
    )
    .values(bounced_at=bindparam("now"), bounce=bindparam("words"))
)
MARKED: Final = Statement(
    select(col(Person.id), col(Person.name))
    .where(one_of(col(Person.id), "ids"), col(Person.bounced_at).is_not(None))
    .order_by(col(Person.id))
)
RETURNED_FROM: Final = Statement(
    select(col(Person.id), col(Person.bounced_at), col(Person.bounce)).where(
        col(Person.bounced_at).is_not(None)
    )
)
HEAL_ADDRESSES: Final = Statement(
    update(Person)
    .where(
        col(Person.bounced_at).is_not(None),
        select(col(Message.id))
        .where(
            col(Message.person_id) == col(Person.id),
            col(Message.state) == literal("sent"),
            col(Message.to_address) == col(Person.email),
            col(Message.sent_at) > col(Person.bounced_at),
            col(Message.sent_at) <= bindparam("before"),
        )
        .exists(),
    )
    .values(bounced_at=None, bounce=None)
)
CLOSE_HEALED: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind) == literal(IncidentKind.BOUNCE.value),
        col(Incident.closed_at).is_(None),
        select(col(Person.id))
        .where(
            cast(col(Person.id), String) == col(Incident.subject), col(Person.bounced_at).is_(None)
        )
        .exists(),
    )
    .values(closed_at=bindparam("now"))
)
CLOSE_REACHED: Final = Statement(
    update(Incident)
    .where(
        col(Incident.kind) == literal(IncidentKind.BOUNCE.value),
        col(Incident.closed_at).is_(None),
        select(col(Message.id))
        .where(
            col(Message.to_address) == col(Incident.subject),
            col(Message.state) == literal("sent"),
            col(Message.sent_at) > col(Incident.opened_at),
            col(Message.sent_at) <= bindparam("before"),
        )
        .exists(),
    )
    .values(closed_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A message that has left, and to whom."""

    id: int
    message_id: str
    round: str | None
    person: int | None
    """Empty when it went to an address that stands in the settings."""
    case: str | None
    tasks: tuple[tuple[str, str], ...]
    """Round and id of the tasks that it was about."""
    state: str
    to: str
    """The address that it went to."""
    email: str | None
    """The person's address now."""


def find_sent(connection: Connection, message_id: str) -> SentMail | None:
    """Find a message that has left, and lock it; None when there is none of that id, or it
    has never been tried."""
    row = FIND.first(connection, name=message_id)
    if row is None or not row[8]:
        return None
    return SentMail(
        id=row[0],
        message_id=row[1],
        round=row[2],
        person=row[3],
        case=row[4],
        tasks=_tasks(row[2], row[5], json.loads(row[6])),
        state=row[7],
        to=str(row[9]),
        email=row[10],
    )


def _tasks(
    round_id: str | None, task: str | None, content: dict[str, Any]
) -> tuple[tuple[str, str], ...]:
    if task and round_id:
        return ((round_id, task),)
    told = content.get("reminders", ())
    return tuple(dict.fromkeys((one["round"], one["task"]) for one in told if one.get("task")))


def mark_returned(connection: Connection, message: SentMail, answer: str, now: datetime) -> None:
    """Say that a message came back, with the other side's words."""
    RETURNED.run(connection, key=message.id, answer=answer)
    _add_answer(connection, message.id, "bounced", answer, now)


def note_answer(connection: Connection, message: SentMail, answer: str, now: datetime) -> bool:
    """Note that a message is delayed on the other side; False when that is known."""
    # While it is queued here its own attempts go on counting.
    known = KNOWN_ANSWER.first(connection, key=message.id, what="delayed", words=answer)
    if message.state != "sent" or known is not None:
        return False
    _add_answer(connection, message.id, "delayed", answer, now)
    return True


def _add_answer(
    connection: Connection, message: int, outcome: str, answer: str, now: datetime
) -> None:
    last = LAST_NUMBER.first(connection, key=message)
    number = (last[0] or 0) + 1 if last else 1
    row = {
        "message_id": message,
        "number": number,
        "at": now,
        "outcome": outcome,
        "answer": answer,
    }
    ANSWERED.many(connection, [row])


def mark_address(
    connection: Connection, person: int, address: str, answer: str, now: datetime
) -> bool:
    """Mark a person's address as one that mail comes back from; False when it is no longer
    theirs."""
    return MARK_ADDRESS.run(connection, person=person, address=address, words=answer, now=now) == 1


def mark_refused(
    connection: Connection, message: int, person: int, answer: str, now: datetime
) -> None:
    """Mark a person's address as one that the mail server refused for good."""
    MARK_REFUSED.run(connection, key=message, person=person, words=answer, now=now)


def names_of_marked(connection: Connection, people: Sequence[int]) -> list[str]:
    """Give the names of those whose address mail comes back from."""
    return list(marked(connection, people).values())


def marked(connection: Connection, people: Sequence[int]) -> dict[int, str]:
    """Give those of some persons whose address mail comes back from, with their names."""
    rows = MARKED.all(connection, ids=list(people)) if people else []
    return {row[0]: row[1] for row in rows}


def returned(connection: Connection) -> dict[int, tuple[datetime, str]]:
    """Give everybody whose address mail comes back from: since when, and what was said."""
    return {row[0]: (row[1], row[2] or "") for row in RETURNED_FROM.all(connection)}


def heal(connection: Connection, before: datetime, now: datetime) -> int:
    """Take the mark from addresses to which a later mail left before an instant and did not
    come back, and close the incidents whose address has no mark. Gives how many closed."""
    HEAL_ADDRESSES.run(connection, before=before)
    closed = CLOSE_HEALED.run(connection, now=now)
    return closed + CLOSE_REACHED.run(connection, before=before, now=now)
