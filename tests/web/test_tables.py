"""One table of a case in a browser: read, filled in row by row, pasted, uploaded, taken home."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from documents.sheets.form import SheetRow
from documents.sheets.text import write_csv
from documents.sheets.workbook import write_xlsx
from tests.service.worlds import Stage
from tests.support.lists import ROOT, ROUND, TABLE, open_lists
from tests.support.organisation import email
from tests.web.browsing import Guest, Page, visit_of, words
from tests.web.cases import keep, rows
from web.tables.sheets import form_of
from workflow.service.acts import Wish
from workflow.service.reading.sheets.whole import read_whole
from workflow.service.running import evidence
from workflow.service.saving import save
from workflow.store.database import Database

HOSTILE = '<script>alert(1)</script>" onfocus="x'
KNEE = {"tillstand": "Knäartros", "atgard": "Artroskopi", "typ": "bortval", "effekt_tkr": 1850}
HIP = {"tillstand": "Höftartros", "atgard": "Protes", "typ": "satsning", "effekt_tkr": 400}
BACK = {"tillstand": "Ryggsmärta", "atgard": "Röntgen", "typ": "begransning"}


def table(stage: Stage, unit: int = 0) -> tuple[str, str, str]:
    """Give a chief, their case, and the address of its table."""
    key = stage.units("verksamhet")[unit]
    case = stage.case("underlag", key)
    return stage.chief(key), case, f"/arenden/{case}/tabell/objekt"


def filled(guest: Guest, *given: Mapping[str, Any]) -> tuple[str, str]:
    """Sign in as a chief whose table has rows; gives their case and the table's address."""
    chief, case, path = table(guest.stage)
    keep(guest.stage, guest.stage.units("verksamhet")[0], *given)
    guest.sign_in(chief)
    return case, path


def edit(guest: Guest, *edits: list[Any]) -> None:
    """Change rows as a colleague would meanwhile."""
    chief, case, _ = table(guest.stage)
    wish = Wish(
        case=case,
        transition="",
        email=chief,
        data={"edits": {"objekt": [list(one) for one in edits]}},
    )
    save(guest.stage.world, wish)


def names(guest: Guest, case: str) -> list[str]:
    """Give what the rows are about, in their order."""
    return [str(row.get("tillstand", "")) for row in rows(guest.stage, case)]


def pasted(guest: Guest, path: str, text: str) -> Page:
    """Paste text and look at what it would change."""
    return guest.send(guest.get(f"{path}/las-in"), "Visa vad som klistras in", text=text)


def uploaded(guest: Guest, path: str, content: bytes, name: str = "rader.xlsx") -> Page:
    """Upload a file and look at what it would change."""
    asked = guest.get(f"{path}/las-in")
    fields = {
        "token": str(asked.form("Visa vad filen ändrar").find(attrs={"name": "token"})["value"])
    }
    return guest.post(f"{path}/las-in", fields, files={"fil": (name, content)})


def workbook(guest: Guest, *given: SheetRow) -> bytes:
    """Give the table's own workbook, with other rows in it."""
    chief, case, _ = table(guest.stage)
    sheet = read_whole(guest.stage.world, chief, case, "objekt")
    return write_xlsx(form_of(sheet), given, created=guest.stage.at[0])


def text_file(guest: Guest, *given: SheetRow) -> bytes:
    """Give a CSV file with rows of the table."""
    chief, case, _ = table(guest.stage)
    return write_csv(form_of(read_whole(guest.stage.world, chief, case, "objekt")), given)


def act_on(guest: Guest, path: str, number: int, what: str, **typed: str) -> Page:
    """Press a button of a row on the page as it is now."""
    shown = guest.get(path)
    return press(guest, shown, path, number, what, **typed)


def press(guest: Guest, shown: Page, path: str, number: int, what: str, **typed: str) -> Page:
    """Press a button of a row on a page that was opened before."""
    form = next(
        one
        for one in shown.soup.find_all("form")
        if one.find("input", attrs={"name": "nummer", "value": str(number)})
    )
    fields = {one["name"]: one.get("value", "") for one in form.find_all("input")}
    return guest.post(f"{path}/rad", {**fields, **typed, "gor": what})


# ---- reading ---------------------------------------------------------------------------


def test_a_long_table_comes_in_pages_with_sums_of_all_rows(guest: Guest) -> None:
    """100 rows on a page, in the sheet's order; the sum is of all of them on each page."""
    _, path = filled(guest, *[KNEE | {"tillstand": f"Tillstånd {n}"} for n in range(1, 251)])

    first, last = guest.get(path), guest.get(f"{path}?sida=3")

    assert 100 == len(first.soup.select("tbody th"))
    assert 50 == len(last.soup.select("tbody th"))
    assert "Tillstånd 201" in last.words
    assert "Tillstånd 200 " not in last.words
    assert "462 500" in first.words
    assert "462 500" in last.words


def test_a_scale_that_nobody_has_read_is_marked(guest: Guest) -> None:
    """The heading of a column whose levels are unverified says so; others do not."""
    _, path = filled(guest, KNEE | {"patientnytta": "liten", "svarighetsgrad": "liten"})

    heads = [one.get_text(" ", strip=True) for one in guest.get(path).soup.select("thead th")]

    assert "Patientnytta okontrollerad skala" in heads
    assert "Svårighetsgrad" in heads


def test_who_reads_sees_no_way_to_change(guest: Guest) -> None:
    """The superior reads the rows; nothing on the page changes them, nor does a form."""
    case, path = filled(guest, KNEE)
    guest.sign_in(guest.stage.boss(guest.stage.units("verksamhet")[0]))

    shown = guest.get(path)
    sent = guest.post(f"{path}/rad", {"token": guest.token, "nummer": "1", "gor": "bort"})

    assert "Knäartros" in shown.words
    assert not [one for one in shown.links if one.startswith(("Ändra", "Ny rad", "Klistra"))]
    assert 404 == guest.get(f"{path}/rad?nr=1").status
    assert 404 == guest.get(f"{path}/las-in").status
    assert 404 == sent.status
    assert ["Knäartros"] == names(guest, case)


@pytest.mark.parametrize("ending", ["", "/rad", "/las-in", "/rader.xlsx", "/rader.csv"])
def test_another_units_table_is_not_there(guest: Guest, ending: str) -> None:
    """Who may not see a case is told that there is no such thing."""
    filled(guest, KNEE)
    _, _, path = table(guest.stage, -1)

    assert 404 == guest.get(path + ending).status


@pytest.mark.parametrize("key", ["beslut", "gemensam_lista", "finnsinte", "objekt'"])
def test_a_table_that_the_case_does_not_have_is_not_there(guest: Guest, key: str) -> None:
    """Nor is a form, whose fields stand on the case's own page."""
    case, _ = filled(guest, KNEE)

    assert 404 == guest.get(f"/arenden/{case}/tabell/{key}").status


@pytest.mark.parametrize("query", ["?nr=99", "?nr=x", "?nr=-1", "?nr=1e3"])
def test_a_row_that_is_not_there(guest: Guest, query: str) -> None:
    """There is no form for a row that nobody has written."""
    _, path = filled(guest, KNEE)

    assert 404 == guest.get(f"{path}/rad{query}").status


# ---- row by row ------------------------------------------------------------------------


def test_a_row_is_changed_and_the_others_are_as_they_were(guest: Guest) -> None:
    """What is typed is saved, one goes back to the row's place, and the log is whole."""
    case, path = filled(guest, KNEE, HIP)

    saved = guest.send(
        guest.get(f"{path}/rad?nr=1"), "Spara raden", **{"rad.objekt.1.effekt_tkr": "2 000"}
    )

    assert f"{path}#rad-1" == saved.url
    assert [2000, 400] == [row["effekt_tkr"] for row in rows(guest.stage, case)]
    assert True is evidence.prove(guest.stage.world).ok


def test_a_row_is_added_behind_another(guest: Guest) -> None:
    """A new row goes where it was asked for, else last."""
    case, path = filled(guest, KNEE, HIP)

    typed = {"rad.objekt.0.tillstand": "Ryggsmärta"}
    guest.send(guest.get(f"{path}/rad?efter=1"), "Spara raden", **typed)
    last = {"rad.objekt.0.tillstand": "Nacksmärta"}
    again = guest.send(guest.get(f"{path}/rad"), "Spara och skriv en till", **last)

    assert ["Knäartros", "Ryggsmärta", "Höftartros", "Nacksmärta"] == names(guest, case)
    assert "Ny rad" == again.heading


def test_enter_saves_and_goes_on_to_the_next_row(guest: Guest) -> None:
    """The first button of the form is what Enter presses: it saves and opens the next row."""
    case, path = filled(guest, KNEE, HIP)
    typed = {"rad.objekt.1.tillstand": "Artros"}

    after = guest.send(guest.get(f"{path}/rad?nr=1"), "Spara och gå vidare", **typed)

    assert f"{path}/rad?nr=2&sparat=1" == after.url
    assert "Sparat" in after.words
    assert ["Artros", "Höftartros"] == names(guest, case)


def test_what_cannot_be_read_is_told_at_its_field(guest: Guest) -> None:
    """422, with all that was typed still there, and nothing saved."""
    case, path = filled(guest, KNEE)
    typed = {"rad.objekt.1.effekt_tkr": "mycket", "rad.objekt.1.tillstand": HOSTILE}

    page = guest.send(guest.get(f"{path}/rad?nr=1"), "Spara raden", **typed)

    assert 422 == page.status
    assert "inget tal" in page.soup.find(id="rad.objekt.1.effekt_tkr-err").get_text()
    assert HOSTILE == page.soup.find(id="rad.objekt.1.tillstand")["value"]
    assert not page.soup.main.find_all("script")
    assert ["Knäartros"] == names(guest, case)


def test_an_empty_row_is_not_added(guest: Guest) -> None:
    """A new row holds something."""
    case, path = filled(guest, KNEE)

    page = guest.send(guest.get(f"{path}/rad"), "Spara raden")

    assert 422 == page.status
    assert ["Knäartros"] == names(guest, case)


def test_two_who_write_on_one_row(guest: Guest) -> None:
    """409 to the later one: what each wrote stands there, at its field; then it can be saved."""
    case, path = filled(guest, KNEE)
    shown = guest.get(f"{path}/rad?nr=1")
    edit(guest, ["set", 1, 1, {"tillstand": "Artros i knä", "effekt_tkr": 900}])

    page = guest.send(
        shown,
        "Spara raden",
        **{"rad.objekt.1.tillstand": "Svår knäartros", "rad.objekt.1.atgard": "Träning"},
    )
    again = guest.send(page, "Spara raden")

    assert 409 == page.status
    assert "Svår knäartros" == page.soup.find(id="rad.objekt.1.tillstand")["value"]
    assert "Artros i knä" in page.soup.find(id="rad.objekt.1.tillstand-note").get_text()
    assert "900" == page.soup.find(id="rad.objekt.1.effekt_tkr")["value"]
    assert "2 fält skiljer sig" in page.words
    assert 200 == again.status
    (row,) = rows(guest.stage, case)
    assert ("Svår knäartros", "Träning", 900) == (
        row["tillstand"],
        row["atgard"],
        row["effekt_tkr"],
    )


def test_two_who_write_on_two_rows(guest: Guest) -> None:
    """Neither is in the other's way."""
    case, path = filled(guest, KNEE, HIP)
    shown = guest.get(f"{path}/rad?nr=1")
    edit(guest, ["set", 2, 1, {"tillstand": "Höft"}])

    page = guest.send(shown, "Spara raden", **{"rad.objekt.1.tillstand": "Knä"})

    assert 200 == page.status
    assert ["Knä", "Höft"] == names(guest, case)


def test_a_row_that_is_gone_when_it_is_saved(guest: Guest) -> None:
    """409 with all that was typed, which can be saved as a new row."""
    case, path = filled(guest, KNEE, HIP)
    shown = guest.get(f"{path}/rad?nr=1")
    edit(guest, ["drop", 1, 1])

    page = guest.send(shown, "Spara raden", **{"rad.objekt.1.tillstand": "Mitt"})
    saved = guest.send(page, "Spara raden")

    assert 409 == page.status
    assert "Raden har tagits bort" in page.words
    assert 200 == saved.status
    assert ["Höftartros", "Mitt"] == names(guest, case)


def test_a_row_is_taken_away_and_put_back_where_it_lay(guest: Guest) -> None:
    """The next page offers it, once: pressing it twice puts one row back."""
    case, path = filled(guest, KNEE, HIP, BACK)

    gone = act_on(guest, path, 2, "bort")
    without = names(guest, case)
    back = guest.send(gone, "Ångra")
    twice = guest.send(gone, "Ångra")

    assert ["Knäartros", "Ryggsmärta"] == without
    assert "Höftartros, Protes" in gone.words
    assert (200, 200) == (back.status, twice.status)
    assert ["Knäartros", "Höftartros", "Ryggsmärta"] == names(guest, case)
    assert HIP.items() <= rows(guest.stage, case)[1].items()


def test_nobody_puts_back_what_another_took_away(guest: Guest) -> None:
    """The offer is for whoever took the row away, by their own entry."""
    case, path = filled(guest, KNEE, HIP)
    gone = act_on(guest, path, 2, "bort")
    form = gone.form("Ångra")
    entry = str(form.find(attrs={"name": "post"})["value"])
    guest.sign_in(guest.stage.holder("medicinsk_grupp"))

    shown = guest.get(f"{path}?borttagen={entry}")
    sent = guest.post(f"{path}/rad", {"token": guest.token, "post": entry, "gor": "angra"})

    assert "Ångra" not in shown.buttons
    assert 404 == sent.status
    assert ["Knäartros"] == names(guest, case)


def test_taking_away_what_somebody_has_just_changed(guest: Guest) -> None:
    """409: the row stays, and the page shows it as it is now."""
    case, path = filled(guest, KNEE, HIP)
    shown = guest.get(path)
    edit(guest, ["set", 2, 1, {"tillstand": "Höft"}])

    page = press(guest, shown, path, 2, "bort")

    assert 409 == page.status
    assert "Inget är ändrat" in page.words
    assert ["Knäartros", "Höft"] == names(guest, case)


@pytest.mark.parametrize(
    ("number", "what", "typed", "expected"),
    [
        (3, "upp", "", [1, 3, 2]),
        (1, "ner", "", [2, 1, 3]),
        (3, "flytta", "1", [3, 1, 2]),
        (1, "flytta", "3", [2, 3, 1]),
        (2, "flytta", "2", [1, 2, 3]),
        (1, "upp", "", [1, 2, 3]),
    ],
)
def test_a_row_is_moved(
    guest: Guest, number: int, what: str, typed: str, expected: list[int]
) -> None:
    """By a number or a step; the first does not go higher."""
    case, path = filled(guest, KNEE, HIP, BACK)
    titles = ["", "Knäartros", "Höftartros", "Ryggsmärta"]

    moved = act_on(guest, path, number, what, plats=typed)

    assert f"{path}#rad-{number}" == moved.url
    assert [titles[one] for one in expected] == names(guest, case)


def test_a_place_that_is_none(guest: Guest) -> None:
    """422 at the field, with what was typed."""
    case, path = filled(guest, KNEE, HIP)

    page = act_on(guest, path, 1, "flytta", plats="sist")

    assert 422 == page.status
    assert "Skriv en plats från 1 till 2." in page.soup.find(id="plats-1-err").get_text()
    assert "sist" == page.soup.find(id="plats-1")["value"]
    assert ["Knäartros", "Höftartros"] == names(guest, case)


def test_a_button_pressed_twice_moves_once(guest: Guest) -> None:
    """The same form sent again is answered as the first time."""
    case, path = filled(guest, KNEE, HIP, BACK)
    shown = guest.get(path)

    press(guest, shown, path, 3, "upp")
    press(guest, shown, path, 3, "upp")

    assert ["Knäartros", "Ryggsmärta", "Höftartros"] == names(guest, case)


# ---- pasted ----------------------------------------------------------------------------


def test_rows_are_pasted_after_a_look(guest: Guest) -> None:
    """The preview shows the rows and saves nothing; confirmed, they come last and in order."""
    case, path = filled(guest, KNEE)
    text = "Tillstånd\tTyp\tÅtgärd\nGikt\tBortval\tRöntgen\nFibromyalgi\tSatsning\tTräning\n"

    shown = pasted(guest, path, text)
    before = names(guest, case)
    saved = guest.send(shown, "Spara ändringarna")

    assert 200 == shown.status
    assert "2 nya rader" in shown.words
    assert ["Knäartros"] == before
    assert 200 == saved.status
    assert ["Knäartros", "Gikt", "Fibromyalgi"] == names(guest, case)
    assert "satsning" == rows(guest.stage, case)[2]["typ"]
    assert True is evidence.prove(guest.stage.world).ok


def test_every_bad_cell_is_told_by_row_and_column(guest: Guest) -> None:
    """422, and there is no way to save before they are put right in the text itself."""
    case, path = filled(guest, KNEE)
    text = "Tillstånd\tTyp\tEffekt\nGikt\tBort\tmycket\nFibromyalgi\tSatsning\t1e309\n"

    shown = pasted(guest, path, text)
    chosen = {"kolumn.2": "effekt_tkr"}
    again = guest.send(shown, "Läs om", **chosen)
    right = text.replace("Bort\tmycket", "Bortval\t12").replace("1e309", "13")
    put_right = guest.send(again, "Läs om", text=right)
    guest.send(put_right, "Spara ändringarna")

    assert 422 == again.status
    assert "B2 (Typ)" in again.words
    assert "C2 (" in again.words
    assert "C3 (" in again.words
    assert "Spara ändringarna" not in again.buttons
    assert ["Knäartros", "Gikt", "Fibromyalgi"] == names(guest, case)
    assert [1850, 12, 13] == [row["effekt_tkr"] for row in rows(guest.stage, case)]


def test_a_forged_confirmation_saves_nothing(guest: Guest) -> None:
    """What is confirmed is what was shown: another text under the same digest is shown anew."""
    case, path = filled(guest, KNEE)
    shown = pasted(guest, path, "Tillstånd\tTyp\nGikt\tBortval\n")

    page = guest.send(
        shown, "Spara ändringarna", text="Tillstånd\tTyp\nGikt\tBortval\nEn till\tBortval\n"
    )

    assert 409 == page.status
    assert "2 nya rader" in page.words
    assert ["Knäartros"] == names(guest, case)


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_nothing_pasted(guest: Guest, text: str) -> None:
    """422 at the field."""
    _, path = filled(guest, KNEE)

    page = pasted(guest, path, text)

    assert 422 == page.status
    assert page.soup.find(id="text-err")


def test_pasted_markup_stays_text(guest: Guest) -> None:
    """Neither on the preview, nor on the table."""
    case, path = filled(guest, KNEE)

    shown = pasted(guest, path, f"Tillstånd\tTyp\t{HOSTILE}\n{HOSTILE}\tBortval\t{HOSTILE}\n")
    saved = guest.send(shown, "Spara ändringarna")

    for page in (shown, saved):
        assert not page.soup.main.find_all("script")
        assert not page.soup.find_all(attrs={"onfocus": True})
    assert HOSTILE in saved.words
    assert ["Knäartros", HOSTILE] == names(guest, case)


# ---- uploaded and taken home -----------------------------------------------------------


def test_a_file_is_uploaded_with_a_look_at_each_change(guest: Guest) -> None:
    """Changed, new, moved and missing rows are shown field by field, and then are so."""
    case, path = filled(guest, KNEE, HIP, BACK)
    file = text_file(
        guest,
        SheetRow(number=3, version=1, cells=BACK),
        SheetRow(number=1, version=1, cells=KNEE | {"effekt_tkr": 2000}),
        SheetRow(cells={"tillstand": "Gikt", "typ": "bortval"}),
        SheetRow(cells={"tillstand": "Artrit", "typ": "bortval"}),
    )

    shown = uploaded(guest, path, file, "rader.csv")
    before = names(guest, case)
    kept = shown.soup.find(id="bort").has_attr("checked")
    saved = guest.send(shown, "Spara ändringarna", bort="ja")

    assert 200 == shown.status
    told = "Nya rader: 2. Ändrade: 1. Saknas i filen: 1. Flyttade: 1."
    assert told in shown.words
    assert "1 850" in shown.words
    assert 3 == len(before)
    assert not kept, "a file that is no template takes nothing away unless asked"
    assert 200 == saved.status
    assert ["Ryggsmärta", "Knäartros", "Gikt", "Artrit"] == names(guest, case)
    assert 2000 == rows(guest.stage, case)[1]["effekt_tkr"]


def test_a_row_changed_after_the_comparison_was_shown(guest: Guest) -> None:
    """409 with the comparison as it is now, and nothing of the file is saved; then all of it."""
    case, path = filled(guest, KNEE, HIP)
    file = workbook(
        guest,
        SheetRow(number=1, version=1, cells=KNEE | {"effekt_tkr": 2000}),
        SheetRow(number=2, version=1, cells=HIP | {"effekt_tkr": 500}),
    )
    shown = uploaded(guest, path, file)
    edit(guest, ["set", 2, 1, {"effekt_tkr": 450}])

    page = guest.send(shown, "Spara ändringarna")
    between = [row["effekt_tkr"] for row in rows(guest.stage, case)]
    saved = guest.send(page, "Spara ändringarna")

    assert 409 == page.status
    assert "Tabellen har ändrats" in page.words
    assert "450" in page.words
    assert [1850, 450] == between
    assert 200 == saved.status
    assert [2000, 500] == [row["effekt_tkr"] for row in rows(guest.stage, case)]


def test_a_row_that_came_meanwhile_is_left_alone(guest: Guest) -> None:
    """The file knows nothing of it, so it is not taken away."""
    case, path = filled(guest, KNEE)
    file = workbook(guest, SheetRow(number=1, version=1, cells=KNEE | {"effekt_tkr": 1}))
    edit(guest, ["add", None, {"tillstand": "Nytt"}])

    guest.send(uploaded(guest, path, file), "Spara ändringarna")

    assert ["Knäartros", "Nytt"] == names(guest, case)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04skadad"), ("a.pdf", b"%PDF-1.7"), ("a.csv", b"\0\1")],
)
def test_a_file_that_cannot_be_read(guest: Guest, name: str, content: bytes) -> None:
    """422 at the field, and nothing is saved."""
    case, path = filled(guest, KNEE)

    page = uploaded(guest, path, content, name)

    assert 422 == page.status
    assert page.soup.find(id="fil-err")
    assert ["Knäartros"] == names(guest, case)


def test_a_file_that_is_too_large_to_carry(guest: Guest) -> None:
    """422 that says how large it may be."""
    _, path = filled(guest, KNEE)

    page = uploaded(guest, path, b"a;b\n" * 800_000, "a.csv")

    assert 422 == page.status
    assert "3 MB" in page.soup.find(id="fil-err").get_text()


def test_parts_of_a_file_that_no_page_has_written(guest: Guest) -> None:
    """422, as when nothing was chosen."""
    _, path = filled(guest, KNEE)

    page = guest.post(f"{path}/las-in", {"token": guest.token, "del": "%%%", "gor": "spara"})

    assert 422 == page.status


def test_the_table_is_taken_home_and_comes_back_the_same(guest: Guest) -> None:
    """What is downloaded and uploaded again changes nothing; text is never a formula."""
    _, path = filled(guest, KNEE | {"tillstand": "=1+1"}, HIP | {"atgard": HOSTILE})

    book = guest.client.get(f"{path}/rader.xlsx")
    text = guest.client.get(f"{path}/rader.csv")
    shown = uploaded(guest, path, book.content)
    as_text = uploaded(guest, path, text.content, "rader.csv")

    records = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig")), delimiter=";"))
    assert "'=1+1" == records[1][1]
    assert "attachment" in book.headers["content-disposition"]
    assert "Inget skiljer sig från tabellen." in shown.words
    assert "Inget skiljer sig från tabellen." in as_text.words


def test_an_empty_template_takes_nothing_away(guest: Guest) -> None:
    """It is read as a file without rows, made before there were any."""
    case, path = filled(guest, KNEE)

    book = guest.client.get(f"{path}/rader.xlsx?tom=ja")
    shown = uploaded(guest, path, book.content)

    assert "Inget skiljer sig från tabellen." in shown.words
    assert "Spara ändringarna" not in shown.buttons
    assert ["Knäartros"] == names(guest, case)


def test_a_row_that_was_taken_out_of_the_template_goes(guest: Guest) -> None:
    """The template says which rows it had; who removes one means it, and it is shown first."""
    case, path = filled(guest, KNEE, HIP)

    book = guest.client.get(f"{path}/rader.xlsx").content
    shown = uploaded(guest, path, without_line(book, 3))
    guest.send(shown, "Spara ändringarna")

    assert "En rad saknas i filen" in shown.words
    assert ["Knäartros"] == names(guest, case)


def without_line(book: bytes, line: int) -> bytes:
    """Remove a line from the first sheet of a workbook, as somebody does in a program."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as there,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in there.namelist():
            content = there.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content, found = re.subn(rb'<row r="%d".*?</row>' % line, b"", content)
                assert 1 == found
            made.writestr(name, content)
    return target.getvalue()


# ---- compiled --------------------------------------------------------------------------

LIST = f"/arenden/{ROOT}/tabell/{TABLE}"


@pytest.fixture
def leader(database: Database, tmp_path: Path) -> Iterator[Guest]:
    """The leader, before the one list that is compiled of all."""
    a_round = open_lists(database, tmp_path)
    a_round.collect()
    with visit_of(cast(Stage, a_round)) as made:
        made.sign_in(email("lena"))
        yield made


def test_a_compiled_table_shows_what_it_comes_from(leader: Guest) -> None:
    """Each row shows its source's cells and where it comes from, and the sum is of them."""
    page = leader.get(LIST)

    first = words(page.soup.select_one("tbody tr"))
    assert "Knä Artroskopi" in first
    assert "1 850" in first
    assert "rad 1" in first
    assert "2 110" in words(page.soup.tfoot)
    assert f"/arenden/{ROUND}.underlag.ett" in page.links.values()
    assert "Ordning och pengar" in page.links
    assert "Ny rad" not in page.links


def test_what_is_written_beside_a_compiled_row(leader: Guest) -> None:
    """Its own columns are filled in; those of its source have no fields, and stay."""
    form = leader.get(f"{LIST}/rad?nr=1")

    saved = leader.send(form, "Spara raden", **{"rad.gemensam.1.svar": "Ja"})

    fields = {str(one["name"]) for one in form.soup.select("[name^='rad.']")}
    assert {"rad.gemensam.1.svar"} == fields
    assert "Artroskopi" in form.words
    assert 200 == saved.status
    assert "Svar: Ja" in saved.words


@pytest.mark.parametrize("what", ["bort", "upp", "ner", "flytta", "angra"])
def test_a_compiled_row_is_neither_removed_nor_moved_here(leader: Guest, what: str) -> None:
    """Its rows come from elsewhere, and its order has a page where each move has a reason."""
    before = [words(one) for one in leader.get(LIST).soup.select("tbody th")]

    sent = leader.post(
        f"{LIST}/rad",
        {"token": leader.token, "nummer": "2", "version": "1", "plats": "1", "gor": what},
    )

    assert sent.status in (404, 422)
    assert before == [words(one) for one in leader.get(LIST).soup.select("tbody th")]
    assert 404 == leader.get(f"{LIST}/rad").status


def test_a_compiled_table_comes_back_from_a_file(leader: Guest) -> None:
    """What was written in its own columns is taken, and nothing of what is only shown."""
    book = leader.client.get(f"{LIST}/rader.csv").content.decode("utf-8-sig")
    lines = book.splitlines()
    lines[1] = lines[1].replace("1850", "1", 1) + "Kanske"

    shown = uploaded(leader, LIST, "\r\n".join(lines).encode(), "rader.csv")
    saved = leader.send(shown, "Spara ändringarna")

    assert "En ändrad rad" in shown.words
    assert "bara visas" in shown.words
    assert "Svar: Kanske" in saved.words
    assert "1 850" in words(saved.soup.select_one("tbody tr"))
