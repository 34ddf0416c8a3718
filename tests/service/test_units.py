"""Units come and go while the groundwork is open, and a round can be called off."""

from datetime import date

import pytest

from tests.service.worlds import ROOT, ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.service import clockwork, views
from workflow.service.leading import add_unit, end_unit
from workflow.service.moving import move_milestone
from workflow.service.running import evidence

NEW = (
    "INSERT INTO units (key, name, kind, parent, from_on, to_on, position)"
    " VALUES ('nyskapad', 'Nyskapade kliniken', 'verksamhet', :parent, '0001-01-01',"
    " '9999-12-31', 99)"
)


def states(stage: Stage) -> dict[str, str]:
    """Give the state of each case."""
    return {one["case"]: one["state"] for one in views.round_view(stage.world, ROUND)["cases"]}


def test_a_new_unit_gets_its_case(groundwork: Stage) -> None:
    """A unit made after the opening is copied into the round, and its driftenhet waits for it."""
    parent = groundwork.units("driftenhet")[0]
    groundwork.change(NEW, parent=parent)
    before = groundwork.rows(
        "SELECT opened FROM joins WHERE case_id = :case", case=groundwork.case("avstamning", parent)
    )

    answer = add_unit(
        groundwork.world, ROUND, "nyskapad", reason="Ny klinik", email=groundwork.leader
    )

    case = groundwork.case("underlag", "nyskapad")
    assert {"round": ROUND, "unit": "nyskapad", "case": case} == answer
    assert "utkast" == states(groundwork)[case]
    assert [(before[0][0] + 1,)] == groundwork.rows(
        "SELECT opened FROM joins WHERE case_id = :case", case=groundwork.case("avstamning", parent)
    )
    assert ("Ny klinik", groundwork.leader) == tuple(
        evidence.log_lines(groundwork.world, ROUND)[-1][key] for key in ("comment", "actor")
    )
    assert True is evidence.prove(groundwork.world).ok


def test_a_new_unit_that_nobody_leads_is_an_incident(groundwork: Stage) -> None:
    """A case that opens for a unit without a chief is told to the leader at once."""
    groundwork.change(NEW, parent=groundwork.units("driftenhet")[0])

    add_unit(groundwork.world, ROUND, "nyskapad", reason="Ny klinik", email=groundwork.leader)

    found = views.incident_list(groundwork.world)
    assert [("no_holder", "nyskapad")] == [(one["kind"], one["detail"]["unit"]) for one in found]
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_a_withdrawn_unit_is_taken_up_again(groundwork: Stage) -> None:
    """What was withdrawn goes on where it began, as the same case."""
    unit = groundwork.units("verksamhet")[0]
    end_unit(
        groundwork.world, ROUND, unit, "withdraw", reason="Upphör", email=groundwork.boss(unit)
    )

    add_unit(groundwork.world, ROUND, unit, reason="Ändå inte", email=groundwork.leader)

    assert "utkast" == states(groundwork)[groundwork.case("underlag", unit)]
    assert True is evidence.prove(groundwork.world).ok


@pytest.mark.parametrize("who", ["chief", "boss"])
def test_only_the_leader_adds(groundwork: Stage, who: str) -> None:
    """Adding a unit is the round's leader's; nothing is copied for anybody else."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.change(NEW, parent=groundwork.parent(unit))
    before = groundwork.counts()

    with pytest.raises(NoRight):
        add_unit(
            groundwork.world, ROUND, "nyskapad", reason="Ny", email=getattr(groundwork, who)(unit)
        )

    assert before == groundwork.counts()


def test_a_unit_is_not_added_twice(groundwork: Stage) -> None:
    """A unit that has its case gets no second one."""
    with pytest.raises(Refused) as found:
        add_unit(
            groundwork.world,
            ROUND,
            groundwork.units("verksamhet")[0],
            reason="Igen",
            email=groundwork.leader,
        )

    assert ["there_already"] == [reason.code for reason in found.value.reasons]


def test_a_unit_is_not_added_before_its_step(stage: Stage) -> None:
    """Where nothing waits for a unit of its kind there is nothing to add to."""
    with pytest.raises(Refused) as found:
        add_unit(
            stage.world, ROUND, stage.units("verksamhet")[0], reason="Tidigt", email=stage.leader
        )

    assert ["not_open"] == [reason.code for reason in found.value.reasons]


def test_an_unknown_unit_is_guessed(groundwork: Stage) -> None:
    """A name that nearly is one is answered with the one it is near."""
    unit = groundwork.units("verksamhet")[0]

    with pytest.raises(NotFound) as found:
        add_unit(groundwork.world, ROUND, unit + "x", reason="Ny", email=groundwork.leader)

    assert f"Menade du {unit}?" in found.value.sv


def test_a_reason_is_needed(groundwork: Stage) -> None:
    """What changes a round says why."""
    unit = groundwork.units("verksamhet")[0]

    with pytest.raises(BadInput):
        add_unit(groundwork.world, ROUND, unit, reason="  ", email=groundwork.leader)
    with pytest.raises(BadInput):
        end_unit(groundwork.world, ROUND, unit, "withdraw", reason="", email=groundwork.boss(unit))


def test_a_unit_is_missing_after_its_day_only(groundwork: Stage) -> None:
    """Nobody is carried as missing before the deadline has passed."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-28", "23:59")

    with pytest.raises(Refused) as found:
        end_unit(
            groundwork.world, ROUND, unit, "missing", reason="Inget kom", email=groundwork.leader
        )
    groundwork.put("2009-03-01", "00:00")
    answer = end_unit(
        groundwork.world, ROUND, unit, "missing", reason="Inget kom", email=groundwork.leader
    )

    assert ["after_due"] == [reason.code for reason in found.value.reasons]
    assert "missing" == answer["to"]
    assert True is evidence.prove(groundwork.world).ok


def test_the_last_that_is_missing_lets_the_rest_go_on(groundwork: Stage) -> None:
    """A driftenhet goes on when its last underlag is carried as missing, and counts it so."""
    below = groundwork.units("driftenhet")[0]
    units = [u for u in groundwork.units("verksamhet") if groundwork.parent(u) == below]
    for unit in units[1:]:
        groundwork.hand_in(unit)
        groundwork.approve(unit)
    groundwork.put("2009-03-02")

    end_unit(
        groundwork.world, ROUND, units[0], "missing", reason="Inget kom", email=groundwork.leader
    )

    assert "sammanstallning" == states(groundwork)[groundwork.case("avstamning", below)]
    assert [(len(units), len(units), len(units) - 1)] == groundwork.rows(
        "SELECT opened, ended, delivered FROM joins WHERE case_id = :case",
        case=groundwork.case("avstamning", below),
    )


def test_a_unit_without_an_open_case_is_told_so(groundwork: Stage) -> None:
    """What has ended is not ended again, and what never was is not found."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    groundwork.approve(unit)

    with pytest.raises(Refused) as ended:
        end_unit(groundwork.world, ROUND, unit, "missing", reason="x", email=groundwork.leader)
    with pytest.raises(NotFound):
        end_unit(groundwork.world, ROUND, "ingen", "missing", reason="x", email=groundwork.leader)
    with pytest.raises(NotFound):
        end_unit(groundwork.world, "ingen", unit, "missing", reason="x", email=groundwork.leader)

    assert ["which_case"] == [reason.code for reason in ended.value.reasons]


def test_a_round_is_called_off(groundwork: Stage) -> None:
    """Withdrawing the round's own case ends every case, task, mail and incident of it."""
    groundwork.end_grant("verksamhetschef", groundwork.units("verksamhet")[0])
    clockwork.tick(groundwork.world)

    answer = groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Valet kom emellan")

    one = views.round_list(groundwork.world)[0]
    assert "withdrawn" == answer["to"]
    assert ("withdrawn", 0) == (one["state"], one["open_tasks"])
    assert one["closed_at"] == groundwork.at[0]
    assert {"withdrawn"} == set(states(groundwork).values())
    assert [] == views.incident_list(groundwork.world)
    assert "round_closed" == evidence.log_lines(groundwork.world, ROUND)[-1]["kind"]
    assert True is evidence.prove(groundwork.world).ok


def test_a_round_that_was_called_off_is_silent(groundwork: Stage) -> None:
    """Nobody is reminded of it or invited to its meetings any more."""
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Valet kom emellan")

    for day in ("2008-12-04", "2008-12-29", "2009-02-16", "2009-06-01"):
        groundwork.put(day)
        clockwork.tick(groundwork.world)

    assert [] == groundwork.reminders()
    assert {} == groundwork.mails("reminder")


@pytest.mark.parametrize("who", ["chief", "boss"])
def test_only_the_leader_calls_off(groundwork: Stage, who: str) -> None:
    """Nobody below ends the whole round."""
    email = getattr(groundwork, who)(groundwork.units("verksamhet")[0])

    with pytest.raises(NoRight):
        groundwork.act(ROOT, "withdraw", email, comment="Nej")


def test_a_closed_round_takes_no_changes(groundwork: Stage) -> None:
    """After its end nothing in a round is moved, added or acted on."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Slut")

    with pytest.raises(Refused) as added:
        add_unit(groundwork.world, ROUND, unit, reason="Ny", email=groundwork.leader)
    with pytest.raises(Refused) as moved:
        move_milestone(
            groundwork.world,
            ROUND,
            "forslag",
            date(2009, 5, 4),
            reason="Senare",
            email=groundwork.leader,
        )
    with pytest.raises(Refused):
        groundwork.hand_in(unit)

    assert [["closed"], ["closed"]] == [
        [reason.code for reason in found.value.reasons] for found in (added, moved)
    ]
