"""Who adds to a case: files by whoever has it, comments by whoever reads it from within."""

import pytest

from tests.support.definitions import HEAD, TREE, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, person
from tests.support.trees import ROWS, codes
from workflow.core.contributing import as_commenter, as_contributor, why_not_own
from workflow.core.errors import NoRight, Refused
from workflow.core.facts import Actor, CaseFact, Place

# Top-level keys and roles come before the first case, helpers are laid into a state.
HERE = (
    f'registrar = "registrator"\nauditor = "revisor"\n{HEAD}'
    + """
registrator = { title = "Registrator", at = "region", sees = "all" }
revisor = { title = "Revisor", at = "region", sees = "all" }
granskare = { title = "Granskare", at = "region", sees = "all", external = true }
stod = { title = "Stöd", at = "omrade", sees = "own" }
konsult = { title = "Konsult", at = "klinik", sees = "own", external = true }
"""
)
HELPED = TREE.replace(
    'title = "Utkast"\nby = "klinikchef"\n',
    'title = "Utkast"\nby = "klinikchef"\nhelpers = ["stod", "konsult"]\n',
)


def a_round(*more: tuple[str, Place]) -> MemoryRound:
    """Give a round that has begun, with helpers; `more` are grants besides the usual."""
    made = MemoryRound(revision_of(HELPED, head=HERE), grants=[*GRANTS, *more])
    made.act("omgang", "borja", "lena")
    return made


def case(a: MemoryRound, name: str = "underlag.ett") -> CaseFact:
    """Give a case."""
    return a.facts.cases[a.id(name)]


def contributes(a: MemoryRound, who: str, name: str = "underlag.ett") -> Actor:
    """Give somebody as they add a file."""
    return as_contributor(a.revision.definition, a.facts, case(a, name), a.actor(who))


def comments(a: MemoryRound, who: str, name: str = "underlag.ett") -> Actor:
    """Give somebody as they comment."""
    return as_commenter(a.revision.definition, a.facts, case(a, name), a.actor(who))


def test_whoever_owes_or_helps_contributes() -> None:
    """Each helps where their role is held: at the case's unit, or above it."""
    a = a_round(("utan", Place("stod", "norr")), ("erik", Place("konsult", "ett")))

    assert [person("ellen"), person("utan"), person("erik")] == [
        contributes(a, who).person for who in ("ellen", "utan", "erik")
    ]


@pytest.mark.parametrize("who", ["tove", "nora", "lena", "dag", "sara", "utan"])
def test_nobody_else_contributes(who: str) -> None:
    """Neither a chief beside, nor those above, nor the one who leads."""
    with pytest.raises(NoRight) as found:
        contributes(a_round(("utan", Place("stod", "soder"))), who)

    assert ["no_right"] == codes(found)
    assert "klinikchef, stöd, konsult" in found.value.sv


def test_it_follows_the_case() -> None:
    """Handed in, it is the next one's; who helped with the draft does not help with that."""
    a = a_round(("utan", Place("stod", "norr")))
    a.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert person("nora") == contributes(a, "nora").person
    for who in ("ellen", "utan"):
        with pytest.raises(NoRight):
            contributes(a, who)


def test_it_follows_a_task_that_was_handed_up() -> None:
    """Where separation of duties took the task to the superior, it is the superior's."""
    a = a_round(("nora", Place("klinikchef", "ett")))
    a.act("underlag.ett", "lamna_in", "nora", rows=ROWS)

    assert Place("ledare", "alv") == a.owner("underlag.ett")
    assert person("lena") == contributes(a, "lena").person


@pytest.mark.parametrize(
    ("name", "code"), [("omgang", "waits"), ("lista.norr", "waits"), ("underlag.ett", "ended")]
)
def test_nobody_contributes_where_nobody_has_it(name: str, code: str) -> None:
    """A case that waits for others, and one that has ended."""
    a = a_round()
    a.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    a.act("underlag.ett", "godkann", "nora")

    with pytest.raises(Refused) as found:
        contributes(a, "nora", name)

    assert [code] == codes(found)


def test_a_substitute_contributes_for_somebody() -> None:
    """Where they do not hold the place themselves."""
    a = a_round(("utan", Place("stod", "norr")))
    a.substitute("ellen", "tove")
    a.substitute("ellen", "utan")

    assert person("ellen") == contributes(a, "tove").on_behalf_of
    assert person("ellen") == contributes(a, "utan").on_behalf_of


READERS = ("ellen", "nora", "lena", "dag")


@pytest.mark.parametrize("who", READERS)
def test_who_reads_comments(who: str) -> None:
    """Whoever works in the case or stands above its unit."""
    assert person(who) == comments(a_round(), who).person


OUTSIDE = {
    "revisor": "alv",  # reads all, and changes nothing
    "granskare": "alv",  # reads all from outside
    "konsult": "ett",  # helps, from outside
}


@pytest.mark.parametrize("role", OUTSIDE)
def test_who_reads_from_outside_does_not_comment(role: str) -> None:
    """Though they read every word; with a role within they do."""
    grant = ("utan", Place(role, OUTSIDE[role]))

    with pytest.raises(NoRight) as found:
        comments(a_round(grant), "utan")

    assert ["no_right"] == codes(found)
    both = a_round(grant, ("utan", Place("omradeschef", "norr")))
    assert person("utan") == comments(both, "utan").person


@pytest.mark.parametrize("who", ["tove", "sune", "sara", "utan"])
def test_who_does_not_read_does_not_comment(who: str) -> None:
    """Whether they see that the case exists or not."""
    with pytest.raises(NoRight):
        comments(a_round(), who)


def test_an_auditor_lends_no_voice() -> None:
    """Who stands in for somebody outside is outside; for somebody within, within."""
    a = a_round(("utan", Place("revisor", "alv")))
    a.substitute("utan", "erik")
    with pytest.raises(NoRight):
        comments(a, "erik")

    a.substitute("nora", "erik")

    assert person("nora") == comments(a, "erik").on_behalf_of


def test_who_reads_by_their_own_role_comments_in_their_own_name() -> None:
    """Being a substitute too takes nothing of that away."""
    a = a_round()
    a.substitute("ellen", "nora")

    assert comments(a, "nora").on_behalf_of is None


OWN = {
    "by me": (1, 1, None, 1, None, None),
    "by me for another": (1, 1, 2, 1, 2, None),
    "for me": (1, 2, 1, 1, None, None),
    "by me, and now for another": (1, 1, None, 1, 3, None),
    "by another for whom I act": (1, 2, None, 1, 2, None),
    "by a colleague": (1, 2, None, 1, None, "no_right"),
    "by a colleague for another": (1, 2, 3, 1, None, "no_right"),
    "by me, but the case has moved on": (2, 1, None, 1, None, "handed_in"),
}


@pytest.mark.parametrize("whose", OWN)
def test_whose_a_file_is(whose: str) -> None:
    """One's own, put there by oneself or in one's name, as long as the case stands so."""
    version, put_by, put_for, person_id, behalf, expected = OWN[whose]
    way = Actor(person=person_id or 0, name="x", holds=frozenset(), on_behalf_of=behalf)

    found = why_not_own(case(a_round()), version or 0, put_by or 0, put_for, way)

    assert expected == (found.reasons[0].code if found else None)
