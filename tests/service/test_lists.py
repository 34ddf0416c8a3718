"""One list of everybody's rows: compiled, put in order, compiled again; and who reads it."""

from collections import Counter
from pathlib import Path

import pytest

from tests.service.threads import together
from tests.support.lists import ROOT, ROWS, TABLE, ListRound, open_lists
from workflow.core.errors import BadInput, NoRight, NotFound, Stale
from workflow.core.sheets import Book
from workflow.store.database import Database
from workflow.store.deeds import told

ALL = ["Knä", "Axel", "Hälsosamtal", "Palliativt team", "=Snarkning"]
SAID = {"1": "Ja."}


@pytest.fixture
def lists(database: Database, tmp_path: Path) -> ListRound:
    """A round whose common list is put in order."""
    a_round = open_lists(database, tmp_path)
    a_round.collect()
    return a_round


def test_the_list_shows_every_row_once_with_where_it_comes_from(lists: ListRound) -> None:
    """Rows in the units' order; each names the area's list and the clinic, and its place there."""
    page = lists.page()

    assert ALL == [row.name for row in page.rows]
    assert [1, 2, 3, 4, 5] == [row.position for row in page.rows]
    axel = page.rows[1]
    assert axel.source and axel.root
    assert ("Norr", 2, 3) == (axel.source.unit, axel.source.place, axel.source.of)
    assert ("Ett", 2, 2) == (axel.root.unit, axel.root.place, axel.root.of)
    assert ("Ett", "Tva", "Tre") == page.units
    assert ["vad", "hur", "slag", "grad", "tkr", "ord", "svar"] == [c.key for c in page.columns]
    assert ("Knä", "Artroskopi", "Bortval", "3, lägst", 1850, None, None) == page.rows[0].cells
    assert [False, False, False, True] == [c.unverified for c in page.columns[:4]]


def test_the_sums_run_down_the_list_to_the_total(lists: ListRound) -> None:
    """The last running sum is the total; the parts by kind and sign come to the same."""
    page = lists.page()

    assert [1850, 2790, 5890, 990, 2110] == [row.running for row in page.rows]
    assert {"tkr": 2110} == page.totals
    balance = page.balance(None)
    assert [("Bortval", 4, 7010)] == [(p.kind, p.count, p.amount) for p in balance.freed]
    assert [("Satsning", 1, -4900)] == [(p.kind, p.count, p.amount) for p in balance.costs]
    assert 2110 == balance.left
    assert 5890 == page.balance(3).left
    assert 0 == page.balance(0).left


def test_a_moved_row_tells_of_its_move(lists: ListRound) -> None:
    """Who, when, from where to where and why, as the log has it."""
    lists.clock.put("2009-03-02")
    lists.move("Hälsosamtal", 1, "Två enheter föreslår det.")
    lists.move("=Snarkning", 2, "Hör ihop.", who="dag")

    page = lists.page()
    first, second = page.rows[0], page.rows[1]
    assert ["Hälsosamtal", "=Snarkning", "Knä", "Axel", "Palliativt team"] == lists.names()
    assert [(3, 1, "Två enheter föreslår det.")] == [
        (m.before, m.after, m.why) for m in first.moves
    ]
    assert [(5, 2, "Hör ihop.")] == [(m.before, m.after, m.why) for m in second.moves]
    assert first.moves[0].who != second.moves[0].who
    assert first.moves[0].at == lists.clock.now


def test_turning_an_order_round_wants_a_reason_and_stays_marked(lists: ListRound) -> None:
    """Norr has Knä before Axel; the reason is wanted once, and stands by the row afterwards."""
    with pytest.raises(BadInput) as caught:
        lists.move("Axel", 1)
    before = lists.names()
    lists.move("Axel", 1, "Axeln är säkrare.")

    assert ["order_turned"] == [reason.code for reason in caught.value.reasons]
    assert "”Axel” före ”Knä”. Ett har dem i den andra ordningen" in caught.value.sv
    assert ALL == before
    page = lists.page()
    assert [("Knä", 2, "Axeln är säkrare.")] == [
        (one.name, one.position, one.why) for one in page.rows[0].against
    ]
    assert () == page.rows[1].against
    lists.move("Axel", 2)  # back again needs none
    assert all(not row.against for row in lists.page().rows)


def test_rows_of_different_units_have_no_order_between_them(lists: ListRound) -> None:
    """What Soder has may stand before what Norr has, and nobody asks why."""
    lists.move("Palliativt team", 1)

    assert ["Palliativt team", *ALL[:3], ALL[4]] == lists.names()
    assert all(not row.against for row in lists.page().rows)


def test_a_whole_form_cannot_turn_an_order_round_unseen_either(lists: ListRound) -> None:
    """Rows that come whole, with their numbers in another order, are moves as well."""
    rows = {TABLE: [{"#": number} for number in (2, 1, 3, 4, 5)]}

    with pytest.raises(BadInput) as caught:
        lists.act("omgang", "klart", "lena", rows=rows)

    assert "order_turned" in {reason.code for reason in caught.value.reasons}


@pytest.mark.parametrize("to", [0, 6, -1, 10**9])
def test_a_position_that_is_not_there_is_told_of(lists: ListRound, to: int) -> None:
    """The list has so many positions and no others."""
    with pytest.raises(BadInput, match="platserna 1 till 5"):
        lists.move("Knä", to)

    assert ALL == lists.names()


def test_two_who_move_different_rows_both_get_their_way(lists: ListRound) -> None:
    """Each says only what their own row does; nothing is lost."""
    page = lists.page()
    third, fifth = page.rows[2], page.rows[4]
    lists.edit("lena", ["move", third.number, third.version, 0, "Säkrast."])
    lists.edit("dag", ["move", fifth.number, fifth.version, third.number, "Hör ihop."])

    assert ["Hälsosamtal", "=Snarkning", "Knä", "Axel", "Palliativt team"] == lists.names()


def test_two_who_move_the_same_row_do_not_lose_a_move(lists: ListRound) -> None:
    """The second is told; the first move stands."""
    row = lists.page().rows[2]
    lists.edit("lena", ["move", row.number, row.version, 0, "Säkrast."])

    with pytest.raises(Stale) as caught:
        lists.edit("dag", ["move", row.number, row.version, None, "Sist."])

    assert ["stale_row"] == [reason.code for reason in caught.value.reasons]
    assert "Hälsosamtal" == lists.names()[0]


def test_two_at_the_same_instant(lists: ListRound) -> None:
    """Of two who move the same row at once one is told; whoever got there, no row is lost."""
    row = lists.page().rows[2]

    def go(who: str, after: int | None) -> bool:
        try:
            lists.edit(who, ["move", row.number, row.version, after, "Skäl."])
        except Stale:
            return False
        return True

    done = together(lambda: go("lena", 0), lambda: go("dag", None))

    assert [False, True] == sorted(done)
    assert Counter(ALL) == Counter(lists.names())


def test_only_who_has_the_list_moves_its_rows(lists: ListRound) -> None:
    """Who reads it may not; who reads nothing of it is not told that it is there."""
    assert [True, True] == [lists.page("lena").movable, lists.page("dag").movable]
    with pytest.raises(NotFound):
        lists.page("utan")
    with pytest.raises(NotFound):
        lists.move("Knä", 3, who="utan")
    row = lists.page().rows[0]
    with pytest.raises(NoRight):
        lists.edit("ellen", ["move", row.number, row.version, None, "Sist."])

    assert ALL == lists.names()


@pytest.mark.parametrize("table", ["rader", "finns_inte", "omradets", "gemensam%00", ""])
def test_what_is_no_list_of_this_case_is_not_there(lists: ListRound, table: str) -> None:
    """A table that is filled in, one of another case and one of nobody: all the same answer."""
    with pytest.raises(NotFound):
        lists.page(table=table)


def test_compiling_again_never_loses_or_doubles_a_row(lists: ListRound) -> None:
    """A row that stays keeps its position and number, a new one comes last, a removed one goes;
    the log alone gives the same list."""
    lists.move("Hälsosamtal", 1, "Flest berörs.")
    lists.move("Axel", 2, "Säkrare.")
    numbers = {row.name: row.number for row in lists.page().rows}

    _go_back(lists)
    changed = {**ROWS, "ett": [{"#": 2, **ROWS["ett"][1]}, {"vad": "Ny", "slag": "bort", "tkr": 7}]}
    for unit, chief in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        rows = {"rader": changed[unit]}
        lists.act(f"underlag.{unit}", "lamna_in", chief, rows=rows, answers=SAID)
    for area, chief in (("norr", "nora"), ("soder", "sune")):
        lists.act(f"lista.{area}", "lamna", chief)

    page = lists.page()
    assert ["Hälsosamtal", "Axel", "Palliativt team", "=Snarkning", "Ny"] == lists.names()
    kept = {row.name: row.number for row in page.rows if row.name in numbers}
    assert kept == {name: number for name, number in numbers.items() if name != "Knä"}
    assert max(numbers.values()) < page.rows[-1].number
    assert "Säkrare." == page.rows[1].moves[-1].why
    _check_log(lists)


def test_whatever_is_moved_the_log_gives_the_same_list(lists: ListRound) -> None:
    """Thirty moves: every row is there once throughout, and replay gives the present order."""
    for turn in range(30):
        row = lists.page().rows[(turn * 7) % 5]
        lists.move(row.name, 1 + (turn * 3) % 5, f"Skäl {turn}.")
        origins = [one.origin for one in lists.sheet()]
        assert 5 == len(set(origins)) == len(origins)

    _check_log(lists)
    moved = [row for row in lists.page().rows if row.moves]
    last = max(moved, key=lambda row: row.moves[-1].entry)
    assert last.position == last.moves[-1].after


def _go_back(lists: ListRound) -> None:
    lists.act(
        "omgang",
        "tillbaka",
        "lena",
        pick=["norr", "soder", "ett", "tva", "tre"],
        questions=["Är det allt?"],
    )


def _check_log(lists: ListRound) -> None:
    book = Book()
    with lists.world.database.read() as connection:
        for entry in told(connection, ROOT):
            book.take(entry.payload)
    assert [*lists.sheet()] == book.rows(TABLE)
