"""How somebody looks at a list: which line, which rows, which hundred of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from web.forms import whole
from web.visit import Visit
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.page import ListPage, ListRow

__all__ = [
    "LINE",
    "ON_A_PAGE",
    "Filters",
    "Look",
    "levelled",
    "line_of",
    "look_of",
    "no_line",
    "path_of",
]

LINE: Final = "linje"
LEVEL: Final = "niva."
UNIT: Final = "enhet"
LACKS: Final = "saknar"
ON_A_PAGE: Final = 100
"""Rows; the sums are those of the whole list on each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which rows are shown; each keeps the position that it has in the whole list."""

    levels: Mapping[str, str] = field(default_factory=dict)
    """Level by column."""
    unit: str = ""
    lacks: str = ""
    """A column whose cell is empty."""

    def __bool__(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.levels or self.unit or self.lacks)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Give them as they stand in an address."""
        found = [(LEVEL + key, level) for key, level in self.levels.items()]
        found += [(UNIT, self.unit)] if self.unit else []
        return found + ([(LACKS, self.lacks)] if self.lacks else [])

    def among(self, rows: Sequence[ListRow]) -> Sequence[ListRow]:
        """Give the rows that fit."""
        return [row for row in rows if self._fits(row)] if self else rows

    def _fits(self, row: ListRow) -> bool:
        if self.unit and row.unit != self.unit:
            return False
        if self.lacks and row.raw.get(self.lacks) not in (None, ""):
            return False
        return all(
            level in str(row.raw.get(key) or "").split(",") for key, level in self.levels.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a list is shown."""

    line: int | None = None
    """The position behind which the line lies here."""
    tries: bool = False
    """It is another than the one that is saved."""
    sheet: int = 1
    """Which hundred rows."""
    filters: Filters = field(default_factory=Filters)
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was typed, by field."""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def look_of(visit: Visit, page: ListPage) -> Look:
    """Read how a list is asked for."""
    typed = visit.query.get(LINE, "").strip()
    tried = line_of(typed, len(page.rows))
    errors = {}
    if typed and tried is None:
        errors[LINE] = no_line(visit, typed, len(page.rows))
    return Look(
        line=page.line if tried is None else tried,
        tries=tried is not None and tried != page.line,
        sheet=whole(visit.query.get("sida", "")) or 1,
        filters=_filters(visit.query, page),
        typed={LINE: typed} if errors else {},
        errors=errors,
        status=422 if errors else 200,
    )


def no_line(visit: Visit, typed: str, count: int) -> str:
    """Say that there is no such position for the line."""
    return visit.text(
        f"Skriv en plats, 0 till {count}. Du skrev ”{typed[:40]}”.",
        f'Write a position, 0 to {count}. You wrote "{typed[:40]}".',
    )


def _filters(query: QueryParams, page: ListPage) -> Filters:
    """Read which rows are wanted; what there is not is not looked for."""
    levels = {
        column.key: level
        for column in levelled(page)
        if (level := query.get(LEVEL + column.key, "")) in column.levels
    }
    unit, lacks = query.get(UNIT, ""), query.get(LACKS, "")
    return Filters(
        levels=levels,
        unit=unit if unit in page.units else "",
        lacks=lacks if lacks in {column.key for column in page.columns} else "",
    )


def levelled(page: ListPage) -> tuple[ListColumn, ...]:
    """Give the columns of levels."""
    return tuple(column for column in page.columns if column.kind is ColumnKind.LEVEL)


def path_of(page: ListPage, look: Look, *, sheet: int = 1, to: str = "") -> str:
    """Give the address of a list as it is looked at; of what lies below it with `to`."""
    asked: list[tuple[str, str]] = [(LINE, str(look.line))] if look.tries else []
    asked += look.filters.asked if not to else []
    asked += [("sida", str(sheet))] if sheet > 1 else []
    path = f"/arenden/{page.case}/lista/{page.table}{to}"
    return path + (f"?{urlencode(asked)}" if asked else "")


def line_of(typed: str, count: int) -> int | None:
    """Read the position of a line; None when there is no such."""
    line = whole(typed)
    return line if line is not None and line <= count else None
