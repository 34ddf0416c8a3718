"""Who has moved which row of a list, when, from where to where and why: as the log tells."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflow.store.deeds import Told

__all__ = ["Move", "moves_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of one row."""

    entry: int
    who: str
    """Name; empty when it happened by itself."""
    behind: str
    """Name of the one it was done for."""
    at: datetime
    before: int | None
    """Position before it; None where the log no longer tells."""
    after: int | None
    why: str


@dataclass(slots=True)
class _Order:
    """The order of a list as the log has told of it so far."""

    places: list[str] = field(default_factory=list)
    of: dict[int, str] = field(default_factory=dict)

    def position(self, number: int) -> int | None:
        """Give where a row lies, counted from 1."""
        place = self.of.get(number)
        return None if place is None else bisect_left(self.places, place) + 1

    def put(self, number: int, place: str) -> None:
        """Put a row at a place, from wherever it was."""
        self.take(number)
        insort(self.places, place)
        self.of[number] = place

    def take(self, number: int) -> None:
        """Take a row away."""
        place = self.of.pop(number, None)
        if place is not None:
            del self.places[bisect_left(self.places, place)]


def moves_of(entries: Iterable[Told], sheet: str) -> Mapping[int, Sequence[Move]]:
    """Give the moves of each row of a sheet by its number, oldest first."""
    order = _Order()
    found: dict[int, list[Move]] = {}
    for entry in entries:
        for what, number, *rest in _edits(entry.payload, sheet):
            if what == "add":
                order.put(number, rest[0])
            elif what == "drop":
                order.take(number)
                found.pop(number, None)
            elif what == "move":
                found.setdefault(number, []).append(_move(order, entry, number, rest))
    return found


def _move(order: _Order, entry: Told, number: int, rest: Sequence[Any]) -> Move:
    before = order.position(number)
    if before is not None:  # a row that the log no longer tells of has no position to count
        order.put(number, rest[0])
    return Move(
        entry=entry.number,
        who=entry.name,
        behind=entry.behind,
        at=entry.at,
        before=before,
        after=order.position(number),
        why=rest[1] if len(rest) > 1 else "",
    )


def _edits(payload: Mapping[str, Any], sheet: str) -> Sequence[Any]:
    sheets = payload.get("sheets")
    found = sheets.get(sheet) if isinstance(sheets, dict) else None
    return found if isinstance(found, list) else ()
