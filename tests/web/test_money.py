"""The money of a list, filling in many rows, and papers: on the pages, without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from documents.making.work import Maker, make_papers
from tests.service.worlds import Stage
from tests.support.lists import ROOT, TABLE, ListRound
from tests.support.money import fill_in, number_of, open_money
from tests.support.organisation import email
from tests.web.browsing import Guest, Page, visit_of, words
from workflow.store.database import Database

PATH = f"/arenden/{ROOT}/lista/{TABLE}"


@pytest.fixture
def money(database: Database, tmp_path: Path) -> ListRound:
    """A round whose common list says what pays for what."""
    return open_money(database, tmp_path)


@pytest.fixture
def guest(money: ListRound) -> Iterator[Guest]:
    """The leader."""
    with visit_of(cast(Stage, money)) as made:
        made.sign_in(email("lena"))
        yield made


def _told(page: Page) -> str:
    return page.words.replace("\u202f", " ")


def _post(guest: Guest, path: str, **fields: str) -> Page:
    return guest.post(path, {"token": guest.token, **fields})


# ---- the money -------------------------------------------------------------------------


def test_the_money_stands_on_one_page(guest: Guest, money: ListRound) -> None:
    """What frees beside what costs, unit by unit, what pays for what, and the states."""
    fill_in(money, "Palliativt team", betalas_av=str(number_of(money, "Knä")))
    fill_in(money, "Axel", forslag="utreds", utreds_av="dag", utrett_till="2009-01-02")

    page = guest.get(f"{PATH}/pengar")

    told = _told(page)
    assert (200, "Pengarna i Gemensam lista") == (page.status, page.heading)
    assert "Frigörs 7 010, kostar 4 900, netto 2 110 tkr." in told
    assert "Betalt 1 850, ännu inte betalt 3 050 tkr." in told
    assert "budget saknas" in told
    assert "2,8 %" in told
    assert re.search(r"Utreds vidare 1 940", told)
    late = page.soup.select_one("section[aria-labelledby=utreds] .late")
    assert late is not None
    assert "2 jan" in words(late)
    for drawing in page.soup.find_all("svg", attrs={"role": "img"}):
        assert drawing.find("title")
        assert drawing.find("desc")


def test_the_list_leads_to_its_money_and_back(guest: Guest) -> None:
    """A button there, the way back above the title."""
    page = guest.get(PATH)
    there = guest.get(page.links["Räkna på pengarna"])

    assert PATH == there.links["Gemensam lista"]


def test_a_line_is_tried_and_then_saved(guest: Guest, money: ListRound) -> None:
    """Tried it stands in the address and binds nobody; saved it is everybody's."""
    tried = _post(guest, f"{PATH}/linje", linje="2", gor="prova", till="pengar")
    nothing = money.page().line
    saved = _post(guest, f"{PATH}/linje", linje="3", till="pengar")
    other = guest.get(f"{PATH}/pengar?linje=1")
    away = _post(guest, f"{PATH}/linje", gor="ta-bort")

    assert tried.url.endswith("/pengar?linje=2")
    assert "Du provar en linje. Ingen är sparad." in tried.words
    assert nothing is None
    assert "Ovanför linjen, plats 1 till 3:" in saved.words
    assert "Du provar en annan linje; den sparade ligger efter plats 3." in other.words
    assert "Linjen ligger efter plats 3" not in away.words
    assert money.page().line is None


@pytest.mark.parametrize("typed", ["", "6", "-1", "fyra", "9" * 30])
def test_a_line_that_is_none_is_told_of_at_its_field(
    guest: Guest, money: ListRound, typed: str
) -> None:
    """Nothing is saved, and what was typed is there."""
    page = _post(guest, f"{PATH}/linje", linje=typed)

    assert 422 == page.status
    assert money.page().line is None


def test_who_only_reads_tries_lines_and_saves_none(guest: Guest, money: ListRound) -> None:
    """The form asks; it does not change."""
    money.act("omgang", "klart", "lena")

    page = guest.get(f"{PATH}/pengar?linje=2")
    sent = _post(guest, f"{PATH}/linje", linje="2")

    assert "Du provar en linje." in page.words
    assert "Spara linjen" not in page.words
    assert sent.status in (403, 409)
    assert money.page().line is None


# ---- which rows ------------------------------------------------------------------------


def test_rows_are_found_by_level_unit_and_what_they_lack(guest: Guest, money: ListRound) -> None:
    """They keep the positions of the whole list, and the sums stay its own."""
    fill_in(money, "Axel", forslag="utreds")
    names = "tr[data-name]"

    level = guest.get(f"{PATH}?niva.forslag=utreds")
    unit = guest.get(f"{PATH}?enhet=Tre")
    lacking = guest.get(f"{PATH}?saknar=forslag&niva.slag=bort")
    odd = guest.get(f"{PATH}?niva.forslag=x&enhet=y&saknar=z")

    assert [("Axel", "2")] == [(r["data-name"], r["data-at"]) for r in level.soup.select(names)]
    assert ["4", "5"] == [row["data-at"] for row in unit.soup.select(names)]
    assert ["1", "3", "5"] == [row["data-at"] for row in lacking.soup.select(names)]
    assert 5 == len(odd.soup.select(names))
    assert "En rad av 5 visas." in level.words
    assert "2 110 sammanlagt" in _told(level)


def test_each_row_leads_to_its_form(guest: Guest) -> None:
    """Where the list's own columns are filled in."""
    link = guest.get(PATH).soup.select_one("a[href*='/rad?nr=']")

    assert link is not None
    assert guest.get(str(link["href"])).status == 200


# ---- filling in many ---------------------------------------------------------------------


def _fill(guest: Guest, page: Page) -> Page:
    """Send the form that saves, as it stands."""
    form = page.soup.find("form", attrs={"action": f"{PATH}/fyll-i"})
    assert form is not None
    return guest.post(
        f"{PATH}/fyll-i", {str(one["name"]): str(one["value"]) for one in form.find_all("input")}
    )


def _levels(money: ListRound) -> list[Any]:
    return [row.cells.get("forslag") for row in money.sheet()]


def test_all_that_lack_a_level_get_it_in_one_entry(guest: Guest, money: ListRound) -> None:
    """The preview counts; what has one already keeps it."""
    fill_in(money, "Knä", forslag="avstyrks")
    shown = guest.get(f"{PATH}/fyll-i?till=forslag%3Dgenomfors&vilka=saknar")
    unchanged = _levels(money)
    entries = money.page().end.number
    after = _fill(guest, shown)

    assert "4 rader får Genomförs." in shown.words
    assert ["avstyrks", None, None, None, None] == unchanged
    assert after.url.startswith(PATH)
    assert ["avstyrks", *["genomfors"] * 4] == _levels(money)
    assert entries + 1 == money.page().end.number


@pytest.mark.parametrize(
    ("asked", "which"),
    [
        ("vilka=ovanfor", [0, 1]),
        ("vilka=nedanfor", [2, 3, 4]),
        ("vilka=ovanfor&linje=1", [0]),
        ("vilka=valda&rad=2&rad=4", [1, 3]),
        ("vilka=valda&rad=99&rad=x&rad=2", [1]),
    ],
)
def test_rows_are_chosen_by_the_line_or_one_by_one(
    guest: Guest, money: ListRound, asked: str, which: list[int]
) -> None:
    """As saved, as tried, or as ticked."""
    _post(guest, f"{PATH}/linje", linje="2")

    _fill(guest, guest.get(f"{PATH}/fyll-i?till=forslag%3Dutreds&{asked}"))

    assert which == [at for at, level in enumerate(_levels(money)) if level == "utreds"]


def test_rows_that_somebody_else_changed_are_named(guest: Guest, money: ListRound) -> None:
    """409, nothing is saved, and the rows are shown as they are now; then it goes through."""
    shown = guest.get(f"{PATH}/fyll-i?till=forslag%3Dgenomfors&vilka=valda&rad=1&rad=2")
    fill_in(money, "Axel", who="dag", forslag="avstyrks")
    told = _fill(guest, shown)
    nothing = _levels(money)[:2]
    after = _fill(guest, told)

    note = told.soup.select_one("[data-focus]")
    assert (409, 200) == (told.status, after.status)
    assert note is not None
    assert "Axel" in words(note)
    assert "Knä" not in words(note)
    assert [None, "avstyrks"] == nothing
    assert ["genomfors", "genomfors"] == _levels(money)[:2]


@pytest.mark.parametrize(
    "asked", ["", "till=slag%3Dbort&vilka=saknar", "till=forslag%3Dx&vilka=saknar", "till=forslag"]
)
def test_what_no_form_asks_is_turned_down(guest: Guest, asked: str) -> None:
    """Neither a column of another table nor a level that there is not."""
    assert 422 == guest.get(f"{PATH}/fyll-i?{asked}").status


def test_who_does_not_fill_in_the_list_has_no_such_page(guest: Guest, money: ListRound) -> None:
    """404 once it is somebody else's turn; an old form changes nothing."""
    shown = guest.get(f"{PATH}/fyll-i?till=forslag%3Dgenomfors&vilka=saknar")
    money.act("omgang", "klart", "lena")

    assert 404 == guest.get(f"{PATH}/fyll-i?till=forslag%3Dgenomfors&vilka=saknar").status
    assert 404 == _fill(guest, shown).status
    assert [None] * 5 == _levels(money)


# ---- papers ----------------------------------------------------------------------------


def _work(money: ListRound) -> None:
    maker = Maker(world=money.world, clock=money.clock, worker="a", region="Prov")
    make_papers(maker, lambda: False)


def test_a_paper_is_wished_for_waited_for_and_fetched(guest: Guest, money: ListRound) -> None:
    """Without scripts: the page says how far it has come, and has a link to look again."""
    waiting = _post(guest, f"{PATH}/handlingar", form="lista.xlsx")
    again = _post(guest, f"{PATH}/handlingar", form="lista.xlsx")
    early = guest.get(f"{waiting.url}/fil").status
    _work(money)
    done = guest.get(waiting.links["Uppdatera"])
    sent = guest.client.get(f"{waiting.url}/fil")

    assert "Handlingen står på tur." in waiting.words
    assert (waiting.url, 404) == (again.url, early)
    assert f"Klar. Den visar listan efter händelse {money.page().end.number}" in done.words
    assert "attachment" in sent.headers["content-disposition"]
    assert f"-{money.page().end.number}-" in sent.headers["content-disposition"]
    assert sent.content.startswith(b"PK")


def test_a_paper_is_nobody_elses(guest: Guest, money: ListRound) -> None:
    """Not even of one who reads the same list."""
    paper = _post(guest, f"{PATH}/handlingar", form="lista.xlsx").url
    _work(money)
    guest.sign_in(email("dag"))

    assert (404, 404) == (guest.get(paper).status, guest.get(f"{paper}/fil").status)


def test_a_paper_that_cannot_be_is_told_of(guest: Guest) -> None:
    """An unknown form, and minutes of what is not decided."""
    for form in ("", "lista.docx", "protokollsutdrag.pdf"):
        assert 422 == _post(guest, f"{PATH}/handlingar", form=form).status


def test_the_pages_in_english(guest: Guest, money: ListRound) -> None:
    """Whoever reads English gets it."""
    with money.world.database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET language = 'en'")
    guest.sign_in(email("lena"))

    page = guest.get(f"{PATH}/pengar?linje=2")
    filling = guest.get(f"{PATH}/fyll-i?till=forslag%3Dgenomfors&vilka=saknar")
    paper = _post(guest, f"{PATH}/handlingar", form="lista.xlsx")

    assert "The money of" in page.words
    assert "5 rows get" in filling.words
    assert "The paper waits for its turn." in paper.words
    for one in (page, filling, paper):
        assert not re.search(r"\b(Frigörs|Kostar|Plats|Linjen|Handlingen|Raderna)\b", one.words)
