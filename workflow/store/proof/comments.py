"""Comments as the log tells them: who wrote what beside which case, and when."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.store.proof.told import GONE, differences, digest, kinds_disposed, readable
from workflow.store.statements import Statement
from workflow.store.tables import Case, Comment

__all__ = ["Comments"]

_COLUMNS: Final = ("text", "at", "written_by", "on_behalf_of")

_load = Statement(
    select(
        col(Comment.case_id),
        col(Comment.number),
        *(col(getattr(Comment, name)) for name in _COLUMNS),
    )
    .join(Case, col(Case.id) == col(Comment.case_id))
    .where(col(Case.round_id) == bindparam("round_id"))
    .order_by(col(Comment.case_id), col(Comment.number))
)


class Comments:
    """What the entries tell so far of comments on the cases of a round."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, object], dict[str, object]] = {}
        self._lost: set[str] = set()
        """Cases with a payload that is gone and told of one."""
        self._disposed = False
        """Their texts were disposed of."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry about a comment."""
        if payload is None:
            self._lost.add(entry["case_id"])
            return
        self._told[entry["case_id"], payload.get("number")] = {
            "text": digest(payload.get("text")),
            "at": entry["at"],
            "written_by": entry["actor"],
            "on_behalf_of": entry["on_behalf_of"],
        }

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal, which may have taken the texts."""
        self._disposed = self._disposed or "comments" in kinds_disposed(payload)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield f"kommentarer i {len(self._lost)} ärenden"
        elif self._disposed:
            yield "kommentarernas ord"

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the table differs: entry's number (0 for none), problem."""
        yield from readable("kommentarerna", self._compare(connection, round_id))

    def _compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        missing = {key: told for key, told in self._told.items() if key[0] not in self._lost}
        for case_id, number, text, *rest in _load.all(connection, round_id=round_id):
            if case_id in self._lost:
                continue
            name = f"ärendet {case_id}: kommentar {number}"
            told = missing.pop((case_id, number), None)
            if told is None:
                yield 0, f"{name} finns inte i loggen"
                continue
            stored = dict(zip(_COLUMNS, (digest(text), *rest), strict=True))
            for problem in differences(told | ({"text": GONE} if self._disposed else {}), stored):
                yield 0, f"{name}: {problem}"
        for case_id, number in missing:
            yield 0, f"ärendet {case_id}: kommentar {number} står i loggen men finns inte"
