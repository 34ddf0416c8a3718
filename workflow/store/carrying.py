"""Rows that follow from one round to another: found in the one, put into the other."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, literal, select
from sqlmodel import col

from workflow.core.definition import Definition
from workflow.core.facts import CaseFact, EntryDraft, EntryKind, Row, SheetChange, SheetKey, Source
from workflow.core.sheets import telling
from workflow.core.successors import Carried, arrived, carries, place_of_case, read_carried
from workflow.store.compiling import standing
from workflow.store.facts import CASE_COLUMNS, StoredFacts, case_fact
from workflow.store.material import last_number, read_sheet, save_sheets
from workflow.store.origins import read_sheets
from workflow.store.statements import Statement
from workflow.store.tables import Case, EntryPayload, RoundLink

__all__ = ["bring_along", "following", "rows_on_their_way"]

FIRST_ENTRY: Final = Statement(
    select(col(EntryPayload.body))
    .join(RoundLink, col(RoundLink.round_id) == col(EntryPayload.chain))
    .where(col(EntryPayload.chain) == bindparam("round_id"), col(EntryPayload.number) == literal(1))
)
OF_KIND: Final = Statement(
    select(*CASE_COLUMNS)
    .where(and_(col(Case.round_id) == bindparam("round_id"), col(Case.kind) == bindparam("kind")))
    .order_by(col(Case.opened_at), col(Case.id))
)


def following(
    connection: Connection, facts: StoredFacts, definition: Definition
) -> Sequence[tuple[str, Source, CaseFact, Row]]:
    """Give the rows of a round that follow to another: the table in which somebody filled each
    in, the row, its case and its own cells."""
    found: list[tuple[str, Source, CaseFact, Row]] = []
    for what in carries(definition):
        table, rows = what.chain[-1], standing(connection, facts.round.id, what)
        cases = sorted({row.end.case for row in rows})
        facts.remember_cases(cases)
        sheets = read_sheets(connection, cases, table) if cases else {}
        cells = {(case, row.number): row.cells for case, own in sheets.items() for row in own}
        for row in rows:
            case = facts.case(row.end.case)
            if case is not None:
                found.append((table, row, case, cells[row.end.case, row.end.number]))
    return found


def rows_on_their_way(connection: Connection, round_id: str) -> Sequence[Carried]:
    """Give all rows that follow to a round, whether their case has opened or not."""
    return read_carried(_told(connection, round_id).get("rows"))


def bring_along(
    connection: Connection, round_id: str, opened: Iterable[CaseFact]
) -> Sequence[EntryDraft]:
    """Put the rows that follow to a round into the cases that they waited for. Gives an entry
    for each case that got some."""
    cases = list(opened)
    told = _told(connection, round_id) if cases else {}
    waiting: dict[str, list[Carried]] = {}
    for row in read_carried(told.get("rows")):
        waiting.setdefault(row.to, []).append(row)
    entries = []
    for case in cases:
        rows = waiting.get(place_of_case(case), [])
        if rows and (case.occasion is None or _is_first(connection, round_id, case)):
            changes = _put(connection, case, rows)
            payload = {
                "sheets": telling(changes),
                "carried": {"round": told["round"], "entry": told["entry"]},
            }
            entries.append(EntryDraft(kind=EntryKind.CARRIED, case=case.id, payload=payload))
    return entries


def _told(connection: Connection, round_id: str) -> dict[str, Any]:
    """Give what the first entry of a round tells of the one that opened it; nothing for a round
    that was opened by itself."""
    row = FIRST_ENTRY.first(connection, round_id=round_id)
    found = json.loads(row[0]).get("begun_by") if row else None
    return found if isinstance(found, dict) else {}


def _is_first(connection: Connection, round_id: str, case: CaseFact) -> bool:
    """Say whether a case is the first of those that come again at its place."""
    rows = OF_KIND.all(connection, round_id=round_id, kind=case.kind)
    same = (one.id for one in map(case_fact, rows) if place_of_case(one) == place_of_case(case))
    return next(same) == case.id


def _put(
    connection: Connection, case: CaseFact, rows: Sequence[Carried]
) -> dict[SheetKey, SheetChange]:
    changes = {}
    for table in dict.fromkeys(row.table for row in rows):
        key = SheetKey(case.id, table)
        own = [row for row in rows if row.table == table]
        change = arrived(read_sheet(connection, key), own, last_number(connection, key))
        changes[key] = change
    save_sheets(connection, changes)
    return changes
