"""Rows that are fixed: which one each row of a file is, by its number or by its name.

A file of a table with fixed rows changes what stands in them and nothing else. It may have
some of them only, and in any order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from documents.sheets.cells import Read, ReadRow
from documents.sheets.form import SheetForm, SheetRow, labels
from documents.sheets.grid import Fault
from documents.sheets.mapping import title_of
from workflow.core.facts import Cell

__all__ = ["settle_fixed"]


def settle_fixed(form: SheetForm, present: Sequence[SheetRow], read: Read) -> Read:
    """Give what was read with the number of each row; where a row is none of the fixed ones,
    or one that another row is too, nothing but the faults.
    """
    names = {one.number: one.cells.get(form.fixed) for one in present if one.number is not None}
    settled = _Settled(form, names)
    rows = tuple(settled.number(row) for row in read.rows)
    faults = (*read.faults, *settled.faults(read, rows))
    return replace(read, rows=() if faults else rows, faults=faults)


class _Settled:
    """The fixed rows, by number and by what they are."""

    def __init__(self, form: SheetForm, names: Mapping[int, Cell]) -> None:
        self._form = form
        self._names = names
        self._numbers = {name: number for number, name in names.items()}

    def number(self, row: ReadRow) -> ReadRow:
        """Give a row with its number, where it can be told."""
        if row.number is not None:
            return row
        return replace(row, number=self._numbers.get(row.shown.get(self._form.fixed)))

    def faults(self, read: Read, rows: Sequence[ReadRow]) -> Iterator[Fault]:
        """Give what is wrong with which rows they are."""
        first: dict[int, int] = {}
        for row in rows:
            name = row.shown.get(self._form.fixed)
            if row.number is None or row.number not in self._names:
                yield self._unknown(read, row, name)
            elif name is not None and name != self._names[row.number]:
                yield self._other(read, row)
            elif row.number in first:
                yield self._twice(read, row, first[row.number])
            else:
                first[row.number] = row.row

    def _unknown(self, read: Read, row: ReadRow, name: Cell) -> Fault:
        words = labels(self._form.column(self._form.fixed))
        known = "; ".join(words.get(str(one), str(one)) for one in self._numbers)
        short = str(name)[:60]
        sv = f"”{short}” är ingen av de fasta raderna" if name else "säg vilken rad det är"
        en = f"“{short}” is none of the fixed rows" if name else "say which row it is"
        return self._fault(read, row, f"{sv}: {known}.", f"{en}: {known}.")

    def _other(self, read: Read, row: ReadRow) -> Fault:
        words = labels(self._form.column(self._form.fixed))
        name = str(self._names[row.number or 0])
        title = words.get(name, name)
        sv = f"rad {row.number} är ”{title}” och ligger fast; låt namnet stå."
        en = f"row {row.number} is “{title}” and is fixed; leave its name."
        return self._fault(read, row, sv, en)

    def _twice(self, read: Read, row: ReadRow, first: int) -> Fault:
        sv = f"samma rad står också på rad {first}; ta bort den ena."
        en = f"the same row stands on row {first} too; remove one of them."
        return self._fault(read, row, sv, en)

    def _fault(self, read: Read, row: ReadRow, sv: str, en: str) -> Fault:
        key = self._form.fixed
        column = read.columns.get(key)
        return Fault(
            code="fixed_row",
            sv=sv,
            en=en,
            row=row.row,
            column=column,
            heading=title_of(self._form, key) if column is not None else "",
            key=key,
        )
