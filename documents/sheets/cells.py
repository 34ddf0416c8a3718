"""A grid read as rows of a table: all of them, or a list of what is wrong and where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from documents.sheets.form import NUMBER, NUMBER_TITLE, FormColumn, SheetForm, typed
from documents.sheets.grid import Fault, Grid, GridRow
from documents.sheets.mapping import title_of
from documents.sheets.unfit import UnfitError
from documents.sheets.values import Reading, leniently, reading_of
from documents.sheets.words import refusal
from workflow.core.errors import Placed, Reason
from workflow.core.facts import Cell
from workflow.core.material import MAX_ROWS

__all__ = ["Read", "ReadRow", "place_reasons", "read_cells"]

_MOST_NUMBER: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row as it was read, in the values that `workflow.core.material.read_rows` gives."""

    row: int
    """Its number in the file."""
    number: int | None = None
    """Its permanent number; none for a new row."""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    shown: Mapping[str, Cell] = field(default_factory=dict)
    """What stands in columns that are only shown; it is never taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Every row of a grid, or none and the faults."""

    rows: tuple[ReadRow, ...] = ()
    columns: Mapping[str, int]
    """Key = column of the grid, for the columns that are there."""
    faults: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()
    """What may be meant, and may be a slip: rows that are the same."""
    versions: Mapping[int, int] | None = None
    """Which version each row had when the template was taken; none when nobody knows."""

    @property
    def has_numbers(self) -> bool:
        """Say whether the rows' permanent numbers are there."""
        return NUMBER in self.columns


def read_cells(form: SheetForm, grid: Grid, mapping: Mapping[int, str], *, skip: int = 0) -> Read:
    """Read a grid by a mapping {column of the grid: key}; the first `skip` rows are headings.

    Raises: BadInput when the mapping has a key twice, or one that the form has not.
    """
    columns = _columns(form, mapping)
    reader = _RowReader(form, grid, columns)
    rows = [row for one in grid.rows[skip:] if (row := reader.read(one))]
    faults = [*reader.faults, *_doubled_numbers(rows, columns.get(NUMBER))]
    if len(rows) > MAX_ROWS:
        faults.append(_too_many(rows[MAX_ROWS].row))
    faults.sort(key=lambda one: (one.row or 0, one.column or 0))
    return Read(
        rows=() if faults else tuple(rows),
        columns=columns,
        faults=tuple(faults),
        notices=tuple(_doubled_rows(rows)),
        versions=grid.stamp.versions if grid.stamp and NUMBER in columns else None,
    )


def place_reasons(form: SheetForm, read: Read, reasons: Iterable[Reason]) -> tuple[Fault, ...]:
    """Tell what `read_rows` says of the rows that were read at their places in the file."""
    return tuple(_placed(form, read, reason) for reason in reasons)


def _placed(form: SheetForm, read: Read, reason: Reason) -> Fault:
    told = Fault(code=reason.code, sv=reason.sv, en=reason.en)
    if not isinstance(reason, Placed):
        return told
    _, _, rest = reason.place.partition(".")
    number, _, key = rest.partition(".")
    if not number.isdecimal() or not 1 <= int(number) <= len(read.rows):
        return told
    known = key in read.columns
    return Fault(
        code=reason.code,
        sv=reason.here_sv,
        en=reason.here_en,
        row=read.rows[int(number) - 1].row,
        column=read.columns[key] if known else None,
        heading=title_of(form, key) if known else "",
        key=key,
    )


def _columns(form: SheetForm, mapping: Mapping[int, str]) -> dict[str, int]:
    keys = {NUMBER, *(one.key for one in form.columns)}
    columns: dict[str, int] = {}
    for column, key in sorted(mapping.items()):
        if key not in keys or column < 0:
            raise refusal("mapping_unknown")
        if key in columns:
            raise refusal("mapping_twice", title=title_of(form, key))
        columns[key] = column
    return columns


class _RowReader:
    """Reads one row after the other, and collects what is wrong."""

    def __init__(self, form: SheetForm, grid: Grid, columns: Mapping[str, int]) -> None:
        self.faults: list[Fault] = []
        self._form = form
        self._epoch = grid.epoch
        self._broken = {(one.row, one.column): one for one in grid.faults}
        self._number = columns.get(NUMBER)
        self._columns = [
            (column, columns[column.key], reading_of(column, grid.epoch))
            for column in form.columns
            if column.key in columns
        ]

    def read(self, row: GridRow) -> ReadRow | None:
        """Read a row; none when all that is looked at in it is empty."""
        before = len(self.faults)
        number = None if self._number is None else self._read_number(row, self._number)
        cells: dict[str, Cell] = {}
        shown: dict[str, Cell] = {}
        by_row: list[tuple[FormColumn, int]] = []
        for column, at, reading in self._columns:
            value = row.cell(at)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if column.kind == "by_row" and not column.read_only:
                by_row.append((column, at))
            elif column.read_only:
                shown[column.key] = leniently(reading, value)
            else:
                self._take(cells, row, column, at, reading)
        for column, at in by_row:
            own = typed(column, {**shown, **cells})
            self._take(cells, row, column, at, reading_of(own, self._epoch))
        if not cells and not shown and number is None and len(self.faults) == before:
            return None
        return ReadRow(row=row.row, number=number, cells=cells, shown=shown)

    def _take(
        self,
        cells: dict[str, Cell],
        row: GridRow,
        column: FormColumn,
        at: int,
        reading: Reading,
    ) -> None:
        broken = self._broken.get((row.row, at))
        try:
            if broken is not None:
                raise UnfitError(broken.code, broken.sv, broken.en)
            cells[column.key] = reading(row.cell(at))
        except UnfitError as unfit:
            self._accuse(unfit, row, at, column.key)

    def _read_number(self, row: GridRow, at: int) -> int | None:
        value = row.cell(at)
        broken = self._broken.get((row.row, at))
        text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        text = text.strip()
        if broken is None and (value is None or not text):
            return None
        if broken is None and text.isascii() and text.isdecimal() and 0 < int(text) < _MOST_NUMBER:
            return int(text)
        self._accuse(
            UnfitError(
                "no_row_number",
                f"”{text[:60]}” är inget radnummer; låt numret i mallen stå, eller lämna rutan tom"
                " för en ny rad.",
                f"“{text[:60]}” is no row number; leave the template's number, or leave the cell"
                " empty for a new row.",
            ),
            row,
            at,
            NUMBER,
        )
        return None

    def _accuse(self, unfit: UnfitError, row: GridRow, at: int, key: str) -> None:
        heading = title_of(self._form, key)
        self.faults.append(
            Fault(
                code=unfit.code,
                sv=unfit.sv,
                en=unfit.en,
                row=row.row,
                column=at,
                heading=heading,
                key=key,
            )
        )


def _doubled_numbers(rows: Iterable[ReadRow], column: int | None) -> Iterator[Fault]:
    first: dict[int, int] = {}
    for row in rows:
        if row.number is None:
            continue
        if row.number in first:
            yield Fault(
                code="doubled_number",
                sv=f"numret {row.number} står också på rad {first[row.number]}. Töm rutan om raden"
                " är ny, eller ta bort den ena.",
                en=f"the number {row.number} stands on row {first[row.number]} too. Empty the cell"
                " if the row is new, or remove one of them.",
                row=row.row,
                column=column,
                heading=NUMBER_TITLE,
                key=NUMBER,
            )
        first.setdefault(row.number, row.row)


def _doubled_rows(rows: Iterable[ReadRow]) -> Iterator[Fault]:
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        told = (*row.cells.items(), None, *row.shown.items())
        if told in first and (row.cells or row.shown):
            yield Fault(
                code="doubled_row",
                sv=f"raden har samma innehåll som rad {first[told]}. Ta bort den om den kom med av"
                " misstag.",
                en=f"the row holds the same as row {first[told]}. Remove it if it came along by"
                " mistake.",
                row=row.row,
            )
        first.setdefault(told, row.row)


def _too_many(row: int) -> Fault:
    return Fault(
        code="rows",
        sv=f"det är fler än {MAX_ROWS} rader härifrån; dela dem på flera filer.",
        en=f"there are more than {MAX_ROWS} rows from here; split them over several files.",
        row=row,
    )
