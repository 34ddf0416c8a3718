"""Standing in for somebody: appointed, acting, told, and over at the next command."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Place as Site
from tests.service.threads import together
from tests.service.worlds import OBJEKT, ROUND, Photo, Stage, local
from tests.support.clock import Clock
from tests.support.definitions import HEAD, case_of, revision_of
from tests.support.organisation import email as address_of
from tests.support.organisation import write_organisation
from tests.support.worlds import open_world
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, WorkflowError
from workflow.service import acts, clockwork, extending, opening, views
from workflow.service.people import substituting
from workflow.service.people.substituting import Appointment
from workflow.service.running import evidence
from workflow.store.database import Database

TODAY = date(2008, 12, 3)


def appoint(
    stage: Stage,
    person: str,
    by: str,
    first: date = TODAY,
    last: date | None = None,
    *,
    email: str | None = None,
    role: str | None = None,
    unit: str | None = None,
) -> int:
    """Let somebody stand in, for 120 days when nothing is said; gives the number."""
    wish = Appointment(
        person=person,
        by=by,
        from_on=first,
        to_on=last or first + timedelta(days=119),
        role=role,
        unit=unit,
    )
    return int(substituting.appoint(stage.world, wish, email=email)["substitution"])


def two_units(stage: Stage) -> tuple[str, str]:
    """Give two verksamheter with chiefs of their own, under one driftenhet."""
    first, *others = stage.units("verksamhet")
    return first, next(one for one in others if stage.parent(one) == stage.parent(first))


def hand_in_as(stage: Stage, unit: str, email: str, **more: Any) -> dict[str, Any]:
    return stage.act(stage.case("underlag", unit), "lamna_in", email, data={"rows": OBJEKT}, **more)


def hand_in_as_for(stage: Stage, unit: str, email: str, behalf: str) -> dict[str, Any]:
    wish = acts.Wish(
        case=stage.case("underlag", unit),
        transition="lamna_in",
        email=email,
        on_behalf_of=behalf,
        data={"rows": OBJEKT},
    )
    return acts.act(stage.world, wish)


def mails(stage: Stage) -> dict[str, str]:
    """Send what waits; give the text of each mail by address, the last one's."""
    for file in stage.outbox.glob("*"):
        file.unlink()
    stage.post()
    found = {}
    for file in sorted(stage.outbox.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        found[str(mail["To"]).split("<")[-1].strip(">")] = " ".join(body.get_content().split())
    return found


def name_of(stage: Stage, email: str) -> str:
    return str(stage.rows("SELECT name FROM people WHERE email = :who", who=email)[0][0])


# ---- acting ----------------------------------------------------------------------------


def test_a_substitute_acts_for_the_one_who_is_away(groundwork: Stage) -> None:
    """The answer, the log and the timeline name both; the log still verifies."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    appoint(groundwork, away, by, email=away)

    answer = hand_in_as(groundwork, unit, by)

    line = evidence.log_lines(groundwork.world, ROUND)
    (entry,) = [one for one in line if one["transition"] == "lamna_in"]
    (event,) = [
        one
        for one in views.timeline(groundwork.world, ROUND)
        if one["event"] == "transition" and one["detail"]["transition"] == "lamna_in"
    ]
    assert (away, "inlamnat") == (answer["on_behalf_of"], answer["to"])
    assert (by, away) == (entry["actor"], entry["on_behalf_of"])
    assert (by, away) == (event["actor"], event["detail"]["on_behalf_of"])
    assert evidence.prove(groundwork.world).ok


def test_the_holder_acts_in_their_own_name(groundwork: Stage) -> None:
    """Who is stood in for may act meanwhile, and whoever holds a role themselves does not
    act for another who holds it, unless they say so."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    appoint(groundwork, away, by)

    assert hand_in_as(groundwork, unit, away)["on_behalf_of"] is None
    assert hand_in_as(groundwork, other, by)["on_behalf_of"] is None


def test_tasks_list_those_of_whom_one_stands_in_for(groundwork: Stage) -> None:
    """One's own and theirs, each saying for whom; the buttons are those of the engine."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    before = {one["unit"] for one in views.task_list(groundwork.world, email=by)}
    appoint(groundwork, away, by)

    listed = {one["unit"]: one for one in views.task_list(groundwork.world, email=by)}

    assert before == {other}
    assert {unit, other} == set(listed)
    assert ([away], []) == (listed[unit]["on_behalf_of"], listed[other]["on_behalf_of"])
    assert [away] == listed[unit]["holders"]
    able = {one["key"] for one in listed[unit]["transitions"] if one["allowed"]}
    assert "inget" in able


def test_for_whom_is_said_when_there_are_several(groundwork: Stage) -> None:
    """`--for` chooses; who is nobody's substitute is told so; oneself is oneself."""
    unit, other = two_units(groundwork)
    one, two = groundwork.chief(unit), groundwork.chief(other)
    by = groundwork.holder("sekreterare")
    appoint(groundwork, one, by)

    with pytest.raises(NoRight) as caught:
        hand_in_as_for(groundwork, unit, by, two)
    with pytest.raises(NoRight):
        hand_in_as_for(groundwork, unit, by, by)
    with pytest.raises(NotFound):
        hand_in_as_for(groundwork, unit, by, "ingen@alls.example")
    answer = hand_in_as_for(groundwork, unit, by, one)

    assert f"Du är inte ersättare för {name_of(groundwork, two)} just nu." in caught.value.sv
    assert one == answer["on_behalf_of"]


def test_the_one_who_was_first_is_named_with_both_names(groundwork: Stage) -> None:
    """Who comes too late is told "X för Y"."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    appoint(groundwork, away, by)
    hand_in_as(groundwork, unit, by)

    with pytest.raises(Refused) as caught:
        hand_in_as(groundwork, unit, away)

    names = f"{name_of(groundwork, by)} för {name_of(groundwork, away)}"
    assert names == (caught.value.current or {})["by"]


def test_separation_of_duties_sees_through_it(groundwork: Stage) -> None:
    """Who handed in does not approve in the boss's name, nor the boss what was handed in by
    them in the chief's name."""
    unit, other = two_units(groundwork)
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    case = groundwork.case("underlag", unit)
    appoint(groundwork, boss, chief)
    groundwork.hand_in(unit)

    with pytest.raises(Refused) as caught:
        groundwork.act(case, "godkann", chief)
    appoint(groundwork, groundwork.chief(other), boss)
    hand_in_as(groundwork, other, boss)
    with pytest.raises(Refused):
        groundwork.act(groundwork.case("underlag", other), "godkann", boss)

    assert ["own_work"] == [one.code for one in caught.value.reasons]


def test_who_stands_in_for_the_one_who_owes_gives_them_no_more_days(groundwork: Stage) -> None:
    """A boss who is the chief's substitute has the task themselves: the next above answers."""
    unit, _ = two_units(groundwork)
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    task = f"{groundwork.case('underlag', unit)}#1"
    appoint(groundwork, chief, boss)
    asked = extending.ask(groundwork.world, task, date(2009, 3, 6), reason="Sjukdom", email=boss)

    with pytest.raises(Refused) as caught:
        extending.grant(groundwork.world, task, None, reason="Gärna", email=boss)

    assert ["own_extension"] == [one.code for one in caught.value.reasons]
    assert [groundwork.leader] == asked["asked_of"]
    extending.grant(groundwork.world, task, None, reason="Gärna", email=groundwork.leader)


# ---- from when to when -----------------------------------------------------------------


def test_it_holds_from_the_first_day_to_the_end_of_the_last(groundwork: Stage) -> None:
    """Local midnights: not the minute before, not the minute after."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    appoint(groundwork, away, by, date(2009, 1, 7), date(2009, 1, 9))
    seen = []

    for day, clock in [
        ("2009-01-06", "23:59"),
        ("2009-01-07", "00:00"),
        ("2009-01-09", "23:59"),
        ("2009-01-10", "00:00"),
    ]:
        groundwork.put(day, clock)
        seen.append(len(views.task_list(groundwork.world, email=by)))

    assert [1, 2, 2, 1] == seen


def test_it_ends_at_the_next_command(groundwork: Stage) -> None:
    """Ended: no task is seen and nothing can be done; in the log stands who ended it."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    key = appoint(groundwork, away, by)

    told = substituting.end(groundwork.world, key, email=away)

    with pytest.raises(NoRight):
        hand_in_as(groundwork, unit, by)
    assert [other] == [one["unit"] for one in views.task_list(groundwork.world, email=by)]
    assert (away, by) == (told["person"], told["substitute"])
    given, ended = evidence.log_lines(groundwork.world, "installation")[-2:]
    assert (None, away) == (given["actor"], ended["actor"])
    assert ("substitute", "substitute_ended") == (given["kind"], ended["kind"])
    assert {"substitution": key} == ended["payload"]
    assert evidence.prove(groundwork.world).ok


def test_it_ends_with_the_role_behind_it(groundwork: Stage) -> None:
    """When the one who is away is chief no more, nothing is left of it."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    appoint(groundwork, away, by)
    groundwork.end_grant("verksamhetschef", unit)

    with pytest.raises(NoRight):
        hand_in_as(groundwork, unit, by)


def test_it_is_ended_once(groundwork: Stage) -> None:
    """A second end, or one after its time, is refused with the reason."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    ended = appoint(groundwork, away, by)
    past = appoint(groundwork, away, by, TODAY, TODAY)
    substituting.end(groundwork.world, ended)
    groundwork.put("2008-12-04")

    for key, word in ((ended, "redan avslutat"), (past, "gick ut ons 3 dec 2008")):
        with pytest.raises(Refused, match=word):
            substituting.end(groundwork.world, key)
    with pytest.raises(NotFound):
        substituting.end(groundwork.world, 4711)


def test_the_list_tells_what_holds(groundwork: Stage) -> None:
    """Current and coming; with everything also what is over. A person sees their own."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    boss, secretary = groundwork.boss(unit), groundwork.holder("sekreterare")
    appoint(groundwork, away, by, TODAY, TODAY)
    substituting.end(groundwork.world, appoint(groundwork, away, boss))
    appoint(groundwork, away, by, date(2009, 1, 7))
    appoint(groundwork, boss, secretary)
    groundwork.put("2008-12-04")

    def states(**asked: Any) -> list[tuple[str, str]]:
        found = substituting.substitute_list(groundwork.world, **asked)
        return [(one["substitute"], one["state"]) for one in found]

    assert [(secretary, "current"), (by, "coming")] == states()
    assert [(by, "past"), (boss, "ended"), (by, "coming")] == states(email=away, everything=True)
    assert [(by, "coming")] == states(email=by)
    assert [(secretary, "current")] == states(email=secretary)


# ---- who may appoint -------------------------------------------------------------------


def test_who_may_appoint(groundwork: Stage) -> None:
    """The person, the operator, and the superior for one role at one unit. Nobody else."""
    unit, other = two_units(groundwork)
    away, by, boss = groundwork.chief(unit), groundwork.chief(other), groundwork.boss(unit)
    one = {"role": "verksamhetschef", "unit": unit}

    appoint(groundwork, away, by, email=away)
    appoint(groundwork, away, by)
    appoint(groundwork, away, by, email=boss, **one)
    for email, more in [
        (boss, {}),
        (boss, {"role": "verksamhetschef"}),
        (boss, {"unit": unit}),
        (by, {}),
        (by, one),
        (groundwork.leader, one),
        (groundwork.holder("sekreterare"), one),
    ]:
        with pytest.raises(NoRight):
            appoint(groundwork, away, by, email=email, **more)


def test_a_superior_does_not_appoint_themselves(groundwork: Stage) -> None:
    """The superior is told and may appoint, but takes no rights that were not granted."""
    unit, _ = two_units(groundwork)
    away, boss = groundwork.chief(unit), groundwork.boss(unit)

    with pytest.raises(NoRight):
        appoint(groundwork, away, boss, email=boss, role="verksamhetschef", unit=unit)
    appoint(groundwork, away, boss, email=away, role="verksamhetschef", unit=unit)


def test_a_superior_of_another_unit_does_not_appoint(groundwork: Stage) -> None:
    """Nor one whose own superior right is only lent, nor when no round is under way."""
    unit, other = two_units(groundwork)
    away, by, boss = groundwork.chief(unit), groundwork.chief(other), groundwork.boss(unit)
    one = {"role": "verksamhetschef", "unit": unit}
    another = next(
        groundwork.holder("driftenhetschef", key)
        for key in groundwork.units("driftenhet")
        if groundwork.holder("driftenhetschef", key) != boss
    )
    secretary = groundwork.holder("sekreterare")
    appoint(groundwork, boss, secretary)

    for email in (another, secretary):
        with pytest.raises(NoRight):
            appoint(groundwork, away, by, email=email, **one)
    groundwork.change("UPDATE rounds SET closed_at = opened_at")
    with pytest.raises(NoRight):
        appoint(groundwork, away, by, email=boss, **one)


def test_what_is_lent_is_not_passed_on(groundwork: Stage) -> None:
    """A substitute appoints nobody for the one who is away, and their own substitute gets
    what is theirs alone."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    third = groundwork.holder("sekreterare")
    appoint(groundwork, away, by)
    appoint(groundwork, by, third)

    with pytest.raises(NoRight):
        appoint(groundwork, away, third, email=by)
    with pytest.raises(NoRight):
        hand_in_as(groundwork, unit, third)
    assert other == hand_in_as(groundwork, other, third)["case"].rpartition(".")[2]


def test_who_may_end(groundwork: Stage) -> None:
    """Both of them, the operator, and the superior of a role at a unit; nobody else."""
    unit, other = two_units(groundwork)
    away, by, boss = groundwork.chief(unit), groundwork.chief(other), groundwork.boss(unit)
    one = {"role": "verksamhetschef", "unit": unit}

    for email in (away, by, None):
        substituting.end(groundwork.world, appoint(groundwork, away, by), email=email)
    substituting.end(groundwork.world, appoint(groundwork, away, by, **one), email=boss)
    for email, more in [(boss, {}), (groundwork.holder("sekreterare"), one)]:
        with pytest.raises(NoRight):
            substituting.end(groundwork.world, appoint(groundwork, away, by, **more), email=email)


# ---- what is refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "word"),
    [
        ({"from_on": TODAY - timedelta(days=1)}, BadInput, "det har varit"),
        ({"to_on": TODAY - timedelta(days=1)}, BadInput, "före första dagen"),
        ({"to_on": TODAY + timedelta(days=400)}, BadInput, "högst ett år"),
        ({"from_on": date(9998, 1, 1), "to_on": date(9999, 1, 1)}, BadInput, "går inte"),
        ({"by": "SELF"}, BadInput, "ersättare för sig själv"),
        ({"person": "ingen@alls.example"}, NotFound, "Ingen person har"),
        ({"by": "NEAR"}, NotFound, "Menade du"),
        ({"role": "verksamhetschefen"}, NotFound, r"Menade du verksamhetschef\?"),
        ({"role": "sekreterare"}, NotFound, "Det som finns: verksamhetschef"),
        ({"unit": "ingenstans"}, NotFound, "Det finns ingen enhet ingenstans"),
        ({"unit": "OTHER"}, NotFound, "har inte vid"),
    ],
)
def test_what_is_refused(
    groundwork: Stage, change: dict[str, Any], error: type[WorkflowError], word: str
) -> None:
    """Each with the reason and the nearest name, and nothing is written."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    words = {"SELF": away.upper(), "NEAR": f"x{by}", "OTHER": other}
    given: dict[str, Any] = {
        **{"person": away, "by": by, "from_on": TODAY, "to_on": TODAY},
        **{key: words.get(value, value) for key, value in change.items()},
    }
    before = groundwork.everything()

    with pytest.raises(error, match=word):
        substituting.appoint(groundwork.world, Appointment(**given))

    assert before == groundwork.everything()


def test_one_who_holds_nothing_is_not_stood_in_for(groundwork: Stage) -> None:
    """There is nothing to lend on those days."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    groundwork.end_grant("verksamhetschef", unit)

    with pytest.raises(NotFound, match=r"har inte någon roll de dagarna. Det som finns: inget."):
        appoint(groundwork, away, by)


# ---- who is told -----------------------------------------------------------------------


def test_both_get_the_mail(groundwork: Stage) -> None:
    """The one who is away goes on getting theirs; the substitute's says for whom."""
    unit, other = two_units(groundwork)
    boss, by = groundwork.boss(unit), groundwork.chief(other)
    appoint(groundwork, boss, by)
    mails(groundwork)

    groundwork.hand_in(unit)
    told = mails(groundwork)

    assert {boss, by} == set(told)
    words = f"ersättare för {name_of(groundwork, boss)}."
    assert words in told[by]
    assert words not in told[boss]
    assert "har också uppgiften" not in told[by]


def test_a_return_says_who_did_it_for_whom(groundwork: Stage) -> None:
    """The chief and their substitute read both names."""
    unit, other = two_units(groundwork)
    boss, by, chief = groundwork.boss(unit), groundwork.chief(other), groundwork.chief(unit)
    third = groundwork.holder("sekreterare")
    appoint(groundwork, boss, by)
    appoint(groundwork, chief, third)
    groundwork.hand_in(unit)
    mails(groundwork)

    groundwork.act(groundwork.case("underlag", unit), "aterlamna", by,
                   data={"questions": ["Hur många?"]})  # fmt: skip
    told = mails(groundwork)

    names = f"{name_of(groundwork, by)} för {name_of(groundwork, boss)}"
    assert {chief, third} == set(told)
    assert all(f"tillbaka till dig från {names}" in text for text in told.values())
    assert f"Du är ersättare för {name_of(groundwork, chief)}." in told[third]


def test_reminders_and_escalations_reach_substitutes(groundwork: Stage) -> None:
    """The holder's rungs reach the chief's, the superior's rungs the boss's."""
    unit, other = two_units(groundwork)
    chief, boss = groundwork.chief(unit), groundwork.boss(unit)
    one, two = groundwork.chief(other), groundwork.holder("sekreterare")
    appoint(groundwork, chief, one)
    appoint(groundwork, boss, two)
    task = f"{groundwork.case('underlag', unit)}#1"
    mails(groundwork)

    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    reminded = {who for _, recipient, who in groundwork.reminders(task) if recipient == "holder"}
    told = mails(groundwork)
    groundwork.put("2009-03-04")
    clockwork.tick(groundwork.world)
    climbed = {who for _, recipient, who in groundwork.reminders(task) if recipient == "superior"}
    later = mails(groundwork)

    assert {chief, one} == reminded
    assert {boss, two} == climbed
    assert f"Du är ersättare för {name_of(groundwork, chief)}." in told[one]
    assert f"Du är ersättare för {name_of(groundwork, boss)}." in later[two]


def test_a_digest_whose_substitution_has_ended_says_nothing_of_it(groundwork: Stage) -> None:
    """Ended between composing and sending: what was for the other is left out, and a mail
    with nothing left is withdrawn."""
    unit, other = two_units(groundwork)
    chief, one = groundwork.chief(unit), groundwork.chief(other)
    two = groundwork.holder("sekreterare")
    keys = [appoint(groundwork, chief, by) for by in (one, two)]
    mails(groundwork)
    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    for key in keys:
        substituting.end(groundwork.world, key)

    told = mails(groundwork)

    assert two not in told
    assert "ersättare" not in told[one]
    assert {chief, one} <= set(told)


def test_an_assignment_whose_substitution_has_ended_is_withdrawn(groundwork: Stage) -> None:
    """It was put for the one who is away; the substitute has nothing to do with it now."""
    unit, other = two_units(groundwork)
    boss, by = groundwork.boss(unit), groundwork.chief(other)
    key = appoint(groundwork, boss, by)
    mails(groundwork)
    groundwork.hand_in(unit)
    substituting.end(groundwork.world, key)

    assert {boss} == set(mails(groundwork))


# ---- signing ---------------------------------------------------------------------------

SIGNED = HEAD + case_of(
    '[case.omgang.state.a]\ntitle = "A"\nby = "justerare"\nbody = "namnd"\n'
    'transition.justera = { title = "J", to = "klar", signatures = 2 }\n'
)


def test_a_signature_by_a_substitute_is_kept_with_both_names(
    database: Database, tmp_path: Path
) -> None:
    """It is the person's one signature; neither of the two gives the second, and the log
    explains the row: who signed, and who for them."""
    clock = Clock(local("2009-03-02"))
    world = open_world(database, write_organisation(tmp_path / "org"), clock)
    root = f"{opening.open_round(world, revision_of(SIGNED, head=''), year=2010)['round']}.omgang"
    day = date(2009, 3, 2)
    for by in ("utan", "jon"):
        wish = Appointment(person=address_of("jana"), by=address_of(by), from_on=day, to_on=day)
        substituting.appoint(world, wish)

    def sign(name: str, behalf: str | None = None) -> str:
        absent = address_of(behalf) if behalf else None
        wish = acts.Wish(
            case=root, transition="justera", email=address_of(name), on_behalf_of=absent
        )
        return str(acts.act(world, wish)["to"])

    first = sign("utan")
    for name, behalf in (("jana", None), ("utan", None), ("jon", "jana")):
        with pytest.raises(Refused) as caught:
            sign(name, behalf)
        assert ["signed_already"] == [one.code for one in caught.value.reasons]
    proof = evidence.prove(world)
    with database.read() as connection:
        kept = connection.execute(
            text(
                "SELECT signer.email, pen.email FROM signatures JOIN people AS signer ON"
                " signer.id = person_id JOIN people AS pen ON pen.id = signed_by"
            )
        ).all()
    second = sign("jon")

    assert ("a", "klar") == (first, second)
    assert [(address_of("jana"), address_of("utan"))] == [tuple(row) for row in kept]
    assert proof.ok, proof.problems


# ---- the log and the table -------------------------------------------------------------

EDITS = {
    "longer": "UPDATE substitutions SET to_on = '2030-01-01'",
    "earlier": "UPDATE substitutions SET from_on = '2008-01-01'",
    "somebody else": "UPDATE substitutions SET substitute_id = 1",
    "for somebody else": "UPDATE substitutions SET person_id = 2",
    "of one role": "UPDATE substitutions SET role = 'ledare'",
    "of one unit": "UPDATE substitutions SET unit = (SELECT min(key) FROM units)",
    "given before": "UPDATE substitutions SET given_at = '2001-01-01 00:00:00.000000'",
    "revived": "UPDATE substitutions SET ended_at = NULL",
    "ended": "UPDATE substitutions SET ended_at = '2008-12-04 00:00:00.000000'",
    "gone": "DELETE FROM substitutions",
    "one more": "INSERT INTO substitutions (id, person_id, substitute_id, from_on, to_on, given_at)"
    " SELECT id + 100, person_id, substitute_id, from_on, to_on, given_at FROM substitutions",
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_log_does_not_explain_is_found(groundwork: Stage, edit: str) -> None:
    """A substitution past the program is seen by the proof of the log."""
    unit, other = two_units(groundwork)
    away, by = groundwork.chief(unit), groundwork.chief(other)
    substituting.end(groundwork.world, appoint(groundwork, away, by))
    appoint(groundwork, away, by, role="verksamhetschef", unit=unit)
    before = evidence.prove(groundwork.world)

    groundwork.change(EDITS[edit])

    assert before.ok
    assert any("ersättare" in one.problem for one in evidence.prove(groundwork.world).problems)


# ---- at the same time ------------------------------------------------------------------


def test_ended_twice_at_once_is_ended_once(
    place: Site, photos: dict[str, Photo], tmp_path: Any
) -> None:
    """One of two wins; the log has one line of it and verifies."""
    stage = photos["groundwork"].develop(place.open(), tmp_path)
    unit, other = two_units(stage)
    key = appoint(stage, stage.chief(unit), stage.chief(other))
    stages = [stage.another(place.open()) for _ in range(4)]

    def ending(one: Stage) -> Callable[[], object]:
        return lambda: substituting.end(one.world, key)

    outcomes = together(*(ending(one) for one in stages))

    assert 1 == sum(1 for one in outcomes if not isinstance(one, Exception))
    assert evidence.prove(stage.world).ok
