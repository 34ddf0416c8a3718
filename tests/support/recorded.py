"""Databases that earlier versions of the program made, brought back to life."""

import sqlite3
import tarfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Boolean, Connection, Date, DateTime, MetaData, text

from workflow.store.database import Database
from workflow.store.schema import make_config

RECORDED = Path(__file__).parents[1] / "recorded"


@cache
def moments(schema: str) -> Mapping[str, str]:
    """Give the SQL texts of a schema's archive by name, in order of time."""
    with tarfile.open(RECORDED / f"{schema}.tar.xz") as archive:
        files = [(one.name, archive.extractfile(one)) for one in archive.getmembers()]
        return {name: file.read().decode() for name, file in files if file is not None}


def revive_sqlite(sql: str, file: Path) -> None:
    """Write a recorded database as an SQLite file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(sql)
        connection.execute("PRAGMA journal_mode = WAL")


def revive_postgres(sql: str, database: Database, schema: str) -> None:
    """Write a recorded database into an empty one on a server, with the schema it had."""
    with closing(sqlite3.connect(":memory:")) as source, database.migrating() as connection:
        source.executescript(sql)
        source.row_factory = sqlite3.Row
        command.upgrade(make_config(connection), schema)
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [dict(row) for row in source.execute(f"SELECT * FROM {table.name}")]
            kinds = {column.name: column.type for column in table.columns}
            for row in rows:
                row.update({name: _read(value, kinds[name]) for name, value in row.items()})
            if rows:
                connection.execute(table.insert(), rows)
            if "id" in kinds and "int" in str(kinds["id"]).lower():
                _set_sequence(connection, table.name)


def _set_sequence(connection: Connection, table: str) -> None:
    sequence = f"pg_get_serial_sequence('{table}', 'id')"
    highest = f"(SELECT max(id) FROM {table})"
    connection.execute(text(f"SELECT setval({sequence}, {highest}) WHERE {sequence} IS NOT NULL"))


def _read(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
