"""What holds and what does not when the present step drags on.

Each leg of the way that lies ahead needs some time: a span that the definition gives it,
otherwise one working day, since somebody has to do it. From that follows the last day on
which the present step may end if a later milestone is to hold, and from which day it does
not. A leg that is left with fewer working days than AGAIN is squeezed: it would be over
before anybody is reminded of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflow.core import plan
from workflow.core.course import Course, Leg
from workflow.core.facts import MilestoneFact
from workflow.core.owing import AGAIN
from workflow.core.phrases import Span

__all__ = ["Ahead", "Strain", "StrainKind", "ahead", "holds_until", "last_day_before", "strains"]

ONE_DAY = Span(count=1, unit="working day")
"""What a leg needs at the least when the definition gives it no span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A leg that lies ahead, and what has to be done from now until it is done."""

    leg: Leg
    needs: tuple[Span, ...]
    """Of every leg after the present one up to this, in order."""


class StrainKind(StrEnum):
    """What happens to a milestone."""

    SQUEEZED = "squeezed"
    """Its leg gets fewer working days than AGAIN."""
    BROKEN = "broken"
    """It cannot be held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """A consequence of the present step's dragging on, and from which day it is one."""

    kind: StrainKind
    leg: Leg
    milestone: str
    last_on: date
    """The milestone's last day."""
    from_on: date
    """The first day from which the present step ends too late."""


def ahead(course: Course, path: Sequence[tuple[str, str]]) -> tuple[Ahead, ...]:
    """Give what lies ahead of a leg, which is named by kind and state from the round down."""
    found: list[Ahead] = []
    needs: tuple[Span, ...] = ()
    for kind, state in reversed(path):
        states = course.ways[kind].states
        rest = states[states.index(state) + 1 :] if state in states else ()
        found_here, needs = _follow(course, kind, rest, needs)
        found += found_here
    return tuple(found)


def _follow(
    course: Course, kind: str, states: Sequence[str], needs: tuple[Span, ...]
) -> tuple[list[Ahead], tuple[Span, ...]]:
    found: list[Ahead] = []
    for state in states:
        branches = [
            _follow(course, child, course.ways[child].states, needs)
            for child in course.awaited(kind, state)
        ]
        for below, _ in branches:
            found += below
        needs = max((after for _, after in branches), key=_length, default=needs)
        if course.is_leg(kind, state):
            leg = course.leg(kind, state)
            needs = (*needs, _needed(leg))
            found.append(Ahead(leg=leg, needs=needs))
    return found, needs


def _needed(leg: Leg) -> Span:
    milestone = leg.due is None or leg.due.span is None or leg.due.anchor != "entered"
    return ONE_DAY if milestone or leg.due is None or leg.due.span is None else leg.due.span


def _length(needs: Sequence[Span]) -> int:
    """Give about how many days some spans are together, to find the longest branch."""
    days = {"day": 10, "working day": 14, "week": 70, "month": 304, "year": 3652}
    return sum(one.count * days[one.unit] for one in needs)


def strains(
    course: Course, path: Sequence[tuple[str, str]], milestone: Callable[[str], MilestoneFact]
) -> tuple[Strain, ...]:
    """Give what happens from which day, the earliest first; milestones without a date are
    left out."""
    found: list[Strain] = []
    told: set[str] = set()
    for number, one in enumerate(ahead(course, path)):
        due = one.leg.due
        if due is None or due.span is not None or due.anchor not in course.definition.milestone:
            continue
        fact = milestone(due.anchor)
        if fact.due_at is None or due.anchor in told:
            continue
        told.add(due.anchor)
        last_on = plan.due_on(fact.due_at, course.definition.zone)
        meets = course.definition.milestone[due.anchor].meeting is not None
        kinds = [StrainKind.BROKEN]
        if not meets and number < 2:
            kinds.append(StrainKind.SQUEEZED)
        found += [_strain(kind, one, due.anchor, last_on) for kind in kinds]
    return tuple(sorted(found, key=lambda one: (one.from_on, one.last_on, one.kind)))


def _strain(kind: StrainKind, one: Ahead, milestone: str, last_on: date) -> Strain:
    needs = one.needs
    if kind is StrainKind.SQUEEZED:
        needs = (*needs[:-1], Span(count=AGAIN[0], unit="working day"))
    latest = last_day_before(last_on, needs)
    return Strain(
        kind=kind,
        leg=one.leg,
        milestone=milestone,
        last_on=last_on,
        from_on=plan.working_day_after(latest),
    )


def last_day_before(last_on: date, needs: Sequence[Span]) -> date:
    """Give the last working day on which something may begin that takes so long."""
    day = last_on if plan.is_working_day(last_on) else plan.working_day_before(last_on)
    for span in reversed(needs):
        day = plan.add_span(day, span, "before")
    return day if plan.is_working_day(day) else plan.working_day_before(day)


def holds_until(found: Sequence[Strain]) -> date | None:
    """Give the last working day on which the present step may end with every later milestone
    held; None when nothing depends on it."""
    broken = [one.from_on for one in found if one.kind is StrainKind.BROKEN]
    return plan.working_day_before(min(broken)) if broken else None
