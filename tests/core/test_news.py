"""Who is told of a decision, once each, and what the letter is given to say."""

from tests.support.definitions import TREE, case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, person
from tests.support.trees import a_tree, collected, handed_in
from workflow.core.facts import MessageKind, Place


def told(decision):
    """Give who is told what: name by kind, in order."""
    names = {person(name): name for name, _ in GRANTS} | {person("utan"): "utan"}
    return [(names[one.person], one.kind.value, one.case) for one in decision.messages]


def test_whoever_got_something_to_do_is_told():
    """One letter per new task and holder, bound to the task, with what happened."""
    decision = handed_in().last

    (letter,) = decision.messages
    assert (person("nora"), MessageKind.ASSIGNMENT) == (letter.person, letter.kind)
    assert "prov-2010.underlag.ett#2" == letter.task == letter.ref
    assert {
        "by": person("ellen"),
        "moved": "prov-2010.underlag.ett",
        "from": "utkast",
        "transition": "lamna_in",
    } == letter.content


def test_the_comment_goes_with_the_letter():
    """What the sender wrote stands in the letter."""
    a_round = a_tree()

    decision = a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")

    assert "Lugnt år." == decision.messages[0].content["comment"]


def test_whoever_did_it_is_not_told_of_it():
    """One who hands something to themselves and a colleague: only the colleague hears."""
    a_round = a_tree(("ellen", Place("omradeschef", "norr")))

    decision = a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")

    assert [("nora", "assignment", "prov-2010.underlag.ett")] == told(decision)


def test_those_who_want_to_know_are_told_when_it_has_ended():
    """The roles under `tells` hear of the end; with no task of theirs, of the state."""
    a_round = collected()

    decision = a_round.act("lista.norr", "lamna", "nora")

    (letter,) = decision.messages
    assert [("lena", "decision", "prov-2010.lista.norr")] == told(decision)
    assert "lamnad" == letter.content["state"]
    assert letter.task is None
    assert "prov-2010.lista.norr#3" == letter.ref


def test_whoever_got_something_to_do_is_not_told_besides():
    """The leader, who gets the next task, hears of that and not of what led to it."""
    a_round = collected()
    a_round.act("lista.norr", "lamna", "nora")

    decision = a_round.act("lista.soder", "lamna", "sune")

    assert [("lena", "assignment", "prov-2010.omgang")] == told(decision)


def telling(tells, *, body=""):
    """Give a round that tells somebody when it comes to its second state."""
    where = f'body = "{body}"\n' if body else ""
    text = case_of(
        'state.a = { title = "A", by = "ledare", transition.b = { title = "B", to = "b" } }\n'
        f'[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\n{where}tells = {tells}\n'
        'transition.k = { title = "K", to = "klar" }'
    )
    return MemoryRound(revision_of(text)).act("omgang", "b", "lena")


def names(decision):
    """Give who is told."""
    return [name for name, kind, _ in told(decision) if kind == "decision"]


def test_a_role_above_is_told_there_and_one_below_everywhere():
    """At the case's own unit, else every place below it, else every one there is."""
    assert ["dag"] == names(telling('["direktor"]'))
    assert ["nora", "sune"] == names(telling('["omradeschef"]'))
    assert ["ellen", "tove", "trygve"] == names(telling('["klinikchef"]'))
    assert ["erik", "tage"] == names(telling('["ordforande"]'))


def test_the_body_of_the_step_is_told():
    """A role held at the step's body is told there."""
    assert ["jana", "jon"] == names(telling('["justerare"]', body="namnd"))


def test_one_is_told_once_of_one_thing():
    """Two roles in one person make one letter."""
    text = case_of(
        'state.a = { title = "A", by = "ledare", transition.b = { title = "B", to = "b" } }\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\ntells = ["direktor", "omradeschef"]\n'
        'transition.k = { title = "K", to = "klar" }'
    )
    grants = [*GRANTS, ("dag", Place("omradeschef", "norr"))]
    decision = MemoryRound(revision_of(text), grants=grants).act("omgang", "b", "lena")

    assert ["dag", "nora", "sune"] == names(decision)


def test_the_leader_is_told_of_all_incidents_in_one_letter():
    """Two empty roles are two incidents and one letter."""
    gone = ("ellen", "tove")
    a_round = MemoryRound(revision_of(TREE), grants=[g for g in GRANTS if g[0] not in gone])

    decision = a_round.act("omgang", "borja", "lena")

    (letter,) = [one for one in decision.messages if one.kind == MessageKind.INCIDENT]
    assert person("lena") == letter.person
    assert ["ett", "tva"] == [one["unit"] for one in letter.content["incidents"]]
    assert 2 == len(decision.incidents)


def test_too_few_holders_are_an_incident():
    """A role that takes two and has one is told of, and the one gets the task."""
    text = case_of(
        'state.a = { title = "A", by = "justerare", body = "namnd", '
        'transition.k = { title = "K", to = "klar" } }'
    )
    a_round = MemoryRound(revision_of(text), grants=[g for g in GRANTS if g[0] != "jon"])

    (incident,) = a_round.last.incidents
    assert {"role": "justerare", "unit": "namnd", "holders": 1} == incident.detail
    assert [("jana", "assignment"), ("lena", "incident")] == [
        (name, kind) for name, kind, _ in told(a_round.last)
    ]


def test_what_moves_by_itself_tells_of_nobodys_doing():
    """The clock's move has nobody to name."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "ledare"\ndue = "1 day"\nat_due = "b"\n'
        'transition.x = { title = "X", to = "b" }\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "ledare"\n'
        'transition.k = { title = "K", to = "klar" }'
    )
    a_round = MemoryRound(revision_of(text))

    decision = a_round.expire("omgang")

    assert [{}] == [one.content for one in decision.messages]
