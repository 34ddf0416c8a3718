"""Arrows between names: reach, groups and circles, without recursion."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workflow.core.validation.graphs import circle_through, components, levels, reached, turned

NAMES = [f"n{number}" for number in range(8)]
ARROWS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4))


@given(ARROWS)
def test_group_members_reach_each_other(arrows):
    """Two names are in one group when each reaches the other, and only then."""
    groups = components(NAMES, arrows)
    group_of = {name: number for number, group in enumerate(groups) for name in group}

    assert sorted(NAMES) == sorted(group_of)
    for one in NAMES:
        for two in NAMES:
            mutual = two in reached([one], arrows) and one in reached([two], arrows)
            assert mutual == (group_of[one] == group_of[two])


@given(ARROWS)
def test_circle_goes_along_the_arrows(arrows):
    """A circle begins and ends with the same name and follows arrows all the way."""
    for group in components(NAMES, arrows):
        circle = circle_through(group, arrows)

        if circle is None:
            assert group[0] not in arrows.get(group[0], ())
            assert 1 == len(group)
        else:
            assert circle[0] == circle[-1] == group[0]
            assert all(b in arrows[a] for a, b in pairwise(circle))


@given(ARROWS, st.sampled_from(NAMES))
def test_what_is_reached_is_reached_back(arrows, start):
    """Arrows turned round lead back; levels know the same names as reach."""
    there = reached([start], arrows)

    assert set(there) == set(levels(start, arrows))
    assert all(start in reached([name], turned(arrows)) for name in there)


def test_long_chain_needs_no_recursion():
    """A chain of a hundred thousand names is walked without a stack."""
    arrows = {f"{n}": [f"{n + 1}"] for n in range(100_000)}

    assert 100_001 == len(reached(["0"], arrows))
    assert 100_001 == len(components([str(n) for n in range(100_001)], arrows))
