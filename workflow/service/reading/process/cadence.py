"""When cases of a kind come again: by the clock, at days of the plan, or when needed."""

from dataclasses import dataclass

from workflow.core.definition import Case
from workflow.core.occasions import is_series
from workflow.core.periods import PERIODS
from workflow.core.phrases import Span, fill
from workflow.core.revision import Revision

__all__ = ["Cadence", "cadence_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often a kind of case comes, in the reader's language."""

    period: str
    """week, month, quarter, tertial or year; empty when it is none of them."""
    milestones: tuple[str, ...]
    """Titles of the days of the plan that it comes at."""
    opened_by: tuple[str, ...]
    """Titles of the roles that open one when they need it."""
    ahead: Span | None
    """So long before the occasion it opens."""
    until: str
    """Title of the milestone after which no more come; empty when there is none."""


def cadence_of(revision: Revision, kind: Case, *, year: int, language: str) -> Cadence | None:
    """Say how often a kind of case comes; None for one that comes once."""
    if not is_series(kind):
        return None
    definition = revision.definition
    period = kind.every[0] if kind.every and kind.every[0] in PERIODS else ""

    def milestone(key: str) -> str:
        return fill(revision.title(definition.milestone[key], language), year=year)

    return Cadence(
        period=period,
        milestones=()
        if period
        else tuple(milestone(key) for key in definition.milestones_of(kind)),
        opened_by=tuple(revision.title(definition.role[key], language) for key in kind.opened_by),
        ahead=kind.ahead,
        until=milestone(kind.until) if kind.until else "",
    )
