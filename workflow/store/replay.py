"""What a round's log says must be so, and where the tables say otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, literal, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.statements import Statement
from workflow.store.tables import Case, Join, Round, Task

__all__ = ["Owes", "Replay"]

Owes = Callable[[str, str, str], bool]
"""Whether a state has a task while a case stands in it: revision, kind, state."""

_MOVES: Final = frozenset(
    {
        EntryKind.OPENED.value,
        EntryKind.TRANSITION.value,
        EntryKind.NEXT.value,
        EntryKind.AT_DUE.value,
        EntryKind.REOPENED.value,
        EntryKind.MISSING.value,
        EntryKind.WITHDRAWN.value,
    }
)
_UNDELIVERED: Final = (literal("missing"), literal("withdrawn"))


_this_round = col(Case.round_id) == bindparam("round_id")
_load_round = Statement(
    select(col(Round.revision), col(Round.open_cases)).where(col(Round.id) == bindparam("round_id"))
)
_load_cases = Statement(
    select(col(Case.id), col(Case.kind), col(Case.state), col(Case.version), col(Case.ended_at))
    .where(_this_round)
    .order_by(col(Case.id))
)
_load_tasks = Statement(
    select(col(Task.case_id), col(Task.id), col(Task.state), col(Task.due_at))
    .where(col(Task.round_id) == bindparam("round_id"), col(Task.closed_at).is_(None))
    .order_by(col(Task.id))
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

    number: int
    """Of the last entry that moved it."""
    state: str | None
    version: int | None
    due_at: object
    """RFC 3339, None without a deadline."""
    ended: bool


class Replay:
    """The cases of one round, replayed from its entries. One entry at a time goes in;
    what is kept grows with the cases, not with the entries."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any]) -> str | None:
        """Follow the next entry. Gives what is wrong with it, None when nothing is."""
        if entry["kind"] == EntryKind.MILESTONE_MOVED.value:
            self._move_deadlines(payload.get("deadlines"))
        if entry["kind"] not in _MOVES:
            return None
        case_id = entry["case_id"]
        if case_id is None:
            return "raden flyttar ett ärende men nämner inget"
        self._told[case_id] = _Told(
            number=entry["number"],
            state=entry["to_state"],
            version=entry["case_version"],
            due_at=payload.get("due_at"),
            ended=payload.get("ended") is True,
        )
        return None

    def compare(
        self, connection: Connection, round_id: str, owes: Owes
    ) -> Iterator[tuple[int, str]]:
        """Give where the round's tables differ: entry's number (0 for none), problem."""
        row = _load_round.first(connection, round_id=round_id)
        if row is None:
            return
        revision, open_cases = row
        tasks = {task[0]: task[1:] for task in _load_tasks.all(connection, round_id=round_id)}
        unexplained = dict(self._told)
        unfinished = 0
        for case_id, kind, state, version, ended_at in _load_cases.all(
            connection, round_id=round_id
        ):
            unfinished += ended_at is None
            told = unexplained.pop(case_id, None)
            task = tasks.pop(case_id, None)
            if told is None:
                yield 0, f"ärendet {case_id} finns inte i loggen"
                continue
            for problem in _case_problems(told, state, version, ended_at):
                yield told.number, f"ärendet {case_id}: {problem}"
            owed = ended_at is None and owes(revision, kind, state)
            for problem in _task_problems(told, f"{case_id}#{told.version}", owed, task):
                yield told.number, f"ärendet {case_id}: {problem}"
        for case_id, told in unexplained.items():
            yield told.number, f"ärendet {case_id} står i loggen men finns inte"
        for case_id in tasks:
            yield 0, f"uppgiften för {case_id} hör inte till något ärende i omgången"
        if open_cases != unfinished:
            yield 0, f"omgången räknar {open_cases} öppna ärenden, men de är {unfinished}"
        yield from _join_problems(connection, round_id)

    def _move_deadlines(self, deadlines: object) -> None:
        if not isinstance(deadlines, dict):
            return
        for task_id, due_at in deadlines.items():
            case_id, _, version = task_id.rpartition("#")
            told = self._told.get(case_id)
            if told is not None and str(told.version) == version:
                told.due_at = due_at


def _case_problems(
    told: _Told, state: str, version: int, ended_at: datetime | None
) -> Iterator[str]:
    if state != told.state:
        yield f"läget är {state}, men loggen slutar i {told.state}"
    if version != told.version:
        yield f"versionen är {version}, men loggen slutar på {told.version}"
    if told.ended and ended_at is None:
        yield "är öppet, men enligt loggen avslutat"
    if not told.ended and ended_at is not None:
        yield "är avslutat, men enligt loggen öppet"


def _task_problems(
    told: _Told, task_id: str, owed: bool, task: tuple[Any, ...] | None
) -> Iterator[str]:
    if task is None:
        if owed:
            yield f"den öppna uppgiften {task_id} saknas"
        return
    found, state, due_at = task
    if not owed:
        yield f"uppgiften {found} är öppen, men enligt loggen återstår inget"
        return
    if found != task_id:
        yield f"uppgiften {found} är öppen, men enligt loggen är det {task_id}"
    if state != told.state:
        yield f"uppgiften {found} gäller läget {state}, men loggen slutar i {told.state}"
    if _instant(told.due_at) != due_at:
        yield f"uppgiften {found} har tiden {due_at}, men loggen säger {told.due_at}"


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


def _instant(told: object) -> object:
    """Read an instant of the log; what is none is given back and equals no instant."""
    if not isinstance(told, str):
        return told
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return told
