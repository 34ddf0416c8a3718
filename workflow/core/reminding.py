"""Whom a rung reaches, and which rungs are still to come when nobody does anything."""

from collections.abc import Iterator
from datetime import datetime

from workflow.core import plan
from workflow.core.definition import Definition, State
from workflow.core.facts import Facts, Place, TaskFact
from workflow.core.roles import leader_place, superior_place
from workflow.core.standing_in import told_at

__all__ = ["reached", "rungs_ahead"]


def reached(
    definition: Definition, facts: Facts, place: Place, recipient: str
) -> tuple[str, tuple[int, ...]]:
    """Give whom a rung reaches: as holder, superior or leader, and who they are.

    Those above in place of a holder there is none of.
    """
    if recipient == "holder":
        holders = _told(facts, place)
        if holders:
            return "holder", holders
    if recipient != "leader":
        people = _told(facts, superior_place(definition, facts, place))
        if people:
            return "superior", people
    return "leader", _told(facts, leader_place(definition, facts))


def _told(facts: Facts, place: Place | None) -> tuple[int, ...]:
    """Give who is told at a place: those who hold it, and those who stand in for them."""
    return tuple(told_at(facts, (place,))[place]) if place else ()


def rungs_ahead(
    definition: Definition, state: State, task: TaskFact, now: datetime
) -> Iterator[plan.RungAt]:
    """Give the rungs of an open task that will come if nobody acts, earliest first.

    None comes once the deadline has moved the case by itself.
    """
    if task.place is None or task.due_at is None:
        return
    ends_at = task.due_at if state.at_due else None
    for rung in sorted(plan.rungs(definition.ladder_of(state), task.due_at, definition.zone)):
        if rung.at > now and (ends_at is None or rung.at < ends_at):
            yield rung
