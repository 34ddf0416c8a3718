"""A round whose clinics fill in rows that areas compile and one list shows in an order.

`lists.toml` is its definition. Ett and tva lie in norr, tre in soder; each hands in what
`ROWS` says, the areas hand theirs on, and the leader `lena` puts the common list in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.core.facts import RowFact, SheetKey
from workflow.service import acts, opening, saving
from workflow.service.placing import PlaceWish, place
from workflow.service.reading.lists.listing import ListPage, read_list
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.material import read_sheet

__all__ = ["LISTS", "ROUND", "ROWS", "TABLE", "ListRound", "open_lists"]

LISTS: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2010"
ROOT: Final = f"{ROUND}.omgang"
TABLE: Final = "gemensam"
CHIEFS: Final = {"ett": "ellen", "tva": "tove", "tre": "trygve"}
AREAS: Final = {"norr": "nora", "soder": "sune"}
ROWS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "ett": [
        {"vad": "Knä", "hur": "Artroskopi", "slag": "bort", "grad": "3", "tkr": 1850},
        {"vad": "Axel", "slag": "bort", "grad": "2", "tkr": 940},
    ],
    "tva": [{"vad": "Hälsosamtal", "slag": "bort", "grad": "3", "tkr": 3100}],
    "tre": [
        {"vad": "Palliativt team", "slag": "sats", "grad": "1", "tkr": -4900},
        {"vad": "=Snarkning", "slag": "bort", "grad": "3", "tkr": 1120},
    ],
}


@dataclass
class ListRound:
    """The round, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path
    """Of mails; nothing is sent."""

    def act(self, case: str, transition: str, who: str, **data: Any) -> dict[str, Any]:
        """Move a case."""
        wish = acts.Wish(case=f"{ROUND}.{case}", transition=transition, email=email(who), data=data)
        return acts.act(self.world, wish)

    def edit(self, who: str, *edits: list[Any], case: str = "omgang", table: str = TABLE) -> Any:
        """Change single rows of a list."""
        wish = acts.Wish(
            case=f"{ROUND}.{case}",
            transition="",
            email=email(who),
            data={"edits": {table: list(edits)}},
        )
        return saving.save(self.world, wish)

    def collect(self) -> None:
        """Take the round to where the common list is put in order."""
        self.act("omgang", "borja", "lena")
        for unit, rows in ROWS.items():
            self.act(f"underlag.{unit}", "lamna_in", CHIEFS[unit], rows={"rader": rows})
        for area, chief in AREAS.items():
            self.act(f"lista.{area}", "lamna", chief)

    def page(self, who: str = "lena", case: str = "omgang", table: str = TABLE) -> ListPage:
        """Read a list."""
        return read_list(self.world, email(who), f"{ROUND}.{case}", table)

    def names(self) -> list[str]:
        """Give what the rows of the common list are called, in order."""
        return [row.name for row in self.page().rows]

    def move(self, name: str, to: int, why: str = "", who: str = "lena") -> dict[str, Any]:
        """Put a row of the common list at a position."""
        row = next(row for row in self.page().rows if row.name == name)
        return place(
            self.world,
            PlaceWish(
                case=ROOT,
                table=TABLE,
                email=email(who),
                number=row.number,
                version=row.version,
                to=to,
                why=why,
            ),
        )

    def sheet(self) -> Sequence[RowFact]:
        """Read the common list past the pages."""
        with self.world.database.read() as connection:
            return read_sheet(connection, SheetKey(ROOT, TABLE))


def open_lists(database: Database, folder: Path) -> ListRound:
    """Open such a round; nothing is filled in yet."""
    clock = Clock()
    world = open_world(database, write_organisation(folder / "org"), clock)
    opening.open_round(world, revision_of(LISTS, head=HEAD), year=2010)
    return ListRound(world, clock, folder / "mail")
