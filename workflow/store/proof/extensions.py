"""Extensions as the log tells them: who asked for which day, when, and what was answered.

The reasons are words: the entries hold them, and the table's are not compared.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.store.proof.told import differences, readable
from workflow.store.statements import Statement
from workflow.store.tables import Extension, Task

__all__ = ["Extensions"]

_COLUMNS: Final = (
    "task_id",
    "until_on",
    "asked_by",
    "asked_at",
    "answer",
    "answered_by",
    "answered_at",
)
_ANSWERS: Final = {
    EntryKind.EXTENDED.value: "granted",
    EntryKind.EXTENSION_REFUSED.value: "refused",
}
_ASKED: Final = EntryKind.EXTENSION_ASKED.value

_load = Statement(
    select(*(col(getattr(Extension, name)) for name in _COLUMNS))
    .join(Task, col(Task.id) == col(Extension.task_id))
    .where(col(Task.round_id) == bindparam("round_id"))
    .order_by(col(Extension.id))
)


class Extensions:
    """What the entries tell so far of a round's extensions, in the order they were written."""

    def __init__(self) -> None:
        self._told: list[dict[str, object]] = []
        self._open: dict[str, dict[str, object]] = {}
        """The request of each case that waits for an answer."""
        self._sure = True
        """No payload is gone that told of one."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about an extension."""
        if payload is None:
            self._sure = False
        elif entry["kind"] == _ASKED:
            row = self._row(entry, payload)
            row["asked_by"] = entry["on_behalf_of"] or entry["actor"]
            self._open[entry["case_id"]] = row
        elif entry["kind"] in _ANSWERS:
            known = self._open.pop(entry["case_id"], {})
            row = known or self._row(entry, payload)
            row |= {
                "answer": _ANSWERS[entry["kind"]],
                "answered_by": entry["actor"],
                "answered_at": entry["at"],
            }

    def close(self, entry: Mapping[str, Any]) -> None:
        """Follow a move of a case: what was asked for its task is void."""
        row = self._open.pop(entry["case_id"], None)
        if row is not None:
            row |= {"answer": "void", "answered_at": entry["at"]}

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: entry's number (0 for none), problem."""
        if self._sure:
            yield from readable("anstånden", self._compare(connection, round_id))

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if not self._sure:
            yield "anstånden"

    def _row(self, entry: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, object]:
        row: dict[str, object] = dict.fromkeys(_COLUMNS)
        row |= {"task_id": payload.get("task"), "until_on": payload.get("until_on")}
        row["asked_at"] = entry["at"]
        self._told.append(row)
        return row

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        rows = _load.all(connection, round_id=round_id)
        if len(rows) != len(self._told):
            yield 0, f"anstånden är {len(rows)}, men loggen säger {len(self._told)}"
            return
        for told, values in zip(self._told, rows, strict=True):
            stored = dict(zip(_COLUMNS, values, strict=True))
            for problem in differences(told, stored):
                yield 0, f"anståndet för {told['task_id']}: {problem}"
