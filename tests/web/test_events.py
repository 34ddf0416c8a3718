"""Händelser, läget en dag, förteckningen and the search, asked for as a browser asks."""

import csv
import io
import json

import pytest

from notifications.deliver import PermanentFailure
from tests.service.senders import Sink, post
from tests.service.test_sheet import DANGEROUS, HOSTILE
from tests.service.worlds import ROUND, Stage
from tests.web.browsing import Guest, Page, words
from workflow.service import clockwork

LOG = f"/logg/{ROUND}"


@pytest.fixture
def unit(guest: Guest) -> str:
    """A verksamhet, on a day when the mails of the assignment have left."""
    post(guest.stage, Sink())
    guest.stage.put("2009-02-20", "10:42")
    return guest.stage.units("verksamhet")[0]


def name_of(stage: Stage, email: str) -> str:
    """Give a person's name."""
    return next(one.name for one in stage.people.people if one.email == email)


def lines(page: Page) -> list[str]:
    """Give the rows of the timeline as they are read."""
    return [words(one) for one in page.soup.select("ol.tl > li")]


def sheet(page: Page) -> list[list[str]]:
    """Read a sheet as a spreadsheet does."""
    assert page.headers["content-type"].startswith("text/csv")
    assert page.headers["content-disposition"].startswith("attachment")
    plain = page.text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(plain, newline=""), delimiter=";"))


# ---- events ----------------------------------------------------------------------------


def test_the_timeline_has_the_future_on_top_then_now_then_the_newest(
    guest: Guest, unit: str
) -> None:
    """What is coming is grey and stands over today; what has happened stands below, and its
    case is a link."""
    guest.stage.hand_in(unit)
    guest.sign_in(guest.stage.leader)

    page = guest.get(LOG)

    rows = page.soup.select("ol.tl > li")
    classes = [" ".join(row.get("class") or []) for row in rows]
    now = classes.index("now")
    chief = name_of(guest.stage, guest.stage.chief(unit))
    assert {"next"} == set(classes[:now])
    assert "next" not in classes[now:]
    assert "I dag, fre 20 feb" == words(rows[now])
    assert any(f"{chief} lämnade in underlaget" in words(row) for row in rows[now:])
    assert f"/arenden/{guest.stage.case('underlag', unit)}" in page.links.values()
    assert f"Senast: {chief} lämnade in underlaget, 1 rad" in page.words


def test_what_was_said_is_shown_as_text(guest: Guest, unit: str) -> None:
    """A comment with tags in it is read as it was written, on every page that shows it."""
    nasty = "<script>alert(1)</script> & <b>fet</b>"
    guest.stage.hand_in(unit, comment=nasty)
    guest.sign_in(guest.stage.leader)

    pages = [guest.get(path) for path in ("/logg", LOG, f"{LOG}?ord=fet")]

    assert all(nasty in page.words for page in pages)
    assert all("<b>fet" not in page.text for page in pages)


def test_pages_lead_to_all_there_is(guest: Guest) -> None:
    """By the link to older events one comes to the first entry of the round, and back."""
    for number, unit in enumerate(guest.stage.units("verksamhet")):
        guest.stage.put("2009-02-20", f"10:{number:02}")
        for _ in range(5):
            guest.stage.hand_in(unit)
            case, chief = guest.stage.case("underlag", unit), guest.stage.chief(unit)
            guest.stage.act(case, "ta_tillbaka", chief)
    guest.sign_in(guest.stage.leader)

    page = guest.get(LOG)
    visited = [page]
    while "Visa äldre händelser" in page.links:
        page = guest.get(page.links["Visa äldre händelser"])
        visited.append(page)

    assert 2 < len(visited)
    assert "loggrad 1" in lines(visited[-1])[-1]
    assert lines(visited[0]) == lines(guest.get(visited[-1].links["Till de nyaste"]))


def test_a_choice_narrows_and_stays_in_the_form(guest: Guest, unit: str) -> None:
    """Kind, person and days: what was chosen is still chosen, also in the file's address."""
    guest.stage.hand_in(unit)
    guest.sign_in(guest.stage.leader)
    chief = name_of(guest.stage, guest.stage.chief(unit))

    page = guest.get(f"{LOG}?slag=steps&vem={chief}&fran=20/2&till=2009-02-20")

    assert 1 == len(lines(page))
    assert "lämnade in underlaget" in lines(page)[0]
    assert chief == str(page.soup.find(id="vem")["value"])
    assert page.soup.find(id="slag-steps").has_attr("checked")
    assert not page.soup.find(id="slag-mail").has_attr("checked")
    assert "slag=steps" in page.links["Händelserna som CSV, för Excel"]


def test_a_day_that_is_none_is_said_at_its_field(guest: Guest) -> None:
    """The summary links to the field, what was typed stands there, and nothing is listed."""
    guest.sign_in(guest.stage.leader)

    page = guest.get(f"{LOG}?fran=ibland&vem=Anna")

    said = "Skriv en dag, till exempel 6 mars. Du skrev ”ibland”."
    assert 422 == page.status
    assert "#fran" == page.links[said]
    assert "ibland" == str(page.soup.find(id="fran")["value"])
    assert "Anna" == str(page.soup.find(id="vem")["value"])
    assert [] == lines(page)


def test_nothing_that_fits_says_what_to_do(guest: Guest) -> None:
    """An empty list has a sentence and a way out."""
    guest.sign_in(guest.stage.leader)

    page = guest.get(f"{LOG}?ord=finns-inte")

    assert "Inget passar det du har valt." in page.words
    assert "Ta bort något av det du har valt." in page.words


def test_a_mail_that_did_not_arrive_is_said_first(guest: Guest, unit: str) -> None:
    """In the lede, and on its row with the server's words for who leads."""
    boss = guest.stage.boss(unit)
    guest.stage.hand_in(unit)
    post(guest.stage, Sink(failures={boss: PermanentFailure("550 no such user")}))
    guest.sign_in(guest.stage.leader)

    page = guest.get(LOG)

    bad = page.soup.select_one("ol.tl > li.bad")
    assert "Ett mejl har inte kommit fram." in page.words
    assert "Gick inte att leverera" in words(bad)
    assert "550 no such user" in words(bad)


def test_the_sheet_holds_what_the_page_shows_and_no_formula(guest: Guest, unit: str) -> None:
    """The same choice as a file: thirty hostile comments come out as text."""
    case, chief = guest.stage.case("underlag", unit), guest.stage.chief(unit)
    for text in HOSTILE:
        guest.stage.hand_in(unit, comment=text)
        guest.stage.act(case, "ta_tillbaka", chief)
    guest.sign_in(guest.stage.leader)

    rows = sheet(guest.get(f"{LOG}.csv?slag=steps&fran=2009-02-20"))

    heads, *body = rows
    said = [row[heads.index("Sagt")] for row in body]
    assert "Tid;Slag;Händelse;Vem" == ";".join(heads[:4])
    assert 60 == len(body)
    assert 30 == sum(bool(one) for one in said)
    assert [] == [
        cell
        for row in rows
        for cell in row
        if cell.lstrip(" \u00a0\ufeff").startswith(DANGEROUS) and not cell.startswith("'")
    ]


def test_each_reads_in_their_own_language(guest: Guest, unit: str) -> None:
    """Whoever reads English gets English headings, events and file names."""
    chief = guest.stage.chief(unit)
    guest.stage.change("UPDATE people SET language = 'en' WHERE email = :e", e=chief)
    guest.stage.hand_in(unit)
    guest.sign_in(chief)

    page, file = guest.get(LOG), guest.get(f"{LOG}.csv")

    assert page.heading.startswith("Events, ")
    assert "handed in the submission" in page.words
    assert "Show the events" in page.buttons
    assert f'filename="events-{ROUND}.csv"' in file.headers["content-disposition"]


# ---- the past --------------------------------------------------------------------------


def test_how_it_stood_one_day(guest: Guest, unit: str) -> None:
    """The page says how the round and each case stood when the day was over."""
    guest.stage.hand_in(unit)
    guest.stage.put("2009-04-01")
    guest.sign_in(guest.stage.leader)

    page = guest.get(f"{LOG}/laget?dag=19+feb")
    after = guest.get(f"{LOG}/laget?dag=2009-02-20")

    title = f"Underlag {_unit_name(guest.stage, unit)}"
    assert "Läget tors 19 feb" == page.heading
    assert "Så här stod omgången när dagen var slut: Grundarbete och avstämning." in page.words
    assert _row(page, title)[:1] == ["Utkast"]
    assert _row(after, title)[:1] == ["Inlämnat"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ibland", "Skriv en dag, till exempel 6 mars. Du skrev ”ibland”."),
        ("2019-01-01", "har inte varit än"),
        ("9999-12-31", "har inte varit än"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_at_its_field(
    guest: Guest, typed: str, said: str
) -> None:
    """With what was typed still there."""
    guest.sign_in(guest.stage.leader)

    page = guest.get(f"{LOG}/laget?dag={typed}")

    assert 422 == page.status
    assert said in page.words
    assert typed == str(page.soup.find(id="dag")["value"])


def test_before_the_round_there_was_none(guest: Guest) -> None:
    """A day long ago is no error."""
    guest.sign_in(guest.stage.leader)

    page = guest.get(f"{LOG}/laget?dag=1850-01-01")

    assert 200 == page.status
    assert "Då fanns omgången inte." in page.words


# ---- the register ----------------------------------------------------------------------


def test_the_register_as_page_sheet_and_document_is_the_same(guest: Guest, unit: str) -> None:
    """Three ways, one list; the files keep the days that were chosen."""
    guest.stage.hand_in(unit)
    guest.sign_in(guest.stage.holder("registrator"))

    page = guest.get("/forteckning?fran=2008-01-01")

    found = sheet(guest.get(page.links["Hämta CSV för Excel"]))[1:]
    document = json.loads(guest.get(page.links["Hämta JSON"]).text)
    shown = [words(one) for one in page.soup.select("tbody th")]
    assert "Inlämnat" in page.words
    assert [row[0] for row in found] == shown
    assert [row["reference"] for row in document] == shown


def test_the_register_is_not_there_for_others(guest: Guest, unit: str) -> None:
    """Page and files answer as addresses that do not exist."""
    guest.sign_in(guest.stage.chief(unit))

    found = {guest.get(f"/forteckning{end}").status for end in ("", ".csv", ".json")}

    assert {404} == found


def test_wrong_days_of_the_register_are_said(guest: Guest) -> None:
    """At the field, and for a file as a page instead of half a file."""
    guest.sign_in(guest.stage.leader)

    page = guest.get("/forteckning?fran=ibland")
    swapped = guest.get("/forteckning?fran=2009-02-01&till=2009-01-01")
    file = guest.get("/forteckning.csv?fran=ibland")

    assert (422, 422, 422) == (page.status, swapped.status, file.status)
    assert "Du skrev ”ibland”." in page.words
    assert "Byt plats på dem." in swapped.words


# ---- the search ------------------------------------------------------------------------


def test_the_search_finds_and_says_when_it_does_not(guest: Guest, unit: str) -> None:
    """A case by its unit's name; nothing for another's, in the same words as for nothing."""
    stage = guest.stage
    other = stage.units("verksamhet")[1]
    guest.sign_in(stage.chief(unit))

    found = guest.get(f"/sok?q={_unit_name(stage, unit)[:5]}")
    hidden = guest.get(f"/sok?q={_unit_name(stage, other)}")
    nothing = guest.get("/sok?q=xyzzy")

    assert f"/arenden/{stage.case('underlag', unit)}" in found.links.values()
    told = "Ingen träff. Du ser bara det du har rätt att se."
    assert told in hidden.words
    assert told in nothing.words


# ---- rights ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/logg", "/logg.csv", LOG, f"{LOG}.csv", f"{LOG}/laget", "/logg/installation"),
        *("/forteckning", "/forteckning.csv", "/forteckning.json", "/sok?q=ab"),
    ],
)
def test_nothing_without_signing_in(guest: Guest, path: str) -> None:
    """Every address leads to the sign-in, and changes nothing."""
    before = guest.stage.everything()

    page = guest.get(path)

    assert page.url.startswith("/logga-in")
    assert before == guest.stage.everything()


def test_a_round_one_has_no_place_in_is_not_there(guest: Guest, unit: str) -> None:
    """Its events, sheet and past answer as for a round that does not exist; so does the
    installation for a chief."""
    guest.sign_in(guest.stage.chief(unit))
    guest.stage.end_grant("verksamhetschef", unit)

    ends = ("", ".csv", "/laget")
    found = [guest.get(f"{base}{end}") for base in (LOG, "/logg/finns-inte") for end in ends]
    installation = guest.get("/logg/installation")

    assert {404} == {page.status for page in (*found, installation)}
    assert 1 == len({page.words for page in (*found, installation)})


def test_reading_changes_nothing(guest: Guest, unit: str) -> None:
    """Whatever is looked at, no row is another afterwards."""
    guest.stage.hand_in(unit)
    guest.stage.put("2009-02-25", "08:00")
    clockwork.tick(guest.stage.world)
    guest.sign_in(guest.stage.leader)
    guest.get("/logg")
    before = {k: v for k, v in guest.stage.everything().items() if k != "sessions"}

    for path in ("/logg", "/logg.csv", LOG, f"{LOG}.csv", f"{LOG}/laget", "/logg/installation"):
        assert 200 == guest.get(path).status
    for path in ("/forteckning", "/forteckning.csv", "/forteckning.json", "/sok?q=hj"):
        assert 200 == guest.get(path).status

    assert before == {k: v for k, v in guest.stage.everything().items() if k != "sessions"}


def test_a_cut_address_is_an_answer_and_no_crash(guest: Guest) -> None:
    """A cursor that no page gave, and hostile choices: refused or shown, never a failure."""
    guest.sign_in(guest.stage.leader)

    cut = guest.get(f"{LOG}?efter=x~y")
    odd = [
        guest.get(f"{LOG}?{query}").status
        for query in (
            "slag=finns-inte",
            "enhet='; DROP TABLE entries; --",
            "arende=../../etc/passwd",
            "vem=%25",
            "ord=" + "a" * 5000,
            "fran=0001-01-01&till=9999-12-31",
        )
    ]

    assert 422 == cut.status
    assert "Börja om från de nyaste händelserna." in cut.words
    assert [200] * 6 == odd


def _unit_name(stage: Stage, unit: str) -> str:
    return next(one.name for one in stage.people.units if one.key == unit)


def _row(page: Page, title: str) -> list[str]:
    """Give the cells of the row of a case."""
    for row in page.soup.select("tbody tr"):
        if row.a and words(row.a) == title:
            return [words(one) for one in row.find_all("td")]
    raise LookupError(title)
