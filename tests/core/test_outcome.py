"""What a button leads to, told before it is pressed, and which buttons bind."""

import pytest

from tests.support.definitions import TREE, case_of, definition_of, revision_of, shipped
from tests.support.memory import MemoryRound
from tests.support.trees import a_tree, collected, compiled, handed_in
from workflow.core.machine import machine_of
from workflow.core.outcome import is_binding, outcome


def leads(a_round, case, key, by):
    """Give what a button leads to."""
    found = a_round.facts.cases[a_round.id(case)]
    move = machine_of(a_round.revision, found.kind).options(found.state)[key]
    args = (a_round.revision, a_round.facts, found, move, a_round.actor(by), a_round.clock.now)
    return outcome(*args)


@pytest.mark.parametrize(
    ("case", "key", "by", "comment", "data"),
    [
        ("underlag.ett", "inget", "ellen", "Lugnt.", {}),
        ("underlag.ett", "withdraw", "nora", "Läggs ned.", {}),
        ("omgang", "avbryt", "lena", "", {}),
    ],
)
def test_what_is_told_is_what_comes(case, key, by, comment, data):
    """The same draft tells and does: state, task and deadline agree with the decision."""
    a_round = a_tree()

    told = leads(a_round, case, key, by)
    a_round.act(case, key, by, comment, **data)

    assert told.state == a_round.state(case)
    assert told.task == a_round.task(case)
    assert told.ended == (a_round.facts.cases[a_round.id(case)].ended_at is not None)


def test_asking_changes_nothing():
    """What would come is told from values alone."""
    a_round = handed_in()
    before = dict(a_round.facts.cases)

    leads(a_round, "underlag.ett", "godkann", "nora")

    assert before == a_round.facts.cases


def test_the_last_one_takes_the_case_above_with_it():
    """When all others are done, approving the last goes on above, and says to whom."""
    a_round = a_tree()
    for unit, chief in (("ett", "ellen"), ("tva", "tove")):
        a_round.act(f"underlag.{unit}", "inget", chief, "Lugnt.")
    a_round.act("underlag.ett", "godkann", "nora")

    told = leads(a_round, "underlag.tva", "godkann", "nora")

    assert ("lista", "stalls_samman") == (told.goes_on.kind, told.goes_on.state)
    assert ("omradeschef", "norr") == (
        told.goes_on_task.place.role,
        told.goes_on_task.place.unit,
    )


def test_what_it_opens_and_leaves_undone():
    """Beginning opens a list for each area; breaking off leaves them and theirs undone."""
    new = MemoryRound(revision_of(TREE))

    begun = leads(new, "omgang", "borja", "lena")
    broken = leads(a_tree(), "omgang", "avbryt", "lena")

    assert {"lista": 2, "underlag": 3} == dict(begun.opened)
    assert 5 == broken.unfinished


def test_the_end_of_the_round_is_told():
    """The last decision closes it."""
    assert True is leads(compiled(), "omgang", "klart", "lena").closes_round
    assert False is leads(collected(), "lista.norr", "lamna", "nora").closes_round


def binding(definition, kind, state, key):
    """Say whether a button binds."""
    case = definition.case[kind]
    return is_binding(definition, case, case.state[state], key, case.state[state].transition[key])


@pytest.mark.parametrize(
    ("kind", "state", "key", "binds"),
    [
        ("omgang", "plan", "faststall", True),
        ("omgang", "budgetbeslut", "bifall", True),
        ("omgang", "budgetbeslut", "bordlagg", True),
        ("omgang", "budgetbeslut", "avslag", True),
        ("protokoll", "justeras", "justera", True),
        ("protokoll", "provas", "avgjort", True),
        ("omgang", "styrgrupp", "konstituera", False),
        ("omgang", "forslag", "faststall", False),
        ("underlag", "utkast", "lamna_in", False),
        ("underlag", "inlamnat", "godkann", False),
        ("avstamning", "sammanstallning", "redovisa", False),
        ("vardering", "sammanvagning", "aterlamna", False),
        ("protokoll", "justeras", "ratta", False),
    ],
)
def test_which_buttons_of_the_shipped_process_bind(kind, state, key, binds):
    """Decisions with minutes, signatures, and ends that nothing takes back."""
    assert binds is binding(shipped().definition, kind, state, key)


def test_an_end_binds_when_nothing_takes_the_case_back():
    """The same end does not bind where another button reopens the case."""
    end = (
        'state.a = { title = "A", by = "klinikchef", transition.b = { title = "B", to = "klar" } }'
    )
    top = (
        'state.s = { title = "S", opens = ["rad"], next = "t" }\n'
        'state.t = { title = "T", by = "ledare", transition.u = { title = "U", to = "klar" }'
    )
    back = (
        ', transition.v = { title = "V", to = "s", reopens = { rad = "a" }, asks = ["questions"] }'
    )
    child = case_of(end, key="rad", per="klinik")

    alone = definition_of(case_of(top + " }") + child)
    reopened = definition_of(case_of(top + back + " }") + child)

    assert True is binding(alone, "rad", "a", "b")
    assert False is binding(reopened, "rad", "a", "b")
