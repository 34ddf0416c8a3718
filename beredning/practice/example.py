"""An invented organisation that fits any process definition.

Units and bodies of every kind, and a holder for every role wherever it can be
held, so that a process can be tried before the region's own people are
imported. Nothing in it is true: names of people are drawn from lists, the
region is called Alvmark, and every address ends in `.example`, where no mail
can arrive (RFC 2606).

The same definition, size and seed give the same organisation, byte for byte.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final, Literal

from beredning.practice import example_names as names
from workflow.core.definition import Body, Case, Definition, Role, State, Transition, Unit
from workflow.core.errors import BadInput
from workflow.core.facts import Cell, UnitFact

__all__ = [
    "ExampleGrant",
    "ExampleOrganisation",
    "ExamplePerson",
    "example_organisation",
    "write_csv",
]

CHILDREN_PER_PARENT: Final = 7.5
"""So that 90 verksamheter belong to 12 driftenheter."""
OTHER_UNITS: Final = 3
"""Units of a kind that does not stand on the longest chain of kinds."""
CHOSEN_BODIES: Final = 3
"""Bodies of a kind that somebody chooses among."""
MEMBERS: Final = 5
"""Holders of a role that many in a body share."""
ENGLISH_EVERY: Final = 20
"""One person in so many gets mail in English."""
LEAST_FIGURE: Final = 18_000
MOST_FIGURE: Final = 140_000
"""What the figures of an invented unit lie between: as budgets in tkr they are those of small
and large clinics."""
TWO_SEATS: Final = 2
"""Elected members of one body who also sit in the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePerson:
    """Somebody who does not exist."""

    key: str
    email: str
    name: str
    language: Literal["sv", "en"]
    party: str
    """One letter for elected representatives, otherwise empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleGrant:
    """A role held until further notice."""

    email: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleOrganisation:
    """Units and bodies with their figures, parents before children; people; who holds what."""

    units: tuple[UnitFact, ...]
    people: tuple[ExamplePerson, ...]
    grants: tuple[ExampleGrant, ...]


def example_organisation(
    definition: Definition, *, units: int = 90, seed: int = 1
) -> ExampleOrganisation:
    """Invent an organisation for a definition.

    `units` is the number of units at the bottom of the longest chain of kinds;
    every level above has about one for seven and a half below, the top is one.

    Raises: BadInput when `units` is not 1 to 10 000.
    """
    if not 1 <= units <= 10_000:
        raise BadInput(
            f"antalet enheter är {units}; skriv 1 till 10 000",
            f"the number of units is {units}; write 1 to 10,000",
        )
    tree = _Tree(definition, units)
    staff = _Staff(definition, tree.units, seed)
    return ExampleOrganisation(
        units=tuple(_with_facts(definition, tree.units, seed)),
        people=tuple(staff.people),
        grants=tuple(staff.grants),
    )


def write_csv(organisation: ExampleOrganisation, folder: Path) -> None:
    """Write the files that `org import` reads, and a README that says it is invented.

    Files of the same names are replaced.

    Raises: BadInput when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(
            folder / "units.csv",
            ["key", "name", "kind", "parent", "from", "to"],
            ([one.key, one.name, one.kind, one.parent or "", "", ""] for one in organisation.units),
        )
        _write(
            folder / "people.csv",
            ["key", "email", "name", "language", "party"],
            ([p.key, p.email, p.name, p.language, p.party] for p in organisation.people),
        )
        _write(
            folder / "grants.csv",
            ["email", "role", "unit", "from", "to"],
            ([one.email, one.role, one.unit, "", ""] for one in organisation.grants),
        )
        figures = [
            [unit.key, fact, str(value)]
            for unit in organisation.units
            for fact, value in unit.facts.items()
        ]
        if figures:
            _write(folder / "facts.csv", ["unit", "fact", "value"], figures)
        (folder / "README.txt").write_text(names.README, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput(
            f"{folder}: mappen går inte att skriva i ({error.strerror}).",
            f"{folder}: the folder cannot be written ({error.strerror}).",
        ) from error


def _write(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


class _Tree:
    """Units and bodies of every kind, each with a name and a key of its own."""

    def __init__(self, definition: Definition, units: int) -> None:
        self.units: list[UnitFact] = []
        self._keys: set[str] = set()
        sizes = _sizes(definition, units)
        for kind in _downwards(definition):
            self._plant(kind, definition, sizes[kind])
        chosen = {kind for case in definition.case.values() for kind in case.choose}
        for body in definition.body.values():
            for parent in self._of_kind(body.under or definition.top):
                many = CHOSEN_BODIES if body.key in chosen else 1
                self._seat(body, parent, body.example or many)

    def _plant(self, kind: str, definition: Definition, size: int) -> None:
        """Add the units of a kind, evenly under those of the kind above."""
        above = definition.unit[kind].under
        if above is None:
            self._add(names.REGION, kind, None, key=names.DOMAIN.removesuffix(".example"))
            return
        parents = self._of_kind(above)
        within: dict[str, int] = {}
        for number in range(size):
            parent = parents[number * len(parents) // size]
            nth = within[parent.key] = within.get(parent.key, -1) + 1
            name = _unit_name(kind, definition.unit[kind].title, number, parent, nth)
            self._add(name, kind, parent.key)

    def _seat(self, body: Body, parent: UnitFact, size: int) -> None:
        for number in range(size):
            area = f" för {_nth(names.AREAS, number, 'område')}" if size > 1 else ""
            at = f", {parent.name}" if parent.parent else ""
            key = body.key if not (area or at) else None
            self._add(f"{body.title}{area}{at}", body.key, parent.key, key=key)

    def _add(self, name: str, kind: str, parent: str | None, *, key: str | None = None) -> None:
        unique = _unique(key or _ascii(name, "_")[:48].strip("_"), self._keys, "_")
        self.units.append(UnitFact(key=unique, name=name, kind=kind, parent=parent))

    def _of_kind(self, kind: str) -> list[UnitFact]:
        return [unit for unit in self.units if unit.kind == kind]


class _Staff:
    """A holder for every role, at every unit where it is held."""

    def __init__(self, definition: Definition, units: Sequence[UnitFact], seed: int) -> None:
        self.people: list[ExamplePerson] = []
        self.grants: list[ExampleGrant] = []
        self._definition = definition
        self._seed = seed
        self._locals: set[str] = set()
        self._pairs = [(first, last) for first in names.FIRST for last in names.LAST]
        self._drawn: set[int] = set()
        self._directors: list[ExamplePerson] = []
        self._parties: list[str] = []
        for role in definition.role.values():
            self._appoint(role, [unit for unit in units if unit.kind in role.at])

    def _appoint(self, role: Role, places: Sequence[UnitFact]) -> None:
        """Fill one role at all its places.

        One person holds several roles only where that is how it is: an elected
        member sits in two bodies, a director sits in a group of officials.
        """
        before: list[ExamplePerson] = []
        for place in places:
            shared = _is_shared(role, self._definition)
            many = MEMBERS if shared and place.kind in self._definition.body else role.holders
            size = role.example or many
            elected = _is_elected(role, shared, self._definition)
            seated = before[:TWO_SEATS] if elected else self._sitting(role, place)
            seated = seated[: max(0, size - 1)]
            labels = [f"{role.key}/{place.key}/{seat}" for seat in range(len(seated), size)]
            parties = self._parties_for(seated) if elected else ("",)
            holders = [
                *seated,
                *(self._hire(one, parties[n % len(parties)]) for n, one in enumerate(labels)),
            ]
            if elected and not self._parties:
                self._parties = [one.party for one in holders]
            self.grants += [
                ExampleGrant(email=one.email, role=role.key, unit=place.key) for one in holders
            ]
            if place.parent is None:
                self._directors += holders
            before = holders

    def _sitting(self, role: Role, place: UnitFact) -> list[ExamplePerson]:
        """Give the director for a body whose members are only told."""
        told_only = role.key not in _owing(self._definition)
        return self._directors[:1] if told_only and place.kind in self._definition.body else []

    def _parties_for(self, seated: Sequence[ExamplePerson]) -> Sequence[str]:
        """Give of which parties more are elected to a body: those of the first body that was
        elected, and first those that have no member here yet."""
        there = {one.party for one in seated}
        known = self._parties or names.PARTIES
        return [one for one in known if one not in there] or known

    def _hire(self, label: str, party: str) -> ExamplePerson:
        number = len(self.people)
        first, last = self._draw(label)
        local = _unique(f"{_ascii(first, '')}.{_ascii(last, '')}", self._locals, "")
        person = ExamplePerson(
            key=local.replace(".", "_"),
            email=f"{local}@{names.DOMAIN}",
            name=f"{first} {last}",
            language="en" if number % ENGLISH_EVERY == ENGLISH_EVERY // 2 else "sv",
            party=party,
        )
        self.people.append(person)
        return person

    def _draw(self, label: str) -> tuple[str, str]:
        """Draw a name for a seat: the same whatever other seats there are, unless taken."""
        if len(self._drawn) == len(self._pairs):
            self._drawn.clear()
        digest = sha256(f"{self._seed}/{label}".encode()).digest()
        place = int.from_bytes(digest[:8]) % len(self._pairs)
        while place in self._drawn:
            place = (place + 1) % len(self._pairs)
        self._drawn.add(place)
        return self._pairs[place]


def _with_facts(definition: Definition, units: Sequence[UnitFact], seed: int) -> Iterator[UnitFact]:
    """Give units the figures that their kinds declare: each of the lowest its own, and each
    above the sum of those below it."""
    kinds: dict[str, Unit | Body] = {**definition.unit, **definition.body}
    below: dict[str | None, list[UnitFact]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit)
    drawn: dict[tuple[str, str], int] = {}
    for unit in reversed(units):  # parents come before children
        for fact in kinds[unit.kind].facts:
            parts = [
                drawn[child.key, fact]
                for child in below.get(unit.key, ())
                if (child.key, fact) in drawn
            ]
            drawn[unit.key, fact] = sum(parts) or _drawn(f"{seed}/{fact}/{unit.key}")
    for unit in units:
        facts: dict[str, Cell] = {fact: drawn[unit.key, fact] for fact in kinds[unit.kind].facts}
        yield replace(unit, facts=facts)


def _drawn(label: str) -> int:
    """Draw a figure between the least and the most that a unit has, in whole hundreds."""
    share = int.from_bytes(sha256(label.encode()).digest()[:4]) / 2**32
    return round((LEAST_FIGURE + share * (MOST_FIGURE - LEAST_FIGURE)) / 100) * 100


def _downwards(definition: Definition) -> Iterator[str]:
    """Give the kinds of unit, each after the one it belongs to."""
    done: set[str | None] = {None}
    waiting = list(definition.unit.values())
    while waiting:
        ready = [kind for kind in waiting if kind.under in done]
        yield from (kind.key for kind in ready)
        done |= {kind.key for kind in ready}
        waiting = [kind for kind in waiting if kind not in ready] if ready else []


def _sizes(definition: Definition, units: int) -> dict[str, int]:
    """Say how many units there are of each kind."""
    chains = {kind: _chain(kind, definition) for kind in definition.unit}
    longest = max(chains.values(), key=len)
    sizes = dict.fromkeys(definition.unit, OTHER_UNITS)
    size = units
    for kind in longest:
        sizes[kind] = size
        size = max(1, round(size / CHILDREN_PER_PARENT))
    given = {kind: one.example for kind, one in definition.unit.items() if one.example}
    return sizes | given | {definition.top: 1}


def _chain(kind: str, definition: Definition) -> list[str]:
    """Give a kind and those above it, the top last."""
    chain = [kind]
    while (above := definition.unit[chain[-1]].under) and above not in chain:
        chain.append(above)
    return chain


def _unit_name(kind: str, title: str, number: int, parent: UnitFact, nth: int) -> str:
    departments = names.DEPARTMENTS.get(parent.name, ())
    if kind == "verksamhet" and nth < len(departments):
        return departments[nth]
    if kind == "verksamhet" and parent.parent is None:
        flat = [one for group in names.DEPARTMENTS.values() for one in group]
        return _nth(flat, number, title)
    return _nth(names.UNITS.get(kind, ()), number, title)


def _nth(known: Sequence[str], number: int, title: str) -> str:
    return known[number] if number < len(known) else f"{title} {number + 1}"


def _moves(definition: Definition) -> Iterator[tuple[Case, State, Transition]]:
    for case in definition.case.values():
        for state in case.state.values():
            for transition in state.transition.values():
                yield case, state, transition


def _owing(definition: Definition) -> frozenset[str]:
    """Give the roles that owe something or may press a button."""
    states = (state for case in definition.case.values() for state in case.state.values())
    owed = {role for state in states for role in state.by or ()}
    return frozenset(owed | {role for _, _, move in _moves(definition) for role in move.by or ()})


def _is_shared(role: Role, definition: Definition) -> bool:
    """Say whether many hold a role of a body: nobody in it goes on by one signature."""
    alone = {
        key
        for _, state, move in _moves(definition)
        for key in move.by or state.by or ()
        if move.signatures == 1
    }
    in_bodies = any(kind in definition.body for kind in role.at)
    return in_bodies and role.holders == 1 and role.key not in alone


def _is_elected(role: Role, shared: bool, definition: Definition) -> bool:
    """Say whether a role belongs to elected representatives, not to officials."""
    decides = any(kind in definition.body and definition.body[kind].minutes for kind in role.at)
    return role.key == "fortroendevald" or (decides and (shared or role.holders > 1))


LETTERS: Final = str.maketrans("åäöéü", "aaoeu")


def _ascii(text: str, between: str) -> str:
    """Write a name in a-z and 0-9."""
    return re.sub(r"[^a-z0-9]+", between, text.lower().translate(LETTERS)).strip(between or None)


def _unique(wanted: str, taken: set[str], between: str) -> str:
    """Give the name, with a number behind when it is taken, and take it."""
    numbered = (f"{wanted}{between}{number}" for number in count(2))
    name = wanted if wanted not in taken else next(one for one in numbered if one not in taken)
    taken.add(name)
    return name
