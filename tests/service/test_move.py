"""A milestone is moved: what is counted from it moves along, and nothing else."""

from datetime import date

import pytest

from tests.service.worlds import OBJEKT, ROUND, Stage, local
from workflow.core.errors import BadInput, NoRight, NotFound
from workflow.service import clockwork, evidence, views
from workflow.service.leading import move_milestone


def move(stage: Stage, key: str, to: str, **more: object) -> dict[str, object]:
    """Move a milestone as the leader."""
    request = {"reason": "Sjukdom", "email": stage.leader, **more}
    return move_milestone(stage.world, ROUND, key, date.fromisoformat(to), **request)


def plan(stage: Stage) -> dict[str, str]:
    """Give the last day of each milestone."""
    found = views.round_view(stage.world, ROUND)["milestones"]
    return {one["key"]: str(one["on"]) for one in found}


def deadlines(stage: Stage) -> dict[str, object]:
    """Give the deadline of each open task, by case."""
    return {one["case"]: one["due_at"] for one in views.task_list(stage.world)}


def test_the_answer(groundwork: Stage) -> None:
    """It says from when to when, what else moved, and whose tasks."""
    answer = move(groundwork, "grundarbete", "2009-03-06")

    assert ("grundarbete", "2009-02-28", "2009-03-06") == (
        answer["milestone"],
        answer["from"],
        answer["to"],
    )
    assert {"grundarbete": "2009-03-06"} == answer["milestones"]
    assert len(groundwork.units("verksamhet")) == len(answer["tasks"])  # type: ignore[arg-type]


def test_tasks_get_the_new_deadline(groundwork: Stage) -> None:
    """Every open task that the milestone bounds is due at its new day's end."""
    move(groundwork, "grundarbete", "2009-03-06")

    assert {local("2009-03-07", "00:00")} == set(deadlines(groundwork).values())
    assert True is evidence.prove(groundwork.world).ok


def test_what_is_counted_from_it_moves(stage: Stage) -> None:
    """A milestone counted from another follows it, and only that one."""
    before = plan(stage)

    answer = move(stage, "forslag", "2009-05-06")

    after = plan(stage)
    changed = {key: day for key, day in after.items() if before[key] != day}
    assert {"forslag": "2009-05-06", "vardering": "2009-04-28"} == changed
    assert changed == answer["milestones"]


def test_one_set_by_hand_stays(stage: Stage) -> None:
    """A counted milestone that somebody has set no longer follows."""
    move(stage, "vardering", "2009-04-10")

    move(stage, "forslag", "2009-05-06")

    assert "2009-04-10" == plan(stage)["vardering"]


def test_the_day_it_had_first_is_kept(stage: Stage) -> None:
    """However often it is moved, the plan says from which day it once came."""
    move(stage, "grundarbete", "2009-03-06")
    move(stage, "grundarbete", "2009-03-09")

    found = {one["key"]: one for one in views.round_view(stage.world, ROUND)["milestones"]}

    assert date(2009, 2, 28) == found["grundarbete"]["moved_from"]


def test_tasks_counted_otherwise_stay(groundwork: Stage) -> None:
    """A return of three working days is not moved by the milestone it once came from."""
    units = groundwork.units("verksamhet")
    groundwork.hand_in(units[0])
    groundwork.act(
        groundwork.case("underlag", units[0]),
        "aterlamna",
        groundwork.boss(units[0]),
        data={"questions": ["Hur många?"]},
    )
    groundwork.hand_in(units[1])
    before = deadlines(groundwork)

    move(groundwork, "grundarbete", "2009-03-06")

    after = deadlines(groundwork)
    kept = {groundwork.case("underlag", unit) for unit in units[:2]}
    assert kept == {case for case in after if before[case] == after[case]}


def test_a_day_set_by_hand_stays(stage: Stage) -> None:
    """A deadline that somebody chose for one case is not moved with the plan."""
    stage.put("2008-12-01")
    stage.change("UPDATE tasks SET due_rule = '', due_at = :due", due=str(local("2008-12-24"))[:19])
    before = deadlines(stage)

    answer = move(stage, "plan_faststalls", "2008-12-15")

    assert [] == answer["tasks"]
    assert before == deadlines(stage)


def test_closed_tasks_stay(groundwork: Stage) -> None:
    """What has been done keeps the deadline it had."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    done = groundwork.rows("SELECT id, due_at FROM tasks WHERE closed_at IS NOT NULL ORDER BY id")

    move(groundwork, "grundarbete", "2009-03-06")

    assert done == groundwork.rows(
        "SELECT id, due_at FROM tasks WHERE closed_at IS NOT NULL ORDER BY id"
    )


def test_the_ladder_counts_from_the_move(groundwork: Stage) -> None:
    """After a move to a day long past, the rungs before it are not made up for."""
    groundwork.put("2009-02-02")
    clockwork.tick(groundwork.world)
    before = len(groundwork.reminders())

    move(groundwork, "grundarbete", "2009-01-16")
    clockwork.tick(groundwork.world)

    assert before == len(groundwork.reminders())
    assert {local("2009-01-17", "00:00")} == set(deadlines(groundwork).values())


def test_rungs_after_the_move_come(groundwork: Stage) -> None:
    """A milestone moved ahead reminds anew, at the rungs of its new day."""
    unit = groundwork.units("verksamhet")[0]
    task = f"{groundwork.case('underlag', unit)}#1"
    groundwork.put("2009-02-20")
    clockwork.tick(groundwork.world)
    move(groundwork, "grundarbete", "2009-04-03")
    early = len(groundwork.reminders(task))

    groundwork.put("2009-03-20")
    clockwork.tick(groundwork.world)

    new = groundwork.reminders(task)[early:]
    assert [("holder-10", "holder", groundwork.chief(unit))] == new


def test_the_log_keeps_why(stage: Stage) -> None:
    """The entry says who, why, which days and which deadlines."""
    move(stage, "plan_faststalls", "2008-11-18")

    line = evidence.log_lines(stage.world, ROUND)[-1]

    assert ("milestone_moved", stage.leader, "Sjukdom") == (
        line["kind"],
        line["actor"],
        line["comment"],
    )
    assert {
        "comment": "Sjukdom",
        "milestones": {
            "plan_faststalls": {
                "first_on": "2008-11-18",
                "last_on": "2008-11-18",
                "due_at": "2008-11-18T23:00:00.000000Z",
                "moved_from": "2008-11-11",
                "set_by_hand": True,
            }
        },
        "deadlines": {f"{ROUND}.omgang#1": "2008-11-18T23:00:00.000000Z"},
    } == line["payload"]


def test_the_operator_may(stage: Stage) -> None:
    """Without a person it is the machine's operator who moves it; the log says so."""
    move(stage, "grundarbete", "2009-03-06", email=None)

    line = evidence.log_lines(stage.world, ROUND)[-1]

    assert (None, "command", "operator") == (
        line["actor"],
        line["via"],
        line["entry"]["os_user"],  # type: ignore[index]
    )


def test_nobody_else_may(groundwork: Stage) -> None:
    """The plan is the leader's, and a refusal changes nothing."""
    unit = groundwork.units("verksamhet")[0]
    before = plan(groundwork), groundwork.counts()

    with pytest.raises(NoRight):
        move(groundwork, "grundarbete", "2009-03-06", email=groundwork.boss(unit))

    assert before == (plan(groundwork), groundwork.counts())


def test_an_unknown_milestone_is_guessed(stage: Stage) -> None:
    """A name that nearly is one is answered with the one it is near."""
    with pytest.raises(NotFound) as found:
        move(stage, "grundarbetet", "2009-03-06")

    assert "Menade du grundarbete?" in found.value.sv


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_refused(groundwork: Stage, day: str) -> None:
    """A day from which nothing can be counted is named, not stumbled over."""
    before = plan(groundwork), deadlines(groundwork)

    with pytest.raises(BadInput) as found:
        move(groundwork, "grundarbete", day)

    assert day in found.value.sv
    assert before == (plan(groundwork), deadlines(groundwork))


def test_a_reason_is_needed(stage: Stage) -> None:
    """Nothing is moved without saying why."""
    with pytest.raises(BadInput):
        move(stage, "grundarbete", "2009-03-06", reason=" ")


def test_an_unknown_round_is_named(stage: Stage) -> None:
    """A round that is not there is said to be none."""
    with pytest.raises(NotFound):
        move_milestone(stage.world, "ingen", "grundarbete", date(2009, 3, 6), reason="x")


def test_acting_after_a_move_counts_from_the_new_day(groundwork: Stage) -> None:
    """A case that comes into a step after the move has the moved deadline from the start."""
    below = groundwork.units("driftenhet")[0]
    move(groundwork, "avstamning", "2009-03-20")
    for unit in groundwork.units("verksamhet"):
        if groundwork.parent(unit) == below:
            groundwork.act(
                groundwork.case("underlag", unit),
                "lamna_in",
                groundwork.chief(unit),
                data={"rows": OBJEKT},
            )
            groundwork.approve(unit)

    assert (
        local("2009-03-21", "00:00") == deadlines(groundwork)[groundwork.case("avstamning", below)]
    )
