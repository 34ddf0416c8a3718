"""More days for a case: asked for by whoever has it, answered from above."""

from datetime import date
from functools import partial

from starlette.responses import Response

from web.answers import go, page
from web.previews import Asked, day_of, errors_of, look_or_do, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service import extending
from workflow.service.previewing import Deed
from workflow.service.reading.cases.case import CasePage, read_case
from workflow.service.reading.cases.extension import Extension
from workflow.service.seeing import nothing_there

__all__ = ["answer", "show"]

WAYS = ("ask", "grant", "refuse")


def show(visit: Visit) -> Response:
    """Show what there is of more days: the form to ask, or to answer.

    Raises: NotFound.
    """
    case, found = _read(visit)
    return _form(visit, case, found)


def answer(visit: Visit) -> Response:
    """Show what asking or answering does; with the seal of what was shown, do it.

    Raises: NotFound.
    """
    case, found = _read(visit)
    way = visit.form.text("way")
    if found is None or way not in WAYS or not _may(found, way):
        raise nothing_there()
    errors: dict[str, str] = {}
    day = None if way == "refuse" else day_of(visit, f"{way}-day", errors)
    if not visit.form.text("reason").strip():
        errors[f"{way}-reason"] = visit.text(
            "Skriv varför. En mening räcker.", "Say why. One sentence will do."
        )
    if errors or visit.form.text("edit"):
        return _form(visit, case, found, errors, 422 if errors else 200)
    asked = Asked(
        round=case.round,
        deed=_deed(visit, found, way, day),
        verb=_verb(visit, way, day),
        title=visit.text("Anstånd", "Extension") + f": {case.title}",
        over=((f"/omgangar/{case.round}", case.round_title), (f"/arenden/{case.id}", case.title)),
        back=visit.path,
    )
    try:
        done = look_or_do(visit, asked)
    except WorkflowError as error:
        field = f"{way}-day" if way != "refuse" else f"{way}-reason"
        return _form(visit, case, found, errors_of(visit, error, field), status_of(error))
    if isinstance(done, Response):
        return done
    return go(f"{visit.path}?klart={done.answer['answer']}")


def _read(visit: Visit) -> tuple[CasePage, Extension | None]:
    case = read_case(visit.world, visit.email, visit.params["case"])
    if case.material is None:
        raise nothing_there()
    return case, case.material.extension


def _may(found: Extension, way: str) -> bool:
    if way == "ask":
        return found.may_ask
    return found.may_grant and (way == "grant" or found.asked_until is not None)


def _deed(visit: Visit, found: Extension, way: str, day: date | None) -> Deed:
    reason, email = visit.form.text("reason"), visit.email
    if way == "refuse" or day is None:
        return partial(extending.refuse, task=found.task, reason=reason, email=email)
    verb = extending.ask if way == "ask" else extending.grant
    return partial(verb, task=found.task, on=day, reason=reason, email=email)


def _verb(visit: Visit, way: str, day: date | None) -> tuple[str, str]:
    if way == "refuse" or day is None:
        return "Säg nej", "Say no"
    said = visit.say.day(day)
    if way == "ask":
        return f"Be om anstånd till {said}", f"Ask for an extension to {said}"
    return f"Bevilja till {said}", f"Grant until {said}"


def _form(
    visit: Visit,
    case: CasePage,
    found: Extension | None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return page(
        visit,
        "lead/extension.html",
        status,
        case=case,
        found=found,
        errors=errors or {},
        way=visit.form.text("way"),
        typed={
            "ask-day": visit.form.text("ask-day"),
            "grant-day": visit.form.text("grant-day"),
            "reason": visit.form.text("reason"),
        },
        done=visit.query.get("klart", ""),
    )
