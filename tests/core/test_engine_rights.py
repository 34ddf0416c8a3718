"""Who may do what: roles, several holders, separation of duties."""

import pytest

from tests.support.definitions import HEAD, TREE, case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, UNITS, person
from tests.support.trees import ROWS, a_tree, codes, handed_in
from workflow.core.errors import NoRight, Refused
from workflow.core.facts import IncidentKind, Place


@pytest.mark.parametrize("name", ["tove", "nora", "lena", "utan"])
def test_only_holders_of_the_role_at_the_unit_may(name):
    """Another clinic's chief, the superior, the leader and nobody in particular may not."""
    a_round = a_tree()

    with pytest.raises(NoRight) as caught:
        a_round.act("underlag.ett", "lamna_in", name, rows=ROWS)

    assert ["no_right"] == codes(caught)
    assert "Det gör den som är klinikchef för Ett." == caught.value.sv
    assert "utkast" == a_round.state("underlag.ett")


def test_any_holder_may_and_the_first_closes_it_for_all():
    """Two chiefs owe the same task; when one has done it the other comes too late."""
    a_round = a_tree(("utan", Place("klinikchef", "ett")))
    a_round.act("underlag.ett", "lamna_in", "utan", rows=ROWS)

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert ["wrong_state"] == codes(caught)
    assert "inlamnat" == caught.value.current["state"]


def test_every_holder_of_the_next_task_is_told():
    """Both chiefs of an area get the mail when something is handed in."""
    a_round = handed_in(("utan", Place("omradeschef", "norr")))

    assert [person("nora"), person("utan")] == [one.person for one in a_round.last.messages]


def test_a_transition_with_its_own_role_is_for_that_role():
    """The chief who handed it in may take it back; the one who has the task may not."""
    a_round = handed_in()

    with pytest.raises(NoRight):
        a_round.act("underlag.ett", "ta_tillbaka", "nora")
    a_round.act("underlag.ett", "ta_tillbaka", "ellen")

    assert "utkast" == a_round.state("underlag.ett")


def test_a_role_nobody_holds_is_an_incident_at_once():
    """The task stays with the empty role, the leader is told, a new holder may act."""
    a_round = MemoryRound(revision_of(TREE), grants=[g for g in GRANTS if g[0] != "ellen"])
    decision = a_round.act("omgang", "borja", "lena")

    (incident,) = decision.incidents
    assert (IncidentKind.NO_HOLDER, "prov-2010.underlag.ett#1") == (incident.kind, incident.subject)
    assert {"role": "klinikchef", "unit": "ett", "holders": 0} == incident.detail
    assert [person("lena")] == [one.person for one in decision.messages if one.kind == "incident"]
    a_round.grant("utan", "klinikchef", "ett")
    a_round.act("underlag.ett", "lamna_in", "utan", rows=ROWS)
    assert "inlamnat" == a_round.state("underlag.ett")


def test_a_role_held_nowhere_in_the_organisation_is_an_incident():
    """Where there is no unit for the role the task belongs to nobody, and nobody may."""
    text = case_of(
        'state.a = { title = "A", by = "ordforande", transition.b = { title = "B", to = "klar" } }'
    )
    units = [unit for unit in UNITS if unit.kind != "rad"]
    a_round = MemoryRound(revision_of(text), units=units)

    assert a_round.owner("omgang") is None
    assert [IncidentKind.NO_HOLDER] == [one.kind for one in a_round.last.incidents]
    with pytest.raises(NoRight) as caught:
        a_round.act("omgang", "b", "lena")
    assert "Ingen har rätt att göra det här." == caught.value.sv


def test_of_several_roles_the_nearest_owes():
    """A role at the unit goes before one above it."""
    text = TREE.replace('by = "klinikchef"\ndue', 'by = ["ledare", "klinikchef"]\ndue')
    a_round = MemoryRound(revision_of(text))
    a_round.act("omgang", "borja", "lena")

    assert Place("klinikchef", "ett") == a_round.owner("underlag.ett")


BOTH = ("ellen", Place("omradeschef", "norr"))


def test_nobody_approves_their_own():
    """One who handed in and is also chief of the area may not approve; another chief may."""
    a_round = handed_in(BOTH)

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "godkann", "ellen")
    a_round.act("underlag.ett", "godkann", "nora")

    assert ["own_work"] == codes(caught)
    assert "godkant" == a_round.state("underlag.ett")


def test_any_of_the_named_transitions_excludes():
    """Inget att föreslå is as much one's own as handing in."""
    a_round = a_tree(BOTH)
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "godkann", "ellen")

    assert ["own_work"] == codes(caught)


def test_only_the_last_to_do_it_is_excluded():
    """Who handed in before a return, and not after it, may approve."""
    a_round = handed_in(BOTH, ("utan", Place("klinikchef", "ett")))
    a_round.act("underlag.ett", "aterlamna", "nora", "Mer.")
    a_round.act("underlag.ett", "lamna_in", "utan", answers={"1": "Ja."})

    a_round.act("underlag.ett", "godkann", "ellen")

    assert "godkant" == a_round.state("underlag.ett")


@pytest.mark.parametrize(("hands_in", "approves"), [
    (("utan", "ellen"), ("ellen", None)),
    (("ellen", None), ("utan", "ellen")),
    (("utan", "ellen"), ("utan", None)),
])  # fmt: skip
def test_acting_on_behalf_excludes_both(hands_in, approves):
    """Neither the substitute nor whom they stood in for may approve what they did."""
    a_round = a_tree(("utan", Place("klinikchef", "ett")), ("utan", Place("omradeschef", "norr")),
                     BOTH)  # fmt: skip
    hand, behind = hands_in
    a_round.act("underlag.ett", "lamna_in", a_round.actor(hand, on_behalf_of=behind), rows=ROWS)

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "godkann", a_round.actor(approves[0], on_behalf_of=approves[1]))

    assert ["own_work"] == codes(caught)


def sole_chief(*without, **more):
    """Give a round where ellen alone is chief of both her clinic and its area."""
    gone = ("nora", *without)
    grants = [g for g in GRANTS if g[0] not in gone] + [BOTH, *more.get("grants", ())]
    a_round = MemoryRound(revision_of(TREE), grants=grants)
    if "lena" in gone:
        a_round.grant("utan", "ledare", "alv")
    a_round.act("omgang", "borja", "utan" if "lena" in gone else "lena")
    for one in without:
        if one == "lena":
            a_round.vacate("ledare", "alv")
    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)
    return a_round


def test_the_sole_holder_hands_up_to_the_superior():
    """The task goes to the superior, the entry says why, and the superior approves."""
    a_round = sole_chief()

    assert Place("ledare", "alv") == a_round.owner("underlag.ett")
    assert "ledare" == a_round.last.entries[0].payload["handed_up_to"]
    with pytest.raises(NoRight):
        a_round.act("underlag.ett", "godkann", "ellen")
    a_round.act("underlag.ett", "godkann", "lena")
    assert "godkant" == a_round.state("underlag.ett")


def test_past_a_superior_that_nobody_is():
    """An empty step on the way up is passed over."""
    a_round = sole_chief("lena")

    assert Place("direktor", "alv") == a_round.owner("underlag.ett")


def test_where_nobody_is_left_it_is_an_incident():
    """With nobody left on the way up the task stays and the leader has an incident."""
    a_round = sole_chief("lena", "dag")

    assert Place("omradeschef", "norr") == a_round.owner("underlag.ett")
    (incident,) = a_round.last.incidents
    assert IncidentKind.NOBODY_LEFT == incident.kind
    assert {"role": "omradeschef", "unit": "norr"} == incident.detail


def test_one_person_who_is_everything_is_an_incident():
    """Whoever holds every role on the way up does not approve themselves."""
    grants = [
        ("ellen", place) for name, place in GRANTS if name in ("ellen", "nora", "lena", "dag")
    ]
    a_round = MemoryRound(revision_of(TREE), grants=grants)
    a_round.act("omgang", "borja", "ellen")

    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert IncidentKind.NOBODY_LEFT in [one.kind for one in a_round.last.incidents]
    assert Place("omradeschef", "norr") == a_round.owner("underlag.ett")


def test_an_empty_role_is_not_handed_up_by_separation():
    """A vacancy is a vacancy: the task waits for its holder."""
    a_round = a_tree()
    a_round.vacate("omradeschef", "norr")

    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert Place("omradeschef", "norr") == a_round.owner("underlag.ett")
    assert [IncidentKind.NO_HOLDER] == [one.kind for one in a_round.last.incidents]


def test_the_end_of_the_line_without_a_leader():
    """A process that nobody leads has nobody to hand up to or to tell."""
    head = HEAD.replace('leader = "ledare"\n', "").replace(', superior = "direktor"', "")
    grants = [g for g in GRANTS if g[0] not in ("nora", "lena")] + [BOTH]
    a_round = MemoryRound(revision_of(TREE, head=head), grants=[*grants, ("utan", LEADER)])
    a_round.act("omgang", "borja", "utan")
    a_round.vacate("ledare", "alv")

    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert [IncidentKind.NOBODY_LEFT] == [one.kind for one in a_round.last.incidents]
    assert () == a_round.last.messages


LEADER = Place("ledare", "alv")
