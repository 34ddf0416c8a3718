"""What is aimed at and what came of it: only what is handed in counts, and who reads it."""

from pathlib import Path

import pytest

from tests.support.following import GOALS, FollowRound, open_following
from workflow.core.errors import NotFound
from workflow.service.reading.rounds.followed import Followed, Goal
from workflow.store.database import Database


@pytest.fixture
def year(database: Database, tmp_path: Path) -> FollowRound:
    """A year whose plans are worked on."""
    return open_following(database, tmp_path)


def goals(year: FollowRound, who: str, unit: str = "norr") -> Followed:
    """Give the goals of an area as somebody reads them."""
    return year.read(who).followed[0].of_unit(unit)


def statuses(goal: Goal) -> list[str | None]:
    """Give what is told of a goal by occasion: None where nothing is to be told."""
    return [mark and mark.status for mark in goal.marks]


def test_a_plan_counts_when_it_is_handed_in(year: FollowRound) -> None:
    """A draft is nobody's goal, not even to who writes it; what was sent back is a draft."""
    year.save("plan.norr", "nora", rows={"mal": list(GOALS)})
    draft = year.read("nora").units
    year.plan("norr", "nora")
    adopted = year.read("nora").units

    assert () == draft
    assert (("norr", "Norr"),) == adopted


def test_goals_by_occasion(year: FollowRound) -> None:
    """Target, direction and baseline stand as they are written; an occasion at which a goal is
    not to be told is left out."""
    year.begin()

    followed = goals(year, "nora")
    first, second = followed.goals

    assert ["Tertial ett", "Helår"] == [one.title for one in followed.occasions]
    assert ("Nöjda patienter", "Andel nöjda", "Minst") == (first.name, first.note, first.direction)
    assert first.target is not None
    assert "90\N{NO-BREAK SPACE}%" == first.target.text
    assert [(2013, "84"), (2014, "86.5")] == [(y, str(one.number)) for y, one in first.baseline]
    assert ["", ""] == statuses(first)
    assert [None, ""] == statuses(second)
    assert False is first.has_chart


def test_what_came_of_it_counts_when_it_is_handed_in(year: FollowRound) -> None:
    """Saved it is a draft; handed in it is told; sent back with questions it is a draft again."""
    year.begin()
    year.to("2015-03-31")
    year.tell("tertial_1", ("88.5", "nara"))
    draft = statuses(goals(year, "lena").goals[0])
    year.act("bokslut.norr.tertial_1", "lamna_in", "nora")
    told = goals(year, "lena").goals[0]
    year.act("bokslut.norr.tertial_1", "aterlamna", "lena", questions=["Varför?"])
    back = statuses(goals(year, "lena").goals[0])

    assert ["", ""] == draft
    assert ["Nära", ""] == statuses(told)
    mark = told.marks[0]
    assert mark is not None
    assert mark.outcome is not None
    assert ("watch", "88.5") == (mark.tone, str(mark.outcome.number))
    assert True is told.has_chart
    assert ["", ""] == back


def test_effects_by_year(year: FollowRound) -> None:
    """What is planned is summed by year, and what came of it where it is told."""
    year.begin()
    year.to("2015-12-31")
    year.came(2015, 80, -40)

    savings = year.read("lena").followed[1].of_unit("norr")

    found = [(one.year, one.planned, one.outcome) for one in savings.years]
    assert [(2015, 50, 40), (2016, 1500, None), (2017, 300, None)] == found
    assert () == goals(year, "lena").years


def test_everybody_reads_what_they_may(year: FollowRound) -> None:
    """An area's chief reads the own area, who leads both; who has no place learns nothing."""
    year.begin()

    assert ["norr"] == [key for key, _ in year.read("nora").units]
    assert ["norr", "soder"] == [key for key, _ in year.read("lena").units]
    with pytest.raises(NotFound):
        year.read("utan")
