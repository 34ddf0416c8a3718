"""The page of one common list: read, moved in without scripts, drawn a line in, taken home."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.service.worlds import Stage
from tests.support.lists import ROOT, TABLE, ListRound, open_lists
from tests.support.organisation import email
from tests.web.browsing import Guest, Page, visit_of, words
from workflow.store.database import Database

PATH = f"/arenden/{ROOT}/lista/{TABLE}"
ALL = ["Knä", "Axel", "Hälsosamtal", "Palliativt team", "=Snarkning"]


@pytest.fixture
def lists(database: Database, tmp_path: Path) -> ListRound:
    """A round whose common list is put in order."""
    a_round = open_lists(database, tmp_path)
    a_round.collect()
    return a_round


@pytest.fixture
def guest(lists: ListRound) -> Iterator[Guest]:
    """The leader, at the list."""
    with visit_of(cast(Stage, lists)) as made:
        made.sign_in(email("lena"))
        yield made


def _names(page: Page) -> list[str]:
    return [str(row["data-name"]) for row in page.soup.find_all("tr", attrs={"data-name": True})]


def _row(page: Page, name: str) -> Any:
    found = page.soup.find("tr", attrs={"data-name": name})
    assert found is not None
    return found


def _move(guest: Guest, page: Page, name: str, **typed: str) -> Page:
    """Send a row's own form."""
    row = _row(page, name)
    form = row.find("form")
    fields = {one["name"]: one.get("value", "") for one in form.find_all("input")}
    fields["skal"] = words(row.find("textarea"))
    return guest.post(str(form["action"]), {**fields, **typed})


def test_the_page_says_what_the_list_comes_to(guest: Guest) -> None:
    """The lede is the truth of the page; each row says where it comes from."""
    page = guest.get(PATH)

    assert (200, "Gemensam lista") == (page.status, page.heading)
    assert "5 rader från 3 enheter. Effekt, tkr är 2 110 sammanlagt." in page.words.replace(
        "\u202f", " "
    )
    assert _names(page) == ALL
    assert "Ett Underlag Ett: 2 av 2 där Lista Norr: 2 av 3 där" in words(_row(page, "Axel"))
    assert "Grad: 2" in words(_row(page, "Axel"))
    assert "okontrollerad skala" in page.words


def test_the_case_leads_to_its_list(guest: Guest) -> None:
    """Where its tables are, the list has a way in of its own."""
    case = guest.get(f"/arenden/{ROOT}")

    assert PATH == case.links["Öppna listan , Gemensam lista"]
    assert "Gemensam lista" == guest.get(PATH).heading


def test_a_row_is_moved_by_its_number_field(guest: Guest, lists: ListRound) -> None:
    """Without scripts; one comes back to the row."""
    page = guest.get(PATH)

    after = _move(guest, page, "Palliativt team", plats="1")

    assert _names(after) == ["Palliativt team", *ALL[:3], ALL[4]] == lists.names()
    assert "Upp 3," in words(_row(after, "Palliativt team"))


@pytest.mark.parametrize(
    ("name", "step", "order"),
    [
        ("Palliativt team", "upp", [0, 1, 3, 2, 4]),
        ("Hälsosamtal", "ned", [0, 1, 3, 2, 4]),
    ],
)
def test_a_row_is_moved_by_its_buttons(
    guest: Guest, lists: ListRound, name: str, step: str, order: list[int]
) -> None:
    """One position at a time."""
    _move(guest, guest.get(PATH), name, steg=step)

    assert [ALL[at] for at in order] == lists.names()


def test_turning_an_order_round_asks_why_at_the_row(guest: Guest, lists: ListRound) -> None:
    """422 at the field with the names; with its reason it goes through and stays marked."""
    page = guest.get(PATH)
    asked = _move(guest, page, "Axel", plats="1")
    before = lists.names()

    after = _move(guest, asked, "Axel", skal="Axeln är säkrare.")

    assert (422, ALL) == (asked.status, before)
    row = words(_row(asked, "Axel"))
    assert "Du ställer ”Axel” före ”Knä”. Ett har dem i den andra ordningen." in row
    assert "1" == _row(asked, "Axel").find("input", attrs={"name": "plats"})["value"]
    assert 200 == after.status
    assert ["Axel", "Knä"] == lists.names()[:2]
    assert "Bryter ordningen därifrån Går före Knä (plats 2). Skäl: Axeln är säkrare." in words(
        _row(after, "Axel")
    )


def test_who_is_second_at_a_row_is_told_and_keeps_what_they_typed(
    guest: Guest, lists: ListRound
) -> None:
    """409 at the row, with the place and the reason still in their fields."""
    page = guest.get(PATH)
    lists.move("Palliativt team", 1, who="dag")

    told = _move(guest, page, "Palliativt team", plats="3", skal="Mitt skäl.")

    assert 409 == told.status
    row = _row(told, "Palliativt team")
    assert "Någon annan har ändrat" in words(row)
    assert "Mitt skäl." == words(row.find("textarea"))
    assert "3" == row.find("input", attrs={"name": "plats"})["value"]
    assert "Palliativt team" == lists.names()[0]
    again = _move(guest, told, "Palliativt team")
    assert 200 == again.status
    assert "Palliativt team" == lists.names()[2]


@pytest.mark.parametrize("typed", ["0", "6", "-1", "1e3", "", "fyra", "٣", "9" * 30, "<b>1"])
def test_a_place_that_is_none_is_answered_at_the_field(guest: Guest, typed: str) -> None:
    """The field says which places there are."""
    page = _move(guest, guest.get(PATH), "Knä", plats=typed)

    assert 422 == page.status
    assert "1 till 5" in words(_row(page, "Knä"))
    assert _names(page) == ALL


def test_a_form_without_its_row_is_turned_down(guest: Guest) -> None:
    """Nothing that no page of ours has sent is guessed at."""
    page = guest.post(f"{PATH}/flytta", {"token": guest.token, "rad": "x", "plats": "1"})

    assert 422 == page.status


def test_the_same_form_sent_twice_moves_once(guest: Guest, lists: ListRound) -> None:
    """The second is answered as the first was; another one of the same page is told of."""
    page = guest.get(PATH)
    first = _move(guest, page, "Palliativt team", steg="upp")

    second = _move(guest, page, "Palliativt team", steg="upp")
    other = _move(guest, page, "Palliativt team", plats="1")

    assert (200, 200, 409) == (first.status, second.status, other.status)
    assert [ALL[0], ALL[1], ALL[3], ALL[2], ALL[4]] == lists.names()


# ---- the line and the balance -------------------------------------------------------------


def test_the_line_stands_in_the_address(guest: Guest) -> None:
    """Sums above and below; the row of the line lies where it says."""
    page = guest.get(f"{PATH}?linje=3")

    told = page.words.replace("\u202f", " ")
    assert "Linjen ligger efter plats 3. Ovanför den är Effekt, tkr 5 890 sammanlagt." in told
    assert "Linjen. Ovanför 5 890, nedanför −3 780." in told
    rows = page.soup.select("tbody > tr")
    assert [page.soup.select_one("tr.line")] == rows[3:4]
    moved = _move(guest, page, "Palliativt team", plats="1")
    assert moved.url.startswith(f"{PATH}?linje=3")


@pytest.mark.parametrize("typed", ["6", "x", "-1", "1.5"])
def test_a_line_that_cannot_be_is_told_of(guest: Guest, typed: str) -> None:
    """And the list is shown without one."""
    page = guest.get(f"{PATH}?linje={typed}")

    assert 422 == page.status
    assert f"Skriv en plats, 0 till 5. Du skrev ”{typed}”." in page.words


def test_the_balance_has_the_same_numbers_as_a_table(guest: Guest) -> None:
    """What is freed by kind against what it costs, in the picture and in the table."""
    page = guest.get(PATH)

    figure = page.soup.find("figure")
    assert figure is not None
    table = {
        words(row.th): words(row.td).replace("\u202f", " ") for row in figure.select("tbody tr")
    }
    drawn = words(figure.find("svg")).replace("\u202f", " ")
    assert {
        "Bortval, 4 rader": "+7 010",
        "Frigörs": "7 010",
        "Satsning, en rad": "−4 900",
        "Kvar": "2 110",
    } == table
    assert all(label in drawn and amount in drawn for label, amount in table.items())
    assert "Frigörs 7 010, kostar −4 900, kvar 2 110." in drawn


# ---- to be taken home ---------------------------------------------------------------------


@pytest.mark.parametrize(("line", "above"), [("", 2110), ("?linje=3", 5890)])
def test_the_sum_is_the_same_everywhere(guest: Guest, line: str, above: int) -> None:
    """On the page, in JSON and CSV; tests/service/test_papers.py has the papers."""
    page = guest.get(PATH + line).words.replace(" ", "")
    made = json.loads(guest.client.get(f"{PATH}.json{line}").content)
    sheet = guest.client.get(f"{PATH}.csv{line}").content.decode("utf-8-sig")

    assert str(above) in page
    assert above == made["sums"]["tkr"]
    assert 2110 == made["sums"]["whole_tkr"]
    assert f";{above}" in next(
        row for row in sheet.splitlines() if row.startswith(("Summa", "Ovanför"))
    )


def test_what_is_taken_home_is_in_order_and_no_formula(guest: Guest, lists: ListRound) -> None:
    """A text that looks like one is a text; where each row comes from is there too."""
    lists.move("=Snarkning", 1, "Hör hit.")
    sheet = guest.client.get(f"{PATH}.csv").content.decode("utf-8-sig").splitlines()
    made = json.loads(guest.client.get(f"{PATH}.json").content)

    assert sheet[1].startswith("1;'=Snarkning;")
    assert ["=Snarkning", *ALL[:4]] == [line["cells"]["vad"] for line in made["lines"]]
    first = made["lines"][0]
    assert {"unit": "Tre", "place": 2, "of": 2, "words": "Lista Soder, plats 2 av 2"} == first[
        "origin"
    ]
    assert [(5, 1, "Hör hit.")] == [(m["before"], m["after"], m["why"]) for m in first["moves"]]


def test_what_is_taken_home_says_which_entry_it_shows(guest: Guest, lists: ListRound) -> None:
    """The last entry of the round's log and its instant: in the name, and in the title."""
    entry = lists.page().end.number
    answer = guest.client.get(f"{PATH}.json")

    assert re.search(rf"-{entry}-20090112T\d{{6}}Z\.json", answer.headers["content-disposition"])
    assert f"händelse {entry} i loggen" in answer.json()["title"]


# ---- rights -------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", ".json", ".csv", "/pengar", "/fyll-i"])
@pytest.mark.parametrize("who", ["utan", "ellen", "erik"])
def test_who_does_not_read_the_case_finds_nothing(guest: Guest, who: str, end: str) -> None:
    """404 for the page and for what is taken home alike; a chief does not read the round's."""
    guest.sign_in(email(who))

    assert 404 == guest.get(PATH + end).status


def test_who_reads_and_does_not_have_it_moves_nothing(guest: Guest, lists: ListRound) -> None:
    """When it is somebody else's turn there are no fields, and an old form does nothing."""
    old = guest.get(PATH)
    lists.act("omgang", "klart", "lena")

    page = guest.get(PATH)
    sent = _move(guest, old, "Palliativt team", plats="1")

    assert (200, None) == (page.status, page.soup.find("form", attrs={"class": "move"}))
    assert sent.status in (403, 409)
    assert lists.names() == ALL


@pytest.mark.parametrize("table", ["rader", "omradets", "finns-inte", "%00", "..%2f"])
def test_a_list_that_is_none_is_not_there(guest: Guest, table: str) -> None:
    """Neither a table that is filled in, nor one of another case, nor an odd name."""
    assert 404 == guest.get(f"/arenden/{ROOT}/lista/{table}").status


def test_the_page_in_english(guest: Guest, lists: ListRound) -> None:
    """Whoever reads English gets it."""
    with lists.world.database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET language = 'en'")
    guest.sign_in(email("lena"))

    page = guest.get(f"{PATH}?linje=2")

    assert "5 rows from 3 units." in page.words
    assert "The line is after position 2." in page.words
    assert not re.search(r"\b(Plats|Flytta|Linjen|Kommer|Hämta)\b", page.words)
