"""Whether somebody in particular may act in every state: where the roles are held."""

from workflow.core.definition import Case, State, Transition
from workflow.core.validation.findings import Findings, listed
from workflow.core.validation.outline import Outline

__all__ = ["check"]


def check(outline: Outline, findings: Findings) -> None:
    """Check who owes, who may act and how many must sign."""
    definition = outline.definition
    for case in definition.case.values():
        for state in case.state.values():
            if state.by is not None:
                _held(outline, case, state, f"{state.path}.by", state.by, findings)
            for button in state.transition.values():
                if button.by is not None:
                    _held(outline, case, state, f"{button.path}.by", button.by, findings)
                elif not state.by:
                    findings.error(
                        f"{button.path}.by",
                        f"nobody may press it: neither it nor '{state.key}' says by",
                    )
                _signatures(outline, state, button, findings)


def _held(
    outline: Outline,
    case: Case,
    state: State,
    place: str,
    roles: tuple[str, ...],
    findings: Findings,
) -> None:
    declared = outline.definition.role
    findings.refer(place, "role", roles, declared)
    if not roles:
        findings.error(place, "names nobody")
    known = [role for role in roles if role in declared]
    kinds = outline.places[case.key]
    if len(known) < len(roles) or not kinds:
        return
    wrong: dict[str, str] = {}
    fitting: set[str] = set()
    for kind in kinds:
        answers = {role: _misfit(outline, role, kind, state) for role in known}
        fitting |= {role for role, answer in answers.items() if answer is None}
        if all(answers.values()):
            wrong |= {role: answer for role, answer in answers.items() if answer}
    for role in known:
        if role in wrong:
            findings.error(place, wrong[role])
            return
    for role in known:
        if role not in fitting:
            findings.error(place, str(_misfit(outline, role, kinds[0], state)))


def _misfit(outline: Outline, role: str, kind: str, state: State) -> str | None:
    """Say why a role cannot act for a case at a kind of unit; None when it can."""
    definition = outline.definition
    at = [one for one in definition.role[role].at if one in outline.kinds]
    line = outline.above(kind)
    if not at or state.body in at or any(one in line for one in at):
        return None
    bodies = [one for one in at if one in definition.body]
    if len(bodies) == 1:
        return None
    filled = [definition.table[name] for name in state.edits if name in definition.table]
    if any(table.each == role for table in filled):
        return None
    if bodies:
        return (
            f"{role} is held at {listed(bodies)}: which of them acts? "
            "Say it with body, or name another role"
        )
    for step in line:
        for one in at:
            if step in outline.above(one):
                return (
                    f"{role} is held at {one}, below {step}: any of them could act. "
                    f"Open a case per {one}, or let each of them fill in a table "
                    f'with each = "{role}"'
                )
    return f"{role} is held at {listed(at)}, which is neither {kind} nor above it"


def _signatures(outline: Outline, state: State, button: Transition, findings: Findings) -> None:
    if not isinstance(button.signatures, int) or button.signatures == 1:
        return
    roles = outline.definition.role
    by = [role for role in button.by or state.by or () if role in roles]
    holders = sum(roles[role].holders for role in by)
    if by and button.signatures > holders:
        findings.error(
            f"{button.path}.signatures",
            f"asks for {button.signatures}, but {listed(by)} has {holders} "
            f"{'holder' if holders == 1 else 'holders'}; write holders = {button.signatures} there",
        )
