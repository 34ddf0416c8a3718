"""A tap on the wire to the database: counts what goes through, and cuts it on demand."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from workflow.store.database import Database


class CutError(Exception):
    """The wire was cut here."""


@dataclass
class Wire:
    """What has gone through, and where it is to be cut."""

    statements: list[str] = field(default_factory=list)
    cut_at: int = 0
    """The number, from 1, of the statement or commit that fails; 0 for none."""

    def pass_through(self, statement: str) -> None:
        """Note a statement, or fail in its place."""
        self.statements.append(statement)
        if len(self.statements) == self.cut_at:
            raise CutError(statement)

    def clear(self, cut_at: int = 0) -> None:
        """Begin anew."""
        self.statements.clear()
        self.cut_at = cut_at


class _Cursor:
    def __init__(self, cursor: Any, wire: Wire) -> None:
        self._cursor = cursor
        self._wire = wire

    def execute(self, statement: Any, *rest: Any, **more: Any) -> Any:
        self._wire.pass_through(str(statement))
        return self._cursor.execute(statement, *rest, **more)

    def executemany(self, statement: Any, *rest: Any, **more: Any) -> Any:
        self._wire.pass_through(str(statement))
        return self._cursor.executemany(statement, *rest, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class _Connection:
    def __init__(self, connection: Any, wire: Wire) -> None:
        self._connection = connection
        self._wire = wire

    def execute(self, statement: Any, *rest: Any, **more: Any) -> Any:
        self._wire.pass_through(str(statement))
        return self._connection.execute(statement, *rest, **more)

    def cursor(self, *rest: Any, **more: Any) -> Any:
        return _Cursor(self._connection.cursor(*rest, **more), self._wire)

    def commit(self) -> None:
        self._wire.pass_through("COMMIT")
        self._connection.commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def tap(database: Database) -> Wire:
    """Tap the writing connections that a database opens from now on."""
    return _tap(database.engine)


def tap_reads(database: Database) -> Wire:
    """Tap the reading connections that a database opens from now on."""
    return _tap(database._readers)


def _tap(engine: Any) -> Wire:
    wire = Wire()
    engine.dispose()

    @event.listens_for(engine, "connect")
    def wrap(connection: Any, record: Any) -> None:
        record.dbapi_connection = _Connection(connection, wire)

    return wire
