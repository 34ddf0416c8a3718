"""What is coming, in grey: exactly what happens when nobody acts."""

from datetime import date, timedelta

import pytest

from tests.service.processes import change_process
from tests.service.senders import Sink, post
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import NotFound
from workflow.service import clockwork, extending, opening
from workflow.service.people import substituting
from workflow.service.reading.ahead.ahead import Ahead, Coming, Future
from workflow.service.reading.ahead.coming import coming_of_case, coming_of_round

MAILS = (Coming.REMINDER, Coming.ESCALATION)


def flat(future: Future) -> list[Ahead]:
    """Give what is coming, each part on its own."""
    return [part for one in future.ahead for part in (one.parts or (one,))]


def let_time_pass(stage: Stage, last: date) -> set[tuple[date, str, str]]:
    """Let the clock run and the mails go until a day; give the day, the recipient's name and
    the case of every reminder that went."""
    day = stage.world.today(stage.at[0])
    while day <= last:
        for clock in ("00:01", "07:31"):
            at = stage.put(day.isoformat(), clock)
            clockwork.tick(stage.world)
            assert at
            post(stage, Sink())
        day += timedelta(days=1)
    rows = stage.rows(
        "SELECT messages.sent_at, people.name, reminders.task_id FROM reminders"
        " JOIN messages ON messages.id = reminders.message_id"
        " JOIN people ON people.id = reminders.person_id WHERE reminders.task_id IS NOT NULL"
    )
    return {
        (date.fromisoformat(str(at)[:10]), name, task.rpartition("#")[0]) for at, name, task in rows
    }


@pytest.fixture
def quiet(groundwork: Stage) -> Stage:
    """A Friday, two weeks before the underlag are due; one of them has more time, one chief
    has a substitute from the last week on, and one is without a chief."""
    post(groundwork, Sink())
    groundwork.put("2009-02-13", "10:00")
    units = groundwork.units("verksamhet")
    task = f"{groundwork.case('underlag', units[0])}#1"
    extending.grant(groundwork.world, task, date(2009, 3, 5), reason="Sjukdom.")
    wish = substituting.Appointment(
        person=groundwork.chief(units[1]),
        by=groundwork.chief(units[2]),
        from_on=date(2009, 2, 23),
        to_on=date(2009, 3, 31),
    )
    substituting.appoint(groundwork.world, wish)
    groundwork.end_grant("verksamhetschef", units[3])
    return groundwork


def test_what_is_foretold_is_what_happens(quiet: Stage) -> None:
    """Every reminder and escalation of the next five weeks, by day, recipient and case, is the
    one that goes when nobody acts: weekends, an extension, a substitute from a later day and
    an empty post included."""
    future = coming_of_round(quiet.world, quiet.leader, ROUND)
    last = date(2009, 3, 20)
    foretold = {
        (one.on, name, one.case)
        for one in flat(future)
        if one.kind in MAILS and one.on <= last
        for name in one.to
    }

    happened = let_time_pass(quiet, last)

    before = {one for one in happened if one[0] < date(2009, 2, 13)}
    assert 60 < len(foretold)
    assert foretold == happened - before


def test_one_case_shows_its_ladder_to_the_end(quiet: Stage) -> None:
    """Farthest off first: the leader, the superior, the last reminder, the last day, and the
    reminders before it; the one who reads is called you."""
    unit = quiet.units("verksamhet")[5]

    future = coming_of_case(quiet.world, quiet.chief(unit), quiet.case("underlag", unit))

    assert not future.held
    assert [
        (Coming.ESCALATION, date(2009, 3, 6), False),
        (Coming.ESCALATION, date(2009, 3, 4), False),
        (Coming.REMINDER, date(2009, 3, 2), True),
        (Coming.LAST_DAY, date(2009, 2, 28), False),
        (Coming.REMINDER, date(2009, 2, 27), True),
        (Coming.REMINDER, date(2009, 2, 25), True),
        (Coming.REMINDER, date(2009, 2, 16), True),
    ] == [(one.kind, one.on, one.to_me) for one in future.ahead]
    assert "Påminnelse till dig, 3 arbetsdagar före sista dag" == future.ahead[5].what


def test_nothing_more_is_coming_for_what_is_done(quiet: Stage) -> None:
    """What has been handed in reminds the next one, and no longer the one who handed it in."""
    unit = quiet.units("verksamhet")[5]
    quiet.hand_in(unit)

    future = coming_of_case(quiet.world, quiet.leader, quiet.case("underlag", unit))

    chief = next(one.name for one in quiet.people.people if one.email == quiet.chief(unit))
    assert [date(2009, 2, 18)] == [one.on for one in future.ahead if one.kind is Coming.LAST_DAY]
    assert all(chief not in one.to for one in future.ahead)


def test_what_the_clock_moves_is_told_with_where_it_goes(quiet: Stage) -> None:
    """A step with `at_due` goes on by itself, and nobody is reminded of it after that."""
    folder = quiet.folder.parent / "moved-by-the-clock"
    revision = change_process(
        folder,
        (
            'title = "Styrgruppen konstitueras"\nby = "medicinsk_radgivare"\n',
            'title = "Styrgruppen konstitueras"\nby = "medicinsk_radgivare"\nat_due = "uppdrag"\n',
        ),
        year=2011,
    )
    quiet.put("2009-10-01", "10:00")
    opening.open_round(quiet.world, revision, year=2011)
    secretary = quiet.holder("sekreterare", quiet.units("landstingsstyrelse")[0])
    quiet.act("prioritering-2011.omgang", "faststall", secretary)

    future = coming_of_case(quiet.world, quiet.leader, "prioritering-2011.omgang")

    moves = next(one for one in future.ahead if one.kind is Coming.MOVES)
    assert "Går till ”Uppdraget till driftenheterna” av sig självt" == moves.what
    assert future.ahead[0].at == moves.at


def test_a_reminder_of_a_weekend_goes_on_monday(quiet: Stage) -> None:
    """A rung that has come and waits for the next working day is told for that day."""
    folder = quiet.folder.parent / "on-the-day"
    revision = change_process(
        folder,
        (
            "# ---- omgången ------",
            '[ladder.standard]\nholder = ["on the day"]\n\n# ---- omgången ------',
        ),
        year=2012,
    )
    opening.open_round(quiet.world, revision, year=2012)
    case = "prioritering-2012.omgang"
    secretary = quiet.holder("sekreterare", quiet.units("landstingsstyrelse")[0])
    quiet.act(case, "faststall", secretary)
    quiet.change("UPDATE tasks SET due_at = :due WHERE case_id = :c", due=SUNDAY_ENDS, c=case)
    quiet.change(
        "UPDATE tasks SET next_reminder_at = :at WHERE case_id = :c AND closed_at IS NULL",
        at=SUNDAY_BEGINS,
        c=case,
    )
    before = coming_of_case(quiet.world, quiet.leader, case)
    quiet.put("2010-11-28", "12:00")
    clockwork.tick(quiet.world)

    after = coming_of_case(quiet.world, quiet.leader, case)

    monday = date(2010, 11, 29)
    assert [monday] == [one.on for one in before.ahead if one.kind in MAILS]
    assert [monday] == [one.on for one in after.ahead if one.kind in MAILS]


def test_what_came_too_late_for_the_days_mail_goes_with_the_next(quiet: Stage) -> None:
    """There is one reminder mail a day: a rung that waits after its hour is told for tomorrow."""
    unit = quiet.units("verksamhet")[5]
    case = quiet.case("underlag", unit)
    quiet.put("2009-02-16", "07:31")
    clockwork.tick(quiet.world)
    quiet.change("UPDATE reminders SET message_id = NULL WHERE task_id = :t", t=f"{case}#1")

    future = coming_of_case(quiet.world, quiet.leader, case)

    assert date(2009, 2, 17) == min(one.on for one in future.ahead)


SUNDAY_BEGINS = "2010-11-27 23:00:00.000000"
SUNDAY_ENDS = "2010-11-28 23:00:00.000000"


def test_held_mail_is_said_to_be_held(quiet: Stage) -> None:
    """After a restore no mail leaves: the page says so beside the reminders."""
    quiet.change("UPDATE installation SET mail_held_at = :at", at="2009-02-13 09:00:00.000000")

    assert coming_of_round(quiet.world, quiet.leader, ROUND).held


def test_everybody_sees_the_plan_and_of_the_rest_their_own(quiet: Stage) -> None:
    """Milestones are for all in the round; reminders of other units' cases are not."""
    unit = quiet.units("verksamhet")[5]
    chief = quiet.chief(unit)

    mine = flat(coming_of_round(quiet.world, chief, ROUND))
    all_ = flat(coming_of_round(quiet.world, quiet.leader, ROUND))

    def milestones(found: list[Ahead]) -> list[str]:
        return [one.what for one in found if one.kind is Coming.MILESTONE]

    assert milestones(all_) == milestones(mine)
    assert "Ledningsgruppens förslag" in milestones(mine)
    assert {quiet.case("underlag", unit), ""} == {one.case for one in mine}


def test_invitations_are_told_to_the_invited_and_to_who_leads(quiet: Stage) -> None:
    """The leader sees how many are invited; one who is invited sees their own; others none."""
    elected = quiet.swedish("fortroendevald")
    chief = quiet.chief(quiet.units("verksamhet")[5])

    def invitations(email: str) -> list[str]:
        found = coming_of_round(quiet.world, email, ROUND).ahead
        return [one.what for one in found if one.kind is Coming.INVITATION]

    assert ["Inbjudan till dig: Beslut om budget 2010"] * 2 == invitations(elected)
    assert ["Inbjudan till 8 personer: Beslut om budget 2010"] * 2 == invitations(quiet.leader)
    assert [] == invitations(chief)


def test_what_is_coming_for_a_hidden_case_is_not_told(quiet: Stage) -> None:
    """A case that a person may not see is not there."""
    unit, other = quiet.units("verksamhet")[5:7]

    with pytest.raises(NotFound):
        coming_of_case(quiet.world, quiet.chief(unit), quiet.case("underlag", other))
