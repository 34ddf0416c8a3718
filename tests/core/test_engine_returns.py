"""Reopened below, one level and two; taken up again."""

from datetime import date

import pytest

from tests.support.definitions import TREE, revision_of
from tests.support.memory import MemoryRound
from tests.support.trees import a_tree, codes, collected, compiled
from workflow.core.errors import BadInput
from workflow.core.facts import EntryKind, IncidentKind


def test_one_level_down():
    """The picked child goes back out of the count, the others stay ended."""
    a_round = collected()

    decision = a_round.act("lista.norr", "komplettera", "nora", "Hur många?", pick=["ett"])

    assert "samlas" == a_round.state("lista.norr")
    assert {"ett": "utkast", "tva": "godkant", "tre": "godkant"} == a_round.states("underlag")
    assert (2, 1, 1) == a_round.join("lista.norr", "samlas")
    assert [EntryKind.TRANSITION, EntryKind.REOPENED] == [one.kind for one in decision.entries]
    assert date(2009, 1, 15) == a_round.due_on("underlag.ett")
    assert ["Hur många?"] == [
        one.text for one in a_round.facts.questions(a_round.id("underlag.ett"))
    ]
    assert () == tuple(a_round.facts.questions(a_round.id("lista.norr")))


def test_when_it_comes_back_the_parent_goes_on_again():
    """The reopened child's end is counted anew, once."""
    a_round = collected()
    a_round.act("lista.norr", "komplettera", "nora", "Hur många?", pick=["ett"])
    a_round.act("underlag.ett", "inget", "ellen", "Tio.")

    a_round.act("underlag.ett", "godkann", "nora")

    assert "stalls_samman" == a_round.state("lista.norr")
    assert (2, 2, 2) == a_round.join("lista.norr", "samlas")


def test_two_levels_down():
    """The picked case goes back with the case between; questions go to the deepest, and
    its entry says so."""
    a_round = compiled()

    decision = a_round.act("omgang", "ned", "lena", "Hur många?", pick=["tre"])

    assert "arbete" == a_round.state("omgang")
    assert {"norr": "lamnad", "soder": "samlas"} == a_round.states("lista")
    assert {"ett": "godkant", "tva": "godkant", "tre": "utkast"} == a_round.states("underlag")
    assert (2, 1, 1) == a_round.join("omgang", "arbete")
    assert (1, 0, 0) == a_round.join("lista.soder", "samlas")
    assert () == tuple(a_round.facts.questions(a_round.id("lista.soder")))
    assert 1 == len(a_round.facts.questions(a_round.id("underlag.tre")))
    assert {"lista.soder": None, "underlag.tre": ["Hur många?"]} == {
        str(one.case).removeprefix("prov-2010."): one.payload.get("questions")
        for one in decision.entries
        if one.kind is EntryKind.REOPENED
    }
    assert date(2009, 1, 19) == a_round.due_on("underlag.tre")
    assert 3 == a_round.facts.round.open_cases


def test_two_levels_down_and_all_the_way_up_again():
    """What went down two levels comes up by itself when it is done."""
    a_round = compiled()
    a_round.act("omgang", "ned", "lena", "Hur många?", pick=["ett"])
    a_round.act("underlag.ett", "inget", "ellen", "Tio.")
    a_round.act("underlag.ett", "godkann", "nora")

    a_round.act("lista.norr", "lamna", "nora")

    assert "beslut" == a_round.state("omgang")
    assert (2, 2, 2) == a_round.join("omgang", "arbete")


def test_a_return_of_a_middle_level_alone_must_not_stand_still():
    """Picking only the case between would leave it waiting for nothing: refused."""
    a_round = compiled()

    with pytest.raises(BadInput) as caught:
        a_round.act("omgang", "ned", "lena", "Hur många?", pick=["soder"])

    assert ["pick"] == codes(caught)


def test_a_middle_level_that_owes_may_be_picked_alone():
    """A list goes back to its own desk without its underlag, and may ask for more."""
    a_round = compiled()
    a_round.act("omgang", "tillbaka", "lena", "Hur många?", pick=["soder"])

    assert {"norr": "lamnad", "soder": "stalls_samman"} == a_round.states("lista")
    assert date(2009, 1, 19) == a_round.due_on("lista.soder")
    a_round.act("lista.soder", "komplettera", "sune", "Hur många?", pick=["tre"])
    assert "utkast" == a_round.state("underlag.tre")


def test_missing_and_withdrawn_can_be_taken_back():
    """What was carried as missing may be asked for again; its count is as it was."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.act("underlag.ett", "godkann", "nora")
    a_round.act("underlag.tva", "withdraw", "nora", "Stängd.")

    a_round.act("lista.norr", "komplettera", "nora", "Ändå?", pick=["prov-2010.underlag.tva"])

    assert "utkast" == a_round.state("underlag.tva")
    assert (2, 1, 1) == a_round.join("lista.norr", "samlas")


def reaching_down():
    """Give a begun round whose leader may take underlag back while lists are collected."""
    button = """
[case.omgang.state.arbete.transition.om]
title = "Om"
by = "ledare"
to = "arbete"
reopens = { lista = "samlas", underlag = "utkast" }
asks = ["questions"]
due = "5 days"

[case.omgang.state.beslut]
"""
    a_round = MemoryRound(revision_of(TREE.replace("\n[case.omgang.state.beslut]\n", button)))
    a_round.act("omgang", "borja", "lena")
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.act("underlag.ett", "godkann", "nora")
    return a_round


def test_a_case_goes_back_below_one_that_waits_for_it_still():
    """The case between has not ended and stays where it is; its count goes down by one."""
    a_round = reaching_down()
    version = a_round.facts.cases["prov-2010.lista.norr"].version

    a_round.act("omgang", "om", "lena", "Hur många?", pick=["ett"])

    assert {"ett": "utkast", "tva": "utkast", "tre": "utkast"} == a_round.states("underlag")
    assert {"norr": "samlas", "soder": "samlas"} == a_round.states("lista")
    assert (2, 0, 0) == a_round.join("lista.norr", "samlas")
    assert version == a_round.facts.cases["prov-2010.lista.norr"].version


def test_a_case_does_not_go_back_below_one_that_has_gone_on():
    """A list that is being compiled does not wait for underlag any more: refused."""
    a_round = reaching_down()
    a_round.act("underlag.tva", "inget", "tove", "Lugnt år.")
    a_round.act("underlag.tva", "godkann", "nora")

    with pytest.raises(BadInput) as caught:
        a_round.act("omgang", "om", "lena", "Hur många?", pick=["ett"])

    assert ["pick"] == codes(caught)
    assert "godkant" == a_round.state("underlag.ett")


@pytest.mark.parametrize("pick", [[], ["tre"], ["finns_inte"], ["omgang"]])
def test_only_ended_cases_below_can_be_picked(pick):
    """Nothing, another's unit, no unit and the case itself are refused."""
    a_round = collected()

    with pytest.raises(BadInput) as caught:
        a_round.act("lista.norr", "komplettera", "nora", "Hur många?", pick=pick)

    assert ["pick"] == codes(caught)
    assert "stalls_samman" == a_round.state("lista.norr")


def test_pick_where_nothing_goes_back_is_refused():
    """A transition that takes nothing back takes no pick."""
    a_round = compiled()

    with pytest.raises(BadInput) as caught:
        a_round.act("omgang", "klart", "lena", pick=["ett"])

    assert ["pick"] == codes(caught)


def test_a_withdrawn_case_is_taken_up_again_by_adding_it():
    """Adding what was withdrawn reopens it where cases begin; the count follows."""
    a_round = a_tree()
    a_round.act("underlag.ett", "withdraw", "nora", "Stängd.")
    before = a_round.join("lista.norr", "samlas")

    case = a_round.add("ett")

    assert "underlag.ett" == case
    assert "utkast" == a_round.state("underlag.ett")
    assert ((2, 1, 0), (2, 0, 0)) == (before, a_round.join("lista.norr", "samlas"))


def test_a_waiting_case_taken_up_again_with_nothing_to_wait_for_is_an_incident():
    """A list that is added again with all its underlag withdrawn says that it stands still."""
    a_round = a_tree()
    a_round.act("lista.soder", "withdraw", "lena", "Läggs ned.")

    a_round.add("soder")

    assert "samlas" == a_round.state("lista.soder")
    assert [IncidentKind.NOTHING_TO_WAIT_FOR] == [one.kind for one in a_round.last.incidents]
    a_round.add("tre")
    assert "utkast" == a_round.state("underlag.tre")
