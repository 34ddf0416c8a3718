"""How it is with a case, and the same counted over many."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import shipped
from workflow.core.course import course_of
from workflow.core.facts import CaseFact, Place
from workflow.core.progress import Judge, Owed, Standing, spread, tally

NOW = datetime(2009, 2, 26, 16, tzinfo=UTC)
"""A Thursday."""
WAY = course_of(shipped()).ways["underlag"]


def case(state: str = "utkast", *, ended: bool = False, number: int = 1) -> CaseFact:
    """Give an underlag."""
    return CaseFact(
        id=f"r.underlag.{number}",
        kind="underlag",
        unit=f"u{number}",
        parent="r.avstamning",
        opened_in="insamling",
        started=False,
        state=state,
        version=1,
        opened_at=NOW,
        entered_at=NOW,
        ended_at=NOW if ended else None,
    )


def owed(due_at: datetime | None, extended_on: date | None = None) -> Owed:
    """Give its open task."""
    return Owed(task="t", place=Place("chef", "u1"), due_at=due_at, extended_on=extended_on)


def judge() -> Judge:
    """Give somebody who judges on that Thursday."""
    return Judge(now=NOW, today=date(2009, 2, 26), zone="Europe/Stockholm")


def end_of(day: date) -> datetime:
    """Give the instant at which a day in February or March is over in Stockholm."""
    return datetime(day.year, day.month, day.day, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_on", "standing"),
    [
        (date(2009, 2, 25), Standing.LATE),
        (date(2009, 2, 26), Standing.SOON),
        (date(2009, 3, 3), Standing.SOON),
        (date(2009, 3, 4), Standing.ACT),
    ],
)
def test_the_last_day_decides(last_on: date, standing: Standing) -> None:
    """Late once the day is over; three working days or fewer are soon."""
    assert standing is judge().stand(case(), owed(end_of(last_on)))


def test_a_deadline_is_half_open() -> None:
    """At the instant itself it is late, a moment before it is not."""
    assert Standing.LATE is judge().stand(case(), owed(NOW))
    assert Standing.LATE is not judge().stand(case(), owed(NOW + timedelta(microseconds=1)))


def test_questions_weigh_less_than_lateness_and_more_than_time() -> None:
    """What came back is told as that, until its day has passed."""
    assert Standing.BACK is judge().stand(case(), owed(end_of(date(2009, 3, 9))), 2)
    assert Standing.LATE is judge().stand(case(), owed(end_of(date(2009, 2, 25))), 2)


def test_an_extension_counts_while_it_lasts() -> None:
    """It is the task's last day that says so: a milestone moved beyond it makes it none."""
    day = date(2009, 3, 2)

    assert Standing.EXTENDED is judge().stand(case(), owed(end_of(day), day))
    assert Standing.ACT is judge().stand(case(), owed(end_of(date(2009, 3, 20)), day))


def test_what_nobody_owes_waits() -> None:
    """Also when the clock will move it."""
    nobody = Owed(task="t", place=None, due_at=end_of(date(2009, 2, 1)), extended_on=None)

    assert Standing.WAITS is judge().stand(case(), None)
    assert Standing.WAITS is judge().stand(case(), nobody)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("godkant", Standing.DONE),
        ("missing", Standing.MISSING),
        ("withdrawn", Standing.WITHDRAWN),
    ],
)
def test_an_end_is_told_as_what_it_is(state: str, standing: Standing) -> None:
    """Missing is not done, and withdrawn is neither."""
    assert standing is judge().stand(case(state, ended=True), None)


def test_a_step_is_counted_by_where_cases_stand() -> None:
    """Past it, in it, before it; what is withdrawn is no part of the total."""
    standings = {
        case("utkast", number=1): Standing.LATE,
        case("inlamnat", number=2): Standing.ACT,
        case("godkant", ended=True, number=3): Standing.DONE,
        case("missing", ended=True, number=4): Standing.MISSING,
        case("withdrawn", ended=True, number=5): Standing.WITHDRAWN,
    }
    found = spread(standings, {one.id: standing for one, standing in standings.items()})

    first, second = tally(WAY, "utkast", found), tally(WAY, "inlamnat", found)

    assert (4, 2, 1, 1, 0) == (first.total, first.reached, first.missing, first.late, first.coming)
    assert (4, 1, 1, 1, 1) == (
        second.total,
        second.reached,
        second.missing,
        second.act,
        second.coming,
    )
    assert ("late", "act") == (first.tone, second.tone)


def test_all_past_or_missing_is_done() -> None:
    """Nobody is waited for any more."""
    found = {("godkant", Standing.DONE): 3, ("missing", Standing.MISSING): 1}

    assert "done" == tally(WAY, "inlamnat", found).tone
    assert 0 == tally(WAY, "inlamnat", found).left


def test_nothing_is_not_done() -> None:
    """A step without cases is still to come."""
    assert "next" == tally(WAY, "utkast", {}).tone


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["utkast", "inlamnat"]),
            st.sampled_from(
                [Standing.LATE, Standing.BACK, Standing.EXTENDED, Standing.SOON, Standing.ACT]
            ),
        )
        | st.sampled_from(
            [
                ("godkant", Standing.DONE),
                ("missing", Standing.MISSING),
                ("withdrawn", Standing.WITHDRAWN),
            ]
        ),
        st.integers(1, 50),
    )
)
def test_every_case_is_counted_once(found: dict[tuple[str, Standing], int]) -> None:
    """Reached, missing, here or to come: together all but those that were withdrawn, for each
    step, and each step has been reached by no more than the one before it."""
    all_of_them = sum(n for (_, standing), n in found.items() if standing is not Standing.WITHDRAWN)

    tallies = [tally(WAY, state, found) for state in WAY.states]

    for one in tallies:
        assert all_of_them == one.total == one.reached + one.missing + one.left
        assert one.left == one.here + one.coming
    assert tallies[1].reached <= tallies[0].reached
