"""P6: a running round keeps its revision, whatever becomes of the process's folder."""

import shutil
from pathlib import Path

import pytest

from beredning.practice.example import ExampleOrganisation
from tests.service.processes import change_process, write_process
from tests.service.worlds import ROUND, Stage, make_stage
from workflow.core.errors import WorkflowError
from workflow.service import clockwork, opening, views
from workflow.service.running import evidence
from workflow.store import rounds as stored
from workflow.store.database import Database

RULE = 'transition.godkann     = { title = "Godkänn underlaget", to = "godkant", other_than'
CHANGES = {
    "a step gets another name": ('title = "Godkänn underlaget"', 'title = "Bifall underlaget"'),
    "separation of duties goes": (', other_than = ["lamna_in", "inget"], done', ", done"),
    "another owes it": ('by = "verksamhetschef"\n', 'by = "driftenhetschef"\n'),
    "a deadline moves": (
        'due = "3 working days"\ntransition.godkann',
        'due = "1 working day"\ntransition.godkann',
    ),
    "the title changes": ('title = "Underlag {unit}"', 'title = "Blankett {unit}"'),
    "the folder is broken": ('key = "prioritering"', "key = ["),
}


@pytest.fixture
def own(database: Database, tmp_path: Path, region: ExampleOrganisation, org: Path) -> Stage:
    """A round of a process that lies in the region's own folder."""
    revision = change_process(tmp_path / "own")
    stage = make_stage(database, revision, region, org, tmp_path / "mail")
    stage.begin_groundwork()
    return stage


def shown(stage: Stage) -> list[dict[str, object]]:
    """Give what a chief and their superior see of an underlag."""
    unit = stage.units("verksamhet")[0]
    return [
        one
        for email in (stage.chief(unit), stage.boss(unit))
        for one in views.task_list(stage.world, email=email)
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_folder_changes_no_round(own: Stage, tmp_path: Path, change: str) -> None:
    """Titles, rights, deadlines and buttons are those the round was opened with."""
    unit = own.units("verksamhet")[0]
    before = shown(own)
    write_process(tmp_path / "own", CHANGES[change])

    after = shown(own)
    own.hand_in(unit)
    due = views.task_list(own.world, case=own.case("underlag", unit))[0]["due_at"]

    assert before == after
    assert "2008-12-08T23:00:00+00:00" == due.isoformat()
    assert "godkant" == own.approve(unit)["to"]
    assert own.revision.digest == views.round_view(own.world, ROUND)["revision"]


def test_a_folder_that_is_gone_changes_no_round(own: Stage, tmp_path: Path) -> None:
    """A round reads nothing from disk."""
    shutil.rmtree(tmp_path / "own")
    unit = own.units("verksamhet")[0]

    own.hand_in(unit)
    own.put("2009-03-06")
    clockwork.tick(own.world)
    own.post()

    assert 0 < len(list(own.outbox.glob("*.eml")))
    assert True is evidence.prove(own.world).ok


def test_the_next_round_has_the_new_rules(own: Stage, tmp_path: Path) -> None:
    """Two rounds of one process run side by side, each by its own rules."""
    new = change_process(tmp_path / "own", ("Planen är fastställd", "Planen är klubbad"))
    opening.open_round(own.world, new, year=2011)

    digests = [views.round_view(own.world, one)["revision"] for one in (ROUND, "prioritering-2011")]

    assert [own.revision.digest, new.digest] == digests
    assert 2 == own.counts()["revisions"]
    assert True is evidence.prove(own.world).ok


def test_an_altered_revision_is_not_obeyed(own: Stage, tmp_path: Path) -> None:
    """Rules that no longer have the digest they were stored under are not followed."""
    other = change_process(tmp_path / "own", ("Planen är fastställd", "Planen är klubbad"))
    opening.open_round(own.world, other, year=2011)
    own.change(
        "UPDATE revisions SET content = replace(content, 'klubbad', 'bordlagd')"
        " WHERE digest = :digest",
        digest=other.digest,
    )

    with pytest.raises(WorkflowError) as found:
        forget_and_load(own, other.digest)

    assert other.digest[:12] in found.value.sv
    assert {"prioritering-2011"} == {item.chain for item in evidence.prove(own.world).problems}


def forget_and_load(stage: Stage, digest: str) -> object:
    """Load a revision as a program that has just started does."""
    stored._revisions.pop(digest, None)
    with stage.world.database.read() as connection:
        return stored.load_revision(connection, digest)
