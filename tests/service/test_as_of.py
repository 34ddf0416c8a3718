"""How a round stood on a day: what the tables held then, told from the log alone."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beredning.practice.simulate import Day, Setting, simulate
from tests.service.worlds import ROOT, ROUND, Stage, invent
from workflow.core import plan
from workflow.core.errors import BadInput, NotFound
from workflow.core.revision import Revision
from workflow.service import acts, clockwork, extending, leading, moving
from workflow.service.reading.past.as_of import as_of
from workflow.service.running import disposal
from workflow.service.world import ZONE
from workflow.store.database import Connection, Database
from workflow.store.past import read_past
from workflow.store.rounds import list_cases, list_milestones, list_open_tasks

CASES = ("id", "kind", "unit", "parent", "occasion", "state", "version", "entered_at")


def present(connection: Connection, round_id: str) -> dict[str, Any]:
    """Give what the tables hold of a round now: cases, open tasks and the plan."""
    milestones = list_milestones(connection, round_id)
    return {
        "cases": {
            case.id: tuple(getattr(case, name) for name in CASES)
            for case in list_cases(connection, round_id)
        },
        "tasks": {
            task.id: (task.state, task.place, task.opens_at, task.due_at, task.extended_on)
            for _, task in list_open_tasks(connection, round_id=round_id)
        },
        "milestones": {
            one["key"]: (one["first_on"], one["last_on"], one["due_at"], one["moved_from"])
            for one in milestones
        },
    }


def past(connection: Connection, round_id: str, until: datetime) -> dict[str, Any]:
    """Give the same as it stood before an instant, by replay."""
    found = read_past(connection, round_id, until)
    return {
        "cases": {case.id: tuple(getattr(case, name) for name in CASES) for case in found.cases},
        "tasks": {
            one.task.id: (
                one.task.state,
                one.task.place,
                one.task.opens_at,
                one.task.due_at,
                one.task.extended_on,
            )
            for one in found.cases
            if one.task
        },
        "milestones": {
            one.key: (one.first_on, one.last_on, one.due_at, one.moved_from)
            for one in found.milestones
        },
    }


def test_every_day_of_a_played_year_stands_as_it_stood(revision: Revision, tmp_path: Path) -> None:
    """A year is played and the tables are noted each evening; afterwards a replay gives the
    cases, the open tasks and the plan of each of those evenings."""
    (tmp_path / "org").mkdir()
    invent(revision, tmp_path / "org", units=8)
    noted: dict[date, dict[str, Any]] = {}
    file = tmp_path / "out" / "rehearsal.db"

    def note(day: Day) -> None:
        database = Database(f"sqlite:///{file}")
        with database.read() as connection:
            noted[day.on] = present(connection, ROUND)
        database.close()

    simulate(revision, Setting(year=2010, org=tmp_path / "org", out=tmp_path / "out"), note)

    database = Database(f"sqlite:///{file}")
    wrong = []
    with database.read() as connection:
        for day, stood in noted.items():
            if past(connection, ROUND, plan.day_end(day, ZONE)) != stood:
                wrong.append(day)
    database.close()
    assert 250 < len(noted)
    assert 20 < len({str(one) for one in noted.values()})
    assert [] == wrong


def test_every_kind_of_change_stands_as_it_stood(groundwork: Stage) -> None:
    """Moved milestones, extensions, returns, a unit carried as missing, one withdrawn, one
    added, tasks that changed hands: after each the replay up to then is what the tables held."""
    world, units = groundwork.world, groundwork.units("verksamhet")
    case = groundwork.case("underlag", units[0])
    boss = groundwork.boss(units[0])
    leader = groundwork.leader

    def extend() -> object:
        return extending.grant(world, f"{case}#1", date(2009, 3, 6), reason="Ja.", email=boss)

    def move() -> object:
        moved = date(2009, 3, 3)
        return moving.move_milestone(
            world, ROUND, "grundarbete", moved, reason="Snö.", email=groundwork.leader
        )

    def end(unit: str, how: str) -> object:
        return leading.end_unit(world, ROUND, unit, how, reason="Sammanslagen.", email=boss)

    def give_back() -> object:
        return groundwork.act(case, "aterlamna", boss, data={"questions": ["Varför?"]})

    def hand_up() -> object:
        # The chief who handed in becomes the one who would approve: it goes to the superior.
        groundwork.change(
            "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :e)"
            " WHERE role = 'driftenhetschef' AND unit = :u",
            e=groundwork.chief(units[0]),
            u=groundwork.parent(units[0]),
        )
        groundwork.at[0] += timedelta(days=1)
        return clockwork.tick(world)

    deeds = (
        extend,
        move,
        lambda: groundwork.hand_in(units[0]),
        give_back,
        lambda: end(units[1], "withdraw"),
        lambda: leading.add_unit(world, ROUND, units[1], reason="Ångrat.", email=leader),
        lambda: groundwork.hand_in(units[0], data={"answers": {"1": "Därför."}}),
        hand_up,
    )
    noted: list[tuple[datetime, dict[str, Any]]] = []
    for number, deed in enumerate(deeds):
        groundwork.put("2009-02-02", f"{10 + number}:00")
        deed()
        with world.database.read() as connection:
            noted.append((groundwork.at[0] + timedelta(seconds=1), present(connection, ROUND)))

    with world.database.read() as connection:
        replayed = [past(connection, ROUND, at) for at, _ in noted]

    kinds = {row[0] for row in groundwork.rows("SELECT DISTINCT kind FROM entries")}
    assert {"handed_over", "milestone_moved", "extended", "withdrawn"} <= kinds
    assert [stood for _, stood in noted] == replayed


def test_now_is_how_the_round_stands(groundwork: Stage) -> None:
    """Today's day gives the present, and says that the day is not over."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-20", "10:00")
    groundwork.hand_in(unit)

    found = as_of(groundwork.world, groundwork.leader, ROUND, date(2009, 2, 20))

    one = next(one for one in found.cases if one.case == groundwork.case("underlag", unit))
    boss = next(p.name for p in groundwork.people.people if p.email == groundwork.boss(unit))
    assert found.is_today
    assert ("Grundarbete och avstämning", False) == (found.state, found.disposed)
    assert ("Inlämnat", False, date(2009, 2, 20)) == (one.state, one.ended, one.since)
    assert ("Driftenhetschef", (boss,), date(2009, 2, 25)) == (one.owes, one.holders, one.due_on)


def test_a_day_before_shows_what_held_then(groundwork: Stage) -> None:
    """States, who had it, its last day and whether that had passed, and the plan as it was."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-03-02", "10:00")
    moving.move_milestone(
        groundwork.world,
        ROUND,
        "forslag",
        date(2009, 4, 24),
        reason="Salen är upptagen.",
        email=groundwork.leader,
    )
    groundwork.hand_in(unit)
    groundwork.put("2009-05-01", "10:00")

    before = as_of(groundwork.world, groundwork.leader, ROUND, date(2009, 3, 1))
    after = as_of(groundwork.world, groundwork.leader, ROUND, date(2009, 3, 2))

    def told(found: Any) -> tuple[object, ...]:
        one = next(one for one in found.cases if one.case == groundwork.case("underlag", unit))
        milestone = next(one for one in found.milestones if one.key == "forslag")
        return one.state, one.late, one.due_on, milestone.last_on, milestone.moved_from

    assert ("Utkast", True, date(2009, 2, 28), date(2009, 4, 22), None) == told(before)
    assert ("Inlämnat", False, date(2009, 3, 5), date(2009, 4, 24), date(2009, 4, 22)) == told(
        after
    )


def test_cases_stand_below_those_they_belong_to(groundwork: Stage) -> None:
    """The round first, then each avstämning with its underlag."""
    found = as_of(groundwork.world, groundwork.leader, ROUND, groundwork.at[0].date())

    kinds = [one.case.split(".")[1] for one in found.cases]
    assert ["omgang", *(["avstamning"] + ["underlag"] * 6) * 2] == kinds
    assert [0, *([1] + [2] * 6) * 2] == [one.depth for one in found.cases]


def test_before_it_was_opened_there_was_nothing(groundwork: Stage) -> None:
    """A day before the round is no error: there was no round."""
    found = as_of(groundwork.world, groundwork.leader, ROUND, date(2008, 1, 1))

    assert (0, "", (), ()) == (found.number, found.state, found.cases, found.milestones)


def test_a_day_that_has_not_been_is_refused(groundwork: Stage) -> None:
    """Nobody knows how it will stand."""
    with pytest.raises(BadInput, match="har inte varit än"):
        as_of(groundwork.world, groundwork.leader, ROUND, date(2010, 1, 1))


def test_one_sees_of_the_past_what_one_sees_today(groundwork: Stage) -> None:
    """A chief sees their own unit and the round; somebody outside sees nothing at all."""
    unit = groundwork.units("verksamhet")[0]
    today = groundwork.at[0].date()
    groundwork.end_grant("registrator", groundwork.units("landsting")[0])

    mine = as_of(groundwork.world, groundwork.chief(unit), ROUND, today)

    assert {ROOT, groundwork.case("underlag", unit)} == {one.case for one in mine.cases}
    with pytest.raises(NotFound):
        as_of(groundwork.world, groundwork.holder("registrator"), ROUND, today)


def test_those_who_held_it_then_are_named(groundwork: Stage) -> None:
    """A chief who has left since is named for the days when they held the role."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    name = next(one.name for one in groundwork.people.people if one.email == chief)
    groundwork.put("2009-02-20", "10:00")
    groundwork.change(
        "UPDATE grants SET to_on = '2009-01-31' WHERE role = 'verksamhetschef' AND unit = :u",
        u=unit,
    )

    held = {
        day: next(
            one.holders
            for one in as_of(groundwork.world, groundwork.leader, ROUND, day).cases
            if one.case == groundwork.case("underlag", unit)
        )
        for day in (date(2009, 1, 31), date(2009, 2, 1))
    }

    assert {date(2009, 1, 31): (name,), date(2009, 2, 1): ()} == held


def test_what_was_disposed_of_is_said_to_be_gone(groundwork: Stage) -> None:
    """States are in the entries themselves and stay; who owed what by when went with the
    payloads, and is said to be gone instead of being left out in silence."""
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)
    before = groundwork.at[0].date()
    groundwork.put("2009-02-20", "10:00")
    wish = acts.Wish(
        case=ROOT, transition="withdraw", email=groundwork.leader, comment="Ställs in."
    )
    acts.act(groundwork.world, wish)
    groundwork.put("2015-01-02")
    disposal.dispose(
        groundwork.world,
        disposal.Wish(
            before=date(2015, 1, 1), kinds=frozenset({disposal.Kind.PAYLOADS}), decision="dnr 1"
        ),
    )

    found = as_of(groundwork.world, groundwork.leader, ROUND, before)

    one = next(one for one in found.cases if one.case == case)
    assert found.disposed
    assert ("Utkast", "", None, True) == (one.state, one.owes, one.due_on, one.disposed)
    assert one.title.startswith("Underlag")
    assert all(milestone.disposed for milestone in found.milestones)


def test_a_state_changed_past_the_log_is_not_repeated(groundwork: Stage) -> None:
    """The past is told from the log, whatever stands in the tables."""
    groundwork.change("UPDATE cases SET state = 'plan' WHERE id = :c", c=ROOT)

    found = as_of(groundwork.world, groundwork.leader, ROUND, groundwork.at[0].date())

    assert "Grundarbete och avstämning" == found.state
