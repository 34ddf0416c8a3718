"""Bring in who holds which role where: by person, role, unit and first day.

What was changed by hand stays until the files say something else than they said before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.organisation import GrantLine, Organisation
from workflow.store.import_people import people_ids
from workflow.store.import_report import Rules, TableReport, report
from workflow.store.statements import Statement
from workflow.store.tables import FIRST_DAY, LAST_DAY, Grant, Person

__all__ = ["import_grants"]

_load_grants = Statement(
    select(
        col(Grant.person_id),
        col(Grant.role),
        col(Grant.unit),
        col(Grant.from_on),
        col(Grant.to_on),
        col(Grant.id),
        col(Grant.filed_to_on),
        col(Grant.by_hand_at),
        col(Person.email),
    )
    .join(Person, col(Person.id) == col(Grant.person_id))
    .order_by(col(Grant.id))
)
_add_grants = Statement(
    insert(Grant),
    columns=["person_id", "role", "unit", "from_on", "to_on", "filed_to_on", "by_hand_at"],
)
_change_grants = Statement(
    update(Grant)
    .values(
        from_on=bindparam("from_on"),
        to_on=bindparam("to_on"),
        filed_to_on=bindparam("filed_to_on"),
        by_hand_at=bindparam("by_hand_at"),
    )
    .where(col(Grant.id) == bindparam("id"))
)
_end_grants = Statement(
    update(Grant)
    .values(to_on=bindparam("to_on"), filed_to_on=None)
    .where(col(Grant.id) == bindparam("id"))
)

_Key = tuple[int, str, str, date]
"""Person, role, unit and first day."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A grant as it is."""

    key: _Key
    to_on: date
    id: int
    filed_to_on: date | None
    by_hand_at: datetime | None
    email: str

    @property
    def name(self) -> str:
        return _name((self.email, *self.key[1:]))

    def is_kept_from(self, to_on: date, rules: Rules) -> bool:
        """Say whether a line says what the files said before, and the grant is another by hand."""
        theirs = self.filed_to_on is not None and self.filed_to_on == to_on != self.to_on
        return theirs and not rules.is_by_hand and not rules.files_win

    def with_days(self, from_on: date, to_on: date, rules: Rules) -> dict[str, object]:
        """Give its row with new days."""
        before = self.filed_to_on or (self.to_on if self.by_hand_at is None else None)
        filed = before if rules.is_by_hand and before != to_on else None
        return {
            "id": self.id,
            "from_on": from_on,
            "to_on": to_on,
            "filed_to_on": filed,
            "by_hand_at": self.by_hand_at if rules.is_by_hand else None,
        }

    def has(self, row: Mapping[str, object]) -> bool:
        """Say whether it is as a row of it says already."""
        mine = (self.key[3], self.to_on, self.filed_to_on, self.by_hand_at)
        return mine == tuple(row[k] for k in ("from_on", "to_on", "filed_to_on", "by_hand_at"))


@dataclass(slots=True)
class _Done:
    """What becomes of the lines."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    new: list[Mapping[str, object]] = field(default_factory=list)
    rows: list[Mapping[str, object]] = field(default_factory=list)


def import_grants(connection: Connection, organisation: Organisation, rules: Rules) -> TableReport:
    """Add grants, change the days of those that differ, and list or end those that are missing.

    The people are there already.
    """
    ids = people_ids(connection)
    # By the file's own address: the person's may be another by hand.
    known = {person.email: ids[person.key] for person in organisation.people}
    stored = {one.key: one for one in map(_stored, _load_grants.all(connection))}
    lines = {(known[one.email], *_days(one)[:3]): one for one in organisation.grants}
    done = _Done()
    for key, line in lines.items():
        to_on = line.to_on or LAST_DAY
        old = stored.pop(key, None) or _taken_over(key, to_on, stored, lines)
        _take_line(done, key, line, old, rules)
    _add_grants.many(connection, done.new)
    _change_grants.many(connection, done.rows)
    missing = [one for one in stored.values() if one.to_on >= rules.today]
    if rules.last_day is not None:
        by_hand = [one for one in missing if one.by_hand_at is not None and not rules.files_win]
        done.kept += [one.name for one in by_hand]
        missing = [one for one in missing if one not in by_hand]
        _end_grants.many(connection, [{"id": one.id, "to_on": rules.last_day} for one in missing])
    names = [one.name for one in missing]
    return report(done.added, done.changed, names, rules.last_day, done.kept)


def _take_line(done: _Done, key: _Key, line: GrantLine, old: _Stored | None, rules: Rules) -> None:
    name, to_on = _name((line.email, *key[1:])), line.to_on or LAST_DAY
    if old is None:
        done.added.append(name)
        done.new.append(
            {
                **dict(zip(("person_id", "role", "unit", "from_on"), key, strict=True)),
                "to_on": to_on,
                "filed_to_on": None,
                "by_hand_at": rules.by_hand_at,
            }
        )
        return
    if old.is_kept_from(to_on, rules):
        done.kept.append(name)
        return
    row = old.with_days(key[3], to_on, rules)
    if not old.has(row):
        done.rows.append(row)
    if (old.key[3], old.to_on) != (key[3], to_on):
        done.changed.append(name)


def _taken_over(
    key: _Key, to_on: date, stored: dict[_Key, _Stored], lines: Collection[_Key]
) -> _Stored | None:
    """Take out the grant that was given by hand and that a line now brings, with its own days."""
    for other, one in stored.items():
        alike = other[:3] == key[:3] and other not in lines and one.by_hand_at is not None
        if alike and other[3] <= to_on and key[3] <= one.to_on:
            return stored.pop(other)
    return None


def _stored(row: tuple[Any, ...]) -> _Stored:
    return _Stored((row[0], row[1], row[2], row[3]), *row[4:])


def _days(grant: GrantLine) -> tuple[str, str, date]:
    return grant.role, grant.unit, grant.from_on or FIRST_DAY


def _name(key: tuple[Any, ...]) -> str:
    email, role, unit, from_on = key
    return " ".join([email, role, unit, *([] if from_on == FIRST_DAY else [str(from_on)])])
