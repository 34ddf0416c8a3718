"""Cases that wait for others: opened, joined, left, withdrawn."""

import pytest

from tests.support.definitions import case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import UNITS
from tests.support.trees import CHIEFS, a_tree
from workflow.core.facts import EntryKind, IncidentKind, Place

BUTTON = 'state.a = { title = "A", by = "klinikchef", transition.b = { title = "B", to = "bra" } }'
SAK = case_of(BUTTON, key="sak", per="klinik", ends='bra = "Bra"')


def waiting(wait_for='"all"', more="", **options):
    """Give a round whose first state waits for one sak per clinic."""
    state = (
        f'[case.omgang.state.a]\ntitle = "A"\nopens = ["sak"]\nwait_for = {wait_for}\n'
        f'next = "b"\n{more}\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\n'
        'transition.c = { title = "C", to = "klar" }'
    )
    return MemoryRound(revision_of(case_of(state) + SAK), **options)


def deliver(a_round, *units):
    """Let the saker of some clinics reach their end."""
    for unit in units:
        a_round.act(f"sak.{unit}", "b", CHIEFS[unit])


def test_a_state_opens_one_case_per_unit_below():
    """Each area waits for its own clinics, and only those that owe have a task."""
    a_round = a_tree()

    assert {"norr": "samlas", "soder": "samlas"} == a_round.states("lista")
    assert {"ett": "utkast", "tva": "utkast", "tre": "utkast"} == a_round.states("underlag")
    assert (2, 0, 0) == a_round.join("omgang", "arbete")
    assert (2, 0, 0) == a_round.join("lista.norr", "samlas")
    assert (1, 0, 0) == a_round.join("lista.soder", "samlas")
    assert {"underlag.ett", "underlag.tva", "underlag.tre"} == a_round.open_tasks()
    assert 6 == a_round.facts.round.open_cases


def test_the_last_child_lets_the_parent_go_on_in_the_same_decision():
    """A list goes on with its last underlag and not before, and says so in the log."""
    a_round = a_tree()
    for unit in ("ett", "tva"):
        a_round.act(f"underlag.{unit}", "inget", CHIEFS[unit], "Lugnt år.")
    a_round.act("underlag.ett", "godkann", "nora")
    before = a_round.state("lista.norr")

    decision = a_round.act("underlag.tva", "godkann", "nora")

    assert "samlas" == before
    assert "stalls_samman" == a_round.state("lista.norr")
    assert (2, 2, 2) == a_round.join("lista.norr", "samlas")
    assert [EntryKind.TRANSITION, EntryKind.NEXT] == [entry.kind for entry in decision.entries]
    assert Place("omradeschef", "norr") == a_round.owner("lista.norr")
    assert "samlas" == a_round.state("lista.soder")


def test_all_means_every_one_has_ended_in_whatever_way():
    """Withdrawn and missing count as ended, not as delivered, and the round goes on."""
    a_round = waiting()
    deliver(a_round, "ett")
    a_round.act("sak.tva", "withdraw", "lena", "Lagd.")
    a_round.act("sak.tre", "missing", "lena", "Kom inte.")

    assert (3, 3, 1) == a_round.join("omgang", "a")
    assert "b" == a_round.state("omgang")


def test_a_join_never_fires_over_zero_children():
    """A state that opens nothing stands still and becomes an incident."""
    a_round = waiting(units=[unit for unit in UNITS if unit.kind != "klinik"])

    assert "a" == a_round.state("omgang")
    assert (0, 0, 0) == a_round.join("omgang", "a")
    assert [IncidentKind.NOTHING_TO_WAIT_FOR] == [one.kind for one in a_round.last.incidents]


def test_a_unit_without_anything_below_is_an_incident_of_its_own():
    """An area without clinics waits for nothing; the others are not held up."""
    a_round = a_tree(units=[unit for unit in UNITS if unit.parent != "soder"])

    assert [("prov-2010.lista.soder", IncidentKind.NOTHING_TO_WAIT_FOR)] == [
        (one.case, one.kind) for one in a_round.last.incidents
    ]
    assert "samlas" == a_round.state("lista.soder")


@pytest.mark.parametrize(
    ("wait_for", "needed"), [("1", 1), ("2", 2), ('"more than half"', 2), ('"two thirds"', 2)]
)
def test_a_share_goes_on_when_enough_are_real_and_withdraws_the_rest(wait_for, needed):
    """One before the amount nothing happens; at the amount the rest are withdrawn."""
    a_round = waiting(wait_for)
    deliver(a_round, *("ett", "tva", "tre")[: needed - 1])
    before = a_round.state("omgang")

    deliver(a_round, ("ett", "tva", "tre")[needed - 1])

    assert "a" == before
    assert "b" == a_round.state("omgang")
    assert needed == list(a_round.states("sak").values()).count("bra")
    assert 3 - needed == list(a_round.states("sak").values()).count("withdrawn")
    assert (3, 3, needed) == a_round.join("omgang", "a")
    assert {"omgang"} == a_round.open_tasks()


def test_only_real_ends_count_towards_a_number():
    """Missing and withdrawn do not help a number; when none is left it is an incident."""
    a_round = waiting("2")
    deliver(a_round, "ett")
    a_round.act("sak.tva", "missing", "lena", "Kom inte.")
    before = a_round.state("omgang")
    a_round.act("sak.tre", "withdraw", "lena", "Lagd.")

    assert "a" == before == a_round.state("omgang")
    assert (3, 3, 1) == a_round.join("omgang", "a")
    assert [IncidentKind.NOTHING_TO_WAIT_FOR] == [one.kind for one in a_round.last.incidents]


def test_leaving_by_transition_makes_the_unfinished_missing():
    """What a state opened and did not get is missing, and what is below that withdrawn."""
    a_round = a_tree()
    a_round.act("underlag.tre", "inget", "trygve", "Lugnt år.")
    a_round.act("underlag.tre", "godkann", "sune")
    a_round.act("lista.soder", "lamna", "sune")

    a_round.act("omgang", "avbryt", "lena")

    assert "beslut" == a_round.state("omgang")
    assert {"norr": "missing", "soder": "lamnad"} == a_round.states("lista")
    assert {"ett": "withdrawn", "tva": "withdrawn", "tre": "godkant"} == a_round.states("underlag")
    assert (2, 2, 1) == a_round.join("omgang", "arbete")
    assert {"omgang"} == a_round.open_tasks()
    assert 1 == a_round.facts.round.open_cases


def test_a_parent_that_is_withdrawn_takes_everything_below_along():
    """A list that is withdrawn withdraws its underlag, and counts once for the round."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")

    decision = a_round.act("lista.norr", "withdraw", "lena", "Norr läggs ned.")

    assert {"norr": "withdrawn", "soder": "samlas"} == a_round.states("lista")
    assert {"ett": "withdrawn", "tva": "withdrawn", "tre": "utkast"} == a_round.states("underlag")
    assert (2, 1, 0) == a_round.join("omgang", "arbete")
    assert "arbete" == a_round.state("omgang")
    assert {"prov-2010.underlag.ett#2", "prov-2010.underlag.tva#1"} == set(decision.tasks_closed)
    assert [EntryKind.WITHDRAWN] * 3 == [entry.kind for entry in decision.entries]


def test_what_has_ended_stays_as_it_ended_when_its_parent_is_withdrawn():
    """Withdrawal does not rewrite what was delivered."""
    a_round = a_tree()
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a_round.act("underlag.ett", "godkann", "nora")

    a_round.act("lista.norr", "withdraw", "lena", "Norr läggs ned.")

    assert "godkant" == a_round.state("underlag.ett")
    assert (2, 2, 1) == a_round.join("lista.norr", "samlas")


def test_a_state_that_is_entered_again_keeps_its_children():
    """A state that leads to itself is not left: what it waits for goes on."""
    button = 'transition.om = { title = "Om", by = "ledare", to = "a", asks = ["comment"] }'
    a_round = waiting(more=button)
    deliver(a_round, "ett")

    a_round.act("omgang", "om", "lena", "Bordlagt.")
    before = a_round.states("sak")
    deliver(a_round, "tva", "tre")

    assert {"ett": "bra", "tva": "a", "tre": "a"} == before
    assert (3, 3, 3) == a_round.join("omgang", "a")
    assert "b" == a_round.state("omgang")


def test_a_case_opened_without_units_belongs_to_the_body_of_the_step():
    """A case that is not per anything is the body's, and else the parent's unit's."""
    text = """
[case.omgang.state.a]
title = "A"
body = "namnd"
opens = ["protokoll", "pm"]
next = "klar"
"""
    one = case_of(
        'state.s = { title = "S", by = "sekreterare", transition.b = { title = "B", to = "bra" } }',
        key="protokoll",
        ends='bra = "Bra"',
    )
    other = one.replace("protokoll", "pm")
    a_round = MemoryRound(revision_of(case_of(text) + one + other))

    assert {"namnd": "s"} == a_round.states("protokoll")
    assert Place("sekreterare", "namnd") == a_round.owner("protokoll")
    assert "prov-2010.protokoll" in a_round.facts.cases
    assert {"namnd": "s"} == a_round.states("pm")


def test_units_elsewhere_are_all_opened():
    """Bodies that do not lie below the parent's unit get a case each, all of them."""
    text = case_of('state.a = { title = "A", opens = ["rond"], next = "klar" }')
    one = BUTTON.replace("klinikchef", "ordforande")
    a_round = MemoryRound(
        revision_of(text + case_of(one, key="rond", per="rad", ends='bra = "Bra"'))
    )
    a_round.act("rond.etik", "b", "erik")
    a_round.act("rond.tand", "b", "tage")

    assert "klar" == a_round.state("omgang")
