"""The page of a case put together: as it is, or as it was sent with what is wrong in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from starlette.responses import Response

from web.answers import page as answer
from web.case.form import Typed
from web.charts.plan import draw_plan
from web.charts.stack import stack
from web.charts.timeline import case_timeline
from web.forms import FieldError
from web.telling import process_words
from web.telling.hyphens import soften
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service.acts import Wish
from workflow.service.considering import Considered
from workflow.service.reading.cases.case import CasePage
from workflow.service.reading.cases.choices import Choice, Hurdle, hurdle_of
from workflow.service.reading.cases.since import Since
from workflow.service.reading.cases.tables import ColumnKind, ColumnView, TableView

__all__ = [
    "Look",
    "Lost",
    "anchor",
    "confirm_case",
    "errors_of",
    "of_fields",
    "once_each",
    "show_case",
]

SPARE = 3
"""Empty rows, and fields for questions, that there is always room for."""
DIGITS = 30
"""A number with more is shown as it was typed."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that was typed and has no field any more."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a table that is read."""

    head: tuple[ColumnView, ...]
    """What a row is called: the first column, and the second when both are texts."""
    short: tuple[ColumnView, ...]
    """Side by side."""
    long: tuple[ColumnView, ...]
    """Below, each on a line of its own."""

    def of_row(self, row: Mapping[str, str]) -> list[ColumnView]:
        """Give the long ones that a row has."""
        return [one for one in self.long if one.key in row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the page of a case is shown."""

    typed: Typed = field(default_factory=Typed)
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the id of the field; empty for what has none."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What somebody else wrote meanwhile, by the id of the field or row."""
    gone: tuple[str, ...] = ()
    """Rows that somebody else has taken away, by their first words."""
    since: Since | None = None
    """What has happened since the page was opened, when that stops what was sent."""
    used: bool = False
    """The form was sent before, as it was then."""
    lost: tuple[Lost, ...] = ()
    spare: int = SPARE
    status: int = 200

    def wrong_in(self, part: str) -> bool:
        """Say whether something is wrong in a row, or in what goes with a button."""
        return any(name.startswith(f"{part}.") for name in self.errors)

    def noted_in(self, part: str) -> bool:
        """Say whether something is noted in a row."""
        return any(name == part or name.startswith(f"{part}.") for name in self.notes)

    def typed_in(self, key: str) -> bool:
        """Say whether something was typed for a button."""
        return any(
            name.startswith(f"{key}.") and text.strip() for name, text in self.typed.form.fields
        )

    @staticmethod
    def number(text: str) -> Decimal | None:
        """Read a number that is stored; None for what is none, or could not be stored."""
        try:
            found = Decimal(text.replace(",", "."))
        except InvalidOperation:
            return None
        return found if found.is_finite() and abs(found.adjusted()) <= DIGITS else None

    @staticmethod
    def day(text: str) -> date | None:
        """Read a day that is stored; None for what is none."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    @staticmethod
    def layout(table: TableView) -> "Layout":
        """Lay out a table that is read, without the columns that nobody has filled in."""
        used = [one for one in table.columns if any(one.key in row for row in table.rows)]
        head = used[:2] if all(one.kind is ColumnKind.TEXT for one in used[:2]) else used[:1]
        rest = [one for one in used if one not in head]
        long = (ColumnKind.LONG, ColumnKind.TEXT)
        return Layout(
            head=tuple(head),
            short=tuple(one for one in rest if one.kind not in long),
            long=tuple(one for one in rest if one.kind in long),
        )


def show_case(visit: Visit, page: CasePage, look: Look | None = None) -> Response:
    """Render a case."""
    look = look or Look()
    return answer(
        visit,
        "case.html",
        look.status,
        page=page,
        look=look,
        typed=look.typed,
        anchor=anchor,
        once_each=partial(once_each, visit, page),
        place_of=partial(_place, visit),
        soften=soften,
        words=process_words,
        stack=stack(page.progress),
        timeline=case_timeline(visit, page.id),
        plan=draw_plan(visit, page.material.bars) if page.material else None,
    )


def confirm_case(
    visit: Visit,
    page: CasePage,
    typed: Typed,
    choice: Choice,
    wish: Wish,
    considered: Considered,
) -> Response:
    """Render what will be decided, before it is."""
    carried = ("token", "request")
    return answer(
        visit,
        "case/confirm.html",
        page=page,
        look=Look(typed=typed),
        choice=choice,
        wish=wish,
        considered=considered,
        kept=[(name, text) for name, text in visit.form.fields if name not in carried],
        said=list(_said(visit, page, typed, wish)),
    )


def _said(visit: Visit, page: CasePage, typed: Typed, wish: Wish) -> Iterator[tuple[str, str]]:
    """Give the words of a decision, each with what it is; its own wording first."""
    for table in page.material.tables if page.material else ():
        for row in typed.rows(table) if table.edited and table.is_form else ():
            for column in table.columns:
                if column.key in row.texts:
                    label = "" if column.kind is ColumnKind.LONG else column.title
                    yield label, row.texts[column.key]
    if wish.comment.strip():
        yield visit.text("Skäl", "Reason"), wish.comment
    for number, text in enumerate(wish.data.get("questions", ()), start=1):
        yield visit.text(f"Fråga {number}", f"Question {number}"), text
    decision = wish.data.get("decision", {})
    for name, words in COUNTED.items():
        if name in decision:
            yield visit.text(*words), str(decision[name])


COUNTED = {
    "present": ("Närvarande", "Present"),
    "votes_for": ("Röster för", "Votes for"),
    "votes_against": ("Röster emot", "Votes against"),
    "abstained": ("Avstår", "Abstaining"),
    "reservations": ("Reservationer", "Reservations"),
}
"""What a decision is registered with, in words."""


def _place(visit: Visit, name: str, page: CasePage) -> str:
    """Say where on the page a field is."""
    parts = name.split(".")
    if parts[0] == "svar":
        return visit.text(f"Svar på fråga {parts[1]}", f"Answer to question {parts[1]}")
    row = visit.text(f"rad {parts[2]}", f"row {parts[2]}")
    labels = page.material.labels if page.material else {}
    return f"{labels.get('.'.join((parts[1], *parts[3:])), parts[1])}, {row}"


# ---- what is wrong ---------------------------------------------------------------------


def errors_of(visit: Visit, error: WorkflowError, key: str, page: CasePage) -> dict[str, str]:
    """Give what a verb turned down by the field that it is about."""
    hurdles = [hurdle_of(one, visit.language) for one in error.reasons]
    found: dict[str, str] = {}
    for one in once_each(visit, page, hurdles):
        name = anchor(one.place, key)
        text = one.here if name else one.text
        found[name] = f"{found[name]} {text}" if name in found else text
    return found or {"": error.text(visit.language)}


def once_each(visit: Visit, page: CasePage, hurdles: Sequence[Hurdle]) -> Iterator[Hurdle]:
    """Tell what is about a table with a page of its own once for the table, with how much
    more there is: its fields are there."""
    tables = page.material.tables if page.material else ()
    own = {table.key for table in tables if table.own_page}
    count: Counter[str] = Counter()
    for one in hurdles:
        count[_table_at(one.place)] += one.count
    for one in hurdles:
        table = _table_at(one.place)
        if table not in own:
            yield one
        elif left := count.pop(table, 0):
            text = one.text
            if left > 1:
                text += visit.text(f" Och {left - 1} till.", f" And {left - 1} more.")
            yield Hurdle(text=text, here=text, place=table, count=left)


def _table_at(place: str) -> str:
    """Give the table that a place is in; empty when it is in none."""
    kind, _, at = anchor(place).partition(".")
    return at.partition(".")[0] if kind in {"rad", "tabell"} else ""


def anchor(place: str, key: str = "") -> str:
    """Give the id of the field, or part of the page, that a place stands for."""
    parts = place.split(".")
    if parts[0] == "fraga" and len(parts) == 2:
        return f"svar.{parts[1]}"
    if len(parts) > 2:
        return f"rad.{place}"
    if place in FIELDS:
        return f"{key}.{FIELDS[place]}"
    return f"tabell.{place}" if place else ""


FIELDS = {
    "comment": "comment",
    "questions": "question",
    "due_on": "due_on",
    "choose": "choose",
    "pick": "pick",
    "meeting_on": "meeting_on",
    "present": "present",
    "decision": "paragraph",
}
"""What comes along with a button, by the fields' own names."""


def of_fields(wrong: Sequence[FieldError]) -> dict[str, str]:
    """Give errors of fields by the field."""
    return {one.field: one.text for one in wrong}
