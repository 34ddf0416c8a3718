"""Pages of what comes again: the case it lies below, the round, and the process."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.organisation import email
from tests.support.series import ROUND, YEAR, Running, begin_year
from tests.web.browsing import Guest, visit_of, words
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.cases.recurring import Recurring
from workflow.store.database import Database


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Running:
    """The year; on each kind of database."""
    return begin_year(database, tmp_path)


@pytest.fixture
def guest(running: Running) -> Iterator[Guest]:
    """Somebody who has not signed in."""
    with visit_of(cast(Stage, running)) as made:
        yield made


def series(running: Running, kind: str, who: str = "lena") -> Recurring:
    """Give what comes again below the year, of a kind."""
    page = read_case(running.world, email(who), YEAR)
    return next(one for one in page.recurring if one.kind == kind)


def test_a_case_tells_of_what_comes_again(running: Running) -> None:
    """How many are open, late and done, what comes next and when; nothing of it in the list of
    what the case waits for."""
    before = series(running, "rapport")
    running.to(1, 31)
    running.act("rapport.norr.2010-01", "klar", "nora")
    running.to(2, 28)
    running.to(3, 1)

    found = series(running, "rapport")

    assert (0, 0, 0, "januari 2010") == (before.open, before.late, before.done, before.next_title)
    assert (3, 1, 1) == (found.open, found.late, found.done)
    assert ("2010-03-31", "mars 2010") == (str(found.next_on), found.next_title)
    late = found.nearest[0]
    assert f"{ROUND}.rapport.soder.2010-01" == late.case
    assert () == read_case(running.world, email("lena"), YEAR).below


def test_each_sees_their_own(running: Running) -> None:
    """An area's chief is told of the own area's alone, and may open what others may not."""
    running.to(1, 31)

    assert 1 == series(running, "rapport", "nora").open
    assert 2 == series(running, "rapport").open
    assert series(running, "ide", "ellen").opening is not None
    assert None is series(running, "ide").opening


def test_a_year_of_cases_is_a_short_page(running: Running, guest: Guest) -> None:
    """Twelve months later five of each kind are shown, and the rest when somebody asks."""
    running.to(12, 31)
    guest.sign_in(email("lena"))

    page = guest.get(f"/arenden/{YEAR}")

    told = words(page.soup.find("section", attrs={"aria-labelledby": "h.igen"}))
    lists = page.soup.find("section", attrs={"aria-labelledby": "h.igen"}).find_all("ul")
    assert "Rapport varje månad, till och med Året är slut" in told
    assert "24 öppna" in told
    assert 5 == len(lists[0].find_all("li"))
    assert "Det här väntar ärendet på" not in page.words


def test_the_round_shows_the_latest_and_what_is_left(running: Running, guest: Guest) -> None:
    """Of earlier months only what has not ended; the rest is a number."""
    running.to(1, 31)
    running.act("rapport.norr.2010-01", "klar", "nora")
    running.to(2, 28)
    guest.sign_in(email("lena"))

    page = guest.get(f"/omgangar/{ROUND}")

    assert "Soder, januari 2010" in page.words
    assert "Norr, februari 2010" in page.words
    assert "Norr, januari 2010" not in page.words
    assert "Ett avslutat sedan tidigare räknas inte med här." in page.words


def test_the_process_says_how_often(guest: Guest) -> None:
    """By the clock, at days of the plan with how long before, and when needed by whom; a kind
    whose title says only its occasion is called by what is done in it."""
    guest.sign_in(email("lena"))

    told = guest.get(f"/omgangar/{ROUND}/process").words

    assert "Återkommer: varje månad, till och med Året är slut." in told
    assert "Återkommer: vid Tertial ett och Tertial två, öppnas 1 månad före." in told
    assert "Återkommer: när det behövs. Öppnas av Klinikchef och Områdeschef." in told
    assert "Sista dag utan slutdag" in told
