"""What became of what a unit filled in: each row's way through the lists, and the decision."""

from typing import Final

from starlette.responses import Response

from web.answers import page
from web.visit import Visit
from workflow.service.reading.rounds.fate import FatePage, UnitFates, read_fates

__all__ = ["show"]

ON_A_PAGE: Final = 100


def show(visit: Visit) -> Response:
    """Show what became of what the person reads, for one unit at a time.

    Raises: NotFound.
    """
    found = read_fates(visit.world, visit.params["round"], visit.email)
    chosen = _chosen(visit, found)
    fates = chosen.fates if chosen else ()
    sheets = max(1, -(-len(fates) // ON_A_PAGE))
    asked = visit.query.get("sida", "")
    sheet = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    sheet = min(max(sheet, 1), sheets)
    return page(
        visit,
        "fate/fate.html",
        found=found,
        chosen=chosen,
        fates=fates[(sheet - 1) * ON_A_PAGE : sheet * ON_A_PAGE],
        sheet=sheet,
        sheets=sheets,
        path=f"/omgangar/{found.round}/aterforing",
    )


def _chosen(visit: Visit, found: FatePage) -> UnitFates | None:
    """Give the unit that is asked for; of a single one there is no choice."""
    if len(found.units) == 1:
        return found.units[0]
    return found.unit(visit.query.get("arende", ""))
