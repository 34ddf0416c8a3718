"""The round as a whole: opened, added to, cancelled, closed."""

import pytest

from tests.support.definitions import TREE, case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import UNITS, person
from tests.support.trees import CHIEFS, a_tree
from workflow.core.errors import Refused
from workflow.core.facts import EntryKind, UnitFact

ENDS = 'bra = "Bra"'
BUTTON = 'transition.b = { title = "B", to = "bra" }'
DECIDE = (
    '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\ntransition.k = { title = "K", to = "klar" }'
)


def kinds(decision):
    """Give what the entries of a decision tell, in order."""
    return [entry.kind for entry in decision.entries]


def test_opening_is_one_decision():
    """The round, its first case and the task stand in it; nobody acts but the operator."""
    a_round = MemoryRound(revision_of(TREE))

    assert [EntryKind.ROUND_OPENED, EntryKind.OPENED] == kinds(a_round.last)
    assert {None} == {entry.actor for entry in a_round.last.entries}
    assert "start" == a_round.state("omgang")
    assert 1 == a_round.facts.round.open_cases
    assert [person("lena")] == [one.person for one in a_round.last.messages]


def test_a_unit_is_added_while_its_like_are_waited_for():
    """A clinic that came later is waited for too."""
    a_round = a_tree(units=[unit for unit in UNITS if unit.key != "tva"])
    a_round.facts.organisation["ny"] = UnitFact(key="ny", name="Ny", kind="klinik", parent="norr")

    case = a_round.add("ny")

    assert "underlag.ny" == case
    assert (2, 0, 0) == a_round.join("lista.norr", "samlas")
    assert [(EntryKind.OPENED, person("lena"), "Glömd.")] == [
        (one.kind, one.actor, one.payload["comment"]) for one in a_round.last.entries
    ]
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt.")
    a_round.act("underlag.ett", "godkann", "nora")
    assert "samlas" == a_round.state("lista.norr")


def test_the_operator_may_add():
    """Without an actor it is the operator."""
    a_round = a_tree(units=[unit for unit in UNITS if unit.key != "tva"])
    a_round.facts.organisation["tva"] = next(unit for unit in UNITS if unit.key == "tva")

    a_round.add("tva", by=None)

    assert a_round.last.entries[0].actor is None


@pytest.mark.parametrize("ended", [False, True])
def test_a_unit_with_a_case_is_not_added_again(ended):
    """One that is there, or has ended otherwise than withdrawn, is there already."""
    a_round = a_tree()
    if ended:
        a_round.act("underlag.ett", "inget", "ellen", "Lugnt.")
        a_round.act("underlag.ett", "godkann", "nora")

    with pytest.raises(Refused) as caught:
        a_round.add("ett")

    assert ["there_already"] == [reason.code for reason in caught.value.reasons]


@pytest.mark.parametrize("unit", ["ett", "alv", "etik"])
def test_what_nobody_waits_for_is_not_added(unit):
    """Before the step, and of a kind that no case is per, nothing can be added."""
    a_round = MemoryRound(revision_of(TREE))

    with pytest.raises(Refused) as caught:
        a_round.add(unit)

    assert ["not_open"] == [reason.code for reason in caught.value.reasons]


def test_an_added_case_brings_along_what_it_opens():
    """An area that is added opens its clinics' cases in the same decision."""
    a_round = a_tree(units=[unit for unit in UNITS if unit.key not in ("soder", "tre")])
    for unit in UNITS:
        a_round.facts.organisation.setdefault(unit.key, unit)

    a_round.add("soder")

    assert "utkast" == a_round.state("underlag.tre")
    assert (2, 0, 0) == a_round.join("omgang", "arbete")
    assert (1, 0, 0) == a_round.join("lista.soder", "samlas")


def test_cancelling_the_round_withdraws_all_and_closes_it():
    """The root is withdrawn with everything below, and no task is left."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt.")
    a_round.act("underlag.ett", "godkann", "nora")

    decision = a_round.act("omgang", "withdraw", "lena", "Avblåst.")

    assert "withdrawn" == a_round.state("omgang")
    assert {"ett": "godkant", "tva": "withdrawn", "tre": "withdrawn"} == a_round.states("underlag")
    assert set() == a_round.open_tasks()
    assert 1 == kinds(decision).count(EntryKind.ROUND_CLOSED)
    assert EntryKind.ROUND_CLOSED == kinds(decision)[-1]
    assert 0 == a_round.facts.round.open_cases
    assert a_round.clock.now == a_round.facts.round.closed_at


def started(**options):
    """Give a round whose clinics' cases start one more, which nobody waits for."""
    text = case_of(f'state.a = {{ title = "A", opens = ["sak"], next = "b" }}\n{DECIDE}')
    sak = f'state.a = {{ title = "A", by = "klinikchef", starts = ["foljd"], {BUTTON} }}'
    follow = f'state.a = {{ title = "A", by = "klinikchef", {BUTTON} }}'
    return MemoryRound(
        revision_of(
            text
            + case_of(sak, key="sak", per="klinik", ends=ENDS)
            + case_of(follow, key="foljd", per="klinik", ends=ENDS)
        ),
        **options,
    )


def test_cancelling_reaches_what_an_ended_case_has_started():
    """What was started below a case that has ended is withdrawn with the round."""
    a_round = started()
    a_round.act("sak.ett", "b", "ellen")

    a_round.act("omgang", "withdraw", "lena", "Avblåst.")

    assert {"withdrawn"} == set(a_round.states("foljd").values())
    assert set() == a_round.open_tasks()
    assert a_round.facts.round.closed_at is not None


def finish(a_round):
    """Let a round with started cases come to its end."""
    for unit, chief in CHIEFS.items():
        a_round.act(f"sak.{unit}", "b", chief)
    a_round.act("omgang", "k", "lena")


def test_nobody_waits_for_what_is_started():
    """Started cases are in no count, and the round goes on without them."""
    a_round = started()
    finish(a_round)

    assert (3, 3, 3) == a_round.join("omgang", "a")
    assert "klar" == a_round.state("omgang")
    assert {"ett": "a", "tva": "a", "tre": "a"} == a_round.states("foljd")
    assert all(one.started for one in a_round.facts.cases.values() if one.kind == "foljd")


def test_the_round_is_closed_when_every_case_has_ended():
    """The root's end alone does not close it; the last case does, whoever ends it."""
    a_round = started()
    finish(a_round)
    before = a_round.facts.round.closed_at
    for unit, chief in CHIEFS.items():
        a_round.act(f"foljd.{unit}", "b", chief)

    assert before is None
    assert [EntryKind.TRANSITION, EntryKind.ROUND_CLOSED] == kinds(a_round.last)
    assert a_round.facts.round.closed_at is not None


def test_what_is_started_once_is_not_started_again():
    """A state that is entered anew starts only what never was."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\nstarts = ["foljd"]\n'
        'transition.om = { title = "Om", to = "a" }\ntransition.k = { title = "K", to = "klar" }'
    )
    follow = f'state.a = {{ title = "A", by = "klinikchef", {BUTTON} }}'
    a_round = MemoryRound(revision_of(text + case_of(follow, key="foljd", per="klinik", ends=ENDS)))
    a_round.act("foljd.ett", "b", "ellen")

    decision = a_round.act("omgang", "om", "lena")

    assert () == decision.opened
    assert "bra" == a_round.state("foljd.ett")
    assert [EntryKind.TRANSITION] == kinds(decision)
