"""What came of what was aimed at: goals by occasion, effects against plan by year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from starlette.responses import Response

from web.answers import page
from web.charts import goal as charts
from web.visit import Visit
from workflow.service.reading.rounds.followed import Followed, FollowPage, Goal
from workflow.service.reading.rounds.following import read_following

__all__ = ["Chart", "UnitLine", "show"]

TONES: Final = {"good": "done", "watch": "soon", "bad": "late"}
"""How a tone of a scale looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Values in two drawings and a table."""

    values: tuple[charts.Value, ...]
    wide: charts.Drawing
    narrow: charts.Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """How the rows of a unit go: by occasion, how many stand at each status."""

    unit: str
    name: str
    goals: int
    cells: tuple[tuple[tuple[str, str, int], ...], ...]
    """By occasion: tone, title and number; the last ones wait to be told."""


def show(visit: Visit) -> Response:
    """Show what is followed up: unit by unit, then row by row.

    Raises: NotFound.
    """
    found = read_following(visit.world, visit.params["round"], visit.email)
    unit = _unit(visit, found)
    followed = [one.of_unit(unit) if unit else one for one in found.followed]
    row, chosen = _row(visit, followed)
    return page(
        visit,
        "follow/follow.html",
        found=found,
        followed=followed,
        unit=unit,
        unit_name=dict(found.units).get(unit, ""),
        lines={one.table: _lines(visit, found, one) for one in followed if not unit},
        years={one.table: _years(visit, one) for one in followed if one.years},
        row=row,
        chart=_of_goal(visit, chosen, row) if chosen and row else None,
        tones=TONES,
        figure=partial(charts.figure_text, visit),
        path=f"/omgangar/{found.round}/uppfoljning",
    )


def _unit(visit: Visit, found: FollowPage) -> str:
    """Give the unit that is asked for; of a single one there is no choice."""
    if len(found.units) == 1:
        return found.units[0][0]
    asked = visit.query.get("enhet", "")
    return asked if asked in dict(found.units) else ""


def _row(visit: Visit, followed: Sequence[Followed]) -> tuple[Goal | None, Followed | None]:
    asked = visit.query.get("rad", "")
    for one in followed:
        for goal in one.goals:
            if goal.key == asked and goal.has_chart:
                return goal, one
    return None, None


def _lines(visit: Visit, found: FollowPage, followed: Followed) -> tuple[UnitLine, ...]:
    lines = []
    for unit, name in found.units:
        goals = followed.of_unit(unit).goals
        if goals:
            cells = tuple(tuple(_counts(visit, followed, goals, at)) for at in _places(followed))
            lines.append(UnitLine(unit=unit, name=name, goals=len(goals), cells=cells))
    return tuple(lines)


def _places(followed: Followed) -> range:
    return range(len(followed.occasions))


def _counts(
    visit: Visit, followed: Followed, goals: Sequence[Goal], at: int
) -> Iterator[tuple[str, str, int]]:
    marks = [mark for goal in goals if (mark := goal.marks[at])]
    told = Counter(mark.status for mark in marks if mark.case)
    for title, tone in followed.statuses:
        if told[title]:
            yield TONES.get(tone, ""), title, told[title]
    left = sum(1 for mark in marks if not mark.case)
    if left:
        yield "next", visit.text("inte inne", "not in"), left


def _years(visit: Visit, followed: Followed) -> Chart:
    return _chart(charts.of_years(visit, followed.years), None)


def _of_goal(visit: Visit, followed: Followed, goal: Goal) -> Chart:
    target = goal.target.number if goal.target else None
    return _chart(charts.of_goal(visit, followed, goal), target)


def _chart(values: tuple[charts.Value, ...], target: Decimal | None) -> Chart:
    return Chart(
        values=values,
        wide=charts.draw(values, target),
        narrow=charts.draw(values, target, narrow=True),
    )
