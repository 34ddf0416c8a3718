"""A table that is read: which columns stand side by side, and which below."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.service.reading.cases.tables import ColumnKind, ColumnView
from workflow.service.reading.sheets.table import SheetPage

__all__ = ["Layout", "layout_of"]

WORDS = (ColumnKind.TEXT, ColumnKind.LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a table that is read."""

    head: tuple[ColumnView, ...]
    """What a row is called: the first column, and the second when both are texts."""
    short: tuple[ColumnView, ...]
    """Side by side."""
    long: tuple[ColumnView, ...]
    """Below, each on a line of its own."""

    def of_row(self, row: Mapping[str, str]) -> list[ColumnView]:
        """Give the long ones that a row has."""
        return [one for one in self.long if one.key in row]


def layout_of(page: SheetPage) -> Layout:
    """Lay out a page of a table, without the columns that nobody has filled in on it."""
    used = [
        one
        for one in page.all_columns
        if one.key in page.totals or any(one.key in row.shown for row in page.rows)
    ]
    head = used[:2] if all(one.kind is ColumnKind.TEXT for one in used[:2]) else used[:1]
    rest = [one for one in used if one not in head]
    return Layout(
        head=tuple(head),
        short=tuple(one for one in rest if one.kind not in WORDS),
        long=tuple(one for one in rest if one.kind in WORDS),
    )
