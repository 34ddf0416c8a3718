"""The columns of a table in a round: one for each year, what each points at, who sees them."""

from collections.abc import Collection, Iterator
from typing import Final

from workflow.core import phrases
from workflow.core.definition import DECIMAL, Check, Column, Definition, Table
from workflow.core.facts import Actor, Cell, Facts, Row
from workflow.core.sight import look

__all__ = [
    "GIVEN_ELSEWHERE",
    "POINTING",
    "column_of",
    "columns_in",
    "hidden_from",
    "keys_in",
    "names_hidden",
    "of_year",
    "said",
    "type_in",
    "unseen",
    "without",
    "years_of",
]

POINTING: Final = frozenset({"person", "unit", "file", "row", "previous_row"})
"""Types whose values are the keys of something else; see `references`."""
GIVEN_ELSEWHERE: Final = "given_elsewhere"
"""The type of a column whose type stands in another column, before a row is at hand."""
_DIGITS: Final = 4


def of_year(column: str, year: int) -> str:
    """Give the key of a column's cell for one of its years."""
    return f"{column}.{year}"


def years_of(column: Column, year: int) -> range:
    """Give the years that a column has a value for in a round; none for one without."""
    if column.years is None:
        return range(0)
    first, last = (int(phrases.fill(end, year=year)) for end in column.years)
    return range(first, last + 1)


def columns_in(table: Table, year: int) -> dict[str, Column]:
    """Give the columns of a table in a round by the keys of their cells: one for each year
    of those with years."""
    if not any(column.years for column in table.column.values()):
        return table.column
    found: dict[str, Column] = {}
    for key, column in table.column.items():
        if column.years is None:
            found[key] = column
        for one in years_of(column, year):
            found[of_year(key, one)] = column.in_year(one)
    return found


def column_of(table: Table, key: str) -> Column | None:
    """Give the column of a cell's key, whatever round it is in; None when there is none."""
    name, _, rest = key.partition(".")
    column = table.column.get(name)
    if column is None or (column.years is None) == bool(rest):
        return None
    if not rest:
        return column
    is_year = rest.isascii() and rest.isdecimal() and len(rest) == _DIGITS
    return column.in_year(int(rest)) if is_year else None


def keys_in(cell: Cell, column: Column) -> tuple[str, ...]:
    """Give what stands in a cell of keys: one, or several with commas between."""
    if cell is None or cell == "":
        return ()
    text = str(cell)
    return tuple(one.strip() for one in text.split(",")) if column.several else (text,)


def type_in(column: Column, row: Row) -> str:
    """Give the type of a column in a row."""
    if column.type_from is None:
        return column.type or "text"
    return str(row.get(column.type_from) or GIVEN_ELSEWHERE)


def said(column: Column, row: Row, cell: Cell, language: str) -> str:
    """Give a cell of a column whose type stands in the row as people write it."""
    kind = type_in(column, row)
    if isinstance(cell, bool):
        sv, en = ("Ja", "Yes") if cell else ("Nej", "No")
        return en if language == "en" else sv
    text = str(cell)
    if kind in DECIMAL and language != "en":
        text = text.replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}%" if kind == "percent" else text


def hidden_from(definition: Definition, facts: Facts, table: Table, actor: Actor) -> frozenset[str]:
    """Give the columns of a table, and of those it is compiled from, that somebody does not see
    in a round."""
    tables = [table, *(definition.table[key] for key in definition.chain(table.key))]
    if not any(column.visible_to for one in tables for column in one.column.values()):
        return frozenset()
    sight = look(definition, facts, actor)
    roles = {place.role for place in sight.places} if sight else set()
    return frozenset(key for one in tables for key in unseen(one, roles))


def unseen(table: Table, roles: Collection[str]) -> Iterator[str]:
    """Give the columns of a table that none of some roles sees."""
    for key, column in table.column.items():
        if column.visible_to and not set(column.visible_to).intersection(roles):
            yield key


def names_hidden(check: Check, hidden: frozenset[str]) -> bool:
    """Say whether what a check says would tell of a column that somebody does not see."""
    named = (check.of, check.at_least, check.at_most, check.equals)
    figures = {one.partition(".")[2] for one in named if isinstance(one, str)}
    return not hidden.isdisjoint({check.sum, check.share, *check.where, *figures})


def without(cells: Row, hidden: frozenset[str]) -> Row:
    """Give the cells of a row without those of some columns."""
    if not hidden:
        return cells
    return {key: cell for key, cell in cells.items() if key.partition(".")[0] not in hidden}
