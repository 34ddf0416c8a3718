"""The day's one mail: to whom, when, about what, and what has lost its point by then."""

from datetime import date

import pytest

from tests.conftest import Place
from tests.service.worlds import ROUND, Stage
from workflow.service import clockwork
from workflow.service.moving import move_milestone


def tick(stage: Stage, day: str, clock: str = "09:00") -> dict[str, int]:
    """Put the clock and tick."""
    stage.put(day, clock)
    return clockwork.tick(stage.world)


def waiting(stage: Stage) -> list[str]:
    """Give the rungs that neither went out nor were dropped."""
    found = stage.rows(
        "SELECT rung FROM reminders WHERE message_id IS NULL AND dropped_at IS NULL ORDER BY id"
    )
    return [row[0] for row in found]


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2009-02-25", "07:29"),
        ("2009-02-28", "09:00"),
        ("2009-03-01", "09:00"),
        ("2009-06-19", "09:00"),
        ("2008-12-24", "09:00"),
    ],
)
def test_no_mail_out_of_hours(groundwork: Stage, day: str, clock: str) -> None:
    """Nobody is mailed before the hour, on weekends, on midsommarafton or julafton."""
    done = tick(groundwork, day, clock)

    assert 0 == done["mails"]
    assert len(waiting(groundwork)) == done["reminders"] > 0


def test_mail_comes_at_the_hour(groundwork: Stage) -> None:
    """What waited since midnight goes out at half past seven."""
    tick(groundwork, "2009-02-25", "00:00")
    before = len(waiting(groundwork))

    done = tick(groundwork, "2009-02-25", "07:30")

    assert before == done["mails"] == 12
    assert [] == waiting(groundwork)


def test_one_mail_per_person_and_day(groundwork: Stage) -> None:
    """Whoever owes several things gets one mail about them all, and none more that day."""
    unit, other = groundwork.units("verksamhet")[:2]
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email)"
        " WHERE role = 'verksamhetschef' AND unit = :unit",
        email=groundwork.chief(unit),
        unit=other,
    )

    tick(groundwork, "2009-02-25", "08:00")
    move_milestone(groundwork.world, ROUND, "grundarbete", date(2009, 2, 26), reason="Tidigare")
    tick(groundwork, "2009-02-25", "16:00")

    mail = groundwork.mails("reminder")
    assert 1 == mail[groundwork.chief(unit)]
    assert 0 == mail[groundwork.chief(other)]


def test_the_rest_comes_tomorrow(groundwork: Stage) -> None:
    """What comes due after the day's mail goes with the next working day's."""
    unit = groundwork.units("verksamhet")[0]
    tick(groundwork, "2009-02-16", "08:00")
    groundwork.change(
        "INSERT INTO reminders (round_id, subject, task_id, due_at, rung, recipient, person_id,"
        " written_at) SELECT round_id, subject, task_id, due_at, 'holder-9', recipient, person_id,"
        " written_at FROM reminders WHERE subject = :task",
        task=f"{groundwork.case('underlag', unit)}#1",
    )
    tick(groundwork, "2009-02-16", "12:00")
    left = waiting(groundwork)

    tick(groundwork, "2009-02-17", "08:00")

    assert ["holder-9"] == left
    assert 2 == groundwork.mails("reminder")[groundwork.chief(unit)]


def test_what_was_done_meanwhile_is_dropped(groundwork: Stage) -> None:
    """Who hands in between midnight and half past seven is not reminded."""
    unit = groundwork.units("verksamhet")[0]
    tick(groundwork, "2009-02-25", "00:00")
    groundwork.put("2009-02-25", "06:00")
    groundwork.hand_in(unit)

    tick(groundwork, "2009-02-25", "07:30")

    assert 0 == groundwork.mails("reminder")[groundwork.chief(unit)]
    assert [(1,)] == groundwork.rows(
        "SELECT count(*) FROM reminders WHERE dropped_at IS NOT NULL AND message_id IS NULL"
    )
    assert [] == waiting(groundwork)


def test_a_moved_deadline_drops_the_old_rungs(groundwork: Stage) -> None:
    """Nobody is reminded of a day that no longer is the day."""
    tick(groundwork, "2009-02-25", "00:00")
    move_milestone(groundwork.world, ROUND, "grundarbete", date(2009, 3, 31), reason="Senare")

    done = tick(groundwork, "2009-02-25", "07:30")

    assert 0 == done["mails"]
    assert [] == waiting(groundwork)


def test_a_moved_meeting_drops_the_old_invitation(stage: Stage) -> None:
    """Nobody is invited to a day that no longer is the day; they hear of the new one."""
    tick(stage, "2008-11-28", "00:00")
    move_milestone(stage.world, ROUND, "utbildning", date(2009, 1, 20), reason="Bokat")

    tick(stage, "2008-11-28", "07:30")
    early = invited(stage)
    tick(stage, "2008-12-16", "07:30")

    assert 0 == early
    assert 0 < invited(stage)


def invited(stage: Stage) -> int:
    """Count the invitations that went out."""
    return int(
        stage.rows("SELECT count(*) FROM reminders WHERE task_id IS NULL AND message_id > 0")[0][0]
    )


def test_a_reminder_is_not_an_escalation(groundwork: Stage) -> None:
    """The kind says whether one owes it, or is told because another is late."""
    unit = groundwork.units("verksamhet")[0]
    tick(groundwork, "2009-03-02")
    tick(groundwork, "2009-03-04")
    tick(groundwork, "2009-03-06")

    late, above = groundwork.mails("reminder"), groundwork.mails("escalation")
    assert dict.fromkeys(groundwork.units("verksamhet"), 1) == {
        unit: late[groundwork.chief(unit)] for unit in groundwork.units("verksamhet")
    }
    assert (1, 1) == (above[groundwork.boss(unit)], above[groundwork.leader])
    assert 0 == late[groundwork.leader]


def test_owing_and_being_above_is_a_reminder(groundwork: Stage) -> None:
    """A mail that holds something one owes oneself is a reminder, whatever else it tells."""
    unit, other = groundwork.units("verksamhet")[:2]
    boss = groundwork.boss(unit)
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email)"
        " WHERE role = 'verksamhetschef' AND unit = :unit",
        email=boss,
        unit=other,
    )

    tick(groundwork, "2009-03-04")

    assert (1, 0) == (groundwork.mails("reminder")[boss], groundwork.mails("escalation")[boss])


def test_composing_by_two_workers_is_one_mail(place: Place, groundwork: Stage) -> None:
    """A second worker finds nothing left to put."""
    tick(groundwork, "2009-02-25", "00:00")
    groundwork.put("2009-02-25", "07:30")
    second = groundwork.another(place.open())

    first, again = clockwork.compose(groundwork.world), clockwork.compose(second.world)

    assert (12, 0) == (first, again)
