"""P8: a thousand small edits and fifty rewritten chains are found, and so is a fork."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.conftest import Place
from tests.guarantees.test_p08_evidence import after, lived, problems
from tests.service.worlds import ROUND, Photo, Stage, grains, make_world
from workflow.service.running import evidence
from workflow.service.running.upkeep import Operator, backup, restore
from workflow.store import log
from workflow.store.database import Database

__all__ = ["lived"]

EDITS = 1000
REWRITES = 50
TABLES = {
    "entries": (*log.COLUMNS, "previous_hash", "hash"),
    "entry_payloads": ("chain", "number", "salt", "body"),
}


def rows_of(connection: Connection, table: str) -> list[dict[str, Any]]:
    """Give every row of a table of the log."""
    found = connection.execute(text(f"SELECT * FROM {table} ORDER BY chain, number")).mappings()
    return [dict(row) for row in found]


def one_edit(chance: Random) -> Callable[[Connection], None]:
    """Give a small change of the log, chosen by chance: a value, a row more or less, or two
    rows in each other's place."""

    def tamper(connection: Connection) -> None:
        table = chance.choice(list(TABLES))
        rows = rows_of(connection, table)
        row = chance.choice(rows)
        where = "WHERE chain = :chain AND number = :number"
        key = {"chain": row["chain"], "number": row["number"]}
        kind = chance.random()
        if kind < 0.1:
            connection.execute(text(f"DELETE FROM {table} {where}"), key)
        elif kind < 0.2:
            names = ", ".join(TABLES[table])
            values = ", ".join("number + 1000" if n == "number" else n for n in TABLES[table])
            sql = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} {where}"
            connection.execute(text(sql), key)
        elif kind < 0.3:
            other = chance.choice([one for one in rows if one is not row])
            _swap(connection, table, row, other)
        else:
            column = chance.choice(TABLES[table])
            new = {"new": _another(chance, row[column], column)}
            connection.execute(text(f"UPDATE {table} SET {column} = :new {where}"), key | new)

    return tamper


def _swap(connection: Connection, table: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    move = text(
        f"UPDATE {table} SET chain = :to_chain, number = :to WHERE chain = :chain AND number = :n"
    )
    stops = [one, {"chain": "aside", "number": 1}, other]
    for source, target in ((stops[0], stops[1]), (stops[2], stops[0]), (stops[1], stops[2])):
        given = {"to_chain": target["chain"], "to": target["number"]}
        given |= {"chain": source["chain"], "n": source["number"]}
        connection.execute(move, given)


def _another(chance: Random, value: object, column: str) -> object:
    if isinstance(value, int):
        return value + chance.choice((-1, 1)) * chance.randint(1, 5000)
    if value is None:
        return chance.randint(1, 9) if column in ("actor", "on_behalf_of", "case_version") else "x"
    words = str(value)
    at = chance.randrange(len(words)) if words else 0
    sign = "0" if words[at : at + 1] != "0" else "1"
    return words[:at] + sign + words[at + 1 :]


def test_a_thousand_edits_are_found(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """Whatever single thing is changed in the log, verify alone says so."""
    stage = photos["groundwork"].develop(make_place("sqlite").open(), tmp_path)
    chance = Random("edits")

    missed = [number for number in range(EDITS) if not problems(after(stage, one_edit(chance)))]

    assert [] == missed


def rewriting(chance: Random) -> Callable[[Connection], None]:
    """Give a change of one entry after which its whole chain is made to agree with itself."""

    def tamper(connection: Connection) -> None:
        entries = rows_of(connection, "entries")
        chosen = chance.choice(entries)
        column = chance.choice(("os_user", "at", "actor", "via", "comment"))
        if column == "comment":
            chosen["payload_hash"] = f"{chance.getrandbits(256):064x}"
        else:
            chosen[column] = _another(chance, chosen[column], column)
        head = log.GENESIS
        for row in (one for one in entries if one["chain"] == chosen["chain"]):
            row["previous_hash"] = head
            head = row["hash"] = log.entry_hash(head, {name: row[name] for name in log.COLUMNS})
            values = ", ".join(f"{name} = :{name}" for name in TABLES["entries"])
            sql = f"UPDATE entries SET {values} WHERE chain = :chain AND number = :number"
            connection.execute(text(sql), row)
        table = "installation" if chosen["chain"] == log.INSTALLATION else "rounds"
        connection.execute(text(f"UPDATE {table} SET chain_head = :head"), {"head": head})

    return tamper


def test_fifty_rewritten_chains_are_found_by_the_witness(lived: Stage) -> None:
    """Hashes and heads computed anew deceive verify alone, and never a checkpoint."""
    kept = evidence.checkpoint(lived.world)
    chance = Random("rewrites")

    found = [problems(after(lived, rewriting(chance), kept)) for _ in range(REWRITES)]

    witnessed = "kedjan är en annan än den vittnet såg"
    assert [] == [one for one in found if not any(witnessed in problem for problem in one)]


def test_a_restored_database_that_went_another_way_is_a_fork(
    make_place: Callable[..., Place], photos: dict[str, Photo], tmp_path: Path
) -> None:
    """What the witness saw after the backup is not what the restored system did instead:
    verify names the chain, the entry and both hashes."""
    stage = photos["groundwork"].develop(make_place("sqlite").open(), tmp_path)
    one, two = stage.units("verksamhet")[:2]
    backup(stage.world, tmp_path / "copy.db", program="0.2")
    stage.hand_in(one)
    kept = evidence.checkpoint(stage.world)
    database = Database(f"sqlite:///{tmp_path}/restored.db")
    operator = Operator(
        clock=lambda _: stage.at[0], salt=grains(10**9), os_user=None, program="0.2"
    )
    restore(database, tmp_path / "copy.db", operator)
    world = make_world(database, stage.at, grains(10**12), stage.world.installation)
    elsewhere = replace(stage, world=world)

    shorter = evidence.prove(world, kept)
    elsewhere.hand_in(two)
    elsewhere.approve(two)
    forked = evidence.prove(world, kept)

    end = kept["chains"][ROUND]
    with database.read() as connection:
        now = log.load_chain(connection, ROUND)
    assert ["kedjan är avkortad"] == [
        one.problem.partition(":")[0] for one in shorter.problems if one.chain == ROUND
    ]
    (found,) = [one for one in forked.problems if one.chain == ROUND]
    assert end["length"] == found.number < now.length
    assert f"från rad {end['length']} eller tidigare" in found.problem
    assert f"vittnet såg {end['head']}" in found.problem
    assert "återställd från en äldre säkerhetskopia" in found.problem
    assert True is evidence.prove(world).ok
    database.close()


def test_a_later_witness_of_the_same_way_is_content(lived: Stage) -> None:
    """A log that has only grown since agrees with every checkpoint there ever was."""
    kept = [evidence.checkpoint(lived.world) for _ in range(3)]

    assert [True] * 3 == [evidence.prove(lived.world, one).ok for one in kept]


@pytest.mark.parametrize("what", ["name", "chain"])
def test_another_witness_is_told_from_a_fork(lived: Stage, what: str) -> None:
    """A checkpoint of another installation, or of a round that is gone, says just that."""
    kept = evidence.checkpoint(lived.world)
    if what == "name":
        kept["installation"] = "annan"
    else:
        kept["chains"]["prioritering-2009"] = {"length": 3, "head": "0" * 64}

    (found,) = evidence.prove(lived.world, kept).problems

    assert ("gäller installationen annan" if what == "name" else "är borta") in found.problem
