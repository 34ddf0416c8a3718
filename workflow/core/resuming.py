"""What becomes of a round's days when it goes on after a rest.

Either they stand, or all that was still to come when it was paused comes as many working
days later as it rested. What was overdue by then stays overdue.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from workflow.core import plan
from workflow.core.definition import Definition
from workflow.core.facts import MilestoneFact, SeriesFact, TaskFact
from workflow.core.moving import (
    Days,
    MilestoneMove,
    Move,
    Planned,
    Standing,
    TaskMove,
    series_moved,
    warnings_of,
    with_deadline,
)
from workflow.core.occasions import with_next
from workflow.core.revision import Revision

__all__ = ["days_rested", "plan_resume"]


def days_rested(definition: Definition, paused_at: datetime, now: datetime) -> int:
    """Count the working days that a round rested: those after the day it was paused, up to
    and including today."""
    zone = definition.zone
    first, last = plan.local_day(paused_at, zone), plan.local_day(now, zone)
    return max(plan.working_days_between(first, last), 0)


def plan_resume(
    revision: Revision, standing: Standing, paused_at: datetime, now: datetime, *, move: bool
) -> Move:
    """Find out what changes when a round that was paused goes on; with `move` the days do.

    Cases of periods that passed while it rested are not made up for.
    """
    definition = revision.definition
    days = days_rested(definition, paused_at, now) if move else 0
    before = standing.milestones
    moved = tuple(_milestones(definition, standing, paused_at, days)) if days else ()
    facts = {one.fact.key: one.fact for one in before}
    facts |= {one.after.fact.key: one.after.fact for one in moved}
    tasks = tuple(_tasks(revision, standing, paused_at, days, now)) if days else ()
    return Move(
        milestones=moved,
        tasks=tasks,
        series=tuple(_series(definition, facts, standing.series, now)),
        warnings=tuple(warnings_of(definition, before, moved, facts, now)) if moved else (),
    )


# ---- the plan --------------------------------------------------------------------------


def _milestones(
    definition: Definition, standing: Standing, paused_at: datetime, days: int
) -> Iterator[MilestoneMove]:
    """Give the milestones that get another day, or must be held where they are since what
    they are counted from moves away."""
    before = {one.fact.key: one for one in standing.milestones}
    wanted = {
        key: _later(definition, one.fact, days)
        if one.fact.due_at and one.fact.due_at > paused_at
        else (one.fact.first_on, one.fact.last_on)
        for key, one in before.items()
    }
    by_hand = _by_hand(definition, standing, wanted)
    for key, one in before.items():
        after = Planned(
            fact=plan.milestone_fact(definition, definition.milestone[key], *wanted[key]),
            moved_from=one.moved_from or one.fact.last_on,
            by_hand=key in by_hand,
        )
        if wanted[key] != (one.fact.first_on, one.fact.last_on):
            anchor = None if key in by_hand else _anchor(definition, standing.round.plan, key)
            yield MilestoneMove(before=one, after=after, counted_from=anchor)
        elif after.by_hand != one.by_hand:
            kept = replace(one, by_hand=after.by_hand)
            yield MilestoneMove(before=one, after=kept, counted_from=None)


def _later(definition: Definition, fact: MilestoneFact, days: int) -> Days:
    """Give the day a milestone has after the rest: counted from the working day it was due."""
    if fact.due_at is None:
        return fact.first_on, fact.last_on
    day = plan.add_working_days(plan.due_on(fact.due_at, definition.zone), days)
    return day, day


def _by_hand(
    definition: Definition, standing: Standing, wanted: Mapping[str, Days]
) -> frozenset[str]:
    """Give the milestones that must be set by hand for the plan to come out as wanted.

    As few as will do: one that comes right by being counted from another still follows it.
    """
    fact = standing.round
    fixed = {
        one.fact.key: wanted[one.fact.key][1]
        for one in standing.milestones
        if one.by_hand and wanted[one.fact.key][1]
    }
    while True:
        moved = {key: day for key, day in fixed.items() if day}
        there = plan.milestone_days(definition, fact.plan, fact.year, moved=moved)
        wrong = [key for key, days in wanted.items() if days[1] and there[key][1] != days[1]]
        if not wrong:
            return frozenset(fixed) | {one.fact.key for one in standing.milestones if one.by_hand}
        first = [key for key in wrong if _anchor(definition, fact.plan, key) not in wrong]
        fixed |= {key: wanted[key][1] for key in first or wrong}


def _anchor(definition: Definition, plan_key: str, key: str) -> str | None:
    dates = definition.milestone[key].on
    if plan_key:
        dates = definition.plan[plan_key].on.get(key, dates)
    return next((when.anchor for when in dates if when.anchor), None)


# ---- the tasks, and what comes again ---------------------------------------------------


def _tasks(
    revision: Revision, standing: Standing, paused_at: datetime, days: int, now: datetime
) -> Iterator[TaskMove]:
    definition = revision.definition
    for case, task in standing.tasks:
        if task.due_at is None or task.due_at <= paused_at:
            continue
        due_at = _instant_later(definition, task.due_at, days)
        state = definition.case[case.kind].state[task.state]
        after = with_deadline(revision, state, _extended(task, paused_at, days), due_at, now)
        yield TaskMove(case=case, before=task, after=after)


def _extended(task: TaskFact, paused_at: datetime, days: int) -> TaskFact:
    """Let a granted extension that had not run out hold as much longer."""
    until = task.extended_on
    if until is None or until < paused_at.date():
        return task
    return replace(task, extended_on=plan.add_working_days(until, days))


def _instant_later(definition: Definition, due_at: datetime, days: int) -> datetime:
    zone = definition.zone
    on = plan.due_on(due_at, zone)
    later: date = plan.add_working_days(on, days)
    if due_at == plan.day_end(on, zone):
        return plan.day_end(later, zone)
    return plan.same_time_on(due_at, later, zone)


def _series(
    definition: Definition,
    facts: Mapping[str, MilestoneFact],
    series: Sequence[SeriesFact],
    now: datetime,
) -> Iterator[SeriesFact]:
    """Give the series whose next case now comes on another day."""
    moved = {(one.case, one.kind): one for one in series_moved(definition, facts, series)}
    for one in series:
        after = moved.get((one.case, one.kind), one)
        kind = definition.case[one.kind]
        passed = after.next_at is not None and after.next_at <= now
        if passed and kind.every and not definition.milestones_of(kind):
            since = replace(after, since=plan.local_day(now, definition.zone))
            after = with_next(definition, since, facts.__getitem__)
        if after != one:
            yield after
