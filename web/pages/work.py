"""Mitt arbete: what I owe and by when, what waits on others, what is done."""

from starlette.responses import Response

from web.answers import page
from web.visit import Visit
from workflow.service.reading.work.work import View, read_work

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show what the person has to do, or one of the other views of their work."""
    asked = visit.query.get("visa", "")
    view = View(asked) if asked in {one.value for one in View} else View.MINE
    work = read_work(visit.world, visit.email)
    late = [one for one in work.duties if one.due and one.due.is_late]
    urgent = next((one for one in work.duties if one.can), None)
    return page(visit, "work.html", work=work, view=view.value, late=late, urgent=urgent)
