"""What is suggested beside a field, and the reason that a person gives for another value.

A suggestion is a named function of the cells of one row: it knows nothing else, and gives a
value or None. People set the value; both are kept, and where they differ a reason is asked
for. Names are looked up when a definition is loaded; a region adds its own with `register`. A
suggestion that changes meaning gets a new name, since a running round knows it by name alone.

In a row's cells stand, beside the value of a column: `COLUMN.suggested`, what was suggested
when the row was saved, and `COLUMN.reason`, why the person chose something else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workflow.core.definition import Column, Definition, Table
from workflow.core.errors import Placed, Reason
from workflow.core.facts import Cell, Row

__all__ = [
    "BUILT_IN",
    "NAMED",
    "Suggestion",
    "differing",
    "known",
    "lacking_reasons",
    "missing_suggestions",
    "reason_key",
    "register",
    "suggested_key",
    "suggestions",
    "with_suggestions",
]

BUILT_IN: Final = frozenset({"progress", "minutes", "previous_round"})
"""Made of the round rather than of a row; the words stand beside the field, and who writes
other words is not asked why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A function that suggests, and what it must find where a definition names it."""

    answer: Callable[[Row], Cell]
    """Gives the level or value for a row; None when nothing can be suggested."""
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Columns that it looks at, with the levels that it knows; none for any value."""
    gives: frozenset[str] = frozenset()
    """Levels that it may answer; none for any value."""


NAMED: Final[dict[str, Suggestion]] = {}


def register(name: str, suggestion: Suggestion) -> None:
    """Add a suggestion under a new name.

    Raises: ValueError when the name is taken.
    """
    if name in NAMED or name in BUILT_IN:
        raise ValueError(f"there is a suggestion '{name}' already")
    NAMED[name] = suggestion


def known() -> list[str]:
    """Give the names that a definition may use, sorted."""
    return sorted(BUILT_IN | NAMED.keys())


def missing_suggestions(definition: Definition) -> tuple[str, ...]:
    """Give the suggestions that a definition names and this program does not have, sorted."""
    named = {
        column.suggest
        for table in definition.table.values()
        for column in table.column.values()
        if column.suggest is not None
    }
    return tuple(sorted(named.difference(known())))


def suggested_key(column: str) -> str:
    """Give the key of what was suggested for a column."""
    return f"{column}.suggested"


def reason_key(column: str) -> str:
    """Give the key of the reason for another value than the suggested."""
    return f"{column}.reason"


def suggestions(definition: Definition, table: Table, cells: Row) -> dict[str, Cell]:
    """Give what is suggested for a row, by column; nothing where nothing is.

    `cells` have the source's too where the table is compiled.

    Raises: ValueError when a suggestion is no level of its column.
    """
    found: dict[str, Cell] = {}
    for column in _suggesting(table):
        value = NAMED[str(column.suggest)].answer(cells)
        scale = definition.scale.get(column.type or "")
        if value is None or value == "":
            continue
        if scale is not None and value not in scale.levels:
            raise ValueError(f"'{column.suggest}' suggests {value!r}, no level of {scale.key}")
        found[column.key] = value
    return found


def _suggesting(table: Table) -> Iterator[Column]:
    return (column for column in table.column.values() if column.suggest in NAMED)


def with_suggestions(definition: Definition, table: Table, cells: Row) -> dict[str, Cell]:
    """Give a row as it is saved: with what is suggested now, not before.

    A reason that a person wrote stays, also while their value is the suggested one: it is
    their text. One that is blank goes.
    """
    kept = dict(cells)
    for column in _suggesting(table):
        kept.pop(suggested_key(column.key), None)
        written = str(kept.pop(reason_key(column.key), None) or "").strip()
        if written:
            kept[reason_key(column.key)] = written
    for key, value in suggestions(definition, table, cells).items():
        kept[suggested_key(key)] = value
    return kept


def differing(table: Table, cells: Row) -> list[str]:
    """Give the columns of a saved row whose value is another than the suggested.

    An empty cell differs from nothing, and nothing differs where nothing was suggested.
    """
    return [
        column.key
        for column in _suggesting(table)
        if not _is_empty(cells.get(column.key))
        and not _is_empty(cells.get(suggested_key(column.key)))
        and cells[column.key] != cells[suggested_key(column.key)]
    ]


def _is_empty(value: Cell) -> bool:
    return value is None or value == ""


def lacking_reasons(
    definition: Definition, table: Table, rows: Sequence[tuple[int, Row]]
) -> Iterator[Reason]:
    """Give a reason for each saved row with another value than the suggested and no word of why.

    `rows` are numbers and cells as `with_suggestions` leaves them, in the order of the page.
    """
    for number, cells in rows:
        for key in differing(table, cells):
            if str(cells.get(reason_key(key)) or "").strip():
                continue
            column = table.column[key]
            level = _shown(definition, column, cells[suggested_key(key)])
            chosen = _shown(definition, column, cells[key])
            sv = f"du har valt ”{chosen}”, förslaget är ”{level}”. Skriv varför."
            en = f'you chose "{chosen}", "{level}" is suggested. Write why.'
            yield Placed(
                "suggestion",
                f"{table.title}, rad {number}, {column.title}: {sv}",
                f"{table.title}, row {number}, {column.title}: {en}",
                place=f"{table.key}.{number}.{reason_key(key)}",
                here_sv=sv[:1].upper() + sv[1:],
                here_en=en[:1].upper() + en[1:],
            )


def _shown(definition: Definition, column: Column, value: Cell) -> str:
    scale = definition.scale.get(column.type or "")
    return scale.levels.get(str(value), str(value)) if scale else str(value)
