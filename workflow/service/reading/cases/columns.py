"""The columns of a table as somebody sees them, and what stands in them as texts and sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from re import compile as pattern
from typing import Final

from workflow.core.columns import POINTING, columns_in, said, unseen
from workflow.core.definition import Column, Table
from workflow.core.facts import Cell, Row
from workflow.core.suggesting import NAMED, reason_key
from workflow.service.desks import Desk
from workflow.service.reading.cases.pointing import Level, Pointing
from workflow.service.seeing import Seen

__all__ = [
    "KINDS",
    "ColumnKind",
    "ColumnView",
    "Level",
    "column_view",
    "column_views",
    "hidden_columns",
    "numbers",
    "seen_columns",
    "texts",
    "title_of",
    "totals_of",
]

NUMBER: Final = pattern(r"-?[0-9]+(\.[0-9]+)?")


class ColumnKind(StrEnum):
    """How a column is filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of a table."""

    key: str
    title: str
    help: str
    kind: ColumnKind
    levels: tuple[Level, ...]
    """What may be chosen, whatever the type is; and what was chosen once and is gone since."""
    several: bool = False
    """Several may be chosen; they stand with commas between."""
    required: bool
    """In every row; a column that some rows need says so when they are handed in."""
    personal: bool
    fixed: bool = False
    """It says which of the fixed rows a row is, and is read only."""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Give the levels as pairs of key and title."""
        return tuple((one.key, one.title) for one in self.levels)

    def chosen(self, value: str) -> tuple[str, ...]:
        """Give the keys of what is chosen in a cell."""
        keys = value.split(",") if self.several else [value]
        return tuple(key.strip() for key in keys if key.strip())

    def title_of(self, level: str) -> str:
        """Give the title of a level; of several, with commas between."""
        titles = {one.key: one.title for one in self.levels}
        if level in titles or not self.several:
            return titles.get(level, level)
        return ", ".join(titles.get(key, key) for key in self.chosen(level))

    def link_of(self, level: str) -> str:
        """Give where what is chosen can be looked at; empty where it cannot."""
        return next((one.link for one in self.levels if one.key == level), "")


def hidden_columns(seen: Seen, table: Table) -> frozenset[str]:
    """Give the columns of a table, and of those it is compiled from, that the viewer does not
    see."""
    roles = {place.role for place in seen.sight.places}
    known = seen.definition.table
    keys = (table.key, *seen.definition.chain(table.key))
    return frozenset(name for key in keys for name in unseen(known[key], roles))


def seen_columns(seen: Seen, table: Table) -> dict[str, Column]:
    """Give the columns of a table that the viewer sees, by the keys of their cells: one for
    each year of those with years."""
    hidden = hidden_columns(seen, table)
    columns = columns_in(table, seen.facts.round.year)
    return {key: one for key, one in columns.items() if key.partition(".")[0] not in hidden}


def column_views(
    seen: Seen, table: Table, pointing: Pointing | None = None, rows: Sequence[Row] = ()
) -> tuple[ColumnView, ...]:
    """Give the fields of a row: its columns, and behind one with a suggestion the words of why
    it was not followed. `rows` are those that are shown: what they point at may be gone."""
    desk = seen.desk
    found: list[ColumnView] = []
    for key, column in seen_columns(seen, table).items():
        view = column_view(desk, column)
        if pointing is not None and column.type in POINTING:
            levels = pointing.levels(table, column, [row.get(key) for row in rows])
            view = replace(view, kind=ColumnKind.LEVEL, levels=levels)
        found.append(view)
        if column.suggest in NAMED:
            found.append(_reason(desk, found[-1]))
    return tuple(found)


def _reason(desk: Desk, view: ColumnView) -> ColumnView:
    english = desk.language == "en"
    sv, en = f"{view.title}, skäl", f"{view.title}, reason"
    help_sv = "Varför, när det är något annat än förslaget."
    help_en = "Why, when it is other than suggested."
    return replace(
        view,
        key=reason_key(view.key),
        title=en if english else sv,
        help=help_en if english else help_sv,
        kind=ColumnKind.LONG,
        levels=(),
        several=False,
        required=False,
        personal=False,
    )


def title_of(desk: Desk, column: Column) -> str:
    """Give what a column is called; one of a year, by the year too."""
    title, year = desk.revision.title(column, desk.language), column.key.partition(".")[2]
    return title if not year or title.endswith(year) else f"{title} {year}"


def column_view(desk: Desk, column: Column) -> ColumnView:
    """Describe a column as it is filled in."""
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return ColumnView(
        key=column.key,
        title=title_of(desk, column),
        help=desk.help_of(column),
        kind=ColumnKind.LEVEL if scale else KINDS.get(column.type or "text", ColumnKind.TEXT),
        levels=tuple(
            Level(key, desk.revision.text(scale.path_of(key), own, desk.language))
            for key, own in levels.items()
            if scale
        ),
        several=column.several,
        required=column.required is True,
        personal=column.personal,
        fixed=column.is_fixed,
    )


KINDS: Final = {
    "text": ColumnKind.TEXT,
    "long_text": ColumnKind.LONG,
    "integer": ColumnKind.NUMBER,
    "number": ColumnKind.NUMBER,
    "tkr": ColumnKind.NUMBER,
    "percent": ColumnKind.NUMBER,
    "date": ColumnKind.DATE,
    "yes_no": ColumnKind.YES_NO,
}


def numbers(rows: Sequence[Row], key: str) -> Iterator[Decimal]:
    """Give the numbers that stand in a column; another type that a row has is none."""
    for row in rows:
        cell = row.get(key)
        if type(cell) is int or (isinstance(cell, str) and NUMBER.fullmatch(cell)):
            yield Decimal(cell)


def totals_of(seen: Seen, table: Table, cells: Sequence[Row]) -> dict[str, Decimal]:
    """Give the sums of the columns that are summed and the viewer sees; year by year."""
    tables = [seen.definition.table[key] for key in (*seen.definition.chain(table.key), table.key)]
    keys = [key for one in tables for key in seen_columns(seen, one)]
    return {
        key: sum(numbers(cells, key), Decimal())
        for total in table.totals
        for key in keys
        if key.partition(".")[0] == total
    }


def texts(seen: Seen, table: Table, row: Row) -> dict[str, str]:
    """Give a row as the texts of the fields that the viewer sees, in the order of the columns."""
    comma = seen.desk.language != "en"
    found: dict[str, str] = {}
    for key, column in seen_columns(seen, table).items():
        if row.get(key) not in (None, ""):
            number = KINDS.get(column.type or "text") is ColumnKind.NUMBER
            found[key] = (
                said(column, row, row[key], seen.desk.language)
                if column.type_from
                else _text(row[key], comma=comma and number)
            )
        if row.get(reason_key(key)):
            found[reason_key(key)] = str(row[reason_key(key)])
    return found


def _text(cell: Cell, *, comma: bool) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell).replace(".", ",") if comma else str(cell)
