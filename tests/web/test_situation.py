"""The situation of a round on its page, and suggested texts in the form of a case."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.organisation import email
from tests.support.report import JANUARY, ROUND, ReportRound, open_report
from tests.web.browsing import Guest, Page, filled, visit_of
from workflow.store.database import Database

PATH = f"/arenden/{JANUARY}"
PAGE = f"/omgangar/{ROUND}/lage"
FIELD = "rad.rapport.1.text"
TAKE_IN = "Ta in förslaget i fältet , Läget"


@pytest.fixture
def running(database: Database, tmp_path: Path) -> ReportRound:
    """The round when the first report is due."""
    found = open_report(database, tmp_path)
    found.to(1, 31)
    return found


@pytest.fixture
def guest(running: ReportRound) -> Iterator[Guest]:
    """Who writes the report, at a browser."""
    with visit_of(cast(Stage, running)) as made:
        made.sign_in(email("lena"))
        yield made


def stored(running: ReportRound) -> list[object]:
    """Give what is saved of the report."""
    where = f"WHERE case_id = '{JANUARY}' AND table_key = 'rapport'"
    return list(running.rows(f"SELECT cells FROM material_rows {where}"))


def fields(page: Page) -> dict[str, object]:
    """Give what stands in the form of a case."""
    return dict(filled(page.form(TAKE_IN)))


def test_the_button_fills_the_field_and_saves_nothing(guest: Guest, running: ReportRound) -> None:
    """Without scripts: the form comes back with the text and all else that was typed."""
    shown = guest.send(guest.get(PATH), TAKE_IN, **{"rad.rapport.1.budskap": "Vårt budskap"})

    there = fields(shown)
    assert 200 == shown.status
    assert str(there[FIELD]).startswith("Sedan omgången öppnades mån 4 jan")
    assert "Vårt budskap" == there["rad.rapport.1.budskap"]
    assert [] == stored(running)


def test_what_is_written_stays(guest: Guest) -> None:
    """The text comes below what stands in the field, and once however often one presses."""
    shown = guest.send(guest.get(PATH), TAKE_IN, **{FIELD: "Mina ord."})
    again = guest.send(shown, TAKE_IN)

    text = str(fields(again)[FIELD])
    assert text.startswith("Mina ord.")
    assert 1 == text.count("Sedan omgången öppnades")
    assert str(fields(shown)[FIELD]).replace("\r", "") == text.replace("\r", "")


def test_the_text_is_saved_by_the_person(guest: Guest, running: ReportRound) -> None:
    """What was taken in is saved like anything typed, changed or not."""
    shown = guest.send(guest.get(PATH), TAKE_IN)
    done = guest.send(shown, "Spara utkastet")

    assert 200 == done.status
    assert 1 == len(stored(running))


def test_a_suggestion_that_is_not_there(guest: Guest, running: ReportRound) -> None:
    """A made-up button takes nothing in, and whoever does not write gets none."""
    page = guest.get(PATH)
    sent = {**filled(page.form(TAKE_IN)), "steg": "forslag.rapport.hemligt"}
    shown = guest.post(f"{PATH}/spara-utkast", sent)
    guest.sign_in(email("dag"))
    other = guest.get(PATH)

    assert (200, "") == (shown.status, fields(shown)[FIELD])
    assert TAKE_IN not in other.buttons
    assert [] == stored(running)


def test_hostile_words_stay_words(guest: Guest, running: ReportRound) -> None:
    """What stands in a report is text on every page."""
    hostile = "<script>alert(1)</script>\n- {{ 7*7 }} <b>x</b>"
    running.write(JANUARY, hostile)
    running.act(JANUARY, "godkann", "dag")

    page = guest.get(PAGE)

    assert "<script>alert(1)" not in page.text
    assert "{{ 7*7 }} <b>x</b>" in page.words


def test_the_case_has_the_plan_with_its_table(guest: Guest) -> None:
    """The picture has a title and a description, and the same lines stand in a table."""
    soup = guest.get(PATH).soup

    section = soup.find("section", attrs={"aria-labelledby": "h.tidplan"})
    assert section is not None
    assert 2 == len(section.find_all("svg", attrs={"role": "img"}))
    assert ["Underlag", "Beslut"] == [
        str(one.get_text(" ", strip=True))
        for one in section.select("tbody th")
        if one.get_text(" ", strip=True) in ("Underlag", "Beslut")
    ]


def test_the_situation_now(guest: Guest, running: ReportRound) -> None:
    """The same sentences, the plan, and the latest approved report with a link to its case."""
    before = guest.get(PAGE)
    running.write(JANUARY, "Det går bra.\n\nTack.")
    running.act(JANUARY, "godkann", "dag")
    guest.sign_in(email("ellen"))
    after = guest.get(PAGE)

    assert "Ingen rapport är godkänd än." in before.words
    assert "Omgången står i steget Arbete sedan tis 12 jan." in before.words
    assert "Det går bra." in after.words
    assert "Månadsrapport januari 2010" in after.words
    assert PATH in after.links.values()


def test_the_round_leads_to_it(guest: Guest) -> None:
    """Those who meet find it from the round's page."""
    assert PAGE == guest.get(f"/omgangar/{ROUND}").links["Läget just nu"]


def test_who_has_no_place_finds_nothing(guest: Guest) -> None:
    """404, as for every page of the round."""
    guest.sign_in(email("utan"))

    assert 404 == guest.get(PAGE).status
    assert 404 == guest.get("/omgangar/finns-inte/lage").status
