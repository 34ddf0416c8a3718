"""Whether the kinds of case hang together as a tree: who opens whom, where, how many."""

from workflow.core.definition import Case, Definition, State, Transition
from workflow.core.occasions import is_series
from workflow.core.periods import PERIODS
from workflow.core.validation.findings import Findings, listed
from workflow.core.validation.graphs import circle_through, components
from workflow.core.validation.outline import Outline

__all__ = ["check"]


def check(outline: Outline, findings: Findings) -> None:
    """Check the tree of cases and what is opened, started and reopened in it."""
    definition = outline.definition
    _tree(outline, findings)
    for case in definition.case.values():
        _units(outline, case, findings)
        _recurring(definition, case, findings)
        _below_series(outline, case, findings)
        for word in ("missing_by", "withdraw_by"):
            name = getattr(case, word)
            if name is not None and name != "nobody":
                findings.refer(f"{case.path}.{word}", "role", [name], definition.role)
        findings.refer(f"{case.path}.opened_by", "role", case.opened_by, definition.role)
        findings.refer(f"{case.path}.tells", "role", case.tells, definition.role)
        _picked(outline, case, findings)
        for state in case.state.values():
            _opens(definition, state, findings)
            for button in state.transition.values():
                _reopens(definition, case, button, findings)
                _begins(outline, button, findings)


def _tree(outline: Outline, findings: Findings) -> None:
    parents = outline.parents
    roots = [case for case, openers in parents.items() if not openers]
    arrows = {case: [parent.case for parent in openers] for case, openers in parents.items()}
    for group in components(arrows, arrows):
        circle = circle_through(group, arrows)
        if circle:
            way = " -> ".join(reversed(circle[:10]))
            findings.error(f"case.{circle[0]}", f"opens itself in a circle: {way}")
    for name in roots[1:]:
        findings.error(
            f"case.{name}",
            f"nobody opens or starts it; the round itself is '{roots[0]}'. "
            "Name it under opens or starts in a state",
        )
    for name, openers in parents.items():
        kinds = list(dict.fromkeys(parent.case for parent in openers))
        if len(kinds) > 1:
            findings.error(
                openers[-1].place, f"'{name}' has two parents, {listed(kinds[:5])}; one must do"
            )
        waiting = [parent for parent in openers if parent.waits]
        if len(waiting) > 1 and len(kinds) == 1:
            findings.error(
                waiting[-1].place,
                f"'{name}' is opened in '{waiting[0].state}' already; one state opens a case "
                "and waits for it, and reopens brings it back",
            )
        if len({parent.waits for parent in openers}) > 1:
            findings.error(
                openers[-1].place,
                f"'{name}' is both opened and started; either somebody waits for it or nobody",
            )


def _units(outline: Outline, case: Case, findings: Findings) -> None:
    findings.refer(f"{case.path}.per", "unit or body", case.per, outline.kinds)
    for kind in case.choose:
        if kind not in case.per:
            findings.error(
                f"{case.path}.choose",
                f"'{kind}' is not in per; choose names those of per that the opener picks from",
            )


def _recurring(definition: Definition, case: Case, findings: Findings) -> None:
    place = f"{case.path}.every"
    dated = [name for name in case.every if name not in PERIODS]
    if len(case.every) > 1 and len(dated) < len(case.every):
        findings.error(place, "write one period, or milestones, or a body")
    elif len(case.every) > 1 or (dated and dated[0] not in definition.body):
        known = {*definition.milestone, *(() if len(case.every) > 1 else definition.body)}
        known |= set() if len(case.every) > 1 else set(PERIODS)
        findings.refer(place, "period, milestone or body", dated, known)
    for word in ("ahead", "until"):
        if getattr(case, word) is not None and not case.every:
            findings.error(f"{case.path}.{word}", "needs every: it is for what comes again")
    if case.until is not None:
        findings.refer(f"{case.path}.until", "milestone", [case.until], definition.milestone)
    if case.every and case.opened_by:
        findings.error(f"{case.path}.opened_by", "comes by itself already: it has every")


def _below_series(outline: Outline, case: Case, findings: Findings) -> None:
    """Check that a kind that comes again does not lie below another that does."""
    kinds, seen = outline.definition.case, {case.key}
    ahead = [case.key] if is_series(case) else []
    while ahead:
        for parent in outline.parents[ahead.pop()]:
            if is_series(kinds[parent.case]) and parent.case != case.key:
                findings.error(
                    parent.place,
                    f"'{case.key}' comes again below '{parent.case}', which comes again itself; "
                    "start it in a case that does not",
                )
                return
            if parent.case not in seen:
                seen.add(parent.case)
                ahead.append(parent.case)


def _opens(definition: Definition, state: State, findings: Findings) -> None:
    for word, names in (("opens", state.opens), ("starts", state.starts)):
        findings.refer(f"{state.path}.{word}", "case", names, definition.case)
    for name in state.opens:
        kind = definition.case.get(name)
        if kind and (kind.every or kind.opened_by):
            key = "every" if kind.every else "opened_by"
            findings.error(
                f"{state.path}.opens",
                f"'{name}' has '{key}', so nobody can wait for it; write starts instead of opens",
            )
    if state.next is not None and not state.opens:
        findings.error(
            f"{state.path}.next", "waits for nothing: say with opens which cases it waits for"
        )
    if state.opens and state.next is None and not (state.transition or state.at_due):
        findings.error(
            f"{state.path}.opens",
            "nothing leads on when they have ended; write next or a transition",
        )
    if state.wait_for != "all" and state.next is None:
        findings.error(f"{state.path}.wait_for", "needs next: it says how many before that")
    opened = [definition.case[name] for name in state.opens if name in definition.case]
    most = None if any(kind.per for kind in opened) else len(state.opens)
    if most and isinstance(state.wait_for, int) and state.wait_for > most:
        findings.error(
            f"{state.path}.wait_for",
            f"waits for {state.wait_for}, and there are never more than {most}",
        )


def _picked(outline: Outline, case: Case, findings: Findings) -> None:
    """Check that a person leads to where somebody must choose units."""
    kinds = outline.definition.case
    picking = {
        state.key: name
        for state in case.state.values()
        for name in (*state.opens, *state.starts)
        if name in kinds and kinds[name].choose
    }
    for edge in outline.edges(case):
        if edge.by_itself and edge.target in picking:
            findings.error(
                edge.place,
                f"leads by itself to '{edge.target}', where somebody must choose who gets "
                f"'{picking[edge.target]}'; let a transition lead there",
            )
    if case.first in picking:
        findings.error(
            f"{case.state[case.first].path}.opens",
            f"'{case.key}' begins here by itself, and somebody must choose who gets "
            f"'{picking[case.first]}'; let a transition lead here",
        )


def _reopens(definition: Definition, case: Case, button: Transition, findings: Findings) -> None:
    place, here, at = f"{button.path}.reopens", case, button.to
    for name, back_to in button.reopens.items():
        child = definition.case.get(name)
        if child is None:
            findings.unknown(place, "case", name, definition.case)
            return
        if back_to not in child.state:
            findings.unknown(f"{place}.{name}", "state", back_to, child.state, of=name)
            return
        if at not in here.state or name not in here.state[at].opens:
            findings.error(place, _no_way(definition, name, here, at))
            return
        here, at = child, back_to
    if button.reopens and here.state[at].next and not here.state[at].by:
        findings.warn(
            place,
            f"'{here.key}' goes back to '{at}', which goes on at once when all it waits for has "
            "ended; reopen something below it too",
        )


def _no_way(definition: Definition, name: str, here: Case, at: str) -> str:
    opener = next(
        (
            f"is opened in '{state.key}' of '{case.key}'"
            for case in definition.case.values()
            for state in case.state.values()
            if name in state.opens
        ),
        "is opened nowhere",
    )
    return (
        f"'{name}' {opener}, but the transition leads '{here.key}' to '{at}', "
        "which does not open it"
    )


def _begins(outline: Outline, button: Transition, findings: Findings) -> None:
    definition, begins = outline.definition, button.begins
    if begins is None or begins.process not in (None, definition.key_):
        return
    if begins.plan is not None:
        findings.refer(f"{button.path}.begins.plan", "plan", [begins.plan], definition.plan)
    if begins.state is not None:
        place = f"{button.path}.begins.state"
        findings.refer(place, "state", [begins.state], definition.root.state)
        state = definition.root.state.get(begins.state)
        names = (*state.opens, *state.starts) if state else ()
        for name in names:
            if name in definition.case and definition.case[name].choose:
                findings.error(
                    place,
                    f"somebody must choose who gets '{name}' in '{begins.state}', and nobody is "
                    "there to choose when a round begins; let it begin in a state before",
                )
