"""Conflicts of interest as the log tells them: who has one in which row, since when."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import GONE, differences, digest, kinds_disposed, readable
from workflow.store.statements import Statement
from workflow.store.tables import Conflict

__all__ = ["KINDS", "Conflicts"]

_ENDED: Final = EntryKind.CONFLICT_ENDED.value
KINDS: Final = frozenset({EntryKind.CONFLICT.value, _ENDED})

_load = Statement(
    select(
        col(Conflict.case_id),
        col(Conflict.table_key),
        col(Conflict.number),
        col(Conflict.person),
        col(Conflict.reason),
        col(Conflict.declared_at),
    )
    .where(col(Conflict.round_id) == bindparam("round_id"))
    .order_by(
        col(Conflict.case_id), col(Conflict.table_key), col(Conflict.number), col(Conflict.person)
    )
)


class Conflicts:
    """What the entries tell so far of conflicts of interest in the rows of a round."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, ...], dict[str, object]] = {}
        """By where the row was filled in, and person."""
        self._lost = 0
        """Entries whose payload is gone: any row may be meant."""
        self._disposed = False
        """Their reasons were disposed of."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about a conflict."""
        row = payload.get("row") if payload is not None else None
        if payload is None or not isinstance(row, list):
            self._lost += 1
            return
        key = (*map(str, row), str(payload.get("person")))
        if entry["kind"] == _ENDED:
            self._told.pop(key, None)
        else:
            self._told[key] = {"reason": digest(payload.get("reason")), "declared_at": entry["at"]}

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal, which may have taken the reasons."""
        self._disposed = self._disposed or "questions" in kinds_disposed(payload)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield "jäv"
        elif self._disposed and self._told:
            yield "skälen för jäv"

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: entry's number (0 for none), problem."""
        if not self._lost:
            yield from readable("jäven", self._compare(connection, round_id))

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        missing = dict(self._told)
        for case_id, table, number, person, reason, at in _load.all(connection, round_id=round_id):
            name = f"jäv i ärendet {case_id}: {table} {number}, person {person}"
            told = missing.pop((str(case_id), str(table), str(number), str(person)), None)
            if told is None:
                yield 0, f"{name} finns inte i loggen"
                continue
            stored = {"reason": digest(reason), "declared_at": at}
            for problem in differences(told | ({"reason": GONE} if self._disposed else {}), stored):
                yield 0, f"{name}: {problem}"
        for case_id, table, number, person in missing:
            yield (
                0,
                (
                    f"jäv i ärendet {case_id}: {table} {number}, person {person} står i loggen men"
                    " finns inte"
                ),
            )
