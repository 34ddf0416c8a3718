"""Columns of every type in a round: chosen, shown, handed in, hidden, and proved."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.columns import TABLE, ColumnRound, budgets, case_of, open_columns
from tests.support.organisation import email
from workflow.core.errors import BadInput, Refused
from workflow.core.facts import SheetKey
from workflow.service.people import organisation
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.sheets.previous import read_previous
from workflow.service.reading.sheets.table import SheetPage, read_row, read_table
from workflow.service.reading.sheets.whole import WholeSheet, read_whole
from workflow.service.running import evidence
from workflow.store.database import Database
from workflow.store.material import read_sheet

HIDDEN = "Lönepåslag"


@pytest.fixture
def a_round(database: Database, tmp_path: Path) -> ColumnRound:
    """A round whose clinics fill in rows; ett has a budget and two rows."""
    found = open_columns(database, tmp_path, "ett,budget_tkr,10 000")
    first = {"vad": "Knä", "lon": 77, "tkr.2010": 100, "tkr.2011": 50}
    found.save(["add", None, first], ["add", None, {"vad": "Axel", "lon": 11}])
    return found


def page(a_round: ColumnRound, who: str = "ellen") -> SheetPage:
    """Read the table's page."""
    return read_table(a_round.world, email(who), case_of("ett"), TABLE)


def whole(a_round: ColumnRound, who: str = "ellen") -> WholeSheet:
    """Read all that a file is made of."""
    return read_whole(a_round.world, email(who), case_of("ett"), TABLE)


def cells(a_round: ColumnRound, number: int = 1) -> dict[str, Any]:
    """Read a row past the pages."""
    with a_round.world.database.read() as connection:
        rows = read_sheet(connection, SheetKey(case_of("ett"), TABLE))
    return dict(next(row.cells for row in rows if row.number == number))


def options(a_round: ColumnRound, column: str) -> dict[str, str]:
    """Give what may be chosen in a column."""
    return dict(next(one for one in page(a_round).columns if one.key == column).options)


def test_what_may_be_chosen_is_called_by_its_name(a_round: ColumnRound) -> None:
    """People with a role, units, the case's files and rows, each by the key that is stored."""
    number = a_round.attach("plan.csv")

    assert "Lena" == options(a_round, "ansvarig")["lena"]
    assert "utan" not in options(a_round, "ansvarig")
    assert "Ett" == options(a_round, "enhet")["ett"]
    assert {str(number): "plan.csv"} == options(a_round, "bilaga")
    assert {"1": "Knä (rad 1)", "2": "Axel (rad 2)"} == options(a_round, "betalas")
    assert {} == options(a_round, "forra")
    several = [one.key for one in page(a_round).columns if one.several]
    assert ["betalas", "grunder"] == several


def test_each_year_is_a_column_with_its_sum(a_round: ColumnRound) -> None:
    """On the page, among what is filled in, and in the totals; as the list shows it too."""
    found = page(a_round)

    titles = {one.key: one.title for one in found.columns}
    assert ("Effekt 2010", "Effekt 2011") == (titles["tkr.2010"], titles["tkr.2011"])
    assert "tkr" not in titles
    assert {"tkr.2010": 100, "tkr.2011": 50, "lon": 88} == dict(found.totals)
    assert {"tkr.2010": "100", "tkr.2011": "50"}.items() <= found.rows[0].texts.items()


def test_what_is_gone_is_shown_as_gone_and_stops_the_handing_in(a_round: ColumnRound) -> None:
    """A row that was dropped: the number stays, and complete asks for another."""
    a_round.save(["set", 1, 1, {"betalas": ["2"], "ansvarig": "tove"}])
    a_round.save(["drop", 2, None])

    found = page(a_round)
    column = next(one for one in found.columns if one.key == "betalas")
    assert "rad 2 (borttagen)" == column.title_of(found.rows[0].texts["betalas"])
    with pytest.raises(Refused, match="raden är borttagen"):
        a_round.hand_in()
    with pytest.raises(BadInput, match="ingen rad som finns"):
        a_round.save(["add", None, {"vad": "Ny", "betalas": "2"}])


def test_an_unknown_person_is_answered_by_row_and_cell(a_round: ColumnRound) -> None:
    """Nothing of the save is kept."""
    with pytest.raises(BadInput) as caught:
        a_round.save(["set", 1, 1, {"ansvarig": "utan", "vad": "Annat"}])

    assert ["rader.1.ansvarig"] == [one.place for one in caught.value.reasons]  # type: ignore[attr-defined]
    assert "Knä" == cells(a_round)["vad"]


def test_a_share_of_the_budget_is_measured(a_round: ColumnRound) -> None:
    """Three percent of 10,000 is 300 for each year: 310 stops, 300 does not."""
    a_round.save(["set", 1, 1, {"tkr.2010": 310}])

    with pytest.raises(Refused, match="tre procent av budgeten"):
        a_round.hand_in()
    a_round.save(["set", 1, 2, {"tkr.2010": 300}])
    a_round.hand_in()


def test_a_round_keeps_the_figures_it_was_opened_with(a_round: ColumnRound, tmp_path: Path) -> None:
    """Another budget is for the next round; verify still finds what the round copied."""
    budgets(tmp_path / "org", "ett,budget_tkr,1")
    told = organisation.bring_in(a_round.world, tmp_path / "org")

    a_round.hand_in()

    assert ("ett budget_tkr",) == told["facts"]["changed"]
    assert () == evidence.prove(a_round.world).problems


def test_a_round_says_which_figures_nobody_imported(a_round: ColumnRound) -> None:
    """They are named when it is opened, and stop nothing."""
    told = a_round.open(2011)

    assert ["tva.budget_tkr", "tre.budget_tkr"] == told["missing_facts"]


# ---- columns that only some see --------------------------------------------------------


def test_a_hidden_column_never_leaves(a_round: ColumnRound) -> None:
    """Neither name nor value, on any page or in any file; who sees it has both."""
    chief, helper = email("ellen"), email("nora")
    case = case_of("ett")

    for who, sees in ((chief, True), (helper, False)):
        told = [
            repr(read_table(a_round.world, who, case, TABLE)),
            repr(read_row(a_round.world, who, case, TABLE, 1)),
            repr(read_whole(a_round.world, who, case, TABLE).rows),
            repr(read_case(a_round.world, who, case)),
        ]
        assert [sees] * 4 == ["77" in one for one in told]
        assert [sees, sees, sees] == [HIDDEN in told[at] for at in (0, 1, 3)]
    assert {"lon"} == whole(a_round, "nora").hidden


def test_a_hidden_column_is_neither_set_nor_wiped(a_round: ColumnRound) -> None:
    """Whoever does not see it saves the rest."""
    with pytest.raises(BadInput):
        a_round.save(["set", 1, 1, {"lon": 0}], who="nora")
    a_round.save(["set", 1, 1, {"vad": "Nytt"}], who="nora")

    assert ("Nytt", 77) == (cells(a_round)["vad"], cells(a_round)["lon"])


def test_a_list_shows_a_hidden_column_to_none_but_those_who_see_it(a_round: ColumnRound) -> None:
    """The list's leader sees the years and not the pay; what points is called by its name."""
    number = a_round.attach("plan.csv")
    a_round.save(["set", 1, 1, {"ansvarig": "tove", "betalas": "2", "bilaga": number}])
    a_round.hand_in()
    a_round.hand_in("tva", "tove")
    a_round.hand_in("tre", "trygve")

    found = read_list(a_round.world, email("lena"), "prov-2010.omgang", "lista")

    keys = [one.key for one in found.columns]
    assert "lon" not in keys
    assert {"tkr.2010", "tkr.2011"} <= set(keys)
    assert "77" not in repr(found.rows)
    assert ("Tove", 100) == (
        found.cell(found.rows[0], "ansvarig"),
        found.cell(found.rows[0], "tkr.2010"),
    )
    # Numbers of rows and files are those of the case where they were filled in.
    assert ("rad 2", "fil 1") == (
        found.cell(found.rows[0], "betalas"),
        found.cell(found.rows[0], "bilaga"),
    )
    assert {"tkr.2010": 100, "tkr.2011": 50} == dict(found.totals)


# ---- the round before ------------------------------------------------------------------


@pytest.fixture
def next_round(a_round: ColumnRound) -> ColumnRound:
    """The same clinics a year later."""
    a_round.save(
        ["set", 1, 1, {"grunder": "alder,liv", "slag": "tkr", "varde": "5", "betalas": "2"}],
        ["set", 2, 1, {"ansvarig": "tove", "enhet": "ett"}],
    )
    a_round.open(2011)
    return a_round


def test_rows_of_the_round_before_are_rows_to_begin_from(next_round: ColumnRound) -> None:
    """What can stand in this round's columns: the year that both have, no pointing at rows."""
    found = read_previous(next_round.world, email("ellen"), case_of("ett", 2011), TABLE)

    first = {"vad": "Knä", "grunder": "alder,liv", "slag": "tkr", "varde": 5, "tkr.2011": 50}
    assert ({**first, "lon": 77, "forra": f"{case_of('ett')}/1"}) == found[0]
    assert ("tove", "ett") == (found[1]["ansvarig"], found[1]["enhet"])
    assert 2 == len(found)


def test_they_are_the_same_units_and_what_one_reads(next_round: ColumnRound) -> None:
    """Another clinic has none; whoever does not see a column gets nothing of it."""
    world = next_round.world

    assert () == read_previous(world, email("tove"), case_of("tva", 2011), TABLE)
    helper = read_previous(world, email("nora"), case_of("ett", 2011), TABLE)
    assert ["Knä", "Axel"] == [row["vad"] for row in helper]
    assert not any("lon" in row for row in helper)


def test_a_row_of_the_round_before_is_pointed_at(next_round: ColumnRound) -> None:
    """By its words, with a way there; one of another unit is not to be chosen."""
    next_round.save(["add", None, {"vad": "Knä", "forra": f"{case_of('ett')}/1"}], year=2011)

    found = read_table(next_round.world, email("ellen"), case_of("ett", 2011), TABLE)
    column = next(one for one in found.columns if one.key == "forra")
    assert "Knä (rad 1)" == column.title_of(found.rows[0].texts["forra"])
    assert f"/arenden/{case_of('ett')}/tabell/{TABLE}" == column.link_of(f"{case_of('ett')}/1")
    with pytest.raises(BadInput, match="förra omgången"):
        next_round.save(["set", 1, 1, {"forra": f"{case_of('tva')}/1"}], year=2011)


def test_verify_finds_nothing_wrong(next_round: ColumnRound) -> None:
    """The log replays to the present rows, whatever their types."""
    next_round.attach("plan.csv")
    next_round.save(["set", 1, 2, {"bilaga": 1, "forra": None}])

    assert () == evidence.prove(next_round.world).problems
