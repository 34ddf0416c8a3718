"""What can be written and checked today, and is brought to life by a later release.

A definition that uses it loads and checks; opening a round of it is refused, in
words for the one who wanted to.
"""

from collections.abc import Iterator

from workflow.core.definition import PLAIN_TYPES, Case, Definition, State, Table
from workflow.core.errors import Problem
from workflow.core.suggesting import BUILT_IN

__all__ = ["not_yet"]

CASE_WORDS = {
    "every": "ärenden som återkommer av sig själva",
    "ahead": "ärenden som öppnas i förväg",
    "until": "ett sista tillfälle",
    "opened_by": "ärenden som någon öppnar när de behövs",
}
TABLE_WORDS = {
    "secret": "hemliga svar",
    "rows": "fasta rader",
    "rows_per": "en fast rad per enhet",
    "due_rows": "rader för ett visst tillfälle",
    "carries": "rader som följer med till nästa omgång",
}
TYPE_WORDS = {"occasions": "tillfällen i tabeller"}


def not_yet(definition: Definition) -> list[Problem]:
    """Give each use of what this release does not run; none when a round can be opened."""
    found: list[tuple[str, str]] = []
    for case in definition.case.values():
        found += _in_case(case)
    for table in definition.table.values():
        found += _in_table(definition, table)
    return [
        Problem(place=place, message=f"Den här utgåvan kan inte köra {what} än.")
        for place, what in found
    ]


def _in_case(case: Case) -> Iterator[tuple[str, str]]:
    for word, what in CASE_WORDS.items():
        if getattr(case, word):
            yield f"{case.path}.{word}", what
    for state in case.state.values():
        yield from _in_state(state)


def _in_state(state: State) -> Iterator[tuple[str, str]]:
    for button in state.transition.values():
        if button.begins is not None:
            yield f"{button.path}.begins", "en följande omgång som öppnas i samma beslut"


def _in_table(definition: Definition, table: Table) -> Iterator[tuple[str, str]]:
    for word, what in TABLE_WORDS.items():
        if getattr(table, word):
            yield f"{table.path}.{word.rstrip('_')}", what
    for column in table.column.values():
        if column.suggest in BUILT_IN:
            yield f"{column.path}.suggest", f"förslaget {column.suggest}"
        if column.type in definition.scale or column.type in PLAIN_TYPES:
            continue
        if column.type in TYPE_WORDS:
            yield f"{column.path}.type", TYPE_WORDS[column.type]
