"""Where a role is held for a case: which place owes, may, is told, and stands above.

At the state's body if the role is held there; else nearest, the case's unit and
then upwards; else at the one body that has it. Only kinds are looked at, never
who holds what, so that a vacancy is seen as one and does not wander upwards.
"""

from collections.abc import Iterator, Sequence

from workflow.core.definition import Definition
from workflow.core.facts import Facts, Place, UnitFact

__all__ = [
    "leader_place",
    "line_above",
    "place_of",
    "places_told",
    "superior_place",
    "units_near",
]


def place_of(
    definition: Definition, facts: Facts, roles: Sequence[str], unit: str, body: str | None = None
) -> Place | None:
    """Give the place that owes a step of a case at `unit`; of several roles the nearest.

    None when the round's organisation has no unit where any of them is held.
    """
    line = facts.line(unit)
    if body and not any(step.kind == body for step in line):
        for role in roles:
            if body in definition.role[role].at:
                found = facts.units((body,))
                return Place(role, found[0].key) if found else None
    for step in line:
        for role in roles:
            if step.kind in definition.role[role].at:
                return Place(role, step.key)
    for role in roles:
        elsewhere = facts.units(definition.role[role].at)
        if elsewhere:
            return Place(role, elsewhere[0].key)
    return None


def places_told(
    definition: Definition, facts: Facts, roles: Sequence[str], unit: str, body: str | None = None
) -> Iterator[Place]:
    """Give the places that are told: as for owing, else every one below the unit, else all."""
    line = facts.line(unit)
    for role in roles:
        at = definition.role[role].at
        if body in at:
            yield from (Place(role, one.key) for one in facts.units((body,)))
            continue
        near = next((step for step in line if step.kind in at), None)
        if near:
            yield Place(role, near.key)
            continue
        yield from (Place(role, one.key) for one in units_near(definition, facts, at, unit))


def units_near(
    definition: Definition, facts: Facts, kinds: Sequence[str], unit: str
) -> Sequence[UnitFact]:
    """Give the units of some kinds below a unit; all of them where they lie elsewhere."""
    above = facts.line(unit)[0].kind
    if any(definition.is_below(kind, above) for kind in kinds):
        return facts.units(kinds, below=unit)
    return facts.units(kinds)


def leader_place(definition: Definition, facts: Facts) -> Place | None:
    """Give the place that leads the round; None when the definition names no leader."""
    tops = facts.units((definition.top,)) if definition.leader else ()
    if not tops or definition.leader is None:
        return None
    return place_of(definition, facts, (definition.leader,), tops[0].key)


def superior_place(definition: Definition, facts: Facts, place: Place) -> Place | None:
    """Give the place a task at `place` escalates to; None at the end of the line."""
    superior = definition.superior_of(place.role)
    if superior is None:
        return None
    above = place_of(definition, facts, (superior,), place.unit)
    return above if above != place else None


def line_above(definition: Definition, facts: Facts, place: Place) -> Iterator[Place]:
    """Give the places that stand above one, nearest first, each once and itself left out."""
    passed = {place}
    step = superior_place(definition, facts, place)
    while step is not None and step not in passed:
        yield step
        passed.add(step)
        step = superior_place(definition, facts, step)
