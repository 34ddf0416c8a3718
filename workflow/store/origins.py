"""The sheets of one table in many cases at once: where the rows of a list come from."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, literal, select
from sqlmodel import col

from workflow.core.facts import Origin, RowFact
from workflow.store.compiling import OF_CASES
from workflow.store.dialects import one_of
from workflow.store.material import FACT, row_fact
from workflow.store.statements import Statement
from workflow.store.tables import MaterialRow

__all__ = ["read_orders", "read_sheets", "rows_showing"]

ORDERS: Final = Statement(
    select(col(MaterialRow.case_id), col(MaterialRow.number))
    .where(
        one_of(col(MaterialRow.case_id), "cases"),
        col(MaterialRow.table_key) == bindparam("table"),
        col(MaterialRow.owner) == literal(0),
    )
    .order_by(col(MaterialRow.case_id), col(MaterialRow.place), col(MaterialRow.number))
)


SHOWING: Final = Statement(
    select(col(MaterialRow.case_id), *FACT).where(
        one_of(col(MaterialRow.case_id), "cases"),
        col(MaterialRow.table_key) == bindparam("table"),
        col(MaterialRow.owner) == literal(0),
        one_of(col(MaterialRow.origin_case), "origin_cases"),
        one_of(col(MaterialRow.origin_number), "numbers"),
    )
)


def rows_showing(
    connection: Connection, cases: Collection[str], table: str, origins: Collection[Origin]
) -> Sequence[tuple[str, RowFact]]:
    """Give the rows of a table in some cases that show one of some rows, each with its case;
    in no order."""
    wanted = frozenset(origins)
    rows = SHOWING.all(
        connection,
        cases=sorted(cases),
        table=table,
        origin_cases=sorted({one.case for one in wanted}),
        numbers=sorted({one.number for one in wanted}),
    )
    found = ((row[0], row_fact(row[1:])) for row in rows)
    return [(case, row) for case, row in found if row.origin in wanted]


def read_orders(
    connection: Connection, cases: Collection[str], table: str
) -> Mapping[str, Sequence[int]]:
    """Give the numbers of a table's rows in some cases, in order, by case."""
    found: dict[str, list[int]] = {}
    for case, number in ORDERS.all(connection, cases=sorted(cases), table=table):
        found.setdefault(case, []).append(number)
    return found


def read_sheets(
    connection: Connection, cases: Collection[str], table: str
) -> Mapping[str, Sequence[RowFact]]:
    """Give the rows of a table in some cases, in order, by case; one statement."""
    found: dict[str, list[RowFact]] = {}
    for row in OF_CASES.all(connection, cases=sorted(cases), table=table):
        found.setdefault(row[0], []).append(row_fact(row[1:]))
    return {
        case: sorted(rows, key=lambda row: (row.place, row.number)) for case, rows in found.items()
    }
