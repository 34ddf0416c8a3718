"""Which counts of secret answers are shown by themselves, and what the loader refuses."""

import copy
import tomllib
from itertools import product

import pytest

from tests.support.assess import HEAD_WITH_AUDITOR
from tests.support.poll import POLL
from workflow.core.polls import FEW, LEAST, tally
from workflow.core.sheets import Book
from workflow.core.unbuilt import not_yet
from workflow.core.validation.validate import check_data


def _shown(**counts):
    return [("+".join(one.levels), one.count) for one in tally(counts)]


def test_large_groups_stand_by_themselves():
    """And so does a level that nobody has chosen."""
    assert [("ja", 90), ("kanske", 3), ("nej", 0)] == _shown(ja=90, kanske=3, nej=0)


def test_all_of_one_mind_are_shown_so():
    """Whatever stood there would say it."""
    assert [("ja", 5), ("nej", 0)] == _shown(ja=5, nej=0)


def test_a_single_dissenter_is_shown_with_the_others():
    """Left out alone, one could be counted."""
    assert [("ja+nej", 5)] == _shown(ja=4, nej=1)


def test_small_groups_are_enough_together():
    """The smallest of the others is taken along only where they are fewer than three."""
    assert [("a", 9), ("b+c", 4)] == _shown(a=9, b=2, c=2)
    assert [("a", 9), ("b+c", 5), ("d", 0)] == _shown(a=9, b=4, c=1, d=0)


def test_of_several_choices_a_small_count_is_not_told():
    """The whole is not known there, so nothing can be counted from it."""
    found = tally({"a": 6, "b": 2, "c": 0}, several=True)

    assert [(6, False), (0, True), (0, False)] == [(one.count, one.few) for one in found]


@pytest.mark.parametrize("counts", list(product(range(6), repeat=4)))
def test_no_small_group_is_shown_or_can_be_counted(counts):
    """Whatever was answered: each level stands once, the sums agree, nothing that is shown
    is one or two, and nothing is left out that the whole would give back."""
    if sum(counts) < LEAST:
        return
    whole = dict(zip("abcd", counts, strict=True))
    found = tally(whole)

    assert sum(counts) == sum(one.count for one in found)
    assert sorted("abcd") == sorted(key for one in found for key in one.levels)
    assert not [one for one in found if 0 < one.count < FEW]
    assert not any(one.few for one in found)


# ---- the log -----------------------------------------------------------------------------


def test_the_book_follows_counts():
    """Copies have so many rows; counted, there is one heap and no copy."""
    book = Book()
    book.take({"sheets": {"svar@3": [["count", 1]], "svar@4": [["count", 1]]}})
    before = dict(book.counts)
    book.take({"counted": {"table": "svar", "rows": 2, "answered": 2, "asked": 7}})

    assert {"svar@3": 1, "svar@4": 1} == before
    assert {"svar": 2} == book.counts
    assert {} == book.sheets


# ---- the loader ----------------------------------------------------------------------------


def _data(**changes):
    data = copy.deepcopy(tomllib.loads(HEAD_WITH_AUDITOR + POLL))
    for path, value in changes.items():
        *way, last = path.split("__")
        here = data
        for step in way:
            here = here.setdefault(step, {})
        if value is None:
            del here[last]
        else:
            here[last] = value
    return data


def _problems(severity="error", **changes):
    found = check_data(_data(**changes), year=2010)[1]
    return {one.place: one.message for one in found if one.severity == severity}


@pytest.mark.parametrize(
    ("place", "words", "changes"),
    [
        ("table.svar.secret", "needs each", {"table__svar__each": None}),
        ("table.svar.publish", "never published", {"table__svar__publish": ["stod"]}),
        (
            "table.lista.from",
            "only its sums",
            {"table__lista": {"title": "Lista", "from": "svar"}},
        ),
        (
            "table.slutsats.column.vem.of",
            "only its sums",
            {"table__slutsats__column__vem": {"title": "Vem", "type": "row", "of": "svar"}},
        ),
        (
            "table.svar.column.fil.type",
            "who attached it",
            {"table__svar__column__fil": {"title": "Fil", "type": "file"}},
        ),
    ],
)
def test_what_would_show_more_than_sums_is_refused(place, words, changes):
    """Each at its place."""
    assert words in _problems(**changes).get(place, "")


def test_a_text_may_give_its_writer_away():
    """It is said, and allowed."""
    assert ["table.svar.column.ord"] == [
        place for place in _problems("warning") if place.startswith("table.svar")
    ]
    assert {} == _problems()


def test_only_a_form_runs():
    """Several rows a person are written and checked; a round of them is not opened."""
    whole = check_data(_data(), year=2010)[0]
    rows = check_data(_data(table__svar__form=None), year=2010)[0]

    assert [] == not_yet(whole)
    assert ["table.svar.secret"] == [one.place for one in not_yet(rows)]
