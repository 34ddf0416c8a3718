"""Pausing and resuming in a browser: shown first, done as shown, and said on every page."""

from collections.abc import Iterator

import pytest

from tests.service.worlds import ROOT, ROUND, Stage
from tests.web.browsing import Guest, Page, visit_of
from workflow.service.pausing import pause_round

PATH = f"/omgangar/{ROUND}/paus"
WHY = 'Vi väntar på <b>regeringens</b> besked & "annat".'


@pytest.fixture
def guest(groundwork: Stage) -> Iterator[Guest]:
    """Somebody at a browser."""
    with visit_of(groundwork) as made:
        yield made


def paused(stage: Stage) -> None:
    """Let the round rest."""
    pause_round(stage.world, ROUND, reason=WHY, email=stage.leader)


def confirming(page: Page, begins: str) -> str:
    """Give the button of a preview, which also says how many mails go."""
    return next(one for one in page.buttons if one.startswith(begins))


def test_the_leader_pauses(guest: Guest) -> None:
    """What follows is shown first, and nothing is done until it is confirmed."""
    guest.sign_in(guest.stage.leader)
    page = guest.get(PATH)

    shown = guest.send(page, "Visa vad som ändras", reason=WHY)
    before = guest.stage.rows("SELECT paused_at FROM rounds")
    done = guest.send(shown, confirming(shown, "Pausa omgången och skicka"))

    assert [(None,)] == before
    assert [(None,)] != guest.stage.rows("SELECT paused_at FROM rounds")
    assert "vilar sedan" in done.words


def test_the_leader_resumes(guest: Guest) -> None:
    """The days that move are shown, and then moved."""
    paused(guest.stage)
    guest.stage.put("2008-12-10")
    guest.sign_in(guest.stage.leader)

    shown = guest.send(guest.get(PATH), "Visa vad som ändras", dagar="flytta")
    done = guest.send(shown, confirming(shown, "Återuppta omgången och skicka"))

    assert "fre 6 mars" in shown.words
    assert [(None,)] == guest.stage.rows("SELECT paused_at FROM rounds")
    assert "vilar sedan" not in done.words


@pytest.mark.parametrize("sent", [{}, {"dagar": "kanske"}])
def test_one_must_choose(guest: Guest, sent: dict[str, str]) -> None:
    """Without a choice of the days nothing is done, and the page says so."""
    paused(guest.stage)
    guest.sign_in(guest.stage.leader)

    page = guest.send(guest.get(PATH), "Visa vad som ändras", **sent)

    assert 422 == page.status
    assert "Välj om dagarna ska flyttas eller stå." in page.words


def test_a_reason_is_needed(guest: Guest) -> None:
    """Without one the form comes back."""
    guest.sign_in(guest.stage.leader)

    page = guest.send(guest.get(PATH), "Visa vad som ändras", reason=" ")

    assert 422 == page.status
    assert "Skriv varför." in page.words


def test_every_page_says_it(guest: Guest) -> None:
    """The round, the case, the list of rounds and Mitt arbete say who paused it and why."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    paused(stage)
    who = stage.rows("SELECT name FROM people WHERE email = :e", e=stage.leader)[0][0]
    stage.change("UPDATE people SET language = 'sv'")
    guest.sign_in(stage.chief(unit))

    for path in ("/", f"/arenden/{stage.case('underlag', unit)}"):
        words = guest.get(path).words

        assert "vilar sedan" in words
        assert f"Pausad av {who}." in words
        assert WHY in words
    guest.sign_in(stage.leader)
    for path in ("/omgangar", f"/omgangar/{ROUND}", f"/arenden/{ROOT}"):
        assert "vilar sedan" in guest.get(path).words


def test_a_case_offers_nothing(guest: Guest) -> None:
    """While it rests a case has neither buttons nor fields."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.change("UPDATE people SET language = 'sv'")
    guest.sign_in(stage.chief(unit))
    path = f"/arenden/{stage.case('underlag', unit)}"
    before = guest.get(path)
    paused(stage)

    after = guest.get(path)
    late = guest.send(before, "Spara utkastet")

    assert "Spara utkastet" not in after.words
    assert "Omgången vilar, så inget kan göras här just nu." in after.words
    assert 409 == late.status
    assert "Inget ändras förrän den återupptas." in late.words


def test_in_english(guest: Guest) -> None:
    """Whoever reads English reads all of it in English."""
    stage = guest.stage
    paused(stage)
    stage.change("UPDATE people SET language = 'en'")
    guest.sign_in(stage.leader)

    words = guest.get(PATH).words

    assert "The round has been paused since" in words
    assert "Resume the round" in words
