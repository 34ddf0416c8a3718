"""Putting a row of a list, or its line, somewhere: a position is what people see and type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.core.errors import BadInput, Placed
from workflow.core.facts import SheetKey
from workflow.service.acts import Wish
from workflow.service.reading.lists.listing import list_in
from workflow.service.saving import save
from workflow.service.world import World

__all__ = ["LineWish", "PlaceWish", "draw_line", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWish:
    """Somebody's wish that a row be somewhere else."""

    case: str
    table: str
    email: str
    number: int
    """Of the row."""
    version: int
    """As it was seen."""
    to: int | None
    """The position it is to have, counted from 1; None with a step."""
    step: int = 0
    """How many positions it is to go down, below zero up, from where it lies now."""
    why: str = ""
    request_id: str | None = None
    form: str = ""
    """What was sent, where that is not the same as what is wished: a step up sent twice is
    one step."""
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWish:
    """Somebody's wish that the line of a list lie somewhere else."""

    case: str
    table: str
    email: str
    after: int | None
    """The position behind which it is to lie, 0 above the first; None to take it away."""
    request_id: str | None = None
    on_behalf_of: str | None = None


def place(world: World, wish: PlaceWish) -> dict[str, Any]:
    """Put a row at a position; those between make room. What `saving.save` gives, and the
    position.

    Raises: NotFound, NoRight, Refused; BadInput for a position that is not there, or when a
        reason is wanted; Stale when somebody else has changed the row; Locked, StoreError.
    """
    order = _order(world, wish)
    to = wish.to
    if wish.step and wish.number in order:
        to = order.index(wish.number) + 1 + wish.step
    move = ["move", wish.number, wish.version, _behind(order, wish, to), wish.why]
    answer = save(
        world,
        Wish(
            case=wish.case,
            transition="",
            email=wish.email,
            on_behalf_of=wish.on_behalf_of,
            data={"edits": {wish.table: [move]}},
            request_id=wish.request_id,
            form=wish.form or f"{wish.number}:{wish.version}:{wish.to}:{wish.step}:{wish.why}",
        ),
    )
    return {**answer, "position": to}


def draw_line(world: World, wish: LineWish) -> dict[str, Any]:
    """Let the line of a list lie behind a position. What `saving.save` gives.

    Raises: NotFound, NoRight, Refused; BadInput for a position that is not there, or a table
        that has no line; Stale when the row behind which it would lie is gone; Locked,
        StoreError.
    """
    order = _order(world, wish)
    after = wish.after
    if after is not None and not 0 <= after <= len(order):
        raise _no_position(f"{wish.table}.line", 0, len(order))
    behind = order[after - 1] if after else after
    return save(
        world,
        Wish(
            case=wish.case,
            transition="",
            email=wish.email,
            on_behalf_of=wish.on_behalf_of,
            data={"edits": {wish.table: [["line", behind]]}},
            request_id=wish.request_id,
            form=f"line:{after}",
        ),
    )


def _order(world: World, wish: PlaceWish | LineWish) -> Sequence[int]:
    """Give the numbers of a list's rows in order, as somebody who reads it sees them."""
    with world.database.read() as connection:
        seen, case, table = list_in(world, connection, wish.email, wish.case, wish.table)
        return [row.number for row in seen.facts.sheet(SheetKey(case.id, table.key))]


def _behind(order: Sequence[int], wish: PlaceWish, to: int | None) -> int:
    """Give the row behind which a row has its position, 0 for the first.

    Raises: BadInput.
    """
    others = [number for number in order if number != wish.number]
    if to is None or not 1 <= to <= len(order):
        raise _no_position(f"{wish.table}.{wish.number}.to", 1, len(order))
    return others[min(to - 1, len(others)) - 1] if to > 1 else 0


def _no_position(place: str, first: int, last: int) -> BadInput:
    sv = f"Listan har platserna {first} till {last}. Skriv en av dem."
    en = f"The list has positions {first} to {last}. Write one of them."
    told = Placed("position", sv, en, place=place, here_sv=sv, here_en=en)
    return BadInput(sv, en, reasons=(told,))
