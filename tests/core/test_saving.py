"""Rows told by what changed give the same rows again, whatever was done to them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.trees import ROWS, a_tree
from workflow.core.facts import Command, EntryKind
from workflow.core.saving import changed_rows, follow, keep

row = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3)
table = st.lists(row, max_size=6)


@given(versions=st.lists(table, max_size=6))
def test_what_changed_is_enough_to_follow(versions):
    """Entry by entry, the rows that are new or other give every version of the table."""
    told, before = {}, []

    for after in versions:
        told = follow(told, {"changed": {"t": changed_rows(before, after)}})
        before = after
        assert after == told["t"]


def test_whole_tables_take_the_place_of_what_was():
    """What came with a step replaces the table, and later drafts change that."""
    told = follow({"t": [{"a": 1}, {"a": 2}]}, {"rows": {"t": [{"a": 3}]}})
    told = follow(told, {"changed": {"t": {"count": 2, "rows": {"2": {"a": 4}}}}})

    assert {"t": [{"a": 3}, {"a": 4}]} == told


def test_an_entry_is_small():
    """One changed row of a hundred is one row in the entry."""
    before = [{"a": n} for n in range(100)]

    assert {"count": 100, "rows": {"50": {"a": -1}}} == changed_rows(
        before, [*before[:49], {"a": -1}, *before[50:]]
    )


def test_a_draft_is_kept_by_whoever_owes_it():
    """The decision has one entry, the rows, and nothing that moves."""
    a_round = a_tree()
    command = Command(
        case=a_round.id("underlag.ett"),
        transition="",
        actor=a_round.actor("ellen"),
        data={"rows": ROWS},
    )

    decision = keep(a_round.revision, a_round.facts, command)

    assert [EntryKind.SAVED] == [entry.kind for entry in decision.entries]
    assert ((), (), ()) == (decision.changed, decision.messages, decision.tasks_opened)
    assert {(command.case, "rader"): ({"atgard": "Röntgen"},)} == dict(decision.rows)
    assert a_round.facts.round.open_cases == decision.open_cases
