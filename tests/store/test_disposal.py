"""Disposal by decision: the words go, the lines stay, and verify says by which decision."""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Place
from tests.support.recorded import moments, revive_postgres, revive_sqlite
from workflow.core.errors import BadInput, Locked, NotFound
from workflow.core.facts import Via
from workflow.service.running import evidence, installation
from workflow.service.running.disposal import Disposal, Kind, Wish, dispose
from workflow.service.running.upkeep import Operator, upgrade
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.gone import KEPT, Disposals, Explained
from workflow.store.occupation import lock_file, occupy

NOW = datetime(2021, 3, 1, 8, tzinfo=UTC)
DECISION = "dnr RS 123/2026"
ROUND = "prioritering-2010"
ALL = frozenset(Kind)
OPEN, CLOSED = sorted(moments("0001"))[10], sorted(moments("0001"))[-1]
CANARIES = {
    "comment": "inget kom",
    "question": "patienter ber",
    "answer": "hittat svar",
    "mail": "X-Beredning-Kind: ",
    "name": "Malmlid",
    "address": "olle.malmlid",
    "server's answer": "kanariefågel",
}
"""What stands in the closed year's database in one place or several."""


@dataclass(frozen=True)
class Archive:
    """A database with a year that is over, or one that is under way."""

    world: World
    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read rows past the program."""
        with self.world.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def change(self, *statements: str) -> None:
        """Change rows past the program."""
        with self.world.database.write() as connection:
            for sql in statements:
                connection.execute(text(sql))

    def dispose(self, *kinds: Kind, **more: Any) -> Disposal:
        """Dispose of what was over before 2020."""
        given = {"before": date(2020, 1, 1), "kinds": frozenset(kinds or ALL)} | more
        return dispose(self.world, Wish(**{"decision": DECISION, **given}))

    def problems(self) -> list[str]:
        """Give what verify finds."""
        with self.world.database.read() as connection:
            return [f"{one.number}: {one.problem}" for one in evidence.examine(connection).problems]

    def bytes(self) -> bytes:
        """Give everything that lies in the database's files."""
        file = Path(self.url.removeprefix("sqlite:///"))
        beside = [file.with_name(file.name + side) for side in ("", "-wal", "-journal")]
        return b"".join(one.read_bytes() for one in beside if one.exists())


def world_of(database: Database) -> World:
    """Give a world whose clock stands in 2021."""
    return World(
        database=database,
        clock=lambda _: NOW,
        salt=lambda: "5a" * 16,
        via=Via.COMMAND,
        installation=installation.look(database).name,
    )


def build(place: Place, moment: str) -> Archive:
    """Bring a recorded moment up to date, in a database of either kind."""
    sql = moments("0001")[moment]
    if place.dialect == "sqlite":
        revive_sqlite(sql, Path(place.url.removeprefix("sqlite:///")))
        database = place.open()
    else:
        database = place.open()
        revive_postgres(sql, database, "0001")
    operator = Operator(clock=lambda _: NOW, salt=lambda: "0" * 32, os_user=None, program="0.2")
    upgrade(database, operator, dry_run=False)
    archive = Archive(world_of(database), place.url)
    archive.change(
        "UPDATE messages SET to_address = 'olle.malmlid@alvmark.example' WHERE id = 7",
        "INSERT INTO delivery_attempts VALUES (7, 1, '2009-03-01 08:00:00', 'sent',"
        " '250 kanariefågel')",
        "UPDATE grants SET to_on = '2018-12-31' WHERE person_id = 3",
    )
    return archive


@pytest.fixture
def over(empty_place: Place) -> Archive:
    """A year that was closed on 1 August 2009; on each kind of database."""
    return build(empty_place, CLOSED)


@pytest.fixture
def under_way(empty_place: Place) -> Archive:
    """A year in March 2009; on each kind of database."""
    return build(empty_place, OPEN)


def test_a_disposed_round_verifies_and_says_by_which_decision(over: Archive) -> None:
    """Afterwards verify is content, and says which lines, which decision and which entry."""
    length = over.rows("SELECT chain_length FROM rounds")[0][0]

    done = over.dispose()

    with over.world.database.read() as connection:
        verdict = evidence.examine(connection)
    assert () == verdict.problems
    assert Explained(1, length, DECISION, length + 1) in [
        one.payloads for one in verdict.disposed if one.chain == ROUND
    ]
    assert any("tabeller och frågor i 13 ärenden" == one for one in verdict.disposed[-1].uncompared)
    assert length == done.chains[ROUND]["payloads"]
    assert [(length + 1,)] == over.rows(
        f"SELECT number FROM entry_payloads WHERE chain = '{ROUND}'"
    )


def test_what_was_said_is_nowhere_in_the_file(make_place: Callable[..., Place]) -> None:
    """Not one of the strings is left in the bytes of the database or of its journal."""
    archive = build(make_place("sqlite", schema=False), CLOSED)
    before = archive.bytes()

    archive.dispose()

    after = archive.bytes()
    unseen = [name for name, canary in CANARIES.items() if canary.encode() not in before]
    left = [name for name, canary in CANARIES.items() if canary.encode() in after]
    assert [] == unseen == left


def test_the_log_tells_what_is_gone(over: Archive) -> None:
    """Each line without its payload bears the decision; the others none."""
    over.dispose(Kind.PAYLOADS)

    lines = evidence.log_lines(over.world, ROUND)

    assert {DECISION} == {line["disposed"] for line in lines[:-1]}
    assert (None, "disposed") == (lines[-1]["disposed"], lines[-1]["kind"])
    payload: Any = lines[-1]["payload"]
    assert [[1, len(lines) - 1]] == payload["payloads"]
    assert ("2020-01-01", ["payloads"]) == (payload["before"], payload["kinds"])


def test_an_open_round_is_left_alone(under_way: Archive) -> None:
    """Nothing of a round that is not closed, nor any mail or refusal of it."""
    before = under_way.rows(f"SELECT * FROM entry_payloads WHERE chain = '{ROUND}' ORDER BY number")
    texts = under_way.rows("SELECT id, body, content, to_address FROM messages ORDER BY id")

    done = under_way.dispose()

    assert ["installation"] == list(done.chains)
    assert before == under_way.rows(
        f"SELECT * FROM entry_payloads WHERE chain = '{ROUND}' ORDER BY number"
    )
    assert texts == under_way.rows("SELECT id, body, content, to_address FROM messages ORDER BY id")
    assert [("Olle Malmlid",)] == under_way.rows("SELECT name FROM people WHERE id = 3")
    assert [] == under_way.problems()


def test_a_round_closed_on_the_day_is_left_alone(over: Archive) -> None:
    """It was closed on 1 August 2009; before that day it was not."""
    same_day = over.dispose(Kind.PAYLOADS, before=date(2009, 8, 1))
    day_after = over.dispose(Kind.PAYLOADS, before=date(2009, 8, 2))

    assert ROUND not in same_day.chains
    assert ROUND in day_after.chains


def test_a_dry_run_counts_and_does_nothing(over: Archive) -> None:
    """It says what the real run then does, and changes no row."""
    tables = ("entries", "entry_payloads", "messages", "people", "questions", "refusals")
    before = [over.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]

    dry = over.dispose(dry_run=True)

    assert before == [over.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    assert dry == over.dispose()
    assert {"payloads", "questions", "messages", "refusals", "people", "envelopes", "answers"} <= {
        word for word, count in dry.total().items() if count
    }


def test_disposing_again_finds_nothing(over: Archive) -> None:
    """What is gone is gone; no second entry says so."""
    over.dispose()
    entries = over.rows("SELECT count(*) FROM entries")

    again = over.dispose()

    assert {} == again.chains
    assert entries == over.rows("SELECT count(*) FROM entries")


def test_a_person_keeps_the_number_and_loses_the_name(over: Archive) -> None:
    """The log knows persons by number; name, key, address and party are gone, for those who
    have held nothing since."""
    over.dispose(Kind.ADDRESSES)

    assert [("#gallrad-3", "gallrad-3", "gallrad", "")] == over.rows(
        "SELECT key, email, name, party FROM people WHERE id = 3"
    )
    assert 1 == over.rows("SELECT count(*) FROM people WHERE name = 'gallrad'")[0][0]
    assert [] == over.problems()


KEEPS = {
    "holds something": "UPDATE grants SET to_on = '2020-01-01' WHERE person_id = 3",
    "never held anything": "DELETE FROM grants WHERE person_id = 3",
    "stands in for somebody": (
        "INSERT INTO substitutions (person_id, substitute_id, from_on, to_on, given_at) VALUES"
        " (1, 3, '2019-01-01', '2021-01-01', '2019-01-01 00:00:00')"
    ),
    "has mail to come": "UPDATE messages SET state = 'queued', person_id = 3 WHERE id = 9",
    "acted in a round that is open": "UPDATE rounds SET closed_at = NULL",
}


@pytest.mark.parametrize("reason", KEEPS)
def test_who_is_still_needed_keeps_the_name(over: Archive, reason: str) -> None:
    """A role, a substitution, a mail or an open round keeps a person in the register; so
    does never having held anything, which new people have not."""
    over.change(KEEPS[reason])

    over.dispose(Kind.ADDRESSES)

    assert [("Olle Malmlid",)] == over.rows("SELECT name FROM people WHERE id = 3")


def test_only_what_is_named_goes(over: Archive) -> None:
    """Each kind takes its own and nothing else."""
    over.dispose(Kind.MESSAGES)

    assert 0 == over.rows("SELECT count(*) FROM messages WHERE body IS NOT NULL")[0][0]
    assert 230 == over.rows("SELECT count(*) FROM messages")[0][0]
    assert "patienter" in over.rows("SELECT text FROM questions")[0][0]
    assert 1 == over.rows("SELECT count(*) FROM refusals")[0][0]
    assert [("olle.malmlid@alvmark.example",)] == over.rows(
        "SELECT to_address FROM messages WHERE id = 7"
    )
    (line,) = [x for x in evidence.log_lines(over.world, "installation") if x["kind"] == "disposed"]
    assert 230 == line["payload"]["counts"]["messages"]  # type: ignore[index]


def test_questions_can_go_before_the_log_does(over: Archive) -> None:
    """Their words are then not compared with what the log still says of them; who asked
    whom and when still is."""
    over.dispose(Kind.QUESTIONS)

    assert [] == over.problems()
    assert {("gallrad", "gallrad")} == {*over.rows("SELECT text, answer FROM questions")}
    over.change("UPDATE questions SET asked_by = 1 WHERE number = 1")
    assert [] != over.problems()


# ---- what is not disposed of ------------------------------------------------------------


def test_a_payload_that_is_gone_without_a_decision_is_found(over: Archive) -> None:
    """Before a disposal or after one: what no entry tells of is a finding."""
    over.change(f"DELETE FROM entry_payloads WHERE chain = '{ROUND}' AND number = 5")
    alone = over.problems()

    over.dispose(Kind.PAYLOADS)

    assert ["5: radens innehåll saknas"] == alone == over.problems()


def test_the_proof_of_a_disposal_is_not_disposed_of(over: Archive) -> None:
    """Without the payload that tells of it, everything it explained is a finding."""
    over.dispose(Kind.PAYLOADS)
    over.dispose(before=date(2021, 1, 1))
    length = over.rows(f"SELECT max(number) FROM entries WHERE chain = '{ROUND}'")[0][0]

    assert [] == over.problems()
    over.change(f"DELETE FROM entry_payloads WHERE chain = '{ROUND}'")
    assert length == len(over.problems())


def test_what_proves_stays_in_the_installations_chain(over: Archive) -> None:
    """Installed, witnessed, restored, disposed of, stood in for: what says so is kept."""
    evidence.checkpoint(over.world)

    over.dispose(before=date(2021, 3, 1))

    kinds = {
        line["kind"]
        for line in evidence.log_lines(over.world, "installation")
        if line["payload"] is not None
    }
    assert {"installed", "checkpoint", "disposed"} <= kinds <= {*KEPT, "upgraded"}
    assert [] == over.problems()


FORGED = [
    {"payloads": [[1, 10**12]]},
    {"payloads": [[-(10**12), 3]]},
    {"payloads": [[5, 5]], "decision": None},
    {"payloads": "alla"},
    {"payloads": [["1", "9"]]},
    {},
]


@pytest.mark.parametrize("payload", FORGED)
def test_a_disposal_that_says_too_much_explains_nothing(payload: dict[str, object]) -> None:
    """Ranges that reach beyond the entry, or are none, are not taken at their word."""
    found = Disposals()
    for number in (5, 7, 60):
        found.miss(number, "transition")

    found.take(60, payload)

    assert found.unexplained() == ([7, 60] if payload.get("payloads") == [[5, 5]] else [5, 7, 60])


# ---- refused ----------------------------------------------------------------------------


REFUSED = {
    "a day to come": ({"before": date(2021, 3, 2)}, BadInput),
    "no kind": ({"kinds": frozenset()}, BadInput),
    "no decision": ({"decision": "  "}, BadInput),
    "a decision's whole text": ({"decision": "x" * 201}, BadInput),
    "a person who is not there": ({"email": "ingen@alvmark.example"}, NotFound),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_refused_changes_nothing(under_way: Archive, reason: str) -> None:
    """A wrong wish is turned down before anything is touched."""
    given, error = REFUSED[reason]
    before = under_way.rows("SELECT count(*) FROM entries")

    with pytest.raises(error):
        under_way.dispose(**given)

    assert before == under_way.rows("SELECT count(*) FROM entries")


def test_not_while_a_worker_runs(make_place: Callable[..., Place]) -> None:
    """On SQLite the file is written anew, for which it must be one's own."""
    archive = build(make_place("sqlite", schema=False), OPEN)
    file = archive.world.database.file

    with occupy(file), pytest.raises(Locked) as error:
        archive.dispose()

    assert "beredning work" in error.value.sv
    assert file is not None and lock_file(file).name == "test_0.db.worker"


# ---- cut off ----------------------------------------------------------------------------


def _dispose(url: str) -> None:
    dispose(world_of(Database(url)), Wish(before=date(2020, 1, 1), kinds=ALL, decision=DECISION))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_a_disposal_that_is_killed_goes_on(make_place: Callable[..., Place]) -> None:
    """Killed at any instant the database verifies; doing it again finishes it."""
    chance = Random("kill")
    for _ in range(10):
        archive = build(make_place("sqlite", schema=False), CLOSED)
        archive.world.database.close()
        process = multiprocessing.get_context("fork").Process(target=_dispose, args=(archive.url,))
        process.start()
        process.join(chance.uniform(0.01, 0.25))
        process.kill()
        process.join()

        halfway = archive.problems()
        archive.dispose()

        assert [] == halfway == archive.problems()
        assert [] == [name for name, word in CANARIES.items() if word.encode() in archive.bytes()]
        disposed = f"SELECT count(*) FROM entries WHERE kind = 'disposed' AND chain = '{ROUND}'"
        assert [(1,)] == archive.rows(disposed)
        archive.world.database.close()
