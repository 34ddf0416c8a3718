"""The order of a compiled list against the orders that its rows have where they come from.

Whoever filled in what a list shows has put it in an order, however many lists lie between.
A list of others may turn that order round, but never unseen: a move that does needs its
reason, and the two rows stay marked for as long as they lie so.
"""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.core.columns import POINTING
from workflow.core.definition import Column, Definition, Table
from workflow.core.errors import BadInput, Placed, in_words, placed
from workflow.core.facts import Facts, Origin, RowFact, SheetChange, SheetKey

__all__ = ["Turned", "check_moves", "name_row", "naming_column", "rooted", "turned"]

Places = Mapping[Origin, int]
"""Where each row lies in the sheet it was filled in in, counted from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Turned:
    """Two rows of a list that lie the other way round where they come from, by number."""

    first: int
    """Lies before the other here."""
    second: int
    """Lies before the other there."""


def turned(
    rows: Sequence[RowFact], places: Places, only: frozenset[int] | None = None
) -> Sequence[Turned]:
    """Give each pair that lies the other way round than where it comes from; `rows` as `rooted`
    gives them.

    With `only` the pairs that one of those rows is in. Rows of different cases have no
    order between them, and a row whose origin is gone has none with any.
    """
    by_case: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row.origin is not None and row.origin in places:
            there = (row.number, places[row.origin])
            by_case.setdefault(row.origin.case, []).append(there)
    found: list[Turned] = []
    for same in by_case.values():
        behind: list[tuple[int, int]] = []  # place there and number, of those that lie behind
        for first, place in reversed(same):
            at = bisect_left(behind, (place, 0))
            found += [
                Turned(first, second)
                for _, second in behind[:at]
                if only is None or first in only or second in only
            ]
            insort(behind, (place, first))
    return found


def rooted(rows: Sequence[RowFact], ends: Sequence[Origin | None]) -> Sequence[RowFact]:
    """Give rows with the ends of their origins in place of the nearest."""
    return [replace(row, origin=end) for row, end in zip(rows, ends, strict=True)]


# ---- moving ----------------------------------------------------------------------------


def check_moves(definition: Definition, facts: Facts, key: SheetKey, change: SheetChange) -> None:
    """Demand a reason of each move that turns an order round that stood. A move back needs
    none.

    Raises: BadInput with each row that wants its reason.
    """
    table = definition.table[key.table]
    moved = frozenset(move[1] for move in change.told if move[0] == "move" and len(move) == 3)
    if not (moved and table.from_ and table.ordered):
        return
    chain = definition.chain(table.key)
    stored = facts.sheet(key)
    present = rooted(stored, facts.ends(stored, chain))
    ends = {row.number: row.origin for row in present}
    changed = {row.number: row for row in (*change.changed, *change.added)}
    rows = {row.number: row for row in present} | {
        number: replace(row, origin=ends.get(number)) for number, row in changed.items()
    }
    after = sorted(rows.values(), key=lambda row: row.place)
    cases = {origin.case for n in moved if n in rows and (origin := rows[n].origin)}
    places = {
        Origin(case, row.number): place
        for case in cases
        for place, row in enumerate(facts.sheet(SheetKey(case, chain[-1])), start=1)
    }
    before = set(turned(present, places, moved))
    new = [pair for pair in turned(after, places, moved) if pair not in before]
    named = {row.number: row for row in (*stored, *change.changed, *change.added)}
    wrong: dict[int, Placed] = {}
    for pair in new:
        number = pair.first if pair.first in moved else pair.second
        if number not in wrong:
            first, second = (
                name_row(definition, facts, table, named[one]) for one in (pair.first, pair.second)
            )
            unit = _unit_of(facts, rows[number].origin)
            wrong[number] = _wants_reason(f"{table.key}.{number}", first, second, unit)
    if wrong:
        reasons = list(wrong.values())
        raise BadInput(*in_words(reasons), reasons=reasons)


def _unit_of(facts: Facts, origin: Origin | None) -> str:
    case = facts.case(origin.case) if origin else None
    return facts.line(case.unit)[0].name if case else ""


def _wants_reason(row: str, first: str, second: str, unit: str) -> Placed:
    sv = (
        f"Du ställer ”{first}” före ”{second}”. {unit} har dem i den andra ordningen. Skriv varför."
    )
    en = f'You put "{first}" before "{second}". {unit} has them the other way round. Say why.'
    return placed("order_turned", f"{row}.reason", sv, en)


# ---- names -----------------------------------------------------------------------------


def naming_column(definition: Definition, table: Table) -> Column | None:
    """Give the column that names the rows of a list: the first of what people filled in that
    everybody sees."""
    for key in reversed((table.key, *definition.chain(table.key))):
        for column in definition.table[key].column.values():
            if not (column.visible_to or column.years or column.type in POINTING):
                return column
    return None


def name_row(definition: Definition, facts: Facts, table: Table, row: RowFact) -> str:
    """Give what a row of a list is called; its number where nothing names it."""
    column = naming_column(definition, table)
    at: RowFact | None = row
    for source in definition.chain(table.key):
        if at is None or at.origin is None:
            return str(row.number)
        at = facts.sheet_row(SheetKey(at.origin.case, source), at.origin.number)
    told = at.cells.get(column.key) if at and column else None
    return str(row.number) if told is None else str(told)
