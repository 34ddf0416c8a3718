"""A small invented region with a round under way, and a clock that is put by hand.

The round is that of `processes/prioritering` for budget 2010, so that dates are those
of its file: a plan in November 2008, an assignment on 3 December, underlag due on
28 February 2009 (a Saturday), a list in April and a decision in June.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from beredning.practice.example import ExampleOrganisation, example_organisation, write_csv
from notifications.deliver import FolderSender
from notifications.post import deliver, writer
from processes.registry import Registry
from workflow.core import plan
from workflow.core.facts import Via
from workflow.core.guards import NAMED
from workflow.core.revision import Revision
from workflow.service import acts, opening, saving
from workflow.service.people import organisation
from workflow.service.running import installation
from workflow.service.world import ZONE, World
from workflow.store.database import Database
from workflow.store.tables import metadata

ROUND = "prioritering-2010"
ROOT = f"{ROUND}.omgang"
OPENED = datetime.fromisoformat("2008-10-07T06:00:00+00:00")
"""A Tuesday, 08:00 in Stockholm."""
OBJEKT = {"objekt": [{"tillstand": "Påhittat", "atgard": "Påhittad", "typ": "effektivisering"}]}


def local(day: str, clock: str = "09:00") -> datetime:
    """Give the instant at which Stockholm's clocks show a time on a day."""
    return plan.wall_time(date.fromisoformat(day), time.fromisoformat(clock), ZONE)


def load_process(*folders: Path, year: int = 2010) -> Revision:
    """Load the shipped process, or the one that stands in a folder instead of it."""
    return Registry(folders, guards=frozenset(NAMED)).load("prioritering", year=year)


@dataclass
class Stage:
    """A world with its clock, its people and its round."""

    world: World
    at: list[datetime]
    revision: Revision
    people: ExampleOrganisation
    folder: Path
    """Of the organisation's files."""
    outbox: Path
    """Of the mails."""
    round: str = ROUND

    # ---- time ---------------------------------------------------------------------------

    def put(self, day: str, clock: str = "09:00") -> datetime:
        """Put the clock to a local time."""
        self.at[0] = local(day, clock)
        return self.at[0]

    # ---- people -------------------------------------------------------------------------

    def units(self, kind: str) -> list[str]:
        """Give the keys of the units of a kind."""
        return [unit.key for unit in self.people.units if unit.kind == kind]

    def parent(self, unit: str) -> str:
        """Give the unit above one."""
        return next(str(one.parent) for one in self.people.units if one.key == unit)

    def holders(self, role: str, unit: str | None = None) -> list[str]:
        """Give the addresses of those who were given a role, somewhere or at one unit."""
        return [g.email for g in self.people.grants if g.role == role and unit in (None, g.unit)]

    def holder(self, role: str, unit: str | None = None) -> str:
        """Give the first of them."""
        return self.holders(role, unit)[0]

    def swedish(self, role: str) -> str:
        """Give the first of them who reads Swedish."""
        read = {one.email for one in self.people.people if one.language == "sv"}
        return next(email for email in self.holders(role) if email in read)

    def chief(self, unit: str) -> str:
        """Give who is the chief of a verksamhet."""
        return self.holder("verksamhetschef", unit)

    def boss(self, unit: str) -> str:
        """Give who is the chief of the driftenhet above a verksamhet."""
        return self.holder("driftenhetschef", self.parent(unit))

    @property
    def leader(self) -> str:
        """Who leads the round."""
        return self.holder("medicinsk_radgivare")

    # ---- doing --------------------------------------------------------------------------

    def case(self, kind: str, unit: str = "") -> str:
        """Give the id of a case."""
        return f"{self.round}.{kind}" + (f".{unit}" if unit else "")

    def act(
        self,
        case: str,
        transition: str,
        email: str,
        *,
        comment: str = "",
        data: Mapping[str, Any] | None = None,
        version: int | None = None,
        request_id: str | None = None,
    ) -> dict[str, Any]:
        """Move a case."""
        wish = acts.Wish(
            case=case,
            transition=transition,
            email=email,
            comment=comment,
            data=data or {},
            version=version,
            request_id=request_id,
        )
        return acts.act(self.world, wish)

    def weigh(self, case: str) -> None:
        """Let the chair of a body close the assessment, if it goes on, and hand over the list
        at a meeting where everybody is present."""
        body = case.rpartition(".")[2]
        chair = self.holder("ordforande", body)
        if self.rows(f"SELECT state FROM cases WHERE id = '{case}'") == [("bedomning",)]:
            self.act(case, "stang", chair, comment="Vi bedömer tillsammans.")
        everybody = {chair, *self.holders("ledamot", body)}
        self.act(case, "aterlamna", chair, data={"decision": {"present": len(everybody)}})

    def fill(self, case: str, table: str, email: str, **cells: Any) -> None:
        """Save the same cells in every row of a table."""
        where = f"case_id = '{case}' AND table_key = '{table}' AND owner = 0"
        numbers = self.rows(f"SELECT number FROM material_rows WHERE {where}")
        edits = [["set", number, None, cells] for (number,) in numbers]
        wish = acts.Wish(case=case, transition="", email=email, data={"edits": {table: edits}})
        saving.save(self.world, wish)

    def hand_in(self, unit: str, **more: Any) -> dict[str, Any]:
        """Hand in the underlag of a verksamhet."""
        data = {"rows": OBJEKT, **more.pop("data", {})}
        return self.act(
            self.case("underlag", unit), "lamna_in", self.chief(unit), data=data, **more
        )

    def approve(self, unit: str, **more: Any) -> dict[str, Any]:
        """Approve the underlag of a verksamhet."""
        return self.act(self.case("underlag", unit), "godkann", self.boss(unit), **more)

    def begin_groundwork(self) -> None:
        """Take the round to where the underlag are owed: 3 December 2008."""
        self.put("2008-11-11")
        secretary = self.holder("sekreterare", self.units("landstingsstyrelse")[0])
        self.act(ROOT, "faststall", secretary)
        self.put("2008-11-20")
        self.act(ROOT, "konstituera", self.leader)
        self.put("2008-12-03")
        self.act(ROOT, "lamna_uppdrag", self.holder("landstingsdirektor"))

    def post(self, world: World | None = None) -> dict[str, int]:
        """Send every mail that is due into the folder."""
        write = writer(base_url="http://localhost:8000", sender="B <b@region.example>")
        return asyncio.run(deliver(world or self.world, write, FolderSender(self.outbox)))

    def another(self, database: Database) -> "Stage":
        """Give the same stage through a database of its own, as another process has."""
        return replace(self, world=replace(self.world, database=database))

    # ---- looking ------------------------------------------------------------------------

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Read rows past the program."""
        with self.world.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def counts(self) -> dict[str, int]:
        """Count the rows of every table that a verb writes."""
        tables = (
            "units people grants rounds round_units milestones cases joins tasks signatures"
            " reminders material_rows questions entries entry_payloads messages incidents"
            " refusals requests revisions"
        ).split()
        return {table: self.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give every row of every table."""
        return {
            table.name: sorted(self.rows(f"SELECT * FROM {table.name}"), key=repr)
            for table in metadata.sorted_tables
        }

    def change(self, sql: str, **values: object) -> None:
        """Change rows past the program."""
        with self.world.database.write() as connection:
            connection.execute(text(sql), values)

    def end_grant(self, role: str, unit: str, email: str | None = None) -> None:
        """Take a role away, as if it had ended long ago."""
        who = "" if email is None else " AND person_id = (SELECT id FROM people WHERE email = :who)"
        self.change(
            "UPDATE grants SET to_on = '2008-01-01' WHERE role = :role AND unit = :unit" + who,
            **{"role": role, "unit": unit} | ({} if email is None else {"who": email}),
        )

    def mails(self, kind: str) -> Counter[str]:
        """Count the messages of a kind by address."""
        found = self.rows(
            "SELECT people.email FROM messages JOIN people ON people.id = person_id"
            " WHERE kind = :kind",
            kind=kind,
        )
        return Counter(row[0] for row in found)

    def reminders(self, subject: str | None = None) -> list[tuple[Any, ...]]:
        """Give rung, recipient and address of the reminders of a task, or of all."""
        return self.rows(
            "SELECT rung, recipient, people.email FROM reminders JOIN people ON"
            " people.id = person_id WHERE :subject IN ('', subject)"
            " ORDER BY reminders.id",
            subject=subject or "",
        )


def grains(first: int = 1) -> Any:
    """Give salts that are never the same twice."""
    numbers = count(first)
    return lambda: f"{next(numbers):032x}"


def make_stage(
    database: Database,
    revision: Revision,
    people: ExampleOrganisation,
    folder: Path,
    outbox: Path,
    *,
    opened: bool = True,
) -> Stage:
    """Install a database, import the organisation and open the round."""
    at, salt = [OPENED], grains()
    made = installation.install(
        database, clock=lambda _: at[0], salt=salt, rehearsal=False, os_user="operator"
    )
    world = make_world(database, at, salt, made.name)
    organisation.bring_in(world, folder)
    if opened:
        opening.open_round(world, revision, year=2010, reference="RS 2008/123")
    return Stage(world, at, revision, people, folder, outbox)


def make_world(database: Database, at: list[datetime], salt: Any, name: str) -> World:
    """Give a world whose clock is put by hand."""
    return World(
        database=database,
        clock=lambda _: at[0],
        salt=salt,
        via=Via.COMMAND,
        installation=name,
        os_user="operator",
        sender_domain="region.example",
    )


@dataclass
class Photo:
    """A stage as it stood, to be had again without going all the way there."""

    stage: Stage
    at: datetime
    rows: dict[str, list[dict[str, Any]]]

    @classmethod
    def take(cls, stage: Stage) -> "Photo":
        """Keep every row, in the order they were written (on SQLite)."""
        with stage.world.database.read() as connection:
            rows = {
                table.name: [dict(row._mapping) for row in connection.execute(table.select())]
                for table in metadata.sorted_tables
            }
        return cls(stage, stage.at[0], rows)

    def develop(self, database: Database, outbox: Path) -> Stage:
        """Write the rows into an empty database with its schema."""
        with database.write() as connection:
            for table in metadata.sorted_tables:
                if self.rows[table.name]:
                    connection.execute(table.insert(), self.rows[table.name])
            if database.dialect == "postgresql":
                for table in ("people", "grants", "messages"):
                    last = f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
                    if self.rows[table]:
                        connection.execute(text(last))
        at = [self.at]
        world = make_world(database, at, grains(10**9), self.stage.world.installation)
        return replace(self.stage, world=world, at=at, outbox=outbox)


def invent(revision: Revision, folder: Path, units: int = 6) -> ExampleOrganisation:
    """Invent an organisation and write its files."""
    invented = example_organisation(revision.definition, units=units)
    write_csv(invented, folder)
    return invented
