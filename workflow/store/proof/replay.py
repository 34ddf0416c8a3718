"""What a round's log says must be so, and where the tables say otherwise."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from workflow.core.facts import EntryKind
from workflow.store.proof.beside import KINDS as _BESIDE
from workflow.store.proof.beside import Beside
from workflow.store.proof.cases import Cases
from workflow.store.proof.extensions import Extensions
from workflow.store.proof.links import Links
from workflow.store.proof.material import Material
from workflow.store.proof.plan import Plan

__all__ = ["Replay"]

_MOVES: Final = frozenset(
    {
        EntryKind.OPENED.value,
        EntryKind.TRANSITION.value,
        EntryKind.NEXT.value,
        EntryKind.AT_DUE.value,
        EntryKind.REOPENED.value,
        EntryKind.MISSING.value,
        EntryKind.WITHDRAWN.value,
    }
)
_OPENED: Final = EntryKind.OPENED.value
_SIGNED: Final = EntryKind.SIGNED.value
_FILLED_IN: Final = (
    EntryKind.SAVED.value,
    EntryKind.COMPILED.value,
    EntryKind.LAID_OUT.value,
    EntryKind.COUNTED.value,
    EntryKind.CARRIED.value,
)
_MOVED_DATES: Final = (EntryKind.MILESTONE_MOVED.value, EntryKind.RESUMED.value)
_EXTENDED: Final = EntryKind.EXTENDED.value
_EXTENSIONS: Final = frozenset(
    {_EXTENDED, EntryKind.EXTENSION_ASKED.value, EntryKind.EXTENSION_REFUSED.value}
)
_DISPOSED: Final = EntryKind.DISPOSED.value
_HANDED_OVER: Final = EntryKind.HANDED_OVER.value


class Replay:
    """One round, replayed from its entries. One entry at a time goes in; what is kept
    grows with the cases and what is filled in, not with the entries."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.cases = Cases()
        self._material = Material()
        self._extensions = Extensions()
        self._beside = Beside()
        self._links = Links()
        self._parts = (
            *(self.plan, self.cases, self._material),
            *(self._extensions, self._beside, self._links),
        )

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> str | None:
        """Follow the next entry; `payload` is None when it is gone, and what it told of is
        then not compared. Gives what is wrong with the entry, None when nothing is."""
        kind = entry["kind"]
        if kind in _MOVES:
            if entry["case_id"] is None:
                return "raden flyttar ett ärende men nämner inget"
            if kind == _OPENED:
                self.plan.take_opened(entry, payload)
            self._material.take(entry, payload)
            self._extensions.close(entry)
            self._links.take_move(entry, payload)
            return self.cases.take(entry, payload)
        if kind == _SIGNED:
            self._material.take(entry, payload)
            self.cases.take_signature(entry)
        elif kind in _FILLED_IN:
            self._material.take(entry, payload)
        elif kind in _BESIDE:
            self._beside.take(entry, payload)
        else:
            self.plan.take(entry, payload)
            self._links.take(entry, payload)
            if kind in _MOVED_DATES:
                self.cases.move_deadlines(entry, payload)
            elif kind in _EXTENSIONS:
                self._extensions.take(entry, payload)
                if kind == _EXTENDED:
                    self.cases.extend(entry, payload)
            elif kind == _DISPOSED:
                self._material.take_disposal(payload)
                self._beside.take_disposal(payload)
            elif kind == _HANDED_OVER:
                self.cases.hand_over(entry, payload)
        return None

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the round's tables differ: entry's number (0 for none), problem."""
        for part in self._parts:
            yield from part.compare(connection, round_id)

    def uncompared(self) -> Iterator[str]:
        """Give what of the tables can no longer be compared, in words."""
        for part in self._parts:
            yield from part.uncompared()
