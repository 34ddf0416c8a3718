"""An organisation as CSV files tell it: units, people, grants, and the units' figures.

Pure reading and checking. The files are a whole: every unit and person that is
mentioned stands in them. Either all lines are good or nothing is taken, and every bad
line is named. Kinds and roles are free text here, since several processes share one
organisation; a round sees to it that those it needs are there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from workflow.core.errors import BadInput, Reason
from workflow.core.sheet import Cells, Faults, read_sheet

__all__ = ["FactLine", "GrantLine", "Organisation", "PersonLine", "UnitLine", "read_organisation"]

_COLUMNS: Final = {
    "units.csv": ("key", "name", "kind", "parent", "from", "to"),
    "people.csv": ("key", "email", "name", "language", "party"),
    "grants.csv": ("email", "role", "unit", "from", "to"),
}
_OPTIONAL: Final = {"units.csv": ("into",)}
"""Columns that a file may leave out."""
_FACTS: Final = "facts.csv"
"""The one file that need not be there."""
_FACT_COLUMNS: Final = ("unit", "fact", "value")
_SPACES: Final = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_FIGURE: Final = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?")
_LANGUAGES: Final = ("sv", "en")
_MOST_REASONS: Final = 500
"""How many bad lines are named; a file of another kind has no good ones."""
_SHOWN: Final = 6
"""How many units of a circle are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit or body of the organisation."""

    key: str
    name: str
    kind: str
    parent: str | None
    from_on: date | None
    """None: since ever."""
    to_on: date | None
    """Last day included; None: until further notice."""
    into: str | None = None
    """The unit that takes over what it did once it has ended: merged, or renamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person who can hold roles."""

    key: str
    email: str
    """Lower case."""
    name: str
    language: str
    party: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLine:
    """A role held at a unit from one day to another."""

    email: str
    """Lower case."""
    role: str
    unit: str
    from_on: date | None
    to_on: date | None
    """Last day included; None: until further notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """A figure of a unit."""

    unit: str
    fact: str
    """Its key in the process, e.g. `antal_platser`."""
    value: int | str
    """A whole number, or a text with a point for one with decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Units, people, grants and figures, in the order of their files."""

    units: tuple[UnitLine, ...]
    people: tuple[PersonLine, ...]
    grants: tuple[GrantLine, ...]
    facts: tuple[FactLine, ...] | None = None
    """None when there is no file of them."""


def read_organisation(folder: Path) -> Organisation:
    """Read `units.csv`, `people.csv` and `grants.csv` of a folder, and `facts.csv` if it is
    there.

    Raises: BadInput with a reason for every bad line, in order of file and line.
    """
    faults = Faults()
    sheets = {
        name: read_sheet(folder / name, columns, faults, optional=_OPTIONAL.get(name, ()))
        for name, columns in _COLUMNS.items()
    }
    units = _units(sheets["units.csv"], faults)
    people = _people(sheets["people.csv"], faults)
    has_facts = (folder / _FACTS).exists()
    lines = read_sheet(folder / _FACTS, _FACT_COLUMNS, faults) if has_facts else []
    facts = _facts(lines, faults)
    # With a whole file unreadable, what refers to it would all look wrong.
    complete = not faults.whole_files
    grants = _grants(sheets["grants.csv"], faults)
    if complete:
        _check_parents(units, faults)
        _check_successors(units, faults)
        _check_grants(grants, {unit.key for unit, _ in units}, people, faults)
        _check_facts(facts, {unit.key for unit, _ in units}, faults)
    if faults:
        raise _refusal(faults)
    return Organisation(
        units=tuple(unit for unit, _ in units),
        people=tuple(person for person, _ in people),
        grants=tuple(grant for grant, _ in grants),
        facts=tuple(fact for fact, _ in facts) if has_facts else None,
    )


def _units(sheet: Iterable[Cells], faults: Faults) -> list[tuple[UnitLine, Cells]]:
    units = []
    seen: dict[str, int] = {}
    for cells in sheet:
        from_on, to_on = cells.period()
        unit = UnitLine(
            key=cells.key("key"),
            name=cells.words("name"),
            kind=cells.words("kind"),
            parent=cells.words("parent", empty=True) or None,
            from_on=from_on,
            to_on=to_on,
            into=cells.words("into", empty=True) or None,
        )
        _check_unique(seen, unit.key, cells, faults)
        units.append((unit, cells))
    return units


def _people(sheet: Iterable[Cells], faults: Faults) -> list[tuple[PersonLine, Cells]]:
    people = []
    keys: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for cells in sheet:
        language = cells.words("language", empty=True) or "sv"
        if language not in _LANGUAGES:
            faults.add(
                cells,
                f"språket `{language}` finns inte; skriv sv eller en",
                f"there is no language `{language}`; write sv or en",
            )
        person = PersonLine(
            key=cells.key("key"),
            email=cells.address("email"),
            name=cells.words("name"),
            language=language,
            party=cells.words("party", empty=True),
        )
        _check_unique(keys, person.key, cells, faults)
        _check_unique(addresses, person.email, cells, faults)
        people.append((person, cells))
    return people


def _grants(sheet: Iterable[Cells], faults: Faults) -> list[tuple[GrantLine, Cells]]:
    grants = []
    seen: dict[str, int] = {}
    for cells in sheet:
        from_on, to_on = cells.period()
        grant = GrantLine(
            email=cells.address("email"),
            role=cells.words("role"),
            unit=cells.words("unit"),
            from_on=from_on,
            to_on=to_on,
        )
        if grant.email and grant.role and grant.unit:
            what = f"{grant.email} {grant.role} {grant.unit} {from_on or ''}".rstrip()
            _check_unique(seen, what, cells, faults)
        grants.append((grant, cells))
    return grants


def _facts(sheet: Iterable[Cells], faults: Faults) -> list[tuple[FactLine, Cells]]:
    facts = []
    seen: dict[str, int] = {}
    for cells in sheet:
        written = cells.words("value")
        value = _figure(written)
        if written and value is None:
            faults.add(
                cells,
                f"`{written[:40]}` i kolumnen value är inget tal; skriv till exempel 48000",
                f"`{written[:40]}` in column value is not a number; write for example 48000",
            )
        fact = FactLine(
            unit=cells.words("unit"), fact=cells.key("fact"), value=0 if value is None else value
        )
        if fact.unit and fact.fact:
            _check_unique(seen, f"{fact.unit} {fact.fact}", cells, faults)
        facts.append((fact, cells))
    return facts


def _figure(text: str) -> int | str | None:
    """Read a figure as people write it; None for what is none."""
    plain = text.translate(_SPACES).replace("\N{MINUS SIGN}", "-")
    if not _FIGURE.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", "."))
    if number == number.to_integral_value():
        return int(number)
    return format(number.normalize(), "f")


def _check_unique(seen: dict[str, int], what: str, cells: Cells, faults: Faults) -> None:
    if not what:
        return
    first = seen.setdefault(what, cells.line)
    if first != cells.line:
        faults.add(
            cells,
            f"`{what}` står redan på rad {first}; ta bort den ena raden",
            f"`{what}` stands on line {first} already; remove one of the lines",
        )


def _check_parents(units: Sequence[tuple[UnitLine, Cells]], faults: Faults) -> None:
    parents = {unit.key: unit.parent for unit, _ in units if unit.key}
    lines = {unit.key: cells for unit, cells in units}
    for unit, cells in units:
        if unit.parent is not None and unit.parent not in parents:
            _add_unknown(cells, unit.parent, "parent", faults)
    for circle in _circles(parents):
        shown = _say_circle(circle)
        for key in circle:
            faults.add(
                lines[key],
                f"enheten `{key}` ligger under sig själv ({shown}); rätta kolumnen parent",
                f"the unit `{key}` lies below itself ({shown}); correct column parent",
            )


def _check_successors(units: Sequence[tuple[UnitLine, Cells]], faults: Faults) -> None:
    """See that what a unit went into is there, and that it has ended."""
    into = {unit.key: unit.into for unit, _ in units if unit.key}
    lines = {unit.key: cells for unit, cells in units}
    for unit, cells in units:
        if unit.into is None:
            continue
        if unit.into not in into:
            _add_unknown(cells, unit.into, "into", faults)
        if unit.to_on is None:
            faults.add(
                cells,
                f"enheten `{unit.key}` har gått upp i `{unit.into}` men har ingen sista dag;"
                " fyll i kolumnen to",
                f"the unit `{unit.key}` went into `{unit.into}` but has no last day; fill in"
                " column to",
            )
    for circle in _circles(into):
        shown = _say_circle(circle)
        for key in circle:
            faults.add(
                lines[key],
                f"enheten `{key}` går upp i sig själv ({shown}); rätta kolumnen into",
                f"the unit `{key}` goes into itself ({shown}); correct column into",
            )


def _add_unknown(cells: Cells, key: str, column: str, faults: Faults) -> None:
    faults.add(
        cells,
        f"enheten `{key}` i kolumnen {column} finns inte; lägg till den eller rätta kolumnen",
        f"the unit `{key}` in column {column} does not exist; add it or correct the column",
    )


def _circles(steps: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Give the keys of each circle that some steps from key to key lead in."""
    done: set[str] = set()
    for key in steps:
        trail: dict[str, None] = {}
        step: str | None = key
        while step is not None and step in steps and step not in done and step not in trail:
            trail[step] = None
            step = steps[step]
        done.update(trail)
        if step in trail:
            keys = list(trail)
            yield keys[keys.index(step) :]


def _say_circle(circle: Sequence[str]) -> str:
    return " - ".join([*circle[:_SHOWN], *(["..."] if len(circle) > _SHOWN else []), circle[0]])


def _check_grants(
    grants: Sequence[tuple[GrantLine, Cells]],
    units: set[str],
    people: Sequence[tuple[PersonLine, Cells]],
    faults: Faults,
) -> None:
    known = {person.email for person, _ in people}
    for grant, cells in grants:
        if grant.unit and grant.unit not in units:
            faults.add(
                cells,
                f"enheten `{grant.unit}` finns inte i units.csv; lägg till den eller rätta"
                " kolumnen unit",
                f"the unit `{grant.unit}` is not in units.csv; add it or correct column unit",
            )
        if grant.email and grant.email not in known:
            faults.add(
                cells,
                f"personen `{grant.email}` finns inte i people.csv; lägg till den eller rätta"
                " kolumnen email",
                f"the person `{grant.email}` is not in people.csv; add them or correct column"
                " email",
            )


def _check_facts(facts: Sequence[tuple[FactLine, Cells]], units: set[str], faults: Faults) -> None:
    for fact, cells in facts:
        if fact.unit and fact.unit not in units:
            faults.add(
                cells,
                f"enheten `{fact.unit}` finns inte i units.csv; lägg till den eller rätta"
                " kolumnen unit",
                f"the unit `{fact.unit}` is not in units.csv; add it or correct column unit",
            )


def _refusal(faults: Faults) -> BadInput:
    reasons: list[Reason] = faults.reasons()
    more = len(reasons) - 1
    sv = f" ({more} fel till)" if more else ""
    en = f" ({more} more)" if more else ""
    return BadInput(
        f"Organisationen är inte inläst. {reasons[0].sv}{sv}",
        f"The organisation was not imported. {reasons[0].en}{en}",
        reasons=reasons[:_MOST_REASONS],
    )
