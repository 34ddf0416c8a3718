"""What comes again below a case: how many are open, late and done, and when the next comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.core import plan
from workflow.core.facts import CaseFact, SeriesFact
from workflow.core.occasions import called, next_one
from workflow.service.reading.cases.parties import Below
from workflow.service.reading.process.cadence import Cadence, cadence_of
from workflow.service.seeing import Seen
from workflow.service.starting import Opening
from workflow.store.series import series_of

__all__ = ["Recurring", "recurring"]

NEAREST = 5
"""So many are shown at once: what is owed first, the most urgent first, then the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A kind of case that comes again below a case, with those that the viewer sees."""

    kind: str
    title: str
    help: str
    cadence: Cadence
    cases: tuple[Below, ...]
    """What is owed first, the most urgent first; then the latest that ended."""
    open: int
    late: int
    done: int
    next_on: date | None
    """The day on which the clock opens the next; None when it opens none."""
    next_title: str
    """What it is opened for."""
    opening: Opening | None
    """What the viewer may open now."""

    @property
    def nearest(self) -> tuple[Below, ...]:
        """Give those that are shown at once."""
        return self.cases[:NEAREST]

    @property
    def rest(self) -> tuple[Below, ...]:
        """Give those that are shown when somebody asks."""
        return self.cases[NEAREST:]


def recurring(
    seen: Seen, case: CaseFact, below: Sequence[Below], openings: Sequence[Opening]
) -> tuple[Recurring, ...]:
    """Give what comes again below a case, in the order of the definition; `below` are all
    cases below it that the viewer sees."""
    kinds = list(seen.definition.case)
    found = sorted(series_of(seen.connection, case.id), key=lambda one: kinds.index(one.kind))
    return tuple(_recurring(seen, case, one, below, openings) for one in found)


def _recurring(
    seen: Seen,
    case: CaseFact,
    series: SeriesFact,
    below: Sequence[Below],
    openings: Sequence[Opening],
) -> Recurring:
    desk, kind = seen.desk, seen.definition.case[series.kind]
    year = seen.facts.round.year
    cadence = cadence_of(seen.revision, kind, year=year, language=desk.language)
    if cadence is None:
        raise LookupError(series.kind)
    mine = [one for one in below if one.kind == kind.key]
    left = [one for one in mine if not one.ended]
    next_on, next_title = _next(seen, case, series)
    return Recurring(
        kind=kind.key,
        title=desk.kind_title(kind.key),
        help=desk.help_of(kind),
        cadence=cadence,
        cases=(*left, *_latest(one for one in mine if one.ended)),
        open=len(left),
        late=sum(1 for one in left if one.due and one.due.is_late),
        done=len(mine) - len(left),
        next_on=next_on,
        next_title=next_title,
        opening=next((one for one in openings if one.kind == kind.key), None),
    )


def _latest(ended: Iterator[Below]) -> Sequence[Below]:
    return sorted(ended, key=lambda one: one.opened_at, reverse=True)


def _next(seen: Seen, case: CaseFact, series: SeriesFact) -> tuple[date | None, str]:
    if series.next_at is None or case.ended_at is not None:
        return None, ""
    following = next_one(seen.definition, series, seen.facts.milestone)
    year, language = seen.facts.round.year, seen.desk.language
    title = called(seen.revision, following.key, year=year, language=language) if following else ""
    return plan.local_day(series.next_at, seen.definition.zone), title
