"""Reminding by hand: who has not delivered, and a mail to those who are ticked."""

from starlette.responses import Response

from web.answers import go, page
from web.previews import errors_of, status_of
from web.visit import Visit
from workflow.core.errors import NoRight, WorkflowError
from workflow.service.mail import mailroom
from workflow.service.nudge_survey import Aim, NudgeList
from workflow.service.nudging import list_nudges, nudge
from workflow.service.reading.rounds.led import read_steps
from workflow.service.seeing import nothing_there

__all__ = ["send", "show"]


def show(visit: Visit) -> Response:
    """Show who would get a mail now.

    Raises: NotFound.
    """
    return _form(visit)


def send(visit: Visit) -> Response:
    """Remind those who are ticked, or show the list of another step.

    Raises: NotFound.
    """
    if visit.form.text("edit"):
        return _form(visit)
    aim = _aim(visit, visit.form.text("step"), visit.form.text("far"))
    to = visit.form.texts("to")
    if not to:
        told = visit.text(
            "Ingen är ikryssad. Kryssa i dem som ska få ett mejl.",
            "Nobody is ticked. Tick those who are to get a mail.",
        )
        return _form(visit, {"": told}, 422)
    try:
        done = nudge(visit.world, aim, to=to, words=visit.form.text("words"), email=visit.email)
    except NoRight as error:
        raise nothing_there() from error
    except WorkflowError as error:
        return _form(visit, errors_of(visit, error, "words"), status_of(error))
    left = len(done.left_out)
    return go(f"{visit.path}?mejl={len(done.mailed)}" + (f"&utan={left}" if left else ""))


def _aim(visit: Visit, step: str, far: str) -> Aim:
    kind, _, state = step.partition(".")
    return Aim(round=visit.params["round"], kind=kind or None, state=state or None, far=bool(far))


def _form(visit: Visit, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """Show the list, to whoever may send it or reads all of the round.

    Raises: NotFound.
    """
    led, steps = read_steps(visit.world, visit.params["round"], visit.email)
    known = [one.key for one in steps]
    wanted = visit.form.text("step") or visit.query.get("steg", "")
    step = wanted if wanted in known else ""
    far = visit.form.text("far") or visit.query.get("alla", "")
    aim = _aim(visit, step, far)
    may = True
    try:
        found = list_nudges(visit.world, aim, email=visit.email, language=visit.language)
    except NoRight as error:
        if not led.reads_all:
            raise nothing_there() from error
        found = list_nudges(visit.world, aim, language=visit.language)
        may = False
    sent = visit.method == "POST" and not visit.form.text("edit")
    return page(
        visit,
        "lead/nudge.html",
        status,
        led=led,
        found=found,
        awake=[one for one in found.recipients if not one.rests],
        resting=[one for one in found.recipients if one.rests],
        may=may,
        steps=steps,
        step=step,
        far=far,
        words=visit.form.text("words"),
        ticked=visit.form.texts("to") if sent else _ticked(visit, found),
        errors=errors or {},
        held=mailroom.hold(visit.world).holds,
        mailed=_number(visit.query.get("mejl", "")),
        without=_number(visit.query.get("utan", "")),
    )


def _ticked(visit: Visit, found: NudgeList) -> list[str]:
    """Give whom to tick at first: whoever mail reaches, of one case when it is asked for."""
    case = visit.query.get("arende", "")
    return [
        one.email
        for one in found.recipients
        if not one.bounces and (not case or any(task.case == case for task in one.tasks))
    ]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
