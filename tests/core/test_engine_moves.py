"""What the clock moves, and whom somebody chooses."""

import pytest

from tests.support.clock import at
from tests.support.definitions import TREE, case_of, revision_of, shipped
from tests.support.memory import MemoryRound
from tests.support.trees import a_tree
from workflow.core.errors import BadInput
from workflow.core.facts import EntryKind, IncidentKind, MessageKind, Place

ENDS = 'bra = "Bra"'
BUTTON = 'transition.b = { title = "B", to = "bra" }'
DECIDE = (
    '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\ntransition.k = { title = "K", to = "klar" }'
)


def kinds(decision):
    """Give what the entries of a decision tell, in order."""
    return [entry.kind for entry in decision.entries]


def test_a_passed_deadline_moves_a_case_that_says_so():
    """The clock's move has no actor and no transition of its own; the next task opens."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\ndue = "3 working days"\nat_due = "b"\n'
        'transition.fore = { title = "F", by = "ledare", to = "b" }\n' + DECIDE
    )
    a_round = MemoryRound(revision_of(text))
    waiting = a_round.task("omgang")

    decision = a_round.expire("omgang")

    assert (None, at("2009-01-16", "00:00")) == (waiting.place, waiting.next_reminder_at)
    assert "b" == a_round.state("omgang")
    assert (waiting.id,) == decision.tasks_closed
    assert [(EntryKind.AT_DUE, None, None)] == [
        (one.kind, one.transition, one.actor) for one in decision.entries
    ]


def test_a_passed_deadline_leaves_what_did_not_come_as_missing():
    """What a state waited for until its day is missing, and children's children withdrawn."""
    text = TREE.replace('next = "beslut"\n', 'next = "beslut"\ndue = "inne"\nat_due = "beslut"\n')
    a_round = MemoryRound(revision_of(text))
    a_round.act("omgang", "borja", "lena")

    a_round.expire("omgang")

    assert "beslut" == a_round.state("omgang")
    assert {"norr": "missing", "soder": "missing"} == a_round.states("lista")
    assert {"withdrawn"} == set(a_round.states("underlag").values())


def test_a_reminded_task_wakes_at_its_first_rung_or_its_deadline():
    """The clock looks at a task at the next rung; at the deadline when that moves the case."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\ndue = "20 working days"\n'
        'at_due = "b"\ntransition.x = { title = "X", to = "b" }\n' + DECIDE
    )
    a_round = MemoryRound(revision_of(text))
    first = a_round.task("omgang").next_reminder_at
    late = MemoryRound(revision_of(text.replace("20 working", "0 working")))

    assert at("2009-01-26", "00:00") == first
    assert at("2009-01-13", "00:00") == late.task("omgang").next_reminder_at


def choosing():
    """Give a round where somebody chooses which councils and areas are asked."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\n'
        'transition.fraga = { title = "F", to = "f" }\n'
        '[case.omgang.state.f]\ntitle = "F"\nopens = ["rond"]\nnext = "b"\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\n'
        'transition.k = { title = "K", to = "klar" }\n'
        'transition.om = { title = "O", to = "f", reopens = { rond = "a" }, asks = ["questions"] }'
    )
    rond = case_of(
        f'state.a = {{ title = "A", by = ["ordforande", "omradeschef"], {BUTTON} }}',
        key="rond",
        ends=ENDS,
        more='per = ["omrade", "rad"]\nchoose = ["rad"]',
    )
    return MemoryRound(revision_of(text + rond))


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({}, {"norr", "soder", "etik", "tand"}),
        ({"choose": ["etik"]}, {"norr", "soder", "etik"}),
        ({"choose": []}, {"norr", "soder"}),
    ],
)
def test_only_the_chosen_get_a_case(data, wanted):
    """Of the kinds to choose from only the chosen; the others always."""
    a_round = choosing()
    a_round.act("omgang", "fraga", "lena", **data)

    assert wanted == set(a_round.states("rond"))
    assert (len(wanted), 0, 0) == a_round.join("omgang", "f")


@pytest.mark.parametrize("unit", ["norr", "finns_inte"])
def test_only_what_may_be_chosen_can_be(unit):
    """A unit of another kind, and one that is not there, are refused with those there are."""
    a_round = choosing()

    with pytest.raises(BadInput, match="Det går: etik, tand") as caught:
        a_round.act("omgang", "fraga", "lena", choose=[unit])

    assert ["choose"] == [reason.code for reason in caught.value.reasons]


def test_choosing_where_nobody_is_chosen_is_refused():
    """A transition to where no kind is chosen, or to an end, takes no choice."""
    a_round = a_tree()

    with pytest.raises(BadInput, match="Det går: inga"):
        a_round.act("omgang", "avbryt", "lena", choose=["etik"])


def test_a_return_to_the_chosen_asks_nobody_new():
    """Who was not chosen the first time is not asked when it goes back to those who were."""
    a_round = choosing()
    a_round.act("omgang", "fraga", "lena", choose=["etik"])
    for unit, name in (("etik", "erik"), ("norr", "nora"), ("soder", "sune")):
        a_round.act(f"rond.{unit}", "b", name)

    a_round.act("omgang", "om", "lena", "Mer?", pick=["etik"])

    assert {"etik": "a", "norr": "bra", "soder": "bra"} == a_round.states("rond")
    assert (3, 2, 2) == a_round.join("omgang", "f")


def test_choosing_nobody_at_all_is_an_incident():
    """Where everybody is chosen and nobody was, the round stands still and says so."""
    text = case_of(
        'state.a = { title = "A", by = "ledare", transition.f = { title = "F", to = "f" } }\n'
        'state.f = { title = "F", opens = ["rond"], next = "klar" }'
    )
    rond = case_of(
        f'state.a = {{ title = "A", by = "ordforande", {BUTTON} }}',
        key="rond",
        per="rad",
        ends=ENDS,
        more='choose = ["rad"]',
    )
    a_round = MemoryRound(revision_of(text + rond))

    a_round.act("omgang", "f", "lena", choose=[])

    assert "f" == a_round.state("omgang")
    assert [IncidentKind.NOTHING_TO_WAIT_FOR] == [one.kind for one in a_round.last.incidents]
    assert [MessageKind.INCIDENT] == [one.kind for one in a_round.last.messages]
    assert "etik" in a_round.add("etik")
    assert Place("ordforande", "etik") == a_round.owner("rond.etik")


def test_the_shipped_process_is_one_round():
    """The leaflet's round is led by the case that no other opens."""
    assert "omgang" == shipped().definition.root.key
