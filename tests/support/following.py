"""A year in which goals and savings are followed up, whose definition is `following.toml`.

`nora` heads norr and `sune` soder; `lena` leads.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.service import acts, clockwork, opening, saving
from workflow.service.reading.rounds.followed import FollowPage
from workflow.service.reading.rounds.following import read_following
from workflow.service.world import World
from workflow.store.database import Database

__all__ = ["GOALS", "ROUND", "TEXT", "FollowRound", "open_following"]

TEXT: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2015"
GOALS: Final = (
    {
        "mal": "Nöjda patienter",
        "mattyp": "percent",
        "matt": "Andel nöjda",
        "riktning": "minst",
        "malvarde": "90",
        "ingang.2013": "84",
        "ingang.2014": "86.5",
        "rapporteras": "tertial_1,helar",
    },
    {"mal": "Ny mottagning", "mattyp": "yes_no", "malvarde": "yes", "rapporteras": "helar"},
)
SAVINGS: Final = (
    {"vad": "Färre lokaler", "spar.2015": 100, "spar.2016": 300, "spar.2017": 300},
    {"vad": "Gemensamt inköp", "spar.2015": -50, "spar.2016": 1200},
)


@dataclass
class FollowRound:
    """The year, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path

    def act(self, case: str, transition: str, who: str, **data: Any) -> Any:
        """Move a case."""
        wish = acts.Wish(case=f"{ROUND}.{case}", transition=transition, email=email(who), data=data)
        return acts.act(self.world, wish)

    def save(self, case: str, who: str, **data: Any) -> Any:
        """Save a draft."""
        wish = acts.Wish(case=f"{ROUND}.{case}", transition="", email=email(who), data=data)
        return saving.save(self.world, wish)

    def to(self, day: str) -> None:
        """Put the clock to a day and let it look."""
        self.clock.put(day)
        clockwork.tick(self.world)

    def plan(self, unit: str, who: str) -> None:
        """Fill an area's plan in, hand it in and have it adopted."""
        rows = {"mal": list(GOALS), "atgard": list(SAVINGS)}
        self.act(f"plan.{unit}", "lamna_in", who, rows=rows)
        self.act(f"plan.{unit}", "faststall", "lena")

    def begin(self) -> None:
        """Adopt both plans, after which it is followed up."""
        self.plan("norr", "nora")
        self.plan("soder", "sune")

    def tell(self, occasion: str, *told: tuple[object, str], transition: str = "") -> None:
        """Write what came of norr's goals, one after the other; hand it in with a transition."""
        edits = [
            ["set", number, None, {"utfall": outcome, "status": status}]
            for number, (outcome, status) in enumerate(told, start=1)
        ]
        self._edit(f"bokslut.norr.{occasion}", {"foljs": edits}, transition)

    def came(self, year: int, *amounts: int) -> None:
        """Hand in what norr's savings came to in a year."""
        edits = [["set", at, None, {"blev": amount}] for at, amount in enumerate(amounts, start=1)]
        self._edit(f"spar.norr.{year}-year", {"effekt": edits}, "lamna_in")

    def _edit(self, case: str, edits: dict[str, Any], transition: str) -> None:
        self.save(case, "nora", edits=edits)
        if transition:
            self.act(case, transition, "nora")

    def read(self, who: str) -> FollowPage:
        """Read what is followed up."""
        return read_following(self.world, ROUND, email(who))


def open_following(database: Database, folder: Path, text: str = TEXT) -> FollowRound:
    """Open such a round for 2015."""
    clock = Clock()
    clock.put("2015-01-05")
    org = write_organisation(folder / "org")
    found = FollowRound(open_world(database, org, clock), clock, folder / "mail")
    opening.open_round(found.world, revision_of(text, head=HEAD), year=2015)
    return found
