"""Who has a case after whom, when everybody says yes.

Each case goes the way that its kind is meant to go; where it ends, the one above that
waits for it goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.core.course import Way, course_of
from workflow.core.definition import State
from workflow.core.facts import CaseFact, Facts, Place
from workflow.core.revision import Revision
from workflow.core.roles import place_of

__all__ = ["Successor", "successors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A state that is still to come."""

    case: CaseFact
    """As it stands now."""
    state: State
    place: Place | None
    """Who will owe it; None when nobody does, or the organisation has no such place."""


def successors(revision: Revision, facts: Facts, case: CaseFact) -> Iterator[Successor]:
    """Give the states that a case, and those above it, come to from where they stand."""
    definition, course = revision.definition, course_of(revision)
    at: CaseFact | None = case
    target = _after(course.ways[case.kind], case.state) if case.ended_at is None else ""
    while at is not None and target:
        kind = definition.case[at.kind]
        if target in kind.state:
            state = kind.state[target]
            place = place_of(definition, facts, state.by, at.unit, state.body) if state.by else None
            yield Successor(case=at, state=state, place=place)
            target = _after(course.ways[at.kind], target)
        else:
            at = _waiting(facts, at)
            target = _after(course.ways[at.kind], at.state) if at else ""


def _after(way: Way, state: str) -> str:
    """Give where a state leads; one beside the way comes back to it further on."""
    if state in way.states:
        return way.after(state)
    place = way.places.get(state, 0.0)
    return next((one for one in way.states if way.places[one] > place), way.end)


def _waiting(facts: Facts, case: CaseFact) -> CaseFact | None:
    """Give the case that waits for one to end."""
    parent = facts.case(case.parent) if case.parent and not case.started else None
    return parent if parent and parent.state == case.opened_in else None
