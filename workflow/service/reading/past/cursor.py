"""A place in what has happened: everything older lies behind it, whatever comes.

For each chain the numbers of the last entry and of the last mail that were read. Both
only grow, so what comes meanwhile lies before the place and moves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import fullmatch
from typing import Final

from workflow.core.errors import BadInput
from workflow.store.history import NEWEST

__all__ = ["Cursor", "read_cursor"]

_MOST: Final = 4000
"""Characters of a written cursor."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to read on, by chain: below which entry, and below which mail."""

    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, chain: str) -> tuple[int, int]:
        """Give the places of a chain; of one that is not named, its newest."""
        return self.places.get(chain, (NEWEST, NEWEST))

    def has(self, chain: str) -> bool:
        """Say whether a chain is to be read: one that came after the first page is new."""
        return not self.places or chain in self.places

    def written(self) -> str:
        """Write it, to stand in an address."""
        return "~".join(f"{chain}~{entry}~{mail}" for chain, (entry, mail) in self.places.items())


def read_cursor(text: str) -> Cursor:
    """Read what `written` wrote; empty is the newest place.

    Raises: BadInput.
    """
    if not text:
        return Cursor()
    parts = text[:_MOST].split("~")
    whole = len(text) <= _MOST and len(parts) % 3 == 0
    numbers = [*parts[1::3], *parts[2::3]]
    if not whole or not all(fullmatch(r"[0-9]{1,10}", one) for one in numbers):
        raise BadInput(
            "Adressen är avklippt eller ändrad. Börja om från de nyaste händelserna.",
            "The address is cut or changed. Begin again with the newest events.",
        )
    places = {
        chain: (min(int(entry), NEWEST), min(int(mail), NEWEST))
        for chain, entry, mail in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }
    return Cursor(places)
