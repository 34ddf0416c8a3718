"""The program in docs/reference/log.md proves a log without any part of ours."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Place
from tests.store.builders import ROUND, make_round, write
from workflow.core.facts import EntryDraft, EntryKind, Via
from workflow.store.log import COLUMNS, GENESIS, lines, load_chain

DOCUMENT = Path(__file__).parents[2] / "docs/reference/log.md"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it stands in the document."""
    found = re.findall(r"^```python\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.M | re.S)
    assert 1 == len(found)
    path = tmp_path_factory.mktemp("verifier") / "verify_log.py"
    path.write_text(found[0], "utf-8")
    return path


@pytest.fixture
def log(make_place: Callable[..., Place]) -> tuple[list[dict[str, Any]], str]:
    """The lines of a sound log, and the hash it ends with."""
    database = make_place("sqlite").open()
    with database.write() as connection:
        make_round(connection)
        return list(lines(connection, ROUND)), load_chain(connection, ROUND).head


def run(verifier: Path, log: list[dict[str, Any]]) -> tuple[int, str]:
    """Give the exit code and the output for a log."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in log)
    done = subprocess.run(
        [sys.executable, "-I", str(verifier)],
        input=text.encode(),
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert b"" == done.stderr
    return done.returncode, done.stdout.decode()


def test_a_sound_log_is_proved(verifier: Path, log: tuple[list[dict[str, Any]], str]) -> None:
    """It says how many entries there are and what the chain ends with."""
    found, head = log

    assert (0, f"7 entries, the last hash is {head}\n") == run(verifier, found)


def test_the_program_imports_nothing_of_ours(verifier: Path) -> None:
    """Only Python's own library, so that anybody can run it."""
    imported = re.findall(r"^(?:import|from) (\w+)", verifier.read_text("utf-8"), re.M)

    assert {"json", "sys", "hashlib"} == set(imported)


def edits(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give one edited log for each thing that can be edited in line 5."""
    answers: dict[str, list[dict[str, Any]]] = {}

    def edit(name: str, change: Callable[[dict[str, Any]], None]) -> None:
        copy = json.loads(json.dumps(found))
        change(copy[4])
        answers[name] = copy

    for column in COLUMNS:
        edit(f"entry.{column}", lambda line, c=column: line["entry"].update({c: "x"}))
        edit(f"no entry.{column}", lambda line, c=column: line["entry"].pop(c))
    for key in found[4]:
        if key not in ("entry", "payload", "actor", "on_behalf_of"):
            edit(key, lambda line, k=key: line.update({k: "x"}))
        edit(f"no {key}", lambda line, k=key: line.pop(k))
    edit("actor", lambda line: line.update(actor=None))
    edit("payload.comment", lambda line: line["payload"].update(comment="x"))
    edit("payload gone", lambda line: line.update(payload=None, salt=None))
    edit("no line", lambda line: line.clear())
    answers["removed"] = found[:4] + found[5:]
    answers["first removed"] = found[1:]
    answers["swapped"] = [*found[:3], found[4], found[3], *found[5:]]
    answers["doubled"] = [*found[:5], found[4], *found[5:]]
    return answers


def test_every_edit_is_found(verifier: Path, log: tuple[list[dict[str, Any]], str]) -> None:
    """Whatever is changed, taken out, doubled or moved, the program ends with 1 and says so."""
    edited = edits(log[0])
    module = {"__name__": "verifier"}
    exec(compile(verifier.read_text("utf-8"), str(verifier), "exec"), module)  # noqa: S102

    unseen = [name for name, copy in edited.items() if not _problems(module, copy)]

    assert [] == unseen
    for name in ("entry.via", "payload.comment", "removed", "no line"):
        code, output = run(verifier, edited[name])
        assert (1, True) == (code, bool(output)), name


def _problems(module: dict[str, Any], log: list[dict[str, Any]]) -> list[str]:
    """What the program's own function finds, without a process for each."""
    previous, found = GENESIS, []
    for number, line in enumerate(log, 1):
        try:
            found += module["problems"](line, number, ROUND, previous)
            previous = line["hash"]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            found.append(repr(error))
    return found


@pytest.fixture
def disposed(make_place: Callable[..., Place]) -> list[dict[str, Any]]:
    """The lines of a log of which lines 2 to 6 were disposed of."""
    database = make_place("sqlite").open()
    with database.write() as connection:
        make_round(connection)
        connection.exec_driver_sql(
            f"DELETE FROM entry_payloads WHERE chain = '{ROUND}' AND number BETWEEN 2 AND 6"
        )
        told = {"decision": "dnr 1", "payloads": [[2, 6]], "kinds": ["payloads"]}
        write(connection, [EntryDraft(kind=EntryKind.DISPOSED, payload=told)])
        return list(lines(connection, ROUND))


def test_a_log_that_was_disposed_of_is_proved(
    verifier: Path, disposed: list[dict[str, Any]]
) -> None:
    """Removed payloads that a later line explains are counted, and are no problem."""
    code, output = run(verifier, disposed)

    assert 0 == code
    assert "5 payloads were disposed of by decisions that the log names" in output


UNEXPLAINED: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "one more": lambda log: log[6].update(payload=None, salt=None, disposed="dnr 1"),
    "another decision": lambda log: log[3].update(disposed="dnr 2"),
    "no decision": lambda log: log[3].update(disposed=None),
    "the proof itself": lambda log: log[7].update(payload=None, salt=None, disposed="dnr 1"),
    "no proof": lambda log: log.pop(),
    "one that is there": lambda log: log[0].update(disposed="dnr 1"),
}


@pytest.mark.parametrize("name", UNEXPLAINED)
def test_what_no_disposal_explains_is_found(
    verifier: Path, disposed: list[dict[str, Any]], name: str
) -> None:
    """A payload that is gone without a line that says so is a problem all the same."""
    UNEXPLAINED[name](disposed)

    code, output = run(verifier, disposed)

    assert 1 == code
    assert "payload" in output


def test_the_document_names_every_column_and_kind() -> None:
    """A new column, kind or way in needs its word in the reference."""
    text = DOCUMENT.read_text("utf-8")
    names = [*COLUMNS, "hash", "previous_hash", *EntryKind, *Via]

    assert [] == [name for name in names if f"`{name}`" not in text]
