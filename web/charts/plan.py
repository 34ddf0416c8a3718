"""The plan of a round drawn for a page that has other things on it too."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.charts import gantt
from web.charts.gantt import Drawing
from web.visit import Visit
from workflow.service.reading.rounds.step import Bar

__all__ = ["DrawnPlan", "draw_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPlan:
    """The plan as two pictures and, line by line, in words."""

    wide: Drawing
    narrow: Drawing
    described: tuple[str, ...]


def draw_plan(visit: Visit, bars: Sequence[Bar]) -> DrawnPlan | None:
    """Draw the plan with today in it; None where there is nothing to draw."""
    if not bars:
        return None
    return DrawnPlan(
        wide=gantt.draw_wide(visit, bars, visit.today),
        narrow=gantt.draw_narrow(visit, bars, visit.today),
        described=tuple(gantt.describe(visit, bar) for bar in bars),
    )
