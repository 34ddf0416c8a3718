"""Whether deadlines lie in the order of the flow, and children's before their parent's."""

from datetime import date

from workflow.core.definition import Case, Definition, State
from workflow.core.plan import add_span
from workflow.core.validation.findings import Findings
from workflow.core.validation.graphs import levels
from workflow.core.validation.milestones import Calendar
from workflow.core.validation.outline import Outline

__all__ = ["check"]

Days = dict[str, tuple[date, str]]
"""By state, the last day so far on the way there, and the state that is due then."""


def check(outline: Outline, findings: Findings, calendar: Calendar) -> None:
    """Check the deadlines that hang on milestones, in every plan."""
    definition = outline.definition
    for plan in calendar.plans:
        for case in definition.case.values():
            _along(outline, case, plan, calendar, findings)
            _below(definition, case, plan, calendar, findings)


def _day(definition: Definition, state: State, plan: str, calendar: Calendar) -> date | None:
    """Give the day that a state is due, when the plan says it and can be trusted."""
    due = state.due
    if due is None or due.anchor not in definition.milestone or due.anchor in calendar.doubtful:
        return None
    first, last = calendar.plans[plan][due.anchor]
    start = first if due.span and due.side == "before" else last
    if start is None or due.span is None:
        return start
    try:
        return add_span(start, due.span, due.side)
    except (ValueError, OverflowError):
        return None


def _along(outline: Outline, case: Case, plan: str, calendar: Calendar, findings: Findings) -> None:
    definition = outline.definition
    so_far: dict[str, tuple[date, str] | None] = {}
    for name, before in levels(case.first, outline.arrows(case)).items():
        latest = so_far.get(before) if before else None
        if name in case.ends:
            continue
        day = _day(definition, case.state[name], plan, calendar)
        if day and latest and day < latest[0]:
            findings.error(
                f"{case.state[name].path}.due",
                f"is due {day}{_in(plan)}, before '{latest[1]}' {latest[0]} that comes first",
            )
        so_far[name] = (day, name) if day and (not latest or day >= latest[0]) else latest


def _below(
    definition: Definition, case: Case, plan: str, calendar: Calendar, findings: Findings
) -> None:
    for state in case.state.values():
        ahead = case.state.get(state.next) if state.next else None
        day = _day(definition, state, plan, calendar)
        waiting, named = day, state.key
        if day is None and ahead is not None:
            waiting, named = _day(definition, ahead, plan, calendar), ahead.key
        if waiting is None:
            continue
        for name in state.opens:
            child = definition.case.get(name)
            for step in child.state.values() if child else ():
                due = _day(definition, step, plan, calendar)
                if due and due > waiting:
                    findings.error(
                        f"{step.path}.due",
                        f"is due {due}{_in(plan)}, after '{named}' of '{case.key}' {waiting} "
                        "that waits for it",
                    )


def _in(plan: str) -> str:
    return f" in plan '{plan}'" if plan else ""
