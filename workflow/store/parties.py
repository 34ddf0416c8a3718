"""Which parties have members in the bodies of a round."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Grant, Person, RoundUnit

__all__ = ["parties_in"]

PARTIES: Final = Statement(
    select(col(RoundUnit.kind), col(Person.party))
    .distinct()
    .join(Grant, col(Grant.unit) == col(RoundUnit.key))
    .join(Person, col(Person.id) == col(Grant.person_id))
    .where(
        col(RoundUnit.round_id) == bindparam("round_id"),
        col(Grant.from_on) <= bindparam("today"),
        col(Grant.to_on) >= bindparam("today"),
        col(Person.party) != "",
    )
    .order_by(col(RoundUnit.kind), col(Person.party))
)


def parties_in(connection: Connection, round_id: str, today: date) -> Mapping[str, frozenset[str]]:
    """Give the parties whose members hold some role today, by kind of unit or body."""
    found: dict[str, set[str]] = {}
    for kind, party in PARTIES.all(connection, round_id=round_id, today=today):
        found.setdefault(kind, set()).add(party)
    return {kind: frozenset(parties) for kind, parties in found.items()}
