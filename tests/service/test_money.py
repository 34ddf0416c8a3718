"""The money of a list: sums, the line, what pays for what, what becomes of each row."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.service.threads import together
from tests.support.lists import ROOT, TABLE, ListRound
from tests.support.money import fill_in, number_of, open_money
from tests.support.organisation import email
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.service.placing import LineWish, draw_line
from workflow.service.reading.lists.money import Money, money_of
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.events import Scope, every_event
from workflow.service.running.evidence import prove
from workflow.store.database import Database

TODAY = date(2009, 3, 2)


@pytest.fixture
def money(database: Database, tmp_path: Path) -> ListRound:
    """A round whose common list says what pays for what."""
    return open_money(database, tmp_path)


def _line(money: ListRound, after: int | None, who: str = "lena") -> object:
    wish = LineWish(case=ROOT, table=TABLE, email=email(who), after=after)
    return draw_line(money.world, wish)["entry"]


def _money(money: ListRound, line: int | None = None) -> Money:
    return money_of(money.page(), line, TODAY)


# ---- sums ------------------------------------------------------------------------------


def test_what_frees_and_what_costs_stand_apart_with_running_sums(money: ListRound) -> None:
    """Told apart by their sign alone; together they are the list's sum."""
    found = _money(money)

    assert [("Knä", 1850), ("Axel", 2790), ("Hälsosamtal", 5890), ("=Snarkning", 7010)] == [
        (step.row.name, step.running) for step in found.freed
    ]
    assert [("Palliativt team", -4900)] == [(step.row.name, step.running) for step in found.costs]
    assert (7010, -4900, 2110) == (
        found.weighed.all.freed,
        found.weighed.all.cost,
        found.weighed.all.net,
    )
    assert money.page().totals["tkr"] == found.weighed.all.net == found.balance.left


def test_each_unit_has_its_share_of_its_budget(money: ListRound) -> None:
    """Per cent with one decimal; a unit without a budget says so, and so do all together."""
    shares = {share.unit: share for share in _money(money).weighed.units}

    assert (2790, 0, 100_000, Decimal("2.8")) == (
        shares["Ett"].freed,
        shares["Ett"].cost,
        shares["Ett"].means,
        shares["Ett"].percent,
    )
    assert Decimal("5.0") == shares["Tva"].percent
    assert (1120, -4900, -3780, None, None) == (
        shares["Tre"].freed,
        shares["Tre"].cost,
        shares["Tre"].net,
        shares["Tre"].means,
        shares["Tre"].percent,
    )
    assert _money(money).weighed.all.means is None


# ---- the line --------------------------------------------------------------------------


def test_the_line_is_saved_told_of_and_verified(money: ListRound) -> None:
    """It lies there for everybody; the log tells of it, and proves it."""
    _line(money, 3)

    assert (3, 3) == (money.page().line, money.page("dag").line)
    told = list(every_event(money.world, email("lena"), Scope(case=ROOT), Filter()))
    assert any("linjen flyttad" in one.what for one in told)
    assert prove(money.world).ok


def test_a_line_that_the_log_knows_nothing_of_is_found(money: ListRound) -> None:
    """Whoever moves it past the engine is seen."""
    _line(money, 3)
    with money.world.database.write() as connection:
        connection.exec_driver_sql("UPDATE sheets SET line = 1 WHERE line IS NOT NULL")

    assert not prove(money.world).ok


def test_the_line_stays_where_it_lies_when_rows_are_moved(money: ListRound) -> None:
    """Also when the last row above it is moved; a line taken away is gone."""
    _line(money, 2)
    money.move("Palliativt team", 1)
    at_first = money.page().line
    money.move("Knä", 5, "Sist.")
    at_last = money.page().line
    _line(money, None)

    assert (3, 2) == (at_first, at_last)
    assert money.page().line is None


def test_the_same_line_twice_is_one_entry(money: ListRound) -> None:
    """The second is answered without one."""
    assert isinstance(_line(money, 2), int)
    assert _line(money, 2) is None


@pytest.mark.parametrize("after", [-1, 6, 10**9])
def test_a_line_that_cannot_be_is_told_of(money: ListRound, after: int) -> None:
    """The list has so many positions."""
    with pytest.raises(BadInput, match="platserna 0 till 5"):
        _line(money, after)


def test_only_who_has_the_list_draws_its_line(money: ListRound) -> None:
    """A chief does not read it; when it is somebody else's turn nobody does."""
    with pytest.raises(NotFound):
        _line(money, 2, who="ellen")
    money.act("omgang", "klart", "lena")
    with pytest.raises((NoRight, Refused)):
        _line(money, 2)

    assert money.page().line is None


def test_two_who_draw_the_line_at_the_same_instant(money: ListRound) -> None:
    """Both are done, one after the other, and the log proves where it ended."""
    answers = together(lambda: _line(money, 1), lambda: _line(money, 4, who="dag"))

    assert all(isinstance(one, int) for one in answers)
    assert money.page().line in (1, 4)
    assert prove(money.world).ok


# ---- what pays for what ----------------------------------------------------------------


def test_a_cost_names_what_pays_for_it(money: ListRound) -> None:
    """Each payer in the order named, as far as it goes; what is left is said of both."""
    knee, talk = number_of(money, "Knä"), number_of(money, "Hälsosamtal")
    fill_in(money, "Palliativt team", betalas_av=f"{knee},{talk}")

    links = _money(money).links
    (cover,) = links.covers
    assert [("Knä", 1850), ("Hälsosamtal", 3050)] == [
        (part.row.name if part.row else "", part.amount) for part in cover.parts
    ]
    assert (4900, 0) == (cover.covered, cover.uncovered)
    assert {"Knä": 0, "Axel": 940, "Hälsosamtal": 50, "=Snarkning": 1120} == {
        payer.row.name: payer.over for payer in links.payers
    }
    assert not any(payer.is_overpromised for payer in links.payers)


def test_what_is_promised_twice_is_said(money: ListRound) -> None:
    """A second cost on the same payer takes what is left, and no more."""
    knee = number_of(money, "Knä")
    fill_in(money, "Palliativt team", betalas_av=str(knee))
    with money.world.database.write() as connection:  # a second cost, past the engine
        connection.exec_driver_sql(
            "UPDATE material_rows SET cells = replace(cells, '940', '-940')"
            " WHERE table_key = 'rader'"
        )
    fill_in(money, "Axel", betalas_av=str(knee))

    links = _money(money).links
    assert {"Axel": (940, 0), "Palliativt team": (910, 3990)} == {
        cover.row.name: (cover.covered, cover.uncovered) for cover in links.covers
    }
    payer = next(one for one in links.payers if one.row.name == "Knä")
    assert (2790, 0, True) == (payer.promised, payer.over, payer.is_overpromised)


def test_what_lies_below_the_line_pays_for_nothing(money: ListRound) -> None:
    """It is named, and gives nothing."""
    last = number_of(money, "=Snarkning")
    fill_in(money, "Palliativt team", betalas_av=str(last))

    (cover,) = _money(money, 4).links.covers
    assert [("=Snarkning", 0)] == [(p.row.name if p.row else "", p.amount) for p in cover.parts]
    assert 4900 == cover.uncovered


# ---- what becomes of each row ------------------------------------------------------------


def test_the_states_are_counted_and_summed(money: ListRound) -> None:
    """Each level, and what has none yet; together they are the whole list."""
    fill_in(money, "Knä", forslag="genomfors")
    fill_in(money, "Axel", forslag="utreds", utreds_av="dag", utrett_till="2009-03-01")
    fill_in(money, "Hälsosamtal", forslag="utreds")

    found = _money(money, 1)
    assert [("genomfors", 1, 1850), ("utreds", 2, 4040), ("avstyrks", 0, 0), ("", 2, -3780)] == [
        (one.key, one.count, one.amount) for one in found.states
    ]
    assert [("Axel", date(2009, 3, 1), True), ("Hälsosamtal", None, False)] == [
        (one.row.name, one.day, one.is_late) for one in found.pending
    ]
    assert found.pending[0].owner.startswith("Dag")
    assert "" == found.pending[1].owner
