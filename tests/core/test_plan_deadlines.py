"""Deadlines of tasks and the rungs of their ladders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import at
from tests.support.definitions import case_of, definition_of
from workflow.core import plan
from workflow.core.definition import STANDARD_LADDER, Ladder
from workflow.core.facts import CaseFact
from workflow.core.phrases import read_due

ZONE = "Europe/Stockholm"
PLAN = """
[milestone]
inne = { title = "Inne", on = "{year-1}-02-28" }
dags = { title = "Dags", on = "{year-1}-02-28", at = "16:00" }
rullar = { title = "Rullar", on = "{year-1}-02-28", roll = "working_day_before" }
maj = { title = "Maj", on = "{year-1}-05" }
senare = { title = "Senare", on = "later" }
"""


def a_case(**changes):
    """Give a case opened on Thursday 8 January 2009 that came here late on Friday the 9th."""
    known = {
        "id": "prov-2010.omgang",
        "kind": "omgang",
        "unit": "alv",
        "parent": None,
        "opened_in": None,
        "started": False,
        "state": "a",
        "version": 3,
        "opened_at": at("2009-01-08", "10:00"),
        "entered_at": at("2009-01-09", "23:59"),
    }
    return CaseFact(**{**known, **changes})


def due_at(due, *, roll=None, case=None):
    """Give the deadline that a phrase means for a case."""
    rule = f', roll = "{roll}"' if roll else ""
    definition = definition_of(
        PLAN
        + case_of(
            f'state.a = {{ title = "A", by = "ledare"{rule}, '
            'transition.b = { title = "B", to = "klar" } }'
        )
    )
    days = plan.milestone_days(definition, "", 2010)
    facts = {key: plan.milestone_fact(definition, definition.milestone[key], *days[key])
             for key in days}  # fmt: skip
    state = definition.case["omgang"].state["a"]
    return plan.task_due_at(definition, state, read_due(due), case or a_case(), facts.__getitem__)


@pytest.mark.parametrize(
    ("due", "last_day"),
    [
        ("3 working days", "2009-01-14"),
        ("3 days", "2009-01-12"),
        ("0 days", "2009-01-09"),
        ("entered", "2009-01-09"),
        ("opened", "2009-01-08"),
        ("1 week", "2009-01-16"),
        ("1 month", "2009-02-09"),
        ("14 days after opened", "2009-01-22"),
        ("2 working days before opened", "2009-01-05"),
        ("inne", "2009-02-28"),
        ("rullar", "2009-02-27"),
        ("maj", "2009-05-31"),
        ("1 day before inne", "2009-02-27"),
        ("2 working days before maj", "2009-04-29"),
        ("2 working days after maj", "2009-06-02"),
    ],
)
def test_deadline_is_counted_from_its_anchor(due, last_day):
    """From entry, opening or milestone; before a month is before its first day."""
    assert plan.day_end(date.fromisoformat(last_day), ZONE) == due_at(due)


def test_entry_counts_by_the_local_day():
    """What comes in after midnight here, though not in Greenwich, came in today."""
    case = a_case(entered_at=datetime(2009, 1, 12, 23, 30, tzinfo=UTC))

    assert plan.day_end(date(2009, 1, 14), ZONE) == due_at("1 day", case=case)


def test_entry_and_opening_are_two_things():
    """A span alone counts from when the case came to the state, not from its opening."""
    case = a_case(opened_at=at("2008-11-03"), entered_at=at("2009-01-12"))

    assert plan.day_end(date(2009, 1, 15), ZONE) == due_at("3 working days", case=case)


def test_occasion_is_what_a_recurring_case_was_opened_for():
    """A deadline hangs on the occasion; without one there is none."""
    case = a_case(occasion="2009-02")

    assert plan.day_end(date(2009, 3, 11), ZONE) == due_at(
        "8 working days after occasion", case=case
    )
    assert None is due_at("8 working days after occasion", case=a_case(occasion="2"))
    assert due_at("8 working days after occasion") is None


@pytest.mark.parametrize("due", ["senare", "3 days after senare", "3 days before senare"])
def test_what_comes_later_has_no_deadline_yet(due):
    """A task whose milestone has no date has no deadline."""
    assert due_at(due) is None


@pytest.mark.parametrize(
    ("due", "roll", "wanted"),
    [
        ("dags", None, at("2009-02-28", "16:00")),
        ("dags", "working_day_before", at("2009-02-27", "16:00")),
        ("dags", "working_day_after", at("2009-03-02", "16:00")),
        ("1 day before dags", None, at("2009-02-28", "00:00")),
        ("inne", "working_day_before", at("2009-02-28", "00:00")),
        ("inne", "working_day_after", at("2009-03-03", "00:00")),
        ("rullar", "as_written", at("2009-03-01", "00:00")),
        ("1 day", "working_day_after", at("2009-01-13", "00:00")),
        ("1 day", "working_day_before", at("2009-01-10", "00:00")),
    ],
)
def test_roll_and_hour(due, roll, wanted):
    """A state's own rule goes before the milestone's; the milestone's hour stays."""
    assert wanted == due_at(due, roll=roll)


# ---- rungs -----------------------------------------------------------------------------


def test_standard_ladder_on_the_calendar():
    """The standard ladder of a deadline on a Saturday, day by day, by working days."""
    deadline = plan.day_end(date(2009, 2, 28), ZONE)
    laid = {rung.name: rung.at for rung in plan.rungs(STANDARD_LADDER, deadline, ZONE)}

    assert {
        "holder-10": at("2009-02-16", "00:00"),
        "holder-3": at("2009-02-25", "00:00"),
        "holder-1": at("2009-02-27", "00:00"),
        "holder+1": at("2009-03-02", "00:00"),
        "superior+3": at("2009-03-04", "00:00"),
        "leader+5": at("2009-03-06", "00:00"),
    } == laid


def test_rung_on_the_day_is_the_deadlines_own_day():
    """On the day is that day's morning, also when the deadline has an hour or is a Sunday."""
    ladder = Ladder.model_validate({"holder": ["on the day"]})
    deadlines = at("2009-02-27", "16:00"), plan.day_end(date(2009, 3, 1), ZONE)
    found = [next(plan.rungs(ladder, deadline, ZONE)).at for deadline in deadlines]

    assert [at("2009-02-27", "00:00"), at("2009-03-01", "00:00")] == found


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("2009-02-01", "2009-02-13"),
        ("2009-02-13", "2009-02-24"),
        ("2009-02-23", "2009-02-24"),
        ("2009-02-26", "2009-03-02"),
        ("2009-03-02", "2009-03-04"),
        ("2009-03-05", "2009-03-06"),
        ("2009-03-06", None),
    ],
)
def test_next_rung_is_the_first_one_later(after, wanted):
    """The next rung lies after the instant, never at it; after the last there is none."""
    deadline = plan.day_end(date(2009, 2, 27), ZONE)
    found = plan.next_rung_at(STANDARD_LADDER, deadline, ZONE, at(after, "00:00"))

    assert (at(wanted, "00:00") if wanted else None) == found


def test_no_deadline_has_no_rungs():
    """Nobody is reminded of what has no date."""
    assert plan.next_rung_at(STANDARD_LADDER, None, ZONE, at("2009-01-01")) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 24 * 60), st.integers(0, 90))
def test_walking_the_rungs_meets_each_once(day, minute, days):
    """From opening on, each step leads to a later rung until all that remain are met."""
    opened_at = plan.day_start(day, ZONE) + timedelta(minutes=minute)
    deadline = plan.day_end(plan.local_day(opened_at, ZONE) + timedelta(days=days), ZONE)
    left = sorted({rung.at for rung in plan.rungs(STANDARD_LADDER, deadline, ZONE)})
    met = []
    step = plan.next_rung_at(STANDARD_LADDER, deadline, ZONE, opened_at)
    while step and len(met) <= len(left):
        met.append(step)
        step = plan.next_rung_at(STANDARD_LADDER, deadline, ZONE, step)

    assert [at for at in left if at > opened_at] == met
