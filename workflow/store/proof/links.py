"""How rounds hang together, as the log tells it: in both of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from workflow.core.facts import EntryKind
from workflow.store.links import Link, links_of
from workflow.store.proof.told import as_mapping, differences, readable

__all__ = ["Links"]

_OPENED: Final = EntryKind.ROUND_OPENED.value


class Links:
    """What the entries tell so far of the round that opened this one, and of those that this
    one opened."""

    def __init__(self) -> None:
        self._into: dict[str, object] | None = None
        self._out_of: dict[str, dict[str, object]] = {}
        self._knows_into = True
        """The payload of the first entry is there."""
        self._knows_out_of = True
        """No payload of a person's move is gone."""
        self._passed_by = False
        """There is a link of which a payload that is gone may have told."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow the entry that opens the round."""
        if entry["kind"] != _OPENED:
            return
        told = as_mapping((payload or {}).get("begun_by"))
        self._knows_into = payload is not None
        if told:
            self._into = {
                "begun_by": told.get("round"),
                "transition": told.get("transition"),
                "begun_at": entry["at"],
            }

    def take_move(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a move of a case, which may have opened another round."""
        if payload is None:
            self._knows_out_of = self._knows_out_of and entry["transition"] is None
            return
        name = as_mapping(payload.get("begun")).get("round")
        if isinstance(name, str):
            self._out_of[name] = {"transition": entry["transition"], "begun_at": entry["at"]}

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ."""
        yield from readable("länkarna mellan omgångar", self._compare(connection, round_id))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._passed_by:
            yield "länkarna till andra omgångar"

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        into, out_of = links_of(connection, round_id)
        if self._knows_into:
            yield from _compare("länken till omgången före", self._into, into)
        elif into:
            self._passed_by = True
        found = {link.round: link for link in out_of}
        for name in sorted({*found, *self._out_of}):
            told = self._out_of.get(name)
            if told is not None or self._knows_out_of:
                yield from _compare(f"länken till omgången {name}", told, found.get(name))
            else:
                self._passed_by = True


def _compare(
    name: str, told: Mapping[str, object] | None, link: Link | None
) -> Iterator[tuple[int, str]]:
    if told is None and link is not None:
        yield 0, f"{name} finns inte i loggen"
    elif told is not None and link is None:
        yield 0, f"{name} står i loggen men finns inte"
    elif told is not None and link is not None:
        stored = {
            "begun_by": link.begun_by,
            "transition": link.transition,
            "begun_at": link.begun_at,
        }
        for problem in differences(told, stored):
            yield 0, f"{name}: {problem}"
