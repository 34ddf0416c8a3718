"""Rounds, cases, units and people by what they are called."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Round, RoundUnit

__all__ = ["rounds_with"]

ROUNDS_WITH: Final = Statement(
    select(col(Round.id))
    .where(
        select(col(RoundUnit.key))
        .where(col(RoundUnit.round_id) == col(Round.id), one_of(col(RoundUnit.key), "units"))
        .exists()
    )
    .order_by(col(Round.opened_at).desc(), col(Round.id))
    .limit(bindparam("most"))
)


def rounds_with(connection: Connection, units: Collection[str], most: int) -> list[str]:
    """Give at most so many rounds that have one of some units, the last opened first."""
    return [row[0] for row in ROUNDS_WITH.all(connection, units=sorted(units), most=most)]
