"""How all have assessed what a table of copies shows: the spread of each thing, everybody's
value by name, and where the list of the same rows has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.core.copies import Thing
from workflow.core.definition import Column
from workflow.core.facts import Origin, Row, RowFact, SheetKey
from workflow.core.spread import Spread, is_measured, measure, spread_of
from workflow.service.reading.cases.tables import column_view, texts
from workflow.service.reading.lists.columns import ListColumn, Value, value_of
from workflow.service.reading.lists.copies import Copies, Member

__all__ = ["Agreed", "Mark", "Measured", "Result", "agreed_of", "cells_of", "results_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one of them wrote of one thing."""

    who: str
    conflict: bool
    """They have a conflict of interest: what they may have written does not count."""
    texts: tuple[tuple[str, str], ...]
    """Title of column and what stands there; empty ones are left out."""
    at: Decimal | None
    """Where their value lies in the column that is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How the values of one column are spread."""

    title: str
    is_scale: bool
    counts: tuple[tuple[str, int], ...]
    """Each level, or each number that somebody wrote, with how many chose it."""
    places: tuple[Decimal, ...]
    """Where each of those lies."""
    spread: Spread | None
    lowest: str
    highest: str
    median: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Where a list that shows the same rows has them."""

    table: str
    title: str
    positions: Mapping[Origin, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing, as all have assessed it."""

    at: int
    """Where it lies in what is shown, counted from 1."""
    name: str
    cells: tuple[Value, ...]
    measured: tuple[Measured, ...]
    marks: tuple[Mark, ...]
    position: int | None
    """In the list of the same rows; None while there is none."""

    @property
    def apart(self) -> Decimal:
        """How far apart the first measured column lies."""
        spread = self.measured[0].spread if self.measured else None
        return spread.apart if spread else Decimal(-1)


def cells_of(copies: Copies, shown: Sequence[ListColumn], cells: Row) -> tuple[Value, ...]:
    return tuple(value_of(one, cells, copies.seen.desk.language) for one in shown)


def results_of(
    copies: Copies, things: Sequence[Thing], shown: Sequence[ListColumn]
) -> Iterator[Result]:
    members = copies.counted()
    if not copies.table.from_:
        yield _of_all(copies, members)
        return
    by_member = {
        one.person: {row.origin: row for row in copies.rows(one.person)} for one in members
    }
    agreed = agreed_of(copies)
    conflicts = copies.seen.facts.conflicts()
    for at, thing in enumerate(things, start=1):
        out = conflicts.get(thing.key, frozenset())
        rows = {
            person: rows.get(thing.source.origin)
            for person, rows in by_member.items()
            if person not in out
        }
        yield Result(
            at=at,
            name=thing.name,
            cells=cells_of(copies, shown, thing.source.cells),
            measured=tuple(_measured(copies, [row for row in rows.values() if row])),
            marks=tuple(_mark(copies, one, rows) for one in members),
            position=agreed.positions.get(thing.source.origin) if agreed else None,
        )


def _of_all(copies: Copies, members: Sequence[Member]) -> Result:
    """Give what all have written in a table that shows no rows of others, as one thing."""
    rows = {one.person: copies.rows(one.person) for one in members}
    return Result(
        at=1,
        name=copies.seen.revision.title(copies.table, copies.seen.desk.language),
        cells=(),
        measured=tuple(_measured(copies, [row for some in rows.values() for row in some])),
        marks=tuple(
            Mark(
                who=one.name,
                conflict=False,
                texts=tuple(told for row in rows[one.person] for told in _told(copies, row)),
                at=None,
            )
            for one in members
        ),
        position=None,
    )


def _told(copies: Copies, row: RowFact) -> Iterator[tuple[str, str]]:
    for column in copies.table.column.values():
        text = _text(copies, column, row)
        if text:
            yield copies.seen.revision.title(column, copies.seen.desk.language), text


def _mark(copies: Copies, member: Member, rows: Mapping[int, RowFact | None]) -> Mark:
    row = rows.get(member.person)
    first = next(iter(_measurable(copies)), None)
    at = row.cells.get(first.key) if row and first else None
    return Mark(
        who=member.name,
        conflict=member.person not in rows,
        texts=tuple(_told(copies, row)) if row else (),
        at=measure(copies.seen.definition, first, at) if first else None,
    )


def _text(copies: Copies, column: Column, row: RowFact) -> str:
    desk = copies.seen.desk
    text = texts(copies.seen, copies.table, row.cells).get(column.key, "")
    levels = dict(column_view(desk, column).options)
    return ", ".join(levels.get(one, one) for one in text.split(",")) if levels else text


def _measurable(copies: Copies) -> Sequence[Column]:
    """Give the columns whose spread is told, what must be filled in first."""
    definition = copies.seen.definition
    found = [one for one in copies.table.column.values() if is_measured(definition, one)]
    return sorted(found, key=lambda one: one.required is not True)


def _measured(copies: Copies, rows: Sequence[RowFact]) -> Iterator[Measured]:
    definition, desk = copies.seen.definition, copies.seen.desk
    for column in _measurable(copies):
        found = [measure(definition, column, row.cells.get(column.key)) for row in rows]
        values = [one for one in found if one is not None]
        view = column_view(desk, column)
        scale = column.type in definition.scale
        names = (
            {Decimal(at): level.title for at, level in enumerate(view.levels, start=1)}
            if scale
            else {one: _number(desk.language, one) for one in sorted(set(values))}
        )
        spread = spread_of(values)
        low, high = spread.median if spread else (None, None)
        between = dict.fromkeys(_named(names, one, desk.language) for one in (low, high))
        yield Measured(
            title=view.title,
            is_scale=scale,
            counts=tuple((name, values.count(at)) for at, name in names.items()),
            places=tuple(names),
            spread=spread,
            lowest=_named(names, spread.lowest if spread else None, desk.language),
            highest=_named(names, spread.highest if spread else None, desk.language),
            median="–".join(filter(None, between)),
        )


def _named(names: Mapping[Decimal, str], at: Decimal | None, language: str) -> str:
    if at is None:
        return ""
    return names.get(at) or _number(language, at)


def _number(language: str, value: Decimal) -> str:
    plain = format(value.normalize(), "f")
    return plain if language == "en" else plain.replace(".", ",")


def agreed_of(copies: Copies) -> Agreed | None:
    """Give the list of the same kind of case that shows the same rows in an order."""
    seen = copies.seen
    states = seen.definition.case[copies.case.kind].state.values()
    for key in dict.fromkeys(key for state in states for key in state.edits):
        table = seen.definition.table[key]
        same = table.from_ is not None and table.from_ == copies.table.from_
        if same and table.ordered and not table.each:
            rows = seen.facts.sheet(SheetKey(copies.case.id, key))
            if not rows:
                return None
            return Agreed(
                table=key,
                title=seen.revision.title(table, seen.desk.language),
                positions={row.origin: at for at, row in enumerate(rows, 1) if row.origin},
            )
    return None
