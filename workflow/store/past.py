"""A round as it stood at an instant: its log replayed up to then, by the rules of the proof."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from workflow.core.days import write_instant
from workflow.core.facts import Place
from workflow.store.log import COLUMNS, pages, select_entries
from workflow.store.proof.replay import Replay
from workflow.store.proof.told import GONE
from workflow.store.rounds import list_cases
from workflow.store.statements import Statement

__all__ = ["Past", "PastCase", "PastMilestone", "PastTask", "read_past"]

_SLACK: Final = timedelta(days=1)
"""An entry may have waited for the round's lock, and so stand behind later ones; never for
so long."""
_ENTRIES: Final = Statement(select_entries())


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTask:
    """What was owed."""

    id: str
    state: str
    opens_at: datetime
    sure: bool
    """False when the payload that told who owed it, by when, was disposed of."""
    place: Place | None = None
    due_at: datetime | None = None
    extended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """A case as it stood."""

    id: str
    kind: str
    unit: str
    parent: str | None
    occasion: str | None
    state: str
    version: int
    entered_at: datetime
    task: PastTask | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMilestone:
    """A milestone as it stood."""

    key: str
    sure: bool
    """False when the payload that told its days was disposed of."""
    first_on: date | None = None
    last_on: date | None = None
    due_at: datetime | None = None
    moved_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A round as it stood."""

    number: int
    """Of the last entry; 0 when the round had not been opened."""
    cases: tuple[PastCase, ...]
    """In the order they were opened."""
    milestones: tuple[PastMilestone, ...]


def read_past(connection: Connection, round_id: str, until: datetime) -> Past:
    """Replay the entries of a round that were written before an instant."""
    replay, number = Replay(), 0
    before, enough = write_instant(until), write_instant(until + _SLACK)
    for row in pages(connection, _ENTRIES, round_id):
        entry = dict(zip(COLUMNS, row, strict=False))
        if entry["at"] >= enough:
            break
        if entry["at"] < before:
            body = row[-1]
            replay.take(entry, None if body is None else json.loads(body))
            number = entry["number"]
    return Past(
        number=number,
        cases=tuple(_cases(connection, round_id, replay)),
        milestones=tuple(_milestone(key, row) for key, row in replay.plan.rows()),
    )


def _cases(connection: Connection, round_id: str, replay: Replay) -> Iterator[PastCase]:
    present = {case.id: case for case in list_cases(connection, round_id)}
    for case_id, told, owed in replay.cases.rows():
        now = present.get(case_id)
        row: dict[str, Any] = dict(told)
        if row["kind"] is GONE and now is not None:  # what a case is never changes
            row |= {"kind": now.kind, "unit": now.unit, "parent": now.parent}
            row |= {"occasion": now.occasion}
        yield PastCase(
            id=case_id,
            kind=row["kind"],
            unit=row["unit"],
            parent=row["parent"],
            occasion=row["occasion"],
            state=row["state"],
            version=row["version"],
            entered_at=datetime.fromisoformat(row["entered_at"]),
            task=None if owed is None else _task(owed),
        )


def _task(owed: Mapping[str, Any]) -> PastTask:
    return PastTask(
        id=owed["id"],
        state=owed["state"],
        opens_at=datetime.fromisoformat(owed["opens_at"]),
        sure=GONE not in owed.values(),
        place=None if GONE in (owed["role"], owed["unit"]) else _place(owed),
        due_at=_instant(owed["due_at"]),
        extended_on=_day(owed["extended_on"]),
    )


def _place(owed: Mapping[str, Any]) -> Place | None:
    return Place(owed["role"], owed["unit"]) if owed["role"] else None


def _milestone(key: str, row: Mapping[str, Any]) -> PastMilestone:
    return PastMilestone(
        key=key,
        sure=GONE not in row.values(),
        first_on=_day(row.get("first_on")),
        last_on=_day(row.get("last_on")),
        due_at=_instant(row.get("due_at")),
        moved_from=_day(row.get("moved_from")),
    )


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
