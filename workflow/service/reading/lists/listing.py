"""A list that is compiled and put in an order, as somebody who reads its case sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from workflow.core.definition import Table
from workflow.core.facts import CaseFact, Row, RowFact, SheetKey
from workflow.core.ordering import Turned, naming_column, turned
from workflow.core.saving import who_writes
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.balance import Balance, balance_of
from workflow.service.reading.lists.columns import ListColumn, Value, columns_of, value_of
from workflow.service.reading.lists.moves import Move, moves_of
from workflow.service.reading.lists.provenance import Provenance, Sources, sources_of
from workflow.service.seeing import Seen, nothing_there, see_case
from workflow.service.world import World
from workflow.store.compiling import shown
from workflow.store.database import Connection
from workflow.store.told import End, end_of, told

__all__ = ["Against", "ListPage", "ListRow", "read_list", "read_order"]

Amount = int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A row that lies behind this one here, and before it where both come from."""

    number: int
    name: str
    position: int
    why: str
    """The last reason that was given for moving either; empty when there is none."""
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A row of a list."""

    position: int
    """Counted from 1."""
    number: int
    version: int
    name: str
    cells: tuple[Value, ...]
    """In the order of the columns."""
    amount: Amount
    """Of the column that is summed first; 0 for none."""
    running: Amount
    """The amounts down to this row."""
    source: Provenance | None
    """The nearest list or table it comes from; None when it is gone."""
    root: Provenance | None
    """Where it was filled in; None when that is where it comes from, or gone."""
    moves: tuple[Move, ...]
    """Oldest first."""
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list, as a page or a paper shows it."""

    case: str
    case_title: str
    round: str
    round_title: str
    reference: str
    table: str
    title: str
    help: str
    columns: tuple[ListColumn, ...]
    rows: tuple[ListRow, ...]
    naming: str
    """Key of the column that names the rows; empty when there is none."""
    kinds: str
    """Key of the first column of levels, by which amounts are told apart; empty for none."""
    amount: str
    """Key of the column that is summed down the list; empty for none."""
    totals: Mapping[str, Amount]
    """Sums by column."""
    units: tuple[str, ...]
    """Names of the units that the rows were filled in by, in the order they come."""
    movable: bool
    """The reader may put the rows in another order now."""
    end: End
    """The last entry of the round's log."""

    def column(self, key: str) -> ListColumn | None:
        """Give a column."""
        return next((one for one in self.columns if one.key == key), None)

    def row(self, number: int) -> ListRow | None:
        """Give a row by its number."""
        return next((row for row in self.rows if row.number == number), None)

    def cell(self, row: ListRow, key: str) -> Value:
        """Give a cell of a row."""
        keys = [column.key for column in self.columns]
        return row.cells[keys.index(key)] if key in keys else None

    def balance(self, line: int | None) -> Balance:
        """Weigh the rows above a line after a position; all of them without one."""
        column = self.column(self.kinds)
        above = self.rows if line is None else self.rows[:line]
        weighed = [(str(self.cell(row, self.kinds) or ""), row.amount) for row in above]
        return balance_of(weighed, column.levels.values() if column else ())


def read_list(world: World, email: str, case_id: str, table_key: str) -> ListPage:
    """Read a list of a case that somebody reads.

    Raises: NotFound for what there is not, or what they may not read.
    """
    with world.database.read() as connection:
        return _page(*_see(world, connection, email, case_id, table_key))


def read_order(world: World, email: str, case_id: str, table_key: str) -> Sequence[int]:
    """Give the numbers of a list's rows in order, to somebody who reads it; nothing else.

    Raises: NotFound, as `read_list`.
    """
    with world.database.read() as connection:
        seen, case, table = _see(world, connection, email, case_id, table_key)
        return [row.number for row in seen.facts.sheet(SheetKey(case.id, table.key))]


def _see(
    world: World, connection: Connection, email: str, case_id: str, table_key: str
) -> tuple[Seen, CaseFact, Table]:
    seen, case = see_case(world, connection, case_id, email)
    table = _table(seen, case, table_key)
    if table is None or not seen.sight.reads(case):
        raise nothing_there()
    return seen, case, table


def _table(seen: Seen, case: CaseFact, key: str) -> Table | None:
    """Give a table of one copy that a case of this kind compiles."""
    states = seen.definition.case[case.kind].state.values()
    table = seen.definition.table.get(key)
    if table is None or not table.from_ or table.each:
        return None
    return table if any(key in state.edits for state in states) else None


def _page(seen: Seen, case: CaseFact, table: Table) -> ListPage:
    desk = seen.desk
    columns = columns_of(seen, table)
    rows = _rows(seen, case, table, columns)
    units = (row.root or row.source for row in rows)
    naming = naming_column(seen.definition, table)
    return ListPage(
        case=case.id,
        case_title=desk.title_of(case),
        round=seen.facts.round.id,
        round_title=desk.round_title,
        reference=seen.facts.round.reference,
        table=table.key,
        title=desk.revision.title(table, desk.language),
        help=desk.help_of(table),
        columns=columns,
        rows=rows,
        naming=naming.key if naming else "",
        kinds=next((one.key for one in columns if one.kind is ColumnKind.LEVEL), ""),
        amount=_amount(columns),
        totals=_totals(columns, rows),
        units=tuple(dict.fromkeys(one.unit for one in units if one)),
        movable=_movable(seen, case, table),
        end=end_of(seen.connection, seen.facts.round.id),
    )


def _movable(seen: Seen, case: CaseFact, table: Table) -> bool:
    state = seen.definition.case[case.kind].state.get(case.state)
    if state is None or table.key not in state.edits or not table.ordered:
        return False
    return who_writes(seen.definition, seen.facts, case, seen.actor) is not None


def _amount(columns: Sequence[ListColumn]) -> str:
    summed = [column for column in columns if column.summed]
    return next((one.key for one in summed if one.in_tkr), summed[0].key if summed else "")


def _totals(columns: Sequence[ListColumn], rows: Sequence[ListRow]) -> Mapping[str, Amount]:
    return {
        column.key: sum(_number(row.cells[at]) for row in rows)
        for at, column in enumerate(columns)
        if column.summed
    }


def _number(value: Value) -> Amount:
    return value if isinstance(value, int | Decimal) else 0


# ---- rows ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is known of all rows together."""

    positions: Mapping[int, int]
    names: Mapping[int, str]
    moves: Mapping[int, Sequence[Move]]
    against: Mapping[int, Sequence[Turned]]


def _rows(
    seen: Seen, case: CaseFact, table: Table, columns: Sequence[ListColumn]
) -> tuple[ListRow, ...]:
    present = seen.facts.sheet(SheetKey(case.id, table.key))
    chain = seen.definition.chain(table.key)
    ends = shown(seen.connection, present, chain)
    near = sources_of(seen, chain[0], [row.origin for row in present])
    far = (
        sources_of(seen, chain[-1], [end[1] if end else None for end in ends])
        if len(chain) > 1
        else None
    )
    cells = [end[0] if end else row.cells for row, end in zip(present, ends, strict=True)]
    around = _around(seen, case, table, present, cells, near)
    language, amount = seen.desk.language, _amount(columns)
    values = [tuple(value_of(one, row, language) for one in columns) for row in cells]
    at = next((n for n, one in enumerate(columns) if one.key == amount), None)
    amounts = [_number(row[at]) if at is not None else 0 for row in values]
    return tuple(
        ListRow(
            position=position,
            number=row.number,
            version=row.version,
            name=around.names[row.number],
            cells=values[position - 1],
            amount=amounts[position - 1],
            running=running,
            source=near.of(row.origin),
            root=far.of(end[1]) if far and end else None,
            moves=tuple(around.moves.get(row.number, ())),
            against=tuple(_against(around, row.number)),
        )
        for position, (row, end, running) in enumerate(
            zip(present, ends, accumulate(amounts), strict=True), start=1
        )
    )


def _around(
    seen: Seen,
    case: CaseFact,
    table: Table,
    present: Sequence[RowFact],
    cells: Sequence[Row],
    near: Sources,
) -> _Around:
    naming = naming_column(seen.definition, table)
    against: dict[int, list[Turned]] = {}
    for pair in turned(present, near.places) if table.ordered else ():
        against.setdefault(pair.first, []).append(pair)
    return _Around(
        positions={row.number: at for at, row in enumerate(present, start=1)},
        names={
            row.number: str(shows.get(naming.key if naming else "") or row.number)
            for row, shows in zip(present, cells, strict=True)
        },
        moves=moves_of(told(seen.connection, case.id), table.key),
        against=against,
    )


def _against(around: _Around, number: int) -> Iterator[Against]:
    for pair in around.against.get(number, ()):
        reasons = [
            move
            for one in (pair.first, pair.second)
            for move in around.moves.get(one, ())
            if move.why
        ]
        last = max(reasons, key=lambda move: move.entry, default=None)
        yield Against(
            number=pair.second,
            name=around.names[pair.second],
            position=around.positions[pair.second],
            why=last.why if last else "",
            who=last.who if last else "",
            at=last.at if last else None,
        )
