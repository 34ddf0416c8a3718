"""Rounds of the small tree that have come some way, and what is asked of a refusal."""

from typing import Any, Final

import pytest

from tests.support.definitions import TREE, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS
from workflow.core.errors import WorkflowError
from workflow.core.facts import Place

__all__ = ["AREAS", "CHIEFS", "ROWS", "a_tree", "codes", "collected", "compiled", "handed_in"]

ROWS: Final = {"rader": [{"atgard": "Röntgen"}]}
"""What an underlag needs to be complete."""
CHIEFS: Final = {"ett": "ellen", "tva": "tove", "tre": "trygve"}
AREAS: Final = {"ett": "nora", "tva": "nora", "tre": "sune"}


def a_tree(*more: tuple[str, Place], **options: Any) -> MemoryRound:
    """Give a round that has begun; `more` are grants besides those of the organisation."""
    a_round = MemoryRound(revision_of(TREE), grants=[*GRANTS, *more], **options)
    a_round.act("omgang", "borja", "lena")
    return a_round


def handed_in(*more: tuple[str, Place]) -> MemoryRound:
    """Give a round where the underlag of `ett` has been handed in."""
    a_round = a_tree(*more)
    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)
    return a_round


def collected() -> MemoryRound:
    """Give a round whose underlag are approved."""
    a_round = a_tree()
    for unit, chief in CHIEFS.items():
        a_round.act(f"underlag.{unit}", "inget", chief, "Lugnt år.")
        a_round.act(f"underlag.{unit}", "godkann", AREAS[unit])
    return a_round


def compiled() -> MemoryRound:
    """Give a round that has come to its decision."""
    a_round = collected()
    a_round.act("lista.norr", "lamna", "nora")
    a_round.act("lista.soder", "lamna", "sune")
    return a_round


def codes(caught: pytest.ExceptionInfo[WorkflowError]) -> list[str]:
    """Give the codes of what was refused."""
    return [reason.code for reason in caught.value.reasons]
