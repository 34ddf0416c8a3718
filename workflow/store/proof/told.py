"""What the log tells of a row, held against the row.

Values are compared in the form the log writes them in: instants in RFC 3339, days in
ISO 8601.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from workflow.core.days import write_instant
from workflow.core.facts import UnitFact
from workflow.store.canonical import canonical

__all__ = [
    "GONE",
    "UNREADABLE",
    "as_mapping",
    "differences",
    "digest",
    "kinds_disposed",
    "readable",
    "units_digest",
]

GONE: Final[object] = object()
"""Stands for what a payload said that is no longer there; nothing differs from it."""
UNREADABLE: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a value of another kind than its column's may raise."""


def digest(value: object) -> str:
    """Give the sha-256 of a value's canonical JSON; empty when it has none."""
    try:
        return sha256(canonical(value).encode()).hexdigest()
    except (RecursionError, ValueError):
        return ""


def units_digest(units: Sequence[UnitFact]) -> str:
    """Give the digest of all units that a round has copied, in their order.

    Figures are told of only where there are any: logs from before there were hold.
    """
    return digest(
        [
            [unit.key, unit.name, unit.kind, unit.parent, *([unit.facts] if unit.facts else [])]
            for unit in units
        ]
    )


def as_mapping(value: object) -> Mapping[str, Any]:
    """Give a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def kinds_disposed(payload: Mapping[str, Any] | None) -> Sequence[object]:
    """Give the kinds that an entry about a disposal names."""
    kinds = (payload or {}).get("kinds")
    return kinds if isinstance(kinds, list) else ()


def differences(told: Mapping[str, object], stored: Mapping[str, object]) -> Iterator[str]:
    """Say in which columns a row is not what the log tells."""
    for column, said in told.items():
        if said is GONE:
            continue
        found = _plain(stored[column])
        if found != said:
            yield f"{column} är {found}, men loggen säger {said}"


def readable(what: str, problems: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Give problems; what cannot be read on the way is one more, and the last."""
    try:
        yield from problems
    except UNREADABLE as error:
        yield 0, f"{what} går inte att läsa: {error}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return write_instant(value)
    return value.isoformat() if isinstance(value, date) else value
