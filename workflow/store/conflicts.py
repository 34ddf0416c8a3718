"""Conflicts of interest: who takes no part in what becomes of which row of a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, insert, select
from sqlmodel import col

from workflow.core.facts import RowKey
from workflow.store.statements import Statement
from workflow.store.tables import Conflict

__all__ = ["Declared", "conflicts_in", "end", "find", "persons_in_conflict", "put"]

_COLUMNS: Final = ("case_id", "table_key", "number", "person", "reason", "declared_at")
_this_one = and_(
    col(Conflict.case_id) == bindparam("case"),
    col(Conflict.table_key) == bindparam("table"),
    col(Conflict.number) == bindparam("row_number"),
    col(Conflict.person) == bindparam("who"),
)
_all = select(*(col(getattr(Conflict, name)) for name in _COLUMNS))

IN_ROUND: Final = Statement(
    _all.where(col(Conflict.round_id) == bindparam("round_id")).order_by(
        col(Conflict.case_id),
        col(Conflict.table_key),
        col(Conflict.number),
        col(Conflict.declared_at),
        col(Conflict.person),
    )
)
ONE: Final = Statement(_all.where(_this_one))
INSERT: Final = Statement(insert(Conflict), columns=("round_id", *_COLUMNS))
DELETE: Final = Statement(delete(Conflict).where(_this_one))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Somebody's conflict of interest in a row."""

    row: RowKey
    person: int
    reason: str
    at: datetime


def conflicts_in(connection: Connection, round_id: str) -> Sequence[Declared]:
    """Give the conflicts of a round, by row, oldest first."""
    return [_declared(row) for row in IN_ROUND.all(connection, round_id=round_id)]


def persons_in_conflict(connection: Connection, round_id: str) -> Mapping[RowKey, frozenset[int]]:
    """Give who has a conflict in which row of a round."""
    found: dict[RowKey, set[int]] = {}
    for one in conflicts_in(connection, round_id):
        found.setdefault(one.row, set()).add(one.person)
    return {row: frozenset(persons) for row, persons in found.items()}


def find(connection: Connection, row: RowKey, person: int) -> Declared | None:
    """Give somebody's conflict in a row; None when they have none."""
    found = ONE.first(connection, **_named(row, person))
    return _declared(found) if found else None


def put(connection: Connection, round_id: str, one: Declared) -> None:
    """Write a conflict. The round is locked."""
    values = (
        one.row.case,
        one.row.table,
        one.row.number,
        one.person,
        one.reason,
        one.at,
    )
    row = dict(zip(_COLUMNS, values, strict=True))
    INSERT.many(connection, [{"round_id": round_id, **row}])


def end(connection: Connection, row: RowKey, person: int) -> None:
    """Take a conflict away. The round is locked."""
    DELETE.run(connection, **_named(row, person))


def _named(row: RowKey, person: int) -> dict[str, object]:
    return {"case": row.case, "table": row.table, "row_number": row.number, "who": person}


def _declared(row: Sequence[Any]) -> Declared:
    case, table, number, person, reason, at = row
    return Declared(row=RowKey(case, table, number), person=person, reason=reason, at=at)
