"""The one row about the database itself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, DateTime, bindparam, func, insert, select, update
from sqlmodel import col

from workflow.core.errors import SchemaError
from workflow.store.log import GENESIS
from workflow.store.statements import Statement
from workflow.store.tables import FIRST_DAY, Entry, Installation

__all__ = [
    "REHEARSAL_BEGINS",
    "InstallationFact",
    "hold_mail",
    "insert_installation",
    "last_entry_at",
    "let_mail_go",
    "load_installation",
    "mark_swept",
    "put_clock",
    "server_clock",
    "stored_clock",
]

REHEARSAL_BEGINS: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Where the clock of a rehearsal stands until it is put: before any round one would play."""

LOAD: Final = Statement(
    select(
        col(Installation.name),
        col(Installation.rehearsal),
        col(Installation.clock_at),
        col(Installation.swept_on),
    )
)
INSERT: Final = Statement(
    insert(Installation),
    columns=("id", "name", "rehearsal", "clock_at", "swept_on", "chain_length", "chain_head"),
)
SERVER_CLOCK: Final = Statement(select(func.clock_timestamp(type_=DateTime(timezone=True))))
CLOCK: Final = Statement(update(Installation).values(clock_at=bindparam("at")))
HOLD_MAIL: Final = Statement(update(Installation).values(mail_held_at=bindparam("at")))
LET_MAIL_GO: Final = Statement(update(Installation).values(mail_held_at=None))
SWEPT: Final = Statement(update(Installation).values(swept_on=bindparam("day")))
LAST: Final = Statement(select(func.max(col(Entry.at))))


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationFact:
    """What the database is."""

    name: str
    rehearsal: bool
    clock_at: datetime
    """Where a rehearsal's clock stands."""
    swept_on: date


def load_installation(connection: Connection) -> InstallationFact:
    """Give the installation's row.

    Raises: SchemaError when it is not there.
    """
    row = LOAD.first(connection)
    if row is None:
        raise SchemaError(
            "Databasen är inte färdig. Kör `beredning init`.",
            "The database is not finished. Run `beredning init`.",
        )
    return InstallationFact(
        name=row[0], rehearsal=row[1], clock_at=row[2] or REHEARSAL_BEGINS, swept_on=row[3]
    )


def insert_installation(connection: Connection, name: str, *, rehearsal: bool) -> bool:
    """Write the installation's row; False when it is there already."""
    if LOAD.first(connection) is not None:
        return False
    row = {
        "id": 1,
        "name": name,
        "rehearsal": rehearsal,
        "clock_at": None,
        "swept_on": FIRST_DAY,
        "chain_length": 0,
        "chain_head": GENESIS,
    }
    INSERT.many(connection, [row])
    return True


def stored_clock(connection: Connection) -> datetime:
    """Give where the clock of a rehearsal stands."""
    return load_installation(connection).clock_at


def server_clock(connection: Connection) -> datetime:
    """Give the time by the database server's own clock, aware and in UTC; PostgreSQL only."""
    now: datetime = SERVER_CLOCK.all(connection)[0][0]
    return now.astimezone(UTC)


def put_clock(connection: Connection, at: datetime) -> None:
    """Put the clock of a rehearsal."""
    CLOCK.run(connection, at=at)


def hold_mail(connection: Connection, at: datetime) -> None:
    """Say that no mail leaves from now on."""
    HOLD_MAIL.run(connection, at=at)


def let_mail_go(connection: Connection) -> None:
    """Say that mail may leave that was held after a restore."""
    LET_MAIL_GO.run(connection)


def mark_swept(connection: Connection, day: date) -> None:
    """Say that open tasks have been searched for missing holders on a day."""
    SWEPT.run(connection, day=day)


def last_entry_at(connection: Connection) -> datetime | None:
    """Give the instant of the last entry of any chain."""
    row = LAST.first(connection)
    return datetime.fromisoformat(row[0]) if row and row[0] else None
