"""Letting a round rest, and letting it go on: what follows is shown first."""

from functools import partial
from typing import Final

from starlette.responses import Response

from web.answers import go, page
from web.previews import Asked, errors_of, look_or_do, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service.pausing import pause_round, resume_round
from workflow.service.reading.rounds.led import RoundToLead, read_plan
from workflow.service.seeing import nothing_there

__all__ = ["change", "show"]

DAYS: Final = {"flytta": True, "kvar": False}


def show(visit: Visit) -> Response:
    """Show whether a round rests, with the form that pauses or resumes it.

    Raises: NotFound.
    """
    led, _ = read_plan(visit.world, visit.params["round"], visit.email)
    return _form(visit, led)


def change(visit: Visit) -> Response:
    """Show what a pause, or its end, changes; with the seal of what was shown, do it.

    Raises: NotFound.
    """
    led, _ = read_plan(visit.world, visit.params["round"], visit.email)
    if not led.may:
        raise nothing_there()
    errors = _errors(visit, led)
    if errors or visit.form.text("edit"):
        return _form(visit, led, errors, 422 if errors else 200)
    try:
        done = look_or_do(visit, _asked(visit, led))
    except WorkflowError as error:
        return _form(visit, led, errors_of(visit, error, "reason"), status_of(error))
    if isinstance(done, Response):
        return done
    return go(f"/omgangar/{led.id}")


def _errors(visit: Visit, led: RoundToLead) -> dict[str, str]:
    if led.rest is None and not visit.form.text("reason").strip():
        return {
            "reason": visit.text(
                "Skriv varför. En mening räcker.", "Say why. One sentence will do."
            )
        }
    if led.rest is not None and visit.form.text("dagar") not in DAYS:
        return {
            "dagar": visit.text(
                "Välj om dagarna ska flyttas eller stå.",
                "Choose whether the days move or stand.",
            )
        }
    return {}


def _asked(visit: Visit, led: RoundToLead) -> Asked:
    reason = visit.form.text("reason")
    over = (
        (f"/omgangar/{led.id}", led.title),
        (visit.path, visit.text("Paus", "Pause")),
    )
    if led.rest is None:
        return Asked(
            round=led.id,
            deed=partial(pause_round, round_id=led.id, reason=reason, email=visit.email),
            verb=("Pausa omgången", "Pause the round"),
            title=visit.text("Pausa omgången", "Pause the round"),
            over=over,
            back=visit.path,
        )
    move = DAYS[visit.form.text("dagar")]
    return Asked(
        round=led.id,
        deed=partial(
            resume_round, round_id=led.id, move_days=move, reason=reason, email=visit.email
        ),
        verb=("Återuppta omgången", "Resume the round"),
        title=visit.text("Återuppta omgången", "Resume the round"),
        over=over,
        back=visit.path,
    )


def _form(
    visit: Visit, led: RoundToLead, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    typed = {"reason": visit.form.text("reason"), "dagar": visit.form.text("dagar")}
    return page(visit, "lead/pause.html", status, led=led, errors=errors or {}, typed=typed)
