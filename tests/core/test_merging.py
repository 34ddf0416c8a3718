"""Two wrote in the same table: what only one changed holds, what both did is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core.merging import Note, Typed, merge

A, B, C = {"x": "a"}, {"x": "b"}, {"x": "c"}


def mine(*rows):
    """Give rows as typed: texts, each with its number before; None for a new one."""
    return [Typed(of=of, texts=texts) for of, texts in rows]


def texts(merged):
    """Give the rows of what was put together."""
    return [row.texts for row in merged.rows]


def test_nothing_changed_is_nothing_told():
    """The same as before, typed and saved, stays."""
    found = merge([A, B], [A, B], mine((1, A), (2, B)))

    assert [A, B] == texts(found)
    assert () == found.notes


def test_what_only_i_changed_stands():
    """My cells hold where nobody else was."""
    found = merge([A, B], [A, B], mine((1, {"x": "ny"}), (2, B), (None, C)))

    assert [{"x": "ny"}, B, C] == texts(found)
    assert [1, 2, None] == [row.of for row in found.rows]
    assert () == found.notes


def test_what_only_they_changed_is_taken_and_told():
    """Their cells hold where I was not, with a note."""
    found = merge([A, B], [A, {"x": "b", "y": "1"}], mine((1, A), (2, B)))

    assert [A, {"x": "b", "y": "1"}] == texts(found)
    assert (Note(row=2, column="y", what="taken", theirs="1"),) == found.notes


def test_what_both_changed_is_mine_with_theirs_told():
    """The one who types decides, knowing what the other wrote."""
    found = merge([A], [B], mine((1, C)))

    assert [C] == texts(found)
    assert (Note(row=1, column="x", what="clash", theirs="b"),) == found.notes


def test_the_same_change_is_no_clash():
    """Both wrote the same words."""
    found = merge([A], [B], mine((1, B)))

    assert ([B], ()) == (texts(found), found.notes)


def test_a_cell_that_they_emptied():
    """Emptied by them and changed by me is told; emptied by them alone is empty."""
    base = [{"x": "a", "y": "1"}]

    alone = merge(base, [A], mine((1, base[0])))
    both = merge(base, [A], mine((1, {"x": "a", "y": "2"})))

    assert [A] == texts(alone)
    assert [{"x": "a", "y": "2"}] == texts(both)
    assert [("taken", ""), ("clash", "")] == [
        (note.what, note.theirs) for found in (alone, both) for note in found.notes
    ]


def test_rows_that_they_took_away_and_added():
    """The others keep their places; mine that are new come last."""
    found = merge([A, B], [B, C], mine((1, A), (2, {"x": "b", "y": "1"}), (None, {"x": "ny"})))

    assert [{"x": "b", "y": "1"}, C, {"x": "ny"}] == texts(found)
    assert [1, 2, None] == [row.of for row in found.rows]
    assert [("gone", "a"), ("added", "")] == [(note.what, note.theirs) for note in found.notes]


@pytest.mark.parametrize(
    ("now", "typed", "kept"),
    [
        ([], [(1, {"x": "ändrad"})], {"x": "ändrad"}),
        ([{"x": "ändrad"}], [], {"x": "ändrad"}),
    ],
    ids=["they took away what I changed", "I took away what they changed"],
)
def test_taken_away_by_one_and_changed_by_the_other_is_kept(now, typed, kept):
    """What somebody has worked on is not taken away unseen."""
    found = merge([A], now, mine(*typed))

    assert [kept] == texts(found)
    assert ["kept"] == [note.what for note in found.notes]


def test_both_took_it_away():
    """Then it is gone, without a word."""
    found = merge([A, B], [B], mine((2, B)))

    assert [B] == texts(found)


def test_the_same_new_row_is_one():
    """What both added alike is there once."""
    found = merge([], [A], mine((None, A), (None, B)))

    assert [A, B] == texts(found)


row = st.dictionaries(st.sampled_from("xyz"), st.sampled_from("abc"), min_size=1, max_size=3)
table = st.lists(row, max_size=5)


@given(base=table, now=table, new=table, data=st.data())
def test_no_word_that_was_typed_is_lost(base, now, new, data):
    """Whatever both did: every cell that I changed or wrote is there, and what is saved is
    there, in its place or beside it."""
    typed = [
        Typed(of=number, texts=data.draw(row))
        for number in range(1, len(base) + 1)
        if data.draw(st.booleans())
    ]
    added = [Typed(of=None, texts=texts) for texts in new]

    found = merge(base, now, [*typed, *added])

    seen = [set(one.texts.items()) for one in found.rows]
    for one in typed:
        changed = {pair for pair in one.texts.items() if base[one.of - 1].get(pair[0]) != pair[1]}
        assert not changed or any(changed <= there for there in seen)
    assert all(any(set(one.texts.items()) == there for there in seen) for one in added)
    told = {(note.column, note.theirs) for note in found.notes}
    before = {pair for texts in base for pair in texts.items()}
    for pair in {pair for texts in now for pair in texts.items()} - before:
        assert any(pair in there for there in seen) or pair in told
