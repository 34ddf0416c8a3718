"""What the round alone can tell of a cell: whether there is what it points at, of which type
the row makes it, and whether the one who writes sees its column at all.

A cell that points holds the key of what it points at, as text: a person's permanent key, a
unit's key, the number of a file of the same case, the number of a row of it or of the nearest
case above that has the table (of several, by rising number with commas between), and for a
row of the round before `CASE/NUMBER`. A cell that stays as it was
is not asked again: what it pointed at may be gone since, and stands there until somebody
changes it or `complete` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workflow.core.columns import (
    GIVEN_ELSEWHERE,
    POINTING,
    column_of,
    columns_in,
    hidden_from,
    keys_in,
    type_in,
)
from workflow.core.definition import Column, Definition, Table
from workflow.core.errors import Placed, Reason
from workflow.core.facts import Actor, CaseFact, Cell, Facts, Inputs, Origin, Row, RowFact, SheetKey
from workflow.core.material import UnfitError, read_cell, unfit

__all__ = ["Pointed", "choices", "gone", "pointed_sheet", "previous_key", "settle"]

Pointed = Mapping[str, str]
"""What may be pointed at, key = what it is called."""
_WORDS: Final = {
    "person": ("ingen som har en roll i omgången", "nobody who holds a role in the round"),
    "unit": ("ingen enhet i omgången", "no unit of the round"),
    "file": ("ingen fil i ärendet", "no file of the case"),
    "row": ("ingen rad som finns", "no row that is there"),
    "previous_row": ("ingen rad i förra omgången", "no row of the round before"),
}
_GONE: Final = {
    "file": ("filen är borttagen", "the file has been taken away"),
    "row": ("raden är borttagen", "the row has been taken away"),
}


def previous_key(origin: Origin) -> str:
    """Give how a row of the round before stands in a cell."""
    return f"{origin.case}/{origin.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """A table of a case, as somebody writes in it."""

    definition: Definition
    facts: Facts
    case: CaseFact
    table: Table
    key: SheetKey
    hidden: frozenset[str]
    columns: Mapping[str, Column]
    known: dict[str, frozenset[str]]
    """What may be pointed at, by column; asked once."""
    wrong: list[Reason]

    def keys(self, column: Column) -> frozenset[str]:
        """Give what a column's cells may point at."""
        name = f"{column.type} {column.of}"
        if name not in self.known:
            found = choices(self.facts, self.definition, self.key, column)
            self.known[name] = frozenset(found)
        return self.known[name]


def settle(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    actor: Actor,
    inputs: Inputs,
    sheet: Mapping[str, SheetKey],
) -> tuple[Inputs, Sequence[Reason]]:
    """Read on what came along, now that the round is at hand. `sheet` is the copy of each table.

    Gives it with the cells of columns that somebody does not see left as they are, and a
    reason for every cell that cannot be taken.
    """
    wrong: list[Reason] = []
    rows, edits = dict(inputs.rows), dict(inputs.edits)
    for name, key in sheet.items():
        here = _here(definition, facts, case, actor, key, wrong)
        if here is None:
            continue
        if name in rows:
            rows[name] = _settle_whole(here, rows[name], inputs.numbers.get(name, ()))
        if name in edits:
            edits[name] = tuple(_settle_wish(here, wish) for wish in edits[name])
    return replace(inputs, rows=rows, edits=edits), wrong


def _here(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    actor: Actor,
    key: SheetKey,
    wrong: list[Reason],
) -> _Here | None:
    """Look at a table that has something to be settled; None for one that has not."""
    table = definition.table[key.table]
    plain = not any(
        column.visible_to or column.type_from or column.years or column.type in POINTING
        for column in table.column.values()
    )
    if plain:
        return None
    return _Here(
        definition=definition,
        facts=facts,
        case=case,
        table=table,
        key=key,
        hidden=hidden_from(definition, facts, table, actor),
        columns=columns_in(table, facts.round.year),
        known={},
        wrong=wrong,
    )


def _settle_whole(
    here: _Here, rows: Sequence[Row], numbers: Sequence[int | None]
) -> tuple[Row, ...]:
    present = here.facts.sheet(here.key)
    known = {row.number: row for row in present}
    if not any(numbers):  # as `sheets.replaced` takes them: the first is the first
        numbers = [row.number for row in present]
    found: list[Row] = []
    for at, row in enumerate(rows):
        number = numbers[at] if at < len(numbers) else None
        was = known.get(number) if number is not None else None
        kept = {key: cell for key, cell in (was.cells if was else {}).items() if _is_in(here, key)}
        found.append({**_settle_row(here, row, was, at + 1), **kept})
    return tuple(found)


def _is_in(here: _Here, key: str) -> bool:
    return key.partition(".")[0] in here.hidden


def _settle_wish(here: _Here, wish: tuple[object, ...]) -> tuple[object, ...]:
    match wish:
        case ("add", after, dict(cells), str(case), int(of)):
            shown = RowFact(number=of, place="", version=1, cells={}, origin=Origin(case, of))
            return "add", after, _settle_row(here, cells, shown, of), case, of
        case ("add", after, dict(cells)):
            return "add", after, _settle_row(here, cells, None, 0)
        case ("set", int(number), version, dict(cells)):
            was = here.facts.sheet_row(here.key, number)
            return "set", number, version, _settle_row(here, cells, was, number)
    return wish


def _settle_row(here: _Here, cells: Row, was: RowFact | None, number: int) -> dict[str, Cell]:
    """Settle the cells that came along for a row; `number` is what reasons call it."""
    before: Row = was.cells if was else {}
    if was and any(column.type_from for column in here.columns.values()):
        # What it shows reads whole sheets, and only a type that stands elsewhere needs it.
        before = here.facts.shown([was], here.definition.chain(here.table.key))[0]
    whole = {**before, **cells}
    found: dict[str, Cell] = dict(cells)
    for key, cell in cells.items():
        column = column_of(here.table, key) or here.table.column.get(key.partition(".")[0])
        if column is None:
            continue
        if _is_in(here, key) or (key not in here.columns and not key.endswith(".reason")):
            there = ", ".join(one for one in here.columns if not _is_in(here, one))
            sv, en = f"finns inte; kolumner: {there}", f"does not exist; columns: {there}"
            here.wrong.append(unfit(here.table, number, key, key, sv, en))
        elif cell is not None and column.type in POINTING and cell != before.get(key):
            _check_pointing(here, column, key, cell, was.number if was else 0, number)
    for key, column in here.columns.items():
        if column.type_from and not _is_in(here, key) and whole.get(key) is not None:
            settled = _settle_type(here, column, key, whole, before, number)
            if key in cells or settled != before.get(key):
                found[key] = settled
    return found


def _check_pointing(
    here: _Here, column: Column, key: str, cell: Cell, own: int, number: int
) -> None:
    chosen = keys_in(cell, column)
    if column.type == "row" and column.of == here.table.key and str(own) in chosen:
        itself = "en rad kan inte peka på sig själv", "a row cannot point at itself"
        here.wrong.append(unfit(here.table, number, key, column.title, *itself))
        return
    for one in chosen:
        if one not in here.keys(column):
            sv, en = _WORDS[str(column.type)]
            reason = f"”{one[:60]}” är {sv}", f'"{one[:60]}" is {en}'
            here.wrong.append(unfit(here.table, number, key, column.title, *reason))


def _settle_type(here: _Here, column: Column, key: str, row: Row, before: Row, number: int) -> Cell:
    """Read a cell by the type that stands in its row."""
    kind = type_in(column, row)
    cell = row[key]
    if kind == GIVEN_ELSEWHERE:
        title = _title_of(here, str(column.type_from))
        reason = f"välj först {title}", f"choose {title} first"
        here.wrong.append(unfit(here.table, number, key, column.title, *reason))
        return cell
    typed = column.model_copy(update={"type": kind, "type_from": None})
    try:
        found = read_cell(here.definition, typed, cell)
    except UnfitError as refused:
        words = refused.sv, refused.en
        here.wrong.append(unfit(here.table, number, key, column.title, *words))
        return cell
    is_other = found != before.get(key) or kind != type_in(column, before)
    if kind in POINTING and is_other:  # of no table: a type that a row decides names none
        _check_pointing(here, typed, key, found, 0, number)
    return found


def _title_of(here: _Here, key: str) -> str:
    """Give what a column is called, of the table or of what it shows."""
    known = here.definition.table
    tables = (here.table, *(known[one] for one in here.definition.chain(here.table.key)))
    return next((one.column[key].title for one in tables if key in one.column), key)


# ---- what may be pointed at ------------------------------------------------------------


def choices(facts: Facts, definition: Definition, key: SheetKey, column: Column) -> Pointed:
    """Give what the cells of a column may point at, key = what it is called; nothing for a
    column that does not point. Rows are called by their numbers here."""
    if column.type == "person":
        return facts.people(definition.role)
    if column.type == "unit":
        kinds = (*definition.unit, *definition.body)
        return {unit.key: unit.name for unit in facts.units(kinds)}
    if column.type == "file":
        return {str(number): name for number, name in facts.files(key.case).items()}
    if column.type == "row" and column.of in definition.table:
        return {
            str(row.number): str(row.number)
            for row in facts.sheet(pointed_sheet(definition, facts, key, str(column.of)))
        }
    if column.type == "previous_row":
        case = facts.case(key.case)
        rows = facts.previous_rows(case.unit, key.table) if case else ()
        return {previous_key(origin): previous_key(origin) for origin, _ in rows}
    return {}


def pointed_sheet(definition: Definition, facts: Facts, key: SheetKey, of: str) -> SheetKey:
    """Give the sheet of a table that the cells of another sheet point into: in the same case,
    one's own copy where each has one; else in the nearest case above that fills it in."""
    if definition.table[of].each:
        return SheetKey(key.case, of, key.owner)
    above = facts.case(key.case)
    while above is not None and above.kind not in definition.edited_in(of):
        above = facts.case(above.parent) if above.parent else None
    return SheetKey(above.id if above else key.case, of)


def gone(
    definition: Definition,
    facts: Facts,
    key: SheetKey,
    rows: Sequence[Row],
    after: Mapping[SheetKey, Sequence[RowFact]],
) -> Iterator[Reason]:
    """Give a reason for each cell of a table that points at a row or a file that is gone.

    `after` are the sheets that become other in the same go.
    """
    table = definition.table[key.table]
    for name, column in columns_in(table, facts.round.year).items():
        if column.type not in _GONE or not any(row.get(name) for row in rows):
            continue
        there = frozenset(choices(facts, definition, key, column))
        if column.type == "row":
            other = pointed_sheet(definition, facts, key, str(column.of))
            if other in after:
                there = frozenset(str(row.number) for row in after[other])
        for number, row in enumerate(rows, start=1):
            lost = [one for one in keys_in(row.get(name), column) if one not in there]
            if lost:
                yield _say_gone(table, number, column, lost)


def _say_gone(table: Table, number: int, column: Column, lost: Sequence[str]) -> Placed:
    sv, en = _GONE[str(column.type)]
    which = ", ".join(lost)
    return Placed(
        "complete",
        f"{table.title}, rad {number}, {column.title}: {sv} ({which}). Välj om.",
        f"{table.title}, row {number}, {column.title}: {en} ({which}). Choose anew.",
        place=f"{table.key}.{number}.{column.key}",
        here_sv=f"{sv[:1].upper()}{sv[1:]} ({which}). Välj om.",
        here_en=f"{en[:1].upper()}{en[1:]} ({which}). Choose anew.",
    )
