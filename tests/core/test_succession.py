"""Who has a case after whom, up to the end of the round."""

from tests.support.definitions import shipped
from tests.support.trees import a_tree, collected, compiled, handed_in
from workflow.core.course import course_of
from workflow.core.succession import successors


def after(a_round, case):
    """Give the states that come after, with who owes them."""
    found = successors(a_round.revision, a_round.facts, a_round.facts.cases[a_round.id(case)])
    return [(one.state.key, one.place and (one.place.role, one.place.unit)) for one in found]


def test_a_case_goes_through_those_above_it():
    """From the draft by way of the superior's list to the round's decision."""
    a_round = a_tree()

    assert [
        ("inlamnat", ("omradeschef", "norr")),
        ("stalls_samman", ("omradeschef", "norr")),
        ("beslut", ("ledare", "alv")),
    ] == after(a_round, "underlag.ett")


def test_what_is_passed_is_not_named():
    """Handed in, the draft lies behind; approved, only those above are ahead."""
    a_round = handed_in()

    assert ["stalls_samman", "beslut"] == [state for state, _ in after(a_round, "underlag.ett")]


def test_a_case_that_has_ended_has_nothing_ahead():
    """Nobody has it after."""
    a_round = collected()

    assert [] == after(a_round, "underlag.ett")


def test_a_case_that_nobody_waits_for_any_more_ends_with_itself():
    """The case above has gone on: what comes there does not come by this one."""
    a_round = a_tree()
    a_round.act("omgang", "avbryt", "lena")

    assert [] == after(a_round, "underlag.ett")


def test_the_last_step_has_no_successor():
    """The decision ends the round."""
    assert [] == after(compiled(), "omgang")


def test_every_state_of_the_shipped_process_leads_to_an_end():
    """The way ends from wherever one stands; it never goes round."""
    course = course_of(shipped())

    assert all(way.end for way in course.ways.values())
