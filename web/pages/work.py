"""Mitt arbete: what I owe and by when."""

from starlette.responses import Response

from web.answers import page
from web.visit import Visit
from workflow.service import views

__all__ = ["show"]


def show(visit: Visit) -> Response:
    """Show what the person owes, by deadline."""
    tasks = views.task_list(visit.world, email=visit.email)
    return page(visit, "work.html", tasks=tasks)
