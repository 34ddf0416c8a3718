"""Drafts: kept by whoever owes the case or helps with it, and told of in one entry."""

from tests.support.trees import ROWS, a_tree
from workflow.core.facts import Command, EntryKind, SheetKey
from workflow.core.saving import keep


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
    assert {SheetKey(command.case, "rader"): [{"atgard": "Röntgen"}]} == {
        key: [row.cells for row in change.added] for key, change in decision.sheets.items()
    }
    assert a_round.facts.round.open_cases == decision.open_cases
