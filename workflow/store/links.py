"""How rounds hang together: which one was opened by a decision in which."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Round, RoundLink

__all__ = ["Link", "insert_link", "latest_revision", "links_of"]

_COLUMNS: Final = (
    col(RoundLink.round_id),
    col(RoundLink.begun_by),
    col(RoundLink.transition),
    col(RoundLink.begun_at),
)
INSERT: Final = Statement(
    insert(RoundLink), columns=("round_id", "begun_by", "transition", "begun_at")
)
INTO: Final = Statement(select(*_COLUMNS).where(col(RoundLink.round_id) == bindparam("round_id")))
OUT_OF: Final = Statement(
    select(*_COLUMNS)
    .where(col(RoundLink.begun_by) == bindparam("round_id"))
    .order_by(col(RoundLink.begun_at), col(RoundLink.round_id))
)
LATEST_REVISION: Final = Statement(
    select(col(Round.revision))
    .where(col(Round.process) == bindparam("process"))
    .order_by(col(Round.opened_at).desc(), col(Round.id).desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A round, and the one in which it was decided to open it."""

    round: str
    begun_by: str
    transition: str
    begun_at: datetime


def insert_link(connection: Connection, link: Link) -> None:
    """Write by what a new round was opened."""
    row = {
        "round_id": link.round,
        "begun_by": link.begun_by,
        "transition": link.transition,
        "begun_at": link.begun_at,
    }
    INSERT.many(connection, [row])


def links_of(connection: Connection, round_id: str) -> tuple[Link | None, list[Link]]:
    """Give by what a round was opened, if by another one, and which it has opened itself."""
    into, *_ = [*INTO.all(connection, round_id=round_id), None]
    return (
        _link(*into) if into else None,
        [_link(*row) for row in OUT_OF.all(connection, round_id=round_id)],
    )


def latest_revision(connection: Connection, process: str) -> str | None:
    """Give the revision that the latest round of a process was opened with."""
    row = LATEST_REVISION.first(connection, process=process)
    return str(row[0]) if row else None


def _link(round_id: str, begun_by: str, transition: str, begun_at: datetime) -> Link:
    return Link(round=round_id, begun_by=begun_by, transition=transition, begun_at=begun_at)
