"""The way of what units filled in, list by list: where it lay, what was written, what became.

The way is read off the definition: from a table that is filled in, through each table that
is compiled from it, to the one that nothing more is compiled from.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.core.columns import columns_in, keys_in, said, unseen
from workflow.core.definition import Column, Definition, Table
from workflow.core.facts import CaseFact, Cell, Origin, Row, RowFact
from workflow.core.open_list import OpenKind
from workflow.core.publishing import kind_of, why_not_decided
from workflow.core.sight import Sight
from workflow.service.desks import Desk
from workflow.service.reading.cases.tables import title_of
from workflow.service.reading.lists.moves import Move, moves_of
from workflow.store.deeds import told
from workflow.store.origins import read_sheets, rows_showing
from workflow.store.pointing import names_of

__all__ = ["Said", "Stage", "Step", "deciding_ways", "follow", "stages_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A cell that a list itself has of a row."""

    key: str
    title: str
    text: str
    """Empty for a number."""
    number: int | str | None = None
    """Whole, or with decimals as a text."""
    day: date | None = None
    """The day that the text says in ISO 8601."""
    is_level: bool = False
    """The text is the title of a level, or of several."""
    is_words: bool = False
    """The text is what somebody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One list on a row's way."""

    title: str
    """Of the list."""
    case: str
    open: bool
    """The reader may open the list's case."""
    table: str
    decided: bool
    """The list has been handed on; before that nothing of it is told."""
    place: int | None = None
    """Counted from 1; None when the row is not there."""
    of: int = 0
    said: tuple[Said, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One table on the way, with its sheets in the round."""

    table: Table
    columns: Mapping[str, Column]
    """Its own that the reader may see here, by the key of their cells."""
    rows: Mapping[Origin, tuple[Origin, RowFact]]
    """By the row that each shows: where it lies itself."""
    places: Mapping[Origin, tuple[int, int]]
    """Where each row lies in its sheet, and how many there are."""
    cases: Mapping[str, CaseFact]
    decided: frozenset[str]
    """Cases that have handed it on."""
    moves: dict[str, Mapping[int, Sequence[Move]]] | None
    """By case, once they were asked for; None where they are not told of."""


def deciding_ways(definition: Definition) -> list[tuple[str, ...]]:
    """Give each way from a table that is filled in to the list that decides, in order.

    Of several lists that nothing is compiled from the longest way is meant.
    """
    ways: dict[str, tuple[str, ...]] = {}
    for table in definition.table.values():
        chain = definition.chain(table.key)
        passed = [definition.table[key] for key in (table.key, *chain)]
        if not chain or any(one.each or one.secret for one in passed):
            continue
        way = (*reversed(chain), table.key)
        if len(way) > len(ways.get(way[0], ())):
            ways[way[0]] = way
    return list(ways.values())


def stages_of(
    desk: Desk,
    sight: Sight,
    way: Sequence[str],
    cases: Sequence[CaseFact],
    only: Collection[Origin] | None = None,
) -> list[Stage]:
    """Read the lists of a way in a round, one statement for each; `cases` are the round's.

    With `only` what becomes of those rows is read and no more: neither places nor moves.
    """
    stages: list[Stage] = []
    for key in way[1:]:
        stage = _stage(desk, sight, desk.definition.table[key], cases, only)
        stages.append(stage)
        only = None if only is None else [at for at, _ in stage.rows.values()]
    return stages


def _stage(
    desk: Desk,
    sight: Sight,
    table: Table,
    cases: Sequence[CaseFact],
    only: Collection[Origin] | None,
) -> Stage:
    definition = desk.definition
    kinds = {
        kind.key
        for kind in definition.case.values()
        if any(table.key in state.edits for state in kind.state.values())
    }
    there = {case.id: case for case in cases if case.kind in kinds}
    lying = list(_lying(desk, there, table, only))
    hidden = set(unseen(table, {place.role for place in sight.places}))
    return Stage(
        table=table,
        columns={
            key: column
            for key, column in columns_in(table, desk.facts.round.year).items()
            if key.partition(".")[0] not in hidden
            and not column.personal
            and column.type not in ("file", "previous_row")
        },
        rows={row.origin: (at, row) for at, row, _, _ in lying if row.origin},
        places={at: (place, of) for at, _, place, of in lying},
        cases=there,
        decided=frozenset(
            key for key, case in there.items() if not why_not_decided(definition, case, table)
        ),
        moves={} if only is None else None,
    )


def _lying(
    desk: Desk, cases: Collection[str], table: Table, only: Collection[Origin] | None
) -> Iterator[tuple[Origin, RowFact, int, int]]:
    """Give the rows of a list, each with where it lies, at which place, and of how many."""
    if only is not None:
        for case, row in rows_showing(desk.connection, cases, table.key, only):
            yield Origin(case, row.number), row, 0, 0
        return
    for case, rows in read_sheets(desk.connection, cases, table.key).items():
        for place, row in enumerate(rows, start=1):
            yield Origin(case, row.number), row, place, len(rows)


def follow(
    desk: Desk, sight: Sight, stages: Sequence[Stage], start: Origin
) -> Iterator[tuple[Step, Row]]:
    """Give each list on a row's way, with the cells that the list itself has of it."""
    at: Origin | None = start
    for stage in stages:
        found = stage.rows.get(at) if at else None
        if found is None:
            yield _absent(desk, stage), {}
            at = None
            continue
        at, row = found
        case = stage.cases[at.case]
        decided = at.case in stage.decided
        place, of = stage.places[at]
        yield (
            Step(
                title=desk.revision.title(stage.table, desk.language),
                case=case.id,
                open=sight.sees(case) and sight.reads(case),
                table=stage.table.key,
                decided=decided,
                place=place if decided else None,
                of=of if decided else 0,
                said=tuple(_said(desk, stage, at, row.cells)) if decided else (),
                moves=tuple(_moves(desk, stage, at)) if decided else (),
            ),
            row.cells if decided else {},
        )


def _absent(desk: Desk, stage: Stage) -> Step:
    """Tell of a list that does not show a row, or not yet."""
    return Step(
        title=desk.revision.title(stage.table, desk.language),
        case="",
        open=False,
        table=stage.table.key,
        decided=bool(stage.cases) and stage.decided == frozenset(stage.cases),
    )


def _moves(desk: Desk, stage: Stage, at: Origin) -> Sequence[Move]:
    if stage.moves is None:
        return ()
    if at.case not in stage.moves:
        stage.moves[at.case] = moves_of(told(desk.connection, at.case), stage.table.key)
    return stage.moves[at.case].get(at.number, ())


# ---- cells -----------------------------------------------------------------------------


def _said(desk: Desk, stage: Stage, at: Origin, cells: Row) -> Iterator[Said]:
    for key, column in stage.columns.items():
        cell = cells.get(key)
        if cell is None or cell == "":
            continue
        if column.type_from is not None:
            text = said(column, cells, cell, desk.language)
            yield Said(key=key, title=title_of(desk, column), text=text)
        else:
            yield _cell(desk, stage, at, (key, column), cell)


def _cell(desk: Desk, stage: Stage, at: Origin, named: tuple[str, Column], cell: Cell) -> Said:
    key, column = named
    title, kind = title_of(desk, column), kind_of(desk.definition, column)
    if isinstance(cell, bool):
        sv, en = ("ja", "yes") if cell else ("nej", "no")
        return Said(key=key, title=title, text=en if desk.language == "en" else sv)
    if kind is OpenKind.NUMBER:
        return Said(key=key, title=title, text="", number=cell)
    return Said(
        key=key,
        title=title,
        text=str(cell) if kind is OpenKind.DATE else _words(desk, stage, at, column, cell),
        day=date.fromisoformat(str(cell)) if kind is OpenKind.DATE else None,
        is_level=kind in (OpenKind.LEVEL, OpenKind.LEVELS),
        is_words=column.type in ("text", "long_text"),
    )


def _words(desk: Desk, stage: Stage, at: Origin, column: Column, cell: Cell) -> str:
    """Give a cell of levels, of what it points at, or of plain text in words."""
    keys = keys_in(cell, column)
    scale = desk.definition.scale.get(column.type or "")
    names: Mapping[str, str] = {}
    if scale:
        names = {
            key: desk.revision.text(scale.path_of(key), title, desk.language)
            for key, title in scale.levels.items()
        }
    elif column.type == "person":
        names = names_of(desk.connection, keys)
    elif column.type == "unit":
        kinds = (*desk.definition.unit, *desk.definition.body)
        names = {unit.key: unit.name for unit in desk.facts.units(kinds)}
    elif column.type == "row":
        return _rows(desk, stage, at, keys)
    return ", ".join(names.get(key, key) for key in keys)


def _rows(desk: Desk, stage: Stage, at: Origin, keys: Sequence[str]) -> str:
    """Say at which places the rows lie that a cell points to."""
    places = sorted(
        stage.places[one][0]
        for key in keys
        if key.isdecimal() and (one := Origin(at.case, int(key))) in stage.places
    )
    word = "position" if desk.language == "en" else "plats"
    return f"{word} {', '.join(str(place) for place in places)}" if places else ""
