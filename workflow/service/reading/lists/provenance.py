"""Where each row of a list comes from: the list or the table nearest, and who filled it in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.core.facts import Origin, RowFact
from workflow.service.seeing import Seen
from workflow.store.origins import read_sheets

__all__ = ["Provenance", "Sources", "sources_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a row comes from, and where it lies there."""

    case: str
    title: str
    """Of the case."""
    unit: str
    """Name of the unit whose case it is."""
    open: bool
    """The reader sees that case."""
    number: int
    place: int
    """Counted from 1."""
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The sheets that rows come from, all of one table."""

    places: Mapping[Origin, int]
    """Where each row lies in its sheet, counted from 1."""
    counts: Mapping[str, int]
    """How many rows there are, by case."""
    cases: Mapping[str, tuple[str, str, bool]]
    """Title, unit's name and whether the reader sees it, by case."""

    def of(self, origin: Origin | None) -> Provenance | None:
        """Give where a row comes from; None for one that is gone."""
        if origin is None or origin not in self.places:
            return None
        title, unit, is_open = self.cases[origin.case]
        return Provenance(
            case=origin.case,
            title=title,
            unit=unit,
            open=is_open,
            number=origin.number,
            place=self.places[origin],
            of=self.counts[origin.case],
        )


def sources_of(seen: Seen, table: str, origins: Iterable[Origin | None]) -> Sources:
    """Read the sheets of a table that rows come from."""
    keys = sorted({origin.case for origin in origins if origin})
    sheets = read_sheets(seen.connection, keys, table)
    seen.facts.remember_cases(keys)
    seen.facts.remember_lines((*seen.definition.unit, *seen.definition.body))
    return Sources(
        places=_places(sheets),
        counts={case: len(rows) for case, rows in sheets.items()},
        cases={case: _case(seen, case) for case in sheets},
    )


def _places(sheets: Mapping[str, Sequence[RowFact]]) -> Mapping[Origin, int]:
    return {
        Origin(case, row.number): place
        for case, rows in sheets.items()
        for place, row in enumerate(rows, start=1)
    }


def _case(seen: Seen, case_id: str) -> tuple[str, str, bool]:
    case = seen.facts.case(case_id)
    if case is None:
        return case_id, "", False
    return seen.desk.title_of(case), seen.desk.unit_name(case.unit), seen.sight.sees(case)
