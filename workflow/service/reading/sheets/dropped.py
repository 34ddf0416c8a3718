"""A row that somebody has just taken away, as it was, so that it can be put back."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.core.facts import Cell, RowFact
from workflow.core.sheets import Book, name_of
from workflow.service.reading.cases.tables import seen_columns
from workflow.service.reading.sheets.opened import Opened, open_sheet
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import deeds

__all__ = ["Dropped", "read_dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A row that is gone."""

    entry: int
    number: int
    cells: Mapping[str, Cell]
    """What is filled in anew when it is put back."""
    after: int
    """The number of the row that it is put behind; 0 for first."""
    words: str
    """What stood in its first columns."""


def read_dropped(world: World, email: str, case: str, table: str, entry: int) -> Dropped:
    """Read what somebody took away from a table with an entry of their own.

    Raises: NotFound, also when the entry is another's, or took nothing or more than a row.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        told = [one for one in deeds.told(connection, case) if one.number <= entry]
        mine = told and (told[-1].number, told[-1].actor) == (entry, opened.seen.viewer.id)
        if not (opened.writes and mine) or opened.table.from_:
            raise nothing_there()
        book, name = Book(), name_of(opened.key)
        for one in told[:-1]:
            book.take(one.payload)
        before = book.rows(name)
        book.take(told[-1].payload)
        gone = [row for row in before if row.number not in book.sheets.get(name, {})]
        if len(gone) != 1:
            raise nothing_there()
        return _dropped(opened, entry, before, gone[0])


def _dropped(opened: Opened, entry: int, before: list[RowFact], row: RowFact) -> Dropped:
    there = {one.number for one in opened.rows}
    above = [one.number for one in before[: before.index(row)] if one.number in there]
    columns = seen_columns(opened.seen, opened.table)
    cells = {
        key: cell
        for key, cell in row.cells.items()
        if key in columns or (key.endswith(".reason") and key.partition(".")[0] in columns)
    }
    words = [str(row.cells[key]) for key in columns if key in row.cells]
    return Dropped(
        entry=entry,
        number=row.number,
        cells=cells,
        after=above[-1] if above else 0,
        words=", ".join(words[:2]),
    )
