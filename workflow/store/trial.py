"""A database in which everything can be done to see what comes of it, and nothing stays.

One transaction on the real rows, with savepoints where a verb has its transactions: what
a verb reads and writes is what it would read and write, and it knows no difference. In the
end all of it is rolled back, unless it is said to be meant.

Whoever writes the same rows meanwhile waits, as for any transaction: be quick.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workflow.store.database import Connection, Database

__all__ = ["Trial", "try_out"]


class _NotMeantError(Exception):
    """Rolls a trial back."""


class Trial(Database):
    """A database as one transaction shows it."""

    def __init__(self, real: Database, connection: Connection) -> None:
        """Take the database and its open transaction, which may write."""
        self.dialect = real.dialect
        self.file = real.file
        self.name = real.name
        self.meant = False
        """Whether all of it is committed in the end."""
        self._connection = connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a part that is undone by itself on an error, as a transaction is."""
        driver: Any = self._connection.connection.dbapi_connection
        driver.execute("SAVEPOINT part")
        try:
            yield self._connection
        except BaseException:
            driver.execute("ROLLBACK TO SAVEPOINT part")
            driver.execute("RELEASE SAVEPOINT part")
            raise
        driver.execute("RELEASE SAVEPOINT part")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give what has been done so far to look at."""
        yield self._connection


@contextmanager
def try_out(database: Database) -> Iterator[Trial]:
    """Open a trial; undo all of it afterwards, unless it is `meant` by then.

    An error undoes it too. What was refused in it and kept (`meant`) is committed though
    the block ends with an error, as long as that is raised after the block.

    Raises: Locked, StoreError, SchemaError.
    """
    try:
        with database.write() as connection:
            trial = Trial(database, connection)
            yield trial
            if not trial.meant:
                raise _NotMeantError
    except _NotMeantError:
        pass
