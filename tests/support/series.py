"""A year in which cases come again: each month, at milestones, and when somebody needs one.

`series.toml` is its definition. It begins on 12 January 2010; `nora` and `sune` head the two
areas, `ellen` one of the clinics, and `lena` leads.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.service import acts, clockwork, opening, starting
from workflow.service.acts import Wish
from workflow.service.world import World
from workflow.store.database import Database

__all__ = ["ROUND", "SERIES", "YEAR", "Running", "begin_year"]

SERIES: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2010"
YEAR: Final = f"{ROUND}.ar"


@dataclass
class Running:
    """A year that has begun on 12 January 2010."""

    world: World
    clock: Clock
    outbox: Path
    """Of mails; nothing is sent."""

    def to(self, month: int, day: int, hour: int = 12) -> dict[str, int]:
        """Put the clock to an hour of a day and let it look."""
        self.clock.now = datetime(2010, month, day, hour, tzinfo=UTC)
        return clockwork.tick(self.world)

    def act(self, case: str, transition: str, who: str) -> Any:
        """Move a case."""
        wish = Wish(case=f"{ROUND}.{case}", transition=transition, email=email(who))
        return acts.act(self.world, wish)

    def open(self, kind: str, unit: str | None, who: str, request: str | None = None) -> Any:
        """Open one more."""
        wish = Wish(case=YEAR, transition="", email=email(who), request_id=request)
        return starting.open_one(self.world, wish, kind, unit)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with self.world.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).all()]

    def cases(self, kind: str) -> list[str]:
        """Give the cases of a kind, by id without the round's."""
        rows = self.rows(f"SELECT id FROM cases WHERE kind = '{kind}' ORDER BY id")
        return [row[0].removeprefix(f"{ROUND}.") for row in rows]


def begin_year(database: Database, folder: Path) -> Running:
    """Begin such a year."""
    clock = Clock()
    clock.now = datetime(2010, 1, 12, 8, tzinfo=UTC)
    world = open_world(database, write_organisation(folder / "org"), clock)
    opening.open_round(world, revision_of(SERIES, head=HEAD), year=2010)
    found = Running(world, clock, folder / "mail")
    found.act("ar", "borja", "lena")
    return found
