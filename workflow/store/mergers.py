"""Units that have ended and gone into others: merged, or renamed under a new key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import RoundUnit, Unit

__all__ = ["Merged", "ended_into", "going_into", "merged_in"]

ENDED: Final = Statement(
    select(col(Unit.key), col(Unit.into))
    .where(col(Unit.into).is_not(None), col(Unit.to_on) < bindparam("today"))
    .order_by(col(Unit.position), col(Unit.key))
)
_Into = aliased(Unit)
MERGED: Final = Statement(
    select(col(Unit.key), col(_Into.name), col(Unit.to_on))
    .join(_Into, col(_Into.key) == col(Unit.into))
    .join(
        RoundUnit,
        and_(col(RoundUnit.key) == col(Unit.key), col(RoundUnit.round_id) == bindparam("round_id")),
    )
    .order_by(col(RoundUnit.position))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A unit of a round that goes into another, or has."""

    key: str
    into_name: str
    last_on: date


def merged_in(connection: Connection, round_id: str) -> Sequence[Merged]:
    """Give a round's units that have gone into others since, or will, in its own order."""
    rows = MERGED.all(connection, round_id=round_id)
    return [Merged(key=row[0], into_name=row[1], last_on=row[2]) for row in rows]


def ended_into(connection: Connection, today: date) -> Mapping[str, Sequence[str]]:
    """Give which units had gone straight into each unit before today, in the files' order."""
    found: dict[str, list[str]] = {}
    for key, into in ENDED.all(connection, today=today):
        found.setdefault(into, []).append(key)
    return found


def going_into(ended: Mapping[str, Sequence[str]], unit: str) -> Sequence[str]:
    """Give the units that went into a unit, through any number of steps, the nearest first."""
    found: list[str] = []
    waiting = [unit]
    while waiting:
        for key in ended.get(waiting.pop(0), ()):
            if key != unit and key not in found:
                found.append(key)
                waiting.append(key)
    return found
