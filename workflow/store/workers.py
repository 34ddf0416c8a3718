"""The rows of the processes that tick and deliver, and what tells how they fare."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update
from sqlmodel import col

from workflow.core.facts import EntryKind, Via
from workflow.store.database import one_of
from workflow.store.log import INSTALLATION
from workflow.store.outbox import QUEUED
from workflow.store.statements import Statement
from workflow.store.tables import Entry, Installation, Message, Worker

__all__ = [
    "SILENT",
    "MailWaiting",
    "WorkerFact",
    "beat",
    "last_checkpoint",
    "list_workers",
    "lock_workers",
    "mail_waiting",
    "put_worker",
    "stop",
    "take_away",
    "ticked",
]

SILENT: Final = timedelta(minutes=2)
"""How long a worker may be silent: eight beats."""

WORKERS: Final = select(
    col(Worker.name),
    col(Worker.started_at),
    col(Worker.seen_at),
    col(Worker.ticked_at),
    col(Worker.stopped_at),
).order_by(col(Worker.name))
LIST: Final = Statement(WORKERS)
LOCK: Final = Statement(WORKERS.with_for_update())
INSERT: Final = Statement(
    insert(Worker), columns=("name", "started_at", "seen_at", "ticked_at", "stopped_at")
)
BEAT: Final = Statement(
    update(Worker)
    .where(col(Worker.name) == bindparam("who"))
    .values(seen_at=bindparam("now"), stopped_at=None)
)
TICKED: Final = Statement(
    update(Worker).where(col(Worker.name) == bindparam("who")).values(ticked_at=bindparam("now"))
)
STOP: Final = Statement(
    update(Worker)
    .where(col(Worker.name) == bindparam("who"))
    .values(seen_at=bindparam("now"), stopped_at=bindparam("now"))
)
TAKE_AWAY: Final = Statement(delete(Worker).where(one_of(col(Worker.name), "names")))
MAIL: Final = Statement(
    select(
        func.count(),
        func.min(col(Message.put_at)),
        func.min(col(Message.next_try_at)),
        select(func.max(col(Installation.mail_held_at))).scalar_subquery(),
    ).where(col(Message.state) == QUEUED)
)
CHECKPOINT: Final = Statement(
    select(col(Entry.at))
    .where(
        col(Entry.chain) == INSTALLATION,
        col(Entry.kind) == literal(EntryKind.CHECKPOINT.value),
        col(Entry.via) == literal(Via.WORKER.value),
    )
    .order_by(col(Entry.number).desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFact:
    """A process that ticks and delivers, as it last told of itself."""

    name: str
    """Machine, process number and the instant it began."""
    started_at: datetime
    seen_at: datetime
    ticked_at: datetime | None
    stopped_at: datetime | None

    def is_cut_off(self, now: datetime) -> bool:
        """Say whether it has been silent for too long without having ended."""
        return self.stopped_at is None and self.seen_at < now - SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWaiting:
    """What stands in the outbox."""

    count: int
    put_at: datetime | None
    """Of the oldest."""
    next_try_at: datetime | None
    """The earliest."""
    held_at: datetime | None
    """Since when no mail leaves, after a restore."""


def put_worker(connection: Connection, name: str, now: datetime) -> None:
    """Write the row of a worker that begins."""
    row = {"name": name, "started_at": now, "seen_at": now, "ticked_at": None, "stopped_at": None}
    INSERT.many(connection, [row])


def beat(connection: Connection, name: str, now: datetime) -> bool:
    """Say that a worker lives; False when its row has been taken away."""
    return BEAT.run(connection, who=name, now=now) == 1


def ticked(connection: Connection, name: str, now: datetime) -> None:
    """Say that a worker has finished a tick."""
    TICKED.run(connection, who=name, now=now)


def stop(connection: Connection, name: str, now: datetime) -> None:
    """Say that a worker ends in order."""
    STOP.run(connection, who=name, now=now)


def take_away(connection: Connection, names: list[str]) -> None:
    """Delete the rows of workers that are no more."""
    if names:
        TAKE_AWAY.run(connection, names=names)


def list_workers(connection: Connection) -> list[WorkerFact]:
    """Give all workers, by name; those that ended too."""
    return _facts(LIST, connection)


def lock_workers(connection: Connection) -> list[WorkerFact]:
    """Give all workers, by name, and keep others from judging them meanwhile."""
    return _facts(LOCK, connection)


def _facts(statement: Statement, connection: Connection) -> list[WorkerFact]:
    names = ("name", "started_at", "seen_at", "ticked_at", "stopped_at")
    return [WorkerFact(**dict(zip(names, row, strict=True))) for row in statement.all(connection)]


def mail_waiting(connection: Connection) -> MailWaiting:
    """Give how many mails have not left, and since when."""
    row = MAIL.first(connection)
    count, put_at, next_try_at, held_at = row or (0, None, None, None)
    return MailWaiting(count=count, put_at=put_at, next_try_at=next_try_at, held_at=held_at)


def last_checkpoint(connection: Connection) -> datetime | None:
    """Give when a worker last took the day's checkpoint; None when none has."""
    row = CHECKPOINT.first(connection)
    return datetime.fromisoformat(row[0]) if row else None
