"""Cells as people fill them in become values, or a fault that says where and what to do."""

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from documents.sheets.cells import Read, place_reasons, read_cells
from documents.sheets.form import NUMBER
from documents.sheets.grid import EPOCH_1904, Fault, Grid, GridCell, GridRow
from tests.documents.sheets.forms import FORM
from workflow.core.errors import BadInput, placed
from workflow.core.facts import Cell
from workflow.core.material import MAX_ROWS

COLUMNS = {column.key: at for at, column in enumerate(FORM.columns, start=1)}
MAPPING = {0: NUMBER, **{at: key for key, at in COLUMNS.items()}}


def grid_of(*rows: Mapping[str, GridCell], epoch: date | None = None) -> Grid:
    """Make a grid with a heading row and rows of cells by key."""
    made = [GridRow(row=1, cells=("Rad", *(c.title for c in FORM.columns)))]
    for at, told in enumerate(rows, start=2):
        cells = [told.get(key) for key in MAPPING.values()]
        made.append(GridRow(row=at, cells=tuple(cells)))
    grid = Grid(source="xlsx", rows=tuple(made))
    return grid if epoch is None else Grid(source="xlsx", rows=tuple(made), epoch=epoch)


def read(*rows: Mapping[str, GridCell]) -> Read:
    """Read rows of cells by key."""
    return read_cells(FORM, grid_of(*rows), MAPPING, skip=1)


def value(key: str, cell: GridCell) -> Cell:
    """Give what a cell becomes."""
    done = read({key: cell})
    assert () == done.faults
    return done.rows[0].cells[key]


def fault(key: str, cell: GridCell) -> Fault:
    """Give what is wrong with a cell."""
    done = read({key: cell})
    assert () == done.rows
    (found,) = done.faults
    assert (2, COLUMNS[key]) == (found.row, found.column)
    assert found.sv != found.en
    return found


# ---- numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cell", "expected"),
    [
        ("effect", "1 200", 1200),
        ("effect", "1\u00a0200\u00a0000 tkr", 1200000),
        ("effect", "12 000,00 tkr", 12000),
        ("effect", "\u22125", -5),
        ("effect", "(5)", -5),
        ("effect", "(1 200)", -1200),
        ("effect", "+7", 7),
        ("effect", "1.200.300", 1200300),
        ("effect", 1200.0, 1200),
        ("effect", "007", 7),
        ("cost", "12 000,50 tkr", "12000.5"),
        ("cost", "12.000,50", "12000.5"),
        ("cost", "12,000.50", "12000.5"),
        ("cost", "1,250", "1.25"),
        ("cost", ",5", "0.5"),
        ("cost", "0.125", "0.125"),
        ("cost", 0.1 + 0.2, "0.3"),
        ("cost", "-0", "0"),
        ("cost", 1e15, "1000000000000000"),
        ("share", "3 %", "3"),
        ("share", "3,5%", "3.5"),
        ("share", 3.5, "3.5"),
    ],
)
def test_a_number_is_read_as_people_write_it(key: str, cell: GridCell, expected: Cell) -> None:
    """With Swedish and English signs, units of the column's own, and losses in brackets."""
    assert expected == value(key, cell)


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("effect", "12 000,50 tkr", "not_whole"),
        ("effect", 12.5, "not_whole"),
        ("effect", "12.000", "two_meanings"),
        ("effect", "12,000", "two_meanings"),
        ("cost", "12.000", "two_meanings"),
        ("effect", "5 mkr", "other_unit"),
        ("effect", "5 000 kr", "other_unit"),
        ("effect", "3 %", "other_unit"),
        ("share", "3 tkr", "other_unit"),
        ("cost", "1e309", "no_number"),
        ("cost", "1e3", "no_number"),
        ("cost", "NaN", "no_number"),
        ("cost", "inf", "no_number"),
        ("cost", float("inf"), "no_number"),
        ("cost", float("nan"), "no_number"),
        ("cost", 1e300, "no_number"),
        ("cost", "9" * 400, "no_number"),
        ("cost", "0," + "1" * 16, "no_number"),
        ("cost", "1 2", "no_number"),
        ("cost", "12 00", "no_number"),
        ("cost", "1.2.3", "no_number"),
        ("cost", "--5", "no_number"),
        ("cost", "\u0664\u0662", "no_number"),
        ("cost", "cirka 5", "no_number"),
        ("cost", "-", "no_number"),
        ("cost", "()", "no_number"),
        ("cost", True, "no_number"),
        ("cost", date(2026, 3, 4), "no_number"),
        ("volume", "-1", "too_small"),
    ],
)
def test_what_is_no_number_or_may_be_two_is_told(key: str, cell: GridCell, code: str) -> None:
    """Nothing is guessed, and nothing that cannot be computed with comes in."""
    assert code == fault(key, cell).code


def test_a_fault_has_its_place_and_what_to_do() -> None:
    """As people see it in their program: the cell, the heading, the sentence."""
    found = fault("effect", "12.000")

    expected = "F2 (Effekt (tkr)): ”12.000” kan vara 12000 eller 12,000; skriv vilket."
    assert expected == found.text()


# ---- days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-04",
        "2026-3-4",
        "4/3 2026",
        "4.3.2026",
        "4 mars 2026",
        "den 4 Mars 2026",
        "March 4, 2026",
        "20260304",
        "2026-03-04 00:00:00",
        46085.0,
        "46085",
        20260304.0,
        date(2026, 3, 4),
    ],
)
def test_a_day_is_read_in_each_form_that_says_one_day(cell: GridCell) -> None:
    """The five ways in which people write a day, and those that programs make of them."""
    assert "2026-03-04" == value("day", cell)


def test_a_day_number_counts_from_the_workbook_s_own_first_day() -> None:
    """1904 where the workbook says so."""
    grid = grid_of({"day": 44623.0}, epoch=EPOCH_1904)

    (row,) = read_cells(FORM, grid, MAPPING, skip=1).rows

    assert "2026-03-04" == row.cells["day"]


@pytest.mark.parametrize(
    ("cell", "expected"), [("13/04/2026", "2026-04-13"), ("4/4/2026", "2026-04-04")]
)
def test_two_numbers_that_can_be_one_day_only_are_that_day(cell: str, expected: str) -> None:
    """There is no thirteenth month."""
    assert expected == value("day", cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("03/04/2026", "two_meanings"),
        ("2026-02-30", "no_day"),
        ("26-03-04", "no_day"),
        ("4 mars", "no_day"),
        ("31 februari 2026", "no_day"),
        ("våren 2026", "no_day"),
        ("0000-01-01", "no_day"),
        (5.0, "no_day"),
        (46085.5, "no_day"),
        (float("inf"), "no_day"),
        (float("nan"), "no_day"),
        (True, "no_day"),
        (datetime.fromisoformat("2026-03-04T12:00"), "with_time"),
    ],
)
def test_what_is_no_day_or_may_be_two_is_told(cell: GridCell, code: str) -> None:
    """3 April or 4 March: asked about, never guessed."""
    assert code == fault("day", cell).code


# ---- levels, yes and no, texts ---------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "cell", "expected"),
    [
        ("rank", "1, högst", "1"),
        ("rank", " 1,  HÖGST ", "1"),
        ("rank", "1", "1"),
        ("rank", 1.0, "1"),
        ("rank", "10", "10"),
        ("rank", "ICKE_GORA", "icke_gora"),
        ("grounds", "Ålder", "alder"),
        ("grounds", "livsstil; ÅLDER", "alder,liv"),
        ("grounds", "alder,liv", "alder,liv"),
        ("grounds", "Sociala, eller ekonomiska; förhållanden, ålder", "alder,social"),
        ("grounds", "Ålder; ;Ålder\nLivsstil;", "alder,liv"),
        ("tried", "Ja", True),
        ("tried", "x", True),
        ("tried", "TRUE", True),
        ("tried", 1.0, True),
        ("tried", True, True),
        ("tried", "nej", False),
        ("tried", False, False),
    ],
)
def test_levels_are_read_by_title_or_key(key: str, cell: GridCell, expected: Cell) -> None:
    """In any case, one or several; a title's own commas part nothing."""
    assert expected == value(key, cell)


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("rank", "Icke-gora", "menade du ”Icke-göra”?"),
        ("rank", "4", "välj ett av: 1, högst; 2; 3; 10, lägst; Icke-göra."),
        ("rank", 1.5, "välj ett av"),
        ("grounds", "Ålder; kön", "”kön” finns inte att välja"),
        ("tried", "kanske", "varken ja eller nej"),
        ("tried", 2.0, "varken ja eller nej"),
        ("name", "x" * 501, "högst 500 går"),
        ("name", "a\0b", "tecken som inte går att spara"),
        ("name", "\ud83d", "tecken som inte går att spara"),
    ],
)
def test_what_cannot_be_chosen_or_kept_is_told(key: str, cell: GridCell, said: str) -> None:
    """With what was meant, where that is likely, or what there is."""
    assert said in fault(key, cell).sv


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(12.0, "12"), (1.5, "1,5"), (True, "Sant"), (date(2026, 3, 4), "2026-03-04"), (" a ", "a")],
)
def test_what_a_program_made_a_number_is_a_text_again(cell: GridCell, expected: str) -> None:
    """In a column of text everything is text."""
    assert expected == value("name", cell)


# ---- whole grids -----------------------------------------------------------------------


def test_it_is_complete_or_a_list_of_faults() -> None:
    """One bad cell among many: no row is given, each fault is, in the order of the file."""
    done = read({"name": "a", "cost": "b"}, {"name": "c"}, {"day": "d", "effect": "e"})

    assert () == done.rows
    assert ["I2", "F4", "J4"] == [one.place for one in done.faults]


def test_a_formula_is_a_fault_only_where_it_is_looked_at() -> None:
    """One in a column that is not in the table hurts nobody."""
    formula = Fault(code="formula", sv="x", en="y", row=2, column=1)
    aside = Fault(code="formula", sv="x", en="y", row=2, column=40)
    grid = grid_of({"name": "#"})
    grid = Grid(source="xlsx", rows=grid.rows, faults=(formula, aside))

    done = read_cells(FORM, grid, MAPPING, skip=1)

    assert [("formula", "B2", "Namn")] == [(o.code, o.place, o.heading) for o in done.faults]


def test_the_same_number_twice_is_a_fault_and_the_same_row_a_notice() -> None:
    """Which of two rows is row 3 nobody can know; two equal rows may be meant."""
    done = read({NUMBER: 3.0, "name": "a"}, {NUMBER: "3", "name": "b"})
    same = read({"name": "a", "cost": 1.0}, {"name": "b"}, {"name": "a", "cost": "1"})

    assert [("doubled_number", "A3")] == [(one.code, one.place) for one in done.faults]
    assert () == same.faults
    assert [
        "Rad 4: raden har samma innehåll som rad 2. Ta bort den om den kom med av misstag."
    ] == [one.text() for one in same.notices]


@pytest.mark.parametrize("cell", ["ny", 0.0, -1.0, 1.5, "1e3", "²", 1e12, float("inf"), True])
def test_what_is_no_row_number_is_told(cell: GridCell) -> None:
    """A number that somebody made up is not taken for a new row."""
    done = read({NUMBER: cell, "name": "a"})

    assert ["no_row_number"] == [one.code for one in done.faults]


def test_empty_rows_are_no_rows() -> None:
    """Spaces are empty; a number alone is a row whose cells somebody emptied."""
    done = read({"name": "  "}, {NUMBER: 7.0}, {})

    assert [(7, {})] == [(one.number, one.cells) for one in done.rows]


def test_more_rows_than_a_table_holds_are_told() -> None:
    """From the first that is too many."""
    done = read(*[{"volume": float(n)} for n in range(MAX_ROWS + 1)])

    assert [("rows", MAX_ROWS + 2)] == [(one.code, one.row) for one in done.faults]


@pytest.mark.parametrize("mapping", [{0: "name", 1: "name"}, {0: "finns_inte"}, {-1: "name"}])
def test_a_mapping_that_cannot_be_is_turned_down(mapping: dict[int, str]) -> None:
    """It comes from a form that anybody may write."""
    with pytest.raises(BadInput):
        read_cells(FORM, grid_of({"name": "a"}), mapping, skip=1)


def test_reasons_of_the_table_get_their_place_in_the_file() -> None:
    """What is judged after this says row and column as people see them, too."""
    done = read({}, {"name": "a"})
    reasons = [placed("cell", "objekt.1.name", "Fel.", "Wrong.")]

    (found,) = place_reasons(FORM, done, reasons)

    assert "B3 (Namn): Fel." == found.text()
