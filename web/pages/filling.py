"""Filling in the same level in many rows of a list: chosen, counted, saved in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import Response

from web.answers import go
from web.answers import page as answer
from web.forms import whole
from web.lists.look import LINE, levelled, line_of
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale, bad_input
from workflow.service.acts import Wish
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.lists.page import ListPage, ListRow
from workflow.service.saving import save
from workflow.service.seeing import nothing_there

__all__ = ["fill", "show"]

LACKING: Final = "saknar"
ABOVE: Final = "ovanfor"
BELOW: Final = "nedanfor"
TICKED: Final = "valda"
WHICH: Final = (LACKING, ABOVE, BELOW, TICKED)
NAMED: Final = 200
"""So many rows are named; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What somebody wants to fill in where."""

    column: ListColumn
    level: str
    which: str
    line: int | None
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page says besides."""

    errors: Mapping[str, str] = field(default_factory=dict)
    late: tuple[str, ...] = ()
    """Names of the rows that somebody else has changed meanwhile."""
    status: int = 200


def show(visit: Visit) -> Response:
    """Show which rows a level would be filled in in.

    Raises: NotFound, also when they do not fill in the list; BadInput for what no form of
        ours asks.
    """
    page = _read(visit)
    typed = visit.query
    wanted = _read_wish(page, typed.get("till", ""), typed.get("vilka", ""), typed.get(LINE, ""))
    ticked = {number for one in typed.getlist("rad") if (number := whole(one))}
    return _show(visit, page, _chosen(page, wanted, ticked), Told())


def fill(visit: Visit) -> Response:
    """Fill in the rows that were shown, all in one entry.

    Raises: NotFound; NoRight; BadInput for a form that no page of ours has sent.
    """
    page, form = _read(visit), visit.form
    wanted = _read_wish(page, form.text("till"), form.text("vilka"), form.text(LINE))
    seen = _seen(form.text("rader"))
    edits = [
        ["set", number, version, {wanted.column.key: wanted.level}]
        for number, version in seen.items()
    ]
    wish = Wish(
        case=page.case,
        transition="",
        email=visit.email,
        data={"edits": {page.table: edits}},
        request_id=form.text("request") or None,
        form=f"{form.text('till')}|{form.text('rader')}",
    )
    try:
        save(visit.world, wish)
    except NoRight:
        raise
    except (BadInput, Refused, Stale) as error:
        return _again(visit, wanted, seen, error)
    return go(f"/arenden/{page.case}/lista/{page.table}", "raderna")


def _again(
    visit: Visit, wanted: Filling, seen: Mapping[int, int], error: BadInput | Refused | Stale
) -> Response:
    """Show what it comes to now: the same rows as they are, those that are late by name."""
    page = _read(visit)
    late = {int(place.split(".")[1]) for place in _places(error) if place.count(".") == 1}
    rows = _chosen(page, wanted, set(seen))
    names = tuple(row.name for row in page.rows if row.number in late)
    gone = late - {row.number for row in page.rows}
    names += (visit.text("en rad som inte finns kvar", "a row that is gone"),) * bool(gone)
    status = 422 if isinstance(error, BadInput) else 409
    told = {"": error.text(visit.language)} if not names else {}
    return _show(visit, page, rows, Told(errors=told, late=names, status=status))


def _places(error: BadInput | Refused | Stale) -> Sequence[str]:
    return [str(getattr(reason, "place", "")) for reason in error.reasons]


def _read(visit: Visit) -> ListPage:
    page = read_list(visit.world, visit.email, visit.params["case"], visit.params["table"])
    if not page.writable:
        raise nothing_there()
    return page


def _read_wish(page: ListPage, to: str, which: str, line: str) -> Filling:
    """Read which level goes where; the rows come after.

    Raises: BadInput.
    """
    key, _, level = to.partition("=")
    own = {column.key: column for column in levelled(page) if column.own}
    if which not in WHICH or key not in own or level not in own[key].levels:
        raise bad_input("till", "Välj ett värde och vilka rader.", "Choose a value and which rows.")
    tried = line_of(line, len(page.rows))
    return Filling(
        column=own[key],
        level=level,
        which=which,
        line=page.line if tried is None else tried,
        rows=(),
    )


def _chosen(page: ListPage, wanted: Filling, ticked: set[int]) -> Filling:
    """Find the rows; those that have the level already are left as they are."""
    key, line = wanted.column.key, wanted.line
    rows = tuple(
        row
        for row in page.rows
        if row.raw.get(key) != wanted.level
        and (
            (wanted.which == LACKING and row.raw.get(key) in (None, ""))
            or (wanted.which == TICKED and row.number in ticked)
            or (wanted.which == ABOVE and line is not None and row.position <= line)
            or (wanted.which == BELOW and line is not None and row.position > line)
        )
    )
    return Filling(
        column=wanted.column, level=wanted.level, which=wanted.which, line=line, rows=rows
    )


def _seen(text: str) -> dict[int, int]:
    """Read the rows that were shown, each with its version, `5.1 6.2`.

    Raises: BadInput.
    """
    pairs = [pair.partition(".") for pair in text.split()]
    read = {whole(number): whole(version) for number, _, version in pairs}
    found = {n: v for n, v in read.items() if n is not None and v is not None}
    if len(found) != len(pairs) or not found:
        raise bad_input(
            "rader", "Formuläret säger inte vilka rader.", "The form does not say which rows."
        )
    return found


def _show(visit: Visit, page: ListPage, wanted: Filling, told: Told) -> Response:
    changed = [row for row in wanted.rows if row.raw.get(wanted.column.key) not in (None, "")]
    return answer(
        visit,
        "lists/fill.html",
        told.status,
        page=page,
        wanted=wanted,
        told=told,
        title=wanted.column.levels[wanted.level],
        named=wanted.rows[:NAMED],
        more=max(0, len(wanted.rows) - NAMED),
        changed=len(changed),
        seen=" ".join(f"{row.number}.{row.version}" for row in wanted.rows),
        path=f"/arenden/{page.case}/lista/{page.table}",
    )
