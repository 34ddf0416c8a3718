"""Which column of a grid is which column of a form: proposed here, settled by a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from documents.sheets.form import NUMBER, NUMBER_TITLE, SheetForm, headings
from documents.sheets.grid import Grid, GridCell, Stamp
from documents.sheets.headings import alike, nearest

__all__ = ["Origin", "Proposal", "map_columns", "origin_of", "title_of"]

Origin = Literal["same", "changed", "other", "none"]
"""A template of this very form, of one whose columns have changed since, of another table, or
no template at all."""
_LOOKED_AT: Final = 20
"""Rows, among which the headings are looked for."""
_LONGEST: Final = 240
"""Characters of a heading; a title with its key has fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping for a person to look at and change."""

    skip: int
    """So many rows of the grid stand above the first row of data."""
    heads: tuple[str, ...]
    """What stands over each column of the grid; empty where there is nothing."""
    taken: Mapping[int, str]
    """Column of the grid = key, for those that are certain; the key of the numbers is `#`."""
    suggested: Mapping[int, str] = field(default_factory=dict)
    """Those whose heading is a letter or two off. They are taken when a person says so."""
    unknown: tuple[int, ...] = ()
    """Columns of the grid that go with nothing."""
    missing: tuple[str, ...] = ()
    """Keys that no column goes with, and none is suggested for."""
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Key = the columns whose headings both say so; none of them is taken."""
    by_position: bool = False
    """There is no heading: the columns are taken in the form's order."""
    origin: Origin = "none"


def map_columns(form: SheetForm, grid: Grid) -> Proposal:
    """Propose which column of a grid is which, by the headings or else by their order."""
    known = _known(form)
    at = _heading_row(form, grid, known)
    if at is None:
        return _by_position(form, grid)
    heads = [_words(grid.rows[at].cell(column)) for column in range(grid.width)]
    found = {column: key for column, head in enumerate(heads) if (key := _find(form, head, known))}
    counts = Counter(found.values())
    doubled = {
        key: tuple(column for column, one in found.items() if one == key)
        for key, count in counts.items()
        if count > 1
    }
    taken = {column: key for column, key in found.items() if key not in doubled}
    suggested = _suggest(known, heads, found)
    unknown = [c for c, head in enumerate(heads) if c not in found and c not in suggested and head]
    unknown += [c for c, head in enumerate(heads) if not head and _has_data(grid, at, c)]
    gone = {NUMBER: NUMBER_TITLE, **_titles(form)}
    for key in (*found.values(), *suggested.values()):
        gone.pop(key, None)
    return Proposal(
        skip=at + 1,
        heads=tuple(heads),
        taken=taken,
        suggested=suggested,
        unknown=tuple(sorted(unknown)),
        missing=tuple(gone),
        doubled=doubled,
        origin=origin_of(form, grid.stamp),
    )


def origin_of(form: SheetForm, stamp: Stamp | None) -> Origin:
    """Say what a file is a template of."""
    if stamp is None:
        return "none"
    if (stamp.process, stamp.table) != (form.process, form.table):
        return "other"
    return "same" if stamp.digest == form.digest else "changed"


def title_of(form: SheetForm, key: str) -> str:
    """Give the heading of the column with a key."""
    return NUMBER_TITLE if key == NUMBER else _titles(form)[key]


def _titles(form: SheetForm) -> dict[str, str]:
    return dict(zip((one.key for one in form.columns), headings(form), strict=True))


def _known(form: SheetForm) -> dict[str, str]:
    """Give the keys by what their headings have in common with others; the titles come first."""
    known = {alike(one.key): one.key for one in form.columns}
    known |= {alike(title): key for key, title in reversed(_titles(form).items())}
    known[alike(NUMBER_TITLE)] = NUMBER
    return known


def _find(form: SheetForm, head: str, known: Mapping[str, str]) -> str | None:
    """Give the key of a heading: by its very words before what is like them."""
    titles = _titles(form)
    exact = next((key for key, title in titles.items() if title == head), None)
    return exact or (known.get(alike(head)) if alike(head) else None)


def _heading_row(form: SheetForm, grid: Grid, known: Mapping[str, str]) -> int | None:
    """Find the row of headings: the first of which at least half, and two, are known.

    A single one is enough where there is one column.
    """
    for at, row in enumerate(grid.rows[:_LOOKED_AT]):
        words = [_words(cell) for cell in row.cells if cell is not None]
        sure = sum(_find(form, one, known) is not None for one in words)
        near = sum(nearest(one, known) is not None for one in words)
        if sure and max(sure, near) * 2 >= len(words) and (sure > 1 or len(words) == 1):
            return at
    return None


def _suggest(
    known: Mapping[str, str], heads: Sequence[str], found: Mapping[int, str]
) -> dict[int, str]:
    """Suggest a key for each heading that is almost one, when nothing else is that one."""
    free = {name: key for name, key in known.items() if key not in found.values()}
    near = {
        column: key
        for column, head in enumerate(heads)
        if column not in found and (key := nearest(head, free))
    }
    counts = Counter(near.values())
    return {column: key for column, key in near.items() if counts[key] == 1}


def _by_position(form: SheetForm, grid: Grid) -> Proposal:
    """Take the columns in the form's order; the numbers are there when the first column is full
    of them and there is one column more than the form has."""
    keys = [one.key for one in form.columns]
    if grid.width == len(keys) + 1:
        keys = [NUMBER, *keys]
    return Proposal(
        skip=0,
        heads=("",) * grid.width,
        taken=dict(enumerate(keys[: grid.width])),
        unknown=tuple(range(len(keys), grid.width)),
        missing=tuple(keys[grid.width :]),
        by_position=True,
        origin=origin_of(form, grid.stamp),
    )


def _has_data(grid: Grid, at: int, column: int) -> bool:
    return any(row.cell(column) is not None for row in grid.rows[at + 1 :])


def _words(cell: GridCell) -> str:
    return "" if cell is None else " ".join(str(cell).split())[:_LONGEST]
