"""Sheets and their rows, as they stand in a case."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlmodel import col

from workflow.core.errors import Stale
from workflow.core.facts import Origin, Row, RowFact, SheetChange, SheetKey
from workflow.store.statements import Statement
from workflow.store.tables import MaterialRow, Sheet

__all__ = [
    "count_rows",
    "drawn_line",
    "last_number",
    "read_reasons",
    "read_row",
    "read_rows",
    "read_sheet",
    "row_fact",
    "save_sheets",
    "sheet_gap",
]

FACT: Final = (
    col(MaterialRow.number),
    col(MaterialRow.place),
    col(MaterialRow.version),
    col(MaterialRow.cells),
    col(MaterialRow.origin_case),
    col(MaterialRow.origin_number),
)
OF_SHEET: Final = and_(
    col(MaterialRow.case_id) == bindparam("case"),
    col(MaterialRow.table_key) == bindparam("table"),
    col(MaterialRow.owner) == bindparam("owner"),
)
IN_ORDER: Final = (col(MaterialRow.place), col(MaterialRow.number))
SHEET: Final = Statement(select(*FACT).where(OF_SHEET).order_by(*IN_ORDER))
ROW: Final = Statement(
    select(*FACT).where(OF_SHEET, col(MaterialRow.number) == bindparam("number"))
)


def _place(*, after: bool, backwards: bool) -> Statement:
    """Ask for the place of the first or last row, or of the one behind a place."""
    place = col(MaterialRow.place)
    query: Select[Any] = select(place).where(OF_SHEET)
    if after:
        query = query.where(place > bindparam("behind"))
    return Statement(query.order_by(place.desc() if backwards else place).limit(1))


FIRST_PLACE: Final = _place(after=False, backwards=False)
LAST_PLACE: Final = _place(after=False, backwards=True)
NEXT_PLACE: Final = _place(after=True, backwards=False)
OF_ALL: Final = Statement(
    select(col(Sheet.last_number), col(Sheet.reasons), col(Sheet.line)).where(
        col(Sheet.case_id) == bindparam("case"),
        col(Sheet.table_key) == bindparam("table"),
        col(Sheet.owner) == bindparam("owner"),
    )
)
COUNT: Final = Statement(
    select(func.count()).where(
        col(MaterialRow.case_id) == bindparam("case_id"), col(MaterialRow.owner) == literal(0)
    )
)
INSERT: Final = Statement(
    insert(MaterialRow),
    columns=(
        "case_id",
        "table_key",
        "owner",
        "number",
        "place",
        "version",
        "cells",
        "origin_case",
        "origin_number",
    ),
)
UPDATE: Final = Statement(
    update(MaterialRow)
    .where(
        OF_SHEET,
        col(MaterialRow.number) == bindparam("nr"),
        col(MaterialRow.version) == bindparam("seen"),
    )
    .values(
        place=bindparam("new_place"), version=bindparam("new_version"), cells=bindparam("new_cells")
    )
)
DELETE: Final = Statement(
    delete(MaterialRow).where(
        OF_SHEET,
        col(MaterialRow.number) == bindparam("nr"),
        col(MaterialRow.version) == bindparam("seen"),
    )
)
INSERT_SHEET: Final = Statement(
    insert(Sheet), columns=("case_id", "table_key", "owner", "last_number", "reasons", "line")
)
SAVE_SHEET: Final = Statement(
    update(Sheet)
    .where(
        col(Sheet.case_id) == bindparam("case"),
        col(Sheet.table_key) == bindparam("table"),
        col(Sheet.owner) == bindparam("whose"),
    )
    .values(last_number=bindparam("last"), reasons=bindparam("why"), line=bindparam("at"))
)


def row_fact(found: Sequence[Any]) -> RowFact:
    """Make the row that FACT's columns tell of."""
    number, place, version, cells, case, of = found
    origin = Origin(case, of) if (case, of) != (None, None) else None
    return RowFact(
        number=number, place=place, version=version, cells=json.loads(cells), origin=origin
    )


def read_sheet(connection: Connection, key: SheetKey) -> Sequence[RowFact]:
    """Give the rows of a sheet, in order."""
    return [row_fact(found) for found in SHEET.all(connection, **_named(key))]


def read_rows(connection: Connection, case_id: str, table: str) -> Sequence[Row]:
    """Give the cells of a table of which a case has one copy, in order."""
    return [row.cells for row in read_sheet(connection, SheetKey(case_id, table))]


def read_row(connection: Connection, key: SheetKey, number: int) -> RowFact | None:
    """Give one row of a sheet."""
    found = ROW.first(connection, **_named(key), number=number)
    return row_fact(found) if found else None


def sheet_gap(
    connection: Connection, key: SheetKey, after: int | None
) -> tuple[str | None, str | None]:
    """Give the places on both sides of where a row behind another one would lie: 0 for the
    first, None for the last."""
    if after is None:
        return _only(LAST_PLACE.first(connection, **_named(key))), None
    if after == 0:
        return None, _only(FIRST_PLACE.first(connection, **_named(key)))
    row = read_row(connection, key, after)
    if row is None:
        raise LookupError(after)
    return row.place, _only(NEXT_PLACE.first(connection, **_named(key), behind=row.place))


def last_number(connection: Connection, key: SheetKey) -> int:
    """Give the highest number that was ever used in a sheet."""
    found = OF_ALL.first(connection, **_named(key))
    return int(found[0]) if found else 0


def read_reasons(connection: Connection, key: SheetKey) -> Mapping[str, str]:
    """Give what people have written of why something may be as a check says."""
    found = OF_ALL.first(connection, **_named(key))
    return json.loads(found[1]) if found else {}


def drawn_line(connection: Connection, key: SheetKey) -> int | None:
    """Give the row behind which the line of a sheet lies: 0 above the first, None for none."""
    found = OF_ALL.first(connection, **_named(key))
    return found[2] if found else None


def count_rows(connection: Connection, case_id: str) -> int:
    """Count the rows of all tables of one copy in a case."""
    row = COUNT.first(connection, case_id=case_id)
    return int(row[0]) if row else 0


def save_sheets(connection: Connection, changes: Mapping[SheetKey, SheetChange]) -> None:
    """Write what becomes other in sheets; as many rows are touched as are other.

    Raises: Stale when a row is no longer what was decided upon; the round's lock forbids it.
    """
    for key, change in changes.items():
        _save_sheet(connection, key, change)
        for row in change.dropped:
            gone = DELETE.run(connection, **_named(key), nr=row.number, seen=row.version)
            _check_found(gone, key, row.number)
        for row in change.changed:
            found = UPDATE.run(
                connection,
                **_named(key),
                nr=row.number,
                seen=row.version - 1,
                new_place=row.place,
                new_version=row.version,
                new_cells=_written(row.cells),
            )
            _check_found(found, key, row.number)
        INSERT.many(connection, list(_values(key, change.added)))


def _named(key: SheetKey) -> dict[str, object]:
    return {"case": key.case, "table": key.table, "owner": key.owner}


def _only(row: Sequence[Any] | None) -> str | None:
    return str(row[0]) if row else None


def _save_sheet(connection: Connection, key: SheetKey, change: SheetChange) -> None:
    found = OF_ALL.first(connection, **_named(key))
    reasons = {**(json.loads(found[1]) if found else {}), **change.reasons}
    last, why = change.last_number, _written(reasons)
    line = change.line[0] if change.line else found[2] if found else None
    if found is None:
        row = {"case_id": key.case, "table_key": key.table, "owner": key.owner}
        row |= {"last_number": last, "reasons": why, "line": line}
        INSERT_SHEET.many(connection, [row])
    elif (last, why, line) != tuple(found):
        SAVE_SHEET.run(
            connection, case=key.case, table=key.table, whose=key.owner, last=last, why=why, at=line
        )


def _check_found(found: int, key: SheetKey, number: int) -> None:
    if found != 1:
        raise Stale(f"Rad {number} i {key.table} har ändrats under tiden. Försök igen.")


def _values(key: SheetKey, rows: Iterable[RowFact]) -> Iterable[dict[str, object]]:
    for row in rows:
        yield {
            "case_id": key.case,
            "table_key": key.table,
            "owner": key.owner,
            "number": row.number,
            "place": row.place,
            "version": row.version,
            "cells": _written(row.cells),
            "origin_case": row.origin.case if row.origin else None,
            "origin_number": row.origin.number if row.origin else None,
        }


def _written(cells: Row) -> str:
    return json.dumps(cells, ensure_ascii=False, sort_keys=True)
