"""The mails of a round or of one case, newest first, with each try to deliver them.

Of a window that `history` gives the entries of. A reminder mail may tell of several
rounds: it is found by its reminders, and only those of the round are told of.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col

from workflow.store.database import one_of
from workflow.store.history import Window
from workflow.store.statements import Statement
from workflow.store.tables import DeliveryAttempt, Message, Reminder, Task

__all__ = ["Mail", "Rung", "Try", "heads", "mails", "waiting"]

_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)
_FAR_AWAY: Final = datetime(9999, 12, 31, tzinfo=UTC)
_HEAD: Final = 16_384
"""Bytes of a mail in which its header stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One reminder that went out with a mail."""

    subject: str
    """The task's id, or the milestone's key."""
    case: str | None
    recipient: str
    rung: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to hand a mail over."""

    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail, and what came of it."""

    id: int
    chain: str
    """The round that it is read for."""
    message_id: str
    at: datetime
    """When it was put."""
    kind: str
    case: str | None
    person: int | None
    to_address: str | None
    state: str
    next_try_at: datetime
    rungs: tuple[Rung, ...] = ()
    """Of a reminder mail: what of it belongs here."""
    tries: tuple[Try, ...] = ()


_everything = bindparam("everything", type_=Integer())
_withdrawn = bindparam("withdrawn", type_=Integer())
_anybody = bindparam("anybody", type_=Integer())
_reader = bindparam("reader", type_=Integer())


def _visible(case: Mapped[Any], to: Mapped[Any]) -> ColumnElement[bool]:
    """Say that something is of a case that is seen, or goes to the one who reads."""
    return or_(_everything == 1, one_of(case, "cases"), to == _reader)


_MAIL: Final = (
    col(Message.message_id),
    col(Message.put_at),
    col(Message.kind),
    col(Message.case_id),
    col(Message.person_id),
    col(Message.to_address),
    col(Message.state),
    col(Message.next_try_at),
)


def _page(found: Select[*tuple[Any, ...]], key: Mapped[Any]) -> Statement:
    """Make the statement for a page of mails, by falling number."""
    return Statement(
        found.where(
            one_of(col(Message.kind), "kinds"),
            or_(_withdrawn == 1, col(Message.state) != literal("withdrawn")),
            col(Message.put_at) >= bindparam("since"),
            col(Message.put_at) < bindparam("until"),
            or_(_anybody == 1, one_of(col(Message.person_id), "persons")),
        )
        .order_by(key.desc())
        .limit(bindparam("most"))
    )


def _letters(where: ColumnElement[bool]) -> Statement:
    return _page(
        select(col(Message.id), *_MAIL).where(
            where,
            col(Message.id) < bindparam("before"),
            _visible(col(Message.case_id), col(Message.person_id)),
        ),
        col(Message.id),
    )


def _digests(where: ColumnElement[bool]) -> Statement:
    # What a reminder mail tells of other rounds is none of this one's business: it is
    # found by its reminders, and only those of this round are told of.
    return _page(
        select(col(Reminder.message_id), *_MAIL)
        .distinct()
        .select_from(Reminder)
        .join(Message, col(Message.id) == col(Reminder.message_id))
        .join(Task, col(Task.id) == col(Reminder.task_id), isouter=True)
        .where(
            where,
            col(Reminder.message_id) < bindparam("before"),
            _visible(col(Task.case_id), col(Reminder.person_id)),
        ),
        col(Reminder.message_id),
    )


LETTERS: Final = _letters(col(Message.round_id) == bindparam("chain"))
LETTERS_OF_CASE: Final = _letters(col(Message.case_id) == bindparam("one"))
DIGESTS: Final = _digests(col(Reminder.round_id) == bindparam("chain"))
DIGESTS_OF_CASE: Final = _digests(one_of(col(Reminder.task_id), "tasks"))
RUNGS: Final = Statement(
    select(
        col(Reminder.message_id),
        col(Reminder.subject),
        col(Task.case_id),
        col(Reminder.recipient),
        col(Reminder.rung),
        col(Reminder.due_at),
    )
    .join(Task, col(Task.id) == col(Reminder.task_id), isouter=True)
    .where(
        one_of(col(Reminder.message_id), "ids"),
        col(Reminder.round_id) == bindparam("chain"),
        _visible(col(Task.case_id), col(Reminder.person_id)),
    )
    .order_by(col(Reminder.due_at), col(Reminder.id))
)
TRIES: Final = Statement(
    select(
        col(DeliveryAttempt.message_id),
        col(DeliveryAttempt.at),
        col(DeliveryAttempt.outcome),
        col(DeliveryAttempt.answer),
    )
    .where(one_of(col(DeliveryAttempt.message_id), "ids"))
    .order_by(col(DeliveryAttempt.message_id), col(DeliveryAttempt.number))
)
WAITING: Final = Statement(
    select(
        col(Reminder.subject),
        col(Reminder.recipient),
        col(Reminder.rung),
        col(Reminder.due_at),
        col(Reminder.person_id),
        col(Task.case_id),
    )
    .join(Task, col(Task.id) == col(Reminder.task_id), isouter=True)
    .where(
        col(Reminder.round_id) == bindparam("chain"),
        col(Reminder.message_id).is_(None),
        col(Reminder.dropped_at).is_(None),
        or_(
            col(Reminder.task_id).is_(None),
            (col(Task.closed_at).is_(None)) & (col(Task.due_at) == col(Reminder.due_at)),
        ),
    )
    .order_by(col(Reminder.id))
)
HEADS: Final = Statement(
    select(col(Message.id), func.substr(col(Message.body), 1, _HEAD, type_=LargeBinary())).where(
        one_of(col(Message.id), "ids"), col(Message.body).is_not(None)
    )
)
# ---- reading ---------------------------------------------------------------------------


def mails(connection: Connection, chain: str, window: Window, before: int, most: int) -> list[Mail]:
    """Give at most so many mails with lower numbers than a place, newest first."""
    if not window.mails:
        return []
    given = _given(window, before, most)
    given |= {"reader": window.reader, "withdrawn": int(window.withdrawn), "kinds": window.mails}
    given |= {"since": window.since or _LONG_AGO, "until": window.until or _FAR_AWAY}
    if window.one is None:
        rows = LETTERS.all(connection, chain=chain, **given)
        digests = DIGESTS.all(connection, chain=chain, **given)
    else:
        rows = LETTERS_OF_CASE.all(connection, one=window.one, **given)
        digests = DIGESTS_OF_CASE.all(connection, tasks=window.tasks, **given)
    both = {row[0]: row for row in (*rows, *digests)}  # what was sent by hand is of both kinds
    found = [both[key] for key in sorted(both, reverse=True)][:most]
    told = _rungs(connection, chain, window, {row[0] for row in digests})
    tries = _tries(connection, [row[0] for row in found])
    return [
        replace(
            _mail(chain, row), rungs=tuple(told.get(row[0], ())), tries=tuple(tries.get(row[0], ()))
        )
        for row in found
    ]


def _given(window: Window, before: int, most: int) -> dict[str, Any]:
    return {
        "before": before,
        "most": most,
        "everything": int(window.cases is None),
        "cases": window.cases or (),
        "anybody": int(window.persons is None),
        "persons": window.persons or (),
    }


def _mail(chain: str, row: Sequence[Any]) -> Mail:
    return Mail(
        id=row[0],
        chain=chain,
        message_id=row[1],
        at=row[2],
        kind=row[3],
        case=row[4],
        person=row[5],
        to_address=row[6],
        state=row[7],
        next_try_at=row[8],
    )


def _rungs(
    connection: Connection, chain: str, window: Window, ids: Collection[int]
) -> dict[int, list[Rung]]:
    found: dict[int, list[Rung]] = {}
    if not ids:
        return found
    rows = RUNGS.all(
        connection,
        chain=chain,
        ids=sorted(ids),
        everything=int(window.cases is None),
        cases=window.cases or (),
        reader=0 if window.one else window.reader,
    )
    for key, subject, case, recipient, rung, due_at in rows:
        if window.one in (None, case):
            one = Rung(subject=subject, case=case, recipient=recipient, rung=rung, due_at=due_at)
            found.setdefault(key, []).append(one)
    return found


def _tries(connection: Connection, ids: Sequence[int]) -> dict[int, list[Try]]:
    found: dict[int, list[Try]] = {}
    for key, at, outcome, answer in TRIES.all(connection, ids=ids) if ids else ():
        found.setdefault(key, []).append(Try(at=at, outcome=outcome, answer=answer))
    return found


def waiting(connection: Connection, chain: str) -> list[tuple[int, Rung]]:
    """Give a round's reminders that go with the next mail, each with who gets it."""
    return [
        (row[4], Rung(subject=row[0], case=row[5], recipient=row[1], rung=row[2], due_at=row[3]))
        for row in WAITING.all(connection, chain=chain)
    ]


def heads(connection: Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """Give the beginning of written mails, by id; one that was never written is left out."""
    return {row[0]: bytes(row[1]) for row in HEADS.all(connection, ids=list(ids))}
