"""Whether columns and checks hang together: types, levels, measures, demands."""

import re
from collections.abc import Mapping

from workflow.core.definition import (
    NUMBERS,
    ROW,
    TYPES,
    Body,
    Check,
    Column,
    Definition,
    Match,
    Table,
    Unit,
)
from workflow.core.phrases import Range
from workflow.core.suggesting import BUILT_IN, NAMED, known
from workflow.core.validation.findings import Findings, listed

__all__ = ["Shown", "check", "check_match", "is_number"]

Shown = Mapping[str, Column]
"""A table's own columns and those shown from what it is compiled from."""
TEXTS = ("text", "long_text")
YEAR = re.compile(r"\{year(?:([+-]\d{1,2}))?\}")


def is_number(column: Column) -> bool:
    """Say whether a column can be summed; what a row itself decides counts as one."""
    return column.type in NUMBERS or column.type_from is not None


def check(
    definition: Definition, table: Table, shown: Mapping[str, Shown], findings: Findings
) -> None:
    """Check the columns and the checks of a table."""
    columns = shown[table.key]
    for column in table.column.values():
        if column.is_fixed:
            continue  # it comes of the table's own words
        if table.is_fixed and column.key == ROW:
            findings.error(column.path, f"'{ROW}' says which fixed row it is; choose another name")
        _type(definition, column, columns, findings)
        _bounds(definition, column, findings)
        findings.refer(f"{column.path}.visible_to", "role", column.visible_to, definition.role)
        if isinstance(column.required, dict):
            check_match(definition, f"{column.path}.required", column.required, columns, findings)
        if column.suggest is not None:
            findings.refer(f"{column.path}.suggest", "suggestion", [column.suggest], known())
            _suggestion(definition, column, columns, findings)
            _of_the_round(table, column, findings)
        if column.sent:
            _sent(definition, table, column, findings)
    for one in table.check.values():
        _check(definition, one, shown, columns, findings)


def check_match(
    definition: Definition, place: str, match: Match, columns: Shown, findings: Findings
) -> None:
    """Check that the columns of a match are there and have its levels."""
    for name, wanted in match.items():
        column = columns.get(name)
        if column is None:
            findings.unknown(place, "column", name, columns)
        elif isinstance(wanted, Range):
            if column.type not in NUMBERS:
                findings.error(place, f"'{name}' is no number; a range does not fit it")
        elif column.type == "yes_no" or column.type in definition.scale:
            scale = definition.scale.get(column.type or "")
            levels = list(scale.levels) if scale else ["yes", "no"]
            for level in wanted:
                if level not in levels:
                    findings.error(
                        place, f"'{level[:60]}' is not a level of {name}: {listed(levels[:30])}"
                    )
        else:
            findings.error(place, f"'{name}' has no levels: its type is {column.type}")


def _type(definition: Definition, column: Column, columns: Shown, findings: Findings) -> None:
    place = column.path
    if (column.type is None) == (column.type_from is None):
        findings.error(place, "needs either type or type_from")
    elif column.type is not None:
        known = [*sorted(TYPES), *(scale for scale in definition.scale if "." not in scale)]
        if column.is_occasions:
            _occasions(definition, column, findings)
            return
        findings.refer(f"{place}.type", "type or scale", [column.type], known)
    else:
        _type_from(definition, column, columns, findings)
    if column.type == "row" and column.of is None:
        findings.error(f"{place}.type", "needs of: which table it points to a row of")
    if column.of is not None:
        findings.refer(f"{place}.of", "table", [column.of], definition.table)
        if column.type != "row":
            findings.error(f"{place}.of", 'goes with type = "row" alone')


def _occasions(definition: Definition, column: Column, findings: Findings) -> None:
    """Check that something says which occasions there are; what it says is `due_rows`' own."""
    if not any(table.due_rows == column.key for table in definition.table.values()):
        findings.error(
            f"{column.path}.type",
            f"nothing says which occasions there are: no table has due_rows = '{column.key}'",
        )


def _type_from(definition: Definition, column: Column, columns: Shown, findings: Findings) -> None:
    place, name = f"{column.path}.type_from", str(column.type_from)
    source = columns.get(name)
    if source is None:
        findings.unknown(place, "column", name, columns)
        return
    scale = definition.scale.get(source.type or "")
    if scale is None:
        findings.error(place, f"'{name}' must be a column with levels that are types")
        return
    for level in scale.levels:
        if level not in TYPES:
            findings.error(
                place, f"level '{level}' of '{scale.key}' is no type: {listed(sorted(TYPES))}"
            )


def _suggestion(definition: Definition, column: Column, columns: Shown, findings: Findings) -> None:
    """Check that a suggestion finds what it reads, and answers in levels that there are."""
    suggestion = NAMED.get(str(column.suggest))
    if suggestion is None:
        return
    place, said = f"{column.path}.suggest", f"'{column.suggest}'"
    for name, levels in suggestion.reads.items():
        if name not in columns:
            findings.error(place, f"{said} reads the column '{name}', which is not there")
        elif levels:
            for level in sorted(_levels(definition, columns[name]) - levels):
                findings.error(place, f"{said} does not know '{level}', a level of '{name}'")
    own = _levels(definition, column)
    for level in sorted(suggestion.gives - own):
        findings.error(place, f"{said} may answer '{level}', which is no level here")


def _of_the_round(table: Table, column: Column, findings: Findings) -> None:
    """Check that a text made of the round can stand where it is suggested."""
    if column.suggest not in BUILT_IN:
        return
    place, said = f"{column.path}.suggest", f"'{column.suggest}'"
    if column.type not in TEXTS:
        findings.error(place, f"{said} is a text; it goes with text and long_text alone")
    if not table.form or table.each:
        findings.error(place, f"{said} is one text for the whole case; it goes with form alone")


def _sent(definition: Definition, table: Table, column: Column, findings: Findings) -> None:
    """Check that a text which goes along in mail is one for all who are told, and that
    somebody is."""
    place = f"{column.path}.sent"
    if column.type not in TEXTS:
        findings.error(place, "is a text; it goes with text and long_text alone")
    if not table.form or table.each:
        findings.error(place, "is one text for the whole case; it goes with form alone")
    if column.visible_to or column.personal:
        findings.error(place, "goes to all who are told; not with visible_to or personal")
    kinds = [
        kind
        for kind in definition.case.values()
        if any(table.key in state.edits for state in kind.state.values())
    ]
    tells = (
        kind.tells or any(one.tells and table.key not in one.edits for one in kind.state.values())
        for kind in kinds
    )
    if not any(tells):
        findings.error(place, "nobody is told of a case that fills it in; write tells")


def _levels(definition: Definition, column: Column) -> frozenset[str]:
    scale = definition.scale.get(column.type or "")
    return frozenset(scale.levels) if scale else frozenset()


def _bounds(definition: Definition, column: Column, findings: Findings) -> None:
    place = column.path
    for word in ("min", "max"):
        if getattr(column, word) is not None and not is_number(column):
            findings.error(f"{place}.{word}", "goes with numbers alone")
    if column.min is not None and column.max is not None and column.min > column.max:
        findings.error(f"{place}.min", f"is {column.min:g}, above max {column.max:g}")
    if column.several and column.type != "row" and column.type not in definition.scale:
        findings.error(f"{place}.several", "goes with a scale or a row alone")
    if column.years is None:
        return
    ends: list[int] = []
    for end in column.years:
        found = YEAR.fullmatch(end)
        if found:
            ends.append(int(found[1] or 0))
        else:
            findings.error(f"{place}.years", f"'{end[:40]}' is no year; write \"{{year+4}}\"")
    if len(ends) == 2 and ends[0] > ends[1]:
        findings.error(f"{place}.years", "begins after it ends")


def _check(
    definition: Definition,
    one: Check,
    shown: Mapping[str, Shown],
    columns: Shown,
    findings: Findings,
) -> None:
    place = one.path
    measures = [word for word in ("sum", "share", "count") if getattr(one, word)]
    if len(measures) != 1:
        got = listed(measures) or "none"
        findings.error(place, f"measures exactly one of sum, share and count, not {got}")
    for word in ("sum", "share"):
        name = getattr(one, word)
        if name is None:
            continue
        findings.refer(f"{place}.{word}", "column", [name], columns)
        if name in columns and not is_number(columns[name]):
            findings.error(f"{place}.{word}", f"'{name}' is no number")
    if (one.share is None) != (one.of is None):
        findings.error(f"{place}.of", "share and of go together: a share is a share of something")
    if one.of is not None:
        _figure(definition, f"{place}.of", one.of, shown, findings)
    check_match(definition, f"{place}.where", one.where, columns, findings)
    demands = {word: getattr(one, word) for word in ("at_least", "at_most", "equals")}
    if all(demand is None for demand in demands.values()):
        findings.error(place, "demands nothing; write at_least, at_most or equals")
    for word, demand in demands.items():
        if isinstance(demand, str):
            _figure(definition, f"{place}.{word}", demand, shown, findings)


def _figure(
    definition: Definition,
    place: str,
    name: str,
    shown: Mapping[str, Shown],
    findings: Findings,
) -> None:
    """Check `unit.FACT` or `TABLE.COLUMN`."""
    table, _, column = name.partition(".")
    kinds: list[Unit | Body] = [*definition.unit.values(), *definition.body.values()]
    if table == "unit":
        facts = {fact for kind in kinds for fact in kind.facts}
        findings.refer(place, "fact of a unit", [column], sorted(facts))
    elif table not in shown:
        findings.unknown(place, "table", table, definition.table)
    elif column not in shown[table]:
        own = [key for key, one in shown[table].items() if not one.is_fixed]
        findings.unknown(place, "column", column, own, of=table)
    elif not is_number(shown[table][column]):
        findings.error(place, f"'{name}' is no number")
