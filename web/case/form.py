"""What was typed on the page of a case: the fields that the page asks for, and no others.

Every field has a name that says where it stands: `rad.TABLE.ROW.COLUMN`, `svar.NUMBER`,
`varfor.TABLE.CHECK`, and for what goes with a button `BUTTON.comment`, `BUTTON.due_on` and
so on. What the page did not ask for is not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

from web.forms import FieldError, Form, read_day
from web.visit import Visit
from workflow.core.inputs import NUMBER
from workflow.core.merging import Typed as TypedRow
from workflow.service.acts import Wish
from workflow.service.reading.cases.case import CasePage
from workflow.service.reading.cases.choices import Choice
from workflow.service.reading.cases.tables import Asked, ColumnKind, ColumnView, TableView

__all__ = [
    "COUNTS",
    "DECISION",
    "Typed",
    "read_cells",
    "read_reasons",
    "read_typed",
    "wish_of",
    "with_rows",
]

ORDINAL: Final = re.compile(r"[1-9][0-9]{0,4}")
"""How a row of the form is numbered, in one way."""
NEW_ROWS: Final = 500
"""Nobody types more rows than this into one form."""
COUNTS: Final = ("present", "votes_for", "votes_against", "abstained")
"""What a body with minutes counts."""
DECISION: Final = ("meeting_on", "paragraph", *COUNTS, "reservations")
"""What it registers."""
NOT_SENT: Final = frozenset({"token", "request", "confirmed", "steg"})
"""Fields that say nothing of what somebody wants done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed."""

    tables: Mapping[str, tuple[TypedRow, ...]] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Why something may be as a check says, by table and check."""
    form: Form = field(default_factory=Form)
    """All of it, for what goes with the buttons."""

    def rows(self, table: TableView) -> Sequence[TypedRow]:
        """Give a table as it was typed, or as it is stored when nothing of it came along."""
        if table.key in self.tables:
            return self.tables[table.key]
        return [TypedRow(of=n, texts=texts) for n, texts in enumerate(table.rows, start=1)]

    def reasons_of(self, table: TableView) -> dict[str, str]:
        """Give why something may be as a table's checks say, as typed or as stored."""
        typed = self.reasons.get(table.key, {})
        return {one.key: typed.get(one.key, one.reason) for one in table.asks}

    def answer(self, number: int, stored: str | None) -> str:
        """Give an answer as it was typed, or as it is stored."""
        return self.answers.get(number, stored or "")

    def text(self, name: str) -> str:
        """Give a field that goes with a button."""
        return self.form.text(name)

    def texts(self, name: str) -> list[str]:
        """Give a field that can have several values."""
        return self.form.texts(name)


def read_typed(form: Form, page: CasePage) -> Typed:
    """Read what the page asks for."""
    if page.material is None:
        return Typed(form=form)
    material = page.material
    mine = [one for one in material.tables if material.writes and one.edited and not one.own_page]
    tables = {
        table.key: tuple(_rows(form, table))
        for table in mine
        if form.with_prefix(f"var.{table.key}.")
    }
    sent = form.with_prefix("svar.") if material.writes else {}
    questions = (q for asking in material.askings for q in asking.questions)
    known = {q.number for q in questions if material.edits or q.answer is None}
    answers = {n: sent[str(n)] for n in sorted(known) if str(n) in sent}
    reasons = {table.key: read_reasons(form, table.key, table.asks) for table in mine}
    return Typed(tables=tables, answers=answers, reasons=reasons, form=form)


def read_reasons(form: Form, table: str, asks: Sequence[Asked]) -> dict[str, str]:
    """Read why something may be as the checks of a table say, by check."""
    sent = form.with_prefix(f"varfor.{table}.")
    return {one.key: sent[one.key].strip() for one in asks if one.key in sent}


def read_cells(form: Form, row: str, columns: Sequence[ColumnView]) -> dict[str, str]:
    """Read the fields of a row that have something in them; what is ticked with commas between.

    `row` is what the names of its fields begin with.
    """
    texts = {
        column.key: ",".join(form.texts(f"{row}.{column.key}"))
        if column.several
        else form.text(f"{row}.{column.key}").strip()
        for column in columns
    }
    return {key: text for key, text in texts.items() if text}


def _rows(form: Form, table: TableView) -> list[TypedRow]:
    """Read the rows of a table that have something in them, in their order."""
    origins = form.with_prefix(f"var.{table.key}.")
    numbers = sorted(int(n) for n in origins if ORDINAL.fullmatch(n))
    removed = form.with_prefix(f"bort.{table.key}.")
    rows = []
    for number in numbers[: len(table.rows) + NEW_ROWS]:
        texts = read_cells(form, f"rad.{table.key}.{number}", table.columns)
        origin = origins[str(number)]
        of = int(origin) if origin.isdecimal() and len(origin) < 6 else None
        if texts and str(number) not in removed:
            rows.append(TypedRow(of=of, texts=texts))
    return rows


def wish_of(
    visit: Visit, page: CasePage, typed: Typed, choice: Choice | None, transition: str
) -> tuple[Wish, list[FieldError]]:
    """Make the wish that the form stands for, and say what in it cannot be read.

    Without a choice it is a wish to save, or one about a button that is not there any more:
    then only what the form says of itself is in it.
    """
    wrong: list[FieldError] = []
    data: dict[str, Any] = {}
    if choice is None or choice.writes:
        data |= _written(visit, page, typed)
    if choice is not None:
        data |= _asked(visit, typed, choice, wrong)
    version = typed.text("version")
    seen = typed.text("seen")
    wish = Wish(
        case=page.id,
        transition=transition,
        email=visit.email,
        on_behalf_of=_behalf(page, typed),
        comment=typed.text(f"{transition}.comment") if choice else "",
        data=data,
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        request_id=typed.text("request")[:64] or None,
        form=_digest(typed.form),
    )
    return wish, wrong


def _behalf(page: CasePage, typed: Typed) -> str | None:
    """Give for whom it is done, of those the page offers."""
    offered = [email for email, _ in page.material.ways] if page.material else []
    return next((one for one in offered if one == typed.text("at")), None)


def _digest(form: Form) -> str:
    kept = sorted((name, value) for name, value in form.fields if name not in NOT_SENT)
    return sha256(repr(kept).encode()).hexdigest()


def _written(visit: Visit, page: CasePage, typed: Typed) -> dict[str, Any]:
    """Give the rows and answers that are other than those stored."""
    material = page.material
    if material is None:
        return {}
    rows = {}
    for table in material.tables:
        mine = typed.tables.get(table.key)
        if mine is not None and [row.texts for row in mine] != [*table.rows]:
            rows[table.key] = [_row(visit, table, row) for row in mine]
    edits = {
        table.key: told
        for table in material.tables
        if (told := list(_reasons(table, typed.reasons.get(table.key, {}))))
    }
    stored = {q.number: q.answer or "" for one in material.askings for q in one.questions}
    answers = {
        str(n): text for n, text in typed.answers.items() if text.strip() != stored.get(n, "")
    }
    written = {"rows": rows, "edits": edits, "answers": answers}
    return {key: value for key, value in written.items() if value}


def _reasons(table: TableView, typed: Mapping[str, str]) -> Iterator[list[str]]:
    """Give an edit for each reason that is other than the one stored."""
    for one in table.asks:
        if typed.get(one.key, one.reason) != one.reason:
            yield ["why", one.key, typed[one.key]]


def _row(visit: Visit, table: TableView, row: TypedRow) -> dict[str, str | int]:
    """Give the cells of a row, and which one it is where it was there before."""
    named = {NUMBER: table.numbers[row.of - 1]} if row.of and row.of <= len(table.numbers) else {}
    return {**_cells(visit, table, row), **named}


def _cells(visit: Visit, table: TableView, row: TypedRow) -> dict[str, str]:
    cells = dict(row.texts)
    for column in table.columns:
        if column.kind is ColumnKind.DATE and column.key in cells:
            try:
                cells[column.key] = read_day(cells[column.key], visit.today).isoformat()
            except ValueError:  # the rules of the column say so, at the cell
                continue
    return cells


def _asked(visit: Visit, typed: Typed, choice: Choice, wrong: list[FieldError]) -> dict[str, Any]:
    """Read what a button asks for, and nothing else."""
    key = choice.key
    data: dict[str, Any] = {}
    if "questions" in choice.asks:
        data["questions"] = [text for text in typed.texts(f"{key}.question") if text.strip()]
    if choice.may_set_day and (day := typed.text(f"{key}.due_on").strip()):
        data["due_on"] = _day(visit, f"{key}.due_on", day, wrong)
    if choice.units:
        data["choose"] = _ticked(typed, f"{key}.choose", [one.value for one in choice.units])
    if choice.picks:
        data["pick"] = _ticked(typed, f"{key}.pick", [one.value for one in choice.picks])
    if choice.minutes or choice.quorum:
        data["decision"] = _decision(visit, typed, key, wrong)
    return data


def _ticked(typed: Typed, name: str, there: Sequence[str]) -> list[str]:
    ticked = typed.texts(name)
    return [one for one in there if one in ticked]


def _decision(visit: Visit, typed: Typed, key: str, wrong: list[FieldError]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in DECISION:
        text = typed.text(f"{key}.{name}").strip()
        if not text:
            continue
        if name == "meeting_on":
            found[name] = _day(visit, f"{key}.{name}", text, wrong)
        elif name in COUNTS:
            if not text.isdecimal() or len(text) > 6:
                wrong.append(FieldError(f"{key}.{name}", _no_count(visit, text)))
            else:
                found[name] = int(text)
        else:
            found[name] = text
    return found


def _no_count(visit: Visit, text: str) -> str:
    return visit.text(
        f"Skriv antalet med siffror, till exempel 38. Du skrev ”{text[:40]}”.",
        f'Write the number in digits, for example 38. You wrote "{text[:40]}".',
    )


def _day(visit: Visit, name: str, text: str, wrong: list[FieldError]) -> str:
    try:
        return read_day(text, visit.today).isoformat()
    except ValueError:
        told = visit.text(
            f"Skriv en dag, till exempel 6 mars. Du skrev ”{text[:40]}”.",
            f'Write a day, for example 6 March. You wrote "{text[:40]}".',
        )
        wrong.append(FieldError(name, told))
        return ""


def with_rows(typed: Typed, tables: Mapping[str, Sequence[TypedRow]]) -> Typed:
    """Give the same with some tables otherwise."""
    merged = {key: tuple(rows) for key, rows in tables.items()}
    return replace(typed, tables={**typed.tables, **merged})
