"""A sheet that somebody may read, and whether they fill it in."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.core.definition import Table
from workflow.core.editing import sheet_of
from workflow.core.facts import CaseFact, Row, RowFact, SheetKey
from workflow.core.saving import who_writes
from workflow.service.seeing import Seen, nothing_there, see_table
from workflow.service.world import World
from workflow.store.compiling import Shown, shown
from workflow.store.database import Connection

__all__ = ["Opened", "open_sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The copy of a table that somebody reads or fills in."""

    seen: Seen
    case: CaseFact
    table: Table
    key: SheetKey
    rows: Sequence[RowFact]
    writes: bool
    """They fill it in, now."""

    @property
    def chain(self) -> Sequence[Table]:
        """Give the tables that its rows come through, nearest first."""
        known = self.seen.definition.table
        return [known[key] for key in self.seen.definition.chain(self.table.key)]

    def ends(self, rows: Sequence[RowFact]) -> Sequence[Shown | None]:
        """Give what rows show of those they come from; None for a row of its own."""
        keys = [table.key for table in self.chain]
        if not keys:
            return [None] * len(rows)
        return shown(self.seen.connection, rows, keys)

    def cells(self) -> Sequence[Row]:
        """Give the cells of all rows, with those that they show."""
        return self.seen.facts.shown(self.rows, [table.key for table in self.chain])


def open_sheet(
    world: World, connection: Connection, email: str, case_id: str, table_key: str
) -> Opened:
    """Open a table of a case that somebody reads. A form has its fields on the case's page.

    Raises: NotFound.
    """
    seen, case, table = see_table(world, connection, email, case_id, table_key)
    if table.form or table.secret:
        raise nothing_there()
    state = seen.definition.case[case.kind].state.get(case.state)
    writer = None
    if state is not None and table_key in state.edits:
        writer = who_writes(seen.definition, seen.facts, case, seen.actor)
    key = sheet_of(table, case.id, writer or seen.actor)
    return Opened(
        seen=seen,
        case=case,
        table=table,
        key=key,
        rows=seen.facts.sheet(key),
        writes=writer is not None,
    )
