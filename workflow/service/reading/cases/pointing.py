"""What the cells of a case may point at, by what it is called: people, units, files, rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workflow.core.columns import POINTING, keys_in
from workflow.core.definition import Column, Definition, Table
from workflow.core.editing import sheet_of
from workflow.core.facts import CaseFact, Cell, Origin, Row, RowFact
from workflow.core.ordering import naming_column
from workflow.core.references import pointed_sheet, previous_key
from workflow.core.sight import look
from workflow.service.seeing import Seen
from workflow.store import rounds
from workflow.store.facts import StoredFacts, read_round_of
from workflow.store.pointing import names_of

__all__ = ["Level", "Pointing", "elsewhere", "far_words", "gone_words"]

_GONE: Final = {
    "person": ("(finns inte längre)", "(no longer there)"),
    "unit": ("(finns inte i omgången)", "(not in the round)"),
    "file": ("fil {key} (borttagen)", "file {key} (taken away)"),
    "row": ("rad {key} (borttagen)", "row {key} (taken away)"),
    "previous_row": ("en rad i förra omgången", "a row of the round before"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """What may be chosen in a column: a level, a person, a unit, a file or a row."""

    key: str
    title: str
    link: str = ""
    """Where it can be looked at, when the viewer may."""


_OF_A_CASE: Final = frozenset({"file", "row", "previous_row"})
"""Types whose keys mean something within one case alone."""


def far_words(kind: str, key: str, language: str) -> str:
    """Give what is shown for a number that means something in another case alone."""
    return gone_words(kind, key, language).partition(" (")[0]


def gone_words(kind: str, key: str, language: str) -> str:
    """Give what is shown for what a cell points at and is not there."""
    sv, en = _GONE[kind]
    words = en if language == "en" else sv
    if "{key}" in words:
        return words.format(key=key)
    return words if kind == "previous_row" else f"{key} {words}"


@dataclass(slots=True)
class Pointing:
    """What may be pointed at in the tables of a case, as one person sees it."""

    seen: Seen
    case: CaseFact
    _known: dict[str, tuple[Level, ...]] = field(default_factory=dict)

    def levels(self, table: Table, column: Column, cells: Iterable[Cell] = ()) -> tuple[Level, ...]:
        """Give what may be chosen in a column that points, and what is chosen in `cells` and is
        gone since; nothing for one that does not point."""
        kind = column.type or ""
        if kind not in POINTING:
            return ()
        if not self.is_here(table, kind):
            keys = dict.fromkeys(key for cell in cells for key in keys_in(cell, column))
            return tuple(Level(key, far_words(kind, key, self.seen.desk.language)) for key in keys)
        name = f"{column.type} {column.of or table.key}"
        if name not in self._known:
            self._known[name] = tuple(self._there(table, column))
        there = self._known[name]
        known = {one.key for one in there}
        chosen = (key for cell in cells for key in keys_in(cell, column))
        lost = [key for key in dict.fromkeys(chosen) if key not in known]
        return (*there, *self._lost(kind, lost))

    def is_here(self, table: Table, kind: str) -> bool:
        """Say whether what a table's column of a type points at is in this case: a list may
        show what was filled in in others, whose rows and files have numbers of their own."""
        states = self.seen.definition.case[self.case.kind].state.values()
        return kind not in _OF_A_CASE or any(table.key in state.edits for state in states)

    def _lost(self, kind: str, keys: Sequence[str]) -> Iterable[Level]:
        # Who has left their role is still who it was.
        names = names_of(self.seen.connection, keys) if kind == "person" else {}
        language = self.seen.desk.language
        return [Level(key, names.get(key) or gone_words(kind, key, language)) for key in keys]

    def _there(self, table: Table, column: Column) -> Iterable[Level]:
        definition, facts = self.seen.definition, self.seen.facts
        if column.type == "person":
            return _told_apart(facts.people(definition.role))
        if column.type == "unit":
            kinds = (*definition.unit, *definition.body)
            return _told_apart({unit.key: unit.name for unit in facts.units(kinds)})
        if column.type == "file":
            return [
                Level(str(number), name, f"/arenden/{self.case.id}/filer/{number}")
                for number, name in facts.files(self.case.id).items()
            ]
        if column.type == "row":
            other = definition.table.get(column.of or "")
            return self._rows(other) if other else ()
        return self._previous(table)

    def _rows(self, table: Table) -> Iterable[Level]:
        facts = self.seen.facts
        own = sheet_of(table, self.case.id, self.seen.actor)
        rows = facts.sheet(pointed_sheet(self.seen.definition, facts, own, table.key))
        cells = facts.shown(rows, self.seen.definition.chain(table.key))
        return [
            Level(str(row.number), self._name(table, row.number, shows))
            for row, shows in zip(rows, cells, strict=True)
        ]

    def _name(self, table: Table, number: int, cells: Row) -> str:
        naming = naming_column(self.seen.definition, table)
        name = cells.get(naming.key) if naming else None
        row = "row" if self.seen.desk.language == "en" else "rad"
        return f"{row} {number}" if name is None else f"{name} ({row} {number})"

    def _previous(self, table: Table) -> Iterable[Level]:
        facts = self.seen.facts
        found = facts.previous_rows(self.case.unit, table.key)
        if not found:
            return ()
        open_to = {
            case: elsewhere(self.seen, case) is not None
            for case in {origin.case for origin, _ in found}
        }
        rows = [row for _, row in found]
        cells = facts.shown(rows, self.seen.definition.chain(table.key))
        return [
            self._previous_row(table, origin, row, shows, reads=open_to[origin.case])
            for (origin, row), shows in zip(found, cells, strict=True)
        ]

    def _previous_row(
        self, table: Table, origin: Origin, row: RowFact, cells: Row, *, reads: bool
    ) -> Level:
        key = previous_key(origin)
        if not reads:
            return Level(key, gone_words("previous_row", key, self.seen.desk.language))
        link = f"/arenden/{origin.case}/tabell/{table.key}"
        unit = self._merged(origin)
        name = self._name(table, row.number, cells)
        return Level(key, f"{name}, {unit}" if unit else name, link)

    def _merged(self, origin: Origin) -> str:
        """Name the unit of a row of the round before that has gone into the case's own."""
        if not self.seen.facts.predecessors(self.case.unit):
            return ""
        there = elsewhere(self.seen, origin.case)
        case = there[1].case(origin.case) if there else None
        if there is None or case is None or case.unit == self.case.unit:
            return ""
        return there[1].line(case.unit)[0].name


def elsewhere(seen: Seen, case_id: str) -> tuple[Definition, StoredFacts] | None:
    """Look at the round of a case in another round; None for a case that the viewer does not
    read there."""
    fact = read_round_of(seen.connection, case_id)
    if fact is None:
        return None
    definition = rounds.load_revision(seen.connection, fact.revision).definition
    facts = StoredFacts(seen.connection, fact, seen.desk.today)
    sight, case = look(definition, facts, seen.actor), facts.case(case_id)
    reads = sight and case and sight.sees(case) and sight.reads(case)
    return (definition, facts) if reads else None


def _told_apart(names: Mapping[str, str]) -> list[Level]:
    """Give names by key, with the key behind those that two have."""
    count: dict[str, int] = {}
    for name in names.values():
        count[name] = count.get(name, 0) + 1
    return [
        Level(key, f"{name} ({key})" if count[name] > 1 else name) for key, name in names.items()
    ]
