"""The page of a case once more, when a file or a comment beside it was turned down."""

from collections.abc import Mapping

from starlette.responses import Response

from web.case.form import Typed
from web.case.show import Look, show_case
from web.visit import Visit
from workflow.core.errors import NoRight, Refused
from workflow.service.reading.cases.case import read_case

__all__ = ["once_more"]


def once_more(visit: Visit, errors: Mapping[str, str], refused: Refused | None = None) -> Response:
    """Show the case as it is now, with what was typed beside it and what is wrong by field;
    `refused` is what the rules said, when it was they.

    Raises: NotFound.
    """
    page = read_case(visit.world, visit.email, visit.params["case"])
    status = 422 if refused is None else 403 if isinstance(refused, NoRight) else 409
    return show_case(visit, page, Look(typed=Typed(form=visit.form), errors=errors, status=status))
