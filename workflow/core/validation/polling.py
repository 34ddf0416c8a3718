"""Whether what is secret can stay so: nothing else reads the rows, and nothing in them
names who wrote them."""

from collections.abc import Iterator

from workflow.core.definition import Check, Column, Definition, Table
from workflow.core.validation.findings import Findings

__all__ = ["check"]

TELLING = frozenset({"text", "long_text", "person"})
"""Types whose words can give their writer away."""


def check(definition: Definition, table: Table, findings: Findings) -> None:
    """Refuse what reads a secret table beside its sums, and warn of columns that may tell
    who answered."""
    if not table.secret:
        return
    if table.each is None:
        findings.error(f"{table.path}.secret", "needs each: only copies of one's own can be secret")
    for place in _readers(definition, table.key):
        findings.error(place, f"'{table.key}' is secret: only its sums are ever shown")
    for column in table.column.values():
        if column.type == "file":
            findings.error(
                f"{column.path}.type", "does not go with secret: a file shows who attached it"
            )
        elif column.type in TELLING or column.type_from is not None:
            findings.warn(column.path, "a text can give its writer away, and the table is secret")


def _readers(definition: Definition, secret: str) -> Iterator[str]:
    """Give where other tables read the rows of one."""
    for other in definition.table.values():
        if other.from_ == secret:
            yield f"{other.path}.from"
        columns: Iterator[Column] = (one for one in other.column.values() if one.of == secret)
        for column in columns:
            yield f"{column.path}.of"
        if other.key != secret:
            for one in other.check.values():
                yield from (f"{one.path}.{word}" for word in _words(one, secret))


def _words(one: Check, secret: str) -> Iterator[str]:
    """Give the words of a check that name a column of a table."""
    for word in ("of", "at_least", "at_most", "equals"):
        value = getattr(one, word)
        if isinstance(value, str) and value.partition(".")[0] == secret:
            yield word
