"""People: who has which role where, whose mail comes back, who stands in for whom."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from web.answers import go, page
from web.previews import day_of, errors_of, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError
from workflow.service.people import granting, roster, substituting
from workflow.service.people.correcting import NewPerson, add_person, change_person
from workflow.service.people.roster import RosterPerson
from workflow.service.people.substituting import Appointment
from workflow.service.seeing import nothing_there

__all__ = [
    "add",
    "appoint",
    "change",
    "end_role",
    "end_substitute",
    "give",
    "show",
    "show_give",
    "show_person",
]


def show(visit: Visit) -> Response:
    """Show everybody, or those whose name, address, role or unit holds some words."""
    return _list(visit)


def show_person(visit: Visit) -> Response:
    """Show one person with everything of theirs.

    Raises: NotFound.
    """
    return _one(visit, _read(visit))


def show_give(visit: Visit) -> Response:
    """Show the form that gives somebody a role, with what stands in the address chosen."""
    return _give_form(visit)


def add(visit: Visit) -> Response:
    """Add a person."""
    try:
        add_person(visit.world, _new(visit), email=visit.email)
    except WorkflowError as error:
        return _list(visit, errors_of(visit, error, "email"), status_of(error))
    (known,) = roster.roster(visit.world, email=_new(visit).email)
    return go(f"/admin/personer/{known.id}?klart=ny")


def change(visit: Visit) -> Response:
    """Correct a person's address, name or language.

    Raises: NotFound.
    """
    known = _read(visit)
    try:
        change_person(visit.world, known.email, _new(visit), email=visit.email)
    except WorkflowError as error:
        return _one(visit, known, errors_of(visit, error, "email"), status_of(error))
    return go(f"/admin/personer/{known.id}?klart=rattad")


def give(visit: Visit) -> Response:
    """Give somebody a role at a unit."""
    errors: dict[str, str] = {}
    from_on = day_of(visit, "from", errors) if visit.form.text("from").strip() else visit.today
    to_on = day_of(visit, "to", errors) if visit.form.text("to").strip() else None
    person, role, unit = (visit.form.text(name).strip() for name in ("person", "role", "unit"))
    for name, value in (("person", person), ("role", role), ("unit", unit)):
        if not value:
            errors[name] = visit.text("Välj här.", "Choose here.")
    if errors:
        return _give_form(visit, errors, 422)
    wish = granting.Role(person=person, role=role, unit=unit, from_on=from_on, to_on=to_on)
    try:
        granting.give(visit.world, wish, email=visit.email)
    except WorkflowError as error:
        return _give_form(visit, errors_of(visit, error, "from"), status_of(error))
    (known,) = roster.roster(visit.world, email=person)
    return go(f"/admin/personer/{known.id}?klart=roll")


def end_role(visit: Visit) -> Response:
    """End a role with a day, or at once.

    Raises: NotFound.
    """
    known = _read(visit)
    key = visit.params["grant"]
    if not any(str(one.grant) == key for one in known.roles):
        raise nothing_there()
    errors: dict[str, str] = {}
    name = f"last-{key}"
    day = visit.today - timedelta(days=1)
    if visit.form.text("do") != "now":
        day = day_of(visit, name, errors)
    if errors:
        return _one(visit, known, errors, 422)
    try:
        granting.end_grant(visit.world, int(key), day, email=visit.email)
    except WorkflowError as error:
        return _one(visit, known, errors_of(visit, error, name), status_of(error))
    return go(f"/admin/personer/{known.id}?klart=slut")


def appoint(visit: Visit) -> Response:
    """Let somebody stand in for the person, for one role at one unit.

    Raises: NotFound.
    """
    known = _read(visit)
    errors: dict[str, str] = {}
    from_on, to_on = day_of(visit, "sub-from", errors), day_of(visit, "sub-to", errors)
    by = visit.form.text("by").strip()
    role, _, unit = visit.form.text("place").partition("@")
    if not by:
        errors["by"] = visit.text("Skriv ersättarens adress.", "Write the substitute's address.")
    if errors:
        return _one(visit, known, errors, 422)
    wish = Appointment(
        person=known.email,
        by=by,
        from_on=from_on,
        to_on=to_on,
        role=role or None,
        unit=unit or None,
    )
    try:
        substituting.appoint(visit.world, wish, email=visit.email)
    except WorkflowError as error:
        return _one(visit, known, errors_of(visit, error, "by"), status_of(error))
    return go(f"/admin/personer/{known.id}?klart=ersattare")


def end_substitute(visit: Visit) -> Response:
    """End a substitution now.

    Raises: NotFound.
    """
    known = _read(visit)
    key = visit.params["substitution"]
    lent = (*known.substitutes, *known.stands_in_for)
    if not any(str(one.substitution) == key for one in lent):
        raise nothing_there()
    try:
        substituting.end(visit.world, int(key), email=visit.email)
    except WorkflowError as error:
        return _one(visit, known, errors_of(visit, error), status_of(error))
    return go(f"/admin/personer/{known.id}?klart=slut")


# ---- the pages -------------------------------------------------------------------------


def _new(visit: Visit) -> NewPerson:
    return NewPerson(
        email=visit.form.text("email"),
        name=visit.form.text("name"),
        language=visit.form.text("language", "sv"),
    )


def _read(visit: Visit) -> RosterPerson:
    number = visit.params["person"]
    if not number.isdecimal() or len(number) > 9:
        raise nothing_there()
    return roster.read_person(visit.world, int(number), visit.language)


def _list(visit: Visit, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    wanted = visit.query.get("sok", "").strip()
    found = roster.roster(visit.world, language=visit.language)
    shown = [one for one in found if all(word in _words(one) for word in wanted.lower().split())]
    return page(
        visit,
        "lead/people.html",
        status,
        found=shown,
        total=len(found),
        bounced=sum(1 for one in found if one.bounced_at),
        wanted=wanted,
        errors=errors or {},
    )


def _words(one: RosterPerson) -> str:
    roles = (f"{held.role_title} {held.unit_name}" for held in one.roles)
    return " ".join((one.name, one.email, *roles)).lower()


def _one(
    visit: Visit,
    known: RosterPerson,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return page(
        visit,
        "lead/person.html",
        status,
        known=known,
        errors=errors or {},
        done=visit.query.get("klart", ""),
        typed=visit.form,
    )


def _give_form(
    visit: Visit, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    chosen = {
        "person": visit.form.text("person") or visit.query.get("person", ""),
        "role": visit.form.text("role") or visit.query.get("roll", ""),
        "unit": visit.form.text("unit") or visit.query.get("enhet", ""),
        "from": visit.form.text("from"),
        "to": visit.form.text("to"),
    }
    return page(
        visit,
        "lead/give.html",
        status,
        people=roster.roster(visit.world),
        roles=roster.roles_to_give(visit.world, visit.language),
        units=roster.units_to_give(visit.world),
        chosen=chosen,
        errors=errors or {},
    )
