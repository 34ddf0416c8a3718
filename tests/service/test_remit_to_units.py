"""The proposal goes back to the units, and comes forward again: the bodies weigh anew."""

import pytest

from tests.service.worlds import ROOT, Stage
from workflow.core.errors import BadInput
from workflow.service import views
from workflow.service.running import evidence

DRIFTENHETER = {"questions": ["Vad betyder det för bemanningen?"], "due_on": "2009-05-04"}


def stands(stage: Stage, *cases: str) -> list[str]:
    """Give the states of some cases."""
    known = dict(stage.rows("SELECT id, state FROM cases"))
    return [known[case] for case in cases]


def weighing(stage: Stage) -> list[str]:
    """Give the weighing cases, by id."""
    return [
        row[0] for row in stage.rows("SELECT id FROM cases WHERE kind = 'vardering' ORDER BY id")
    ]


def come_to_account(stage: Stage) -> str:
    """Let every unit be carried as missing but one, which accounts; gives who leads the round's
    next step."""
    stage.put("2009-03-20")
    kept, *others = stage.units("driftenhet")
    for other in others:
        stage.act(stage.case("avstamning", other), "missing", stage.leader, comment="Kom inte.")
    below = [unit for unit in stage.units("verksamhet") if stage.parent(unit) == kept]
    for unit in below:
        stage.act(stage.case("underlag", unit), "missing", stage.leader, comment="Kom inte.")
    account(stage, kept)
    return stage.holder("landstingsdirektor")


def account(stage: Stage, unit: str) -> None:
    """Let a driftenhet account to the management group."""
    asked = views.open_questions(stage.world, stage.case("avstamning", unit))
    data = {"answers": {str(number): "Påhittat svar." for number in asked}}
    chief = stage.holder("driftenhetschef", unit)
    stage.act(stage.case("avstamning", unit), "redovisa", chief, data=data)


@pytest.fixture
def remitted(groundwork: Stage) -> Stage:
    """A round whose proposal went back to a unit, which has accounted anew."""
    director = come_to_account(groundwork)
    first, *_ = groundwork.units("styrgrupp")
    groundwork.act(ROOT, "uppdra_vardering", director, data={"choose": [first]})
    for case in weighing(groundwork):
        groundwork.weigh(case)
    groundwork.put("2009-04-20")
    kept = groundwork.units("driftenhet")[0]
    data = {**DRIFTENHETER, "pick": [kept]}
    groundwork.act(ROOT, "aterremiss_driftenhet", director, data=data)
    account(groundwork, kept)
    return groundwork


def test_bodies_weigh_anew(remitted: Stage) -> None:
    """Those that are picked get their case back, and the round waits for them, and goes on."""
    director = remitted.holder("landstingsdirektor")
    cases = weighing(remitted)
    data = {"pick": cases, "due_on": "2009-05-15"}

    remitted.act(ROOT, "uppdra_vardering", director, data=data)
    before = stands(remitted, ROOT, *cases)
    for case in cases:
        remitted.weigh(case)

    assert ["vardering", "sammanvagning", "sammanvagning"] == before
    assert ["forslag"] == stands(remitted, ROOT)
    assert [] == views.incident_list(remitted.world)
    assert True is evidence.prove(remitted.world).ok


def test_somebody_must_weigh_anew(remitted: Stage) -> None:
    """Without anybody to weigh, the round would stand still: it is asked for at once."""
    director = remitted.holder("landstingsdirektor")
    with pytest.raises(BadInput) as refused:
        remitted.act(ROOT, "uppdra_vardering", director)

    assert ["pick"] == [one.code for one in refused.value.reasons]
    assert all(case.rpartition(".")[2] in refused.value.sv for case in weighing(remitted))
    assert ["redovisning"] == stands(remitted, ROOT)


def test_choosing_a_group_again_is_picking_it(remitted: Stage) -> None:
    """A steering group that is chosen once more weighs anew, beside one that is new to it."""
    director = remitted.holder("landstingsdirektor")
    first, second, *_ = remitted.units("styrgrupp")
    data = {"choose": [first, second], "due_on": "2009-05-15"}

    remitted.act(ROOT, "uppdra_vardering", director, data=data)

    groups = [remitted.case("vardering", unit) for unit in (first, second)]
    committee = remitted.case("vardering", remitted.units("medicinska_kommitten")[0])
    assert ["sammanvagning", "bedomning"] == stands(remitted, *groups)
    assert ["aterlamnad"] == stands(remitted, committee)
