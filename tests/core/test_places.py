"""Places of rows: there is always one between, and moving one row changes no other."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core.places import after, before, between, spread


def test_rows_of_an_empty_table_lie_in_order() -> None:
    """As many different places as rows, rising, and short."""
    found = spread(5_000)

    assert sorted(set(found)) == found
    assert all(len(place) <= 10 for place in found)


def test_there_is_room_at_both_ends() -> None:
    """Behind the last and before the first, however often, without growing."""
    first, last = spread(2)
    for _ in range(1_000):
        new_last, new_first = after(last)[0], before(first)
        assert new_first < first < last < new_last
        first, last = new_first, new_last

    assert len(first) <= 10
    assert len(last) <= 10


@given(st.integers(0, 2**32), st.integers(2, 60), st.integers(1, 200))
def test_a_row_can_always_be_put_where_one_wants(seed: int, rows: int, moves: int) -> None:
    """The order is that of a plain list in which the same moves are made."""
    chance = Random(seed)
    places = dict(enumerate(spread(rows)))
    order = list(range(rows))
    for _ in range(moves):
        row = chance.choice(order)
        order.remove(row)
        at = chance.choice((0, 1, len(order), chance.randint(0, len(order))))
        order.insert(min(at, len(order)), row)
        at = order.index(row)
        if at == 0:
            places[row] = before(places[order[1]])
        elif at == len(order) - 1:
            places[row] = after(places[order[-2]])[0]
        else:
            places[row] = between(places[order[at - 1]], places[order[at + 1]])

    assert order == sorted(order, key=places.__getitem__)
    assert rows == len(set(places.values()))


def test_the_same_gap_can_be_filled_for_long() -> None:
    """A thousand rows that are put in the same gap make no place longer than 400 digits."""
    low, high = spread(2)
    for _ in range(1_000):
        high = between(low, high)

    assert low < high
    assert len(high) < 400


def test_nothing_lies_between_what_is_no_gap() -> None:
    """The same place twice, or the wrong way round, is a mistake of the caller."""
    with pytest.raises(ValueError, match="is not before"):
        between("5000020000", "5000010000")
