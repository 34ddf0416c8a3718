"""A definition's skeleton: which step leads where, who opens whom, at which kinds of unit.

Names that are declared nowhere are left out, so that every check may walk what
is there; the check of the names reports them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from workflow.core.definition import Case, Definition, State
from workflow.core.validation.graphs import reached

__all__ = ["Edge", "Outline", "Parent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way from a state to a state or an end of the same case."""

    state: str
    target: str
    place: str
    """The path of the key that says so."""
    by_itself: bool
    """Whether it is taken by `next` or `at_due`, not by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Who opens a kind of case, and where."""

    case: str
    state: str
    waits: bool
    """Whether the state opens it and waits, or only starts it."""
    place: str


class Outline:
    """What can be read out of a definition before anything is checked."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def edges(self, case: Case) -> list[Edge]:
        """Give every way that is written in a case, also those that lead nowhere."""
        return [edge for state in case.state.values() for edge in _edges(state)]

    def arrows(self, case: Case) -> dict[str, list[str]]:
        """Give the ways that lead to a state or end of the case."""
        known = case.state.keys() | case.ends.keys()
        ways: dict[str, list[str]] = {state: [] for state in case.state}
        for edge in self.edges(case):
            if edge.target in known:
                ways[edge.state].append(edge.target)
        return ways

    @cached_property
    def parents(self) -> dict[str, list[Parent]]:
        """For every kind of case, who opens or starts it; empty for a root."""
        found: dict[str, list[Parent]] = {case: [] for case in self.definition.case}
        for case in self.definition.case.values():
            for state in case.state.values():
                for word, names in (("opens", state.opens), ("starts", state.starts)):
                    for name in names:
                        if name in found:
                            found[name].append(
                                Parent(
                                    case=case.key,
                                    state=state.key,
                                    waits=word == "opens",
                                    place=f"{state.path}.{word}",
                                )
                            )
        return found

    @cached_property
    def kinds(self) -> Collection[str]:
        """Every kind of unit and body."""
        return {**self.definition.unit, **self.definition.body}

    @cached_property
    def top(self) -> str:
        """The kind at the top; the first in the file when none or several are."""
        units = self.definition.unit.values()
        return next((u.key for u in units if u.under is None), next(iter(units)).key)

    def above(self, kind: str) -> list[str]:
        """Give a kind and what lies above it, upwards."""
        line: list[str] = []
        step: str | None = kind
        while step is not None and step not in line:
            line.append(step)
            if step in self.definition.unit:
                step = self.definition.unit[step].under
            elif step in self.definition.body:
                step = self.definition.body[step].under or self.top
            else:
                break
        return line

    @cached_property
    def places(self) -> dict[str, list[str]]:
        """For every kind of case, the kinds of unit that its cases can belong to."""
        below: dict[str, list[str]] = {case: [] for case in self.definition.case}
        for case, parents in self.parents.items():
            for parent in parents:
                below[parent.case].append(case)
        roots = [case for case, parents in self.parents.items() if not parents]
        found: dict[str, list[str]] = {}
        for name in reached(roots, below):
            self._place(name, found)
        for name in self.definition.case:
            found.setdefault(name, [self.top])
        return found

    def _place(self, name: str, found: dict[str, list[str]]) -> None:
        case = self.definition.case[name]
        if case.per:
            found[name] = [kind for kind in case.per if kind in self.kinds]
            return
        kinds: list[str] = []
        for parent in self.parents[name]:
            body = self.definition.case[parent.case].state[parent.state].body
            kinds += [body] if body in self.kinds and body else found.get(parent.case, [])
        found[name] = list(dict.fromkeys(kinds)) or [self.top]


def _edges(state: State) -> Iterator[Edge]:
    for button in state.transition.values():
        place = f"{button.path}.to"
        yield Edge(state=state.key, target=button.to, place=place, by_itself=False)
    for word, target in (("next", state.next), ("at_due", state.at_due)):
        if target is not None:
            place = f"{state.path}.{word}"
            yield Edge(state=state.key, target=target, place=place, by_itself=True)
