"""The sheets of one table in many cases at once: where the rows of a list come from."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from workflow.core.facts import RowFact
from workflow.store.compiling import OF_CASES
from workflow.store.material import row_fact

__all__ = ["read_sheets"]


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
