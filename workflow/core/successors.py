"""Rounds that go on with what another one left: which year they are of, and what comes along.

A row comes along to the table in which somebody filled it in, in the case of the new round
that stands where the old one stood: of the same kind, for the same unit. Where there is no
such case yet, the row waits until it opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.core import plan
from workflow.core.columns import columns_in
from workflow.core.definition import Begins, Definition, Table
from workflow.core.facts import (
    Actor,
    Begun,
    CaseFact,
    Compile,
    Origin,
    RoundFact,
    Row,
    RowFact,
    SheetChange,
    SheetKey,
    Source,
)
from workflow.core.guards import Situation
from workflow.core.material import read_rows
from workflow.core.sheets import added

__all__ = [
    "Carried",
    "arrived",
    "begun",
    "begun_by",
    "carried",
    "carries",
    "place_of_case",
    "read_carried",
    "tell_carried",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A row that comes along from an earlier round."""

    origin: Origin
    """The row there."""
    table: str
    to: str
    """The place of the case that it comes to; see `place_of_case`."""
    cells: Row


# ---- the round -------------------------------------------------------------------------


def begun_by(situation: Situation) -> Begun | None:
    """Give the round that a person's act opens; None when it opens none."""
    begins = situation.transition.begins
    if begins is None:
        return None
    where = (situation.case.id, situation.key)
    facts, definition = situation.facts, situation.revision.definition
    return begun(definition, facts.round, begins, where, situation.actor, situation.now)


def begun(
    definition: Definition,
    fact: RoundFact,
    begins: Begins,
    where: tuple[str, str],
    actor: Actor,
    now: datetime,
) -> Begun:
    """Say which round a transition opens; `where` are its case and its key.

    Another named plan of the same process is for the same year; otherwise the round is of
    the local year of the decision, though never of this round's year or one before it.
    """
    process, key = begins.process or fact.process, begins.plan or ""
    year = fact.year
    if process != fact.process or key in ("", fact.plan):
        year = max(plan.local_day(now, definition.zone).year, fact.year + 1)
    case, transition = where
    return Begun(
        process=process,
        plan=key,
        year=year,
        state=begins.state,
        case=case,
        transition=transition,
        actor=actor,
    )


# ---- the rows --------------------------------------------------------------------------


def carries(definition: Definition) -> Sequence[Compile]:
    """Say which rows of a round follow to another, as if a list were compiled of them; the last
    table of each chain is the one in which somebody filled them in."""
    return [
        Compile(
            key=SheetKey("", table.key),
            chain=(table.key, *definition.chain(table.key)),
            where=table.carries,
            below=False,
        )
        for table in definition.table.values()
        if table.carries
    ]


def carried(
    definition: Definition,
    year: int,
    units: Mapping[str, str],
    ends: Iterable[tuple[str, Source, CaseFact, Row]],
) -> Sequence[Carried]:
    """Give what comes along into a round of a definition: once each, as it was filled in.

    `ends` are the rows that follow: the table in which somebody filled each in, the row, the
    case and its own cells. `units` says which unit one has become, for those that are another.
    A row whose table nobody fills in there does not follow.
    """
    found: dict[tuple[str, Origin], Carried] = {}
    for table_key, source, case, cells in ends:
        table = definition.table.get(table_key)
        to = _place_for(definition, table_key, case, units) if table else ""
        if table and to and not (table.from_ or table.is_fixed or table.each):
            row = Carried(
                origin=source.end,
                table=table_key,
                to=to,
                cells=_fitting(definition, table, year, cells),
            )
            found.setdefault((table_key, source.end), row)
    return list(found.values())


def place_of_case(case: CaseFact) -> str:
    """Give where a case stands in its round: its kind and what its id says of its unit, without
    what it was opened for."""
    kind, *parts = case.id.split(".")[1:]
    return ".".join((kind, *(part for part in parts if part != case.occasion)))


def arrived(present: Sequence[RowFact], rows: Sequence[Carried], last: int) -> SheetChange:
    """Put rows that have come along behind those that are there; none that is there already."""
    there = {row.origin for row in present}
    new = [(row.cells, row.origin) for row in rows if row.origin not in there]
    return added(present, new, last)


def tell_carried(rows: Iterable[Carried]) -> list[dict[str, object]]:
    """Give what the first entry of a round tells of the rows that follow to it."""
    return [
        {
            "from": [row.origin.case, row.origin.number],
            "table": row.table,
            "to": row.to,
            "cells": dict(row.cells),
        }
        for row in rows
    ]


def read_carried(told: object) -> Sequence[Carried]:
    """Read what the first entry of a round tells of them."""
    rows: Sequence[Mapping[str, Any]] = told if isinstance(told, list) else ()
    return [
        Carried(origin=Origin(*row["from"]), table=row["table"], to=row["to"], cells=row["cells"])
        for row in rows
    ]


def _place_for(definition: Definition, table: str, case: CaseFact, units: Mapping[str, str]) -> str:
    """Give the place of the case that a row comes to; empty when nobody fills the table in."""
    kinds = definition.edited_in(table)
    if not kinds:
        return ""
    kind, *parts = place_of_case(case).split(".")
    if kind not in kinds:
        kind = kinds[0]
        parts = [case.unit] if definition.case[kind].per else []
    return ".".join((kind, *(units.get(part, part) for part in parts)))


def _fitting(definition: Definition, table: Table, year: int, cells: Row) -> Row:
    """Give those of a row's cells that mean the same there: of columns that the table has, and
    of levels that are. What points at a file or a row of the old case stays behind."""
    columns = columns_in(table, year)
    named = {
        key: cell
        for key, cell in cells.items()
        if _stands_alone(table, key.partition(".")[0])
        and (key in columns or key.endswith(".reason"))
    }
    return read_rows(definition, table, [named])[0][0]


def _stands_alone(table: Table, column: str) -> bool:
    found = table.column.get(column)
    return found is not None and found.type not in ("file", "row", "previous_row")
