"""What is filled in, asked and answered, as the log tells it; compared by digests."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from workflow.core.facts import EntryKind, RowFact, SheetKey
from workflow.core.polls import nobodys
from workflow.core.sheets import Book, key_of, name_of
from workflow.store.material import FACT, row_fact
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
from workflow.store.tables import Case, MaterialRow, Question, Sheet

__all__ = ["Material"]

_KEYS: Final = frozenset({"rows", "changed", "sheets", "counted", "questions", "answers"})
_NONSENSE: Final = (ValueError, LookupError, TypeError, AttributeError)
_BY_ITSELF: Final = frozenset(
    {EntryKind.OPENED.value, EntryKind.NEXT.value, EntryKind.AT_DUE.value}
)
"""Entries that nothing comes along with."""
_SIGNED: Final = EntryKind.SIGNED.value

_this_round = col(Case.round_id) == bindparam("round_id")
_load_rows = Statement(
    select(col(MaterialRow.case_id), col(MaterialRow.table_key), col(MaterialRow.owner), *FACT)
    .join(Case, col(Case.id) == col(MaterialRow.case_id))
    .where(_this_round)
    .order_by(col(MaterialRow.case_id), col(MaterialRow.table_key), col(MaterialRow.owner))
)
_load_sheets = Statement(
    select(
        col(Sheet.case_id),
        col(Sheet.table_key),
        col(Sheet.owner),
        col(Sheet.last_number),
        col(Sheet.reasons),
        col(Sheet.line),
    )
    .join(Case, col(Case.id) == col(Sheet.case_id))
    .where(_this_round)
    .order_by(col(Sheet.case_id), col(Sheet.table_key), col(Sheet.owner))
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
        self._books: dict[str, Book] = {}
        """What was filled in, by case."""
        self._nonsense: set[str] = set()
        """Cases of whose rows an entry tells what no program has written."""
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
            self._fill_in(entry["case_id"], payload)
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
        self._books.pop(case_id, None)

    def _fill_in(self, case_id: str, payload: Mapping[str, Any]) -> None:
        if case_id in self._lost:
            return
        try:
            self._books.setdefault(case_id, Book()).take(payload)
        except _NONSENSE:
            self._nonsense.add(case_id)

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
        for case_id in sorted(self._nonsense):
            yield 0, f"loggen berättar om rader i ärendet {case_id} som inte går att följa"
        told = {
            key_of(case_id, name): book
            for case_id, book in self._books.items()
            for name in {*book.sheets, *book.counts}
            if case_id not in self._nonsense
        }
        sheets = _load_sheets.all(connection, round_id=round_id)
        whole = {SheetKey(*row[:3]): (row[3], row[4], row[5]) for row in sheets}
        found = _load_rows.all(connection, round_id=round_id)
        rows = {SheetKey(*key): list(some) for key, some in groupby(found, key=itemgetter(0, 1, 2))}
        for key in sorted({*told, *whole, *rows}):
            if key.case in self._lost or key.case in self._nonsense:
                continue
            book, name = told.get(key), f"ärendet {key.case}: tabellen {name_of(key)}"
            try:
                if book and name_of(key) in book.counts:
                    count = book.counts[name_of(key)]
                    same = _is_counted(key, count, rows.get(key, []), whole.get(key))
                else:
                    same = _of_log(book, key) == _of_store(rows.get(key, []), whole.get(key))
                if not same:
                    yield 0, f"{name} är inte den som loggen berättar om"
            except UNREADABLE as error:
                yield 0, f"{name} går inte att läsa: {error}"

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


def _of_log(book: Book | None, key: SheetKey) -> str | None:
    if book is None:
        return None
    name = name_of(key)
    reasons = book.reasons.get(name, {})
    line = book.lines.get(name)
    if not book.sheets.get(name) and not book.last.get(name) and not reasons and line is None:
        return None
    return _digest(book.sheets[name].values(), (book.last.get(name, 0), reasons, line))


def _is_counted(
    key: SheetKey,
    count: int,
    rows: Sequence[Sequence[Any]],
    whole: tuple[int, str, int | None] | None,
) -> bool:
    """Say whether a sheet of which the log tells how many rows it has, and no more, can be
    that one: so many rows, and once they are nobody's nothing besides their own words."""
    if len(rows) != count:
        return False
    if key.owner:
        return whole is not None and whole[0] >= count
    facts = sorted((row_fact(row[3:]) for row in rows), key=lambda row: row.number)
    is_whole = (not count and whole is None) or whole == (count, "{}", None)
    return is_whole and tuple(facts) == nobodys(row.cells for row in facts)


def _of_store(
    rows: Sequence[Sequence[Any]], whole: tuple[int, str, int | None] | None
) -> str | None:
    if not rows and whole in (None, (0, "{}", None)):
        return None
    of_all = (whole[0], json.loads(whole[1]), whole[2]) if whole else None
    return _digest((row_fact(row[3:]) for row in rows), of_all)


def _digest(
    rows: Iterable[RowFact], of_all: tuple[int, Mapping[str, str], int | None] | None
) -> str:
    """Give the digest of a sheet: of every row all that is stored."""
    told = [
        [
            row.number,
            row.place,
            row.version,
            dict(row.cells),
            [row.origin.case, row.origin.number] if row.origin else None,
        ]
        for row in sorted(rows, key=lambda row: row.number)
    ]
    return digest([[of_all[0], dict(of_all[1]), of_all[2]] if of_all else None, told])
