"""More days for one task: asked for, granted, refused, and what that does."""

from datetime import date

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import ROUND, Stage, local
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, WorkflowError
from workflow.service import clockwork, extending, views
from workflow.service.moving import move_milestone
from workflow.service.running import evidence


@pytest.fixture
def unit(groundwork: Stage) -> str:
    """The first verksamhet."""
    return groundwork.units("verksamhet")[0]


def task_of(stage: Stage, unit: str) -> str:
    """Give the id of the task of a unit's underlag that opened with the assignment."""
    return f"{stage.case('underlag', unit)}#1"


def ask(stage: Stage, unit: str, to: str, **more: object) -> dict[str, object]:
    """Ask for more days as the chief of a unit."""
    request = {"reason": "Sjukdom", "email": stage.chief(unit), **more}
    return extending.ask(stage.world, task_of(stage, unit), date.fromisoformat(to), **request)  # type: ignore[arg-type]


def grant(stage: Stage, unit: str, to: str | None, email: str | None = "", **more: object):  # type: ignore[no-untyped-def]
    """Grant more days as the one above a unit, unless it is somebody else."""
    who = stage.boss(unit) if email == "" else email
    day = date.fromisoformat(to) if to else None
    return extending.grant(
        stage.world, task_of(stage, unit), day, reason=more.pop("reason", "Gärna"), email=who
    )


def task(stage: Stage, unit: str) -> tuple[object, ...]:
    """Give deadline, extension and rule of the unit's task."""
    return stage.rows(
        "SELECT due_at, extended_on, due_rule FROM tasks WHERE id = :id", id=task_of(stage, unit)
    )[0]


def due(stage: Stage, unit: str) -> object:
    """Give the deadline of a unit's task."""
    (one,) = views.task_list(stage.world, case=stage.case("underlag", unit))
    return one["due_at"]


def kinds(stage: Stage) -> list[str]:
    """Give the kinds of the round's entries about extensions."""
    lines = evidence.log_lines(stage.world, ROUND)
    return [str(one["kind"]) for one in lines if "exten" in str(one["kind"])]


def test_the_superior_grants_at_once(groundwork: Stage, unit: str) -> None:
    """Whoever stands above the task gives it more days, without anybody's asking."""
    told = grant(groundwork, unit, "2009-03-06")

    assert ("granted", "2009-02-28", "2009-03-06") == (told["answer"], told["from"], told["to"])
    assert local("2009-03-07", "00:00") == due(groundwork, unit)
    assert ["extended"] == kinds(groundwork)
    assert True is evidence.prove(groundwork.world).ok


def test_only_that_task_gets_more_days(groundwork: Stage, unit: str) -> None:
    """The other units keep their day."""
    grant(groundwork, unit, "2009-03-06")

    others = {due(groundwork, one) for one in groundwork.units("verksamhet")[1:]}

    assert {local("2009-03-01", "00:00")} == others


def test_it_is_asked_for_and_granted(groundwork: Stage, unit: str) -> None:
    """Asked for, it changes nothing; the one above answers, and the log tells both."""
    asked = ask(groundwork, unit, "2009-03-06")
    before = due(groundwork, unit)

    granted = grant(groundwork, unit, None)

    assert ("asked", [groundwork.boss(unit)]) == (asked["answer"], asked["asked_of"])
    assert local("2009-03-01", "00:00") == before
    assert ("granted", "2009-03-06") == (granted["answer"], granted["to"])
    assert ["extension_asked", "extended"] == kinds(groundwork)
    assert [("granted", "Gärna")] == groundwork.rows("SELECT answer, answer_reason FROM extensions")
    assert True is evidence.prove(groundwork.world).ok


def test_another_day_may_be_granted(groundwork: Stage, unit: str) -> None:
    """The one above may give another day than the one asked for."""
    ask(groundwork, unit, "2009-03-20")

    grant(groundwork, unit, "2009-03-04")

    assert local("2009-03-05", "00:00") == due(groundwork, unit)


def test_it_is_refused(groundwork: Stage, unit: str) -> None:
    """A no leaves the day, is told the one who asked, and lets them ask again."""
    ask(groundwork, unit, "2009-03-06")

    told = extending.refuse(
        groundwork.world, task_of(groundwork, unit), reason="Mötet", email=groundwork.boss(unit)
    )

    assert "refused" == told["answer"]
    assert local("2009-03-01", "00:00") == due(groundwork, unit)
    assert {groundwork.boss(unit): 1, groundwork.chief(unit): 1} == groundwork.mails("extension")
    assert "asked" == ask(groundwork, unit, "2009-03-04")["answer"]
    assert True is evidence.prove(groundwork.world).ok


def test_one_request_at_a_time(groundwork: Stage, unit: str) -> None:
    """A second request waits for the first one's answer."""
    ask(groundwork, unit, "2009-03-06")

    with pytest.raises(Refused) as found:
        ask(groundwork, unit, "2009-03-09")

    assert "asked_already" == found.value.reasons[0].code


def test_nothing_to_refuse(groundwork: Stage, unit: str) -> None:
    """Only what was asked for can be refused, and only once."""
    with pytest.raises(Refused) as found:
        extending.refuse(groundwork.world, task_of(groundwork, unit), reason="x")

    assert "not_asked" == found.value.reasons[0].code


def test_the_leader_and_the_operator_grant_too(groundwork: Stage, unit: str) -> None:
    """So does the one who leads the process, and the operator, which the log says."""
    grant(groundwork, unit, "2009-03-04", groundwork.leader)
    grant(groundwork, unit, "2009-03-06", None)

    lines = [
        one for one in evidence.log_lines(groundwork.world, ROUND) if one["kind"] == "extended"
    ]

    assert [groundwork.leader, None] == [one["actor"] for one in lines]
    assert local("2009-03-07", "00:00") == due(groundwork, unit)


def test_nobody_else_grants(groundwork: Stage, unit: str) -> None:
    """Neither whoever has the task, nor a chief beside, nor somebody else's superior."""
    other = next(
        one
        for one in groundwork.units("verksamhet")
        if groundwork.parent(one) != groundwork.parent(unit)
    )

    for email in (groundwork.chief(unit), groundwork.chief(other), groundwork.boss(other)):
        with pytest.raises(NoRight):
            grant(groundwork, unit, "2009-03-06", email)


def test_only_the_holder_asks(groundwork: Stage, unit: str) -> None:
    """Somebody who does not have the task cannot ask for it."""
    with pytest.raises(NoRight):
        ask(groundwork, unit, "2009-03-06", email=groundwork.boss(unit))


def test_nobody_grants_their_own(groundwork: Stage, unit: str) -> None:
    """Who is both chiefs asks the one who leads the process, and is told why."""
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :chief)"
        " WHERE role = 'driftenhetschef' AND unit = :above",
        chief=groundwork.chief(unit),
        above=groundwork.parent(unit),
    )
    asked = ask(groundwork, unit, "2009-03-06")

    with pytest.raises(Refused) as found:
        grant(groundwork, unit, "2009-03-06", groundwork.chief(unit))

    assert [groundwork.leader] == asked["asked_of"]
    assert "own_extension" == found.value.reasons[0].code
    assert "granted" == grant(groundwork, unit, None, groundwork.leader)["answer"]


def test_the_leaders_own_goes_up(stage: Stage) -> None:
    """What the leader owes is extended by the leader's superior."""
    stage.put("2008-11-11")
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    stage.act(f"{ROUND}.omgang", "faststall", secretary)
    request = {"reason": "Vi väntar", "email": stage.leader}

    asked = extending.ask(stage.world, f"{ROUND}.omgang#2", date(2008, 12, 5), **request)

    assert [stage.holder("landstingsdirektor")] == asked["asked_of"]
    with pytest.raises(Refused):
        extending.grant(stage.world, f"{ROUND}.omgang", None, reason="x", email=stage.leader)


@pytest.mark.parametrize(
    ("now", "to"),
    [
        ("2009-02-20", "2009-02-28"),
        ("2009-02-20", "2009-02-10"),
        ("2009-03-10", "2009-03-09"),
        ("2009-02-20", "2010-03-01"),
    ],
)
def test_days_that_do_not_go(groundwork: Stage, unit: str, now: str, to: str) -> None:
    """Not the day it has, not one that has passed, not more than a year."""
    groundwork.put(now)

    for call in (ask, grant):
        with pytest.raises(BadInput):
            call(groundwork, unit, to)


def test_today_is_a_day(groundwork: Stage, unit: str) -> None:
    """A deadline that has passed can be extended to the end of today."""
    groundwork.put("2009-03-10")

    grant(groundwork, unit, "2009-03-10")

    assert local("2009-03-11", "00:00") == due(groundwork, unit)


def test_a_task_that_is_not_open(groundwork: Stage, unit: str) -> None:
    """What is done, or never was, cannot be extended; a task of an earlier turn neither."""
    groundwork.hand_in(unit)

    with pytest.raises(Refused):
        grant(groundwork, unit, "2009-03-06")
    with pytest.raises(NotFound):
        extending.grant(groundwork.world, "nix.underlag.x", date(2009, 3, 6), reason="x")


def test_a_reason_is_needed(groundwork: Stage, unit: str) -> None:
    """Nothing is asked, granted or refused without saying why."""
    with pytest.raises(BadInput):
        ask(groundwork, unit, "2009-03-06", reason=" ")
    with pytest.raises(BadInput):
        grant(groundwork, unit, "2009-03-06", reason="")


def test_a_request_is_void_when_the_task_closes(groundwork: Stage, unit: str) -> None:
    """Handed in before anybody answered: nothing is left to answer, nor to mail."""
    ask(groundwork, unit, "2009-03-06")

    groundwork.hand_in(unit)

    assert [("void",)] == groundwork.rows("SELECT answer FROM extensions")
    assert [("withdrawn",)] == groundwork.rows(
        "SELECT state FROM messages WHERE kind = 'extension'"
    )


def test_a_moved_milestone_never_shortens_it(groundwork: Stage, unit: str) -> None:
    """Earlier, it leaves the extension; later than it, it takes the task along; back, it
    leaves the extension again."""
    grant(groundwork, unit, "2009-03-06")
    found = []
    for day in ("2009-02-20", "2009-03-04", "2009-03-18", "2009-02-27"):
        to = date.fromisoformat(day)
        told = move_milestone(groundwork.world, ROUND, "grundarbete", to, reason="x")
        found.append((due(groundwork, unit), task_of(groundwork, unit) in told["tasks"]))

    kept = local("2009-03-07", "00:00")
    assert [
        (kept, False),
        (kept, False),
        (local("2009-03-19", "00:00"), True),
        (kept, True),
    ] == found
    assert True is evidence.prove(groundwork.world).ok


def test_the_ladder_begins_anew(groundwork: Stage, unit: str) -> None:
    """The rungs of the new day come; what was written for the old one is dropped."""
    name = task_of(groundwork, unit)
    groundwork.put("2009-02-16", "00:05")
    clockwork.tick(groundwork.world)
    before = groundwork.reminders(name)

    grant(groundwork, unit, "2009-03-06")
    left = groundwork.rows(
        "SELECT count(*) FROM reminders WHERE subject = :id AND dropped_at IS NULL", id=name
    )
    groundwork.put("2009-03-03", "08:00")
    clockwork.tick(groundwork.world)

    assert [("holder-10", "holder", groundwork.chief(unit))] == before
    assert [(0,)] == left
    assert [("holder-3", "holder", groundwork.chief(unit))] == groundwork.reminders(name)[1:]
    assert 0 == groundwork.mails("escalation")[groundwork.boss(unit)]


def test_a_passed_deadline_is_extended(groundwork: Stage, unit: str) -> None:
    """A late task that got more days is late no more, and reminds before the new day."""
    groundwork.put("2009-03-09", "08:00")
    clockwork.tick(groundwork.world)

    grant(groundwork, unit, "2009-03-13")

    (one,) = views.task_list(groundwork.world, case=groundwork.case("underlag", unit))
    assert (False, date(2009, 3, 13)) == (one["overdue"], one["extended_on"])


def test_the_next_task_has_days_of_its_own(groundwork: Stage, unit: str) -> None:
    """After a return the new task has the days of the return, not those of the extension."""
    grant(groundwork, unit, "2009-03-06")
    groundwork.put("2009-02-23")
    groundwork.hand_in(unit)

    groundwork.act(
        groundwork.case("underlag", unit),
        "aterlamna",
        groundwork.boss(unit),
        data={"questions": ["Hur många?"]},
    )

    assert local("2009-02-27", "00:00") == due(groundwork, unit)


def test_it_says_what_it_goes_past(groundwork: Stage, unit: str) -> None:
    """An extension past the next step's day, or to a Saturday, says so and is given."""
    told = grant(groundwork, unit, "2009-03-21")

    assert ["day_off", "order"] == [one["code"] for one in told["warnings"]]
    assert "”Avstämning driftenhetsnivå”, sön 15 mars 2009" in told["warnings"][1]["message"]


# ---- at the same instant ---------------------------------------------------------------


def test_granted_the_second_the_overdue_rung_fires(place: Place, groundwork: Stage) -> None:
    """Whichever comes first: nobody is told they are late with what was extended, neither by
    a reminder nor by a mail that leaves after the grant; and the rung is written at most once."""
    groundwork.post()
    ticking = groundwork.another(place.open())
    for unit in groundwork.units("verksamhet"):
        groundwork.put("2009-03-02", "07:30")
        found = together(
            lambda unit=unit: grant(groundwork, unit, "2009-03-13"),
            lambda: clockwork.tick(ticking.world),
        )
        assert [] == [one for one in found if isinstance(one, WorkflowError)]
    clockwork.tick(groundwork.world)
    groundwork.post()

    overdue = groundwork.rows(
        "SELECT count(*) FROM reminders WHERE rung = 'holder+1' AND message_id IS NULL"
        " AND dropped_at IS NULL"
    )
    mails = [file.read_text(encoding="utf-8") for file in groundwork.outbox.glob("dag.*.eml")]
    assert [(0,)] == overdue
    assert [] == [mail for mail in mails if "28 feb" in mail or "sen" in mail.partition("\n\n")[0]]
    assert {local("2009-03-14", "00:00")} == {
        one["due_at"] for one in views.task_list(groundwork.world)
    }
    assert 12 == sum(groundwork.mails("extension").values())
    assert True is evidence.prove(groundwork.world).ok


def test_granting_and_moving_at_once(place: Place, groundwork: Stage) -> None:
    """A move and a grant of the same instant give the same in either order."""
    other = groundwork.another(place.open())
    units = groundwork.units("verksamhet")[:4]
    for n, unit in enumerate(units):
        together(
            lambda unit=unit: grant(groundwork, unit, "2009-03-20"),
            lambda n=n: move_milestone(
                other.world, ROUND, "grundarbete", date(2009, 3, 2 + n), reason="x"
            ),
        )

    assert {local("2009-03-21", "00:00")} == {due(groundwork, unit) for unit in units}
    assert {local("2009-03-06", "00:00")} == {
        due(groundwork, unit) for unit in groundwork.units("verksamhet")[4:]
    }
    assert True is evidence.prove(groundwork.world).ok


def test_two_answers_to_one_request(place: Place, groundwork: Stage, unit: str) -> None:
    """Of a yes and a no at the same instant one counts, and the log says which."""
    ask(groundwork, unit, "2009-03-06")
    other = groundwork.another(place.open())

    found = together(
        lambda: grant(groundwork, unit, None),
        lambda: extending.refuse(
            other.world, task_of(groundwork, unit), reason="Nej", email=groundwork.leader
        ),
    )

    assert 1 == sum(isinstance(one, WorkflowError) for one in found)
    assert 2 == len(kinds(groundwork))
    assert True is evidence.prove(groundwork.world).ok
