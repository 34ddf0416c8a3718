"""Rounds: which there are, and one of them at a glance."""

from starlette.responses import Response

from web.answers import page
from web.charts import gantt, heat
from web.telling.hyphens import soften
from web.telling.lede import lede, short_lede, who_has_it
from web.visit import Visit
from workflow.service.reading.rounds.mine import read_rounds
from workflow.service.reading.rounds.round import read_round_page

__all__ = ["list_rounds", "show"]


def list_rounds(visit: Visit) -> Response:
    """List the rounds that the person has a place in."""
    found = read_rounds(visit.world, visit.email)
    sentences = {one.id: short_lede(visit, one.now, one.waiting) for one in found.running}
    return page(visit, "rounds.html", found=found, sentences=sentences, soften=soften)


def show(visit: Visit) -> Response:
    """Show where a round stands; with `enhet` in the address also what lies below a unit,
    with `vantar=allt` all that is waited for.

    Raises: NotFound.
    """
    found = read_round_page(
        visit.world,
        visit.params["round"],
        visit.email,
        unit=visit.query.get("enhet", ""),
        everything=visit.query.get("vantar") == "allt",
    )
    today = visit.today if found.closed_at is None else None
    path = f"/omgangar/{found.id}"
    return page(
        visit,
        "round.html",
        found=found,
        path=path,
        lede=lede(visit, found.now, found.waiting),
        wide=gantt.draw_wide(visit, found.bars, today),
        narrow=gantt.draw_narrow(visit, found.bars, today),
        described=[gantt.describe(visit, bar) for bar in found.bars],
        matrices=[heat.put_in_words(visit, one, path) for one in found.matrices],
        units=[heat.put_in_words(visit, one, path) for one in found.units],
        soften=soften,
        who_has_it=who_has_it,
    )
