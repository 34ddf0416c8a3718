"""Commands by the id their sender gave them, and those that were turned down."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Case, Entry, Person, Refusal, Request

__all__ = ["Known", "find", "keep", "latest", "refuse"]

FIND: Final = Statement(
    select(col(Request.fingerprint), col(Request.answer)).where(
        col(Request.id) == bindparam("request")
    )
)
KEEP: Final = Statement(
    # Rounds run in parallel: another round's command may bear the same id.
    postgresql_insert(Request)
    .values(
        id=bindparam("request"),
        fingerprint=bindparam("print"),
        answer=bindparam("told"),
        at=bindparam("now"),
    )
    .on_conflict_do_nothing()
)
REFUSE: Final = Statement(
    insert(Refusal),
    columns=("at", "round_id", "case_id", "transition", "actor", "via", "code", "reasons"),
)
BESIDE: Final = (
    EntryKind.SAVED,
    EntryKind.COMPILED,
    EntryKind.LAID_OUT,
    EntryKind.COUNTED,
    EntryKind.CARRIED,
    EntryKind.COMMENTED,
    EntryKind.ATTACHED,
    EntryKind.DETACHED,
    EntryKind.RELEASED,
    EntryKind.RELEASE_WITHDRAWN,
    EntryKind.NUDGED,
)
"""What is done beside a case without deciding anything in it."""
_Absent = aliased(Person)
LATEST: Final = Statement(
    select(
        col(Case.state),
        col(Case.version),
        col(Case.round_id),
        func.coalesce(col(Entry.transition), col(Entry.kind)),
        col(Entry.at),
        col(Person.name),
        col(_Absent.name),
    )
    .join(
        Entry,
        and_(
            col(Entry.case_id) == col(Case.id),
            col(Entry.kind).not_in([literal(kind.value) for kind in BESIDE]),
        ),
        isouter=True,
    )
    .join(Person, col(Person.id) == col(Entry.actor), isouter=True)
    .join(_Absent, col(_Absent.id) == col(Entry.on_behalf_of), isouter=True)
    .where(col(Case.id) == bindparam("case"))
    .order_by(col(Entry.number).desc())
    .limit(1)
)
PERSON: Final = Statement(select(col(Person.id)).where(col(Person.email) == bindparam("email")))


@dataclass(frozen=True, slots=True)
class Known:
    """A request that was carried out."""

    fingerprint: str
    answer: str


def find(connection: Connection, request: str) -> Known | None:
    """Give what was answered to a request."""
    row = FIND.first(connection, request=request)
    return Known(row[0], row[1]) if row else None


def keep(connection: Connection, request: str, fingerprint: str, answer: str, at: datetime) -> bool:
    """Keep the answer to a request; False when another command has its id by now."""
    return KEEP.run(connection, request=request, print=fingerprint, told=answer, now=at) == 1


def latest(connection: Connection, case_id: str) -> dict[str, Any] | None:
    """Give where a case stands, and who last moved it when; `X för Y` for a substitute."""
    row = LATEST.first(connection, case=case_id)
    if row is None:
        return None
    return {
        "case": case_id,
        "state": row[0],
        "version": row[1],
        "last_transition": row[3],
        "at": row[4],
        "by": f"{row[5]} för {row[6]}" if row[6] else row[5],
    }


def refuse(  # noqa: PLR0913 - the columns of a refusal
    connection: Connection,
    *,
    at: datetime,
    case: str,
    transition: str,
    email: str,
    via: str,
    code: str,
    reasons: list[str],
) -> None:
    """Keep an attempt that was turned down."""
    known = LATEST.first(connection, case=case)
    person = PERSON.first(connection, email=email.strip().lower())
    REFUSE.many(
        connection,
        [
            {
                "at": at,
                "round_id": known[2] if known else None,
                "case_id": case,
                "transition": transition,
                "actor": person[0] if person else None,
                "via": via,
                "code": code,
                "reasons": json.dumps(reasons),
            }
        ],
    )
