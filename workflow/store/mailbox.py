"""Mail that has left, as its recipients have it: for a demo, where anybody may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, LargeBinary, bindparam, func, literal, or_, select
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Message, Person

__all__ = ["MailLeft", "list_recipients", "list_sent", "list_since", "read_sent"]

_HEAD: Final = 16_384
"""Bytes in which the header of a mail of ours stands."""

_left = col(Message.state).in_([literal("sent"), literal("bounced")])
_person = bindparam("person", type_=Integer())
_COLUMNS: Final = (
    col(Message.id),
    col(Message.message_id),
    col(Message.sent_at),
    col(Message.kind),
    col(Message.case_id),
    col(Message.state),
    func.coalesce(col(Person.name), ""),
    func.coalesce(col(Message.to_address), col(Person.email)),
)
_FROM: Final = select(
    *_COLUMNS, func.substr(col(Message.body), 1, _HEAD, type_=LargeBinary())
).join(Person, col(Person.id) == col(Message.person_id), isouter=True)
LIST: Final = Statement(
    _FROM.where(
        _left,
        or_(_person == 0, col(Message.person_id) == _person),
        col(Message.id) < bindparam("before"),
    )
    .order_by(col(Message.id).desc())
    .limit(bindparam("most"))
)
SINCE: Final = Statement(
    _FROM.where(_left, col(Message.sent_at) > bindparam("since")).order_by(
        col(Message.sent_at), col(Message.id)
    )
)
ONE: Final = Statement(
    select(*_COLUMNS, col(Message.body))
    .join(Person, col(Person.id) == col(Message.person_id), isouter=True)
    .where(_left, col(Message.message_id) == bindparam("name"))
)
RECIPIENTS: Final = Statement(
    select(col(Person.id), col(Person.name), func.count())
    .join(Message, col(Message.person_id) == col(Person.id))
    .where(_left)
    .group_by(col(Person.id), col(Person.name))
    .order_by(col(Person.name), col(Person.id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLeft:
    """A mail that has left."""

    id: int
    message_id: str
    at: datetime
    kind: str
    case: str | None
    state: str
    """sent or bounced."""
    name: str
    """The recipient's; empty for an address that stands in the settings."""
    address: str
    body: bytes
    """Its beginning, where it was listed; empty when it was disposed of."""


def list_sent(connection: Connection, person: int, before: int, most: int) -> list[MailLeft]:
    """Give at most so many mails to somebody, or with 0 to anybody, newest first; with lower
    numbers than `before`."""
    rows = LIST.all(connection, person=person, before=before, most=most)
    return [_mail(row) for row in rows]


def list_since(connection: Connection, since: datetime) -> list[MailLeft]:
    """Give the mails that left after an instant, the first one first."""
    return [_mail(row) for row in SINCE.all(connection, since=since)]


def read_sent(connection: Connection, message_id: str) -> MailLeft | None:
    """Give one with all of its bytes; None when no such mail has left."""
    row = ONE.first(connection, name=message_id) if message_id.isprintable() else None
    return None if row is None else _mail(row)


def list_recipients(connection: Connection) -> list[tuple[int, str, int]]:
    """Give id, name and number of mails of everybody who got any, by name."""
    return [(row[0], row[1], row[2]) for row in RECIPIENTS.all(connection)]


def _mail(row: Sequence[Any]) -> MailLeft:
    return MailLeft(
        id=row[0],
        message_id=row[1],
        at=row[2],
        kind=row[3],
        case=row[4],
        state=row[5],
        name=row[6],
        address=row[7] or "",
        body=bytes(row[8] or b""),
    )
