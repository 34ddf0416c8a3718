"""Lists that are compiled: which rows they show, and bringing them in step with those.

A compiled row holds its origin and what is written in it; the cells of what it shows are
read through its origin, step by step down to the row that somebody filled in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, literal, select
from sqlmodel import col

from workflow.core.facts import (
    Compile,
    EntryDraft,
    EntryKind,
    Origin,
    Row,
    RowFact,
    SheetChange,
    Source,
)
from workflow.core.fixed import laid_out
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.material import matches
from workflow.core.sheets import compiled, telling
from workflow.store.dialects import one_of
from workflow.store.material import FACT, drawn_line, last_number, read_sheet, row_fact, save_sheets
from workflow.store.statements import Statement
from workflow.store.tables import Case, MaterialRow, RoundUnit

__all__ = ["Shown", "compile_sheets", "shown", "sources", "standing"]

Shown = tuple[Row, Origin]
"""The cells that a row shows, its own among them, and the row at the end of its origins."""


def _rows_of(*, below: bool = False, at_unit: bool = False) -> Statement:
    """Ask for the rows of a table in a round, at one of its units, or below one case, in the
    units' order."""
    query: Any = (
        select(col(MaterialRow.case_id), *FACT)
        .join(Case, col(Case.id) == col(MaterialRow.case_id))
        .join(
            RoundUnit,
            and_(
                col(RoundUnit.round_id) == col(Case.round_id), col(RoundUnit.key) == col(Case.unit)
            ),
            isouter=True,
        )
        .where(
            col(MaterialRow.table_key) == bindparam("table"),
            col(MaterialRow.owner) == literal(0),
            col(Case.state).not_in([literal(MISSING), literal(WITHDRAWN)]),
        )
    )
    if below:
        top = select(col(Case.id)).where(col(Case.parent) == bindparam("case")).cte(recursive=True)
        tree = top.union_all(select(col(Case.id)).join(top, col(Case.parent) == top.c.id))
        query = query.where(col(Case.id).in_(select(tree.c.id)))
    else:
        query = query.where(col(Case.round_id) == bindparam("round"))
    if at_unit:
        query = query.where(col(Case.unit) == bindparam("unit"))
    return Statement(
        query.order_by(
            col(RoundUnit.position), col(Case.id), col(MaterialRow.place), col(MaterialRow.number)
        )
    )


BELOW: Final = _rows_of(below=True)
IN_ROUND: Final = _rows_of()
AT_UNIT: Final = _rows_of(at_unit=True)
OF_CASES: Final = Statement(
    select(col(MaterialRow.case_id), *FACT).where(
        one_of(col(MaterialRow.case_id), "cases"),
        col(MaterialRow.table_key) == bindparam("table"),
        col(MaterialRow.owner) == literal(0),
    )
)


def sources(
    connection: Connection, round_id: str, what: Compile
) -> Sequence[tuple[Origin, RowFact]]:
    """Give the rows that a list is compiled from, by unit and as they lie there: below its
    case where they are filled in there, else in the whole round or at its own unit."""
    table = what.chain[0]
    if what.below:
        found = BELOW.all(connection, case=what.key.case, table=table)
    elif what.unit:
        found = AT_UNIT.all(connection, round=round_id, table=table, unit=what.unit)
    else:
        found = IN_ROUND.all(connection, round=round_id, table=table)
    return [(Origin(row[0], row[1]), row_fact(row[1:])) for row in found]


def shown(
    connection: Connection, rows: Iterable[RowFact], chain: Sequence[str]
) -> Sequence[Shown | None]:
    """Give what each row of a list shows; None for one whose origin is gone.

    `chain` are the tables its rows come through, nearest first. One statement for each.
    """
    cells: list[list[Row]] = []
    at: list[Origin | None] = []
    for row in rows:
        cells.append([row.cells])
        at.append(row.origin)
    for table in chain:
        cases = sorted({origin.case for origin in at if origin})
        there = {
            Origin(found[0], found[1]): row_fact(found[1:])
            for found in OF_CASES.all(connection, cases=cases, table=table)
        }
        last = table == chain[-1]
        for index, origin in enumerate(at):
            source = there.get(origin) if origin else None
            cells[index].append(source.cells if source else {})
            if source is None or not last:
                at[index] = source.origin if source else None
    return [
        ({key: cell for part in reversed(parts) for key, cell in part.items()}, origin)
        if origin
        else None
        for parts, origin in zip(cells, at, strict=True)
    ]


def standing(
    connection: Connection,
    round_id: str,
    what: Compile,
    present: Collection[Origin | None] = (),
) -> Sequence[Source]:
    """Give the rows that a list shows now; `present` are those that it shows already."""
    found = sources(connection, round_id, what)
    ends: Sequence[Shown | None] = (
        shown(connection, [row for _, row in found], what.chain[1:])
        if len(what.chain) > 1
        else [(row.cells, origin) for origin, row in found]
    )
    wanted: dict[Origin, Source] = {}
    for (origin, _), end in zip(found, ends, strict=True):
        # What several lists show comes once, as the row that is there already shows it.
        fits = end is not None and matches(end[0], what.where)
        if end is not None and fits and (origin in present or end[1] not in wanted):
            wanted[end[1]] = Source(origin=origin, cells=end[0], end=end[1])
    return list(wanted.values())


def compile_sheets(
    connection: Connection, round_id: str, compiles: Iterable[Compile]
) -> Sequence[EntryDraft]:
    """Bring lists in step with what they are compiled from, and lay out fixed rows. Gives an
    entry for each that became other."""
    entries = []
    for what in compiles:
        change = _compile(connection, round_id, what)
        if change:
            save_sheets(connection, {what.key: change})
            entries.append(_entry(what, change))
    return entries


def _compile(connection: Connection, round_id: str, what: Compile) -> SheetChange:
    there = read_sheet(connection, what.key)
    if not what.chain:
        return laid_out(there, what.fixed, last_number(connection, what.key))
    wanted = standing(connection, round_id, what, {row.origin for row in there})
    last, line = last_number(connection, what.key), drawn_line(connection, what.key)
    return compiled(there, [one.origin for one in wanted], last, line)


def _entry(what: Compile, change: SheetChange) -> EntryDraft:
    payload: Mapping[str, object] = {"sheets": telling({what.key: change})}
    kind = EntryKind.COMPILED if what.chain else EntryKind.LAID_OUT
    return EntryDraft(kind=kind, case=what.key.case, payload=payload)
