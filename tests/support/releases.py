"""The round of `tests.support.lists` with a decision: what a list publishes, and to whom.

The common list is handed on to the leader, who decides of each row; of what is decided
some columns may be published, and everybody who filled something in is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.lists import LISTS, ROOT, ListRound
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.core.facts import RowFact, SheetKey
from workflow.service import opening
from workflow.service.reading.published.preview import ReleasePreview, preview_release
from workflow.service.releasing import ReleaseWish, release
from workflow.store.database import Database
from workflow.store.material import read_sheet

__all__ = ["DECIDED", "OUTCOMES", "RELEASES", "ReleaseRound", "open_releases"]

DECIDED: Final = "beslut"
_DECISION: Final = """
[scale.utfall]
title = "Utfall"
levels = { bifall = "Bifall", avslag = "Avslag" }
source = "Kommunallagen"

[case.omgang.state.beslutas]
title = "Beslutas"
by = "ledare"
edits = ["beslut"]
transition.besluta = { title = "Besluta", to = "klar", asks = [] }
transition.oppna = { title = "Öppna igen", to = "vags" }

[table.beslut]
title = "Beslut per rad"
from = "gemensam"
totals = ["tkr"]
publish = ["vad", "hur", "slag", "grad", "tkr", "ord", "utfall", "skal"]
column.utfall = { title = "Beslut", type = "utfall", required = true }
column.skal = { title = "Varför", type = "long_text", required = { utfall = "avslag" } }
column.anteckning = { title = "Anteckning", type = "text", personal = true }
check.minst = { title = "Frigör minst 5 000", sum = "tkr", at_least = 5000, otherwise = "warn" }
"""
RELEASES: Final = (
    LISTS.replace(
        'transition.klart = { title = "Klart", to = "klar" }',
        'transition.klart = { title = "Klart", to = "beslutas" }',
    ).replace(
        'ends = { klar = "Klar" }',
        'ends = { klar = "Klar" }\ntells = ["ledare", "klinikchef", "omradeschef"]',
        1,
    )
    + _DECISION
)
OUTCOMES: Final[Mapping[str, Mapping[str, Any]]] = {
    "Knä": {"utfall": "bifall"},
    "Axel": {"utfall": "avslag", "skal": "För få berörs."},
    "Hälsosamtal": {"utfall": "bifall"},
    "Palliativt team": {"utfall": "bifall", "skal": "Störst nytta."},
    "=Snarkning": {"utfall": "avslag", "skal": "=1+1", "anteckning": "Ring Eva Ek."},
}
"""What the leader decides of each row."""


@dataclass
class ReleaseRound(ListRound):
    """The round, and what is done in it."""

    def weigh(self) -> None:
        """Take the round to where it is decided."""
        self.collect()
        self.act("omgang", "klart", "lena")

    def decide(self, outcomes: Mapping[str, Mapping[str, Any]] = OUTCOMES) -> None:
        """Take the round to its end, with a decision on each row."""
        self.weigh()
        self.settle(outcomes)
        self.act("omgang", "besluta", "lena")

    def settle(self, outcomes: Mapping[str, Mapping[str, Any]] = OUTCOMES) -> None:
        """Write what is decided of each row."""
        names = {row.number: row.name for row in self.page(table=DECIDED).rows}
        edits = [
            ["set", row.number, row.version, dict(outcomes[names[row.number]])]
            for row in self.decided()
            if names[row.number] in outcomes
        ]
        self.edit("lena", *edits, table=DECIDED)

    def decided(self) -> list[RowFact]:
        """Read the decision past the pages."""
        with self.world.database.read() as connection:
            return list(read_sheet(connection, SheetKey(ROOT, DECIDED)))

    def preview(self, who: str = "lena", table: str = DECIDED) -> ReleasePreview:
        """See what would be released."""
        return preview_release(self.world, ROOT, table, email(who))

    def release(self, who: str = "lena", introduction: str = "") -> str:
        """Release the decision as it is shown now; gives the id."""
        wish = ReleaseWish(
            case=ROOT,
            table=DECIDED,
            email=email(who),
            seal=self.preview().seal,
            introduction=introduction,
        )
        return release(self.world, wish)


def open_releases(database: Database, folder: Path, definition: str = RELEASES) -> ReleaseRound:
    """Open such a round; nothing is filled in yet."""
    clock = Clock()
    world = open_world(database, write_organisation(folder / "org"), clock)
    opening.open_round(world, revision_of(definition, head=HEAD), year=2010)
    return ReleaseRound(world, clock, folder / "mail")
