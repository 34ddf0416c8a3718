"""Working days, spans and local time: no day is skipped or doubled by the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core import plan
from workflow.core.phrases import Span

ZONE = "Europe/Stockholm"
HERE = ZoneInfo(ZONE)
DAYS = st.dates(date(1990, 1, 1), date(2110, 12, 31))


def easter(year):
    """Give Easter Sunday by Gauss, for 1900 to 2099."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    day = date(year, 3, 22) + timedelta(days=d + e)
    if (d, e) == (29, 6) or (d == 28 and e == 6 and year % 19 > 10):
        day -= timedelta(days=7)
    return day


def days_off(year):
    """Give the days off besides weekends, by the two laws, for 2005 to 2099."""
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    found = {date(year, *day) for day in fixed}
    found |= {easter(year) + timedelta(days=offset) for offset in (-2, 1, 39)}
    return found | {day for day in map(date(year, 6, 19).__add__, days(7)) if day.weekday() == 4}


def last_sunday(year, month):
    """Give the last Sunday of a month of 31 days: when the clocks change."""
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)


def days(count):
    """Give the spans of 0, 1, 2 ... days."""
    return [timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize("year", range(2005, 2100, 5))
def test_working_days_are_those_of_the_laws(year):
    """Every day of five years is a working day or not as an independent calendar says."""
    off = {day for one in range(year, min(year + 5, 2100)) for day in days_off(one)}
    last = date(min(year + 5, 2100), 1, 1)
    wrong = [
        day
        for day in map(date(year, 1, 1).__add__, days((last - date(year, 1, 1)).days))
        if plan.is_working_day(day) != (day.weekday() < 5 and day not in off)
    ]

    assert [] == wrong


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2009-06-19", "midsommarafton"),
        ("2026-06-19", "midsommarafton"),
        ("2009-12-24", "julafton"),
        ("2009-12-31", "nyårsafton"),
        ("2009-05-21", "Kristi himmelsfärdsdag"),
        ("2009-02-28", "lördag"),
        ("2009-03-01", "söndag"),
        ("2009-02-27", None),
        ("2009-04-09", None),
        ("2009-01-05", None),
    ],
)
def test_days_off_have_names(day, name):
    """A day off is called what people call it; skärtorsdag and trettondagsafton are work."""
    assert name == plan.day_off_name(date.fromisoformat(day))


def test_days_off_have_names_in_english():
    """The names follow the language."""
    assert "Saturday" == plan.day_off_name(date(2009, 2, 28), "en")
    assert "Good Friday" == plan.day_off_name(date(2009, 4, 10), "en")


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("2009-01-05", True), ("2009-05-22", True), ("2009-01-02", True), ("2009-02-27", False)],
)
def test_bridge_days(day, wanted):
    """A klämdag is a working day that stands alone between two days off."""
    assert wanted == plan.is_bridge_day(date.fromisoformat(day))


def test_days_off_are_no_bridge_days():
    """What is off itself bridges nothing."""
    assert not plan.is_bridge_day(date(2009, 5, 21))


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_working_days_are_inverse(day, count):
    """From a working day, n working days on are counted as n; 0 is the day itself."""
    start = plan.roll(day, "working_day_after")
    there = plan.add_working_days(start, count)

    assert plan.is_working_day(there)
    assert count == plan.working_days_between(start, there)
    assert start == plan.add_working_days(there, -count)


@given(DAYS, DAYS)
def test_counting_backwards_is_counting_with_a_minus(first, last):
    """The count of working days changes its sign when the days change places."""
    near = first + (last - first) % timedelta(days=400)

    assert plan.working_days_between(first, near) == -plan.working_days_between(near, first)
    assert 0 == plan.working_days_between(first, first)


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("2009-06-18", "2009-06-22", 1),
        ("2009-02-28", "2009-03-02", 1),
        ("2009-02-27", "2009-03-02", 1),
        ("2009-12-23", "2010-01-04", 4),
        ("2009-03-02", "2009-02-27", -1),
    ],
)
def test_counted_working_days(first, last, wanted):
    """Days off are not counted, neither over midsummer nor between the years."""
    assert wanted == plan.working_days_between(date.fromisoformat(first), date.fromisoformat(last))


@given(DAYS)
def test_roll_goes_to_the_nearest_working_day_of_its_side(day):
    """A working day stays; a day off goes to the first working day on the rule's side."""
    before = plan.roll(day, "working_day_before")
    after = plan.roll(day, "working_day_after")

    assert day == plan.roll(day, "as_written")
    assert plan.is_working_day(before)
    assert plan.is_working_day(after)
    between = map(before.__add__, days((after - before).days + 1))
    inside = [one for one in between if plan.is_working_day(one)]
    assert inside == ([day] if plan.is_working_day(day) else [before, after])
    assert before <= day <= after


@given(DAYS)
def test_the_neighbouring_working_days_leave_the_day_itself_out(day):
    """The working day before and the one after are other days, with none between."""
    before, after = plan.working_day_before(day), plan.working_day_after(day)

    assert before < day < after
    assert 1 + plan.is_working_day(day) == plan.working_days_between(before, after)


@pytest.mark.parametrize(
    ("day", "span", "side", "wanted"),
    [
        ("2008-02-29", (1, "year"), "after", "2009-02-28"),
        ("2008-02-29", (4, "year"), "after", "2012-02-29"),
        ("2008-02-29", (1, "year"), "before", "2007-02-28"),
        ("2009-01-31", (1, "month"), "after", "2009-02-28"),
        ("2008-01-31", (1, "month"), "after", "2008-02-29"),
        ("2009-03-31", (1, "month"), "before", "2009-02-28"),
        ("2009-01-15", (1, "month"), "before", "2008-12-15"),
        ("2009-12-15", (1, "month"), "after", "2010-01-15"),
        ("2009-11-30", (13, "month"), "after", "2010-12-30"),
        ("2009-02-27", (2, "week"), "after", "2009-03-13"),
        ("2008-02-28", (1, "day"), "after", "2008-02-29"),
        ("2008-03-01", (1, "day"), "before", "2008-02-29"),
        ("2009-02-27", (1, "working day"), "after", "2009-03-02"),
        ("2009-02-28", (1, "working day"), "before", "2009-02-27"),
        ("2009-02-28", (0, "working day"), "after", "2009-02-28"),
    ],
)
def test_spans(day, span, side, wanted):
    """Months and years keep the day or take the month's last; leap days count."""
    length = Span(count=span[0], unit=span[1])

    assert date.fromisoformat(wanted) == plan.add_span(date.fromisoformat(day), length, side)


@pytest.mark.parametrize("year", range(2000, 2101))
def test_day_ends_over_the_changes_of_clock(year):
    """The end of every day round both changes is the next midnight that the clocks show."""
    changes = [last_sunday(year, month) for month in (3, 10)]
    for change in changes:
        for offset in (-1, 0, 1):
            day = change + timedelta(days=offset)
            midnight = datetime.combine(day + timedelta(days=1), time(), HERE)

            assert midnight.astimezone(UTC) == plan.day_end(day, ZONE)
            assert plan.day_end(day, ZONE) == plan.day_start(day + timedelta(days=1), ZONE)
            assert day == plan.due_on(plan.day_end(day, ZONE), ZONE)
            assert day == plan.local_day(plan.day_start(day, ZONE), ZONE)
    lengths = [plan.day_end(day, ZONE) - plan.day_start(day, ZONE) for day in changes]
    assert [timedelta(hours=23), timedelta(hours=25)] == lengths


@pytest.mark.parametrize("year", [2009, 2010, 2024, 2026, 2037])
def test_wall_times_of_every_hour(year):
    """Every hour is the first instant that shows it; in the gap it is the gap's end."""
    first = datetime(year, 1, 1, tzinfo=UTC) - timedelta(hours=2)
    shown = {}
    for half_hours in range(2 * 24 * 367):
        instant = first + timedelta(minutes=30 * half_hours)
        shown.setdefault(instant.astimezone(HERE).replace(tzinfo=None), instant)
    wrong = []
    for day in map(date(year, 1, 1).__add__, days(365)):
        for clock in (time(hour, minute) for hour in range(24) for minute in (0, 30)):
            wall = datetime.combine(day, clock)
            wanted = next(shown[wall + timedelta(minutes=30 * n)] for n in range(4)
                          if wall + timedelta(minutes=30 * n) in shown)  # fmt: skip
            if wanted != plan.wall_time(day, clock, ZONE):
                wrong.append(wall)

    assert [] == wrong


@pytest.mark.parametrize(
    ("day", "clock", "wanted"),
    [
        ("2026-03-29", "02:00", "2026-03-29T01:00"),
        ("2026-03-29", "02:59:59.999999", "2026-03-29T01:00"),
        ("2026-03-29", "03:00", "2026-03-29T01:00"),
        ("2026-03-29", "01:59:59", "2026-03-29T00:59:59"),
        ("2026-10-25", "02:30", "2026-10-25T00:30"),
        ("2026-10-25", "03:00", "2026-10-25T02:00"),
    ],
)
def test_wall_time_in_the_gap_and_the_fold(day, clock, wanted):
    """A time that never comes is the gap's end; one that comes twice is the first."""
    instant = plan.wall_time(date.fromisoformat(day), time.fromisoformat(clock), ZONE)

    assert datetime.fromisoformat(wanted).replace(tzinfo=UTC) == instant


def test_a_deadline_is_half_open():
    """The last microsecond of the day is in time; the next one is another day's."""
    end = plan.day_end(date(2009, 2, 28), ZONE)

    assert date(2009, 2, 28) == plan.local_day(end - timedelta(microseconds=1), ZONE)
    assert date(2009, 3, 1) == plan.local_day(end, ZONE)


def test_month_is_its_first_and_last_day():
    """Only a whole month is a month."""
    assert plan.is_month(date(2008, 2, 1), date(2008, 2, 29))
    assert not plan.is_month(date(2009, 2, 1), date(2009, 2, 27))
    assert not plan.is_month(date(2009, 2, 2), date(2009, 2, 28))
    assert not plan.is_month(date(2009, 1, 1), date(2009, 2, 28))
