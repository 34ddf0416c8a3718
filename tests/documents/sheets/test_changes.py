"""What a file changes is told whole, and nothing that others did is undone unseen."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from documents.sheets.cells import Read, ReadRow
from documents.sheets.changes import Changes, compare
from documents.sheets.form import NUMBER, SheetRow
from documents.sheets.grid import Fault
from tests.documents.sheets.forms import FORM, some_rows
from workflow.core.errors import BadInput
from workflow.core.facts import Cell

COLUMNS = {NUMBER: 0, **{one.key: at for at, one in enumerate(FORM.columns, start=1)}}


def present(*names: str) -> list[SheetRow]:
    """Make the rows 1, 2 ... of a sheet, at version 1."""
    return [SheetRow(number=n, version=1, cells={"name": t}) for n, t in enumerate(names, 1)]


def read(
    *rows: tuple[int | None, Mapping[str, Cell]],
    versions: Mapping[int, int] | None = None,
    columns: Sequence[str] = tuple(COLUMNS),
) -> Read:
    """Make rows that were read."""
    return Read(
        rows=tuple(
            ReadRow(row=at, number=number, cells=cells)
            for at, (number, cells) in enumerate(rows, start=2)
        ),
        columns={key: COLUMNS[key] for key in columns},
        versions=versions,
    )


def moves(changes: Changes) -> list[tuple[int, int | None]]:
    """Give which rows move after which."""
    return [(one.number, one.after) for one in changes.moved]


def test_added_changed_removed_and_moved_are_told() -> None:
    """Each once, and the rest is counted."""
    rows = present("a", "b", "c", "d")

    changes = compare(
        FORM,
        rows,
        read((4, {"name": "d"}), (None, {"name": "e"}), (1, {"name": "A"}), (2, {"name": "b"})),
    )

    assert [(4, None)] == moves(changes)
    assert [({"name": "e"}, 4)] == [(one.row.cells, one.after) for one in changes.added]
    assert [(1, 4)] == [(one.number, one.row) for one in changes.changed]
    assert [3] == [one.number for one in changes.removed]
    assert 1 == changes.unchanged


def test_a_row_moved_to_the_end_is_one_move() -> None:
    """And not a move of each that it passed."""
    order = [2, 3, 4, 5, 1]
    rows = present(*"abcde")

    changes = compare(FORM, rows, read(*[(n, rows[n - 1].cells) for n in order]))

    assert [(1, 5)] == moves(changes)


def test_a_column_that_is_not_in_the_file_empties_nothing() -> None:
    """Only what the file has is compared."""
    rows = [SheetRow(number=1, version=1, cells={"name": "a", "why": "b"})]

    changes = compare(FORM, rows, read((1, {"name": "a"}), columns=(NUMBER, "name")))

    assert changes.is_empty


def test_a_file_without_numbers_only_adds() -> None:
    """And says which rows are there already, so that nobody adds a file twice unseen."""
    changes = compare(
        FORM,
        present("a", "b"),
        read((None, {"name": "b"}), (None, {"name": "c"}), columns=("name",)),
    )

    assert [2, None] == [one.same_as for one in changes.added]
    assert () == changes.removed


def test_a_number_that_is_not_in_the_sheet_is_told_and_not_taken() -> None:
    """Somebody removed the row, or it is of another sheet."""
    changes = compare(FORM, present("a"), read((1, {"name": "a"}), (77, {"name": "b"})))

    assert changes.is_empty
    assert [77] == [one.number for one in changes.unknown]


def test_what_others_did_after_the_template_was_taken_is_not_undone_unseen() -> None:
    """A row that they added stays, and one that they changed is pointed out."""
    rows = [replace(present("a")[0], version=5), *present("a", "b", "c")[1:]]

    changes = compare(
        FORM,
        rows,
        read((1, {"name": "x"}), (2, {"name": "y"}), versions={1: 1, 2: 1}),
    )

    assert [(1, True), (2, False)] == [(one.number, one.overtaken) for one in changes.changed]
    assert [3] == [one.number for one in changes.newer]
    assert () == changes.removed


def test_line_ends_are_no_change_and_true_is_not_one() -> None:
    """Programs write line ends in their own ways; yes and 1 are different things."""
    rows = [SheetRow(number=1, version=1, cells={"why": "a\r\nb", "volume": 1})]

    same = compare(FORM, rows, read((1, {"why": "a\nb", "volume": 1})))
    other = compare(FORM, rows, read((1, {"why": "a\nb", "volume": True})))

    assert same.is_empty
    assert ["volume"] == [one.key for one in other.changed[0].fields]


def test_what_is_written_where_nothing_is_taken_is_told() -> None:
    """In a column that is only shown."""
    form = replace(FORM, columns=(replace(FORM.columns[0], read_only=True), *FORM.columns[1:]))
    row = ReadRow(row=2, number=1, shown={"name": "b"})

    changes = compare(form, present("a"), Read(rows=(row,), columns=COLUMNS))

    assert changes.is_empty
    assert [("name", "a", "b")] == [
        (one.key, one.before, one.after) for one in changes.not_taken[1]
    ]


def test_nothing_is_compared_while_there_are_faults() -> None:
    """Or all rows would seem removed."""
    bad = Read(rows=(), columns=COLUMNS, faults=(Fault(code="x", sv="x", en="x"),))

    with pytest.raises(BadInput):
        compare(FORM, present("a"), bad)


def test_five_thousand_rows_are_compared_in_well_under_a_second() -> None:
    """Turned round, so that as many as can be are moved."""
    rows = some_rows(5000)
    told = read(*[(one.number, {**one.cells, "volume": 9}) for one in reversed(rows)])
    started = time.process_time()

    changes = compare(FORM, rows, told)
    took = time.process_time() - started

    assert 4999 == len(changes.moved)
    assert took < 0.8
