"""What the cells of a round may point at: people with a role, files, rows of the round before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, literal, select
from sqlmodel import col

from workflow.core.facts import Origin, RoundFact, RowFact
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.store.dialects import one_of
from workflow.store.material import FACT, row_fact
from workflow.store.statements import Statement
from workflow.store.tables import Attachment, Case, Grant, MaterialRow, Person, Round, RoundUnit

__all__ = ["files_of", "names_of", "people_in", "previous_round", "rows_of_table", "rows_of_units"]

PEOPLE: Final = Statement(
    select(col(Person.key), col(Person.name))
    .distinct()
    .join(Grant, col(Grant.person_id) == col(Person.id))
    .join(
        RoundUnit,
        and_(
            col(RoundUnit.key) == col(Grant.unit), col(RoundUnit.round_id) == bindparam("round_id")
        ),
    )
    .where(
        one_of(col(Grant.role), "roles"),
        col(Grant.from_on) <= bindparam("today"),
        col(Grant.to_on) >= bindparam("today"),
    )
    .order_by(col(Person.name), col(Person.key))
)
NAMES: Final = Statement(
    select(col(Person.key), col(Person.name)).where(one_of(col(Person.key), "keys"))
)
FILES: Final = Statement(
    select(col(Attachment.number), col(Attachment.name))
    .where(
        col(Attachment.case_id) == bindparam("case"),
        col(Attachment.removed_at).is_(None),
        col(Attachment.digest).is_not(None),
    )
    .order_by(col(Attachment.number))
)
PREVIOUS: Final = Statement(
    select(col(Round.id))
    .where(col(Round.process) == bindparam("process"), col(Round.year) < bindparam("year"))
    .order_by(col(Round.year).desc(), col(Round.opened_at).desc(), col(Round.id))
    .limit(1)
)


def _rows(*, of_unit: bool) -> Statement:
    """Ask for the rows of a table in a round; with `of_unit` in some units' cases alone."""
    query: Any = (
        select(col(MaterialRow.case_id), *FACT)
        .join(Case, col(Case.id) == col(MaterialRow.case_id))
        .where(
            col(Case.round_id) == bindparam("round_id"),
            col(MaterialRow.table_key) == bindparam("table"),
            col(MaterialRow.owner) == literal(0),
            col(Case.state).not_in([literal(MISSING), literal(WITHDRAWN)]),
        )
    )
    if of_unit:
        query = query.where(one_of(col(Case.unit), "units"))
    return Statement(query.order_by(col(Case.id), col(MaterialRow.place), col(MaterialRow.number)))


OF_UNIT: Final = _rows(of_unit=True)
OF_TABLE: Final = _rows(of_unit=False)


def people_in(
    connection: Connection, round_id: str, roles: Collection[str], today: date
) -> Mapping[str, str]:
    """Give who holds one of some roles in a round today: name by permanent key, by name."""
    found = PEOPLE.all(connection, round_id=round_id, roles=list(roles), today=today)
    return {row[0]: row[1] for row in found}


def names_of(connection: Connection, keys: Iterable[str]) -> Mapping[str, str]:
    """Give the names of people by their permanent keys."""
    wanted = sorted(set(keys))
    return {row[0]: row[1] for row in NAMES.all(connection, keys=wanted)} if wanted else {}


def files_of(connection: Connection, case: str) -> Mapping[int, str]:
    """Give the files that a case has: name by number."""
    return {row[0]: row[1] for row in FILES.all(connection, case=case)}


def previous_round(connection: Connection, fact: RoundFact) -> str | None:
    """Give the latest round of the same process for an earlier year."""
    found = PREVIOUS.first(connection, process=fact.process, year=fact.year)
    return str(found[0]) if found else None


def rows_of_units(
    connection: Connection, round_id: str, units: Collection[str], table: str
) -> Sequence[tuple[Origin, RowFact]]:
    """Give the rows of a table in some units' cases of a round, in order."""
    found = OF_UNIT.all(connection, round_id=round_id, units=sorted(units), table=table)
    return [(Origin(row[0], row[1]), row_fact(row[1:])) for row in found]


def rows_of_table(connection: Connection, round_id: str, table: str) -> Sequence[RowFact]:
    """Give the rows of a table in a whole round."""
    return [row_fact(row[1:]) for row in OF_TABLE.all(connection, round_id=round_id, table=table)]
