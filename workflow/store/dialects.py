"""Everything in which SQLite and PostgreSQL differ.

SQLite: writers begin at once (BEGIN IMMEDIATE) and readers have connections of their
own that cannot write. PostgreSQL: writers take row locks (`with_for_update()`, which
SQLAlchemy leaves out on SQLite) and readers see one snapshot and cannot write.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String, TypeDecorator, TypeEngine

from workflow.store.faults import Fault, make_error

try:
    import psycopg
except ImportError:  # the extra `postgres` is not installed
    _psycopg: ModuleType | None = None
else:
    _psycopg = psycopg

__all__ = [
    "TRIGGERS",
    "fault_of",
    "is_undecodable",
    "missing_triggers",
    "name_of",
    "one_of",
    "postgres_engine",
    "read_url",
    "reading_anything",
    "sqlite_engine",
]

TRIGGERS: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": ("entries_no_delete", "entries_no_update", "entry_payloads_no_update"),
    "postgresql": (
        "entries_no_delete",
        "entries_no_truncate",
        "entries_no_update",
        "entry_payloads_no_update",
    ),
}
"""The triggers that keep the log from being changed, in order of name."""

_POOL_SIZE: Final = 40
"""As many connections as a server has threads."""
_IDLE_S: Final = 10.0
"""After how long unused a connection to a server is tried before it is trusted."""
_CACHED_STATEMENTS: Final = 512
_APPEND_ONLY: Final = "the log is append-only"
"""What the triggers say."""

_SQLITE_FAULTS: Final = {
    sqlite3.SQLITE_BUSY: Fault.BUSY,
    sqlite3.SQLITE_LOCKED: Fault.BUSY,
    sqlite3.SQLITE_PROTOCOL: Fault.BUSY,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.CANNOT_OPEN,
    sqlite3.SQLITE_AUTH: Fault.CANNOT_OPEN,
    sqlite3.SQLITE_CANTOPEN: Fault.CANNOT_OPEN,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_NOTADB: Fault.NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_FORMAT: Fault.DAMAGED,
    sqlite3.SQLITE_IOERR: Fault.INPUT_OUTPUT,
}
"""By primary result code, https://sqlite.org/rescode.html."""

_POSTGRES_FAULTS: Final = {
    "40001": Fault.BUSY,  # serialization_failure
    "40P01": Fault.BUSY,  # deadlock_detected
    "55P03": Fault.BUSY,  # lock_not_available
    "57014": Fault.BUSY,  # query_canceled
    "53300": Fault.BUSY,  # too_many_connections
    "57P03": Fault.BUSY,  # cannot_connect_now
    "25006": Fault.READ_ONLY,
    "53100": Fault.FULL,
    "28000": Fault.PASSWORD,
    "28P01": Fault.PASSWORD,
    "3D000": Fault.NO_SUCH_DATABASE,
    "42501": Fault.NO_PRIVILEGE,
    "42P01": Fault.NO_SCHEMA,
    "42703": Fault.NO_SCHEMA,
    "58030": Fault.INPUT_OUTPUT,
    "XX001": Fault.DAMAGED,
    "XX002": Fault.DAMAGED,
}
"""By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def sqlite_engine(
    file: Path, *, writes: bool, busy_timeout_s: float, foreign_keys: bool = True
) -> Engine:
    """Make the engine of an SQLite file, whose connections may write or cannot."""
    # mode=rw: a missing file is an error, not an empty database.
    address = file.as_uri() + "?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
        )
        try:
            _prepare_sqlite(connection, writes=writes, foreign_keys=foreign_keys)
        except BaseException:
            connection.close()
            raise
        return connection

    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        pool_timeout=busy_timeout_s,
        pool_use_lifo=True,  # the latest used has its statements ready
    )


def postgres_engine(url: URL, *, writes: bool, busy_timeout_s: float) -> Engine:
    """Make the engine of a PostgreSQL database, whose connections may write or cannot."""
    engine = create_engine(
        url,
        paramstyle="format",
        pool_size=_POOL_SIZE,
        pool_timeout=busy_timeout_s,
        pool_use_lifo=True,
    )
    settings = f"SET lock_timeout = {round(busy_timeout_s * 1000)}; SET timezone = 'UTC'"
    if not writes:
        settings += (
            "; SET SESSION CHARACTERISTICS AS TRANSACTION"
            " ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(settings)
        connection.commit()

    _try_idle(engine)
    return engine


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Give the names of the log's triggers that are gone or switched off."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
            " AND tgrelid IN (to_regclass('entries'), to_regclass('entry_payloads'))"
        )
    found = set(connection.execute(text(query)).scalars())
    return tuple(name for name in TRIGGERS[connection.dialect.name] if name not in found)


class one_of(FunctionElement[Any]):  # noqa: N801 - reads as the SQL it stands for
    """`column` is one of the values of the parameter `name`, a sequence of any length.

    One text however many they are, so that it is compiled once: json_each on SQLite,
    an array on PostgreSQL.
    """

    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        element = cast(ColumnElement[Any], column)  # Mapped has a column's attributes
        super().__init__(element, bindparam(name, type_=_Values(element.type), required=True))


@compiles(one_of, "sqlite")
def _one_of_sqlite(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"


class _Values(TypeDecorator[Sequence[Any]]):
    """A sequence of values as one parameter."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take an array where there are arrays."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Write the values as the database wants them."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


def fault_of(error: BaseException) -> Fault | None:
    """Find out what an error of a driver means; None when it means no fault of the
    database, but of the program."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_fault(error)
    if _psycopg is not None and isinstance(error, _psycopg.Error):
        return _postgres_fault(error)
    return None


def read_url(url: str) -> URL:
    """Read an address.

    Raises: StoreError when it is not one of ours, or its driver is not installed.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None or "://" not in url:
        raise make_error(Fault.ADDRESS, "") from None
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        if address.database in (None, "", ":memory:") or address.query:
            raise make_error(Fault.ADDRESS, "")
        return address
    if address.drivername not in ("postgresql", "postgresql+psycopg", "postgres"):
        raise make_error(Fault.ADDRESS, "")
    if _psycopg is None:
        raise make_error(Fault.NO_DRIVER, "")
    return address.set(drivername="postgresql+psycopg")


def name_of(url: URL) -> str:
    """Give what a server's database is called in a sentence: no user, no password."""
    host = url.host or str(url.query.get("host", "localhost"))
    port = f":{url.port}" if url.port else ""
    return f"{host}{port}/{url.database or ''}"


def _prepare_sqlite(connection: sqlite3.Connection, *, writes: bool, foreign_keys: bool) -> None:
    run: Callable[[str], sqlite3.Cursor] = connection.execute
    ours = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if run("PRAGMA journal_mode").fetchone()[0] != "wal" and run(ours).fetchone():
        run("PRAGMA journal_mode = WAL")  # another program's file is left as it is
    run("PRAGMA synchronous = FULL")
    run(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    run("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE passes the triggers
    if not writes:
        run("PRAGMA query_only = ON")


def _try_idle(engine: Engine) -> None:
    """Try a connection that has been idle for long before it is used again, so that a
    restart of the server is not felt by the next one who comes."""

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, _proxy: object) -> None:
        if monotonic() - record.info.get("used", monotonic()) < _IDLE_S:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error
        if not alive:
            raise DisconnectionError


def is_undecodable(error: BaseException) -> bool:
    """Tell whether SQLite's file holds a text that is not UTF-8: no program wrote it so."""
    return isinstance(error, sqlite3.Error) and str(error).startswith("Could not decode to UTF-8")


@contextmanager
def reading_anything(connection: Connection) -> Iterator[None]:
    """Let SQLite give a text that is not UTF-8 with its bytes as half surrogate pairs, which
    nothing else holds and nothing can hash."""
    driver: Any = connection.connection.dbapi_connection
    driver.text_factory = lambda found: found.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _sqlite_fault(error: sqlite3.Error) -> Fault | None:
    if is_undecodable(error):
        return Fault.DAMAGED
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells the details
    if code == sqlite3.SQLITE_CONSTRAINT and _APPEND_ONLY in str(error):
        return Fault.APPEND_ONLY
    if code == sqlite3.SQLITE_ERROR and str(error).startswith("no such table"):
        return Fault.NO_SCHEMA
    return _SQLITE_FAULTS.get(code)


def _postgres_fault(error: Any) -> Fault | None:
    state: str = error.sqlstate or ""
    words = str(error)
    if state == "P0001" and _APPEND_ONLY in words:
        return Fault.APPEND_ONLY
    if state in _POSTGRES_FAULTS:
        return _POSTGRES_FAULTS[state]
    if state and not state.startswith(("08", "57P")):
        return None
    # libpq tells of a failed connection in words alone.
    if ("password" in words and "failed" in words) or "no password supplied" in words:
        return Fault.PASSWORD
    if 'database "' in words and "does not exist" in words:
        return Fault.NO_SUCH_DATABASE
    return Fault.UNREACHABLE if isinstance(error, cast(Any, _psycopg).OperationalError) else None
