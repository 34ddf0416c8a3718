"""Rows that are given: laid out by the engine, filled in by people, and kept as they are."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.fixed import BUDGET, PRINTED, FixedRound, case_of, open_fixed
from tests.support.organisation import email
from workflow.core.errors import BadInput, Refused
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.sheets.table import read_table
from workflow.service.running import evidence
from workflow.store.database import Database

PLAN = case_of("plan", "norr")
KEYS = ["intakter", "personal", "drift", "avskrivningar"]


@pytest.fixture
def a_round(database: Database, tmp_path: Path) -> FixedRound:
    """A round in which the frames are asked for."""
    return open_fixed(database, tmp_path)


def keys(a_round: FixedRound, case: str, table: str) -> list[Any]:
    """Give which fixed rows there are, in their order."""
    return [row.cells.get("row") for row in a_round.rows(case, table)]


def told(a_round: FixedRound, *edits: list[Any], table: str = "budget") -> str:
    """Give why edits are refused."""
    with pytest.raises(BadInput) as caught:
        a_round.save(PLAN, "nora", edits={table: list(edits)})
    return caught.value.sv


def test_rows_come_to_be_with_the_state_that_fills_them_in(a_round: FixedRound) -> None:
    """One for each unit of a kind in the round, and one for each key; nobody has saved yet."""
    assert ["norr", "soder"] == keys(a_round, case_of("ar"), "ram")
    assert [] == keys(a_round, PLAN, "budget")

    a_round.frame()

    assert KEYS == keys(a_round, PLAN, "budget")
    assert [1, 2, 3, 4] == [row.number for row in a_round.rows(PLAN, "budget")]


def test_the_page_calls_them_by_name_and_offers_no_others(a_round: FixedRound) -> None:
    """The first column says which row it is; none can be added or moved."""
    frames = read_table(a_round.world, email("lena"), case_of("ar"), "ram")
    a_round.frame()
    page = read_table(a_round.world, email("nora"), PLAN, "budget")

    assert ["Norr", "Soder"] == [
        frames.columns[0].title_of(row.texts["row"]) for row in frames.rows
    ]
    assert "Område" == frames.columns[0].title
    assert ("Post", True) == (page.columns[0].title, page.columns[0].fixed)
    assert "Intäkter" == page.columns[0].title_of(page.rows[0].texts["row"])
    assert (True, False, False) == (page.writes, page.adds, page.moves)


@pytest.mark.parametrize(
    "edit",
    [
        ["add", None, {"row": "drift", "belopp.2015": 1}],
        ["add", 2, {"belopp.2015": 1}],
        ["drop", 1, 1],
        ["move", 1, 1, 3, ""],
        ["move", 4, None, 0],
    ],
)
def test_a_row_is_neither_added_nor_dropped_nor_moved(a_round: FixedRound, edit: list[Any]) -> None:
    """A refusal in words, and nothing is changed."""
    a_round.frame()

    assert "raderna ligger fast" in told(a_round, edit)
    assert KEYS == keys(a_round, PLAN, "budget")


def test_a_row_never_becomes_another(a_round: FixedRound) -> None:
    """Neither one that is there, nor an unknown one, nor none."""
    a_round.frame()

    assert "”Intäkter” ligger fast" in told(a_round, ["set", 1, 1, {"row": "drift"}])
    assert "ingen nivå" in told(a_round, ["set", 1, 1, {"row": "hyror"}])
    assert "”Intäkter” ligger fast" in told(a_round, ["set", 1, 1, {"row": ""}])
    assert KEYS == keys(a_round, PLAN, "budget")


def test_whole_rows_are_told_by_their_keys_in_any_order(a_round: FixedRound) -> None:
    """Or, without any, by their order; the rows lie where they lay."""
    a_round.frame()
    mixed = [{"row": key, "not": key} for key in reversed(KEYS)]

    a_round.save(PLAN, "nora", rows={"budget": mixed})
    a_round.save(PLAN, "nora", rows={"budget": [{"not": f"{n}"} for n in range(3)] + [{}]})

    rows = a_round.rows(PLAN, "budget")
    assert KEYS == [row.cells["row"] for row in rows]
    assert ["0", "1", "2", None] == [row.cells.get("not") for row in rows]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"row": "hyror"}], "ingen nivå"),
        ([{"row": key} for key in KEYS[:3]], "raden ”Avskrivningar” saknas"),
        ([{"row": key} for key in [*KEYS, "drift"]], "raden kom två gånger"),
        ([{"not": "en"}], "säg vilken rad det är"),
        ([{"not": "en"}] * 5, "säg vilken rad det är"),
        ([{"#": 1}, {"#": 2}, {"#": 3}, {"#": 9}], "Avskrivningar"),
        ([{"#": 2, "row": "intakter"}, {"#": 1}, {"#": 3}, {"#": 4}], "ligger fast"),
        ([], "saknas"),
    ],
)
def test_whole_rows_that_are_others_are_refused(
    a_round: FixedRound, rows: list[Any], words: str
) -> None:
    """Unknown ones, too few, too many, twice the same, and one in another's place."""
    a_round.frame()

    with pytest.raises(BadInput) as caught:
        a_round.save(PLAN, "nora", rows={"budget": rows})

    assert words in caught.value.sv
    assert KEYS == keys(a_round, PLAN, "budget")


def test_a_row_of_another_unit_is_no_row_here(a_round: FixedRound) -> None:
    """What is no unit of the kind has no frame, though it is a unit of the round."""
    with pytest.raises(BadInput, match="ingen av tabellens fasta rader"):
        a_round.save(case_of("ar"), "lena", rows={"ram": [{"row": "norr"}, {"row": "ett"}]})


def test_complete_asks_for_each_row_by_name(a_round: FixedRound) -> None:
    """Every year of every row, and a cell that one row alone needs."""
    with pytest.raises(Refused) as caught:
        a_round.act(case_of("ar"), "beslutat", "lena")

    words = [one.sv for one in caught.value.reasons]
    assert "Ramar, Norr: Ram 2014 saknas." in words
    assert "Ramar, Soder: Ram 2017 saknas." in words
    assert 8 == len(words)


def test_a_match_picks_a_fixed_row(a_round: FixedRound) -> None:
    """`required` and the `where` of a check take it like a level of a scale."""
    a_round.frame()
    a_round.budget({**BUDGET, "drift": (50_001, 0, 0, 0)})
    a_round.save(PLAN, "nora", edits={"budget": [["set", 3, None, {"not": ""}]]})

    with pytest.raises(Refused, match="Budget, Drift: Not saknas"):
        a_round.act(PLAN, "lamna_in", "nora")
    found = read_table(a_round.world, email("nora"), PLAN, "budget").findings
    assert (3,) == next(one.rows for one in found if one.check == "drift")


# ---- the frame of one's own unit ----------------------------------------------------------


def asks(a_round: FixedRound) -> list[str]:
    """Give what the check against the frame says."""
    page = read_table(a_round.world, email("nora"), PLAN, "budget")
    return [one.sv for one in page.findings if one.check == "ram"]


def test_a_sum_is_held_against_the_row_of_ones_own_unit(a_round: FixedRound) -> None:
    """The plan's printed sums differ by a thousand in three of four years: that is let pass."""
    a_round.frame()

    a_round.budget()

    assert [94987, 95294, 95901, 96524] == [
        sum(year) for year in zip(*BUDGET.values(), strict=True)
    ]
    assert [] == asks(a_round)


def test_what_does_not_add_up_wants_a_written_reason(a_round: FixedRound) -> None:
    """Year by year: with the revenue as a minus three years are off by far more than one."""
    a_round.frame()
    a_round.budget({**BUDGET, "intakter": (0, -19, -19, -20)})
    a_round.save(
        PLAN, "nora", rows={"mal": [{"mal": "Ett", "mattyp": "text", "rapporteras": "helar"}]}
    )

    assert ["2015", "2016", "2017"] == [one.partition("(")[2][:4] for one in asks(a_round)]
    with pytest.raises(Refused, match="skriv varför"):
        a_round.act(PLAN, "lamna_in", "nora")
    a_round.save(PLAN, "nora", edits={"budget": [["why", "ram", "Så står det i planen."]]})
    a_round.act(PLAN, "lamna_in", "nora")


# ---- again, and proved ----------------------------------------------------------------------


def test_rows_stay_when_a_state_is_entered_again(a_round: FixedRound) -> None:
    """A return lays out nothing twice, and loses nothing that was written."""
    a_round.frame()
    a_round.budget()
    a_round.save(
        PLAN, "nora", rows={"mal": [{"mal": "Ett", "mattyp": "text", "rapporteras": "helar"}]}
    )
    a_round.act(PLAN, "lamna_in", "nora")
    before = a_round.rows(PLAN, "budget")

    a_round.act(PLAN, "aterlamna", "lena", questions=["Varför?"])

    assert before == a_round.rows(PLAN, "budget")


def test_the_log_explains_every_fixed_row(a_round: FixedRound) -> None:
    """Verify replays them, and says so when one was put there past the log."""
    a_round.frame()
    a_round.budget()

    assert () == evidence.prove(a_round.world).problems
    with a_round.world.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM material_rows WHERE table_key = 'budget'")
    assert evidence.prove(a_round.world).problems


def test_the_case_page_shows_them(a_round: FixedRound) -> None:
    """With no empty rows to fill in, and sums by year."""
    a_round.frame()
    a_round.budget()

    material = read_case(a_round.world, email("nora"), PLAN).material
    assert material is not None
    table = next(one for one in material.tables if one.key == "budget")
    assert table.is_fixed
    assert PRINTED[0] == table.totals["belopp.2014"]
