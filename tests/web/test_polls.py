"""Secret answers in the browser: given on the page of the case, read as sums. No scripts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.organisation import email
from tests.support.poll import CASE_ID, MANAGERS, ROUND, Managers, open_poll
from tests.web.browsing import Guest, visit_of, words
from workflow.store.database import Database

CASE = f"/arenden/{CASE_ID}"
SUMS = f"{CASE}/summor/svar"
MARK = "hemlig tanke"
OTHERS = ("lena", "gun", "dag", "ber", "erik", "utan")
PAGES = (
    "/",
    CASE,
    SUMS,
    f"{SUMS}.json",
    f"{SUMS}.csv",
    f"{CASE}/bedomning/svar",
    f"{CASE}/lista/svar",
    f"{CASE}/lista/svar.json",
    f"{CASE}/lista/svar.csv",
    f"{CASE}/tabell/svar",
    f"{CASE}/tabell/svar/rader.csv",
    f"{CASE}/tabell/svar/rader.xlsx",
    f"/omgangar/{ROUND}",
    f"/omgangar/{ROUND}/aterforing",
    f"/logg/{ROUND}",
    f"/logg/{ROUND}.csv",
    f"/logg/{ROUND}?ord=hemlig",
    f"/logg/{ROUND}/laget",
    "/forteckning",
    "/forteckning.json",
    "/sok?ord=hemlig",
    "/sok?q=hemlig",
    "/admin",
    "/admin/utskick",
)


@pytest.fixture
def managers(database: Database, tmp_path: Path) -> Managers:
    """A round that asks each manager a secret question."""
    return open_poll(database, tmp_path)


@pytest.fixture
def guest(managers: Managers) -> Iterator[Guest]:
    """Ann, a manager."""
    with visit_of(cast(Stage, managers)) as made:
        made.sign_in(email("ann"))
        yield made


def test_one_answers_on_the_page_of_the_case(guest: Guest) -> None:
    """What is secret, and from whom, stands above the form; what is saved can be changed
    until it is handed in, and is shown to its owner after that."""
    page = guest.get(CASE)
    saved = guest.send(page, "Spara utkast", **{"rad.svar.1.stod": "svagt"})
    asked = guest.send(saved, "Lämna mitt svar: granska först", **{"rad.svar.1.stod": "delvis"})
    guest.send(asked, "Bekräfta: Lämna mitt svar")
    after = guest.get(CASE)

    assert "Ditt svar är hemligt. Ingen annan ser det" in page.words
    assert "Det här är ditt svar. Bara du ser det, och det ligger fast." in after.words
    assert "Delvis" in after.words
    assert "1 av 7 har svarat." in guest.get(SUMS).words


def test_nobody_finds_an_answer_on_any_page_while_it_is_open(
    guest: Guest, managers: Managers
) -> None:
    """Whoever leads, audits, stands above or is asked too: neither page nor file tells it,
    and no sums are shown."""
    managers.answer("ann", "svagt", ord=MARK, timmar=4711)
    for who in OTHERS:
        guest.sign_in(email(who))
        for path in PAGES:
            told = guest.client.get(path).content.decode("utf-8", "replace")
            assert MARK not in told, (who, path)
            assert "4711" not in told, (who, path)
            assert "Svagt</dt>" not in told, (who, path)


def test_everybody_who_reads_the_case_sees_who_has_answered(
    guest: Guest, managers: Managers
) -> None:
    """By name, and how many; no sums."""
    managers.answer("ber", "svagt")
    guest.sign_in(email("lena"))
    page = guest.get(SUMS)
    who = [words(one) for one in page.soup.select("ul.lines li")]

    assert "1 av 7 har svarat." in page.words
    assert "Ingen ser några svar, och inga summor, förrän steget är slut." in page.words
    assert "Anna" not in who
    assert ["Ann har inte svarat", "Ber har svarat"] == who[:2]
    assert [] == page.soup("svg", class_="chart")
    assert {"questions": [], "counted": False} == {
        key: json.loads(guest.client.get(f"{SUMS}.json").content)[key]
        for key in ("questions", "counted")
    }


def test_sums_are_shown_with_a_chart_and_the_same_numbers(guest: Guest, managers: Managers) -> None:
    """Counts and per cent of each level; who stands almost alone is shown with others."""
    levels = ("starkt", "starkt", "starkt", "delvis", "delvis", "delvis", "svagt")
    managers.everybody_answers(*levels)
    page = guest.get(SUMS)
    rows = [[words(cell) for cell in row(["th", "td"])] for row in page.soup.select("tbody tr")]

    assert "7 av 7 har svarat, 100 %." in page.words
    assert [
        ["Starkt eller Svagt", "4", "57 %"],
        ["Delvis", "3", "43 %"],
        ["Inget", "0", "0 %"],
    ] == rows
    assert 2 == len(page.soup("svg", class_="chart"))
    assert not any(name.capitalize() in page.words for name in MANAGERS[1:])
    assert "Starkt eller Svagt;4;57" in guest.client.get(f"{SUMS}.csv").text


def test_four_answers_are_not_shown(guest: Guest, managers: Managers) -> None:
    """The response rate is; what was answered is not, in no form."""
    for who in MANAGERS[:4]:
        managers.answer(who, "starkt", ord=MARK)
    managers.close()
    page = guest.get(SUMS)

    assert "4 av 7 har svarat, 57 %." in page.words
    assert "Färre än fem svar: visas inte" in page.words
    for path in (SUMS, f"{SUMS}.json", f"{SUMS}.csv", CASE):
        told = guest.client.get(path).text
        assert MARK not in told
        assert "Starkt" not in told


def test_only_a_secret_table_has_the_page(guest: Guest) -> None:
    """Nothing is summed elsewhere, and nobody outside finds it."""
    assert 404 == guest.client.get(f"{CASE}/summor/slutsats").status_code
    guest.sign_in(email("utan"))
    assert 404 == guest.client.get(SUMS).status_code
