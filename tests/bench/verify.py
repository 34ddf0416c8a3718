"""A log verified whole, against reading its rows and hashing them by hand.

The database holds one round of many moves, as the store itself wrote them: of ten, one
brings a table along and two a comment. The floor reads the same rows with the bare driver
and computes the same two hashes of each; it compares nothing and replays nothing.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.bench.figures import Figure, at_least, timed, within
from tests.store.builders import CHILDREN, DUE, NOW, ROUND, make_round
from workflow.core import places
from workflow.core.days import write_instant
from workflow.core.facts import EntryDraft, EntryKind, Via
from workflow.store.database import Database
from workflow.store.log import COLUMNS, append, load_chain, save_chain
from workflow.store.proof.verify import verify

ENTRIES = 200_000
"""Of the round's chain, about."""
AT_ONCE = 1000
ROWS = [
    {"tillstand": f"Tillstånd {n}", "atgard": "Åtgärd", "typ": "effektivisering"} for n in range(4)
]


def verify_of_floor(folder: Path) -> Figure:
    """Verifying keeps half of the speed of reading the rows and hashing them by hand."""
    entries = make_log(folder / "verify-ratio.db", entries=50_000)
    return at_least(
        "verify, of reading and hashing by hand",
        0.5,
        lambda: ours(folder / "verify-ratio.db"),
        lambda: floor(folder / "verify-ratio.db"),
        per=entries,
    )


def verify_per_second(folder: Path) -> Figure:
    """200,000 entries are verified in 4 s: 50,000 a second, reading included."""
    entries = make_log(folder / "verify.db")
    return within(
        f"verify of {ENTRIES:,} entries", entries / 50_000, lambda: ours(folder / "verify.db")
    )


def make_log(file: Path, entries: int = ENTRIES) -> int:
    """Make a database whose log verifies; gives how many entries it has."""
    database = Database(f"sqlite:///{file}")
    database.create()
    grains = count()
    with database.write() as connection:
        make_round(connection)
        moves = _moves(entries)
        chain = load_chain(connection, ROUND)
        for part in range(0, entries, AT_ONCE):
            chain = append(
                connection,
                chain,
                [next(moves) for _ in range(AT_ONCE)],
                at=NOW + timedelta(seconds=part),
                round_id=ROUND,
                via=Via.WEB,
                os_user=None,
                salt=lambda: f"{next(grains):032x}",
            )
        save_chain(connection, chain)
        _bring_tables_along(connection, NOW + timedelta(seconds=entries - AT_ONCE), entries)
    database.close()
    return chain.length + 1


def _moves(entries: int) -> Iterator[EntryDraft]:
    due = {
        "owes": ["verksamhetschef", "prov"],
        "due_at": write_instant(DUE),
        "due_rule": "grundarbete",
        "ladder": "standard",
    }
    for number in range(entries):
        there = number % 2 == 0
        along: dict[str, Any] = {"sheets": {"objekt": _edits(number)}} if number % 10 == 1 else {}
        if number % 5 == 0:
            along["comment"] = "Kompletterat efter samtal med driftenheten."
        yield EntryDraft(
            kind=EntryKind.TRANSITION,
            case=CHILDREN[0],
            transition="aterlamna" if there else "lamna_in",
            from_state="inlamnat" if there else "utkast",
            to_state="utkast" if there else "inlamnat",
            case_version=number + 3,
            actor=1,
            payload={**due, **along},
        )


def _edits(number: int) -> list[list[Any]]:
    """Give how the table becomes what it is: made by the second entry, changed by every tenth."""
    if number == 1:
        spread = zip(ROWS, places.spread(len(ROWS)), strict=True)
        return [["add", at, place, row] for at, (row, place) in enumerate(spread, start=1)]
    return [["set", at, {"atgard": f"Åtgärd {number}"}] for at in range(1, len(ROWS) + 1)]


def _bring_tables_along(connection: Any, at: Any, entries: int) -> None:
    """Let the case, its task and its table be what the last entries say."""
    stored = f"{at:%Y-%m-%d %H:%M:%S.%f}"
    case, version = CHILDREN[0], entries + 2
    statements = [
        f"UPDATE cases SET version = {version}, entered_at = '{stored}' WHERE id = '{case}'",
        f"UPDATE tasks SET id = '{case}#{version}', opens_at = '{stored}',"
        f" ladder_from = '{stored}', due_rule = 'grundarbete',"
        f" due_at = '{DUE:%Y-%m-%d %H:%M:%S.%f}' WHERE closed_at IS NULL",
    ]
    for sql in statements:
        connection.execute(text(sql))
    times = [number for number in range(entries) if number % 10 == 1]
    for number, (cells, place) in enumerate(zip(ROWS, places.spread(len(ROWS)), strict=True), 1):
        last = {**cells, "atgard": f"Åtgärd {times[-1]}"}
        row = {
            "case": case,
            "number": number,
            "place": place,
            "version": len(times),
            "cells": json.dumps(last),
        }
        sql = (
            "INSERT INTO material_rows (case_id, table_key, owner, number, place, version, cells)"
            " VALUES (:case, 'objekt', 0, :number, :place, :version, :cells)"
        )
        connection.execute(text(sql), row)
    sheet = {"case": case, "last": len(ROWS)}
    connection.execute(text("INSERT INTO sheets VALUES (:case, 'objekt', 0, :last, '{}')"), sheet)


def ours(file: Path) -> float:
    """Give the seconds that it takes to verify everything, reading included."""
    database = Database(f"sqlite:///{file}")
    found = []

    def work() -> None:
        with database.read() as connection:
            found.append(verify(connection))

    seconds = timed(work)
    database.close()
    if not found[0].ok:
        raise AssertionError(found[0].problems[:3])
    return seconds


def floor(file: Path) -> float:
    """Give the seconds that it takes to read every row and hash it, by hand."""
    columns = ", ".join(COLUMNS)
    sql = (
        f"SELECT {columns}, previous_hash, hash, salt, body FROM entries"
        " JOIN entry_payloads USING (chain, number) ORDER BY chain, number"
    )
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def work() -> None:
        with closing(sqlite3.connect(file)) as connection:
            for row in connection.execute(sql):
                sha256((row[15] + encode(dict(zip(COLUMNS, row[:15], strict=True)))).encode())
                sha256((row[17] + row[18]).encode())

    return timed(work)
