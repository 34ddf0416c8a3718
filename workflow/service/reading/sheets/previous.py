"""The rows that a unit filled in in the round before, as rows to begin from in this one."""

from collections.abc import Iterator, Sequence

from workflow.core.columns import hidden_from, type_in, without
from workflow.core.definition import Column
from workflow.core.facts import Cell, Row
from workflow.core.material import UnfitError, read_cell
from workflow.core.references import previous_key
from workflow.service.reading.cases.pointing import Pointing, elsewhere
from workflow.service.reading.cases.tables import seen_columns
from workflow.service.reading.sheets.opened import Opened, open_sheet
from workflow.service.seeing import nothing_there
from workflow.service.world import World

__all__ = ["read_previous"]


def read_previous(world: World, email: str, case: str, table: str) -> tuple[Row, ...]:
    """Read the rows of the same table for the same unit in the latest round for an earlier
    year, with what can stand in the columns that there are now; none of a compiled table, nor
    of one whose rows are fixed.

    What pointed at files and rows of that round is left out, and so is what the person does
    not read there. A column that points at rows of the round before points at each of them.

    Raises: NotFound, also when they only read the table.
    """
    with world.database.read() as connection:
        opened = open_sheet(world, connection, email, case, table)
        if not opened.writes:
            raise nothing_there()
        if opened.table.from_ or opened.table.each or opened.table.is_fixed:
            return ()
        return tuple(_rows(opened))


def _rows(opened: Opened) -> Iterator[Row]:
    seen, table = opened.seen, opened.table
    columns = seen_columns(seen, table)
    pointing = Pointing(seen, opened.case)
    before = seen.facts.previous_rows(opened.case.unit, table.key)
    hidden = {case: _hidden(opened, case) for case in {origin.case for origin, _ in before}}
    for origin, row in before:
        unread = hidden[origin.case]
        cells = {} if unread is None else without(row.cells, unread)
        found: dict[str, Cell] = {}
        for key, column in columns.items():
            if column.type == "previous_row":
                found[key] = previous_key(origin)
            elif cells.get(key) not in (None, ""):
                found |= _fitting(opened, pointing, column, key, cells)
        if any(key in cells for key in found):
            yield found


def _hidden(opened: Opened, case: str) -> frozenset[str] | None:
    """Give the columns that the person does not see in a case of the round before; None when
    they read nothing there."""
    there = elsewhere(opened.seen, case)
    if there is None or opened.table.key not in there[0].table:
        return None
    definition, facts = there
    return hidden_from(definition, facts, definition.table[opened.table.key], opened.seen.actor)


def _fitting(
    opened: Opened, pointing: Pointing, column: Column, key: str, cells: Row
) -> dict[str, Cell]:
    """Give a cell as it can stand here; nothing when it cannot."""
    kind = type_in(column, cells)
    if kind in ("file", "row"):
        return {}
    typed = column.model_copy(update={"type": kind, "type_from": None})
    try:
        value = read_cell(opened.seen.definition, typed, _kept(opened, column, cells[key]))
    except UnfitError:  # what cannot stand in the column any more is filled in anew
        return {}
    if kind in ("person", "unit"):
        known = {level.key for level in pointing.levels(opened.table, typed)}
        return {key: value} if value in known else {}
    return {} if value == "" else {key: value}


def _kept(opened: Opened, column: Column, cell: Cell) -> Cell | Sequence[str]:
    """Give of several levels those that there are now."""
    scale = opened.seen.definition.scale.get(column.type or "")
    if scale is None or not column.several:
        return cell
    return [one for one in str(cell).split(",") if one in scale.levels]
