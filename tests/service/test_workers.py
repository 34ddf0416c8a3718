"""Those who tick: seen to live, missed when they are cut off, and once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import Stage
from workflow.service import views
from workflow.service.running import workers
from workflow.store.workers import WorkerFact, list_workers

BEGUN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The machine's own clock; the round's stands in 2008."""


def at(minutes: float) -> datetime:
    """Give an instant after the first worker began."""
    return BEGUN + timedelta(minutes=minutes)


def when(minutes: float) -> Callable[[object], datetime]:
    """Give a clock that stands at an instant after the first worker began."""
    return lambda _: at(minutes)


def known(stage: Stage) -> dict[str, WorkerFact]:
    """Give the workers there are rows of."""
    with stage.world.database.read() as connection:
        return {one.name: one for one in list_workers(connection)}


def incidents(stage: Stage) -> list[str]:
    """Give the workers that are missed."""
    return [one["subject"] for one in views.incident_list(stage.world) if one["kind"] == "worker"]


def test_a_worker_is_seen_from_beginning_to_end(groundwork: Stage) -> None:
    """Its row says when it began, was seen, finished a tick and ended."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.beat(groundwork.world, "a:1", when(1))
    workers.note_tick(groundwork.world, "a:1", when(2))
    workers.end(groundwork.world, "a:1", when(3))

    row = known(groundwork)["a:1"]

    assert (BEGUN, at(3), at(2), at(3)) == (
        row.started_at,
        row.seen_at,
        row.ticked_at,
        row.stopped_at,
    )
    assert [] == incidents(groundwork)


def test_one_that_was_cut_off_is_missed_once(groundwork: Stage) -> None:
    """The next to begin says who, since when, and tells the one who leads, one time."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.begin(groundwork.world, "b:2", when(10))
    workers.beat(groundwork.world, "b:2", when(10.1))

    (incident,) = views.incident_list(groundwork.world)

    assert ("worker", "a:1") == (incident["kind"], incident["subject"])
    assert BEGUN.isoformat() == incident["detail"]["seen_at"]
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_it_closes_when_another_has_done_a_tick(groundwork: Stage) -> None:
    """What stood still has been made up for: nothing is left to do, and the row goes."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.begin(groundwork.world, "b:2", when(10))
    workers.note_tick(groundwork.world, "b:2", when(10.2))
    workers.beat(groundwork.world, "b:2", when(10.3))

    assert [] == incidents(groundwork)
    assert ["b:2"] == list(known(groundwork))
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_a_restart_within_two_minutes_is_no_incident(groundwork: Stage) -> None:
    """What a system's supervisor puts right at once concerns nobody."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.begin(groundwork.world, "a:2", when(1.9))
    for minute in (2, 3, 4):
        workers.beat(groundwork.world, "a:2", when(minute))
        workers.note_tick(groundwork.world, "a:2", when(minute))

    assert [] == incidents(groundwork)
    assert {} == groundwork.mails("incident")
    assert ["a:2"] == list(known(groundwork))


def test_one_of_several_is_missed_until_it_is_back(groundwork: Stage) -> None:
    """The others say so while they work on, and until one began in its place."""
    for name in ("a:1", "b:2"):
        workers.begin(groundwork.world, name, when(0))
    workers.beat(groundwork.world, "b:2", when(5))
    workers.note_tick(groundwork.world, "b:2", when(5))
    missed = incidents(groundwork)

    workers.begin(groundwork.world, "a:3", when(60))
    workers.note_tick(groundwork.world, "a:3", when(60))

    assert ["a:1"] == missed
    assert [] == incidents(groundwork)


def test_after_a_day_the_others_carry_its_share(groundwork: Stage) -> None:
    """A worker that was taken away for good is not missed for ever."""
    for name in ("a:1", "b:2"):
        workers.begin(groundwork.world, name, when(0))
    for minute in (5, 24 * 60 + 1):
        workers.beat(groundwork.world, "b:2", when(minute))
        workers.note_tick(groundwork.world, "b:2", when(minute))

    assert [] == incidents(groundwork)
    assert ["b:2"] == list(known(groundwork))


def test_one_that_slept_says_so_itself(groundwork: Stage) -> None:
    """A machine that was asleep for nine days tells of it on waking, and is well after a tick."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.beat(groundwork.world, "a:1", when(9 * 24 * 60))
    missed = incidents(groundwork)

    workers.note_tick(groundwork.world, "a:1", when(9 * 24 * 60 + 1))
    workers.beat(groundwork.world, "a:1", when(9 * 24 * 60 + 1))

    assert ["a:1"] == missed
    assert [] == incidents(groundwork)
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_one_given_up_for_dead_comes_back(groundwork: Stage) -> None:
    """A worker whose row was taken away writes it anew when it wakes."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.begin(groundwork.world, "b:2", when(10))
    workers.note_tick(groundwork.world, "b:2", when(10))

    workers.beat(groundwork.world, "a:1", when(11))

    assert ["a:1", "b:2"] == sorted(known(groundwork))
    assert [] == incidents(groundwork)


def test_one_that_ended_in_order_is_not_missed(groundwork: Stage) -> None:
    """Who said goodbye may be gone; the row goes after a day."""
    workers.begin(groundwork.world, "a:1", when(0))
    workers.end(groundwork.world, "a:1", when(1))
    workers.begin(groundwork.world, "b:2", when(600))
    workers.note_tick(groundwork.world, "b:2", when(600))
    early = sorted(known(groundwork))
    workers.note_tick(groundwork.world, "b:2", when(24 * 60 + 2))

    assert (["a:1", "b:2"], ["b:2"]) == (early, sorted(known(groundwork)))
    assert [] == incidents(groundwork)


@pytest.mark.parametrize("several", [5])
def test_several_that_find_it_at_once_tell_once(
    place: Place, groundwork: Stage, several: int
) -> None:
    """Of five that beat at the same instant one opens the incident, and none is in another's
    way."""
    for number in range(several):
        workers.begin(groundwork.world, f"w:{number}", when(8))
    workers.begin(groundwork.world, "dead:1", when(0))
    stages = [groundwork.another(place.open()) for _ in range(several)]

    found = together(
        *(
            lambda number=number, stage=stage: workers.beat(stage.world, f"w:{number}", when(9))  # type: ignore[misc]
            for number, stage in enumerate(stages)
        )
    )

    assert [None] * several == found
    assert ["dead:1"] == incidents(groundwork)
    assert {groundwork.leader: 1} == groundwork.mails("incident")
