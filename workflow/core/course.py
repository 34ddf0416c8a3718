"""How a process is meant to go: what step bars, plans and matrices are laid out by.

A definition says where each button leads, not which one is meant. The way is read from
the order in which things are written: a state that waits goes where `next` says, one that
somebody owes where the first of its own buttons leads on, one that nobody owes where the
clock takes it. What leads back is no part of the way.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workflow.core.definition import BUILT_IN_ENDS, Case, Definition, State
from workflow.core.facts import CaseFact
from workflow.core.phrases import Due, fill
from workflow.core.revision import Revision

__all__ = [
    "Course",
    "Leg",
    "Way",
    "bare_title",
    "course_of",
    "is_behind",
    "kind_title",
    "last_filling",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A state of a kind of case that somebody, or the clock, brings to its end."""

    kind: str
    state: str
    due: Due | None
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way that a kind of case is meant to go."""

    kind: str
    states: tuple[str, ...]
    end: str
    """Where it leads; empty when no end is reached by it."""
    places: Mapping[str, float]
    """How far each state and end lies along it; what lies beside it is half a step on."""

    def after(self, state: str) -> str:
        """Give the state or end that a state of the way leads to."""
        number = self.states.index(state) + 1
        return self.states[number] if number < len(self.states) else self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The ways of all kinds of cases, and how they hang together."""

    definition: Definition
    ways: Mapping[str, Way]
    root: Way
    """The way of the round itself."""

    def state(self, kind: str, state: str) -> State:
        """Give a state of the definition."""
        return self.definition.case[kind].state[state]

    def awaited(self, kind: str, state: str) -> tuple[str, ...]:
        """Give the kinds of cases that a state opens and waits for."""
        return self.state(kind, state).opens

    def parts(self, kind: str, state: str) -> tuple[str, ...]:
        """Give every kind that is awaited in a state, directly or further down, those that
        come first first."""
        found: dict[str, None] = {}
        self._collect(kind, state, found, set())
        return tuple(found)

    def _collect(self, kind: str, state: str, found: dict[str, None], seen: set[str]) -> None:
        for child in self.awaited(kind, state):
            if child not in seen:
                seen.add(child)
                for own in self.ways[child].states:
                    self._collect(child, own, found, seen)
                found[child] = None

    def steps(self, kind: str) -> Iterator[tuple[str, str]]:
        """Give what is done on the way of a kind, as kind and state: where it waits, what
        it waits for."""
        for state in self.ways[kind].states:
            for part in self.parts(kind, state):
                yield from ((part, own) for own in self.ways[part].states if self.is_leg(part, own))
            if self.is_leg(kind, state):
                yield kind, state

    def is_leg(self, kind: str, state: str) -> bool:
        """Say whether a state is brought to its end by somebody or the clock."""
        own = self.state(kind, state)
        return not own.opens or (own.next is None and own.by is not None)

    def leg(self, kind: str, state: str) -> Leg:
        """Give a state as a leg of the way."""
        own = self.state(kind, state)
        return Leg(kind=kind, state=state, due=own.due, body=own.body)

    def is_handed_in(self, kind: str) -> bool:
        """Say whether cases of a kind begin with somebody who hands them on."""
        way = self.ways[kind]
        return bool(self.state(kind, way.states[0]).by) and len(way.states) > 1

    def arrival(self, kind: str) -> str:
        """Give the state that cases of a kind have to get past to count as in: the first
        when somebody hands them on from there, otherwise the last."""
        states = self.ways[kind].states
        return states[0] if self.is_handed_in(kind) else states[-1]


@lru_cache(maxsize=64)
def course_of(revision: Revision) -> Course:
    """Give the course of a revision's process."""
    definition = revision.definition
    ways = {key: _way(kind) for key, kind in definition.case.items()}
    return Course(definition=definition, ways=ways, root=ways[definition.root.key])


def _way(kind: Case) -> Way:
    states: list[str] = []
    step: str | None = kind.first
    end = ""
    while step is not None:
        states.append(step)
        onwards = list(_onwards(kind.state[step]))
        step = next((to for to in onwards if to in kind.state and to not in states), None)
        ahead = onwards[: onwards.index(step)] if step else onwards
        end = next((to for to in ahead if to in kind.ends), "")
        if end:
            break
    if not end:  # it has come back to where it was: another button may lead on from there
        found = _to_an_end(kind, (kind.first,), set())
        states, end = found or (states, end)
    return Way(kind=kind.key, states=tuple(states), end=end, places=_places(kind, states))


def _to_an_end(kind: Case, passed: tuple[str, ...], dead: set[str]) -> tuple[list[str], str] | None:
    """Go on from the last of the states passed by the buttons of those who owe it, never to
    one twice. Gives the states and the end; None when it only leads back."""
    state = kind.state[passed[-1]]
    ways = [state.next, *(one.to for one in state.transition.values() if one.by is None)]
    for to in ways:
        if to in kind.ends:
            return list(passed), str(to)
        if to in kind.state and to not in passed and to not in dead:
            found = _to_an_end(kind, (*passed, str(to)), dead)
            if found:
                return found
            dead.add(str(to))
    return None


def _onwards(state: State) -> Iterator[str]:
    """Give where a state may lead, what is meant first."""
    own = [one.to for one in state.transition.values() if one.by is None]
    others = [one.to for one in state.transition.values() if one.by is not None]
    if state.next:
        yield state.next
    if state.by:
        yield from own
    if state.at_due:
        yield state.at_due
    if not state.by:
        yield from own
    yield from others


def _places(kind: Case, states: list[str]) -> dict[str, float]:
    places: dict[str, float] = {}
    last = 0.0
    for state in kind.state:
        if state in states:
            last = float(states.index(state))
            places[state] = last
        else:
            places[state] = last + 0.5
    places.update(dict.fromkeys(kind.ends, float(len(states))))
    return places


def bare_title(title: str, year: int) -> str:
    """Give what a kind of case is called when no unit is meant: "Svar {unit}" is "Svar",
    "Läge i {unit}" is "Läge"."""
    words = fill(title, year=year).strip()
    words = re.sub(r"^[\s,:;.–-]+|[\s,:;.–-]+$", "", words)
    words = re.sub(r"\s+(?:av|från|för|hos|i|in|med|på|till|from|of|for|at|on|to)$", "", words)
    return words[:1].upper() + words[1:] or fill(title, year=year, unit="…", occasion="…")


def kind_title(revision: Revision, kind: Case, *, year: int, language: str) -> str:
    """Give what a kind of case is called when no unit is meant; one whose title says only
    which unit and occasion, by what is done first in it."""
    title = revision.title(kind, language)
    if fill(title, year=year).strip(" ,:;.–-"):
        return bare_title(title, year)
    first = next(iter(kind.state.values()))
    return fill(revision.title(first, language), year=year)


def last_filling(kind: Case, table: str) -> State | None:
    """Give the last state in which a kind of case fills in a table."""
    return next((one for one in reversed(kind.state.values()) if table in one.edits), None)


def is_behind(kind: Case, case: CaseFact, table: str) -> bool:
    """Say whether a case has gone past the last state that fills in a table. One that was
    called off never comes there."""
    last, order = last_filling(kind, table), list(kind.state)
    if last is None or case.state not in order:
        return case.state not in BUILT_IN_ENDS
    return order.index(case.state) > order.index(last.key)
