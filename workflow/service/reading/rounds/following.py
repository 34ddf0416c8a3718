"""What came of what was aimed at: goals against occasions, effects against plan by year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from workflow.core.columns import hidden_from, keys_in, without
from workflow.core.definition import Column, Table
from workflow.core.facts import CaseFact, Origin, Row, RowFact
from workflow.core.following import (
    figure_in,
    figures_in,
    following_tables,
    in_order,
    is_handed_in,
    meanings,
)
from workflow.core.material import matches
from workflow.core.occasions import called
from workflow.core.periods import last_day
from workflow.service.reading.rounds.followed import (
    Followed,
    FollowPage,
    Goal,
    Mark,
    Occasion,
)
from workflow.service.seeing import Seen, see_round
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.origins import read_sheets

__all__ = ["read_following"]


def read_following(world: World, round_id: str, email: str) -> FollowPage:
    """Read what came of what was aimed at, as far as somebody reads it and it is handed in.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        cases = rounds.list_cases(connection, round_id)
        seen.facts.remember_cases([case.id for case in cases])
        tables = following_tables(seen.definition)
        followed = tuple(_Reader(seen, table, cases).read() for table in tables)
        used = {goal.unit for one in followed for goal in one.goals}
        units = seen.facts.units((*seen.definition.unit, *seen.definition.body))
        return FollowPage(
            round=round_id,
            round_title=seen.desk.round_title,
            follows=bool(tables),
            followed=followed,
            units=tuple((unit.key, unit.name) for unit in units if unit.key in used),
        )


@dataclass(slots=True)
class _Reader:
    """Reads one table in which rows are followed up."""

    seen: Seen
    table: Table
    cases: Sequence[CaseFact]
    means: Mapping[str, Column] = field(init=False)
    hidden: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        definition, facts = self.seen.definition, self.seen.facts
        self.hidden = hidden_from(definition, facts, self.table, self.seen.actor)
        self.means = meanings(definition, self.table, self.hidden)

    @property
    def year(self) -> int:
        """The round's year."""
        return self.seen.facts.round.year

    def read(self) -> Followed:
        """Read it."""
        definition, desk = self.seen.definition, self.seen.desk
        kinds = definition.edited_in(self.table.key)
        there = {case.occasion for case in self.cases if case.kind in kinds and case.occasion}
        keys = in_order(definition, kinds, there)
        told = list(self._told())
        aims = dict(self._aims())
        for key, cells, _ in told:
            aims.setdefault(key, cells)
        marks = {(case.occasion, key): self._mark(case, cells) for key, cells, case in told}
        goals = tuple(self._goal(key, cells, keys, marks) for key, cells in aims.items())
        return Followed(
            table=self.table.key,
            title=desk.revision.title(self.table, desk.language),
            target=self._title("target"),
            outcome=self._title("outcome"),
            statuses=tuple(self._statuses()),
            occasions=tuple(self._occasion(key) for key in keys),
            goals=goals,
        )

    # ---- rows ----------------------------------------------------------------------------

    def _told(self) -> Iterator[tuple[Origin, Row, CaseFact]]:
        """Give what is told: of which row, and in which case."""
        for case, row, cells, end in self._rows(self.table):
            if end is not None and row.origin is not None:
                yield end, cells, case

    def _aims(self) -> Iterator[tuple[Origin, Row]]:
        """Give the rows that are to be followed up."""
        source = self.seen.definition.table[str(self.table.from_)]
        for case, row, cells, end in self._rows(source):
            if matches(cells, self.table.where):
                yield end or Origin(case.id, row.number), cells

    def _rows(self, table: Table) -> Iterator[tuple[CaseFact, RowFact, Row, Origin | None]]:
        """Give the rows of a table that count and that the person reads."""
        definition, facts, sight = self.seen.definition, self.seen.facts, self.seen.sight
        kinds, chain = definition.edited_in(table.key), definition.chain(table.key)
        read = {
            case.id: case
            for case in self.cases
            if case.kind in kinds
            and is_handed_in(definition, case, table.key)
            and sight.sees(case)
            and sight.reads(case)
        }
        sheets = read_sheets(self.seen.connection, read, table.key)
        found = [(read[case], row) for case in read for row in sheets.get(case, ())]
        rows = [row for _, row in found]
        ends = facts.ends(rows, chain) if chain else [None] * len(rows)
        for (case, row), cells, end in zip(found, facts.shown(rows, chain), ends, strict=True):
            yield case, row, without(cells, self.hidden), end

    # ---- parts ---------------------------------------------------------------------------

    def _goal(
        self,
        key: Origin,
        cells: Row,
        keys: Sequence[str],
        marks: Mapping[tuple[str | None, Origin], Mark],
    ) -> Goal:
        language, target = self.seen.desk.language, self.means.get("target")
        name, note = self._names(cells)
        case = self.seen.facts.case(key.case)
        return Goal(
            key=f"{key.case}:{key.number}",
            name=name or str(key.number),
            note=note,
            unit=case.unit if case else "",
            direction=self._level("direction", cells),
            target=figure_in(target, cells, language),
            planned=figures_in(target, cells, language, self.year),
            baseline=figures_in(self.means.get("baseline"), cells, language, self.year),
            marks=tuple(marks.get((one, key)) or self._awaited(one, cells) for one in keys),
        )

    def _names(self, cells: Row) -> tuple[str, str]:
        """Give what a row is called, and what more it is known by: the texts that are asked
        for before what is aimed at."""
        found: list[str] = []
        for column in self._columns():
            if column.means == "target":
                break
            if column.type == "text" and column.required and cells.get(column.key):
                found.append(str(cells[column.key]))
        name, note, *_ = (*found, "", "")
        return name, note

    def _columns(self) -> Iterator[Column]:
        """Give the table's columns after those of where its rows come from."""
        definition = self.seen.definition
        for key in (*reversed(definition.chain(self.table.key)), self.table.key):
            yield from definition.table[key].column.values()

    def _mark(self, case: CaseFact, cells: Row) -> Mark:
        column = self.means.get("status")
        scale = self.seen.definition.scale[column.type or ""] if column else None
        level = str(cells.get(column.key) or "") if column else ""
        return Mark(
            case=case.id,
            outcome=figure_in(self.means.get("outcome"), cells, self.seen.desk.language),
            status=self._level("status", cells),
            tone=scale.tones.get(level, "") if scale else "",
        )

    def _awaited(self, occasion: str, cells: Row) -> Mark | None:
        """Give an empty mark where something is to be told; None where it is not."""
        due = self.table.due_rows
        if due is not None:
            column = next(one for one in self._columns() if one.key == due)
            if occasion not in keys_in(cells.get(due), column):
                return None
        return Mark(case="", outcome=None, status="", tone="")

    def _level(self, meaning: str, cells: Row) -> str:
        column = self.means.get(meaning)
        level = str(cells.get(column.key) or "") if column else ""
        return dict(self._levels(column)).get(level, level) if column else ""

    def _levels(self, column: Column) -> Iterator[tuple[str, str]]:
        desk, scale = self.seen.desk, self.seen.definition.scale[column.type or ""]
        for key, title in scale.levels.items():
            yield key, desk.revision.text(scale.path_of(key), title, desk.language)

    def _statuses(self) -> Iterator[tuple[str, str]]:
        column = self.means.get("status")
        if column is not None:
            tones = self.seen.definition.scale[column.type or ""].tones
            for key, title in self._levels(column):
                yield title, tones.get(key, "")

    def _title(self, meaning: str) -> str:
        column, desk = self.means.get(meaning), self.seen.desk
        return desk.revision.title(column, desk.language) if column else ""

    def _occasion(self, key: str) -> Occasion:
        language = self.seen.desk.language
        title = called(self.seen.revision, key, year=self.year, language=language)
        return Occasion(key=key, title=title, day=self._day(key))

    def _day(self, key: str) -> date | None:
        if key in self.seen.definition.milestone:
            return self.seen.facts.milestone(key).last_on
        return last_day(key)
