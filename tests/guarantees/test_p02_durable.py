"""P2: answered = durable: what was acknowledged survives kill -9."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Place
from tests.service.worlds import ROUND, Stage
from workflow.service import evidence

KILLS = int(os.environ.get("BEREDNING_TEST_KILLS", "20"))


def kill_while_acting(program: subprocess.Popen[str], acts: int, spins: int) -> list[int]:
    """Let the program act, kill it in the middle; gives the versions it had answered."""
    answered = []
    assert program.stdin and program.stdout
    program.stdin.write("go\n")
    program.stdin.flush()
    child = 0
    for line in program.stdout:
        word, _, rest = line.strip().partition(" ")
        if word == "gone":
            return answered
        if word == "child":
            child = int(rest)
        else:
            answered.append(int(rest))
        if child and len(answered) >= acts:
            for _ in range(spins):  # somewhere in the midst of the next act
                pass
            if acts < 1000:
                os.kill(child, signal.SIGKILL)
                acts = 1000
    raise AssertionError("the program died by itself")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_what_was_answered_is_there(place: Place, groundwork: Stage) -> None:
    """Of a program killed in the midst of acting, every answer it gave stands in the log,
    at most one act per kill stands there unanswered, and the log explains every state."""
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)
    chance = Random("kill")
    answered: list[int] = []
    command = [
        sys.executable,
        "-m",
        "tests.guarantees.acting",
        place.url,
        case,
        groundwork.chief(unit),
        groundwork.at[0].isoformat(),
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as program:
        for _ in range(KILLS):
            answered += kill_while_acting(program, chance.randint(1, 6), chance.randrange(100_000))

    lines = evidence.log_lines(groundwork.world, ROUND)
    written = [line["entry"]["case_version"] for line in lines if line["case"] == case]  # type: ignore[index]
    assert set() == set(answered) - set(written)
    assert len(written) - 1 - len(answered) <= KILLS
    assert list(range(1, len(written) + 1)) == written
    assert True is evidence.prove(groundwork.world).ok
