"""Bring a database's schema up to date with the migrations."""

from io import StringIO
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from workflow.core.errors import SchemaError, StoreError
from workflow.store.faults import Fault, make_error

__all__ = ["MIGRATIONS", "make_config", "upgrade"]

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def make_config(connection: Connection | None = None) -> Config:
    """Make Alembic's configuration, with the connection that a migration runs on."""
    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, name: str) -> None:
    """Bring the schema of the database called `name` to the last migration, within the
    transaction that is open.

    Raises: StoreError when another program's tables are there; SchemaError when the
        schema is of a newer program.
    """
    tables = inspect(connection).get_table_names()
    if tables and "alembic_version" not in tables:
        raise make_error(Fault.FOREIGN, name, ", ".join(sorted(tables)[:3]))
    config = make_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise SchemaError(
            f"Databasen {name} har schema {current}, som det här programmet inte känner."
            " Installera programmet som hör till den.",
            f"The database {name} has schema {current}, which this program does not know."
            " Install the program it belongs to.",
        )
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise StoreError(
                f"Databasen {name} kunde inte uppgraderas: {len(broken)} rader hänvisar till"
                f" rader som inte finns, den första i {broken[0][0]}. Inget är ändrat.",
                f"The database {name} could not be upgraded: {len(broken)} rows refer to rows"
                f" that do not exist, the first in {broken[0][0]}. Nothing was changed.",
            )
