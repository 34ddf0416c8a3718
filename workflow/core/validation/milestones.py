"""Whether the plan can lie as it is written: days that exist, in order, and at work.

A plan is laid out for one year. Of milestones out of order the culprits are
named: those outside the longest run that is in order.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core import plan as days
from workflow.core.definition import Definition, Milestone
from workflow.core.phrases import When
from workflow.core.validation.findings import Findings, did_you_mean
from workflow.core.validation.graphs import circle_through, components, reached

__all__ = ["Calendar", "check"]

MOST_OFFSETS = 50
"""Milestones counted from one another in a row, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The plans of a definition, laid out for a year."""

    plans: Mapping[str, Mapping[str, tuple[date | None, date | None]]]
    """By plan, the process's own under the empty key: first and last day of each
    milestone. A plan that cannot be laid out is left out."""
    doubtful: frozenset[str]
    """Milestones that are out of order; nothing more is concluded from them."""


def check(definition: Definition, findings: Findings, year: int) -> Calendar:
    """Check the milestones in every plan and give the days that hold."""
    due = _due_bodies(definition)
    for milestone in definition.milestone.values():
        _names(definition, milestone, due.get(milestone.key, set()), findings)
    for plan in definition.plan.values():
        findings.refer(f"{plan.path}.on", "milestone", plan.on, definition.milestone)
    plans: dict[str, Mapping[str, tuple[date | None, date | None]]] = {}
    told: dict[str, str] = {}
    for name in ("", *definition.plan):
        laid = _lay_out(definition, name, year, findings)
        if laid is None:
            continue
        plans[name] = laid
        for key, message in _out_of_order(laid):
            if told.get(key) != message:
                findings.error(_place(definition, name, key), message)
            told.setdefault(key, message)
    own = plans.get("", {})
    for name, laid in plans.items():
        for key, (_, last) in laid.items():
            if key not in told and last and (not name or last != own.get(key, (None, None))[1]):
                _weekend(definition, name, key, last, findings, is_due=key in due)
    return Calendar(plans=plans, doubtful=frozenset(told))


def _due_bodies(definition: Definition) -> dict[str, set[str | None]]:
    """For each milestone that something is due at, the bodies whose states are."""
    found: dict[str, set[str | None]] = {}
    for case in definition.case.values():
        for state in case.state.values():
            if state.due is not None and state.due.span is None:
                found.setdefault(state.due.anchor, set()).update((state.body, *case.per))
    return found


def _names(
    definition: Definition, milestone: Milestone, bodies: set[str | None], findings: Findings
) -> None:
    findings.refer(f"{milestone.path}.invites", "role", milestone.invites, definition.role)
    body = milestone.meeting
    if body is None:
        return
    findings.refer(f"{milestone.path}.meeting", "body", [body], definition.body)
    if body in definition.body and body not in bodies:
        findings.warn(
            f"{milestone.path}.meeting",
            f"'{body}' meets then, and no state of that body is due: give one "
            f'body = "{body}" and due = "{milestone.key}", unless it only informs',
        )


def _place(definition: Definition, plan: str, key: str) -> str:
    if not plan:
        return f"milestone.{key}"
    return f"plan.{plan}.on.{key}" if key in definition.plan[plan].on else f"plan.{plan}"


def _written(definition: Definition, plan: str) -> dict[str, tuple[When, ...]]:
    own = {key: milestone.on for key, milestone in definition.milestone.items()}
    if plan:
        other = definition.plan[plan].on
        own = {key: other.get(key, dates) for key, dates in own.items()}
    return own


def _lay_out(
    definition: Definition, plan: str, year: int, findings: Findings
) -> Mapping[str, tuple[date | None, date | None]] | None:
    written = _written(definition, plan)
    anchors = {key: [when.anchor for when in on if when.anchor] for key, on in written.items()}
    wrong = list(_impossible(written, anchors, year))
    for key, message in wrong:
        findings.error(_place(definition, plan, key), message)
    if wrong:
        return None
    try:
        return days.milestone_days(definition, plan, year)
    except days.PlanError as error:
        findings.error(_place(definition, plan, error.milestone), str(error))
    except (ValueError, OverflowError):
        findings.error(
            f"plan.{plan}" if plan else "milestone", f"no such days exist for the year {year}"
        )
    return None


def _impossible(
    written: Mapping[str, tuple[When, ...]], anchors: Mapping[str, list[str]], year: int
) -> Iterator[tuple[str, str]]:
    for key, on in written.items():
        for when in on:
            if when.anchor is not None and when.anchor not in written:
                hint = did_you_mean(when.anchor, written)
                yield key, f"there is no milestone '{when.anchor}' to count from{hint}"
            if isinstance(when.day, int) and when.month:
                there = when.year if when.year is not None else year + when.year_offset
                if not 1 <= there <= 9998 or when.day > monthrange(there, when.month)[1]:
                    yield key, f"there is no day {there}-{when.month:02}-{when.day:02}"
        if sum(when.month is None and when.anchor is None for when in on) == 1 < len(on):
            yield key, "is half known: write both days, or later alone"
    for group in components(written, anchors):
        circle = circle_through(group, anchors)
        if circle:
            yield circle[0], f"is counted from itself: {' -> '.join(circle[:10])}"
    for key in written:
        if len(anchors[key]) and len(reached([key], anchors)) > MOST_OFFSETS:
            yield key, f"is counted from more than {MOST_OFFSETS} other milestones"
            return


def _out_of_order(
    laid: Mapping[str, tuple[date | None, date | None]],
) -> Iterator[tuple[str, str]]:
    """Name the milestones outside the longest run in order, and what they contradict."""
    known = [(key, last) for key, (_, last) in laid.items() if last]
    kept = _longest_run([day for _, day in known])
    for index, (key, day) in enumerate(known):
        first = laid[key][0]
        if first and first > day:
            yield key, f"ends {day}, before it begins {first}"
        elif index not in kept:
            yield key, f"lies {day}, {_contradicted(known, kept, index)}"


def _contradicted(known: list[tuple[str, date]], kept: set[int], index: int) -> str:
    """Say which of the milestones in order a culprit stands on the wrong side of."""
    day = known[index][1]
    for other in range(index - 1, -1, -1):
        if other in kept and known[other][1] > day:
            return f"before '{known[other][0]}' {known[other][1]} that stands above it"
    for other in range(index + 1, len(known)):
        if other in kept and known[other][1] < day:
            return f"after '{known[other][0]}' {known[other][1]} that stands below it"
    return "out of order"


def _longest_run(values: list[date]) -> set[int]:
    """Give the indexes of a longest run that never falls."""
    tails: list[date] = []
    ends: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        length = bisect_right(tails, value)
        before.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [value]
        ends[length : length + 1] = [index]
    run: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        run.add(step)
        step = before[step]
    return run


def _weekend(
    definition: Definition, plan: str, key: str, last: date, findings: Findings, *, is_due: bool
) -> None:
    """Warn of a day off; of a month's last day only when something is due then."""
    milestone = definition.milestone[key]
    if not is_due and not all(when.day or when.anchor for when in milestone.on):
        return
    place = _place(definition, plan, key)
    name = days.day_off_name(last, "sv")
    if name is None:
        if days.is_bridge_day(last):
            findings.warn(place, f"{last} är en klämdag, en arbetsdag mellan två lediga dagar")
        return
    name = f"en {name}" if name in ("lördag", "söndag") else name
    rule = milestone.roll or definition.roll
    if rule == "as_written":
        before, after = days.working_day_before(last), days.working_day_after(last)
        told = f"working_day_before ger {before}, working_day_after {after}"
    else:
        told = f"{rule} flyttar den till {days.roll(last, rule)}"
    findings.warn(place, f"{last} är {name}; {told}")
