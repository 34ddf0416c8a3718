"""Files that belong to cases: their rows, and their bytes under the digest of the content.

Bytes that no case has any more are deleted. Two rounds may come by the same bytes in the
same instant, one putting and one taking: the row of the bytes is locked by both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Attachment, StoredFile

__all__ = [
    "Attached",
    "attached",
    "attached_one",
    "content_of",
    "delete_unused",
    "next_number",
    "put",
    "put_bytes",
    "take_away",
    "was_taken_away",
]

_COLUMNS: Final = (
    "case_id",
    "number",
    "name",
    "media_type",
    "size",
    "digest",
    "secrecy",
    "case_version",
    "put_at",
    "put_by",
    "on_behalf_of",
)
_this_case = col(Attachment.case_id) == bindparam("case")
_is_there = and_(col(Attachment.removed_at).is_(None), col(Attachment.digest).is_not(None))
_whole = select(*(col(getattr(Attachment, name)) for name in _COLUMNS))

LIST: Final = Statement(_whole.where(_this_case, _is_there).order_by(col(Attachment.number)))
ONE: Final = Statement(
    _whole.where(_this_case, col(Attachment.number) == bindparam("nr"), _is_there)
)
TAKEN: Final = Statement(
    select(col(Attachment.number)).where(
        _this_case,
        col(Attachment.number) == bindparam("nr"),
        col(Attachment.removed_at).is_not(None),
    )
)
LAST: Final = Statement(select(func.max(col(Attachment.number))).where(_this_case))
CONTENT: Final = Statement(
    select(col(StoredFile.content)).where(col(StoredFile.digest) == bindparam("key"))
)
INSERT: Final = Statement(insert(Attachment), columns=(*_COLUMNS, "removed_at"))
INSERT_BYTES: Final = Statement(
    postgresql_insert(StoredFile)
    .values(digest=bindparam("key"), content=bindparam("bytes"), put_at=bindparam("now"))
    .on_conflict_do_nothing()
)
LOCK_BYTES: Final = Statement(
    select(col(StoredFile.digest))
    .where(col(StoredFile.digest) == bindparam("key"))
    .with_for_update()
)
TAKE_AWAY: Final = Statement(
    update(Attachment)
    .where(_this_case, col(Attachment.number) == bindparam("nr"))
    .values(removed_at=bindparam("now"), digest=None)
)
DELETE_UNUSED: Final = Statement(
    delete(StoredFile).where(
        col(StoredFile.digest) == bindparam("key"),
        ~exists().where(col(Attachment.digest) == col(StoredFile.digest)),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that a case has."""

    case: str
    number: int
    name: str
    media_type: str
    size: int
    digest: str
    secrecy: str
    case_version: int
    """Of the case when it was put there."""
    put_at: datetime
    put_by: int
    on_behalf_of: int | None


def attached(connection: Connection, case_id: str) -> list[Attached]:
    """Give the files that a case has, in the order they came."""
    return [_attached(row) for row in LIST.all(connection, case=case_id)]


def attached_one(connection: Connection, case_id: str, number: int) -> Attached | None:
    """Give one of them; None when there is no such, or it was taken away or disposed of."""
    row = ONE.first(connection, case=case_id, nr=number)
    return _attached(row) if row else None


def content_of(connection: Connection, digest: str) -> bytes | None:
    """Give the bytes of a file."""
    row = CONTENT.first(connection, key=digest)
    return bytes(row[0]) if row else None


def was_taken_away(connection: Connection, case_id: str, number: int) -> bool:
    """Say whether a case had a file that was taken away."""
    return TAKEN.first(connection, case=case_id, nr=number) is not None


def next_number(connection: Connection, case_id: str) -> int:
    """Give the number of the next file of a case; none is used twice. The round is locked."""
    row = LAST.first(connection, case=case_id)
    return 1 + int(row[0] or 0) if row else 1


def put(connection: Connection, one: Attached) -> None:
    """Write the row of a file whose bytes are there. The round is locked."""
    row = {name: getattr(one, name) for name in _COLUMNS if name != "case_id"}
    INSERT.many(connection, [{**row, "case_id": one.case, "removed_at": None}])


def put_bytes(connection: Connection, digest: str, content: bytes, at: datetime) -> None:
    """Put bytes unless they are there, and hold them until the transaction ends."""
    while True:
        INSERT_BYTES.run(connection, key=digest, bytes=content, now=at)
        if LOCK_BYTES.first(connection, key=digest):  # nobody has deleted them meanwhile
            return


def take_away(connection: Connection, case_id: str, number: int, at: datetime) -> None:
    """Take a file from a case. The round is locked."""
    TAKE_AWAY.run(connection, case=case_id, nr=number, now=at)


def delete_unused(connection: Connection, digests: Iterable[str]) -> int:
    """Delete those of some bytes that no case has any more; gives how many."""
    gone = 0
    for digest in sorted(set(digests)):
        if LOCK_BYTES.first(connection, key=digest):  # who puts them has them or waits
            gone += DELETE_UNUSED.run(connection, key=digest)
    return gone


def _attached(row: Sequence[Any]) -> Attached:
    named = dict(zip(_COLUMNS, row, strict=True))
    return Attached(case=named.pop("case_id"), **named)
