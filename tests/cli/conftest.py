"""What the suites of the command line share: a runner, an organisation, an open round."""

import csv
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from beredning.cli import cli

OPENED_AT = "2008-11-03T08:00:00+01:00"
ROUND = "prioritering-2010"


@dataclass(kw_only=True)
class Terminal:
    """Somebody at a terminal, in the working folder."""

    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, stdin: str | bytes | None = None) -> Result:
        """Give a command."""
        return CliRunner().invoke(cli, words, input=stdin, env={"COLUMNS": "100", **self.env})

    def do(self, *words: str, stdin: str | None = None) -> str:
        """Give a command that must succeed; give what it printed."""
        result = self.run(*words, stdin=stdin)
        assert 0 == result.exit_code, (words, result.stderr)
        return result.stdout

    def read(self, *words: str, stdin: str | None = None) -> Any:
        """Give a command that must succeed, and read its document."""
        return json.loads(self.do(*words, "--json", stdin=stdin))

    def refused(self, *words: str, stdin: str | bytes | None = None) -> dict[str, Any]:
        """Give a command that must be refused; give the one document on stderr."""
        result = self.run(*words, "--json", stdin=stdin)
        assert 1 == result.exit_code, (words, result.stdout, result.stderr)
        error: dict[str, Any] = json.loads(result.stderr)["error"]
        assert {"code", "message", "reasons", "current"} == set(error)
        return error


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with none of our variables set."""
    for name in os.environ:
        if name.startswith("BEREDNING_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture
def terminal() -> Terminal:
    """Somebody at a terminal."""
    return Terminal()


@dataclass(frozen=True)
class People:
    """Who holds what in the invented organisation."""

    grants: tuple[dict[str, str], ...]

    def of(self, role: str, unit: str | None = None) -> str:
        """Give the address of the first who holds a role, at a unit."""
        return self.all(role, unit)[0]

    def all(self, role: str, unit: str | None = None) -> list[str]:
        """Give the addresses of all who hold a role, at a unit."""
        return [g["email"] for g in self.grants if g["role"] == role and unit in (None, g["unit"])]

    def units(self, role: str) -> list[str]:
        """Give the units that a role is held at."""
        return [g["unit"] for g in self.grants if g["role"] == role]


def read_people(folder: Path) -> People:
    """Read who holds what."""
    with (folder / "grants.csv").open(encoding="utf-8") as file:
        return People(tuple(csv.DictReader(file)))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the organisation's files and a rehearsal with an open round, to copy."""
    folder = tmp_path_factory.mktemp("made")
    database = f"sqlite:///{folder / 'beredning.db'}"
    terminal = Terminal(env={"BEREDNING_DATABASE__URL": database})
    organisation = str(folder / "alvmark")
    terminal.do("org", "example", organisation, "--units", "6")
    terminal.do("init", "--rehearsal")
    terminal.do("org", "import", organisation)
    leader = read_people(folder / "alvmark").of("medicinsk_radgivare")
    terminal.do(
        *("round", "open", "prioritering", "--year", "2010", "--reference", "LT 2008-117"),
        *("--as", leader, "--at", OPENED_AT),
    )
    return folder


@pytest.fixture
def people(made: Path) -> People:
    """Who holds what; the organisation's files lie in `alvmark`."""
    shutil.copytree(made / "alvmark", "alvmark")
    return read_people(Path("alvmark"))


@pytest.fixture
def opened(made: Path, people: People) -> People:
    """The same, in a rehearsal where the round prioritering-2010 is open."""
    shutil.copy(made / "beredning.db", "beredning.db")
    return people


@pytest.fixture
def ordinary(terminal: Terminal, people: People) -> People:
    """The same, in an ordinary database without any round."""
    terminal.do("init")
    terminal.do("org", "import", "alvmark")
    return people


Act = Callable[..., dict[str, Any]]


@pytest.fixture
def act(terminal: Terminal) -> Act:
    """Give what moves a case of the round: its last part, a transition, who and when."""

    def move(case: str, transition: str, email: str, at: str, **along: Any) -> dict[str, Any]:
        words = ["act", f"{ROUND}.{case}", transition, "--as", email, "--at", f"{at}:00+01:00"]
        if "comment" in along:
            words += ["--comment", along.pop("comment")]
        stdin = json.dumps(along) if along else None
        told: dict[str, Any] = terminal.read(
            *words, *(["--data", "-"] if along else []), stdin=stdin
        )
        return told

    return move
