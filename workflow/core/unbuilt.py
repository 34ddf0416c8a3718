"""What can be written and checked today, and is brought to life by a later release.

A definition that uses it loads and checks; opening a round of it is refused, in
words for the one who wanted to.
"""

from collections.abc import Iterator

from workflow.core.definition import Definition, Table
from workflow.core.errors import Problem

__all__ = ["not_yet"]


def not_yet(definition: Definition) -> list[Problem]:
    """Give each use of what this release does not run; none when a round can be opened."""
    found: list[tuple[str, str]] = []
    for table in definition.table.values():
        found += _in_table(table)
    return [
        Problem(place=place, message=f"Den här utgåvan kan inte köra {what} än.")
        for place, what in found
    ]


def _in_table(table: Table) -> Iterator[tuple[str, str]]:
    if table.secret and not table.form:
        yield f"{table.path}.secret", "hemliga svar i annat än ett formulär (form = true)"
