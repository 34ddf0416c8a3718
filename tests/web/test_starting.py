"""Opening one more case of a kind that comes when it is needed, on pages; no scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.organisation import email
from tests.support.series import YEAR, Running, begin_year
from tests.web.browsing import Guest, visit_of
from workflow.store.database import Database

IDEA = f"/arenden/{YEAR}/oppna/ide"


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    """A year that has begun."""
    return begin_year(database, tmp_path)


@pytest.fixture
def guest(running: Running) -> Iterator[Guest]:
    """Somebody at a browser."""
    with visit_of(cast(Stage, running)) as made:
        yield made


def test_what_one_may_open_is_offered_where_one_works(guest: Guest) -> None:
    """Who may open something finds it on the first page, with the words of the process."""
    guest.sign_in(email("ellen"))
    page = guest.get("/")

    assert "Öppna när det behövs" in page.words
    assert {"Idé": IDEA}.items() <= {a.get_text(): a["href"] for a in page.soup("a")}.items()


def test_who_may_open_nothing_is_offered_nothing(guest: Guest) -> None:
    """The heading is not there, and the address is as if it did not exist."""
    guest.sign_in(email("dag"))

    assert "Öppna när det behövs" not in guest.get("/").words
    assert 404 == guest.get(IDEA).status


def test_one_opens_it_for_one_s_only_unit(guest: Guest, running: Running) -> None:
    """One unit is not asked for; the new case is opened and shown."""
    guest.sign_in(email("ellen"))
    after = guest.send(guest.get(IDEA), "Öppna Idé", varfor="Vi väntar för länge på svar")

    assert ["ide.ett.1"] == running.cases("ide")
    assert "Idé Ett, nr 1" in after.words


def test_of_several_units_one_is_chosen(guest: Guest, running: Running) -> None:
    """Without a choice the form comes back with what was typed; with one it goes through."""
    guest.sign_in(email("nora"))
    again = guest.send(guest.get(IDEA), "Öppna Idé", varfor="Ett skäl")
    opened = guest.send(again, "Öppna Idé", enhet="tva")

    assert 422 == again.status
    assert "Välj vilken enhet det gäller." in again.words
    assert "Ett skäl" in again.words
    assert "Idé Tva, nr 1" in opened.words
    assert ["ide.tva.1"] == running.cases("ide")


def test_the_form_sent_twice_opens_one(guest: Guest, running: Running) -> None:
    """A double click is one case."""
    guest.sign_in(email("ellen"))
    form = guest.get(IDEA)
    guest.send(form, "Öppna Idé")
    guest.send(form, "Öppna Idé")

    assert ["ide.ett.1"] == running.cases("ide")
