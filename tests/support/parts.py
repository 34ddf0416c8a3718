"""A plan in parts, whose definition is `parts.toml`: what one part puts off follows to the next.

The leader (`lena`) asks for proposals; `nora` (norr) and `sune` (soder) hand in rows; the leader
decides each, and may in the same decision open the next part.
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
from workflow.service.acts import Wish
from workflow.service.running import evidence
from workflow.service.world import World
from workflow.store.database import Database
from workflow.store.material import read_sheet

__all__ = ["FIRST", "SECOND", "TEXT", "Parts", "open_parts", "revision"]

TEXT: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
FIRST: Final = "prov-2015"
SECOND: Final = "prov-2015-del_2"
PROPOSALS: Final[Mapping[str, Sequence[str]]] = {
    "norr": ("Slå ihop två mottagningar", "Färre lokaler", "Digital kallelse"),
    "soder": ("Gemensam jour", "Ny upphandling"),
}


def revision() -> Revision:
    """The definition."""
    return revision_of(TEXT)


@dataclass
class Parts:
    """The rounds, and what is done in them."""

    world: World
    clock: Clock
    outbox: Path
    """Of the mails."""

    def act(self, case: str, transition: str, who: str = "lena", **more: Any) -> Any:
        """Move a case."""
        return acts.act(self.world, self.wish(case, transition, who, **more))

    def wish(self, case: str, transition: str, who: str = "lena", **more: Any) -> Wish:
        """Say what somebody wants."""
        return Wish(case=case, transition=transition, email=email(who), **more)

    def save(self, case: str, who: str, **data: Any) -> Any:
        """Save rows (`rows=`) or single edits (`edits=`), by table."""
        wish = Wish(case=case, transition="", email=email(who), data=data)
        return saving.save(self.world, wish)

    def rows(self, case: str, table: str) -> Sequence[RowFact]:
        """Read a table past the pages."""
        with self.world.database.read() as connection:
            return read_sheet(connection, SheetKey(case, table))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with self.world.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def propose(
        self, round_id: str = FIRST, proposals: Mapping[str, Sequence[str]] = PROPOSALS
    ) -> None:
        """Fill proposals in, and hand them in."""
        for unit, who in (("norr", "nora"), ("soder", "sune")):
            rows = [
                {"atgard": name, "effekt.2015": 100 + number, "slag": "vard"}
                for number, name in enumerate(proposals[unit])
            ]
            case = f"{round_id}.forslag.{unit}"
            self.act(case, "lamna", who, data={"rows": {"rader": rows}} if rows else {})

    def decide(self, *outcomes: str, round_id: str = FIRST) -> None:
        """Fill in what becomes of each row, in order."""
        rows = self.rows(f"{round_id}.plan", "beslut")
        edits = [
            ["set", row.number, row.version, {"utfall": outcome}]
            for row, outcome in zip(rows, outcomes, strict=False)
        ]
        self.save(f"{round_id}.plan", "lena", edits={"beslut": edits})

    def verified(self) -> list[str]:
        """Give what the log does not explain."""
        found = evidence.prove(self.world)
        return [f"{one.chain} {one.number}: {one.problem}" for one in found.problems]


def open_parts(database: Database, folder: Path, *, decided: bool = True) -> Parts:
    """Open the first part of 2015; with `decided` it has come to its decision, with what the
    areas have proposed."""
    clock = Clock()
    clock.put("2015-01-12")
    org = write_organisation(folder / "org")
    found = Parts(open_world(database, org, clock), clock, folder / "mail")
    opening.open_round(found.world, revision(), year=2015, reference="RS 2015/7")
    if decided:
        clock.put("2015-02-02")
        found.act(f"{FIRST}.plan", "uppdra")
        found.propose()
        clock.put("2015-06-15")
    return found
