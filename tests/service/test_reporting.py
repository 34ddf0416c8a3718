"""The report of how a round goes, in a database: suggested, approved, sent and read."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.organisation import email
from tests.support.report import JANUARY, ROUND, ReportRound, case_of, open_report, revision
from workflow.core.errors import NoRight, NotFound
from workflow.service import opening
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.situation.page import SituationPage, read_situation_page
from workflow.store.database import Database

FEBRUARY = case_of("rapport", "2010-02")
TEXT = "Det går bra.\n\nTack till Ett."


@pytest.fixture
def running(database: Database, tmp_path: Path) -> ReportRound:
    """The round; on each kind of database."""
    return open_report(database, tmp_path)


def offered(running: ReportRound, case: str, who: str, key: str = "rapport.text") -> str:
    """Give what is suggested beside a field to somebody, with plain spaces."""
    page = read_case(running.world, email(who), case)
    assert page.material is not None
    return page.material.offers.get(key, "").replace("\N{NO-BREAK SPACE}", " ")


def page_of(running: ReportRound, who: str) -> SituationPage:
    """Read how it goes, as somebody."""
    return read_situation_page(running.world, ROUND, email(who))


def approve(running: ReportRound, text: str = TEXT) -> None:
    """Take the report of January to where those who are told get it."""
    running.to(1, 31)
    running.write(JANUARY, text)
    running.act(JANUARY, "godkann", "dag")


# ---- what is suggested -----------------------------------------------------------------


def test_the_first_report(running: ReportRound) -> None:
    """It tells since the round was opened: steps, cases, days ahead and figures."""
    running.to(1, 20)
    running.hand_in("ett", "ellen")
    running.to(1, 31)

    said = offered(running, JANUARY, "lena")

    assert said.split("\n\n") == [
        "Sedan omgången öppnades mån 4 jan har omgången gått vidare till Arbete (tis 12 jan)."
        " Underlag: 1 har lämnats in.",
        "Omgången står i steget Arbete sedan tis 12 jan.",
        "Inget är sent.",
        "Fram till och med sön 28 feb kommer:\n- fre 26 feb: Underlagen inne",
        "Därefter kommer Nämnden möts, ons 17 mars.",
        "I siffror:\n- Underlag: 0 av 3 klara",
    ]


def test_the_next_report_begins_where_the_last_ended(running: ReportRound) -> None:
    """Only what has happened since the report before was handed over; late by kind alone
    where not all who get it may see whose; and sums when what is summed is decided."""
    running.to(1, 20)
    running.hand_in("ett", "ellen")
    approve(running)
    running.to(2, 10)
    running.act(case_of("underlag", "ett"), "ater", "nora", questions=["Hur många?"])
    running.hand_in("tva", "tove")
    running.act(case_of("underlag", "tva"), "godkann", "nora")
    running.to(3, 3)

    said = offered(running, FEBRUARY, "lena").split("\n\n")

    assert "Sedan förra rapporten sön 31 jan är omgången kvar i samma steg." in said[0]
    assert "Underlag: 1 har lämnats in, 1 har lämnats tillbaka och 1 har blivit klart." in said[0]
    assert "2 ärenden är sena:\n- Underlag: 2 sena, som mest 3 arbetsdagar" in said
    assert "Underlag Ett" not in "".join(said)
    assert "- Underlag: 1 av 3 klara, 2 sena" in said[-1]


def test_nothing_secret_is_summed(running: ReportRound) -> None:
    """What a unit has filled in is not summed for those who do not see all units."""
    running.to(2, 10)
    running.hand_in("tva", "tove")
    running.act(case_of("underlag", "tva"), "godkann", "nora")
    running.to(2, 28)

    assert "Belopp" not in offered(running, FEBRUARY, "lena")
    assert "Belopp" not in page_of(running, "ellen").text


def test_who_sees_all_reads_names_and_sums(running: ReportRound) -> None:
    """The page of now names to each what they see: cases that are late, and decided sums, a
    column with years year by year; a column for some roles never."""
    running.to(2, 10)
    running.hand_in("tva", "tove")
    running.act(case_of("underlag", "tva"), "godkann", "nora")
    running.to(3, 3)

    said = page_of(running, "lena").text

    assert "- Underlag Ett skulle ha varit klart fre 26 feb, för 3 arbetsdagar sedan." in said
    assert "- Rader, Belopp: 100" in said
    assert "- Rader, Effekt: 2010: 5; 2011: 7" in said
    assert "Dolt" not in said


def test_only_who_writes_is_offered_anything(running: ReportRound) -> None:
    """Whoever merely reads the report sees no suggestion, and after it is handed on nobody."""
    running.to(1, 31)
    assert "" == offered(running, JANUARY, "dag")
    running.write(JANUARY, TEXT)

    assert "" == offered(running, JANUARY, "lena")


def test_a_suggestion_is_never_set(running: ReportRound) -> None:
    """Nothing stands in the report until somebody has written it, and other words need no
    reason."""
    running.to(1, 31)
    offered(running, JANUARY, "lena")
    assert [] == running.rows(f"SELECT 1 FROM material_rows WHERE case_id = '{JANUARY}'")

    running.write(JANUARY, "Annat.")

    assert [("godkanns",)] == running.rows(f"SELECT state FROM cases WHERE id = '{JANUARY}'")


def test_the_minutes(running: ReportRound) -> None:
    """The sentences of what the body decided, for whoever writes the minutes below it."""
    running.to(2, 10)
    for unit, who in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        running.hand_in(unit, who)
        running.act(case_of("underlag", unit), "godkann", "sune" if unit == "tre" else "nora")
    running.to(3, 17)
    decision = {
        "meeting_on": "2010-03-17",
        "paragraph": "§ 12",
        "present": 3,
        "votes_for": 2,
        "votes_against": 1,
        "reservations": "Ledamot A reserverar sig.",
    }
    running.act(case_of("omgang"), "bifall", "sara", decision=decision)

    said = offered(running, case_of("protokoll"), "sara", "protokoll.text")

    assert said.split("\n\n") == [
        "Nämnden sammanträdde ons 17 mars 2010, § 12. 3 ledamöter var närvarande.",
        "Beslut om Prov 2010: Bifall.",
        "Röster: 2 för, 1 emot.",
        "Reservationer: Ledamot A reserverar sig.",
    ]


def test_no_round_before(running: ReportRound) -> None:
    """Nothing is suggested from a round that was never there."""
    running.to(1, 31)

    assert "" == offered(running, JANUARY, "lena", "rapport.budskap")


def test_the_text_of_the_round_before(running: ReportRound) -> None:
    """The same column in the latest case of the same kind in the round before, on one line
    where the column has one."""
    running.to(1, 31)
    row = {"text": TEXT, "budskap": "Vi gör det tillsammans."}
    running.act(JANUARY, "lamna", "lena", rows={"rapport": [row]})
    opening.open_round(running.world, revision(), year=2011)
    running.act("prov-2011.omgang", "borja", "lena")
    running.to(2, 28)
    later = "prov-2011.rapport.2010-02"

    assert "Vi gör det tillsammans." == offered(running, later, "lena", "rapport.budskap")


# ---- sent after approval ---------------------------------------------------------------


def test_the_text_goes_along_when_it_is_approved(running: ReportRound) -> None:
    """Those who are told get the approved text and the figures, once; before that nobody."""
    running.to(1, 31)
    running.write(JANUARY, TEXT)
    assert [] == running.mails(JANUARY, "ellen")

    running.act(JANUARY, "godkann", "dag")

    (mail,) = running.mails(JANUARY, "ellen")
    assert [("Läget", TEXT)] == [(one.title, one.text) for one in mail.reports]
    assert (("Underlag", "0 av 3 klara"),) == mail.figures


def test_a_later_draft_is_not_sent(running: ReportRound) -> None:
    """A mail that is composed after the report went back tells what was approved, not what is
    written on."""
    approve(running)
    running.act(JANUARY, "om", "sara", questions=["Stämmer det?"])
    running.save(JANUARY, "lena", rows={"rapport": [{"text": "Hemligt utkast."}]})

    (mail,) = running.mails(JANUARY, "ellen")

    assert [TEXT] == [one.text for one in mail.reports]


def test_what_is_carried_as_missing_sends_no_draft(running: ReportRound) -> None:
    """A report that was called off is not sent as far as it came."""
    running.to(1, 31)
    running.save(JANUARY, "lena", rows={"rapport": [{"text": "Ett utkast."}]})
    running.to(3, 3)
    running.act(JANUARY, "missing", "lena", "Den kom aldrig.")

    assert [] == [one for mail in running.mails(JANUARY, "ellen") for one in mail.reports]


def test_the_writer_does_not_approve(running: ReportRound) -> None:
    """Nobody gets anything by one person alone."""
    running.to(1, 31)
    running.write(JANUARY, TEXT)

    with pytest.raises(NoRight):
        running.act(JANUARY, "godkann", "lena")

    assert [] == running.mails(JANUARY, "ellen")


# ---- the page of now -------------------------------------------------------------------


def test_the_latest_report_stands_on_the_page(running: ReportRound) -> None:
    """Not while it waits for approval; then for those who are told, and the day it was handed
    over counts for what is told as new."""
    running.to(1, 31)
    running.write(JANUARY, TEXT)
    assert () == page_of(running, "lena").reports

    running.act(JANUARY, "godkann", "dag")

    found = page_of(running, "ellen")
    (report,) = found.reports
    assert (JANUARY, date(2010, 1, 31)) == (report.case, report.on)
    assert (("Läget", TEXT),) == report.texts
    assert found.text.startswith("Sedan förra rapporten sön 31 jan")


def test_who_is_not_told_reads_no_text(running: ReportRound) -> None:
    """The text is for those it was sent to and those who work on it, until it is done."""
    approve(running)

    found = page_of(running, "nora").reports

    assert () == tuple(text for one in found for text in one.texts)


def test_who_has_no_place_finds_nothing(running: ReportRound) -> None:
    """As every page of the round."""
    with pytest.raises(NotFound):
        page_of(running, "utan")
