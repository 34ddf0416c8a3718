"""A decision that opens another round, in a browser: told before, done, and linked after."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.organisation import email
from tests.support.parts import FIRST, SECOND, Parts, open_parts
from tests.web.browsing import Guest, visit_of
from workflow.store.database import Database

PLAN = f"/arenden/{FIRST}.plan"
BUTTON = "Bifall och uppdrag om nästa del"
FIRST_LOOK = f"{BUTTON}: granska först"


@pytest.fixture
def parts(database: Database, tmp_path: Path) -> Parts:
    """The first part of a plan, before its decision."""
    found = open_parts(database, tmp_path)
    found.decide("bifall", "bordlagt", "avslag", "aterremiss", "bifall")
    return found


@pytest.fixture
def guest(parts: Parts) -> Iterator[Guest]:
    """Who leads, at a browser."""
    with visit_of(cast(Stage, parts)) as made:
        made.sign_in(email("lena"))
        yield made


def test_the_page_says_what_the_button_opens(guest: Guest) -> None:
    """Before it is pressed which round, and before it holds how many rows follow."""
    page = guest.get(PLAN)
    confirm = guest.send(page, FIRST_LOOK)

    assert "En omgång till öppnas: Prov 2015, del 2." in page.words
    assert "2 rader följer med till den nya omgången." in confirm.words
    assert 404 == guest.get(f"/omgangar/{SECOND}").status


def test_both_pages_lead_to_the_other(guest: Guest) -> None:
    """And the row in the next round leads to where it was filled in."""
    guest.send(guest.send(guest.get(PLAN), FIRST_LOOK), f"Bekräfta: {BUTTON}")
    first, second = guest.get(f"/omgangar/{FIRST}"), guest.get(f"/omgangar/{SECOND}")
    table = guest.get(f"/arenden/{SECOND}.forslag.norr/tabell/rader")

    assert "Fortsätter i Prov 2015, del 2 ." in first.words
    assert f"/omgangar/{SECOND}" == first.links["Prov 2015, del 2"]
    assert "Fortsättning på Prov 2015 . 2 rader har följt med därifrån." in second.words
    assert f"/omgangar/{FIRST}" == second.links["Prov 2015"]
    assert f"/arenden/{FIRST}.forslag.norr" == table.links["Prov 2015, Norr"]
    assert "och öppnade Prov 2015, del 2" in guest.get(f"/logg/{FIRST}").words


def test_who_does_not_see_the_case_before_reads_its_round_alone(guest: Guest) -> None:
    """The chief of the other area gets no link to a case that is not theirs."""
    guest.send(guest.send(guest.get(PLAN), FIRST_LOOK), f"Bekräfta: {BUTTON}")
    guest.sign_in(email("sune"))

    page = guest.get(f"/arenden/{SECOND}.forslag.soder/tabell/rader")

    assert f"/arenden/{FIRST}.forslag.soder" == page.links["Prov 2015, Soder"]
    assert 404 == guest.get(f"/arenden/{FIRST}.forslag.norr").status
