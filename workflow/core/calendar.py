"""A process's plan laid out for a year, before any round: what is set by hand is not in it."""

from dataclasses import dataclass
from datetime import date

from workflow.core import plan as days
from workflow.core.definition import Definition
from workflow.core.errors import BadInput, NotFound
from workflow.core.phrases import fill

__all__ = ["Laid", "lay_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A milestone in a year."""

    milestone: str
    title: str
    first_on: date | None
    """None, and so is `on`, when the date comes later."""
    on: date | None
    """The last day; the same as the first but for a span of days."""
    off: str
    """What makes the last day a day off, in the process's language; empty on a working day."""


def lay_out(definition: Definition, *, year: int, plan: str = "") -> tuple[Laid, ...]:
    """Give the milestones of a plan in a year, in the plan's order.

    Raises:
        NotFound: The process has no such plan.
        BadInput: Some day of it does not exist in that year.
    """
    if plan and plan not in definition.plan:
        known = ", ".join(definition.plan)
        raise NotFound(
            f"Det finns ingen plan '{plan[:60]}'. Processens andra planer: {known or 'inga'}.",
            f"There is no plan '{plan[:60]}'. The process's other plans: {known or 'none'}.",
        )
    try:
        laid = days.milestone_days(definition, plan, year)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"Planen går inte att lägga ut för {year}. Pröva processen med `beredning check`.",
            f"The plan cannot be laid out for {year}. Try the process with `beredning check`.",
        ) from error
    return tuple(_laid(definition, key, *laid[key], year) for key in definition.milestone)


def _laid(
    definition: Definition, key: str, first_on: date | None, on: date | None, year: int
) -> Laid:
    return Laid(
        milestone=key,
        title=fill(definition.milestone[key].title, year=year),
        first_on=first_on,
        on=on,
        off=(days.day_off_name(on, definition.language) if on else None) or "",
    )
