"""Copies of one's own: hidden when, and what an entry tells to whom."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.assess import ASSESS, HEAD_WITH_AUDITOR
from tests.support.clock import START
from tests.support.definitions import revision_of
from workflow.core.conflicts import sentence, strength
from workflow.core.copies import is_hidden, seen_in
from workflow.core.definition import Definition
from workflow.core.facts import CaseFact

CASE = CaseFact(
    id="prov-2010.vardering.etik",
    kind="vardering",
    unit="etik",
    parent="prov-2010.omgang",
    opened_in="vardering",
    started=False,
    state="bedomning",
    version=1,
    opened_at=START,
    entered_at=START,
)
TOLD: dict[str, Any] = {
    "comment": "Klart.",
    "sheets": {
        "bedomning@7": [["add", 1, "5", {"rang": "1"}, "x", 1]],
        "bedomning@8": [["add", 1, "5", {"rang": "4"}, "x", 1]],
        "radets": [["move", 1, "3"]],
    },
}


@pytest.fixture(scope="module")
def definition() -> Definition:
    """One in which each member of a council assesses alone."""
    return revision_of(ASSESS, head=HEAD_WITH_AUDITOR).definition


@pytest.mark.parametrize(
    ("state", "hidden"),
    [
        ("bedomning", True),
        ("sammanvagning", False),
        ("aterlamnad", False),
        ("missing", True),
        ("withdrawn", True),
    ],
)
def test_hidden_until_the_step_is_behind(definition: Definition, state: str, hidden: bool) -> None:
    """And for good when it was called off."""
    case = replace(CASE, state=state)

    assert hidden is is_hidden(definition, case, definition.table["bedomning"])


def test_a_table_of_one_copy_is_never_hidden(definition: Definition) -> None:
    """What all fill in together is seen by all who read it."""
    assert not is_hidden(definition, CASE, definition.table["radets"])


@pytest.mark.parametrize(
    ("state", "owners", "names"),
    [
        ("bedomning", (), ["radets"]),
        ("bedomning", (7,), ["bedomning@7", "radets"]),
        ("bedomning", (7, 8), ["bedomning@7", "bedomning@8", "radets"]),
        ("sammanvagning", (), ["bedomning@7", "bedomning@8", "radets"]),
    ],
)
def test_an_entry_tells_of_hidden_copies_to_their_owners_alone(
    definition: Definition, state: str, owners: tuple[int, ...], names: list[str]
) -> None:
    """The rest of what it tells is as it was; the entry itself is not touched."""
    seen = seen_in(definition, replace(CASE, state=state), TOLD, owners)

    assert names == list(seen["sheets"])
    assert "Klart." == seen["comment"]
    assert 3 == len(TOLD["sheets"])


def test_the_sentences_for_the_minutes() -> None:
    """Word for word, in both languages."""
    assert "Eva Ek anmälde jäv och deltog inte i handläggningen av ”Knä”." == sentence(
        "Eva Ek", "Knä"
    )
    assert "Beslutför med 7 av 8." == strength(7, 8)
    assert "Able to decide with 7 of 8." == strength(7, 8, "en")
