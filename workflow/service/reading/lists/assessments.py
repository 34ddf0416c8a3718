"""A table of which each fills in a copy of their own: what its owner writes in, and, once
the step is behind, how far apart they all lie.

Until then nobody reads another's copy, whatever their role; everybody who reads the case
reads who has handed theirs in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.core.copies import Thing
from workflow.core.definition import Table
from workflow.core.facts import RowFact, RowKey
from workflow.service.reading.cases.tables import ColumnView, column_view, texts
from workflow.service.reading.lists.columns import ListColumn, Value, columns_of
from workflow.service.reading.lists.copies import Copies, Member, open_copies
from workflow.service.reading.lists.results import Agreed, Result, agreed_of, cells_of, results_of
from workflow.service.world import World

__all__ = ["Assessment", "OwnRow", "read_assessment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """Something to be assessed, with what its assessor has written."""

    case: str
    number: int
    """Of the row that is shown."""
    key: RowKey
    """What somebody filled in, at the end of its origins."""
    name: str
    cells: tuple[Value, ...]
    """In the order of the columns that are shown."""
    row: int | None
    """The number of the assessor's own row; None until there is one."""
    version: int | None
    texts: Mapping[str, str]
    conflict: bool
    """The assessor has a conflict of interest, and writes nothing."""
    done: bool
    """All that must be written is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The copies of a table in a case, as somebody sees them."""

    case: str
    case_title: str
    round: str
    round_title: str
    table: str
    title: str
    help: str
    shown: tuple[ListColumn, ...]
    """The columns of what is assessed."""
    columns: tuple[ColumnView, ...]
    """Those that are filled in."""
    compiled: bool
    """It shows rows of others; otherwise its owners have rows of their own."""
    is_open: bool
    hidden: bool
    writes: bool
    """The reader fills in a copy now: their own, or one that they stand in for."""
    handed_in: bool
    """That copy has been handed in, and stands as it is."""
    behalf: str
    """Name of the one whose copy it is; empty for the reader's own."""
    members: tuple[Member, ...]
    rows: tuple[OwnRow, ...]
    """To be filled in, or read by their owner alone; none for others, and none once the step
    is behind."""
    results: tuple[Result, ...]
    """Once the step is behind, in the order of the list."""
    agreed: Agreed | None

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(1 for row in self.rows if row.done)

    @property
    def asked(self) -> int:
        """How many are to be done: those with a conflict of interest are not."""
        return sum(1 for row in self.rows if not row.conflict)

    def told(self, cells: Sequence[Value]) -> Sequence[tuple[str, Value]]:
        """Give the titles and values of what is assessed, without its name and what is empty."""
        pairs = zip(self.shown, cells, strict=True) if cells else ()
        return [(column.title, cell) for column, cell in pairs if cell is not None][1:]

    @property
    def disputed(self) -> Sequence[Result]:
        """Give the results, those about which they disagree most first."""
        return sorted(self.results, key=lambda one: (-one.apart, one.at))


def read_assessment(
    world: World, email: str, case: str, table: str, *, behalf: str | None = None
) -> Assessment:
    """Read the copies of a table as somebody may: their own while others are hidden, all
    once the step is behind.

    Raises: NotFound; NoRight when they do not stand in for `behalf`.
    """
    with world.database.read() as connection:
        return _page(open_copies(world, connection, email, case, table, behalf))


def _page(copies: Copies) -> Assessment:
    seen, table, desk = copies.seen, copies.table, copies.seen.desk
    source = seen.definition.table[table.from_] if table.from_ else None
    shown = columns_of(seen, source) if source else ()
    things = copies.things()
    person = copies.owner
    handed_in = copies.handed_in
    return Assessment(
        case=copies.case.id,
        case_title=desk.title_of(copies.case),
        round=seen.facts.round.id,
        round_title=desk.round_title,
        table=table.key,
        title=seen.revision.title(table, desk.language),
        help=desk.help_of(table),
        shown=shown,
        columns=tuple(column_view(desk, column) for column in table.column.values()),
        compiled=bool(table.from_),
        is_open=copies.is_open,
        hidden=copies.hidden,
        writes=copies.is_open and person is not None and not handed_in,
        handed_in=handed_in,
        behalf=_behalf(copies),
        members=tuple(copies.members()),
        rows=tuple(_own(copies, things, shown, person)) if copies.hidden and person else (),
        results=() if copies.hidden else tuple(results_of(copies, things, shown)),
        agreed=None if copies.hidden else agreed_of(copies),
    )


def _behalf(copies: Copies) -> str:
    return next(
        (
            one.name
            for one in copies.seen.actor.stands_in_for
            if one.person == copies.actor.on_behalf_of
        ),
        "",
    )


# ---- one's own -------------------------------------------------------------------------


def _own(
    copies: Copies, things: Sequence[Thing], shown: Sequence[ListColumn], owner: int
) -> Iterator[OwnRow]:
    table = copies.table
    own = {row.origin: row for row in copies.rows(owner)}
    conflicts = copies.seen.facts.conflicts()
    for thing in things:
        row = own.get(thing.source.origin)
        conflict = owner in conflicts.get(thing.key, ())
        yield OwnRow(
            case=thing.source.origin.case,
            number=thing.source.origin.number,
            key=thing.key,
            name=thing.name,
            cells=cells_of(copies, shown, thing.source.cells),
            row=row.number if row else None,
            version=row.version if row else None,
            texts=texts(copies.seen, table, row.cells) if row else {},
            conflict=conflict,
            done=not conflict and row is not None and _is_done(table, row),
        )


def _is_done(table: Table, row: RowFact) -> bool:
    """Say whether what must be written is; in a table that demands nothing, anything is."""
    needed = [key for key, column in table.column.items() if column.required is True]
    return all(row.cells.get(key) not in (None, "") for key in needed) and bool(row.cells)
