"""Cases that come again, in a database: by the clock, by hand, and with a plan that moves."""

from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest

from tests.support.organisation import email
from tests.support.series import ROUND, Running, begin_year
from workflow.core.errors import NoRight, NotFound, Refused
from workflow.service import moving, starting, views
from workflow.service.running import evidence
from workflow.service.seeing import see_round
from workflow.store.database import Database


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    """The year; on each kind of database."""
    return begin_year(database, tmp_path)


def test_the_clock_opens_what_has_come(running: Running) -> None:
    """The day before, nothing; on the day one for each area, once; the log explains all."""
    assert 0 == running.to(1, 30)["opened"]
    assert 2 == running.to(1, 31)["opened"]
    assert 0 == running.to(1, 31, 13)["opened"]

    assert ["rapport.norr.2010-01", "rapport.soder.2010-01"] == running.cases("rapport")
    assert True is evidence.prove(running.world).ok


def test_after_a_gap_all_have_come(running: Running) -> None:
    """A clock that stood still for a quarter opens what came meanwhile, each once."""
    assert 7 == running.to(4, 1)["opened"]

    months = ["2010-01", "2010-02", "2010-03"]
    assert [f"rapport.norr.{m}" for m in months] == running.cases("rapport")[:3]
    assert ["bokslut.tertial_1"] == running.cases("bokslut")
    assert True is evidence.prove(running.world).ok


def test_nothing_due_costs_one_read(running: Running) -> None:
    """A series that is not due is not looked at: its round is not taken up."""
    running.to(1, 31)

    assert 0 == running.to(2, 1)["rounds"]


def test_what_people_open(running: Running) -> None:
    """Each is told what they may open, and opens it; a request sent twice opens one."""
    with running.world.database.read() as connection:
        ellen = see_round(running.world, connection, ROUND, email("ellen"))
        found = [(one.kind, one.title, one.help, one.units) for one in starting.openings(ellen)]
    first = running.open("ide", None, "ellen", "a" * 32)
    again = running.open("ide", None, "ellen", "a" * 32)
    other = running.open("ide", "tva", "nora")

    assert [("ide", "Idé", "Stort som smått.", (("ett", "Ett"),))] == found
    assert {"case": f"{ROUND}.ide.ett.1", "kind": "ide", "unit": "ett", "repeated": False} == first
    assert {**first, "repeated": True} == again
    assert f"{ROUND}.ide.tva.2" == other["case"]
    assert True is evidence.prove(running.world).ok


@pytest.mark.parametrize(
    ("kind", "unit", "who", "error"),
    [
        ("ide", "tre", "ellen", NoRight),
        ("ide", None, "lena", NoRight),
        ("ide", None, "nora", Refused),
        ("rapport", "norr", "nora", NotFound),
        ("finns_inte", "norr", "nora", NotFound),
    ],
)
def test_what_they_may_not(
    running: Running, kind: str, unit: str | None, who: str, error: type[Exception]
) -> None:
    """Another's unit, no role, no choice among several, what the clock opens: refused."""
    with pytest.raises(error):
        running.open(kind, unit, who)
    assert [] == running.cases("ide")


def test_twenty_at_once_get_a_number_each(running: Running) -> None:
    """Of many who open at the same instant none is lost, and none gets another's number."""
    several = [Thread(target=running.open, args=("ide", "ett", "ellen")) for _ in range(20)]
    for one in several:
        one.start()
    for one in several:
        one.join()

    assert {f"ide.ett.{n}" for n in range(1, 21)} == set(running.cases("ide"))
    assert True is evidence.prove(running.world).ok


def test_a_moved_milestone_takes_its_occasion_along(running: Running) -> None:
    """What has not opened comes with the new day; what has gets its deadline from it."""
    moving.move_milestone(
        running.world, ROUND, "tertial_1", date(2010, 4, 30), reason="Senare", email=email("lena")
    )
    assert 4 == running.to(2, 28)["opened"]  # the two months, not the tertial
    assert 3 == running.to(3, 31)["opened"]
    moving.move_milestone(
        running.world, ROUND, "tertial_1", date(2010, 5, 14), reason="Igen", email=email("lena")
    )

    (due,) = [
        one
        for one in views.task_list(running.world, email=email("lena"))
        if one["case"] == f"{ROUND}.bokslut.tertial_1"
    ]
    assert date(2010, 5, 21) == (due["due_at"] - timedelta(seconds=1)).date()
    assert True is evidence.prove(running.world).ok


def test_a_day_that_becomes_known_sets_it_going(running: Running) -> None:
    """What waited for a milestone's day comes with it."""
    moving.move_milestone(
        running.world, ROUND, "okant", date(2010, 2, 1), reason="Nu vet vi", email=email("lena")
    )
    running.to(2, 1)

    assert ["sent.okant"] == running.cases("sent")


def test_when_the_year_ends_the_clock_stops(running: Running) -> None:
    """Nothing is opened below what has ended, however long the clock goes on."""
    running.act("ar", "sluta", "lena")
    running.to(12, 31)

    assert [] == running.cases("rapport")
    assert [(0,)] == running.rows("SELECT count(*) FROM series WHERE next_at IS NOT NULL")
    assert True is evidence.prove(running.world).ok


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE series SET occasion = '2010-06' WHERE kind = 'rapport'",
        "UPDATE series SET next_at = NULL WHERE kind = 'rapport'",
        "DELETE FROM series WHERE kind = 'rapport'",
        "INSERT INTO series (case_id, kind, round_id, since_on) SELECT case_id, 'svar', round_id,"
        " since_on FROM series"
        " LIMIT 1",
    ],
)
def test_a_changed_series_is_found(running: Running, change: str) -> None:
    """What the log does not explain is told."""
    with running.world.database.write() as connection:
        connection.exec_driver_sql(change)

    assert False is evidence.prove(running.world).ok
