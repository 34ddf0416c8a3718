"""The tables of a case: columns with what may stand in them, rows as the texts of fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from workflow.core.checks import Finding, judge
from workflow.core.columns import columns_in, names_hidden
from workflow.core.copies import has_handed_in, is_hidden, place_of_copies
from workflow.core.definition import Case, State, Table
from workflow.core.editing import sheet_of
from workflow.core.facts import Actor, CaseFact, Row, RowFact
from workflow.core.figures import figures_of
from workflow.core.polls import not_own
from workflow.core.saving import who_writes
from workflow.core.suggesting import suggested_key
from workflow.service.reading.cases.columns import (
    KINDS,
    ColumnKind,
    ColumnView,
    Level,
    column_view,
    column_views,
    hidden_columns,
    numbers,
    seen_columns,
    texts,
    title_of,
    totals_of,
)
from workflow.service.reading.cases.pointing import Pointing
from workflow.service.seeing import Seen

__all__ = [
    "KINDS",
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
    "hidden_columns",
    "labels",
    "numbers",
    "seen_columns",
    "suggested",
    "tables",
    "texts",
    "title_of",
    "totals_of",
]

MOST_FIELDS: Final = 1600
"""What is filled in on one page has no more fields: a form takes 2,000, and the buttons have
theirs."""
SPARE: Final = 6
"""So many empty rows a table may show."""


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
    is_fixed: bool
    """Its rows are given: none is added or taken away."""
    columns: tuple[ColumnView, ...]
    rows: tuple[Mapping[str, str], ...]
    """Texts by column; an empty cell is not there."""
    numbers: tuple[int, ...]
    """What each row is called for good."""
    totals: Mapping[str, Decimal]
    """Sums by column."""
    min_rows: int
    edited: bool
    """It is filled in in the present state, in a copy of the viewer's where each has one."""
    is_copy: bool
    """Each has a copy, which its own page shows: see `lists.assessments`."""
    is_secret: bool
    """Nobody else sees what they write in it; of all together only sums are shown, on a page of
    their own: see `polls`."""
    is_open: bool
    """It is filled in in the present state, by whomever."""
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
    writer = who_writes(seen.definition, seen.facts, case, seen.actor) if state else None
    for key in keys:
        table = seen.definition.table[key]
        rows = _own_rows(seen, case, table, writer)
        read_by_all = table.each and not is_hidden(seen.definition, case, table)
        if not rows and key not in now and not read_by_all:
            continue
        wide = len(columns_in(table, seen.facts.round.year)) + 1
        need = (len(rows) + SPARE) * wide if key in now else 0
        own_page = bool(table.from_) or fields + need > MOST_FIELDS
        fields += 0 if own_page else need
        view = _view(seen, case, table, rows, own_page=own_page)
        writes = key in now and (not table.each or _has_copy(seen, case, table, writer))
        found.append(replace(view, edited=writes, is_open=key in now))
    return tuple(found)


def _own_rows(seen: Seen, case: CaseFact, table: Table, writer: Actor | None) -> Sequence[RowFact]:
    """Give the rows that somebody sees on the page; a secret copy is its owner's alone."""
    if any(not_own(table, writer or seen.actor)):
        return ()
    return seen.facts.sheet(sheet_of(table, case.id, writer or seen.actor))


def _has_copy(seen: Seen, case: CaseFact, table: Table, writer: Actor | None) -> bool:
    place = place_of_copies(seen.definition, seen.facts, case, table)
    if writer is None or place not in writer.holds or any(not_own(table, writer)):
        return False
    own = writer.on_behalf_of or writer.person
    return not (table.secret and has_handed_in(seen.definition, seen.facts, case, own))


def labels(seen: Seen, kind: Case) -> dict[str, str]:
    """Give what each column of a kind's tables is called, by `TABLE.COLUMN`."""
    desk, found = seen.desk, {}
    for key in dict.fromkeys(edited(kind.state.values())):
        table = seen.definition.table[key]
        title = desk.revision.title(table, desk.language)
        for column in column_views(seen, table):
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
        is_fixed=table.is_fixed,
        is_copy=table.each is not None,
        is_secret=table.secret,
        columns=tuple(
            view for one in every for view in column_views(seen, one, Pointing(seen, case), cells)
        ),
        rows=tuple(
            {key: text for one in every for key, text in texts(seen, one, row).items()}
            for row in cells
        ),
        numbers=tuple(row.number for row in rows),
        totals=totals_of(seen, table, cells),
        min_rows=table.min_rows,
        edited=False,
        is_open=False,
        own_page=own_page,
        suggested=tuple(suggested(seen, table, row.cells) for row in rows),
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


def suggested(seen: Seen, table: Table, cells: Row) -> dict[str, str]:
    """Give what was suggested for a row when it was saved, by column."""
    told = {
        key: cells[suggested_key(key)]
        for key in table.column
        if cells.get(suggested_key(key)) is not None
    }
    return texts(seen, table, told)


def findings(
    seen: Seen, case: CaseFact, table: Table, rows: Sequence[RowFact]
) -> tuple[Finding, ...]:
    """Give what the checks of a table say of its rows as they are saved."""
    if not table.check:
        return ()
    cells = seen.facts.shown(rows, seen.definition.chain(table.key))
    figures = figures_of(seen.definition, seen.facts, case, table)
    reasons = seen.facts.reasons(sheet_of(table, case.id, seen.actor))
    found = judge(seen.definition, table, list(enumerate(cells, start=1)), figures, reasons)
    hidden = hidden_columns(seen, table)
    return tuple(one for one in found if not names_hidden(table.check[one.check], hidden))
