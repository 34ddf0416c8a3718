"""How it goes with a round just now: what those who meet regularly open at their meeting."""

from starlette.responses import Response

from web.answers import page
from web.charts.plan import draw_plan
from web.telling.paragraphs import parts_of
from web.visit import Visit
from workflow.service.reading.situation.page import read_situation_page

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show the situation in sentences and the latest report; with `rapport` in the address
    another one.

    Raises: NotFound.
    """
    found = read_situation_page(visit.world, visit.params["round"], visit.email)
    wanted = visit.query.get("rapport", "")
    chosen = next((one for one in found.reports if one.case == wanted), None)
    report = chosen or next(iter(found.reports), None)
    return page(
        visit,
        "round/situation.html",
        found=found,
        report=report,
        path=f"/omgangar/{found.round}",
        plan=draw_plan(visit, found.bars),
        parts_of=parts_of,
    )
