"""Copies of a database's file: made while it is in use, looked through, put in place.

Only for SQLite. A server's database is copied with `pg_dump`, which is better at it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlmodel import col

from workflow.core.errors import BadInput, StoreError
from workflow.store.database import Database
from workflow.store.dialects import fault_of
from workflow.store.faults import Fault, make_error
from workflow.store.schema import check_foreign_keys
from workflow.store.statements import Statement
from workflow.store.tables import Entry, Installation, Message, Round, Worker

__all__ = [
    "Contents",
    "check_whole",
    "contents",
    "copied",
    "demand_room",
    "give_back_claims",
    "hold_mail",
    "nothing_at",
    "put_in_place",
    "size",
]

SIDES: Final = ("-wal", "-shm", "-journal")
"""What SQLite lays beside a database that is in use."""
MAGIC: Final = b"SQLite format 3\0"

HOLD: Final = Statement(update(Installation).values(mail_held_at=bindparam("at")))
GIVE_BACK: Final = Statement(
    update(Message).where(col(Message.claimed_until).is_not(None)).values(claimed_until=None)
)
END_WORKERS: Final = Statement(
    update(Worker).where(col(Worker.stopped_at).is_(None)).values(stopped_at=bindparam("at"))
)
QUEUED: Final = Statement(select(func.count()).where(col(Message.state) == "queued"))
ROUNDS: Final = Statement(select(func.count(col(Round.id))))
ENTRIES: Final = Statement(select(func.count(col(Entry.number)), func.max(col(Entry.at))))


class Contents(NamedTuple):
    """What there is in a database."""

    rounds: int
    entries: int
    last_at: datetime | None
    """Of the log's last entry."""
    waiting: int
    """Mails that have not left."""


def size(file: Path) -> int:
    """Give how many bytes a database has, with what is not yet moved into its file."""
    there = [file, *(_beside(file, side) for side in SIDES)]
    return sum(one.stat().st_size for one in there if one.exists())


def nothing_at(file: Path) -> None:
    """See that a database can be put at a place.

    Raises: BadInput when something is there, or lies beside it and would be taken for its.
    """
    for one in (file, *(_beside(file, side) for side in SIDES)):
        if one.exists() or one.is_symlink():
            raise BadInput(
                f"{one} finns redan. Välj ett ställe där inget finns, eller flytta undan den.",
                f"{one} exists. Choose a place where nothing is, or move it away.",
            )


@contextmanager
def copied(source: Path, target: Path, *, spare: int = 0) -> Iterator[Database]:
    """Copy an SQLite database as it is at one instant; those who write do not wait.

    The copy is open for looking through, and gets its name when that has gone well. It is
    on the disk then, and its owner's alone to read. What had been removed from the
    database is not in it. `spare` is how many bytes must be free besides.

    Raises: BadInput when something is at the target; StoreError when there is no room, or
        the database is damaged.
    """
    nothing_at(target)
    demand_room(target, size(source) + spare)
    with _unfinished(target) as part:
        with _in_words(source), closing(_connect(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        yield from _open(part, str(target))


@contextmanager
def put_in_place(source: Path, target: Path) -> Iterator[Database]:
    """Copy a backup to where a database is to be, and open it for what is left to do; it
    gets its name when that has gone well.

    Raises: BadInput when it is no backup, or something is at the target; StoreError.
    """
    nothing_at(target)
    with source.open("rb") as file:
        begins = file.read(len(MAGIC))
    if begins != MAGIC:
        raise BadInput(
            f"{source} är ingen säkerhetskopia av en SQLite-databas. Ange en fil som"
            " `beredning backup` har skrivit.",
            f"{source} is no backup of an SQLite database. Name a file that `beredning backup`"
            " wrote.",
        )
    if _beside(source, "-wal").exists() or _beside(source, "-journal").exists():
        raise BadInput(
            f"{source} är i bruk, eller avbruten mitt i en skrivning. Ange en fil som"
            " `beredning backup` har skrivit.",
            f"{source} is in use, or was cut off while being written. Name a file that"
            " `beredning backup` wrote.",
        )
    demand_room(target, 2 * source.stat().st_size)
    with _unfinished(target) as part:
        shutil.copyfile(source, part)
        yield from _open(part, str(source))
        part.chmod(0o640)


def check_whole(connection: Connection, name: str) -> None:
    """See that an SQLite file is whole: its pages, its indexes, what its rows refer to.

    Raises: StoreError.
    """
    if connection.dialect.name != "sqlite":
        return
    if connection.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok":
        raise make_error(Fault.DAMAGED, name)
    check_foreign_keys(connection, name)


def contents(connection: Connection) -> Contents:
    """Give how much there is in a database."""
    rounds = ROUNDS.first(connection) or (0,)
    entries, last = ENTRIES.first(connection) or (0, None)
    waiting = QUEUED.first(connection) or (0,)
    return Contents(rounds[0], entries, datetime.fromisoformat(last) if last else None, waiting[0])


def hold_mail(connection: Connection, at: datetime) -> None:
    """Let no mail leave until somebody lets it go."""
    HOLD.run(connection, at=at)


def give_back_claims(connection: Connection, at: datetime) -> None:
    """Take from workers of another time what they had claimed, and say that they ended.

    A claim's number stays, so that such a worker is not believed should it answer here.
    """
    GIVE_BACK.run(connection)
    END_WORKERS.run(connection, at=at)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give the name a file has until it is whole; then it gets its own, or disappears."""
    part = target.with_name(f"{target.name}.part")
    try:
        if any(_beside(part, side).exists() for side in SIDES):
            raise FileExistsError(part)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise BadInput(
            f"{part}* finns: en kopiering pågår, eller avbröts. Pågår ingen, ta bort dem.",
            f"{part}* exist: a copy is being made, or was cut off. Remove them if none is.",
        ) from error
    try:
        yield part
        _to_disk(part)
        nothing_at(target)
        part.rename(target)
        _to_disk(target.parent)
    except BaseException:
        for name in (part, *(_beside(part, side) for side in SIDES)):
            name.unlink(missing_ok=True)
        raise


def _open(part: Path, name: str) -> Iterator[Database]:
    """Give the database in a file that nobody else knows of; afterwards it is one file."""
    database = Database(f"sqlite:///{part}")
    database.name = name
    try:
        yield database
    finally:
        database.close()
    with _in_words(part), closing(_connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)


def demand_room(target: Path, needed: int) -> None:
    """See that so many bytes are free where a file is, or is to be.

    Raises: BadInput when there is no such folder; StoreError when there is no room.
    """
    folder = target.parent
    if not folder.is_dir():
        raise BadInput(
            f"Mappen {folder} finns inte. Skapa den, eller välj en annan.",
            f"The folder {folder} does not exist. Make it, or choose another.",
        )
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{target} får inte plats: {_megabytes(needed)} MB behövs i {folder} och"
            f" {_megabytes(free)} MB är lediga. Frigör utrymme; inget är gjort.",
            f"There is no room for {target}: {_megabytes(needed)} MB are needed in {folder} and"
            f" {_megabytes(free)} MB are free. Make room; nothing was done.",
        )


def _megabytes(count: int) -> int:
    return -(-count // 1_000_000)


def _beside(file: Path, side: str) -> Path:
    return file.with_name(file.name + side)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise make_error(fault, str(file), str(error)) from error
