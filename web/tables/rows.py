"""One row as it was typed, and the wish that it stands for."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from web.case.form import read_cells
from web.forms import Form, changed_fields, read_day, whole
from web.visit import Visit
from workflow.core.errors import Placed, WorkflowError
from workflow.service.acts import Wish
from workflow.service.reading.cases.tables import ColumnKind, ColumnView
from workflow.service.reading.sheets.table import RowView, SheetPage

__all__ = [
    "TypedRow",
    "edit_of",
    "errors_of",
    "merged",
    "pack",
    "read_typed",
    "typed_of",
    "unpack",
    "wish_for",
]

NOT_SENT: Final = frozenset({"token", "request"})
"""Fields that say nothing of what somebody wants done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRow:
    """A row as it stands in its form."""

    number: int = 0
    """0 for a new one."""
    version: int | None = None
    after: int | None = None
    """For a new one: the row that it goes behind; None for last."""
    texts: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    """What stood in the fields when the form was opened."""

    @property
    def changed(self) -> dict[str, str]:
        """Give the fields that are other than when the form was opened."""
        return changed_fields(self.before, self.texts)


def typed_of(row: RowView) -> TypedRow:
    """Give the form of a row as it is stored."""
    return TypedRow(number=row.number, version=row.version, texts=row.texts, before=row.texts)


def read_typed(form: Form, page: SheetPage) -> TypedRow:
    """Read the fields that the page of a row asks for, and no others."""
    number = whole(form.text("nummer")) or 0
    return TypedRow(
        number=number,
        version=whole(form.text("version")),
        after=whole(form.text("efter")),
        texts=read_cells(form, f"rad.{page.key}.{number}", page.columns),
        before=unpack(form.text("sett"), page.columns),
    )


def pack(texts: Mapping[str, str]) -> str:
    """Write texts as a field that a page carries."""
    told = json.dumps(dict(texts), ensure_ascii=False).encode()
    return urlsafe_b64encode(told).decode().rstrip("=")


def unpack(packed: str, columns: Sequence[ColumnView]) -> dict[str, str]:
    """Read what `pack` wrote; nothing for what it did not, so that all counts as typed."""
    try:
        told = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except ValueError:
        return {}
    keys = {one.key for one in columns}
    fields = told.items() if isinstance(told, dict) else ()
    return {key: text for key, text in fields if key in keys and isinstance(text, str)}


# ---- wishes ----------------------------------------------------------------------------


def wish_for(visit: Visit, page: SheetPage, edits: Sequence[Sequence[Any]]) -> Wish:
    """Make the wish for edits of a table, by the form that asks for them."""
    sent = sorted((name, text) for name, text in visit.form.fields if name not in NOT_SENT)
    return Wish(
        case=page.case,
        transition="",
        email=visit.email,
        data={"edits": {page.key: [list(one) for one in edits]}},
        request_id=visit.form.text("request")[:64] or None,
        form=sha256(repr((visit.path, sent)).encode()).hexdigest(),
    )


def cells_of(visit: Visit, page: SheetPage, texts: Mapping[str, str]) -> dict[str, str]:
    """Give texts as the cells of a wish; a day as people write it becomes a day."""
    cells = dict(texts)
    for column in page.columns:
        if column.kind is ColumnKind.DATE and cells.get(column.key):
            try:
                cells[column.key] = read_day(cells[column.key], visit.today).isoformat()
            except ValueError:  # the rules of the column say so, at the cell
                continue
    return cells


def edit_of(visit: Visit, page: SheetPage, typed: TypedRow) -> list[Any]:
    """Give the edit that a typed row stands for."""
    if not typed.number:
        return ["add", typed.after, cells_of(visit, page, typed.texts)]
    return ["set", typed.number, typed.version, cells_of(visit, page, typed.changed)]


# ---- what does not go through ----------------------------------------------------------


def errors_of(visit: Visit, page: SheetPage, error: WorkflowError) -> dict[str, str]:
    """Give what was turned down by the field that it is about."""
    found: dict[str, str] = {}
    for reason in error.reasons:
        at_cell = isinstance(reason, Placed) and reason.place.startswith(f"{page.key}.")
        name = f"rad.{reason.place}" if isinstance(reason, Placed) and at_cell else ""
        text = reason.text(visit.language)
        if isinstance(reason, Placed) and at_cell:
            text = reason.here(visit.language)
        found[name] = f"{found[name]} {text}" if name in found else text
    return found or {"": error.text(visit.language)}


def merged(
    visit: Visit, page: SheetPage, typed: TypedRow, now: RowView
) -> tuple[TypedRow, dict[str, str]]:
    """Put what was typed on top of what stands there now, and tell where they differ."""
    texts: dict[str, str] = {}
    notes: dict[str, str] = {}
    for column in page.columns:
        key = column.key
        was, mine, theirs = (one.get(key, "") for one in (typed.before, typed.texts, now.texts))
        texts[key] = theirs if mine == was else mine
        if theirs in (was, mine):
            continue
        field_name = f"rad.{page.key}.{typed.number}.{key}"
        shown = column.title_of(theirs) or visit.text("(tomt)", "(empty)")
        notes[field_name] = (
            visit.text(
                "Ändrat av någon annan medan du skrev. Det nya står här.",
                "Changed by somebody else as you wrote. The new text is here.",
            )
            if mine == was
            else visit.text(
                f"Sparat av någon annan medan du skrev: ”{shown}” Ditt står kvar i rutan.",
                f'Saved by somebody else as you wrote: "{shown}" Yours is still in the field.',
            )
        )
    kept = {key: text for key, text in texts.items() if text}
    return (
        TypedRow(number=now.number, version=now.version, texts=kept, before=now.texts),
        notes,
    )
