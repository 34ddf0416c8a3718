"""Sheets: the copies of tables, and what changes in them.

A sheet is one copy of a table in a case. Its rows have numbers that are never used
again, and places, in whose order they lie (`places`). A change is told in the log as
edits, so that the log replays to the present sheet:

    ["add", number, place, cells]            and, of a compiled row, the case and the
                                             number of the row it shows
    ["set", number, cells]                   cells that are other; None for an emptied one
    ["move", number, place, reason]
    ["drop", number]
    ["why", check, reason]                   why something may be as a check says
    ["line", number]                         the line lies behind a row; 0 above the first,
                                             None where it was taken away
    ["count", rows]                          so many rows are in a secret copy; nothing else
                                             is told of it

What people want arrives as wishes, which name a row with the version they saw:

    ["add", after, cells]                    after: a row's number, 0 for first, None for last
    ["set", number, version, cells]
    ["move", number, version, after, reason]
    ["drop", number, version]
    ["why", check, reason]
    ["line", number]

A line stays where it lies in the order: when the row behind which it lies is moved or
dropped, it lies behind the one before.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from workflow.core import places
from workflow.core.facts import Cell, Facts, Origin, Row, RowFact, SheetChange, SheetKey

__all__ = [
    "Book",
    "StaleRowsError",
    "Told",
    "added",
    "change_of",
    "compiled",
    "key_of",
    "name_of",
    "replaced",
    "telling",
]

Told = list[Any]
"""An edit as the log tells it."""
Finish = Callable[[Row], Row]

# ---- a whole sheet at once -------------------------------------------------------------


def replaced(
    present: Sequence[RowFact], rows: Sequence[Row], numbers: Sequence[int | None], last: int
) -> SheetChange:
    """Put other rows in place of those there are.

    `numbers` say which rows they are, None for new ones; without any the first is the
    first, and so on. Rows that are not among them are dropped.
    """
    if not any(numbers):
        numbers = [row.number for row in present[: len(rows)]]
        numbers = [*numbers, *([None] * (len(rows) - len(numbers)))]
    known = {row.number: row for row in present}
    named = [number if number in known else None for number in numbers]
    kept = {number for number in named if number is not None}
    added: list[RowFact] = []
    changed: list[RowFact] = []
    for row, number, place in zip(rows, named, _places(known, named), strict=True):
        if number is None:
            last += 1
            added.append(RowFact(number=last, place=place, version=1, cells=row))
        elif known[number].cells != row or known[number].place != place:
            was = known[number]
            changed.append(replace(was, place=place, version=was.version + 1, cells=row))
    dropped = tuple(row for row in present if row.number not in kept)
    return _change(known, added, changed, dropped, last)


def _places(known: Mapping[int, RowFact], named: Sequence[int | None]) -> Sequence[str]:
    """Give each row its place: the one it has where the order allows it."""
    at = [known[number].place if number is not None else None for number in named]
    there = [place for place in at if place is not None]
    if there != sorted(there):
        return places.spread(len(named))
    found: list[str] = []
    for index, place in enumerate(at):
        below = next((later for later in at[index:] if later is not None), None)
        found.append(place or _between(found[-1] if found else None, below))
    return found


def _between(low: str | None, high: str | None) -> str:
    if high is None:
        return places.after(low)[0]
    return places.before(high) if low is None else places.between(low, high)


def _change(
    known: Mapping[int, RowFact],
    added: Sequence[RowFact],
    changed: Sequence[RowFact],
    dropped: Sequence[RowFact],
    last: int,
) -> SheetChange:
    told = [["drop", row.number] for row in dropped]
    told += [edit for row in changed for edit in _tell(known[row.number], row)]
    told += [_tell_new(row) for row in added]
    return SheetChange(
        added=tuple(added),
        changed=tuple(changed),
        dropped=tuple(dropped),
        last_number=last,
        told=tuple(told),
    )


def _tell(was: RowFact, row: RowFact) -> list[Told]:
    other = {
        column: row.cells.get(column)
        for column in {**was.cells, **row.cells}
        if was.cells.get(column) != row.cells.get(column)
    }
    told: list[Told] = [["set", row.number, other]] if other else []
    return told + ([["move", row.number, row.place]] if was.place != row.place else [])


def _tell_new(row: RowFact) -> Told:
    from_where = [row.origin.case, row.origin.number] if row.origin else []
    return ["add", row.number, row.place, dict(row.cells), *from_where]


def added(present: Sequence[RowFact], rows: Sequence[tuple[Row, Origin]], last: int) -> SheetChange:
    """Put rows with their origins behind those that are there."""
    behind = present[-1].place if present else None
    new = [
        RowFact(number=number, place=place, version=1, cells=cells, origin=origin)
        for number, ((cells, origin), place) in enumerate(
            zip(rows, places.after(behind, len(rows)), strict=True), start=last + 1
        )
    ]
    return _change({}, new, [], [], last + len(new))


# ---- row by row ------------------------------------------------------------------------


class StaleRowsError(Exception):
    """Rows that somebody else has changed or taken away meanwhile."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"rows {numbers}")
        self.numbers = tuple(numbers)


@dataclass
class _Editing:
    """A sheet while it is edited: only what is touched is looked at."""

    facts: Facts
    key: SheetKey
    last: int
    before: dict[int, RowFact]
    now: dict[int, RowFact | None]
    told: list[Told]
    stale: list[int]
    finish: Finish
    reasons: dict[str, str] = field(default_factory=dict)
    line: tuple[int | None] | None = None
    """Where the line was put in the same go."""

    @cached_property
    def shown(self) -> dict[Origin, int]:
        """The number of the row that shows another, as the sheet is and by what was added."""
        return {row.origin: row.number for row in self.facts.sheet(self.key) if row.origin}


def change_of(
    facts: Facts, key: SheetKey, wishes: Iterable[Sequence[Any]], finish: Finish = dict
) -> SheetChange:
    """Do what is wished with single rows; cells have been read already. `finish` makes a
    row's cells whole before they are kept.

    Raises: StaleRowsError with every row that is no longer as it was seen.
    """
    doing = _Editing(facts, key, facts.last_number(key), {}, {}, [], [], finish)
    for what, *rest in wishes:
        _DOING[what](doing, *rest)
    if doing.stale:
        raise StaleRowsError(doing.stale)
    return _gathered(doing)


def _gathered(doing: _Editing) -> SheetChange:
    added, changed, dropped = [], [], []
    for number, row in doing.now.items():
        was = doing.before.get(number)
        if was is None and row is not None:
            added.append(replace(row, version=1))
        elif was is not None and row is None:
            dropped.append(was)
        elif was is not None and row is not None and row != was:
            changed.append(replace(row, version=was.version + 1))
    return SheetChange(
        added=tuple(added),
        changed=tuple(changed),
        dropped=tuple(dropped),
        last_number=doing.last,
        reasons=doing.reasons,
        line=doing.line,
        told=tuple(doing.told),
    )


def _seen(doing: _Editing, number: int, version: int | None) -> RowFact | None:
    if number in doing.now:
        if doing.now[number] is None:
            doing.stale.append(number)  # dropped in the same go
        return doing.now[number]
    row = doing.facts.sheet_row(doing.key, number)
    if row is None or (version is not None and row.version != version):
        doing.stale.append(number)
        return None
    doing.before[number] = doing.now[number] = row
    return row


def _gap(doing: _Editing, after: int | None) -> tuple[str | None, str | None]:
    """Give the gap behind a row, with what has been put or moved in the same go."""
    beside = doing.now.get(after) if after else None
    if beside is not None and beside != doing.before.get(beside.number):
        return beside.place, _next_place(doing, beside.place)
    low, high = doing.facts.sheet_gap(doing.key, after)
    mine = [row.place for row in doing.now.values() if row is not None]
    if after is None:
        return max([place for place in (low, *mine) if place is not None], default=None), None
    inside = [place for place in mine if (low or "") < place and (high is None or place < high)]
    return low, min([*inside, *([high] if high else [])], default=None)


def _next_place(doing: _Editing, low: str) -> str | None:
    own = [row.place for row in doing.now.values() if row is not None and row.place > low]
    stored = [
        row.place
        for row in doing.facts.sheet(doing.key)
        if row.place > low and row.number not in doing.now
    ]
    return min([*own, *stored[:1]], default=None)


def _add(
    doing: _Editing, after: int | None, cells: Row, case: str = "", of: int | None = None
) -> None:
    if after and _seen(doing, after, None) is None:
        return
    origin = Origin(case, of) if of is not None else None
    if origin is not None and origin in doing.shown:  # somebody else was first to write about it
        doing.stale.append(doing.shown[origin])
        return
    doing.last += 1
    row = RowFact(
        number=doing.last,
        place=_between(*_gap(doing, after)),
        version=1,
        cells=doing.finish(cells),
        origin=origin,
    )
    doing.now[row.number] = row
    if origin is not None:
        doing.shown[origin] = row.number
    doing.told.append(_tell_new(row))


def _set(doing: _Editing, number: int, version: int | None, cells: Mapping[str, Cell]) -> None:
    row = _seen(doing, number, version)
    if row is not None:
        whole = {**row.cells, **cells}
        kept = {key: cell for key, cell in whole.items() if cell is not None}
        now = replace(row, cells=doing.finish(kept))
        doing.told += _tell(row, now)
        doing.now[number] = now


def _move(
    doing: _Editing, number: int, version: int | None, after: int | None, reason: str = ""
) -> None:
    row = _seen(doing, number, version)
    if row is None or after == number:
        return
    if after and _seen(doing, after, None) is None:
        return
    low, high = _gap(doing, after)
    if row.place in (low, high):
        return  # it lies there already
    _leave_line(doing, number)
    now = replace(row, place=_between(low, high))
    doing.told.append(["move", number, now.place, *([reason] if reason else [])])
    doing.now[number] = now


def _drop(doing: _Editing, number: int, version: int | None) -> None:
    row = _seen(doing, number, version)
    if row is not None:
        _leave_line(doing, number)
        doing.told.append(["drop", number])
        doing.now[number] = None
        if row.origin is not None and number not in doing.before:  # added in the same go
            del doing.shown[row.origin]


def _say_why(doing: _Editing, check: str, reason: str) -> None:
    if doing.facts.reasons(doing.key).get(check, "") != reason:
        doing.reasons[check] = reason
        doing.told.append(["why", check, reason])


def _put_line(doing: _Editing, after: int | None) -> None:
    if after and _seen(doing, after, None) is None:
        return
    if _line(doing) != after:
        doing.line = (after,)
        doing.told.append(["line", after])


def _line(doing: _Editing) -> int | None:
    return doing.line[0] if doing.line else doing.facts.drawn_line(doing.key)


def _leave_line(doing: _Editing, number: int) -> None:
    """Let the line stay where it is when the row behind which it lies goes elsewhere."""
    if _line(doing) == number:
        stored = {row.number: row for row in doing.facts.sheet(doing.key)}
        rows = [row for row in {**stored, **doing.now}.values() if row is not None]
        _put_line(doing, _before(sorted(rows, key=lambda row: row.place), number))


def _before(rows: Sequence[RowFact], number: int) -> int:
    """Give the row before another one, 0 for none."""
    numbers = [0, *(row.number for row in rows)]
    return numbers[numbers.index(number) - 1]


_DOING: Final[Mapping[str, Any]] = {
    "add": _add,
    "set": _set,
    "move": _move,
    "drop": _drop,
    "why": _say_why,
    "line": _put_line,
}


# ---- compiling -------------------------------------------------------------------------


def compiled(
    present: Sequence[RowFact], sources: Sequence[Origin], last: int, line: int | None = None
) -> SheetChange:
    """Bring a compiled sheet in step with its sources, given in the order in which new ones
    are to lie. Rows that are there keep their place and what was written in them; a row
    whose source is gone goes with it.
    """
    there = {row.origin: row for row in present}
    wanted = set(sources)
    new = [origin for origin in sources if origin not in there]
    behind = present[-1].place if present else None
    added = [
        RowFact(number=number, place=place, version=1, cells={}, origin=origin)
        for number, (origin, place) in enumerate(
            zip(new, places.after(behind, len(new)), strict=True), start=last + 1
        )
    ]
    gone = [row for row in present if row.origin not in wanted]
    change = _change({}, added, [], gone, last + len(added))
    kept = _line_among(present, {row.number for row in gone}, line)
    if kept == line:
        return change
    return replace(change, line=(kept,), told=(["line", kept], *change.told))


def _line_among(present: Sequence[RowFact], gone: Container[int], line: int | None) -> int | None:
    """Give the nearest row, from where the line lies and upwards, that is not gone."""
    while line and line in gone:
        line = _before(present, line)
    return line


# ---- the log ---------------------------------------------------------------------------


def telling(changes: Mapping[SheetKey, SheetChange]) -> dict[str, object]:
    """Give what an entry tells of changes in one case, by table and whose copy it is."""
    return {name_of(key): list(change.told) for key, change in changes.items() if change.told}


def name_of(key: SheetKey) -> str:
    """Give the name of a sheet within its case."""
    return f"{key.table}@{key.owner}" if key.owner else key.table


def key_of(case: str, name: str) -> SheetKey:
    """Give the sheet that a name within a case means."""
    table, _, owner = name.partition("@")
    return SheetKey(case, table, int(owner) if owner.isdecimal() else 0)


class Book:
    """The sheets of a case as the log tells of them, entry by entry."""

    def __init__(self) -> None:
        self.sheets: dict[str, dict[int, RowFact]] = {}
        self.last: dict[str, int] = {}
        """The highest number that was ever used, by sheet."""
        self.reasons: dict[str, dict[str, str]] = {}
        """By sheet and check."""
        self.counts: dict[str, int] = {}
        """How many rows a sheet has of which nothing else is told."""
        self.lines: dict[str, int | None] = {}
        """The row behind which the line of a sheet lies; 0 above the first."""

    def take(self, payload: Mapping[str, Any]) -> None:
        """Follow an entry.

        Raises: ValueError, LookupError, TypeError for what no program has written.
        """
        for table, rows in _mapping(payload, "rows").items():
            self._put(table, rows)
        for table, told in _mapping(payload, "changed").items():
            self._put(table, _changed(self.cells(table), told))
        for name, edits in _mapping(payload, "sheets").items():
            match edits:
                case [["count", int(rows)]]:
                    self.counts[name] = rows
                case _:
                    self._edit(name, edits)
        self._count(_mapping(payload, "counted"))

    def rows(self, name: str) -> list[RowFact]:
        """Give the rows of a sheet in order."""
        return sorted(self.sheets.get(name, {}).values(), key=lambda row: row.place)

    def cells(self, name: str) -> list[Row]:
        """Give the cells of a sheet's rows in order."""
        return [row.cells for row in self.rows(name)]

    def _edit(self, name: str, edits: Sequence[Told]) -> None:
        sheet = self.sheets.setdefault(name, {})
        before = dict(sheet)
        for what, number, *rest in edits:
            if what == "why":
                self.reasons.setdefault(name, {})[number] = rest[0]
                continue
            if what == "line":
                self.lines[name] = number
                continue
            _put_back(sheet, what, number, rest)
            self.last[name] = max(self.last.get(name, 0), number)
        for number in before.keys() & sheet.keys():
            if sheet[number] != before[number]:
                sheet[number] = replace(sheet[number], version=before[number].version + 1)

    def _count(self, told: Mapping[str, Any]) -> None:
        """Let secret copies become rows that are nobody's."""
        if told:
            table = told["table"]
            self.counts = {
                name: rows for name, rows in self.counts.items() if name.partition("@")[0] != table
            }
            self.counts[table] = told["rows"]

    def _put(self, table: str, rows: Sequence[Row]) -> None:
        """Take a whole table, as entries told of it before rows had numbers."""
        spread = zip(rows, places.spread(len(rows)), strict=True)
        self.sheets[table] = {
            number: RowFact(number=number, place=place, version=1, cells=cells)
            for number, (cells, place) in enumerate(spread, start=1)
        }
        self.last[table] = len(rows)


def _put_back(sheet: dict[int, RowFact], what: str, number: int, rest: Sequence[Any]) -> None:
    """Do an edit again, as the log tells it."""
    if what == "add":
        place, cells, *where = rest
        origin = Origin(where[0], where[1]) if where else None
        sheet[number] = RowFact(number=number, place=place, version=1, cells=cells, origin=origin)
    elif what == "drop":
        del sheet[number]
    elif what == "set":
        cells = {**sheet[number].cells, **rest[0]}
        cells = {column: cell for column, cell in cells.items() if cell is not None}
        sheet[number] = replace(sheet[number], cells=cells)
    elif what == "move":
        sheet[number] = replace(sheet[number], place=rest[0])
    else:
        raise ValueError(what)


def _mapping(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def _changed(before: Sequence[Row], told: Mapping[str, Any]) -> list[Row]:
    """Give a table after some of its rows changed, by position."""
    after = [*before][: told["count"]]
    after += [{} for _ in range(told["count"] - len(after))]
    for position, row in told["rows"].items():
        after[int(position) - 1] = row
    return after
