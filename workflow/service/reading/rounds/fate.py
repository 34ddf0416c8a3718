"""What became of what each unit filled in, and why: for those who read its material."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.core.definition import Column, Table
from workflow.core.facts import CaseFact, Origin, RowFact
from workflow.core.ordering import naming_column
from workflow.core.publishing import columns_in_chain
from workflow.core.sight import Sight
from workflow.service.desks import Desk
from workflow.service.reading.rounds.fate_steps import (
    Stage,
    Step,
    deciding_ways,
    follow,
    stages_of,
)
from workflow.service.seeing import see_round
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.origins import read_sheets

__all__ = ["Fate", "FatePage", "OutcomeSum", "UnitFates", "fates_of", "read_fates"]

Amount = int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one row."""

    number: int
    name: str
    place: int
    """In the unit's own order, counted from 1."""
    of: int
    steps: tuple[Step, ...]
    """List by list; the last one decides."""
    outcome: str
    """What was decided, by its title; empty when nothing is written."""
    why: str
    amount: Amount | None
    """Of the column that is summed; None when it is empty."""

    @property
    def decided(self) -> bool:
        """Tell whether the list that decides has been handed on."""
        return bool(self.steps) and self.steps[-1].decided

    @property
    def listed(self) -> bool:
        """Tell whether that list shows the row."""
        return bool(self.steps) and bool(self.steps[-1].case)


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """How many rows came to the same, and what they amount to."""

    outcome: str
    """Empty where nothing is decided."""
    count: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFates:
    """What became of what one case filled in."""

    case: str
    title: str
    unit: str
    table: str
    """Title of what was filled in."""
    amount: str
    """Title of the column that is summed; empty when there is none."""
    fates: tuple[Fate, ...]

    @property
    def decided(self) -> bool:
        """Tell whether all of it has been decided."""
        return all(fate.decided for fate in self.fates)

    @property
    def sums(self) -> tuple[OutcomeSum, ...]:
        """Sum the rows by what they came to, in the order in which that first comes."""
        found: dict[str, list[Amount]] = {}
        for fate in self.fates:
            found.setdefault(fate.outcome, []).append(fate.amount or 0)
        return tuple(OutcomeSum(key, len(some), sum(some)) for key, some in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class FatePage:
    """What became of all that somebody may read."""

    round: str
    round_title: str
    reference: str
    units: tuple[UnitFates, ...]
    deciding: tuple[str, ...]
    """Titles of the lists that decide."""

    @property
    def decided(self) -> bool:
        """Tell whether all of it has been decided."""
        return bool(self.units) and all(unit.decided for unit in self.units)

    def unit(self, case: str) -> UnitFates | None:
        """Give what one case filled in."""
        return next((one for one in self.units if one.case == case), None)


def read_fates(world: World, round_id: str, email: str) -> FatePage:
    """Read what became of what units filled in, as far as somebody reads their material.

    Raises: NotFound for a round that they have no place in.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        desk = seen.desk
        deciding = [way[-1] for way in deciding_ways(desk.definition)]
        return FatePage(
            round=round_id,
            round_title=desk.round_title,
            reference=seen.facts.round.reference,
            units=fates_of(desk, seen.sight),
            deciding=tuple(
                desk.revision.title(desk.definition.table[key], desk.language) for key in deciding
            ),
        )


def fates_of(desk: Desk, sight: Sight, most: int | None = None) -> tuple[UnitFates, ...]:
    """Give what became of the rows of each case whose material somebody reads, in the units'
    order. With `most` the rows of so many cases alone, and without places and moves."""
    cases = rounds.list_cases(desk.connection, desk.facts.round.id)
    desk.facts.remember_cases([case.id for case in cases])
    return tuple(
        unit
        for way in deciding_ways(desk.definition)
        for unit in _by_unit(desk, sight, way, cases, most)
    )


# ---- steps -----------------------------------------------------------------------------


def _by_unit(
    desk: Desk,
    sight: Sight,
    way: Sequence[str],
    cases: Sequence[CaseFact],
    most: int | None,
) -> Iterator[UnitFates]:
    definition = desk.definition
    table, last = definition.table[way[0]], definition.table[way[-1]]
    kinds = {
        kind.key
        for kind in definition.case.values()
        if any(table.key in state.edits for state in kind.state.values())
    }
    open_to = {
        case.id: case
        for case in cases
        if case.kind in kinds and sight.sees(case) and sight.reads(case)
    }
    sheets = read_sheets(desk.connection, open_to, table.key)
    if not sheets:
        return
    order = [unit.key for unit in desk.facts.units((*definition.unit, *definition.body))]
    ordered = sorted(sheets, key=lambda one: (order.index(open_to[one].unit), one))
    told = {case: sheets[case] for case in ordered[:most]}
    starts = [Origin(case, row.number) for case, rows in told.items() for row in rows]
    stages = stages_of(desk, sight, way, cases, None if most is None else starts)
    amount = _if_seen(sight, _amount(desk, last))
    title = desk.revision.title(amount, desk.language) if amount else ""
    for case_id in ordered:
        case = open_to[case_id]
        yield UnitFates(
            case=case.id,
            title=desk.case_title(case),
            unit=desk.unit_name(case.unit),
            table=desk.revision.title(table, desk.language),
            amount=title,
            fates=tuple(_fates(desk, sight, stages, case, told.get(case_id, ()), amount)),
        )


def _fates(
    desk: Desk,
    sight: Sight,
    stages: Sequence[Stage],
    case: CaseFact,
    rows: Sequence[RowFact],
    amount: Column | None,
) -> Iterator[Fate]:
    naming = _if_seen(sight, naming_column(desk.definition, stages[-1].table))
    for place, row in enumerate(rows, start=1):
        way = list(follow(desk, sight, stages, Origin(case.id, row.number)))
        steps = tuple(step for step, _ in way)
        cells: dict[str, object] = dict(row.cells)
        for _, own in way:
            cells |= own
        outcome, why = _decision(steps[-1])
        yield Fate(
            number=row.number,
            name=str(cells.get(naming.key if naming else "") or row.number),
            place=place,
            of=len(rows),
            steps=steps,
            outcome=outcome,
            why=why,
            amount=_number(cells.get(amount.key)) if amount else None,
        )


def _decision(step: Step) -> tuple[str, str]:
    """Give what was decided, by its title, and why: the first levels and the first words that
    the list that decides has of its own."""
    outcome = next((one.text for one in step.said if one.is_level), "")
    return outcome, next((one.text for one in step.said if one.is_words), "")


def _if_seen(sight: Sight, column: Column | None) -> Column | None:
    """Give a column to those who see it."""
    roles = {place.role for place in sight.places}
    if column is None or (column.visible_to and roles.isdisjoint(column.visible_to)):
        return None
    return column


def _amount(desk: Desk, table: Table) -> Column | None:
    """Give the column of amounts that is summed first in the list that decides."""
    there = columns_in_chain(desk.definition, table, desk.facts.round.year)
    summed = [there[key] for key in table.totals if key in there]
    return next((one for one in summed if one.type == "tkr"), summed[0] if summed else None)


def _number(cell: object) -> Amount | None:
    if cell is None or isinstance(cell, bool):
        return None
    return cell if isinstance(cell, int) else Decimal(str(cell))
