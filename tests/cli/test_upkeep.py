"""upgrade, backup, restore, dispose at the terminal."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROUND, People, Terminal
from tests.conftest import Place
from tests.support.recorded import moments, revive_sqlite
from workflow.store.database import HEAD
from workflow.store.occupation import occupy

OVER = sorted(moments("0001"))[-1]
LATER = ("--at", "2020-03-01T08:00:00+01:00")
DISPOSE = ("dispose", "--before", "2015-01-01", "--decision", "dnr 1")


@pytest.fixture
def old() -> None:
    """A database of the first schema, whose year is over."""
    revive_sqlite(moments("0001")[OVER], Path("beredning.db"))


@pytest.fixture
def over(terminal: Terminal, old: None) -> Terminal:
    """Somebody at a terminal where it has been brought up to date."""
    assert old is None
    terminal.do("upgrade")
    return terminal


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("words", [["init", "--rehearsal"], ["round", "list"], ["verify"]])
def test_an_older_database_points_to_upgrade(terminal: Terminal, words: list[str]) -> None:
    """No command but `upgrade` does anything with it; `init` no longer upgrades in silence."""
    error = terminal.refused(*words)

    assert "schema" == error["code"]
    assert "Kör `beredning upgrade`" in error["message"]
    with closing(sqlite3.connect("beredning.db")) as connection:
        assert ("0001",) == connection.execute("SELECT * FROM alembic_version").fetchone()


@pytest.mark.usefixtures("old")
def test_a_dry_run_says_what_an_upgrade_does(terminal: Terminal) -> None:
    """From which schema to which, by which steps, and where the copy is going to lie."""
    dry = terminal.read("upgrade", "--dry-run")
    shown = terminal.do("upgrade", "--dry-run")
    real = terminal.read("upgrade")
    again = terminal.read("upgrade")

    assert {"from", "to", "steps", "backup", "upgraded"} == set(dry)
    assert ("0001", HEAD, False) == (dry["from"], dry["to"], dry["upgraded"])
    assert "Skulle uppgraderas från schema 0001" in shown
    assert real["upgraded"] and Path(real["backup"]).is_file()
    assert "beredning-schema-0001-" in real["backup"]
    assert ([], None, False) == (again["steps"], again["backup"], again["upgraded"])
    assert "Inget att göra" in terminal.do("upgrade")


@pytest.mark.usefixtures("old")
def test_no_upgrade_beside_a_worker(terminal: Terminal) -> None:
    """Whoever works has it; the message says what to stop."""
    with occupy(Path("beredning.db").absolute()):
        error = terminal.refused("upgrade")

    assert "locked" == error["code"]
    assert "beredning work" in error["message"]
    assert [] == list(Path().glob("beredning-schema*"))


def test_upgrade_without_a_database(terminal: Terminal) -> None:
    """Nothing to upgrade says how one is made."""
    assert "beredning init" in terminal.refused("upgrade")["message"]


def test_backup_and_restore(over: Terminal) -> None:
    """The copy's document and the restored one's agree; what follows is said in words."""
    made = over.read("backup", "copy.db")
    elsewhere = Terminal(env={"BEREDNING_DATABASE__URL": "sqlite:///new.db"})

    told = elsewhere.read("restore", "copy.db")

    assert {"file", "bytes", "rounds", "entries", "last_at"} == set(made)
    assert {"database", "rounds", "entries", "last_at", "held", "upgraded_from"} == set(told)
    assert (made["rounds"], made["entries"], made["last_at"]) == (
        (told["rounds"], told["entries"], told["last_at"])
    )
    assert True is elsewhere.read("verify")["ok"]
    assert "finns redan" in elsewhere.refused("restore", "copy.db")["message"]
    assert "finns redan" in over.refused("backup", "copy.db")["message"]
    shown = Terminal(env={"BEREDNING_DATABASE__URL": "sqlite:///b.db"}).do("restore", "copy.db")
    assert "Inget mejl går, inte heller nya, förrän du har kört `beredning outbox release`" in shown


@pytest.mark.parametrize("words", [[], ["copy.db", "--adopt"]])
def test_restore_wants_one_of_two(terminal: Terminal, words: list[str]) -> None:
    """Either a file, or that it is there already."""
    assert 2 == terminal.run("restore", *words).exit_code


def test_a_server_is_backed_up_by_its_own_program(terminal: Terminal, place: Place) -> None:
    """On PostgreSQL the answer is the command to run; on SQLite there is none to give."""
    if place.dialect == "sqlite":
        return
    terminal.env["BEREDNING_DATABASE__URL"] = place.url
    terminal.do("init")

    error = terminal.refused("backup", "copy.dump")

    assert "pg_dump --format=custom --file=copy.dump" in error["message"]
    assert "pg_restore" in terminal.refused("restore", "copy.dump")["message"]
    assert 0 == terminal.read("restore", "--adopt")["held"]


def test_dispose_counts_and_then_does(over: Terminal) -> None:
    """The dry run's document is the real one's, but for what it says it did."""
    words = (*DISPOSE, "--kind", "payloads", "--kind", "messages")

    dry: dict[str, Any] = over.read(*words, "--dry-run", *LATER)
    real: dict[str, Any] = over.read(*words)
    verdict = over.read("verify")

    assert {"before", "kinds", "decision", "disposed", "chains", "total"} == set(real)
    assert (False, True) == (dry.pop("disposed"), real.pop("disposed"))
    assert dry == real
    assert True is verdict["ok"]
    (told,) = [one for one in verdict["disposed"] if one["chain"] == ROUND]
    assert {"chain", "first", "last", "decision", "number", "uncompared"} == set(told)
    assert (1, real["chains"][ROUND]["payloads"], "dnr 1") == (
        (told["first"], told["last"], told["decision"])
    )
    assert "Inget att gallra." in over.do(*words)


def test_the_views_say_what_is_gone(over: Terminal) -> None:
    """`verify` and `log` in words."""
    over.do(*DISPOSE, "--kind", "payloads", *LATER)

    shown, log = over.do("verify"), over.do("log", ROUND)

    assert "innehållet gallrat enligt beslut dnr 1" in shown
    assert "därför jämförs inte omgångens egna uppgifter" in shown
    assert "gallrad (dnr 1)" in log


@pytest.mark.usefixtures("opened")
def test_dispose_is_for_days_that_were(terminal: Terminal, people: People) -> None:
    """A day to come is refused; so is somebody who is not there; a wrong kind is wrong usage."""
    future = terminal.refused(*DISPOSE, "--kind", "payloads")
    past = ["dispose", "--before", "2000-01-02", "--decision", "d", "--kind", "payloads"]
    nobody = terminal.refused(*past, "--as", "ingen@alvmark.example")
    wrong = terminal.run(*DISPOSE, "--kind", "allt")

    assert "har inte varit än" in future["message"]
    assert "not_found" == nobody["code"]
    assert 2 == wrong.exit_code
    assert people.grants
