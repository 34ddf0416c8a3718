"""Payloads that are gone, and the disposals that say why."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload

__all__ = ["KEPT", "Disposals", "Explained", "decisions", "ranges"]

KEPT: Final = frozenset(
    {
        EntryKind.CHECKPOINT.value,
        EntryKind.DISPOSED.value,
        EntryKind.INSTALLED.value,
        EntryKind.RESTORED.value,
        EntryKind.SUBSTITUTE.value,
        EntryKind.SUBSTITUTE_ENDED.value,
    }
)
"""Kinds of entries whose payloads prove something themselves, and are never disposed of:
what was disposed of, witnessed and restored, and who stood in for whom."""
_DISPOSED: Final = EntryKind.DISPOSED.value

_load_disposals = Statement(
    select(col(EntryPayload.number), col(EntryPayload.body))
    .join(
        Entry,
        and_(
            col(Entry.chain) == col(EntryPayload.chain),
            col(Entry.number) == col(EntryPayload.number),
        ),
    )
    .where(col(Entry.chain) == bindparam("chain"), col(Entry.kind) == _DISPOSED)
    .order_by(col(Entry.number))
)


class Explained(NamedTuple):
    """Payloads that were disposed of by a decision."""

    first: int
    last: int
    decision: str
    number: int
    """Of the entry that says so."""


class Disposals:
    """What a walk along a chain finds gone, and what it is told of that."""

    def __init__(self) -> None:
        self._missing: list[int] = []
        self._told: list[Explained] = []

    def miss(self, number: object, kind: object) -> bool:
        """Note that an entry's payload is gone; False when no disposal can explain it."""
        if kind in KEPT or not isinstance(number, int):
            return False
        self._missing.append(number)
        return True

    def take(self, number: object, payload: Mapping[str, Any] | None) -> None:
        """Follow an entry that tells of a disposal, to those before it."""
        if payload is None or not isinstance(number, int):
            return
        decision = str(payload.get("decision"))
        self._told += [
            Explained(first, last, decision, number)
            for first, last in _pairs(payload.get("payloads"), number)
        ]

    def unexplained(self) -> list[int]:
        """Give the entries whose payload is gone and nothing says why."""
        known = {n for one in self._told for n in range(one.first, one.last + 1)}
        return [number for number in self._missing if number not in known]

    def explained(self) -> list[Explained]:
        """Give what is gone by decision, in the order it was told."""
        gone = set(self._missing)
        return [
            Explained(first, last, one.decision, one.number)
            for one in self._told
            for first, last in ranges(n for n in range(one.first, one.last + 1) if n in gone)
        ]


def decisions(connection: Connection, chain: str) -> dict[int, str]:
    """Give by which decision payloads of a chain were disposed of, by their numbers."""
    found: dict[int, str] = {}
    for number, body in _load_disposals.all(connection, chain=chain):
        payload = json.loads(body)
        for first, last in _pairs(payload.get("payloads"), number):
            found |= dict.fromkeys(range(first, last + 1), str(payload.get("decision")))
    return found


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give rising numbers as pairs of first and last."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last


def _pairs(told: object, before: int) -> Iterator[tuple[int, int]]:
    """Give the ranges that a payload tells of, of entries before its own."""
    for pair in told if isinstance(told, list) else ():
        if (
            isinstance(pair, list)
            and len(pair) == 2
            and all(type(number) is int for number in pair)
            and 1 <= pair[0] <= pair[1] < before
        ):
            yield pair[0], pair[1]
