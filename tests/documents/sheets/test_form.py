"""A table of a definition as a spreadsheet sees it, and the template that is made of it."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from documents.sheets.cells import read_cells
from documents.sheets.form import (
    NUMBER,
    Around,
    FormColumn,
    SheetForm,
    SheetRow,
    from_table,
    labels,
)
from documents.sheets.mapping import map_columns
from documents.sheets.text import write_csv
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from tests.documents.sheets.forms import CREATED, FORM, some_rows
from tests.service.worlds import load_process
from workflow.core.definition import Column, Definition
from workflow.core.errors import BadInput
from workflow.core.material import read_rows


@pytest.fixture(scope="module")
def definition() -> Definition:
    """The process that is shipped."""
    return load_process().definition


@pytest.fixture(scope="module")
def form(definition: Definition) -> SheetForm:
    """Its table of objects."""
    return from_table(definition, definition.table["objekt"], revision="abc")


def parts(content: bytes) -> dict[str, str]:
    """Give the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def texts_of(told: dict[str, str], sheet: int) -> list[str]:
    """Give the texts of a sheet."""
    shared = re.findall(r"<si><t[^>]*>(.*?)</t></si>", told["xl/sharedStrings.xml"], re.DOTALL)
    cells = re.findall(r't="s"><v>(\d+)</v>', told[f"xl/worksheets/sheet{sheet}.xml"])
    return [shared[int(one)] for one in cells]


def test_a_table_of_the_definition_becomes_a_form(definition: Definition, form: SheetForm) -> None:
    """Columns in order, scales with their levels, what is required and when, in words."""
    table = definition.table["objekt"]
    columns = {one.key: one for one in form.columns}

    keys = list(columns)
    assert [one for one in keys if one != "rang.reason"] == list(table.column)
    assert keys.index("rang") + 1 == keys.index("rang.reason")
    assert () == form.elsewhere
    assert ("prioritering", "objekt", "abc") == (form.process, form.table, form.revision)
    assert ("Prioriteringsobjekt", table.title) == (form.sheet, form.title)
    assert ("level", True) == (columns["typ"].kind, columns["typ"].required)
    assert "1, högst" == columns["rang"].levels["1"]
    assert "Typ är Bortval eller Begränsning" == columns["motivering"].required_when
    assert ("tkr", "integer") == (columns["effekt_tkr"].kind, columns["volym"].kind)
    assert 0 == columns["volym"].least


def test_what_a_spreadsheet_cannot_hold_is_filled_in_elsewhere(definition: Definition) -> None:
    """It is named, and left alone by every upload."""
    table = definition.table["objekt"]
    person = Column(title="Ansvarig", type="person")
    person._key = "who"  # as a definition does that is read from a file
    several = table.column["grund"].model_copy(update={"several": True})
    odd = table.model_copy(update={"column": {"who": person, "grund": several}})
    shown = FormColumn(key="enhet", title="Enhet", kind="text", read_only=True)

    form = from_table(definition, odd, shown=[shown])

    assert ("Ansvarig",) == form.elsewhere
    assert [("enhet", "text", True), ("grund", "levels", False)] == [
        (one.key, one.kind, one.read_only) for one in form.columns
    ]


def test_what_points_is_chosen_among_what_there_is(definition: Definition) -> None:
    """People, units, files and rows as levels; a column for each year; the hidden left out."""
    columns = {
        "vem": Column(title="Vem", type="person"),
        "rader": Column(title="Rader", type="row", of="objekt", several=True),
        "tkr": Column(title="Effekt", type="tkr", years=("{year}", "{year+1}"), required=True),
        "lon": Column(title="Lön", type="tkr", visible_to=("chef",)),
        "varde": Column(title="Värde", type_from="slag"),
    }
    for key, column in columns.items():
        column._key = key  # as a definition does that is read from a file
    table = definition.table["objekt"].model_copy(update={"column": columns})
    choices = {"vem": {"a": "Asa", "b": "Bo"}, "rader": {}}
    around = Around(year=2010, choices=choices, hidden=frozenset({"lon"}))

    form = from_table(definition, table, around=around)

    assert [
        ("vem", "Vem", "level"),
        ("rader", "Rader", "levels"),
        ("tkr.2010", "Effekt 2010", "tkr"),
        ("tkr.2011", "Effekt 2011", "tkr"),
        ("varde", "Värde", "by_row"),
    ] == [(one.key, one.title, one.kind) for one in form.columns]
    assert {"a": "Asa", "b": "Bo"} == form.column("vem").levels
    assert form.column("tkr.2011").required
    assert () == form.elsewhere


def test_where_there_is_nothing_to_choose_a_cell_says_so(definition: Definition) -> None:
    """A case without files takes no file."""
    column = Column(title="Bilaga", type="file")
    column._key = "fil"
    table = definition.table["objekt"].model_copy(update={"column": {"fil": column}})
    form = from_table(definition, table, around=Around(choices={"fil": {}}))
    grid = read_upload(b"Bilaga\nplan.pdf\n", "a.csv", form)

    read = read_cells(form, grid, map_columns(form, grid).taken, skip=1)

    assert ["no_level"] == [one.code for one in read.faults]
    assert "inget att välja" in read.faults[0].sv


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("Lista: 2009/2010 [utkast]", "Lista 2009 2010 utkast"),
        ("'Objekt'", "Objekt"),
        ("x" * 60, "x" * 31),
        ("???", "Blad"),
    ],
)
def test_the_sheet_has_a_name_that_excel_takes(
    definition: Definition, title: str, sheet: str
) -> None:
    """At most 31 characters, and none that it refuses."""
    table = definition.table["objekt"].model_copy(update={"title": title})

    assert sheet == from_table(definition, table).sheet


def test_the_digest_changes_with_the_columns_and_with_nothing_else() -> None:
    """A new level or title is another template; another help is not."""
    first = FORM.columns[0]
    retitled = replace(FORM, columns=(replace(first, title="Nytt"), *FORM.columns[1:]))
    helped = replace(FORM, columns=(replace(first, help="Nytt"), *FORM.columns[1:]))

    assert FORM.digest != retitled.digest
    assert FORM.digest == helped.digest


def test_what_is_read_is_what_the_table_takes(definition: Definition, form: SheetForm) -> None:
    """Every cell is in the one form that `read_rows` gives, so that nothing is judged twice in
    two ways."""
    cells = {
        "tillstand": "Åderbråck",
        "atgard": "=Operation",
        "typ": "bortval",
        "rang": "icke_gora",
        "motivering": "Rad ett\nrad två",
        "effekt_tkr": -1200,
        "volym": 40,
    }
    table = definition.table["objekt"]
    content = write_xlsx(form, [SheetRow(cells=cells)], created=CREATED)
    grid = read_upload(content, "a.xlsx", form)
    read = read_cells(form, grid, map_columns(form, grid).taken, skip=1)

    rows, wrong = read_rows(definition, table, [one.cells for one in read.rows])

    assert ((cells,), ()) == (rows, wrong)
    assert [cells] == [one.cells for one in read.rows]


def test_two_levels_with_one_title_are_told_apart() -> None:
    """By their keys, in the list and when it is read."""
    column = FormColumn(key="a", title="A", kind="level", levels={"x": "Stor", "y": "stor"})

    assert {"x": "Stor (x)", "y": "stor (y)"} == labels(column)


# ---- the template ----------------------------------------------------------------------


def test_a_template_offers_what_can_be_chosen(form: SheetForm) -> None:
    """Levels and yes or no as lists that stand in cells, so that a comma parts nothing; the
    headings stay in view; the sheets of the program are hidden."""
    told = parts(write_xlsx(form, [], created=CREATED))
    sheet, book = told["xl/worksheets/sheet1.xml"], told["xl/workbook.xml"]
    levels = [one for one in form.columns if one.kind in ("level", "levels")]

    assert len(levels) == sheet.count('<dataValidation type="list"')
    assert 'sqref="D2:D10001"' in sheet
    assert "<formula1>'Val'!$C$1:$C$4</formula1>" in sheet
    assert 'topLeftCell="B2"' in sheet
    assert 'state="frozen"' in sheet
    assert 'name="Val" sheetId="3" state="hidden"' in book
    assert 'name="Mall" sheetId="4" state="veryHidden"' in book
    assert ["Rad", *(one.title for one in form.columns)] == texts_of(told, 1)
    assert "1, högst" in texts_of(told, 3)
    assert ["process", "prioritering", "table", "objekt", "revision", "abc"] == texts_of(told, 4)[
        :6
    ]


def test_a_template_says_how_it_is_filled_in(form: SheetForm) -> None:
    """Each column with what may stand there, and what stands in its help."""
    told = texts_of(parts(write_xlsx(form, [], created=CREATED)), 2)

    assert "Måste fyllas i när Typ är Bortval eller Begränsning." in " ".join(told)
    assert "Ett heltal, till exempel 480. Minst 0." in told
    assert {one.help for one in form.columns if one.help} <= {unescape(one) for one in told}
    assert "overifierade" in next(one for one in told if "Ej bedömbar" in one)


def test_an_empty_template_and_one_with_rows_are_the_same_but_for_the_rows() -> None:
    """Last year's rows have no number, and come back as new ones."""
    rows = [replace(one, number=None) for one in some_rows(3)]
    grid = read_upload(write_xlsx(FORM, rows, created=CREATED), "a.xlsx", FORM)
    empty = read_upload(write_xlsx(FORM, [], created=CREATED), "a.xlsx", FORM)

    read = read_cells(FORM, grid, map_columns(FORM, grid).taken, skip=1)

    assert [None] * 3 == [one.number for one in read.rows]
    assert [dict(one.cells) for one in rows] == [dict(one.cells) for one in read.rows]
    assert grid.rows[:1] == empty.rows
    assert () == read_cells(FORM, empty, map_columns(FORM, empty).taken, skip=1).rows


def test_numbers_are_numbers_and_days_are_days_in_the_workbook() -> None:
    """So that one can sum and sort; what Excel would round is text, and is not lost."""
    cells = {"effect": -1200, "cost": "1234567890.1234567", "share": "12.5", "day": "2009-02-27"}
    content = write_xlsx(FORM, [SheetRow(number=3, cells=cells)], created=CREATED)

    (_, row) = read_upload(content, "a.xlsx", FORM).rows

    told = [one for one in row.cells if one is not None]
    assert [3.0, -1200.0, 12.5, "1234567890,1234567", date(2009, 2, 27)] == told


def test_what_is_only_shown_is_not_taken() -> None:
    """A compiled table's source columns come along, and whatever is written in them stays out."""
    shown = FormColumn(key="from", title="Enhet", kind="level", levels={"a": "A"}, read_only=True)
    form = replace(FORM, columns=(shown, *FORM.columns[:1]))
    content = write_xlsx(
        form, [SheetRow(number=1, cells={"from": "a", "name": "x"})], created=CREATED
    )
    grid = read_upload(content, "a.xlsx", form)

    read = read_cells(form, grid, {0: NUMBER, 1: "from", 2: "name"}, skip=1)

    assert [({"name": "x"}, {"from": "a"})] == [(one.cells, one.shown) for one in read.rows]
    assert "dataValidation " not in parts(content)["xl/worksheets/sheet1.xml"]


def test_a_text_that_no_cell_of_excel_holds_is_refused_and_never_cut() -> None:
    """20,000 emoji count twice; the CSV holds them."""
    rows = [SheetRow(number=1, cells={"why": "😀" * 20_000})]

    with pytest.raises(BadInput) as found:
        write_xlsx(FORM, rows, created=CREATED)

    assert "Rad 2, Motivering" in found.value.sv
    assert "😀" * 20_000 in write_csv(FORM, rows).decode()
