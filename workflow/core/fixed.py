"""Tables whose rows are given: one for each key that the definition names, or for each unit.

The rows come to be when a case comes to a state that fills the table in, and stay from then
on. Which one a row is stands in its cell `row`, which nobody writes in; nobody adds a row,
takes one away or moves one either, in whatever way they ask for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workflow.core.definition import ROW, Definition, Table
from workflow.core.errors import BadInput, Placed, Reason, in_words
from workflow.core.facts import (
    CaseFact,
    Compile,
    Facts,
    Inputs,
    Row,
    RowFact,
    SheetChange,
    SheetKey,
)
from workflow.core.roles import units_near
from workflow.core.sheets import replaced

__all__ = ["check_fixed", "fixed_of", "laid_out", "name_fixed", "named", "with_rows", "wrong_wish"]


def fixed_of(definition: Definition, facts: Facts, case: CaseFact, key: str) -> Compile:
    """Say which fixed rows a table has in a case: those it names, or the units as `per` of a
    case gives them."""
    table = definition.table[key]
    keys = tuple(table.rows)
    if table.rows_per is not None:
        units = units_near(definition, facts, (table.rows_per,), case.unit)
        keys = tuple(unit.key for unit in units)
    return Compile(key=SheetKey(case.id, key), chain=(), where={}, below=False, fixed=keys)


def laid_out(present: Sequence[RowFact], keys: Sequence[str], last: int) -> SheetChange:
    """Lay out the fixed rows that are not there yet, behind those that are; those stay."""
    there = {row.cells.get(ROW) for row in present}
    new: list[Row] = [{ROW: key} for key in keys if key not in there]
    rows = [*(row.cells for row in present), *new]
    return replaced(present, rows, [*(row.number for row in present), *(None for _ in new)], last)


def name_fixed(definition: Definition, facts: Facts, table: Table, row: Row) -> str:
    """Give what a fixed row is called."""
    key = str(row.get(ROW) or "")
    if table.rows_per is None:
        return table.rows.get(key, key)
    units = facts.units((*definition.unit, *definition.body))
    return next((unit.name for unit in units if unit.key == key), key)


def named(
    definition: Definition,
    facts: Facts,
    table: Table,
    rows: Sequence[Row],
    reasons: Iterable[Reason],
) -> Iterator[Reason]:
    """Call the fixed rows of a table by name in reasons that are about one of its cells."""
    for reason in reasons:
        parts = reason.place.split(".", 2) if isinstance(reason, Placed) else []
        if not (table.is_fixed and len(parts) == 3 and isinstance(reason, Placed)):
            yield reason
            continue
        name = name_fixed(definition, facts, table, rows[int(parts[1]) - 1])
        yield replace(
            reason,
            sv=f"{table.title}, {name}: {reason.here_sv}",
            en=f"{table.title}, {name}: {reason.here_en}",
        )


# ---- what people send ------------------------------------------------------------------


def with_rows(
    definition: Definition, facts: Facts, sheet: Mapping[str, SheetKey], inputs: Inputs
) -> Inputs:
    """Tell by their keys which ones whole rows are that came without numbers.

    Raises: BadInput for a row that is none of the fixed ones, or is there twice.
    """
    rows, numbers = dict(inputs.rows), dict(inputs.numbers)
    for name, key in sheet.items():
        table = definition.table[name]
        if not table.is_fixed or name not in rows:
            continue
        present = facts.sheet(key)
        if not any(numbers.get(name, ())):
            found = _numbers(table, present, rows[name])
            order = {row.number: at for at, row in enumerate(present)}
            told = sorted(zip(found, rows[name], strict=True), key=lambda one: order[one[0]])
            numbers[name] = tuple(number for number, _ in told)
            rows[name] = tuple(cells for _, cells in told)
        known = {row.number: row.cells.get(ROW) for row in present}
        rows[name] = tuple(
            {ROW: known[number], **cells} if number in known else cells
            for cells, number in zip(rows[name], numbers[name], strict=True)
        )
    return replace(inputs, rows=rows, numbers=numbers)


def _numbers(table: Table, present: Sequence[RowFact], rows: Sequence[Row]) -> Sequence[int]:
    """Find the row of each key; without any key the first is the first."""
    if not any(ROW in cells for cells in rows) and len(rows) == len(present):
        return [row.number for row in present]
    known = {row.cells.get(ROW): row.number for row in present}
    found: list[int] = []
    wrong: list[Reason] = []
    for at, cells in enumerate(rows, start=1):
        number = known.get(cells.get(ROW))
        if number is None:
            wrong.append(_say_unknown(table, at, cells))
        elif number in found:
            wrong.append(_placed(table, f"{at}.{ROW}", "raden kom två gånger", "it came twice"))
        else:
            found.append(number)
    if wrong:
        raise BadInput(*in_words(wrong), reasons=wrong)
    return found


def _say_unknown(table: Table, at: int, cells: Row) -> Reason:
    short = str(cells.get(ROW) or "")[:60]
    return _placed(
        table,
        f"{at}.{ROW}",
        f"”{short}” är ingen av tabellens fasta rader" if short else "säg vilken rad det är",
        f'"{short}" is none of the fixed rows' if short else "say which row it is",
    )


def wrong_wish(table: Table) -> BadInput:
    """Refuse a wish for other rows than the fixed ones."""
    sv = "raderna ligger fast: de kan varken läggas till, tas bort eller flyttas"
    en = "its rows are fixed: none can be added, taken away or moved"
    reason = _placed(table, "", sv, en)
    return BadInput(reason.sv, reason.en, reasons=(reason,))


def check_fixed(definition: Definition, facts: Facts, key: SheetKey, change: SheetChange) -> None:
    """Demand that a table with fixed rows keeps them: each once, where it lies, as what it is.

    Raises: BadInput that says which row it is about.
    """
    table = definition.table[key.table]
    if not table.is_fixed:
        return
    before = {row.number: row for row in facts.sheet(key)} if change.changed else {}
    wrong = list(_broken(definition, facts, table, before, change))
    if wrong:
        raise BadInput(*in_words(wrong), reasons=wrong)


def _broken(
    definition: Definition,
    facts: Facts,
    table: Table,
    before: Mapping[int, RowFact],
    change: SheetChange,
) -> Iterator[Reason]:
    if change.added:
        yield from wrong_wish(table).reasons
    for row in change.dropped:
        name = name_fixed(definition, facts, table, row.cells)
        yield _placed(
            table,
            str(row.number),
            f"raden ”{name}” saknas; den ligger fast och kan inte tas bort",
            f'the row "{name}" is missing; it is fixed and cannot be taken away',
        )
    for row in change.changed:
        was = before[row.number]
        if row.cells.get(ROW) != was.cells.get(ROW) or row.place != was.place:
            name = name_fixed(definition, facts, table, was.cells)
            yield _placed(
                table,
                f"{row.number}.{ROW}",
                f"raden ”{name}” ligger fast och kan inte bli en annan eller flyttas",
                f'the row "{name}" is fixed and can neither become another nor be moved',
            )


def _placed(table: Table, at: str, sv: str, en: str) -> Placed:
    return Placed(
        "fixed_row",
        f"{table.title}: {sv}.",
        f"{table.title}: {en}.",
        place=f"{table.key}.{at}".rstrip("."),
        here_sv=f"{sv[:1].upper()}{sv[1:]}.",
        here_en=f"{en[:1].upper()}{en[1:]}.",
    )
