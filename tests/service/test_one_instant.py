"""All that one transaction writes bears one instant, though the clock goes on meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.service.worlds import ROUND, Stage
from tests.support.series import begin_year
from workflow.service import clockwork, extending, moving, pausing
from workflow.service.running import evidence
from workflow.store.database import Database


class Going:
    """A clock that is later each time somebody looks at it."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self, _: object) -> datetime:
        self.now += timedelta(milliseconds=7)
        return self.now


@pytest.fixture
def going(groundwork: Stage) -> Stage:
    """A round that waits for its underlag, by a clock that goes on."""
    return replace(groundwork, world=replace(groundwork.world, clock=Going(groundwork.at[0])))


def test_steps_extensions_moves_and_rests_are_explained_by_the_log(going: Stage) -> None:
    """A step, a return, more days, a moved milestone and a rest: `verify` finds nothing."""
    first, second = going.units("verksamhet")[:2]
    day = going.at[0].date() + timedelta(days=100)

    going.hand_in(first)
    going.act(going.case("underlag", first), "ta_tillbaka", going.chief(first))
    task = f"{going.case('underlag', second)}#1"
    extending.grant(going.world, task, day, reason="Anstånd", email=going.boss(second))
    moving.move_milestone(going.world, ROUND, "grundarbete", day, reason="Senare")
    pausing.pause_round(going.world, ROUND, reason="Vi flyttar")
    pausing.resume_round(going.world, ROUND, move_days=True, reason="Klart")
    clockwork.tick(going.world)

    assert [] == list(evidence.prove(going.world).problems)


def test_what_the_clock_and_people_open_is_too(database: Database, tmp_path: Path) -> None:
    """Cases of a series, by the clock and by hand."""
    year = begin_year(database, tmp_path)
    year.world = replace(year.world, clock=Going(year.clock.now + timedelta(days=90)))
    clockwork.tick(year.world)
    year.open("ide", "ett", "ellen")

    assert [] == list(evidence.prove(year.world).problems)
