"""A milestone is moved: what is counted from it moves along, and nothing else."""

from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from tests.service.worlds import OBJEKT, ROUND, Stage, local
from workflow.core.errors import BadInput, NoRight, NotFound, Stale
from workflow.service import clockwork, views
from workflow.service.moving import move_milestone, preview_move
from workflow.service.running import evidence


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


# ---- shown beforehand ------------------------------------------------------------------


def preview(stage: Stage, key: str, to: str) -> dict[str, Any]:
    """Give what a move would change, as the leader."""
    day = date.fromisoformat(to)
    return preview_move(stage.world, ROUND, key, day, email=stage.leader)


def test_a_preview_changes_nothing_and_tells_all(groundwork: Stage) -> None:
    """What is shown is what is saved, to the last day and reminder."""
    groundwork.put("2009-02-25")
    before = groundwork.everything()

    shown = preview(groundwork, "grundarbete", "2009-03-06")
    after = groundwork.everything()
    saved = move(groundwork, "grundarbete", "2009-03-06", version=shown["version"])

    assert before == after
    assert {**shown, "saved": True, "version": shown["version"] + 1} == saved
    (one, *_) = shown["changes"]["tasks"]
    assert ("2009-02-28", "2009-03-06", True) == (one["from"], one["to"], one["changed"])
    assert local("2009-03-03", "00:00") == one["next_after"]


def test_what_was_shown_must_hold(groundwork: Stage) -> None:
    """When the round has gone on since, nothing is saved, and what holds now is told."""
    shown = preview(groundwork, "grundarbete", "2009-03-06")
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    before = plan(groundwork)

    with pytest.raises(Stale) as found:
        move(groundwork, "grundarbete", "2009-03-06", version=shown["version"])

    assert before == plan(groundwork)
    assert {"round": ROUND, "version": shown["version"] + 1} == found.value.current


def test_a_preview_is_the_leaders_too(groundwork: Stage) -> None:
    """Who may not move it is told so before anything is shown."""
    boss = groundwork.boss(groundwork.units("verksamhet")[0])

    with pytest.raises(NoRight):
        preview_move(groundwork.world, ROUND, "grundarbete", date(2009, 3, 6), email=boss)
    with pytest.raises(NotFound):
        preview_move(groundwork.world, "ingen", "grundarbete", date(2009, 3, 6))


@pytest.mark.parametrize(
    ("key", "to", "codes"),
    [
        ("grundarbete", "2009-03-06", []),
        ("grundarbete", "2009-03-21", ["order", "day_off"]),
        ("grundarbete", "2008-12-02", ["order", "order", "past"]),
        ("forslag", "2009-05-21", ["day_off", "meeting"]),
        ("forslag", "2009-06-29", ["order", "order", "meeting"]),
        ("redovisning", "2009-05-22", ["order", "order", "bridge_day"]),
    ],
)
def test_what_one_ought_to_know(groundwork: Stage, key: str, to: str, codes: list[str]) -> None:
    """An order that breaks, a day off or between two, a day that has passed, a meeting."""
    found = [one["code"] for one in preview(groundwork, key, to)["warnings"]]

    assert codes == [code for code in found if code != "meeting" or "meeting" in codes]


def test_one_that_was_set_by_hand_is_named(stage: Stage) -> None:
    """What used to follow and no longer does is said."""
    move(stage, "vardering", "2009-04-10")

    assert "set_by_hand" in [
        one["code"] for one in preview(stage, "forslag", "2009-05-06")["warnings"]
    ]


# ---- who is told -----------------------------------------------------------------------


def dates_mails(stage: Stage) -> list[str]:
    """Give subject and text of the mails about moved dates, each on one line."""
    found = []
    for file in sorted(stage.outbox.glob("*.dates.*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
        found.append(" ".join(f"{mail['Subject']} {text}".split()))
    return found


def test_each_is_told_once(groundwork: Stage) -> None:
    """One mail to each who owes something that got another day, however much they owe; none
    to the one who moved it."""
    unit, other = groundwork.units("verksamhet")[:2]
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email)"
        " WHERE role = 'verksamhetschef' AND unit = :unit",
        email=groundwork.chief(unit),
        unit=other,
    )

    told = move(groundwork, "grundarbete", "2009-03-06")["changes"]["told"]  # type: ignore[index]

    expected = {groundwork.chief(one) for one in groundwork.units("verksamhet")}
    assert expected - {groundwork.chief(other)} == set(told)
    assert {1} == set(groundwork.mails("dates").values())
    assert set(told) == set(groundwork.mails("dates"))


def test_the_mail_tells_from_and_to_and_why(groundwork: Stage) -> None:
    """Which day, from which, by whom and why."""
    groundwork.post()
    move(groundwork, "grundarbete", "2009-03-06", reason="Sportlov")

    groundwork.post()

    mails = [mail for mail in dates_mails(groundwork) if "Hej " in mail]
    assert mails
    assert "ny sista dag fre 6 mars" in mails[0]
    for said in ("Förut: lör 28 feb", "Sportlov", "Grundarbetet klart", "har ändrat tidplanen"):
        assert said in mails[0]


def test_two_moves_before_the_mail_left_are_one_mail(groundwork: Stage) -> None:
    """They are told from the day they knew to the day that holds; back again is nothing."""
    groundwork.post()
    move(groundwork, "grundarbete", "2009-03-06")
    move(groundwork, "grundarbete", "2009-03-13")
    first = groundwork.post()
    move(groundwork, "grundarbete", "2009-03-06")
    move(groundwork, "grundarbete", "2009-03-13")
    second = groundwork.post()

    mails = dates_mails(groundwork)
    assert (12, 0) == (first["sent"], second["sent"])
    assert 12 == len(mails)
    assert [] == [mail for mail in mails if "13 mar" not in mail.lower()]
    assert [] == [mail for mail in mails if "28 feb" not in mail.lower()]
    assert [] == [mail for mail in mails if "6 mar" in mail.lower()]


def test_whoever_was_invited_is_told(groundwork: Stage) -> None:
    """An invitation that has gone out is followed by the new day, however far off it is."""
    groundwork.put("2008-12-04", "08:00")
    clockwork.tick(groundwork.world)
    groundwork.post()
    invited = set(groundwork.mails("reminder"))

    told = move(groundwork, "utbildning", "2009-05-12")["changes"]["told"]  # type: ignore[index]

    assert invited == set(told)
    assert invited
    assert groundwork.post()["sent"] == len(invited)


def test_reminders_with_the_old_day_go_at_once(groundwork: Stage) -> None:
    """What waits for the morning is dropped with the move, and listed beforehand."""
    groundwork.put("2009-02-25", "00:05")
    clockwork.tick(groundwork.world)

    shown = move(groundwork, "grundarbete", "2009-03-20")["changes"]["reminders"]  # type: ignore[index]

    waiting = groundwork.rows(
        "SELECT count(*) FROM reminders WHERE message_id IS NULL AND dropped_at IS NULL"
    )
    assert 12 == len(shown)
    assert [(0,)] == waiting


def test_the_same_day_changes_nothing(groundwork: Stage) -> None:
    """A milestone moved to the day it has leaves tasks, reminders and people alone."""
    groundwork.put("2009-02-25", "00:05")
    clockwork.tick(groundwork.world)

    told = move(groundwork, "grundarbete", "2009-02-28")

    assert [] == told["tasks"]
    assert {"reminders": [], "mails": [], "told": []} == {
        key: told["changes"][key]  # type: ignore[index]
        for key in ("reminders", "mails", "told")
    }
    assert {} == groundwork.mails("dates")
