"""Putting a row of a list at another position: a position is what people see and type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.core.errors import BadInput, Placed
from workflow.service.acts import Wish
from workflow.service.reading.lists.listing import read_order
from workflow.service.saving import save
from workflow.service.world import World

__all__ = ["PlaceWish", "place"]


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
    to: int
    """The position it is to have, counted from 1."""
    why: str = ""
    request_id: str | None = None
    form: str = ""
    """What was sent, where that is not the same as what is wished: a step up sent twice is
    one step."""
    on_behalf_of: str | None = None


def place(world: World, wish: PlaceWish) -> dict[str, Any]:
    """Put a row at a position; those between make room. What `saving.save` gives.

    Raises: NotFound, NoRight, Refused; BadInput for a position that is not there, or when a
        reason is wanted; Stale when somebody else has changed the row; Locked, StoreError.
    """
    order = read_order(world, wish.email, wish.case, wish.table)
    move = ["move", wish.number, wish.version, _behind(order, wish), wish.why]
    return save(
        world,
        Wish(
            case=wish.case,
            transition="",
            email=wish.email,
            on_behalf_of=wish.on_behalf_of,
            data={"edits": {wish.table: [move]}},
            request_id=wish.request_id,
            form=wish.form or f"{wish.number}:{wish.version}:{wish.to}:{wish.why}",
        ),
    )


def _behind(order: Sequence[int], wish: PlaceWish) -> int:
    """Give the row behind which a row has its position, 0 for the first.

    Raises: BadInput.
    """
    others = [number for number in order if number != wish.number]
    if not 1 <= wish.to <= len(order):
        sv = f"Listan har platserna 1 till {len(order)}. Du skrev {wish.to}."
        en = f"The list has positions 1 to {len(order)}. You wrote {wish.to}."
        told = Placed(
            "position", sv, en, place=f"{wish.table}.{wish.number}.to", here_sv=sv, here_en=en
        )
        raise BadInput(sv, en, reasons=(told,))
    return others[min(wish.to - 1, len(others)) - 1] if wish.to > 1 else 0
