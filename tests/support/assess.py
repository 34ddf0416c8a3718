"""A round in which each member of a council assesses rows alone before they meet.

`assess.toml` is its definition. The council Etik has the chair erik and the members ada, bo
and cia; Tand has the chair tage and the member dan. `gun` audits and `utan` holds nothing.
What the clinics hand in is `ROWS`; of it the satsning is not assessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.support.clock import Clock
from tests.support.definitions import HEAD, revision_of
from tests.support.organisation import GRANTS, PEOPLE, email, write_organisation
from tests.support.worlds import open_world
from workflow.core.facts import Place, RowFact, RowKey, SheetKey
from workflow.service import acts, conflicts, opening, saving
from workflow.service.people import substituting
from workflow.service.reading.lists.assessments import Assessment, read_assessment
from workflow.service.world import World
from workflow.store import people
from workflow.store.database import Database
from workflow.store.material import read_sheet

__all__ = [
    "ASSESS",
    "CASE",
    "CASE_ID",
    "HEAD_WITH_AUDITOR",
    "OTHER",
    "ROUND",
    "Council",
    "open_council",
]

ASSESS: Final = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
ROUND: Final = "prov-2010"
CASE: Final = "vardering.etik"
OTHER: Final = "vardering.tand"
CASE_ID: Final = f"{ROUND}.{CASE}"
CHIEFS: Final = {"ett": "ellen", "tva": "tove", "tre": "trygve"}
ROWS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "ett": [
        {"vad": "Knä", "slag": "bort", "tkr": 1850},
        {"vad": "Axel", "slag": "bort", "tkr": 940},
    ],
    "tva": [{"vad": "Hälsosamtal", "slag": "bort", "tkr": 3100}],
    "tre": [{"vad": "Palliativt team", "slag": "sats", "tkr": -4900}],
}
MEMBERS: Final = (
    ("ada", Place("ledamot", "etik")),
    ("bo", Place("ledamot", "etik")),
    ("cia", Place("ledamot", "etik")),
    ("dan", Place("ledamot", "tand")),
    ("gun", Place("granskare", "alv")),
)
HEAD_WITH_AUDITOR: Final = HEAD.replace(
    'leader = "ledare"', 'leader = "ledare"\nauditor = "granskare"'
)


@dataclass
class Council:
    """The round, and what is done in it."""

    world: World
    clock: Clock
    outbox: Path
    """Of mails; nothing is sent."""

    def act(self, case: str, transition: str, who: str, **data: Any) -> dict[str, Any]:
        """Move a case."""
        wish = acts.Wish(case=f"{ROUND}.{case}", transition=transition, email=email(who), data=data)
        return acts.act(self.world, wish)

    def collect(self) -> None:
        """Take the round to where each member assesses."""
        for unit, rows in ROWS.items():
            self.act(f"underlag.{unit}", "lamna_in", CHIEFS[unit], rows={"rader": rows})

    def key(self, name: str) -> RowKey:
        """Give where a row was filled in."""
        for unit, rows in ROWS.items():
            for number, row in enumerate(rows, start=1):
                if row["vad"] == name:
                    return RowKey(f"{ROUND}.underlag.{unit}", "rader", number)
        raise LookupError(name)

    def edit(
        self,
        who: str,
        *edits: Sequence[Any],
        table: str = "bedomning",
        case: str = CASE,
        behalf: str | None = None,
    ) -> dict[str, Any]:
        """Change single rows of a table."""
        wish = acts.Wish(
            case=f"{ROUND}.{case}",
            transition="",
            email=email(who),
            on_behalf_of=email(behalf) if behalf else None,
            data={"edits": {table: [list(edit) for edit in edits]}},
        )
        return saving.save(self.world, wish)

    def ballot(self, name: str, rang: str, **more: Any) -> list[Any]:
        """Give the wish that adds a row of one's own about a row."""
        key = self.key(name)
        return ["add", None, {"rang": rang, **more}, key.case, key.number]

    def assess(self, who: str, case: str = CASE, **rangs: str) -> None:
        """Assess some rows, by the first letters of their names."""
        names = [row["vad"] for rows in ROWS.values() for row in rows]
        found = {name: rang for name in names for short, rang in rangs.items() if short in name}
        self.edit(who, *(self.ballot(name, rang) for name, rang in found.items()), case=case)

    def sign(self, who: str, case: str = CASE) -> dict[str, Any]:
        """Hand one's copy in."""
        return self.act(case, "klar", who)

    def everybody_assesses(self) -> None:
        """Let all three assess and sign: they agree on Axel and least of all on Hälsosamtal."""
        for who, rangs in {
            "ada": {"Knä": "1", "Axel": "2", "Hälso": "1"},
            "bo": {"Knä": "2", "Axel": "2", "Hälso": "4"},
            "cia": {"Knä": "2", "Axel": "2", "Hälso": "inte"},
        }.items():
            self.assess(who, **rangs)
            self.sign(who)

    def copy(self, who: str, table: str = "bedomning", case: str = CASE) -> Sequence[RowFact]:
        """Read somebody's copy past the pages."""
        with self.world.database.read() as connection:
            owner = people.find_person(connection, email(who)).id
            return read_sheet(connection, SheetKey(f"{ROUND}.{case}", table, owner))

    def person(self, who: str) -> int:
        """Give somebody's number."""
        with self.world.database.read() as connection:
            return people.find_person(connection, email(who)).id

    def page(
        self, who: str, table: str = "bedomning", case: str = CASE, behalf: str | None = None
    ) -> Assessment:
        """Read the copies as somebody may."""
        absent = email(behalf) if behalf else None
        return read_assessment(self.world, email(who), f"{ROUND}.{case}", table, behalf=absent)

    def wish(self, who: str, name: str, **more: Any) -> conflicts.ConflictWish:
        """Give a wish about a conflict of interest."""
        given = {"case": CASE_ID, "table": "bedomning", "reason": "Min syster.", **more}
        return conflicts.ConflictWish(email=email(who), row=self.key(name), **given)

    def declare(self, who: str, name: str, **more: Any) -> bool:
        """Note a conflict of interest."""
        return conflicts.declare(self.world, self.wish(who, name, **more))

    def substitute(self, who: str, by: str) -> None:
        """Let somebody stand in for a person from today and a month on."""
        today = self.world.today(self.clock.now)
        wish = substituting.Appointment(
            person=email(who), by=email(by), from_on=today, to_on=today + timedelta(days=30)
        )
        substituting.appoint(self.world, wish)


def open_council(database: Database, folder: Path) -> Council:
    """Open such a round; nothing is filled in yet."""
    clock = Clock()
    org = write_organisation(folder / "org", grants=(*GRANTS, *MEMBERS))
    names = (*PEOPLE, *(name for name, _ in MEMBERS), "vik")
    lines = ["key,email,name,language,party"]
    lines += [f"{name},{email(name)},{name.capitalize()},sv," for name in names]
    (org / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    world = open_world(database, org, clock)
    opening.open_round(world, revision_of(ASSESS, head=HEAD_WITH_AUDITOR), year=2010)
    return Council(world, clock, folder / "mail")
