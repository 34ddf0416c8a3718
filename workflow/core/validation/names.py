"""Whether what a definition names is declared: units, bodies, roles, ladders, texts."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.core.definition import PLAIN_TYPES, RESERVED, Body, Definition, Section, Unit
from workflow.core.phrases import read_span
from workflow.core.validation.findings import MOST, Findings, nearest
from workflow.core.validation.graphs import circle_through, components
from workflow.core.validation.outline import Outline

__all__ = ["check", "check_keep"]

PLACEHOLDER = re.compile(r"\{([^{}]{0,40})\}")
PLACEHOLDERS = re.compile(r"year([+-]\d{1,2})?|unit|occasion")


def check(outline: Outline, findings: Findings) -> None:
    """Check names, and what is declared and never used."""
    definition = outline.definition
    _process(definition, findings)
    _reserved(definition, findings)
    _kinds(outline, findings)
    _roles(outline, findings)
    _ladders(definition, findings)
    _unused(definition, findings)
    _placeholders(definition, findings)


def check_keep(findings: Findings, place: str, keep: str | None) -> None:
    """Check how long something is kept."""
    if keep in (None, "forever"):
        return
    try:
        read_span(str(keep))
    except ValueError as error:
        findings.error(place, f'{error}; or "forever"')


def _process(definition: Definition, findings: Findings) -> None:
    for word in ("leader", "registrar", "auditor"):
        name = getattr(definition, word)
        if name is not None:
            findings.refer(word, "role", [name], definition.role)
    _auditor(definition, findings)
    if definition.leader is None:
        findings.warn("leader", "nobody leads the process; the administrator will have to")
    try:
        ZoneInfo(definition.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        findings.error("zone", f"there is no time zone '{definition.zone[:40]}'")
    check_keep(findings, "keep", definition.keep)


def _auditor(definition: Definition, findings: Findings) -> None:
    """Demand that the role that reads everything has a part in nothing."""
    auditor = definition.auditor
    parts = {path for role, path in _parts(definition) if role == auditor}
    for path in sorted(parts) if auditor else ():
        findings.error("auditor", f"'{auditor}' changes nothing, but has a part in {path}")


def _parts(definition: Definition) -> Iterator[tuple[str | None, str]]:
    """Give each role that may change something, and where that is said."""
    yield from ((role, "leader") for role in (definition.leader, definition.registrar))
    for case in definition.case.values():
        named = (*case.opened_by, case.missing_by, case.withdraw_by)
        yield from ((role, case.path) for role in named)
        for state in case.state.values():
            yield from ((role, state.path) for role in (*(state.by or ()), *state.helpers))
            for button in state.transition.values():
                yield from ((role, button.path) for role in button.by or ())
    yield from ((table.each, table.path) for table in definition.table.values())


def _reserved(definition: Definition, findings: Findings) -> None:
    named: list[Section] = [
        *definition.unit.values(),
        *definition.body.values(),
        *definition.role.values(),
        *definition.milestone.values(),
    ]
    for case in definition.case.values():
        named += case.state.values()
        for end in case.ends.keys() & RESERVED:
            findings.error(f"{case.path}.ends.{end}", _taken(end))
        for end in case.ends.keys() & case.state.keys():
            findings.error(f"{case.path}.ends.{end}", "a state has that name too; choose another")
        for state in case.state.values():
            named += state.transition.values()
    for section in named:
        if section.key in RESERVED:
            findings.error(section.path, _taken(section.key))


def _taken(name: str) -> str:
    return f"'{name}' means something in the language; choose another name"


def _kinds(outline: Outline, findings: Findings) -> None:
    definition = outline.definition
    for name in definition.unit:
        if name in definition.body:
            findings.error(f"body.{name}", "a unit has that name too; choose another")
    tops = [unit.key for unit in definition.unit.values() if unit.under is None]
    for name in tops[1:]:
        findings.error(f"unit.{name}", f"'{tops[0]}' is at the top already; say what this is under")
    kinds: list[Unit | Body] = [*definition.unit.values(), *definition.body.values()]
    for kind in kinds:
        known = definition.unit if kind.path.startswith("unit") else outline.kinds
        if kind.key in definition.body:
            whose = definition.body[kind.key].all_parties_of
            named = [whose] if whose else []
            findings.refer(f"{kind.path}.all_parties_of", "body", named, definition.body)
        findings.refer(f"{kind.path}.under", "unit", [kind.under] if kind.under else [], known)
        for fact, type_ in kind.facts.items():
            findings.refer(f"{kind.path}.facts.{fact}", "type", [type_], sorted(PLAIN_TYPES))
    under = {kind.key: [kind.under] if kind.under else [] for kind in kinds}
    for circle in _circles(under):
        section = "unit" if circle[0] in definition.unit else "body"
        findings.error(f"{section}.{circle[0]}.under", f"lies under itself: {circle.arrows}")


class _Circle(list[str]):
    @property
    def arrows(self) -> str:
        return " -> ".join(self[:10])


def _circles(arrows: dict[str, list[str]]) -> Iterator[_Circle]:
    for group in components(arrows, arrows):
        circle = circle_through(group, arrows)
        if circle:
            yield _Circle(circle)


def _roles(outline: Outline, findings: Findings) -> None:
    roles = outline.definition.role
    for role in roles.values():
        findings.refer(f"{role.path}.at", "unit or body", role.at, outline.kinds)
        if not role.at:
            findings.error(f"{role.path}.at", "is held nowhere; name a unit or a body")
        if role.superior:
            findings.refer(f"{role.path}.superior", "role", [role.superior], roles)
    superiors = {role.key: [role.superior] if role.superior else [] for role in roles.values()}
    for circle in _circles(superiors):
        findings.error(f"role.{circle[0]}.superior", f"is above itself: {circle.arrows}")


def _ladders(definition: Definition, findings: Findings) -> None:
    for ladder in definition.ladder.values():
        if not (ladder.holder or ladder.superior or ladder.leader):
            findings.error(ladder.path, "tells nobody; write holder, superior or leader")
    known = {*definition.ladder, "standard"}
    for case in definition.case.values():
        for state in case.state.values():
            if state.ladder is None:
                continue
            findings.refer(f"{state.path}.ladder", "ladder", [state.ladder], known)
            steps = definition.ladder.get(state.ladder)
            if not steps or not state.at_due:
                continue
            rungs = (*steps.holder, *steps.superior, *steps.leader)
            if any(rung.offset > 0 for rung in rungs):
                findings.warn(
                    f"{state.path}.ladder",
                    "its steps after the deadline never come: at_due leads on by itself",
                )


def _unused(definition: Definition, findings: Findings) -> None:
    used: set[str | None] = {definition.leader, definition.registrar, definition.auditor}
    for role in definition.role.values():
        used.add(role.superior)
    for milestone in definition.milestone.values():
        used.update(milestone.invites)
    for case in definition.case.values():
        used.update((*case.opened_by, *case.tells, case.missing_by, case.withdraw_by))
        for state in case.state.values():
            used.update((*(state.by or ()), *state.helpers, *state.tells))
            for button in state.transition.values():
                used.update(button.by or ())
    for table in definition.table.values():
        used.add(table.each)
        for column in table.column.values():
            used.update(column.visible_to)
    misspelt = [name for name in used if name not in (None, "nobody", *definition.role)]
    meant = {nearest(str(name), definition.role) for name in misspelt[:MOST]}
    for role in definition.role.values():
        if role.key not in used | meant:
            findings.warn(role.path, "nothing uses this role; nobody who holds it is told anything")


def _placeholders(definition: Definition, findings: Findings) -> None:
    waiting: list[Section] = [definition]
    while waiting:
        section = waiting.pop()
        for field in type(section).model_fields:
            value = getattr(section, field)
            if isinstance(value, Section):
                waiting.append(value)
            elif isinstance(value, dict):
                waiting.extend(one for one in value.values() if isinstance(one, Section))
            elif field in ("title", "help", "about") and value and "{" in value:
                for found in PLACEHOLDER.findall(value):
                    if not PLACEHOLDERS.fullmatch(found):
                        findings.warn(
                            f"{section.path}.{field}".lstrip("."),
                            f"{{{found}}} is printed as it stands; replaced are only "
                            "{year}, {year+n}, {year-n}, {unit} and {occasion}",
                        )
