"""A pattern of docs/howto/patterns as a round under way, with an invented organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from processes.loader import load
from tests.service.worlds import Stage, invent, local, make_stage
from workflow.core.revision import Revision
from workflow.service import clockwork, leading, opening, saving, views
from workflow.service.acts import Wish
from workflow.store.database import Database

__all__ = ["DOCS", "FOLDERS", "PATTERNS", "YEAR", "Played", "play", "revision_in"]

DOCS: Final = Path(__file__).parents[2] / "docs"
PATTERNS: Final = DOCS / "howto" / "patterns"
FOLDERS: Final = sorted(file.parent for file in PATTERNS.glob("*/process.toml"))
YEAR: Final = 2027
OPENED: Final = "2027-01-11"
"""A Monday."""


def revision_in(folder: Path) -> Revision:
    """Load the process of a folder."""
    return load(folder, year=YEAR)


Edits = Sequence[Sequence[object]]


@dataclass
class Played(Stage):
    """A round of a pattern."""

    @property
    def root(self) -> str:
        """The case that is the round itself."""
        return self.case(self.revision.definition.root.key)

    @property
    def state(self) -> str:
        """Where the round's own case stands."""
        return self.standing(self.revision.definition.root.key)[""]

    @property
    def is_open(self) -> bool:
        """Say whether the round is under way."""
        return views.round_list(self.world)[0]["closed_at"] is None

    @property
    def leads(self) -> str:
        """Who leads the round."""
        return self.holder(str(self.revision.definition.leader))

    def standing(self, kind: str) -> dict[str, str]:
        """Give the states of the cases of a kind by unit; the round's own stands under ""."""
        root = self.revision.definition.root.key
        return {
            "" if kind == root else one["unit"]: one["state"]
            for one in views.round_view(self.world, self.round)["cases"]
            if one["kind"] == kind
        }

    def move(self, case: str, transition: str, role: str, **more: object) -> str:
        """Let whoever holds a role move a case, one at the case's own unit if there is one;
        gives where it went."""
        unit = case.partition(".")[2]
        there = self.holders(role, unit) or self.holders(role)
        answer = self.act(f"{self.round}.{case}", transition, there[0], **more)  # type: ignore[arg-type]  # what comes along is checked by the service
        return str(answer["to"])

    def save(self, case: str, role: str, email: str = "", **edits: Edits) -> None:
        """Let whoever holds a role, or somebody else, save rows of a case's tables."""
        unit = case.partition(".")[2]
        there = self.holders(role, unit) or self.holders(role)
        wish = Wish(
            case=f"{self.round}.{case}",
            transition="",
            email=email or there[0],
            data={"edits": edits},
        )
        saving.save(self.world, wish)

    def owing(self, case: str) -> set[str]:
        """Give the addresses of those who have a task about a case."""
        found = views.task_list(self.world, round_id=self.round, case=f"{self.round}.{case}")
        return {email for task in found for email in task["holders"]}

    def tick(self, day: str, clock: str = "09:00") -> None:
        """Let the clock come to a time, and do what is due."""
        self.put(day, clock)
        clockwork.tick(self.world)

    def end(self, unit: str, way: str, email: str) -> None:
        """Carry a unit's case as missing, or withdraw it."""
        leading.end_unit(self.world, self.round, unit, way, reason="Skäl.", email=email)

    def add(self, unit: str, email: str) -> None:
        """Add a unit's case."""
        leading.add_unit(self.world, self.round, unit, reason="Skäl.", email=email)


def play(
    database: Database, revision: Revision, folder: Path, units: int = 3, on: str = OPENED
) -> Played:
    """Open a round of a process, on Monday 11 January 2027 when nothing is said."""
    people = invent(revision, folder / "org", units=units)
    stage = make_stage(database, revision, people, folder / "org", folder / "mail", opened=False)
    stage.at[0] = local(on)
    opened = opening.open_round(stage.world, revision, year=YEAR)
    return Played(
        world=stage.world,
        at=stage.at,
        revision=revision,
        people=people,
        folder=stage.folder,
        outbox=stage.outbox,
        round=opened["round"],
    )
