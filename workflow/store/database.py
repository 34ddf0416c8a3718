"""The database as the rest of the store sees it: transactions and errors in words.

On both databases a transaction says at its start whether it writes. `dialects.py`
holds everything in which they differ.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from workflow.core.errors import SchemaError, WorkflowError
from workflow.store.dialects import (
    TRIGGERS,
    fault_of,
    missing_triggers,
    name_of,
    one_of,
    postgres_engine,
    read_url,
    sqlite_engine,
)
from workflow.store.faults import Fault, make_error

__all__ = ["HEAD", "TRIGGERS", "Connection", "Database", "missing_triggers", "one_of"]

HEAD: Final = "0006"
"""The schema this program needs; the last of `migrations/versions`."""


class Database:
    """One database. Opening it connects to nothing; safe to share between threads."""

    def __init__(self, url: str, *, busy_timeout_s: float = 5.0) -> None:
        """Take an address, `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

        `busy_timeout_s` is how long a transaction waits for another's lock.
        Raises: StoreError when the address cannot be used.
        """
        self._url = read_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._queue = _Queue()
        self._busy_timeout_s = busy_timeout_s
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if self._sqlite else "postgresql"
        self.file = Path(self._url.database or "").absolute() if self._sqlite else None
        """The file of an SQLite database."""
        self.name = str(self.file) if self._sqlite else name_of(self._url)
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
        """Make the schema where there is none; one that is up to date is left as it is.

        Raises: StoreError when another program's tables are there, or nothing can be
            written; SchemaError when the schema is of an older or a newer program; Locked.
        """
        from workflow.store import schema  # noqa: PLC0415 - Alembic costs 0.1 s

        made = self.file is not None and self._touch(self.file)
        try:
            with self.migrating() as connection:
                remaining = schema.steps(connection, self.name)
                found = schema.current(connection, self.name)
                if remaining and found is not None:
                    raise self._another_schema(found)
                schema.upgrade(connection, self.name)
        except BaseException:
            if made and self.file is not None:
                self.file.unlink(missing_ok=True)
            raise

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Open a transaction in which tables may be made anew: all of it or nothing.

        Nobody else migrates meanwhile. On SQLite foreign keys are not looked after: to
        re-create a table must not cascade into its children.
        Raises: Locked, StoreError.
        """
        engine = self._make_engine(writes=True, foreign_keys=False)
        try:
            with self._transaction(engine, "BEGIN IMMEDIATE") as connection:
                if not self._sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(8253719)"))
                yield connection
            if self._sqlite:
                with self._in_words(), engine.connect() as connection:
                    cast(Any, connection.connection).execute("PRAGMA journal_mode = WAL")
        finally:
            engine.dispose()

    def check_schema(self, *, protected: bool = True) -> None:
        """See that the schema is the program's own and that the log is protected.

        With `protected` False the log may have lost its triggers: for `verify`, which
        says so itself.

        Raises: SchemaError when it is missing or of another version; StoreError when
            one of the log's triggers is missing, or nothing can be read; Locked.
        """
        with self.read() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            missing = missing_triggers(connection)
        if found != HEAD:
            raise self._another_schema(found)
        if missing and protected:
            raise make_error(Fault.NO_TRIGGER, self.name, ", ".join(missing))

    def _another_schema(self, found: str | None) -> SchemaError:
        return SchemaError(
            f"Databasen {self.name} har schema {found}, programmet {HEAD}. Kör"
            " `beredning upgrade` för att uppgradera den, eller installera programmet som"
            " hör till den.",
            f"The database {self.name} has schema {found}, the program {HEAD}. Run"
            " `beredning upgrade` to upgrade it, or install the program it belongs to.",
        )

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
        cause = (error.orig or error) if isinstance(error, DBAPIError) else error
        if isinstance(cause, PoolTimeoutError):
            return make_error(Fault.BUSY, self.name)
        fault = fault_of(cause)
        if fault is Fault.CANNOT_OPEN and self.file is not None and not self.file.exists():
            fault = Fault.MISSING
        if fault is None:
            return None
        return make_error(fault, self.name, self._detail(cause))

    def _detail(self, error: BaseException) -> str:
        first = (str(error).strip().splitlines() or [""])[0].rpartition(" failed: ")[2]
        secret = str(self._url.password or "")
        return first.replace(secret, "***") if secret else first

    def _make_engine(self, *, writes: bool, foreign_keys: bool = True) -> Engine:
        patience = self._busy_timeout_s
        if self.file is None:
            return postgres_engine(self._url, writes=writes, busy_timeout_s=patience)
        return sqlite_engine(
            self.file, writes=writes, busy_timeout_s=patience, foreign_keys=foreign_keys
        )


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
