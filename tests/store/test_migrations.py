"""The migrations make exactly the tables that are declared."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.conftest import Place
from workflow.store.database import HEAD, TRIGGERS, Database, missing_triggers
from workflow.store.schema import MIGRATIONS, make_config
from workflow.store.tables import metadata


def test_migrations_equal_the_declared_tables(database: Database) -> None:
    """All migrations together give the tables of tables.py, no more and no less."""
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert [] == differences


def test_the_program_needs_the_last_migration() -> None:
    """HEAD, which is compared at every start, is the newest step and the only head."""
    assert [HEAD] == ScriptDirectory.from_config(make_config()).get_heads()


def test_migrations_travel_with_the_program() -> None:
    """All that Alembic needs lies in the package itself."""
    found = {path.name for path in MIGRATIONS.iterdir()}

    assert {"env.py", "script.py.mako", "versions", "__init__.py"} <= found


def test_creating_twice_changes_nothing(empty_place: Place) -> None:
    """`create` brings a database up to date; one that is stays as it is."""
    database = empty_place.open()
    database.create()

    database.create()

    database.check_schema()
    with database.read() as connection:
        assert () == missing_triggers(connection)


def test_every_trigger_is_missed(database: Database) -> None:
    """A trigger that is dropped is named."""
    for name in TRIGGERS[database.dialect]:
        table = name.rpartition("_no_")[0]
        on = "" if database.dialect == "sqlite" else f" ON {table}"
        with database.write() as connection:
            connection.execute(text(f"DROP TRIGGER {name}{on}"))

            assert name in missing_triggers(connection)
