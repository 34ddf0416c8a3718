"""What nobody holds: an incident once, the leader told once, the superior reminded."""

import shutil
from pathlib import Path

import pytest

from beredning.practice.example import ExampleOrganisation
from tests.service.processes import change_process
from tests.service.worlds import ROOT, Stage, make_stage
from workflow.service import clockwork, views
from workflow.service.people import organisation, staffing
from workflow.service.running import evidence
from workflow.store.database import Database


def vacant(stage: Stage) -> list[tuple[str, str]]:
    """Give the kind and subject of each open incident."""
    return [(one["kind"], one["subject"]) for one in views.incident_list(stage.world)]


def leave(stage: Stage, folder: Path, gone: str, *, until: str = "") -> Path:
    """Write the organisation's files without somebody's grants, or ending on a day."""
    shutil.copytree(stage.folder, folder)
    lines = (folder / "grants.csv").read_text(encoding="utf-8").splitlines()
    kept = [
        line.removesuffix(",") + f",{until}" if until and line.startswith(gone) else line
        for line in lines
        if until or not line.startswith(gone)
    ]
    (folder / "grants.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def test_a_vacancy_is_an_incident_once(groundwork: Stage) -> None:
    """A task whose holder is gone is an incident at the next day's tick, and one alone."""
    unit = groundwork.units("verksamhet")[0]
    task = f"{groundwork.case('underlag', unit)}#1"
    groundwork.end_grant("verksamhetschef", unit)

    for day in ("2008-12-04", "2008-12-05", "2009-02-16", "2009-02-25", "2009-03-02"):
        groundwork.put(day)
        clockwork.tick(groundwork.world)

    assert [("no_holder", task)] == vacant(groundwork)
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_the_superior_climbs_in_the_holders_place(groundwork: Stage) -> None:
    """The rungs of a holder that is missing reach the one above."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)

    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)

    assert [("holder-10", "superior", groundwork.boss(unit))] == groundwork.reminders(
        f"{groundwork.case('underlag', unit)}#1"
    )


def test_where_nobody_is_above_the_leader_is_reminded(groundwork: Stage) -> None:
    """With neither holder nor superior it is the leader of the round who hears."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    groundwork.end_grant("driftenhetschef", groundwork.parent(unit))

    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)

    assert [("holder-10", "leader", groundwork.leader)] == groundwork.reminders(
        f"{groundwork.case('underlag', unit)}#1"
    )


def test_a_new_chief_gets_the_next_rung(groundwork: Stage) -> None:
    """Who holds a role is looked up when it is needed: the new chief is reminded."""
    unit, other = groundwork.units("verksamhet")[:2]
    groundwork.end_grant("verksamhetschef", unit)
    groundwork.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'verksamhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=unit,
        email=groundwork.chief(other),
    )

    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)

    assert [("holder-10", "holder", groundwork.chief(other))] == groundwork.reminders(
        f"{groundwork.case('underlag', unit)}#1"
    )
    assert [] == vacant(groundwork)


def test_several_holders_are_all_reminded(groundwork: Stage) -> None:
    """Everybody who holds the role gets the rung; the first act closes it for all."""
    unit, other = groundwork.units("verksamhet")[:2]
    groundwork.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'verksamhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=unit,
        email=groundwork.chief(other),
    )
    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)

    found = groundwork.reminders(f"{groundwork.case('underlag', unit)}#1")

    assert {groundwork.chief(unit), groundwork.chief(other)} == {email for _, _, email in found}


def test_an_import_that_takes_the_holder_away_tells_at_once(
    groundwork: Stage, tmp_path: Path
) -> None:
    """Whoever imports an organisation without a chief sees the incident the same minute."""
    unit = groundwork.units("verksamhet")[0]
    clockwork.tick(groundwork.world)
    folder = leave(groundwork, tmp_path / "new", groundwork.chief(unit))

    organisation.bring_in(groundwork.world, folder, end_missing=True)

    assert [("no_holder", f"{groundwork.case('underlag', unit)}#1")] == vacant(groundwork)
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_an_import_that_brings_a_holder_ends_it(groundwork: Stage) -> None:
    """An incident closes when its cause is gone, without anybody ticking it off."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    groundwork.put("2008-12-04")
    clockwork.tick(groundwork.world)
    before = vacant(groundwork)

    organisation.bring_in(groundwork.world, groundwork.folder)

    assert 1 == len(before)
    assert [] == vacant(groundwork)


def test_a_grant_that_runs_out_is_seen_the_day_after(groundwork: Stage, tmp_path: Path) -> None:
    """The last day of a grant is included; the day after is an incident."""
    unit = groundwork.units("verksamhet")[0]
    folder = leave(groundwork, tmp_path / "new", groundwork.chief(unit), until="2008-12-10")
    organisation.bring_in(groundwork.world, folder)
    groundwork.put("2008-12-10", "23:59")
    clockwork.tick(groundwork.world)
    before = vacant(groundwork)

    groundwork.put("2008-12-11", "00:00")
    clockwork.tick(groundwork.world)

    assert [] == before
    assert [("no_holder", f"{groundwork.case('underlag', unit)}#1")] == vacant(groundwork)


def test_an_incident_ends_with_its_task(groundwork: Stage) -> None:
    """What is no longer owed is no longer missing anybody."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    groundwork.put("2008-12-04")
    clockwork.tick(groundwork.world)

    groundwork.act(
        groundwork.case("underlag", unit), "withdraw", groundwork.boss(unit), comment="Upphör"
    )

    assert [] == vacant(groundwork)


def test_too_few_is_an_incident_until_there_are_enough(
    database: Database, tmp_path: Path, region: ExampleOrganisation, org: Path
) -> None:
    """A role that needs two has an incident with one, and keeps it over the night."""
    chief = 'driftenhetschef      = { title = "Driftenhetschef", '
    two = change_process(tmp_path, (chief, f"{chief}holders = 2, "))
    stage = make_stage(database, two, region, org, tmp_path / "mail")
    stage.begin_groundwork()
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    first = vacant(stage)

    for day in ("2008-12-04", "2008-12-05"):
        stage.put(day)
        clockwork.tick(stage.world)

    assert [("no_holder", f"{stage.case('underlag', unit)}#2")] == first
    assert first == vacant(stage)


def test_waiting_for_nothing_is_an_incident(
    database: Database, tmp_path: Path, region: ExampleOrganisation, org: Path
) -> None:
    """A step that waits for cases and got none is told, until somebody moves it on."""
    other = change_process(
        tmp_path,
        ('choose = ["styrgrupp"]', 'choose = ["styrgrupp", "medicinska_kommitten"]'),
        (
            'to = "vardering", reopens = { vardering = "sammanvagning" }, done',
            'to = "vardering", done',
        ),
    )
    stage = make_stage(database, other, region, org, tmp_path / "mail")
    director = stage.holder("landstingsdirektor")
    stage.begin_groundwork()
    stage.put("2009-03-02")
    for below in stage.units("driftenhet"):
        stage.act(stage.case("avstamning", below), "withdraw", stage.leader, comment="Utgår")
    stage.act(ROOT, "uppdra_vardering", director, data={"choose": []})
    before = vacant(stage)

    stage.act(ROOT, "withdraw", stage.leader, comment="Inställd")

    assert ["nothing_to_wait_for"] == [kind for kind, _ in before]
    assert [] == vacant(stage)
    assert True is evidence.prove(stage.world).ok


@pytest.mark.parametrize("minute", ["00:00", "12:00"])
def test_a_holder_is_looked_up_by_local_day(groundwork: Stage, minute: str) -> None:
    """A grant's days are days in Stockholm, whatever the machine's zone."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.change(
        "UPDATE grants SET from_on = '2008-12-10' WHERE role = 'verksamhetschef' AND unit = :unit",
        unit=unit,
    )
    groundwork.put("2008-12-09", "23:59")
    clockwork.tick(groundwork.world)
    before = len(vacant(groundwork))

    groundwork.put("2008-12-10", minute)
    clockwork.tick(groundwork.world)

    assert (1, 0) == (before, len(vacant(groundwork)))


def only_the_chief_approves(stage: Stage, unit: str) -> str:
    """Let the chief of a unit hand in, and then be the only head of the driftenhet above;
    give the task of approving."""
    above = stage.parent(unit)
    stage.hand_in(unit)
    stage.end_grant("driftenhetschef", above)
    give(stage, "driftenhetschef", above, stage.chief(unit))
    return f"{stage.case('underlag', unit)}#2"


def give(stage: Stage, role: str, unit: str, email: str) -> None:
    """Give a role to somebody, past the program."""
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, :role, :unit,"
        " '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        role=role,
        unit=unit,
        email=email,
    )


def owes(stage: Stage, task: str) -> tuple[str, str]:
    """Give role and unit that owe a task."""
    (row,) = stage.rows("SELECT role, unit FROM tasks WHERE id = :task", task=task)
    return row[0], row[1]


def test_what_nobody_may_do_goes_up(groundwork: Stage) -> None:
    """When the only one who holds the role did the step before, the task goes to the superior,
    who is told and can do it; the log says so, and no incident is needed."""
    unit = groundwork.units("verksamhet")[0]
    top = groundwork.units("landsting")[0]
    task = only_the_chief_approves(groundwork, unit)
    before = groundwork.mails("assignment")[groundwork.leader]

    staffing.sweep(groundwork.world)

    assert ("medicinsk_radgivare", top) == owes(groundwork, task)
    assert before + 1 == groundwork.mails("assignment")[groundwork.leader]
    assert [] == [kind for kind, subject in vacant(groundwork) if subject == task]
    assert [("handed_over",)] == groundwork.rows(
        "SELECT kind FROM entries WHERE kind = 'handed_over'"
    )
    assert True is evidence.prove(groundwork.world).ok
    groundwork.act(groundwork.case("underlag", unit), "godkann", groundwork.leader)
    assert True is evidence.prove(groundwork.world).ok


def test_what_went_up_comes_back(groundwork: Stage) -> None:
    """When somebody else holds the role, the task goes back to them; a sweep that finds
    nothing to do changes nothing."""
    unit, other = groundwork.units("verksamhet")[:2]
    task = only_the_chief_approves(groundwork, unit)
    staffing.sweep(groundwork.world)
    give(groundwork, "driftenhetschef", groundwork.parent(unit), groundwork.chief(other))

    staffing.sweep(groundwork.world)
    settled = groundwork.everything()
    staffing.sweep(groundwork.world)

    assert ("driftenhetschef", groundwork.parent(unit)) == owes(groundwork, task)
    assert settled == groundwork.everything()
    assert True is evidence.prove(groundwork.world).ok
    groundwork.act(groundwork.case("underlag", unit), "godkann", groundwork.chief(other))


def test_an_empty_post_takes_nothing_back(groundwork: Stage) -> None:
    """The superior who has the task keeps it when the one below leaves."""
    unit = groundwork.units("verksamhet")[0]
    task = only_the_chief_approves(groundwork, unit)
    staffing.sweep(groundwork.world)
    groundwork.end_grant("driftenhetschef", groundwork.parent(unit))

    staffing.sweep(groundwork.world)

    assert "medicinsk_radgivare" == owes(groundwork, task)[0]
    assert [] == [kind for kind, subject in vacant(groundwork) if subject == task]


def test_up_and_down_again_on_a_clock_that_stands_still(groundwork: Stage) -> None:
    """A task may change hands twice within an instant; each time is told."""
    unit, other = groundwork.units("verksamhet")[:2]
    task = only_the_chief_approves(groundwork, unit)
    above = groundwork.parent(unit)
    for _ in range(2):
        staffing.sweep(groundwork.world)
        give(groundwork, "driftenhetschef", above, groundwork.chief(other))
        staffing.sweep(groundwork.world)
        groundwork.end_grant("driftenhetschef", above, groundwork.chief(other))
        groundwork.change("DELETE FROM grants WHERE to_on = '2008-01-01'")

    staffing.sweep(groundwork.world)

    assert "medicinsk_radgivare" == owes(groundwork, task)[0]
    assert True is evidence.prove(groundwork.world).ok


def test_a_holder_who_may_not_is_nobody(groundwork: Stage) -> None:
    """When the one who did the step before is everybody above as well, that is an incident;
    it goes when somebody else holds the role too."""
    unit = groundwork.units("verksamhet")[0]
    top = groundwork.units("landsting")[0]
    task = only_the_chief_approves(groundwork, unit)
    leader = groundwork.leader
    for role in ("medicinsk_radgivare", "landstingsdirektor"):
        groundwork.end_grant(role, top)
        give(groundwork, role, top, groundwork.chief(unit))
    staffing.sweep(groundwork.world)
    alone = [kind for kind, subject in vacant(groundwork) if subject == task]
    give(groundwork, "driftenhetschef", groundwork.parent(unit), leader)
    staffing.sweep(groundwork.world)

    assert ["nobody_left"] == alone
    assert [] == [kind for kind, subject in vacant(groundwork) if subject == task]
