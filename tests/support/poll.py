"""A round in which each manager answers in secret; `poll.toml` is its definition.

The managers are ann, ber, cat, dor, eva, fia and gus; `lena` leads, `gun` audits, `utan`
holds nothing, and `vik` is nobody's substitute until somebody says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.support.assess import HEAD_WITH_AUDITOR
from tests.support.clock import Clock
from tests.support.definitions import revision_of
from tests.support.organisation import GRANTS, PEOPLE, email, write_organisation
from tests.support.worlds import open_world
from workflow.core.facts import Place
from workflow.service import acts, opening, saving
from workflow.service.people import substituting
from workflow.service.world import World
from workflow.store import people
from workflow.store.database import Database

__all__ = ["CASE_ID", "MANAGERS", "POLL", "ROUND", "Managers", "open_poll"]

POLL: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2010"
CASE_ID: Final = f"{ROUND}.omgang"
MANAGERS: Final = ("ann", "ber", "cat", "dor", "eva", "fia", "gus")


@dataclass
class Managers:
    """The round, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path
    """Of mails; nothing is sent."""

    def save(self, who: str, **cells: Any) -> dict[str, Any]:
        """Save one's own answer without handing it in."""
        return saving.save(self.world, self.wish(who, "", cells))

    def answer(self, who: str, stod: str, **cells: Any) -> dict[str, Any]:
        """Fill in and hand in."""
        return acts.act(self.world, self.wish(who, "svara", {"stod": stod, **cells}))

    def act(self, who: str, transition: str, comment: str = "", **data: Any) -> dict[str, Any]:
        """Move the case."""
        wish = acts.Wish(
            case=CASE_ID, transition=transition, email=email(who), comment=comment, data=data
        )
        return acts.act(self.world, wish)

    def wish(self, who: str, transition: str, cells: Mapping[str, Any], **more: Any) -> acts.Wish:
        """Give the wish that an answer stands for."""
        data = {"rows": {"svar": [dict(cells)]}} if cells else {}
        return acts.Wish(case=CASE_ID, transition=transition, email=email(who), data=data, **more)

    def everybody_answers(self, *levels: str) -> None:
        """Let the managers answer in turn, the last of whom ends it."""
        for who, level in zip(MANAGERS, levels, strict=True):
            self.answer(who, level)

    def close(self) -> None:
        """End it before all have answered."""
        self.act("lena", "stang")

    def person(self, who: str) -> int:
        """Give somebody's number."""
        with self.world.database.read() as connection:
            return people.find_person(connection, email(who)).id

    def substitute(self, who: str, by: str) -> None:
        """Let somebody stand in for a person from today and a month on."""
        today = self.world.today(self.clock.now)
        wish = substituting.Appointment(
            person=email(who), by=email(by), from_on=today, to_on=today + timedelta(days=30)
        )
        substituting.appoint(self.world, wish)


def open_poll(database: Database, folder: Path) -> Managers:
    """Open such a round; nobody has answered."""
    clock = Clock()
    members = [(name, Place("chef", "alv")) for name in MANAGERS]
    grants = (*GRANTS, *members, ("gun", Place("granskare", "alv")))
    org = write_organisation(folder / "org", grants=grants)
    names = (*PEOPLE, *MANAGERS, "gun", "vik")
    lines = ["key,email,name,language,party"]
    lines += [f"{name},{email(name)},{name.capitalize()},sv," for name in names]
    (org / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    world = open_world(database, org, clock)
    opening.open_round(world, revision_of(POLL, head=HEAD_WITH_AUDITOR), year=2010)
    return Managers(world, clock, folder / "mail")
