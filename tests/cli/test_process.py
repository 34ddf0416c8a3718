"""The program as a process of its own: pipes, encodings, exit codes, the time it takes."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROUND

PROGRAM = Path(sys.executable).with_name("beredning")


@pytest.fixture
def made_here(made: Path) -> Iterator[None]:
    """Stand beside a rehearsal with an open round."""
    shutil.copy(made / "beredning.db", "beredning.db")
    yield


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [PROGRAM, *words], env={**os.environ, **environment}, capture_output=True, check=False
    )


@pytest.mark.usefixtures("made_here")
def test_exit_codes_and_streams() -> None:
    """0 done, 1 refused, 2 wrong usage; a refused document has stderr to itself."""
    done = _run("round", "list", "--json")
    refused = _run("round", "show", "x", "--json")
    wrong = _run("round", "shw")

    assert (0, 1, 2) == (done.returncode, refused.returncode, wrong.returncode)
    assert ROUND == json.loads(done.stdout)[0]["round"]
    assert "not_found" == json.loads(refused.stderr)["error"]["code"]
    assert b"" == refused.stdout == wrong.stdout


@pytest.mark.usefixtures("made_here")
def test_a_reader_that_leaves_is_no_error() -> None:
    """`beredning log ROUND | head -1` ends in silence, and well."""
    read, write = os.pipe()
    os.close(read)

    result = subprocess.run(
        [PROGRAM, "log", ROUND, "--json"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)

    assert 0 == result.returncode
    assert b"Traceback" not in result.stderr
    assert 1 == len(result.stderr.splitlines())


@pytest.mark.usefixtures("made_here")
def test_a_terminal_without_utf8() -> None:
    """What has no sign is replaced; a document is the same document."""
    words = _run("round", "show", ROUND, PYTHONIOENCODING="ascii")
    document = _run("tasks", "--all", "--json", PYTHONIOENCODING="ascii")
    helped = _run("act", "--help", PYTHONIOENCODING="latin-1")

    (task,) = json.loads(document.stdout)
    assert 0 == words.returncode == document.returncode == helped.returncode
    assert b"Traceback" not in words.stderr + helped.stderr
    assert "Prioriteringsomgång" in task["title"]


@pytest.mark.usefixtures("made_here")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a full device")
def test_an_answer_that_cannot_be_written() -> None:
    """A disk that is full where the answer goes gives exit 1 and says so."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [PROGRAM, "round", "list"], stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert 1 == result.returncode
    assert "disken är full" in result.stderr.decode()


def test_a_command_that_is_stopped() -> None:
    """Ctrl-C ends a year that is played: one sentence, exit 130, no database left behind."""
    play = subprocess.Popen(
        [PROGRAM, "simulate", "prioritering", "--year", "2010", "--out", "year"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert play.stdout is not None
    play.stdout.readline()
    play.send_signal(signal.SIGINT)
    _, told = play.communicate(timeout=30)

    assert 130 == play.returncode
    assert "Avbrutet" in told.decode()
    assert "Traceback" not in told.decode()
    assert not Path("year/rehearsal.db").exists()


def test_help_loads_nothing_heavy() -> None:
    """`--help` is quick: no database, no calendar, no templates are imported for it."""
    listed = subprocess.run(
        [sys.executable, "-X", "importtime", PROGRAM, "--help"],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )

    loaded = {line.rpartition("|")[2].strip() for line in listed.stderr.splitlines()}
    heavy = {"sqlalchemy", "alembic", "pydantic_settings", "holidays", "babel", "jinja2"}
    assert set() == heavy & loaded
