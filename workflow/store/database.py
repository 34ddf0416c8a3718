"""The database: SQLite or PostgreSQL, and everything in which they differ.

SQLite: writers queue on a fair lock of ours and begin at once (BEGIN IMMEDIATE);
readers have connections of their own that cannot write. PostgreSQL: writers take row
locks (`with_for_update()`, which SQLAlchemy leaves out on SQLite); readers see one
snapshot and cannot write. On both, a transaction says at its start whether it writes.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic
from types import ModuleType
from typing import Any, Final, Literal, cast

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
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String, TypeDecorator, TypeEngine

from workflow.core.errors import SchemaError, WorkflowError
from workflow.store.faults import Fault, make_error

try:
    import psycopg
except ImportError:  # the extra `postgres` is not installed
    _psycopg: ModuleType | None = None
else:
    _psycopg = psycopg

__all__ = ["HEAD", "TRIGGERS", "Database", "missing_triggers", "one_of"]

HEAD: Final = "0001"
"""The schema this program needs; the last of `migrations/versions`."""

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


class Database:
    """One database. Opening it connects to nothing; safe to share between threads."""

    def __init__(self, url: str, *, busy_timeout_s: float = 5.0) -> None:
        """Take an address, `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

        `busy_timeout_s` is how long a transaction waits for another's lock.
        Raises: StoreError when the address cannot be used.
        """
        self._url = _read_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._queue = _Queue()
        self._busy_timeout_s = busy_timeout_s
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if self._sqlite else "postgresql"
        self.file = Path(self._url.database or "").absolute() if self._sqlite else None
        """The file of an SQLite database."""
        self.name = str(self.file) if self._sqlite else _name(self._url)
        """What to call it in a sentence; holds no password."""
        self.engine = self._make_engine(writes=True)
        """Of connections that may write; use it through `write`."""
        self._readers = self._make_engine(writes=False)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; commit it, or roll back on an error.

        On SQLite one at a time, in order of arrival.
        Raises: Locked when another's lock was not released in time; StoreError,
            SchemaError.
        """
        if self._sqlite and not self._queue.enter(self._busy_timeout_s):
            raise make_error(Fault.BUSY, self.name)
        try:
            with self._transaction(self.engine, "BEGIN IMMEDIATE") as connection:
                yield connection
        finally:
            if self._sqlite:
                self._queue.leave()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one snapshot and cannot write.

        Never waits for a writer, and no writer waits for it.
        Raises: Locked, StoreError, SchemaError.
        """
        with self._transaction(self._readers, "BEGIN") as connection:
            yield connection

    def create(self) -> None:
        """Make the schema, or bring an older one up to date; all of it or nothing.

        Raises: StoreError when another program's tables are there, or nothing can be
            written; SchemaError when the schema is of a newer program; Locked.
        """
        from workflow.store.schema import upgrade  # noqa: PLC0415 - Alembic costs 0.1 s

        made = self.file is not None and self._touch(self.file)
        try:
            # A migration re-creates tables, which must not cascade into their children.
            engine = self._make_engine(writes=True, foreign_keys=False)
            try:
                with self._transaction(engine, "BEGIN IMMEDIATE") as connection:
                    if not self._sqlite:
                        connection.execute(text("SELECT pg_advisory_xact_lock(8253719)"))
                    upgrade(connection, self.name)
                if self._sqlite:
                    with self._in_words(), engine.connect() as connection:
                        cast(Any, connection.connection).execute("PRAGMA journal_mode = WAL")
            finally:
                engine.dispose()
        except BaseException:
            if made and self.file is not None:
                self.file.unlink(missing_ok=True)
            raise

    def check_schema(self) -> None:
        """See that the schema is the program's own and that the log is protected.

        Raises: SchemaError when it is missing or of another version; StoreError when
            one of the log's triggers is missing, or nothing can be read; Locked.
        """
        with self.read() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            missing = missing_triggers(connection)
        if found != HEAD:
            raise SchemaError(
                f"Databasen {self.name} har schema {found}, programmet {HEAD}. Kör"
                " `beredning init` för att uppgradera den, eller installera programmet som"
                " hör till den.",
                f"The database {self.name} has schema {found}, the program {HEAD}. Run"
                " `beredning init` to upgrade it, or install the program it belongs to.",
            )
        if missing:
            raise make_error(Fault.NO_TRIGGER, self.name, ", ".join(missing))

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self.engine.dispose()
        self._readers.dispose()

    @contextmanager
    def _transaction(self, engine: Engine, begin: str) -> Iterator[Connection]:
        try:
            connection = engine.connect()
        except Exception as error:
            raise self._explain(error) or error from error
        try:
            driver: Any = connection.connection.dbapi_connection
            if self._sqlite:
                driver.execute(begin)  # psycopg begins by itself, as its session is set
            transaction = connection.begin()
            yield connection
            transaction.commit()
        except BaseException as error:
            self._roll_back(connection)
            told = self._explain(error)
            if told is None:
                raise
            raise told from error
        finally:
            connection.close()

    def _roll_back(self, connection: Connection) -> None:
        try:
            driver: Any = connection.connection.dbapi_connection
            driver.rollback()
            broken = not self._sqlite and driver.broken
        except Exception:  # noqa: BLE001 - the first error is the one to tell about
            broken = True
        if broken:
            connection.invalidate()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise self._explain(error) or error from error

    def _touch(self, file: Path) -> bool:
        """Make the file when there is none; tell whether it was made."""
        try:
            file.touch(mode=0o640, exist_ok=False)
        except FileExistsError:
            return False
        except OSError as error:
            raise make_error(Fault.CANNOT_OPEN, self.name) from error
        return True

    def _explain(self, error: BaseException) -> WorkflowError | None:
        """Put an error of the driver into words; None when it is something else."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, PoolTimeoutError):
            return make_error(Fault.BUSY, self.name)
        if isinstance(cause, sqlite3.Error):
            fault = _sqlite_fault(cause)
            if fault is Fault.CANNOT_OPEN and self.file is not None and not self.file.exists():
                fault = Fault.MISSING
        elif _psycopg is not None and isinstance(cause, _psycopg.Error):
            fault = _postgres_fault(cause)
        else:
            return None
        return None if fault is None else make_error(fault, self.name, self._detail(cause))

    def _detail(self, error: BaseException) -> str:
        first = (str(error).strip().splitlines() or [""])[0].rpartition(" failed: ")[2]
        secret = str(self._url.password or "")
        return first.replace(secret, "***") if secret else first

    def _make_engine(self, *, writes: bool, foreign_keys: bool = True) -> Engine:
        if self._sqlite:
            return self._sqlite_engine(writes=writes, foreign_keys=foreign_keys)
        return self._postgres_engine(writes=writes)

    def _sqlite_engine(self, *, writes: bool, foreign_keys: bool) -> Engine:
        # mode=rw: a missing file is an error, not an empty database.
        address = cast(Path, self.file).as_uri() + "?mode=rw"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                address,
                uri=True,
                timeout=self._busy_timeout_s,
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
            pool_timeout=self._busy_timeout_s,
            pool_use_lifo=True,  # the latest used has its statements ready
        )

    def _postgres_engine(self, *, writes: bool) -> Engine:
        engine = create_engine(
            self._url,
            paramstyle="format",
            pool_size=_POOL_SIZE,
            pool_timeout=self._busy_timeout_s,
            pool_use_lifo=True,
        )
        settings = f"SET lock_timeout = {round(self._busy_timeout_s * 1000)}; SET timezone = 'UTC'"
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


class _Queue:
    """A lock that is had in order of arrival.

    SQLite's own busy timeout lets waiters in by chance: of 20 threads the slowest
    waited 1.8 s that way, and 0.18 s in order.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def enter(self, timeout_s: float) -> bool:
        """Wait for one's turn; False when it did not come in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it came just as the time was up

    def leave(self) -> None:
        """Hand over to the next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


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


def _read_url(url: str) -> URL:
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


def _name(url: URL) -> str:
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


def _sqlite_fault(error: sqlite3.Error) -> Fault | None:
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
