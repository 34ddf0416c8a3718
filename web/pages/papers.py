"""Papers of a list: wished for, waited for, fetched."""

from typing import Final

from starlette.responses import Response

from web.answers import download, go
from web.answers import page as answer
from web.visit import Visit
from workflow.core.files.names import name_for_download
from workflow.service import papers
from workflow.service.papers import PaperWish

__all__ = ["fetch", "show", "wish"]

TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def wish(visit: Visit) -> Response:
    """Wish for a paper of a list, or go to the same wish.

    Raises: NotFound; BadInput.
    """
    wished = PaperWish(
        case=visit.params["case"],
        table=visit.params["table"],
        form=visit.form.text("form"),
        email=visit.email,
    )
    paper = papers.wish(visit.world, wished, visit.site.app.clock)
    return go(f"/handlingar/{paper}")


def show(visit: Visit) -> Response:
    """Show how far a paper has come.

    Raises: NotFound.
    """
    view = papers.look(visit.world, visit.email, visit.params["paper"])
    return answer(visit, "lists/paper.html", view=view, paper=view.paper)


def fetch(visit: Visit) -> Response:
    """Fetch a paper that is made.

    Raises: NotFound.
    """
    view, content = papers.fetch(visit.world, visit.email, visit.params["paper"])
    paper = view.paper
    what, _, end = paper.form.partition(".")
    at = paper.shows_at.strftime("%Y%m%dT%H%M%SZ") if paper.shows_at else ""
    name = f"{view.title}-{what}-{view.round}-{paper.shows}-{at}.{end}"
    return download(name_for_download(name), TYPES[end], content)
