"""What of a list may be shown to everybody: which columns, when, and which cells.

A process names the columns in `publish`; whoever leads it releases the list once it has
been decided.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from workflow.core.columns import columns_in
from workflow.core.course import is_behind
from workflow.core.definition import NUMBERS, Column, Definition, Table
from workflow.core.errors import Reason
from workflow.core.facts import CaseFact, Cell
from workflow.core.open_list import EXACT, OpenCell, OpenKind, OpenRow
from workflow.core.plain_text import clean_text

__all__ = [
    "columns_in_chain",
    "kind_of",
    "not_published",
    "open_cell",
    "published",
    "totals_of",
    "why_not_decided",
]

OTHERS: Final = {"date": OpenKind.DATE, "yes_no": OpenKind.YES_NO, "row": OpenKind.POSITIONS}


# ---- which columns, and when -----------------------------------------------------------


def columns_in_chain(definition: Definition, table: Table, year: int) -> dict[str, Column]:
    """Give the columns that a table shows by the keys of their cells, one for each year of
    those with years; those of where its rows come from first."""
    tables = reversed((table.key, *definition.chain(table.key)))
    return {
        key: column
        for name in tables
        for key, column in columns_in(definition.table[name], year).items()
    }


def published(definition: Definition, table: Table, year: int) -> dict[str, Column]:
    """Give the columns that may be published, as `publish` has them in order."""
    there = columns_in_chain(definition, table, year)
    return {
        key: column
        for name in dict.fromkeys(table.publish)
        for key, column in there.items()
        if name == key.partition(".")[0]
    }


def not_published(definition: Definition, table: Table) -> tuple[Column, ...]:
    """Give the columns that a table shows and that are not published."""
    tables = reversed((table.key, *definition.chain(table.key)))
    there = {key: one for name in tables for key, one in definition.table[name].column.items()}
    return tuple(column for key, column in there.items() if key not in table.publish)


def why_not_decided(definition: Definition, case: CaseFact, table: Table) -> Reason | None:
    """Say why a list is not decided yet: the case has not left the states that edit it."""
    kind = definition.case[case.kind]
    if is_behind(kind, case, table.key):
        return None
    state = kind.state.get(case.state)
    if state is None:
        sv = "Ärendet avslutades utan att listan blev beslutad."
        en = "The case ended without the list being decided."
    elif table.key in state.edits:
        sv = f"Listan är inte beslutad: den kan fortfarande ändras i ”{state.title}”."
        en = f'The list is not decided: it can still be changed in "{state.title}".'
    else:
        sv = f"Listan är inte beslutad: ärendet står i ”{state.title}”."
        en = f'The list is not decided: the case stands at "{state.title}".'
    return Reason("not_decided", sv, en)


# ---- cells -----------------------------------------------------------------------------


def kind_of(definition: Definition, column: Column) -> OpenKind:
    """Say what the cells of a column are when they are published."""
    if column.type in definition.scale:
        return OpenKind.LEVELS if column.several else OpenKind.LEVEL
    if column.type in NUMBERS:
        return OpenKind.NUMBER
    return OTHERS.get(column.type or "text", OpenKind.TEXT)


def open_cell(
    kind: OpenKind, cell: Cell, names: Mapping[str, str], positions: Mapping[int, int]
) -> OpenCell | None:
    """Give a cell as it is published; None for an empty one.

    `names` are those of units by key; `positions` say where rows that others point to lie.
    Of texts what nobody sees is taken away: it could turn the reading direction.
    """
    if cell is None or cell == "":
        return None
    if kind is OpenKind.POSITIONS:
        numbers = (int(one) for one in str(cell).split(",") if one.isdecimal())
        return tuple(sorted(positions[one] for one in numbers if one in positions)) or None
    if kind is OpenKind.TEXT and not isinstance(cell, bool):
        text = str(cell)
        return clean_text(names.get(text, text)) or None
    return cell if isinstance(cell, bool) else READERS.get(kind, str)(cell)


def _number(cell: Cell) -> int | str:
    if type(cell) is int and -EXACT <= cell <= EXACT:
        return cell
    return str(cell)


def _levels(cell: Cell) -> tuple[str, ...]:
    return tuple(str(cell).split(","))


READERS: Final[Mapping[OpenKind, Callable[[Cell], OpenCell]]] = {
    OpenKind.LEVELS: _levels,
    OpenKind.NUMBER: _number,
}


def totals_of(columns: Iterable[str], rows: Sequence[OpenRow]) -> dict[str, int | str]:
    """Sum columns of numbers."""
    found: dict[str, int | str] = {}
    for key in columns:
        cells = (row.cells[key] for row in rows if key in row.cells)
        total = sum((Decimal(str(cell)) for cell in cells), start=Decimal())
        whole = total == total.to_integral_value()
        found[key] = _number(int(total)) if whole else format(total.normalize(), "f")
    return found
