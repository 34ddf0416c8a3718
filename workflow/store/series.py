"""The series of cases that come again: kept, and found when the next one is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import col

from workflow.core.facts import SeriesFact
from workflow.store.statements import Statement
from workflow.store.tables import Series

__all__ = ["due_series", "save_series", "series_of", "series_of_round"]

_COLUMNS: Final = (
    col(Series.case_id),
    col(Series.kind),
    col(Series.since_on),
    col(Series.occasion),
    col(Series.next_at),
)
OF_CASE: Final = Statement(
    select(*_COLUMNS).where(col(Series.case_id) == bindparam("case_id")).order_by(col(Series.kind))
)
OF_ROUND: Final = Statement(
    select(*_COLUMNS)
    .where(col(Series.round_id) == bindparam("round_id"))
    .order_by(col(Series.case_id), col(Series.kind))
)
DUE: Final = Statement(
    select(*_COLUMNS)
    .where(
        col(Series.round_id) == bindparam("round_id"),
        col(Series.next_at).is_not(None),
        col(Series.next_at) <= bindparam("now"),
    )
    .order_by(col(Series.next_at), col(Series.case_id), col(Series.kind))
    .limit(1)
)
KEEP: Final = Statement(
    update(Series)
    .where(col(Series.case_id) == bindparam("case"), col(Series.kind) == bindparam("of"))
    .values(since_on=bindparam("since"), occasion=bindparam("last"), next_at=bindparam("next"))
)
BEGIN: Final = Statement(
    insert(Series), columns=("case_id", "kind", "round_id", "since_on", "occasion", "next_at")
)


def series_of(connection: Connection, case_id: str) -> Sequence[SeriesFact]:
    """Give the series that a case has begun, by their kind."""
    return [_fact(row) for row in OF_CASE.all(connection, case_id=case_id)]


def series_of_round(connection: Connection, round_id: str) -> Sequence[SeriesFact]:
    """Give every series of a round, by case and kind."""
    return [_fact(row) for row in OF_ROUND.all(connection, round_id=round_id)]


def due_series(connection: Connection, round_id: str, now: datetime) -> SeriesFact | None:
    """Give the series of a round whose next case is due first; None when none is."""
    row = DUE.first(connection, round_id=round_id, now=now)
    return _fact(row) if row else None


def save_series(connection: Connection, round_id: str, series: Iterable[SeriesFact]) -> None:
    """Write what series have come to; begin those that are new."""
    for one in series:
        known = KEEP.run(
            connection,
            case=one.case,
            of=one.kind,
            since=one.since,
            last=one.occasion,
            next=one.next_at,
        )
        if not known:
            row = {
                "case_id": one.case,
                "kind": one.kind,
                "round_id": round_id,
                "since_on": one.since,
                "occasion": one.occasion,
                "next_at": one.next_at,
            }
            BEGIN.many(connection, [row])


def _fact(row: Sequence[Any]) -> SeriesFact:
    return SeriesFact(case=row[0], kind=row[1], since=row[2], occasion=row[3], next_at=row[4])
