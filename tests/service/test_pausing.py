"""A round is paused, and goes on again: nothing happens in it meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from tests.service.worlds import OBJEKT, ROUND, Stage, local
from tests.support.documents import PDF
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.service import (
    attaching,
    clockwork,
    commenting,
    extending,
    leading,
    moving,
    nudging,
    previewing,
    saving,
    views,
)
from workflow.service.acts import Wish
from workflow.service.considering import consider
from workflow.service.nudge_survey import Aim
from workflow.service.pausing import pause_round, resume_round
from workflow.service.running import evidence

WHY = "Vi väntar på regeringens besked."


def pause(stage: Stage, **more: Any) -> dict[str, Any]:
    """Pause the round as its leader."""
    return pause_round(stage.world, ROUND, **{"reason": WHY, "email": stage.leader, **more})


def resume(stage: Stage, *, move_days: bool, **more: Any) -> dict[str, Any]:
    """Let it go on as its leader."""
    return resume_round(stage.world, ROUND, move_days=move_days, **{"email": stage.leader, **more})


def deadlines(stage: Stage) -> dict[str, datetime]:
    """Give the deadline of each open task, by case."""
    return {one["case"]: one["due_at"] for one in views.task_list(stage.world)}


def plan_of(stage: Stage) -> dict[str, date]:
    """Give the last day of each milestone."""
    return {one["key"]: one["on"] for one in views.round_view(stage.world, ROUND)["milestones"]}


def is_sound(stage: Stage) -> bool:
    """Say whether the log explains the tables."""
    verdict = evidence.prove(stage.world)
    assert () == verdict.problems
    return verdict.ok


# ---- who, and when ---------------------------------------------------------------------


def test_the_leader_pauses_and_resumes(groundwork: Stage) -> None:
    """A round rests from the instant its leader says so, until they say otherwise."""
    paused = pause(groundwork)
    resting = groundwork.rows("SELECT paused_at IS NULL FROM rounds")
    resume(groundwork, move_days=False)

    assert groundwork.at[0] == paused["paused_at"]
    assert [(False,)] == [(bool(one),) for (one,) in resting]
    assert [(None,)] == groundwork.rows("SELECT paused_at FROM rounds")
    assert is_sound(groundwork)


def test_the_operator_may(groundwork: Stage) -> None:
    """Without a person it is the operator who does it."""
    pause(groundwork, email=None)
    resume(groundwork, move_days=True, email=None)

    assert is_sound(groundwork)


def test_nobody_else_may(groundwork: Stage) -> None:
    """Neither a chief nor one who stands above can pause or resume a round."""
    for email in (
        groundwork.chief(groundwork.units("verksamhet")[0]),
        groundwork.holder("landstingsdirektor"),
    ):
        with pytest.raises(NoRight):
            pause(groundwork, email=email)
    pause(groundwork)
    with pytest.raises(NoRight):
        resume(groundwork, move_days=True, email=groundwork.holder("landstingsdirektor"))


def test_in_the_wrong_order(groundwork: Stage) -> None:
    """One that rests is not paused again, and one that goes on is not resumed."""
    with pytest.raises(Refused) as going:
        resume(groundwork, move_days=True)
    pause(groundwork)
    with pytest.raises(Refused) as twice:
        pause(groundwork)

    assert "not_paused" == going.value.reasons[0].code
    assert "paused" == twice.value.reasons[0].code


def test_a_reason_is_needed(groundwork: Stage) -> None:
    """A pause without a word of why is turned down."""
    with pytest.raises(BadInput):
        pause(groundwork, reason="  ")


def test_a_round_that_is_not_there(groundwork: Stage) -> None:
    """An unknown round is not found."""
    with pytest.raises(NotFound):
        pause_round(groundwork.world, "ingen-2010", reason=WHY)


# ---- nothing is taken ------------------------------------------------------------------


def attempts(stage: Stage) -> dict[str, Callable[[], Any]]:
    """Give what people try to do while a round rests."""
    unit = stage.units("verksamhet")[0]
    case, chief, boss = stage.case("underlag", unit), stage.chief(unit), stage.boss(unit)
    filled = Wish(case=case, transition="", email=chief, data={"rows": OBJEKT})
    file = attaching.FileWish(case=case, name="a.pdf", content=PDF, email=chief)
    limits = attaching.Limits(file_bytes=10_000, case_bytes=10_000)
    world, day = stage.world, date(2009, 3, 6)
    return {
        "act": lambda: stage.hand_in(unit),
        "consider": lambda: consider(world, replace(filled, transition="lamna_in")),
        "save": lambda: saving.save(world, filled),
        "withdraw": lambda: leading.end_unit(
            world, ROUND, unit, "withdraw", reason="x", email=boss
        ),
        "add": lambda: leading.add_unit(world, ROUND, unit, reason="x", email=stage.leader),
        "ask": lambda: extending.ask(world, case, day, reason="x", email=chief),
        "grant": lambda: extending.grant(world, case, day, reason="x", email=boss),
        "move": lambda: moving.move_milestone(
            world, ROUND, "grundarbete", day, reason="x", email=stage.leader
        ),
        "preview": lambda: moving.preview_move(
            world, ROUND, "grundarbete", day, email=stage.leader
        ),
        "attach": lambda: attaching.attach(world, file, limits),
        "nudge": lambda: nudging.nudge(
            world, Aim(round=ROUND, far=True), words="x", email=stage.leader
        ),
    }


def test_nothing_is_taken_while_it_rests(groundwork: Stage) -> None:
    """Whatever would change the round is refused, with who paused it, when and why."""
    pause(groundwork)
    before = groundwork.everything()
    said = {}
    for name, attempt in attempts(groundwork).items():
        with pytest.raises(Refused) as caught:
            attempt()
        said[name] = caught.value

    who = groundwork.rows("SELECT name FROM people WHERE email = :e", e=groundwork.leader)[0][0]
    for error in said.values():
        assert "paused" == error.reasons[0].code
        assert f"pausad av {who}" in error.sv
        assert "ons 3 dec" in error.sv
        assert WHY in error.sv
        assert error.sv.endswith("Inget ändras förrän den återupptas.")
    after = groundwork.everything()
    assert {name for name in after if after[name] != before[name]} <= {"refusals"}


def test_reading_and_talking_stay(groundwork: Stage) -> None:
    """What is there can be read, and people can still write to each other."""
    pause(groundwork)
    unit = groundwork.units("verksamhet")[0]

    commenting.comment(
        groundwork.world, groundwork.case("underlag", unit), "När?", email=groundwork.boss(unit)
    )

    assert [("När?",)] == groundwork.rows("SELECT text FROM comments")


def test_everything_is_taken_afterwards(groundwork: Stage) -> None:
    """Once it goes on, what was refused is done."""
    unit = groundwork.units("verksamhet")[0]
    pause(groundwork)
    resume(groundwork, move_days=False)

    answer = groundwork.hand_in(unit)

    assert answer["from"] != answer["to"]
    assert is_sound(groundwork)


# ---- the clock -------------------------------------------------------------------------


def test_nobody_is_reminded(groundwork: Stage) -> None:
    """No day that comes brings a reminder, an escalation or a mail."""
    pause(groundwork)
    groundwork.post()
    for day in ("2009-02-02", "2009-02-20", "2009-03-02", "2009-03-20", "2009-05-04"):
        groundwork.put(day)
        clockwork.tick(groundwork.world)

    assert [] == groundwork.reminders()
    assert {} == groundwork.mails("reminder") | groundwork.mails("escalation")


def test_the_clock_costs_one_read(groundwork: Stage) -> None:
    """A round that rests is not among those the clock looks at."""
    groundwork.put("2009-03-20")
    clockwork.tick(groundwork.world)
    pause(groundwork)

    done = clockwork.tick(groundwork.world)

    assert 0 == done["rounds"]


def test_what_was_to_remind_is_dropped(groundwork: Stage) -> None:
    """Reminders that were written but have not left never do."""
    groundwork.put("2009-02-20", "06:00")
    clockwork.tick(groundwork.world)
    written = groundwork.rows("SELECT count(*) FROM reminders WHERE message_id IS NULL")
    pause(groundwork)
    groundwork.put("2009-02-20", "12:00")
    clockwork.tick(groundwork.world)
    groundwork.post()

    assert [(0,)] != written
    assert {} == groundwork.mails("reminder")


def test_a_digest_on_its_way_leaves_it_out(groundwork: Stage) -> None:
    """A day's mail that is put but has not been written says nothing of a round that rests."""
    groundwork.put("2009-02-20")
    clockwork.tick(groundwork.world)
    put = groundwork.rows("SELECT count(*) FROM messages WHERE kind = 'reminder'")
    pause(groundwork)
    groundwork.post()

    sent = groundwork.rows(
        "SELECT count(*) FROM messages WHERE kind = 'reminder' AND state = 'sent'"
    )
    assert [(0,)] != put
    assert [(0,)] == sent


def test_the_clock_moves_nothing(groundwork: Stage) -> None:
    """States that end by themselves do not, however late it gets."""
    pause(groundwork)
    before = groundwork.rows("SELECT id, state, version FROM cases ORDER BY id")
    groundwork.put("2009-08-03")
    clockwork.tick(groundwork.world)

    assert before == groundwork.rows("SELECT id, state, version FROM cases ORDER BY id")


# ---- the days --------------------------------------------------------------------------


def test_the_days_stand(groundwork: Stage) -> None:
    """With the days kept, every deadline and milestone is what it was."""
    before = deadlines(groundwork), plan_of(groundwork)
    pause(groundwork)
    groundwork.put("2009-01-12")

    answer = resume(groundwork, move_days=False)

    assert before == (deadlines(groundwork), plan_of(groundwork))
    assert (0, {}, []) == (answer["days"], answer["milestones"], answer["tasks"])
    assert is_sound(groundwork)


def test_the_days_move(groundwork: Stage) -> None:
    """With the days moved, all that was to come comes as many working days later."""
    unit = groundwork.case("underlag", groundwork.units("verksamhet")[0])
    passed = {key: day for key, day in plan_of(groundwork).items() if day < date(2008, 12, 3)}
    pause(groundwork)
    groundwork.put("2008-12-10")

    answer = resume(groundwork, move_days=True)

    assert 5 == answer["days"]
    # Saturday 28 February rolls to Friday 27; five working days more is Friday 6 March.
    assert local("2009-03-07", "00:00") == deadlines(groundwork)[unit]
    assert date(2009, 3, 6) == plan_of(groundwork)["grundarbete"]
    assert passed == {key: plan_of(groundwork)[key] for key in passed}
    assert is_sound(groundwork)


def test_a_later_move_keeps_what_was_moved(groundwork: Stage) -> None:
    """A milestone that somebody moves afterwards takes with it only what is counted from it."""
    pause(groundwork)
    groundwork.put("2008-12-10")
    resume(groundwork, move_days=True)
    after = plan_of(groundwork)

    moving.move_milestone(
        groundwork.world, ROUND, "forslag", date(2009, 5, 6), reason="x", email=groundwork.leader
    )

    changed = {key for key, day in plan_of(groundwork).items() if after[key] != day}
    assert {"forslag", "vardering"} == changed
    assert is_sound(groundwork)


def test_what_has_passed_is_not_drawn_along(groundwork: Stage) -> None:
    """A milestone that had passed stays, though it is counted from one that moves."""
    passed = plan_of(groundwork)["vardering"]
    groundwork.put("2009-04-16")
    pause(groundwork)
    groundwork.put("2009-04-23")
    resume(groundwork, move_days=True)
    after = plan_of(groundwork)
    moving.move_milestone(
        groundwork.world,
        ROUND,
        "budgetbeslut",
        date(2009, 6, 25),
        reason="x",
        email=groundwork.leader,
    )

    assert passed < date(2009, 4, 16)
    assert date(2009, 4, 29) == after["forslag"]
    assert passed == after["vardering"] == plan_of(groundwork)["vardering"]
    assert is_sound(groundwork)


def test_one_told_otherwise_is_seen(groundwork: Stage) -> None:
    """A round that somebody has set resting past the program is found out."""
    groundwork.change("UPDATE rounds SET paused_at = :at", at="2008-12-03 08:00:00")

    verdict = evidence.prove(groundwork.world)

    assert any("paused_at" in one.problem for one in verdict.problems)


def test_the_overdue_stays_overdue(groundwork: Stage) -> None:
    """A deadline that had passed when the pause began is not moved."""
    groundwork.put("2009-03-03")
    before = deadlines(groundwork)
    pause(groundwork)
    groundwork.put("2009-03-17")

    answer = resume(groundwork, move_days=True)

    assert [] == answer["tasks"]
    assert before == deadlines(groundwork)
    assert date(2009, 2, 28) == plan_of(groundwork)["grundarbete"]
    assert is_sound(groundwork)


def test_an_extension_is_not_shortened(groundwork: Stage) -> None:
    """A granted extension holds as many working days more, also when the plan moves later."""
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)
    extending.grant(
        groundwork.world, case, date(2009, 3, 13), reason="x", email=groundwork.boss(unit)
    )
    pause(groundwork)
    groundwork.put("2008-12-10")
    resume(groundwork, move_days=True)
    moved = deadlines(groundwork)[case]
    moving.move_milestone(
        groundwork.world, ROUND, "grundarbete", date(2009, 3, 2), reason="x", email=None
    )

    assert local("2009-03-21", "00:00") == moved == deadlines(groundwork)[case]
    assert is_sound(groundwork)


def test_reminders_come_of_the_new_day(groundwork: Stage) -> None:
    """After the days have moved the ladder counts from the new ones, and earlier steps are not
    made up for."""
    pause(groundwork)
    groundwork.put("2009-02-25")
    resume(groundwork, move_days=True)
    groundwork.put("2009-02-26")
    clockwork.tick(groundwork.world)
    early = groundwork.reminders()
    groundwork.put(str(max(deadlines(groundwork).values()).date()))
    clockwork.tick(groundwork.world)

    assert [] == early
    assert groundwork.reminders()


def test_over_a_weekend_nothing_moves(groundwork: Stage) -> None:
    """A pause from Friday to Sunday is none of any working day."""
    groundwork.put("2008-12-05")
    pause(groundwork)
    groundwork.put("2008-12-07")
    before = deadlines(groundwork), plan_of(groundwork)

    answer = resume(groundwork, move_days=True)

    assert 0 == answer["days"]
    assert before == (deadlines(groundwork), plan_of(groundwork))


def test_again_and_again(groundwork: Stage) -> None:
    """Each pause counts by itself, and the log explains all of them."""
    for first, last in (("2008-12-03", "2008-12-05"), ("2008-12-08", "2008-12-09")):
        groundwork.put(first)
        pause(groundwork)
        groundwork.put(last)
        resume(groundwork, move_days=True)

    assert date(2009, 3, 4) == plan_of(groundwork)["grundarbete"]
    assert is_sound(groundwork)


def test_the_preview_changes_nothing(groundwork: Stage) -> None:
    """What resuming does is shown whole beforehand, and done as it was shown."""
    pause(groundwork)
    groundwork.put("2008-12-10")
    before = groundwork.everything()

    def deed(world: Any) -> Any:
        return resume_round(world, ROUND, move_days=True, email=groundwork.leader)

    shown = previewing.preview(groundwork.world, ROUND, deed)
    untouched = before == groundwork.everything()
    done = previewing.perform(groundwork.world, ROUND, deed, seen=shown.seal)

    assert untouched
    assert len(groundwork.units("verksamhet")) == len(
        [one for one in shown.tasks if one.case.startswith(f"{ROUND}.underlag.")]
    )
    assert {"grundarbete", "forslag"} <= {one.milestone for one in done.milestones}


# ---- the mails -------------------------------------------------------------------------


def letters(stage: Stage, words: str) -> list[str]:
    """Give the texts of the sent mails whose subject holds some words."""
    found = []
    for file in sorted(stage.outbox.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        if words in str(mail["Subject"]) and body:
            found.append(body.get_content())
    return found


def test_everybody_gets_one_mail(groundwork: Stage) -> None:
    """Whoever owes something hears that it rests and that it goes on, once each, with why
    and their new day."""
    chiefs = {groundwork.chief(unit) for unit in groundwork.units("verksamhet")}
    groundwork.post()
    told = pause(groundwork)["told"]
    groundwork.post()
    paused = groundwork.mails("pause")
    groundwork.put("2008-12-10")
    resume(groundwork, move_days=True)
    groundwork.post()

    assert chiefs <= set(paused)
    assert {1} == set(paused.values())
    assert told == len(paused)
    assert {2} == {groundwork.mails("pause")[chief] for chief in chiefs}
    assert groundwork.leader not in paused
    said = "\n".join(letters(groundwork, "vilar"))
    assert WHY in said
    assert "6 mars" in "\n".join(letters(groundwork, "går vidare"))
    assert {} == groundwork.mails("dates")


def test_a_short_rest_tells_once(groundwork: Stage) -> None:
    """When it goes on before the first mail has left, only that it goes on is told."""
    groundwork.post()
    pause(groundwork)
    resume(groundwork, move_days=False)
    groundwork.post()

    assert [] == letters(groundwork, "vilar")
    assert letters(groundwork, "går vidare")
