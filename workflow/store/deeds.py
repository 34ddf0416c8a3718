"""What the log tells of one case, entry by entry: who moved it, asked, answered, saved; and
where a round's log ends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Person, Question

__all__ = [
    "Asked",
    "Deed",
    "End",
    "Told",
    "asked",
    "deeds",
    "end_of",
    "last_number",
    "last_number_for",
    "payloads",
    "told",
]

TELLING: Final = (
    EntryKind.TRANSITION,
    EntryKind.SIGNED,
    EntryKind.SAVED,
    EntryKind.COMPILED,
    EntryKind.LAID_OUT,
    EntryKind.COUNTED,
    EntryKind.CARRIED,
)
"""What tells of rows."""
KINDS: Final = (
    *TELLING,
    EntryKind.OPENED,
    EntryKind.NEXT,
    EntryKind.AT_DUE,
    EntryKind.REOPENED,
    EntryKind.MISSING,
    EntryKind.WITHDRAWN,
)
"""What changes where a case stands, or what is filled in."""
_of_these = col(Entry.kind).in_([literal(kind.value) for kind in KINDS])
_Absent = aliased(Person)
_payload = and_(
    col(EntryPayload.chain) == col(Entry.chain), col(EntryPayload.number) == col(Entry.number)
)


def _by_whom(*columns: Any) -> Any:
    """Ask for columns of a case's entries, then who made each and for whom, oldest first."""
    return (
        select(*columns, col(Person.name), col(_Absent.name))
        .select_from(Entry)
        .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
        .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
        .where(col(Entry.case_id) == bindparam("case"))
        .order_by(col(Entry.number))
    )


DEEDS: Final = Statement(
    _by_whom(
        col(Entry.number),
        col(Entry.at),
        col(Entry.kind),
        col(Entry.transition),
        col(Entry.from_state),
        col(Entry.to_state),
        col(Entry.case_version),
        col(Entry.actor),
    ).where(_of_these)
)
TOLD: Final = Statement(
    _by_whom(col(Entry.number), col(Entry.at), col(Entry.actor), col(EntryPayload.body))
    .join(EntryPayload, _payload)
    .where(col(Entry.kind).in_([literal(kind.value) for kind in TELLING]))
)
END: Final = Statement(
    select(col(Entry.number), col(Entry.at))
    .where(col(Entry.chain) == bindparam("chain"))
    .order_by(col(Entry.number).desc())
    .limit(1)
)
LAST: Final = Statement(
    select(func.max(col(Entry.number))).where(col(Entry.case_id) == bindparam("case"), _of_these)
)
LAST_FOR: Final = Statement(
    select(func.max(col(Entry.number))).where(
        col(Entry.case_id) == bindparam("case"),
        _of_these,
        or_(
            col(Entry.kind).not_in([literal(EntryKind.SAVED), literal(EntryKind.SIGNED)]),
            col(Entry.actor) == bindparam("person"),
            col(Entry.on_behalf_of).is_not(None),
        ),
    )
)
PAYLOADS: Final = Statement(
    select(col(EntryPayload.body))
    .join(Entry, _payload)
    .where(
        col(Entry.case_id) == bindparam("case"), _of_these, col(Entry.number) <= bindparam("last")
    )
    .order_by(col(Entry.number))
)
_Answerer = aliased(Person)
QUESTIONS: Final = Statement(
    select(
        col(Question.number),
        col(Question.text),
        col(Question.asked_at),
        col(Person.name),
        col(Question.answer),
        col(Question.answered_at),
        col(_Answerer.name),
    )
    .join(Person, col(Person.id) == col(Question.asked_by), isouter=True)
    .join(_Answerer, col(_Answerer.id) == col(Question.answered_by), isouter=True)
    .where(col(Question.case_id) == bindparam("case"))
    .order_by(col(Question.number))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An entry about a case."""

    number: int
    at: datetime
    kind: EntryKind
    transition: str | None
    from_state: str | None
    to_state: str | None
    version: int | None
    """The case's version after it, when it moved the case."""
    actor: int | None
    name: str
    """Of the actor; empty when it happened by itself."""
    behind: str
    """Name of the one it was done for; empty when it was done in their own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry that may tell of rows; those whose payload was disposed of are not given."""

    number: int
    at: datetime
    actor: int | None
    name: str
    """Of the actor; empty when it happened by itself."""
    behind: str
    """Name of the one it was done for; empty when it was done in their own name."""
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class End:
    """The last entry of a log."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a case, with its answer."""

    number: int
    text: str
    asked_at: datetime
    asked_by: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str
    """Name; empty while nobody has."""


def deeds(connection: Connection, case: str) -> list[Deed]:
    """Give what has been done with a case, oldest first."""
    return [
        Deed(
            number=row[0],
            at=datetime.fromisoformat(row[1]),
            kind=EntryKind(row[2]),
            transition=row[3],
            from_state=row[4],
            to_state=row[5],
            version=row[6],
            actor=row[7],
            name=row[8] or "",
            behind=row[9] or "",
        )
        for row in DEEDS.all(connection, case=case)
    ]


def last_number(connection: Connection, case: str) -> int:
    """Give the number of the last entry that changed a case or what is filled in; 0 for none."""
    row = LAST.first(connection, case=case)
    return int(row[0] or 0) if row else 0


def last_number_for(connection: Connection, case: str, person: int) -> int:
    """Give the number of the last entry that changed a case, or what somebody, or anybody for
    somebody else, fills in; 0 for none."""
    row = LAST_FOR.first(connection, case=case, person=person)
    return int(row[0] or 0) if row else 0


def payloads(connection: Connection, case: str, last: int) -> list[Mapping[str, Any]]:
    """Give what the entries up to a number told, oldest first; those disposed of are left out."""
    return [json.loads(row[0]) for row in PAYLOADS.all(connection, case=case, last=last)]


def told(connection: Connection, case: str) -> list[Told]:
    """Give what the log tells of a case's tables, oldest first."""
    return [
        Told(
            number=row[0],
            at=datetime.fromisoformat(row[1]),
            actor=row[2],
            payload=json.loads(row[3]),
            name=row[4] or "",
            behind=row[5] or "",
        )
        for row in TOLD.all(connection, case=case)
    ]


def end_of(connection: Connection, chain: str) -> End:
    """Give the last entry of a log.

    Raises: LookupError when it has none.
    """
    row = END.first(connection, chain=chain)
    if row is None:
        raise LookupError(chain)
    return End(int(row[0]), datetime.fromisoformat(row[1]))


def asked(connection: Connection, case: str) -> list[Asked]:
    """Give a case's questions by number."""
    return [
        Asked(
            number=row[0],
            text=row[1],
            asked_at=row[2],
            asked_by=row[3] or "",
            answer=row[4],
            answered_at=row[5],
            answered_by=row[6] or "",
        )
        for row in QUESTIONS.all(connection, case=case)
    ]
