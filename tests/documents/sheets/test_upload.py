"""Files as programs save them become a grid; what cannot be read is said, quickly."""

import codecs
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.sheets.cells import read_cells
from documents.sheets.changes import compare
from documents.sheets.grid import GridCell
from documents.sheets.mapping import map_columns
from documents.sheets.upload import MOST_BYTES, read_upload
from documents.sheets.workbook import write_xlsx
from tests.documents.sheets.books import HEAD, excel, open_document, shared_book
from tests.documents.sheets.forms import CREATED, FORM, some_rows
from tests.support.documents import archive, docx, office
from workflow.core.errors import BadInput

CELL = '<table:table-cell office:value-type="float"'
SHARED = "<si><t>delad</t></si>"
QUICK_S, LITTLE_BYTES = 3.0, 150_000_000


def grid_of(content: bytes, name: str = "a.xlsx") -> list[tuple[GridCell, ...]]:
    """Give the cells of a file."""
    return [row.cells for row in read_upload(content, name, FORM).rows]


def why(content: bytes, name: str = "a.xlsx") -> str:
    """Give why a file is turned down."""
    with pytest.raises(BadInput) as found:
        read_upload(content, name, FORM)
    assert "file" == found.value.reasons[0].code
    assert found.value.sv != found.value.en
    assert "{" not in found.value.sv + found.value.en
    return found.value.reasons[-1].code


# ---- Excel -----------------------------------------------------------------------------


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[$-41D]d\\ mmmm\\ yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="#,##0\\ &quot;tkr&quot;;[Red]-#,##0"/>'
    '<numFmt numFmtId="166" formatCode="0.0&quot; %&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/>'
    '<xf numFmtId="22"/><xf numFmtId="166"/><xf numFmtId="20"/></cellXfs>'
)


def test_the_kinds_of_cells_that_excel_writes() -> None:
    """Shared texts with runs and without how they sound, texts in the cell, results that are
    text, truth, numbers; cells and rows without a name stand next to the one before."""
    shared = (
        '<si><t xml:space="preserve"> Ett</t></si>'
        "<si><r><rPr><b/></rPr><t>Två </t></r><r><t>delar</t></r>"
        '<rPh sb="0" eb="1"><t>LJUD</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si>'
    )
    cells = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
        '<row r="4"><c r="B4" t="inlineStr"><is><t>I rutan</t></is></c>'
        '<c t="b"><v>1</v></c><c><v>-1.5E2</v></c><c r="AA4" t="str"><v>text</v></c></row>'
    )

    grid = read_upload(excel(cells, shared=shared), "a.xlsx", FORM)

    assert [1, 4] == [row.row for row in grid.rows]
    assert (" Ett", "Två delar", "a\rb_x0041_") == grid.rows[0].cells
    expected = (None, "I rutan", True, -150.0, *[None] * 22, "text")
    assert expected == grid.rows[1].cells


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        (0, "46085", 46085.0),
        (1, "46085", date(2026, 3, 4)),
        (2, "46085", date(2026, 3, 4)),
        (3, "46085", 46085.0),
        (4, "0.03", "3 %"),
        (5, "46085.5", datetime.fromisoformat("2026-03-04T12:00")),
        (6, "3.5", 3.5),
        (7, "0.5", "12:00:00"),
        (99, "5", 5.0),
        (0, "1e309", float("inf")),
    ],
)
def test_a_number_is_what_its_look_says(style: int, number: str, expected: GridCell) -> None:
    """Days, per cent and times are told by the format; a number with a unit stays one."""
    book = excel(f'<row r="1"><c r="A1" s="{style}"><v>{number}</v></c></row>', styles=STYLES)

    assert [(expected,)] == grid_of(book)


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    """Excel on old Macs counts so: four years and a day lie between."""
    book = excel(
        '<row><c s="1"><v>44623</v></c></row>',
        styles=STYLES,
        properties='<workbookPr date1904="1"/>',
    )

    assert [(date(2026, 3, 4),)] == grid_of(book)
    assert date(1904, 1, 1) == read_upload(book, "a.xlsx", FORM).epoch


def test_formulas_and_faults_are_told_by_their_cell() -> None:
    """Of every sort: plain, shared, of an array, and one whose result is text."""
    cells = (
        '<row r="7"><c r="B7"><f>A1+1</f><v>2</v></c><c r="C7"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="D7" t="str"><f t="array" ref="D7">A1</f><v>x</v></c>'
        '<c r="E7" t="e"><v>#N/A</v></c></row>'
    )

    faults = read_upload(excel(cells), "a.xlsx", FORM).faults

    assert ["B7", "C7", "D7", "E7"] == [one.place for one in faults]
    assert "B7: cellen innehåller en formel; klistra in värdet i stället." == faults[0].text()
    assert "E7: the cell shows the error #N/A; write the value instead." == faults[3].text("en")


def test_the_sheet_is_found_by_its_name() -> None:
    """Else it is the only one; of several nobody guesses, unless they are a new workbook's."""
    row = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'

    assert [("x",)] == grid_of(excel(row, sheets=("prioriteringsobjekt", "Annat")))
    assert [("x",)] == grid_of(excel(row, sheets=("Min lista",)))
    assert [("x",)] == grid_of(excel(row, sheets=("Min lista", "Så fyller du i", "Val", "Mall")))
    assert [("x",)] == grid_of(excel(row, sheets=("Blad1", "Blad2", "Blad3")))
    assert "which_sheet" == why(excel(row, sheets=("Min lista", "Din lista")))


# ---- OpenDocument ----------------------------------------------------------------------


def test_the_kinds_of_cells_that_libreoffice_writes() -> None:
    """Values by their type, text by paragraphs, spaces and tabs; notes are no text; what is
    repeated is there as often, and the empty rest of the sheet costs nothing."""
    rows = (
        '<table:table-row><table:table-cell office:value-type="float" office:value="12.5">'
        "<text:p>12,50</text:p></table:table-cell>"
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Not</text:p>'
        '</office:annotation><text:p>a<text:s text:c="3"/>b<text:tab/><text:span>c</text:span>'
        "</text:p><text:p>rad två</text:p></table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2026-03-04"/>'
        '<table:table-cell office:value-type="percentage" office:value="0.03"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="false"/>'
        '<table:table-cell table:number-columns-repeated="16379"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:covered-table-cell/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )

    grid = read_upload(open_document(rows), "a.ods", FORM)

    first = (12.5, "a   b\tc\nrad två", date(2026, 3, 4), "3 %", False)
    assert [first, (None, "x", "x"), (None, "x", "x")] == [row.cells for row in grid.rows]
    assert [1, 2, 3] == [row.row for row in grid.rows]


def test_a_formula_of_libreoffice_is_told_by_its_cell() -> None:
    """Also when its result is empty."""
    rows = (
        '<table:table-row table:number-rows-repeated="6"/><table:table-row><table:table-cell/>'
        '<table:table-cell table:formula="of:=[.A1]+1" office:value-type="float" '
        'office:value="2"/></table:table-row>'
    )

    faults = read_upload(open_document(rows), "a.ods", FORM).faults

    assert [("formula", "B7")] == [(one.code, one.place) for one in faults]


# ---- CSV -------------------------------------------------------------------------------


LINES = 'Rad{0}Namn{0}Motivering\r\n1{0}Åsa{0}"två\r\nrader, ""så""; här"\r\n'
READ = [("Rad", "Namn", "Motivering"), ("1", "Åsa", 'två\r\nrader, "så"; här')]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_csv_in_every_encoding_and_with_every_separator(separator: str, encoding: str) -> None:
    """As Excel saves CSV, CSV UTF-8 and Unicode text, and LibreOffice what one picks."""
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    content = mark + LINES.format(separator).encode(encoding)

    assert READ == grid_of(content, "a.csv")


def test_the_first_line_may_name_the_separator() -> None:
    """Excel writes and reads `sep=,` so."""
    assert [("a;b", "c")] == grid_of(b"sep=,\r\na;b,c\r\n", "a.csv")


# ---- anything at all ---------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(
    at=st.integers(0, 10**6),
    length=st.integers(0, 12),
    piece=st.one_of(
        st.sampled_from(["<c>", "</c>", "<row>", "<v>", "-1", "nan", "1e999", 't="s"', "<f/>"]),
        st.sampled_from(['t="d"', 's="1"', 's="7"', "<table:table>", "</table:table-cell>", '"']),
        st.text(max_size=6),
    ),
    ods=st.booleans(),
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(
    at: int, length: int, piece: str, ods: bool
) -> None:
    """A workbook with anything put anywhere in its sheet: a grid, or a sentence."""
    rows = f"<table:table-row>{CELL} office:value='1'/></table:table-row>" * 2
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="5"><v>46085.5</v></c>'
        '<c t="inlineStr"><is><t>x</t></is></c><c t="d"><v>2026-03-04</v></c></row>'
    )
    told = rows if ods else cells
    at %= len(told)
    broken = told[:at] + piece + told[at + length :]
    encoded = broken.encode(errors="replace").decode()
    content = open_document(encoded) if ods else excel(encoded, shared=SHARED, styles=STYLES)

    try:
        grid = read_upload(content, "a.xlsx", FORM)
    except BadInput as refused:
        assert refused.sv
    else:
        proposal = map_columns(FORM, grid)
        read_cells(FORM, grid, proposal.taken, skip=proposal.skip)


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_bytes_there_are_they_are_read_or_refused(content: bytes) -> None:
    """Also as a CSV, which anything can be."""
    try:
        grid = read_upload(content, "a.csv", FORM)
    except BadInput as refused:
        assert refused.sv
    else:
        proposal = map_columns(FORM, grid)
        read = read_cells(FORM, grid, proposal.taken, skip=proposal.skip)
        assert not (read.faults and read.rows)


def test_a_text_that_is_not_there_is_damage() -> None:
    """Also one before the first."""
    assert "damaged" == why(excel('<row><c t="s"><v>-1</v></c></row>', shared=SHARED))


def test_a_sheet_may_be_named_as_one_of_ours() -> None:
    """When it is the only one."""
    row = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'

    assert [("x",)] == grid_of(excel(row, sheets=("Mall",)))


# ---- what is turned down ---------------------------------------------------------------


MACROS = office("xlsx", [("xl/vbaProject.bin", b"x")])
BILLION = (
    f'{HEAD[:-1]}<!DOCTYPE x [<!ENTITY a "{"x" * 99}"><!ENTITY b "&a;&a;">]>'
    "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
)
DOCTYPE = f"{HEAD[:-1]}<!DOCTYPE x SYSTEM 'http://ond.example/x.dtd'><worksheet/>"
SHEET = "xl/worksheets/sheet1.xml"
TURNED_DOWN = {
    "nothing": (b"", "a.xlsx", "empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "old_office"),
    "macros": (MACROS, "a.xlsm", "macros"),
    "a letter": (docx(), "a.docx", "other"),
    "an archive": (archive([("a.txt", b"x")]), "a.zip", "other"),
    "a PDF": (b"%PDF-1.4\n", "a.pdf", "other"),
    "a program": (b"MZ\x90\0", "a.csv", "other"),
    "half a workbook": (excel("")[:-30], "a.xlsx", "damaged"),
    "too many bytes": (b"a" * (MOST_BYTES + 1), "a.csv", "large"),
    "entities": (excel("", parts={SHEET: BILLION}), "a.xlsx", "damaged"),
    "a document type": (excel("", parts={SHEET: DOCTYPE}), "a.xlsx", "damaged"),
    "broken XML": (excel("", parts={SHEET: "<worksheet><row>"}), "a.xlsx", "damaged"),
    "no such text": (excel('<row><c t="s"><v>5</v></c></row>', shared=""), "a.xlsx", "damaged"),
    "no number": (excel("<row><c><v>x</v></c></row>"), "a.xlsx", "damaged"),
    "no cells": (excel(""), "a.xlsx", "no_rows"),
    "far to the right": (excel('<row><c r="XFD1"><v>1</v></c></row>'), "a.xlsx", "columns"),
    "an endless text": (
        excel(f'<row><c t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>'),
        "a.xlsx",
        "long_cell",
    ),
    "an open quote": (b'Rad;Namn\r\n1;"hej\r\n', "a.csv", "quotes"),
    "no text": (b"a\0b", "a.csv", "encoding"),
    "half a sign": (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "a.csv", "encoding"),
    "too many columns": (b";".join([b"x"] * 201), "a.csv", "columns"),
}


@pytest.mark.parametrize("name", TURNED_DOWN)
def test_what_cannot_be_read_is_said_in_words(name: str) -> None:
    """With a reason of its own each."""
    content, called, expected = TURNED_DOWN[name]

    assert expected == why(content, called)


def flooded(size: int) -> bytes:
    """Make a workbook whose only sheet unpacks to so many zeros."""
    return excel("", parts={SHEET: b"\0" * size})


def lying() -> bytes:
    """Make a workbook whose sheet says that it is small and is not."""
    honest = excel("", parts={SHEET: b"<a>" + b" " * 60_000_000 + b"</a>"})
    size = (60_000_007).to_bytes(4, "little")
    assert 2 == honest.count(size)
    return honest.replace(size, (1000).to_bytes(4, "little"))


ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 50_001))
EDGE = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'
LONG = f"<text:p>{'x' * 30_000}</text:p>"
WIDE = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">{}'


def roomy() -> bytes:
    """Make a workbook with a part of 60 MB that is packed no more tightly than documents are."""
    return excel("", parts={SHEET: (Random(1).randbytes(1000) + b" " * 49_000) * 1200})


def empty_cells() -> bytes:
    """Make a workbook with millions of cells in which nothing stands."""
    cells = "".join(f'<c s="{n * 7919 % 1_000_003}"/>' for n in range(700_000))
    return excel(f'<row r="1">{cells}</row>')


LARGE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "50,000 rows of Excel": (lambda: excel(ROWS), "a.xlsx", "rows"),
    "50,000 rows of text": (lambda: b"1;2;3\r\n" * 50_000, "a.csv", "rows"),
    "a million rows said once": (
        lambda: open_document(EDGE.format(f"{CELL} office:value='1'/>")),
        "a.ods",
        "rows",
    ),
    "a row of 16,384 long texts said once": (
        lambda: open_document(EDGE.format(WIDE.format(f"{LONG}</table:table-cell>"))),
        "a.ods",
        "columns",
    ),
    "gigabytes of one shared text": (lambda: shared_book(100_000, 32_000), "a.xlsx", "much"),
    "a part of 190 MB": (lambda: flooded(190_000_000), "a.xlsx", "strange_archive"),
    "a part of 60 MB": (roomy, "a.xlsx", "unpacks"),
    "a part that lies": (lying, "a.xlsx", "damaged"),
    "empty cells without end": (empty_cells, "a.xlsx", "much"),
    "an open quote for ever": (lambda: b'"' + b"x;\n" * 1_000_000, "a.csv", "quotes"),
    "separators without end": (lambda: b";" * 15_000_000, "a.csv", "columns"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_is_turned_down_quickly_and_in_little_memory(name: str) -> None:
    """Whatever it would become, no more than a bounded share of it is ever held."""
    make, called, expected = LARGE[name]
    content = make()
    started = time.process_time()

    code = why(content, called)
    took = time.process_time() - started
    tracemalloc.start()
    try:
        why(content, called)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert expected == code
    assert took < QUICK_S
    assert peak < LITTLE_BYTES


def test_five_thousand_rows_are_compared_in_time() -> None:
    """An upload of 5,000 rows with its diff takes less than three seconds."""
    rows = some_rows(5000)
    content = write_xlsx(FORM, rows, created=CREATED)
    started = time.process_time()

    grid = read_upload(content, "a.xlsx", FORM)
    proposal = map_columns(FORM, grid)
    changes = compare(FORM, rows, read_cells(FORM, grid, proposal.taken, skip=proposal.skip))
    took = time.process_time() - started

    assert 5000 == changes.unchanged
    assert took < QUICK_S
