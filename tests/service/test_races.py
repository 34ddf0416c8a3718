"""Everybody at once: whoever wins, each thing happens once and the log explains it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import ROUND, Stage, local
from workflow.core.errors import Locked, Refused, Stale, WorkflowError
from workflow.service import clockwork, moving, opening, views
from workflow.service.people import organisation
from workflow.service.running import evidence


def sound(stage: Stage) -> bool:
    """Say whether the log explains everything."""
    return evidence.prove(stage.world).ok


def twice(stage: Stage, place: Place) -> tuple[Stage, Stage]:
    """Give the stage as two processes have it."""
    return stage, stage.another(place.open())


def test_of_two_approvals_one_wins(place: Place, groundwork: Stage) -> None:
    """Of two who approve the same step one does; the other is told who, each time."""
    both = twice(groundwork, place)
    for unit in groundwork.units("verksamhet"):
        groundwork.hand_in(unit)

        found = together(*(lambda one=one, unit=unit: one.approve(unit, version=2) for one in both))

        won = [answer for answer in found if isinstance(answer, dict)]
        lost = [answer for answer in found if isinstance(answer, Stale | Refused)]
        assert (1, 1) == (len(won), len(lost))
        assert "godkann" == (lost[0].current or {})["last_transition"]
    assert True is sound(groundwork)


def test_of_approving_and_returning_one_wins(place: Place, groundwork: Stage) -> None:
    """Two who want different things of the same case do not both get it."""
    one, other = twice(groundwork, place)
    for unit in groundwork.units("verksamhet"):
        groundwork.hand_in(unit)

        found = together(
            lambda unit=unit: one.approve(unit),
            lambda unit=unit: other.act(
                other.case("underlag", unit),
                "aterlamna",
                other.boss(unit),
                data={"questions": ["Hur många?"]},
            ),
        )

        assert 1 == sum(isinstance(answer, dict) for answer in found)
    assert True is sound(groundwork)


def test_a_join_fires_once(place: Place, groundwork: Stage) -> None:
    """The last two children ended at the same instant take their parent on once, 20 times."""
    one, other = twice(groundwork, place)
    below = groundwork.units("driftenhet")[0]
    parent = groundwork.case("avstamning", below)
    units = [u for u in groundwork.units("verksamhet") if groundwork.parent(u) == below]
    for unit in units:
        groundwork.hand_in(unit)
    for unit in units[2:]:
        groundwork.approve(unit)
    last = units[:2]

    for turn in range(20):
        found = together(lambda: one.approve(last[0]), lambda: other.approve(last[1]))
        state = next(
            case["state"]
            for case in views.round_view(groundwork.world, ROUND)["cases"]
            if case["case"] == parent
        )
        groundwork.act(
            parent,
            "komplettera",
            groundwork.holder("driftenhetschef", below),
            data={"pick": last, "questions": ["En gång till?"]},
        )
        for unit in last:
            groundwork.hand_in(unit, data={"answers": {str(turn + 1): "Ja."}})

        assert [dict, dict] == [type(answer) for answer in found]
        assert "sammanstallning" == state
    fired = [
        line
        for line in evidence.log_lines(groundwork.world, ROUND)
        if line["kind"] == "next" and line["case"] == parent
    ]
    assert 20 == len(fired)
    assert True is sound(groundwork)


def test_workers_remind_once(place: Place, groundwork: Stage) -> None:
    """However many workers tick at once, each rung is written once per person."""
    workers = [groundwork.another(place.open()) for _ in range(4)]
    for day in ("2009-02-16", "2009-02-25", "2009-02-27", "2009-03-02", "2009-03-04"):
        groundwork.put(day)

        together(*(lambda one=one: clockwork.tick(one.world) for one in workers))
        clockwork.tick(groundwork.world)

    units = groundwork.units("verksamhet")
    expected = {
        (f"{groundwork.case('underlag', unit)}#1", rung, email)
        for unit in units
        for rung, email in (
            ("holder-10", groundwork.chief(unit)),
            ("holder-3", groundwork.chief(unit)),
            ("holder-1", groundwork.chief(unit)),
            ("holder+1", groundwork.chief(unit)),
            ("superior+3", groundwork.boss(unit)),
        )
    }
    found = groundwork.rows(
        "SELECT subject, rung, people.email FROM reminders"
        " JOIN people ON people.id = person_id WHERE task_id IS NOT NULL"
    )
    assert expected == set(found)
    assert len(expected) == len(found)
    assert {1, 4, 5} >= set(groundwork.mails("reminder").values()) - {0}


def test_everything_at_once(place: Place, groundwork: Stage) -> None:
    """People act while workers tick, compose and deliver: no deadlock, nothing lost."""
    acting, ticking, posting, importing = (groundwork.another(place.open()) for _ in range(4))
    units = groundwork.units("verksamhet")
    groundwork.put("2009-02-25")

    def act() -> int:
        return sum(bool(one) for unit in units for one in (acting.hand_in(unit), approve(unit)))

    def approve(unit: str) -> object:
        return acting.approve(unit)

    found = together(
        act,
        _often(lambda: clockwork.tick(ticking.world)),
        _often(lambda: clockwork.compose(ticking.world)),
        _often(posting.post),
        _often(lambda: organisation.bring_in(importing.world, groundwork.folder)),
    )
    clockwork.tick(groundwork.world)
    groundwork.post()

    states = [
        one["state"]
        for one in views.round_view(groundwork.world, ROUND)["cases"]
        if one["kind"] == "underlag"
    ]
    assert 2 * len(units) == found[0]
    assert [] == [one for one in found if isinstance(one, WorkflowError)]
    assert {"godkant"} == set(states)
    assert set() == {one["state"] for one in views.message_list(groundwork.world)} - {
        "sent",
        "withdrawn",
    }
    assert [] == views.incident_list(groundwork.world)
    assert True is sound(groundwork)


def _often(call: Callable[[], object], times: int = 12) -> Callable[[], int]:
    """Give a call that is made again and again, and passes when it was told to wait."""

    def run() -> int:
        for _ in range(times):
            try:
                call()
            except Locked:
                continue
        return times

    return run


def test_two_who_open_the_same_round(place: Place, bare: Stage) -> None:
    """One opens it; the other is told that it is there."""
    both = twice(bare, place)

    found = together(
        *(lambda one=one: opening.open_round(one.world, one.revision, year=2010) for one in both)
    )

    assert ["Refused", "dict"] == sorted(type(answer).__name__ for answer in found)
    assert True is sound(bare)


def test_two_who_open_different_rounds(place: Place, bare: Stage) -> None:
    """Both get theirs, on the one revision that both needed first."""
    one, other = twice(bare, place)

    found = together(
        lambda: opening.open_round(one.world, one.revision, year=2010),
        lambda: opening.open_round(other.world, other.revision, year=2011),
    )

    assert [dict, dict] == [type(answer) for answer in found]
    assert 1 == bare.counts()["revisions"]
    assert True is sound(bare)


def test_a_sweep_against_an_act(place: Place, groundwork: Stage) -> None:
    """A task that is done while it is found to be vacant leaves no incident behind."""
    acting = groundwork.another(place.open())
    units = groundwork.units("verksamhet")
    for unit in units:
        groundwork.end_grant("verksamhetschef", unit)

    for number, unit in enumerate(units):
        groundwork.at[0] = local("2008-12-04") if number % 2 else local("2008-12-05")
        groundwork.change("UPDATE installation SET swept_on = '2008-01-01'")
        together(
            lambda: clockwork.tick(groundwork.world),
            lambda unit=unit: acting.act(
                acting.case("underlag", unit), "withdraw", acting.boss(unit), comment="Upphör"
            ),
        )

    assert [] == views.incident_list(groundwork.world)
    assert True is sound(groundwork)


def test_an_import_against_an_act(place: Place, groundwork: Stage) -> None:
    """Whoever acts while the organisation is imported does so with the old or the new."""
    importing = groundwork.another(place.open())

    for unit in groundwork.units("verksamhet"):
        found = together(
            lambda unit=unit: groundwork.hand_in(unit),
            lambda: organisation.bring_in(importing.world, groundwork.folder, end_missing=True),
        )

        assert [dict, dict] == [type(answer) for answer in found]
    assert True is sound(groundwork)


def test_two_who_move_the_plan(place: Place, groundwork: Stage) -> None:
    """Two moves of different milestones are both there afterwards."""
    one, other = twice(groundwork, place)
    day = local("2009-03-06").date()

    together(
        lambda: moving.move_milestone(one.world, ROUND, "grundarbete", day, reason="x"),
        lambda: moving.move_milestone(other.world, ROUND, "avstamning", day, reason="y"),
    )

    plan = {m["key"]: m["on"] for m in views.round_view(groundwork.world, ROUND)["milestones"]}
    assert [day, day] == [plan["grundarbete"], plan["avstamning"]]
    assert True is sound(groundwork)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_deliver_once(place: Place, groundwork: Stage, workers: int) -> None:
    """However many deliver at once, no mail is taken by two while leases hold."""
    posts = [groundwork.another(place.open()) for _ in range(workers)]
    waiting = groundwork.rows("SELECT count(*) FROM messages WHERE state = 'queued'")[0][0]
    folders = [groundwork.outbox / str(number) for number in range(workers)]

    together(
        *(
            lambda one=one, folder=folder: replace(one, outbox=folder).post()
            for one, folder in zip(posts, folders, strict=True)
        )
    )

    taken = [file.name for folder in folders for file in Path(folder).glob("*.eml")]
    assert waiting == len(taken) == len(set(taken))
