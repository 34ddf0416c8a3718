"""What is due is computed from the tasks: each rung once, to the right one, however late."""

from datetime import timedelta

import pytest

from tests.conftest import Place
from tests.service.wires import tap, tap_reads
from tests.service.worlds import ROUND, Stage
from workflow.service import clockwork, views
from workflow.service.leading import add_unit, end_unit
from workflow.service.running import evidence

NOTHING = {"rounds": 0, "opened": 0, "reminders": 0, "moved": 0, "incidents": 0, "mails": 0}

RUNGS = (
    ("2009-02-16", "holder-10", "chief"),
    ("2009-02-25", "holder-3", "chief"),
    ("2009-02-27", "holder-1", "chief"),
    ("2009-03-02", "holder+1", "chief"),
    ("2009-03-04", "superior+3", "boss"),
    ("2009-03-06", "leader+5", "leader"),
)
"""The standard ladder of an underlag that is due on Saturday 28 February 2009."""


def tick(stage: Stage, day: str, clock: str = "09:00") -> dict[str, int]:
    """Put the clock and tick."""
    stage.put(day, clock)
    return clockwork.tick(stage.world)


def first_task(stage: Stage) -> tuple[str, str]:
    """Give a verksamhet and the task it owes."""
    unit = stage.units("verksamhet")[0]
    return unit, f"{stage.case('underlag', unit)}#1"


def told(stage: Stage, unit: str, who: str) -> str:
    """Give the address of somebody's chief, boss or leader."""
    return stage.leader if who == "leader" else str(getattr(stage, who)(unit))


def test_every_rung_comes_on_its_day(groundwork: Stage) -> None:
    """Each rung reminds on the first tick of its day, and no day before."""
    unit, task = first_task(groundwork)
    for day, _, _ in RUNGS:
        tick(groundwork, day, "00:00")

    expected = [
        (rung, rung.rstrip("+-0123456789"), told(groundwork, unit, who)) for _, rung, who in RUNGS
    ]

    assert expected == groundwork.reminders(task)


@pytest.mark.parametrize(("day", "rung"), [(day, rung) for day, rung, _ in RUNGS])
def test_a_rung_does_not_come_early(groundwork: Stage, day: str, rung: str) -> None:
    """One minute before its day a rung has not come; at midnight it has."""
    _, task = first_task(groundwork)
    groundwork.at[0] = groundwork.put(day, "00:00") - timedelta(minutes=1)
    clockwork.tick(groundwork.world)
    early = [found[0] for found in groundwork.reminders(task)]

    tick(groundwork, day, "00:00")

    assert rung not in early
    assert rung in [found[0] for found in groundwork.reminders(task)]


def test_ticking_twice_is_ticking_once(groundwork: Stage) -> None:
    """The second tick of an instant finds nothing to do."""
    tick(groundwork, "2009-02-27")
    before = groundwork.counts()

    again = clockwork.tick(groundwork.world)

    assert NOTHING == again
    assert before == groundwork.counts()


def test_a_gap_gives_the_latest_rung_alone(groundwork: Stage) -> None:
    """After nine days of standing still each person hears of a task once, at its last rung."""
    unit, task = first_task(groundwork)
    tick(groundwork, "2009-02-25")

    tick(groundwork, "2009-03-06")

    assert [
        ("holder-3", "holder", groundwork.chief(unit)),
        ("holder+1", "holder", groundwork.chief(unit)),
        ("leader+5", "leader", groundwork.leader),
        ("superior+3", "superior", groundwork.boss(unit)),
    ] == groundwork.reminders(task)
    assert [2, 1, 1] == [
        groundwork.mails(kind)[email]
        for kind, email in (
            ("reminder", groundwork.chief(unit)),
            ("escalation", groundwork.boss(unit)),
            ("escalation", groundwork.leader),
        )
    ]


def test_rungs_before_the_opening_are_skipped(groundwork: Stage) -> None:
    """A task that opens late is not reminded of days before it was there."""
    unit, task = first_task(groundwork)
    groundwork.put("2009-02-26")
    end_unit(groundwork.world, ROUND, unit, "withdraw", reason="x", email=groundwork.boss(unit))
    add_unit(groundwork.world, ROUND, unit, reason="Ändå", email=groundwork.leader)

    tick(groundwork, "2009-02-26")
    tick(groundwork, "2009-02-27")

    assert [] == groundwork.reminders(task)
    assert ["holder-1"] == [found[0] for found in groundwork.reminders(task[:-1] + "3")]


def test_the_clock_goes_back(groundwork: Stage) -> None:
    """An hour that comes again reminds nobody again."""
    tick(groundwork, "2009-02-25", "00:30")
    before = groundwork.reminders()

    tick(groundwork, "2009-02-24", "23:30")
    tick(groundwork, "2009-02-25", "00:30")

    assert before == groundwork.reminders()


def test_the_clock_jumps_a_day(groundwork: Stage) -> None:
    """A clock that ran a day ahead and is put right does not remind twice."""
    _, task = first_task(groundwork)
    tick(groundwork, "2009-02-25")
    tick(groundwork, "2009-02-24")
    tick(groundwork, "2009-02-25")

    assert ["holder-3"] == [found[0] for found in groundwork.reminders(task)]


def test_nothing_due_is_one_read(place: Place, groundwork: Stage) -> None:
    """An idle tick is one reading transaction of three statements, and writes nothing."""
    tick(groundwork, "2009-02-25")
    idle = groundwork.another(place.open())
    clockwork.tick(idle.world)
    writes, reads = tap(idle.world.database), tap_reads(idle.world.database)

    done = clockwork.tick(idle.world)

    asked = [one for one in reads.statements if one.startswith("SELECT")]
    assert NOTHING == done
    assert [] == writes.statements
    assert 3 == len(asked)


def test_a_done_task_reminds_nobody(groundwork: Stage) -> None:
    """What has been handed in climbs no further on its ladder."""
    unit, task = first_task(groundwork)
    groundwork.put("2009-02-20")
    groundwork.hand_in(unit)

    for day, _, _ in RUNGS:
        tick(groundwork, day)

    assert [] == groundwork.reminders(task)


def test_a_deadline_moves_a_case_by_itself(groundwork: Stage) -> None:
    """What waits for its time alone goes on when it has passed, and not before."""
    case = groundwork.case("protokoll")
    groundwork.change(
        "INSERT INTO cases (id, round_id, kind, unit, parent, opened_in, started, state, version,"
        " opened_at, entered_at) SELECT :case, round_id, 'protokoll', unit, id, 'protokoll',"
        " started, 'overklagandetid', 1, opened_at, entered_at FROM cases WHERE parent IS NULL",
        case=case,
    )
    groundwork.change(
        "INSERT INTO joins (case_id, state, opened, ended, delivered)"
        " VALUES (:root, 'protokoll', 1, 0, 0)",
        root=f"{ROUND}.omgang",
    )
    groundwork.change(
        "INSERT INTO tasks (id, round_id, case_id, state, opens_at, due_at, due_rule, ladder,"
        " ladder_from, next_reminder_at) SELECT :task, round_id, id, state, entered_at, :due,"
        " '21 days', 'standard', entered_at, :due FROM cases WHERE id = :case",
        task=f"{case}#1",
        case=case,
        due="2008-12-24 23:00:00.000000",
    )
    early = tick(groundwork, "2008-12-24", "23:59")

    late = tick(groundwork, "2008-12-25", "00:00")

    states = {c["case"]: c["state"] for c in views.round_view(groundwork.world, ROUND)["cases"]}
    assert (0, 1) == (early["moved"], late["moved"])
    assert "laga_kraft" == states[case]
    line = evidence.log_lines(groundwork.world, ROUND)[-1]
    assert ("at_due", None) == (line["kind"], line["actor"])


def test_the_invited_hear_of_the_training(stage: Stage) -> None:
    """Everybody invited to the January training is told 20 and 3 working days before."""
    invited = {
        email
        for role in (
            "i_ledningsgruppen",
            "verksamhetschef",
            "fortroendevald",
            "prioriteringscentrum",
        )
        for email in stage.holders(role)
    }
    for day in ("2008-11-27", "2008-11-28", "2008-12-22", "2008-12-23", "2009-01-02"):
        tick(stage, day)

    found = stage.reminders("utbildning")

    assert {("invited-20", "invited", email) for email in invited} | {
        ("invited-3", "invited", email) for email in invited
    } == set(found)
    assert 2 * len(invited) == len(found)


def test_an_invitation_is_made_up_for(stage: Stage) -> None:
    """After a gap the invited hear of it once, as long as it has not begun."""
    tick(stage, "2008-12-29")
    first = {rung for rung, _, _ in stage.reminders("utbildning")}
    tick(stage, "2009-01-12")

    assert {"invited-3"} == first
    assert {"invited-3"} == {rung for rung, _, _ in stage.reminders("utbildning")}


def test_what_has_begun_invites_nobody(stage: Stage) -> None:
    """Nobody is invited to a milestone whose first day has come."""
    tick(stage, "2009-01-12")

    assert [] == stage.reminders("utbildning")
