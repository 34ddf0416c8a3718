"""Cases in a browser: opened, filled in and pressed, and looked at past the program."""

import json
from collections.abc import Mapping
from typing import Any

from tests.service.worlds import Stage
from tests.web.browsing import Guest, Page
from workflow.service.acts import Wish
from workflow.service.saving import save

__all__ = [
    "FILLED",
    "confirm",
    "ids_of",
    "keep",
    "person",
    "press",
    "returned",
    "rows",
    "state",
    "unit_name",
    "visit",
]

FILLED = {
    "rad.objekt.1.tillstand": "Lindrig knäartros",
    "rad.objekt.1.atgard": "Artroskopi",
    "rad.objekt.1.typ": "effektivisering",
    "rad.objekt.1.effekt_tkr": "1 850",
}
"""A row that is complete, as it is typed."""


def visit(guest: Guest, email: str, case: str) -> Page:
    """Open a case as somebody."""
    guest.sign_in(email)
    return guest.get(f"/arenden/{case}")


def press(
    guest: Guest, email: str, case: str, button: str, typed: Mapping[str, Any] | None = None
) -> Page:
    """Open a case as somebody, type, and press a button."""
    return guest.send(visit(guest, email, case), button, **(typed or {}))


def confirm(
    guest: Guest, email: str, case: str, button: str, typed: Mapping[str, Any] | None = None
) -> Page:
    """Do the same with a button that binds."""
    shown = press(guest, email, case, f"{button}: granska först", typed)
    return guest.send(shown, f"Bekräfta: {button}")


def keep(stage: Stage, unit: str, *given: Mapping[str, Any], email: str = "") -> None:
    """Save rows of an underlag, as somebody else would meanwhile."""
    wish = Wish(
        case=stage.case("underlag", unit),
        transition="",
        email=email or stage.chief(unit),
        data={"rows": {"objekt": list(given)}},
    )
    save(stage.world, wish)


def returned(stage: Stage, unit: str, *questions: str) -> str:
    """Hand in an underlag and send it back with questions; gives its case."""
    case = stage.case("underlag", unit)
    stage.hand_in(unit)
    stage.act(case, "aterlamna", stage.boss(unit), data={"questions": list(questions)})
    return case


def unit_name(stage: Stage, unit: str) -> str:
    """Give a unit's name."""
    return next(one.name for one in stage.people.units if one.key == unit)


def person(stage: Stage, email: str) -> str:
    """Give a person's name."""
    return str(stage.rows("SELECT name FROM people WHERE email = :one", one=email)[0][0])


def state(stage: Stage, case: str) -> str:
    """Give where a case stands."""
    return str(stage.rows("SELECT state FROM cases WHERE id = :one", one=case)[0][0])


def rows(stage: Stage, case: str) -> list[dict[str, Any]]:
    """Give the rows that are stored in a case."""
    found = stage.rows(
        "SELECT cells FROM material_rows WHERE case_id = :one ORDER BY table_key, place",
        one=case,
    )
    return [json.loads(row[0]) for row in found]


def ids_of(page: Page) -> set[str]:
    """Give the ids on a page, where links may lead."""
    return {str(one["id"]) for one in page.soup.find_all(id=True)}
