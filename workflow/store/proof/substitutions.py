"""Who stands in for whom, as the installation's log tells it, held against the table."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import GONE, differences, readable
from workflow.store.statements import Statement
from workflow.store.tables import Substitution

__all__ = ["Substitutes"]

_GIVEN: Final = EntryKind.SUBSTITUTE.value
_ENDED: Final = EntryKind.SUBSTITUTE_ENDED.value
_TOLD: Final = ("person_id", "substitute_id", "role", "unit", "from_on", "to_on")
_COLUMNS: Final = (*_TOLD, "given_at", "ended_at")
_LOAD: Final = Statement(
    select(col(Substitution.id), *(col(getattr(Substitution, name)) for name in _COLUMNS)).order_by(
        col(Substitution.id)
    )
)


class Substitutes:
    """The installation's chain, replayed as far as it tells of substitutes."""

    def __init__(self) -> None:
        self._told: dict[object, dict[str, object]] = {}
        self._given_unseen = False
        self._ended_unseen = False

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> str | None:
        """Follow the next entry; `payload` is None when it is gone, and what it told of is
        then not compared. Gives what is wrong with the entry, None when nothing is."""
        kind = entry["kind"]
        if kind not in (_GIVEN, _ENDED):
            return None
        if payload is None:
            self._given_unseen |= kind == _GIVEN
            self._ended_unseen |= kind == _ENDED
            return None
        key = payload.get("substitution")
        if not isinstance(key, int):
            return "raden om en ersättare säger inte vilken"
        if kind == _GIVEN:
            self._told[key] = {
                **{name: payload.get(name) for name in _TOLD},
                "given_at": entry["at"],
                "ended_at": None,
            }
        elif key in self._told:
            self._told[key]["ended_at"] = entry["at"]
        elif not self._given_unseen:
            return f"raden avslutar ersättare {key}, som inte fanns"
        return None

    def compare(self, connection: Connection, _: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: 0, problem."""
        yield from readable("ersättarna", self._compare(connection))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._given_unseen or self._ended_unseen:
            yield "ersättarna"

    def _compare(self, connection: Connection) -> Iterator[tuple[int, str]]:
        missing = dict(self._told)
        for key, *values in _LOAD.all(connection):
            told = missing.pop(key, None)
            if told is None:
                if not self._given_unseen:
                    yield 0, f"ersättare {key} finns inte i loggen"
                continue
            if self._ended_unseen and told["ended_at"] is None:
                told = {**told, "ended_at": GONE}
            for problem in differences(told, dict(zip(_COLUMNS, values, strict=True))):
                yield 0, f"ersättare {key}: {problem}"
        for key in missing:
            yield 0, f"ersättare {key} saknas"
