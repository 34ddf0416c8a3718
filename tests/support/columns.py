"""A round whose clinics fill in rows with columns of every type.

`columns.toml` is its definition. `ellen` leads the clinic ett, `nora` helps there and does
not see the column `lon`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.core.files.acceptance import Limits
from workflow.core.revision import Revision
from workflow.service import acts, attaching, opening, saving
from workflow.service.world import World
from workflow.store.database import Database

__all__ = ["TABLE", "ColumnRound", "budgets", "case_of", "open_columns", "revision"]

TABLE: Final = "rader"
TEXT: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
LIMITS: Final = Limits(file_bytes=10_000, case_bytes=100_000)
FIGURES: Final = HEAD.replace(
    'klinik = { title = "Klinik",', 'klinik = { title = "Klinik", facts = { budget_tkr = "tkr" },'
)


def revision() -> Revision:
    """The definition."""
    return revision_of(TEXT, head=FIGURES)


def case_of(unit: str, year: int = 2010) -> str:
    """Give the case of a clinic."""
    return f"prov-{year}.underlag.{unit}"


@dataclass
class ColumnRound:
    """The rounds, and what is done in them."""

    world: World
    clock: Clock
    outbox: Path

    def open(self, year: int) -> dict[str, Any]:
        """Open a round."""
        return opening.open_round(self.world, revision(), year=year)

    def save(
        self, *edits: list[Any], unit: str = "ett", who: str = "ellen", year: int = 2010
    ) -> Any:
        """Change single rows of a clinic."""
        wish = acts.Wish(
            case=case_of(unit, year),
            transition="",
            email=email(who),
            data={"edits": {TABLE: list(edits)}},
        )
        return saving.save(self.world, wish)

    def hand_in(self, unit: str = "ett", who: str = "ellen", year: int = 2010) -> Any:
        """Hand a clinic's rows in."""
        wish = acts.Wish(case=case_of(unit, year), transition="lamna_in", email=email(who))
        return acts.act(self.world, wish)

    def attach(self, name: str, unit: str = "ett", who: str = "ellen") -> int:
        """Attach a file; gives its number."""
        wish = attaching.FileWish(
            case=case_of(unit), email=email(who), name=name, content=b"ett;tva\n1;2\n"
        )
        return attaching.attach(self.world, wish, LIMITS).number


def budgets(folder: Path, *lines: str) -> Path:
    """Write the figures of units beside an organisation's other files."""
    (folder / "facts.csv").write_text("\n".join(["unit,fact,value", *lines, ""]), "utf-8")
    return folder


def open_columns(database: Database, folder: Path, *facts: str) -> ColumnRound:
    """Open such a world with a round for 2010; `facts` are lines of the file of figures."""
    clock = Clock()
    org = write_organisation(folder / "org")
    if facts:
        budgets(org, *facts)
    found = ColumnRound(open_world(database, org, clock), clock, folder / "mail")
    found.open(2010)
    return found
