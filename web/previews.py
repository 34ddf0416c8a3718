"""From a form to a preview to a deed: what is shown is done, or it is shown anew.

One address takes all three: a form without `seal` is answered with the preview, one with
the seal of what was seen is done. When it would do something else by then nothing is done:
the new preview says what is another, and what was typed is still there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from notifications.letter import compose_letter
from notifications.render import text_of
from web.answers import page
from web.forms import Form, read_near_day
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale, WorkflowError
from workflow.core.mail import MailFacts
from workflow.core.preview import Preview
from workflow.service.mail import mailroom
from workflow.service.previewing import Deed, perform, preview

__all__ = ["Asked", "Changed", "Sample", "day_of", "errors_of", "look_or_do", "status_of"]

CARRIED: Final = frozenset({"token", "request", "seal", "saw", "told"})
"""Fields that the preview writes itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is another since somebody saw a preview: titles of tasks, names of people."""

    tasks_gone: tuple[str, ...]
    tasks_new: tuple[str, ...]
    mails_gone: tuple[str, ...]
    mails_new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One of the mails, as it will read."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to do, on a page of a round."""

    round: str
    deed: Deed
    verb: tuple[str, str]
    """What the button says before it says how many mails go, in Swedish and English."""
    title: str
    over: Sequence[tuple[str, str]]
    """Where the page lies: address and words of each step."""
    back: str
    """Where one goes without doing it."""
    rests: Sequence[Mapping[str, Any]] = ()
    """Tasks that one might expect to change, and that do not."""


def look_or_do(visit: Visit, asked: Asked) -> Preview | Response:
    """Give what was done, when it was done as it was seen; else the page that shows it.

    Raises: whatever stands in the way of the deed.
    """
    seal = visit.form.text("seal")
    if not seal:
        return _show(visit, asked, None)
    try:
        return perform(visit.world, asked.round, asked.deed, seen=seal, language=visit.language)
    except Stale:
        return _show(visit, asked, visit.form)


def _show(visit: Visit, asked: Asked, seen: Form | None) -> Response:
    shown = preview(visit.world, asked.round, asked.deed, language=visit.language)
    changed = _since(seen, shown) if seen else None
    hold = mailroom.hold(visit.world)
    return page(
        visit,
        "lead/preview.html",
        200 if changed is None else 409,
        asked=asked,
        shown=shown,
        changed=changed,
        sample=_sample(visit, shown.samples),
        button=_button(visit, asked.verb, len(shown.mails)),
        carried=[one for one in visit.form.fields if one[0] not in CARRIED],
        warnings=[one["message"] for one in shown.answer.get("warnings", ())],
        held=hold.holds,
        redirect_to=visit.site.config.mail.redirect_to,
    )


def _since(seen: Form, shown: Preview) -> Changed:
    saw, told = seen.texts("saw"), seen.texts("told")
    tasks = [one.title for one in shown.tasks]
    mails = [one.to_name for one in shown.mails]
    return Changed(
        tasks_gone=_left(saw, tasks),
        tasks_new=_left(tasks, saw),
        mails_gone=_left(told, mails),
        mails_new=_left(mails, told),
    )


def _left(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(some) - set(others)))


def _sample(visit: Visit, samples: Sequence[MailFacts]) -> Sample | None:
    if not samples:
        return None
    facts = samples[0]
    letter = compose_letter(facts, visit.site.config.web.base_url)
    return Sample(
        to=f"{facts.to_name} <{facts.to_email}>",
        subject=letter.subject,
        text=text_of(letter, installation=facts.organisation),
    )


def _button(visit: Visit, verb: tuple[str, str], mails: int) -> str:
    if visit.language == "en":
        tail = {0: "", 1: " and send 1 mail"}.get(mails, f" and send {mails} mails")
        return verb[1] + tail
    return verb[0] + (f" och skicka {mails} mejl" if mails else "")


# ---- forms -----------------------------------------------------------------------------


def day_of(visit: Visit, name: str, errors: dict[str, str]) -> Any:
    """Read a day that was typed; None, and what is wrong at its field, when it is none."""
    try:
        return read_near_day(visit.form.text(name), visit.today)
    except ValueError:
        errors[name] = visit.text(
            "Skriv en dag, till exempel 6 mars.", "Write a day, for example 6 March."
        )
        return None


def errors_of(visit: Visit, error: WorkflowError, field: str = "") -> dict[str, str]:
    """Give what a verb turned down, at the field that bad input is about."""
    told = visit.text(error.sv, error.en)
    return {field if isinstance(error, BadInput) else "": told}


def status_of(error: WorkflowError) -> int:
    """Give the status of a form that did not go through.

    Raises: what has nothing to do with what was sent.
    """
    if isinstance(error, NoRight):
        return 403
    if isinstance(error, Refused | Stale):
        return 409
    if isinstance(error, BadInput):
        return 422
    raise error
