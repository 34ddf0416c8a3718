"""What is written comes back as it was, and what somebody edits comes back as just that."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from documents.sheets.cells import Read, read_cells
from documents.sheets.changes import Changes, FieldChange, compare
from documents.sheets.form import SheetForm, SheetRow
from documents.sheets.mapping import map_columns
from documents.sheets.text import write_csv
from documents.sheets.upload import read_upload
from documents.sheets.workbook import write_xlsx
from tests.documents.sheets.forms import CREATED, FORM, HOSTILE, cells, sheet_rows, some_rows
from workflow.core.harmless import as_meant, harmless

Write = Callable[[SheetForm, Sequence[SheetRow]], tuple[str, bytes]]


def as_xlsx(form: SheetForm, rows: Sequence[SheetRow]) -> tuple[str, bytes]:
    """Write a workbook."""
    return "a.xlsx", write_xlsx(form, rows, created=CREATED)


def as_csv(form: SheetForm, rows: Sequence[SheetRow]) -> tuple[str, bytes]:
    """Write CSV."""
    return "a.csv", write_csv(form, rows)


SOME = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WRITERS = pytest.mark.parametrize("write", [as_xlsx, as_csv])


def read_back(form: SheetForm, file: tuple[str, bytes]) -> Read:
    """Read a file, with the mapping that is certain."""
    grid = read_upload(file[1], file[0], form)
    proposal = map_columns(form, grid)
    return read_cells(form, grid, proposal.taken, skip=proposal.skip)


def compared(present: Sequence[SheetRow], write: Write, edited: Sequence[SheetRow]) -> Changes:
    """Compare a template that was taken of some rows and edited with those that are there."""
    read = read_back(FORM, write(FORM, edited))
    if read.versions is not None:
        read = replace(read, versions={o.number or 0: o.version for o in present})
    return compare(FORM, present, read)


# ---- hostile texts ---------------------------------------------------------------------


@WRITERS
@pytest.mark.parametrize("key", ["name", "why"])
def test_hostile_texts_come_back_byte_for_byte(write: Write, key: str) -> None:
    """Thirty-nine texts that mean harm, through each text column, in both kinds of file."""
    rows = [SheetRow(number=n, cells={key: text}) for n, text in enumerate(HOSTILE, start=1)]

    read = read_back(FORM, write(FORM, rows))

    assert () == read.faults
    assert [text.encode() for text in HOSTILE] == [str(r.cells[key]).encode() for r in read.rows]


def test_no_text_is_a_formula_in_a_workbook() -> None:
    """Each cell with text says that it is text; there is no formula in any sheet, no link."""
    rows = [SheetRow(number=1, cells={"name": t, "why": t}) for t in HOSTILE]
    form = replace(
        FORM,
        columns=tuple(replace(c, title=f"={c.title}", help="=1+1") for c in FORM.columns),
    )

    with zipfile.ZipFile(io.BytesIO(as_xlsx(form, rows)[1])) as book:
        sheets = {n: book.read(n).decode() for n in book.namelist() if "/sheet" in n}

    assert 4 == len(sheets)
    for told in sheets.values():
        assert "<f>" not in told
        assert "<f " not in told
        assert "hyperlink" not in told
    first = sheets["xl/worksheets/sheet1.xml"]
    texts = re.findall(r'<c r="[BC]\d+"([^>]*)>', first)
    assert 2 * len(HOSTILE) + 2 == len(texts)
    assert all('t="s"' in one for one in texts)


def test_no_cell_of_a_csv_begins_as_a_formula() -> None:
    """The first sign that somebody sees is never one by which a formula begins."""
    rows = [SheetRow(number=1, cells={"name": text}) for text in HOSTILE]

    text = as_csv(FORM, rows)[1].decode("utf-8-sig")

    found = [line for line in text.split("\r\n") if re.match(r'1;"?[\s\u200b\ufeff]*[=+@-]', line)]
    assert [] == found


@given(st.text())
def test_what_guards_a_formula_is_taken_away_again(text: str) -> None:
    """Whatever the text is."""
    assert text == as_meant(harmless(text))


def test_an_apostrophe_that_nobody_put_stays() -> None:
    """`'n` is how a word begins; only what guards a formula is taken away."""
    assert "'n" == as_meant("'n")


def test_another_reader_reads_the_same_texts() -> None:
    """calamine, which others wrote, reads in the workbook what was written there."""
    plain = [t for t in HOSTILE if "\r" not in t]
    rows = [SheetRow(number=n, cells={"name": t}) for n, t in enumerate(plain, start=1)]

    book = CalamineWorkbook.from_object(io.BytesIO(as_xlsx(FORM, rows)[1]))
    read = [row[1] for row in book.get_sheet_by_index(0).to_python()[1:]]

    assert plain == read


# ---- nothing changed, and just what was changed ----------------------------------------


@WRITERS
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=sheet_rows())
def test_what_is_written_and_read_again_changes_nothing(write: Write, rows: list[SheetRow]) -> None:
    """Whatever the rows are: no fault, nothing added, changed, removed or moved."""
    changes = compared(rows, write, rows)

    assert changes.is_empty
    assert len(rows) == changes.unchanged
    assert () == changes.unknown == changes.newer


@WRITERS
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=sheet_rows(), data=st.data())
def test_edits_are_shown_exactly(write: Write, rows: list[SheetRow], data: st.DataObject) -> None:
    """Changed, removed, added and moved rows are told as such, and applying them to the sheet
    gives the file."""
    kept = [one for one in data.draw(st.permutations(rows)) if data.draw(st.booleans())]
    edited = [
        replace(one, cells=data.draw(cells())) if data.draw(st.booleans()) else one for one in kept
    ]
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(edited)))
        edited.insert(at, SheetRow(cells=data.draw(cells().filter(bool))))

    changes = compared(rows, write, edited)

    assert [dict(one.cells) for one in edited] == [dict(one) for one in applied(rows, changes)]
    assert {one.number for one in rows} - {o.number for o in kept} == {
        one.number for one in changes.removed
    }
    assert [dict(o.cells) for o in edited if o.number is None] == [
        dict(one.row.cells) for one in changes.added
    ]


def applied(rows: Sequence[SheetRow], changes: Changes) -> list[dict[str, object]]:
    """Do to rows what changes say: the way whoever saves them does."""
    gone = {one.number for one in changes.removed}
    order: list[int | str] = [o.number for o in rows if o.number and o.number not in gone]
    held: dict[int | str, dict[str, object]] = {o.number or 0: dict(o.cells) for o in rows}
    for changed in changes.changed:
        for one in changed.fields:
            assert one.before == held[changed.number].pop(one.key, None)
            if one.after is not None:
                held[changed.number][one.key] = one.after
    for moved in changes.moved:
        order.remove(moved.number)
        order.insert(0 if moved.after is None else order.index(moved.after) + 1, moved.number)
    last: dict[int | None, str] = {}
    for at, added in enumerate(changes.added):
        name = f"new {at}"
        held[name] = dict(added.row.cells)
        before = last.get(added.after, added.after)
        order.insert(0 if before is None else order.index(before) + 1, name)
        last[added.after] = name
    return [held[one] for one in order]


def test_an_edit_is_told_field_by_field() -> None:
    """With the row, its version, and each cell before and after."""
    rows = some_rows(3)
    cells_after = {**rows[1].cells, "rank": "1", "effect": 7}
    del cells_after["tried"]

    changes = compared(rows, as_xlsx, [rows[0], replace(rows[1], cells=cells_after), rows[2]])

    (changed,) = changes.changed
    assert (2, 1, 3, False) == (changed.number, changed.version, changed.row, changed.overtaken)
    assert (
        FieldChange(key="rank", before="3", after="1"),
        FieldChange(key="effect", before=-20, after=7),
        FieldChange(key="tried", before=False, after=None),
    ) == changed.fields
    assert 2 == changes.unchanged


def test_the_same_data_is_the_same_bytes() -> None:
    """The date of the file is given, so that it can be proved which file somebody got."""
    rows = some_rows(20)

    assert as_xlsx(FORM, rows) == as_xlsx(FORM, rows)
    assert as_csv(FORM, rows) == as_csv(FORM, rows)
