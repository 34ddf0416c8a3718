"""Where each row of a list comes from: the list or the table nearest, and who filled it in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.core.facts import Origin
from workflow.service.seeing import Seen
from workflow.store.origins import read_orders

__all__ = ["Provenance", "Sources", "sources_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a row comes from, and where it lies there."""

    case: str
    title: str
    """Of the case."""
    unit: str
    """Name of the unit whose case it is, with that above it where two have the same."""
    unit_key: str
    open: bool
    """The reader sees that case."""
    number: int
    place: int
    """Counted from 1."""
    of: int


_Case = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The sheets that rows come from, all of one table."""

    places: Mapping[Origin, int]
    """Where each row lies in its sheet, counted from 1."""
    counts: Mapping[str, int]
    """How many rows there are, by case."""
    cases: Mapping[str, _Case]
    """Title, unit's name and key and whether the reader sees it, by case."""

    def of(self, origin: Origin | None) -> Provenance | None:
        """Give where a row comes from; None for one that is gone."""
        if origin is None or origin not in self.places:
            return None
        title, unit, unit_key, is_open = self.cases[origin.case]
        return Provenance(
            case=origin.case,
            title=title,
            unit=unit,
            unit_key=unit_key,
            open=is_open,
            number=origin.number,
            place=self.places[origin],
            of=self.counts[origin.case],
        )


def sources_of(seen: Seen, table: str, origins: Iterable[Origin | None]) -> Sources:
    """Read the sheets of a table that rows come from."""
    keys = sorted({origin.case for origin in origins if origin})
    sheets = read_orders(seen.connection, keys, table)
    seen.facts.remember_cases(keys)
    seen.facts.remember_lines((*seen.definition.unit, *seen.definition.body))
    return Sources(
        places=_places(sheets),
        counts={case: len(rows) for case, rows in sheets.items()},
        cases=_told_apart(seen, {case: _case(seen, case) for case in sheets}),
    )


def _places(sheets: Mapping[str, Sequence[int]]) -> Mapping[Origin, int]:
    return {
        Origin(case, number): place
        for case, numbers in sheets.items()
        for place, number in enumerate(numbers, start=1)
    }


def _case(seen: Seen, case_id: str) -> _Case:
    case = seen.facts.case(case_id)
    if case is None:
        return case_id, "", "", False
    name = seen.desk.unit_name(case.unit)
    return seen.desk.title_of(case), name, case.unit, seen.sight.sees(case)


def _told_apart(seen: Seen, cases: Mapping[str, _Case]) -> Mapping[str, _Case]:
    """Name units that have the same name by what they belong to as well: sums by unit are
    read by their names."""
    units = {key: name for _, name, key, _ in cases.values()}
    names = [*units.values()]
    above = {key: seen.facts.line(key)[1:2] for key, name in units.items() if names.count(name) > 1}
    return {
        case: (title, ", ".join([name, *(one.name for one in above.get(key, ()))]), key, is_open)
        for case, (title, name, key, is_open) in cases.items()
    }
