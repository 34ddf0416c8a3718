"""Cases that come again: by the clock, at milestones, and when somebody needs one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import HEAD, revision_of
from tests.support.memory import MemoryRound
from tests.support.series import SERIES
from workflow.core import engine, plan
from workflow.core.errors import NoRight
from workflow.core.facts import EntryKind, SeriesFact
from workflow.core.periods import PERIODS, last_day, period_of, say_period
from workflow.core.titles import case_title

ZONE = "Europe/Stockholm"


class Going(MemoryRound):
    """A round of 2010 that has begun on 12 January 2010, and goes on with the clock."""

    def __init__(self) -> None:
        super().__init__(revision_of(SERIES, head=HEAD))
        self.clock.now = datetime(2010, 1, 12, 8, tzinfo=UTC)
        self.act("ar", "borja", "lena")

    def series(self, kind: str) -> SeriesFact:
        """Give a series of the year."""
        return self.facts.recurring[self.id("ar"), kind]

    def next_on(self, kind: str) -> date | None:
        """Give the day on which the clock opens the next case of a kind."""
        at = self.series(kind).next_at
        return plan.local_day(at, ZONE) if at else None

    def recur(self, kind: str) -> list[str]:
        """Let a series come to its next occasion; gives what it opened."""
        series = self.series(kind)
        self.clock.now = series.next_at or self.clock.now
        decision = engine.recur(self.revision, self.facts, series, self.clock.now)
        return [case.id.removeprefix("prov-2010.") for case in self._take(decision).opened]

    def open(self, kind: str, unit: str, by: str) -> str:
        """Let somebody open one more."""
        case_id, decision = engine.open_one(
            self.revision,
            self.facts,
            self.series(kind),
            unit,
            self.actor(by),
            self.clock.now,
            {},
        )
        self._take(decision)
        return case_id.removeprefix("prov-2010.")


@pytest.fixture
def going() -> Going:
    """A round that goes on."""
    return Going()


def test_a_period_opens_on_its_last_day_for_each_unit(going: Going) -> None:
    """A monthly report opens when the month is over, one for each area, owed after it."""
    assert date(2010, 1, 31) == going.next_on("rapport")
    assert ["rapport.norr.2010-01", "rapport.soder.2010-01"] == going.recur("rapport")
    assert date(2010, 2, 10) == going.due_on("rapport.norr.2010-01")
    assert date(2010, 2, 28) == going.next_on("rapport")


def test_the_last_occasion_is_the_last(going: Going) -> None:
    """Twelve reports are opened in the year, and none after its last milestone."""
    opened = []
    while going.series("rapport").next_at:
        opened += going.recur("rapport")

    assert [f"rapport.norr.2010-{month:02}" for month in range(1, 13)] == opened[::2]
    assert "2010-12" == going.series("rapport").occasion


def test_milestones_are_occasions_in_the_plans_order(going: Going) -> None:
    """A case comes for each milestone, as long before it as is said; then none."""
    assert date(2010, 2, 28) == going.next_on("bokslut")
    assert ["bokslut.tertial_1"] == going.recur("bokslut")
    assert date(2010, 4, 9) == going.due_on("bokslut.tertial_1")
    assert date(2010, 7, 31) == going.next_on("bokslut")
    assert ["bokslut.tertial_2"] == going.recur("bokslut")
    assert None is going.next_on("bokslut")


def test_a_milestone_without_a_day_is_waited_for(going: Going) -> None:
    """Nothing opens for a day that nobody knows yet."""
    assert None is going.next_on("sent")
    assert [] == going.recur("sent")


def test_what_people_open_is_numbered(going: Going) -> None:
    """Any number may be opened, by whoever holds one of the roles there, or above."""
    assert "ide.ett.1" == going.open("ide", "ett", "ellen")
    assert "ide.ett.2" == going.open("ide", "ett", "nora")
    assert "ide.tva.3" == going.open("ide", "tva", "tove")
    assert {"skrivs"} == set(going.states("ide").values())


@pytest.mark.parametrize(("unit", "by"), [("ett", "tove"), ("ett", "sune"), ("ett", "dag")])
def test_others_open_nothing(going: Going, unit: str, by: str) -> None:
    """Who does not hold a role there is refused."""
    with pytest.raises(NoRight):
        going.open("ide", unit, by)


def test_nothing_opens_below_what_has_ended(going: Going) -> None:
    """When the year ends the clock stops, and nobody opens anything."""
    going.act("ar", "sluta", "lena")

    assert {None} == {series.next_at for series in going.facts.recurring.values()}
    with pytest.raises(NoRight):
        going.open("ide", "ett", "ellen")


def test_a_state_entered_again_begins_nothing_anew(going: Going) -> None:
    """A series is begun once."""
    going.recur("rapport")
    before = dict(going.facts.recurring)
    going.act("ar", "om", "lena")

    assert before == going.facts.recurring


def test_all_is_finished_when_none_is_to_come(going: Going) -> None:
    """The guard asks for what is open, and for what has a day on which it comes."""
    assert ["started_finished"] * 2 == going.options("ar", "lena")["klar"]

    going.recur("bokslut")
    going.act("bokslut.tertial_1", "klar", "lena")
    going.recur("bokslut")
    going.act("bokslut.tertial_2", "klar", "lena")
    while going.series("rapport").next_at:
        for case in going.recur("rapport"):
            going.act(case, "klar", "nora" if "norr" in case else "sune")

    assert [] == going.options("ar", "lena")["klar"]


def test_what_lies_below_bears_the_occasion(going: Going) -> None:
    """Two questions ask the same areas, each with answers of its own."""
    for number in ("1", "2"):
        going.open("fraga", "alv", "lena")
        going.act(f"fraga.{number}", "skicka", "lena", choose=["norr"])

    assert {"norr": "skrivs"} == going.states("svar")
    assert {"svar.norr.1", "svar.norr.2"} <= going.open_tasks()
    for number in ("1", "2"):
        going.act(f"svar.norr.{number}", "klar", "nora")
        assert "klar" == going.state(f"fraga.{number}")


def test_each_change_of_a_series_is_told(going: Going) -> None:
    """The log says when a series began, went on, and when it comes again."""
    going.recur("rapport")
    told = [entry.payload for entry in going.last.entries if entry.kind is EntryKind.SERIES]

    assert [
        {
            "kind": "rapport",
            "since_on": "2010-01-12",
            "occasion": "2010-01",
            "next_at": "2010-02-27T23:00:00.000000Z",
        }
    ] == told


@pytest.mark.parametrize(
    ("case", "sv", "en"),
    [
        ("rapport.norr.2010-01", "Rapport Norr, januari 2010", "Rapport Norr, January 2010"),
        ("bokslut.tertial_1", "Tertial ett", "Tertial ett"),
        ("ide.ett.1", "Idé Ett, nr 1", "Idé Ett, no. 1"),
    ],
)
def test_those_of_one_kind_are_told_apart(going: Going, case: str, sv: str, en: str) -> None:
    """A title says what its case was opened for."""
    going.recur("rapport")
    going.recur("bokslut")
    going.open("ide", "ett", "ellen")
    found = going.facts.cases[going.id(case)]
    unit = going.facts.organisation[found.unit].name

    assert (sv, en) == tuple(
        case_title(going.revision, found, year=2010, unit=unit, language=language)
        for language in ("sv", "en")
    )


@pytest.mark.parametrize(
    ("key", "last", "said"),
    [
        ("2015-w53", date(2016, 1, 3), "vecka 53 2015"),
        ("2016-02", date(2016, 2, 29), "februari 2016"),
        ("2015-q1", date(2015, 3, 31), "kvartal 1 2015"),
        ("2015-t2", date(2015, 8, 31), "tertial 2 2015"),
        ("2015-year", date(2015, 12, 31), "2015"),
        ("1", None, None),
        ("tertial_1", None, None),
    ],
)
def test_a_key_says_its_period(key: str, last: date | None, said: str | None) -> None:
    """Its last day and its name follow from a period's key alone."""
    assert (last, said) == (last_day(key), say_period(key, "sv"))


@given(st.sampled_from(PERIODS), st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_day_lies_in_one_period(period: str, day: date) -> None:
    """Periods follow each other without gap or overlap."""
    key = period_of(period, day)
    last = last_day(key)

    assert last is not None
    assert day <= last
    assert key == period_of(period, last)
    assert key != period_of(period, last + timedelta(days=1))
