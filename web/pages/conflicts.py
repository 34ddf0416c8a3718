"""Conflicts of interest in the rows of a list: declared, noted for another, taken back."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from web.answers import go
from web.answers import page as answer
from web.forms import whole
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.core.facts import RowKey
from workflow.service import conflicts
from workflow.service.conflicts import ConflictWish
from workflow.service.reading.lists.conflicts import Asked, ConflictPage, read_conflicts

__all__ = ["change", "show"]

BACK: Final = "tillbaka"


def show(visit: Visit) -> Response:
    """Show who takes no part in which row, with the forms to declare and take back.

    Raises: NotFound.
    """
    return _show(visit, _read(visit), {}, 200)


def change(visit: Visit) -> Response:
    """Declare a conflict of interest, or take one back.

    Raises: NotFound; NoRight.
    """
    found = _read(visit)
    key = visit.form.text("rad")
    asked = next((one for one in found.asked if key_text(one) == key), None)
    if asked is None:
        sv, en = "Välj vad jävet gäller.", "Choose what the conflict of interest is about."
        return _show(visit, found, {"rad": visit.text(sv, en)}, 422)
    wish = ConflictWish(
        case=found.case,
        table=found.table,
        row=asked.item.key,
        email=visit.email,
        reason=visit.form.text("skal"),
        person=whole(visit.form.text("vem")),
    )
    try:
        if visit.form.text("gor") == BACK:
            conflicts.take_back(visit.world, wish)
        else:
            conflicts.declare(visit.world, wish)
    except (NoRight, NotFound):
        raise
    except (BadInput, Refused) as error:
        status = 422 if isinstance(error, BadInput) else 409
        field = "skal" if isinstance(error, BadInput) else ""
        return _show(visit, _read(visit), {field: visit.text(error.sv, error.en)}, status)
    return go(f"/arenden/{found.case}/lista/{found.table}/jav", "antecknat")


def key_text(asked: Asked) -> str:
    """Write what a row is called in a form."""
    key: RowKey = asked.item.key
    return f"{key.case}~{key.number}"


def _read(visit: Visit) -> ConflictPage:
    return read_conflicts(visit.world, visit.email, visit.params["case"], visit.params["table"])


def _show(visit: Visit, found: ConflictPage, errors: Mapping[str, str], status: int) -> Response:
    return answer(
        visit,
        "assess/conflicts.html",
        status,
        page=found,
        errors=errors,
        key_text=key_text,
        chosen=visit.form.text("rad") or visit.query.get("rad", ""),
        person=visit.form.text("vem"),
    )
