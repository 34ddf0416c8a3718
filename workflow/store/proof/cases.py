"""The cases of a round with their tasks, signatures and counts, as the log tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, literal, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import GONE, as_mapping, differences, readable
from workflow.store.statements import Statement
from workflow.store.tables import Case, Join, Round, Signature, Task

__all__ = ["Cases"]

_OPENED: Final = EntryKind.OPENED.value
_UNDELIVERED: Final = (literal("missing"), literal("withdrawn"))
_ORIGIN: Final = ("kind", "unit", "parent", "opened_in", "started", "occasion")
"""What `opened` tells of a case's row under `case`, by the columns' names."""
_CASE: Final = ("id", *_ORIGIN, "state", "version", "opened_at", "entered_at", "ended_at")
_TASK: Final = (
    "case_id",
    "id",
    "state",
    "role",
    "unit",
    "opens_at",
    "due_at",
    "due_rule",
    "ladder",
    "ladder_from",
    "extended_on",
)
_UNKNOWN_ORIGIN: Final = dict.fromkeys(_ORIGIN, GONE)
_UNKNOWN_TASK: Final = dict.fromkeys(
    ("role", "unit", "due_at", "due_rule", "ladder", "ladder_from", "extended_on"), GONE
)

_this_round = col(Case.round_id) == bindparam("round_id")
_load_open_cases = Statement(
    select(col(Round.open_cases)).where(col(Round.id) == bindparam("round_id"))
)
_load_cases = Statement(
    select(*(col(getattr(Case, name)) for name in _CASE)).where(_this_round).order_by(col(Case.id))
)
_load_tasks = Statement(
    select(*(col(getattr(Task, name)) for name in _TASK))
    .where(col(Task.round_id) == bindparam("round_id"), col(Task.closed_at).is_(None))
    .order_by(col(Task.id))
)
_load_signatures = Statement(
    select(
        col(Task.case_id),
        col(Signature.transition),
        col(Signature.person_id),
        col(Signature.signed_at),
        col(Signature.signed_by),
    )
    .join(Task, col(Task.id) == col(Signature.task_id))
    .where(col(Task.round_id) == bindparam("round_id"), col(Task.closed_at).is_(None))
)
_load_joins = Statement(
    select(
        col(Join.case_id), col(Join.state), col(Join.opened), col(Join.ended), col(Join.delivered)
    )
    .join(Case, col(Case.id) == col(Join.case_id))
    .where(_this_round)
)
_count_children = Statement(
    select(
        col(Case.parent),
        col(Case.opened_in),
        func.count(),
        func.count(col(Case.ended_at)),
        func.count(case((col(Case.state).not_in(_UNDELIVERED), col(Case.ended_at)))),
    )
    .where(_this_round, col(Case.parent).is_not(None), col(Case.started).is_(False))
    .group_by(col(Case.parent), col(Case.opened_in))
)


@dataclass(slots=True)
class _Told:
    """A case as the entries tell it so far."""

    opened_at: object
    origin: Mapping[str, object]
    number: int = 0
    """Of the last entry that moved it."""
    state: str | None = None
    version: int | None = None
    entered_at: object = None
    ended_at: object = None
    task: dict[str, object] | None = None
    """What the log tells of the open task; None when there is none."""
    sure: bool = True
    """The last entry's payload is there, and says whether there is a task."""
    signed: dict[tuple[Any, Any], dict[str, object]] = field(default_factory=dict)
    """When each transition and person was signed since, and by whom for them."""

    def row(self) -> dict[str, object]:
        """Give what the case's row must hold."""
        return {
            **self.origin,
            "state": self.state,
            "version": self.version,
            "opened_at": self.opened_at,
            "entered_at": self.entered_at,
            "ended_at": self.ended_at,
        }

    def owed(self, case_id: str) -> dict[str, object] | None:
        """Give what the open task's row must hold; None when there is none."""
        if self.task is None:
            return None
        return {
            "id": f"{case_id}#{self.version}",
            "state": self.state,
            "opens_at": self.entered_at,
            **self.task,
        }


class Cases:
    """What the entries tell so far of the cases of a round."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> str | None:
        """Follow a move of a case. Gives what is wrong with it, None when nothing is."""
        case_id, at = entry["case_id"], entry["at"]
        told = self._told.get(case_id)
        opens = entry["kind"] == _OPENED
        if opens or told is None:
            told = self._told[case_id] = _Told(
                opened_at=at if opens else GONE,
                origin=_origin(payload) if opens else _UNKNOWN_ORIGIN,
            )
            problem = None if opens else f"raden flyttar {case_id}, som inte har öppnats"
        else:
            problem = None
        told.number = entry["number"]
        told.state = entry["to_state"]
        told.version = entry["case_version"]
        told.entered_at = at
        told.sure = payload is not None
        if told.signed:
            told.signed = {}
        if payload is None:
            told.ended_at, told.task = GONE, {**_UNKNOWN_TASK}
        elif payload.get("ended") is True:
            told.ended_at, told.task = at, None
        else:
            told.ended_at, told.task = None, _task(payload, at)
        return problem

    def take_signature(self, entry: Mapping[str, Any]) -> None:
        """Follow a signature that did not yet move its case."""
        told = self._told.get(entry["case_id"])
        if told is not None:
            hand, behind = entry["actor"], entry["on_behalf_of"]
            signer, by = (hand, None) if behind is None else (behind, hand)
            told.signed[entry["transition"], signer] = {"signed_at": entry["at"], "signed_by": by}

    def move_deadlines(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a moved milestone to the deadlines of the tasks counted from it, or a
        round that goes on to all that it moved."""
        if payload is None:  # any of them may have moved
            for told in self._told.values():
                if told.task is not None:
                    told.task["due_at"] = told.task["ladder_from"] = GONE
                    if entry["kind"] == EntryKind.RESUMED:
                        told.task["extended_on"] = GONE
            return
        extensions = as_mapping(payload.get("extensions"))
        for task_id, due_at in as_mapping(payload.get("deadlines")).items():
            case_id, _, version = task_id.rpartition("#")
            known = self._told.get(case_id)
            if known is not None and known.task is not None and str(known.version) == version:
                known.task["due_at"], known.task["ladder_from"] = due_at, entry["at"]
                if task_id in extensions:
                    known.task["extended_on"] = extensions[task_id]

    def extend(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a granted extension to the open task of its case."""
        told = self._told.get(entry["case_id"])
        if told is None or told.task is None:
            return
        if payload is None:
            told.task |= dict.fromkeys(("due_at", "ladder_from", "extended_on"), GONE)
        elif payload.get("task") == f"{entry['case_id']}#{told.version}":
            told.task["due_at"] = payload.get("due_at")
            told.task["extended_on"] = payload.get("until_on")
            told.task["ladder_from"] = entry["at"]

    def hand_over(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a task to who owes it from then on."""
        told = self._told.get(entry["case_id"])
        if told is None or told.task is None:
            return
        if payload is None:
            told.task |= dict.fromkeys(("role", "unit"), GONE)
        elif payload.get("task") == f"{entry['case_id']}#{told.version}":
            told.task["role"], told.task["unit"] = _place(payload)

    def rows(self) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object] | None]]:
        """Give each case in the order they were opened: its id, its row, its open task's row."""
        for case_id, told in self._told.items():
            yield case_id, told.row(), told.owed(case_id)

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ: entry's number (0 for none), problem."""
        yield from readable("ärendena", self._compare_cases(connection, round_id))
        yield from readable("uppgifterna", self._compare_tasks(connection, round_id))
        yield from readable("underskrifterna", self._compare_signatures(connection, round_id))
        yield from readable("räkningen av ärenden", _join_problems(connection, round_id))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        unknown = sum(told.origin is _UNKNOWN_ORIGIN for told in self._told.values())
        if unknown:
            yield f"vad {unknown} ärenden är och hör till"

    def _compare_cases(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        row = _load_open_cases.first(connection, round_id=round_id)
        if row is None:
            return
        unexplained = dict(self._told)
        unfinished = 0
        for values in _load_cases.all(connection, round_id=round_id):
            stored = dict(zip(_CASE, values, strict=True))
            unfinished += stored["ended_at"] is None
            told = unexplained.pop(stored["id"], None)
            if told is None:
                yield 0, f"ärendet {stored['id']} finns inte i loggen"
                continue
            for problem in differences(told.row(), stored):
                yield told.number, f"ärendet {stored['id']}: {problem}"
        for case_id, told in unexplained.items():
            yield told.number, f"ärendet {case_id} står i loggen men finns inte"
        if row[0] != unfinished:
            yield 0, f"omgången räknar {row[0]} öppna ärenden, men de är {unfinished}"

    def _compare_tasks(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        owed = {case_id: told for case_id, told in self._told.items() if told.task is not None}
        for values in _load_tasks.all(connection, round_id=round_id):
            stored = dict(zip(_TASK, values, strict=True))
            told = owed.pop(stored["case_id"], None)
            name = f"uppgiften {stored['id']}"
            if told is None:
                yield 0, f"{name} är öppen, men enligt loggen återstår inget"
                continue
            for problem in differences(told.owed(stored["case_id"]) or {}, stored):
                yield told.number, f"{name}: {problem}"
        for case_id, told in owed.items():
            if told.sure:
                yield told.number, f"den öppna uppgiften {case_id}#{told.version} saknas"

    def _compare_signatures(
        self, connection: Connection, round_id: str
    ) -> Iterator[tuple[int, str]]:
        missing: dict[tuple[str, str, int], dict[str, object]] = {
            (case_id, transition, person): at
            for case_id, told in self._told.items()
            for (transition, person), at in told.signed.items()
        }
        for case_id, transition, person, signed_at, signed_by in _load_signatures.all(
            connection, round_id=round_id
        ):
            name = f"ärendet {case_id}: underskriften av person {person} ({transition})"
            told = missing.pop((case_id, transition, person), None)
            if told is None:
                yield 0, f"{name} finns inte i loggen"
                continue
            for problem in differences(told, {"signed_at": signed_at, "signed_by": signed_by}):
                yield 0, f"{name}: {problem}"
        for case_id, transition, person in missing:
            yield 0, f"ärendet {case_id}: underskriften av person {person} ({transition}) saknas"


def _origin(payload: Mapping[str, Any] | None) -> Mapping[str, object]:
    if payload is None:
        return _UNKNOWN_ORIGIN
    told = as_mapping(payload.get("case"))
    return {name: told.get(name) for name in _ORIGIN}


def _task(payload: Mapping[str, Any], at: object) -> dict[str, object] | None:
    """Give what a payload tells of the task that opened with it."""
    if "owes" not in payload:
        return None
    role, unit = _place(payload)
    return {
        "role": role,
        "unit": unit,
        "due_at": payload.get("due_at"),
        "due_rule": payload.get("due_rule"),
        "ladder": payload.get("ladder"),
        "ladder_from": at,
        "extended_on": None,
    }


def _place(payload: Mapping[str, Any]) -> tuple[object, object]:
    owes = payload.get("owes")
    return (owes[0], owes[1]) if isinstance(owes, list) and len(owes) == 2 else (None, None)


def _join_problems(connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
    counted = {
        (parent, state): tuple(counts)
        for parent, state, *counts in _count_children.all(connection, round_id=round_id)
    }
    nothing = (0, 0, 0)
    stored = {
        (case_id, state): tuple(counts)
        for case_id, state, *counts in _load_joins.all(connection, round_id=round_id)
    }
    for key in sorted(counted.keys() | stored.keys()):
        has, should = stored.get(key, nothing), counted.get(key, nothing)
        if has != should:
            yield (
                0,
                f"ärendet {key[0]} räknar i läget {key[1]} {_counts(has)}, men det är"
                f" {_counts(should)}",
            )


def _counts(counts: tuple[int, ...]) -> str:
    return "{} öppnade, {} avslutade, {} inlämnade".format(*counts)
