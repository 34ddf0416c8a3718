"""Released lists as the log tells them: by whom, when, and by the digest of every byte."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import GONE, differences, kinds_disposed, readable
from workflow.store.statements import Statement
from workflow.store.tables import Publication

__all__ = ["KINDS", "Publications"]

_RELEASED: Final = EntryKind.RELEASED.value
KINDS: Final = frozenset({_RELEASED, EntryKind.RELEASE_WITHDRAWN.value})
_COLUMNS: Final = (
    "case_id",
    "table_key",
    "entry",
    "released_at",
    "released_by",
    "content",
    "withdrawn_at",
)
_load = Statement(
    select(col(Publication.id), *(col(getattr(Publication, name)) for name in _COLUMNS))
    .where(col(Publication.round_id) == bindparam("round_id"))
    .order_by(col(Publication.id))
)


class Publications:
    """What the entries tell so far of lists that were released."""

    def __init__(self) -> None:
        self._told: dict[str, dict[str, object]] = {}
        self._lost: set[str] = set()
        """Cases with a payload that is gone and told of one."""
        self._disposed = False
        """The contents were disposed of."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a release, or that it was withdrawn."""
        if payload is None:
            self._lost.add(entry["case_id"])
        elif entry["kind"] == _RELEASED:
            self._told[str(payload.get("publication"))] = {
                "case_id": entry["case_id"],
                "table_key": payload.get("table"),
                "entry": entry["number"],
                "released_at": entry["at"],
                "released_by": entry["actor"],
                "content": payload.get("digest"),
                "withdrawn_at": None,
            }
        else:
            told = self._told.get(str(payload.get("publication")))
            if told is not None:
                told["withdrawn_at"] = entry["at"]

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal, which may have taken the contents."""
        self._disposed = self._disposed or "publications" in kinds_disposed(payload)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield f"frisläppta listor i {len(self._lost)} ärenden"
        elif self._disposed:
            yield "de frisläppta listornas innehåll"

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: entry's number (0 for none), problem."""
        yield from readable("de frisläppta listorna", self._compare(connection, round_id))

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        missing = {
            key: told for key, told in self._told.items() if told["case_id"] not in self._lost
        }
        for key, *values in _load.all(connection, round_id=round_id):
            stored = dict(zip(_COLUMNS, values, strict=True))
            stored["content"] = sha256(str(stored["content"]).encode()).hexdigest()
            told = missing.pop(key, None)
            if told is not None:
                gone = {"content": GONE} if self._disposed else {}
                for problem in differences(told | gone, stored):
                    yield 0, f"den frisläppta listan {key}: {problem}"
            elif stored["case_id"] not in self._lost:
                yield 0, f"den frisläppta listan {key} finns inte i loggen"
        for key in missing:
            yield 0, f"den frisläppta listan {key} står i loggen men finns inte"
