"""The small phrases are read as they are written, and written as they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core import phrases
from workflow.core.phrases import Due, Range, Rung, Span, When

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
UNITS = st.sampled_from(["day", "working day", "week", "month", "year"])
SPANS = st.builds(Span, count=st.integers(0, 9999), unit=UNITS)
SIDES = st.sampled_from(["before", "after"])
MONTHS = st.integers(1, 12)
DAYS = st.one_of(st.none(), st.just("last"), st.integers(1, 31))
WHENS = st.one_of(
    st.just(When()),
    st.builds(When, span=SPANS, side=SIDES, anchor=NAMES),
    st.builds(When, year_offset=st.integers(-99, 99), month=MONTHS, day=DAYS),
    st.builds(When, year=st.integers(1, 9999), month=MONTHS, day=DAYS),
)
DUES = st.one_of(
    st.builds(Due, anchor=NAMES),
    st.builds(Due, anchor=st.just("entered"), span=SPANS),
    st.builds(Due, anchor=NAMES.filter(lambda one: one != "entered"), span=SPANS, side=SIDES),
)


@given(SPANS)
def test_span_comes_back(span):
    """A span that is written out is read as itself."""
    assert span == phrases.read_span(str(span))


@given(WHENS)
def test_when_comes_back(when):
    """A date of a plan that is written out is read as itself."""
    assert when == phrases.read_when(str(when))


@given(DUES)
def test_due_comes_back(due):
    """A deadline that is written out is read as itself."""
    assert due == phrases.read_due(str(due))


@given(st.builds(Rung, offset=st.integers(-999, 999)))
def test_rung_comes_back(rung):
    """A step of a ladder that is written out is read as itself."""
    assert rung == phrases.read_rung(str(rung))


@given(st.tuples(st.integers(-999, 999), st.integers(0, 999)))
def test_range_comes_back(ends):
    """A range that is written out is read as itself."""
    wanted = Range(first=ends[0], last=ends[0] + ends[1])

    assert wanted == phrases.read_range(str(wanted))


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    """No text makes a reader fail in another way than with a sentence about it."""
    readers = (phrases.read_span, phrases.read_when, phrases.read_due, phrases.read_rung,
               phrases.read_range, phrases.read_amount)  # fmt: skip

    for read in readers:
        try:
            read(text)
        except ValueError as error:
            assert repr(text) in str(error) or f"'{text}'" in str(error)


@given(
    st.sampled_from(["all", "more than half", "two thirds"]) | st.integers(1, 50),
    st.integers(1, 50),
)
def test_amount_is_never_more_than_there_is(amount, total):
    """An amount of something is between one and all."""
    assert 1 <= phrases.needed(amount, total) <= total


@pytest.mark.parametrize(
    ("amount", "total", "wanted"),
    [
        ("all", 7, 7),
        ("more than half", 7, 4),
        ("more than half", 8, 5),
        ("two thirds", 7, 5),
        ("two thirds", 9, 6),
        (3, 7, 3),
        (9, 7, 7),
    ],
)
def test_amounts(amount, total, wanted):
    """Half is more than half, two thirds are rounded up."""
    assert wanted == phrases.needed(amount, total)


@pytest.mark.parametrize("value", [0, -1, True, 1.5, None, "half", "All"])
def test_no_amount(value):
    """What is no amount is refused, true and zero included."""
    with pytest.raises(ValueError, match="is no amount"):
        phrases.read_amount(value)


@pytest.mark.parametrize(
    "text",
    ["{year-1}-02-28", "{year}-02-last", "{year+1}-04", "2009-11-11", "later",
     "5 working days before forslag", "1 month after styrelse"],
)  # fmt: skip
def test_when_is_written_as_it_was(text):
    """The forms of the reference are written out letter by letter."""
    assert text == str(phrases.read_when(text))


@pytest.mark.parametrize("text", ["{year-1}-2-28", "{year}-00", "{year}-01-32", "snart", "",
                                  "5 days before", "{year }-01-01", "-1 days after x"])  # fmt: skip
def test_no_date(text):
    """What is nearly a date is refused."""
    with pytest.raises(ValueError, match=r"is no date|has no"):
        phrases.read_when(text)


def test_fill_replaces_what_it_knows_and_nothing_else():
    """Placeholders are replaced once, by value; other braces stand as they are."""
    text = "{unit} {year} {year+1} {year-2} {occasion} {enhet} {year+100}"

    assert "{year} 2010 2011 2008 mars {enhet} {year+100}" == phrases.fill(
        text, year=2010, unit="{year}", occasion="mars"
    )
