"""The plan as a picture: everything inside it, words beside their bars, days where they lie."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beredning.app import App
from beredning.config import Config
from tests.service.worlds import grains, make_world
from web.charts import gantt
from web.charts.calendar import Scale, months, rests
from web.charts.gantt import LETTER, NARROW, WIDE, Drawing, Words
from web.shared import Site
from web.visit import Visit
from workflow.service.reading.rounds.step import Bar
from workflow.store.database import Database

TODAY = date(2009, 3, 3)
DAYS = st.dates(date(2008, 9, 1), date(2010, 3, 31))


def visit_on(day: date) -> Visit:
    """Give somebody's request on a day; no page is made of it."""
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    world = make_world(Database("sqlite:///nowhere.db"), [now], grains(), "test")
    site = Site(app=App(config=Config()), world=world)
    return Visit(site=site, method="GET", path="/", now=now)


VISIT = visit_on(TODAY)


@st.composite
def some_bars(draw: st.DrawFn) -> list[Bar]:
    """Give lines of a plan: of any length, some without days, some moved, some done."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        first = draw(DAYS)
        last = first + timedelta(days=draw(st.integers(0, 90)))
        standing = draw(st.sampled_from(["done", "act", "late", "next"]))
        meets = draw(st.booleans())
        slack = draw(st.integers(0, 20))
        found.append(
            Bar(
                title=draw(st.sampled_from(["Beslut", "Ett långt steg " * 9, "x" * 200])),
                standing=standing,
                first_on=last if meets else first,
                last_on=draw(st.sampled_from([last, None])) if number else last,
                is_meeting=meets,
                done_on=last if standing == "done" else None,
                moved_from=draw(st.none() | DAYS),
                slack_until=last + timedelta(days=slack) if slack else None,
                slack_days=slack,
            )
        )
    return found


def drawings(bars: list[Bar], today: date | None) -> Iterator[Drawing]:
    """Give both drawings."""
    yield gantt.draw_wide(VISIT, bars, today)
    yield gantt.draw_narrow(VISIT, bars, today)


def ends_of(words: Words) -> tuple[float, float]:
    """Give about where written words begin and end."""
    width = len(words.text) * LETTER
    return (words.x - width, words.x) if "tr" in words.css else (words.x, words.x + width)


@given(some_bars(), st.sampled_from([TODAY, None]))
def test_everything_lies_inside(bars: list[Bar], today: date | None) -> None:
    """Whatever the days, lines and texts lie between the edges, one line below the other."""
    for drawing in drawings(bars, today):
        assert len(bars) == len(drawing.lines)
        assert [one.y for one in drawing.lines] == sorted({one.y for one in drawing.lines})
        assert drawing.lines[-1].y <= drawing.bottom <= drawing.height
        for line in drawing.lines:
            for words in line.words:
                assert words.x <= drawing.width
                assert 0 <= words.y <= drawing.height
        for mark in (*drawing.months, *drawing.rests):
            assert drawing.left <= mark.x <= mark.x + mark.width <= drawing.width
        if today:
            assert drawing.today is not None and drawing.left <= drawing.today <= drawing.width
        else:
            assert drawing.today is None


@given(some_bars())
def test_words_stand_beside_their_bar(bars: list[Bar]) -> None:
    """Or above it where there is no room on either side; never upon it."""
    drawing = gantt.draw_wide(VISIT, bars, TODAY)

    for line in drawing.lines:
        beside = line.words[-1]
        if not line.shapes or "over" in beside.css:
            continue
        begin, end = ends_of(beside)
        left, right = extent([shape.path for shape in line.shapes if shape.css != "con"])
        assert end <= left or begin >= right - 1


def extent(paths: list[str]) -> tuple[float, float]:
    """Give how far bars reach; of a diamond its left tip."""
    xs = []
    for path in paths:
        numbers = path.replace("M", " ").split("l")[0].replace("V", " V").replace("H", " H")
        parts = numbers.split()
        xs.append(float(parts[0]))
        xs += [float(part[1:].rstrip("Z")) for part in parts if part.startswith("H")]
    return min(xs), max(xs)


def test_a_day_lies_where_its_share_of_the_time_is() -> None:
    """The first day begins at the left edge, the last is over at the right one."""
    scale = Scale(date(2009, 3, 1), date(2009, 3, 10), 100, 200)

    assert (100, 110, 200) == (
        scale.x(date(2009, 3, 1)),
        scale.x(date(2009, 3, 2)),
        scale.end(date(2009, 3, 10)),
    )


def test_what_is_late_is_hatched_from_its_last_day_to_today() -> None:
    """Under way until the last day, late from there on."""
    bar = Bar(title="A", standing="late", first_on=date(2009, 2, 1), last_on=date(2009, 2, 27))

    drawing = gantt.draw_wide(VISIT, [bar], TODAY)

    shapes = {one.css: one.path for one in drawing.lines[0].shapes}
    assert extent([shapes["f-act"]])[1] == extent([shapes["f-hatch"]])[0]
    assert drawing.today == extent([shapes["f-hatch"]])[1]


def test_a_finished_plan_has_no_today() -> None:
    """When the round is over nothing is under way, and no line is drawn."""
    bar = Bar(title="A", standing="done", first_on=date(2009, 2, 1), last_on=date(2009, 2, 27))

    drawing = gantt.draw_wide(VISIT, [bar], None)

    assert drawing.today is None
    assert ["f-done"] == [one.css for one in drawing.lines[0].shapes]


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (date(2008, 12, 1), date(2009, 1, 31), ["jul"]),
        (date(2009, 4, 1), date(2009, 5, 3), ["påsk", ""]),
        (date(2009, 2, 1), date(2009, 3, 31), []),
        (date(2009, 6, 1), date(2009, 6, 30), ["midsommar"]),
    ],
)
def test_holidays_are_drawn_weekends_are_not(first: date, last: date, names: list[str]) -> None:
    """Christmas to Epiphany is one, 1 May makes a long weekend, the national day on a Saturday
    none."""
    found = list(rests("sv", Scale(first, last, 0, 700)))

    assert names == [one.text for one in found]
    assert all(one.x + one.width <= two.x for one, two in pairwise(found))


@given(DAYS, st.integers(0, 3000), st.sampled_from([NARROW, WIDE - 258]))
def test_months_have_room_for_their_names(first: date, days: int, width: int) -> None:
    """However long the plan is, no name lies upon the next or beyond the edge."""
    scale = Scale(first, first + timedelta(days=days), 0, width)

    found = list(months("sv", scale))

    ends = [one.x + len(one.text) * LETTER for one in found]
    assert all(end <= two.x for end, two in zip(ends, found[1:], strict=False))
    assert all(end <= width + 30 for end in ends)


def test_the_plan_of_the_past_is_written_in_the_past() -> None:
    """A line says when it was done, how late it is, or when it is."""
    done = Bar(title="A", standing="done", first_on=TODAY, last_on=TODAY, done_on=TODAY)
    late = Bar(title="A", standing="late", first_on=None, last_on=date(2009, 2, 27))
    coming = Bar(
        title="A",
        standing="next",
        first_on=date(2009, 3, 9),
        last_on=date(2009, 3, 13),
        slack_days=1,
        slack_until=date(2009, 3, 16),
        moved_from=date(2009, 3, 6),
    )
    unknown = Bar(title="A", standing="next", first_on=None, last_on=None)

    said = [
        gantt.describe(VISIT, one).replace("\u00a0", " ") for one in (done, late, coming, unknown)
    ]

    assert [
        "klart tis 3 mars",
        "fre 27 feb, 2 arbetsdagar sen",
        "9–13 mars, sedan 1 arbetsdags glapp, flyttat från fre 6 mars",
        "inget datum",
    ] == said
