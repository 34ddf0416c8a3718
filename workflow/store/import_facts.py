"""Bring the figures of units into the tables: each unit keeps its own, by the key of the fact."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select, update
from sqlmodel import col

from workflow.core.facts import Cell
from workflow.core.organisation import FactLine
from workflow.store.import_report import Rules, TableReport, report
from workflow.store.statements import Statement
from workflow.store.tables import Unit

__all__ = ["import_facts"]

_LOAD: Final = Statement(select(col(Unit.key), col(Unit.facts)).order_by(col(Unit.position)))
_CHANGE: Final = Statement(
    update(Unit).values(facts=bindparam("figures")).where(col(Unit.key) == bindparam("unit"))
)


def import_facts(
    connection: Connection, lines: Sequence[FactLine] | None, rules: Rules
) -> TableReport | None:
    """Add figures that are new and change those that differ; None when there was no file.

    What the file does not mention is left, or taken away where what is missing ends. Rounds
    that are open keep the figures that they were opened with.
    """
    if lines is None:
        return None
    stored: dict[str, dict[str, Cell]] = {
        row[0]: json.loads(row[1]) for row in _LOAD.all(connection)
    }
    told = {(line.unit, line.fact): line.value for line in lines}
    added = [one for one in told if one[1] not in stored[one[0]]]
    changed = [
        (unit, fact)
        for (unit, fact), value in told.items()
        if fact in stored[unit] and stored[unit][fact] != value
    ]
    missing = [
        (unit, fact) for unit, facts in stored.items() for fact in facts if (unit, fact) not in told
    ]
    gone = missing if rules.last_day is not None else []
    for unit, fact in [*added, *changed]:
        stored[unit][fact] = told[unit, fact]
    for unit, fact in gone:
        del stored[unit][fact]
    touched = dict.fromkeys(unit for unit, _ in (*added, *changed, *gone))
    _CHANGE.many(
        connection, [{"unit": unit, "figures": _written(stored[unit])} for unit in touched]
    )
    return report(_names(added), _names(changed), _names(missing), rules.last_day)


def _written(facts: Mapping[str, Cell]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _names(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{unit} {fact}" for unit, fact in pairs]
