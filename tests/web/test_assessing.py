"""Each assesses alone on a page of fields; then all read how far apart they lie. No scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.service.worlds import Stage
from tests.support.assess import CASE_ID, ROUND, Council, open_council
from tests.support.organisation import email
from tests.web.browsing import Guest, Page, visit_of, words
from web.routes import ROUTES
from workflow.store.database import Database

PATH = f"/arenden/{CASE_ID}/bedomning/bedomning"
JAV = f"/arenden/{CASE_ID}/lista/bedomning/jav"
SAVE = "Spara bedömningen"


@pytest.fixture
def council(database: Database, tmp_path: Path) -> Council:
    """A round in which each member of a council assesses alone."""
    made = open_council(database, tmp_path)
    made.collect()
    return made


@pytest.fixture
def guest(council: Council) -> Iterator[Guest]:
    """Ada, a member."""
    with visit_of(cast(Stage, council)) as made:
        made.sign_in(email("ada"))
        yield made


def _field(page: Page, name: str) -> Any:
    found = page.soup.find(attrs={"name": name})
    assert found is not None, name
    return found


def test_one_assesses_all_on_one_page_with_one_button(guest: Guest, council: Council) -> None:
    """A choice and a text for each row; what is saved stands there, and the page counts."""
    page = guest.get(PATH)
    after = guest.send(
        page,
        SAVE,
        **{
            "rad.bedomning.1.rang": "1",
            "rad.bedomning.1.tanke": "Säkrast.\nTvå rader.",
            "rad.bedomning.3.rang": "inte",
        },
    )

    assert "Du har bedömt 0 av 3." in page.words
    assert "Du har bedömt 2 av 3." in after.words
    assert ["Knä", "Axel", "Hälsosamtal"] == [words(one.strong) for one in after.soup("legend")]
    assert "Säkrast.\nTvå rader." == _field(after, "rad.bedomning.1.tanke").get_text().strip("\n")
    assert [{"rang": "1", "tanke": "Säkrast.\nTvå rader."}, {"rang": "inte"}] == [
        row.cells for row in council.copy("ada")
    ]
    assert 1 == [words(one) for one in page.soup("button")].count(SAVE)


def test_what_is_written_is_changed_and_taken_away_on_the_same_page(
    guest: Guest, council: Council
) -> None:
    """What is not touched is not sent: one row is other."""
    council.assess("ada", Knä="1", Axel="2")

    guest.send(guest.get(PATH), SAVE, **{"rad.bedomning.1.rang": "3", "rad.bedomning.2.rang": ""})

    assert [({"rang": "3"}, 2), ({}, 2)] == [
        (row.cells, row.version) for row in council.copy("ada")
    ]


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(
    guest: Guest, council: Council
) -> None:
    """422 with everything typed; nothing is half saved; put right it goes through."""
    typed = {
        "rad.bedomning.1.rang": "2",
        "rad.bedomning.1.poang": "många",
        "rad.bedomning.3.poang": "101",
        "rad.bedomning.3.tanke": "<b>Fet</b>",
    }
    page = guest.send(guest.get(PATH), SAVE, **typed)
    none = council.copy("ada")
    after = guest.send(page, SAVE, **{"rad.bedomning.1.poang": "5", "rad.bedomning.3.poang": "100"})

    assert (422, []) == (page.status, [*none])
    assert "”många” är inget tal." in page.words
    assert "rad.bedomning.3.poang-err" in _field(page, "rad.bedomning.3.poang")["aria-describedby"]
    assert "många" == _field(page, "rad.bedomning.1.poang")["value"]
    assert "<b>Fet</b>" in _field(page, "rad.bedomning.3.tanke").get_text()
    assert 200 == after.status
    assert [2, 2] == [len(row.cells) for row in council.copy("ada")]


def test_the_same_form_sent_twice_is_saved_once(guest: Guest, council: Council) -> None:
    """The second answer is the first one's."""
    page = guest.get(PATH)
    for _ in range(2):
        after = guest.send(page, SAVE, **{"rad.bedomning.1.rang": "1"})

    assert 200 == after.status
    assert 1 == len(council.copy("ada"))


def test_who_was_first_is_not_written_over(guest: Guest, council: Council) -> None:
    """The substitute saved meanwhile: the page says what stands there, and keeps what was
    typed; saved again it is the last word."""
    page = guest.get(PATH)
    council.substitute("ada", "vik")
    council.edit("vik", council.ballot("Knä", "4"))
    stale = guest.send(page, SAVE, **{"rad.bedomning.1.rang": "1"})
    kept = council.copy("ada")
    guest.send(stale, SAVE)

    assert (409, ["4"]) == (stale.status, [row.cells["rang"] for row in kept])
    assert "Nu står där: 4, lägst." in stale.words
    assert "1" == _field(stale, "rad.bedomning.1.rang").find("option", selected=True)["value"]
    assert ["1"] == [row.cells["rang"] for row in council.copy("ada")]


def test_a_step_that_ended_meanwhile_loses_nothing_that_was_typed(
    guest: Guest, council: Council
) -> None:
    """The chair closes; what Ada had typed stands on the page to be read."""
    page = guest.get(PATH)
    council.act("vardering.etik", "stang", "erik", decision={"present": 3})

    late = guest.send(page, SAVE, **{"rad.bedomning.1.tanke": "Hann inte."})

    assert 422 == late.status
    assert "Inget är sparat" in late.words
    assert "Knä Varför: Hann inte." in late.words
    assert () == tuple(council.copy("ada"))


def test_others_see_who_has_handed_in_and_no_fields(guest: Guest, council: Council) -> None:
    """The leader, and the chair who is no member."""
    council.assess("ada", Knä="4", Axel="4", Hälso="4")
    council.sign("ada")
    for who in ("lena", "erik", "gun"):
        guest.sign_in(email(who))
        page = guest.get(PATH)

        assert "En av 3 har lämnat ifrån sig sin Ada klar Bo inte klar Cia inte klar" in page.words
        assert not page.soup.main.find_all(["select", "textarea"])
        assert "lägst" not in page.text


def test_after_the_step_the_spread_is_read_with_the_largest_disagreement_first(
    guest: Guest, council: Council
) -> None:
    """The picture with its table, each one's value by name, and the agreed position."""
    council.everybody_assesses()
    guest.sign_in(email("lena"))

    page = guest.get(PATH)
    listed = guest.get(page.links["I listans ordning"])

    heads = [words(one) for one in page.soup.find_all("h2")]
    assert ["Hälsosamtal", "Knä", "Axel"] == heads
    assert ["Knä", "Axel", "Hälsosamtal"] == [words(one) for one in listed.soup.find_all("h2")]
    picture = page.soup.find("svg", class_="spread")
    assert "Från 1, högst till Inte alls, median 4, lägst" == picture["aria-label"]
    assert "lägst 1, högst, högst Inte alls, median 4, lägst. Oenighet 2,7." in page.words
    assert "Ada Min rang: 1, högst Bo Min rang: 4, lägst Cia Min rang: Inte alls" in page.words
    assert f"/arenden/{CASE_ID}/lista/radets" == page.links["Plats 3 i Rådets lista"]


def test_conflict_is_declared_and_taken_back_from_the_page(guest: Guest) -> None:
    """The link at the row leads to the form with the row chosen; a reason is demanded."""
    page = guest.get(PATH)
    form = guest.get(page.links["Anmäl jäv i Axel"])
    refused = guest.send(form, "Anmäl jäv")
    noted = guest.send(refused, "Anmäl jäv", skal="Min syster opererar.")
    own = guest.get(PATH)
    back = guest.send(noted, "Ta tillbaka jäv för Ada i Axel")

    assert (422, 200) == (refused.status, noted.status)
    assert "Skriv vari jävet består." in refused.words
    assert "Ada anmälde jäv och deltog inte i handläggningen av ”Axel”." in noted.words
    assert "Du har bedömt 0 av 2." in own.words
    assert "Du har anmält jäv här. Du ser raden men bedömer den inte." in own.words
    assert own.soup.find(attrs={"name": "rad.bedomning.2.rang"}) is None
    assert "Ingen har anmält jäv." in back.words


def test_a_member_notes_none_for_another_and_the_chair_does(guest: Guest) -> None:
    """The field for whom it is stands on the chair's form alone; sent anyway it is refused."""
    member = guest.get(JAV)
    own = member.form("Anmäl jäv")
    guest.sign_in(email("erik"))
    chair = guest.get(JAV)

    assert own.find(attrs={"name": "vem"}) is None
    options = chair.form("Anmäl jäv").find(attrs={"name": "vem"}).find_all("option")
    bo = next(one["value"] for one in options if words(one) == "Bo")
    key = chair.form("Anmäl jäv").find_all("option")[1]["value"]
    noted = guest.send(chair, "Anmäl jäv", rad=key, vem=bo, skal="Delägare.")
    assert "Bo anmälde jäv och deltog inte i handläggningen av ”Knä”." in noted.words
    assert "Skäl: Delägare." in noted.words
    guest.sign_in(email("ada"))
    assert "Delägare" not in guest.get(JAV).text
    fields = {"token": guest.token, "rad": key, "vem": bo, "gor": "tillbaka"}
    assert 403 == guest.post(JAV, fields).status


@pytest.mark.parametrize("path", [PATH, JAV])
def test_who_does_not_read_the_case_finds_nothing(guest: Guest, path: str) -> None:
    """A clinic's chief, and who holds nothing."""
    for who in ("ellen", "utan"):
        guest.sign_in(email(who))

        assert 404 == guest.get(path).status


MARK = "hemlig tanke"
PLACES = {"case": CASE_ID, "round": ROUND, "table": "bedomning"}


@pytest.mark.parametrize("who", ["lena", "gun", "erik", "bo", "dag"])
def test_no_page_and_no_file_tells_what_stands_in_a_copy(
    guest: Guest, council: Council, who: str
) -> None:
    """Every address there is about the case, the round and its log, as everybody who reads the
    case; the same sweep does find it for the one who wrote it."""
    council.edit("ada", council.ballot("Knä", "inte", poang=77, tanke=MARK))
    council.edit("ada", ["add", None, {"svar": MARK}], table="fraga")

    told = _sweep(guest)
    guest.sign_in(email(who))

    assert {} == {path: text for path, text in _sweep(guest).items() if MARK in text}
    assert PATH in {path for path, text in told.items() if MARK in text}


def _sweep(guest: Guest) -> dict[str, str]:
    found = {}
    for address in ROUTES:
        names = re.findall(r"{(\w+)", address.path)
        if address.method != "GET" or not names or not set(names) <= PLACES.keys():
            continue
        if address.path.endswith((".pdf", ".xlsx")):
            continue
        path = re.sub(r"{(\w+)[^}]*}", lambda name: PLACES[name[1]], address.path)
        answer = guest.get(path)
        assert answer.status in (200, 404, 422), path
        found[path] = answer.text
    assert len(found) > 12
    return found
