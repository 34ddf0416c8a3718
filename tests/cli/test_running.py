"""`work` and `health`, as they are typed: what they answer, and with which exit code."""

import json
from pathlib import Path
from time import perf_counter

import pytest

from tests.cli.conftest import People, Terminal
from workflow.store.database import Database


@pytest.fixture
def installed(terminal: Terminal) -> Terminal:
    """Somebody in a folder with an installation."""
    terminal.do("init")
    return terminal


def test_work_once_does_everything_once(installed: Terminal) -> None:
    """`work --once` answers with what each job did, and ends."""
    told = installed.read("work", "--once")

    assert {"worker", "tick", "checkpoint", "deliver", "papers"} == set(told)
    assert {"sent", "withdrawn", "failed", "waiting"} == set(told["deliver"])
    assert {"chains": 1} == told["checkpoint"]
    assert {} == installed.read("work", "--once")["checkpoint"]


def test_work_once_says_how_much_mail_waits(terminal: Terminal, ordinary: People) -> None:
    """Mail that is held waits, and is said to, also when nobody has tried to send it."""
    leader = ordinary.of("medicinsk_radgivare")
    terminal.do("round", "open", "prioritering", "--year", "2031", "--as", leader)
    waiting = len(terminal.read("outbox", "--waiting"))
    held = Terminal(env={"BEREDNING_MAIL__HOLD": "true"})

    said = held.do("work", "--once")

    assert f"0 mejl skickade, {waiting} väntar" in said


def test_health_says_that_mail_is_held(installed: Terminal) -> None:
    """Also when none waits: whoever has restored a database and forgotten sees it."""
    installed.do("work", "--once")
    held = Terminal(env={"BEREDNING_MAIL__HOLD": "true"})

    assert "Inga mejl väntar. Nya hålls kvar." in held.do("health")


def test_work_without_a_database(terminal: Terminal) -> None:
    """It does not begin, and says what is missing."""
    assert "beredning init" in terminal.refused("work")["message"]


def test_health_has_its_keys(installed: Terminal) -> None:
    """A document on stdout with every figure, and exit 1 while nobody works."""
    before = installed.run("health", "--json")
    installed.do("work", "--once")
    after = installed.read("health")

    told = json.loads(before.stdout)
    assert 1 == before.exit_code
    assert ["tick"] == [one["code"] for one in told["problems"]]
    assert set(told) == set(after)
    assert {"ok", "problems", "database", "schema", "workers", "mail", "relay"} <= set(after)
    assert {"incidents", "checkpoint", "disk"} <= set(after)
    assert True is after["ok"]


def test_health_in_words(installed: Terminal) -> None:
    """A person reads what is wrong first, and what to do."""
    bad = installed.run("health")
    installed.do("work", "--once")
    good = installed.run("health")

    assert (1, 0) == (bad.exit_code, good.exit_code)
    assert bad.stdout.startswith("! Ingen arbetare är i gång: inga")
    assert good.stdout.startswith("Allt är väl.")
    assert "Inga mejl väntar." in good.stdout


def test_health_without_a_database(terminal: Terminal) -> None:
    """What cannot be asked is told of as a problem, in the same document."""
    result = terminal.run("health", "--json")

    told = json.loads(result.stdout)
    assert (1, False) == (result.exit_code, told["ok"])
    assert "beredning init" in told["problems"][0]["message"]
    assert not Path("beredning.db").exists()


def test_health_answers_while_the_database_is_locked(installed: Terminal) -> None:
    """Somebody who writes and does not end keeps no monitor waiting."""
    installed.do("work", "--once")
    database = Database("sqlite:///beredning.db")
    with database.write():
        began = perf_counter()
        told = installed.read("health")
        took = perf_counter() - began
    database.close()

    assert True is told["ok"]
    assert took < 1


def test_health_with_bad_settings(terminal: Terminal) -> None:
    """Settings that cannot be read are refused as by every command."""
    Path("config.toml").write_text("[databas]\n", encoding="utf-8")

    assert "databas" in json.dumps(terminal.refused("health"))
