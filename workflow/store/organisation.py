"""Bring an organisation's files into the tables: what is new, changed and missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.errors import BadInput, Reason
from workflow.core.organisation import GrantLine, Organisation, UnitLine
from workflow.store.statements import Statement
from workflow.store.tables import FIRST_DAY, LAST_DAY, Grant, Person, Unit

__all__ = ["ImportReport", "TableReport", "import_organisation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What an import did to one table, by name, in the order of the file."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    """Not in the file, and ended the day before."""
    left: tuple[str, ...] = ()
    """Not in the file, and left as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. Units and people by key; grants as e-mail, role, unit, first day."""

    units: TableReport
    people: TableReport
    grants: TableReport
    """Nobody is removed: a person without grants can do nothing."""


_load_units = Statement(
    select(
        col(Unit.key),
        col(Unit.name),
        col(Unit.kind),
        col(Unit.parent),
        col(Unit.from_on),
        col(Unit.to_on),
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
    )
    .where(col(Unit.key) == bindparam("key"))
)
_end_units = Statement(
    update(Unit).values(to_on=bindparam("to_on")).where(col(Unit.key) == bindparam("key"))
)
_load_people = Statement(
    select(
        col(Person.key),
        col(Person.email),
        col(Person.name),
        col(Person.language),
        col(Person.party),
        col(Person.id),
    ).order_by(col(Person.id))
)
_add_people = Statement(insert(Person), columns=["key", "email", "name", "language", "party"])
_change_people = Statement(
    update(Person)
    .values(
        email=bindparam("email"),
        name=bindparam("name"),
        language=bindparam("language"),
        party=bindparam("party"),
    )
    .where(col(Person.key) == bindparam("key"))
)
_vacate_addresses = Statement(
    update(Person)
    .values(email=bindparam("email"), bounced_at=None, bounce=None)  # of the old address
    .where(col(Person.key) == bindparam("key"))
)
_load_grants = Statement(
    select(
        col(Person.email),
        col(Grant.role),
        col(Grant.unit),
        col(Grant.from_on),
        col(Grant.to_on),
        col(Grant.id),
    )
    .join(Person, col(Person.id) == col(Grant.person_id))
    .order_by(col(Grant.id))
)
_add_grants = Statement(insert(Grant), columns=["person_id", "role", "unit", "from_on", "to_on"])
_end_grants = Statement(
    update(Grant).values(to_on=bindparam("to_on")).where(col(Grant.id) == bindparam("id"))
)


def import_organisation(
    connection: Connection, organisation: Organisation, *, end_missing: bool, today: date
) -> ImportReport:
    """Add what is new, change what differs, and list what is missing.

    What the files do not mention is left as it is; with `end_missing` it ends the day
    before `today`. Needs a handful of statements whatever the size.
    Raises: BadInput when an address belongs to another person whom the files leave out.
    """
    last_day = today - timedelta(days=1) if end_missing else None
    return ImportReport(
        units=_import_units(connection, organisation, last_day, today),
        people=_import_people(connection, organisation),
        grants=_import_grants(connection, organisation, last_day, today),
    )


def _import_units(
    connection: Connection, organisation: Organisation, last_day: date | None, today: date
) -> TableReport:
    stored = {row[0]: row for row in _load_units.all(connection)}
    position = max((row[6] for row in stored.values()), default=-1)
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for unit in organisation.units:
        values = _unit_values(unit)
        old = stored.pop(unit.key, None)
        if old is None:
            position += 1
            added.append({**values, "position": position})
        elif old[:6] != tuple(values.values()):
            changed.append(values)
    _add_units.many(connection, _parents_first(added))
    _change_units.many(connection, changed)
    missing = [key for key, row in stored.items() if row[5] >= today]
    if last_day is not None:
        _end_units.many(connection, [{"key": key, "to_on": last_day} for key in missing])
    return _report(_names(added, "key"), _names(changed, "key"), missing, last_day)


def _unit_values(unit: UnitLine) -> dict[str, object]:
    return {
        "key": unit.key,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "from_on": unit.from_on or FIRST_DAY,
        "to_on": unit.to_on or LAST_DAY,
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


def _import_people(connection: Connection, organisation: Organisation) -> TableReport:
    stored = {row[0]: row for row in _load_people.all(connection)}
    owners = {row[1]: key for key, row in stored.items()}
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    vacated: list[dict[str, object]] = []
    for person in organisation.people:
        values: dict[str, object] = {
            "key": person.key,
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "party": person.party,
        }
        old = stored.pop(person.key, None)
        if old is None:
            added.append(values)
        elif old[:5] != tuple(values.values()):
            changed.append(values)
            if old[1] != person.email:
                # Addresses may change hands within one file; '#' stands in no address.
                vacated.append({"key": person.key, "email": f"#{person.key}"})
    _check_owners(organisation, owners, stored)
    _vacate_addresses.many(connection, vacated)
    _change_people.many(connection, changed)
    _add_people.many(connection, added)
    left = [key for key in stored if not key.startswith("#")]  # disposed of since
    return _report(_names(added, "key"), _names(changed, "key"), left, None)


def _check_owners(
    organisation: Organisation, owners: Mapping[str, str], left: Mapping[str, Any]
) -> None:
    reasons = [
        Reason(
            "address_taken",
            f"people.csv: adressen {person.email} tillhör {owners[person.email]}, som inte står"
            f" i filen; ta med {owners[person.email]} med en annan adress, eller behåll nyckeln.",
            f"people.csv: the address {person.email} belongs to {owners[person.email]}, who is"
            f" not in the file; add {owners[person.email]} with another address, or keep the key.",
        )
        for person in organisation.people
        if owners.get(person.email, person.key) in left
    ]
    if reasons:
        raise BadInput(
            f"Organisationen är inte inläst. {reasons[0].sv}",
            f"The organisation was not imported. {reasons[0].en}",
            reasons=reasons,
        )


def _import_grants(
    connection: Connection, organisation: Organisation, last_day: date | None, today: date
) -> TableReport:
    ids = {row[1]: row[5] for row in _load_people.all(connection)}
    stored = {row[:4]: row[4:] for row in _load_grants.all(connection)}
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    names: tuple[list[str], list[str]] = ([], [])
    for grant in organisation.grants:
        key = _grant_key(grant)
        to_on = grant.to_on or LAST_DAY
        old = stored.pop(key, None)
        if old is None:
            email, role, unit, from_on = key
            added.append(
                {
                    "person_id": ids[email],
                    "role": role,
                    "unit": unit,
                    "from_on": from_on,
                    "to_on": to_on,
                }
            )
            names[0].append(_grant_name(key))
        elif old[0] != to_on:
            changed.append({"id": old[1], "to_on": to_on})
            names[1].append(_grant_name(key))
    _add_grants.many(connection, added)
    _end_grants.many(connection, changed)
    missing = {key: row[1] for key, row in stored.items() if row[0] >= today}
    if last_day is not None:
        _end_grants.many(connection, [{"id": id_, "to_on": last_day} for id_ in missing.values()])
    return _report(names[0], names[1], [_grant_name(key) for key in missing], last_day)


def _grant_key(grant: GrantLine) -> tuple[str, str, str, date]:
    return grant.email, grant.role, grant.unit, grant.from_on or FIRST_DAY


def _grant_name(key: tuple[Any, ...]) -> str:
    email, role, unit, from_on = key
    return " ".join([email, role, unit, *([] if from_on == FIRST_DAY else [str(from_on)])])


def _names(rows: Iterable[Mapping[str, object]], column: str) -> list[str]:
    return [str(row[column]) for row in rows]


def _report(
    added: list[str], changed: list[str], missing: list[str], last_day: date | None
) -> TableReport:
    return TableReport(
        added=tuple(added),
        changed=tuple(changed),
        ended=() if last_day is None else tuple(missing),
        left=tuple(missing) if last_day is None else (),
    )
