"""What is other in the tables of a case since it was last sent back, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from workflow.core.definition import Case, Table
from workflow.core.editing import sheet_of
from workflow.core.facts import CaseFact, RowFact
from workflow.core.sheets import Book, name_of
from workflow.service.reading.cases.pointing import Pointing
from workflow.service.reading.cases.tables import ColumnView, column_views, texts
from workflow.service.seeing import Seen
from workflow.store import deeds

__all__ = ["CellChange", "Changes", "RowChange", "changes_since"]

MOST: Final = 200
"""Rows that are told of one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that is other."""

    title: str
    """Of its column."""
    before: str
    """As the text of its field; empty for an empty cell."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that is other, new or gone."""

    table: str
    """Title."""
    row: int
    """Where it lies now, or lay when it is gone; from 1."""
    name: str
    """The text of its first column."""
    what: Literal["changed", "added", "dropped"]
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is other since a case was sent back."""

    rows: tuple[RowChange, ...]
    more: int
    """How many rows are not told of one by one."""


def changes_since(seen: Seen, kind: Case, case: CaseFact, number: int) -> Changes:
    """Tell what is other since an entry about a case that the viewer reads."""
    book = Book()
    for payload in deeds.payloads(seen.connection, case.id, number):
        book.take(payload)
    tables = dict.fromkeys(key for state in kind.state.values() for key in state.edits)
    found: list[RowChange] = []
    for name in tables:
        table = seen.definition.table[name]
        if table.secret:
            continue
        key = sheet_of(table, case.id, seen.actor)
        was, now = book.rows(name_of(key)), seen.facts.sheet(key)
        cells = [row.cells for row in (*was, *now)]
        columns = column_views(seen, table, Pointing(seen, case), cells)
        found += _of_table(seen, columns, table, was, now)
    return Changes(rows=tuple(found[:MOST]), more=max(len(found) - MOST, 0))


def _of_table(
    seen: Seen,
    columns: Sequence[ColumnView],
    table: Table,
    before: Sequence[RowFact],
    now: Sequence[RowFact],
) -> Iterator[RowChange]:
    was = {row.number: row for row in before}
    there = {row.number for row in now}
    for at, row in enumerate(now, start=1):
        old = was.get(row.number)
        cells = tuple(_cells(seen, columns, table, old, row))
        if cells or old is None:
            what: Literal["changed", "added"] = "added" if old is None else "changed"
            yield _change(seen, table, row, at, what, cells)
    for at, row in enumerate(before, start=1):
        if row.number not in there:
            cells = tuple(_cells(seen, columns, table, row, None))
            yield _change(seen, table, row, at, "dropped", cells)


def _change(
    seen: Seen,
    table: Table,
    row: RowFact,
    at: int,
    what: Literal["changed", "added", "dropped"],
    cells: tuple[CellChange, ...],
) -> RowChange:
    return RowChange(
        table=seen.revision.title(table, seen.desk.language),
        row=at,
        name=next(iter(texts(seen, table, row.cells).values()), ""),
        what=what,
        cells=cells,
    )


def _cells(
    seen: Seen,
    columns: Sequence[ColumnView],
    table: Table,
    before: RowFact | None,
    now: RowFact | None,
) -> Iterator[CellChange]:
    old = texts(seen, table, before.cells) if before else {}
    new = texts(seen, table, now.cells) if now else {}
    for column in columns:
        was, is_now = (column.title_of(one.get(column.key, "")) for one in (old, new))
        if was != is_now:
            yield CellChange(title=column.title, before=was, after=is_now)
