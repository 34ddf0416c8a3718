"""A shipped process, worked through at browsers by everybody who has a part in it."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from beredning.practice.example import example_organisation, write_csv
from beredning.practice.playing import Play
from beredning.practice.simulate import Setting, begin
from processes.registry import Registry
from tests.browser.robot import Robot, WatchedPlay
from tests.browser.town import open_town
from tests.service.worlds import Stage
from workflow.core.guards import NAMED
from workflow.core.unbuilt import not_yet
from workflow.service.running import evidence

KEYS = ["verkstallighetsplan"]
"""Those whose pages have been worked through so far; `tests/browser/test_round.py` has
prioritering."""
PLAYED = {"verkstallighetsplan": [("ar", "verkstallighet")]}
"""Steps that are taken as in any played year: the annual report begins as an empty list."""
DAYS = 900
"""So many are enough for a year and what is told of it."""


@pytest.fixture(params=KEYS)
def watched(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path
) -> Iterator[WatchedPlay]:
    """A round of each that this release runs, of the smallest organisation there is."""
    registry = Registry(guards=frozenset(NAMED))
    year = registry.examine(request.param, year=2026).definition.example_year
    revision = registry.load(request.param, year=year)
    waiting = not_yet(revision.definition)
    if waiting:
        pytest.skip(f"{request.param}: {waiting[0].message}")
    people = example_organisation(revision.definition, units=1)
    write_csv(people, tmp_path / "org")
    setting = Setting(year=year, org=tmp_path / "org", out=tmp_path, late=0.0)
    play = begin(revision, setting, tmp_path / "round.db")
    stage = Stage(
        play.world, play.at, revision, people, tmp_path / "org", tmp_path / "mail", play.round_id
    )
    stage.change("UPDATE people SET language = 'sv'")
    town = open_town(stage, chromium)
    known = {one.name: getattr(play, one.name) for one in fields(Play)}
    yield WatchedPlay(**known, robot=Robot(town, taken=[*PLAYED[request.param]]))
    play.loop.close()
    town.close()


def test_each_step_is_taken_at_a_browser(watched: WatchedPlay) -> None:
    """Whoever owes a step opens the case, fills in what the labels ask for and presses on, the
    first time that each step comes, and so on to the end."""
    days = watched.days()

    for _ in range(DAYS):
        if next(days, None) is None:
            break

    owed = {
        (case.key, state.key)
        for case in watched.definition.case.values()
        for state in case.state.values()
        if state.by
    }
    entries = watched.robot.town.stage.rows(
        "SELECT DISTINCT case_id, from_state FROM entries WHERE kind = 'transition'"
    )
    left = {(case.split(".")[1], state) for case, state in entries} & owed
    assert left
    assert left <= set(watched.robot.taken)
    assert watched.closed()
    assert evidence.prove(watched.world).ok
