"""P1: a transition, its entries, its tasks and its messages are one transaction."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.conftest import Place
from tests.service.wires import CutError, Wire, tap
from tests.service.worlds import ROOT, ROUND, Stage
from workflow.service import clockwork, moving, opening
from workflow.service.mail import letters
from workflow.service.people import organisation
from workflow.service.running import evidence

Verb = Callable[[Stage], Any]


def hand_in(stage: Stage) -> Any:
    """Rows, a task closed and one opened, a mail."""
    return stage.hand_in(stage.units("verksamhet")[-1])


def approve_the_last(stage: Stage) -> Any:
    """A join that fires: the parent goes on, with a task and mails of its own."""
    return stage.approve(_below(stage)[-1])


def send_back(stage: Stage) -> Any:
    """Questions, and a task with another deadline."""
    unit = _below(stage)[-1]
    return stage.act(
        stage.case("underlag", unit),
        "aterlamna",
        stage.boss(unit),
        data={"questions": ["Hur många?", "Hur länge?"]},
    )


def call_off(stage: Stage) -> Any:
    """Every case of the round ends."""
    return stage.act(ROOT, "withdraw", stage.leader, comment="Inställt", request_id="r-1")


def move(stage: Stage) -> Any:
    """A milestone and a dozen deadlines."""
    return moving.move_milestone(stage.world, ROUND, "grundarbete", date(2009, 3, 6), reason="x")


def open_another(stage: Stage) -> Any:
    """A round with its revision, units, plan, case, task and mail."""
    return opening.open_round(stage.world, stage.revision, year=2011)


def take_a_checkpoint(stage: Stage) -> Any:
    """An entry of the installation's own chain."""
    return evidence.checkpoint(stage.world)


def _below(stage: Stage) -> list[str]:
    below = stage.units("driftenhet")[0]
    return [unit for unit in stage.units("verksamhet") if stage.parent(unit) == below]


def ready(stage: Stage) -> None:
    """Bring it to where one approval is left in a driftenhet."""
    for unit in _below(stage):
        stage.hand_in(unit)
    for unit in _below(stage)[:-1]:
        stage.approve(unit)


def cut_everywhere(stage: Stage, wire: Wire, verb: Verb) -> int:
    """Make a verb fail at each of its statements; gives how many places that were.

    After every failure the tables must be as they were.
    """
    before = stage.everything()
    for place in range(1, 500):
        wire.clear(cut_at=place)
        try:
            verb(stage)
        except CutError:
            wire.clear()
            assert before == stage.everything(), f"cut at {place}"
        else:
            return place - 1
    raise AssertionError("never came through")


@pytest.mark.parametrize("verb", [hand_in, approve_the_last, send_back, call_off, move])
def test_an_act_is_whole_or_not_at_all(place: Place, groundwork: Stage, verb: Verb) -> None:
    """Cut at any statement, or at the commit itself, an act leaves nothing behind."""
    ready(groundwork)
    stage = groundwork.another(place.open())
    wire = tap(stage.world.database)

    places = cut_everywhere(stage, wire, verb)

    assert 10 < places
    assert True is evidence.prove(stage.world).ok


@pytest.mark.parametrize("verb", [open_another, take_a_checkpoint])
def test_an_opening_is_whole_or_not_at_all(place: Place, stage: Stage, verb: Verb) -> None:
    """So is what is written in the installation's chain, and a round's opening."""
    other = stage.another(place.open())
    wire = tap(other.world.database)

    places = cut_everywhere(other, wire, verb)

    assert 5 < places
    assert True is evidence.prove(other.world).ok


def test_an_import_is_whole_or_not_at_all(place: Place, bare: Stage) -> None:
    """An organisation is imported whole, with its entry, or not at all."""
    other = bare.another(place.open())
    wire = tap(other.world.database)
    for table in ("grants", "people"):
        bare.change(f"DELETE FROM {table}")
    before = bare.everything()
    states = []
    for at in range(1, 100):
        wire.clear(cut_at=at)
        try:
            organisation.bring_in(other.world, bare.folder)
        except CutError:
            wire.clear()
            states.append(bare.everything() == before)
        else:
            break

    whole = states.index(False)
    assert 5 < whole
    assert len(bare.people.grants) == bare.counts()["grants"]
    assert len(bare.people.people) == bare.counts()["people"]


def test_a_tick_is_whole_or_made_up_for(place: Place, groundwork: Stage) -> None:
    """Cut anywhere, a tick's next try ends where an undisturbed one would have."""
    groundwork.put("2009-03-06")
    groundwork.end_grant("verksamhetschef", groundwork.units("verksamhet")[0])
    stage = groundwork.another(place.open())
    wire = tap(stage.world.database)

    for cut in range(1, 400):
        wire.clear(cut_at=cut)
        try:
            clockwork.tick(stage.world)
        except CutError:
            continue
        break

    reminders = stage.reminders()
    assert len(reminders) == len(
        set(groundwork.rows("SELECT subject, rung, person_id FROM reminders"))
    )
    assert 36 == len(reminders)
    assert 1 == len(stage.rows("SELECT id FROM incidents"))
    assert {1} == set((stage.mails("reminder") + stage.mails("escalation")).values())
    assert {stage.leader: 1} == stage.mails("incident")
    assert True is evidence.prove(stage.world).ok


def test_a_delivery_is_whole_or_made_up_for(place: Place, groundwork: Stage) -> None:
    """Cut anywhere, delivering again sends every mail, and no mail in two versions."""
    groundwork.post()
    sent = len(list(groundwork.outbox.glob("*.eml")))
    for unit in groundwork.units("verksamhet")[:3]:
        groundwork.hand_in(unit)
    stage = groundwork.another(place.open())
    waiting = stage.rows("SELECT count(*) FROM messages WHERE state = 'queued'")[0][0]
    wire = tap(stage.world.database)

    for cut in range(1, 200):
        wire.clear(cut_at=cut)
        try:
            stage.post()
        except CutError:
            stage.at[0] += letters.claims.LEASE
            continue
        break

    assert sent + waiting == len(list(stage.outbox.glob("*.eml")))
    assert [] == stage.rows("SELECT id FROM messages WHERE state = 'queued'")
