"""A draft is saved, proved by the log, and never written over unseen."""

from dataclasses import replace

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import OBJEKT, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, Stale
from workflow.service.acts import Wish, act
from workflow.service.running import evidence
from workflow.service.saving import save
from workflow.store import deeds
from workflow.store.proof.material import Material

ROW = OBJEKT["objekt"][0]
SECOND = {"tillstand": "Två", "effekt_tkr": -480}


def wish(stage: Stage, unit: str, *rows: dict, email: str = "", **more) -> Wish:
    """Make the wish of a chief to save rows."""
    data = more.pop("data", {"rows": {"objekt": list(rows)}})
    case = stage.case("underlag", unit)
    return Wish(case=case, transition="", email=email or stage.chief(unit), data=data, **more)


def rows(stage: Stage, unit: str) -> list[str]:
    """Give the cells that are stored of the objects of a unit."""
    found = stage.rows(
        "SELECT cells FROM material_rows WHERE case_id = :case ORDER BY place",
        case=stage.case("underlag", unit),
    )
    return [row[0] for row in found]


def seen(stage: Stage, unit: str) -> int:
    """Give the last entry about a unit's underlag."""
    with stage.world.database.read() as connection:
        return deeds.last_number(connection, stage.case("underlag", unit))


def test_a_draft_is_saved_as_far_as_it_is(groundwork: Stage) -> None:
    """Rows that lack cells are saved; the case stays, nobody is told, and the log proves it."""
    unit = groundwork.units("verksamhet")[0]
    before = groundwork.counts()

    answer = save(groundwork.world, wish(groundwork, unit, SECOND))

    after = groundwork.counts()
    assert ['{"effekt_tkr": -480, "tillstand": "Två"}'] == rows(groundwork, unit)
    assert (1, 0, 0) == tuple(after[t] - before[t] for t in ("entries", "messages", "tasks"))
    assert 1 == answer["version"]
    assert True is evidence.prove(groundwork.world).ok


def test_the_log_tells_of_the_rows_that_changed_alone(groundwork: Stage) -> None:
    """Of three rows one is changed and one taken away: the entry holds the one."""
    unit = groundwork.units("verksamhet")[0]
    save(groundwork.world, wish(groundwork, unit, ROW, SECOND, ROW))

    save(groundwork.world, wish(groundwork, unit, ROW, {**SECOND, "effekt_tkr": -500}))

    line = evidence.log_lines(groundwork.world, groundwork.round)[-1]
    told = {"objekt": [["drop", 3], ["set", 2, {"effekt_tkr": -500}]]}
    assert {"sheets": told} == line["payload"]
    assert True is evidence.prove(groundwork.world).ok


def test_what_is_the_same_is_not_saved_again(groundwork: Stage) -> None:
    """Saving once more without a change leaves no entry."""
    unit = groundwork.units("verksamhet")[0]
    save(groundwork.world, wish(groundwork, unit, ROW))
    before = groundwork.counts()

    answer = save(groundwork.world, wish(groundwork, unit, ROW))

    assert None is answer["entry"]
    assert before == groundwork.counts()


@pytest.mark.parametrize(
    "past", ["UPDATE material_rows SET cells = '{}'", "DELETE FROM material_rows"]
)
def test_a_draft_changed_past_the_log_is_found(groundwork: Stage, past: str) -> None:
    """The proof compares saved rows as those that were handed in."""
    unit = groundwork.units("verksamhet")[0]
    save(groundwork.world, wish(groundwork, unit, ROW, SECOND))
    groundwork.change(past)

    assert False is evidence.prove(groundwork.world).ok


def test_answers_are_saved_one_by_one_and_changed(groundwork: Stage) -> None:
    """One of two questions is answered, then answered anew; the other stays open."""
    unit = returned(groundwork)
    save(groundwork.world, wish(groundwork, unit, data={"answers": {"1": "Sextio."}}))

    save(groundwork.world, wish(groundwork, unit, data={"answers": {"1": "Sjuttio.", "2": " "}}))

    found = groundwork.rows("SELECT number, answer FROM questions ORDER BY number")
    assert [(1, "Sjuttio."), (2, None)] == found
    assert True is evidence.prove(groundwork.world).ok


def test_an_answer_is_not_taken_away(groundwork: Stage) -> None:
    """An answer emptied is refused at its question, and nothing is saved with it."""
    unit = returned(groundwork)
    save(groundwork.world, wish(groundwork, unit, data={"answers": {"1": "Sextio."}}))
    before = groundwork.counts()

    with pytest.raises(BadInput) as caught:
        save(groundwork.world, wish(groundwork, unit, data={"answers": {"1": "", "2": "Ja."}}))

    assert ["fraga.1"] == [reason.place for reason in caught.value.reasons]
    assert {**before, "refusals": before["refusals"] + 1} == groundwork.counts()


def test_whoever_helps_saves_too(groundwork: Stage) -> None:
    """The medical groups fill in what the chief hands in."""
    unit = groundwork.units("verksamhet")[0]

    save(groundwork.world, wish(groundwork, unit, ROW, email=groundwork.holder("medicinsk_grupp")))

    assert 1 == len(rows(groundwork, unit))


@pytest.mark.parametrize("role", ["revisor", "driftenhetschef", "landstingsdirektor", "ledamot"])
def test_nobody_else_saves(groundwork: Stage, role: str) -> None:
    """Whoever merely reads changes nothing."""
    unit = groundwork.units("verksamhet")[0]

    with pytest.raises(NoRight):
        save(groundwork.world, wish(groundwork, unit, ROW, email=groundwork.holder(role)))

    assert [] == rows(groundwork, unit)


def test_what_was_handed_in_is_not_saved_over(groundwork: Stage) -> None:
    """After handing in the chief owes nothing, and an ended case takes nothing."""
    unit, other = groundwork.units("verksamhet")[:2]
    groundwork.hand_in(unit)
    groundwork.hand_in(other)
    groundwork.approve(other)

    with pytest.raises(NoRight):
        save(groundwork.world, wish(groundwork, unit, SECOND))
    with pytest.raises(Refused):
        save(groundwork.world, wish(groundwork, other, SECOND))


def test_a_table_that_is_not_filled_in_here_is_refused(groundwork: Stage) -> None:
    """Only the tables of the state are written."""
    unit = groundwork.units("verksamhet")[0]
    sent = wish(groundwork, unit, data={"rows": {"beslut": [{"utfall": "bifall"}]}})

    with pytest.raises(BadInput):
        save(groundwork.world, sent)

    assert 0 == groundwork.counts()["material_rows"]


def test_no_such_case(groundwork: Stage) -> None:
    """A case that is not there is not found."""
    with pytest.raises(NotFound):
        save(groundwork.world, wish(groundwork, "finns_inte", email=groundwork.leader))


def test_a_stale_save_overwrites_nothing(groundwork: Stage) -> None:
    """Somebody saved since the page was opened: the later one is told, and nothing is lost."""
    unit = groundwork.units("verksamhet")[0]
    opened = seen(groundwork, unit)
    helper = groundwork.holder("medicinsk_grupp")
    save(groundwork.world, wish(groundwork, unit, SECOND, email=helper, seen=opened))

    with pytest.raises(Stale):
        save(groundwork.world, wish(groundwork, unit, ROW, seen=opened))

    assert ['{"effekt_tkr": -480, "tillstand": "Två"}'] == rows(groundwork, unit)


def test_handing_in_over_what_somebody_saved_is_stale_too(groundwork: Stage) -> None:
    """Rows that come along with a step overwrite as little as those that are saved."""
    unit = groundwork.units("verksamhet")[0]
    opened, helper = seen(groundwork, unit), groundwork.holder("medicinsk_grupp")
    save(groundwork.world, wish(groundwork, unit, SECOND, email=helper))

    with pytest.raises(Stale):
        act(
            groundwork.world,
            replace(wish(groundwork, unit, ROW, seen=opened), transition="lamna_in"),
        )

    assert 1 == len(rows(groundwork, unit))


def test_a_double_click_saves_once(place: Place, groundwork: Stage) -> None:
    """Six clicks that are one request save once; none is told that it is stale."""
    unit = groundwork.units("verksamhet")[0]
    opened = seen(groundwork, unit)
    ways = [groundwork.another(place.open()) for _ in range(6)]
    sent = wish(groundwork, unit, ROW, seen=opened, request_id="0" * 32)

    found = together(*(lambda way=way: save(way.world, sent) for way in ways))

    assert [False, *[True] * 5] == sorted(one["repeated"] for one in found)
    assert 1 == len({one["entry"] for one in found})


def test_of_many_who_save_at_once_one_wins(place: Place, groundwork: Stage) -> None:
    """Six who opened the same page save at the same instant: one does, five are told."""
    unit = groundwork.units("verksamhet")[0]
    opened = seen(groundwork, unit)
    ways = [groundwork.another(place.open()) for _ in range(6)]

    found = together(
        *(
            lambda way=way, n=n: save(
                way.world, wish(groundwork, unit, {**ROW, "volym": n}, seen=opened)
            )
            for n, way in enumerate(ways)
        )
    )

    assert 5 == sum(isinstance(one, Stale) for one in found)
    assert 1 == len(rows(groundwork, unit))
    assert True is evidence.prove(groundwork.world).ok


def test_a_request_is_known_by_its_form(groundwork: Stage) -> None:
    """The same form sent again is a repeat, though it is now read in another way."""
    unit = groundwork.units("verksamhet")[0]
    first = wish(groundwork, unit, ROW, request_id="1" * 32, form="f")
    save(groundwork.world, first)

    again = save(groundwork.world, wish(groundwork, unit, request_id="1" * 32, form="f", data={}))

    assert True is again["repeated"]
    with pytest.raises(Refused):
        save(groundwork.world, wish(groundwork, unit, ROW, request_id="1" * 32, form="g"))


def returned(stage: Stage) -> str:
    """Send a unit's underlag back with two questions; gives the unit."""
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case = stage.case("underlag", unit)
    stage.act(case, "aterlamna", stage.boss(unit), data={"questions": ["Hur många?", "Varför?"]})
    return unit


def test_a_table_that_was_emptied_before_rows_had_numbers_holds(groundwork: Stage) -> None:
    """Entries of then told of a whole table; an empty one leaves nothing to compare with."""
    case = groundwork.case("underlag", groundwork.units("verksamhet")[0])
    entry = {"kind": "transition", "case_id": case, "at": "", "actor": 1}
    material = Material()
    material.take(entry, {"rows": {"objekt": [ROW, ROW]}})
    material.take(entry, {"rows": {"objekt": []}})

    with groundwork.world.database.read() as connection:
        found = list(material.compare(connection, groundwork.round))

    assert [] == found
