"""Lists for everybody, also who has not signed in: only what was released."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlencode

from starlette.responses import PlainTextResponse, Response

from documents.papers.open_data import make_open_csv, words_of
from web.answers import page
from web.charts.balance import bars_of, draw, draw_narrow
from web.forms import whole
from web.visit import Visit
from workflow.core.open_list import OpenKind, OpenList, OpenRow
from workflow.service.reading.published.picking import (
    Pick,
    amount_column,
    balance_in,
    naming_column,
    pick,
    units_in,
)
from workflow.service.reading.published.released import (
    Released,
    list_released,
    read_file,
    read_released,
)

__all__ = ["as_csv", "as_json", "list_all", "show"]

ON_A_PAGE: Final = 100
LANGUAGES: Final[Mapping[str, Literal["sv", "en"]]] = {"sv": "sv", "en": "en"}
LEVEL: Final = "niva-"
"""Before the key of a column of levels, in the query."""
LONGEST: Final = 200
"""Characters of what is sought."""
FOR_ALL: Final = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, no-cache",
}
"""Of the data: any page may read it, and asks each time whether it is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of the rows that are picked."""

    rows: tuple[OpenRow, ...]
    number: int
    count: int
    """How many pages there are."""


def list_all(visit: Visit) -> Response:
    """Show the newest release of each list."""
    found = list_released(visit.world)
    return page(_chosen(visit), "open/lists.html", found=found, amount_column=amount_column)


def show(visit: Visit) -> Response:
    """Show a released list, or the rows of it that are asked for.

    Raises: NotFound.
    """
    visit = _chosen(visit)
    found = read_released(visit.world, visit.params["publication"])
    if found.made is None:
        return page(visit, "open/gone.html", 410, found=found)
    return _show(visit, found, found.made)


def as_json(visit: Visit) -> Response:
    """Give a released list as it was frozen.

    Raises: NotFound.
    """
    found = read_file(visit.world, visit.params["publication"])
    if not found.content:
        return _gone(visit)
    return _data(visit, "application/json", found.content)


def as_csv(visit: Visit) -> Response:
    """Give a released list as CSV.

    Raises: NotFound.
    """
    found = read_file(visit.world, visit.params["publication"])
    if not found.content:
        return _gone(visit)
    return _data(visit, "text/csv; charset=utf-8", make_open_csv(found.made))


# ---- steps -----------------------------------------------------------------------------


def _chosen(visit: Visit) -> Visit:
    """Take the language that is asked for in the address."""
    return replace(visit, asked_language=LANGUAGES.get(visit.query.get("sprak", "")))


def _show(visit: Visit, found: Released, made: OpenList) -> Response:
    wish = _wish(visit, made)
    picked = pick(made, wish)
    everything, part = balance_in(made, made.rows), balance_in(made, picked)
    bars = bars_of(visit, part) if part and (part.freed or part.costs) else ()
    return page(
        visit,
        "open/list.html",
        found=found,
        made=made,
        wish=wish,
        level_prefix=LEVEL,
        picked=picked,
        sheet=_sheet(visit, picked),
        units=units_in(made),
        naming=naming_column(made),
        amount=amount_column(made),
        whole=everything,
        part=part,
        bars=bars,
        wide=draw(visit, bars),
        narrow=draw_narrow(bars),
        is_level=lambda column: column.kind in (OpenKind.LEVEL, OpenKind.LEVELS),
        words_of=words_of,
        address=lambda sheet: _address(visit, found.id, wish, sheet),
        exercise=visit.world.rehearsal,
    )


def _wish(visit: Visit, made: OpenList) -> Pick:
    """Read what is asked for; what the list does not know is not asked for."""
    levels = {}
    for column in made.columns:
        asked = visit.query.get(f"{LEVEL}{column.key}", "")
        if any(asked == key for key, _ in column.levels):
            levels[column.key] = asked
    unit = visit.query.get("enhet", "")
    return Pick(
        levels=levels,
        unit=unit if unit in units_in(made) else "",
        words=visit.query.get("ord", "").strip()[:LONGEST],
    )


def _sheet(visit: Visit, picked: tuple[OpenRow, ...]) -> Sheet:
    count = max(1, -(-len(picked) // ON_A_PAGE))
    number = min(max(whole(visit.query.get("sida", "")) or 1, 1), count)
    rows = picked[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return Sheet(rows=rows, number=number, count=count)


def _address(visit: Visit, publication: str, wish: Pick, sheet: int) -> str:
    """Give the address of a page of what is picked."""
    asked = {f"{LEVEL}{key}": level for key, level in wish.levels.items()}
    asked |= {"enhet": wish.unit, "ord": wish.words, "sida": str(sheet) if sheet > 1 else ""}
    asked["sprak"] = visit.query.get("sprak", "")
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/oppet/{publication}" + (f"?{query}" if query else "")


def _data(visit: Visit, kind: str, content: bytes) -> Response:
    """Give bytes that never change, or say that whoever asks has them (RFC 9110, 13.1.2)."""
    tag = f'"{sha256(content).hexdigest()}"'
    headers = {**FOR_ALL, "etag": tag}
    known = {one.strip().removeprefix("W/") for one in visit.known_tags.split(",")}
    if tag in known or known == {"*"}:
        return Response(status_code=304, headers=headers)
    safe = {"content-security-policy": "sandbox; default-src 'none'"}
    return Response(content, media_type=kind, headers={**headers, **safe})


def _gone(visit: Visit) -> Response:
    told = visit.text(
        "Listan är tillbakadragen eller gallrad och finns inte att hämta längre.",
        "The list was withdrawn or disposed of, and is no longer to be had.",
    )
    return PlainTextResponse(told + "\n", 410, headers=FOR_ALL)
