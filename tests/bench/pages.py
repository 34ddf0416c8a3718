"""Pages over a round of 200 units, and over ten years of rounds.

The floor of the round's page shows the same sections with the same rights through the
same templates, and reads through SQLAlchemy's unit of work as one reads with it: lists of
objects (cases, open tasks, units, milestones) with one select each, and of each case what
one wants to know of it: whether the reader may see it, and who holds what is owed in it.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import orm
from sqlmodel import col, select
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import Auth, Config, Mode
from tests.bench import acts
from tests.bench.figures import timed
from web.pages import round as rounds_pages
from web.shared import Site
from web.site import make_site
from web.visit import Visit
from workflow.core.course import course_of
from workflow.core.facts import CaseFact, MilestoneFact, Place, RoundFact
from workflow.core.progress import Judge, Owed
from workflow.core.sight import look
from workflow.service import acts as verbs
from workflow.service import views
from workflow.service.desks import Desk
from workflow.service.reading.rounds import round as reading
from workflow.service.reading.rounds.board import Board
from workflow.service.seeing import Rights, Seen
from workflow.service.signing_in import sessions
from workflow.service.signing_in.sessions import Arrival, SignedIn
from workflow.service.world import World
from workflow.store import people, rounds, tables
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts
from workflow.store.overview import PlannedMilestone

UNITS = 200
PAGES = 20
"""Pages in a block."""
YEARS = 10
HANDED_IN = datetime(2009, 2, 20, 9, tzinfo=UTC)
LATE = datetime(2009, 3, 4, 9, tzinfo=UTC)
"""After the last day of what is not handed in."""


# ---- a round of 200 units ---------------------------------------------------------------


def prepare(url: str, folder: Path) -> None:
    """Play a round half through: a third is late, a third handed in, a third approved."""
    acts.prepare(url, folder, UNITS)
    world = at(url, HANDED_IN)
    for number, task in enumerate(_owed(world, "utkast")):
        if number % 3:
            _act(world, task, "inget")
    for number, task in enumerate(_owed(world, "inlamnat")):
        if number % 2:
            _act(world, task, "godkann")
    world.database.close()


def _owed(world: World, state: str) -> list[dict[str, Any]]:
    tasks = views.task_list(world)
    return [one for one in tasks if one["kind"] == "underlag" and one["state"] == state]


def _act(world: World, task: Mapping[str, Any], transition: str) -> None:
    comment = "Inget att föreslå i år."
    verbs.act(
        world,
        verbs.Wish(
            case=task["case"], transition=transition, email=task["holders"][0], comment=comment
        ),
    )


def at(url: str, now: datetime) -> World:
    """Open a world whose clock stands."""
    return replace(acts.world_on(url), clock=lambda _: now)


class Reader:
    """Somebody who opens the page of the round again and again."""

    def __init__(self, url: str, role: str) -> None:
        self.world = at(url, LATE)
        config = Config(auth=Auth(mode=Mode.LOCAL), database={"url": url})
        self.site = Site(app=App(config=config), world=self.world)
        with self.world.database.read() as connection:
            self.round = rounds.list_rounds(connection, LATE)[0]["round"]
            self.email = _holders(connection, role)[0]
        self.leads = role == "medicinsk_radgivare"

    def open(self) -> bytes:
        """Open the page."""
        signed_in = SignedIn(
            person=1,
            email=self.email,
            name="",
            language="sv",
            theme=None,
            mode="local",
            began_at=LATE,
            ends_at=LATE,
        )
        visit = Visit(
            site=self.site,
            method="GET",
            path=f"/omgangar/{self.round}",
            now=LATE,
            params={"round": self.round},
            who=signed_in,
            rights=Rights(leads=self.leads, reads_all=self.leads),
        )
        return bytes(rounds_pages.show(visit).body)

    def block(self) -> float:
        """Give the seconds of a block of pages."""
        self.open()
        return timed(lambda: [self.open() for _ in range(PAGES)])

    def floor(self) -> float:
        """Give the seconds of a block of the same pages through objects."""
        with through_objects():
            return self.block()


def _holders(connection: Connection, role: str) -> list[str]:
    query = (
        select(tables.Person.email)
        .join(tables.Grant, col(tables.Grant.person_id) == col(tables.Person.id))
        .where(tables.Grant.role == role)
        .order_by(col(tables.Person.id))
    )
    return [row[0] for row in connection.execute(query)]


# ---- the same through objects -----------------------------------------------------------


@contextmanager
def through_objects() -> Iterator[None]:
    """Read rounds through the unit of work meanwhile."""
    with (
        patch.object(reading, "see_round", _see_through_objects),
        patch.object(reading, "read_board", _board_of_objects),
    ):
        yield


class ObjectFacts(StoredFacts):
    """What is asked of a round, answered from objects."""

    def __init__(self, session: orm.Session, row: tables.Round, today: date) -> None:
        super().__init__(session.connection(), _as_fact(row), today)
        self.session = session
        self.today = today
        self.all = session.scalars(
            select(tables.RoundUnit)
            .where(tables.RoundUnit.round_id == row.id)
            .order_by(col(tables.RoundUnit.position))
        ).all()
        self.by_key = {unit.key: unit for unit in self.all}

    def remember_lines(self, kinds: Collection[str]) -> None:
        """They are there already."""

    def line(self, unit: str) -> Sequence[Any]:
        found, step = [], self.by_key.get(unit)
        while step is not None:
            found.append(step)
            step = self.by_key.get(step.parent or "")
        return found

    def units(self, kinds: Collection[str], *, below: str | None = None) -> Sequence[Any]:
        return [
            unit
            for unit in self.all
            if unit.kind in kinds
            and (below is None or any(one.key == below for one in self.line(unit.key)))
        ]

    def holders(self, places: Collection[Place]) -> Mapping[Place, tuple[int, ...]]:
        return {place: tuple(self._holding(place)) for place in places}

    def _holding(self, place: Place) -> Iterator[int]:
        grant = tables.Grant
        query = select(grant).where(
            grant.role == place.role,
            grant.unit == place.unit,
            grant.from_on <= self.today,
            grant.to_on >= self.today,
        )
        yield from sorted(one.person_id for one in self.session.scalars(query))


def _as_fact(row: tables.Round) -> RoundFact:
    names = RoundFact.__slots__
    return RoundFact(**{name: getattr(row, name) for name in names})


class ObjectBoard(Board):
    """A board that asks for the rights of each case anew."""

    def sees(self, case: CaseFact) -> bool:
        return self.seen.sight.sees(case)


def _see_through_objects(world: World, connection: Connection, round_id: str, email: str) -> Seen:
    session = orm.Session(bind=connection)
    now = world.now(connection)
    today = world.today(now)
    row = session.get_one(tables.Round, round_id)
    revision = rounds.load_revision(connection, row.revision)
    facts = ObjectFacts(session, row, today)
    actor = world.actor(connection, email, now)
    sight = look(revision.definition, facts, actor)
    assert sight is not None
    desk = Desk(connection=connection, revision=revision, facts=facts, language="sv", today=today)
    viewer = people.find_person(connection, email)
    return Seen(desk=desk, viewer=viewer, actor=actor, sight=sight, now=now)


def _board_of_objects(seen: Seen) -> Board:
    facts = seen.facts
    assert isinstance(facts, ObjectFacts)
    session, round_id = facts.session, facts.round.id
    judge = Judge(now=seen.now, today=seen.desk.today, zone=seen.definition.zone)
    rows: Sequence[Any] = session.scalars(
        select(tables.Case)
        .where(tables.Case.round_id == round_id)
        .order_by(col(tables.Case.opened_at), col(tables.Case.id))
    ).all()
    owed = {one.case_id: _as_owed(one) for one in _open_tasks(session, round_id)}
    questions: dict[str, int] = {}
    for one in _open_questions(session, round_id):
        questions[one.case_id] = questions.get(one.case_id, 0) + 1
    board = ObjectBoard(
        seen=seen,
        course=course_of(seen.revision),
        judge=judge,
        root=next(case for case in rows if case.parent is None),
        cases={case.id: case for case in rows},
        owed=owed,
        questions=questions,
        standings={
            case.id: judge.stand(case, owed.get(case.id), questions.get(case.id, 0))
            for case in rows
        },
        plan={one.key: _as_planned(one) for one in _milestones(session, round_id)},
        positions={unit.key: number for number, unit in enumerate(facts.all)},
    )
    for case in rows:
        board.kinds.setdefault(case.kind, []).append(case)
        if case.parent is not None:
            board.below.setdefault(case.parent, []).append(case)
    return board


def _open_tasks(session: orm.Session, round_id: str) -> Sequence[tables.Task]:
    task = tables.Task
    query = select(task).where(task.round_id == round_id, col(task.closed_at).is_(None))
    return session.scalars(query).all()


def _open_questions(session: orm.Session, round_id: str) -> Sequence[tables.Question]:
    question, case = tables.Question, tables.Case
    query = select(question).join(case, col(case.id) == col(question.case_id))
    return session.scalars(
        query.where(case.round_id == round_id, col(question.answer).is_(None))
    ).all()


def _milestones(session: orm.Session, round_id: str) -> Sequence[tables.Milestone]:
    milestone = tables.Milestone
    query = select(milestone).where(milestone.round_id == round_id)
    return session.scalars(query.order_by(col(milestone.position))).all()


def _as_owed(task: tables.Task) -> Owed:
    place = Place(task.role, task.unit) if task.role and task.unit else None
    return Owed(task=task.id, place=place, due_at=task.due_at, extended_on=task.extended_on)


def _as_planned(row: tables.Milestone) -> PlannedMilestone:
    fact = MilestoneFact(key=row.key, first_on=row.first_on, last_on=row.last_on, due_at=row.due_at)
    return PlannedMilestone(fact=fact, moved_from=row.moved_from)


# ---- ten years of rounds ----------------------------------------------------------------


def add_years(file: Path) -> None:
    """Put finished rounds beside the one that is under way: the same again, ended."""
    connection = sqlite3.connect(file)
    (here,) = connection.execute("SELECT id FROM rounds").fetchone()
    for number in range(1, YEARS + 1):
        for table in ("rounds", "round_units", "milestones", "cases", "joins", "tasks", "entries"):
            _copy(connection, table, here, f"{here[:-4]}{int(here[-4:]) - number}")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, here: str, there: str) -> None:
    """Copy a round's rows of a table as another round's that has ended."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    ended = dict.fromkeys(("closed_at", "ended_at"), "'2008-10-01 08:00:00.000000'")
    ended |= {"open_cases": "0", "next_reminder_at": "NULL"}
    earlier = int(here[-4:]) - int(there[-4:])  # what was done then was done in that year
    ended |= {"at": f"(CAST(substr(at, 1, 4) AS INTEGER) - {earlier}) || substr(at, 5)"}
    named = {"id", "round_id", "root", "case_id", "parent", "chain"}
    values = [
        ended.get(name) or (f"replace({name}, '{here}', '{there}')" if name in named else name)
        for name in columns
    ]
    key = {"rounds": "id", "entries": "chain", "joins": "case_id"}.get(table, "round_id")
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"
        f" WHERE {key} LIKE '{here}%'"
    )


class Worker:
    """Somebody at a browser, who opens what they have to do."""

    def __init__(self, url: str) -> None:
        self.world = at(url, HANDED_IN)
        with self.world.database.read() as connection:
            email = _holders(connection, "verksamhetschef")[0]
        auth = Auth(mode=Mode.LOCAL, second_factor=False)
        app = App(config=Config(auth=auth, database={"url": url}))
        arrival = Arrival(mode="local", browser="", hours=10)
        secret = sessions.begin(self.world, email, arrival, app.clock)
        self.client = TestClient(
            make_site(app, self.world),
            base_url="http://localhost:8000",
            cookies={"beredning": secret},
        )

    def block(self) -> float:
        """Give the seconds of a block of pages."""
        assert self.client.get("/", follow_redirects=False).status_code == 200
        return timed(lambda: [self.client.get("/") for _ in range(PAGES)])
