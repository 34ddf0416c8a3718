"""Every shipped process is walked from its first state to its last, and played as a whole."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from beredning.clock import seeded
from beredning.practice.example import example_organisation, write_csv
from beredning.practice.simulate import Result, Setting, begin, simulate
from processes.loader import Loaded
from processes.registry import Registry
from tests.processes.wandering import Step, Walk, steps_of, steps_taken
from workflow.core import plan
from workflow.core.guards import NAMED
from workflow.core.unbuilt import not_yet
from workflow.service import views
from workflow.service.running import evidence
from workflow.service.world import ZONE
from workflow.store.database import Database

KEYS = Registry().keys()
UNITS = 3
WALKS = 12
"""So many walks are enough to have taken every way."""


def running(key: str) -> Loaded:
    """Give a shipped process for the year of its source, if this release runs it."""
    registry = Registry(guards=frozenset(NAMED))
    year = registry.examine(key, year=2026).definition.example_year
    loaded = registry.examine(key, year=year)
    waiting = not_yet(loaded.definition)
    if waiting:
        pytest.skip(f"{key}: {waiting[0].message}")
    return loaded


@dataclass
class Shipped:
    """A shipped process with an invented organisation."""

    loaded: Loaded
    org: Path
    folder: Path

    def setting(self, name: str, seed: int) -> Setting:
        """Give what a round is played with."""
        out = self.folder / name
        out.mkdir()
        year = self.loaded.definition.example_year
        return Setting(year=year, org=self.org, out=out, late=0.0, seed=seed)


@pytest.fixture(scope="module", params=KEYS)
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """Each that this release runs, with three units at the bottom."""
    loaded = running(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    org = folder / "org"
    write_csv(example_organisation(loaded.definition, units=UNITS), org)
    return Shipped(loaded, org, folder)


# ---- walked --------------------------------------------------------------------------------


def walk(shipped: Shipped, seed: int, taken: set[Step]) -> Any:
    """Walk a round of its own; says what was found of it, and adds the ways it took."""
    setting = shipped.setting(f"walk{seed}", seed)
    play = begin(shipped.loaded.revision, setting, setting.out / "walk.db")
    try:
        ended = Walk(play, seeded(seed)[0], taken).go()
        taken |= steps_taken(play)
        left = views.task_list(play.world, round_id=play.round_id)
        return ended, left, evidence.prove(play.world).ok
    finally:
        play.loop.close()
        play.world.database.close()


def test_every_way_is_taken(shipped: Shipped) -> None:
    """By legal walks that each end, with nothing owed and a log that holds, every button of
    every state is pressed, every join goes on and every deadline moves what it should."""
    wanted = steps_of(shipped.loaded.definition)
    taken: set[Step] = set()
    found = []

    for seed in range(1, WALKS + 1):
        found.append(walk(shipped, seed, taken))
        if wanted <= taken:
            break

    assert [] == sorted(wanted - taken)
    assert [(True, [], True)] * len(found) == found


# ---- played --------------------------------------------------------------------------------


@dataclass
class Played:
    """A round that was played to its end."""

    shipped: Shipped
    result: Result
    out: Path

    def rows(self, sql: str) -> list[Any]:
        """Ask its database."""
        database = Database(f"sqlite:///{self.out / 'rehearsal.db'}")
        try:
            with database.read() as connection:
                return list(connection.exec_driver_sql(sql).all())
        finally:
            database.close()


@pytest.fixture(scope="module")
def played(shipped: Shipped) -> Played:
    """Each, played by invented people who are in time."""
    setting = shipped.setting("played", 1)
    result = simulate(shipped.loaded.revision, setting)
    return Played(shipped, result, setting.out)


def test_it_is_played_to_its_end(played: Played) -> None:
    """It ends in an end of its own, the log verifies, and nobody owes anything."""
    root = played.shipped.loaded.definition.root

    assert played.result.final_state in root.ends
    assert played.result.verdict.ok
    assert [] == played.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
    assert [] == played.rows("SELECT id FROM cases WHERE ended_at IS NULL")


def test_decisions_lie_on_the_days_of_the_plan(played: Played) -> None:
    """What a body decides by a milestone is decided on its day, the first time."""
    definition = played.shipped.loaded.definition
    owed = {
        state.key: state.due
        for state in definition.root.state.values()
        if state.body and state.due in definition.milestone
    }
    decided: dict[str, date] = {}
    for state, at in played.rows(
        "SELECT from_state, at FROM entries WHERE kind = 'transition'"
        f" AND case_id LIKE '%.{definition.root.key}' ORDER BY number"
    ):
        decided.setdefault(state, plan.local_day(datetime.fromisoformat(at), ZONE))

    days = plan.milestone_days(definition, "", definition.example_year)

    assert decided.keys() >= owed.keys() or not owed
    assert {state: days[key] for state, key in owed.items()} == {
        state: (days[key][0], decided[state]) for state, key in owed.items()
    }
