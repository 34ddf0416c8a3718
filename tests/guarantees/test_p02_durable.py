"""P2: answered = durable: what was acknowledged survives kill -9, and so does all mail.

200 kills by default; `make crash N=1000` for more. `tests/crash/harness.py` says how.
"""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.crash.harness import Run
from tests.service.worlds import Photo

KILLS = int(os.environ.get("CRASH_KILLS", "200"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
PARTS = {("sqlite", 1): 0.4, ("sqlite", 2): 0.4, ("postgresql", 1): 0.2}
"""Of the kills, by database and turn."""
FRESH = 0.1
"""Of the kills, those of a program that was just started."""
SLOWEST_S = 5.0
"""From a start until the first answer, where it is measured: by `make crash`."""
MEASURED = "CRASH_KILLS" in os.environ


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "turn"), PARTS)
def test_what_was_answered_is_there(
    make_place: Callable[..., Place],
    photos: dict[str, Photo],
    tmp_path: Path,
    dialect: str,
    turn: int,
) -> None:
    """Of a program that acts, ticks and delivers and is killed at random instants: every
    act that was answered is there once, what was not answered is wholly there or wholly
    not, no mail is lost, doubles are the same bytes and at most one for each claim, the log
    explains every state, and each new start works (within 5 seconds, by `make crash`)."""
    place = make_place(dialect)
    groundwork = photos["groundwork"].develop(place.open(), tmp_path / "mail")
    kills = round(KILLS * PARTS[dialect, turn])
    fresh = round(kills * FRESH)
    groundwork.put("2009-02-24", "20:00")

    report = Run(groundwork, place.url, SEED * 10 + turn).go(kills - fresh, fresh)

    print(f"\n{dialect}: {asdict(report)}")  # noqa: T201 - shown by `make crash`
    assert kills == report.kills
    assert [] == report.lost_acts
    assert [] == report.lost_mails
    assert [] == report.strange
    assert 0 < report.in_doubt
    assert kills < report.acts
    if MEASURED:
        assert report.slowest_start_s < SLOWEST_S
