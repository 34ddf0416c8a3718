"""A year of frames, plans and follow-up, whose definition is `fixed.toml`.

The leader fills in a frame for each area; each area's chief (`nora` for norr, `sune` for
soder) fills in goals and a budget, and follows the goals up when they are due. `GOALS` are
the 42 goals of a Swedish region's staff for 2015 as its plan has them, `BUDGET` its budget
in thousands of kronor, whose sums the plan gives as `PRINTED`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.core.facts import RowFact, SheetKey
from workflow.core.revision import Revision
from workflow.service import acts, opening, saving
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.material import read_sheet

__all__ = ["BUDGET", "GOALS", "PRINTED", "YEARS", "FixedRound", "case_of", "open_fixed", "revision"]

TEXT: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
GOALS: Final = Path(__file__).with_name("goals.csv").read_text(encoding="utf-8")
YEARS: Final = range(2014, 2018)
BUDGET: Final[Mapping[str, Sequence[int]]] = {
    "intakter": (0, 19, 19, 20),
    "personal": (63854, 64841, 64850, 64861),
    "drift": (31034, 30330, 30928, 31539),
    "avskrivningar": (99, 104, 104, 104),
}
PRINTED: Final = (94987, 95293, 95902, 96523)


def revision() -> Revision:
    """The definition."""
    return revision_of(TEXT)


def case_of(kind: str, unit: str = "") -> str:
    """Give a case of the round."""
    return f"prov-2015.{kind}.{unit}".rstrip(".")


@dataclass
class FixedRound:
    """The round, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path

    def save(self, case: str, who: str, **data: Any) -> Any:
        """Save rows (`rows=`) or single edits (`edits=`), by table."""
        wish = acts.Wish(case=case, transition="", email=email(who), data=data)
        return saving.save(self.world, wish)

    def act(self, case: str, transition: str, who: str, **data: Any) -> Any:
        """Move a case."""
        wish = acts.Wish(case=case, transition=transition, email=email(who), data=data)
        return acts.act(self.world, wish)

    def rows(self, case: str, table: str) -> Sequence[RowFact]:
        """Read a table past the pages."""
        with self.world.database.read() as connection:
            return read_sheet(connection, SheetKey(case, table))

    def frame(self, norr: Sequence[int] = PRINTED, soder: Sequence[int] = (2, 2, 2, 2)) -> None:
        """Fill the frames in and decide them, which opens the plans."""
        rows = [
            {"row": unit, **by_year("belopp", given)}
            for unit, given in (("norr", norr), ("soder", soder))
        ]
        self.act(case_of("ar"), "beslutat", "lena", rows={"ram": rows})

    def budget(self, figures: Mapping[str, Sequence[int]] = BUDGET, who: str = "nora") -> Any:
        """Fill a budget in."""
        rows = [{"row": key, **by_year("belopp", one)} for key, one in figures.items()]
        rows[2]["not"] = "Som i fjol"
        return self.save(case_of("plan", "norr"), who, rows={"budget": rows})


def by_year(column: str, figures: Sequence[int]) -> dict[str, Any]:
    """Give figures as cells, one for each year."""
    return {f"{column}.{year}": one for year, one in zip(YEARS, figures, strict=True)}


def open_fixed(database: Database, folder: Path) -> FixedRound:
    """Open such a round for 2015."""
    clock = Clock()
    clock.put("2014-11-17")
    org = write_organisation(folder / "org")
    found = FixedRound(open_world(database, org, clock), clock, folder / "mail")
    opening.open_round(found.world, revision(), year=2015)
    return found
