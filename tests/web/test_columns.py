"""Columns of every type in a browser: hidden ones on no page and in no file, and Excel."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from documents.sheets.form import SheetRow
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from tests.service.worlds import Stage
from tests.support.columns import TABLE, ColumnRound, case_of, open_columns
from tests.support.organisation import email
from tests.web.browsing import Guest, visit_of
from web.forms import Upload
from web.tables.sheets import form_of
from web.tables.taking import Source, take
from workflow.service.reading.sheets.whole import WholeSheet, read_whole
from workflow.store.database import Database

CASE = case_of("ett")
PATH = f"/arenden/{CASE}/tabell/{TABLE}"
SECRETS = ("Lönepåslag", ".lon", '"lon"', "77123")
FULL = {
    "vad": "=Knä; höft",
    "ansvarig": "tove",
    "enhet": "ett",
    "bilaga": "1",
    "betalas": "2,3",
    "grunder": "alder,liv",
    "slag": "date",
    "varde": "2010-05-01",
    "tkr.2010": 100,
    "tkr.2011": -50,
    "lon": 77123,
}


@pytest.fixture
def a_round(database: Database, tmp_path: Path) -> ColumnRound:
    """A round in which one row has a value of every type."""
    found = open_columns(database, tmp_path)
    found.attach("plan.csv")
    found.save(
        ["add", None, {"vad": "Ny"}],
        ["add", None, {"vad": "Axel", "slag": "tkr", "varde": "1 200"}],
        ["add", None, {"vad": "Höft", "slag": "text", "varde": "480"}],
    )
    found.save(["set", 1, 1, FULL])
    return found


@pytest.fixture
def guest(a_round: ColumnRound) -> Iterator[Guest]:
    """Somebody who has not signed in."""
    with visit_of(cast(Stage, a_round)) as made:
        yield made


def whole(a_round: ColumnRound, who: str = "ellen", year: int = 2010) -> WholeSheet:
    """Read all that a file is made of."""
    return read_whole(a_round.world, email(who), case_of("ett", year), TABLE)


def told(content: bytes) -> str:
    """Give all that is written in a page or a file, unpacked."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return " ".join(book.read(name).decode() for name in book.namelist())


# ---- columns that only some see --------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        f"/arenden/{CASE}",
        PATH,
        f"{PATH}/rad?nr=1",
        f"{PATH}/rad",
        f"{PATH}/las-in",
        f"{PATH}/rader.xlsx",
        f"{PATH}/rader.csv",
        "/logg",
        "/logg/prov-2010",
        "/logg.csv",
        "/sok?fraga=77123",
    ],
)
def test_a_hidden_column_stands_on_no_page_and_in_no_file(guest: Guest, path: str) -> None:
    """Whoever helps fills in the rest; neither its name, key nor value is sent to them."""
    guest.sign_in(email("nora"))

    answer = guest.client.get(path)

    assert 200 == answer.status_code
    assert [] == [one for one in SECRETS if one in told(answer.content)]


@pytest.mark.parametrize(
    "path",
    [f"/arenden/{CASE}", PATH, f"{PATH}/rad?nr=1", f"{PATH}/rader.csv", f"{PATH}/rader.xlsx"],
)
def test_who_sees_it_has_it_there(guest: Guest, path: str) -> None:
    """So the test above looks where it would stand."""
    guest.sign_in(email("ellen"))

    content = guest.client.get(path).content

    assert "Lönepåslag" in told(content)


def test_a_list_and_its_files_show_it_to_nobody_else(guest: Guest, a_round: ColumnRound) -> None:
    """The one who leads puts the list in order without it, on the page and in each file."""
    a_round.save(["set", 1, 2, {"bilaga": "1"}])
    for unit, chief in (("ett", "ellen"), ("tva", "tove"), ("tre", "trygve")):
        a_round.hand_in(unit, chief)
    guest.sign_in(email("lena"))
    place = "/arenden/prov-2010.omgang"
    paths = [
        place,
        f"/arenden/{CASE}",
        *(f"{place}/lista/lista{one}" for one in ("", ".csv", ".json", "/pengar")),
        f"{place}/tabell/lista",
        f"{place}/tabell/lista/rader.xlsx",
        f"{place}/tabell/lista/rader.csv",
    ]

    answers = [guest.client.get(path) for path in paths]

    assert [200] * len(paths) == [one.status_code for one in answers]
    assert [] == [
        (path, one)
        for path, answer in zip(paths, answers, strict=True)
        for one in SECRETS
        if one in told(answer.content)
    ]
    assert "Effekt 2010" in told(answers[2].content)


def test_a_file_from_somebody_who_does_not_see_it_leaves_it(a_round: ColumnRound) -> None:
    """Uploaded as it was taken home, it changes nothing: the hidden cells are not missed."""
    sheet = whole(a_round, "nora")
    content = write_xlsx(form_of(sheet), _rows(sheet), created=a_round.clock.now)

    taken = take(sheet, Source(file=Upload("rader.xlsx", content)), None)

    assert taken.changes and taken.changes.is_empty
    assert "lon" not in {one.key for one in form_of(sheet).columns}


# ---- Excel -----------------------------------------------------------------------------


def _rows(sheet: WholeSheet) -> list[SheetRow]:
    return [SheetRow(number=row.number, version=row.version, cells=row.cells) for row in sheet.rows]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_every_type_comes_back_as_it_went(guest: Guest, a_round: ColumnRound, ending: str) -> None:
    """People, units, files, rows, years and what the row decides: nothing is changed."""
    guest.sign_in(email("ellen"))
    content = guest.client.get(f"{PATH}/rader.{ending}").content

    taken = take(whole(a_round), Source(file=Upload(f"rader.{ending}", content)), None)

    assert () == taken.faults
    assert taken.changes and taken.changes.is_empty
    assert FULL == dict(taken.read.rows[0].cells)
    assert [1200, "480"] == [row.cells["varde"] for row in taken.read.rows[1:]]


@pytest.mark.parametrize(
    ("column", "written", "said"),
    [
        ("Ansvarig", "Utan", "”Utan” finns inte att välja"),
        ("Betalas av", "9", "”9” finns inte att välja"),
        ("Bilaga", "bild.png", "”bild.png” finns inte att välja"),
        ("Effekt 2011", "fem", "”fem” är inget tal"),
        ("Värde", "i maj", "dag"),
    ],
)
def test_an_upload_is_answered_by_row_and_cell(
    a_round: ColumnRound, column: str, written: str, said: str
) -> None:
    """What cannot be chosen is told where it stands, before anything is saved."""
    slag = "Slag;" if column == "Värde" else ""
    text = f"Vad;{slag}{column}\nKnä;{'Dag;' if slag else ''}{written}\n"

    taken = take(whole(a_round), Source(file=Upload("rader.csv", text.encode())), None)

    assert [(2, column)] == [(one.row, one.heading) for one in taken.faults]
    assert said in taken.faults[0].sv


def test_people_and_rows_are_named_or_numbered(a_round: ColumnRound) -> None:
    """By name or key, by number or words."""
    text = "Vad;Ansvarig;Betalas av\nA;Tove;2\nB;tove;Axel (rad 2); 3\n".replace("; 3", ", 3")

    taken = take(whole(a_round), Source(file=Upload("rader.csv", text.encode())), None)

    assert [("tove", "2"), ("tove", "2,3")] == [
        (row.cells["ansvarig"], row.cells["betalas"]) for row in taken.read.rows
    ]


def test_the_template_may_hold_the_rows_of_the_round_before(
    guest: Guest, a_round: ColumnRound
) -> None:
    """They have no numbers, so the upload shows them as new; those that are there stay."""
    a_round.open(2011)
    a_round.save(["add", None, {"vad": "Redan här"}], year=2011)
    guest.sign_in(email("ellen"))
    path = f"/arenden/{case_of('ett', 2011)}/tabell/{TABLE}/rader.xlsx"

    content = guest.client.get(f"{path}?forra=1").content

    sheet = whole(a_round, year=2011)
    taken = take(sheet, Source(file=Upload("rader.xlsx", content)), None)
    assert () == taken.faults
    assert taken.changes
    assert ["=Knä; höft", "Axel", "Höft"] == [one.row.cells["vad"] for one in taken.changes.added]
    assert () == taken.changes.changed == taken.changes.removed
    plain = read_upload(guest.client.get(path).content, "rader.xlsx", form_of(sheet))
    assert 2 == len(plain.rows)


def test_who_only_reads_gets_no_rows_of_the_round_before(
    guest: Guest, a_round: ColumnRound
) -> None:
    """They have nothing to fill in."""
    a_round.open(2011)
    guest.sign_in(email("lena"))

    answer = guest.client.get(f"/arenden/{case_of('ett', 2011)}/tabell/{TABLE}/rader.xlsx?forra=1")

    assert 404 == answer.status_code
