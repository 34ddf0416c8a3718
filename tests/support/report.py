"""A round whose leader reports every month, whose definition is `report.toml`.

Three clinics owe an underlag by 26 February 2010; `lena` writes the report of each month,
`dag` approves it, and those who are told get its text by mail. The body decides on 17 March.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import email, write_organisation
from tests.support.worlds import open_world
from workflow.core.mail import MailFacts
from workflow.core.revision import Revision
from workflow.service import acts, clockwork, opening, saving
from workflow.service.acts import Wish
from workflow.service.mail.gathering import gather_in
from workflow.service.world import World
from workflow.store.claims import Claimed
from workflow.store.database import Database

__all__ = ["ROUND", "ReportRound", "case_of", "open_report", "revision"]

TEXT: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2010"
JANUARY: Final = f"{ROUND}.rapport.2010-01"
ROWS: Final = [{"text": "Knän", "belopp": "100", "per_ar.2010": "5", "per_ar.2011": "7", "dolt": 9}]


def revision() -> Revision:
    """The definition."""
    return revision_of(TEXT, head=HEAD)


def case_of(kind: str, unit: str = "") -> str:
    """Give a case of the round."""
    return f"{ROUND}.{kind}.{unit}".rstrip(".")


@dataclass
class ReportRound:
    """The round, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path

    def to(self, month: int, day: int, hour: int = 8) -> None:
        """Put the clock to an hour of a day of 2010, and let it look."""
        self.clock.now = datetime(2010, month, day, hour, tzinfo=UTC)
        clockwork.tick(self.world)

    def act(self, case: str, transition: str, who: str, comment: str = "", **data: Any) -> Any:
        """Move a case."""
        wish = Wish(case=case, transition=transition, email=email(who), comment=comment, data=data)
        return acts.act(self.world, wish)

    def save(self, case: str, who: str, **data: Any) -> Any:
        """Save what is filled in."""
        return saving.save(self.world, Wish(case=case, transition="", email=email(who), data=data))

    def hand_in(self, unit: str, who: str) -> None:
        """Hand in what a clinic owes."""
        rows = [{key: one for key, one in row.items() if key != "dolt"} for row in ROWS]
        self.act(case_of("underlag", unit), "lamna", who, rows={"rader": rows})

    def write(self, case: str, text: str, who: str = "lena") -> None:
        """Write a report, and hand it over for approval."""
        self.act(case, "lamna", who, rows={"rapport": [{"text": text}]})

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """Ask the database."""
        with self.world.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).all()]

    def mails(self, case: str, who: str) -> list[MailFacts]:
        """Give what the mails about a decision in a case tell somebody, as of now."""
        found = self.rows(
            "SELECT m.id, m.message_id, m.person_id, m.kind, m.content, m.put_at FROM messages m"
            f" JOIN people p ON p.id = m.person_id WHERE m.case_id = '{case}'"
            f" AND m.kind = 'decision' AND p.email = '{email(who)}' ORDER BY m.id"
        )
        with self.world.database.read() as connection:
            told = [gather_in(self.world, connection, _claimed(case, row)) for row in found]
        return [one for one in told if one is not None]


def _claimed(case: str, row: tuple[Any, ...]) -> Claimed:
    content = json.loads(row[4]) if isinstance(row[4], str) else row[4]
    at = datetime.fromisoformat(row[5]) if isinstance(row[5], str) else row[5]
    return Claimed(
        id=row[0],
        message_id=row[1],
        round=ROUND,
        person=row[2],
        kind=row[3],
        case=case,
        task=None,
        content=content,
        put_at=at if at.tzinfo else at.replace(tzinfo=UTC),
        attempt=0,
        fence=1,
        body=None,
        to_address=None,
        first_try_at=None,
        task_closed=False,
    )


def open_report(database: Database, folder: Path) -> ReportRound:
    """Open the round on 4 January 2010, with what the clinics owe under way since the 12th."""
    clock = Clock()
    clock.now = datetime(2010, 1, 4, 8, tzinfo=UTC)
    world = open_world(database, write_organisation(folder / "org"), clock)
    opening.open_round(world, revision(), year=2010)
    found = ReportRound(world, clock, folder / "mail")
    found.to(1, 12)
    found.act(case_of("omgang"), "borja", "lena")
    return found
