"""One case: how far it has come, what is filled in, and what I may do with it.

The way of an act: the form is read by what the page asks for (`case_form`), a button that
binds is shown once more, then the verb decides and writes. What does not go through comes
back as it was typed, with what is wrong at its field.
"""

from dataclasses import replace

from starlette.responses import Response

from web.answers import go
from web.case.form import Typed, read_typed, wish_of
from web.case.offer import OFFER, with_offer
from web.case.show import Look, confirm_case, errors_of, of_fields, show_case
from web.case.stale import merged
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale, WorkflowError
from workflow.service import acts, considering, saving
from workflow.service.acts import Wish
from workflow.service.reading.cases.case import CasePage, read_case
from workflow.service.reading.cases.choices import Choice
from workflow.service.reading.cases.since import read_since

__all__ = ["act", "save", "show"]

MORE = 3
"""So many more rows and questions there is room for when somebody asks."""
STEPS = ("more", "edit")
"""What a button of the form may want instead of what its address does."""


def show(visit: Visit) -> Response:
    """Show a case that the person may see.

    Raises: NotFound.
    """
    done = visit.query.get("klart", "")
    number = int(done) if done.isdecimal() and len(done) < 10 else 0
    return show_case(visit, read_case(visit.world, visit.email, visit.params["case"], done=number))


def act(visit: Visit) -> Response:
    """Move a case as the person wishes.

    Raises: NotFound.
    """
    key = visit.params["transition"]
    page, typed = _sent(visit)
    if _only_shows(visit):
        return _once_more(visit, page, typed)
    choice = _choice(page, key)
    wish, wrong = wish_of(visit, page, typed, choice, key)
    if wrong:
        return show_case(visit, page, Look(typed=typed, errors=of_fields(wrong), status=422))
    try:
        if choice and choice.binding and visit.form.text("confirmed") != "yes":
            considered = considering.consider(visit.world, wish)
            return confirm_case(visit, page, typed, choice, wish, considered)
        done = acts.act(visit.world, wish)
    except WorkflowError as error:
        return _not_through(visit, typed, key, wish, error)
    return _go_on(page, done["entries"][0])


def save(visit: Visit) -> Response:
    """Save what is filled in so far.

    Raises: NotFound.
    """
    page, typed = _sent(visit)
    if _only_shows(visit):
        return _once_more(visit, page, typed)
    wish, _ = wish_of(visit, page, typed, None, "")
    try:
        done = saving.save(visit.world, wish)
    except WorkflowError as error:
        return _not_through(visit, typed, "", wish, error)
    if visit.form.text("sedan") == "anstand":
        return go(f"/arenden/{page.id}/anstand")
    return _go_on(page, done["entry"])


# ---- steps -----------------------------------------------------------------------------


def _sent(visit: Visit) -> tuple[CasePage, Typed]:
    page = read_case(visit.world, visit.email, visit.params["case"])
    return page, read_typed(visit.form, page)


def _only_shows(visit: Visit) -> bool:
    """Say whether a button wants the form once more instead of what its address does."""
    step = visit.form.text("steg")
    return step in STEPS or step.startswith(OFFER)


def _choice(page: CasePage, key: str) -> Choice | None:
    found = page.material.choices if page.material else ()
    return next((one for one in found if one.key == key and one.mine), None)


def _go_on(page: CasePage, entry: int | None) -> Response:
    if entry is None:
        return go(f"/arenden/{page.id}")
    return go(f"/arenden/{page.id}?klart={entry}", "gjort")


def _once_more(visit: Visit, page: CasePage, typed: Typed) -> Response:
    """Show the form as it was sent; nothing is done."""
    step = visit.form.text("steg")
    more = MORE if step == "more" else 0
    look = Look(typed=with_offer(typed, page, step) if step.startswith(OFFER) else typed)
    return show_case(visit, page, replace(look, spare=look.spare + more))


def _not_through(
    visit: Visit, typed: Typed, key: str, wish: Wish, error: WorkflowError
) -> Response:
    """Show the form once more, with what stood in the way.

    Raises: what has nothing to do with what was sent.
    """
    if not isinstance(error, BadInput | Refused | Stale):
        raise error
    page = read_case(visit.world, visit.email, visit.params["case"])
    used = any(reason.code == acts.REQUEST_USED for reason in error.reasons)
    moved = wish.version is not None and wish.version != page.version
    if isinstance(error, Stale) or used or moved:
        since = read_since(visit.world, visit.email, page.id, wish.seen or 0)
        look = merged(visit, page, read_typed(visit.form, page), since)
        return show_case(visit, page, replace(look, used=used))
    status = 403 if isinstance(error, NoRight) else 422 if isinstance(error, BadInput) else 409
    errors = errors_of(visit, error, key, page)
    return show_case(visit, page, Look(typed=typed, errors=errors, status=status))
