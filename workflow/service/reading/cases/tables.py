"""The tables of a case: columns with what may stand in them, rows as the texts of fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workflow.core.checks import Figures, Finding, judge
from workflow.core.definition import Case, Column, State, Table
from workflow.core.editing import sheet_of
from workflow.core.facts import CaseFact, Cell, Row, RowFact
from workflow.core.suggesting import NAMED, reason_key, suggested_key
from workflow.service.desks import Desk
from workflow.service.seeing import Seen

__all__ = [
    "Asked",
    "ColumnKind",
    "ColumnView",
    "Level",
    "TableView",
    "asks",
    "column_view",
    "column_views",
    "edited",
    "findings",
    "labels",
    "numbers",
    "suggested",
    "tables",
    "texts",
]

MOST_FIELDS: Final = 1600
"""What is filled in on one page has no more fields: a form takes 2,000, and the buttons have
theirs."""
SPARE: Final = 6
"""So many empty rows a table may show."""


class ColumnKind(StrEnum):
    """How a column is filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Level:
    """What may be chosen in a column: a level, a person, a unit, a file or a row."""

    key: str
    title: str
    link: str = ""
    """Where it can be looked at, when the viewer may."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check that takes a reason when it does not hold."""

    key: str
    title: str
    help: str
    reason: str
    """What is written; empty for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table, as somebody reads it or fills it in."""

    key: str
    title: str
    help: str
    is_form: bool
    is_list: bool
    """It is compiled, one for all: it has the page of a list."""
    columns: tuple[ColumnView, ...]
    rows: tuple[Mapping[str, str], ...]
    """Texts by column; an empty cell is not there."""
    numbers: tuple[int, ...]
    """What each row is called for good."""
    totals: Mapping[str, Decimal]
    """Sums by column."""
    min_rows: int
    edited: bool
    """It is filled in in the present state."""
    own_page: bool
    """It is filled in on its own page: it is compiled, or has more fields than one form takes."""
    suggested: tuple[Mapping[str, str], ...]
    """What was suggested for each row when it was saved, by column."""
    asks: tuple[Asked, ...]
    """The checks that take a reason when they do not hold."""
    findings: tuple[Finding, ...]
    """What its checks say of it as it is saved."""


def tables(seen: Seen, kind: Case, case: CaseFact) -> tuple[TableView, ...]:
    """Give the tables of a case: those of its present state, and those filled in before."""
    state = kind.state.get(case.state)
    now = state.edits if state else ()
    keys = dict.fromkeys((*now, *edited(kind.state.values())))
    found, fields = [], 0
    for key in keys:
        table = seen.definition.table[key]
        rows = seen.facts.sheet(sheet_of(table, case.id, seen.actor))
        if not rows and key not in now:
            continue
        need = (len(rows) + SPARE) * (len(table.column) + 1) if key in now else 0
        own_page = bool(table.from_) or fields + need > MOST_FIELDS
        fields += 0 if own_page else need
        view = _view(seen, case, table, rows, own_page=own_page)
        found.append(replace(view, edited=key in now))
    return tuple(found)


def labels(seen: Seen, kind: Case) -> dict[str, str]:
    """Give what each column of a kind's tables is called, by `TABLE.COLUMN`."""
    desk, found = seen.desk, {}
    for key in dict.fromkeys(edited(kind.state.values())):
        table = seen.definition.table[key]
        title = desk.revision.title(table, desk.language)
        for column in column_views(desk, table):
            found[f"{key}.{column.key}"] = f"{title}, {column.title}"
    return found


def edited(states: Iterable[State]) -> Iterator[str]:
    """Give the tables that are filled in in some states."""
    for state in states:
        yield from state.edits


def _view(
    seen: Seen, case: CaseFact, table: Table, rows: Sequence[RowFact], *, own_page: bool
) -> TableView:
    desk, chain = seen.desk, seen.definition.chain(table.key)
    every = [*(seen.definition.table[key] for key in reversed(chain)), table]
    cells = seen.facts.shown(rows, chain)
    return TableView(
        key=table.key,
        title=desk.revision.title(table, desk.language),
        help=desk.help_of(table),
        is_form=table.form,
        is_list=bool(table.from_) and not table.each,
        columns=tuple(view for one in every for view in column_views(desk, one)),
        rows=tuple(
            {key: text for one in every for key, text in texts(desk, one, row).items()}
            for row in cells
        ),
        numbers=tuple(row.number for row in rows),
        totals={key: sum(numbers(cells, key), Decimal()) for key in table.totals},
        min_rows=table.min_rows,
        edited=False,
        own_page=own_page,
        suggested=tuple(suggested(desk, table, row.cells) for row in rows),
        asks=asks(seen, case, table),
        findings=findings(seen, case, table, rows),
    )


def asks(seen: Seen, case: CaseFact, table: Table) -> tuple[Asked, ...]:
    """Give the checks of a table that take a reason, with what is written."""
    asking = [check for check in table.check.values() if check.otherwise == "ask"]
    desk = seen.desk
    written = seen.facts.reasons(sheet_of(table, case.id, seen.actor)) if asking else {}
    return tuple(
        Asked(
            key=check.key,
            title=desk.revision.title(check, desk.language),
            help=desk.help_of(check),
            reason=written.get(check.key, ""),
        )
        for check in asking
    )


def suggested(desk: Desk, table: Table, cells: Row) -> dict[str, str]:
    """Give what was suggested for a row when it was saved, by column."""
    told = {
        key: cells[suggested_key(key)]
        for key in table.column
        if cells.get(suggested_key(key)) is not None
    }
    return texts(desk, table, told)


def findings(
    seen: Seen, case: CaseFact, table: Table, rows: Sequence[RowFact]
) -> tuple[Finding, ...]:
    """Give what the checks of a table say of its rows as they are saved."""
    if not table.check:
        return ()
    cells = seen.facts.shown(rows, seen.definition.chain(table.key))
    figures = Figures(year=seen.facts.round.year, unit=seen.desk.unit_name(case.unit))
    reasons = seen.facts.reasons(sheet_of(table, case.id, seen.actor))
    return judge(seen.definition, table, list(enumerate(cells, start=1)), figures, reasons)


def column_views(desk: Desk, table: Table) -> tuple[ColumnView, ...]:
    """Give the fields of a row: its columns, and behind one with a suggestion the words of why
    it was not followed."""
    found: list[ColumnView] = []
    for column in table.column.values():
        found.append(column_view(desk, column))
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
        required=False,
        personal=False,
    )


def column_view(desk: Desk, column: Column) -> ColumnView:
    """Describe a column as it is filled in."""
    scale = desk.definition.scale.get(column.type or "")
    levels = scale.levels if scale else {}
    return ColumnView(
        key=column.key,
        title=desk.revision.title(column, desk.language),
        help=desk.help_of(column),
        kind=ColumnKind.LEVEL if scale else KINDS.get(column.type or "text", ColumnKind.TEXT),
        levels=tuple(
            Level(key, desk.revision.text(f"{scale.path}.levels.{key}", own, desk.language))
            for key, own in levels.items()
            if scale
        ),
        several=column.several,
        required=column.required is True,
        personal=column.personal,
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
    """Give the numbers that stand in a column."""
    for row in rows:
        cell = row.get(key)
        if cell is not None and not isinstance(cell, bool):
            yield Decimal(str(cell))


def texts(desk: Desk, table: Table, row: Row) -> dict[str, str]:
    """Give a row as the texts of its fields, in the order of the columns."""
    comma = desk.language != "en"
    found: dict[str, str] = {}
    for key, column in table.column.items():
        if row.get(key) not in (None, ""):
            number = KINDS.get(column.type or "") is ColumnKind.NUMBER
            found[key] = _text(row[key], comma=comma and number)
        if row.get(reason_key(key)):
            found[reason_key(key)] = str(row[reason_key(key)])
    return found


def _text(cell: Cell, *, comma: bool) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell).replace(".", ",") if comma else str(cell)
