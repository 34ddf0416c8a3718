"""The page of what came of what was aimed at: in words, colours, a chart and its table."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.following import ROUND, FollowRound, open_following
from tests.support.organisation import email
from tests.web.browsing import Guest, visit_of, words
from workflow.store.database import Database

PATH = f"/omgangar/{ROUND}/uppfoljning"


@pytest.fixture
def year(database: Database, tmp_path: Path) -> FollowRound:
    """A year whose goals have been told of once."""
    found = open_following(database, tmp_path)
    found.begin()
    found.to("2015-03-31")
    found.tell("tertial_1", ("88.5", "nara"), transition="lamna_in")
    found.to("2015-12-31")
    found.came(2015, 80, -40)
    return found


@pytest.fixture
def guest(year: FollowRound) -> Iterator[Guest]:
    """Somebody who has not signed in."""
    with visit_of(cast(Stage, year)) as made:
        yield made


def test_a_unit_reads_its_goals(guest: Guest) -> None:
    """Each goal with its target, what it was before, and the status in words with the outcome."""
    guest.sign_in(email("nora"))

    page = guest.get(PATH)

    assert (200, "Uppföljning, Norr") == (page.status, page.heading)
    row = next(one for one in page.soup.find_all("tr") if "Nöjda patienter" in one.text)
    told = words(row).replace("\xa0", " ")
    assert told.startswith("Nöjda patienter Andel nöjda Minst 90 % 2013: 84 % 2014: 86,5 %")
    assert "Nära 88,5 % inte inne" in told
    assert "Soder" not in words(page.soup.find("main"))


def test_the_chart_has_its_numbers_in_a_table(guest: Guest) -> None:
    """What it was, what it came to and what is aimed at; the picture says so to who listens."""
    guest.sign_in(email("nora"))

    page = guest.get(guest.get(PATH).links["Nöjda patienter"])

    pictures = page.soup.find(id="bild").find_all("svg", role="img")
    table = page.soup.find(id="bild").find("table")
    assert ["wide-only", "narrow-only"] == [one["class"][1] for one in pictures]
    assert "Senaste utfall: 88,5" in pictures[0].find("desc").text
    said = words(table).replace("\xa0", " ")
    assert "När Värde 2013 84 % 2014 86,5 % Tertial ett 88,5 % Mål 90 %" == said


def test_effects_against_plan(guest: Guest) -> None:
    """What is planned in all, what it has come to and what is left; year by year in a table."""
    guest.sign_in(email("nora"))

    page = guest.get(PATH)

    told = page.words.replace("\u202f", " ")
    assert "Planen är 1 850 tillsammans. Hittills har det blivit 40. Då återstår 1 810." in told
    assert "2015 50 40 −10 2016 1 500 – – 2017 300 – –" in told


def test_who_leads_chooses_among_units(guest: Guest) -> None:
    """How many stand at each status comes first; a unit or a row that is not there changes
    nothing."""
    guest.sign_in(email("lena"))

    page = guest.get(PATH)
    one = guest.get(page.links["Soder"])
    odd = guest.get(f"{PATH}?enhet=finns-inte&rad=finns-inte:1")

    assert "Norr 2 rader Nära 1 inte inne 2" in page.words
    assert "Uppföljning, Soder" == one.heading
    assert (200, "Uppföljning") == (odd.status, odd.heading)


def test_who_has_no_place_is_told_nothing(guest: Guest) -> None:
    """There is no such page for them."""
    guest.sign_in(email("utan"))

    assert 404 == guest.get(PATH).status
