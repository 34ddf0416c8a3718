"""The page of the process that a round runs on: picture, words, revision, text."""

import json
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import Tag

import processes
from processes.loader import examine
from processes.written import write_toml
from tests.web import rounds
from tests.web.browsing import Guest, Page, words
from web.telling import process_words
from workflow.core.definition import Definition
from workflow.core.guards import NAMED

PROCESS = "/omgangar/prioritering-2010/process"
FOLDERS = [
    *sorted(path.parent for path in Path(processes.__file__).parent.glob("*/process.toml")),
    Path(__file__).parents[1] / "definitions" / "outlined" / "kronoberg_prioritering",
]


def open_page(guest: Guest, email: str) -> Page:
    """Open the page as somebody."""
    guest.sign_in(email)
    return guest.get(PROCESS)


def step(page: Page, kind: str, state: str) -> Tag:
    """Give the part of the page about a state."""
    found = page.soup.find(id=f"{kind}-{state}")
    assert found is not None
    return found


def facts_of(part: Tag) -> dict[str, str]:
    """Give what is said of a state, by its heading."""
    found = part.find("dl")
    assert found is not None
    return {words(term): words(term.find_next_sibling("dd")) for term in found.find_all("dt")}


def test_every_state_stands_in_picture_and_text(guest: Guest) -> None:
    """Each with its title; the picture has a name and a description of its own."""
    stage = guest.stage

    page = open_page(guest, stage.leader)

    picture = page.soup.select_one("svg.chart[role=img]")
    assert picture is not None
    named = [page.soup.find(id=name) for name in picture["aria-labelledby"].split()]
    assert all(words(one) for one in named)
    definition = stage.revision.definition
    for kind in definition.case.values():
        for state in kind.state.values():
            title = state.title.replace("{year}", "2010")
            assert words(step(page, kind.key, state.key).h3).startswith(title)
    boxes = sum(len(kind.state) + len(kind.ends) for kind in definition.case.values())
    assert boxes == len(picture.select("rect"))


def test_where_the_round_stands_is_marked_with_word_and_count(guest: Guest) -> None:
    """Twelve underlag: two handed in, one of them approved, one missing."""
    rounds.fall_behind(guest.stage)

    page = open_page(guest, guest.stage.leader)

    assert words(step(page, "underlag", "utkast").h3).endswith("9 här nu")
    assert words(step(page, "underlag", "inlamnat").h3).endswith("här nu")
    assert words(step(page, "omgang", "grundarbete").h3).endswith("nu")
    assert words(step(page, "omgang", "plan").h3).endswith("klart")
    assert words(step(page, "omgang", "forslag").h3).endswith("kommer")
    picture = page.soup.select_one("svg.chart[role=img]")
    assert picture is not None
    assert "9 här nu" in words(picture)
    assert 4 == len(picture.select("rect.p-now"))


def test_a_state_says_who_when_who_is_told_and_what_is_filled_in(guest: Guest) -> None:
    """In the words of the definition, with the plan's own days."""
    page = open_page(guest, guest.stage.leader)

    said = facts_of(step(page, "underlag", "utkast"))
    assert said["Vem"].startswith("Verksamhetschef. Hjälper till: Medicinska grupper och")
    assert "lör 28 feb 2009: Grundarbetet klart" == said["Sista dag"]
    assert said["Påminns"] == (
        "Den som har uppgiften 10, 3 och 1 arbetsdagar före och 1 arbetsdag efter; Driftenhetschef"
        " 3 arbetsdagar efter; den som leder processen 5 arbetsdagar efter"
    )
    assert "Prioriteringsobjekt" == said["Fylls i"]
    handed_in = facts_of(step(page, "underlag", "inlamnat"))
    assert "3 arbetsdagar efter att ärendet kom hit" == handed_in["Sista dag"]
    waiting = facts_of(step(page, "omgang", "grundarbete"))
    assert "Avstämning" == waiting["Väntar på"]
    assert "→ Redovisning i ledningsgruppen" == waiting["När alla är klara"]
    assert waiting["Får veta"].startswith("Driftenhetschef")


def test_a_button_says_where_it_leads_and_what_must_hold(guest: Guest) -> None:
    """Guards, separation of duties, signatures, what is asked for, and what goes back."""
    page = open_page(guest, guest.stage.leader)

    handed_in = words(step(page, "underlag", "inlamnat").find("ul"))
    assert "Godkänn underlaget → Godkänt" in handed_in
    assert (
        "Kräver att det är någon annan än den som gjorde ”Lämna in underlaget” och ”Inget att"
        " föreslå”." in handed_in
    )
    assert "Återlämna med frågor → Utkast Frågar efter numrerade frågor." in handed_in
    assert "Ta tillbaka → Utkast (Verksamhetschef)" in handed_in
    draft = words(step(page, "underlag", "utkast").find("ul"))
    assert "Kräver att det som ska fyllas i är ifyllt." in draft
    verify = words(step(page, "protokoll", "justeras").find("ul"))
    assert "alla som har rollen skriver under" in verify
    remit = words(step(page, "omgang", "redovisning").find("ul"))
    assert "Skickar tillbaka Avstämning till Driftenhetschefen sammanställer." in remit


def test_the_revision_is_the_rounds_own(guest: Guest) -> None:
    """The digest is that of the stored content, and the text reads back as the same
    definition."""
    stage = guest.stage

    page = open_page(guest, stage.leader)

    content = stage.rows("SELECT content FROM revisions")[0][0]
    assert sha256(content.encode()).hexdigest() in page.words
    assert "tis 7 okt" in page.words
    written = page.soup.find("pre", attrs={"role": "region"})
    assert written is not None
    assert json.loads(content)["definition"] == tomllib.loads(written.get_text())
    for name in stage.revision.mail:
        assert name in page.words


def test_it_is_for_everybody_in_the_round_and_nobody_else(guest: Guest) -> None:
    """A chief reads it; a stranger learns nothing."""
    stage = guest.stage
    email = "nobody@alvmark.example"
    stage.change(
        "INSERT INTO people (key, email, name, language, party)"
        " VALUES ('nobody', :email, 'Nilla Ny', 'sv', '')",
        email=email,
    )

    assert 200 == open_page(guest, stage.chief(stage.units("verksamhet")[0])).status
    hidden = open_page(guest, email)

    assert 404 == hidden.status
    assert guest.get("/omgangar/finns-inte/process").words == hidden.words


def test_it_is_read_in_the_persons_language(guest: Guest) -> None:
    """Titles of states, roles and buttons in English, and our own words too."""
    stage = guest.stage
    stage.change("UPDATE people SET language = 'en' WHERE email = :e", e=stage.leader)

    page = open_page(guest, stage.leader)

    assert "How the process goes" == page.heading
    said = facts_of(step(page, "underlag", "utkast"))
    assert said["Last day"].startswith("Sat 28 Feb 2009: ")
    assert "10, 3 and 1 working days before and 1 working day after" in said["Reminded"]
    assert "Requires that what is to be filled in is filled in." in page.words


def test_a_hostile_definition_is_only_text(guest: Guest) -> None:
    """A title that looks like markup is shown as it is written, in the picture too."""
    stage = guest.stage
    content = stage.rows("SELECT content FROM revisions")[0][0]
    evil = content.replace("Planen fastställs", "</text><script>alert(1)</script>")
    stage.change(
        "INSERT INTO revisions (digest, process, content, stored_at)"
        " SELECT :d, process, :c, stored_at FROM revisions",
        d=sha256(evil.encode()).hexdigest(),
        c=evil,
    )
    stage.change("UPDATE rounds SET revision = :d", d=sha256(evil.encode()).hexdigest())

    page = open_page(guest, stage.leader)

    assert 200 == page.status
    assert [] == page.soup.main.select("script")
    assert "alert(1)" in page.words


# ---- words and text ---------------------------------------------------------------------


def test_every_guard_of_ours_has_its_words() -> None:
    """In both languages; a region's own is called by its name."""
    shipped = {name for name, guard in NAMED.items() if guard.__module__ == "workflow.core.guards"}

    assert shipped == set(process_words.GUARDS)
    assert all(sv and en and sv != en for sv, en in process_words.GUARDS.values())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_definition_written_out_reads_back_as_the_same(folder: Path) -> None:
    """Every key, value and order of the shipped processes and of a draft."""
    revision = examine(folder, year=2026).revision
    assert revision is not None
    data = json.loads(revision.content)["definition"]

    back = tomllib.loads(write_toml(data))

    assert data == back
    assert list(data["case"]) == list(back["case"])
    for key, kind in data["case"].items():
        assert list(kind["state"]) == list(back["case"][key]["state"])
    assert Definition.model_validate(back) == revision.definition


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"a": '"\\\n\t\x7f ”å” \u2028'},
        {"a": {}, "b": [], "c": [[1, 2], ["x"]], "d": True, "e": -1.5},
        {"a b": {"c.d": {"é": 1}}, "x": {"y": {"z": {"w": {"v": "u"}}}}},
        {"a": {"b": {"c": {"d": 1}}, "e": 2}, "f": 3},
    ],
)
def test_any_text_and_shape_is_written(data: dict[str, object]) -> None:
    """Quotes, control characters, empty ones, keys that need quotes, depth."""
    assert data == tomllib.loads(write_toml(data))
