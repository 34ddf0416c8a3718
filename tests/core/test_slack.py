"""What holds when the present step drags on, and from which day it does not."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import revision_of, shipped
from workflow.core import plan
from workflow.core.course import course_of
from workflow.core.facts import MilestoneFact
from workflow.core.phrases import Span
from workflow.core.revision import Revision
from workflow.core.slack import (
    Strain,
    StrainKind,
    ahead,
    holds_until,
    last_day_before,
    strains,
)

GROUNDWORK = (("omgang", "grundarbete"), ("avstamning", "insamling"), ("underlag", "utkast"))


def planned(revision: Revision, **later: None) -> Callable[[str], MilestoneFact]:
    """Give the milestones of a plan for 2010 as they are written; some without a date."""
    definition = revision.definition
    days = plan.milestone_days(definition, "", 2010)

    def milestone(key: str) -> MilestoneFact:
        first, last = (None, None) if key in later else days[key]
        return plan.milestone_fact(definition, definition.milestone[key], first, last)

    return milestone


def found(*path: tuple[str, str], **later: None) -> tuple[Strain, ...]:
    """Give the strains of the shipped process from a place."""
    revision = shipped()
    return strains(course_of(revision), path, planned(revision, **later))


def test_what_lies_ahead_of_the_groundwork() -> None:
    """Up the tree and on along the round: approval, reconciliation, then each later step."""
    legs = [one.leg for one in ahead(course_of(shipped()), GROUNDWORK)]

    assert [
        ("underlag", "inlamnat"),
        ("avstamning", "sammanstallning"),
        ("omgang", "redovisning"),
        ("vardering", "bedomning"),
        ("vardering", "sammanvagning"),
        ("omgang", "forslag"),
        ("omgang", "samverkan"),
    ] == [(leg.kind, leg.state) for leg in legs[:7]]


def test_the_last_day_for_the_underlag() -> None:
    """Reconciled by Friday 13 March, a day's work; three working days to approve before it:
    on Monday 9 March it still holds, on Tuesday it does not."""
    broken = [one for one in found(*GROUNDWORK) if one.kind is StrainKind.BROKEN]

    assert ("avstamning", date(2009, 3, 10)) == (broken[0].milestone, broken[0].from_on)
    assert date(2009, 3, 9) == holds_until(broken)


def test_the_next_step_is_squeezed_before_it_breaks() -> None:
    """From 4 March the one who reconciles has fewer than five working days."""
    first = found(*GROUNDWORK)[0]

    assert (StrainKind.SQUEEZED, "avstamning", date(2009, 3, 4)) == (
        first.kind,
        first.milestone,
        first.from_on,
    )


def test_a_meeting_is_not_squeezed() -> None:
    """It takes its day, however late what it needs comes in."""
    assert not any(
        one.kind is StrainKind.SQUEEZED and one.milestone == "redovisning"
        for one in found(*GROUNDWORK)
    )


def test_the_earliest_stands_first() -> None:
    """In the order of the days from which they are true."""
    days = [one.from_on for one in found(*GROUNDWORK)]

    assert sorted(days) == days


def test_a_milestone_without_a_date_is_left_out() -> None:
    """Nothing can be said of a day that is not set."""
    names = {one.milestone for one in found(*GROUNDWORK, avstamning=None)}

    assert "avstamning" not in names
    assert "redovisning" in names


def test_the_last_step_depends_on_nothing() -> None:
    """Behind the council's decision lies no milestone."""
    assert () == found(("omgang", "budgetbeslut"))
    assert holds_until(()) is None


def test_a_step_beside_the_way_has_nothing_ahead() -> None:
    """From a state that is off the way it is not known how it goes on."""
    assert () == found(("protokoll", "provas"))


def test_the_longest_of_several_branches_counts() -> None:
    """Where a state waits for two kinds, the one that takes longer decides."""
    revision = revision_of(
        """
[milestone]
slut = { title = "Slut", on = "{year}-03-31" }
[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }
[case.omgang.state.start]
title = "Start"
by = "ledare"
transition.vidare = { title = "Vidare", to = "arbete" }
[case.omgang.state.arbete]
title = "Arbete"
opens = ["kort", "lang"]
next = "slut"
[case.omgang.state.slut]
title = "Slut"
by = "ledare"
due = "slut"
transition.klart = { title = "Klart", to = "klar" }
"""
        + "".join(
            f"""
[case.{key}]
title = "{key} {{unit}}"
per = "klinik"
ends = {{ klar = "Klar" }}
[case.{key}.state.skrivs]
title = "Skrivs"
by = "klinikchef"
due = "{due}"
transition.klart = {{ title = "Klart", to = "klar" }}
"""
            for key, due in (("kort", "2 working days"), ("lang", "2 weeks"))
        )
    )

    (one,) = strains(course_of(revision), (("omgang", "start"),), planned(revision))

    # 31 March 2010 is a Wednesday: a day for the last step, two weeks before that.
    assert date(2010, 3, 17) == one.from_on


@given(
    st.dates(date(2008, 1, 1), date(2030, 12, 31)),
    st.lists(st.integers(1, 15).map(lambda n: Span(count=n, unit="working day")), max_size=5),
)
def test_what_begins_on_the_last_day_is_done_in_time(last_on: date, needs: list[Span]) -> None:
    """Begun on that day it is done by the day it is to be; begun on the next it is not."""
    latest = last_day_before(last_on, needs)

    def done(day: date) -> date:
        for span in needs:
            day = plan.add_span(day, span)
        return day

    assert plan.is_working_day(latest)
    assert done(latest) <= last_on
    assert done(plan.working_day_after(latest)) > last_on


@given(st.integers(0, 120))
def test_the_plan_holds_until_the_day_it_says(days: int) -> None:
    """However far the plan is moved, the day moves with it."""
    revision = shipped()
    course = course_of(revision)
    own = planned(revision)

    def moved(key: str) -> MilestoneFact:
        fact = own(key)
        assert fact.last_on is not None and fact.first_on is not None
        step = timedelta(days=days)
        milestone = revision.definition.milestone[key]
        return plan.milestone_fact(
            revision.definition, milestone, fact.first_on + step, fact.last_on + step
        )

    day = holds_until(strains(course, GROUNDWORK, moved))

    assert day is not None
    last_on = date(2009, 3, 15) + timedelta(days=days)
    needs = [Span(count=3, unit="working day"), Span(count=1, unit="working day")]
    assert day <= last_day_before(last_on, needs)
