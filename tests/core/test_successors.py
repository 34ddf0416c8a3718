"""Which year a following round is of, and that rows follow whole, once and to their own place."""

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import HEAD
from tests.support.memory import MemoryRound
from tests.support.parts import TEXT, revision
from workflow.core import engine
from workflow.core.definition import Begins
from workflow.core.facts import Actor, CaseFact, Origin, RoundFact, Source
from workflow.core.outcome import is_binding
from workflow.core.successors import (
    Carried,
    arrived,
    begun,
    carried,
    carries,
    place_of_case,
    read_carried,
    tell_carried,
)
from workflow.core.validation.validate import check_data

NOW = datetime(2015, 6, 15, 8, 0, tzinfo=UTC)
ACTOR = Actor(person=1, name="Lena", holds=frozenset())


def fact(plan: str = "", year: int = 2015) -> RoundFact:
    """Give a round."""
    return RoundFact(
        id="prov-2015",
        process="prov",
        year=year,
        plan=plan,
        revision="",
        version=1,
        opened_at=NOW,
        closed_at=None,
        open_cases=1,
    )


def case(name: str, unit: str, occasion: str | None = None) -> CaseFact:
    """Give a case by its name in the round."""
    return CaseFact(
        id=f"prov-2015.{name}",
        kind=name.partition(".")[0],
        unit=unit,
        parent="prov-2015.plan",
        opened_in="insamling",
        started=False,
        state="arbete",
        version=1,
        opened_at=NOW,
        entered_at=NOW,
        occasion=occasion,
    )


@pytest.mark.parametrize(
    ("of", "begins", "now", "expected"),
    [
        ("", {"plan": "del_2"}, NOW, 2015),
        ("", {}, NOW, 2016),
        ("", {"state": "insamling"}, datetime(2019, 1, 2, tzinfo=UTC), 2019),
        ("", {}, datetime(2015, 12, 31, 23, 30, tzinfo=UTC), 2016),
        ("", {}, datetime(2016, 12, 31, 23, 30, tzinfo=UTC), 2017),
        ("del_2", {"plan": "del_2"}, NOW, 2016),
        ("del_2", {}, NOW, 2016),
        ("", {"process": "annan"}, NOW, 2016),
        ("", {"process": "annan", "plan": "del_2"}, NOW, 2016),
    ],
)
def test_the_year_of_a_following_round(
    of: str, begins: dict[str, str], now: datetime, expected: int
) -> None:
    """Another named plan of the process is of the same year; all else is of the local year of the
    decision, and later than this round."""
    definition = revision().definition

    found = begun(definition, fact(of), Begins(**begins), ("c", "t"), ACTOR, now)

    assert expected == found.year


def test_a_round_begins_in_the_state_that_is_asked_for() -> None:
    """What that state opens is open, and its first state was never entered."""
    going = MemoryRound(revision(), year=2015)

    decision = engine.open_round(revision(), going.facts, going.clock.now, {}, None, "insamling")

    assert "insamling" == decision.opened[0].state
    assert ["norr", "soder"] == [one.unit for one in decision.opened[1:]]
    assert "insamling" == decision.entries[1].to_state


def test_a_button_that_opens_a_round_binds() -> None:
    """It is shown once more before it holds, whoever decides."""
    definition = revision().definition
    plan = definition.case["plan"]
    state = plan.state["efter"]

    binding = [is_binding(definition, plan, state, k, b) for k, b in state.transition.items()]

    assert [True, True] == binding


def test_what_follows_is_read_like_a_list() -> None:
    """Through every table that it is compiled from, down to the one that people fill in."""
    (found,) = carries(revision().definition)

    assert ("beslut", "lista", "rader") == found.chain
    assert {"utfall": ("bordlagt", "aterremiss")} == found.where


def test_a_row_keeps_what_means_the_same_there() -> None:
    """Columns and levels that the next round has; no file, no year that it lacks."""
    cells = {
        "atgard": "Jour",
        "effekt.2015": 1,
        "effekt.2017": 2,
        "bilaga": "1",
        "slag": "borta",
        "okand": "x",
    }
    end = Origin("prov-2015.forslag.norr", 4)
    source = Source(origin=end, cells=cells, end=end)

    (row,) = carried(
        revision().definition, 2016, {}, [("rader", source, case("forslag.norr", "norr"), cells)]
    )

    assert {"atgard": "Jour", "effekt.2017": 2} == row.cells
    assert ("forslag.norr", end) == (row.to, row.origin)


def test_a_row_that_two_lists_put_off_follows_once() -> None:
    """It is one row."""
    end = Origin("prov-2015.forslag.norr", 4)
    one = ("rader", Source(origin=end, cells={}, end=end), case("forslag.norr", "norr"), {})

    assert 1 == len(carried(revision().definition, 2016, {}, [one, one]))


def test_a_table_that_the_next_process_lacks_keeps_its_rows() -> None:
    """There is nowhere to put them; nothing is invented."""
    end = Origin("prov-2015.forslag.norr", 4)
    source = Source(origin=end, cells={}, end=end)
    lost = [
        (table, source, case("forslag.norr", "norr"), {}) for table in ("borta", "lista", "beslut")
    ]

    assert [] == carried(revision().definition, 2016, {}, lost)


def test_the_place_of_a_case_leaves_its_occasion_out() -> None:
    """What comes again in the next round comes for other days."""
    assert "rapport.norr" == place_of_case(case("rapport.norr.2015-06-30", "norr", "2015-06-30"))
    assert "plan" == place_of_case(case("plan", "alv"))


NUMBERS = st.lists(st.integers(1, 9), max_size=12)


@given(before=NUMBERS, after=NUMBERS)
def test_nothing_is_lost_or_doubled_whatever_was_there(before: list[int], after: list[int]) -> None:
    """Rows arrive behind those that lie there, each that is not there yet once, in their order."""
    rows = [
        Carried(origin=Origin("a", n), table="rader", to="forslag.norr", cells={"atgard": str(n)})
        for n in dict.fromkeys(before)
    ]
    more = [
        Carried(origin=Origin("a", n), table="rader", to="forslag.norr", cells={"atgard": str(n)})
        for n in dict.fromkeys(after)
    ]

    first = arrived((), rows, 0).added
    second = arrived(first, more, len(first)).added
    lying = sorted((*first, *second), key=lambda row: row.place)

    expected = list(dict.fromkeys([*before, *after]))
    assert expected == [row.origin.number for row in lying if row.origin]
    assert [*range(1, len(expected) + 1)] == [row.number for row in lying]


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(1, 10**6)), max_size=5))
def test_what_is_told_reads_back(told: list[tuple[str, int]]) -> None:
    """The first entry of a round keeps the rows until their cases open."""
    rows = [
        Carried(origin=Origin(f"r.{name}", n), table="t", to="k.u", cells={"a": name, "b": n})
        for name, n in told
    ]

    assert rows == list(read_carried(tell_carried(rows)))
    assert [] == list(read_carried(None))


def told_of(*changes: tuple[str, str]) -> list[str]:
    """Give what is said of the definition when some of its text is another."""
    text = HEAD + TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    problems = check_data(tomllib.loads(text), year=2015)[1]
    return [f"{one.severity} {one.place}: {one.message}" for one in problems]


def test_what_cannot_follow_is_said_beforehand() -> None:
    """Fixed rows, copies of one's own, a state where somebody must choose units, and rows that
    have no round to follow to."""
    fixed = told_of(('title = "Rader"', 'title = "Rader"\nrows = { a = "A" }'))
    copies = told_of(('title = "Rader"', 'title = "Rader"\neach = "omradeschef"'))
    chosen = told_of(('per = "omrade"', 'per = "omrade"\nchoose = ["omrade"]'))
    alone = told_of((", begins = { ", ", asks = [] } # "))

    assert any("table.beslut.carries: 'rader' has fixed rows" in one for one in fixed)
    assert any("table.beslut.carries: does not go with each" in one for one in copies)
    assert any("begins.state: somebody must choose who gets 'forslag'" in one for one in chosen)
    assert any(one.startswith("warning table.beslut.carries: no transition") for one in alone)
