"""The pages that the law asks for: filled in from the settings, honest where they are not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import About, Auth, Config, Mode
from tests.web.browsing import BASE
from tests.web.everyone import ABOUT, CLIENT, NOBODY, Everyone
from web.about import lacking, untold
from web.site import make_site

PAGES: Final = ("/tillganglighet", "/personuppgifter", "/hjalp")


@contextmanager
def told(everyone: Everyone, about: About, mode: Mode = Mode.DEMO) -> Iterator[TestClient]:
    """Open the pages of an installation that tells this of itself."""
    site = make_site(App(config=Config(auth=Auth(mode=mode), about=about)), everyone.stage.world)
    with TestClient(site, base_url=BASE, client=CLIENT) as client:
        yield client


def main(answer: Any) -> str:
    """Give what is read on a page."""
    found = BeautifulSoup(answer.text, "html.parser").main
    return " ".join(found.get_text(" ").split()) if found else ""


# ---- what has to be told ---------------------------------------------------------------


def test_nothing_is_told_of_an_installation_that_says_nothing() -> None:
    """Every setting that the law asks for is named, as it is called in config.toml."""
    assert {
        "about.region",
        "about.contact",
        "about.contact_email",
        "about.contact_phone",
        "about.data_officer",
        "about.assessed_on",
        "about.assessed_how",
        "about.updated_on",
        "about.feedback_url",
        "about.defects",
    } == set(lacking(Config()))


def test_an_installation_that_tells_all_lacks_nothing() -> None:
    """And each setting that is taken away again is lacking, blanks counted as nothing."""
    full = ABOUT.model_dump()
    assert [] == untold(ABOUT)

    for key in set(full) - {"accessibility", "burdens"}:
        empty = () if key == "defects" else " "
        assert [key] == untold(ABOUT.model_copy(update={key: empty})), key


@pytest.mark.parametrize(
    ("how", "defects", "burdens", "expected"),
    [
        ("fully", (), (), []),
        ("partly", (), (), ["defects"]),
        ("not", (), (), ["defects"]),
        ("partly", ("En brist.",), (), []),
        ("partly", (), ("En börda.",), []),
    ],
)
def test_who_does_not_conform_fully_says_why(
    how: str, defects: tuple[str, ...], burdens: tuple[str, ...], expected: list[str]
) -> None:
    """Partly, and not at all, are of something."""
    more = {"accessibility": how, "defects": defects, "burdens": burdens}

    assert expected == untold(ABOUT.model_copy(update=more))


# ---- accessibility ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("fully", "helt förenlig"),
        ("partly", "delvis förenlig"),
        ("not", "inte förenlig"),
    ],
)
def test_the_statement_holds_what_the_law_asks(everyone: Everyone, how: str, words: str) -> None:
    """Whose it is, how far it conforms, each defect, what is outside, how and when it was
    assessed, when it was gone through, where to report, and who supervises (MDFFS 2019:2)."""
    about = ABOUT.model_copy(update={"accessibility": how, "burdens": ("Gamla kartor, för dyrt.",)})
    with told(everyone, about) as client:
        answer = client.get("/tillganglighet")

    text = main(answer)
    assert f"Beredning är {words} med lagen (2018:1937)" in text
    assert "Region Alvmark står bakom Beredning" in text
    for part in (
        "Ett påhittat exempel på en brist.",
        "Gamla kartor, för dyrt.",
        "Innehåll som lagen inte omfattar (9 §)",
        "Den senaste bedömningen gjordes sön 22 nov 2026.",
        "Metod: självskattning.",
        "Redogörelsen gicks senast igenom sön 22 nov 2026.",
        "Du behöver inte säga vem du är.",
        "Digg, har tillsyn",
    ):
        assert part in text, part
    links = {one["href"] for one in BeautifulSoup(answer.text, "html.parser").find_all("a")}
    assert "https://www.digg.se/tdosanmalan" in links
    assert "https://alvmark.example/synpunkter" in links
    assert "mailto:stod@alvmark.example" in links


# ---- personal data ---------------------------------------------------------------------


def test_the_page_on_personal_data_holds_what_the_regulation_asks(everyone: Everyone) -> None:
    """Articles 13 and 14: who, why and by what right, which data and from where, who gets
    them, how long, which rights, and where one complains; and nothing about patients."""
    answer = everyone.get(NOBODY, "/personuppgifter")

    text = main(answer)
    for part in (
        "Region Alvmark är personuppgiftsansvarig",
        "dataskydd@alvmark.example",
        "artikel 6.1 e",
        "De kommer från arbetsgivarens egna register",
        "Vilka som ser dem",
        "Hur länge de finns kvar",
        "att få fel rättade",
        "Integritetsskyddsmyndigheten",
        "Skriv inget som pekar ut en patient",
        "Ingen bedöms av en maskin",
        "En kaka i webbläsaren",
    ):
        assert part in text, part
    assert 'href="https://www.imy.se/"' in answer.text


@pytest.mark.parametrize(("mode", "there"), [(Mode.LOCAL, True), (Mode.DEMO, False)])
def test_passwords_are_told_of_where_they_are_kept(
    everyone: Everyone, mode: Mode, there: bool
) -> None:
    """Only where people sign in with a password of this installation's."""
    with told(everyone, ABOUT, mode) as client:
        text = main(client.get("/personuppgifter"))

    assert there == ("Lösenordet sparas inte heller" in text)


# ---- every page ------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_each_page_stands_in_both_languages(everyone: Everyone, path: str) -> None:
    """Swedish for whoever has not chosen; the other language is one link away, and marked."""
    swedish = everyone.get(NOBODY, path)
    english = everyone.get(NOBODY, f"{path}?sprak=en")
    odd = everyone.get(NOBODY, f"{path}?sprak=tlh")

    assert '<html lang="sv"' in swedish.text
    assert f'href="{path}?sprak=en" lang="en"' in swedish.text
    assert '<html lang="en"' in english.text
    assert f'href="{path}?sprak=sv" lang="sv"' in english.text
    assert main(swedish) == main(odd)
    plain = re.sub(r"Älvmark|På svenska", "", main(english))
    plain = re.sub("Ett påhittat exempel på en brist|Beredningens stöd|självskattning", "", plain)
    assert not re.search(r"[åäöÅÄÖ]", plain)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_not_told_is_said_plainly(everyone: Everyone, path: str) -> None:
    """On a rehearsal nobody has filled in: a note names what is missing, and no sentence is
    left hanging in the air."""
    with told(everyone, About()) as client:
        text = main(client.get(path))

    assert "Sidan är inte färdig" in text
    assert not re.search(r"\bNone\b|[:,] ?[.,]|\(\)|  | \. ", text)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_told_leaves_no_note(everyone: Everyone, path: str) -> None:
    """Nothing is missing, and nothing says so."""
    assert "Sidan är inte färdig" not in main(everyone.get(NOBODY, path))


@pytest.mark.parametrize("path", ["/", "/logga-in", "/finns-inte", "/omgangar", *PAGES])
def test_the_pages_are_one_link_away_from_everywhere(everyone: Everyone, path: str) -> None:
    """Each page leads to them in its foot, with whom to ask, in the same order."""
    soup = BeautifulSoup(everyone.get("verksamhetschef", path).text, "html.parser")
    foot = soup.footer

    assert foot is not None
    assert [*PAGES[:-1], "/oppet", PAGES[-1]] == [one["href"] for one in foot.find_all("a")]
    assert f"{ABOUT.contact}, {ABOUT.contact_phone}" in " ".join(foot.get_text().split())


def test_help_says_what_one_needs(everyone: Everyone) -> None:
    """Whom to ask, how to do what one does here, by keyboard and on paper."""
    text = main(everyone.get("verksamhetschef", "/hjalp"))

    for part in (
        "Ring eller skriv till Beredningens stöd, 010-555 01 20",
        "Be om anstånd i ärendet",
        "Utse en ersättare",
        "Med tangentbord",
        "Skriva ut",
    ):
        assert part in text, part
