"""Whoever edits the log or the tables past the program is found out."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.conftest import Place
from tests.store.builders import CHILDREN, NOW, ROOT, ROUND, add, make_round, write
from workflow.core.errors import BadInput
from workflow.core.facts import EntryDraft, EntryKind
from workflow.store.database import TRIGGERS, Database
from workflow.store.log import COLUMNS, INSTALLATION, entry_hash
from workflow.store.proof.verify import Verdict, checkpoint, verify
from workflow.store.tables import Signature

FIRST, SECOND = CHILDREN


@pytest.fixture
def round_database(database: Database) -> Database:
    """A database with one sound round."""
    with database.write() as connection:
        make_round(connection)
    return database


def problems(database: Database, witnessed: dict[str, Any] | None = None) -> list[str]:
    """Give what verify finds, without what it says of missing triggers."""
    with database.read() as connection:
        verdict = verify(connection, checkpoint=witnessed)
    found = [f"{item.number}: {item.problem}" for item in verdict.problems]
    assert verdict.ok == (not found)
    return [item for item in found if "triggern" not in item]


def as_attacker(database: Database, *statements: str) -> None:
    """Change the tables as one would who has the database in hand: without triggers."""
    with database.write() as connection:
        for name in TRIGGERS[database.dialect]:
            table = name.rpartition("_no_")[0]
            off = f"ALTER TABLE {table} DISABLE TRIGGER {name}"
            connection.execute(
                text(f"DROP TRIGGER IF EXISTS {name}" if database.dialect == "sqlite" else off)
            )
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_sound_round_verifies(round_database: Database) -> None:
    """Nothing is found where nothing is wrong, and everything was looked at."""
    with round_database.read() as connection:
        verdict = verify(connection, checkpoint=checkpoint(connection, at=NOW))

    assert Verdict(ok=True, chains=2, entries=8, problems=()) == verdict


def test_an_empty_database_has_no_installation(database: Database) -> None:
    """A database that was never set up, or lost its only row, does not verify."""
    assert ["0: installationens rad saknas"] == problems(database)


def test_a_missing_trigger_is_a_problem(round_database: Database) -> None:
    """Triggers are looked for first: without them the log is open to accidents."""
    as_attacker(round_database)
    with round_database.read() as connection:
        verdict = verify(connection)

    assert list(TRIGGERS[round_database.dialect]) == [
        item.problem.split()[1] for item in verdict.problems
    ]


VALUES = {
    "chain": "'installation'",
    "number": "77",
    "at": "'2026-11-22T10:00:00.123457Z'",
    "kind": "'next'",
    "round_id": "NULL",
    "case_id": f"'{SECOND}'",
    "actor": "2",
    "on_behalf_of": "NULL",
    "via": "'web'",
    "os_user": "'anna'",
    "transition": "'godkann'",
    "from_state": "NULL",
    "to_state": "'utkast'",
    "case_version": "3",
    "payload_hash": f"'{'0' * 64}'",
    "previous_hash": f"'{'0' * 64}'",
    "hash": f"'{'0' * 64}'",
}


@pytest.mark.parametrize("column", VALUES)
def test_an_edit_of_any_column_is_found(round_database: Database, column: str) -> None:
    """Whichever column of an entry is changed, verify says so."""
    where = f"WHERE chain = '{ROUND}' AND number = 5"

    as_attacker(round_database, f"UPDATE entries SET {column} = {VALUES[column]} {where}")

    assert [] != problems(round_database)


def test_every_column_is_edited_above() -> None:
    """A new column of the log needs its line in the list of edits."""
    assert {*COLUMNS, "previous_hash", "hash"} == set(VALUES)


PAYLOAD = {
    "chain": "'installation'",
    "number": "77",
    "salt": "'0'",
    "body": "'{}'",
}


@pytest.mark.parametrize("column", PAYLOAD)
def test_an_edit_of_any_payload_column_is_found(round_database: Database, column: str) -> None:
    """Whichever column of a payload is changed, verify says so."""
    where = f"WHERE chain = '{ROUND}' AND number = 5"

    as_attacker(round_database, f"UPDATE entry_payloads SET {column} = {PAYLOAD[column]} {where}")

    assert [] != problems(round_database)


def test_text_moved_between_salt_and_body_is_found(round_database: Database) -> None:
    """The hash covers salt and body joined; moving the border makes no sound body."""
    where = f"WHERE chain = '{ROUND}' AND number = 5"

    as_attacker(
        round_database,
        "UPDATE entry_payloads SET salt = salt || substr(body, 1, 2), body = substr(body, 3)"
        f" {where}",
    )

    assert ["5: radens innehåll är inte ett JSON-objekt"] == [
        item for item in problems(round_database) if "innehåll" in item
    ]


@pytest.mark.parametrize("number", [1, 4, 7])
def test_a_deleted_entry_is_found(round_database: Database, number: int) -> None:
    """The first, one in the middle or the last."""
    where = f"WHERE chain = '{ROUND}' AND number = {number}"

    as_attacker(
        round_database,
        f"DELETE FROM entries {where}",
        f"DELETE FROM entry_payloads {where}",
    )

    assert [] != problems(round_database)


def test_a_deleted_payload_is_found(round_database: Database) -> None:
    """Nothing yet explains a missing payload."""
    as_attacker(
        round_database, f"DELETE FROM entry_payloads WHERE chain = '{ROUND}' AND number = 2"
    )

    assert ["2: radens innehåll saknas"] == problems(round_database)


def test_reordered_entries_are_found(round_database: Database) -> None:
    """Two entries that change places."""
    swap = "UPDATE {} SET number = {} WHERE chain = 'prov-2026' AND number = {}"
    as_attacker(
        round_database,
        *(
            swap.format(table, new, old)
            for table in ("entries", "entry_payloads")
            for old, new in ((3, 99), (4, 3), (99, 4))
        ),
    )

    found = problems(round_database)
    assert any(item.startswith("3: raden är ändrad") for item in found)
    assert any(item.startswith("4: raden är ändrad") for item in found)


def test_a_forged_entry_behind_the_last_is_found(round_database: Database) -> None:
    """An entry with right hashes that the round does not know of."""
    with round_database.write() as connection:
        before = _end(connection)
        write(connection, [EntryDraft(kind=EntryKind.ROUND_CLOSED)])
        _set_end(connection, *before)

    found = problems(round_database)
    assert "8: kedjan ska ha 7 rader" in found[0]
    assert ["0: omgången: closed_at är None, men loggen säger 2026-11-22T10:00:00.123456Z"] == (
        found[1:]
    )


def test_a_chain_of_nobody_is_found(round_database: Database) -> None:
    """Entries of a round that does not exist."""
    as_attacker(
        round_database,
        "INSERT INTO entries (chain, number, at, kind, via, payload_hash, previous_hash, hash)"
        " VALUES ('prov-1999', 1, '', 'opened', 'web', '', '', '')",
        "INSERT INTO entry_payloads VALUES ('prov-1999', 2, '', '{}')",
    )

    found = problems(round_database)
    assert "0: kedjan hör inte till någon omgång" in found
    assert "2: innehåll utan rad i loggen" in found


TABLES = {
    "state": f"UPDATE cases SET state = 'utkast' WHERE id = '{FIRST}'",
    "version": f"UPDATE cases SET version = 9 WHERE id = '{FIRST}'",
    "ended": f"UPDATE cases SET ended_at = entered_at WHERE id = '{FIRST}'",
    "not ended": f"UPDATE cases SET ended_at = NULL WHERE id = '{SECOND}'",
    "ended root": f"UPDATE cases SET ended_at = entered_at WHERE id = '{ROOT}'",
    "task closed": f"UPDATE tasks SET closed_at = opens_at WHERE id = '{FIRST}#2'",
    "task's state": f"UPDATE tasks SET state = 'utkast' WHERE id = '{FIRST}#2'",
    "task's id": f"UPDATE tasks SET id = '{FIRST}#3' WHERE id = '{FIRST}#2'",
    "task's deadline": f"UPDATE tasks SET due_at = NULL WHERE id = '{FIRST}#2'",
    "task of an ended case": f"UPDATE tasks SET case_id = '{SECOND}' WHERE id = '{FIRST}#2'",
    "open cases": "UPDATE rounds SET open_cases = 3",
    "join": "UPDATE joins SET delivered = 1",
    "join gone": "DELETE FROM joins",
    "head": f"UPDATE rounds SET chain_head = '{'0' * 64}'",
    "length": "UPDATE rounds SET chain_length = 6",
    "installation's head": f"UPDATE installation SET chain_head = '{'0' * 64}'",
    "case in the log only": (
        f"DELETE FROM tasks WHERE case_id = '{SECOND}'; DELETE FROM cases WHERE id = '{SECOND}'"
    ),
    "case in the tables only": (
        "INSERT INTO cases SELECT 'extra', round_id, kind, unit, parent, opened_in, started,"
        f" occasion, state, version, opened_at, entered_at, ended_at FROM cases WHERE id = '{ROOT}'"
    ),
}


@pytest.mark.parametrize("change", TABLES)
def test_a_state_that_the_log_does_not_explain_is_found(
    round_database: Database, change: str
) -> None:
    """States, versions, ends, tasks, deadlines, counts and heads must follow from the log."""
    as_attacker(round_database, *TABLES[change].split("; "))

    assert [] != problems(round_database)


SIGNATURES = {
    "another instant": "UPDATE signatures SET signed_at = '2001-01-01 00:00:00.000000'",
    "another person": "UPDATE signatures SET person_id = 1",
    "another hand": "UPDATE signatures SET signed_by = 1",
    "another transition": "UPDATE signatures SET transition = 'lamna_in'",
    "gone": "DELETE FROM signatures",
    "one more": (
        "INSERT INTO signatures SELECT task_id, transition, 1, signed_at, NULL FROM signatures"
    ),
}


@pytest.mark.parametrize("change", SIGNATURES)
def test_a_signature_that_the_log_does_not_explain_is_found(
    round_database: Database, change: str
) -> None:
    """Signatures of open tasks follow from the entries: who, for what and when."""
    sign = EntryDraft(kind=EntryKind.SIGNED, case=FIRST, transition="godkann", actor=2)
    with round_database.write() as connection:
        write(connection, [sign])
        add(
            connection,
            Signature(task_id=f"{FIRST}#2", transition="godkann", person_id=2, signed_at=NOW),
        )
    before = problems(round_database)

    as_attacker(round_database, SIGNATURES[change])

    assert [] == before
    assert any("underskriften" in one for one in problems(round_database))


NOT_READ = [
    "UPDATE cases SET entered_at = 'igår'",
    "UPDATE tasks SET due_at = 7",
    "UPDATE rounds SET opened_at = x'00'",
    "UPDATE rounds SET chain_length = 'många', chain_head = x'00'",
    "UPDATE installation SET chain_head = 7",
    f"UPDATE entries SET number = 'fem' WHERE chain = '{ROUND}' AND number = 5",
    f"UPDATE entries SET hash = x'00' WHERE chain = '{ROUND}' AND number = 7",
    f"UPDATE entries SET chain = x'00' WHERE chain = '{ROUND}' AND number = 5",
    f"UPDATE entries SET case_id = x'00' WHERE chain = '{ROUND}' AND number = 5",
    f"UPDATE entry_payloads SET body = x'00' WHERE chain = '{ROUND}' AND number = 5",
    f"UPDATE entry_payloads SET body = 7 WHERE chain = '{ROUND}' AND number = 5",
    "UPDATE joins SET opened = 'två'",
]


@pytest.mark.parametrize("statement", NOT_READ)
def test_a_value_of_another_kind_is_a_finding(
    make_place: Callable[..., Place], statement: str
) -> None:
    """SQLite stores anything in any column; what cannot be read is found, never raised."""
    database = make_place("sqlite").open()
    with database.write() as connection:
        make_round(connection)

    as_attacker(database, statement)

    assert [] != problems(database)


def test_a_deadline_is_that_of_the_last_move(round_database: Database) -> None:
    """A moved milestone gives its tasks new deadlines; the former is then wrong."""
    as_attacker(
        round_database,
        "UPDATE tasks SET due_at = (SELECT due_at FROM tasks WHERE closed_at IS NOT NULL)"
        " WHERE closed_at IS NULL",
    )

    found = problems(round_database)
    assert 1 == len(found)
    assert "loggen säger 2026-11-22T10:00:00.123456Z" in found[0]


def test_a_sound_log_of_the_wrong_states_is_found(round_database: Database) -> None:
    """A log that was extended properly, without the case moving, does not verify."""
    with round_database.write() as connection:
        write(
            connection,
            [
                EntryDraft(
                    kind=EntryKind.MISSING,
                    case=FIRST,
                    from_state="inlamnat",
                    to_state="missing",
                    case_version=3,
                    payload={"ended": True},
                ),
                EntryDraft(kind=EntryKind.NEXT),
            ],
        )

    found = problems(round_database)
    assert f"8: ärendet {FIRST}: state är inlamnat, men loggen säger missing" in found
    assert f"0: uppgiften {FIRST}#2 är öppen, men enligt loggen återstår inget" in found
    assert "9: raden flyttar ett ärende men nämner inget" in found


# ---- with a checkpoint ------------------------------------------------------------------


def test_growth_since_the_checkpoint_is_no_problem(round_database: Database) -> None:
    """A log goes on after its checkpoint."""
    with round_database.write() as connection:
        witnessed = checkpoint(connection, at=NOW)
        write(connection, [EntryDraft(kind=EntryKind.CHECKPOINT)], chain=INSTALLATION)

    assert [] == problems(round_database, witnessed)
    assert {"at", "installation", "chains"} == witnessed.keys()
    assert {"length", "head"} == witnessed["chains"][ROUND].keys()


def test_a_truncated_chain_is_found(round_database: Database) -> None:
    """Cut off cleanly, with the head put back, only a witness can tell."""
    with round_database.write() as connection:
        before = _end(connection)
        write(connection, [EntryDraft(kind=EntryKind.ROUND_CLOSED)])
        witnessed = checkpoint(connection, at=NOW)
    as_attacker(
        round_database,
        *(f"DELETE FROM {t} WHERE number = 8" for t in ("entries", "entry_payloads")),
    )
    with round_database.write() as connection:
        _set_end(connection, *before)

    assert [] == problems(round_database)
    (found,) = problems(round_database, witnessed)
    assert found.startswith("7: kedjan är avkortad: 8 rader vid kontrollpunkten, 7 nu.")


def test_a_rewritten_chain_is_found(round_database: Database) -> None:
    """A chain hashed anew from an edited entry on is sound in itself, but another."""
    with round_database.read() as connection:
        witnessed = checkpoint(connection, at=NOW)
    as_attacker(
        round_database,
        f"UPDATE entries SET os_user = 'anna' WHERE chain = '{ROUND}' AND number = 2",
    )
    with round_database.write() as connection:
        _rehash(connection)

    assert [] == problems(round_database)
    (found,) = problems(round_database, witnessed)
    with round_database.read() as connection:
        now = checkpoint(connection, at=NOW)["chains"][ROUND]["head"]
    then = witnessed["chains"][ROUND]["head"]
    assert "7: kedjan är en annan än den vittnet såg, från rad 7 eller tidigare:" in found
    assert f"raden har hash {now}, men vittnet såg {then}." in found


def test_a_missing_chain_is_found(round_database: Database) -> None:
    """A whole round that is gone."""
    with round_database.read() as connection:
        witnessed = checkpoint(connection, at=NOW)
    witnessed["chains"]["prov-2025"] = {"length": 3, "head": "0" * 64}

    assert ["0: kedjan fanns vid kontrollpunkten men är borta"] == problems(
        round_database, witnessed
    )


def test_a_checkpoint_of_another_installation_is_told(round_database: Database) -> None:
    """It proves nothing about this one."""
    with round_database.read() as connection:
        witnessed = checkpoint(connection, at=NOW)
    witnessed["installation"] = "annan"

    assert ["0: kontrollpunkten gäller installationen annan, inte prov"] == problems(
        round_database, witnessed
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"installation": "prov"},
        {"installation": "prov", "chains": []},
        {"installation": "prov", "chains": {"a": {"length": "1", "head": ""}}},
        {"installation": "prov", "chains": {"a": {"length": -1, "head": ""}}},
        {"installation": 1, "chains": {}},
    ],
)
def test_what_is_no_checkpoint(make_place: Callable[..., Place], given: dict[str, Any]) -> None:
    """A file of another kind is refused in words, not taken for an empty one."""
    with make_place("sqlite").open().read() as connection, pytest.raises(BadInput):
        verify(connection, checkpoint=given)


def _end(connection: Connection) -> tuple[int, str]:
    query = text("SELECT chain_length, chain_head FROM rounds")
    length, head = connection.execute(query).one()
    return length, head


def _set_end(connection: Connection, length: int, head: str) -> None:
    connection.execute(
        text("UPDATE rounds SET chain_length = :length, chain_head = :head"),
        {"length": length, "head": head},
    )


def _rehash(connection: Connection) -> None:
    """Make a chain sound again after an edit, as one who knows how would."""
    head = "0" * 64
    columns = ", ".join(COLUMNS)
    query = text(f"SELECT {columns} FROM entries WHERE chain = '{ROUND}' ORDER BY number")
    for row in connection.execute(query).all():
        entry = dict(row._mapping)
        new = entry_hash(head, entry)
        connection.execute(
            text(
                "UPDATE entries SET previous_hash = :head, hash = :new"
                f" WHERE chain = '{ROUND}' AND number = {entry['number']}"
            ),
            {"head": head, "new": new},
        )
        head = new
    _set_end(connection, 7, head)
