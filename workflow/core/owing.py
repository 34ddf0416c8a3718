"""Who owes a state, and by when.

The place is found by the roles' rule, or handed up to a superior where separation
of duties would leave nobody; the deadline is the state's own, or one in its place.
"""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import plan
from workflow.core.definition import Definition, State
from workflow.core.facts import Actor, CaseFact, Facts, IncidentKind, Place, TaskFact
from workflow.core.phrases import Due
from workflow.core.revision import Revision
from workflow.core.roles import place_of, superior_place

__all__ = ["OWN", "Deadline", "left_out", "new_task", "wake_at", "who_owes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline in place of the state's own: a phrase, or a day set by hand."""

    due: Due | None = None
    on: date | None = None


OWN = Deadline()
"""The state's own deadline."""


def who_owes(
    definition: Definition, facts: Facts, case: CaseFact, state: State, excluded: frozenset[int]
) -> tuple[Place | None, IncidentKind | None]:
    """Find the place that owes a state, and what is wrong with it.

    Its own place, or a superior's when nobody but the excluded hold it; None when
    the organisation has no such place.
    """
    if state.by is None:
        return None, None
    place = place_of(definition, facts, state.by, case.unit, state.body)
    if place is None:
        return None, IncidentKind.NO_HOLDER
    if not excluded:
        return place, None
    step: Place | None = place
    seen: set[Place] = set()  # the leader may have a superior whose superior is the leader
    while step is not None and step not in seen:
        seen.add(step)
        holders = facts.holders((step,))[step]
        if (not holders and step == place) or set(holders) - excluded:
            return step, None
        step = superior_place(definition, facts, step)
    return place, IncidentKind.NOBODY_LEFT


def left_out(
    facts: Facts, case: CaseFact, state: State, actor: Actor | None, acting: tuple[str, str] | None
) -> frozenset[int]:
    """Give the persons whom the state's first separated transition leaves out.

    `acting` is the case and the transition that `actor` is making right now, which is
    not in the log yet.
    """
    separated = (t.other_than for t in state.transition.values() if t.other_than and not t.by)
    others = next(separated, ())
    if not others or case.version == 1:
        return frozenset()
    earlier = tuple(key for key in others if acting != (case.id, key))
    did = facts.last_actors(case.id, earlier) if earlier else frozenset()
    if actor and len(earlier) < len(others):
        did |= {actor.person, actor.on_behalf_of or actor.person}
    return did


def new_task(
    revision: Revision,
    facts: Facts,
    case: CaseFact,
    state: State,
    place: Place | None,
    deadline: Deadline,
) -> TaskFact:
    """Make the task of a case that has just entered a state."""
    due_at, rule = _due(revision.definition, facts, case, state, deadline)
    now = case.entered_at
    return TaskFact(
        id=f"{case.id}#{case.version}",
        case=case.id,
        state=case.state,
        place=place,
        opens_at=now,
        ladder_from=now,
        due_at=due_at,
        due_rule=rule,
        ladder=state.ladder or "standard",
        next_reminder_at=wake_at(revision, state, due_at, now, owed=place is not None),
    )


def _due(
    definition: Definition, facts: Facts, case: CaseFact, state: State, deadline: Deadline
) -> tuple[datetime | None, str]:
    if deadline.on is not None:
        return plan.day_end(deadline.on, definition.zone), ""
    due = deadline.due or state.due
    if due is None:
        return None, ""
    return plan.task_due_at(definition, state, due, case, facts.milestone), str(due)


def wake_at(
    revision: Revision, state: State, due_at: datetime | None, after: datetime, *, owed: bool
) -> datetime | None:
    """Give when the clock has to look at a task next: a rung, or a deadline that moves it."""
    definition = revision.definition
    rung = None
    if owed:
        ladder = definition.ladder_of(state)
        rung = plan.next_rung_at(ladder, due_at, definition.zone, after)
    if state.at_due is None or due_at is None:
        return rung
    due = max(due_at, after)
    return min(rung, due) if rung else due
