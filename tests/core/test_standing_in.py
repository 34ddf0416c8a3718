"""Standing in for somebody: never more than they have, seen through by every rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.support.definitions import HEAD, TREE, case_of, revision_of
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, PEOPLE, person
from tests.support.trees import ROWS, a_tree, codes, handed_in
from workflow.core.errors import BadInput, NoRight, Refused
from workflow.core.facts import Actor, EntryKind, IncidentKind, MessageKind, Place, StoodInFor
from workflow.core.standing_in import acting_at, check_days, only_for, told_at, ways_to_act

NORR = Place("omradeschef", "norr")
SODER = Place("omradeschef", "soder")
ETT = Place("klinikchef", "ett")
TODAY = date(2009, 3, 2)


def stands_in(who: int, *places: Place) -> StoodInFor:
    return StoodInFor(person=who, name=f"P{who}", holds=frozenset(places))


def actor(*own: Place, lent: tuple[StoodInFor, ...] = ()) -> Actor:
    return Actor(person=1, name="Ett", holds=frozenset(own), stands_in_for=lent)


# ---- who acts for whom -----------------------------------------------------------------


def test_who_holds_a_place_acts_in_their_own_name() -> None:
    """One's own role goes before any that is lent."""
    both = actor(NORR, lent=(stands_in(2, NORR),))

    assert (both,) == ways_to_act(both, NORR)


def test_one_who_stands_in_acts_for_each_who_holds_the_place() -> None:
    """By rising id, and with what is lent alone."""
    lent = (stands_in(2, NORR, ETT), stands_in(3, SODER), stands_in(4, NORR))

    ways = ways_to_act(actor(ETT, lent=lent), NORR)

    assert [(2, {NORR, ETT}), (4, {NORR})] == [(one.on_behalf_of, one.holds) for one in ways]
    assert {1} == {one.person for one in ways}


@pytest.mark.parametrize("place", [SODER, None])
def test_nobody_acts_where_nobody_they_stand_in_for_does(place: Place | None) -> None:
    """They are themselves then, and may not."""
    somebody = actor(ETT, lent=(stands_in(2, NORR),))

    assert (somebody,) == ways_to_act(somebody, place)
    assert acting_at(somebody, place) is None


def test_who_says_for_whom_acts_for_them_alone() -> None:
    """Their own role is left out then, and the others they stand in for."""
    somebody = actor(ETT, lent=(stands_in(2, NORR), stands_in(3, SODER)))

    chosen = only_for(somebody, 3)

    assert chosen is not None
    assert (3, {SODER}) == (chosen.on_behalf_of, chosen.holds)
    assert acting_at(chosen, ETT) is None
    assert acting_at(chosen, NORR) is None
    assert only_for(somebody, 4) is None


def test_who_is_told_along_with_a_holder() -> None:
    """Holders for themselves, then substitutes for whom they stand in; nobody twice."""
    a_round = a_tree(("tove", NORR))
    for by, name in (("utan", "nora"), ("utan", "tove"), ("tove", "nora"), ("sara", "ellen")):
        a_round.substitute(name, by)

    told = told_at(a_round.facts, (NORR, SODER))

    nora, tove, utan = person("nora"), person("tove"), person("utan")
    assert {nora: (), tove: (), utan: (nora, tove)} == told[NORR]
    assert [person("sune")] == list(told[SODER])


# ---- for how long ----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "days"), [(0, 1), (0, 366), (30, 1), (200, 366)])
def test_days_that_go(first: int, days: int) -> None:
    """From today on, a day at least and a year at most."""
    from_on = TODAY + timedelta(days=first)

    check_days(from_on, from_on + timedelta(days=days - 1), TODAY)


@pytest.mark.parametrize(
    ("first", "days", "word"),
    [(-1, 5, "det har varit"), (0, 0, "före första dagen"), (0, 367, "högst ett år")],
)
def test_days_that_do_not_go(first: int, days: int, word: str) -> None:
    """Not backwards in time, not ending before it begins, not for longer than a year."""
    from_on = TODAY + timedelta(days=first)

    with pytest.raises(BadInput, match=word):
        check_days(from_on, from_on + timedelta(days=days - 1), TODAY)


# ---- acting ----------------------------------------------------------------------------


def test_a_substitute_acts_for_the_one_who_is_away() -> None:
    """The entry names both; everything else is as if the holder had done it."""
    a_round = handed_in()
    a_round.substitute("nora", "utan")

    decision = a_round.act("underlag.ett", "godkann", "utan")

    assert "godkant" == a_round.state("underlag.ett")
    assert {(person("utan"), person("nora"))} == {
        (one.actor, one.on_behalf_of) for one in decision.entries
    }


def test_a_substitute_has_the_buttons_of_the_one_who_is_away() -> None:
    """Those of the role that is lent, and no others."""
    a_round = handed_in()
    a_round.substitute("nora", "utan")

    assert a_round.options("underlag.ett", "nora") == a_round.options("underlag.ett", "utan")
    assert ["no_right"] == a_round.options("underlag.ett", "utan")["ta_tillbaka"]


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        (None, None, True),
        ("omradeschef", None, True),
        (None, "norr", True),
        ("omradeschef", "norr", True),
        ("klinikchef", None, False),
        (None, "soder", False),
        ("omradeschef", "soder", False),
    ],
)
def test_a_role_or_a_unit_alone(role: str | None, unit: str | None, *, may: bool) -> None:
    """What is lent is what the person holds of the role and at the unit that are named."""
    a_round = handed_in()
    a_round.substitute("nora", "utan", role=role, unit=unit)

    assert may is (a_round.options("underlag.ett", "utan")["godkann"] == [])


def test_what_is_lent_is_not_passed_on() -> None:
    """A substitute's substitute has nothing of it, whichever way the chain is closed."""
    a_round = handed_in()
    for name, by in (("nora", "utan"), ("utan", "sara"), ("sara", "tage"), ("tage", "nora")):
        a_round.substitute(name, by)

    for name in ("sara", "tage"):
        with pytest.raises(NoRight):
            a_round.act("underlag.ett", "godkann", name)
    a_round.act("underlag.ett", "godkann", "utan")


def test_it_ends_with_the_role_behind_it() -> None:
    """When the one who is away no longer holds the role, nothing is lent."""
    a_round = handed_in()
    a_round.substitute("nora", "utan")
    a_round.vacate("omradeschef", "norr")

    with pytest.raises(NoRight):
        a_round.act("underlag.ett", "godkann", "utan")


def test_a_vacancy_is_not_filled_by_a_substitute() -> None:
    """Where nobody holds the role there is nobody to stand in for: an incident."""
    a_round = a_tree()
    a_round.substitute("nora", "utan")
    a_round.vacate("omradeschef", "norr")

    decision = a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert [IncidentKind.NO_HOLDER] == [one.kind for one in decision.incidents]
    assert person("utan") not in {one.person for one in decision.messages}


def test_of_several_the_first_whom_no_rule_stops() -> None:
    """Who stands in for two acts for the first by number, unless a rule is in the way."""
    a_round = a_tree(("ellen", NORR), ("tove", NORR), ("tove", ETT))
    for name in ("ellen", "tove"):
        a_round.substitute(name, "utan")
    first, second = sorted((person("ellen"), person("tove")))
    away = PEOPLE[first - 1]
    a_round.act("underlag.ett", "inget", away, "Lugnt år.")

    decision = a_round.act("underlag.ett", "godkann", "utan")

    assert second == decision.entries[0].on_behalf_of


def test_whom_a_substitute_says_they_act_for() -> None:
    """Said, it is that one, and the rules are that one's."""
    a_round = a_tree(("ellen", NORR))
    for name in ("ellen", "nora"):
        a_round.substitute(name, "utan")
    a_round.act("underlag.ett", "inget", "ellen", "Lugnt år.")
    utan = a_round.actor("utan")
    wrong, right = only_for(utan, person("ellen")), only_for(utan, person("nora"))
    assert wrong and right

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "godkann", wrong)
    a_round.act("underlag.ett", "godkann", right)

    assert ["own_work"] == codes(caught)
    assert "ellen, som du är ersättare för, gjorde det förra steget." in caught.value.sv
    assert "godkant" == a_round.state("underlag.ett")


# ---- separation of duties --------------------------------------------------------------


def test_the_writer_does_not_approve_as_substitute_for_the_approver() -> None:
    """What one wrote oneself one does not approve in another's name."""
    a_round = handed_in()
    a_round.substitute("nora", "ellen")

    with pytest.raises(Refused) as caught:
        a_round.act("underlag.ett", "godkann", "ellen")

    assert ["own_work"] == codes(caught)


def test_the_approver_does_not_approve_what_they_wrote_as_substitute() -> None:
    """What one wrote in another's name is one's own work too."""
    a_round = a_tree()
    a_round.substitute("ellen", "nora")
    a_round.act("underlag.ett", "inget", "nora", "Lugnt år.")

    assert Place("ledare", "alv") == a_round.owner("underlag.ett")
    with pytest.raises(NoRight):
        a_round.act("underlag.ett", "godkann", "nora")
    a_round.act("underlag.ett", "godkann", "lena")


def test_one_whose_substitute_wrote_it_does_not_approve() -> None:
    """Nor does anybody else in their name."""
    a_round = a_tree(("ellen", NORR))
    for by in ("utan", "sara"):
        a_round.substitute("ellen", by)
    a_round.act("underlag.ett", "inget", "utan", "Lugnt år.")

    for name in ("ellen", "utan", "sara"):
        with pytest.raises(Refused) as caught:
            a_round.act("underlag.ett", "godkann", name)
        assert ["own_work"] == codes(caught)
    a_round.act("underlag.ett", "godkann", "nora")


def test_one_whose_substitute_wrote_it_and_who_alone_approves_hands_it_up() -> None:
    """Both the substitute and they are left out, so the task goes to the superior."""
    grants = [g for g in GRANTS if g[0] != "nora"] + [("ellen", NORR)]
    a_round = MemoryRound(revision_of(TREE), grants=grants)
    a_round.substitute("ellen", "utan")
    a_round.act("omgang", "borja", "lena")

    a_round.act("underlag.ett", "inget", "utan", "Lugnt år.")

    assert Place("ledare", "alv") == a_round.owner("underlag.ett")


def test_a_substitute_of_the_one_who_is_left_out_changes_nothing() -> None:
    """The sole holder wrote it: their substitute would act for them, so it is handed up."""
    grants = [g for g in GRANTS if g[0] != "nora"] + [("ellen", NORR)]
    a_round = MemoryRound(revision_of(TREE), grants=grants)
    a_round.substitute("ellen", "utan")
    a_round.substitute("lena", "sara")
    a_round.act("omgang", "borja", "lena")

    a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    assert Place("ledare", "alv") == a_round.owner("underlag.ett")
    with pytest.raises(NoRight):
        a_round.act("underlag.ett", "godkann", "utan")
    a_round.act("underlag.ett", "godkann", "sara")


# ---- signing ---------------------------------------------------------------------------


def signing() -> MemoryRound:
    """Give a round that three sign of those who are justerare."""
    text = case_of(
        '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
        'transition.justera = { title = "J", to = "klar", signatures = 3 }\n'
    )
    grants = [*GRANTS, ("sara", Place("justerare", "namnd"))]
    head = HEAD.replace("holders = 2", "holders = 3")
    return MemoryRound(revision_of(text, head=head), grants=grants)


def sign(a_round: MemoryRound, name: str, behalf: str | None = None) -> list[str]:
    """Sign; gives the reasons when it does not go."""
    who = a_round.actor(name)
    if behalf:
        chosen = only_for(who, person(behalf))
        assert chosen
        who = chosen
    try:
        a_round.act("omgang", "justera", who)
    except Refused as refused:
        return [reason.code for reason in refused.reasons]
    return []


def test_a_signature_by_a_substitute_is_the_persons_own() -> None:
    """It counts once, bears both names, and they need not and cannot sign again."""
    a_round = signing()
    a_round.substitute("jana", "utan")

    first = sign(a_round, "utan")
    entry = a_round.last.entries[0]
    again = sign(a_round, "jana")

    assert ([], ["signed_already"]) == (first, again)
    assert (EntryKind.SIGNED, person("utan"), person("jana")) == (
        entry.kind, entry.actor, entry.on_behalf_of
    )  # fmt: skip
    assert {person("jana"): person("utan")} == a_round.facts.signers(
        a_round.facts.tasks[a_round.id("omgang")].id, "justera"
    )


@pytest.mark.parametrize(
    "two",
    [
        [("jana", None), ("utan", "jana")],
        [("utan", "jana"), ("jana", None)],
        [("utan", "jana"), ("utan", "jon")],
        [("jon", None), ("jon", "jana")],
        [("jon", "jana"), ("jon", None)],
        [("utan", "jana"), ("jon", "jana")],
    ],
)
def test_nobody_signs_twice_and_nobody_is_signed_for_twice(
    two: list[tuple[str, str | None]],
) -> None:
    """A person and their substitute are one signature; a person with two names is one."""
    a_round = signing()
    for name, by in (("jana", "utan"), ("jon", "utan"), ("jana", "jon")):
        a_round.substitute(name, by)

    first, second = (sign(a_round, *one) for one in two)

    assert ([], ["signed_already"]) == (first, second)


# ---- who is told -----------------------------------------------------------------------


def test_a_substitute_gets_the_mail_too() -> None:
    """Both get it, and the substitute's says along with whom."""
    a_round = a_tree()
    a_round.substitute("nora", "utan")

    decision = a_round.act("underlag.ett", "lamna_in", "ellen", rows=ROWS)

    told = {one.person: one for one in decision.messages}
    assert {person("nora"), person("utan")} == set(told)
    assert {MessageKind.ASSIGNMENT} == {one.kind for one in told.values()}
    assert [person("nora")] == told[person("utan")].content["instead_of"]
    assert "instead_of" not in told[person("nora")].content


def test_a_return_reaches_the_substitute_and_says_who_did_it_for_whom() -> None:
    """Returned in another's name: the mail names both."""
    a_round = handed_in()
    a_round.substitute("nora", "utan")
    a_round.substitute("ellen", "sara")

    decision = a_round.act("underlag.ett", "aterlamna", "utan", questions=["Hur många?"])

    told = {one.person: one.content for one in decision.messages}
    assert {person("ellen"), person("sara")} == set(told)
    assert {(person("utan"), person("nora"))} == {
        (content["by"], content["by_for"]) for content in told.values()
    }


# ---- anything at all -------------------------------------------------------------------

GRAPHS = 10_000
PLACES = (ETT, NORR, Place("ledare", "alv"), Place("direktor", "alv"))
NAMES = PEOPLE[:6]


def graphs(chance: Random, a_round: MemoryRound) -> Iterator[None]:
    """Give the round other holders and substitutes, again and again."""
    numbers = range(1, len(NAMES) + 1)
    for _ in range(GRAPHS):
        a_round.facts.held = {
            place: tuple(sorted(chance.sample(numbers, chance.choice((0, 1, 1, 2, 3)))))
            for place in PLACES
        }
        pairs = [chance.sample(numbers, 2) for _ in range(chance.randint(0, 8))]
        a_round.facts.substitutions = {
            (by, away, *chance.choice((
                (None, None), (None, None), ("klinikchef", None), ("omradeschef", None),
                (None, "ett"), (None, "norr"), ("omradeschef", "norr"), ("omradeschef", "ett"),
            )))
            for by, away in pairs
        }  # fmt: skip
        yield


def may_at(a_round: MemoryRound, place: Place) -> set[tuple[int, int | None]]:
    """Say by simple means who may act at a place, and for whom."""
    held = a_round.facts.held.get(place, ())
    lent = {
        (by, away)
        for by, away, role, unit in a_round.facts.substitutions
        if away in held and role in (None, place.role) and unit in (None, place.unit)
    }
    return {(one, None) for one in held} | {(by, away) for by, away in lent if by not in held}


def kept(told: MemoryRound | dict[str, Any]) -> dict[str, Any]:
    """Give a copy of what acts change in a round, or of such a copy."""
    names = ("cases", "tasks", "joins", "entries")
    held = told if isinstance(told, dict) else vars(told.facts)
    return {name: held[name].copy() for name in names}


def test_nobody_approves_their_own_in_any_graph_of_roles_and_substitutes() -> None:
    """In 10,000 graphs: what is approved, is approved by others than wrote it or lent their
    name to it, by right of a role or a substitution, and where anybody is left they can."""
    chance = Random(20261122)
    a_round = a_tree()
    written = approved = 0
    case, begun = a_round.id("underlag.ett"), kept(a_round)
    for _ in graphs(chance, a_round):
        vars(a_round.facts).update(kept(begun))
        writer = chance.choice(NAMES)
        try:
            decision = a_round.act("underlag.ett", "inget", writer, "Lugnt år.")
        except NoRight:
            assert person(writer) not in {who for who, _ in may_at(a_round, ETT)}
            continue
        entry = decision.entries[0]
        assert (entry.actor, entry.on_behalf_of) in may_at(a_round, ETT)
        written += 1
        wrote = {entry.actor, entry.on_behalf_of} - {None}
        owner = a_round.facts.tasks[case].place
        left = {pair for pair in may_at(a_round, owner) if not wrote & set(pair)} if owner else {}
        able = [name for name in NAMES if not a_round.options("underlag.ett", name)["godkann"]]
        assert bool(left) == bool(able)
        if able:
            entry = a_round.act("underlag.ett", "godkann", chance.choice(able)).entries[0]
            approved += 1
            assert not wrote & {entry.actor, entry.on_behalf_of}
            assert (entry.actor, entry.on_behalf_of) in may_at(a_round, owner)
    assert min(written, approved) > GRAPHS / 10


def test_no_two_signatures_are_one_persons_in_any_graph() -> None:
    """However they stand in for each other: a pen signs once, and for each name once."""
    chance = Random(7)
    at = Place("justerare", "namnd")
    a_round = signing()
    case = a_round.id("omgang")
    kept, task = a_round.facts.cases[case], a_round.facts.tasks[case]
    for _ in range(1_000):
        a_round.facts.cases[case], a_round.facts.tasks[case] = kept, task
        a_round.facts.signatures.clear()
        a_round.facts.held = {at: tuple(sorted(chance.sample(range(1, 7), chance.randint(2, 5))))}
        a_round.facts.substitutions = {
            (*chance.sample(range(1, 7), 2), None, None) for _ in range(chance.randint(0, 6))
        }
        pens: list[int | None] = []
        names: list[int | None] = []
        for _ in range(12):
            who = a_round.actor(chance.choice(NAMES))
            absent = chance.choice([None, *(one.person for one in who.stands_in_for)])
            chosen = only_for(who, absent) if absent else who
            try:
                entry = a_round.act("omgang", "justera", chosen or who).entries[0]
            except Refused:
                continue
            pens.append(entry.actor)
            names.append(entry.on_behalf_of or entry.actor)
            if case not in a_round.facts.tasks:
                break

        assert len(pens) == len(set(pens))
        assert len(names) == len(set(names))
