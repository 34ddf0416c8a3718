"""What the tables that are summed amount to, once the cases that fill them in have ended."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workflow.core.definition import Column, Table
from workflow.core.facts import CaseFact, Row
from workflow.core.machine import MISSING, WITHDRAWN
from workflow.core.publishing import columns_in_chain
from workflow.core.situation import Sum
from workflow.service.reading.cases.columns import numbers
from workflow.service.reading.rounds.board import Board
from workflow.service.reading.situation.audience import Known
from workflow.store.origins import read_sheets

__all__ = ["read_sums"]


def read_sums(board: Board, known: Known) -> Iterator[Sum]:
    """Give the sums of each table that sums and is decided; of those that everybody who is
    told may read. Copies, secret answers and columns for some roles alone are never summed."""
    for key, kind in board.course.definition.case.items():
        cases = [case for case in board.kinds.get(key, ()) if _is_decided(case) and known(case)]
        names = dict.fromkeys(name for state in kind.state.values() for name in state.edits)
        for name in names if cases else ():
            table = board.course.definition.table[name]
            if table.totals and table.each is None and not table.secret:
                yield from _of_table(board, table, [case.id for case in cases])


def _is_decided(case: CaseFact) -> bool:
    return case.ended_at is not None and case.state not in (MISSING, WITHDRAWN)


def _of_table(board: Board, table: Table, cases: Sequence[str]) -> Iterator[Sum]:
    facts, desk = board.seen.facts, board.seen.desk
    sheets = read_sheets(board.seen.connection, cases, table.key)
    rows = [row for case in cases for row in sheets.get(case, ())]
    if not rows:
        return
    cells = facts.shown(rows, board.course.definition.chain(table.key))
    own = desk.revision.title(table, desk.language)
    columns = columns_in_chain(board.course.definition, table, facts.round.year)
    for total in table.totals:
        summed = {key: one for key, one in columns.items() if key.partition(".")[0] == total}
        if any(one.visible_to or one.personal for one in summed.values()):
            continue
        yield from _of_columns(board, own, summed, cells)


def _of_columns(
    board: Board, own: str, summed: dict[str, Column], cells: Sequence[Row]
) -> Iterator[Sum]:
    """Sum one column; the years of one that has years go together."""
    desk, amounts = board.seen.desk, {}
    for key in summed:
        found = list(numbers(cells, key))
        if found:
            amounts[key] = sum(found, Decimal())
    if not amounts:
        return
    first = next(iter(summed))
    title = f"{own}, {desk.revision.title(summed[first], desk.language)}"
    if "." not in first:
        yield Sum(title=title, amount=amounts[first])
        return
    years = tuple((int(key.partition(".")[2]), amount) for key, amount in amounts.items())
    yield Sum(title=title.removesuffix(f" {first.partition('.')[2]}"), years=years)
