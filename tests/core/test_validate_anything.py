"""Whatever stands in a definition, the check answers with problems, never with an accident."""

import copy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes.loader import COMMON, SHIPPED
from processes.source import read_source
from workflow.core.definition import Definition
from workflow.core.errors import Problem
from workflow.core.unbuilt import not_yet
from workflow.core.validation.validate import check_data

DRAFTS = Path(__file__).parents[1] / "definitions" / "outlined"
NAMES = ("verkstallighetsplan", "strukturplan", "kronoberg_prioritering")
WORDS = st.sampled_from(
    "all nobody missing later occasion entered month fullmaktige styrgrupp driftenhet verksamhet "
    "omgang underlag avstamning plan utkast forslag protokoll beslutad ordforande sekreterare "
    "complete objekt bilagor rang typ text tkr row".split()
)
PHRASES = st.sampled_from(
    ["{year}-02-29", "{year-1}-13", "5 working days before forslag", "9999 years after planer",
     "9999 years before opened", "3 days after styrelse", "9999-12-31", "0001-01-01", "1 to 9",
     "two thirds", "{year", "0 days", "ram.belopp", "unit.budget_tkr"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | PHRASES | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.sampled_from(["title", "by", "to"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@cache
def _draft(name):
    root = DRAFTS if (DRAFTS / name).is_dir() else SHIPPED
    folder = root / name
    return read_source(folder / "process.toml", folder, [root / COMMON]).data


@cache
def _paths(name):
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[str, ...], object]] = [((), _draft(name))]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), one) for key, one in value.items()]
        if path:
            found.append(path)
    return sorted(found)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_is_judged(name, data):
    """Values put anywhere give problems with a place, or a definition that can be asked."""
    changed = copy.deepcopy(_draft(name))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(_paths(name)))
        here = changed
        for step in way:
            here = here.get(step) if isinstance(here, dict) else None
        if isinstance(here, dict):
            if data.draw(st.booleans()):
                here[last] = data.draw(VALUES)
            else:
                here.pop(last, None)

    definition, problems = check_data(changed, year=data.draw(st.integers(1900, 2200)))

    assert all(isinstance(one, Problem) and one.message for one in problems)
    assert all(len(one.message) < 1000 for one in problems)
    if definition is None:
        assert [] != problems
    elif not any(one.severity == "error" for one in problems):
        assert isinstance(definition, Definition)
        assert definition.root.key in definition.case
        assert definition.top in definition.unit
        assert isinstance(not_yet(definition), list)
