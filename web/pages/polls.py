"""Secret answers: who has answered while they are open, and their sums once counted."""

from starlette.responses import Response

from documents.making.poll import make_csv, make_json
from web.answers import download
from web.answers import page as answer
from web.charts.shares import bars_of
from web.visit import Visit
from workflow.core.files.names import name_for_download
from workflow.service.reading.lists.polls import PollPage, read_poll

__all__ = ["as_csv", "as_json", "show"]


def show(visit: Visit) -> Response:
    """Show who has answered, or the sums.

    Raises: NotFound.
    """
    return answer(visit, "assess/poll.html", page=_read(visit), bars_of=bars_of)


def as_json(visit: Visit) -> Response:
    """Give the sums as JSON.

    Raises: NotFound.
    """
    found = _read(visit)
    return _home(found, "json", "application/json", make_json(found))


def as_csv(visit: Visit) -> Response:
    """Give the sums as CSV.

    Raises: NotFound.
    """
    found = _read(visit)
    return _home(found, "csv", "text/csv; charset=utf-8", make_csv(found, visit.language))


def _read(visit: Visit) -> PollPage:
    return read_poll(visit.world, visit.email, visit.params["case"], visit.params["table"])


def _home(found: PollPage, end: str, kind: str, content: bytes) -> Response:
    return download(name_for_download(f"{found.case}-{found.table}.{end}"), kind, content)
