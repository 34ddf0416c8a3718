"""Chains grow, never change, and hash alike on both databases."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest
from sqlalchemy import Connection, text

from tests.conftest import Place
from tests.store.builders import CHILDREN, NOW, ROUND, make_installation, make_round, write
from workflow.core.days import write_instant
from workflow.core.errors import NotFound, StoreError
from workflow.core.facts import EntryDraft, EntryKind
from workflow.store.canonical import canonical
from workflow.store.database import Database
from workflow.store.log import GENESIS, INSTALLATION, lines, load_chain

NOTE = EntryDraft(kind=EntryKind.ORGANISATION)


def test_the_same_round_hashes_alike_on_both_databases(make_place: Callable[..., Place]) -> None:
    """An entry's hash does not depend on where it is kept."""
    logs = []
    for dialect in ("sqlite", "postgresql"):
        database = make_place(dialect).open()
        with database.write() as connection:
            make_round(connection)
        with database.read() as connection:
            logs.append(list(lines(connection, ROUND)))

    assert logs[0] == logs[1]
    assert 7 == len(logs[0])


def test_an_entry_is_hashed_as_the_reference_says(database: Database) -> None:
    """hash = sha256(previous hash + canonical JSON of the other columns)."""
    with database.write() as connection:
        make_round(connection)
        first, *_, fifth, _, _ = lines(connection, ROUND)

    assert GENESIS == first["previous_hash"]
    expected = {
        "actor": 1,
        "at": "2026-11-22T10:00:00.123456Z",
        "case_id": CHILDREN[0],
        "case_version": 2,
        "chain": ROUND,
        "from_state": "utkast",
        "kind": "transition",
        "number": 5,
        "on_behalf_of": 2,
        "os_user": "root",
        "payload_hash": sha256(
            (fifth["salt"] + canonical(fifth["payload"])).encode()  # type: ignore[operator]
        ).hexdigest(),
        "round_id": ROUND,
        "to_state": "inlamnat",
        "transition": "lamna_in",
        "via": "command",
    }
    assert expected == fifth["entry"]
    joined = str(fifth["previous_hash"]) + canonical(expected)
    assert sha256(joined.encode()).hexdigest() == fifth["hash"]


def test_a_line_names_persons_by_their_address(database: Database) -> None:
    """People read addresses; who is unknown is shown by number."""
    with database.write() as connection:
        make_round(connection)
        write(connection, [EntryDraft(kind=EntryKind.ORGANISATION, actor=17)], chain=INSTALLATION)

        line = list(lines(connection, ROUND))[4]
        stranger = list(lines(connection, INSTALLATION))[1]

    assert ("anna@prov.example", "bo@prov.example") == (line["actor"], line["on_behalf_of"])
    assert "Färdigt, å på stående fot.\n\u2028" == line["comment"]
    assert ("17", None) == (stranger["actor"], stranger["on_behalf_of"])


def test_entries_go_on_from_the_last(database: Database) -> None:
    """Numbers have no gaps and each entry names the hash before it, over many appends."""
    with database.write() as connection:
        make_installation(connection)
        for size in (0, 1, 3, 1200):
            write(connection, [NOTE] * size, chain=INSTALLATION)
        found = list(lines(connection, INSTALLATION))
        chain = load_chain(connection, INSTALLATION)

    assert list(range(1, 1206)) == [line["number"] for line in found]
    assert [line["hash"] for line in found[:-1]] == [line["previous_hash"] for line in found[1:]]
    assert (1205, found[-1]["hash"]) == (chain.length, chain.head)


def test_no_such_chain(database: Database) -> None:
    """A chain belongs to a round or to the installation."""
    with database.read() as connection, pytest.raises(NotFound):
        load_chain(connection, "prov-1999")


def test_instants_are_written_in_utc() -> None:
    """One form whatever the zone, with microseconds even when they are nought."""
    east = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2)))

    assert "2026-11-22T10:00:00.000000Z" == write_instant(east)
    assert "2026-11-22T10:00:00.123456Z" == write_instant(NOW)


CHANGES = {
    "update": "UPDATE entries SET via = 'web' WHERE number = 2",
    "delete": "DELETE FROM entries WHERE number = 7",
    "payload": "UPDATE entry_payloads SET body = '{}' WHERE number = 2",
    "replace": "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE number = 2",
    "update or replace": "UPDATE OR REPLACE entries SET number = 3 WHERE number = 2",
    "truncate": "TRUNCATE entries",
    "replica": "SET session_replication_role = 'replica'; DELETE FROM entries",
}
ONLY_ON = {
    "replace": "sqlite",
    "update or replace": "sqlite",
    "truncate": "postgresql",
    "replica": "postgresql",
}


@pytest.mark.parametrize(
    ("dialect", "change"),
    [
        (dialect, change)
        for dialect in ("sqlite", "postgresql")
        for change in CHANGES
        if ONLY_ON.get(change, dialect) == dialect
    ],
)
def test_triggers_refuse(make_place: Callable[..., Place], dialect: str, change: str) -> None:
    """No statement changes or removes an entry by accident, and the sentence says why."""
    database = make_place(dialect).open()
    with database.write() as connection:
        make_round(connection)

    with pytest.raises(StoreError) as error, database.write() as connection:
        connection.exec_driver_sql(CHANGES[change])

    assert "kan bara fyllas på" in error.value.sv
    with database.read() as connection:
        assert 7 == len(list(lines(connection, ROUND)))


def test_a_payload_can_be_disposed_of(database: Database) -> None:
    """What was said in words may go; the entry stays and shows that it is gone."""
    with database.write() as connection:
        make_round(connection)
        connection.execute(
            text(f"DELETE FROM entry_payloads WHERE chain = '{ROUND}' AND number = 5")
        )

        line = list(lines(connection, ROUND))[4]

    assert (None, None, None) == (line["payload"], line["salt"], line["comment"])


def test_nothing_is_written_when_a_payload_cannot_be(database: Database) -> None:
    """A float has no canonical form here, and stops the whole act."""

    def write_float(connection: Connection) -> None:
        write(connection, [NOTE, EntryDraft(kind=EntryKind.ORGANISATION, payload={"share": 0.5})])

    with pytest.raises(ValueError, match="float"), database.write() as connection:
        make_round(connection)
        write_float(connection)

    with database.read() as connection:
        assert [] == list(lines(connection, ROUND))


# ---- canonical JSON ---------------------------------------------------------------------

RFC_8785 = [
    ({"b": 1, "a": None, "c": [True, False, {}]}, '{"a":null,"b":1,"c":[true,false,{}]}'),
    ({"€": 1, "\r": 2, "1": 3, "ö": 4}, '{"\\r":2,"1":3,"ö":4,"€":1}'),
    # RFC 8785 section 3.2.3: by UTF-16 code units, not by code points
    ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
    ([{"x": {"\ufb33": 1, "\U0001f600": 2}}, ()], '[{"x":{"\U0001f600":2,"\ufb33":1}},[]]'),
    # section 3.2.2.2: the two-character escapes, lower-case hexadecimals, nothing else
    ('\b\t\n\f\r"\\/\x00\x1f\x7f\u2028', '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\x7f\u2028"'),
    (-(2**53 - 1), "-9007199254740991"),
    (EntryKind.OPENED, '"opened"'),
]


@pytest.mark.parametrize(("value", "expected"), RFC_8785)
def test_canonical_json(value: object, expected: str) -> None:
    """Equal values are equal bytes, as RFC 8785 has it."""
    written = canonical(value)

    assert expected == written
    assert written == canonical(json.loads(written))


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        [0.5],
        {"a": {"b": 1.0}},
        2**53,
        float("nan"),
        {1: "a"},
        b"x",
        NOW,
        "\ud800",
        {"\ud800": 1},
    ],
)
def test_what_has_no_canonical_form(value: object) -> None:
    """Floats, large integers, other types and broken text are refused, not rounded."""
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)
