"""The page and the engine agree: every state, every transition, whoever asks, early and late.

What somebody is shown as possible the engine does, given what the button asks for; what
they are shown as impossible it refuses, with the same reasons in the same order.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random

import pytest

from beredning.practice.example import example_organisation
from beredning.practice.filling import invented_rows
from tests.support.clock import Clock, at
from tests.support.definitions import HEAD, TREE, case_of, revision_of, shipped
from tests.support.memory import MemoryFacts
from tests.support.organisation import UNITS
from workflow.core import engine
from workflow.core.errors import NotFound, Refused
from workflow.core.facts import (
    Actor,
    CaseFact,
    Command,
    EntryDraft,
    EntryKind,
    JoinFact,
    Place,
    QuestionFact,
    StoodInFor,
    TaskFact,
)
from workflow.core.machine import machine_of
from workflow.core.roles import place_of, units_near

NOW = at("2009-03-02")
DUE = {"late": NOW - timedelta(days=2), "early": NOW + timedelta(days=2), "never": None}
EXCLUDED, SIGNER = 901, 902

GUARDED = HEAD + case_of(
    """
[case.omgang.state.a]
title = "A"
by = "justerare"
body = "namnd"
opens = ["sak"]
starts = ["foljd"]
transition.b = { title = "B", to = "a", guards = ["opened_finished", "nothing_missing"] }
transition.c = { title = "C", to = "b", guards = ["started_finished"], signatures = 2 }
transition.d = { title = "D", to = "b", guards = ["before_due"], other_than = ["b", "c"] }
transition.e = { title = "E", to = "klar", guards = ["after_due", "quorum"], by = "ledare" }
[case.omgang.state.b]
title = "B"
by = "ledare"
due = "1 day"
at_due = "klar"
transition.k = { title = "K", to = "klar", signatures = "all", other_than = ["c"] }
"""
) + "".join(
    case_of('state.a = { title = "A", by = "klinikchef", transition.b = '
            '{ title = "B", to = "bra" } }', key=key, per="klinik", ends='bra = "Bra"')
    for key in ("sak", "foljd")
)  # fmt: skip
REVISIONS = {
    "shipped": shipped(),
    "tree": revision_of(TREE),
    "guarded": revision_of(GUARDED, head=""),
}
STATES = [
    (name, kind.key, state)
    for name, revision in REVISIONS.items()
    for kind in revision.definition.case.values()
    for state in kind.state
]


@dataclass
class Scene:
    """A case that stands in a state, with everything round it."""

    facts: MemoryFacts
    case: CaseFact
    places: set[Place]


@cache
def units_of(definition_key):
    """Give an organisation that fits."""
    if definition_key != "prioritering":
        return UNITS
    return example_organisation(shipped().definition, units=4).units


def set_up(revision, kind, state, due, *, filled, asked, ended):
    """Put a case in a state: its task, history, material, questions and children."""
    definition = revision.definition
    facts = MemoryFacts(revision, Clock(NOW), 2010, units_of(definition.key))
    described = definition.case[kind]
    unit = facts.units(described.per or (definition.top,))[0].key
    case = _case(facts, kind, unit, state, parent=None)
    here = described.state[state]
    place = place_of(definition, facts, here.by, unit, here.body) if here.by else None
    facts.tasks[case.id] = _task(case, place, DUE[due])
    places = {place} if place else set()
    for move in machine_of(revision, kind).options(state).values():
        facts.entries.append(_entry(case, move.key))
        facts.signatures.add((f"{case.id}#3", move.key, SIGNER, None))
        if move.transition.by:
            places.add(place_of(definition, facts, move.transition.by, unit, here.body))
    for key in {key for one in described.state.values() for key in one.transition}:
        facts.entries.append(_entry(case, key))
    if filled:
        for table, rows in invented_rows(definition, here, Random(1), date(2009, 3, 2)).items():
            facts.fill(case.id, table, rows)
    if asked:
        facts.asked[case.id] = [QuestionFact(number=n, text="Varför?") for n in (1, 2)]
    _children(revision, facts, case, ended=ended)
    for one in places:
        facts.held[one] = (1, EXCLUDED, SIGNER)
    return Scene(facts, case, places)


def _case(facts, kind, unit, state, *, parent, opened_in=None, started=False, ended=False):
    name = f"{facts.round.id}.{kind}.{unit}"
    facts.cases[name] = CaseFact(
        id=name, kind=kind, unit=unit, parent=parent, opened_in=opened_in, started=started,
        state=state, version=3, opened_at=NOW, entered_at=NOW - timedelta(days=9),
        ended_at=NOW if ended else None,
    )  # fmt: skip
    return facts.cases[name]


def _children(revision, facts, case, *, ended):
    definition = revision.definition
    for state in definition.case[case.kind].state.values():
        for kind in (*state.opens, *state.starts):
            child = definition.case[kind]
            end = next(iter(child.ends)) if ended else child.first
            for unit in units_near(definition, facts, child.per, case.unit) if child.per else ():
                found = _case(facts, kind, unit.key, end, parent=case.id, ended=ended,
                              opened_in=state.key, started=kind in state.starts)  # fmt: skip
                _children(revision, facts, found, ended=ended)
        count = len([one for one in facts.children(case.id, opened_in=state.key)
                     if not one.started])  # fmt: skip
        done = count if ended else 0
        facts.joins[case.id, state.key] = JoinFact(
            case=case.id, state=state.key, opened=count, ended=done, delivered=done
        )


def _task(case, place, due_at):
    return TaskFact(id=f"{case.id}#3", case=case.id, state=case.state, place=place, opens_at=NOW,
                    ladder_from=NOW, due_at=due_at)  # fmt: skip


def _entry(case, key):
    return EntryDraft(kind=EntryKind.TRANSITION, case=case.id, transition=key, actor=EXCLUDED)


def actors(scene):
    """Give one who holds everything, one per place, those excluded, and one who holds nothing."""
    every = frozenset(scene.places)
    return [
        Actor(person=1, name="alla", holds=every),
        *(Actor(person=1, name=one.role, holds=frozenset({one})) for one in scene.places),
        Actor(person=EXCLUDED, name="egen", holds=every),
        Actor(person=1, name="ersättare", holds=every, on_behalf_of=EXCLUDED),
        Actor(person=SIGNER, name="har skrivit", holds=every),
        *(
            Actor(person=who, name=f"ersättare {who}", holds=own, stands_in_for=lent)
            for who in (1, EXCLUDED, SIGNER)
            for own in (frozenset(), frozenset(sorted(scene.places, key=str)[:1]))
            for lent in (
                (_away(2, every),),
                (_away(EXCLUDED, every), _away(SIGNER, every), _away(SIGNER + 1, every)),
                *((_away(2, {one}),) for one in scene.places),
            )
        ),
        Actor(person=1, name="ingen", holds=frozenset()),
        Actor(person=1, name="fel", holds=frozenset({Place("ingen", scene.case.unit)})),
    ]


def _away(who, places):
    return StoodInFor(person=who, name=str(who), holds=frozenset(places))


def asked_for(scene, transition):
    """Give the comment and data that a button asks for."""
    data = {"decision": {"present": 99, "meeting_on": "2009-03-01"}}
    if "questions" in transition.asks:
        data["questions"] = ["Hur många?"]
    if "date" in transition.asks:
        data["due_on"] = "2009-04-01"
    if transition.reopens:
        last = list(transition.reopens)[-1]
        data["pick"] = [one.id for one in scene.facts.cases.values() if one.kind == last][:1]
    return "Skäl." if transition.asks else "", data


@pytest.mark.parametrize("due", DUE)
@pytest.mark.parametrize(("name", "kind", "state"), STATES)
def test_options_and_engine_agree(name, kind, state, due):
    """For everyone, with and without material, questions and children: the same answer."""
    revision = REVISIONS[name]
    tried = 0
    for filled, asked, ended in product((True, False), repeat=3):
        scene = set_up(revision, kind, state, due, filled=filled, asked=asked, ended=ended)
        for actor in actors(scene):
            for option in engine.options(revision, scene.facts, scene.case, actor, NOW):
                if option.transition.reopens and not ended:
                    continue  # nothing there to pick
                comment, data = asked_for(scene, option.transition)
                command = Command(case=scene.case.id, transition=option.key, actor=actor,
                                  comment=comment, data=data)  # fmt: skip
                try:
                    engine.decide(revision, scene.facts, command, NOW)
                    said = ()
                except Refused as refused:
                    said = refused.reasons
                tried += 1

                assert (option.key, actor.name, option.reasons) == (option.key, actor.name, said)
                assert option.allowed == (said == ())
    assert tried or not machine_of(revision, kind).options(state)


@pytest.mark.parametrize(("name", "kind"), sorted({(name, kind) for name, kind, _ in STATES}))
def test_in_an_end_nothing_is_possible(name, kind):
    """Whatever the end, no button is shown and every transition is refused."""
    revision = REVISIONS[name]
    machine = machine_of(revision, kind)
    everything = {key for state in machine.kind.state for key in machine.options(state)}
    first = machine.kind.first
    for end in machine.ends:
        scene = set_up(revision, kind, first, "late", filled=True, asked=False, ended=True)
        scene.facts.cases[scene.case.id] = ended = _case(
            scene.facts, kind, scene.case.unit, end, parent=None, ended=True
        )
        (actor, *_) = actors(scene)

        assert [] == engine.options(revision, scene.facts, ended, actor, NOW)
        for key in everything:
            command = Command(case=ended.id, transition=key, actor=actor, comment="Skäl.")
            with pytest.raises(Refused):
                engine.decide(revision, scene.facts, command, NOW)


@pytest.mark.parametrize(("name", "kind", "state"), STATES)
def test_buttons_stand_in_the_order_of_the_file(name, kind, state):
    """What is shown is what the definition says, in its order, with what is built in last."""
    revision = REVISIONS[name]
    scene = set_up(revision, kind, state, "late", filled=True, asked=False, ended=True)
    (actor, *_) = actors(scene)

    shown = [one.key for one in engine.options(revision, scene.facts, scene.case, actor, NOW)]

    written = list(revision.definition.case[kind].state[state].transition)
    assert written == shown[: len(written)]
    assert set(shown[len(written) :]) <= {"missing", "withdraw"}


def test_a_transition_of_another_state_is_refused_and_no_transition_is_not_found():
    """What belongs to another state is "not now"; what belongs to none is not there."""
    revision = REVISIONS["tree"]
    scene = set_up(revision, "underlag", "utkast", "late", filled=True, asked=False, ended=True)
    (actor, *_) = actors(scene)

    for key, error in (("godkann", Refused), ("reopen.utkast", NotFound), ("at_due", NotFound)):
        with pytest.raises(error):
            engine.decide(
                revision,
                scene.facts,
                Command(case=scene.case.id, transition=key, actor=actor),
                NOW,
            )
