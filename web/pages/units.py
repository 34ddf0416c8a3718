"""Units of a round: one added, one withdrawn, one carried as missing."""

from functools import partial

from starlette.responses import Response

from web.answers import go, page
from web.previews import Asked, errors_of, look_or_do, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service import leading
from workflow.service.previewing import Deed
from workflow.service.reading.rounds.led import Units, read_units
from workflow.service.seeing import nothing_there

__all__ = ["change", "show"]

WAYS = ("missing", "withdraw", "add")
VERBS = {
    "missing": ("Bär som utebliven", "Carry it as missing"),
    "withdraw": ("Dra tillbaka", "Withdraw it"),
    "add": ("Lägg till", "Add it"),
}


def show(visit: Visit) -> Response:
    """Show the units that can be added, withdrawn or carried as missing.

    Raises: NotFound.
    """
    return _form(visit, read_units(visit.world, visit.params["round"], visit.email))


def change(visit: Visit) -> Response:
    """Show what a change of a unit brings; with the seal of what was shown, do it.

    Raises: NotFound.
    """
    found = read_units(visit.world, visit.params["round"], visit.email)
    way, unit = visit.form.text("way"), visit.form.text("unit")
    if not found.round.may or way not in WAYS:
        raise nothing_there()
    names = {one.unit: one.unit_name for one in found.open} | dict(found.absent)
    errors: dict[str, str] = {}
    if unit not in names:
        errors[f"{way}-unit"] = visit.text("Välj en enhet.", "Choose a unit.")
    if not visit.form.text("reason").strip():
        errors[f"{way}-reason"] = visit.text(
            "Skriv varför. En mening räcker.", "Say why. One sentence will do."
        )
    if errors or visit.form.text("edit"):
        return _form(visit, found, errors, 422 if errors else 200)
    asked = Asked(
        round=found.round.id,
        deed=_deed(visit, found.round.id, way, unit),
        verb=VERBS[way],
        title=f"{visit.text(*VERBS[way])}: {names[unit]}",
        over=(
            (f"/omgangar/{found.round.id}", found.round.title),
            (visit.path, visit.text("Enheter", "Units")),
        ),
        back=visit.path,
    )
    try:
        done = look_or_do(visit, asked)
    except WorkflowError as error:
        told = errors_of(visit, error, f"{way}-reason")
        return _form(visit, found, told, status_of(error))
    if isinstance(done, Response):
        return done
    return go(f"{visit.path}?klart={way}&enhet={unit}")


def _deed(visit: Visit, round_id: str, way: str, unit: str) -> Deed:
    reason, email = visit.form.text("reason"), visit.email
    if way == "add":
        return partial(leading.add_unit, round_id=round_id, unit=unit, reason=reason, email=email)
    return partial(
        leading.end_unit, round_id=round_id, unit=unit, transition=way, reason=reason, email=email
    )


def _form(
    visit: Visit, found: Units, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    done = visit.query.get("klart", "")
    return page(
        visit,
        "lead/units.html",
        status,
        found=found,
        late=[one for one in found.open if one.late],
        errors=errors or {},
        way=visit.form.text("way"),
        typed={"unit": visit.form.text("unit"), "reason": visit.form.text("reason")},
        done=visit.text(*VERBS[done]) if done in VERBS else "",
        unit=visit.query.get("enhet", ""),
    )
