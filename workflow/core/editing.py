"""What people write in tables: read, and made into changes of sheets.

Rows come whole (`rows`: what the form holds) or one by one (`edits`: see `sheets`). Who
may write in a table at all is the caller's to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeGuard

from workflow.core import sheets
from workflow.core.conflicts import check_taking_part
from workflow.core.copies import check_copy, in_copy
from workflow.core.definition import Definition, State, Table
from workflow.core.errors import BadInput, NoRight, Placed, Reason, Stale, bad_input, in_words
from workflow.core.facts import (
    Actor,
    CaseFact,
    Cell,
    Facts,
    Inputs,
    RowFact,
    SheetChange,
    SheetKey,
)
from workflow.core.fixed import check_fixed, with_rows, wrong_wish
from workflow.core.material import MAX_ROWS, is_storable, read_rows
from workflow.core.ordering import check_moves
from workflow.core.polls import not_own
from workflow.core.references import settle
from workflow.core.suggesting import with_suggestions

__all__ = ["changes", "check_edited", "raise_wrong", "read_edits", "rows_after", "sheet_of"]

Wish = tuple[Any, ...]
FORM: Final = '["set", 5, 2, {"kolumn": "värde"}]'
_MAX_REASON: Final = 2_000
_HIGHEST: Final = 2**31
"""No number of a row, and no version, reaches it: both databases hold what is below."""


def sheet_of(table: Table, case: str, actor: Actor) -> SheetKey:
    """Give the copy of a table in which somebody writes: their own, where each has one."""
    owner = (actor.on_behalf_of or actor.person) if table.each else 0
    return SheetKey(case, table.key, owner)


# ---- reading ---------------------------------------------------------------------------


def check_edited(state: State, key: str) -> None:
    """Demand that a table is filled in in a state.

    Raises: BadInput.
    """
    if key not in state.edits:
        there = ", ".join(state.edits) or "inga"
        raise bad_input(
            "rows",
            f"Tabellen ”{key}” fylls inte i här. Här fylls i: {there}.",
            f'The table "{key}" is not filled in here. What is: {there}.',
        )


def raise_wrong(wrong: Sequence[Reason]) -> None:
    """Refuse cells that cannot be read, with every reason.

    Raises: BadInput.
    """
    if wrong:
        raise BadInput(*in_words(wrong), reasons=wrong)


def read_edits(definition: Definition, state: State, value: object) -> dict[str, tuple[Wish, ...]]:
    """Read wishes about single rows, by table.

    Raises: BadInput that says which wish cannot be read, or every cell that cannot.
    """
    if not isinstance(value, dict):
        raise _unreadable("edits")
    read_all: dict[str, tuple[Wish, ...]] = {}
    wrong: list[Reason] = []
    for key, wishes in value.items():
        check_edited(state, key)
        if not isinstance(wishes, list) or len(wishes) > MAX_ROWS:
            raise _unreadable(key)
        read = [_read_wish(definition, definition.table[key], wish, wrong) for wish in wishes]
        read_all[key] = tuple(read)
    raise_wrong(wrong)
    return read_all


def _read_wish(definition: Definition, table: Table, wish: object, wrong: list[Reason]) -> Wish:
    match wish:
        case ["add" | "move" | "drop", *_] if table.is_fixed:
            raise wrong_wish(table)
        case ["add", after, dict(cells)] if _is_after(after) and not table.from_:
            return "add", after, _cells(definition, table, 0, cells, wrong)
        case ["add", None, dict(cells), str(case), of] if (
            table.each and table.from_ and _is_row(of)
        ):
            refused: list[Reason] = []
            read = _cells(definition, table, of, cells, refused)
            wrong += [in_copy(table, case, one) for one in refused]
            return "add", None, read, case, of
        case ["set", number, version, dict(cells)] if _is_row(number) and _is_version(version):
            return "set", number, version, _cells(definition, table, number, cells, wrong)
        case ["move", number, version, after, *reason] if (
            (table.ordered or not table.from_) and _is_row(number) and _is_version(version)
        ):
            why = reason[0].strip() if reason and isinstance(reason[0], str) else ""
            if _is_after(after) and len(why) <= _MAX_REASON and is_storable(why):
                return "move", number, version, after, why
        case ["drop", number, version] if _is_row(number) and _is_version(version):
            if not table.from_:
                return "drop", number, version
    return _read_of_all(table, wish)


def _read_of_all(table: Table, wish: object) -> Wish:
    """Read a wish about a table as a whole."""
    match wish:
        case ["why", str(check), str(reason)] if check in table.check:
            if len(reason) <= _MAX_REASON and is_storable(reason):
                return "why", check, reason.strip()
        case ["line", after] if _is_after(after) and table.from_ and table.ordered:
            return "line", after
    raise _unreadable(table.key)


def _is_row(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 < value < _HIGHEST


def _is_after(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value < _HIGHEST)


def _is_version(value: object) -> bool:
    return value is None or _is_row(value)


def _cells(
    definition: Definition,
    table: Table,
    number: int,
    given: Mapping[str, object],
    wrong: list[Reason],
) -> dict[str, Cell]:
    """Read the cells of one row; those that are emptied are None."""
    rows, refused = read_rows(definition, table, [given], first=number)
    wrong += refused
    emptied = {key: None for key in given if key.partition(".")[0] in table.column}
    return {**emptied, **rows[0]}


def _unreadable(what: str) -> BadInput:
    return bad_input(
        "edits",
        f"Önskemålen om rader i {what} går inte att läsa, eller går inte i den tabellen. Ett"
        f" sådant är till exempel {FORM}.",
        f"The edits of {what} cannot be read, or cannot be made in that table. One is for"
        f" example {FORM}.",
    )


# ---- changing --------------------------------------------------------------------------


def changes(
    definition: Definition, facts: Facts, case: CaseFact, actor: Actor, inputs: Inputs
) -> dict[SheetKey, SheetChange]:
    """Give what becomes other in the tables of a case by what came along; nothing that
    stays as it is.

    Raises: Stale for rows that somebody else has changed; BadInput for too many rows, for
    cells that the round does not take, and for a move that turns round the order of where
    rows come from, without its reason; NoRight or Refused for a copy that is not theirs to
    write in, and for a row in which they have a conflict of interest.
    """
    found: dict[SheetKey, SheetChange] = {}
    for name in {**inputs.rows, **inputs.edits}:
        if definition.table[name].each:
            wishes = inputs.edits.get(name, ())
            check_copy(definition, facts, case, actor, definition.table[name], wishes)
            _check_own(definition.table[name], actor)
    copies = {
        name: sheet_of(definition.table[name], case.id, actor)
        for name in {**inputs.rows, **inputs.edits}
    }
    inputs = with_rows(definition, facts, copies, inputs)
    inputs, wrong = settle(definition, facts, case, actor, inputs, copies)
    raise_wrong(wrong)
    for name, rows in inputs.rows.items():
        table = definition.table[name]
        key = sheet_of(table, case.id, actor)
        present = facts.sheet(key)
        if table.from_ and len(rows) != len(present):
            raise _unreadable(name)
        numbers = inputs.numbers.get(name, ())
        whole = [with_suggestions(definition, table, row) for row in rows]
        found[key] = sheets.replaced(present, whole, numbers, facts.last_number(key))
    for name, wishes in inputs.edits.items():
        table = definition.table[name]
        key = sheet_of(table, case.id, actor)
        finish = partial(with_suggestions, definition, table)
        try:
            change = sheets.change_of(facts, key, wishes, finish)
        except sheets.StaleRowsError as error:
            raise _stale(table, error.numbers) from error
        found[key] = _both(name, found[key], change) if key in found else change
        if found[key].added and (table.form or found[key].last_number > MAX_ROWS):
            _check_room(table, rows_after(facts.sheet(key), found[key]))
    for key, change in found.items():
        check_fixed(definition, facts, key, change)
        check_moves(definition, facts, key, change)
        check_taking_part(definition, facts, key, change, actor)
    return {key: change for key, change in found.items() if change}


def _check_own(table: Table, actor: Actor) -> None:
    """Demand that nobody else writes in a secret copy, as a substitute either.

    Raises: NoRight.
    """
    reasons = tuple(not_own(table, actor))
    if reasons:
        raise NoRight(*in_words(reasons), reasons=reasons)


def _both(name: str, whole: SheetChange, single: SheetChange) -> SheetChange:
    """Put what is written about a table's checks beside rows that came whole."""
    if len(single.told) > len(single.reasons):
        raise bad_input(
            "edits",
            f"Raderna i {name} kom både hela (rows) och en och en (edits). Skicka dem på ett sätt.",
            f"The rows of {name} came both whole (rows) and one by one (edits). Send them one way.",
        )
    return replace(
        whole,
        last_number=max(whole.last_number, single.last_number),
        reasons=single.reasons,
        told=(*whole.told, *single.told),
    )


def rows_after(present: Sequence[RowFact], change: SheetChange | None) -> Sequence[RowFact]:
    """Give the rows of a sheet as they are after a change, in order."""
    if not change:
        return present
    rows = {row.number: row for row in (*present, *change.changed, *change.added)}
    gone = {row.number for row in change.dropped}
    return sorted(
        (row for number, row in rows.items() if number not in gone), key=lambda row: row.place
    )


def _check_room(table: Table, rows: Sequence[RowFact]) -> None:
    if table.form and len(rows) > 1:
        raise bad_input(
            "rows",
            f"{table.title} är ett formulär och har bara en rad.",
            f"{table.title} is a form and has one row only.",
        )
    if len(rows) > MAX_ROWS:
        raise bad_input(
            "rows",
            f"{table.title} har högst {MAX_ROWS} rader.",
            f"{table.title} has at most {MAX_ROWS} rows.",
        )


def _stale(table: Table, numbers: Sequence[int]) -> Stale:
    sv = "Någon annan har ändrat eller tagit bort raden medan du skrev."
    en = "Somebody else has changed or removed the row as you wrote."
    reasons = [
        Placed(
            "stale_row",
            f"{table.title}: {sv}",
            f"{table.title}: {en}",
            place=f"{table.key}.{number}",
            here_sv=sv,
            here_en=en,
        )
        for number in numbers
    ]
    return Stale(f"{table.title}: {sv}", f"{table.title}: {en}", reasons=reasons)
