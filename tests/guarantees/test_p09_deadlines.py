"""P9: no deadline is skipped or doubled by DST, leap day, weekend, clock jump or a stop."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from beredning.practice.example import ExampleOrganisation
from tests.service.worlds import Stage, load_process, make_stage
from workflow.core import plan
from workflow.service import clockwork, moving, opening, views
from workflow.service.running import evidence
from workflow.store.database import Database

HERE = ZoneInfo("Europe/Stockholm")
LADDER = (
    ("holder", -10),
    ("holder", -3),
    ("holder", -1),
    ("holder", 1),
    ("superior", 3),
    ("leader", 5),
)

YEARS = {
    2009: "28 February 2008 lies before a leap day",
    2010: "28 February 2009 is a Saturday",
    2014: "28 February 2013 is a Thursday",
    2022: "28 February 2021 is a Sunday",
}


def midnight(day: date) -> datetime:
    """Give when a day begins in Stockholm."""
    return datetime.combine(day, time(), HERE).astimezone(UTC)


def steps(last: date, count: int) -> date:
    """Count working days from a day, one day at a time."""
    way = timedelta(days=1 if count > 0 else -1)
    day, left = last, abs(count)
    while left:
        day += way
        left -= plan.is_working_day(day)
    return day


def expected(last: date, opened: datetime, ticks: Sequence[datetime]) -> list[tuple[str, str]]:
    """Give the rungs that a task has to get when the clock is looked at at these instants."""
    found: list[tuple[str, str]] = []
    seen = opened
    for tick in ticks:
        if tick <= seen:
            continue
        for recipient in ("holder", "leader", "superior"):
            come = [
                offset
                for who, offset in LADDER
                if who == recipient and opened < midnight(steps(last, offset)) <= tick
            ]
            rung = (f"{recipient}{come[-1]:+d}", recipient) if come else None
            if rung and rung not in found:
                found.append(rung)
        seen = tick
    return found


def begin(
    database: Database, people: ExampleOrganisation, org: object, outbox: object, year: int
) -> Stage:
    """Open a round of a year and bring it to its groundwork."""
    stage = make_stage(
        database,
        load_process(year=year),
        people,
        org,  # type: ignore[arg-type]
        outbox,  # type: ignore[arg-type]
        opened=False,
    )
    stage.round = f"prioritering-{year}"
    stage.put(f"{year - 2}-10-07")
    opening.open_round(stage.world, stage.revision, year=year)
    root = f"{stage.round}.omgang"
    stage.put(f"{year - 2}-12-03")
    stage.act(root, "faststall", stage.holder("sekreterare", stage.units("landstingsstyrelse")[0]))
    stage.act(root, "konstituera", stage.leader)
    stage.act(root, "lamna_uppdrag", stage.holder("landstingsdirektor"))
    return stage


def walk(stage: Stage, ticks: Sequence[datetime]) -> list[tuple[str, str]]:
    """Tick at each instant; gives the rungs of the first underlag."""
    for tick in ticks:
        stage.at[0] = tick
        clockwork.tick(stage.world)
    task = f"{stage.case('underlag', stage.units('verksamhet')[0])}#1"
    return [(rung, recipient) for rung, recipient, _ in stage.reminders(task)]


@pytest.mark.parametrize("year", YEARS)
def test_daily_ticks_get_every_rung(
    database: Database, region: ExampleOrganisation, org: object, tmp_path: object, year: int
) -> None:
    """Looked at every day, each rung comes once, whatever kind of day the last one is."""
    stage = begin(database, region, org, tmp_path, year)
    first = date(year - 1, 2, 1)
    ticks = [midnight(first + timedelta(days=n)) + timedelta(hours=6) for n in range(50)]

    found = walk(stage, ticks)

    assert sorted(expected(date(year - 1, 2, 28), stage.at[0] - timedelta(days=99), ticks)) == (
        sorted(found)
    )
    assert len(LADDER) == len(found)
    assert True is evidence.prove(stage.world).ok


@pytest.mark.parametrize("seed", range(6))
def test_a_wayward_clock_neither_skips_nor_doubles(
    database: Database, region: ExampleOrganisation, org: object, tmp_path: object, seed: int
) -> None:
    """Stops of days, jumps ahead and back by hours: what comes is the latest rung for each
    recipient at the instants looked at, and none twice."""
    chance = Random(seed)
    stage = begin(database, region, org, tmp_path, 2010)
    opened = stage.at[0]
    tick, ticks = midnight(date(2009, 2, 1)), []
    for _ in range(14):
        tick += timedelta(hours=chance.choice((1, 3, 24, 72, 9 * 24, -1, -3, 12)))
        ticks.append(tick)

    found = walk(stage, ticks)

    assert sorted(expected(date(2009, 2, 28), opened, ticks)) == sorted(found)


def test_days_of_23_and_25_hours(
    database: Database, region: ExampleOrganisation, org: object, tmp_path: object
) -> None:
    """Over both changes of the clock, looked at every half hour, a deadline is one instant:
    local midnight."""
    stage = begin(database, region, org, tmp_path, 2010)
    overdue = {}
    for last in (date(2009, 3, 28), date(2009, 3, 29), date(2009, 10, 24), date(2009, 10, 25)):
        stage.at[0] = midnight(date(2008, 12, 10))
        moving.move_milestone(stage.world, stage.round, "grundarbete", last, reason="x")
        half_hours = [midnight(last) + timedelta(minutes=30 * n) for n in range(52)]
        seen = []
        for stage.at[0] in half_hours:
            seen.append(views.round_list(stage.world)[0]["overdue"] > 0)
        overdue[last.isoformat()] = seen.count(False)

    assert {
        "2009-03-28": 48,
        "2009-03-29": 46,
        "2009-10-24": 48,
        "2009-10-25": 50,
    } == overdue


def test_an_hour_that_comes_twice_mails_once(
    database: Database, region: ExampleOrganisation, org: object, tmp_path: object
) -> None:
    """In the night that is an hour longer everybody is reminded once, and mailed once."""
    stage = begin(database, region, org, tmp_path, 2010)
    last = steps(date(2009, 10, 26), 3)
    moving.move_milestone(stage.world, stage.round, "grundarbete", last, reason="x")
    night = midnight(date(2009, 10, 25))
    stage.at[0] = night - timedelta(minutes=1)
    clockwork.tick(stage.world)
    before = len(stage.reminders())

    found = walk(stage, [night + timedelta(minutes=15 * n) for n in range(4 * 40)])

    chiefs = {stage.chief(unit) for unit in stage.units("verksamhet")}
    monday = stage.rows(
        "SELECT people.email FROM messages JOIN people ON people.id = person_id"
        " WHERE digest_on = :on",
        on="2009-10-26" if database.dialect == "sqlite" else date(2009, 10, 26),
    )
    assert 1 == found.count(("holder-3", "holder"))
    assert before + len(chiefs) == len(stage.reminders())
    assert sorted(chiefs) == sorted(row[0] for row in monday)


def test_the_deadline_decides_to_the_microsecond(
    database: Database, region: ExampleOrganisation, org: object, tmp_path: object
) -> None:
    """The last microsecond is in time; the next is late, on every page alike."""
    stage = begin(database, region, org, tmp_path, 2010)
    one, two = stage.units("verksamhet")[:2]
    end = midnight(date(2009, 3, 1))

    stage.at[0] = end - timedelta(microseconds=1)
    stage.hand_in(one)
    stage.at[0] = end
    stage.hand_in(two)

    late = [
        line["case"]
        for line in views.late_list(stage.world, stage.round)
        if line["state"] == "Utkast" and line["closed_on"]
    ]
    assert [stage.case("underlag", two)] == late
