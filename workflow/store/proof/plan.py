"""A round's own row, its plan and its copy of the organisation, as the log tells them."""

from collections.abc import Iterator, Mapping
from json import loads
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind, UnitFact
from workflow.store.proof.told import GONE, as_mapping, differences, readable, units_digest
from workflow.store.statements import Statement
from workflow.store.tables import Milestone, Round, RoundUnit

__all__ = ["Plan"]

_TOLD: Final = ("process", "year", "plan", "reference", "revision")
"""What `round_opened` tells of the round's row, under the columns' names."""
_ROUND: Final = (*_TOLD, "root", "opened_at", "closed_at", "paused_at")
_MILESTONE: Final = (
    "key",
    "position",
    "first_on",
    "last_on",
    "due_at",
    "moved_from",
    "set_by_hand",
)
_DAYS: Final = ("first_on", "last_on", "due_at", "moved_from", "set_by_hand")
"""What `milestone_moved` and `resumed` tell of each milestone."""

_load_round = Statement(
    select(*(col(getattr(Round, name)) for name in _ROUND)).where(
        col(Round.id) == bindparam("round_id")
    )
)
_load_milestones = Statement(
    select(*(col(getattr(Milestone, name)) for name in _MILESTONE))
    .where(col(Milestone.round_id) == bindparam("round_id"))
    .order_by(col(Milestone.position), col(Milestone.key))
)
_load_units = Statement(
    select(
        col(RoundUnit.position),
        col(RoundUnit.key),
        col(RoundUnit.name),
        col(RoundUnit.kind),
        col(RoundUnit.parent),
        col(RoundUnit.facts),
    )
    .where(col(RoundUnit.round_id) == bindparam("round_id"))
    .order_by(col(RoundUnit.position), col(RoundUnit.key))
)


class Plan:
    """What the entries tell so far of everything in a round but its cases."""

    def __init__(self) -> None:
        self._round: dict[str, object] = {}
        self._milestones: dict[str, dict[str, object]] = {}
        self._sure = True
        """No payload is gone that told of milestones."""
        self._units: object = None

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about the round itself."""
        kind = entry["kind"]
        if kind == EntryKind.ROUND_OPENED:
            self._open(entry, payload)
        elif kind == EntryKind.ROUND_CLOSED:
            self._round["closed_at"] = entry["at"]
        elif kind == EntryKind.PAUSED:
            self._round["paused_at"] = entry["at"]
        elif kind == EntryKind.RESUMED:
            self._round["paused_at"] = None
            self._move(payload)
        elif kind == EntryKind.MILESTONE_MOVED:
            self._move(payload)

    def take_opened(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a case's opening: the first is the round itself, and a later one may come
        with a unit that was added."""
        self._round.setdefault("root", entry["case_id"])
        if payload is None:
            self._units = GONE
        elif "units" in payload:
            self._units = payload["units"]

    def rows(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Give each milestone's row by its key, in the order of the plan as far as it is known."""
        yield from self._milestones.items()

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ."""
        yield from readable("omgångens rad", self._compare_round(connection, round_id))
        yield from readable("milstolparna", self._compare_milestones(connection, round_id))
        yield from readable("enheterna", self._compare_units(connection, round_id))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if GONE in self._round.values():
            yield "omgångens egna uppgifter"
        if not self._sure:
            yield "milstolparna"
        if self._units is GONE:
            yield "enheterna"

    def _open(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        self._round["opened_at"] = entry["at"]
        self._round["closed_at"] = self._round["paused_at"] = None
        if payload is None:
            self._round |= dict.fromkeys(_TOLD, GONE)
            self._units, self._sure = GONE, False
            return
        self._round |= {name: payload.get(name) for name in _TOLD}
        self._units = payload.get("units")
        for key, told in as_mapping(payload.get("milestones")).items():
            days = as_mapping(told)
            self._milestones[key] = {
                "moved_from": None,
                "set_by_hand": False,
                **{name: days.get(name) for name in ("position", "first_on", "last_on", "due_at")},
            }

    def _move(self, payload: Mapping[str, Any] | None) -> None:
        if payload is None:  # any of them may have moved
            self._sure = False
            for known in self._milestones.values():
                known.update(dict.fromkeys(_DAYS, GONE))
            return
        for key, told in as_mapping(payload.get("milestones")).items():
            days = as_mapping(told)
            known = self._milestones.setdefault(key, {"position": GONE})
            known.update({name: days.get(name) for name in _DAYS})

    def _compare_round(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        row = _load_round.first(connection, round_id=round_id)
        if row is None:
            return
        if "opened_at" not in self._round:
            yield 0, "loggen säger inte att omgången öppnades"
            return
        stored = dict(zip(_ROUND, row, strict=True))
        for problem in differences({"root": None, **self._round}, stored):
            yield 0, f"omgången: {problem}"

    def _compare_milestones(
        self, connection: Connection, round_id: str
    ) -> Iterator[tuple[int, str]]:
        missing = dict(self._milestones)
        for row in _load_milestones.all(connection, round_id=round_id):
            stored = dict(zip(_MILESTONE, row, strict=True))
            told = missing.pop(row[0], None)
            if told is not None:
                for problem in differences(told, stored):
                    yield 0, f"milstolpen {row[0]}: {problem}"
            elif self._sure:
                yield 0, f"milstolpen {row[0]} finns inte i loggen"
        for key in missing:
            yield 0, f"milstolpen {key} står i loggen men finns inte"

    def _compare_units(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        if self._units is GONE:
            return
        rows = _load_units.all(connection, round_id=round_id)
        units = [
            UnitFact(key=r[1], name=r[2], kind=r[3], parent=r[4], facts=loads(r[5])) for r in rows
        ]
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            yield 0, "enheternas ordning har luckor"
        elif units and units_digest(units) != self._units:
            yield 0, "enheterna är inte de som omgången kopierade enligt loggen"
        elif not units and self._units is not None:
            yield 0, "enheterna som omgången kopierade enligt loggen är borta"
