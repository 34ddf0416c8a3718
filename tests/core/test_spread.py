"""How far apart values lie: by the order of the scale, and by nothing else."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.assess import ASSESS, HEAD_WITH_AUDITOR
from tests.support.definitions import revision_of
from workflow.core.definition import Definition
from workflow.core.spread import is_measured, measure, spread_of

VALUES = st.lists(st.integers(-1000, 1000).map(Decimal), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def definition() -> Definition:
    """One with a scale whose last level is no number."""
    return revision_of(ASSESS, head=HEAD_WITH_AUDITOR).definition


def test_levels_lie_in_the_order_of_their_scale(definition: Definition) -> None:
    """The key says nothing: a level counts by where it stands."""
    column = definition.table["bedomning"].column["rang"]

    found = [measure(definition, column, level) for level in ("1", "4", "inte", "", None, "9")]

    assert [Decimal(1), Decimal(4), Decimal(5), None, None, None] == found


def test_only_levels_and_numbers_are_measured(definition: Definition) -> None:
    """A text has no order, nor have several levels in one cell."""
    columns = definition.table["bedomning"].column
    several = columns["rang"].model_copy(update={"several": True})

    found = [is_measured(definition, one) for one in (*columns.values(), several)]

    assert [True, True, False, False] == found


@given(VALUES)
def test_apart_is_the_mean_over_all_pairs(values: list[Decimal]) -> None:
    """As it is said; in whatever order they come, and wherever the scale begins."""
    found = spread_of(values)
    pairs = [abs(a - b) for a, b in combinations(values, 2)]

    assert found is not None
    expected = sum(pairs, Decimal()) / len(pairs) if pairs else Decimal()
    assert abs(expected - found.apart) < Decimal("1e-9")
    assert found == spread_of(list(reversed(values)))
    moved = spread_of([one + 7 for one in values])
    assert moved and found.apart == moved.apart
    assert (found.apart == 0) == (len(set(values)) == 1)
    low, high = found.median
    assert found.lowest <= low <= high <= found.highest


def test_the_median_is_one_or_two() -> None:
    """Of an even number the two in the middle."""
    even = spread_of([Decimal(one) for one in (1, 9, 4, 2)])
    odd = spread_of([Decimal(one) for one in (1, 9, 4)])

    assert even and (Decimal(2), Decimal(4)) == even.median
    assert odd and (Decimal(4), Decimal(4)) == odd.median
    assert spread_of([]) is None
