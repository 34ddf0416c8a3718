"""Who sees what of a round: decided here and nowhere else, and by default nothing.

A person sees a case when a role that they hold, or stand in for, covers its unit
(`sees`), or when the case's own definition names their place: they owe a step of it,
may act in it, help, are told of it, or stand above one who owes, however far up. So
whoever gets a mail about a case can open it. The round itself is seen by everybody who
has a place in it. What is filled in is seen by those who see the unit or work on the
case; by those who are merely told of it, and by external roles that do not work on it,
once it has ended and never before.

When a unit has ended and gone into another (merged, or under a new key), who holds a role
at that other one sees what the same role at the old one would; no other role there does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workflow.core.definition import Case, Definition, State
from workflow.core.facts import Actor, CaseFact, Facts, Place
from workflow.core.roles import leader_place, line_above, place_of, places_told

__all__ = ["Sight", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody sees of one round."""

    definition: Definition
    facts: Facts
    places: frozenset[Place]
    """Theirs in this round, those they stand in for and those of units that have gone into
    theirs included."""
    everything: bool
    leads: bool
    """They lead the round, or stand above the one who does: all its troubles are theirs."""
    units: frozenset[str]
    """Whose cases they see, whatever kind."""
    inside: frozenset[str]
    """Of these the ones that they see by a role that is not external."""
    below: frozenset[str]
    """Roles that escalate to one of theirs, wherever each is held."""

    def sees(self, case: CaseFact) -> bool:
        """Say whether they see that a case exists, and how far it has come."""
        if self.everything or self.leads or case.parent is None or case.unit in self.units:
            return True
        return self._is_named(case)

    def reads(self, case: CaseFact) -> bool:
        """Say whether they read what is filled in, attached, asked and written in a case
        that they see."""
        if self.everything or case.ended_at is not None or case.unit in self.inside:
            return True
        return self.works_in(case)

    def works_in(self, case: CaseFact) -> bool:
        """Say whether they owe a step of a case, may act in it or help."""
        kind = self.definition.case[case.kind]
        mine = {place.role for place in self.places}
        for state in kind.state.values():
            for roles in (*_working(state), *_ending(kind)):
                if mine.intersection(roles) and self._at(roles, case, state) in self.places:
                    return True
        return self._stands_above(case) and self._owes(case)

    def _owes(self, case: CaseFact) -> bool:
        """Say whether the open task is theirs, also when it was handed up to them."""
        task = self.facts.task(case.id)
        return task is not None and task.place in self.places

    def _is_named(self, case: CaseFact) -> bool:
        # Whoever stands above sees it without the open task being asked for.
        return self._stands_above(case) or self.works_in(case) or self._is_told(case)

    def _is_told(self, case: CaseFact) -> bool:
        kind = self.definition.case[case.kind]
        mine = {place.role for place in self.places}
        for roles, body in _telling(kind):
            wanted = [role for role in roles if role in mine]
            told = places_told(self.definition, self.facts, wanted, case.unit, body)
            if wanted and self.places.intersection(told):
                return True
        return False

    def _stands_above(self, case: CaseFact) -> bool:
        """Say whether what is owed in a case is escalated, or may be handed up, to them."""
        for state in self.definition.case[case.kind].state.values():
            if self.below.isdisjoint(state.by or ()):
                continue
            place = self._at(state.by or (), case, state)
            if place and self.places.intersection(line_above(self.definition, self.facts, place)):
                return True
        return False

    def _at(self, roles: Sequence[str], case: CaseFact, state: State) -> Place | None:
        if not roles:
            return None
        return place_of(self.definition, self.facts, roles, case.unit, state.body)


def _working(state: State) -> Iterator[Sequence[str]]:
    if state.by:
        yield state.by
    for role in state.helpers:  # each helps where it is held; of several `by` one owes
        yield (role,)
    for transition in state.transition.values():
        if transition.by:
            yield transition.by


def _ending(kind: Case) -> Iterator[Sequence[str]]:
    """Give who may carry a case as missing, or withdraw it, besides the one who leads."""
    for role in (kind.missing_by, kind.withdraw_by):
        if role and role != "nobody":
            yield (role,)


def _telling(kind: Case) -> Iterator[tuple[Sequence[str], str | None]]:
    yield kind.tells, None
    for state in kind.state.values():
        yield state.tells, state.body


def look(definition: Definition, facts: Facts, actor: Actor) -> Sight | None:
    """Give what somebody sees of a round; None when they have no place in it."""
    held = set(actor.holds).union(*(one.holds for one in actor.stands_in_for))
    own = frozenset(place for place in held if _is_here(definition, facts, place))
    places = own.union(_inherited(definition, facts, held))
    if not places:
        return None
    covered = {place: _covers(definition, facts, place) for place in places}
    return Sight(
        definition=definition,
        facts=facts,
        places=places,
        everything=any(_reads_all(definition, place.role) for place in places),
        leads=not own.isdisjoint(_leading(definition, facts)),
        units=frozenset().union(*covered.values()),
        inside=frozenset().union(
            *(units for place, units in covered.items() if not definition.role[place.role].external)
        ),
        below=frozenset(_below(definition, {place.role for place in places})),
    )


def _inherited(definition: Definition, facts: Facts, held: Iterable[Place]) -> Iterator[Place]:
    """Give the same roles at units that have gone into those they are held at.

    They are for reading alone: nobody leads a round by them, and the engine lets people act
    by their own places.
    """
    for place in held:
        if place.role in definition.role:
            for unit in facts.predecessors(place.unit):
                earlier = Place(place.role, unit)
                if _is_here(definition, facts, earlier):
                    yield earlier


def _below(definition: Definition, roles: set[str]) -> Iterator[str]:
    for role in definition.role:
        passed = {role}
        step = definition.superior_of(role)
        while step is not None and step not in passed:
            if step in roles:
                yield role
                break
            passed.add(step)
            step = definition.superior_of(step)


def _reads_all(definition: Definition, role: str) -> bool:
    if role in (definition.leader, definition.registrar, definition.auditor):
        return True
    return definition.role[role].sees == "all" and not definition.role[role].external


def _leading(definition: Definition, facts: Facts) -> Iterator[Place]:
    leader = leader_place(definition, facts)
    if leader is not None:
        yield leader
        yield from line_above(definition, facts, leader)


def _is_here(definition: Definition, facts: Facts, place: Place) -> bool:
    role = definition.role.get(place.role)
    return role is not None and any(unit.key == place.unit for unit in facts.units(role.at))


def _covers(definition: Definition, facts: Facts, place: Place) -> frozenset[str]:
    sees = definition.role[place.role].sees
    if sees == "own":
        return frozenset((place.unit,))
    kinds = (*definition.unit, *definition.body)
    below = None if sees == "all" else place.unit
    return frozenset(unit.key for unit in facts.units(kinds, below=below))
