"""Whether the columns that a table publishes may be shown to everybody."""

from workflow.core.definition import Column, Definition, Table
from workflow.core.validation.columns import Shown
from workflow.core.validation.findings import Findings

__all__ = ["check"]

CLOSED = {
    "person": "it holds people",
    "file": "it holds files",
    "previous_row": "it points to a row of another round",
}
"""Types whose columns stay inside, and why."""


def check(definition: Definition, table: Table, columns: Shown, findings: Findings) -> None:
    """Refuse to publish what is about people, what only some see, and what each has a copy of."""
    place = f"{table.path}.publish"
    findings.refer(place, "column", table.publish, columns)
    if table.publish and table.each is not None:
        findings.error(place, "does not go with each: a copy of one's own is never published")
    for name in table.publish:
        column = columns.get(name)
        why = _why_not(definition, column, columns) if column else ""
        if why:
            findings.error(place, f"'{name}' may not be published: {why}")


def _why_not(definition: Definition, column: Column, columns: Shown) -> str:
    if column.personal:
        return "it is personal"
    if column.visible_to:
        return "it has visible_to: only some see it"
    if column.type_from is None:
        return CLOSED.get(str(column.type), "")
    source = columns.get(column.type_from)
    scale = definition.scale.get(source.type or "") if source else None
    kinds = CLOSED.keys() & (scale.levels.keys() if scale else set())
    return f"in some rows {CLOSED[min(kinds)]}" if kinds else ""
