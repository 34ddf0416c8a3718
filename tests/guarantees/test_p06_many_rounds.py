"""P6, two hundred times: rounds in whatever state survive whatever becomes of the folder."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from beredning.clock import seeded
from beredning.practice.example import example_organisation, write_csv
from beredning.practice.playing import Play
from beredning.practice.simulate import Setting, begin
from processes.registry import Registry
from tests.processes.wandering import Walk
from tests.service.processes import write_process
from workflow.core import plan
from workflow.core.guards import NAMED
from workflow.service import opening, views
from workflow.service.running import evidence
from workflow.service.world import ZONE
from workflow.store import rounds as stored
from workflow.store.database import Database
from workflow.store.log import lines

ROUNDS = 200
FIRST = 2000
MOST_STEPS = 24

READ: list[str] = []
"""Files that were opened since the list was emptied."""


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(args[0], str):
        READ.append(args[0])


sys.addaudithook(_hear)


def _drop_state(folder: Path) -> None:
    """Take a step out of the case of the units."""
    file = folder / "process.toml"
    kept = [one for one in file.read_text("utf-8").split("\n[") if "underlag.state" not in one]
    file.write_text("\n[".join(kept), encoding="utf-8")


def _drop_columns(folder: Path) -> None:
    """Take the columns out of every table."""
    file = folder / "process.toml"
    text = file.read_text("utf-8")
    kept = [one for one in text.splitlines() if not one.startswith("column.")]
    file.write_text("\n".join(kept), encoding="utf-8")


def _break(folder: Path) -> None:
    """Leave something that is no definition at all."""
    (folder / "process.toml").write_bytes(b"key = [\xff\x00")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a state is gone": _drop_state,
    "the columns are gone": _drop_columns,
    "the file is broken": _break,
    "the folder is gone": shutil.rmtree,
}


@dataclass
class Many:
    """Many rounds of a process that lies in a folder, in one database."""

    play: Play
    folder: Path
    """Where the region's own processes lie."""

    def rounds(self) -> list[str]:
        """Give the rounds by name."""
        return [f"prioritering-{FIRST + number}" for number in range(ROUNDS)]

    def walk(self, round_id: str, steps: int, seed: int) -> None:
        """Walk a round some steps, by chance."""
        self.play.round_id = round_id
        self.play.chance = seeded(seed)[0]
        walking = Walk(self.play, self.play.chance, set())
        today = plan.local_day(self.play.at[0], ZONE)
        for _ in range(steps):
            for case in walking.open_cases()[:1]:
                walking.visit(case, today)

    def shown(self) -> list[Any]:
        """Give what is to be read of every round, as a program that has just started does."""
        stored._revisions.clear()
        return [
            (views.round_view(self.play.world, one), views.task_list(self.play.world, round_id=one))
            for one in self.rounds()
        ]

    def hashes(self) -> list[Any]:
        """Give the last line of the log of every round."""
        with self.play.world.database.read() as connection:
            return [list(lines(connection, one))[-1]["hash"] for one in self.rounds()]

    def twin(self, file: Path) -> "Many":
        """Give the same in a database of its own."""
        shutil.copy(self.play.out / "many.db", file)
        world = replace(self.play.world, database=Database(f"sqlite:///{file}"), salt=seeded(99)[1])
        return Many(replace(self.play, world=world), self.folder)


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Many]:
    """Two hundred rounds of as many years, each walked some random steps."""
    write_process(tmp_path / "own")
    registry = Registry([tmp_path / "own"], guards=frozenset(NAMED))
    revision = registry.load("prioritering", year=FIRST)
    write_csv(example_organisation(revision.definition, units=3), tmp_path / "org")
    setting = Setting(year=FIRST, org=tmp_path / "org", out=tmp_path)
    play = begin(revision, setting, tmp_path / "many.db")
    for number in range(1, ROUNDS):
        year = FIRST + number
        opening.open_round(play.world, revision, year=year)
    found = Many(play, tmp_path / "own")
    for seed, round_id in enumerate(found.rounds()):
        found.walk(round_id, seeded(seed)[0].randint(0, MOST_STEPS), seed)
    yield found
    play.loop.close()
    play.world.database.close()


@pytest.mark.slow
def test_two_hundred_rounds_survive_a_changed_folder(many: Many, tmp_path: Path) -> None:
    """Each reads, acts and verifies to the last hash as where nothing was changed; nothing is
    read from the folder; a new round has the new words."""
    undisturbed = many.twin(tmp_path / "undisturbed.db")
    disturbed = many.twin(tmp_path / "disturbed.db")
    before = many.shown()
    states = {one["state"] for shown, _ in before for one in shown["cases"]}
    for seed, round_id in enumerate(undisturbed.rounds()):
        undisturbed.walk(round_id, 2, 1000 + seed)
    share = ROUNDS // len(CHANGES)

    write_process(many.folder, ('title = "Underlag {unit}"', 'title = "Blankett {unit}"'))
    new = Registry([many.folder], guards=frozenset(NAMED)).load("prioritering", year=2200)
    heard = [name for name in READ if name.startswith(str(many.folder))]
    for number, change in enumerate(CHANGES.values()):
        change(many.folder / "prioritering")
        READ.clear()
        stored._revisions.clear()
        for seed in range(number * share, (number + 1) * share):
            disturbed.walk(disturbed.rounds()[seed], 2, 1000 + seed)
        seen = many.shown()
        assert before == seen
        assert [] == [name for name in READ if name.startswith(str(many.folder))]
    opening.open_round(disturbed.play.world, new, year=2200)

    assert heard  # a file that is read from the folder is heard of
    assert len(states) >= 8
    assert undisturbed.shown() == disturbed.shown()
    assert undisturbed.hashes() == disturbed.hashes()
    assert {many.play.revision.digest} == {shown["revision"] for shown, _ in disturbed.shown()}
    fresh = views.round_view(disturbed.play.world, "prioritering-2200")["revision"]
    assert new.digest == fresh != many.play.revision.digest
    assert evidence.prove(disturbed.play.world).ok
    for one in (undisturbed, disturbed):
        one.play.world.database.close()
