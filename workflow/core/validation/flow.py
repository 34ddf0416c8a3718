"""Whether every case can be walked from its first state to an end, and by whose doing."""

from collections.abc import Collection

from workflow.core.definition import Case, Definition, State, Transition
from workflow.core.phrases import Due
from workflow.core.validation.findings import Findings, did_you_mean, listed
from workflow.core.validation.graphs import components, reached, turned
from workflow.core.validation.outline import Outline

__all__ = ["GUARDS", "check"]

GUARDS = frozenset(
    {
        *("complete", "quorum", "opened_finished", "started_finished"),
        *("nothing_missing", "before_due", "after_due"),
    }
)
"""The guards that are built in."""
MOMENTS = frozenset({"entered", "opened", "occasion"})
"""What a deadline may be counted from besides milestones."""


def check(outline: Outline, findings: Findings, guards: Collection[str]) -> None:
    """Check the ways through each case; `guards` are those added to the built in."""
    definition = outline.definition
    known = GUARDS | set(guards)
    for case in definition.case.values():
        written = {key for state in case.state.values() for key in state.transition}
        for state in case.state.values():
            _state(definition, case, state, findings)
            for button in state.transition.values():
                _button(definition, case, button, findings)
                place = f"{button.path}.other_than"
                findings.refer(place, "transition", button.other_than, written, of=case.key)
                findings.refer(f"{button.path}.guards", "guard", button.guards, known)
        _walk(outline, case, findings)


def _state(definition: Definition, case: Case, state: State, findings: Findings) -> None:
    if state.body is not None:
        findings.refer(f"{state.path}.body", "body", [state.body], definition.body)
        if not (state.by or state.opens):
            findings.error(f"{state.path}.body", "needs by: somebody must act for the body")
    findings.refer(f"{state.path}.edits", "table", state.edits, definition.table)
    findings.refer(f"{state.path}.tells", "role", state.tells, definition.role)
    findings.refer(f"{state.path}.helpers", "role", state.helpers, definition.role)
    if state.edits and not state.by:
        findings.error(f"{state.path}.edits", "needs by: nobody may fill it in")
    if state.due is not None:
        _due(definition, case, f"{state.path}.due", state.due, findings)
    if state.at_due is None:
        return
    place = f"{state.path}.at_due"
    if state.due is None:
        findings.error(place, "needs due: there is no deadline that could pass")
    if state.at_due == state.key:
        findings.error(place, "leads back to the same state, whose deadline has passed already")
    if state.body in definition.body and definition.body[str(state.body)].minutes:
        findings.error(place, "a body with minutes decides at a meeting; silence never decides")


def _button(definition: Definition, case: Case, button: Transition, findings: Findings) -> None:
    if button.due is not None:
        _due(definition, case, f"{button.path}.due", button.due, findings)
    if button.due is not None and button.to in case.ends:
        findings.error(
            f"{button.path}.due", f"leads to the end '{button.to}': nothing is due there"
        )


def _due(definition: Definition, case: Case, place: str, due: Due, findings: Findings) -> None:
    if due.anchor not in MOMENTS:
        findings.refer(place, "milestone", [due.anchor], definition.milestone)
    elif due.anchor == "occasion" and not case.every:
        findings.error(place, f"'{case.key}' has no occasions: it has no every")


def _walk(outline: Outline, case: Case, findings: Findings) -> None:
    """Report ways to nowhere, dead ends and what is never reached: causes before follows."""
    known = {**case.state, **case.ends}
    lost = [edge for edge in outline.edges(case) if edge.target not in known]
    arrows = outline.arrows(case)
    unsure = {edge.state for edge in lost}
    reachable = reached([case.first], arrows)
    to_an_end = reached([*case.ends, *unsure], turned(arrows))
    dead = [state for state in case.state if state not in to_an_end]
    unreached = [name for name in known if name not in reachable]
    if lost:
        _lost(case, lost[0].place, lost[0].target, findings, follows=len(unreached))
        for edge in lost[1:]:
            _lost(case, edge.place, edge.target, findings)
    ends = [name for name in unreached if name in case.ends]
    _dead_ends(case, dead, arrows, findings, ends=0 if lost else len(ends))
    if not lost:
        _never(case, unreached, arrows, findings, has_dead_ends=bool(dead))


def _lost(case: Case, place: str, target: str, findings: Findings, follows: int = 0) -> None:
    hint = "" if findings.is_full else did_you_mean(target, [*case.state, *case.ends])
    findings.error(
        place, f"'{case.key}' has no state or end '{target[:60]}'{hint}", follows=follows
    )


def _dead_ends(
    case: Case, dead: list[str], arrows: dict[str, list[str]], findings: Findings, *, ends: int
) -> None:
    groups = components(dead, arrows)
    member = {state: number for number, group in enumerate(groups) for state in group}
    causes = [
        group
        for number, group in enumerate(groups)
        if all(member.get(there) == number for state in group for there in arrows[state])
    ]
    follows = len(dead) - sum(len(group) for group in causes) + ends
    wanted = listed(case.ends)
    for group in causes:
        place = case.state[group[0]].path
        others = f" (nor from {listed(group[1:6])})" if group[1:] else ""
        findings.error(
            place,
            f"is a dead end: no way leads from here to an end ({wanted}){others}",
            follows=follows,
        )
        follows = 0


def _never(
    case: Case,
    unreached: list[str],
    arrows: dict[str, list[str]],
    findings: Findings,
    *,
    has_dead_ends: bool,
) -> None:
    states = [name for name in unreached if name in case.state]
    ends = [name for name in unreached if name in case.ends]
    into = turned({state: arrows[state] for state in states})
    groups = components(states, arrows)
    causes = [
        group
        for group in groups
        if not any(one not in group for state in group for one in into.get(state, ()))
    ]
    # An end that only these would lead to, or that dead ends were to lead to, follows.
    behind = reached([state for group in causes for state in group], arrows)
    own = [end for end in ends if end not in behind and not has_dead_ends]
    lost_too = 0 if has_dead_ends else len(ends) - len(own)
    follows = len(states) - len(causes) + lost_too
    for group in causes:
        findings.error(
            case.state[group[0]].path,
            f"can never be reached: nothing leads here from '{case.first}'",
            follows=follows,
        )
        follows = 0
    for end in own:
        findings.error(f"{case.path}.ends.{end}", "can never be reached: nothing leads to it")
