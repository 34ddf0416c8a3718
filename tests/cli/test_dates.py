"""round move and extend: what is shown before it is saved, and what may be asked."""

import os
import pty
import sys
from pathlib import Path
from select import select
from subprocess import Popen
from typing import Any

import pytest

from tests.cli.conftest import ROUND, Act, People, Terminal

MOVE = ("round", "move", ROUND, "grundarbete", "2009-03-06", "--reason", "Sportlov")


@pytest.fixture
def assigned(act: Act, opened: People) -> People:
    """A round in which every unit owes its underlag, since 3 December 2008."""
    act("omgang", "faststall", opened.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", opened.of("medicinsk_radgivare"), "2008-11-20T10:00")
    act("omgang", "lamna_uppdrag", opened.of("landstingsdirektor"), "2008-12-03T14:00")
    return opened


def last_day(terminal: Terminal, milestone: str) -> object:
    """Give the last day of a milestone."""
    (one,) = [
        one
        for one in terminal.read("round", "show", ROUND)["milestones"]
        if one["key"] == milestone
    ]
    return one["on"]


def task_of(people: People) -> tuple[str, str, str]:
    """Give a task, its holder and the one above."""
    unit = people.units("verksamhetschef")[0]
    return (
        f"{ROUND}.underlag.{unit}#1",
        people.of("verksamhetschef", unit),
        people.of("driftenhetschef"),
    )


def at_a_terminal(answer: bytes, *words: str) -> tuple[int, str]:
    """Give a command to somebody at a real terminal, who answers; exit code and screen."""
    mine, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": "160", "TERM": "dumb"}
    command = [str(Path(sys.executable).with_name("beredning")), *words]
    process = Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    screen = b""
    while select([mine], [], [], 60)[0]:
        try:
            read = os.read(mine, 65536)
        except OSError:  # how Linux says that nobody has the other end any more
            break
        if not read:
            break
        screen += read
        if answer and b"[j/N]" in screen:
            os.write(mine, answer)
            answer = b""
    os.close(mine)
    return process.wait(60), screen.decode()


def test_a_dry_run_shows_and_saves_nothing(terminal: Terminal, assigned: People) -> None:
    """--dry-run gives the same document as the move, and leaves everything as it was."""
    before = terminal.read("round", "show", ROUND)
    shown = terminal.read(*MOVE, "--dry-run", "--as", assigned.of("medicinsk_radgivare"))
    after = terminal.read("round", "show", ROUND)

    saved = terminal.read(*MOVE, "--as", assigned.of("medicinsk_radgivare"))

    assert before == after
    assert {**shown, "saved": True, "version": shown["version"] + 1} == saved
    assert {"round", "milestone", "from", "to", "milestones", "tasks", "saved", "version"} | {
        "changes",
        "warnings",
    } == set(saved)
    assert {"milestones", "tasks", "reminders", "mails", "told"} == set(saved["changes"])
    assert 6 == len(saved["changes"]["told"])


@pytest.mark.usefixtures("assigned")
def test_the_preview_is_tables(terminal: Terminal) -> None:
    """People see every milestone and task from and to, who is told, and what to mind."""
    told = terminal.do(*MOVE[:4], "2009-03-21", "--reason", "x", "--dry-run")

    assert "grundarbete" in told
    assert "lör 28 feb 2009" in told
    assert "lör 21 mars 2009" in told
    assert "6 personer får mejl om ändringen." in told
    assert "Obs! Ordningen bryts: ”Grundarbetet klart” (lör 21 mars 2009)" in told
    assert "är en lördag" in told
    assert 6 == told.count("Underlag ")


@pytest.mark.usefixtures("assigned")
def test_a_script_saves_at_once(terminal: Terminal) -> None:
    """Where nobody can answer it is saved, with --yes or without."""
    terminal.do(*MOVE)
    first = last_day(terminal, "grundarbete")
    terminal.do(*MOVE[:4], "2009-03-09", "--reason", "x", "--yes")

    assert ("2009-03-06", "2009-03-09") == (first, last_day(terminal, "grundarbete"))


@pytest.mark.usefixtures("assigned")
@pytest.mark.parametrize(
    ("answer", "code", "day", "said"),
    [
        (b"j\n", 0, "2009-03-06", "Sparat."),
        (b"\n", 1, "2009-02-28", "Inget är sparat."),
        (b"nej\n", 1, "2009-02-28", "Inget är sparat."),
        (b"\x04", 130, "2009-02-28", "Avbrutet."),
    ],
)
def test_at_a_terminal_one_is_asked(
    terminal: Terminal, answer: bytes, code: int, day: str, said: str
) -> None:
    """Shown first, saved on a yes; anything else leaves it."""
    found, screen = at_a_terminal(answer, *MOVE)

    assert (code, day) == (found, last_day(terminal, "grundarbete"))
    assert "lör 28 feb 2009" in screen
    assert said in screen


def test_extend_is_asked_for_and_granted(terminal: Terminal, assigned: People) -> None:
    """Asked for by the holder, granted by the one above with the day asked for."""
    task, holder, above = task_of(assigned)

    asked: dict[str, Any] = terminal.read(
        *("extend", task, "2009-03-06", "--ask", "--reason", "Sjukdom", "--as", holder)
    )
    listed = terminal.do("tasks", "--as", holder)
    granted = terminal.read("extend", task, "--reason", "Gärna", "--as", above)

    assert {"task", "case", "answer", "from", "to", "due_at", "asked_of", "warnings"} == set(asked)
    assert ("asked", [above]) == (asked["answer"], asked["asked_of"])
    assert "begärt anstånd till 2009-03-06" in listed
    assert ("granted", "2009-02-28", "2009-03-06") == (
        granted["answer"],
        granted["from"],
        granted["to"],
    )
    assert "anstånd till 2009-03-06" in terminal.do("tasks", "--as", holder)
    assert "anstånd" in terminal.do("round", "show", ROUND)
    assert terminal.read("verify")["ok"]


def test_extend_is_said_in_words(terminal: Terminal, assigned: People) -> None:
    """Each answer is a sentence with its days."""
    task, holder, above = task_of(assigned)

    asked = terminal.do("extend", task, "2009-03-06", "--ask", "--reason", "x", "--as", holder)
    refused = terminal.do("extend", task, "--refuse", "--reason", "Mötet", "--as", above)
    granted = terminal.do("extend", task.partition("#")[0], "2009-03-07", "--reason", "Ok")

    assert f"{task}: anstånd till fre 6 mars 2009 är begärt." in asked
    assert f"Svarar gör {above}." in asked
    assert f"{task}: inget anstånd till fre 6 mars 2009. Sista dag är lör 28 feb 2009." in refused
    assert f"{task}: anstånd till lör 7 mars 2009 (förut lör 28 feb 2009)." in granted
    assert "Obs! lör 7 mars 2009 är en lördag" in granted


@pytest.mark.usefixtures("assigned")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ask", "--refuse"), "--ask eller --refuse"),
        (("2009-03-06", "--ask"), "--as EMAIL"),
        (("--ask", "--as", "x@region.example"), "DATE"),
        (("2009-03-06", "--refuse"), "--refuse"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    """Exit 2, and what to write instead."""
    result = terminal.run("extend", "x", "--reason", "x", *words)

    assert 2 == result.exit_code
    assert said in result.stderr
