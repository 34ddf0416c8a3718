"""A list as everybody may read it: values, and the frozen form that docs/reference/open-data.md
describes. No person and no case stands in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from workflow.core.days import write_instant

__all__ = [
    "EXACT",
    "FORMAT",
    "OpenCell",
    "OpenColumn",
    "OpenKind",
    "OpenList",
    "OpenRow",
    "as_json",
    "from_json",
]

FORMAT: Final = "beredning-open-list/1"
"""Goes up when a reader of the old form would misread the new."""
EXACT: Final = 2**53 - 1
"""Beyond it, of either sign, not every reader of JSON keeps a number exact (RFC 8785)."""

OpenCell = str | int | bool | tuple[str, ...] | tuple[int, ...]
"""A cell as it is published; an empty one is not there."""


class OpenKind(StrEnum):
    """What the cells of a published column are."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    LEVEL = "level"
    LEVELS = "levels"
    """Several levels."""
    POSITIONS = "positions"
    """Other rows of the same list, by their positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenColumn:
    """A column as it is published."""

    key: str
    title: str
    kind: OpenKind
    unit: str = ""
    """Of a number: `tkr` or `percent`; empty for others."""
    scale: str = ""
    """Title of the scale that its levels are of."""
    levels: tuple[tuple[str, str], ...] = ()
    """Key and title, from first to last."""
    source: str = ""
    """Where the levels are read."""
    unverified: bool = False
    """Nobody has read the source."""

    def title_of(self, level: str) -> str:
        """Give the title of a level."""
        return next((title for key, title in self.levels if key == level), level)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """A row as it is published."""

    position: int
    """Counted from 1."""
    unit: str
    """Name of the unit that filled it in; empty when that is no longer there."""
    origin: str
    """Where it lay there, in words; empty likewise."""
    cells: Mapping[str, OpenCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenList:
    """A list as it is published."""

    title: str
    region: str
    round: str
    process: str
    introduction: str
    language: str
    columns: tuple[OpenColumn, ...]
    rows: tuple[OpenRow, ...]
    totals: Mapping[str, int | str]
    """By column; a text where it is no whole number that JSON keeps exact."""
    released_at: str = ""
    """RFC 3339, UTC."""
    entry: int = 0
    """Number of the entry of the log that released it."""

    def column(self, key: str) -> OpenColumn | None:
        """Give a column."""
        return next((one for one in self.columns if one.key == key), None)

    def stamped(self, at: datetime, entry: int) -> "OpenList":
        """Give the same list, released."""
        return replace(self, released_at=write_instant(at), entry=entry)


# ---- the frozen form -------------------------------------------------------------------


def as_json(made: OpenList) -> dict[str, Any]:
    """Give a list as values of JSON; docs/reference/open-data.md describes them."""
    return {
        "format": FORMAT,
        "title": made.title,
        "region": made.region,
        "round": made.round,
        "process": made.process,
        "introduction": made.introduction,
        "language": made.language,
        "columns": [_column_json(column) for column in made.columns],
        "rows": [
            {
                "position": row.position,
                "unit": row.unit,
                "origin": row.origin,
                "cells": {
                    key: list(cell) if isinstance(cell, tuple) else cell
                    for key, cell in row.cells.items()
                },
            }
            for row in made.rows
        ],
        "totals": dict(made.totals),
        "released_at": made.released_at,
        "entry": made.entry,
    }


def _column_json(column: OpenColumn) -> dict[str, Any]:
    return {
        "key": column.key,
        "title": column.title,
        "kind": column.kind.value,
        "unit": column.unit,
        "scale": column.scale,
        "levels": [{"key": key, "title": title} for key, title in column.levels],
        "source": column.source,
        "unverified": column.unverified,
    }


def from_json(made: Mapping[str, Any]) -> OpenList:
    """Read what `as_json` gave."""
    texts = ("title", "region", "round", "process", "introduction", "language", "released_at")
    return OpenList(
        **{name: made[name] for name in texts},
        columns=tuple(_read_column(one) for one in made["columns"]),
        rows=tuple(_read_rows(made["rows"])),
        totals=made["totals"],
        entry=made["entry"],
    )


def _read_column(one: Mapping[str, Any]) -> OpenColumn:
    levels = tuple((level["key"], level["title"]) for level in one["levels"])
    return OpenColumn(**{**one, "kind": OpenKind(one["kind"]), "levels": levels})


def _read_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[OpenRow]:
    for row in rows:
        cells = {
            key: tuple(cell) if isinstance(cell, list) else cell
            for key, cell in row["cells"].items()
        }
        yield OpenRow(**{**row, "cells": cells})
