"""The comments on a case."""

from typing import Final

from starlette.responses import Response

from web.answers import go
from web.case.beside import once_more
from web.visit import Visit
from workflow.core.errors import BadInput, Refused
from workflow.service import commenting

__all__ = ["write"]

FIELD: Final = "kommentar"
"""The field of the form; also its id."""


def write(visit: Visit) -> Response:
    """Write a comment.

    Raises: NotFound.
    """
    case = visit.params["case"]
    try:
        commenting.comment(visit.world, case, visit.form.text(FIELD), email=visit.email)
    except BadInput as error:
        return once_more(visit, {FIELD: visit.text(error.sv, error.en)})
    except Refused as error:
        return once_more(visit, {FIELD: visit.text(error.sv, error.en)}, error)
    return go(f"/arenden/{case}", "kommentarer")
