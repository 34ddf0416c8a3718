"""Leaving no byte of what was removed in an SQLite file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

from workflow.core.errors import Locked

__all__ = ["clean_file", "wipe_what_is_freed"]


def wipe_what_is_freed(connection: Connection) -> None:
    """Let SQLite overwrite what it deletes on this connection."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))


def clean_file(file: Path, *, patience_s: float) -> None:
    """Write an SQLite file anew, so that nothing is left in it of what was removed.

    Raises: Locked when others read it for too long; it is clean only after another run.
    """
    address = f"{file.as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=patience_s, isolation_level=None)
    with closing(connection):
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise _still_there(file) from error
    if busy:
        raise _still_there(file)


def _still_there(file: Path) -> Locked:
    return Locked(
        f"Det gallrade är borta ur {file}, men rester kan ligga kvar i filen eller i {file}-wal,"
        " för något annat program läser den. Stäng det och kör samma kommando igen.",
        f"What was disposed of is gone from {file}, but remains may be left in the file or in"
        f" {file}-wal, as another program reads it. Close it and run the same command again.",
    )
