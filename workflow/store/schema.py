"""What schema a database has, and how it is brought up to date with the migrations."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from workflow.core.errors import SchemaError, StoreError
from workflow.store.dialects import missing_triggers
from workflow.store.faults import Fault, make_error

__all__ = ["MIGRATIONS", "Step", "check_foreign_keys", "current", "make_config", "steps", "upgrade"]

MIGRATIONS: Final = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Step:
    """A migration that a database has not had."""

    schema: str
    """What the schema is called after it."""
    says: str
    """What it does, in one Swedish line."""


def make_config(connection: Connection | None = None) -> Config:
    """Make Alembic's configuration, with the connection that a migration runs on."""
    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def current(connection: Connection, name: str) -> str | None:
    """Give the schema of the database called `name`; None when nothing is in it.

    Raises: StoreError when another program's tables are there.
    """
    tables = inspect(connection).get_table_names()
    if tables and "alembic_version" not in tables:
        raise make_error(Fault.FOREIGN, name, ", ".join(sorted(tables)[:3]))
    return MigrationContext.configure(connection).get_current_revision()


def steps(connection: Connection, name: str) -> tuple[Step, ...]:
    """Give what remains for the database called `name` to be up to date, in order.

    Raises: StoreError when another program's tables are there; SchemaError when the
        schema is of a newer program.
    """
    script = ScriptDirectory.from_config(make_config())
    remaining: list[Step] = []
    found = current(connection, name)
    for one in script.walk_revisions():  # newest first
        if one.revision == found:
            return tuple(reversed(remaining))
        remaining.append(Step(one.revision, one.module.SAYS))
    if found is None:
        return tuple(reversed(remaining))
    raise SchemaError(
        f"Databasen {name} har schema {found}, som det här programmet inte känner."
        " Installera programmet som hör till den.",
        f"The database {name} has schema {found}, which this program does not know."
        " Install the program it belongs to.",
    )


def upgrade(connection: Connection, name: str) -> None:
    """Bring the schema of the database called `name` to the last migration, within the
    transaction that is open. Afterwards every row it refers to is there, and the log's
    triggers stand.

    Raises: StoreError when another program's tables are there, or something would be lost;
        SchemaError when the schema is of a newer program.
    """
    if not steps(connection, name):
        return
    command.upgrade(make_config(connection), "head")
    check_foreign_keys(connection, name)
    missing = missing_triggers(connection)
    if missing:
        raise make_error(Fault.NO_TRIGGER, name, ", ".join(missing))


def check_foreign_keys(connection: Connection, name: str) -> None:
    """See that no row refers to one that does not exist. PostgreSQL sees to that itself.

    Raises: StoreError.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise StoreError(
            f"Databasen {name} är inte hel: {len(broken)} rader hänvisar till rader som inte"
            f" finns, den första i {broken[0][0]}. Inget är ändrat. Återställ en säkerhetskopia.",
            f"The database {name} is not whole: {len(broken)} rows refer to rows that do not"
            f" exist, the first in {broken[0][0]}. Nothing was changed. Restore a backup.",
        )
