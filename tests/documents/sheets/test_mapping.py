"""Which column is which is told for sure, suggested, or asked."""

from dataclasses import replace

from documents.sheets.cells import read_cells
from documents.sheets.form import NUMBER, SheetRow
from documents.sheets.grid import Grid, GridCell, GridRow, Stamp
from documents.sheets.mapping import Proposal, map_columns
from documents.sheets.notes import notes_on
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from tests.documents.sheets.forms import CREATED, FORM

TITLES = ("Rad", *(one.title for one in FORM.columns))
KEYS = (NUMBER, *(one.key for one in FORM.columns))


def grid_of(*rows: tuple[GridCell, ...], stamp: Stamp | None = None) -> Grid:
    """Make a grid."""
    made = tuple(GridRow(row=at, cells=cells) for at, cells in enumerate(rows, start=1))
    return Grid(source="paste", rows=made, stamp=stamp)


def told(grid: Grid, proposal: Proposal) -> list[tuple[str, str]]:
    """Give the codes and places of what is told of a proposal."""
    return [(one.code, one.place or one.key) for one in notes_on(FORM, grid, proposal)]


def test_headings_are_known_by_title_and_key_in_any_form() -> None:
    """Case, spaces and accents make no other heading."""
    heads = ("RAD", " namn ", "Motivering", "rank", "bygger  pa", "Effekt(tkr)", *TITLES[6:])
    grid = grid_of(heads)

    proposal = map_columns(FORM, grid)

    assert dict(enumerate(KEYS)) == proposal.taken
    assert (1, (), {}) == (proposal.skip, proposal.missing, proposal.suggested)
    assert [] == told(grid, proposal)


def test_headings_may_stand_below_a_title() -> None:
    """Whoever puts a title above the table has not broken it."""
    proposal = map_columns(FORM, grid_of(("Vår lista",), (None, "2009"), TITLES, ("1", "a")))

    assert (3, dict(enumerate(KEYS))) == (proposal.skip, proposal.taken)


def test_a_heading_a_letter_off_is_suggested_and_not_taken() -> None:
    """A person says whether it is that one."""
    grid = grid_of(("Rad", "Namn", "Motiverign", "Rang"), (None, "a", "b", None))

    proposal = map_columns(FORM, grid)

    assert {0: NUMBER, 1: "name", 3: "rank"} == proposal.taken
    assert {2: "why"} == proposal.suggested
    assert "why" not in proposal.missing
    assert ("suggested_column", "C1") in told(grid, proposal)
    assert {"why": "b", "name": "a"} == dict(
        read_cells(FORM, grid, {**proposal.taken, **proposal.suggested}, skip=1).rows[0].cells
    )


def test_missing_unknown_and_doubled_columns_are_told_by_name() -> None:
    """And of two with one heading neither is taken."""
    grid = grid_of(("Namn", "Rang", "namn", "Telefon", None), ("a", "1", "b", "c", "d"))

    proposal = map_columns(FORM, grid)
    notes = [one.text() for one in notes_on(FORM, grid, proposal)]

    assert {1: "rank"} == proposal.taken
    assert {"name": (0, 2)} == proposal.doubled
    assert (3, 4) == proposal.unknown
    assert "Kolumnerna A och C har samma rubrik, ”Namn”. Välj vilken som gäller." in notes
    assert any(one.startswith("D1 (Telefon): kolumnen finns inte") for one in notes)
    assert any(one.startswith("Kolumnen ”Prövad” saknas.") for one in notes)
    assert any(one.startswith("Kolumnen ”Rad” saknas. Alla rader läggs till") for one in notes)


def test_without_headings_the_columns_are_taken_in_order() -> None:
    """And a person is told to look; one column more than the form's are the numbers."""
    grid = grid_of(("Blodtryck", "Därför", "1"), ("Syn", "Ja", "2"))
    full = grid_of(tuple(str(n) for n in range(len(KEYS))))

    proposal = map_columns(FORM, grid)

    assert proposal.by_position
    assert (0, {0: "name", 1: "why", 2: "rank"}) == (proposal.skip, proposal.taken)
    assert ("no_headings", "") in told(grid, proposal)
    assert dict(enumerate(KEYS)) == map_columns(FORM, full).taken


def test_a_template_of_another_table_or_of_older_columns_is_noticed() -> None:
    """By what stands on its hidden sheet."""
    content = write_xlsx(FORM, [SheetRow(number=4, version=2, cells={})], created=CREATED)
    other = replace(FORM, table="bilagor")
    changed = replace(
        FORM, columns=(replace(FORM.columns[0], title="Benämning"), *FORM.columns[1:])
    )
    grid = read_upload(content, "a.xlsx", FORM)

    assert grid.stamp is not None
    assert ("r1", {4: 2}) == (grid.stamp.revision, grid.stamp.versions)
    assert "same" == map_columns(FORM, grid).origin
    assert "other" == map_columns(other, grid).origin
    assert "changed" == map_columns(changed, grid).origin
    assert ("other_template", "") in [
        (one.code, one.place) for one in notes_on(other, grid, map_columns(other, grid))
    ]
    assert "none" == map_columns(FORM, grid_of(TITLES)).origin


def test_columns_with_the_same_title_have_headings_of_their_own() -> None:
    """So that a file knows them apart, also one that is called as the numbers are."""
    first, second, third = FORM.columns[:3]
    same = (replace(first, title="Rad"), replace(second, title="A a"), replace(third, title="a  A"))
    form = replace(FORM, columns=same)
    content = write_xlsx(form, [SheetRow(cells={"name": "x", "why": "y"})], created=CREATED)

    grid = read_upload(content, "a.xlsx", form)
    proposal = map_columns(form, grid)

    assert ("Rad", "Rad (name)", "A a (why)", "a A (rank)") == proposal.heads
    assert {0: NUMBER, 1: "name", 2: "why", 3: "rank"} == proposal.taken
