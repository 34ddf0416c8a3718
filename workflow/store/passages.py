"""How the cases of a round have moved between two instants, without what the log says of why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, literal, select
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Case, Entry

__all__ = ["Passage", "passages"]

KINDS: Final = (
    EntryKind.OPENED,
    EntryKind.TRANSITION,
    EntryKind.NEXT,
    EntryKind.AT_DUE,
    EntryKind.REOPENED,
    EntryKind.MISSING,
)
"""What moves a case."""
PASSAGES: Final = Statement(
    select(
        col(Entry.case_id),
        col(Case.kind),
        col(Entry.at),
        col(Entry.kind),
        col(Entry.from_state),
        col(Entry.to_state),
    )
    .join(Case, col(Case.id) == col(Entry.case_id))
    .where(
        col(Entry.chain) == bindparam("chain"),
        col(Entry.kind).in_([literal(kind.value) for kind in KINDS]),
        col(Entry.at) > bindparam("since"),
        col(Entry.at) <= bindparam("until"),
    )
    .order_by(col(Entry.number))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """That a case went from one state to another."""

    case: str
    case_kind: str
    at: datetime
    kind: EntryKind
    from_state: str | None
    to_state: str | None


def passages(
    connection: Connection, round_id: str, since: datetime, until: datetime
) -> Sequence[Passage]:
    """Give every move of a round's cases after one instant up to another, oldest first."""
    given = {"since": write_instant(since), "until": write_instant(until)}
    return [
        Passage(
            case=row[0],
            case_kind=row[1],
            at=datetime.fromisoformat(row[2]),
            kind=EntryKind(row[3]),
            from_state=row[4],
            to_state=row[5],
        )
        for row in PASSAGES.all(connection, chain=round_id, **given)
    ]
