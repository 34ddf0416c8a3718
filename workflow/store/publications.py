"""Lists that were released to everybody: put, read and withdrawn, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update
from sqlmodel import col

from workflow.store.statements import Statement
from workflow.store.tables import Publication

__all__ = ["Release", "newest", "of_list", "put", "read", "withdraw"]

_COLUMNS: Final = (
    "id",
    "round_id",
    "case_id",
    "table_key",
    "entry",
    "released_at",
    "released_by",
    "content",
    "withdrawn_at",
)
_all = select(*(col(getattr(Publication, name)) for name in _COLUMNS))

ONE: Final = Statement(_all.where(col(Publication.id) == bindparam("publication")))
OF_LIST: Final = Statement(
    _all.where(
        col(Publication.case_id) == bindparam("case"),
        col(Publication.table_key) == bindparam("table"),
    ).order_by(col(Publication.entry).desc())
)
_last = (
    select(
        col(Publication.case_id).label("case_id"),
        col(Publication.table_key).label("table_key"),
        func.max(col(Publication.entry)).label("entry"),
    )
    .where(col(Publication.withdrawn_at).is_(None), col(Publication.content) != "")
    .group_by(col(Publication.case_id), col(Publication.table_key))
    .subquery()
)
NEWEST: Final = Statement(
    _all.join(
        _last,
        and_(
            col(Publication.case_id) == _last.c.case_id,
            col(Publication.table_key) == _last.c.table_key,
            col(Publication.entry) == _last.c.entry,
        ),
    ).order_by(col(Publication.released_at).desc(), col(Publication.id))
)
INSERT: Final = Statement(insert(Publication), columns=_COLUMNS)
WITHDRAW: Final = Statement(
    update(Publication)
    .where(col(Publication.id) == bindparam("publication"), col(Publication.withdrawn_at).is_(None))
    .values(withdrawn_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A list as it was released."""

    id: str
    """What stands in its address."""
    round_id: str
    case_id: str
    table_key: str
    entry: int
    released_at: datetime
    released_by: int
    content: str
    """Canonical JSON; empty when it was disposed of."""
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may read it."""
        return self.withdrawn_at is None and self.content != ""


def read(connection: Connection, publication: str) -> Release | None:
    """Give a release; None for one that there is not."""
    row = ONE.first(connection, publication=publication)
    return _release(row) if row else None


def of_list(connection: Connection, case: str, table: str) -> list[Release]:
    """Give all releases of a list, newest first; the withdrawn among them."""
    return [_release(row) for row in OF_LIST.all(connection, case=case, table=table)]


def newest(connection: Connection) -> list[Release]:
    """Give the newest release of each list that everybody may read, newest first."""
    return [_release(row) for row in NEWEST.all(connection)]


def put(connection: Connection, made: Release) -> None:
    """Keep a release. The round is locked."""
    INSERT.many(connection, [{name: getattr(made, name) for name in _COLUMNS}])


def withdraw(connection: Connection, publication: str, now: datetime) -> bool:
    """Close a release to everybody; False when it was closed already. The round is locked."""
    return WITHDRAW.run(connection, publication=publication, now=now) == 1


def _release(row: Sequence[Any]) -> Release:
    return Release(**dict(zip(_COLUMNS, row, strict=True)))
