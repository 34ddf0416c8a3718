"""Who may give more days, which days, and what they do: the rules alone."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.clock import at
from tests.support.definitions import TREE, revision_of
from tests.support.organisation import person
from tests.support.trees import a_tree, codes, compiled
from workflow.core import extension, plan
from workflow.core.errors import BadInput, NoRight, Refused
from workflow.core.facts import Place
from workflow.core.moving import Planned, Standing, plan_move

ZONE = "Europe/Stockholm"


def above(a_round, case):
    """Give the places above a case's task, as role and unit."""
    task = a_round.task(case)
    found = extension.places_above(a_round.revision.definition, a_round.facts, task)
    return [(place.role, place.unit) for place in found]


def answerers(a_round, case, asker):
    """Give who is asked when somebody asks for more days."""
    definition = a_round.revision.definition
    return extension.answerers(definition, a_round.facts, a_round.task(case), person(asker))


def granter(a_round, case, name, asked_by=None):
    """Give somebody as they grant."""
    definition, task = a_round.revision.definition, a_round.task(case)
    by = person(asked_by) if asked_by else None
    return extension.as_granter(definition, a_round.facts, task, a_round.actor(name), by)


def test_the_line_above():
    """The superior first, those above, the leader; the leader's own goes to theirs."""
    a_round = a_tree()

    assert [("omradeschef", "norr"), ("ledare", "alv"), ("direktor", "alv")] == above(
        a_round, "underlag.ett"
    )
    assert [("direktor", "alv")] == above(compiled(), "omgang")


def test_the_first_who_can_answer_is_asked():
    """The superior; where nobody is, or only the asker, whoever comes next; at last nobody."""
    a_round = a_tree()
    first = answerers(a_round, "underlag.ett", "ellen")
    a_round.vacate("omradeschef", "norr")
    vacant = answerers(a_round, "underlag.ett", "ellen")
    a_round.grant("ellen", "omradeschef", "norr")
    own = answerers(a_round, "underlag.ett", "ellen")
    a_round.vacate("ledare", "alv")
    a_round.vacate("direktor", "alv")

    assert ((person("nora"),), (person("lena"),), (person("lena"),)) == (first, vacant, own)
    assert () == answerers(a_round, "underlag.ett", "ellen")


@pytest.mark.parametrize("name", ["nora", "lena", "dag"])
def test_those_above_may_grant(name):
    """The chief, the leader and the leader's chief."""
    assert person(name) == granter(a_tree(), "underlag.ett", name).person


@pytest.mark.parametrize("name", ["sune", "tove", "ellen", "utan", "erik"])
def test_nobody_else_may(name):
    """Not a chief beside, nor whoever has the task, nor a stranger."""
    with pytest.raises(NoRight):
        granter(a_tree(), "underlag.ett", name)


def test_not_ones_own_by_any_way():
    """Neither as one's own chief, nor as leader, nor for somebody one stands in for, nor
    what one has asked for oneself."""
    own = a_tree(("ellen", Place("omradeschef", "norr")), ("ellen", Place("ledare", "alv")))
    with pytest.raises(Refused) as found:
        granter(own, "underlag.ett", "ellen")
    assert ["own_extension"] == codes(found)

    asked = a_tree()
    with pytest.raises(Refused) as found:
        granter(asked, "underlag.ett", "nora", asked_by="nora")
    assert ["own_extension"] == codes(found)

    task = asked.task("underlag.ett")
    behind = replace(asked.actor("lena"), on_behalf_of=person("ellen"))
    with pytest.raises(Refused):
        extension.as_granter(asked.revision.definition, asked.facts, task, behind, None)


def test_whoever_has_the_task_asks():
    """Only they do."""
    a_round = a_tree()
    definition, task = a_round.revision.definition, a_round.task("underlag.ett")

    assert person("ellen") == extension.as_holder(definition, task, a_round.actor("ellen")).person
    for name in ("nora", "tove", "utan"):
        with pytest.raises(NoRight):
            extension.as_holder(definition, task, a_round.actor(name))


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ("2009-02-01", "2009-02-27"),
        ("2009-02-01", "2009-02-26"),
        ("2009-03-05", "2009-03-04"),
        ("2009-02-01", "2010-02-28"),
        ("2009-06-01", "2010-06-02"),
    ],
)
def test_days_that_do_not_go(now, on):
    """No day that is not later, has passed, or is more than a year off."""
    a_round = a_tree()
    task, definition = a_round.task("underlag.ett"), a_round.revision.definition

    with pytest.raises(BadInput):
        extension.check_day(definition, task, date.fromisoformat(on), at(now))


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ("2009-02-01", "2009-02-28"),
        ("2009-03-05", "2009-03-05"),
        ("2009-02-01", "2010-02-27"),
        ("2009-06-01", "2010-06-01"),
    ],
)
def test_days_that_go(now, on):
    """The next day, today when it is late, and up to a year."""
    a_round = a_tree()
    task, definition = a_round.task("underlag.ett"), a_round.revision.definition

    extension.check_day(definition, task, date.fromisoformat(on), at(now))


def test_what_has_no_date_is_not_extended():
    """There is nothing to count from."""
    a_round = a_tree()
    task = replace(a_round.task("underlag.ett"), due_at=None)

    with pytest.raises(Refused) as found:
        extension.check_day(a_round.revision.definition, task, date(2009, 3, 6), at("2009-02-01"))

    assert ["no_date"] == codes(found)


def test_what_it_does():
    """The end of the local day, the ladder from now, the rule kept for what comes."""
    a_round = a_tree()
    task = a_round.task("underlag.ett")
    state = a_round.revision.definition.case["underlag"].state["utkast"]
    now = at("2009-03-02", "10:00")

    longer = extension.extend(a_round.revision, state, task, date(2009, 3, 27), now)

    assert plan.day_end(date(2009, 3, 27), ZONE) == longer.due_at
    assert (date(2009, 3, 27), now, "inne") == (
        longer.extended_on,
        longer.ladder_from,
        longer.due_rule,
    )
    assert at("2009-03-13", "00:00") == longer.next_reminder_at


def test_days_without_asking():
    """A state may give so many days at once, and once."""
    head = TREE.replace('due = "inne"\n', 'due = "inne"\nextension = "2 working days"\n', 1)
    definition = revision_of(head).definition
    task = a_tree().task("underlag.ett")
    state = definition.case["underlag"].state["utkast"]
    today = date(2009, 2, 20)

    assert date(2009, 3, 3) == extension.free_until(definition, state, task, today)
    used = replace(task, extended_on=date(2009, 3, 3))
    assert extension.free_until(definition, state, used, today) is None
    plain = revision_of(TREE).definition.case["underlag"].state["utkast"]
    assert extension.free_until(definition, plain, task, today) is None


# ---- back in a state whose milestone has passed ------------------------------------------


def back(came, first_day):
    """Let a case come back to its decision by itself on a day, after it first came there on
    another; gives the last day it then has, and from what rule."""
    a_round = compiled_on(first_day)
    a_round.act("omgang", "tillbaka", "lena", "Mer?", pick=["norr"])
    a_round.clock.put(came)
    a_round.act("lista.norr", "lamna", "nora", answers={"1": "Ja."})
    return a_round.due_on("omgang").isoformat(), a_round.task("omgang").due_rule


def compiled_on(day):
    """Give a round that has come to its decision on a day."""
    a_round = a_tree()
    for unit, chief, boss in (("ett", "ellen", "nora"), ("tva", "tove", "nora"),
                              ("tre", "trygve", "sune")):  # fmt: skip
        a_round.act(f"underlag.{unit}", "inget", chief, "Lugnt.")
        a_round.act(f"underlag.{unit}", "godkann", boss)
    a_round.act("lista.norr", "lamna", "nora")
    a_round.clock.put(day)
    a_round.act("lista.soder", "lamna", "sune")
    return a_round


@pytest.mark.parametrize(
    ("first", "came", "wanted"),
    [
        ("2009-04-20", "2009-04-24", ("2009-04-30", "klart")),
        ("2009-04-21", "2009-05-04", ("2009-05-13", "7 working days")),
        ("2009-04-28", "2009-05-04", ("2009-05-11", "5 working days")),
        ("2009-02-02", "2009-05-04", ("2009-05-18", "10 working days")),
    ],
)
def test_back_by_itself_after_the_milestone(first, came, wanted):
    """In time the milestone holds; after it, as many working days as the first time, at
    least five and at most ten."""
    assert wanted == back(came, first)


def test_late_the_first_time_is_late():
    """A case that first comes to a state after its milestone is late, and everybody sees it."""
    a_round = compiled_on("2009-05-04")

    assert (date(2009, 4, 30), "klart") == (
        a_round.due_on("omgang"),
        a_round.task("omgang").due_rule,
    )


# ---- a milestone that is moved -----------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "wanted"),
    [
        ("2009-02-20", "2009-03-06"),
        ("2009-03-05", "2009-03-06"),
        ("2009-03-06", "2009-03-06"),
        ("2009-03-09", "2009-03-09"),
    ],
)
def test_a_milestone_never_shortens_an_extension(to, wanted):
    """The later of both holds, and what keeps its day is left wholly alone."""
    a_round = a_tree()
    facts, case = a_round.facts, a_round.facts.cases[a_round.id("underlag.ett")]
    state = a_round.revision.definition.case["underlag"].state["utkast"]
    now = at("2009-02-10")
    task = extension.extend(
        a_round.revision, state, a_round.task("underlag.ett"), date(2009, 3, 6), now
    )
    planned = [
        Planned(fact=one, moved_from=None, by_hand=False) for one in facts.milestones.values()
    ]
    standing = Standing(round=facts.round, milestones=planned, tasks=[(case, task)])

    (moved,) = plan_move(
        a_round.revision, standing, "inne", date.fromisoformat(to), at("2009-02-11")
    ).tasks

    assert date.fromisoformat(wanted) == plan.due_on(moved.after.due_at, ZONE)
    assert moved.changed == (wanted != "2009-03-06")
    assert moved.changed or moved.after == task
