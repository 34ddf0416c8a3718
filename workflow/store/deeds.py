"""What has been done with one case, entry by entry: who moved it, asked, answered, saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Person, Question

__all__ = ["Asked", "Deed", "asked", "deeds", "last_number", "payloads"]

KINDS: Final = (
    EntryKind.OPENED,
    EntryKind.TRANSITION,
    EntryKind.SIGNED,
    EntryKind.NEXT,
    EntryKind.AT_DUE,
    EntryKind.REOPENED,
    EntryKind.MISSING,
    EntryKind.WITHDRAWN,
    EntryKind.SAVED,
    EntryKind.COMPILED,
)
"""What changes where a case stands, or what is filled in."""
_of_these = col(Entry.kind).in_([literal(kind.value) for kind in KINDS])
_Absent = aliased(Person)

DEEDS: Final = Statement(
    select(
        col(Entry.number),
        col(Entry.at),
        col(Entry.kind),
        col(Entry.transition),
        col(Entry.from_state),
        col(Entry.to_state),
        col(Entry.case_version),
        col(Entry.actor),
        col(Person.name),
        col(_Absent.name),
    )
    .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
    .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
    .where(col(Entry.case_id) == bindparam("case"), _of_these)
    .order_by(col(Entry.number))
)
LAST: Final = Statement(
    select(func.max(col(Entry.number))).where(col(Entry.case_id) == bindparam("case"), _of_these)
)
PAYLOADS: Final = Statement(
    select(col(EntryPayload.body))
    .join(
        Entry,
        and_(
            col(Entry.chain) == col(EntryPayload.chain),
            col(Entry.number) == col(EntryPayload.number),
        ),
    )
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


def payloads(connection: Connection, case: str, last: int) -> list[Mapping[str, Any]]:
    """Give what the entries up to a number told, oldest first; those disposed of are left out."""
    return [json.loads(row[0]) for row in PAYLOADS.all(connection, case=case, last=last)]


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
