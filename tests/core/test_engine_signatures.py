"""A transition that several must sign."""

import pytest

from tests.support.definitions import case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS
from tests.support.trees import codes
from workflow.core.errors import Refused
from workflow.core.facts import EntryKind, Place


def signing(amount="all", **options):
    """Give a round that is adjusted by the justerare, so many of them."""
    word = f'"{amount}"' if isinstance(amount, str) else amount
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
        f'transition.justera = {{ title = "J", to = "b", signatures = {word} }}\n'
        'transition.om = { title = "Om", to = "a", asks = ["comment"] }\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "sekreterare"\n'
        'transition.c = { title = "C", to = "klar" }'
    )
    return MemoryRound(revision_of(text), **options)


def test_it_moves_when_enough_have_signed():
    """The first signature is kept and changes nothing else; the second moves the case."""
    a_round = signing()
    first = a_round.act("omgang", "justera", "jana")
    between = a_round.state("omgang")
    second = a_round.act("omgang", "justera", "jon")

    assert [EntryKind.SIGNED] == [one.kind for one in first.entries]
    assert ((), (), ()) == (first.changed, first.tasks_closed, first.messages)
    assert 1 == first.open_cases
    assert "a" == between
    assert [EntryKind.TRANSITION] == [one.kind for one in second.entries]
    assert "b" == a_round.state("omgang")


def test_what_a_signer_fills_in_is_kept():
    """Rows that come with a signature stand in the case at once, as in the log; the last
    signer need not repeat them."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
        'edits = ["rader"]\n'
        'transition.justera = { title = "J", to = "klar", signatures = 2, guards = ["complete"] }\n'
        '[table.rader]\ntitle = "Rader"\nmin_rows = 1\n'
        'column.atgard = { title = "Åtgärd", type = "text", required = true }'
    )
    a_round = MemoryRound(revision_of(text))
    first = a_round.act("omgang", "justera", "jana", rows={"rader": [{"atgard": "Röntgen"}]})
    a_round.act("omgang", "justera", "jon")

    told = first.entries[0].payload["sheets"]
    assert [["add", 1, "5", {"atgard": "Röntgen"}]] == told["rader"]
    assert [{"atgard": "Röntgen"}] == a_round.facts.rows("prov-2010.omgang", "rader")
    assert "klar" == a_round.state("omgang")


def test_nobody_signs_twice():
    """One who has signed is told so, on the page and when they try."""
    a_round = signing()
    a_round.act("omgang", "justera", "jana")

    with pytest.raises(Refused) as caught:
        a_round.act("omgang", "justera", "jana")

    assert ["signed_already"] == codes(caught)
    assert ["signed_already"] == a_round.options("omgang", "jana")["justera"]
    assert [] == a_round.options("omgang", "jon")["justera"]
    assert "a" == a_round.state("omgang")


def test_signatures_are_void_when_the_state_is_entered_anew():
    """After going round, everybody signs again."""
    a_round = signing()
    a_round.act("omgang", "justera", "jana")
    a_round.act("omgang", "om", "jon", "Fel sida.")

    a_round.act("omgang", "justera", "jana")

    assert "a" == a_round.state("omgang")


def test_all_is_never_fewer_than_the_role_has():
    """With one of two justerare in place, one signature is not all."""
    a_round = signing(grants=[g for g in GRANTS if g[0] != "jon"])

    a_round.act("omgang", "justera", "jana")

    assert "a" == a_round.state("omgang")


@pytest.mark.parametrize(("amount", "wanted"), [(1, 1), (2, 2), ("more than half", 2),
                                                ("two thirds", 2), ("all", 3)])  # fmt: skip
def test_how_many_sign(amount, wanted):
    """Of three holders so many sign as the amount means."""
    a_round = signing(amount, grants=[*GRANTS, ("utan", Place("justerare", "namnd"))])
    signers = 0
    for name in ("jana", "jon", "utan"):
        if a_round.state("omgang") == "a":
            a_round.act("omgang", "justera", name)
            signers += 1

    assert wanted == signers
    assert "b" == a_round.state("omgang")


def followed(*more):
    """Give a round where two of three sign, and somebody else than they goes on."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
        'transition.justera = { title = "J", to = "b", signatures = 2 }\n'
        '[case.omgang.state.b]\ntitle = "B"\nby = "justerare"\nbody = "namnd"\n'
        'transition.c = { title = "C", to = "klar", other_than = ["justera"] }\n'
        'transition.om = { title = "Om", to = "a", asks = ["comment"] }'
    )
    return MemoryRound(revision_of(text), grants=[*GRANTS, *more])


def test_everyone_who_signed_did_the_step():
    """Separation of duties leaves out all who signed, not only the last of them."""
    a_round = followed(("utan", Place("justerare", "namnd")))
    a_round.act("omgang", "justera", "jana")
    a_round.act("omgang", "justera", "jon")

    for name in ("jana", "jon"):
        with pytest.raises(Refused) as caught:
            a_round.act("omgang", "c", name)
        assert ["own_work"] == codes(caught)
    a_round.act("omgang", "c", "utan")

    assert "klar" == a_round.state("omgang")


def test_where_all_have_signed_the_superior_goes_on():
    """With two holders who both signed, the task is handed up at once."""
    a_round = followed()
    a_round.act("omgang", "justera", "jana")

    last = a_round.act("omgang", "justera", "jon")

    (task,) = last.tasks_opened
    assert "justerare" != task.place.role
    assert task.place.role == last.entries[-1].payload["handed_up_to"]


def test_an_earlier_rounds_signatures_do_not_count():
    """After the step is made anew, those of the last time alone are left out."""
    a_round = followed(("utan", Place("justerare", "namnd")))
    for names in (("jana", "jon"), ("jon", "utan")):
        for name in names:
            a_round.act("omgang", "justera", name)
        if names[0] == "jana":
            a_round.act("omgang", "om", "utan", "Fel sida.")

    a_round.act("omgang", "c", "jana")

    assert "klar" == a_round.state("omgang")
