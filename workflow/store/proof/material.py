"""What is filled in, asked and answered, as the log tells it; compared by digests."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind
from workflow.core.material import MAX_ROWS
from workflow.store.proof.told import (
    GONE,
    UNREADABLE,
    as_mapping,
    differences,
    digest,
    kinds_disposed,
    readable,
)
from workflow.store.statements import Statement
from workflow.store.tables import Case, MaterialRow, Question

__all__ = ["Material"]

_KEYS: Final = frozenset({"rows", "changed", "questions", "answers"})
_BY_ITSELF: Final = frozenset(
    {EntryKind.OPENED.value, EntryKind.NEXT.value, EntryKind.AT_DUE.value}
)
"""Entries that nothing comes along with."""
_SIGNED: Final = EntryKind.SIGNED.value
_EMPTY: Final = digest([])

_this_round = col(Case.round_id) == bindparam("round_id")
_load_rows = Statement(
    select(
        col(MaterialRow.case_id),
        col(MaterialRow.table_key),
        col(MaterialRow.position),
        col(MaterialRow.cells),
    )
    .join(Case, col(Case.id) == col(MaterialRow.case_id))
    .where(_this_round)
    .order_by(col(MaterialRow.case_id), col(MaterialRow.table_key), col(MaterialRow.position))
)
_QUESTION: Final = ("text", "asked_at", "asked_by", "answer", "answered_at", "answered_by")
_load_questions = Statement(
    select(
        col(Question.case_id),
        col(Question.number),
        *(col(getattr(Question, name)) for name in _QUESTION),
    )
    .join(Case, col(Case.id) == col(Question.case_id))
    .where(_this_round)
    .order_by(col(Question.case_id), col(Question.number))
)


class Material:
    """What the entries tell so far of tables and questions in the cases of a round."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, object]] = {}
        """What was last filled in, by case and table."""
        self._questions: dict[str, list[dict[str, object]]] = {}
        self._lost: set[str] = set()
        """Cases with a payload that is gone and may have told of either."""
        self._disposed = False
        """The texts of questions and answers were disposed of."""

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow a move, a signature or a saved draft."""
        if payload is None:
            if entry["kind"] not in _BY_ITSELF:
                self._lose(entry["case_id"])
        elif not _KEYS.isdisjoint(payload):
            tables = self._rows.setdefault(entry["case_id"], {})
            tables |= as_mapping(payload.get("rows"))
            for table, told in as_mapping(payload.get("changed")).items():
                if table in tables or entry["case_id"] not in self._lost:
                    tables[table] = _changed(tables.get(table), as_mapping(told))
            self._answer(entry, as_mapping(payload.get("answers")))
            # Questions that come with `pick` go to the cases that are reopened with it,
            # whose entries say so; those of a signature that does not suffice, to nobody.
            if not payload.get("pick") and entry["kind"] != _SIGNED:
                self._ask(entry, payload.get("questions"))

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal, which may have taken the texts of questions and answers."""
        self._disposed = self._disposed or "questions" in kinds_disposed(payload)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        if self._lost:
            yield f"tabeller och frågor i {len(self._lost)} ärenden"
        elif self._disposed:
            yield "frågornas och svarens ord"

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ."""
        yield from readable("tabellernas rader", self._compare_rows(connection, round_id))
        yield from readable("frågorna", self._compare_questions(connection, round_id))

    def _lose(self, case_id: str) -> None:
        self._lost.add(case_id)
        self._questions.pop(case_id, None)
        self._rows.pop(case_id, None)

    def _ask(self, entry: Mapping[str, Any], texts: object) -> None:
        for text in texts if isinstance(texts, list) else ():
            self._questions.setdefault(entry["case_id"], []).append(
                {
                    "text": digest(text),
                    "asked_at": entry["at"],
                    "asked_by": entry["actor"],
                    "answer": None,
                    "answered_at": None,
                    "answered_by": None,
                }
            )

    def _answer(self, entry: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        asked = self._questions.get(entry["case_id"], [])
        for number, text in answers.items():
            if number.isdecimal() and len(number) < 10 and 0 < int(number) <= len(asked):
                asked[int(number) - 1] |= {
                    "answer": digest(text),
                    "answered_at": entry["at"],
                    "answered_by": entry["actor"],
                }

    def _compare_rows(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        missing = {
            (case, table): digest(rows)
            for case, told in self._rows.items()
            for table, rows in told.items()
        }
        found = _load_rows.all(connection, round_id=round_id)
        for (case_id, table), rows in groupby(found, key=itemgetter(0, 1)):
            told = missing.pop((case_id, table), None)
            if told is None and case_id in self._lost:
                continue
            name = f"ärendet {case_id}: tabellen {table}"
            try:
                if told != _rows_digest(rows):
                    yield 0, f"{name} är inte den som loggen berättar om"
            except UNREADABLE as error:
                yield 0, f"{name} går inte att läsa: {error}"
        for (case_id, table), told in missing.items():
            if told != _EMPTY:
                yield 0, f"ärendet {case_id}: tabellen {table} är tom, men inte enligt loggen"

    def _compare_questions(
        self, connection: Connection, round_id: str
    ) -> Iterator[tuple[int, str]]:
        missing = {
            (case_id, number): told
            for case_id, asked in self._questions.items()
            if case_id not in self._lost
            for number, told in enumerate(asked, start=1)
        }
        for case_id, number, text, *rest in _load_questions.all(connection, round_id=round_id):
            if case_id in self._lost:
                continue
            name = f"ärendet {case_id}: fråga {number}"
            told = missing.pop((case_id, number), None)
            if told is None:
                yield 0, f"{name} finns inte i loggen"
                continue
            stored = dict(zip(_QUESTION, (digest(text), *rest), strict=True))
            if stored["answer"] is not None:
                stored["answer"] = digest(stored["answer"])
            if self._disposed:
                told |= {"text": GONE} | ({"answer": GONE} if told["answer"] else {})
            for problem in differences(told, stored):
                yield 0, f"{name}: {problem}"
        for case_id, number in missing:
            yield 0, f"ärendet {case_id}: fråga {number} står i loggen men finns inte"


def _changed(before: object, told: Mapping[str, Any]) -> list[object] | None:
    """Give the rows after some of them changed; None, which no table is, for nonsense."""
    count = told.get("count")
    if type(count) is not int or not 0 <= count <= MAX_ROWS:
        return None
    after = [*before][:count] if isinstance(before, list) else []
    after += [None] * (count - len(after))
    for place, row in as_mapping(told.get("rows")).items():
        if not place.isdecimal() or len(place) > 5 or not 1 <= int(place) <= count:
            return None
        after[int(place) - 1] = row
    return after


def _rows_digest(rows: Iterator[tuple[Any, ...]]) -> str | None:
    """Give the digest of a table's cells; None when its numbering has gaps."""
    cells = []
    for number, row in enumerate(rows, start=1):
        if row[2] != number:
            return None
        cells.append(json.loads(row[3]))
    return digest(cells)
