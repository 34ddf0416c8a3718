"""A list as one table of plain cells, for the forms that have no room for more."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from documents.papers.listing import Cell, Column, Kind, Line, List, Outcome
from documents.papers.speech import say_move
from documents.papers.unfit import unfit

__all__ = ["UNCHECKED", "Flat", "Head", "flatten", "open_up"]

UNCHECKED: Final = "okontrollerad skala"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One column of the table."""

    title: str
    kind: Kind = Kind.TEXT
    note: str = ""
    summed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """Heads and rows, each row as long as the heads."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]


Side = tuple[Head, Callable[[Line], Cell]]


def flatten(listing: List) -> Flat:
    """Give a list with its provenance and outcomes; what no line has gets no column."""
    sides = [side for side in SIDES if any(side[1](line) for line in listing.lines)]
    heads = (
        Head(title="Plats", kind=Kind.NUMBER),
        *(_head(column, listing.amount) for column in listing.columns),
        *(head for head, _ in sides),
    )
    rows = tuple(
        (line.position, *line.cells, *(read(line) for _, read in sides)) for line in listing.lines
    )
    return Flat(heads=heads, rows=rows)


def open_up(listing: List, keys: tuple[str, ...]) -> List:
    """Give a list as everybody may have it: these columns, and nobody's name.

    Moves, flags and who is to look further are left out; unit, place, outcome and
    its reason stay. Without the column of amounts there is no sum either.

    Raises:
        BadInput: no such column, or none at all.
    """
    known = [column.key for column in listing.columns]
    if not keys or set(keys) - set(known):
        raise unfit("de öppna kolumnerna", "någon finns inte i listan", "one is not in the list")
    kept = [index for index, key in enumerate(known) if key in keys]
    amount = listing.amount if listing.amount in keys else ""
    return replace(
        listing,
        columns=tuple(listing.columns[index] for index in kept),
        lines=tuple(_open_line(line, kept) for line in listing.lines),
        amount=amount,
        budgets=listing.budgets if amount else (),
    )


def _open_line(line: Line, kept: list[int]) -> Line:
    outcome = line.outcome
    return replace(
        line,
        cells=tuple(line.cells[index] for index in kept),
        flag="",
        moves=(),
        outcome=None if outcome is None else replace(outcome, owner=""),
    )


def _head(column: Column, amount: str) -> Head:
    title = f"{column.title} ({UNCHECKED})" if column.unverified else column.title
    return Head(
        title=title,
        kind=column.kind,
        note=column.note,
        summed=bool(amount) and column.key == amount,
    )


def _place(line: Line) -> Cell:
    origin = line.origin
    if origin.place is None:
        return None
    return f"{origin.place} av {origin.of}" if origin.of is not None else f"{origin.place}"


def _of(read: Callable[[Outcome], Cell]) -> Callable[[Line], Cell]:
    return lambda line: None if line.outcome is None else read(line.outcome)


SIDES: Final[tuple[Side, ...]] = (
    (Head(title="Enhet"), lambda line: line.origin.unit),
    (Head(title="Plats hos enheten"), _place),
    (Head(title="Hos enheten"), lambda line: line.origin.words or None),
    (Head(title="Anmärkning"), lambda line: line.flag or None),
    (Head(title="Flyttar"), lambda line: "\n".join(map(say_move, line.moves)) or None),
    (Head(title="Utfall"), _of(lambda outcome: outcome.state)),
    (Head(title="Skäl"), _of(lambda outcome: outcome.reason or None)),
    (Head(title="Ansvarig"), _of(lambda outcome: outcome.owner or None)),
    (Head(title="Senast", kind=Kind.DATE), _of(lambda outcome: outcome.day)),
)
