"""Bring in people: by key, each with an address of their own.

What was changed by hand stays until the files say something else than they said before.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.errors import BadInput, Reason
from workflow.core.organisation import Organisation
from workflow.store.import_report import Rules, TableReport, report
from workflow.store.statements import Statement
from workflow.store.tables import Person

__all__ = ["BY_HAND", "import_people", "people_ids", "remember_filed"]

BY_HAND: Final = "hand-"
"""So begins the key of a person who was added by hand, until the files bring another."""
_FIELDS: Final = ("email", "name", "language", "party")

_load_people = Statement(
    select(
        col(Person.key),
        col(Person.email),
        col(Person.name),
        col(Person.language),
        col(Person.party),
        col(Person.id),
        col(Person.filed),
    ).order_by(col(Person.id))
)
_add_people = Statement(insert(Person), columns=["key", *_FIELDS, "filed"])
_change_people = Statement(
    update(Person)
    .values(
        email=bindparam("email"),
        name=bindparam("name"),
        language=bindparam("language"),
        party=bindparam("party"),
        filed=bindparam("filed"),
    )
    .where(col(Person.key) == bindparam("key"))
)
_name_people = Statement(
    update(Person).values(key=bindparam("new")).where(col(Person.key) == bindparam("key"))
)
_vacate_addresses = Statement(
    update(Person)
    .values(email=bindparam("email"), bounced_at=None, bounce=None)  # of the old address
    .where(col(Person.key) == bindparam("key"))
)
_one = Statement(
    select(col(Person.email), col(Person.name), col(Person.language), col(Person.party)).where(
        col(Person.id) == bindparam("who"), col(Person.filed).is_(None)
    )
)
_remember = Statement(
    update(Person).values(filed=bindparam("told")).where(col(Person.id) == bindparam("who"))
)

_Values = tuple[str, ...]
"""Address, name, language and party."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A person as they are, and as the files last had them."""

    now: _Values
    filed: _Values

    def with_line(self, line: _Values, rules: Rules) -> _Values:
        """Give a person with what a line has anew; all of it by hand, or when files win."""
        if rules.is_by_hand or rules.files_win:
            return line
        told = zip(line, self.filed, self.now, strict=True)
        return tuple(new if new != before else now for new, before, now in told)


def import_people(connection: Connection, organisation: Organisation, rules: Rules) -> TableReport:
    """Add people, change those that differ, and list those that are missing.

    Raises: BadInput when an address belongs to somebody who keeps it.
    """
    stored = _by_file_key(connection, organisation)
    owners = {one.now[0]: key for key, one in stored.items()}
    wanted: dict[str, _Values] = {}
    added: list[str] = []
    kept: list[str] = []
    for person in organisation.people:
        line = (person.email, person.name, person.language, person.party)
        known = stored.get(person.key)
        wanted[person.key] = known.with_line(line, rules) if known else line
        if known is None:
            added.append(person.key)
        elif wanted[person.key] != line:
            kept.append(person.key)
    _check_owners(wanted, owners, kept)
    changed = [key for key, new in wanted.items() if key in stored and stored[key].now != new]
    _write(connection, organisation, wanted, stored, rules)
    missing = [key for key in stored if key not in wanted and not key.startswith("#")]  # disposed
    return report(added, changed, missing, None, kept)


def _write(
    connection: Connection,
    organisation: Organisation,
    wanted: Mapping[str, _Values],
    stored: Mapping[str, _Stored],
    rules: Rules,
) -> None:
    added: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    vacated: list[dict[str, object]] = []
    for person in organisation.people:
        new, known = wanted[person.key], stored.get(person.key)
        line = (person.email, person.name, person.language, person.party)
        base = line if not rules.is_by_hand else known.filed if known else new
        filed = json.dumps(base, ensure_ascii=False) if base != new else None
        row: dict[str, object] = {"key": person.key, **dict(zip(_FIELDS, new, strict=True))}
        if known is None:
            added.append({**row, "filed": filed})
            continue
        changed.append({**row, "filed": filed})
        if known.now[0] != new[0]:
            # Addresses may change hands within one file; '#' stands in no address.
            vacated.append({"key": person.key, "email": f"#{person.key}"})
    _vacate_addresses.many(connection, vacated)
    _change_people.many(connection, [one for one in changed if _differs(one, stored)])
    _add_people.many(connection, added)


def _differs(row: Mapping[str, object], stored: Mapping[str, _Stored]) -> bool:
    known = stored[str(row["key"])]
    filed = json.dumps(known.filed, ensure_ascii=False) if known.filed != known.now else None
    return tuple(row[name] for name in _FIELDS) != known.now or row["filed"] != filed


def _by_file_key(connection: Connection, organisation: Organisation) -> dict[str, _Stored]:
    """Give who is there, by key. Who was added by hand gets the key that the files have for
    the address."""
    stored = {row[0]: _stored(row) for row in _load_people.all(connection)}
    there = {one.now[0]: key for key, one in stored.items() if key.startswith(BY_HAND)}
    taken = {person.key for person in organisation.people}
    renamed = [
        {"key": there[person.email], "new": person.key}
        for person in organisation.people
        if person.key not in stored and there.get(person.email, person.key) not in taken
    ]
    _name_people.many(connection, renamed)
    for one in renamed:
        stored[one["new"]] = stored.pop(one["key"])
    return stored


def _stored(row: tuple[Any, ...]) -> _Stored:
    now = row[1:5]
    return _Stored(now, tuple(json.loads(row[6])) if row[6] else now)


def _check_owners(
    wanted: Mapping[str, _Values], owners: Mapping[str, str], kept: Collection[str]
) -> None:
    """See that nobody's address goes to somebody else while they keep it.

    Raises: BadInput.
    """
    reasons = []
    for key, (email, *_) in wanted.items():
        owner = owners.get(email, key)
        if owner != key and (owner not in wanted or wanted[owner][0] == email):
            reasons.append(_taken(email, owner, by_hand=owner in kept))
    if reasons:
        raise BadInput(
            f"Organisationen är inte inläst. {reasons[0].sv}",
            f"The organisation was not imported. {reasons[0].en}",
            reasons=reasons,
        )


def _taken(email: str, owner: str, *, by_hand: bool) -> Reason:
    if by_hand:
        return Reason(
            "address_taken",
            f"people.csv: adressen {email} har {owner} fått för hand; rätta filen, eller låt den"
            " gälla med --files-win.",
            f"people.csv: the address {email} was given to {owner} by hand; correct the file, or"
            " let it win with --files-win.",
        )
    return Reason(
        "address_taken",
        f"people.csv: adressen {email} tillhör {owner}, som inte står i filen; ta med {owner} med"
        " en annan adress, eller behåll nyckeln.",
        f"people.csv: the address {email} belongs to {owner}, who is not in the file; add {owner}"
        " with another address, or keep the key.",
    )


def people_ids(connection: Connection) -> dict[str, int]:
    """Give everybody's id by key."""
    return {row[0]: row[5] for row in _load_people.all(connection)}


def remember_filed(connection: Connection, person: int) -> None:
    """Keep what the files have of a person who is about to be changed past them."""
    row = _one.first(connection, who=person)
    if row is not None:
        _remember.run(connection, who=person, told=json.dumps(row, ensure_ascii=False))
