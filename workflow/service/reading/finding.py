"""Cases, units and people by what they are called, among what a person may see.

Searched are the latest rounds that they have a place in. A unit is theirs to see when
they see a case of it, and so are those who hold a role there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workflow.core.facts import CaseFact
from workflow.service.reading.rounds.own import own_rounds
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store.finding import holders_at
from workflow.store.rounds import list_cases

__all__ = ["MOST", "Found", "FoundCase", "FoundPerson", "FoundUnit", "find"]

MOST: Final = 50
"""Of each kind no more are given."""
_SHORTEST: Final = 2
"""Letters that have to be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """A case that was found."""

    case: str
    title: str
    round_title: str
    state: str
    """The title of its state or end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnit:
    """A unit that was found, in one round."""

    unit: str
    name: str
    round: str
    round_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPerson:
    """A person who was found."""

    person: int
    name: str
    roles: tuple[str, ...]
    """What they hold, e.g. "Chef, Norr"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found."""

    words: str
    cases: tuple[FoundCase, ...] = ()
    units: tuple[FoundUnit, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    more: bool = False
    """There is more than is given."""
    too_short: bool = False
    """Nothing was searched for: too few letters."""


def find(world: World, email: str, words: str) -> Found:
    """Find what bears some words in its name or id, in upper or lower case.

    Raises: NotFound when nobody has the address.
    """
    words = " ".join(words.split())
    if len(words) < _SHORTEST:
        return Found(words=words, too_short=True)
    wanted = words.casefold()
    cases: list[FoundCase] = []
    units: dict[str, FoundUnit] = {}
    people: dict[int, FoundPerson] = {}
    with world.database.read() as connection:
        for seen in own_rounds(world, connection, email):
            visible = [
                case
                for case in list_cases(connection, seen.facts.round.id)
                if seen.sight.sees(case)
            ]
            cases += _cases(seen, visible, wanted)
            for unit in _units(seen, visible, wanted):
                units.setdefault(unit.unit, unit)
            for person in _people(seen, visible, wanted):
                people.setdefault(person.person, person)
    found = (cases, list(units.values()), list(people.values()))
    return Found(
        words=words,
        cases=tuple(cases[:MOST]),
        units=tuple(units.values())[:MOST],
        people=tuple(people.values())[:MOST],
        more=any(len(one) > MOST for one in found),
    )


def _cases(seen: Seen, visible: list[CaseFact], wanted: str) -> Iterator[FoundCase]:
    for case in visible:
        title = seen.desk.case_title(case)
        if wanted in title.casefold() or wanted in case.id.casefold():
            yield FoundCase(
                case=case.id,
                title=title,
                round_title=seen.desk.round_title,
                state=seen.desk.state_title(case),
            )


def _units(seen: Seen, visible: list[CaseFact], wanted: str) -> Iterator[FoundUnit]:
    for unit in dict.fromkeys(case.unit for case in visible):
        name = seen.desk.unit_name(unit)
        if wanted in name.casefold():
            yield FoundUnit(
                unit=unit,
                name=name,
                round=seen.facts.round.id,
                round_title=seen.desk.round_title,
            )


def _people(seen: Seen, visible: list[CaseFact], wanted: str) -> Iterator[FoundPerson]:
    """Find those who hold a role at a unit of a case, in the words of the round's process."""
    units = {case.unit for case in visible}
    if not (seen.sight.everything or seen.sight.leads):
        # Everybody sees the round itself, which is no reason to see who is at its unit.
        units -= {case.unit for case in visible if case.parent is None} - seen.sight.units
    roles: dict[tuple[int, str], list[str]] = {}
    for person, name, role, unit in holders_at(seen.connection, units, seen.desk.today):
        described = seen.definition.role.get(role)
        if wanted in name.casefold() and described:
            title = seen.revision.title(described, seen.desk.language)
            roles.setdefault((person, name), []).append(f"{title}, {seen.desk.unit_name(unit)}")
    for (person, name), held in roles.items():
        yield FoundPerson(person=person, name=name, roles=tuple(held))
