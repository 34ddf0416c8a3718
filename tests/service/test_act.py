"""A person moves a case: the answer, the refusals, and the same request twice."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.conftest import Place
from tests.service.threads import together
from tests.service.worlds import OBJEKT, ROOT, ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, Stale, WorkflowError
from workflow.service import acts, opening
from workflow.service.running import evidence

KEYS = {
    "case",
    "transition",
    "from",
    "to",
    "version",
    "entries",
    "tasks_opened",
    "on_behalf_of",
    "repeated",
}


def test_the_answer(groundwork: Stage) -> None:
    """An act answers with what came of it, and nothing else."""
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)
    before = len(evidence.log_lines(groundwork.world, ROUND))

    answer = groundwork.hand_in(unit)

    assert KEYS == set(answer)
    assert {
        "case": case,
        "transition": "lamna_in",
        "from": "utkast",
        "to": "inlamnat",
        "version": 2,
        "on_behalf_of": None,
        "entries": [before + 1],
        "tasks_opened": [f"{case}#2"],
        "repeated": False,
    } == answer


def test_the_entry_says_who_and_how(groundwork: Stage) -> None:
    """The log keeps person, way, the machine's user, the case's states and the comment."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.act(
        groundwork.case("underlag", unit), "inget", groundwork.chief(unit), comment="Inget i år."
    )

    line = evidence.log_lines(groundwork.world, ROUND)[-1]

    assert (groundwork.chief(unit), "command", "operator") == (
        line["actor"],
        line["via"],
        line["entry"]["os_user"],  # type: ignore[index]
    )
    assert ("utkast", "inlamnat", "Inget i år.") == (line["from"], line["to"], line["comment"])


def test_an_address_in_capitals_is_the_same_person(groundwork: Stage) -> None:
    """Addresses are known in upper and lower case."""
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)

    answer = groundwork.act(
        case, "inget", f" {groundwork.chief(unit).upper()} ", comment="Inget i år."
    )

    assert "inlamnat" == answer["to"]


REFUSALS = {
    "wrong person": ("lamna_in", "chief of another", NoRight, "no_right"),
    "wrong state": ("godkann", "boss", Refused, "refused"),
    "nothing filled in": ("lamna_in", "chief", Refused, "refused"),
    "no such transition": ("forinta", "chief", NotFound, "not_found"),
    "no comment": ("inget", "chief", BadInput, "bad_input"),
    "nobody": ("lamna_in", "nobody", NotFound, "not_found"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_is_written_and_nothing_else(groundwork: Stage, what: str) -> None:
    """What is turned down leaves one refusal with its code, and changes nothing."""
    transition, who, error, code = REFUSALS[what]
    unit, other = groundwork.units("verksamhet")[:2]
    emails = {
        "chief": groundwork.chief(unit),
        "chief of another": groundwork.chief(other),
        "boss": groundwork.boss(unit),
        "nobody": "ingen@prov.example",
    }
    before = groundwork.counts()

    with pytest.raises(error) as found:
        groundwork.act(groundwork.case("underlag", unit), transition, emails[who])

    assert error is found.type
    assert {**before, "refusals": 1} == groundwork.counts()
    assert [(groundwork.case("underlag", unit), ROUND, transition, code)] == groundwork.rows(
        "SELECT case_id, round_id, transition, code FROM refusals"
    )


def test_an_unknown_case_is_named(groundwork: Stage) -> None:
    """A case that is not there is said to be none, and the attempt is kept."""
    with pytest.raises(NotFound) as found:
        groundwork.act(f"{ROUND}.underlag.inget", "lamna_in", groundwork.leader)

    assert f"{ROUND}.underlag.inget" in found.value.sv
    assert 1 == groundwork.counts()["refusals"]


def test_every_reason_is_told(groundwork: Stage) -> None:
    """A refusal carries all its reasons, in both languages."""
    unit, other = groundwork.units("verksamhet")[:2]

    with pytest.raises(NoRight) as found:
        groundwork.act(groundwork.case("underlag", unit), "lamna_in", groundwork.chief(other))

    assert ["no_right", "complete"] == [reason.code for reason in found.value.reasons]
    assert all(reason.sv and reason.en for reason in found.value.reasons)


def test_a_stale_version_is_told_who_decided(groundwork: Stage) -> None:
    """Whoever saw an older version is told what stands now, by whom and when."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    groundwork.approve(unit)
    name = groundwork.rows(
        "SELECT name FROM people WHERE email = :email", email=groundwork.boss(unit)
    )

    with pytest.raises(Stale) as found:
        groundwork.approve(unit, version=2)

    current = dict(found.value.current or {})
    assert ("godkant", 3, "godkann", name[0][0]) == (
        current["state"],
        current["version"],
        current["last_transition"],
        current["by"],
    )


def test_a_decided_step_is_told_who_decided(groundwork: Stage) -> None:
    """Without a version the second is told no less than with one."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    groundwork.approve(unit)

    with pytest.raises(WorkflowError) as found:
        groundwork.approve(unit)

    current = dict(found.value.current or {})
    assert ("godkant", "godkann") == (current["state"], current["last_transition"])


def test_nobody_approves_their_own_work(groundwork: Stage) -> None:
    """Who handed in does not approve, though they hold both roles; it goes one step up."""
    unit = groundwork.units("verksamhet")[0]
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    groundwork.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'driftenhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=groundwork.parent(unit),
        email=chief,
    )
    groundwork.hand_in(unit)

    with pytest.raises(Refused) as found:
        groundwork.act(groundwork.case("underlag", unit), "godkann", chief)

    assert ["own_work"] == [reason.code for reason in found.value.reasons]
    assert "godkant" == groundwork.act(groundwork.case("underlag", unit), "godkann", boss)["to"]


def test_who_alone_could_approve_their_own_hands_it_up(groundwork: Stage) -> None:
    """Where separation of duties leaves nobody, the superior owes it, and the log says so."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    groundwork.change(
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE email = :email)"
        " WHERE role = 'driftenhetschef' AND unit = :unit",
        unit=groundwork.parent(unit),
        email=chief,
    )
    groundwork.hand_in(unit)

    line = evidence.log_lines(groundwork.world, ROUND)[-1]

    assert "medicinsk_radgivare" == line["payload"]["handed_up_to"]  # type: ignore[index]
    assert (
        "godkant"
        == groundwork.act(groundwork.case("underlag", unit), "godkann", groundwork.leader)["to"]
    )


def test_a_repeat_gives_the_first_answer(groundwork: Stage) -> None:
    """A request that comes again is answered as before, and says that it was a repeat."""
    unit = groundwork.units("verksamhet")[0]
    request = str(uuid4())
    first = groundwork.hand_in(unit, request_id=request)
    before = groundwork.counts()

    again = groundwork.hand_in(unit, request_id=request)

    assert {**first, "repeated": True} == again
    assert before == groundwork.counts()


def test_a_repeat_is_known_after_the_case_went_on(groundwork: Stage) -> None:
    """However late the repeat comes, it gets the first answer and not a refusal."""
    unit = groundwork.units("verksamhet")[0]
    request = str(uuid4())
    first = groundwork.hand_in(unit, request_id=request, version=1)
    groundwork.approve(unit)

    again = groundwork.hand_in(unit, request_id=request, version=1)

    assert {**first, "repeated": True} == again


@pytest.mark.parametrize("change", ["case", "comment", "data", "email", "transition", "version"])
def test_an_id_is_not_used_twice(groundwork: Stage, change: str) -> None:
    """The same id with anything else in the command is refused, with a reason."""
    unit, other = groundwork.units("verksamhet")[:2]
    wish = acts.Wish(
        case=groundwork.case("underlag", unit),
        transition="lamna_in",
        email=groundwork.chief(unit),
        data={"rows": OBJEKT},
        version=1,
        request_id=str(uuid4()),
    )
    acts.act(groundwork.world, wish)
    others = {
        "case": groundwork.case("underlag", other),
        "comment": "Annat",
        "data": {},
        "email": groundwork.boss(unit),
        "transition": "inget",
        "version": None,
    }

    with pytest.raises(Refused) as found:
        acts.act(groundwork.world, replace(wish, **{change: others[change]}))

    assert ["request_used"] == [reason.code for reason in found.value.reasons]


def test_two_identical_requests_at_once_are_one_act(place: Place, groundwork: Stage) -> None:
    """A double click by two ways at the same instant moves the case once."""
    unit = groundwork.units("verksamhet")[0]
    request = str(uuid4())
    second = groundwork.another(place.open())

    found = together(
        lambda: groundwork.hand_in(unit, request_id=request),
        lambda: second.hand_in(unit, request_id=request),
    )

    assert [False, True] == sorted(answer["repeated"] for answer in found)  # type: ignore[index]
    assert 1 == len({str({**answer, "repeated": 0}) for answer in found})  # type: ignore[dict-item]
    assert True is evidence.prove(groundwork.world).ok


def test_one_id_for_two_rounds_at_once_is_one_act(place: Place, groundwork: Stage) -> None:
    """Rounds run in parallel; an id used for both at once serves one and is refused the other."""
    opening.open_round(groundwork.world, groundwork.revision, year=2011)
    other = groundwork.another(place.open())
    secretary = groundwork.holder("sekreterare", groundwork.units("landstingsstyrelse")[0])
    request = str(uuid4())

    for _ in range(5):
        found = together(
            lambda: groundwork.act(
                ROOT, "withdraw", groundwork.leader, comment="Inställt", request_id=request
            ),
            lambda: other.act(
                "prioritering-2011.omgang", "faststall", secretary, request_id=request
            ),
        )

    kinds = sorted(type(answer).__name__ for answer in found)
    assert ["Refused", "dict"] == kinds
    assert 1 == groundwork.counts()["requests"]
    assert True is evidence.prove(groundwork.world).ok
