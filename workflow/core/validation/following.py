"""Whether what a column means in following up can stand there."""

from collections.abc import Mapping
from typing import Final

from workflow.core.definition import NUMBERS, Column, Definition, Table
from workflow.core.validation.findings import Findings

__all__ = ["check"]

VALUES: Final = frozenset({"target", "baseline", "outcome"})
ON_OCCASIONS: Final = frozenset({"outcome", "status"})


def check(
    definition: Definition, table: Table, shown: Mapping[str, Column], findings: Findings
) -> None:
    """Check the meanings of a table's own columns, with those shown from where its rows come
    from."""
    for column in table.column.values():
        if column.means is None:
            continue
        place = f"{column.path}.means"
        _type(definition, column, place, findings)
        same = [one.key for one in shown.values() if one.means == column.means]
        if len(same) > 1:
            findings.error(place, f"'{column.means}' is one column's alone, not {', '.join(same)}")
        if table.each or table.form:
            findings.error(place, "goes with rows that are one for all; not with each or form")
        if column.means in ON_OCCASIONS:
            _occasions(definition, table, column, place, findings)


def _type(definition: Definition, column: Column, place: str, findings: Findings) -> None:
    scale = column.type in definition.scale
    if column.means not in VALUES and (not scale or column.several):
        findings.error(place, f"'{column.means}' goes with a scale, one level, alone")
    elif column.means in VALUES and not _is_value(column):
        findings.error(place, f"'{column.means}' goes with numbers, yes_no and type_from alone")


def _is_value(column: Column) -> bool:
    return column.type in NUMBERS or column.type == "yes_no" or column.type_from is not None


def _occasions(
    definition: Definition, table: Table, column: Column, place: str, findings: Findings
) -> None:
    if table.from_ is None:
        findings.error(place, f"'{column.means}' needs from: the rows that are followed up")
    if column.years is not None:
        findings.error(place, f"'{column.means}' is one for each occasion; it has no years")
    for kind in definition.edited_in(table.key):
        if not definition.recurring(kind):
            findings.error(
                place, f"'{kind}' has no occasions to follow up at: write every = [...] in it"
            )
