"""A matrix in words: each cell a tone, a sign and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from web.visit import Visit
from workflow.core.progress import Tally
from workflow.service.reading.rounds.matrix import Cell, Column, Matrix, Row

__all__ = ["Heat", "HeatCell", "HeatColumn", "HeatRow", "put_in_words"]

SIGNS: Final = {
    "late": "late",
    "back": "back",
    "soon": "clock",
    "done": "done",
    "act": "dot",
    "next": "ring",
    "": "wait",
}


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """A column's head."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """What one cell says."""

    tone: str
    sign: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """What one row says."""

    href: str
    name: str
    cells: tuple[HeatCell, ...]
    more: str
    """Address of what lies below it; empty when nothing does."""
    more_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A matrix as it is shown."""

    title: str
    caption: str
    heading: str
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow, ...]
    links: bool
    totals_title: str
    totals: tuple[str, ...]
    """By column; none when there is one row and nothing hidden."""
    earlier: str
    """The sentence about earlier occasions; empty when there are none."""
    hidden: str
    """The sentence about rows that are not shown; empty when all are."""


def put_in_words(visit: Visit, matrix: Matrix, round_path: str) -> Heat:
    """Say what a matrix says. `round_path` is the address of the round."""
    summed = len(matrix.rows) > 1 or matrix.hidden
    kinds = {column.kind for column in matrix.columns}
    return Heat(
        title=matrix.title,
        caption=visit.text(
            f"{matrix.title}: läget per enhet och steg", f"{matrix.title}: by unit and step"
        ),
        heading=matrix.heading,
        columns=tuple(_column(visit, one, with_kind=len(kinds) > 1) for one in matrix.columns),
        rows=tuple(_row(visit, row, round_path) for row in matrix.rows),
        links=any(row.units for row in matrix.rows),
        totals_title=visit.text("Alla", "All"),
        totals=tuple(_total(visit, one) for one in matrix.totals) if summed else (),
        earlier=_earlier(visit, matrix.earlier),
        hidden=_hidden(visit, matrix),
    )


def _column(visit: Visit, column: Column, *, with_kind: bool) -> HeatColumn:
    title = f"{column.kind}: {column.title}" if with_kind else column.title
    note = visit.say.day(column.last_on) if column.last_on else ""
    return HeatColumn(title, note)


def _row(visit: Visit, row: Row, round_path: str) -> HeatRow:
    below = f"{round_path}?enhet={row.unit}#enhet" if row.units else ""
    n = row.units
    text = visit.text(
        f"{n} {'ärende' if n == 1 else 'ärenden'}", f"{n} {'case' if n == 1 else 'cases'}"
    )
    cells = tuple(_one(visit, cell) if cell.is_one else _many(visit, cell) for cell in row.cells)
    return HeatRow(f"/arenden/{row.case}", row.name, cells, below, text)


def _cell(tone: str, text: str, note: str = "") -> HeatCell:
    return HeatCell(tone, SIGNS[tone], text, note)


# ---- a row's own case ------------------------------------------------------------------


def _one(visit: Visit, cell: Cell) -> HeatCell:
    tally = cell.tally
    if not tally.total:
        return _cell("next", visit.text("indraget", "withdrawn"))
    if tally.reached:
        return _cell("done", _done(visit, cell))
    if tally.missing:
        return _cell("late", visit.text("uteblivet", "missing"))
    return _waiting(visit, cell) if tally.coming or tally.waits else _owed(visit, cell)


def _waiting(visit: Visit, cell: Cell) -> HeatCell:
    """Say what a case waits for that nobody owes anything in now."""
    n = cell.waits_for
    if cell.tally.waits:
        return _cell("act", visit.text("väntar", "waits"))
    return _cell("next", visit.text(f"väntar på {n}", f"waits for {n}") if n else _coming(visit))


def _owed(visit: Visit, cell: Cell) -> HeatCell:
    tally = cell.tally
    day = visit.say.day(cell.due_on) if cell.due_on else ""
    if tally.late and cell.due_on:
        text = visit.say.distance(cell.due_on)
    elif tally.back:
        text = visit.text("svarar på frågor", "answers questions")
    elif tally.extended:
        text = visit.text("anstånd", "extension")
    else:
        text = visit.text("pågår", "under way")
    return _cell(tally.tone, text, day)


def _done(visit: Visit, cell: Cell) -> str:
    day = f" {visit.say.day(cell.done_on)}" if cell.done_on else ""
    return visit.text("klart", "done") + day


def _coming(visit: Visit) -> str:
    return visit.text("kommer", "to come")


# ---- those below a row -----------------------------------------------------------------


def _many(visit: Visit, cell: Cell) -> HeatCell:
    tally = cell.tally
    if not tally.total:
        return _cell("next", visit.text("inga", "none"))
    if tally.coming == tally.total:
        return _cell("next", _coming(visit), f"0 {visit.text('av', 'of')} {tally.total}")
    note = ", ".join(_notes(visit, tally))
    if not note and not tally.left and cell.done_on:
        note = _done(visit, cell)
    return _cell(tally.tone, _total(visit, tally), note)


def _total(visit: Visit, tally: Tally) -> str:
    return f"{tally.reached} {visit.text('av', 'of')} {tally.total}"


def _notes(visit: Visit, tally: Tally) -> Iterator[str]:
    if tally.late:
        yield f"{tally.late} {visit.text('sent' if tally.late == 1 else 'sena', 'late')}"
    if tally.back:
        yield f"{tally.back} {visit.text('tillbaka', 'returned')}"
    if tally.extended:
        yield f"{tally.extended} {visit.text('anstånd', 'extended')}"
    if tally.missing:
        one = tally.missing == 1
        yield f"{tally.missing} {visit.text('uteblivet' if one else 'uteblivna', 'missing')}"


def _earlier(visit: Visit, n: int) -> str:
    if not n:
        return ""
    number = visit.say.number(n)
    sv = "Ett avslutat" if n == 1 else f"{number.capitalize()} avslutade"
    en = "One from before has ended and is" if n == 1 else ""
    en = en or f"{number.capitalize()} from before have ended and are"
    return visit.text(f"{sv} sedan tidigare räknas inte med här.", f"{en} not counted here.")


def _hidden(visit: Visit, matrix: Matrix) -> str:
    if not matrix.hidden:
        return ""
    n, late = visit.say.number(matrix.hidden), matrix.hidden_late
    more = matrix.rows != ()
    sv = f"{n.capitalize()} {'till ' if more else ''}ligger utanför det du ser och räknas bara in"
    en = f"{n.capitalize()} {'more ' if more else ''}lie outside what you see and are only counted"
    if late:
        sv += f"; i {visit.say.number(late)} av dem är något sent"
        en += f"; in {visit.say.number(late)} of them something is late"
    return visit.text(f"{sv}.", f"{en}.")
