"""All of a sheet, with what describes it: what a file of it is made from, and compared with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.core.columns import POINTING, without
from workflow.core.definition import Definition, Table
from workflow.core.facts import Row
from workflow.service.reading.cases.pointing import Pointing
from workflow.service.reading.cases.tables import hidden_columns, seen_columns
from workflow.service.reading.sheets.opened import Opened, open_sheet
from workflow.service.seeing import nothing_there
from workflow.service.world import World

__all__ = ["WholeRow", "WholeSheet", "read_whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRow:
    """A row with its values."""

    number: int
    version: int
    cells: Row
    """Those it shows among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeSheet:
    """Every row of a table in a case."""

    definition: Definition
    revision: str
    table: Table
    chain: tuple[Table, ...]
    """The tables its rows come through, nearest first."""
    rows: tuple[WholeRow, ...]
    case: str
    case_title: str
    year: int
    """The round's."""
    hidden: frozenset[str]
    """Columns that the reader does not see; no cell of theirs is among the rows'."""
    choices: Mapping[str, Mapping[str, str]]
    """What may be chosen in columns that point, by column: key = title."""


def read_whole(
    world: World, email: str, case: str, table: str, *, to_write: bool = False
) -> WholeSheet:
    """Read all rows of a table.

    Raises: NotFound; with `to_write` also when the person only reads it.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        if to_write and not opened.writes:
            raise nothing_there()
        hidden = hidden_columns(opened.seen, opened.table)
        cells = [without(row, hidden) for row in opened.cells()]
        return WholeSheet(
            definition=opened.seen.definition,
            revision=opened.seen.facts.round.revision,
            table=opened.table,
            chain=tuple(opened.chain),
            rows=tuple(
                WholeRow(number=row.number, version=row.version, cells=cells)
                for row, cells in zip(opened.rows, cells, strict=True)
            ),
            case=opened.case.id,
            case_title=opened.seen.desk.title_of(opened.case),
            year=opened.seen.facts.round.year,
            hidden=hidden,
            choices=dict(_choices(opened, cells)),
        )


def _choices(opened: Opened, rows: Sequence[Row]) -> Iterator[tuple[str, Mapping[str, str]]]:
    pointing = Pointing(opened.seen, opened.case)
    for table in (*opened.chain, opened.table):
        for key, column in seen_columns(opened.seen, table).items():
            if column.type in POINTING:
                levels = pointing.levels(table, column, [row.get(key) for row in rows])
                yield key, {level.key: level.title for level in levels}
