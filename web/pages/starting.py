"""Opening one more case of a kind that comes when it is needed."""

from starlette.responses import Response

from web.answers import go, page
from web.visit import Visit
from workflow.core.errors import BadInput, Refused
from workflow.service.acts import Wish
from workflow.service.starting import Opening, open_one, read_opening

__all__ = ["begin", "show"]


def show(visit: Visit) -> Response:
    """Show what may be opened: for which unit, and why if one wants to say.

    Raises: NotFound.
    """
    return _form(visit, _read(visit), {}, 200)


def begin(visit: Visit) -> Response:
    """Open one, and go there.

    Raises: NotFound; NoRight.
    """
    found = _read(visit)
    unit = visit.form.text("enhet")
    if unit not in dict(found.units):
        sv, en = "Välj vilken enhet det gäller.", "Choose which unit it is for."
        return _form(visit, found, {"enhet": visit.text(sv, en)}, 422)
    wish = Wish(
        case=found.parent,
        transition="",
        email=visit.email,
        comment=visit.form.text("varfor"),
        request_id=visit.form.text("request") or None,
    )
    try:
        opened = open_one(visit.world, wish, found.kind, unit)
    except (BadInput, Refused) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _form(visit, found, {"": visit.text(error.sv, error.en)}, status)
    return go(f"/arenden/{opened['case']}")


def _read(visit: Visit) -> Opening:
    return read_opening(visit.world, visit.email, visit.params["case"], visit.params["kind"])


def _form(visit: Visit, found: Opening, errors: dict[str, str], status: int) -> Response:
    return page(
        visit,
        "case/open.html",
        status,
        found=found,
        errors=errors,
        chosen=visit.form.text("enhet"),
        why=visit.form.text("varfor"),
    )
