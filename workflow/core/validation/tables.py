"""Whether tables hang together: where their rows come from and who fills them in."""

from collections.abc import Mapping

from workflow.core.definition import TYPES, Definition, Table
from workflow.core.validation import columns as rules
from workflow.core.validation import following, polling, publishing
from workflow.core.validation.columns import Shown
from workflow.core.validation.findings import Findings, listed
from workflow.core.validation.graphs import circle_through, components
from workflow.core.validation.names import check_keep
from workflow.core.validation.outline import Outline

__all__ = ["check"]

MOST_COMPILED = 20
"""Tables that rows may come through, one after the other."""


def check(outline: Outline, findings: Findings) -> None:
    """Check scales, and each table with its columns and checks."""
    definition = outline.definition
    for scale in definition.scale.values():
        if scale.key in TYPES:
            findings.error(scale.path, f"'{scale.key}' is a type of its own; choose another name")
        findings.refer(f"{scale.path}.tones", "level", scale.tones, scale.levels)
    sources = {
        table.key: [table.from_] if table.from_ else [] for table in definition.table.values()
    }
    circular: set[str] = set()
    for group in components(sources, sources):
        circle = circle_through(group, sources)
        if circle:
            circular.update(circle)
            way = " -> ".join(circle[:10])
            findings.error(f"table.{circle[0]}.from", f"is compiled from itself: {way}")
    edited = _edited_in(definition)
    shown = _all_shown(definition, findings)
    for table in definition.table.values():
        _table(outline, table, shown, findings)
        if table.from_ is not None and table.key not in circular:
            _compiled(definition, table, edited, shown, findings)
        rules.check(definition, table, shown, findings)


def _edited_in(definition: Definition) -> dict[str, list[str]]:
    """For each table, the kinds of case that fill it in."""
    found: dict[str, list[str]] = {}
    for case in definition.case.values():
        for state in case.state.values():
            for name in state.edits:
                if case.key not in found.setdefault(name, []):
                    found[name].append(case.key)
    return found


def _all_shown(definition: Definition, findings: Findings) -> dict[str, Shown]:
    """Give every table's columns together with those shown from what it is compiled from."""
    shown: dict[str, Shown] = {}
    for name, table in definition.table.items():
        line = [table]
        while line[-1].from_ in definition.table and len(line) <= MOST_COMPILED:
            line.append(definition.table[str(line[-1].from_)])
        if len(line) > MOST_COMPILED and len({one.key for one in line}) == len(line):
            findings.error(
                f"{table.path}.from", f"is compiled through more than {MOST_COMPILED} tables"
            )
        shown[name] = {key: column for one in reversed(line) for key, column in one.column.items()}
    return shown


def _table(outline: Outline, table: Table, shown: Mapping[str, Shown], findings: Findings) -> None:
    definition, place = outline.definition, table.path
    check_keep(findings, f"{place}.keep", table.keep)
    _fixed(outline, table, findings)
    if table.each is not None:
        findings.refer(f"{place}.each", "role", [table.each], definition.role)
    polling.check(definition, table, findings)
    if table.from_ is None and all(column.is_fixed for column in table.column.values()):
        findings.error(place, "has no columns")
    for word in ("where", "due_rows"):
        if getattr(table, word) and table.from_ is None:
            findings.error(f"{place}.{word}", "needs from: it picks among another table's rows")
    for word, value in (
        ("rows", table.rows),
        ("rows_per", table.rows_per),
        ("from", table.from_),
        ("ordered", table.ordered),
        ("min_rows", table.min_rows),
    ):
        if table.form and value:
            findings.error(f"{place}.{word}", "does not go with form, which is exactly one row")
    columns = shown[table.key]
    findings.refer(f"{place}.totals", "column", table.totals, columns)
    publishing.check(definition, table, columns, findings)
    following.check(definition, table, columns, findings)
    for name in table.totals:
        if name in columns and not rules.is_number(columns[name]):
            findings.error(f"{place}.totals", f"'{name}' is no number; it cannot be summed")
    for name in table.publish:
        if name in columns and columns[name].visible_to:
            seen_by = f"'{name}' is seen by some roles alone; it cannot be published"
            findings.error(f"{place}.publish", seen_by)
    rules.check_match(definition, f"{place}.carries", table.carries, columns, findings)
    _carries(definition, table, findings)


def _carries(definition: Definition, table: Table, findings: Findings) -> None:
    """Check that rows can follow from a table, and that there is a round for them to follow to."""
    if not table.carries:
        return
    place = f"{table.path}.carries"
    line = [table]
    while line[-1].from_ in definition.table and len(line) <= MOST_COMPILED:
        line.append(definition.table[str(line[-1].from_)])
    if any(one.each for one in line):
        findings.error(place, "does not go with each: copies of one's own do not follow")
    if line[-1].is_fixed:
        findings.error(place, f"'{line[-1].key}' has fixed rows, which every round has of its own")
    buttons = (
        button
        for case in definition.case.values()
        for state in case.state.values()
        for button in state.transition.values()
    )
    if not any(button.begins for button in buttons):
        findings.warn(place, "no transition begins another round for the rows to follow to")


def _fixed(outline: Outline, table: Table, findings: Findings) -> None:
    """Check what goes with fixed rows."""
    if not table.is_fixed:
        return
    if table.rows_per is not None:
        place = f"{table.path}.rows_per"
        findings.refer(place, "unit or body", [table.rows_per], outline.kinds)
    word = "rows" if table.rows else "rows_per"
    if table.rows and table.rows_per is not None:
        findings.error(f"{table.path}.rows_per", "does not go with rows: say which rows in one way")
    for other, value in (
        ("each", table.each),
        ("from", table.from_),
        ("ordered", table.ordered),
        ("min_rows", table.min_rows),
    ):
        if value:
            findings.error(f"{table.path}.{other}", f"does not go with {word}: its rows are fixed")


def _compiled(
    definition: Definition,
    table: Table,
    edited: Mapping[str, list[str]],
    shown: Mapping[str, Shown],
    findings: Findings,
) -> None:
    source, place = str(table.from_), table.path
    if source not in definition.table:
        findings.unknown(f"{place}.from", "table", source, definition.table)
        return
    kinds = edited.get(source, [])
    if not kinds:
        findings.error(f"{place}.from", f"nobody fills in '{source}': no state has it in edits")
    elif len(kinds) > 1:
        findings.error(
            f"{place}.from",
            f"'{source}' is filled in by several kinds of case ({listed(kinds[:5])}); "
            "one must do, so that every row has one origin",
        )
    columns = shown[source]
    for name in table.column:
        if name in columns:
            findings.error(
                f"{place}.column.{name}", f"'{source}' has that column already, and it is shown"
            )
    rules.check_match(definition, f"{place}.where", table.where, columns, findings)
    if table.due_rows is not None:
        findings.refer(f"{place}.due_rows", "column", [table.due_rows], columns)
        column = columns.get(table.due_rows)
        if column is not None and not column.is_occasions:
            findings.error(
                f"{place}.due_rows", f"'{table.due_rows}' must be a column of type occasions"
            )
        elif column is not None:
            _due(definition, table, findings)


def _due(definition: Definition, table: Table, findings: Findings) -> None:
    """Check that the cases that fill a table in come again at occasions that rows can name."""
    place = f"{table.path}.due_rows"
    if table.due_rows in table.where:
        findings.error(place, f"where picks by '{table.due_rows}' too; one of them must do")
    for kind in definition.edited_in(table.key):
        cases = definition.recurring(kind)
        if not cases:
            findings.error(
                place, f"'{kind}' has no occasions: write every = [milestones] or a body in it"
            )
        for case in cases:
            if not definition.milestones_of(case):
                findings.error(
                    place,
                    f"'{case.key}' comes again every {listed(case.every)}: no row can name such an"
                    " occasion; write every = [milestones] or a body that meets at milestones",
                )
