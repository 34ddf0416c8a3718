"""Each assesses alone: one's own copy as a page of fields, and how far apart all lie once
the step is behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from web.answers import go
from web.answers import page as answer
from web.case.form import read_cells
from web.case.show import Look
from web.charts.spread import draw
from web.forms import changed_fields, whole
from web.tables.rows import pack, unpack
from web.visit import Visit
from workflow.core.errors import BadInput, Placed, Refused, Stale, WorkflowError
from workflow.service import saving
from workflow.service.acts import Wish
from workflow.service.reading.lists.assessments import Assessment, OwnRow, read_assessment

__all__ = ["save", "show"]

ON_A_PAGE: Final = 50
FORM: Final = ("rad.", "om.", "sett.", "nr.", "v.")
"""What the names of the fields begin with that say what is wished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A row of the form as it was sent."""

    at: int
    """Where it lies in what is assessed, counted from 1."""
    case: str
    number: int
    name: str
    row: int | None
    version: int | None
    texts: Mapping[str, str]
    before: Mapping[str, str]
    """What stood in its fields when the page was opened."""

    @property
    def changed(self) -> dict[str, str]:
        """Give the fields that are other than when the page was opened."""
        return changed_fields(self.before, self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page says besides what is stored."""

    typed: Mapping[int, Typed] = field(default_factory=dict)
    """By where the row lies."""
    look: Look = field(default_factory=Look)
    why: str = ""
    """Why nothing was saved."""
    status: int = 200


def show(visit: Visit) -> Response:
    """Show somebody's own copy while others are hidden, and all once the step is behind.

    Raises: NotFound; NoRight when they do not stand in for whom they say.
    """
    return _show(visit, _read(visit, visit.query.get("for") or None), Told())


def save(visit: Visit) -> Response:
    """Save what is written on one page of a copy.

    Raises: NotFound; NoRight when they do not stand in for whom they say.
    """
    behalf = visit.form.text("for") or None
    found = _read(visit, behalf)
    typed = _read_typed(visit, found)
    try:
        saving.save(visit.world, _wish(visit, found, typed, behalf))
    except (BadInput, Refused, Stale) as error:
        return _again(visit, _read(visit, behalf), typed, error)
    return go(_path(visit, found, sheet=_sheet(visit.form.text("sida")), saved=True), "sparat")


# ---- steps -----------------------------------------------------------------------------


def _read(visit: Visit, behalf: str | None) -> Assessment:
    case, table = visit.params["case"], visit.params["table"]
    return read_assessment(visit.world, visit.email, case, table, behalf=behalf)


def _sheet(text: str) -> int:
    return max(whole(text) or 1, 1)


def _path(
    visit: Visit,
    found: Assessment,
    *,
    sheet: int = 1,
    order: str = "",
    saved: bool = False,
) -> str:
    behalf = visit.form.text("for") or visit.query.get("for", "")
    given = {
        "for": behalf,
        "ordning": order,
        "sida": str(sheet) if sheet > 1 else "",
        "sparat": "1" if saved else "",
    }
    query = urlencode({key: value for key, value in given.items() if value})
    return f"/arenden/{found.case}/bedomning/{found.table}" + (f"?{query}" if query else "")


def _show(visit: Visit, found: Assessment, told: Told) -> Response:
    order = "lista" if visit.query.get("ordning") == "lista" else ""
    results = found.results if order else found.disputed
    whole_list: Sequence[Any] = found.rows if found.hidden else results
    sheets = max(1, -(-len(whole_list) // ON_A_PAGE))
    asked = visit.form.text("sida") or visit.query.get("sida", "")
    sheet = min(_sheet(asked), sheets)
    first = (sheet - 1) * ON_A_PAGE
    rows = whole_list[first : first + ON_A_PAGE]
    return answer(
        visit,
        "assess/assessment.html",
        told.status,
        page=found,
        rows=list(enumerate(rows, start=first + 1)),
        sheet=sheet,
        sheets=sheets,
        order=order,
        look=told.look,
        told=told,
        draw=draw,
        sett=pack,
        path=lambda number=1, by="": _path(visit, found, sheet=number, order=by),
        behalf=visit.form.text("for") or visit.query.get("for", ""),
        saved=bool(visit.query.get("sparat")),
    )


def _read_typed(visit: Visit, found: Assessment) -> list[Typed]:
    """Read the rows of the form that say what they are about, one page of them."""
    read = []
    for at_text, about in list(visit.form.with_prefix("om.").items())[:ON_A_PAGE]:
        at, (case, _, number) = whole(at_text), about.rpartition("~")
        of = whole(number)
        if at is None or of is None:
            continue
        read.append(
            Typed(
                at=at,
                case=case,
                number=of,
                name=visit.form.text(f"namn.{at}")[:500],
                row=whole(visit.form.text(f"nr.{at}")),
                version=whole(visit.form.text(f"v.{at}")),
                texts=read_cells(visit.form, f"rad.{found.table}.{at}", found.columns),
                before=unpack(visit.form.text(f"sett.{at}"), found.columns),
            )
        )
    return read


def _wish(visit: Visit, found: Assessment, typed: Sequence[Typed], behalf: str | None) -> Wish:
    edits: list[list[object]] = []
    for one in typed:
        if one.changed and one.row:
            edits.append(["set", one.row, one.version, one.changed])
        elif one.texts and one.changed:
            edits.append(["add", None, dict(one.texts), one.case, one.number])
    sent = sorted((name, text) for name, text in visit.form.fields if name.startswith(FORM))
    return Wish(
        case=found.case,
        transition="",
        email=visit.email,
        on_behalf_of=behalf,
        data={"edits": {found.table: edits}},
        request_id=visit.form.text("request")[:64] or None,
        form=repr((visit.path, behalf, sent)),
    )


def _again(
    visit: Visit, found: Assessment, typed: Sequence[Typed], error: WorkflowError
) -> Response:
    """Show the page again with everything that was typed, and what is wrong at its field."""
    now = {(row.case, row.number): row for row in found.rows}
    merged = {one.at: _merged(one, now.get((one.case, one.number))) for one in typed}
    notes = {
        f"rad.{found.table}.{one.at}.{key}": _stands(visit, found, now, one, key)
        for one in typed
        if isinstance(error, Stale)
        for key in one.changed
        if _stands(visit, found, now, one, key)
    }
    errors = _errors(visit, found, typed, error)
    at_fields = {key for key in errors if key}
    look = Look(errors=errors, notes=notes)
    return _show(
        visit,
        found,
        Told(
            typed=merged,
            look=look,
            why="" if at_fields else visit.text(error.sv, error.en),
            status=422 if isinstance(error, BadInput) else 409,
        ),
    )


def _merged(one: Typed, row: OwnRow | None) -> Typed:
    """Put what was typed on top of what stands there now."""
    if row is None:
        return one
    texts = {**row.texts, **one.changed}
    return replace(
        one,
        row=row.row,
        version=row.version,
        texts={key: text for key, text in texts.items() if text},
        before=row.texts,
    )


def _stands(
    visit: Visit,
    found: Assessment,
    now: Mapping[tuple[str, int], OwnRow],
    one: Typed,
    key: str,
) -> str:
    """Say what stands in a field now, where it is other than when the page was opened."""
    row = now.get((one.case, one.number))
    if row is None or row.version == one.version:
        return ""
    there = row.texts.get(key, "")
    if there in (one.before.get(key, ""), one.texts.get(key, "")):
        return ""
    column = next(column for column in found.columns if column.key == key)
    told = column.title_of(there) or visit.text("inget", "nothing")
    return visit.text(f"Nu står där: {told}.", f"Now it says: {told}.")


def _errors(
    visit: Visit, found: Assessment, typed: Sequence[Typed], error: WorkflowError
) -> dict[str, str]:
    """Give what is wrong, by field where it can be mended there."""
    if not isinstance(error, BadInput):
        return {}
    ids = {f"{found.table}.{one.case}.{one.number}": one.at for one in typed}
    ids |= {f"{found.table}.{one.row}": one.at for one in typed if one.row}
    errors: dict[str, str] = {}
    for reason in error.reasons:
        if isinstance(reason, Placed):
            about, _, column = reason.place.rpartition(".")
            if about in ids:
                field_id = f"rad.{found.table}.{ids[about]}.{column}"
                errors[field_id] = visit.text(reason.here_sv, reason.here_en)
    return errors
