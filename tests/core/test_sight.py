"""Who sees what of a round: by role, by place, by what the definition says of a case."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.definitions import HEAD
from tests.support.memory import MemoryRound
from tests.support.organisation import GRANTS, PEOPLE, UNITS, person
from workflow.core import engine
from workflow.core.errors import WorkflowError
from workflow.core.extension import answerers
from workflow.core.facts import CaseFact, Place, UnitFact
from workflow.core.reminding import reached
from workflow.core.revision import Revision, make_revision
from workflow.core.sight import Sight, look
from workflow.core.standing_in import told_at

ROLES = """
registrator = { title = "Registrator", at = "region", sees = "all" }
revisor = { title = "Revisor", at = "region", sees = "own" }
konsult = { title = "Konsult", at = ["region", "klinik"], sees = "own", external = true }
granskare = { title = "Granskare", at = "region", sees = "all", external = true }
stod = { title = "Stöd", at = ["omrade", "rad"], sees = "own" }
ledamot = { title = "Ledamot", at = "rad", sees = "own" }
"""
CASES = """
registrar = "registrator"
auditor = "revisor"

[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }
tells = ["klinikchef", "konsult"]
state.start = { title = "Start", by = "ledare", transition.borja = { title = "B", to = "arbete" } }
state.arbete = { title = "Arbete", opens = ["lista"], next = "radet", tells = ["omradeschef"] }
state.radet = { title = "Rådet", opens = ["vardering"], next = "beslut" }
[case.omgang.state.beslut]
title = "Beslut"
by = "sekreterare"
body = "namnd"
tells = ["ledamot"]
transition.bifall = { title = "Bifall", to = "klar", by = "sekreterare" }

[case.lista]
title = "Lista {unit}"
per = "omrade"
ends = { klar = "Klar" }
state.samlas = { title = "Samlas", opens = ["underlag"], next = "klar" }

[case.underlag]
title = "Underlag {unit}"
per = "klinik"
ends = { godkant = "Godkänt" }
missing_by = "direktor"
withdraw_by = "justerare"
tells = ["ordforande"]
[case.underlag.state.utkast]
title = "Utkast"
by = "klinikchef"
helpers = ["stod"]
transition.lamna_in = { title = "Lämna in", to = "inlamnat" }
[case.underlag.state.inlamnat]
title = "Inlämnat"
by = "omradeschef"
body = "rad"
tells = ["stod"]
transition.godkann = { title = "G", to = "godkant", other_than = ["lamna_in"] }
transition.ater = { title = "Åter", to = "utkast", by = ["stod", "omradeschef"] }

[case.vardering]
title = "Värdering {unit}"
per = "rad"
ends = { klar = "Klar" }
[case.vardering.state.vags]
title = "Vägs"
by = "ordforande"
tells = ["ledamot"]
transition.klar = { title = "Klar", to = "klar" }
"""
WANTED = {
    "sees": ("own", "below", "all"),
    "external": (False, True),
    "superior": ("ledare", "direktor", "omradeschef", "sekreterare", "stod", "konsult"),
}


@cache
def data() -> dict[str, Any]:
    """Give the definition as it is written."""
    head, roles, cases = HEAD, ROLES, CASES.partition("[case.omgang]")
    text = head.replace('leader = "ledare"', 'leader = "ledare"' + cases[0]) + roles
    return tomllib.loads(text + cases[1] + cases[2])


def revised(**changed: Mapping[str, Any]) -> dict[str, Any]:
    """Give it with some roles otherwise."""
    roles = {key: {**role, **changed.get(key, {})} for key, role in data()["role"].items()}
    return {**data(), "role": roles}


def revision(**changed: Mapping[str, Any]) -> Revision:
    """Give the revision of it with some roles otherwise."""
    return make_revision(revised(**changed))


def begun(*more: tuple[str, Place], of: Revision | None = None, **options: Any) -> MemoryRound:
    """Give a round whose underlag are being written."""
    a_round = MemoryRound(of or revision(), grants=[*GRANTS, *more], **options)
    a_round.act("omgang", "borja", "lena")
    return a_round


def assessed(*more: tuple[str, Place]) -> MemoryRound:
    """Give a round whose underlag are approved, and whose councils weigh them."""
    a_round = begun(*more)
    for unit, chief, above in (
        ("ett", "ellen", "nora"),
        ("tva", "tove", "nora"),
        ("tre", "trygve", "sune"),
    ):
        a_round.act(f"underlag.{unit}", "lamna_in", chief)
        a_round.act(f"underlag.{unit}", "godkann", above)
    return a_round


def sight(a_round: MemoryRound, name: str) -> Sight | None:
    """Look at a round as somebody."""
    return look(a_round.revision.definition, a_round.facts, a_round.actor(name))


def seen(a_round: MemoryRound, name: str) -> dict[str, str]:
    """Give the cases that somebody sees, each with whether they read it."""
    found = sight(a_round, name)
    start = len(a_round.facts.round.id) + 1
    return {
        case.id[start:]: "reads" if found.reads(case) else "sees"
        for case in a_round.facts.cases.values()
        if found is not None and found.sees(case)
    }


READS = dict.fromkeys(
    "omgang lista.norr lista.soder underlag.ett underlag.tva underlag.tre".split(), "reads"
)
NORR = dict.fromkeys("lista.norr underlag.ett underlag.tva".split(), "reads")


# ---- by what the role sees -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        ("lena", None, READS),
        ("dag", None, READS),
        ("nora", None, {"omgang": "sees", **NORR}),
        ("sune", None, {"omgang": "sees", "lista.soder": "reads", "underlag.tre": "reads"}),
        ("ellen", None, {"omgang": "sees", "underlag.ett": "reads"}),
        ("utan", Place("registrator", "alv"), READS),
        ("utan", Place("revisor", "alv"), READS),
        ("utan", Place("granskare", "alv"), dict.fromkeys(READS, "sees")),
        ("utan", Place("konsult", "alv"), {"omgang": "sees"}),
        ("utan", Place("konsult", "ett"), {"omgang": "sees", "underlag.ett": "sees"}),
        ("utan", Place("ledamot", "etik"), {"omgang": "sees"}),
        ("utan", None, {}),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "role", ""),
)
def test_each_role_sees_what_its_line_says(
    name: str, place: Place | None, expected: dict[str, str]
) -> None:
    """`own`, `below` and `all`; whoever leads, keeps the register or audits sees all; an
    external role sees that a draft is there and does not read it."""
    a_round = begun(*([(name, place)] if place else []))

    assert expected == seen(a_round, name)


@pytest.mark.parametrize("place", [Place("konsult", "ett"), Place("granskare", "alv")])
def test_an_external_role_reads_what_has_ended(place: Place) -> None:
    """A draft is not theirs to read, what came of it is."""
    a_round = begun(("utan", place))
    a_round.act("underlag.ett", "lamna_in", "ellen")
    before = seen(a_round, "utan")["underlag.ett"]

    a_round.act("underlag.ett", "godkann", "nora")

    assert ("sees", "reads") == (before, seen(a_round, "utan")["underlag.ett"])


def test_an_external_role_reads_the_draft_that_it_writes_itself() -> None:
    """External is about others' drafts."""
    a_round = begun(
        ("utan", Place("klinikchef", "ett")), of=revision(klinikchef={"external": True})
    )

    assert {"omgang": "sees", "underlag.ett": "reads"} == seen(a_round, "utan")


# ---- by what the definition says of the case -------------------------------------------


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("stod", "norr"), NORR),
        (Place("stod", "tand"), {f"underlag.{u}": "sees" for u in ("ett", "tva", "tre")}),
        (Place("ordforande", "etik"), {f"underlag.{u}": "sees" for u in ("ett", "tva", "tre")}),
        (Place("justerare", "namnd"), {f"underlag.{u}": "reads" for u in ("ett", "tva", "tre")}),
        (Place("sekreterare", "namnd"), {"omgang": "reads"}),
    ],
    ids=lambda value: getattr(value, "role", ""),
)
def test_a_place_that_a_case_names_sees_it(place: Place, expected: dict[str, str]) -> None:
    """Who helps, may withdraw or owes a step reads; who is told of it sees that it is there."""
    a_round = begun(("utan", place))

    assert {"omgang": "sees", **expected} == seen(a_round, "utan")


def test_a_body_sees_its_own_and_not_the_other_bodys() -> None:
    """A member of one council sees its case alone."""
    a_round = assessed(("utan", Place("ledamot", "etik")))

    found = seen(a_round, "utan")

    assert "vardering.etik" in found
    assert "vardering.tand" not in found


def test_whoever_stands_above_sees_however_far_up() -> None:
    """What nobody below can do goes up the whole line, and so does its mail."""
    changed = {
        "omradeschef": {"superior": "sekreterare", "sees": "own"},
        "sekreterare": {"superior": "konsult", "sees": "own"},
    }
    a_round = begun(("utan", Place("konsult", "alv")), of=revision(**changed))

    found = {name: seen(a_round, name).get("underlag.ett") for name in ("nora", "sara", "utan")}

    assert {"nora": "reads", "sara": "sees", "utan": "sees"} == found
    assert "underlag.ett" not in seen(a_round, "sune")


def test_whoever_stands_above_the_leader_sees_every_case() -> None:
    """Its troubles are told to them when no mail reaches the leader, whatever case it is."""
    a_round = begun(of=revision(direktor={"sees": "own"}))

    found = seen(a_round, "dag")

    assert READS.keys() == found.keys()
    assert "sees" == found["lista.norr"]


def test_whoever_a_task_is_handed_up_to_reads_the_case() -> None:
    """Separation of duties leaves a superior to approve it: they see it all the while, and
    read it from when it is theirs."""
    changed = {"omradeschef": {"superior": "sekreterare", "sees": "own"}}
    a_round = begun(("ellen", Place("omradeschef", "norr")), of=revision(**changed))
    a_round.vacate("omradeschef", "norr")
    a_round.grant("ellen", "omradeschef", "norr")
    before = seen(a_round, "sara")["underlag.ett"]

    a_round.act("underlag.ett", "lamna_in", "ellen")

    assert Place("sekreterare", "namnd") == a_round.owner("underlag.ett")
    assert ("sees", "reads") == (before, seen(a_round, "sara")["underlag.ett"])


# ---- nobody, late and gone -------------------------------------------------------------


def test_a_unit_that_came_after_the_round_opened_gives_no_place_in_it() -> None:
    """The round keeps its own copy of the organisation."""
    a_round = begun(("utan", Place("klinikchef", "ny")))

    assert sight(a_round, "utan") is None


@pytest.mark.parametrize("place", [Place("klinikchef", "norr"), Place("okand", "ett")])
def test_a_role_where_it_is_not_held_gives_no_place(place: Place) -> None:
    """A clinic's chief at an area, or a role of another process, is nothing here."""
    a_round = begun(("utan", place))

    assert sight(a_round, "utan") is None


def test_what_is_taken_back_is_gone_at_once() -> None:
    """A role that has ended leaves nothing, not even the round."""
    a_round = begun()
    before = seen(a_round, "ellen")

    a_round.vacate("klinikchef", "ett")

    assert before
    assert {} == seen(a_round, "ellen")


# ---- standing in for somebody ----------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, {"omgang": "sees", "underlag.ett": "reads", "underlag.tre": "reads"}),
        ({"role": "klinikchef"}, {"omgang": "sees", "underlag.ett": "reads"}),
        ({"unit": "tre"}, {"omgang": "sees", "underlag.tre": "reads"}),
        ({"role": "klinikchef", "unit": "tre"}, {}),
    ],
)
def test_a_substitute_sees_what_is_lent(limits: dict[str, str], expected: dict[str, str]) -> None:
    """All that the absent one has, or the role and the unit that it is about."""
    changed = revision(stod={"at": ["omrade", "klinik"]})
    a_round = begun(("ellen", Place("stod", "tre")), of=changed)
    a_round.substitute("ellen", "utan", **limits)

    assert expected == seen(a_round, "utan")


def test_a_chain_of_substitutes_gives_nothing_on() -> None:
    """What is lent cannot be lent again."""
    a_round = begun(("utan", Place("konsult", "tre")))
    a_round.substitute("lena", "ellen")
    a_round.substitute("ellen", "utan")

    found = seen(a_round, "utan")

    assert {"omgang": "sees", "underlag.ett": "reads", "underlag.tre": "sees"} == found


def test_standing_in_for_somebody_who_has_lost_their_role_gives_nothing() -> None:
    """The substitution is there, and is about nothing any longer."""
    a_round = begun()
    a_round.substitute("ellen", "utan")
    before = seen(a_round, "utan")

    a_round.vacate("klinikchef", "ett")

    assert before
    assert sight(a_round, "utan") is None


# ---- anything at all, against another way of saying it ---------------------------------


class Oracle:
    """What everybody sees, worked out from the definition as it is written: every case, role
    and seat is listed and looked for in the list."""

    def __init__(self, a_round: MemoryRound, written: dict[str, Any]) -> None:
        self.round = a_round
        self.written = written
        self.roles = {
            key: {"sees": "below", "external": False, **role}
            for key, role in written["role"].items()
        }
        for role in self.roles.values():
            role["at"] = [role["at"]] if isinstance(role["at"], str) else role["at"]

    def places(self, name: str) -> set[Place]:
        """Give what somebody holds here, or is lent."""
        facts, who = self.round.facts, person(name)
        held = {place for place, people in facts.held.items() if who in people}
        lent = {
            place
            for by, absent, role, unit in facts.substitutions
            for place, people in facts.held.items()
            if by == who and absent in people
            if role in (None, place.role) and unit in (None, place.unit)
        }
        return {
            place
            for place in held | lent
            if place.role in self.roles
            and place.unit in facts.organisation
            and facts.organisation[place.unit].kind in self.roles[place.role]["at"]
        }

    def verdict(self, name: str, case: CaseFact) -> str:
        """Say whether somebody sees a case, reads it, or neither."""
        mine = self.places(name)
        words = {word for place in mine for word in self.by_role(place, case)}
        works, told, above = self.named(case)
        task = self.round.facts.tasks.get(case.id)
        words |= {"reads"} if mine & works else set()
        words |= {"sees"} if mine & (told | above | self.leading()) else set()
        words |= {"reads"} if mine & above and task and task.place in mine else set()
        words |= {"sees"} if mine and case.parent is None else set()
        if words and case.ended_at:
            return "reads"
        return max(words, default="", key=["", "sees", "reads"].index)

    def by_role(self, place: Place, case: CaseFact) -> Iterator[str]:
        """Give what a role's own line says."""
        if place.role in ("ledare", "registrator", "revisor"):
            yield "reads"
        role = self.roles[place.role]
        covered = {
            "all": True,
            "own": case.unit == place.unit,
            "below": place.unit in self.line(case.unit),
        }
        if covered[role["sees"]]:
            yield "sees" if role["external"] else "reads"

    def line(self, unit: str) -> list[str]:
        """Give a unit and those above it."""
        above = self.round.facts.organisation[unit].parent
        return [unit, *(self.line(above) if above else [])]

    def seats(self, roles: list[str], unit: str, body: str | None) -> list[Place]:
        """Give every place where one of some roles is held, the one that owes first."""
        line, ranked = self.line(unit), []
        kinds = {key: one.kind for key, one in self.round.facts.organisation.items()}
        at_home = body in [kinds[one] for one in line]
        for order, (key, kind) in enumerate(kinds.items()):
            for rank, role in enumerate(roles):
                if kind not in self.roles[role]["at"]:
                    continue
                if kind == body and not at_home:
                    ranked.append((0, rank, order, Place(role, key)))
                elif key in line:
                    ranked.append((1, line.index(key), rank, Place(role, key)))
                else:
                    ranked.append((2, rank, order, Place(role, key)))
        return [place for *_, place in sorted(ranked, key=lambda one: one[:3])]

    def named(self, case: CaseFact) -> tuple[set[Place], set[Place], set[Place]]:
        """Give the places that work on a case, are told of it, and stand above."""
        kind = self.written["case"][case.kind]
        works, told, above = set(), set(), set()
        ending = [kind[key] for key in ("missing_by", "withdraw_by") if key in kind]
        told |= self.told(kind.get("tells", []), case.unit, None)
        for state in kind["state"].values():
            body = state.get("body")
            told |= self.told(state.get("tells", []), case.unit, body)
            acting = [one["by"] for one in state.get("transition", {}).values() if "by" in one]
            owing = [state["by"]] if "by" in state else []
            for roles in (*owing, *acting, *ending, *state.get("helpers", [])):
                works |= set(self.seats(_listed(roles), case.unit, body)[:1])
            for roles in owing:
                for seat in self.seats(_listed(roles), case.unit, body)[:1]:
                    above |= self.above(seat)
        return works, told, above

    def told(self, roles: list[str], unit: str, body: str | None) -> set[Place]:
        """Give the places that are told."""
        found: set[Place] = set()
        organisation = self.round.facts.organisation
        for role in roles:
            at = self.roles[role]["at"]
            seats = [Place(role, key) for key, one in organisation.items() if one.kind in at]
            in_body = [one for one in seats if organisation[one.unit].kind == body]
            near = [one for step in self.line(unit) for one in seats if one.unit == step][:1]
            below = [one for one in seats if unit in self.line(one.unit)]
            found |= set((in_body if body in at else None) or near or below or seats)
        return found

    def above(self, place: Place) -> set[Place]:
        """Give everybody above a place."""
        found, step = set(), place
        while True:
            superior = self.roles[step.role].get("superior") or (
                "ledare" if step.role != "ledare" else None
            )
            seats = self.seats([superior], step.unit, None) if superior else []
            if not seats or seats[0] in (step, place) or seats[0] in found:
                return found
            step = seats[0]
            found.add(step)

    def leading(self) -> set[Place]:
        """Give who leads, and those above."""
        return {Place("ledare", "alv")} | self.above(Place("ledare", "alv"))


def _listed(roles: str | list[str]) -> list[str]:
    return [roles] if isinstance(roles, str) else roles


UNIT = st.sampled_from([unit.key for unit in UNITS] + ["ny"])
ROLE = st.sampled_from(sorted(data()["role"]))
NAME = st.sampled_from(PEOPLE)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    changed=st.dictionaries(
        ROLE,
        st.fixed_dictionaries(
            {}, optional={key: st.sampled_from(values) for key, values in WANTED.items()}
        ),
        max_size=6,
    ),
    grants=st.lists(st.tuples(NAME, st.builds(Place, ROLE, UNIT)), max_size=8),
    lent=st.lists(
        st.tuples(NAME, NAME, st.none() | ROLE, st.none() | UNIT).filter(
            lambda one: one[0] != one[1]
        ),
        max_size=4,
    ),
    seed=st.integers(0, 10**6),
)
def test_everybody_sees_exactly_what_the_definition_says(
    changed: dict[str, dict[str, Any]],
    grants: list[tuple[str, Place]],
    lent: list[tuple[str, str, str | None, str | None]],
    seed: int,
) -> None:
    """Any roles, any grants, any substitutes, anywhere in a round: as the oracle works it out."""
    a_round = MemoryRound(revision(**changed), grants=[*GRANTS, *grants])
    for by, absent, role, unit in lent:
        a_round.facts.substitutions.add((person(by), person(absent), role, unit))
    _play(a_round, Random(seed), steps=seed % 8)
    oracle = Oracle(a_round, revised(**changed))

    for name in PEOPLE:
        expected = {
            case.id: oracle.verdict(name, case)
            for case in a_round.facts.cases.values()
            if oracle.verdict(name, case)
        }
        found = seen(a_round, name)
        assert expected == {a_round.id(key): word for key, word in found.items()}, name


@pytest.mark.parametrize("seed", range(30))
def test_whoever_is_concerned_can_open_the_case(seed: int) -> None:
    """Whoever owes, may act, helps, is reminded, is asked for more days or gets a mail about
    a case sees it; whoever owes it, may act in it or helps reads it. Roles see as little as
    can be written, so that what they see comes of their part in the case alone."""
    chance = Random(seed)
    narrow = {key: {"sees": "own"} for key in data()["role"]}
    narrow["omradeschef"] |= {"superior": chance.choice(["ledare", "sekreterare", "direktor"])}
    a_round = MemoryRound(revision(**narrow), grants=[*GRANTS, *_extra(chance)])
    for name in chance.sample(PEOPLE, 3):
        a_round.substitute(name, chance.choice([one for one in PEOPLE if one != name]))
    checked = _check_mails(a_round)
    for _ in range(25):
        if not _play(a_round, chance, steps=1):
            break
        checked += _check_mails(a_round)
        checked += _check_tasks(a_round)

    assert 100 < checked


def _extra(chance: Random) -> list[tuple[str, Place]]:
    places = [
        Place("stod", "norr"),
        Place("stod", "soder"),
        Place("ledamot", "etik"),
        Place("konsult", "alv"),
        Place("omradeschef", "norr"),
    ]
    return [(chance.choice(PEOPLE), place) for place in places]


def _play(a_round: MemoryRound, chance: Random, *, steps: int) -> int:
    """Do what can be done, at random; gives how many steps were taken."""
    taken = 0
    for _ in range(steps):
        can = [
            (case.id.removeprefix(f"{a_round.facts.round.id}."), key, name)
            for case in a_round.facts.cases.values()
            if case.ended_at is None
            for name in PEOPLE
            for key, why in a_round.options(
                case.id.removeprefix(f"{a_round.facts.round.id}."), name
            ).items()
            if not why
        ]
        if not can:
            break
        going_on = [one for one in can if one[1] not in ("missing", "withdraw")]
        less = [one for one in can if one[0] != "omgang"] if chance.random() < 0.1 else []
        case, key, name = chance.choice(less or going_on or can)
        try:
            a_round.act(case, key, name, "Skäl.")
        except WorkflowError:
            continue
        taken += 1
    return taken


def _check_mails(a_round: MemoryRound) -> int:
    """See that all who got a mail of the last decision can open its case."""
    for one in a_round.last.messages:
        found = sight(a_round, PEOPLE[one.person - 1])
        assert one.case is not None
        assert found is not None, one
        assert found.sees(a_round.facts.cases[one.case]), one
    return len(a_round.last.messages)


def _check_tasks(a_round: MemoryRound) -> int:
    """See that all who have to do with what is owed can open its case."""
    facts, definition = a_round.facts, a_round.revision.definition
    checked = 0
    for case in facts.cases.values():
        if case.ended_at is not None:
            continue
        task = facts.tasks.get(case.id)
        place = task.place if task else None
        owing = set(told_at(facts, (place,))[place]) if place else set()
        told = {
            one
            for recipient in ("holder", "superior", "leader")
            for one in (reached(definition, facts, place, recipient)[1] if place else ())
        }
        told |= {one for who in owing for one in answerers(definition, facts, task, who)}
        for number, name in enumerate(PEOPLE, 1):
            found = sight(a_round, name)
            may = _may_act(a_round, case, name)
            if number in owing or may:
                assert found is not None, (name, case.id, may)
                assert found.sees(case), (name, case.id, may)
                assert found.reads(case), (name, case.id, may)
                checked += 1
            if number in told:
                assert found is not None, (name, case.id)
                assert found.sees(case), (name, case.id)
                checked += 1
    return checked


def _may_act(a_round: MemoryRound, case: CaseFact, name: str) -> list[str]:
    """Give what somebody has a right to do, whatever else speaks against it."""
    listed = engine.options(
        a_round.revision, a_round.facts, case, a_round.actor(name), a_round.clock.now
    )
    return [one.key for one in listed if "no_right" not in {why.code for why in one.reasons}]


def test_the_oracle_has_something_to_say() -> None:
    """The property above is about rounds where some see, some read and some do neither."""
    a_round = assessed(("utan", Place("ledamot", "etik")))
    oracle = Oracle(a_round, data())

    found = [oracle.verdict(name, case) for name in PEOPLE for case in a_round.facts.cases.values()]

    assert min(found.count(word) for word in ("", "sees", "reads")) > 5


def test_a_unit_added_to_the_round_later_is_seen_from_then_on() -> None:
    """Once its copy stands in the round, the place counts."""
    a_round = begun(("utan", Place("klinikchef", "ny")))
    a_round.facts.organisation["ny"] = UnitFact(key="ny", name="Ny", kind="klinik", parent="norr")
    a_round.add("ny")

    assert {"omgang": "sees", "underlag.ny": "reads"} == seen(a_round, "utan")
