"""What the checks of a table are measured against: its unit's figures, sums over other tables.

`TABLE.COLUMN` is summed over the same case's copy of a table that its own kind of case fills
in, and otherwise over all rows of the table in the round. Of a table with a row for each unit
of a kind, filled in in a case above, the row of the case's own unit counts alone, when the
case lies at or below such a unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from workflow.core.checks import Figures, total
from workflow.core.columns import columns_in
from workflow.core.definition import ROW, Body, Definition, Table, Unit
from workflow.core.facts import CaseFact, Facts, Row, RowFact, SheetKey, UnitFact

__all__ = ["declared", "figures_of", "missing_facts"]

_NONE: Final[Mapping[SheetKey, Sequence[RowFact]]] = {}


def figures_of(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    table: Table,
    after: Mapping[SheetKey, Sequence[RowFact]] = _NONE,
) -> Figures:
    """Give what the checks of a table in a case are measured against; `after` are the sheets
    that become other in the same go."""
    unit = facts.line(case.unit)[0]
    totals: dict[str, Fraction | int] = {}
    for other in dict.fromkeys(name.partition(".")[0] for name in _named(table)):
        if other not in ("unit", table.key):
            totals |= _totals(definition, facts, case, definition.table[other], after)
    return Figures(year=facts.round.year, unit=unit.name, facts=unit.facts, totals=totals)


def _named(table: Table) -> Iterator[str]:
    """Give the figures that the checks of a table name."""
    for check in table.check.values():
        for name in (check.of, check.at_least, check.at_most, check.equals):
            if isinstance(name, str):
                yield name


def _totals(
    definition: Definition,
    facts: Facts,
    case: CaseFact,
    table: Table,
    after: Mapping[SheetKey, Sequence[RowFact]],
) -> dict[str, Fraction]:
    """Sum the columns of a table that the checks of another may name; none without rows."""
    key = SheetKey(case.id, table.key)
    states = definition.case[case.kind].state.values()
    rows: Sequence[RowFact]
    if any(table.key in state.edits for state in states):
        rows = after[key] if key in after else facts.sheet(key)
    elif table.rows_per is not None:
        rows = _rows_for_unit(definition, facts, case, table)
    else:
        rows = facts.rows_in_round(table.key)
    if not rows:
        return {}
    chain = definition.chain(table.key)
    numbered: list[tuple[int, Row]] = list(enumerate(facts.shown(rows, chain), start=1))
    found: dict[str, Fraction] = {}
    for one in (table.key, *chain):
        columns = columns_in(definition.table[one], facts.round.year)
        for name, column in columns.items():
            value, counted = total(numbered, name, None)
            if table.rows_per is not None and not counted:
                continue  # nobody has filled it in: it is not known to be 0
            found[f"{table.key}.{name}"] = value
            if "." in name:  # of one year; the column itself is all of them
                whole = f"{table.key}.{column.key.partition('.')[0]}"
                found[whole] = found.get(whole, Fraction(0)) + value
    return found


def _rows_for_unit(
    definition: Definition, facts: Facts, case: CaseFact, table: Table
) -> Sequence[RowFact]:
    """Give the row of a case's own unit, as the nearest case above has it; all of them for a
    case that no such unit lies above."""
    rows = facts.rows_in_round(table.key)
    above = facts.case(case.parent) if case.parent else None
    while above is not None:
        if above.kind in definition.edited_in(table.key):
            rows = facts.sheet(SheetKey(above.id, table.key))
            break
        above = facts.case(above.parent) if above.parent else None
    own = [unit.key for unit in facts.line(case.unit) if unit.kind == table.rows_per]
    return [row for row in rows if not own or row.cells.get(ROW) in own]


def declared(definition: Definition, unit: UnitFact) -> UnitFact:
    """Give a unit with the figures that the process has a use for, and no others."""
    kind = definition.unit.get(unit.kind) or definition.body[unit.kind]
    return replace(unit, facts={key: unit.facts[key] for key in kind.facts if key in unit.facts})


def missing_facts(definition: Definition, units: Sequence[UnitFact]) -> list[str]:
    """Give the figures that a definition names and a unit lacks: `UNIT.FACT`."""
    kinds: dict[str, Unit | Body] = {**definition.unit, **definition.body}
    return [
        f"{unit.key}.{fact}"
        for unit in units
        for fact in kinds[unit.kind].facts
        if fact not in unit.facts
    ]
