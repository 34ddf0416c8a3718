"""Milestones of a plan: every way to write a date, and what cannot be one."""

from datetime import UTC, date, datetime

import pytest

from tests.support.clock import at
from tests.support.definitions import case_of, definition_of
from workflow.core import plan

ROUND = case_of(
    'state.a = { title = "A", by = "ledare", transition.b = { title = "B", to = "klar" } }'
)


def a_plan(*lines):
    """Give a definition with milestones, one per line of `key = what`."""
    return definition_of("[milestone]\n" + "\n".join(lines) + "\n" + ROUND)


def m(key, on, **more):
    """Write one milestone."""
    dates = on if on.startswith("[") else f'"{on}"'
    rest = "".join(f', {name} = "{value}"' for name, value in more.items())
    return f'{key} = {{ title = "{key}", on = {dates}{rest} }}'


def laid_out(*lines, year=2010, plan_key="", moved=None):
    """Lay a plan out as texts: one day, or first/last."""
    found = plan.milestone_days(a_plan(*lines), plan_key, year, moved=moved)
    return {key: "/".join(sorted({str(first), str(last)})) for key, (first, last) in found.items()}


@pytest.mark.parametrize(
    ("on", "year", "wanted"),
    [
        ("{year-1}-02-28", 2010, "2009-02-28"),
        ("{year}-02-29", 2012, "2012-02-29"),
        ("{year+1}-12-31", 2010, "2011-12-31"),
        ("{year-2}-11-11", 2010, "2008-11-11"),
        ("2009-11-11", 2010, "2009-11-11"),
        ("{year-1}-02-last", 2010, "2009-02-28"),
        ("{year}-02-last", 2012, "2012-02-29"),
        ("{year}-02-last", 2000, "2000-02-29"),
        ("{year}-02-last", 2100, "2100-02-28"),
        ("{year-1}-04", 2010, "2009-04-01/2009-04-30"),
        ("{year}-02", 2012, "2012-02-01/2012-02-29"),
        ("later", 2010, "None"),
        ('["{year}-06-15", "{year}-06-16"]', 2010, "2010-06-15/2010-06-16"),
        ('["{year-1}-12", "{year}-01"]', 2010, "2009-12-01/2010-01-31"),
    ],
)
def test_dates_as_they_are_written(on, year, wanted):
    """A day, a month's last day, a whole month, a pair and `later` are laid out by year."""
    assert {"a": wanted} == laid_out(m("a", on), year=year)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("5 working days before mote", "2009-06-08"),
        ("1 day after mote", "2009-06-17"),
        ("2 weeks after mote", "2009-06-30"),
        ("1 month before mote", "2009-05-15"),
        ("1 year after mote", "2010-06-16"),
        ("0 days before mote", "2009-06-15"),
        ("1 day after senare", "None"),
    ],
)
def test_offsets_from_a_milestone(on, wanted):
    """Before is counted from the first day, after from the last; of `later` comes later."""
    lines = m("a", on), m("mote", '["{year-1}-06-15", "{year-1}-06-16"]'), m("senare", "later")

    assert wanted == laid_out(*lines)["a"]


def test_offsets_in_a_row():
    """An offset from an offset is counted step by step, whatever stands first in the file."""
    lines = (
        m("c", "1 day after b"),
        m("b", "1 working day after a"),
        m("a", "{year-1}-02-27"),
    )

    assert {"c": "2009-03-03", "b": "2009-03-02", "a": "2009-02-27"} == laid_out(*lines)


def test_a_moved_milestone_takes_along_what_is_counted_from_it():
    """What is counted from a moved milestone follows; what was set by hand stays."""
    lines = m("a", "{year-1}-02-27"), m("b", "1 day after a"), m("c", "1 day after b")

    assert {"a": "2009-03-10", "b": "2009-03-11", "c": "2009-03-12"} == laid_out(
        *lines, moved={"a": date(2009, 3, 10)}
    )
    assert {"a": "2009-02-27", "b": "2009-04-01", "c": "2009-04-02"} == laid_out(
        *lines, moved={"b": date(2009, 4, 1)}
    )


def test_another_plan_has_its_own_dates():
    """A plan changes the dates that it names, and what is counted from them."""
    lines = (
        m("a", "{year-1}-02-27"),
        m("b", "1 day after a"),
        m("c", "{year}-01-01"),
        '[plan.valar]\ntitle = "Valår"\non.a = "{year-1}-05-04"',
    )

    assert {"a": "2009-05-04", "b": "2009-05-05", "c": "2010-01-01"} == laid_out(
        *lines, plan_key="valar"
    )
    assert "2009-02-27" == laid_out(*lines)["a"]


@pytest.mark.parametrize(
    ("lines", "year", "culprit", "message"),
    [
        ((m("a", "{year}-02-29"),), 2010, "a", "there is no day 2010-02-29"),
        ((m("a", "{year}-02-29"),), 2100, "a", "there is no day 2100-02-29"),
        ((m("a", "{year}-04-31"),), 2010, "a", "there is no day 2010-04-31"),
        ((m("a", "1 day after a"),), 2010, "a", "is counted from itself: a -> a"),
        (
            (m("a", "1 day after b"), m("b", "1 day before a")),
            2010,
            "a",
            "is counted from itself: a -> b -> a",
        ),
        ((m("a", "1 day after x"),), 2010, "a", "there is no milestone 'x'"),
    ],
)
def test_plans_that_cannot_be_laid_out(lines, year, culprit, message):
    """A day that is in no calendar and a circle are errors that name the milestone."""
    with pytest.raises(plan.PlanError, match="^" + message) as caught:
        plan.milestone_days(a_plan(*lines), "", year)

    assert culprit == caught.value.milestone


@pytest.mark.parametrize("year", range(1996, 2105, 4))
def test_leap_days_exist_in_leap_years(year):
    """The 29th of February is there in leap years; 2000 is one and 2100 is none."""
    if year == 2100:
        with pytest.raises(plan.PlanError):
            laid_out(m("a", "{year}-02-29"), year=year)
    else:
        assert {"a": f"{year}-02-29"} == laid_out(m("a", "{year}-02-29"), year=year)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, at("2009-03-01", "00:00")),
        ({"roll": "working_day_before"}, at("2009-02-28", "00:00")),
        ({"roll": "working_day_after"}, at("2009-03-03", "00:00")),
        ({"at": "16:00"}, at("2009-02-28", "16:00")),
        ({"at": "16:00", "roll": "working_day_before"}, at("2009-02-27", "16:00")),
    ],
)
def test_deadline_of_a_milestone(more, wanted):
    """A Saturday's deadline is the end of its day, or of the day it rolls to, or its hour."""
    definition = a_plan(m("a", "{year-1}-02-28", **more))
    day = date(2009, 2, 28)

    fact = plan.milestone_fact(definition, definition.milestone["a"], day, day)

    assert wanted == fact.due_at
    assert (day, day) == (fact.first_on, fact.last_on)


def test_the_last_day_is_the_deadline():
    """Of a month or a pair the last day counts; without a day there is no deadline."""
    definition = a_plan(m("a", "{year-1}-04"))
    milestone = definition.milestone["a"]

    april = plan.milestone_fact(definition, milestone, date(2009, 4, 1), date(2009, 4, 30))
    later = plan.milestone_fact(definition, milestone, None, None)

    assert datetime(2009, 4, 30, 22, 0, tzinfo=UTC) == april.due_at
    assert later.due_at is None


def test_the_process_rolls_what_does_not_say():
    """The process's own rule holds for a milestone without one."""
    text = (
        "[milestone]\n"
        + m("a", "{year-1}-02-28")
        + "\n"
        + m("b", "{year-1}-02-28", roll="as_written")
    )
    definition = definition_of('roll = "working_day_after"\n' + text + "\n" + ROUND, head=HEADLESS)
    day = date(2009, 2, 28)
    due = [plan.milestone_fact(definition, one, day, day).due_at
           for one in definition.milestone.values()]  # fmt: skip

    assert [at("2009-03-03", "00:00"), at("2009-03-01", "00:00")] == due


HEADLESS = """
key = "prov"
title = "Prov {year}"
unit.region.title = "Region"
role.ledare = { title = "Ledare", at = "region" }
"""

INVITATIONS = [
    ("2009-03-02", "2009-01-01T00:00", "2009-02-02"),
    ("2009-03-02", "2009-02-02T00:00", "2009-02-25"),
    ("2009-03-02", "2009-02-24T23:59", "2009-02-25"),
    ("2009-03-02", "2009-02-25T00:00", None),
    ("2009-03-02", "2009-03-02T00:00", None),
    ("2009-03-02", "2009-05-01T00:00", None),
]


@pytest.mark.parametrize(("first_on", "after", "wanted"), INVITATIONS)
def test_invitations(first_on, after, wanted):
    """Those invited hear of it 20 and 3 working days before its first day, and never after."""
    day, _, clock = after.partition("T")
    found = plan.invitation_at(date.fromisoformat(first_on), "Europe/Stockholm", at(day, clock))

    assert (at(wanted, "00:00") if wanted else None) == found
