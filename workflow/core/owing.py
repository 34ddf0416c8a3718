"""Who owes a state, and by when.

The place is found by the roles' rule, or handed up to a superior where separation
of duties would leave nobody; the deadline is the state's own, or one in its place.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workflow.core import plan
from workflow.core.definition import Definition, State
from workflow.core.facts import Actor, CaseFact, Facts, IncidentKind, Place, TaskFact
from workflow.core.phrases import Due, Span
from workflow.core.revision import Revision
from workflow.core.roles import place_of, superior_place

__all__ = [
    "AGAIN",
    "OWN",
    "Deadline",
    "is_separated",
    "left_out",
    "new_task",
    "owes_now",
    "wake_at",
    "who_owes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline in place of the state's own: a phrase, or a day set by hand."""

    due: Due | None = None
    on: date | None = None
    asked: bool = False
    """Whoever sends the case back is asked for a day when the deadline has passed."""


OWN = Deadline()
"""The state's own deadline."""

AGAIN: Final = (5, 10)
"""Working days, at least and at most, for a state that is entered again after its milestone
has passed. Fewer would be over before anybody is reminded; more than the ladder's first step
would be a plan of its own."""


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


def is_separated(state: State) -> bool:
    """Say whether somebody may be left out of those who owe a state."""
    return any(t.other_than and not t.by for t in state.transition.values())


def owes_now(
    definition: Definition, facts: Facts, case: CaseFact, state: State, place: Place
) -> tuple[Place, IncidentKind | None]:
    """Say who owes an open task that stands at a place, and what is wrong with that.

    By the same rule as when the state was entered, asked again because holders come and
    go: handed up when nobody but the excluded hold it, and back when somebody else does.
    A post that merely fell empty takes nothing back from a superior who can do it.
    """
    excluded = left_out(facts, case, state, None, None)
    now, wrong = who_owes(definition, facts, case, state, excluded)
    if now is None or wrong is not None:
        return place, wrong
    held = facts.holders({now, place})
    if now != place and not held[now] and set(held[place]) - excluded:
        return place, None
    return now, None


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
        task = facts.task(case.id)
        signed = facts.signers(task.id, acting[1]) if task and acting else {}
        did |= {*signed, *signed.values()}
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
    due_at = plan.task_due_at(definition, state, due, case, facts.milestone)
    passed = due_at is not None and due_at <= case.entered_at
    if passed and not deadline.asked and due.anchor in definition.milestone:
        again = _again(definition, facts, case)
        if again:
            return plan.task_due_at(definition, state, again, case, facts.milestone), str(again)
    return due_at, str(due)


def _again(definition: Definition, facts: Facts, case: CaseFact) -> Due | None:
    """Give the deadline of a case that is back in a state whose milestone has passed:
    as many working days as it had there first, within AGAIN; None the first time."""
    first = facts.first_task(case.id, case.state) if case.version > 1 else None
    if first is None:
        return None
    had = 0
    if first.due_at:
        opened_on = plan.local_day(first.opens_at, definition.zone)
        had = plan.working_days_between(opened_on, plan.due_on(first.due_at, definition.zone))
    least, most = AGAIN
    return Due(anchor="entered", span=Span(count=min(max(had, least), most), unit="working day"))


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
