"""Attached files as the log tells them, down to their last byte.

The log tells each file's digest; the bytes that are kept are hashed and held to it. One
file at a time is in memory.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, bindparam, exists, select
from sqlmodel import col

from workflow.store.files import content_of
from workflow.store.proof.told import GONE, differences, kinds_disposed, readable
from workflow.store.statements import Statement
from workflow.store.tables import Attachment, Case, StoredFile

__all__ = ["Files", "unused"]

_TOLD: Final = ("name", "media_type", "size", "digest", "secrecy", "case_version")
"""As they stand in the payload."""
_COLUMNS: Final = (*_TOLD, "put_at", "put_by", "on_behalf_of", "removed_at")
_DISPOSED: Final[Mapping[str, object]] = {"name": GONE, "digest": GONE, "secrecy": GONE}

_load = Statement(
    select(
        col(Attachment.case_id),
        col(Attachment.number),
        *(col(getattr(Attachment, name)) for name in _COLUMNS),
    )
    .join(Case, col(Case.id) == col(Attachment.case_id))
    .where(col(Case.round_id) == bindparam("round_id"))
    .order_by(col(Attachment.case_id), col(Attachment.number))
)
_load_unused = Statement(
    select(col(StoredFile.digest))
    .where(~exists().where(col(Attachment.digest) == col(StoredFile.digest)))
    .order_by(col(StoredFile.digest))
)


class Files:
    """What the entries tell so far of the files of a round's cases."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, object], dict[str, object]] = {}
        self._lost: set[str] = set()
        """Cases with a payload that is gone and told of one."""
        self._disposed = False
        """The files were disposed of."""

    def attach(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about a file that was attached."""
        if payload is None:
            self._lost.add(entry["case_id"])
            return
        self._told[entry["case_id"], payload.get("number")] = {
            **{name: payload.get(name) for name in _TOLD},
            "put_at": entry["at"],
            "put_by": entry["actor"],
            "on_behalf_of": entry["on_behalf_of"],
            "removed_at": None,
        }

    def detach(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about a file that was taken away, and its bytes with it."""
        if payload is None:
            self._lost.add(entry["case_id"])
            return
        told = self._told.get((entry["case_id"], payload.get("number")))
        if told is not None:
            told |= {"removed_at": entry["at"], "digest": None}

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal, which may have taken names and bytes."""
        self._disposed = self._disposed or "files" in kinds_disposed(payload)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield f"bifogade filer i {len(self._lost)} ärenden"
        elif self._disposed:
            yield "de bifogade filernas namn och innehåll"

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ: entry's number (0 for none), problem."""
        yield from readable("de bifogade filerna", self._compare(connection, round_id))

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        missing = {key: told for key, told in self._told.items() if key[0] not in self._lost}
        kept: dict[object, str] = {}
        for case_id, number, *values in _load.all(connection, round_id=round_id):
            name = f"ärendet {case_id}: fil {number}"
            stored = dict(zip(_COLUMNS, values, strict=True))
            told = missing.pop((case_id, number), None)
            if told is not None:
                said = {**told, **(_DISPOSED if self._disposed else {})}
                for problem in differences(said, stored):
                    yield 0, f"{name}: {problem}"
            elif case_id not in self._lost:
                yield 0, f"{name} finns inte i loggen"
            if stored["digest"] is not None:
                kept.setdefault(stored["digest"], name)
        for case_id, number in missing:
            yield 0, f"ärendet {case_id}: fil {number} står i loggen men finns inte"
        for digest, name in kept.items():
            problem = _problem_with(content_of(connection, str(digest)), digest)
            if problem:
                yield 0, f"{name}: {problem}"


def unused(connection: Connection) -> list[str]:
    """Give the digests of the bytes that belong to no case."""
    return [row[0] for row in _load_unused.all(connection)]


def _problem_with(content: bytes | None, digest: object) -> str:
    if content is None:
        return "innehållet saknas"
    if sha256(content).hexdigest() != digest:
        return "innehållet är inte det som loggen berättar om: hashen stämmer inte"
    return ""
