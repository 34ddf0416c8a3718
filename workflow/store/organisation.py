"""Bring an organisation's files into the tables: what is new, changed and missing.

What somebody has changed by hand since the last import is theirs: it is left as it is and
named, until the files say the same, or they are told to win.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.organisation import Organisation, UnitLine
from workflow.store.import_facts import import_facts
from workflow.store.import_grants import import_grants
from workflow.store.import_people import import_people
from workflow.store.import_report import Rules, TableReport, report
from workflow.store.statements import Statement
from workflow.store.tables import FIRST_DAY, LAST_DAY, Unit

__all__ = ["ImportReport", "TableReport", "change_by_hand", "import_organisation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. Units and people by key; grants as e-mail, role, unit, first day;
    figures as unit, fact."""

    units: TableReport
    people: TableReport
    grants: TableReport
    """Nobody is removed: a person without grants can do nothing."""
    facts: TableReport | None = None
    """None when there was no file of them."""


_load_units = Statement(
    select(
        col(Unit.key),
        col(Unit.name),
        col(Unit.kind),
        col(Unit.parent),
        col(Unit.from_on),
        col(Unit.to_on),
        col(Unit.into),
        col(Unit.position),
    ).order_by(col(Unit.position))
)
_add_units = Statement(insert(Unit))
_change_units = Statement(
    update(Unit)
    .values(
        name=bindparam("name"),
        kind=bindparam("kind"),
        parent=bindparam("parent"),
        from_on=bindparam("from_on"),
        to_on=bindparam("to_on"),
        into=bindparam("into"),
    )
    .where(col(Unit.key) == bindparam("key"))
)
_end_units = Statement(
    update(Unit).values(to_on=bindparam("to_on")).where(col(Unit.key) == bindparam("key"))
)


def import_organisation(
    connection: Connection,
    organisation: Organisation,
    *,
    end_missing: bool,
    today: date,
    files_win: bool = False,
) -> ImportReport:
    """Add what is new, change what differs, and list what is missing.

    What the files do not mention is left as it is; with `end_missing` it ends the day
    before `today`. What was changed by hand is left too, unless the `files_win`. Needs a
    handful of statements whatever the size.
    Raises: BadInput when an address belongs to another person whom the files leave out.
    """
    rules = Rules(today=today, end_missing=end_missing, files_win=files_win)
    return ImportReport(
        units=_import_units(connection, organisation, rules.last_day, today),
        people=import_people(connection, organisation, rules),
        grants=import_grants(connection, organisation, rules),
        facts=import_facts(connection, organisation.facts, rules),
    )


def change_by_hand(connection: Connection, organisation: Organisation, now: datetime) -> None:
    """Bring in single people and grants that somebody has changed by hand; every person of
    whom something is said must be there.

    Raises: BadInput when an address belongs to another person.
    """
    rules = Rules(today=now.date(), by_hand_at=now)
    import_people(connection, organisation, rules)
    import_grants(connection, organisation, rules)


def _import_units(
    connection: Connection, organisation: Organisation, last_day: date | None, today: date
) -> TableReport:
    stored = {row[0]: row for row in _load_units.all(connection)}
    position = max((row[7] for row in stored.values()), default=-1)
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for unit in organisation.units:
        values = _unit_values(unit)
        old = stored.pop(unit.key, None)
        if old is None:
            position += 1
            added.append({**values, "position": position, "facts": "{}"})
        elif old[:7] != tuple(values.values()):
            changed.append(values)
    _add_units.many(connection, _parents_first(added))
    _change_units.many(connection, changed)
    missing = [key for key, row in stored.items() if row[5] >= today]
    if last_day is not None:
        _end_units.many(connection, [{"key": key, "to_on": last_day} for key in missing])
    return report(
        [str(one["key"]) for one in added],
        [str(one["key"]) for one in changed],
        missing,
        last_day,
    )


def _unit_values(unit: UnitLine) -> dict[str, object]:
    return {
        "key": unit.key,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "from_on": unit.from_on or FIRST_DAY,
        "to_on": unit.to_on or LAST_DAY,
        "into": unit.into,
    }


def _parents_first(units: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """Order new units so that each comes after its parent. There are no circles."""
    waiting = {unit["key"]: unit for unit in units}
    ordered: list[dict[str, object]] = []
    while waiting:
        _, unit = next(iter(waiting.items()))
        line = [unit]
        while (above := waiting.get(line[-1]["parent"])) is not None:
            line.append(above)
        for unit in reversed(line):
            ordered.append(waiting.pop(unit["key"]))
    return ordered
