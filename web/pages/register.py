"""Förteckningen: what the registrator keeps, on a page, as a sheet and as JSON."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from starlette.responses import Response

from web.answers import page, stream
from web.event_form import no_day
from web.forms import FieldError, read_near_day, wrong
from web.visit import Visit
from workflow.core.errors import BadInput
from workflow.service.reading.register.register import (
    Days,
    as_document,
    register,
    register_as_sheet,
)
from workflow.service.reading.register.rows import Row
from workflow.service.reading.sheet import TYPE

__all__ = ["document", "sheet", "show"]

SHOWN: Final = 500
"""Rows on the page; the files hold all."""


def show(visit: Visit) -> Response:
    """Show the rows of some days; of the present year when no days are asked for.

    Raises: NotFound.
    """
    typed = _typed(visit)
    rows: list[Row] = []
    errors: dict[str, str] = {}
    try:
        wanted = _wanted(visit, typed)
        rows = list(islice(_rows(visit, wanted), SHOWN + 1))
    except BadInput as error:
        errors = {one.code: visit.text(one.sv, one.en) for one in error.reasons}
        errors = errors or {"till": visit.text(error.sv, error.en)}
        wanted = None
    return page(
        visit,
        "register.html",
        422 if errors else 200,
        typed=typed,
        wanted=wanted,
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        errors=errors,
        query=visit.query,
    )


def sheet(visit: Visit) -> Response:
    """Give the rows as a sheet.

    Raises: NotFound, BadInput.
    """
    wanted = _wanted(visit, _typed(visit))
    rows = _rows(visit, wanted)
    return stream(_file(visit, wanted, "csv"), TYPE, register_as_sheet(rows, visit.language))


def document(visit: Visit) -> Response:
    """Give the rows as JSON.

    Raises: NotFound, BadInput.
    """
    wanted = _wanted(visit, _typed(visit))
    parts = _json(_rows(visit, wanted))
    return stream(_file(visit, wanted, "json"), "application/json", parts)


def _rows(visit: Visit, wanted: Days) -> Iterator[Row]:
    return register(visit.world, wanted, email=visit.email, language=visit.language)


def _json(rows: Iterator[Row]) -> Iterator[str]:
    """Write an array, a row at a time."""
    first = True
    for row in rows:
        yield ("[\n" if first else ",\n") + json.dumps(as_document(row), ensure_ascii=False)
        first = False
    yield "[]\n" if first else "\n]\n"


def _file(visit: Visit, wanted: Days, ending: str) -> str:
    name = visit.text("forteckning", "register")
    public = visit.text("-offentlig", "-public") if wanted.public else ""
    return f"{name}-{wanted.since}-{wanted.until}{public}.{ending}"


def _typed(visit: Visit) -> dict[str, str]:
    return {name: visit.query.get(name, "").strip()[:80] for name in ("fran", "till", "omgang")}


def _wanted(visit: Visit, typed: dict[str, str]) -> Days:
    """Read what is asked for.

    Raises: BadInput with a reason for each field that cannot be read.
    """

    days = {"fran": date(visit.today.year, 1, 1), "till": visit.today}
    errors = []
    for name, otherwise in days.items():
        try:
            days[name] = read_near_day(typed[name], visit.today) if typed[name] else otherwise
        except ValueError:
            errors.append(FieldError(name, no_day(visit, typed[name])))
    if errors:
        raise wrong(errors)
    return Days(
        since=days["fran"],
        until=days["till"],
        round=typed["omgang"],
        public=visit.query.get("offentlig") == "ja",
    )
