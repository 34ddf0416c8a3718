"""Two at once: nothing is overwritten, nothing typed is lost, and who was first is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from random import Random
from time import sleep
from typing import Any

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from tests.service.threads import together
from tests.service.worlds import OBJEKT, Stage
from tests.web.browsing import BASE, HERE, Guest, Page, filled, words
from tests.web.cases import (
    FILLED,
    keep,
    person,
    press,
    returned,
    rows,
    state,
    visit,
)
from workflow.service.running import evidence

ROW = OBJEKT["objekt"][0]
THREE = tuple({**ROW, "tillstand": one} for one in ("Ett", "Två", "Tre"))


def test_what_somebody_saved_meanwhile_is_shown_beside_what_was_typed(guest: Guest) -> None:
    """A cell that both changed keeps what was typed, with the other's text beside it; one that
    only the other changed has theirs; nothing is saved until it is sent anew."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief, helper = stage.case("underlag", unit), stage.chief(unit), helper_of(stage)
    keep(stage, unit, *THREE)
    page = visit(guest, chief, case)
    theirs = {**THREE[1], "tillstand": "Två b", "volym": 30}
    keep(stage, unit, THREE[0], theirs, THREE[2], email=helper)

    stale = guest.send(page, "Spara utkastet", **{"rad.objekt.2.tillstand": "Två c"})
    before = rows(stage, case)
    guest.send(stale, "Spara utkastet")

    assert 409 == stale.status
    assert f"{person(stage, helper)} sparade ons 3 dec" in stale.words.replace("\xa0", " ")
    assert "Sparat medan du skrev: ”Två b” Ditt står kvar i rutan." in stale.words
    assert "Två c" == stale.soup.find(id="rad.objekt.2.tillstand")["value"]
    assert "30" == stale.soup.find(id="rad.objekt.2.volym")["value"]
    assert "#rad.objekt.2.tillstand" in stale.links.values()
    assert [THREE[0], theirs, THREE[2]] == before
    assert [THREE[0], {**theirs, "tillstand": "Två c"}, THREE[2]] == rows(stage, case)


def test_what_one_saved_in_another_tab_is_merged_too(guest: Guest) -> None:
    """A row added in one tab is still there when an older tab is sent twice."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    keep(stage, unit, THREE[0])
    older = visit(guest, chief, case)
    keep(stage, unit, THREE[0], THREE[1])

    stale = guest.send(older, "Spara utkastet", **{"rad.objekt.1.tillstand": "Ett b"})
    guest.send(stale, "Spara utkastet")

    assert 409 == stale.status
    assert "Du har sparat på annat håll" in stale.words
    assert [{**THREE[0], "tillstand": "Ett b"}, THREE[1]] == rows(stage, case)


def test_a_row_that_somebody_took_away_or_added(guest: Guest) -> None:
    """Their new row is there, the one they took away is gone, and mine comes last."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, helper = stage.case("underlag", unit), helper_of(stage)
    keep(stage, unit, *THREE)
    page = visit(guest, stage.chief(unit), case)
    keep(stage, unit, THREE[0], THREE[2], {**ROW, "tillstand": "Deras"}, email=helper)

    stale = guest.send(page, "Lämna in underlaget", **{"rad.objekt.4.tillstand": "Min"})
    guest.send(stale, "Spara utkastet")

    assert "Raden ”Två” har tagits bort." in stale.words
    assert ["Ett", "Tre", "Deras", "Min"] == [row["tillstand"] for row in rows(stage, case)]
    assert "utkast" == state(stage, case)


def test_an_answer_that_somebody_gave_meanwhile(guest: Guest) -> None:
    """Both answers are shown; the one typed is kept in the field."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = returned(stage, unit, "Hur många?", "Varför?")
    page = visit(guest, stage.chief(unit), case)
    press(guest, helper_of(stage), case, "Spara svaren", {"svar.1": "Sextio."})
    guest.sign_in(stage.chief(unit))
    typed = {"svar.1": "Sjuttio.", "svar.2": "Därför.", "token": guest.token}

    stale = guest.send(page, "Spara svaren", **typed)

    assert 409 == stale.status
    assert "Sparat medan du skrev: ”Sextio.”" in stale.words
    assert "Sjuttio." == stale.soup.find(id="svar.1").get_text().strip()
    assert "Därför." == stale.soup.find(id="svar.2").get_text().strip()
    assert [("Sextio.",), (None,)] == stage.rows("SELECT answer FROM questions ORDER BY number")


def test_what_was_typed_is_given_back_when_there_is_no_field_for_it(guest: Guest) -> None:
    """The case was handed in meanwhile: rows, comments and answers are there to be read."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    page = visit(guest, stage.chief(unit), case)
    stage.hand_in(unit)

    late = guest.send(page, "Inget att föreslå", **FILLED, **{"inget.comment": "Inget i år."})

    told = words(late.soup.find(id="h.lost").find_parent("section"))
    assert 409 == late.status
    assert ["Lindrig knäartros", "1 850", "Inget i år."] == [
        one for one in ("Lindrig knäartros", "1 850", "Inget i år.") if one in told
    ]
    assert "Prioriteringsobjekt, Tillstånd, rad 1" in told
    assert "Du lämnade in underlaget ons 3 dec" in late.words.replace("\xa0", " ")
    assert [ROW] == rows(stage, case)


def test_what_is_done_already_says_who_did_it(guest: Guest) -> None:
    """A second approval changes nothing, and names who approved and when."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, second = stage.case("underlag", unit), stage.chief(stage.units("verksamhet")[-1])
    also_boss(stage, unit, second)
    stage.hand_in(unit)
    page = visit(guest, second, case)
    stage.approve(unit)

    late = guest.send(page, "Godkänn underlaget")

    assert 409 == late.status
    assert "Någon hann före" in late.words
    told = f"{person(stage, stage.boss(unit))} godkände underlaget ons 3 dec kl. 9.00."
    assert told in late.words.replace("\xa0", " ")
    assert "Nu står ärendet i Godkänt. Ditt klick har inte ändrat något." in late.words


def test_a_form_sent_before_and_changed_since(guest: Guest) -> None:
    """Back in the browser, changed and sent again: it is kept, and goes when it is sent anew."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    page = visit(guest, stage.chief(unit), case)
    guest.send(page, "Spara utkastet", **FILLED)

    again = guest.send(page, "Spara utkastet", **{**FILLED, "rad.objekt.1.atgard": "Byte"})
    done = guest.send(again, "Spara utkastet", **{"rad.objekt.1.atgard": "Byte"})

    assert (409, 200) == (again.status, done.status)
    assert "Byte" == again.soup.find(id="rad.objekt.1.atgard")["value"]
    assert ["Byte"] == [row["atgard"] for row in rows(stage, case)]


def test_the_same_form_sent_twice_is_done_once(guest: Guest) -> None:
    """A double click lands on the same page, and the case has moved once."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    page = visit(guest, stage.chief(unit), case)

    first = guest.send(page, "Lämna in underlaget", **FILLED)
    second = guest.send(page, "Lämna in underlaget", **FILLED)

    assert (200, first.url) == (second.status, second.url)
    assert [(2,)] == stage.rows("SELECT version FROM cases WHERE id = :one", one=case)


def test_a_signature_is_given_once_by_a_double_click(guest: Guest) -> None:
    """The page that confirms is sent twice: one transition."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case, boss = stage.case("underlag", unit), stage.boss(unit)
    page = visit(guest, boss, case)

    found = [guest.send(page, "Godkänn underlaget") for _ in range(3)]

    assert [200] * 3 == [one.status for one in found]
    assert 1 == len({one.url for one in found})


# ---- many at once ----------------------------------------------------------------------


def test_twenty_approve_at_once_and_one_wins(guest: Guest) -> None:
    """Of twenty who press the same button at the same instant one does it, and nineteen read
    who."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    emails = crowd(stage, unit, 20)
    stage.hand_in(unit)

    with ExitStack() as stack:
        guests = [stack.enter_context(another(guest)) for _ in emails]
        pages = [visit(one, email, case) for one, email in zip(guests, emails, strict=True)]
        found: list[Page] = together(
            *(
                lambda one=one, page=page: one.send(page, "Godkänn underlaget")
                for one, page in zip(guests, pages, strict=True)
            )
        )

    winner = person(stage, evidence.log_lines(stage.world, stage.round)[-1]["actor"])
    lost = [page for page in found if page.status == 409]
    assert [200] + [409] * 19 == sorted(page.status for page in found)
    assert [True] * 19 == [f"{winner} godkände underlaget" in page.words for page in lost]
    assert [(3,)] == stage.rows("SELECT version FROM cases WHERE id = :one", one=case)
    assert True is evidence.prove(stage.world).ok


def test_two_hundred_stale_posts_overwrite_and_lose_nothing(guest: Guest) -> None:
    """Whatever is sent from pages that are out of date: no row changes, every word comes back."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chance = returned(stage, unit, "Hur många?"), Random(1)
    page = visit(guest, stage.chief(unit), case)
    keep(stage, unit, *THREE, email=helper_of(stage))
    form = filled(page.form("Spara utkastet"))
    before = (rows(stage, case), stage.counts()["entries"])
    buttons = ("spara-utkast", "steg/lamna_in", "steg/inget")
    lost = []

    for number in range(200):
        typed = {
            f"rad.objekt.{chance.randrange(1, 5)}.tillstand": f"Tillstånd {number}",
            "svar.1": f"Svar {number}",
            "inget.comment": f"Skäl {number}",
            f"rad.beslut.{chance.randrange(1, 4)}.skal": f"Skäl nog {number}",
        }
        sent = {**form, **typed, "request": f"{number:032x}"}
        back = guest.post(f"/arenden/{case}/{chance.choice(buttons)}", sent)
        gone = [text for text in typed.values() if str(escape(text)) not in back.text]
        if back.status != 409 or gone:
            lost.append((number, back.status, gone))

    assert [] == lost
    assert before == (rows(stage, case), stage.counts()["entries"])


@pytest.mark.slow
def test_a_thousand_double_clicks_are_a_thousand_transitions(guest: Guest) -> None:
    """Each form is sent twice, 0 to 50 ms apart: every pair moves its case once."""
    stage = guest.stage
    chance, moved = Random(2), 1000
    units = stage.units("verksamhet")

    with ExitStack() as stack:
        desks = [Clicker(stage, unit, stack.enter_context(another(guest))) for unit in units]
        waits = [chance.uniform(0, 0.05) for _ in range(moved)]
        with ThreadPoolExecutor(2 * len(desks)) as pool:
            for start in range(0, moved, len(desks)):
                part = list(zip(desks, waits[start : start + len(desks)], strict=False))
                for ready in [desk.double(pool, wait) for desk, wait in part]:
                    ready()

    transitions = stage.rows(
        "SELECT count(*) FROM entries WHERE kind = 'transition' AND case_id LIKE '%.underlag.%'"
    )
    versions = stage.rows("SELECT sum(version - 1) FROM cases WHERE kind = 'underlag'")
    assert (moved, moved) == (transitions[0][0], int(versions[0][0]))
    assert [0] * len(desks) == [desk.wrong for desk in desks]
    assert True is evidence.prove(stage.world).ok


class Clicker:
    """Somebody who says that there is nothing to propose, and takes it back, again and again."""

    def __init__(self, stage: Stage, unit: str, guest: Guest) -> None:
        self.case = stage.case("underlag", unit)
        self.guest = guest
        guest.sign_in(stage.chief(unit))
        self.token = guest.token
        self.version = 1
        self.wrong = 0

    def double(self, pool: ThreadPoolExecutor, wait: float) -> Callable[[], None]:
        """Press twice; gives what waits for both answers."""
        button = "inget" if self.version % 2 else "ta_tillbaka"
        fields = {
            "token": self.token,
            "version": str(self.version),
            "request": f"{self.case}-{self.version}"[-60:],
            "inget.comment": "Inget i år.",
        }
        path = f"/arenden/{self.case}/steg/{button}"
        self.version += 1

        def send(after: float) -> Any:
            sleep(after)
            client = self.guest.client
            return client.post(path, data=fields, headers=HERE, follow_redirects=False)

        both = [pool.submit(send, 0), pool.submit(send, wait)]

        def ready() -> None:
            answers = [one.result() for one in both]
            places = {one.headers.get("location") for one in answers}
            self.wrong += {one.status_code for one in answers} != {303} or len(places) != 1

        return ready


# ---- who is there ----------------------------------------------------------------------


def helper_of(stage: Stage) -> str:
    """Give somebody who helps with every underlag."""
    return stage.holder("medicinsk_grupp")


def also_boss(stage: Stage, unit: str, email: str) -> None:
    """Make somebody one more chief of the driftenhet above a unit."""
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'driftenhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=stage.parent(unit),
        email=email,
    )


def crowd(stage: Stage, unit: str, count: int) -> list[str]:
    """Give as many chiefs of the driftenhet above a unit, none of them its own chief."""
    found = stage.rows(
        "SELECT email FROM people WHERE email <> :one AND language = 'sv' ORDER BY id",
        one=stage.chief(unit),
    )
    emails = [row[0] for row in found if row[0] != stage.boss(unit)][:count]
    for email in emails:
        also_boss(stage, unit, email)
    return emails


@contextmanager
def another(guest: Guest) -> Iterator[Guest]:
    """Give one more browser at the same site."""
    with TestClient(guest.client.app, base_url=BASE, client=("127.0.0.1", 50000)) as client:
        yield Guest(guest.stage, client)
