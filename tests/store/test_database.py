"""Transactions on both databases, and what is said when a database is not as it should."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlmodel import col

from tests.conftest import Place, PostgresServer
from tests.store.builders import add, make_installation
from workflow.core.errors import Locked, SchemaError, StoreError, WorkflowError
from workflow.store.database import HEAD, TRIGGERS, Database
from workflow.store.statements import Statement
from workflow.store.tables import Installation, Person

COUNT = Statement(select(Installation.chain_length).with_for_update())
PEEK = Statement(select(Installation.chain_length))
SET = Statement(update(Installation).values(chain_length=bindparam("length")))


def said(error: pytest.ExceptionInfo[WorkflowError]) -> str:
    """What the person reads: one sentence or two, in both languages, on one line."""
    assert "\n" not in error.value.sv + error.value.en
    assert error.value.sv != error.value.en
    return error.value.sv


def people(connection: Connection) -> int:
    """Count the persons."""
    return int(connection.execute(text("SELECT count(*) FROM people")).scalar_one())


def someone(key: str) -> Person:
    """A person to add."""
    return Person(key=key, email=f"{key}@prov.example", name=key, language="sv", party="")


# ---- transactions ---------------------------------------------------------------------


def test_a_write_is_kept_and_a_failed_one_is_not(database: Database) -> None:
    """The whole block is one transaction."""
    with database.write() as connection:
        add(connection, someone("a"))
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        add(connection, someone("b"))
        raise ZeroDivisionError

    with database.read() as connection:
        assert 1 == people(connection)


def test_a_reader_cannot_write(database: Database) -> None:
    """Who said read does not write by mistake."""
    with pytest.raises(StoreError), database.read() as connection:
        add(connection, someone("a"))

    with database.read() as connection:
        assert 0 == people(connection)


def test_a_reader_sees_one_snapshot(place: Place) -> None:
    """What is committed while one reads does not show; a reader and a writer never wait."""
    reader, writer = place.open(), place.open()
    with reader.read() as reading:
        before = people(reading)
        with writer.write() as connection:
            add(connection, someone("a"))

        assert before == people(reading)
    with reader.read() as reading:
        assert 1 == people(reading)


def test_readers_go_on_while_one_writes(place: Place) -> None:
    """An open write transaction blocks no reader, not even in the same process."""
    database = place.open(busy_timeout_s=0.05)
    with database.write() as connection:
        add(connection, someone("a"))
        with database.read() as reading:
            assert 0 == people(reading)


def test_a_writer_gives_up_in_time(place: Place) -> None:
    """A lock that another process keeps is told of as Locked, and nothing is written."""
    holder, waiter = place.open(), place.open(busy_timeout_s=0.05)
    with holder.write() as connection:
        make_installation(connection)
    with holder.write() as connection:
        COUNT.first(connection)
        with pytest.raises(Locked) as error, waiter.write() as second:
            COUNT.first(second)

    assert "är upptagen. Försök igen" in said(error)


def test_a_writer_in_the_same_process_gives_up_in_time(make_place: Callable[..., Place]) -> None:
    """The queue before SQLite has the same patience as SQLite itself."""
    database = make_place("sqlite").open(busy_timeout_s=0.05)
    caught: list[str] = []

    def second() -> None:
        with pytest.raises(Locked) as error, database.write():
            pass
        caught.append(said(error))

    with database.write():
        thread = Thread(target=second)
        thread.start()
        thread.join()

    assert 1 == len(caught)
    with database.write() as connection:  # and whoever gave up holds nothing
        assert 0 == people(connection)


def test_no_update_is_lost(place: Place) -> None:
    """Two processes of four threads that count together come to the right sum."""
    databases = [place.open(busy_timeout_s=30), place.open(busy_timeout_s=30)]
    with databases[0].write() as connection:
        make_installation(connection)
        SET.run(connection, length=0)

    def count(database: Database) -> None:
        for _ in range(20):
            with database.write() as connection:
                row = COUNT.first(connection)
                assert row is not None
                SET.run(connection, length=row[0] + 1)

    threads = [Thread(target=count, args=(databases[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with databases[0].read() as connection:
        assert (160,) == PEEK.first(connection)


def test_writers_come_in_order_of_arrival(make_place: Callable[..., Place]) -> None:
    """Nobody overtakes who came first, so that nobody waits for ever."""
    database = make_place("sqlite").open()
    order: list[int] = []

    def enter(number: int) -> None:
        with database.write():
            order.append(number)

    threads = [Thread(target=enter, args=(number,)) for number in range(8)]
    with database.write():
        for number, thread in enumerate(threads):
            thread.start()
            while len(database._queue._waiting) <= number:  # until it stands in line
                Event().wait(0.001)
    for thread in threads:
        thread.join()

    assert list(range(8)) == order


def test_two_that_wait_for_each_other_are_told(make_place: Callable[..., Place]) -> None:
    """A deadlock on PostgreSQL is Locked for one of them; the other goes on."""
    place = make_place("postgresql")
    with place.open().write() as connection:
        make_installation(connection)
    lock = Statement(select(Person.id).where(col(Person.key) == bindparam("key")).with_for_update())
    both = [Event(), Event()]
    results: list[str] = []

    def take(first: str, second: str, mine: int) -> None:
        try:
            with place.open(busy_timeout_s=20).write() as connection:
                lock.all(connection, key=first)
                both[mine].set()
                both[1 - mine].wait(10)
                lock.all(connection, key=second)
            results.append("done")
        except Locked:
            results.append("locked")

    threads = [Thread(target=take, args=("a", "b", 0)), Thread(target=take, args=("b", "a", 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["done", "locked"] == sorted(results)


def test_a_restarted_server_is_felt_once_at_most(make_place: Callable[..., Place]) -> None:
    """A connection that the server has dropped is told of and never used again."""
    place = make_place("postgresql")
    database = place.open()
    with pytest.raises(StoreError) as error, database.write() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with place.open().write() as other:
            other.execute(text(f"SELECT pg_terminate_backend({pid})"))
        COUNT.first(connection)

    assert "svarar inte" in said(error)
    with database.write() as connection:
        assert 0 == people(connection)


# ---- what can be wrong ------------------------------------------------------------------


def test_the_settings_of_sqlite(make_place: Callable[..., Place]) -> None:
    """Every connection is durable, keeps foreign keys and lets triggers see replacement."""
    database = make_place("sqlite").open()
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }
    for transaction in (database.write, database.read):
        with transaction() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}

        assert wanted == found


def test_a_restored_copy_gets_its_journal_back(make_place: Callable[..., Place]) -> None:
    """A backup is one file without write-ahead log; opening it turns that on again."""
    place = make_place("sqlite")
    with sqlite3.connect(place.url.removeprefix("sqlite:///")) as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
    plain.close()

    with place.open().read() as connection:
        assert "wal" == connection.exec_driver_sql("PRAGMA journal_mode").scalar()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """A wrong path is told of, with what to do, and leaves no empty file behind."""
    file = tmp_path / "å b%20c?.db"
    with pytest.raises(StoreError) as error, Database(f"sqlite:///{quote(str(file))}").read():
        pass

    assert str(file) in said(error)
    assert "beredning init" in said(error)
    assert not file.exists()


def test_a_database_without_tables(empty_place: Place) -> None:
    """What has never been set up says how it is."""
    if empty_place.dialect == "sqlite":
        Path(empty_place.url.removeprefix("sqlite:///")).touch()

    with pytest.raises(SchemaError) as error:
        empty_place.open().check_schema()

    assert "beredning init" in said(error)


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_another_schema_is_named(place: Place, version: str) -> None:
    """An older or a newer schema is told of with both numbers."""
    database = place.open()
    with database.write() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))

    with pytest.raises(SchemaError) as error:
        database.check_schema()

    assert f"har schema {version}, programmet {HEAD}. Kör" in said(error)


def test_a_newer_schema_is_not_touched(place: Place) -> None:
    """`create` refuses a database of a program it does not know."""
    database = place.open()
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaError) as error:
        database.create()

    assert "9999" in said(error)


def test_another_programs_tables_are_not_touched(empty_place: Place) -> None:
    """`create` refuses a database where others live, and leaves it as it was."""
    if empty_place.dialect == "sqlite":
        Path(empty_place.url.removeprefix("sqlite:///")).touch()
    database = empty_place.open()
    with database.write() as connection:
        connection.execute(text("CREATE TABLE kunder (id INTEGER)"))

    with pytest.raises(StoreError) as error:
        database.create()

    assert "kunder" in said(error)
    if empty_place.dialect == "sqlite":
        with database.read() as connection:
            assert "delete" == connection.exec_driver_sql("PRAGMA journal_mode").scalar()


def test_a_missing_trigger_stops_the_start(database: Database) -> None:
    """Without its triggers the log is open to accidents; the program says so."""
    name = TRIGGERS[database.dialect][0]
    on = "" if database.dialect == "sqlite" else " ON entries"
    with database.write() as connection:
        connection.execute(text(f"DROP TRIGGER {name}{on}"))

    with pytest.raises(StoreError) as error:
        database.check_schema()

    assert name in said(error)


def test_a_full_disk(make_place: Callable[..., Place]) -> None:
    """When there is no room, nothing is half written and the sentence says what to do."""
    database = make_place("sqlite").open()
    row = Statement(insert(Person), columns=["key", "email", "name", "language", "party"])
    with pytest.raises(StoreError) as error, database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(1000):
            row.run(
                connection,
                key=f"{number}",
                email=f"{number}",
                name="x" * 900,
                language="",
                party="",
            )

    assert "plats på disken" in said(error)
    with database.read() as connection:
        assert 0 == people(connection)


def test_not_a_database(tmp_path: Path) -> None:
    """A file of another kind is named, and is not overwritten."""
    file = tmp_path / "brev.txt"
    content = "Detta är ett brev och ingen databas. " * 100
    file.write_text(content)
    database = Database(f"sqlite:///{file}")

    for attempt in (database.create, database.check_schema):
        with pytest.raises(StoreError) as error:
            attempt()
        assert "ingen SQLite-databas" in said(error)
    assert content == file.read_text()


def test_a_damaged_file(make_place: Callable[..., Place]) -> None:
    """A file with overwritten pages is told of."""
    place = make_place("sqlite")
    file = Path(place.url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)

    with pytest.raises(StoreError) as error, place.open().read() as connection:
        people(connection)

    assert "är skadad" in said(error)


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    """What cannot be opened is named."""
    with pytest.raises(StoreError) as error, Database(f"sqlite:///{tmp_path}").read():
        pass

    assert "kan inte öppnas" in said(error)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    """`create` makes the file but not the folder around it."""
    with pytest.raises(StoreError) as error:
        Database(f"sqlite:///{tmp_path}/saknas/a.db").create()

    assert "mappen finns" in said(error)


def test_a_read_only_database(place: Place) -> None:
    """Where nothing can be written it is said at the first write, with what to do."""
    database = place.open()
    with pytest.raises(StoreError) as error, database.write() as connection:
        read_only = (
            "PRAGMA query_only = ON" if place.dialect == "sqlite" else "SET TRANSACTION READ ONLY"
        )
        connection.exec_driver_sql(read_only)
        add(connection, someone("a"))

    assert "skrivskyddad" in said(error)


def test_a_read_only_file(sqlite_template: Path) -> None:
    """A file without write permission is told of, at the first write at the latest."""
    nobody = 65534
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.db"
        shutil.copy(sqlite_template, file)
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        root = os.geteuid() == 0
        database = Database(f"sqlite:///{file}")
        if root:  # who may write anywhere
            os.seteuid(nobody)
        try:
            with pytest.raises(StoreError) as error, database.write() as connection:
                add(connection, someone("a"))
        finally:
            if root:
                os.seteuid(0)
            database.close()
            Path(folder).chmod(0o755)

    assert str(file) in said(error)
    assert "rätt att skriva" in said(error) or "skriva i den" in said(error)


SECRET = "hemligt-lösen%40rd"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "beredning.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        f"mysql://u:{SECRET}@h/d",
        f"postgresql://u:{SECRET}@h:port/d",
        f"postgresql+asyncpg://u:{SECRET}@h/d",
    ],
)
def test_an_address_that_cannot_be_used(url: str) -> None:
    """The sentence shows how an address is written, and never a password."""
    with pytest.raises(StoreError) as error:
        Database(url)

    assert "sqlite:///FIL" in said(error)
    assert SECRET not in error.value.sv + error.value.en


def test_a_server_that_does_not_answer() -> None:
    """The sentence names host, port and database, and never the password."""
    database = Database(f"postgresql://u:{SECRET}@127.0.0.1:1/prov")
    with pytest.raises(StoreError) as error, database.read():
        pass

    assert "127.0.0.1:1/prov svarar inte" in said(error)
    assert "hemligt" not in error.value.sv + error.value.en


def test_a_database_that_the_server_does_not_have(postgres: PostgresServer) -> None:
    """The sentence says that it must be made there."""
    with pytest.raises(StoreError) as error, Database(postgres.url("saknas")).read():
        pass

    assert "CREATE DATABASE" in said(error)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('connection failed: FATAL:  password authentication failed for user "u"', "släpper inte"),
        ("connection failed: fe_sendauth: no password supplied", "släpper inte"),
    ],
)
def test_a_wrong_password(words: str, expected: str) -> None:
    """libpq tells of it in words alone; the sentence says where it is corrected."""
    told = Database("postgresql://u:p@h/d")._explain(psycopg.OperationalError(words))

    assert told is not None
    assert expected in told.sv
    assert "BEREDNING_DATABASE__URL" in told.sv


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.DiskFull("x"), "plats på disken"),
        (psycopg.errors.SerializationFailure("x"), "upptagen"),
        (psycopg.errors.InsufficientPrivilege("permission denied"), "(permission denied)"),
        (psycopg.errors.AdminShutdown("x"), "svarar inte"),
        (psycopg.errors.DataCorrupted("x"), "skadad"),
        (psycopg.errors.UndefinedTable("x"), "beredning init"),
        (psycopg.errors.TooManyConnections("x"), "upptagen"),
    ],
)
def test_what_a_server_can_say(error: psycopg.Error, expected: str) -> None:
    """Each trouble of a server has its sentence."""
    told = Database(f"postgresql://u:{SECRET}@h/d")._explain(error)

    assert told is not None
    assert expected in told.sv


def test_a_fault_of_ours_is_not_dressed_up(database: Database) -> None:
    """An error in the program itself keeps its own name and traceback."""
    with pytest.raises(Exception, match="syntax error"), database.read() as connection:
        connection.execute(text("SELEKT 1"))


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL without psycopg says what to install."""
    monkeypatch.setattr("workflow.store.dialects._psycopg", None)

    with pytest.raises(StoreError) as error:
        Database("postgresql://u:p@h/d")

    assert "beredning[postgres]" in said(error)
