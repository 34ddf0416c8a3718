"""The page of what became of each row, as those who filled it in read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.lists import ROUND
from tests.support.organisation import email
from tests.support.releases import ReleaseRound, open_releases
from tests.web.browsing import Guest, visit_of, words
from workflow.store.database import Database

PATH = f"/omgangar/{ROUND}/aterforing"


@pytest.fixture
def releases(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round in which nothing is filled in yet."""
    return open_releases(database, tmp_path)


@pytest.fixture
def guest(releases: ReleaseRound) -> Iterator[Guest]:
    """Somebody who has not signed in."""
    with visit_of(cast(Stage, releases)) as made:
        yield made


def test_a_unit_reads_what_became_of_its_rows(guest: Guest, releases: ReleaseRound) -> None:
    """Its own place, the decision and why; and the way through the lists."""
    releases.decide()
    guest.sign_in(email("ellen"))

    page = guest.get(PATH)

    assert (200, "Vad det blev av det som Ett lämnade") == (page.status, page.heading)
    told = words(page.soup.find(id="rad-2"))
    assert told.startswith("2 av 2 Axel")
    assert "Beslut per rad plats 2 av 5 Beslut Avslag Varför För få berörs." in told
    assert "Avslag För få berörs. 940" in told
    assert "Hälsosamtal" not in page.text


def test_who_reads_several_units_chooses_one(guest: Guest, releases: ReleaseRound) -> None:
    """The sums of each first; then its rows. What one does not read cannot be asked for."""
    releases.decide()
    guest.sign_in(email("nora"))
    page = guest.get(PATH)

    one = guest.get(page.links["Tva"])
    other = guest.get(f"{PATH}?arende={ROUND}.underlag.tre")

    assert "Tre" not in page.links
    assert "Vad det blev av det som Tva lämnade" == one.heading
    assert "Hälsosamtal" in one.words
    assert "Palliativt team" not in other.text


def test_before_the_decision_only_that_it_is_not_made(guest: Guest, releases: ReleaseRound) -> None:
    """Nothing of what is being written is told."""
    releases.weigh()
    releases.settle()
    guest.sign_in(email("ellen"))

    page = guest.get(PATH)

    assert "Det är inte beslutat än. Beslutet visas här när Beslut per rad är klar." in page.words
    assert "För få berörs." not in page.text


def test_who_has_no_place_in_the_round_is_not_told_of_the_page(
    guest: Guest, releases: ReleaseRound
) -> None:
    """404; and who is not signed in is sent to sign in."""
    releases.decide()

    assert "/logga-in" in guest.get(PATH).url
    guest.sign_in(email("utan"))
    assert 404 == guest.get(PATH).status
    assert 404 == guest.get("/omgangar/finns-inte/aterforing").status


def test_hostile_words_stay_words(guest: Guest, releases: ReleaseRound) -> None:
    """What somebody wrote as a reason is text."""
    releases.decide({"Knä": {"utfall": "avslag", "skal": "<script>alert(1)</script>{{7*7}}"}})
    guest.sign_in(email("ellen"))

    page = guest.get(PATH)

    assert "<script>alert(1)</script>{{7*7}}" in page.words
    assert page.soup.main.find("script") is None
