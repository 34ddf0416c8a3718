"""The day's checkpoint: once per local day, by whoever comes first, read from the log."""

import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

from tests.conftest import Place
from tests.service.threads import together
from tests.service.wires import CutError, tap
from tests.service.worlds import Stage
from workflow.core.facts import Via
from workflow.service.running import evidence


def worker(stage: Stage) -> Stage:
    """Give the stage as a worker sees it."""
    return replace(stage, world=replace(stage.world, via=Via.WORKER))


def taken(stage: Stage) -> list[str]:
    """Give the instants of the checkpoints that workers took."""
    lines = evidence.log_lines(stage.world, "installation")
    return [str(x["at"]) for x in lines if (x["kind"], x["via"]) == ("checkpoint", "worker")]


def test_one_a_day(groundwork: Stage) -> None:
    """However often a worker looks, there is one each local day; the day turns at midnight
    in Stockholm."""
    stage = worker(groundwork)
    given = []
    for day, clock in (
        ("2009-01-12", "09:00"),
        ("2009-01-12", "23:59"),
        ("2009-01-13", "00:00"),
        ("2009-01-13", "00:01"),
        ("2009-01-13", "23:59"),
    ):
        stage.put(day, clock)
        given.append(evidence.checkpoint_of_the_day(stage.world) is not None)

    assert [True, False, True, False, False] == given
    assert ["2009-01-12T08:00:00.000000Z", "2009-01-12T23:00:00.000000Z"] == taken(stage)


def test_it_holds_itself_and_every_chain(groundwork: Stage) -> None:
    """What is given verifies, and covers the entry that says that it was given."""
    stage = worker(groundwork)

    given = evidence.checkpoint_of_the_day(stage.world)

    assert given is not None
    assert {"installation", stage.round} == set(given["chains"])
    assert (
        evidence.log_lines(stage.world, "installation")[-1]["hash"]
        == (given["chains"]["installation"]["head"])
    )
    assert True is evidence.prove(stage.world, given).ok


def test_the_witness_gets_it_by_mail(groundwork: Stage) -> None:
    """With an address in the settings it goes there, one mail a day, and what is attached
    verifies what is there."""
    stage = worker(groundwork)
    stage.post()
    for day in ("2009-01-12", "2009-01-12", "2009-01-13"):
        stage.put(day)
        evidence.checkpoint_of_the_day(stage.world, "registrator@region.example")
        stage.post()

    mails = sorted(stage.outbox.glob("kontrollpunkt.*"))
    mail = message_from_bytes(mails[-1].read_bytes(), policy=policy.default)
    (attached,) = mail.iter_attachments()

    assert 2 == len(mails)
    assert "registrator@region.example" == mail["To"]
    assert True is evidence.prove(stage.world, json.loads(attached.get_content())).ok


def test_entry_and_mail_are_one_transaction(place: Place, groundwork: Stage) -> None:
    """Cut at any statement, the next look takes it, with one entry and one mail."""
    stage = worker(groundwork.another(place.open()))
    wire = tap(stage.world.database)

    for cut in range(1, 40):
        wire.clear(cut_at=cut)
        try:
            evidence.checkpoint_of_the_day(stage.world, "registrator@region.example")
        except CutError:
            continue
        break
    wire.clear()

    assert 5 < cut < 39
    assert 1 == len(taken(stage))
    assert 1 == stage.rows("SELECT count(*) FROM messages WHERE kind = 'checkpoint'")[0][0]


def test_a_worker_that_was_down_makes_it_on_waking(groundwork: Stage) -> None:
    """After nine days there is one, today's: a day that is over cannot be witnessed."""
    stage = worker(groundwork)
    stage.put("2009-01-12")
    evidence.checkpoint_of_the_day(stage.world)
    stage.put("2009-01-21", "13:00")

    evidence.checkpoint_of_the_day(stage.world)
    evidence.checkpoint_of_the_day(stage.world)

    assert 2 == len(taken(stage))


def test_an_operators_own_does_not_count(groundwork: Stage) -> None:
    """What somebody takes by hand replaces none of those that go to the witness."""
    evidence.checkpoint(groundwork.world)

    assert evidence.checkpoint_of_the_day(worker(groundwork).world) is not None


def test_a_clock_that_goes_back_takes_none(groundwork: Stage) -> None:
    """A day that has had its checkpoint gets no second when the clock is put back to it."""
    stage = worker(groundwork)
    stage.put("2009-01-13")
    evidence.checkpoint_of_the_day(stage.world)
    stage.at[0] -= timedelta(hours=26)

    assert evidence.checkpoint_of_the_day(stage.world) is None


def test_nights_of_23_and_25_hours_have_one(groundwork: Stage) -> None:
    """Looked at every minute through both nights when the clocks change, each day has one."""
    stage = worker(groundwork)
    counts = []
    for day in ("2027-03-28", "2027-10-31"):
        stage.put(day, "00:00")
        begun = stage.at[0]
        found = 0
        for minute in range(-180, 6 * 60, 5):
            stage.at[0] = begun + timedelta(minutes=minute)
            found += evidence.checkpoint_of_the_day(stage.world) is not None
        counts.append(found)

    assert [2, 2] == counts  # the day before, and the day itself


def test_several_workers_take_one(place: Place, groundwork: Stage) -> None:
    """Of five that look at the same instant one takes it."""
    stages = [worker(groundwork.another(place.open())) for _ in range(5)]

    found = together(
        *(lambda one=one: evidence.checkpoint_of_the_day(one.world) for one in stages)  # type: ignore[misc]
    )

    assert 1 == sum(isinstance(one, dict) for one in found)
    assert 1 == len(taken(groundwork))
