"""For whom somebody gets a mail or did something: substitutes, as the letters name them."""

from collections.abc import Mapping
from typing import Any

from workflow.core.facts import Place, TaskFact
from workflow.core.roles import leader_place, superior_place
from workflow.core.standing_in import told_at
from workflow.service.desks import Desk
from workflow.store import people
from workflow.store.claims import Claimed
from workflow.store.facts import load_actor

__all__ = ["absent_at", "by_whom", "still_for"]


def by_whom(desk: Desk, told: Mapping[str, Any]) -> str:
    """Give the name of the one who did it, "X för Y" for a substitute; empty when no person
    did."""
    ids = [told[key] for key in ("by", "by_for") if key in told]
    known = people.people_by_id(desk.connection, ids) if ids else {}
    names = [known[person].name for person in ids if person in known]
    return (" for " if desk.language == "en" else " för ").join(names)


def still_for(desk: Desk, claimed: Claimed) -> tuple[str, ...] | None:
    """Give the names of those whom a substitute got a mail for and stands in for today.

    () when the mail is the person's own; None when it no longer concerns them.
    """
    put_for = claimed.content.get("instead_of")
    if not put_for or claimed.person is None:
        return ()
    person = people.people_by_id(desk.connection, [claimed.person])[claimed.person]
    actor = load_actor(desk.connection, person.email, desk.today)
    names = [one.name for one in (actor.stands_in_for if actor else ()) if one.person in put_for]
    return tuple(names) or None


def absent_at(desk: Desk, task: TaskFact, recipient: str, person: int) -> tuple[str, ...] | None:
    """Give the names of those whom a person gets a rung of a task for, as their substitute.

    () for one who gets it in their own right, None for one whom it does not concern
    today: the role or the substitution has ended since the rung was reached.
    """
    place = _place(desk, task, recipient)
    absent = told_at(desk.facts, (place,))[place].get(person) if place else None
    known = people.people_by_id(desk.connection, absent) if absent else {}
    return None if absent is None else tuple(known[one].name for one in absent)


def _place(desk: Desk, task: TaskFact, recipient: str) -> Place | None:
    """Give the place that a rung's recipient is told at."""
    if recipient == "leader":
        return leader_place(desk.definition, desk.facts)
    if recipient == "superior" and task.place:
        return superior_place(desk.definition, desk.facts, task.place)
    return task.place
