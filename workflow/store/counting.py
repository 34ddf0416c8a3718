"""Counting secret answers: copies become rows that are nobody's.

Nothing is left that leads from an answer to a person: the rows are written anew in the
order that their own words give, numbered from one, with no version, place or time of the
copy they come from, and the copies are gone in the same transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, select
from sqlmodel import col

from workflow.core.facts import EntryDraft, EntryKind, Poll, SheetChange, SheetKey
from workflow.core.polls import nobodys
from workflow.store.material import save_sheets
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload, MaterialRow, Sheet

__all__ = ["count_polls", "counted_in"]

ROWS: Final = Statement(
    select(col(MaterialRow.owner), col(MaterialRow.cells)).where(
        col(MaterialRow.case_id) == bindparam("case"),
        col(MaterialRow.table_key) == bindparam("table"),
        col(MaterialRow.owner) != 0,
    )
)
DROP_ROWS: Final = Statement(
    delete(MaterialRow).where(
        col(MaterialRow.case_id) == bindparam("case"),
        col(MaterialRow.table_key) == bindparam("table"),
    )
)
DROP_SHEETS: Final = Statement(
    delete(Sheet).where(
        col(Sheet.case_id) == bindparam("case"), col(Sheet.table_key) == bindparam("table")
    )
)
COUNTED: Final = Statement(
    select(col(EntryPayload.body))
    .join(
        Entry,
        and_(
            col(EntryPayload.chain) == col(Entry.chain),
            col(EntryPayload.number) == col(Entry.number),
        ),
    )
    .where(
        col(Entry.case_id) == bindparam("case"),
        col(Entry.kind) == bindparam("kind"),
    )
    .order_by(col(Entry.number))
)


def count_polls(connection: Connection, polls: Iterable[Poll]) -> Sequence[EntryDraft]:
    """Count answers in the open transaction. Gives an entry for each poll.

    What was counted before in the same table gives way: people have answered anew.
    """
    return [_count(connection, poll) for poll in polls]


def _count(connection: Connection, poll: Poll) -> EntryDraft:
    case, table = poll.key.case, poll.key.table
    found = ROWS.all(connection, case=case, table=table)
    taken = [row for row in found if poll.owners is None or row[0] in poll.owners]
    whose = {row[0] for row in taken} if poll.owners is None else set(poll.owners)
    DROP_ROWS.run(connection, case=case, table=table)
    DROP_SHEETS.run(connection, case=case, table=table)
    rows = nobodys(json.loads(cells) for _, cells in taken)
    save_sheets(
        connection,
        {SheetKey(case, table): SheetChange(added=rows, last_number=len(rows))},
    )
    return EntryDraft(
        kind=EntryKind.COUNTED,
        case=case,
        payload={
            "counted": {
                "table": table,
                "rows": len(rows),
                "answered": len(whose),
                "asked": max(poll.asked, len(whose)),
            }
        },
    )


def counted_in(connection: Connection, case: str) -> Mapping[str, Mapping[str, Any]]:
    """Give what was told last when the answers of a case were counted, by table; nothing of
    what has been disposed of."""
    found = COUNTED.all(connection, case=case, kind=EntryKind.COUNTED.value)
    told = [json.loads(row[0])["counted"] for row in found]
    return {one["table"]: one for one in told}
