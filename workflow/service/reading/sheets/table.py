"""A table of a case as it is read and filled in: a page of its rows, or one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from workflow.core.checks import Finding
from workflow.core.definition import Table
from workflow.core.facts import Origin, RowFact
from workflow.service.reading.cases.pointing import Pointing
from workflow.service.reading.cases.tables import (
    Asked,
    ColumnView,
    asks,
    column_views,
    findings,
    suggested,
    texts,
    totals_of,
)
from workflow.service.reading.rounds.kin import unit_in_earlier
from workflow.service.reading.sheets.opened import Opened, open_sheet
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store.compiling import Shown

__all__ = ["ROWS", "RowView", "SheetPage", "Whence", "read_order", "read_row", "read_table"]

ROWS: Final = 100
"""Rows on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whence:
    """Where a row comes from that is compiled, or has followed from an earlier round."""

    case: str
    """Empty when the viewer does not see it."""
    title: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row, as texts."""

    number: int
    """What it is called for good."""
    at: int
    """Where it lies: 1 is the first."""
    version: int
    texts: Mapping[str, str]
    """What stands in its fields; an empty cell is not there."""
    shown: Mapping[str, str]
    """What stands in all its columns, those of its source among them."""
    suggested: Mapping[str, str]
    """What was suggested when it was saved, by column."""
    whence: Whence | None
    behind: int | None
    """The number of the row before it."""
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """Some rows of a sheet, and what holds for all of them."""

    case: str
    case_title: str
    round: str
    round_title: str
    key: str
    title: str
    help: str
    columns: tuple[ColumnView, ...]
    """Those that are filled in."""
    sources: tuple[ColumnView, ...]
    """Those that are shown from where the rows come."""
    unverified: frozenset[str]
    """Columns whose levels nobody has read in their source."""
    rows: tuple[RowView, ...]
    count: int
    page: int
    pages: int
    totals: Mapping[str, Decimal]
    """Sums over all rows."""
    asks: tuple[Asked, ...]
    """The checks that take a reason when they do not hold."""
    findings: tuple[Finding, ...]
    """What its checks say of it as it is saved."""
    min_rows: int
    writes: bool
    adds: bool
    """Rows can be added and taken away."""
    ordered: bool
    """It is a list with positions of its own, which are changed on the page of the list."""
    moves: bool

    @property
    def all_columns(self) -> tuple[ColumnView, ...]:
        """Give every column, as the table is read."""
        return (*self.sources, *self.columns)


def read_table(world: World, email: str, case: str, table: str, page: int = 1) -> SheetPage:
    """Read a page of a table; the last one when there are not so many.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        pages = max(1, -(-len(opened.rows) // ROWS))
        page = min(max(1, page), pages)
        return _page(world, opened, (page - 1) * ROWS, page * ROWS)


def read_row(world: World, email: str, case: str, table: str, number: int | None) -> SheetPage:
    """Read one row of a table that somebody fills in, or none of them for a new one.

    Raises: NotFound, also when they only read it or the row is gone.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        if not opened.writes:
            raise nothing_there()
        if number is None:
            return _page(world, opened, 0, 0)
        at = next((i for i, row in enumerate(opened.rows) if row.number == number), None)
        if at is None:
            raise nothing_there()
        return _page(world, opened, at, at + 1)


def _page(world: World, opened: Opened, first: int, last: int) -> SheetPage:
    seen, table, desk = opened.seen, opened.table, opened.seen.desk
    tables = (*reversed(opened.chain), table)
    pointing = Pointing(seen, opened.case)
    cells = seen.facts.shown(opened.rows[first:last], [one.key for one in opened.chain])
    named = [column for one in tables for column in one.column.values()]
    scales = seen.definition.scale
    return SheetPage(
        case=opened.case.id,
        case_title=desk.title_of(opened.case),
        round=seen.facts.round.id,
        round_title=desk.round_title,
        key=table.key,
        title=seen.revision.title(table, desk.language),
        help=desk.help_of(table),
        columns=column_views(seen, table, pointing, cells),
        sources=tuple(
            view for one in tables[:-1] for view in column_views(seen, one, pointing, cells)
        ),
        unverified=frozenset(
            one.key for one in named if one.type in scales and scales[one.type].unverified
        ),
        rows=tuple(_rows(world, opened, tables, slice(first, last))),
        count=len(opened.rows),
        page=first // ROWS + 1,
        pages=max(1, -(-len(opened.rows) // ROWS)),
        totals=_totals(opened),
        asks=asks(seen, opened.case, table),
        findings=findings(seen, opened.case, table, opened.rows),
        min_rows=table.min_rows,
        writes=opened.writes,
        adds=opened.writes and not (table.from_ or table.is_fixed),
        ordered=table.ordered and bool(table.from_) and not table.each,
        moves=opened.writes and not (table.ordered or table.from_ or table.is_fixed),
    )


def _totals(opened: Opened) -> Mapping[str, Decimal]:
    if not opened.table.totals:
        return {}
    cells = opened.cells()
    return totals_of(opened.seen, opened.table, cells)


# ---- rows ------------------------------------------------------------------------------


def _rows(world: World, opened: Opened, tables: Sequence[Table], part: slice) -> Sequence[RowView]:
    rows = opened.rows
    chosen, seen = rows[part], opened.seen
    titles: dict[str, Whence] = {}
    found = []
    for at, (row, end) in enumerate(zip(chosen, opened.ends(chosen), strict=True), part.start):
        cells = end[0] if end else row.cells
        every = {key: text for one in tables for key, text in texts(seen, one, cells).items()}
        found.append(
            RowView(
                number=row.number,
                at=at + 1,
                version=row.version,
                texts=texts(seen, opened.table, row.cells),
                shown=every,
                suggested=suggested(seen, opened.table, row.cells),
                whence=_whence(opened, end, titles)
                if end
                else _earlier(world, opened, row, titles),
                behind=rows[at - 1].number if at else None,
                next=rows[at + 1].number if at + 1 < len(rows) else None,
            )
        )
    return found


def _earlier(world: World, opened: Opened, row: RowFact, known: dict[str, Whence]) -> Whence | None:
    """Tell from which round a row of one's own has followed; None for one that has not."""
    if row.origin is None or opened.table.from_:
        return None
    if row.origin.case not in known:
        case, title = unit_in_earlier(world, opened.seen, row.origin.case)
        known[row.origin.case] = Whence(case=case, title=title, number=0)
    return replace(known[row.origin.case], number=row.origin.number)


def _whence(opened: Opened, end: Shown, known: dict[str, Whence]) -> Whence:
    origin: Origin = end[1]
    if origin.case not in known:
        case = opened.seen.facts.case(origin.case)
        sees = case is not None and opened.seen.sight.sees(case)
        known[origin.case] = Whence(
            case=origin.case if sees else "",
            title=opened.seen.desk.unit_name(case.unit) if case else "",
            number=0,
        )
    there = known[origin.case]
    return Whence(case=there.case, title=there.title, number=origin.number)


def read_order(world: World, email: str, case: str, table: str) -> tuple[int, ...]:
    """Give the numbers of all rows, in the order in which they lie.

    Raises: NotFound, also when the person only reads the table.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        if not opened.writes:
            raise nothing_there()
        return tuple(row.number for row in opened.rows)
