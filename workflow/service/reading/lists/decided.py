"""What a body with minutes decided of a case, as the log's deciding entry tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.store.database import Connection
from workflow.store.deeds import told

__all__ = ["Decided", "decided_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision at a meeting."""

    entry: int
    at: datetime
    day: date | None
    """When the body met."""
    paragraph: str
    """Without its sign."""
    present: int | None
    votes_for: int | None
    votes_against: int | None
    abstained: int | None
    reservations: str
    members: int | None
    """How many the body has, where a quorum was demanded."""


def decided_in(connection: Connection, case: str) -> Decided | None:
    """Give the last decision of a case; None when none was made, or it is disposed of."""
    for entry in reversed(told(connection, case)):
        found = entry.payload.get("decision")
        if isinstance(found, dict) and found:
            quorum = entry.payload.get("quorum")
            return Decided(
                entry=entry.number,
                at=entry.at,
                day=_day(found.get("meeting_on")),
                paragraph=str(found.get("paragraph") or "").removeprefix("§").strip(),
                present=_whole(found, "present"),
                votes_for=_whole(found, "votes_for"),
                votes_against=_whole(found, "votes_against"),
                abstained=_whole(found, "abstained"),
                reservations=str(found.get("reservations") or "").strip(),
                members=_whole(quorum if isinstance(quorum, dict) else {}, "members"),
            )
    return None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _whole(found: Mapping[str, Any], key: str) -> int | None:
    value = str(found.get(key) or ("0" if found.get(key) == 0 else ""))
    return int(value) if value.isdecimal() else None
