"""Fixed rows, goals that are due by occasion, and values of the row's own type, on pages and
in spreadsheets; with the goals and the budget of a region's staff for 2015."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.service.worlds import Stage
from tests.support.fixed import GOALS, PRINTED, FixedRound, case_of, open_fixed
from tests.support.organisation import email
from tests.web.browsing import Guest, visit_of
from web.forms import Upload
from web.tables.taking import Source, Taken, edits_of, take
from workflow.core.errors import Refused
from workflow.service import clockwork
from workflow.service.reading.sheets.table import read_table
from workflow.service.reading.sheets.whole import WholeSheet, read_whole
from workflow.service.running import evidence
from workflow.store.database import Database

PLAN = case_of("plan", "norr")
PATH = f"/arenden/{PLAN}"
BUDGET = (
    "Post;Not;Belopp 2014;Belopp 2015;Belopp 2016;Belopp 2017\n"
    "Intäkter;;0;19;19;20\n"
    "Personal;;63854;64841;64850;64861\n"
    "drift;Som i fjol;31 034;30 330;30 928;31 539\n"
    "Avskrivningar;;99;104;104;104\n"
)


@pytest.fixture
def a_round(database: Database, tmp_path: Path) -> FixedRound:
    """A round whose plans are worked on."""
    found = open_fixed(database, tmp_path)
    found.frame()
    return found


@pytest.fixture
def guest(a_round: FixedRound) -> Iterator[Guest]:
    """Who leads the area, at a browser."""
    with visit_of(cast(Stage, a_round)) as made:
        made.sign_in(email("nora"))
        yield made


def whole(a_round: FixedRound, table: str, case: str = PLAN) -> WholeSheet:
    """Read all that a file is made of."""
    return read_whole(a_round.world, email("nora"), case, table)


def taken(a_round: FixedRound, table: str, text: str) -> Taken:
    """Read an uploaded text."""
    return take(whole(a_round, table), Source(file=Upload("rader.csv", text.encode())), None)


def upload(a_round: FixedRound, table: str, text: str) -> Any:
    """Upload a text, and save what it comes to."""
    sheet, found = whole(a_round, table), taken(a_round, table, text)
    assert () == found.faults
    assert found.changes is not None
    edits = edits_of(sheet, found.changes, found.read, removes=True, adds_unknown=True)
    return a_round.save(PLAN, "nora", edits={table: edits})


# ---- the goals ---------------------------------------------------------------------------


def test_the_goals_are_read_each_by_its_own_type(a_round: FixedRound) -> None:
    """42 goals: 27 yes or no, 10 shares, 6 counts, one index and three without a measure."""
    upload(a_round, "mal", GOALS)

    cells = [row.cells for row in a_round.rows(PLAN, "mal")]
    assert 42 == len(cells)
    values = [(one["mattyp"], one.get("malvarde")) for one in cells]
    assert {("yes_no", True)} == {one for one in values if one[0] == "yes_no"}
    assert [("integer", 4), ("integer", 2)] == [values[7], values[39]]
    assert [("percent", "100"), ("percent", "2.5")] == values[31:33]
    assert [("number", "80")] == [one for one in values if one[0] == "number"]
    assert [("text", None)] * 3 == values[13:16]
    assert ("63.6", "40") == (cells[34]["ingang.2012"], cells[34]["ingang.2013"])
    assert "tertial_1,tertial_2,helar" == cells[31]["rapporteras"]


def test_the_one_goal_whose_plan_says_no_occasion_is_asked_for(a_round: FixedRound) -> None:
    """The plan gives the reply rate no time of reporting; nothing else is missing."""
    upload(a_round, "mal", GOALS)
    upload(a_round, "budget", BUDGET)

    with pytest.raises(Refused) as caught:
        a_round.act(PLAN, "lamna_in", "nora")

    assert ["Mål, rad 39: Rapporteras vid saknas."] == [one.sv for one in caught.value.reasons]


def test_a_value_is_shown_as_its_type_is_written(a_round: FixedRound, guest: Guest) -> None:
    """On the table's page, the row's, and the case's; and what stands there is taken back."""
    upload(a_round, "mal", GOALS)

    page = guest.get(f"{PATH}/tabell/mal")
    row = guest.get(f"{PATH}/tabell/mal/rad?nr=37")

    texts = read_table(a_round.world, email("nora"), PLAN, "mal").rows
    assert ("Ja", "2,5\N{NO-BREAK SPACE}%") == (
        texts[0].texts["malvarde"],
        texts[32].texts["malvarde"],
    )
    assert "Ja" in page.words
    assert "63,6 %" in page.words
    assert "11,7\N{NO-BREAK SPACE}%" in row.text
    saved = guest.send(row, "Spara raden", **{"rad.mal.37.malvarde": "97,5 %"})
    assert 200 == saved.status
    assert "97.5" == a_round.rows(PLAN, "mal")[36].cells["malvarde"]


def test_a_value_of_another_type_is_refused_at_its_cell(a_round: FixedRound, guest: Guest) -> None:
    """Nothing is saved; and a text goes where the row has no measure."""
    upload(a_round, "mal", GOALS)
    row = guest.get(f"{PATH}/tabell/mal/rad?nr=1")

    answer = guest.send(row, "Spara raden", **{"rad.mal.1.malvarde": "95 %"})

    assert 422 == answer.status
    assert "varken ja eller nej" in answer.words
    assert a_round.rows(PLAN, "mal")[0].cells["malvarde"] is True
    a_round.save(PLAN, "nora", edits={"mal": [["set", 14, None, {"malvarde": "Ja, mer"}]]})
    assert "Ja, mer" == a_round.rows(PLAN, "mal")[13].cells["malvarde"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("table", ["mal", "budget"])
def test_a_file_comes_back_as_it_went(
    a_round: FixedRound, guest: Guest, table: str, ending: str
) -> None:
    """Goals with their types, years and occasions, and fixed rows: nothing is changed."""
    upload(a_round, "mal", GOALS)
    upload(a_round, "budget", BUDGET)
    content = guest.client.get(f"{PATH}/tabell/{table}/rader.{ending}").content

    source = Source(file=Upload(f"rader.{ending}", content))
    found = take(whole(a_round, table), source, None)

    assert () == found.faults
    assert found.changes and found.changes.is_empty


def test_the_goals_that_are_due_are_followed_up(a_round: FixedRound, guest: Guest) -> None:
    """At each occasion those that name it, and each answered by the type of its goal."""
    upload(a_round, "mal", GOALS)
    upload(a_round, "budget", BUDGET)
    a_round.save(PLAN, "nora", edits={"mal": [["set", 39, None, {"rapporteras": ["helar"]}]]})
    a_round.act(PLAN, "lamna_in", "nora")
    a_round.act(PLAN, "faststall", "lena")
    a_round.save(case_of("plan", "soder"), "sune", rows={"mal": [], "budget": ROWS})
    a_round.save(case_of("plan", "soder"), "sune", edits={"mal": [["add", None, ONE]]})
    a_round.act(case_of("plan", "soder"), "lamna_in", "sune")
    a_round.act(case_of("plan", "soder"), "faststall", "lena")

    due = {}
    for day, occasion in DUE.items():
        a_round.clock.put(day)
        clockwork.tick(a_round.world)
        due[occasion] = len(
            a_round.rows(f"{case_of('bokslut', 'norr')}.{occasion}", "maluppfoljning")
        )

    named = Counter(
        one for row in a_round.rows(PLAN, "mal") for one in str(row.cells["rapporteras"]).split(",")
    )
    assert {one: named[one] for one in DUE.values()} == due
    case = f"{case_of('bokslut', 'norr')}.tertial_1"
    follow_up(a_round, guest, case)


ROWS = [
    {"row": key, **{f"belopp.{year}": figure for year in range(2014, 2018)}, "not": "Ny"}
    for key, figure in (("intakter", 0), ("personal", 1), ("drift", 1), ("avskrivningar", 0))
]
ONE = {"mal": "Ett", "mattyp": "text", "rapporteras": "helar"}
DUE = {
    "2015-03-31": "tertial_1",
    "2015-08-31": "tertial_2",
    "2015-12-31": "helar",
    "2016-03-01": "berattelse",
}


def follow_up(a_round: FixedRound, guest: Guest, case: str) -> None:
    """Answer the first goal of a follow-up in the browser, which has its type at its goal."""
    row = guest.get(f"/arenden/{case}/tabell/maluppfoljning/rad?nr=1")
    wrong = guest.send(row, "Spara raden", **{"rad.maluppfoljning.1.utfall": "Ja"})
    assert (422, True) == (wrong.status, "inget tal" in wrong.words)

    guest.send(row, "Spara raden", **{"rad.maluppfoljning.1.utfall": "101,3 %"})

    assert "101.3" == a_round.rows(case, "maluppfoljning")[0].cells["utfall"]
    page = guest.get(f"/arenden/{case}/tabell/maluppfoljning")
    assert "101,3 %" in page.words
    content = guest.client.get(f"/arenden/{case}/tabell/maluppfoljning/rader.csv").content
    assert "101,3" in content.decode()
    again = take(
        whole(a_round, "maluppfoljning", case), Source(file=Upload("rader.csv", content)), None
    )
    assert again.changes and again.changes.is_empty
    assert () == evidence.prove(a_round.world).problems


# ---- the budget ----------------------------------------------------------------------------


def test_a_file_fills_in_fixed_rows_by_their_names(a_round: FixedRound) -> None:
    """By title or key, in any order and some of them only; none is added or taken away."""
    upload(a_round, "budget", BUDGET)
    upload(a_round, "budget", "Post;Belopp 2015\nDrift;30 331\n")

    rows = a_round.rows(PLAN, "budget")
    assert ["intakter", "personal", "drift", "avskrivningar"] == [r.cells["row"] for r in rows]
    assert [0, 63854, 31034, 99] == [row.cells["belopp.2014"] for row in rows]
    assert 30331 == rows[2].cells["belopp.2015"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Post;Belopp 2014\nHyror;1\n", "”Hyror” är ingen av de fasta raderna"),
        ("Post;Belopp 2014\n;1\n", "säg vilken rad det är"),
        ("Post;Belopp 2014\nDrift;1\nDrift;2\n", "samma rad står också på rad 2"),
        ("Rad;Post;Belopp 2014\n1;Drift;1\n", "rad 1 är ”Intäkter” och ligger fast"),
        ("Rad;Post;Belopp 2014\n9;Hyror;1\n", "ingen av de fasta raderna"),
        ("Rad;Belopp 2014\n9;1\n", "säg vilken rad det är"),
    ],
)
def test_a_hostile_file_is_answered_by_its_row(a_round: FixedRound, text: str, words: str) -> None:
    """Before anything is saved."""
    found = taken(a_round, "budget", text)

    assert words in " ".join(one.sv for one in found.faults)
    assert found.changes is None


def test_the_empty_template_has_the_fixed_rows(a_round: FixedRound, guest: Guest) -> None:
    """With their names and numbers, and nothing else in them."""
    upload(a_round, "budget", BUDGET)
    content = guest.client.get(f"{PATH}/tabell/budget/rader.xlsx?tom=ja").content

    found = take(whole(a_round, "budget"), Source(file=Upload("rader.xlsx", content)), None)

    assert [1, 2, 3, 4] == [row.number for row in found.read.rows]
    assert {} == found.read.rows[0].cells


def test_the_case_page_fills_them_in(a_round: FixedRound, guest: Guest) -> None:
    """Each by its name, without empty rows; a row of another name is refused."""
    page = guest.get(PATH)
    assert "Avskrivningar" in page.words
    budget = page.soup.find(id="tabell.budget")
    assert budget is not None
    assert "Ny rad" not in budget.get_text()
    assert "Ta bort" not in budget.get_text()

    saved = guest.send(page, "Spara utkastet", **{"rad.budget.2.belopp.2015": "64 841"})
    again = guest.send(
        guest.get(PATH), "Spara utkastet", **{"rad.budget.2.row": "drift", "rad.budget.3.row": "x"}
    )

    assert 200 == saved.status
    assert 64841 == a_round.rows(PLAN, "budget")[1].cells["belopp.2015"]
    assert 422 == again.status
    assert "personal" == a_round.rows(PLAN, "budget")[1].cells["row"]


def test_the_tables_page_has_no_button_for_rows(a_round: FixedRound, guest: Guest) -> None:
    """Neither for a new one, nor to move or take one away; a row of it is filled in."""
    page = guest.get(f"{PATH}/tabell/budget")

    assert "Ny rad" not in page.links
    assert [] == [one for one in page.buttons if "rad" in one]
    row = guest.get(f"{PATH}/tabell/budget/rad?nr=4")
    assert "Avskrivningar" == row.heading
    guest.send(row, "Spara raden", **{"rad.budget.4.belopp.2014": "99"})
    assert 99 == a_round.rows(PLAN, "budget")[3].cells["belopp.2014"]
    assert PRINTED[0] == 94987
