"""A list in the form in which it is published: titles, rows, sums, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.core.columns import said
from workflow.core.definition import Column, Table
from workflow.core.facts import CaseFact, Cell, Origin, Row, RowFact, SheetKey
from workflow.core.open_list import OpenCell, OpenColumn, OpenKind, OpenList, OpenRow
from workflow.core.plain_text import clean_text
from workflow.core.publishing import kind_of, open_cell, published, totals_of
from workflow.service.desks import Desk
from workflow.service.reading.cases.tables import title_of
from workflow.store.origins import read_sheets

__all__ = ["Drawn", "draft_of", "draw"]

Place = tuple[str, Origin]
"""A row, by its table and where it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The rows of a list with all that they show, and the way by which they came."""

    table: str
    cells: tuple[Row, ...]
    ways: tuple[Mapping[str, Origin], ...]
    """Of each row where it lies in each table, as far as that is known."""
    sheets: Mapping[str, Mapping[str, Sequence[RowFact]]]
    """What the tables it came through hold, by table and case."""


def draw(desk: Desk, case: CaseFact, table: Table) -> Drawn:
    """Read a list with what its rows show; one statement for each table on the way."""
    present = desk.facts.sheet(SheetKey(case.id, table.key))
    cells: list[list[Row]] = [[row.cells] for row in present]
    ways = [{table.key: Origin(case.id, row.number)} for row in present]
    ahead = [row.origin for row in present]
    sheets: dict[str, Mapping[str, Sequence[RowFact]]] = {}
    for key in desk.definition.chain(table.key):
        cases = {origin.case for origin in ahead if origin}
        sheets[key] = read_sheets(desk.connection, cases, key)
        there = {Origin(of, row.number): row for of, rows in sheets[key].items() for row in rows}
        for index, origin in enumerate(ahead):
            source = there.get(origin) if origin else None
            if origin is not None and source is not None:
                cells[index].append(source.cells)
                ways[index][key] = origin
            ahead[index] = source.origin if source else None
    return Drawn(
        table=table.key,
        cells=tuple({k: v for part in reversed(parts) for k, v in part.items()} for parts in cells),
        ways=tuple(ways),
        sheets=sheets,
    )


def draft_of(desk: Desk, case: CaseFact, table: Table, introduction: str = "") -> OpenList:
    """Give a list as it would be released now, without the stamp of a release."""
    drawn = draw(desk, case, table)
    columns = published(desk.definition, table, desk.facts.round.year)
    rows = tuple(_rows(desk, case, drawn, columns))
    summed = [key for key in columns if key.partition(".")[0] in table.totals]
    region = desk.facts.units((desk.definition.top,))[0]
    return OpenList(
        title=clean_text(desk.revision.title(table, desk.language)),
        region=clean_text(region.name),
        round=clean_text(desk.round_title),
        process=desk.definition.key,
        introduction=clean_text(introduction),
        language=desk.language,
        columns=tuple(_column(desk, key, column) for key, column in columns.items()),
        rows=rows,
        totals=totals_of(summed, rows),
    )


# ---- columns ---------------------------------------------------------------------------


def _column(desk: Desk, key: str, column: Column) -> OpenColumn:
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return OpenColumn(
        key=key,
        title=title_of(desk, column),
        kind=kind_of(desk.definition, column),
        unit=str(column.type) if column.type in ("tkr", "percent") else "",
        scale=desk.revision.title(scale, desk.language) if scale else "",
        levels=tuple(
            (key, desk.revision.text(scale.path_of(key), title, desk.language))
            for key, title in levels.items()
            if scale
        ),
        source=(scale.source or "") if scale else "",
        unverified=bool(scale and scale.unverified),
    )


# ---- rows ------------------------------------------------------------------------------


def _rows(
    desk: Desk, case: CaseFact, drawn: Drawn, columns: Mapping[str, Column]
) -> Iterator[OpenRow]:
    chain = desk.definition.chain(drawn.table)
    end = chain[-1] if chain else drawn.table
    desk.facts.remember_cases({way[end].case for way in drawn.ways if end in way})
    positions = {
        place: position for position, way in enumerate(drawn.ways, start=1) for place in way.items()
    }
    reader = _Reader(desk, positions)
    for position, (cells, way) in enumerate(zip(drawn.cells, drawn.ways, strict=True), start=1):
        unit, origin = _origin(desk, case, drawn, way.get(end))
        yield OpenRow(
            position=position,
            unit=unit,
            origin=origin,
            cells={
                key: found
                for key, column in columns.items()
                if (found := reader.read(column, _cell(desk, column, key, cells), way)) is not None
            },
        )


def _cell(desk: Desk, column: Column, key: str, cells: Row) -> Cell:
    """Give a cell; of a column whose type stands in the row, as people write it."""
    cell = cells.get(key)
    is_there = column.type_from is not None and cell is not None
    return said(column, cells, cell, desk.language) if is_there else cell


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads cells as they are published."""

    desk: Desk
    positions: Mapping[Place, int]

    def read(self, column: Column, cell: Cell, way: Mapping[str, Origin]) -> OpenCell | None:
        """Give a cell of a row that came by a way; None for an empty one."""
        kind = kind_of(self.desk.definition, column)
        names: Mapping[str, str] = {}
        if column.type == "unit" and cell:
            names = {str(cell): self._unit(str(cell))}
        lies = self._lie(column, cell, way) if kind is OpenKind.POSITIONS else {}
        return open_cell(kind, cell, names, lies)

    def _unit(self, key: str) -> str:
        kinds = (*self.desk.definition.unit, *self.desk.definition.body)
        return next((one.name for one in self.desk.facts.units(kinds) if one.key == key), "")

    def _lie(self, column: Column, cell: Cell, way: Mapping[str, Origin]) -> Mapping[int, int]:
        """Say where the rows lie that a cell points to: in the case where it was written."""
        home = column.path.split(".")[1]
        if home not in way or cell is None:
            return {}
        numbers = [int(one) for one in str(cell).split(",") if one.isdecimal()]
        return {
            number: self.positions[there]
            for number in numbers
            if (there := (str(column.of), Origin(way[home].case, number))) in self.positions
        }


def _origin(desk: Desk, case: CaseFact, drawn: Drawn, at: Origin | None) -> tuple[str, str]:
    """Name the unit that filled a row in, and say where it lies there."""
    if at is None:
        return "", ""
    filled = desk.facts.case(at.case) if at.case != case.id else case
    if filled is None:
        return "", ""
    chain = desk.definition.chain(drawn.table)
    rows = (
        drawn.sheets[chain[-1]][at.case]
        if chain
        else desk.facts.sheet(SheetKey(case.id, drawn.table))
    )
    place = next(n for n, row in enumerate(rows, start=1) if row.number == at.number)
    unit = clean_text(desk.unit_name(filled.unit))
    if desk.language == "en":
        return unit, f"position {place} of {len(rows)} at the unit"
    return unit, f"plats {place} av {len(rows)} hos enheten"
