"""Copies that are whole, places that are empty, files that were tampered with."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from stat import S_IMODE
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Place
from tests.store.builders import ROUND, make_round
from tests.support.recorded import moments, revive_sqlite
from workflow.core.errors import BadInput, Locked, SchemaError, StoreError, WorkflowError
from workflow.core.facts import Via
from workflow.service.running import evidence, installation
from workflow.service.running.upkeep import Operator, adopt, backup, restore, upgrade
from workflow.service.world import World
from workflow.store import backup as copies
from workflow.store.database import HEAD, TRIGGERS, Database
from workflow.store.occupation import occupy

NOW = datetime(2026, 11, 22, 10, 0, 1, tzinfo=UTC)
FLIPS = 500
OPERATOR = Operator(clock=lambda _: NOW, salt=lambda: "5a" * 16, os_user="drift", program="0.2")
LATEST = sorted(moments("0001"))[14]


@pytest.fixture
def world(make_place: Callable[..., Place]) -> World:
    """A recorded year, up to date, on SQLite."""
    place = make_place("sqlite", schema=False)
    revive_sqlite(moments("0001")[LATEST], Path(place.url.removeprefix("sqlite:///")))
    database = place.open()
    upgrade(database, OPERATOR, dry_run=False)
    return World(
        database=database,
        clock=lambda _: NOW,
        salt=lambda: "5a" * 16,
        via=Via.COMMAND,
        installation=installation.look(database).name,
    )


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    """A backup of it."""
    return backup(world, tmp_path / "copy.db", program="0.2").file


def at(file: Path) -> Database:
    """Give the database that a file is, or is to be."""
    return Database(f"sqlite:///{file}")


def column(database: Database, sql: str) -> list[Any]:
    """Read the first column of some rows."""
    with database.read() as connection:
        return list(connection.execute(text(sql)).scalars())


def test_a_backup_is_one_file_of_its_owners(copy: Path) -> None:
    """Nothing lies beside it, nobody else can read it, and it holds what the copy says."""
    assert 0o600 == S_IMODE(copy.stat().st_mode)
    assert [] == list(copy.parent.glob("copy.db?*"))
    with closing(sqlite3.connect(copy)) as connection:
        assert "delete" == connection.execute("PRAGMA journal_mode").fetchone()[0]


def test_a_restored_database_is_the_one_that_was_copied(copy: Path, tmp_path: Path) -> None:
    """Row for row, but for what says that it was restored."""
    restore(at(tmp_path / "new.db"), copy, OPERATOR)

    changed = {"entries", "entry_payloads", "installation", "messages", "workers"}
    with (
        closing(sqlite3.connect(copy)) as one,
        closing(sqlite3.connect(tmp_path / "new.db")) as new,
    ):
        tables = [r[0] for r in one.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert [] == [
            table
            for table in tables
            if table not in changed
            and one.execute(f"SELECT * FROM {table}").fetchall()
            != new.execute(f"SELECT * FROM {table}").fetchall()
        ]
        assert ["restored"] == [
            r[0] for r in new.execute("SELECT kind FROM entries WHERE chain = 'installation'")
        ][-1:]


def test_claims_of_another_time_are_given_back(world: World, tmp_path: Path) -> None:
    """What a worker had claimed when the copy was made waits again, with its number; the
    workers of that time have ended."""
    with world.database.write() as connection:
        connection.execute(
            text(
                "UPDATE messages SET state = 'queued', fence = 4,"
                " claimed_until = '2026-11-22 11:00:00.000000'"
                " WHERE id = (SELECT min(id) FROM messages)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO workers (name, started_at, seen_at) VALUES ('a', '2026-11-22"
                " 09:00:00.000000', '2026-11-22 09:59:00.000000')"
            )
        )
    made = backup(world, tmp_path / "copy.db", program="0.2")
    database = at(tmp_path / "new.db")

    told = restore(database, made.file, OPERATOR)

    assert told.contents.waiting == made.contents.waiting > 0
    assert [] == column(database, "SELECT id FROM messages WHERE claimed_until IS NOT NULL")
    assert [4] == column(database, "SELECT fence FROM messages WHERE fence = 4")
    assert [] == column(database, "SELECT name FROM workers WHERE stopped_at IS NULL")
    assert [None] != column(database, "SELECT mail_held_at FROM installation")
    database.close()


def test_an_older_backup_is_upgraded_on_the_way(tmp_path: Path) -> None:
    """A copy of an earlier schema is restored up to date, and both are told in the log."""
    revive_sqlite(moments("0001")[LATEST], tmp_path / "old.db")
    database = at(tmp_path / "new.db")

    told = restore(database, tmp_path / "old.db", OPERATOR)

    kinds = column(
        database, "SELECT kind FROM entries WHERE chain = 'installation' ORDER BY number"
    )
    assert "0001" == told.upgraded_from
    assert ["upgraded", "restored"] == kinds[-2:]
    database.check_schema()
    database.close()


# ---- where nothing may be ---------------------------------------------------------------


@pytest.mark.parametrize("beside", ["", "-wal", "-shm", "-journal"])
def test_nothing_is_written_where_something_is(
    world: World, copy: Path, tmp_path: Path, beside: str
) -> None:
    """Neither a backup nor a restore touches what is there, or takes what lies beside it
    for its own."""
    there = tmp_path / f"there.db{beside}"
    there.write_bytes(b"mitt")
    entries = column(world.database, "SELECT count(*) FROM entries")

    with pytest.raises(BadInput, match="finns redan"):
        backup(world, tmp_path / "there.db", program="0.2")
    with pytest.raises(BadInput, match="finns redan"):
        restore(at(tmp_path / "there.db"), copy, OPERATOR)

    assert b"mitt" == there.read_bytes()
    assert entries == column(world.database, "SELECT count(*) FROM entries")


def test_what_was_cut_off_is_pointed_out(world: World, tmp_path: Path) -> None:
    """What an interrupted copy left is never gone on with."""
    (tmp_path / "copy.db.part").touch()

    with pytest.raises(BadInput, match="avbröts"):
        backup(world, tmp_path / "copy.db", program="0.2")


def test_a_folder_that_is_not_there(world: World, copy: Path, tmp_path: Path) -> None:
    """A wrong path is told of with its folder."""
    with pytest.raises(BadInput, match="saknas finns inte"):
        backup(world, tmp_path / "saknas" / "copy.db", program="0.2")
    with pytest.raises(StoreError, match="saknas"):
        restore(at(tmp_path / "saknas" / "new.db"), copy, OPERATOR)


def test_no_room_is_told_before_anything_is_done(tmp_path: Path) -> None:
    """How much is needed and how much there is."""
    with pytest.raises(StoreError, match=r"behövs i .* är lediga"):
        copies.demand_room(tmp_path / "copy.db", 10**18)

    assert [] == list(tmp_path.iterdir())


def test_neither_beside_a_worker(world: World, copy: Path, tmp_path: Path) -> None:
    """Upgrading and restoring want the database's file for themselves."""
    file = tmp_path / "old.db"
    revive_sqlite(moments("0001")[LATEST], file)

    with occupy(file), pytest.raises(Locked, match="beredning work"):
        upgrade(at(file), OPERATOR, dry_run=False)
    with occupy(tmp_path / "new.db"), pytest.raises(Locked):
        restore(at(tmp_path / "new.db"), copy, OPERATOR)
    with occupy(world.database.file), pytest.raises(Locked):
        adopt(world.database, OPERATOR)

    assert not (tmp_path / "new.db").exists()
    assert ["0001"] == column(at(file), "SELECT version_num FROM alembic_version")


# ---- files that are no sound backup -----------------------------------------------------


def _change(sql: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.executescript(sql)

    return change


SPOILED: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("SELECT 1"),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "another program's": _change("".join(f"DROP TABLE {t};" for t in ("alembic_version",))),
    "in use": lambda file: file.with_name(file.name + "-wal").touch(),
    "of a newer program": _change("UPDATE alembic_version SET version_num = '9999'"),
    "without a trigger": _change(f"DROP TRIGGER {TRIGGERS['sqlite'][0]}"),
    "an edited state": _change("UPDATE cases SET state = 'utkast'"),
    "an edited line": _change(
        "DROP TRIGGER entries_no_update; UPDATE entries SET via = 'web' WHERE number = 3;"
        " CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries"
        " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;"
    ),
    "a row that refers to nothing": _change(
        "PRAGMA foreign_keys = OFF; UPDATE grants SET unit = 'ingen' WHERE id = 1"
    ),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_what_is_no_sound_backup_is_not_put_in_place(
    copy: Path, tmp_path: Path, fault: str
) -> None:
    """It is refused in words, and the place is as empty as before."""
    SPOILED[fault](copy)

    with pytest.raises((BadInput, StoreError, SchemaError)) as error:
        restore(at(tmp_path / "new.db"), copy, OPERATOR)

    assert str(copy) in error.value.sv or "Databasen" in error.value.sv
    assert [] == [file for file in tmp_path.glob("new.db*") if file.suffix != ".worker"]


def test_a_log_that_does_not_hold_is_not_backed_up(world: World, tmp_path: Path) -> None:
    """A copy that would not verify is thrown away, with what was found."""
    with world.database.write() as connection:
        connection.execute(text("UPDATE cases SET state = 'utkast'"))

    with pytest.raises(BadInput) as error:
        backup(world, tmp_path / "copy.db", program="0.2")

    assert "håller inte" in error.value.sv
    assert any("utkast" in reason.sv for reason in error.value.reasons)
    assert [] == list(tmp_path.glob("copy*"))


def test_a_flipped_byte_of_the_log_is_found(tmp_path: Path, sqlite_template: Path) -> None:
    """One byte of what the log's rows hold, five hundred times: no such file is restored."""
    source = tmp_path / "sound.db"
    shutil.copy(sqlite_template, source)
    database = at(source)
    with database.write() as connection:
        make_round(connection)
        words = connection.execute(
            text(
                f"SELECT hash, body FROM entries JOIN entry_payloads USING (chain, number)"
                f" WHERE chain = '{ROUND}'"
            )
        ).all()
    database.close()
    with closing(sqlite3.connect(source)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    whole = source.read_bytes()
    places = [
        at_
        for row in words
        for word in row
        for at_ in range(whole.index(word.encode()), whole.index(word.encode()) + len(word))
        if len(word) > 2
    ]
    chance = Random("flip")

    missed = []
    for _ in range(FLIPS):
        place = chance.choice(places)
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(7)
        (tmp_path / "flipped.db").write_bytes(flipped)
        with closing(sqlite3.connect(tmp_path / "flipped.db")):
            found = _finds(at(tmp_path / "flipped.db"))
        if not found:
            missed.append(place)

    assert [] == missed


def _finds(database: Database) -> bool:
    try:
        with database.read() as connection:
            copies.check_whole(connection, database.name)
            before = {"definitionen"}  # the builder's round has a made-up one
            found = [one.problem for one in evidence.examine(connection).problems]
            return any(one.partition(" ")[0] not in before for one in found)
    except WorkflowError:
        return True
    finally:
        database.close()


# ---- said of a database that came another way -------------------------------------------


def test_a_database_can_be_said_to_be_restored(world: World) -> None:
    """It is proved, and all its mail is held."""
    told = adopt(world.database, OPERATOR)

    assert told.contents.rounds == 1
    assert [None] != column(world.database, "SELECT mail_held_at FROM installation")
    assert True is evidence.prove(world).ok


def test_one_that_does_not_verify_is_not_taken_over(world: World) -> None:
    """It is left as it was: its mail is not held, and no entry is written."""
    with world.database.write() as connection:
        connection.execute(text("UPDATE cases SET state = 'utkast'"))

    with pytest.raises(BadInput, match="håller inte"):
        adopt(world.database, OPERATOR)

    assert [None] == column(world.database, "SELECT mail_held_at FROM installation")


def test_a_server_is_pointed_to_its_own_programs(place: Place, tmp_path: Path) -> None:
    """On PostgreSQL `restore FILE` says what to run."""
    if place.dialect == "postgresql":
        with pytest.raises(BadInput, match=r"pg_restore .* --adopt"):
            restore(place.open(), tmp_path / "dump", OPERATOR)


def test_the_schema_is_the_programs(world: World) -> None:
    """What was brought up to date is what the program needs."""
    assert [HEAD] == column(world.database, "SELECT version_num FROM alembic_version")
