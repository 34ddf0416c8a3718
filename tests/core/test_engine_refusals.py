"""Missing, withdrawn, too late, not there: what is turned down and what is not."""

import pytest

from tests.support.definitions import HEAD, TREE, revision_of
from tests.support.memory import MemoryRound
from tests.support.trees import a_tree, codes, handed_in
from workflow.core.errors import BadInput, NotFound, Refused, Stale
from workflow.core.facts import EntryKind


def test_missing_only_after_its_date():
    """In the last microsecond of its day it is not missing; at midnight it may be."""
    a_round = a_tree()
    a_round.clock.put("2009-02-27", "23:59:59.999999")
    before = a_round.options("underlag.ett", "lena")["missing"]
    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "missing", "lena", "Kom inte.")
    a_round.clock.put("2009-02-28", "00:00")
    a_round.act("underlag.ett", "missing", "lena", "Kom inte.")

    assert ["after_due"] == before == codes(caught)
    assert "missing" == a_round.state("underlag.ett")
    assert (2, 1, 0) == a_round.join("lista.norr", "samlas")
    assert EntryKind.MISSING == a_round.last.entries[0].kind


def test_what_has_no_date_may_be_carried_as_missing_at_any_time():
    """A case that only waits has no date of its own to wait out."""
    a_round = a_tree()

    assert [] == a_round.options("lista.norr", "lena")["missing"]


@pytest.mark.parametrize("transition", ["missing", "withdraw"])
def test_they_need_a_reason(transition):
    """A case is not called off without a word."""
    a_round = a_tree()
    a_round.clock.put("2009-03-02")

    with pytest.raises(BadInput, match="Skriv varför"):
        a_round.act("underlag.ett", transition, "lena" if transition == "missing" else "nora")

    assert "utkast" == a_round.state("underlag.ett")


@pytest.mark.parametrize(("name", "allowed"), [("nora", True), ("lena", False), ("sune", False),
                                               ("ellen", False)])  # fmt: skip
def test_the_named_role_withdraws(name, allowed):
    """Where another role withdraws, the leader does not."""
    a_round = a_tree()

    assert allowed == (a_round.options("underlag.ett", name)["withdraw"] == [])


@pytest.mark.parametrize("word", ["missing", "withdraw"])
def test_nobody_means_nobody(word):
    """With `nobody` the transition is not there for anyone, and is unknown when tried."""
    text = TREE.replace('withdraw_by = "omradeschef"', f'{word}_by = "nobody"')
    a_round = MemoryRound(revision_of(text))
    a_round.act("omgang", "borja", "lena")

    assert word not in a_round.options("underlag.ett", "lena")
    with pytest.raises(NotFound):
        a_round.act("underlag.ett", word, "lena", "Slut.")
    a_round.act("lista.norr", "withdraw", "lena", "Läggs ned.")
    assert "withdrawn" == a_round.state("underlag.ett")


def test_without_a_leader_nobody_calls_off():
    """Missing and withdraw belong to the leader; without one they are not there."""
    head = HEAD.replace('leader = "ledare"\n', "")
    a_round = MemoryRound(revision_of(TREE, head=head))

    assert ["borja"] == list(a_round.options("omgang", "lena"))


def test_a_stale_version_is_told_what_holds():
    """Who saw an older version is told the state and version of now."""
    a_round = handed_in()

    with pytest.raises(Stale) as caught:
        a_round.act("underlag.ett", "ta_tillbaka", "ellen", version=1)

    assert {"case": "prov-2010.underlag.ett", "state": "inlamnat", "version": 2} == (
        caught.value.current
    )
    a_round.act("underlag.ett", "ta_tillbaka", "ellen", version=2)
    assert 3 == a_round.facts.cases["prov-2010.underlag.ett"].version


@pytest.mark.parametrize(("case", "transition", "message"), [
    ("underlag.noll", "lamna_in", "Det finns inget ärende prov-2010.underlag.noll."),
    ("underlag.ett", "flyga", "har ingen övergång ”flyga”. Här finns: lamna_in, inget, "),
    ("underlag.ett", "next", "har ingen övergång ”next”"),
])  # fmt: skip
def test_what_is_not_there_is_not_found(case, transition, message):
    """An unknown case or transition is named, with those there are."""
    a_round = a_tree()

    with pytest.raises(NotFound) as caught:
        a_round.act(case, transition, "ellen")

    assert message in caught.value.sv


@pytest.mark.parametrize(("transition", "error"), [("godkann", Refused), ("flyga", NotFound)])
def test_an_ended_case_stands_where_it_ended(transition, error):
    """In an end nothing is possible, and the answer says where it ended."""
    a_round = handed_in()
    a_round.act("underlag.ett", "godkann", "nora")

    with pytest.raises(error) as caught:
        a_round.act("underlag.ett", transition, "nora")

    assert {} == a_round.options("underlag.ett", "nora")
    wanted = "står i ”Godkänt”" if error is Refused else "inget, ärendet är avslutat"
    assert wanted in caught.value.sv
