"""The series of a round, as the log tells them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import GONE, differences, readable
from workflow.store.statements import Statement
from workflow.store.tables import Series

__all__ = ["SERIES", "SeriesTold"]

SERIES: Final = EntryKind.SERIES.value
_TOLD: Final = ("since_on", "occasion", "next_at")
_COLUMNS: Final = ("case_id", "kind", *_TOLD)
_load = Statement(
    select(*(col(getattr(Series, name)) for name in _COLUMNS))
    .where(col(Series.round_id) == bindparam("round_id"))
    .order_by(col(Series.case_id), col(Series.kind))
)


class SeriesTold:
    """What the entries tell so far of the series of a round."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, object], tuple[int, dict[str, object]]] = {}
        self._lost: set[object] = set()
        """Cases some of whose entries no longer say which series they are about."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a series that began, went on or stopped."""
        if payload is None:
            self._lost.add(entry["case_id"])
            return
        row = {name: payload.get(name) for name in _TOLD}
        self._told[entry["case_id"], payload.get("kind")] = (entry["number"], row)

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: entry's number (0 for none), problem."""
        yield from readable("det som återkommer", self._compare(connection, round_id))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield f"vad som återkommer under {len(self._lost)} ärenden"

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        left = dict(self._told)
        for values in _load.all(connection, round_id=round_id):
            stored = dict(zip(_COLUMNS, values, strict=True))
            name = f"serien {stored['kind']} under {stored['case_id']}"
            number, told = left.pop((stored["case_id"], stored["kind"]), (0, None))
            if stored["case_id"] in self._lost:
                told = dict.fromkeys(_TOLD, GONE)
            if told is None:
                yield 0, f"{name} finns inte i loggen"
                continue
            for problem in differences(told, stored):
                yield number, f"{name}: {problem}"
        for (case_id, kind), (number, _) in left.items():
            yield number, f"serien {kind} under {case_id} står i loggen men finns inte"
