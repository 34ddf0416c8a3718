"""Cells are read strictly into one form each; what is lacking is said row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import case_of, definition_of
from workflow.core.material import MAX_ROWS, lacking, matches, read_rows
from workflow.core.phrases import Range

DEFINITION = definition_of(
    """
[scale.typ]
title = "Typ"
levels = { bortval = "Bortval", satsning = "Satsning", 1 = "Ett" }
[table.rader]
title = "Rader"
min_rows = 2
column.namn = { title = "Namn", type = "text", required = true }
column.typ = { title = "Typ", type = "typ" }
column.skal = { title = "Skäl", type = "long_text", required = { typ = "bortval", ny = "yes" } }
column.antal = { title = "Antal", type = "integer", min = 0, max = 100 }
column.tkr = { title = "Belopp", type = "tkr" }
column.andel = { title = "Andel", type = "percent", min = 0.5, max = 99.5 }
column.tal = { title = "Tal", type = "number" }
column.dag = { title = "Dag", type = "date" }
column.ny = { title = "Ny", type = "yes_no" }
column.utan = { title = "Utan typ", required = { antal = "1 to 9" } }
[table.blankett]
title = "Blankett"
form = true
column.text = { title = "Text", type = "text", required = true }
[table.fri]
title = "Fri"
form = true
column.text = { title = "Text", type = "text" }
"""
    + case_of('state.a = { title = "A", transition.b = { title = "B", to = "klar" } }')
)
ROWS, FORM, FREE = (DEFINITION.table[key] for key in ("rader", "blankett", "fri"))


def cell(column, value):
    """Read one cell: its value, or the sentence that refuses it."""
    rows, wrong = read_rows(DEFINITION, ROWS, [{column: value}])
    return wrong[0].sv if wrong else rows[0].get(column)


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [
        ("namn", "  Röntgen ", "Röntgen"),
        ("namn", 7, "7"),
        ("utan", "fritt", "fritt"),
        ("typ", "bortval", "bortval"),
        ("typ", 1, "1"),
        ("antal", "0", 0),
        ("antal", 100, 100),
        ("antal", "1 0", 10),
        ("antal", "7,0", 7),
        ("tkr", "1 234", 1234),
        ("tkr", "1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1234567),
        ("tkr", "\N{MINUS SIGN}480", -480),
        ("tkr", "-0", 0),
        ("tal", "1,50", "1.5"),
        ("tal", "1e3", "1000"),
        ("tal", "-0,0", "0"),
        ("tal", 2.5, "2.5"),
        ("andel", "0,5", "0.5"),
        ("andel", "99,5", "99.5"),
        ("dag", "2009-02-27", "2009-02-27"),
        ("dag", "20090227", "2009-02-27"),
        ("ny", True, True),
        ("ny", False, False),
        ("ny", "ja", True),
        ("ny", "yes", True),
        ("ny", "nej", False),
        ("ny", "no", False),
    ],
)
def test_cells_that_can_be_read(column, value, wanted):
    """A cell becomes one value of one form, whatever way people write it."""
    found = cell(column, value)

    assert (type(wanted), wanted) == (type(found), found)


@pytest.mark.parametrize("column", list(ROWS.column))
@pytest.mark.parametrize("value", [None, "", "  ", "\t"])
def test_empty_cells_are_left_out(column, value):
    """Nothing and blanks are the same nothing, in every type."""
    assert (({},), ()) == read_rows(DEFINITION, ROWS, [{column: value}])


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [
        ("finns", "x", "finns inte; kolumner: namn, typ"),
        ("typ", "bortvald", "”bortvald” är ingen nivå; välj bortval, satsning, 1"),
        ("antal", "-1", "minst 0; du skrev ”-1”"),
        ("antal", "101", "högst 100; du skrev ”101”"),
        ("antal", "7,5", "skriv hela tal, till exempel 480; du skrev ”7,5”"),
        ("antal", "tio", "”tio” är inget tal"),
        ("antal", True, "”True” är inget tal"),
        ("andel", "0,49", "minst 0.5"),
        ("andel", "99,51", "högst 99.5"),
        ("tal", "inf", "”inf” är inget tal som går att räkna med"),
        ("tal", "NaN", "”NaN” är inget tal som går att räkna med"),
        ("tal", "1e309", "”1e309” är inget tal som går att räkna med"),
        ("tal", "1e999999999", "”1e999999999” är inget tal som går att räkna med"),
        ("tkr", "-1e99999999999999999999", "är inget tal"),
        ("tal", "1e16", "”1e16” är inget tal som går att räkna med"),
        ("tal", "1e-999999", "”1e-999999” är inget tal som går att räkna med"),
        ("tkr", "1e-999999999", "är inget tal som går att räkna med"),
        ("dag", "2009-02-29", "”2009-02-29” är ingen dag"),
        ("dag", "i morgon", "”i morgon” är ingen dag"),
        ("ny", "kanske", "”kanske” är varken ja eller nej"),
        ("ny", 1, "”1” är varken ja eller nej"),
        ("namn", "x" * 501, "texten har 501 tecken, högst 500 går"),
        ("utan", "x" * 501, "texten har 501 tecken, högst 500 går"),
        ("skal", "x" * 20_001, "texten har 20001 tecken, högst 20000 går"),
        ("namn", "a\0b", "texten har tecken som inte går att spara"),
        ("namn", "a\ud800b", "texten har tecken som inte går att spara"),
        ("namn", ["a"], "är inte ett enda värde"),
        ("namn", {"a": 1}, "är inte ett enda värde"),
    ],
)
def test_cells_that_cannot_be_read(column, value, wanted):
    """A wrong cell is named by table, row and column, with what is wrong and what will do."""
    found = cell(column, value)
    title = ROWS.column[column].title if column in ROWS.column else column

    assert found.startswith(f"Rader, rad 1, {title}: ")
    assert wanted in found


def test_every_wrong_cell_is_named():
    """All that is wrong is told at once, by the row's number."""
    _, wrong = read_rows(DEFINITION, ROWS, [{"antal": "x"}, {"namn": "a"}, {"antal": "y", "z": 1}])

    assert [1, 3, 3] == [int(one.sv.split(", ")[1].removeprefix("rad ")) for one in wrong]
    assert {"cell"} == {one.code for one in wrong}


def test_a_form_has_one_row():
    """A second row of a form is refused, none is not."""
    assert 1 == len(read_rows(DEFINITION, FORM, [{"text": "a"}, {"text": "b"}])[1])
    assert ((), ()) == read_rows(DEFINITION, FORM, [])


def test_a_table_has_so_many_rows():
    """The most rows are read; one more is refused."""
    assert () == read_rows(DEFINITION, ROWS, [{}] * MAX_ROWS)[1]
    assert 1 == len(read_rows(DEFINITION, ROWS, [{}] * (MAX_ROWS + 1))[1])


@given(st.decimals(-(10**15), 10**15, places=3), st.integers(0, 3))
def test_equal_numbers_are_equal_values(number, zeros):
    """However many zeros somebody writes, the value is the same, and means what was written."""
    plain = cell("tal", f"{number:f}")
    longer = cell("tal", f"{number:f}{'0' * zeros}".replace(".", ","))

    assert plain == longer
    assert number == type(number)(plain)
    assert plain != "-0"


@pytest.mark.parametrize(
    ("row", "match", "wanted"),
    [
        ({"typ": "bortval"}, {"typ": ("bortval", "satsning")}, True),
        ({"typ": "annat"}, {"typ": ("bortval", "satsning")}, False),
        ({}, {"typ": ("bortval",)}, False),
        ({"ny": True}, {"ny": ("yes",)}, True),
        ({"ny": False}, {"ny": ("yes",)}, False),
        ({"ny": False}, {"ny": ("no",)}, True),
        ({"antal": 1}, {"antal": Range(first=1, last=9)}, True),
        ({"antal": 9}, {"antal": Range(first=1, last=9)}, True),
        ({"antal": 0}, {"antal": Range(first=1, last=9)}, False),
        ({"antal": 10}, {"antal": Range(first=1, last=9)}, False),
        ({}, {"antal": Range(first=1, last=9)}, False),
        ({"typ": "bortval", "antal": 5}, {"typ": ("bortval",), "antal": Range(first=1, last=4)},
         False),
        ({}, {}, True),
    ],
)  # fmt: skip
def test_matches(row, match, wanted):
    """All parts of a match must hold; an empty cell fulfils none."""
    assert wanted == matches(row, match)


FULL = {"namn": "a"}


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], ["Rader: minst 2 rader behövs, 0 finns."]),
        ([FULL], ["Rader: minst 2 rader behövs, 1 finns."]),
        ([FULL, FULL], []),
        ([FULL, {}], ["Rader, rad 2: Namn saknas."]),
        ([FULL, {"namn": ""}], ["Rader, rad 2: Namn saknas."]),
        ([FULL, {"namn": "a", "typ": "bortval"}], []),
        ([FULL, {"namn": "a", "typ": "bortval", "ny": True}], ["Rader, rad 2: Skäl saknas."]),
        ([FULL, {"namn": "a", "antal": 3}], ["Rader, rad 2: Utan typ saknas."]),
        ([FULL, {"namn": "a", "antal": 10}], []),
        ([{"antal": 3}, FULL], ["Rader, rad 1: Namn saknas.", "Rader, rad 1: Utan typ saknas."]),
    ],
)
def test_what_a_table_lacks(rows, wanted):
    """Rows that are too few, and required cells, always or where the row says so."""
    assert wanted == [one.sv for one in lacking(ROWS, rows)]


def test_what_a_form_lacks():
    """A form with something required needs its row; one without does not."""
    assert ["Blankett: minst en rad behövs, 0 finns."] == [one.sv for one in lacking(FORM, [])]
    assert [] == list(lacking(FORM, [{"text": "a"}]))
    assert [] == list(lacking(FREE, []))
