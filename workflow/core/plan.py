"""Days, working days and deadlines: the only place that knows local time.

A deadline is the end of its day, that is the next local midnight, unless the
milestone has a clock time; it is half-open: what is done before that instant is
in time. Local wall time becomes UTC here: a time in the gap of the change to
summer time moves forward to the gap's end, a time that comes twice means the
first.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from workflow.core.definition import Definition, Ladder, Milestone, Roll, State
from workflow.core.facts import CaseFact, MilestoneFact
from workflow.core.periods import last_day
from workflow.core.phrases import Due, Span, When

__all__ = [
    "INVITED",
    "PlanError",
    "RungAt",
    "add_span",
    "add_working_days",
    "day_end",
    "day_off_name",
    "day_start",
    "due_on",
    "invitation_at",
    "is_bridge_day",
    "is_month",
    "is_working_day",
    "local_day",
    "milestone_days",
    "milestone_fact",
    "next_rung_at",
    "roll",
    "rungs",
    "same_time_on",
    "task_due_at",
    "wall_time",
    "working_day_after",
    "working_day_before",
    "working_days_between",
]

WEEKDAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
INVITED = (-20, -3)
"""Working days before a milestone's first day at which its invited hear of it."""


class PlanError(ValueError):
    """A plan cannot be laid out; carries the milestone that it fails at."""

    def __init__(self, milestone: str, message: str) -> None:
        super().__init__(message)
        self.milestone = milestone


# ---- working days ----------------------------------------------------------------------


@lru_cache(maxsize=4)
def _days_off(language: str) -> Mapping[date, str]:
    """The days that Swedish working life counts as off besides Saturdays and Sundays.

    Public holidays by lag (1989:253), and midsommarafton, julafton and nyårsafton,
    which lag (1930:173) treats alike.
    """
    return holidays.country_holidays(
        "SE",
        categories=("public", "de_facto"),
        include_sundays=False,
        language="sv" if language == "sv" else "en_US",
    )


@lru_cache(maxsize=20_000)
def is_working_day(day: date) -> bool:
    """Say whether people are at work: no Saturday, Sunday, holiday or eve of the three."""
    return day.weekday() < 5 and day not in _days_off("sv")


def day_off_name(day: date, language: str = "sv") -> str | None:
    """Name what makes a day off, e.g. "midsommarafton" or "lördag"; None on a working day."""
    if day in _days_off(language):
        name = _days_off(language)[day].split("; ")[0]
        return name if language == "en" or name.startswith("Kristi") else name.lower()
    if day.weekday() >= 5:
        return WEEKDAYS[language][day.weekday()]
    return None


def is_bridge_day(day: date) -> bool:
    """Say whether a working day stands alone between two days off (klämdag)."""
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    return is_working_day(day) and not is_working_day(before) and not is_working_day(after)


@lru_cache(maxsize=20_000)
def add_working_days(day: date, count: int) -> date:
    """Go `count` working days forward, or back when it is negative; 0 is the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_day_before(day: date) -> date:
    """Give the last working day before a day."""
    return add_working_days(day, -1)


def working_day_after(day: date) -> date:
    """Give the first working day after a day."""
    return add_working_days(day, 1)


def working_days_between(first: date, last: date) -> int:
    """Count the working days after `first` up to and including `last`.

    0 when both are the same day; negative when `last` lies before `first`: then the
    working days after `last` up to and including `first` are counted. What is one
    working day late on a Monday was due on the Friday, or on the weekend before it.
    """
    if last < first:
        return -working_days_between(last, first)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(1 for day in days if is_working_day(day))


def roll(day: date, rule: Roll) -> date:
    """Move a day that is no working day by a rule."""
    if rule == "as_written" or is_working_day(day):
        return day
    return working_day_before(day) if rule == "working_day_before" else working_day_after(day)


def add_span(day: date, span: Span, side: str = "after") -> date:
    """Go a span forward, or back with `side` before. A month's end stays a month's end."""
    count = span.count if side == "after" else -span.count
    match span.unit:
        case "working day":
            return add_working_days(day, count)
        case "day":
            return day + timedelta(days=count)
        case "week":
            return day + timedelta(weeks=count)
        case "month":
            return _add_months(day, count)
        case "year":
            return _add_months(day, 12 * count)


def _add_months(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# ---- local time ------------------------------------------------------------------------


def is_month(first: date, last: date) -> bool:
    """Say whether two days are the first and the last of one month."""
    return first.day == 1 and last == date(
        first.year, first.month, monthrange(first.year, first.month)[1]
    )


def wall_time(day: date, clock: time, zone: str) -> datetime:
    """Give the instant, in UTC, at which the clocks of a zone show a time."""
    here = ZoneInfo(zone)
    wall = datetime.combine(day, clock)
    instant = wall.replace(tzinfo=here).astimezone(UTC)
    while instant.astimezone(here).replace(tzinfo=None) != wall:  # in the gap of spring
        wall = (wall + timedelta(minutes=1)).replace(second=0, microsecond=0)
        instant = wall.replace(tzinfo=here).astimezone(UTC)
    return instant


@lru_cache(maxsize=5_000)
def day_start(day: date, zone: str) -> datetime:
    """Give the instant at which a local day begins."""
    return wall_time(day, time(), zone)


@lru_cache(maxsize=5_000)
def day_end(day: date, zone: str) -> datetime:
    """Give the instant at which a local day is over: the next local midnight."""
    return wall_time(day + timedelta(days=1), time(), zone)


def same_time_on(instant: datetime, day: date, zone: str) -> datetime:
    """Give the instant at which a zone's clocks show on a day what they show at an instant."""
    return wall_time(day, instant.astimezone(ZoneInfo(zone)).time(), zone)


def local_day(instant: datetime, zone: str) -> date:
    """Give the local day of an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def due_on(due_at: datetime, zone: str) -> date:
    """Give the last day of a deadline: the day that ends at it, or holds its clock time."""
    return local_day(due_at - timedelta(microseconds=1), zone)


# ---- milestones ------------------------------------------------------------------------


def milestone_days(
    definition: Definition, plan: str, year: int, *, moved: Mapping[str, date] | None = None
) -> dict[str, tuple[date | None, date | None]]:
    """Lay out a plan: first and last day of each milestone as written, nothing rolled.

    None for both means that the date comes later. `plan` is empty for the
    process's own dates; `moved` holds those that have been set by hand, from which
    others are counted.

    Raises: PlanError for a day that does not exist, or offsets in a circle.
    """
    layout = _Layout(definition, plan, year)
    layout.known.update((key, (day, day)) for key, day in (moved or {}).items())
    return {key: layout.days(key) for key in definition.milestone}


@dataclass(slots=True)
class _Layout:
    definition: Definition
    plan: str
    year: int
    known: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    under_way: tuple[str, ...] = ()

    def days(self, key: str) -> tuple[date | None, date | None]:
        if key in self.known:
            return self.known[key]
        if key in self.under_way:
            circle = " -> ".join((*self.under_way, key))
            raise PlanError(key, f"is counted from itself: {circle}")
        self.under_way += (key,)
        dates = self.definition.milestone[key].on
        if self.plan:
            dates = self.definition.plan[self.plan].on.get(key, dates)
        ends = [self._ends(key, when) for when in dates]
        self.under_way = self.under_way[:-1]
        self.known[key] = (ends[0][0], ends[-1][1])
        return self.known[key]

    def _ends(self, key: str, when: When) -> tuple[date | None, date | None]:
        if when.anchor and when.span:
            if when.anchor not in self.definition.milestone:
                raise PlanError(key, f"there is no milestone '{when.anchor}'")
            first, last = self.days(when.anchor)
            start = first if when.side == "before" else last
            day = add_span(start, when.span, when.side or "after") if start else None
            return day, day
        if when.month is None:
            return None, None
        year = when.year if when.year is not None else self.year + when.year_offset
        length = monthrange(year, when.month)[1]
        if when.day is None:
            return date(year, when.month, 1), date(year, when.month, length)
        day_number = length if when.day == "last" else when.day
        if day_number > length:
            raise PlanError(key, f"there is no day {year}-{when.month:02}-{day_number:02}")
        return date(year, when.month, day_number), date(year, when.month, day_number)


def milestone_fact(
    definition: Definition, milestone: Milestone, first_on: date | None, last_on: date | None
) -> MilestoneFact:
    """Give a milestone with its deadline: the last day, rolled by its rule, at its time."""
    due_at = None
    if last_on:
        day = roll(last_on, milestone.roll or definition.roll)
        due_at = _deadline(day, milestone.at, definition.zone)
    return MilestoneFact(key=milestone.key, first_on=first_on, last_on=last_on, due_at=due_at)


def _deadline(day: date, clock: str | None, zone: str) -> datetime:
    return wall_time(day, time.fromisoformat(clock), zone) if clock else day_end(day, zone)


def invitation_at(first_on: date, zone: str, after: datetime) -> datetime | None:
    """Give the next instant after one at which those who are invited hear of a milestone.

    None when nothing is left: nothing comes once the first day has begun.
    """
    if day_start(first_on, zone) <= after:
        return None
    steps = [day_start(add_working_days(first_on, offset), zone) for offset in INVITED]
    return next((step for step in steps if step > after), None)


# ---- deadlines and rungs of a task -----------------------------------------------------


def task_due_at(
    definition: Definition,
    state: State,
    due: Due,
    case: CaseFact,
    milestone: Callable[[str], MilestoneFact],
) -> datetime | None:
    """Give the deadline of the task that a case has in a state; None when none is set yet.

    `case` has already entered the state. Spans count from the local day.
    """
    zone = definition.zone
    if due.span is None and due.anchor in definition.milestone and state.roll is None:
        return milestone(due.anchor).due_at
    match due.anchor:
        case "entered":
            start: date | None = local_day(case.entered_at, zone)
        case "opened":
            start = local_day(case.opened_at, zone)
        case "occasion":
            start = _occasion_day(definition, case.occasion, milestone)
        case _:
            fact = milestone(due.anchor)
            start = fact.first_on if due.span and due.side == "before" else fact.last_on
    if start is None:
        return None
    day = add_span(start, due.span, due.side) if due.span else start
    whole = None if due.span else definition.milestone.get(due.anchor)
    clock = whole.at if whole else None
    return _deadline(roll(day, state.roll or definition.roll), clock, zone)


def _occasion_day(
    definition: Definition, occasion: str | None, milestone: Callable[[str], MilestoneFact]
) -> date | None:
    """Give the day of what a case was opened for; None for a running number."""
    if occasion and occasion in definition.milestone:
        return milestone(occasion).last_on
    return last_day(occasion) if occasion else None


@dataclass(frozen=True, slots=True, order=True)
class RungAt:
    """A rung of a task's ladder, laid on the calendar."""

    at: datetime
    """The start of its local day."""
    recipient: str
    """holder, superior or leader."""
    offset: int
    """Working days from the deadline's day."""

    @property
    def name(self) -> str:
        """The rung's permanent name, e.g. `holder-3`."""
        return f"{self.recipient}{self.offset:+d}"


def rungs(ladder: Ladder, due_at: datetime, zone: str) -> Iterator[RungAt]:
    """Lay a ladder on the calendar, in no particular order."""
    day = due_on(due_at, zone)
    for recipient in ("holder", "superior", "leader"):
        for rung in getattr(ladder, recipient):
            at = day_start(add_working_days(day, rung.offset), zone)
            yield RungAt(at=at, recipient=recipient, offset=rung.offset)


def next_rung_at(
    ladder: Ladder, due_at: datetime | None, zone: str, after: datetime
) -> datetime | None:
    """Give the instant of the first rung after an instant; None when none is left."""
    if due_at is None:
        return None
    return min((rung.at for rung in rungs(ladder, due_at, zone) if rung.at > after), default=None)
