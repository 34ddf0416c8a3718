"""Opening a round: everything it runs on is copied, and every refusal leaves nothing."""

from datetime import date
from pathlib import Path

import pytest

from tests.service.processes import change_process
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, WorkflowError
from workflow.service import opening, views
from workflow.service.running import evidence

WRITTEN = ("rounds", "round_units", "milestones", "cases", "tasks", "entries", "messages")


def refused(stage: Stage, error: type[WorkflowError], **request: object) -> WorkflowError:
    """Open a round that must be refused, and see that nothing came of it."""
    before = stage.counts()

    with pytest.raises(error) as found:
        opening.open_round(stage.world, **{"revision": stage.revision, "year": 2010, **request})

    assert error is found.type
    assert before == stage.counts()
    return found.value


def codes(error: WorkflowError) -> list[str]:
    """Give the names of the rules that said no."""
    return [reason.code for reason in error.reasons]


def test_an_open_round_says_its_id(bare: Stage) -> None:
    """The answer names the round, readable and never to change."""
    answer = opening.open_round(bare.world, bare.revision, year=2010)

    assert {"round": "prioritering-2010"} == answer
    assert True is evidence.prove(bare.world).ok


def test_the_register_number_is_kept(stage: Stage) -> None:
    """The reference given at the opening stands in the list of rounds."""
    assert ["RS 2008/123"] == [one["reference"] for one in views.round_list(stage.world)]


def test_a_second_round_of_the_year_is_refused(stage: Stage) -> None:
    """One process, year and plan have one open round."""
    error = refused(stage, Refused)

    assert ["there_already"] == codes(error)
    assert ROUND in error.sv


def test_after_a_cancelled_round_the_year_can_begin_anew(stage: Stage) -> None:
    """A closed round does not block its year; the next one is numbered, and runs."""
    root = f"{ROUND}.omgang"
    stage.act(root, "withdraw", stage.leader, comment="Ny majoritet.")
    again = opening.open_round(stage.world, stage.revision, year=2010)
    third = refused(stage, Refused)

    assert {"round": f"{ROUND}-2"} == again
    assert f"{ROUND}-2" in third.sv
    assert evidence.prove(stage.world).ok


def test_another_year_is_another_round(stage: Stage) -> None:
    """Rounds of several years run beside each other, on one stored revision."""
    opening.open_round(stage.world, stage.revision, year=2011)

    assert ["prioritering-2010", "prioritering-2011"] == [
        one["round"] for one in views.round_list(stage.world)
    ]
    assert 1 == stage.counts()["revisions"]


@pytest.mark.parametrize("year", [-1, 0, 1899, 2201, 20100])
def test_a_year_that_is_none_is_refused(bare: Stage, year: int) -> None:
    """A year outside what a calendar is for is named."""
    assert str(year) in refused(bare, BadInput, year=year).sv


def test_an_unknown_plan_is_refused(bare: Stage) -> None:
    """A plan that the process lacks is named, with those it has."""
    assert "snabb" in refused(bare, BadInput, plan_key="snabb").sv


def test_nobody_who_leads_is_refused(bare: Stage) -> None:
    """A round that nobody leads would stop in silence, so it does not start."""
    bare.end_grant("medicinsk_radgivare", bare.units("landsting")[0])

    assert ["no_leader"] == codes(refused(bare, Refused))


def test_only_the_leader_opens(bare: Stage) -> None:
    """A person who does not lead the process opens no round of it."""
    refused(bare, NoRight, email=bare.chief(bare.units("verksamhet")[0]))


def test_an_unknown_person_opens_nothing(bare: Stage) -> None:
    """An address that nobody has is named."""
    assert "ingen@prov.example" in refused(bare, NotFound, email="ingen@prov.example").sv


def test_the_leader_stands_in_the_log(bare: Stage) -> None:
    """Who opened the round stands in its chain and in the installation's."""
    opening.open_round(bare.world, bare.revision, year=2010, email=bare.leader)

    assert bare.leader == evidence.log_lines(bare.world, ROUND)[0]["actor"]
    assert bare.leader == evidence.log_lines(bare.world, "installation")[-1]["actor"]


@pytest.mark.parametrize("kind", ["styrgrupp", "verksamhet", "fullmaktige"])
def test_a_missing_kind_of_unit_is_refused(bare: Stage, kind: str) -> None:
    """An organisation without units of a kind the process needs is told which."""
    bare.change("UPDATE units SET to_on = '2008-01-01' WHERE kind = :kind", kind=kind)

    assert kind in refused(bare, BadInput).sv


def test_two_tops_are_refused(bare: Stage) -> None:
    """An organisation has one top; with two nobody knows whose round it is."""
    bare.change(
        "INSERT INTO units (key, name, kind, parent, from_on, to_on, position)"
        " VALUES ('annan', 'Annan', 'landsting', NULL, '0001-01-01', '9999-12-31', 99)"
    )

    assert "2 enheter av slaget landsting" in refused(bare, BadInput).sv


def test_what_is_not_built_is_refused(bare: Stage, tmp_path: Path) -> None:
    """A definition may use what comes later; opening a round of it says what, and where."""
    other = change_process(
        tmp_path,
        (
            "[table.driftenhetslista]\n",
            '[table.rost]\ntitle = "Röst"\neach = "verksamhetschef"\nsecret = true\n'
            'column.skal = { title = "Skäl", type = "text" }\n[table.driftenhetslista]\n',
        ),
    )

    error = refused(bare, Refused, revision=other)

    assert ["not_yet"] == codes(error)
    assert "table.rost.secret" in error.sv


def test_a_day_that_the_year_lacks_is_refused(bare: Stage, tmp_path: Path) -> None:
    """29 February in a year without one is said, not stumbled over."""
    leap = ('on = "{year-1}-02-28"', 'on = "{year-1}-02-29"')
    example = ("example_year = 2010", "example_year = 2009")
    other = change_process(tmp_path, leap, example, year=2009)

    error = refused(bare, BadInput, revision=other, year=2010)

    assert "grundarbete" in error.sv


def test_units_are_copied(stage: Stage) -> None:
    """A round keeps the organisation of its opening, whatever becomes of it."""
    before = stage.rows("SELECT key, name, kind, parent FROM round_units ORDER BY position")

    stage.change("UPDATE units SET name = 'Omdöpt', to_on = '2008-01-01'")

    assert before == stage.rows("SELECT key, name, kind, parent FROM round_units ORDER BY position")
    assert [(u.key, u.name, u.kind, u.parent) for u in stage.people.units] == before


def test_a_unit_of_a_kind_it_does_not_know_is_left_out(bare: Stage) -> None:
    """What hangs below a kind of another process hangs below the top in this round."""
    top = bare.units("landsting")[0]
    unit = bare.units("verksamhet")[0]
    bare.change(
        "INSERT INTO units (key, name, kind, parent, from_on, to_on, position)"
        " VALUES ('hus', 'Hus 1', 'hus', :top, '0001-01-01', '9999-12-31', 99)",
        top=top,
    )
    bare.change("UPDATE units SET parent = 'hus' WHERE key = :unit", unit=unit)
    opening.open_round(bare.world, bare.revision, year=2010)

    found = dict(bare.rows("SELECT key, parent FROM round_units"))

    assert "hus" not in found
    assert top == found[unit]


def test_the_plan_is_laid_out(stage: Stage) -> None:
    """The leaflet's dates stand as written, a Saturday too; what is counted is counted."""
    plan = {one["key"]: one for one in views.round_view(stage.world, ROUND)["milestones"]}

    assert date(2009, 2, 28) == plan["grundarbete"]["on"]
    assert "2009-02-28T23:00:00+00:00" == plan["grundarbete"]["due_at"].isoformat()
    assert (date(2009, 1, 1), date(2009, 1, 31)) == (
        plan["utbildning"]["first_on"],
        plan["utbildning"]["on"],
    )
    assert date(2009, 4, 15) == plan["vardering"]["on"]
