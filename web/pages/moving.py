"""Moving a milestone: which, to which day and why; then all that follows; then done."""

from functools import partial
from typing import Any

from starlette.responses import Response

from web.answers import go, page
from web.previews import Asked, day_of, errors_of, look_or_do, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service.moving import move_milestone
from workflow.service.reading.rounds.led import Planned, RoundToLead, read_plan
from workflow.service.seeing import nothing_there

__all__ = ["move", "show"]


def show(visit: Visit) -> Response:
    """Show the plan, with the form that moves a milestone of it.

    Raises: NotFound.
    """
    led, plan = read_plan(visit.world, visit.params["round"], visit.email)
    return _form(visit, led, plan)


def move(visit: Visit) -> Response:
    """Show what a move changes; with the seal of what was shown, move.

    Raises: NotFound.
    """
    led, plan = read_plan(visit.world, visit.params["round"], visit.email)
    if not led.may:
        raise nothing_there()
    errors: dict[str, str] = {}
    chosen = next((one for one in plan if one.key == visit.form.text("milestone")), None)
    if chosen is None:
        errors["milestone"] = visit.text("Välj en milstolpe.", "Choose a milestone.")
    day = day_of(visit, "day", errors)
    if not visit.form.text("reason").strip():
        errors["reason"] = visit.text(
            "Skriv varför. En mening räcker.", "Say why. One sentence will do."
        )
    if errors or chosen is None or visit.form.text("edit"):
        return _form(visit, led, plan, errors, 422 if errors else 200)
    deed = partial(
        move_milestone,
        round_id=led.id,
        key=chosen.key,
        to=day,
        reason=visit.form.text("reason"),
        email=visit.email,
    )
    asked = Asked(
        round=led.id,
        deed=deed,
        verb=("Flytta", "Move it"),
        title=visit.text(f"Flytta ”{chosen.title}”", f"Move “{chosen.title}”"),
        over=((f"/omgangar/{led.id}", led.title), (visit.path, visit.text("Tidplan", "Plan"))),
        back=visit.path,
    )
    try:
        done = look_or_do(visit, asked)
    except WorkflowError as error:
        return _form(visit, led, plan, errors_of(visit, error, "day"), status_of(error))
    if isinstance(done, Response):
        return done
    return go(f"/omgangar/{led.id}/flytta?flyttad={chosen.key}&mejl={len(done.mails)}")


def _form(
    visit: Visit,
    led: RoundToLead,
    plan: tuple[Planned, ...],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    typed: dict[str, Any] = {
        "milestone": visit.form.text("milestone") or visit.query.get("milstolpe", ""),
        "day": visit.form.text("day"),
        "reason": visit.form.text("reason"),
    }
    moved = next((one for one in plan if one.key == visit.query.get("flyttad")), None)
    return page(
        visit,
        "lead/move.html",
        status,
        led=led,
        plan=plan,
        errors=errors or {},
        typed=typed,
        moved=moved,
        mails=_number(visit.query.get("mejl", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
