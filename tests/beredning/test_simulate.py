"""A whole year played on a virtual clock: the same seed gives the same bytes."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection

from beredning.practice.example import example_organisation, write_csv
from beredning.practice.playing import Day
from beredning.practice.simulate import Result, Setting, simulate
from processes.registry import Registry
from tests.service.worlds import grains, make_world
from workflow.core.errors import BadInput
from workflow.core.guards import NAMED
from workflow.core.revision import Revision
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.lists.money import money_of
from workflow.service.reading.published.preview import preview_release
from workflow.service.reading.published.released import read_released
from workflow.service.releasing import ReleaseWish, release
from workflow.store.database import Database
from workflow.store.log import lines
from workflow.store.sendings import list_messages

EVENTS = {
    "opened",
    "transition",
    "task_opened",
    "task_closed",
    "reminder",
    "escalation",
    "moved",
    "mail",
    "incident",
}


@dataclass
class Year:
    """A year that was played, and what it left behind."""

    result: Result
    out: Path
    days: list[Day]

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """What happened, in order."""
        text = (self.out / "timeline.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def mails(self) -> dict[str, bytes]:
        """The files of the mails."""
        return {file.name: file.read_bytes() for file in sorted((self.out / "mail").iterdir())}

    @property
    def log(self) -> list[tuple[object, object]]:
        """Number and hash of every line of both chains."""
        return [
            (line["number"], line["hash"])
            for chain in ("installation", self.result.round)
            for line in self.read(lambda connection, chain=chain: list(lines(connection, chain)))
        ]

    @property
    def outbox(self) -> list[dict[str, Any]]:
        """The messages, with what became of them."""
        return list(self.read(list_messages))

    @property
    def leader(self) -> str:
        """Who leads the round, by address."""
        found = self.read(
            lambda connection: connection.exec_driver_sql(
                "SELECT email FROM people JOIN grants ON grants.person_id = people.id"
                " WHERE role = 'medicinsk_radgivare'"
            ).all()
        )
        return str(found[0][0])

    def read(self, ask: Any) -> Any:
        """Ask the year's database."""
        database = Database(f"sqlite:///{self.out / 'rehearsal.db'}")
        try:
            with database.read() as connection:
                return ask(connection)
        finally:
            database.close()

    @property
    def troubles(self) -> dict[str, int]:
        """Count what was sent back, what was remitted, and what never came."""
        moves = [one for one in self.timeline if one["event"] == "transition"]
        return {
            "returned": sum(
                ".underlag." in (one["case"] or "") and one["detail"]["transition"] == "aterlamna"
                for one in moves
            ),
            "remitted": sum("aterremiss" in (one["detail"]["transition"] or "") for one in moves),
            "missing": sum(one["detail"]["kind"] == "missing" for one in moves),
        }


@pytest.fixture(scope="module")
def revision() -> Revision:
    """The shipped process."""
    return Registry(guards=frozenset(NAMED)).load("prioritering", year=2010)


@pytest.fixture(scope="module")
def org(revision: Revision, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of an invented organisation of eight verksamheter."""
    folder = tmp_path_factory.mktemp("org")
    write_csv(example_organisation(revision.definition, units=8), folder)
    return folder


def play(revision: Revision, org: Path, out: Path, seed: int) -> Year:
    """Play a year."""
    days: list[Day] = []
    setting = Setting(year=2010, org=org, out=out, late=0.3, seed=seed)
    return Year(simulate(revision, setting, days.append), out, days)


@pytest.fixture(scope="module")
def year(revision: Revision, org: Path, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The year of seed 1."""
    return play(revision, org, tmp_path_factory.mktemp("year"), 1)


def test_the_year_ends_decided_and_verified(year: Year) -> None:
    """The budget is decided, and the log explains how."""
    assert ("beslutad", "Beslutad", True) == (
        year.result.final_state,
        year.result.final_title,
        year.result.verdict.ok,
    )


def test_the_objects_go_the_whole_way(year: Year, tmp_path: Path) -> None:
    """From the underlag to the list that is released to everybody, none is lost or doubled, and
    what they come to is one number in every list, in the money and in the open data."""
    case, leader = f"{year.result.round}.omgang", year.leader
    database = Database(f"sqlite:///{copy(year.out / 'rehearsal.db', tmp_path)}")
    world = make_world(database, [datetime(2009, 9, 1, tzinfo=UTC)], grains(1), "year")
    filled = year.read(amounts)

    pages = [read_list(world, leader, case, table) for table in ("gemensam_lista", "beslut")]
    money = money_of(pages[0], None, date(2009, 9, 1)).whole
    shown = preview_release(world, case, "beslut", leader)
    wish = ReleaseWish(case=case, table="beslut", email=leader, seal=shown.seal)
    released = read_released(world, release(world, wish)).made
    database.close()

    assert 0 < len(filled)
    assert {len(filled)} == {len(released.rows), *(len(page.rows) for page in pages)}
    assert {sum(filled)} == {
        money.all.net,
        sum(row.cells["effekt_tkr"] for row in released.rows),
        *(page.totals["effekt_tkr"] for page in pages),
    }


def amounts(connection: Connection) -> list[int]:
    """Give what each object that was handed in would free or cost."""
    found = connection.exec_driver_sql(
        "SELECT cells FROM material_rows JOIN cases ON cases.id = case_id"
        " WHERE table_key = 'objekt' AND state = 'godkant'"
    )
    return [json.loads(cells).get("effekt_tkr", 0) for (cells,) in found]


def test_the_same_seed_gives_the_same_bytes(
    year: Year, revision: Revision, org: Path, tmp_path: Path
) -> None:
    """Mails, timeline and every hash of the log are equal in another folder."""
    again = play(revision, org, tmp_path / "again", 1)

    assert year.mails == again.mails
    assert (year.out / "timeline.jsonl").read_bytes() == (again.out / "timeline.jsonl").read_bytes()
    assert year.log == again.log
    assert year.days == again.days


def test_another_seed_gives_another_year(
    year: Year, revision: Revision, org: Path, tmp_path: Path
) -> None:
    """Chance is the seed's: another seed, other days."""
    other = play(revision, org, tmp_path / "other", 2)

    assert "beslutad" == other.result.final_state
    assert True is other.result.verdict.ok
    assert year.log != other.log
    assert year.timeline != other.timeline
    assert set(year.mails).isdisjoint(other.mails)


def test_every_event_has_its_keys(year: Year) -> None:
    """The timeline has exactly the promised keys and kinds, in order of time."""
    assert {frozenset("at event round case unit actor detail".split())} == {
        frozenset(one) for one in year.timeline
    }
    assert EVENTS >= {one["event"] for one in year.timeline}
    assert {"opened", "transition", "task_opened", "task_closed", "reminder", "mail"} <= {
        one["event"] for one in year.timeline
    }
    assert sorted(one["at"] for one in year.timeline) == [one["at"] for one in year.timeline]
    assert {"prioritering-2010"} == {one["round"] for one in year.timeline}


def test_every_task_that_opened_has_closed(year: Year) -> None:
    """At the year's end nobody owes anything any more."""
    found = Counter(one["event"] for one in year.timeline)

    assert found["task_opened"] == found["task_closed"] > 0


def test_every_mail_is_a_file(year: Year) -> None:
    """What the outbox says was sent lies in the folder, and nothing else does."""
    sent = [one for one in year.outbox if one["state"] == "sent"]

    assert {"sent", "withdrawn"} >= {one["state"] for one in year.outbox}
    assert len(sent) == len(year.mails) == year.result.mails
    assert sorted(one["message_id"] for one in sent) == sorted(
        str(message_from_bytes(body, policy=policy.default)["Message-ID"]).strip("<>")
        for body in year.mails.values()
    )


def test_every_mail_parses(year: Year) -> None:
    """Each has its headers, a text and an HTML part, and no defects."""
    kinds = {"reminder", "escalation", "assignment", "returned", "decision", "incident"}
    for name, body in year.mails.items():
        mail = message_from_bytes(body, policy=policy.default)

        assert [] == list(mail.defects), name
        assert "auto-generated" == mail["Auto-Submitted"]
        assert mail["X-Beredning-Kind"] in kinds
        assert mail["Date"]
        assert mail["To"].addresses[0].domain.endswith(".example")
        assert {"text/plain", "text/html"} <= {part.get_content_type() for part in mail.walk()}


def test_one_reminder_mail_per_person_and_day(year: Year) -> None:
    """Nobody is reminded by two mails on one day, the whole year."""
    found = Counter(
        (one["to"], one["put_at"].date())
        for one in year.outbox
        if one["kind"] in ("reminder", "escalation")
    )

    assert {1} == set(found.values())


def test_a_year_has_its_troubles(year: Year) -> None:
    """One is missing, something is remitted, something is sent back, and some are late."""
    assert {"returned": 1, "remitted": 1, "missing": 1} == year.troubles
    assert [] != year.result.late


def test_people_act_on_working_days(year: Year) -> None:
    """Nobody acts on Saturdays, Sundays or holidays; a working day is counted as one."""
    acted = [day.on for day in year.days if day.acts]

    assert {0, 1, 2, 3, 4} >= {day.weekday() for day in acted}
    assert year.result.transitions == sum(day.acts for day in year.days)


def test_a_folder_is_not_played_into_twice(year: Year, revision: Revision, org: Path) -> None:
    """A year that lies in a folder is not overwritten."""
    before = (year.out / "timeline.jsonl").read_bytes()

    with pytest.raises(BadInput) as found:
        play(revision, org, year.out, 1)

    assert "rehearsal.db" in found.value.sv
    assert before == (year.out / "timeline.jsonl").read_bytes()


@pytest.mark.parametrize("seed", (3, 4))
def test_any_seed_gives_one_of_each(
    revision: Revision, org: Path, tmp_path: Path, seed: int
) -> None:
    """Whatever the seed, a year has its return, its återremiss, its missing one."""
    found = play(revision, org, tmp_path / "out", seed)

    assert {"returned": 1, "remitted": 1, "missing": 1} == found.troubles
    assert [] != found.result.late
