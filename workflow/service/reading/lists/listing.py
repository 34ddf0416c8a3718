"""A list that is compiled and put in an order, as somebody who reads its case sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

from workflow.core.definition import Table
from workflow.core.facts import CaseFact, Row, RowFact, SheetKey
from workflow.core.ordering import Turned, naming_column, rooted, turned
from workflow.core.saving import who_writes
from workflow.core.weighing import Amount
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn, Value, columns_of, value_of
from workflow.service.reading.lists.means import means_of
from workflow.service.reading.lists.moves import Move, moves_of
from workflow.service.reading.lists.page import Against, ListPage, ListRow
from workflow.service.reading.lists.provenance import Sources, sources_of
from workflow.service.seeing import Seen, nothing_there, see_table
from workflow.service.world import World
from workflow.store.compiling import shown
from workflow.store.database import Connection
from workflow.store.deeds import end_of, told

__all__ = ["ListPage", "ListRow", "list_in", "page_of", "read_list"]


def read_list(
    world: World, email: str, case_id: str, table_key: str, language: str = ""
) -> ListPage:
    """Read a list of a case that somebody reads; in another language than theirs when told.

    Raises: NotFound for what there is not, or what they may not read.
    """
    with world.database.read() as connection:
        seen, case, table = list_in(world, connection, email, case_id, table_key)
        if language:
            seen = replace(seen, desk=replace(seen.desk, language=language))
        return page_of(seen, case, table)


def list_in(
    world: World, connection: Connection, email: str, case_id: str, table_key: str
) -> tuple[Seen, CaseFact, Table]:
    """Look at a list of a case that somebody reads, in an open transaction.

    Raises: NotFound, as `read_list`.
    """
    seen, case, table = see_table(world, connection, email, case_id, table_key)
    if not table.from_ or table.each:
        raise nothing_there()
    return seen, case, table


def page_of(seen: Seen, case: CaseFact, table: Table) -> ListPage:
    """Read a list that has been looked at; see `list_in`."""
    desk = seen.desk
    columns = columns_of(seen, table, case)
    rows = _rows(seen, case, table, columns)
    units = [one for row in rows if (one := row.root or row.source)]
    writes = _writes(seen, case, table)
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
        units=tuple(dict.fromkeys(one.unit for one in units)),
        means=means_of(seen, {one.unit: one.unit_key for one in units}),
        line=_line(seen, SheetKey(case.id, table.key), rows),
        releases=bool(table.publish) and seen.sight.leads,
        movable=writes and table.ordered,
        writable=writes and any(column.own for column in columns),
        end=end_of(seen.connection, seen.facts.round.id),
    )


def _writes(seen: Seen, case: CaseFact, table: Table) -> bool:
    state = seen.definition.case[case.kind].state.get(case.state)
    if state is None or table.key not in state.edits:
        return False
    return who_writes(seen.definition, seen.facts, case, seen.actor) is not None


def _line(seen: Seen, key: SheetKey, rows: Sequence[ListRow]) -> int | None:
    """Give the position behind which the line lies."""
    behind = seen.facts.drawn_line(key)
    if behind == 0:
        return 0
    return next((row.position for row in rows if row.number == behind), None)


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
    ordered = rooted(present, [end[1] if end else None for end in ends])
    around = _around(seen, case, table, ordered, cells, far or near)
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
            raw={one.key: cells[position - 1].get(one.key) for one in columns},
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
    roots: Sources,
) -> _Around:
    naming = naming_column(seen.definition, table)
    against: dict[int, list[Turned]] = {}
    for pair in turned(present, roots.places) if table.ordered else ():
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
