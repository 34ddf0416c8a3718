"""Comments beside a case: written and read, never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Comment

__all__ = ["Written", "last_written", "put", "written", "written_some"]

_COLUMNS: Final = ("number", "at", "written_by", "on_behalf_of", "text")
_of_case = select(*(col(getattr(Comment, name)) for name in _COLUMNS)).where(
    col(Comment.case_id) == bindparam("case")
)

LIST: Final = Statement(_of_case.order_by(col(Comment.number)))
SOME: Final = Statement(
    _of_case.where(one_of(col(Comment.number), "numbers")).order_by(col(Comment.number))
)
LAST: Final = Statement(_of_case.order_by(col(Comment.number).desc()).limit(1))
INSERT: Final = Statement(insert(Comment), columns=("case_id", *_COLUMNS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote beside a case."""

    number: int
    at: datetime
    written_by: int
    on_behalf_of: int | None
    text: str


def written(connection: Connection, case_id: str) -> list[Written]:
    """Give the comments of a case, oldest first."""
    return [_written(row) for row in LIST.all(connection, case=case_id)]


def written_some(connection: Connection, case_id: str, numbers: Collection[int]) -> list[Written]:
    """Give some of them by number, oldest first."""
    return [_written(row) for row in SOME.all(connection, case=case_id, numbers=list(numbers))]


def last_written(connection: Connection, case_id: str) -> Written | None:
    """Give the latest comment of a case; None when there is none."""
    row = LAST.first(connection, case=case_id)
    return _written(row) if row else None


def put(connection: Connection, case_id: str, one: Written) -> None:
    """Write a comment. The round is locked."""
    INSERT.many(connection, [{"case_id": case_id} | {n: getattr(one, n) for n in _COLUMNS}])


def _written(row: Sequence[Any]) -> Written:
    return Written(**dict(zip(_COLUMNS, row, strict=True)))
