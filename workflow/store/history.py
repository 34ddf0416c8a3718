"""What has happened in a round or with one case, newest first, as the log's entries tell it.

Read backwards from a place, a page at a time, by an index: what other rounds hold costs
nothing. `mailings` gives the mails of the same window.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, literal, or_, select
from sqlmodel import col

from workflow.core.days import write_instant
from workflow.core.facts import EntryKind
from workflow.store.database import one_of
from workflow.store.statements import Statement
from workflow.store.tables import Entry, EntryPayload

__all__ = ["NEWEST", "Line", "Span", "Step", "Window", "lines", "lines_onwards", "steps"]

NEWEST: Final = 2**31 - 1
"""The place behind everything that there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which of all that has happened is asked for."""

    cases: tuple[str, ...] | None
    """Of these cases; None for every case there is."""
    one: str | None = None
    """Of this case alone, which is then the only one of `cases`."""
    tasks: tuple[str, ...] = ()
    """With `one`: every task that it has had."""
    entries: tuple[str, ...]
    """Kinds of entries about a case."""
    loose: tuple[str, ...] = ()
    """Kinds of entries about no case."""
    mails: tuple[str, ...] = ()
    """Kinds of mails."""
    withdrawn: bool = False
    """Also mails that were taken back before they left."""
    reader: int = 0
    """Mail to this person is given whatever it is about."""
    persons: tuple[int, ...] | None = None
    """Only what these persons did, had done for them, or were sent; None for everybody."""
    since: datetime | None = None
    until: datetime | None = None
    """Before this instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry of the log."""

    chain: str
    number: int
    at: datetime
    kind: EntryKind
    case: str | None
    actor: int | None
    on_behalf_of: int | None
    via: str
    os_user: str | None
    transition: str | None
    from_state: str | None
    to_state: str | None
    payload: Mapping[str, Any] | None
    """None when it was disposed of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Entries of some kinds between two instants, the last not included."""

    since: datetime
    until: datetime
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A person's move of a case, or its return."""

    case: str
    number: int
    kind: EntryKind
    from_state: str | None
    to_state: str | None


# ---- statements ------------------------------------------------------------------------

_everything = bindparam("everything", type_=Integer())
_anybody = bindparam("anybody", type_=Integer())
_COLUMNS: Final = (
    col(Entry.chain),
    col(Entry.number),
    col(Entry.at),
    col(Entry.kind),
    col(Entry.case_id),
    col(Entry.actor),
    col(Entry.on_behalf_of),
    col(Entry.via),
    col(Entry.os_user),
    col(Entry.transition),
    col(Entry.from_state),
    col(Entry.to_state),
    col(EntryPayload.body),
)
_of_entry = and_(
    col(EntryPayload.chain) == col(Entry.chain), col(EntryPayload.number) == col(Entry.number)
)
_of_cases = one_of(col(Entry.case_id), "cases")


def _entries(where: ColumnElement[bool]) -> Statement:
    """Make the statement for a page of entries of a chain or of a case."""
    return Statement(
        select(*_COLUMNS)
        .outerjoin(EntryPayload, _of_entry)
        .where(
            where,
            col(Entry.number) < bindparam("before"),
            or_(
                and_(col(Entry.case_id).is_not(None), one_of(col(Entry.kind), "kinds")),
                and_(col(Entry.case_id).is_(None), one_of(col(Entry.kind), "loose")),
            ),
            or_(_everything == 1, col(Entry.case_id).is_(None), _of_cases),
            col(Entry.at) >= bindparam("since"),
            col(Entry.at) < bindparam("until"),
            or_(
                _anybody == 1,
                one_of(col(Entry.actor), "persons"),
                one_of(col(Entry.on_behalf_of), "persons"),
            ),
        )
        .order_by(col(Entry.number).desc())
        .limit(bindparam("most"))
    )


ENTRIES: Final = _entries(col(Entry.chain) == bindparam("chain"))
ENTRIES_OF_CASE: Final = _entries(col(Entry.case_id) == bindparam("one"))

ONWARDS: Final = Statement(
    select(*_COLUMNS)
    .outerjoin(EntryPayload, _of_entry)
    .where(
        col(Entry.chain) == bindparam("chain"),
        col(Entry.number) > bindparam("after"),
        one_of(col(Entry.kind), "kinds"),
        col(Entry.at) >= bindparam("since"),
        col(Entry.at) < bindparam("until"),
    )
    .order_by(col(Entry.number))
    .limit(bindparam("most"))
)
STEPS: Final = Statement(
    select(
        col(Entry.case_id),
        col(Entry.number),
        col(Entry.kind),
        col(Entry.from_state),
        col(Entry.to_state),
    )
    .where(
        one_of(col(Entry.case_id), "cases"),
        col(Entry.kind).in_(
            [literal(EntryKind.TRANSITION.value), literal(EntryKind.REOPENED.value)]
        ),
    )
    .order_by(col(Entry.case_id), col(Entry.number))
)


# ---- reading ---------------------------------------------------------------------------


def lines(connection: Connection, chain: str, window: Window, before: int, most: int) -> list[Line]:
    """Give at most so many entries with lower numbers than a place, newest first."""
    if not window.entries and not window.loose:
        return []
    given: dict[str, Any] = {
        "before": before,
        "most": most,
        "everything": int(window.cases is None),
        "cases": window.cases or (),
        "anybody": int(window.persons is None),
        "persons": window.persons or (),
    }
    given |= {"kinds": window.entries, "loose": window.loose}
    given |= {"since": write_instant(window.since) if window.since else ""}
    given |= {"until": write_instant(window.until) if window.until else "9999-12-31"}
    if window.one is None:
        rows = ENTRIES.all(connection, chain=chain, **given)
    else:
        rows = ENTRIES_OF_CASE.all(connection, one=window.one, **given)
    return [_line(row) for row in rows]


def lines_onwards(
    connection: Connection, chain: str, after: int, span: Span, most: int
) -> list[Line]:
    """Give at most so many entries with higher numbers than a place, oldest first."""
    since, until = write_instant(span.since), write_instant(span.until)
    given = {"chain": chain, "after": after, "kinds": span.kinds, "most": most}
    return [_line(r) for r in ONWARDS.all(connection, **given, since=since, until=until)]


def _line(row: Sequence[Any]) -> Line:
    return Line(
        chain=row[0],
        number=row[1],
        at=datetime.fromisoformat(row[2]),
        kind=EntryKind(row[3]),
        case=row[4],
        actor=row[5],
        on_behalf_of=row[6],
        via=row[7],
        os_user=row[8],
        transition=row[9],
        from_state=row[10],
        to_state=row[11],
        payload=None if row[12] is None else json.loads(row[12]),
    )


def steps(connection: Connection, cases: Iterable[str]) -> list[Step]:
    """Give every move of some cases that a person made, and every return, oldest first."""
    wanted = sorted(set(cases))
    return [
        Step(case=row[0], number=row[1], kind=EntryKind(row[2]), from_state=row[3], to_state=row[4])
        for row in (STEPS.all(connection, cases=wanted) if wanted else ())
    ]
