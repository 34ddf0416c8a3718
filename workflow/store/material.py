"""Rows of tables and questions, as they stand in a case."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlmodel import col

from workflow.core.facts import Row
from workflow.store.statements import Statement
from workflow.store.tables import MaterialRow

__all__ = ["count_rows", "read_rows", "replace_rows"]

ROWS: Final = Statement(
    select(col(MaterialRow.cells))
    .where(
        col(MaterialRow.case_id) == bindparam("case_id"),
        col(MaterialRow.table_key) == bindparam("table_key"),
    )
    .order_by(col(MaterialRow.position))
)
COUNT: Final = Statement(
    select(func.count()).where(col(MaterialRow.case_id) == bindparam("case_id"))
)
DELETE: Final = Statement(
    delete(MaterialRow).where(
        col(MaterialRow.case_id) == bindparam("case"),
        col(MaterialRow.table_key) == bindparam("table"),
    )
)
INSERT: Final = Statement(
    insert(MaterialRow), columns=("case_id", "table_key", "position", "cells")
)


def read_rows(connection: Connection, case_id: str, table: str) -> Sequence[Row]:
    """Give the rows of a table in a case, in order."""
    found = ROWS.all(connection, case_id=case_id, table_key=table)
    return [json.loads(row[0]) for row in found]


def count_rows(connection: Connection, case_id: str) -> int:
    """Count the rows of all tables in a case."""
    row = COUNT.first(connection, case_id=case_id)
    return int(row[0]) if row else 0


def replace_rows(connection: Connection, tables: Mapping[tuple[str, str], tuple[Row, ...]]) -> None:
    """Put new rows in place of those of some tables, by case and table."""
    for (case_id, table), rows in tables.items():
        DELETE.run(connection, case=case_id, table=table)
        INSERT.many(
            connection,
            [
                {
                    "case_id": case_id,
                    "table_key": table,
                    "position": position,
                    "cells": json.dumps(row, ensure_ascii=False, sort_keys=True),
                }
                for position, row in enumerate(rows, start=1)
            ],
        )
