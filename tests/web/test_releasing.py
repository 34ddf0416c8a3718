"""Releasing a list on its page, and the pages for everybody: without scripts or a sign-in."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest

from tests.service.worlds import Stage
from tests.support.lists import ROOT
from tests.support.organisation import email
from tests.support.releases import DECIDED, OUTCOMES, ReleaseRound, open_releases
from tests.web.browsing import Guest, visit_of, words
from web.routes import ROUTES, Gate
from workflow.store.database import Database

PATH = f"/arenden/{ROOT}/lista/{DECIDED}/frislapp"
THIN = {"\u202f": " ", "\u2009": " ", "\u00a0": " "}


def _plain(text: str) -> str:
    for sign, plain in THIN.items():
        text = text.replace(sign, plain)
    return text


@pytest.fixture
def decided(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round that has been decided."""
    a_round = open_releases(database, tmp_path)
    a_round.decide()
    return a_round


@pytest.fixture
def guest(decided: ReleaseRound) -> Iterator[Guest]:
    """Somebody who has not signed in."""
    with visit_of(cast(Stage, decided)) as made:
        yield made


def test_the_leader_sees_what_becomes_public_and_releases_it(guest: Guest) -> None:
    """Columns, what stays inside, the first rows, warnings; then the way to what everybody sees."""
    guest.sign_in(email("lena"))
    page = guest.get(PATH)

    assert (200, "Frisläpp ”Beslut per rad”") == (page.status, page.heading)
    assert "5 rader blir läsbara för alla" in page.words
    inside = words(page.soup.find(attrs={"aria-labelledby": "blir-inte"}))
    assert "Svar Anteckning" in inside
    assert "Frigör minst 5 000" in _plain(page.words)
    assert "Ring Eva Ek" not in page.text
    after = guest.send(page, "Frisläpp 5 rader till alla", introduction="Så blev det.")

    assert 200 == after.status
    public = guest.get(after.links["Se sidan som alla ser"])
    assert "Beslut per rad" == public.heading
    assert "Så blev det." in public.words


def test_a_form_sent_twice_releases_once(guest: Guest) -> None:
    """The second time it is told that this very list is released, and nothing typed is lost."""
    guest.sign_in(email("lena"))
    page = guest.get(PATH)
    guest.send(page, "Frisläpp 5 rader till alla", introduction="Hej.")

    again = guest.send(page, "Frisläpp 5 rader till alla", introduction="Hej.")

    assert 409 == again.status
    assert "redan frisläppt" in again.words
    assert "Hej." == words(again.soup.find("textarea", id="introduction"))


def test_an_undecided_list_has_no_button(database: Database, tmp_path: Path) -> None:
    """The page says why not."""
    a_round = open_releases(database, tmp_path)
    a_round.weigh()
    with visit_of(cast(Stage, a_round)) as guest:
        guest.sign_in(email("lena"))
        page = guest.get(PATH)

    assert 200 == page.status
    assert "Listan är inte beslutad" in page.words
    assert not [one for one in page.buttons if one.startswith("Frisläpp")]


@pytest.mark.parametrize("who", ["ellen", "nora", "utan"])
def test_nobody_else_is_told_of_the_page(guest: Guest, who: str) -> None:
    """404 for reading and for sending, and nothing is released."""
    guest.sign_in(email(who))

    assert 404 == guest.get(PATH).status
    assert 404 == guest.post(PATH, {"token": guest.token, "seal": "x"}).status
    assert "Ingen lista är frisläppt än" in guest.get("/oppet").words


def test_everybody_reads_what_was_released(guest: Guest, decided: ReleaseRound) -> None:
    """Without signing in: the list of lists, and the list with its grounds, place and sums."""
    made = decided.release()

    lists = guest.get("/oppet")
    page = guest.get(f"/oppet/{made}")

    assert f"/oppet/{made}" == lists.links["Beslut per rad"]
    assert (200, "Beslut per rad") == (page.status, page.heading)
    told = _plain(page.words)
    assert "De frigör 7 010 tkr och kostar −4 900 tkr, sammanlagt 2 110 tkr." in told
    axel = words(page.soup.find(id="plats-2"))
    assert "Axel" in axel
    assert "Ett plats 2 av 2 hos enheten" in axel
    assert "Beslut: Avslag" in axel
    assert "För få berörs." in axel
    assert "okontrollerad skala" in page.words


@pytest.mark.parametrize(
    ("query", "names", "amount"),
    [
        ("niva-utfall=avslag", ["Axel", "=Snarkning"], "2 060"),
        ("niva-slag=sats", ["Palliativt team"], "−4 900"),
        ("enhet=Ett", ["Knä", "Axel"], "2 790"),
        ("ord=artroskopi+ett", ["Knä"], "1 850"),
        ("ord=finns+ej", [], "0"),
        ("niva-utfall=avslag&enhet=Tre", ["=Snarkning"], "1 120"),
        ("niva-utfall=hittepå&enhet=Ingen&sida=99999&niva-x=1", list(OUTCOMES), "2 110"),
    ],
)
def test_rows_are_picked_by_level_unit_and_words(
    guest: Guest, decided: ReleaseRound, query: str, names: list[str], amount: str
) -> None:
    """By a plain form; what there is not is not asked for; sums of all and of what is shown."""
    made = decided.release()

    page = guest.get(f"/oppet/{made}?{query}")

    heads = page.soup.find("tbody").find_all("th") if names else []
    assert names == [str(one.find(string=True)).strip() for one in heads]
    sums = _plain(words(page.soup.find("dl", class_="sums")))
    assert f"{amount} tkr" in sums
    assert "Hela listan 2 110 tkr" in sums


def test_the_data_is_the_whole_and_the_same_each_time(guest: Guest, decided: ReleaseRound) -> None:
    """JSON and CSV whatever is picked; for any page to read; 304 for who has it already."""
    made = decided.release()
    for end, kind in ((".json", "application/json"), (".csv", "text/csv; charset=utf-8")):
        first = guest.client.get(f"/oppet/{made}{end}")
        picked = guest.client.get(f"/oppet/{made}{end}?niva-utfall=avslag")
        known = guest.client.get(
            f"/oppet/{made}{end}", headers={"if-none-match": first.headers["etag"]}
        )

        assert first.content == picked.content
        assert kind == first.headers["content-type"]
        assert "*" == first.headers["access-control-allow-origin"]
        assert "cross-origin" == first.headers["cross-origin-resource-policy"]
        assert "public, no-cache" == first.headers["cache-control"]
        assert f'"{sha256(first.content).hexdigest()}"' == first.headers["etag"]
        assert (304, b"") == (known.status_code, known.content)


def test_the_csv_computes_nothing(guest: Guest, decided: ReleaseRound) -> None:
    """With its mark and decimal commas; what would be a formula has an apostrophe."""
    made = decided.release()

    content = guest.client.get(f"/oppet/{made}.csv").content

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert ["Plats", "Enhet", "Kommer från", "Vad", "Hur", "Slag", "Grad"] == rows[0][:7]
    assert ["5", "Tre", "plats 2 av 2 hos enheten", "'=Snarkning"] == rows[5][:4]
    assert ["Avslag", "'=1+1"] == rows[5][-2:]
    assert "-4900" == rows[4][7]


HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://ond.example")',
    "bidi": "före\u202eefter\u2066x",
    "jinja": "{{ 7*7 }}{% raise %}",
    "quote": "\"'`&amp;</dd>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_come_out_as_text(database: Database, tmp_path: Path, name: str) -> None:
    """On the pages, in the data and in what the leader sees beforehand."""
    a_round = open_releases(database, tmp_path)
    text = HOSTILE[name]
    a_round.decide({"Knä": {"utfall": "avslag", "skal": text}})
    made = a_round.release(introduction=text)
    seen = text.replace("\u202e", "").replace("\u2066", "")
    with visit_of(cast(Stage, a_round)) as guest:
        page = guest.get(f"/oppet/{made}")
        data = json.loads(guest.client.get(f"/oppet/{made}.json").content)
        table = guest.client.get(f"/oppet/{made}.csv").content.decode("utf-8-sig")
        guest.sign_in(email("lena"))
        before = guest.get(PATH)

    assert [seen, seen] == [data["introduction"], data["rows"][0]["cells"]["skal"]]
    row = list(csv.reader(io.StringIO(table, newline=""), delimiter=";"))[1]
    assert row[-1] == (f"'{seen}" if name == "formula" else seen)
    for one in (page, before):
        assert " ".join(seen.split()) in one.words
        assert "\u202e" not in one.text
        assert not one.soup.main.find(["img", "script"])


def test_a_newer_release_is_told_of_and_a_withdrawn_one_shows_nothing(
    guest: Guest, decided: ReleaseRound
) -> None:
    """The former stays; a withdrawn one answers 410 in words, as page and as data."""
    first = decided.release()
    second = decided.release(introduction="Andra gången.")
    assert f"/oppet/{second}" == guest.get(f"/oppet/{first}").links["Läs den nyaste versionen"]
    guest.sign_in(email("lena"))
    page = guest.get(PATH)
    forms = page.soup.find_all("form", action=f"{PATH}/{second}/dra-tillbaka")
    token = str(forms[0].find("input", attrs={"name": "token"})["value"])

    empty = guest.post(f"{PATH}/{second}/dra-tillbaka", {"token": token, "reason": " "})
    done = guest.post(f"{PATH}/{second}/dra-tillbaka", {"token": token, "reason": "Ett namn."})

    assert (422, "Skriv varför. En mening räcker." in empty.words) == (empty.status, True)
    assert (200, "Listan är tillbakadragen." in done.words) == (done.status, True)
    gone = guest.get(f"/oppet/{second}")
    assert (410, "Listan är borttagen") == (gone.status, gone.heading)
    assert "Andra gången." not in gone.text
    for end in (".json", ".csv"):
        answer = guest.client.get(f"/oppet/{second}{end}")
        assert (410, True) == (answer.status_code, "tillbakadragen" in answer.text)
    assert [f"/oppet/{first}"] == [
        link for words_, link in guest.get("/oppet").links.items() if words_ == "Beslut per rad"
    ]


@pytest.mark.parametrize("end", ["", ".json", ".csv"])
@pytest.mark.parametrize(
    "made", ["finns-inte", "0" * 16, ROOT, "%00", "..%2f", "<b>", "a" * 4000, DECIDED]
)
def test_what_was_never_released_is_not_there(guest: Guest, made: str, end: str) -> None:
    """Whatever one guesses: 404, in the same words."""
    assert 404 == guest.get(f"/oppet/{made}{end}").status


def test_nothing_unreleased_is_reached_without_signing_in(
    guest: Guest, decided: ReleaseRound
) -> None:
    """Every address for anybody, with every id that there is in the place of each of its names."""
    secrets = ("Artroskopi", "Snarkning", "För få berörs", "Ring Eva Ek", "Palliativt")
    with decided.world.database.read() as connection:
        ids = _every_id(connection)

    for address in ROUTES:
        if address.gate is not Gate.ANYBODY or address.method != "GET":
            continue
        names = [part for part in address.path.split("/") if "{" in part]
        for one in ids if names else [""]:
            path = address.path.replace("{publication}", one)
            assert "{" not in path
            text = guest.client.get(path).text
            assert not [secret for secret in secrets if secret in text], path


def _every_id(connection: object) -> list[str]:
    found: set[str] = set()
    for table, column in (
        ("cases", "id"),
        ("rounds", "id"),
        ("tasks", "id"),
        ("messages", "message_id"),
        ("entries", "hash"),
        ("material_rows", "place"),
        ("material_rows", "table_key"),
        ("people", "key"),
    ):
        rows = connection.exec_driver_sql(f"SELECT {column} FROM {table}")  # type: ignore[attr-defined] # a driver's connection
        found.update(str(row[0]) for row in rows)
    return sorted(found)


def test_looking_changes_nothing(guest: Guest, decided: ReleaseRound) -> None:
    """GET and HEAD of every address leave every table as it was."""
    made = decided.release()
    guest.sign_in(email("lena"))
    before = _picture(decided)

    for path in ("/oppet", f"/oppet/{made}", f"/oppet/{made}.json", f"/oppet/{made}.csv", PATH):
        assert (200, 200) == (guest.get(path).status, guest.head(path))

    assert before == _picture(decided)


def _picture(decided: ReleaseRound) -> list[object]:
    with decided.world.database.read() as connection:
        return [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").fetchall()
            for table in ("entries", "publications", "messages", "material_rows", "cases")
        ]
