"""More days for a case: asked for by whoever has it, answered from above."""

from datetime import date

from starlette.responses import Response

from web.answers import go
from web.case_show import Look, errors_of, of_fields, show_case
from web.forms import FieldError, read_day
from web.pages.case import read_sent, save_written
from web.visit import Visit
from workflow.core.errors import BadInput, Refused, WorkflowError, refused
from workflow.service import extending
from workflow.service.reading.case import CasePage

__all__ = ["answer", "ask"]

DAY, REASON = "anstand.until_on", "anstand.reason"


def ask(visit: Visit) -> Response:
    """Ask for more days, and save the draft that stands on the same page.

    Raises: NotFound.
    """
    page, typed = read_sent(visit)
    day, wrong = _day(visit)
    reason = typed.text(REASON)
    if not reason.strip():
        told = visit.text("Skriv varför. En mening räcker.", "Say why. One sentence will do.")
        wrong = (*wrong, FieldError(REASON, told))
    if day is None or wrong:
        return show_case(visit, page, Look(typed=typed, errors=of_fields(wrong), status=422))
    if page.material and page.material.extension and page.material.extension.asked_until == day:
        return go(f"/arenden/{page.id}", "anstand")  # sent twice
    stopped = save_written(visit, page, typed)
    if stopped is not None:
        return stopped
    try:
        extending.ask(visit.world, _task(page), day, reason=reason, email=visit.email)
    except (BadInput, Refused) as error:
        return _once_more(visit, error)
    return go(f"/arenden/{page.id}", "anstand")


def answer(visit: Visit) -> Response:
    """Grant more days, or turn them down.

    Raises: NotFound.
    """
    page, typed = read_sent(visit)
    reason = typed.text(REASON)
    grants = visit.form.text("svar") == "grant"
    day, wrong = _day(visit) if grants else (None, ())
    if not reason.strip():
        told = visit.text("Skriv varför. En mening räcker.", "Say why. One sentence will do.")
        wrong = (*wrong, FieldError(REASON, told))
    if wrong:
        return show_case(visit, page, Look(typed=typed, errors=of_fields(wrong), status=422))
    try:
        if grants:
            extending.grant(visit.world, _task(page), day, reason=reason, email=visit.email)
        else:
            extending.refuse(visit.world, _task(page), reason=reason, email=visit.email)
    except (BadInput, Refused) as error:
        return _once_more(visit, error)
    return go(f"/arenden/{page.id}")


# ---- steps -----------------------------------------------------------------------------


def _day(visit: Visit) -> tuple[date | None, tuple[FieldError, ...]]:
    text = visit.form.text(DAY).strip()
    try:
        return read_day(text, visit.today), ()
    except ValueError:
        told = visit.text(
            f"Skriv en dag, till exempel 6 mars. Du skrev ”{text[:40]}”.",
            f'Write a day, for example 6 March. You wrote "{text[:40]}".',
        )
        return None, (FieldError(DAY, told),)


def _task(page: CasePage) -> str:
    """Give the task that the page showed.

    Raises: Refused when nothing is owed any more.
    """
    if page.material is None or page.material.extension is None:
        raise refused(
            "closed",
            "Det finns inget att förlänga längre: uppgiften är gjord.",
            "There is nothing to extend any more: the task is done.",
        )
    return page.material.extension.task


def _once_more(visit: Visit, error: WorkflowError) -> Response:
    """Show the page again with what stood in the way; nothing typed is lost."""
    page, typed = read_sent(visit)
    errors = errors_of(visit, error, "anstand")
    if isinstance(error, BadInput):  # of those, only the day can be wrong
        errors = {DAY: error.text(visit.language)}
    status = 422 if isinstance(error, BadInput) else 409
    return show_case(visit, page, Look(typed=typed, errors=errors, status=status))
