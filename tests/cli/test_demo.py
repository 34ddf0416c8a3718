"""`demo`, as it is typed: made, opened, taken up again, begun anew."""

import json
import os
import signal
import socket
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Terminal
from tests.support.programs import PATIENCE_S, Process


class Demo(Process):
    """A demo that is open."""

    def __init__(self, folder: Path, *words: str) -> None:
        super().__init__(folder, {}, "demo", "--units", "8", *words)

    @property
    def opened(self) -> dict[str, Any]:
        """Wait until it says where it is."""
        assert self.popen.stdout
        line = self.popen.stdout.readline()
        assert line, self._lines.get(timeout=PATIENCE_S)
        told: dict[str, Any] = json.loads(line)
        return told


@pytest.fixture
def start() -> Iterator[Callable[..., Demo]]:
    """Open demos in the working folder; none is left behind."""
    started: list[Demo] = []

    def begin(*words: str) -> Demo:
        started.append(Demo(Path.cwd(), *words))
        return started[-1]

    yield begin
    for one in started:
        one.kill()


def test_it_opens_closes_and_is_taken_up(start: Callable[..., Demo]) -> None:
    """The first time it is made; Ctrl-C closes it; then it goes on where it was, at the next
    free port when its own is taken, and no second one is opened on the same folder. What it
    does is written in its folder."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        first = start("--json", "--port", str(taken))
        told = first.opened
        with urllib.request.urlopen(told["url"], timeout=PATIENCE_S) as answer:  # noqa: S310 - ours
            page = answer.read().decode()
        second = start("--json", "--port", str(taken))
        code = second.popen.wait(PATIENCE_S)
        refusal = json.loads(second._lines.get(timeout=PATIENCE_S))["error"]
    ended = first.end(signal.SIGINT)
    later = start("--json").opened

    assert told["url"] != f"http://127.0.0.1:{taken}"
    assert "Vem är du?" in page
    assert (1, "locked") == (code, refusal["code"])
    assert f"pid {first.popen.pid}" in refusal["message"]
    assert 0 == ended
    assert date(2026, 3, 4).isoformat() == told["today"] == later["today"]
    log = Path("run/demo-prioritering/server.log").read_text(encoding="utf-8")
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert {"worker_begins", "serving", "request", "worker_ends", "serving_ends"} <= set(events)
    assert os.listdir("run") == ["demo-prioritering"]  # noqa: PTH208 - names are all that is asked


def test_one_of_another_version_is_made_anew(start: Callable[..., Demo]) -> None:
    """Whoever has a newer program is told so, and sees a demo: where to look, what day it is
    there, and how one gets out, in words."""
    place = Path("run/demo-prioritering")
    place.mkdir(parents=True)
    with sqlite3.connect(place / "rehearsal.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('0001')")
    database.close()

    process = start()
    assert process.popen.stdout
    text = "".join(process.popen.stdout.readline() for _ in range(9))
    process.end(signal.SIGINT)

    for said in (
        "gjord med en annan version av programmet och görs om.",
        "Gör i ordning en påhittad omgång: Prioriteringar inför budget 2027.",
        "i webbläsaren och välj vem du vill vara.",
        "Det är ons 4 mars 2026 i demon.",
        "Inga mejl lämnar datorn.",
        "Ctrl-C stänger demon.",
    ):
        assert said in text


def test_a_process_without_a_demo(terminal: Terminal) -> None:
    """It is refused, with those that have one, before anything is made."""
    error = terminal.refused("demo", "--process", "struktur")

    listed = "prioritering, strategisk_plan, strukturplan, verkstallighetsplan"
    assert error["message"].startswith(f"Det finns ingen demo för struktur. Välj {listed}, ")
    assert not Path("run/demo-prioritering").exists()


def test_units_are_enough_for_every_trouble(terminal: Terminal) -> None:
    """Fewer than eight is wrong usage."""
    assert 2 == terminal.run("demo", "--units", "7").exit_code
