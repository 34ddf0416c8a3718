"""The search in the header: cases, units and people."""

from starlette.responses import Response

from web.answers import page
from web.visit import Visit
from workflow.service.reading.finding import find

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show what bears some words, among what the person may see."""
    found = find(visit.world, visit.email, visit.query.get("q", "")[:200])
    return page(visit, "search.html", found=found)
