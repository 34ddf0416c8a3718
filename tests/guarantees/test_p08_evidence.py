"""P8: verify shows every change of the log, and every state that the log does not explain."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Connection, TextClause, text

from tests.service.worlds import ROUND, Stage
from workflow.service import clockwork, extending, leading, moving
from workflow.service.running import evidence
from workflow.store import log
from workflow.store.database import TRIGGERS
from workflow.store.proof.verify import Verdict
from workflow.store.tables import metadata

NOT_TOLD: dict[str, set[str]] = {
    "cases": set(),
    "tasks": {"next_reminder_at"},  # the clock moves it on, and its steps are no entries
    "joins": set(),
    "rounds": {"version"},  # counts transactions, which the log does not tell apart
    "round_units": set(),
    "milestones": {"next_reminder_at"},
    "material_rows": set(),
    "questions": set(),
    "extensions": {"id", "reason", "answer_reason"},  # words, as comments are
    "entries": set(),
    "entry_payloads": set(),
}
"""Columns that no entry tells of, so that no log can explain them."""
TABLES = [
    (table, column.name)
    for table in NOT_TOLD
    for column in metadata.tables[table].columns
    if column.name not in NOT_TOLD[table]
]


class _Undo(Exception):
    """What was done in a transaction was for show."""


@pytest.fixture
def lived(groundwork: Stage) -> Stage:
    """A round in which something of everything has happened."""
    one, two, three = groundwork.units("verksamhet")[:3]
    groundwork.hand_in(one)
    groundwork.approve(one)
    groundwork.hand_in(two)
    groundwork.act(
        groundwork.case("underlag", two),
        "aterlamna",
        groundwork.boss(two),
        data={"questions": ["Hur många?"]},
    )
    groundwork.act(
        groundwork.case("underlag", three), "withdraw", groundwork.boss(three), comment="Utgår"
    )
    groundwork.hand_in(two, data={"answers": {"1": "Tre."}})
    groundwork.change(
        "INSERT INTO units (key, name, kind, parent, from_on, to_on, position) VALUES"
        " ('ny', 'Nya kliniken', 'verksamhet', :parent, '0001-01-01', '9999-12-31', 99)",
        parent=groundwork.units("driftenhet")[0],
    )
    leading.add_unit(groundwork.world, ROUND, "ny", reason="Ny", email=groundwork.leader)
    day = date(2009, 3, 6)
    moving.move_milestone(groundwork.world, ROUND, "grundarbete", day, reason="Sjukdom")
    late = groundwork.case("underlag", two)
    extending.grant(groundwork.world, late, date(2009, 3, 10), reason="Ja")
    groundwork.put("2009-02-25")
    clockwork.tick(groundwork.world)
    return groundwork


def after(
    stage: Stage, tamper: Callable[[Connection], None], kept: dict[str, Any] | None = None
) -> Verdict:
    """Give what verify says when somebody with the database in hand has been at it."""
    found: list[Verdict] = []
    try:
        with stage.world.database.write() as connection:
            _disarm(connection, stage.world.database.dialect)
            tamper(connection)
            found.append(evidence.examine(connection, kept))
            raise _Undo
    except _Undo:
        return found[0]


def _disarm(connection: Connection, dialect: str) -> None:
    if dialect == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in TRIGGERS[dialect]:
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    for table in metadata.tables:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def problems(verdict: Verdict) -> list[str]:
    """Give what was found besides that the triggers are off."""
    return [item.problem for item in verdict.problems if "triggern" not in item.problem]


def _run(connection: Connection, sql: TextClause) -> None:
    assert 1 <= connection.execute(sql).rowcount


def row_of(stage: Stage, table: str) -> str:
    """Give the condition that picks one row of a table."""
    case = stage.case("underlag", stage.units("verksamhet")[1])
    return {
        "cases": f"id = '{case}'",
        "tasks": f"id = '{case}#4'",
        "joins": f"case_id = '{stage.case('avstamning', stage.units('driftenhet')[0])}'",
        "rounds": f"id = '{ROUND}'",
        "round_units": "key = 'ny'",
        "milestones": "key = 'grundarbete'",
        "material_rows": f"case_id = '{case}'",
        "questions": f"case_id = '{case}'",
        "extensions": f"task_id = '{case}#4'",
        "entries": f"chain = '{ROUND}' AND number = 5",
        "entry_payloads": f"chain = '{ROUND}' AND number = 5",
    }[table]


def edit(stage: Stage, table: str, column: str) -> Callable[[Connection], None]:
    """Change one column of one row, whatever it holds."""
    described = metadata.tables[table].columns[column]
    kind = described.type.python_type
    where = row_of(stage, table)
    if column.endswith("_at") or column == "ladder_from":
        new = "'2001-01-01 00:00:00.000000'"
    elif kind is date:
        new = "'2001-01-01'"
    elif kind is bool:
        new = f"NOT {column}"
    elif kind is int:
        new = f"coalesce({column}, 0) + 70000"
    else:
        new = f"coalesce({column}, '') || 'x'"

    def tamper(connection: Connection) -> None:
        done = connection.execute(text(f"UPDATE {table} SET {column} = {new} WHERE {where}"))
        assert 1 == done.rowcount

    return tamper


def test_a_round_that_nobody_touched_verifies(lived: Stage) -> None:
    """Nothing is found where nothing is wrong, the triggers' absence aside."""
    assert True is evidence.prove(lived.world).ok
    assert [] == problems(after(lived, lambda _: None))


def test_an_edit_of_any_column_is_found(lived: Stage) -> None:
    """Whichever told column of cases, tasks, joins, rounds, entries or payloads is changed
    in one row, verify says so."""
    missed = [
        f"{table}.{column}"
        for table, column in TABLES
        if not problems(after(lived, edit(lived, table, column)))
    ]

    assert 85 <= len(TABLES)
    assert [] == missed


def test_what_is_not_told_is_known() -> None:
    """Each column the log does not tell of is there, so that a new one needs a thought."""
    for table, columns in NOT_TOLD.items():
        assert set() == columns - {column.name for column in metadata.tables[table].columns}


@pytest.mark.parametrize("table", [table for table in NOT_TOLD if table != "rounds"])
def test_a_row_that_is_gone_is_found(lived: Stage, table: str) -> None:
    """A deleted row leaves a gap that verify names."""
    where = row_of(lived, table)

    def tamper(connection: Connection) -> None:
        assert 1 <= connection.execute(text(f"DELETE FROM {table} WHERE {where}")).rowcount

    assert [] != problems(after(lived, tamper))


@pytest.mark.parametrize("table", ["round_units", "milestones", "material_rows", "questions"])
def test_a_row_that_nobody_told_of_is_found(lived: Stage, table: str) -> None:
    """So does a row put beside the others."""
    name = {"material_rows": "number", "questions": "number"}.get(table, "key")
    new = "77" if name == "number" else "'annan'"
    columns = [column.name for column in metadata.tables[table].columns]
    values = ", ".join(new if column == name else column for column in columns)

    def tamper(connection: Connection) -> None:
        connection.execute(
            text(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
                f" WHERE {row_of(lived, table)}"
            )
        )

    assert 1 == len(problems(after(lived, tamper)))


def test_sound_cells_of_another_content_are_found(lived: Stage) -> None:
    """A figure that somebody put in place of another, in the form the program writes."""
    where = row_of(lived, "material_rows")
    cells = lived.rows(f"SELECT cells FROM material_rows WHERE {where}")[0][0]
    row = json.loads(cells)
    row[min(row)] = "annat"

    def tamper(connection: Connection) -> None:
        connection.execute(
            text(f"UPDATE material_rows SET cells = :new WHERE {where}"), {"new": json.dumps(row)}
        )

    (found,) = problems(after(lived, tamper))

    assert "är inte den som loggen berättar om" in found


def test_what_cannot_be_read_is_a_finding(lived: Stage) -> None:
    """Text where a day or an instant belongs, which SQLite stores, and broken JSON stop no
    verification: each is found."""
    tried = [("material_rows", "cells")]
    if lived.world.database.dialect == "sqlite":
        tried += [
            (table, column) for table, column in TABLES if column.endswith(("_at", "_on", "_from"))
        ]

    def garble(table: str, column: str) -> Callable[[Connection], None]:
        sql = text(f"UPDATE {table} SET {column} = '{{' WHERE {row_of(lived, table)}")
        return lambda connection: _run(connection, sql)

    found = [problems(after(lived, garble(*one))) for one in tried]

    assert [] not in found
    assert any("går inte att läsa" in problem for one in found for problem in one)


def test_a_payload_that_is_gone_is_one_finding(lived: Stage) -> None:
    """What cannot be compared because a payload is gone adds nothing to its absence,
    whichever entry it belongs to; nor when all are gone."""
    (count,) = lived.rows(f"SELECT count(*) FROM entry_payloads WHERE chain = '{ROUND}'")[0]

    def dispose(first: int, last: int) -> list[str]:
        where = f"chain = '{ROUND}' AND number BETWEEN {first} AND {last}"
        sql = text(f"DELETE FROM entry_payloads WHERE {where}")
        return problems(after(lived, lambda connection: _run(connection, sql)))

    each = [dispose(number, number) for number in range(1, count + 1)]
    every = dispose(1, count)

    assert [["radens innehåll saknas"]] * count == each
    assert ["radens innehåll saknas"] * count == every


def test_entries_that_changed_places_are_found(lived: Stage) -> None:
    """Two lines in each other's place no longer hang together."""

    def tamper(connection: Connection) -> None:
        for old, new in ((5, 1005), (6, 5), (1005, 6)):
            for table in ("entries", "entry_payloads"):
                connection.execute(
                    text(
                        f"UPDATE {table} SET number = {new} WHERE number = {old}"
                        f" AND chain = '{ROUND}'"
                    )
                )

    assert [] != problems(after(lived, tamper))


def rewrite(connection: Connection) -> None:
    """Take a line's comment out and compute the whole chain anew, heads and all."""
    rows = connection.execute(
        text(f"SELECT * FROM entries WHERE chain = '{ROUND}' ORDER BY number")
    ).mappings()
    head = log.GENESIS
    for row in list(rows):
        body, salt = connection.execute(
            text(f"SELECT body, salt FROM entry_payloads WHERE chain = '{ROUND}' AND number = :n"),
            {"n": row["number"]},
        ).one()
        told = json.loads(body)
        if told.pop("comment", None):
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        entry = {name: row[name] for name in log.COLUMNS}
        entry["payload_hash"] = sha256((salt + body).encode()).hexdigest()
        new = log.entry_hash(head, entry)
        connection.execute(
            text(
                "UPDATE entries SET payload_hash = :payload, previous_hash = :before, hash = :new"
                f" WHERE chain = '{ROUND}' AND number = :number"
            ),
            {
                "payload": entry["payload_hash"],
                "before": head,
                "new": new,
                "number": row["number"],
            },
        )
        connection.execute(
            text(f"UPDATE entry_payloads SET body = :body WHERE chain = '{ROUND}' AND number = :n"),
            {"body": body, "n": row["number"]},
        )
        head = new
    connection.execute(text(f"UPDATE rounds SET chain_head = '{head}' WHERE id = '{ROUND}'"))


def test_a_rewritten_chain_needs_a_witness(lived: Stage) -> None:
    """Who rewrites the whole chain is found by the checkpoint that somebody else kept, and
    by nothing else: a log without a witness is a promise."""
    kept = evidence.checkpoint(lived.world)

    alone, witnessed = after(lived, rewrite), after(lived, rewrite, kept)

    assert [] == problems(alone)
    assert ["kedjan är en annan än den vittnet såg"] == [
        one.partition(",")[0] for one in problems(witnessed)
    ]


def test_a_truncated_chain_needs_a_witness(lived: Stage) -> None:
    """So is one whose last lines are cut off, with all that they told undone."""
    kept = evidence.checkpoint(lived.world)

    def truncate(connection: Connection) -> None:
        length = connection.execute(text("SELECT chain_length FROM installation")).scalar_one()
        for table in ("entries", "entry_payloads"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE chain = 'installation' AND number = {length}")
            )
        connection.execute(
            text(
                f"UPDATE installation SET chain_length = {length - 1}, chain_head = (SELECT hash"
                f" FROM entries WHERE chain = 'installation' AND number = {length - 1})"
            )
        )

    alone, witnessed = after(lived, truncate), after(lived, truncate, kept)

    assert [] == problems(alone)
    assert ["kedjan är avkortad"] == [one.partition(":")[0] for one in problems(witnessed)]


def test_a_round_that_is_gone_needs_a_witness(lived: Stage) -> None:
    """Who deletes a round with its chain is found by the checkpoint."""
    kept = evidence.checkpoint(lived.world)

    def delete(connection: Connection) -> None:
        for table in ("entries", "entry_payloads"):
            connection.execute(text(f"DELETE FROM {table} WHERE chain = '{ROUND}'"))
        for table in ("tasks", "cases"):
            connection.execute(text(f"DELETE FROM {table} WHERE round_id = '{ROUND}'"))
        connection.execute(text(f"DELETE FROM rounds WHERE id = '{ROUND}'"))

    witnessed = after(lived, delete, kept)

    assert "kedjan fanns vid kontrollpunkten men är borta" in problems(witnessed)
