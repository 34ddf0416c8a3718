"""What the log tells of one case's tables, entry by entry; and where a round's log ends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, Person

__all__ = ["End", "Told", "end_of", "told"]

KINDS: Final = (
    EntryKind.TRANSITION,
    EntryKind.SIGNED,
    EntryKind.SAVED,
    EntryKind.COMPILED,
)
"""What tells of rows."""
_Absent = aliased(Person)
TOLD: Final = Statement(
    select(
        col(Entry.number),
        col(Entry.at),
        col(Person.name),
        col(_Absent.name),
        col(EntryPayload.body),
    )
    .join(
        EntryPayload,
        and_(
            col(EntryPayload.chain) == col(Entry.chain),
            col(EntryPayload.number) == col(Entry.number),
        ),
    )
    .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
    .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
    .where(
        col(Entry.case_id) == bindparam("case"),
        col(Entry.kind).in_([literal(kind.value) for kind in KINDS]),
    )
    .order_by(col(Entry.number))
)
END: Final = Statement(
    select(col(Entry.number), col(Entry.at))
    .where(col(Entry.chain) == bindparam("chain"))
    .order_by(col(Entry.number).desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry that may tell of rows; those whose payload was disposed of are not given."""

    number: int
    at: datetime
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


def told(connection: Connection, case: str) -> list[Told]:
    """Give what the log tells of a case's tables, oldest first."""
    return [
        Told(
            number=row[0],
            at=datetime.fromisoformat(row[1]),
            name=row[2] or "",
            behind=row[3] or "",
            payload=json.loads(row[4]),
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
