"""A list as workbook, CSV and JSON: one sum, no formula, no name where none belongs."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import load_workbook

from documents.papers.flat import open_up
from documents.papers.open_list import make_csv, make_json
from documents.papers.paper import Column, Kind, List
from documents.papers.press import make_pdf
from documents.papers.sums import sum_up
from documents.papers.workbook import make_xlsx
from tests.documents.papers.examples import AT, balance, common_list, line, listing, proposal
from tests.documents.papers.reading import Pdf
from workflow.core.errors import BadInput

HOSTILE = (
    "=1+1",
    "=HYPERLINK('https://ond.example','klicka')",
    "+46 10 555 01 20",
    "-5",
    "@SUM(A1)",
    "\tinledande tabb",
    "'apostrof",
    "''två",
    "{=1+1}",
    "https://exempel.example",
    "mailto:a@b.example",
    "internal:Lista!A1",
    "external:c:\\x",
    "1e309",
    "007",
    "TRUE",
    "2026-01-01",
    "_x0041_",
    "<f>1+1</f>",
    "&amp; & <b>",
    " blanksteg i båda ändar ",
    "rad 1\nrad 2",
    'citat " och ; semikolon',
    "😀 åäö",
    "före\u202eefter",
    "x" * 32_000,
)


def table_of(texts: tuple[str, ...]) -> List:
    """Give a list with a text in each line."""
    columns = (Column(key="a", title="Objekt"), Column(key="b", title="=Titel"))
    rows = tuple(line(n, text, text) for n, text in enumerate(texts, start=1))
    return List(title="Lista", columns=columns, lines=rows)


def sheets(made: bytes) -> list[str]:
    """Give the XML of a workbook's sheets."""
    book = zipfile.ZipFile(io.BytesIO(made))
    return [
        book.read(name).decode()
        for name in book.namelist()
        if "/sheet" in name and name.endswith(".xml")
    ]


def test_brings_every_text_back_out_of_the_workbook() -> None:
    """Texts come back as they were, and no cell is a formula or a link."""
    made = make_xlsx(table_of(HOSTILE))
    rows = load_workbook(io.BytesIO(made)).get_sheet_by_name("Lista").to_python()

    assert ["Plats", "Objekt", "=Titel", "Enhet"] == rows[0]
    assert list(HOSTILE) == [row[1] for row in rows[1:]]
    assert [] == [sheet for sheet in sheets(made) if "<f>" in sheet or "<hyperlink" in sheet]


def test_guards_every_text_in_csv() -> None:
    """What a spreadsheet would compute has an apostrophe before it, and no other text has."""
    made = make_csv(table_of(HOSTILE))
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))
    back = [row[1][1:] if row[1].startswith("'") else row[1] for row in rows[1:]]
    guarded = [row[1] for row in rows[1:] if row[1].startswith("'")]

    assert made.startswith(b"\xef\xbb\xbf")
    assert "'=Titel" == rows[0][2]
    assert list(HOSTILE) == back
    assert 8 == len(guarded)
    assert [] == [field for row in rows for field in row if field[:1] in tuple("=+-@\t\r")]


def test_writes_numbers_and_days_for_a_swedish_excel() -> None:
    """A decimal has a comma, a negative number is a number, a day is a day."""
    columns = (
        Column(key="a", title="Objekt"),
        Column(key="b", title="Tkr", kind=Kind.AMOUNT),
        Column(key="c", title="Dag", kind=Kind.DATE),
    )
    rows = (line(1, "x", Decimal("-1370.50"), date(2027, 1, 1)), line(2, "y", 10**9, None))
    table = List(title="Lista", columns=columns, lines=rows, amount="b")

    text = make_csv(table).decode("utf-8-sig")

    assert text == (
        "Plats;Objekt;Tkr;Dag;Enhet\r\n"
        "1;x;-1370,50;2027-01-01;Kirurgi\r\n"
        "2;y;1000000000;;Kirurgi\r\n"
        "Summa;;999998629,50;;\r\n"
    )


def test_says_one_sum_in_every_form() -> None:
    """The list's sum is the same number in both papers, workbook, CSV and JSON."""
    table = listing()
    sums = sum_up(table)
    shown = f"{sums.tkr:,}".replace(",", "\u202f")
    row = load_workbook(io.BytesIO(make_xlsx(table))).get_sheet_by_name("Lista").to_python()
    csv_rows = make_csv(table).decode("utf-8-sig").splitlines()

    assert 11_470 == sums.tkr
    assert f"{shown}\u00a0tkr" in Pdf(make_pdf(common_list(), at=AT)).text
    assert f"{shown}\u00a0tkr" in Pdf(make_pdf(proposal(), at=AT)).text
    assert sums.tkr == balance(table).freed_tkr
    assert ["Ovanför linjen", sums.tkr] == [row[-2][1], row[-2][6]]
    assert ["Hela listan", sums.whole_tkr] == [row[-1][1], row[-1][6]]
    assert f"Ovanför linjen;;;;;;{sums.tkr}" in csv_rows[-2]
    assert sums.tkr == json.loads(make_json(table))["sums"]["tkr"]


def test_gives_json_that_says_its_form() -> None:
    """JSON has its schema, instants in UTC, numbers as numbers and keys in one order."""
    made = json.loads(make_json(listing()))

    assert "gemensam-lista/1" == made["schema"]
    assert ["schema", "title", "log", "columns", "lines", "cut", "sums"] == list(made)
    assert "2026-10-22T12:05:00.000000Z" == made["lines"][3]["moves"][0]["at"]
    assert {"unit": "Kirurgi", "place": 5, "of": 9, "words": "rang 8"} == made["lines"][3]["origin"]
    assert [1900, "2027-01-01"] == [made["lines"][3]["cells"][key] for key in ("effekt", "fran")]
    assert [True] == [one["unverified"] for one in made["columns"] if one["key"] == "nytta"]
    assert 2.4 == made["sums"]["percent"]


def test_keeps_names_out_of_open_data() -> None:
    """Open data has the columns that were released, and nobody's name in any form."""
    table = open_up(listing(), ("objekt", "typ"))
    made = json.loads(make_json(table))
    forms = [make_json(table).decode(), make_csv(table, sums=False).decode()]
    forms += sheets(make_xlsx(table))
    named = zipfile.ZipFile(io.BytesIO(make_xlsx(table))).read("xl/sharedStrings.xml").decode()

    assert ["objekt", "typ"] == [column["key"] for column in made["columns"]]
    assert None is made["sums"]
    assert "Utreds vidare" in named
    assert [] == re.findall(r"Bo Alm|Helena Sandgren|Motivering|jouren|1390", named + str(forms))


def test_refuses_to_release_a_column_that_is_not_there() -> None:
    """A misspelled column is refused, not passed over."""
    with pytest.raises(BadInput, match="finns inte i listan"):
        open_up(listing(), ("objekt", "efekt"))


def test_refuses_a_text_that_excel_cannot_hold() -> None:
    """A text beyond a cell's room is refused by its row, never cut off."""
    table = table_of(("kort", "x" * 32_768))

    with pytest.raises(BadInput, match="rad 3: en text har 32768 tecken"):
        make_xlsx(table)


def test_survives_half_a_pair() -> None:
    """Half of a surrogate pair is written by its code and stops nothing."""
    table = table_of(("halvt\ud83dpar",))
    back = load_workbook(io.BytesIO(make_xlsx(table))).get_sheet_by_name("Lista").to_python()

    assert "halvt\\ud83dpar" == back[1][1]
    assert "halvt\\ud83dpar" in make_csv(table).decode()
    assert "halvt\ud83dpar" == json.loads(make_json(table))["lines"][0]["cells"]["a"]


def test_has_no_column_for_what_no_line_has() -> None:
    """A list without moves and outcomes has no empty columns for them."""
    table = replace(table_of(("x",)), title="Kort")

    assert "Plats;Objekt;'=Titel;Enhet" == make_csv(table).decode("utf-8-sig").splitlines()[0]
