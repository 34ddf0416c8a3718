"""What is shown: exactly the keys that were promised, and the log with its proof."""

import pytest

from tests.service.worlds import OBJEKT, ROOT, ROUND, Stage, local
from workflow.core.errors import BadInput, NotFound
from workflow.service import clockwork, opening, views
from workflow.service.running import evidence

LINE = {
    "number",
    "at",
    "kind",
    "case",
    "actor",
    "on_behalf_of",
    "via",
    "transition",
    "from",
    "to",
    "comment",
    "hash",
    "previous_hash",
}


def test_the_list_of_rounds(groundwork: Stage) -> None:
    """Each round says what it is, where it stands, and what is open and overdue."""
    groundwork.put("2009-03-01", "00:00")
    opening.open_round(groundwork.world, groundwork.revision, year=2011)

    found = views.round_list(groundwork.world)

    promised = ("round", "process", "year", "state", "open_tasks", "overdue")
    assert [
        ("prioritering-2010", "prioritering", 2010, "grundarbete", 12, 12),
        ("prioritering-2011", "prioritering", 2011, "plan", 1, 0),
    ] == [tuple(one[key] for key in promised) for one in found]


def test_one_round(groundwork: Stage) -> None:
    """A round shows its plan, its cases and its incidents under their promised keys."""
    found = views.round_view(groundwork.world, ROUND)

    assert {"round", "process", "revision", "state", "milestones", "cases", "incidents"} <= set(
        found
    )
    assert {"key", "on", "due_at", "moved_from"} <= set(found["milestones"][0])
    assert {"case", "kind", "unit", "state", "due_at", "overdue"} <= set(found["cases"][0])
    assert groundwork.revision.digest == found["revision"]
    assert (ROOT, "omgang", "grundarbete") == tuple(
        found["cases"][0][key] for key in ("case", "kind", "state")
    )


def test_a_deadline_is_half_open(groundwork: Stage) -> None:
    """The last minute of the last day is in time; the next is not."""
    unit = groundwork.units("verksamhet")[0]
    overdue = []
    for day, clock in (("2009-02-28", "23:59"), ("2009-03-01", "00:00")):
        groundwork.put(day, clock)
        cases = {one["case"]: one for one in views.round_view(groundwork.world, ROUND)["cases"]}
        overdue.append(cases[groundwork.case("underlag", unit)]["overdue"])

    assert [False, True] == overdue


def test_ones_own_tasks(groundwork: Stage) -> None:
    """A person sees what they owe and which buttons they have, with the reasons for a no."""
    unit = groundwork.units("verksamhet")[0]

    found = views.task_list(groundwork.world, email=groundwork.chief(unit))

    case = groundwork.case("underlag", unit)
    name = next(one.name for one in groundwork.people.units if one.key == unit)
    task = {key: value for key, value in found[0].items() if key != "transitions"}
    assert 1 == len(found)
    assert {
        "task": f"{case}#1",
        "round": ROUND,
        "case": case,
        "kind": "underlag",
        "unit": unit,
        "state": "utkast",
        "title": f"Underlag {name}",
        "due_at": local("2009-03-01", "00:00"),
        "overdue": False,
        "extended_on": None,
        "asked_until": None,
        "version": 1,
        "role": "verksamhetschef",
        "holders": [groundwork.chief(unit)],
        "on_behalf_of": [],
    } == task
    buttons = {one["key"]: one for one in found[0]["transitions"]}
    assert ["lamna_in", "inget", "missing", "withdraw"] == list(buttons)
    assert (False, ["complete"]) == (buttons["lamna_in"]["allowed"], buttons["lamna_in"]["codes"])
    assert (True, []) == (buttons["inget"]["allowed"], buttons["inget"]["reasons"])
    assert {"key", "title", "allowed", "reasons", "codes"} == set(buttons["inget"])


def test_all_tasks(groundwork: Stage) -> None:
    """For all, a button is allowed when at least one of its holders may press it."""
    groundwork.put("2009-03-02")

    found = views.task_list(groundwork.world)

    buttons = {one["key"]: one["allowed"] for one in found[0]["transitions"]}
    assert 12 == len(found)
    assert {"lamna_in": False, "inget": True, "missing": True, "withdraw": True} == buttons


def test_what_a_button_says_the_engine_does(groundwork: Stage) -> None:
    """A button that is shown as allowed can be pressed by the one it is shown to."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    task = next(
        one
        for one in views.task_list(groundwork.world, email=groundwork.boss(unit))
        if one["unit"] == unit
    )

    allowed = [one["key"] for one in task["transitions"] if one["allowed"]]

    assert "godkann" in allowed
    assert "godkant" == groundwork.approve(unit, version=task["version"])["to"]


def test_tasks_stand_by_deadline(groundwork: Stage) -> None:
    """The earliest deadline comes first, and what has none comes last, on each database."""
    first, second, third = (
        f"{groundwork.case('underlag', unit)}#1" for unit in groundwork.units("verksamhet")[:3]
    )
    groundwork.change("UPDATE tasks SET due_at = NULL WHERE id = :task", task=second)
    groundwork.change(
        "UPDATE tasks SET due_at = '2009-01-31 23:00:00.000000' WHERE id = :task", task=third
    )

    found = [one["task"] for one in views.task_list(groundwork.world)]

    assert (third, second) == (found[0], found[-1])
    assert first in found[1:-1]


def test_whoever_owes_nothing_sees_nothing(groundwork: Stage) -> None:
    """An empty list is an answer; an unknown person or round is not."""
    assert [] == views.task_list(groundwork.world, email=groundwork.holder("registrator"))
    with pytest.raises(NotFound):
        views.task_list(groundwork.world, email="ingen@prov.example")
    with pytest.raises(NotFound):
        views.task_list(groundwork.world, round_id="ingen")
    with pytest.raises(NotFound):
        views.round_view(groundwork.world, "ingen")


def test_the_outbox(groundwork: Stage) -> None:
    """Every mail is listed with what became of it."""
    found = views.message_list(groundwork.world)

    when = {"put_at", "next_try_at", "sent_at"}
    assert {"message_id", "to", "kind", "state", "attempt", "error"} | when == set(found[0])


def test_incidents(groundwork: Stage) -> None:
    """Each says what, about what, since when."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    since = groundwork.put("2008-12-04")
    clockwork.tick(groundwork.world)

    assert [
        {
            "kind": "no_holder",
            "subject": f"{groundwork.case('underlag', unit)}#1",
            "round": ROUND,
            "case": groundwork.case("underlag", unit),
            "detail": {"role": "verksamhetschef", "unit": unit, "holders": 0},
            "since": since,
            "closed_at": None,
        }
    ] == views.incident_list(groundwork.world)


def test_who_was_late(groundwork: Stage) -> None:
    """The table of the late says by how many working days, and what became of it."""
    unit = groundwork.units("verksamhet")[0]
    for one in groundwork.units("verksamhet")[1:]:
        groundwork.hand_in(one)
    groundwork.put("2009-03-04")
    groundwork.hand_in(unit)

    late = [
        one for one in views.late_list(groundwork.world, ROUND) if one["role"] == "Verksamhetschef"
    ]

    assert [(groundwork.case("underlag", unit), 3, "inlamnat")] == [
        (one["case"], one["working_days"], one["outcome"]) for one in late
    ]


# ---- the log ---------------------------------------------------------------------------


def test_lines_of_the_log(groundwork: Stage) -> None:
    """Every line has the promised keys, and numbers have no gaps."""
    found = evidence.log_lines(groundwork.world, ROUND)

    assert LINE <= set(found[0])
    assert list(range(1, len(found) + 1)) == [line["number"] for line in found]
    assert [line["hash"] for line in found[:-1]] == [line["previous_hash"] for line in found[1:]]


def test_an_unknown_log_is_named(groundwork: Stage) -> None:
    """There is one chain per round and one of the installation."""
    assert "installed" == evidence.log_lines(groundwork.world, "installation")[0]["kind"]
    with pytest.raises(NotFound):
        evidence.log_lines(groundwork.world, "ingen")


def test_a_checkpoint_holds(groundwork: Stage) -> None:
    """What a witness keeps agrees with the log later on, and is itself noted there."""
    kept = evidence.checkpoint(groundwork.world)
    groundwork.act(
        groundwork.case("underlag", groundwork.units("verksamhet")[0]),
        "lamna_in",
        groundwork.chief(groundwork.units("verksamhet")[0]),
        data={"rows": OBJEKT},
    )

    assert True is evidence.prove(groundwork.world, kept).ok
    assert "checkpoint" == evidence.log_lines(groundwork.world, "installation")[-1]["kind"]


def test_what_is_no_checkpoint_is_refused(groundwork: Stage) -> None:
    """A file that is something else is said to be that."""
    with pytest.raises(BadInput):
        evidence.prove(groundwork.world, {"chains": 7})
