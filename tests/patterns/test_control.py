"""The control-flow patterns: each promise of docs/howto/patterns, walked in a database."""

from collections.abc import Callable
from datetime import date
from itertools import combinations

import pytest

from tests.patterns.playing import Played
from workflow.core.errors import BadInput, NoRight, Refused
from workflow.service import clockwork, moving, views
from workflow.service.running import evidence

Begin = Callable[..., Played]


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """Give the codes of what was refused."""
    return [reason.code for reason in caught.value.reasons]


# ---- 1 to 5: one thing after another, side by side, one or the other ---------------------


def test_a_sequence_takes_its_steps_in_order(begin: Begin) -> None:
    """The second step cannot be taken before the first, and nobody has it before then."""
    played = begin("01-sequence")
    with pytest.raises(Refused) as early:
        played.move("remissvar", "skicka", "kanslichef")
    first = played.owing("remissvar")

    to = played.move("remissvar", "lamna", "utredare")
    then = played.owing("remissvar")
    end = played.move("remissvar", "skicka", "kanslichef")

    assert ["wrong_state"] == codes(early)
    assert ("granskas", "skickat") == (to, end)
    assert ({played.holder("utredare")}, {played.holder("kanslichef")}) == (first, then)
    assert not played.is_open


@pytest.mark.parametrize("order", [("barn", "trafik", "kostnad"), ("kostnad", "trafik", "barn")])
def test_a_parallel_split_begins_all_at_once(begin: Begin, order: tuple[str, ...]) -> None:
    """Three kinds are opened at the same instant, and finished in any order."""
    who = {"barn": "skolchef", "trafik": "trafikplanerare", "kostnad": "ekonom"}
    played = begin("02-parallel-split")
    opened = played.rows("SELECT DISTINCT opened_at FROM cases")
    owing = {kind: played.owing(kind) for kind in who}

    for kind in order:
        played.move(kind, "klar", who[kind])

    assert 1 == len(opened)
    assert {kind: {played.holder(role)} for kind, role in who.items()} == owing
    assert ("utredd", False) == (played.state, played.is_open)


def test_a_synchronization_waits_for_the_last(begin: Begin) -> None:
    """All but one are not enough; the last one opens the next step, once."""
    played = begin("03-synchronization", units=3)
    *others, last = played.units("forvaltning")
    for unit in others:
        played.move(f"siffror.{unit}", "lamna", "forvaltningschef")
    before = played.state

    played.move(f"siffror.{last}", "lamna", "forvaltningschef")

    assert ("samlas", "sammanstalls") == (before, played.state)
    assert 1 == len(views.task_list(played.world, round_id=played.round))


@pytest.mark.parametrize(
    ("way", "end", "other"), [("bevilja", "beviljad", "avsla"), ("avsla", "avslagen", "bevilja")]
)
def test_an_exclusive_choice_takes_one_way(begin: Begin, way: str, end: str, other: str) -> None:
    """Whichever is chosen, the other is closed."""
    played = begin("04-exclusive-choice")

    to = played.move("ansokan", way, "fritidschef", comment="Ryms i ramen.")

    assert end == to
    with pytest.raises(Refused) as closed:
        played.move("ansokan", other, "fritidschef", comment="Ångrar mig.")
    assert ["wrong_state"] == codes(closed)


def test_an_exclusive_choice_may_ask_for_a_reason(begin: Begin) -> None:
    """A refusal without a reason is turned down, and nothing has moved."""
    played = begin("04-exclusive-choice")

    with pytest.raises(BadInput):
        played.move("ansokan", "avsla", "fritidschef")

    assert "provas" == played.state


def test_a_simple_merge_has_a_short_way(begin: Begin) -> None:
    """By the service a proposal comes to its step at once."""
    digital = begin("05-simple-merge")
    digital.move("forslag", "digitalt", "registrator")

    assert ("bereds", {digital.holder("kanslichef")}) == (digital.state, digital.owing("forslag"))


def test_a_simple_merge_has_a_long_way_to_the_same_step(begin: Begin) -> None:
    """On paper there is one stop more, and then the same step with the same task."""
    paper = begin("05-simple-merge")
    first = paper.move("forslag", "papper", "registrator")

    second = paper.move("forslag", "skannat", "registrator")

    assert ("skannas", "bereds") == (first, second)
    assert {paper.holder("kanslichef")} == paper.owing("forslag")


# ---- 6, 7, 9, 30, 34: some of several -----------------------------------------------------


@pytest.mark.parametrize("some", [(0,), (1, 2), (0, 1, 2)])
def test_a_multi_choice_opens_exactly_what_was_chosen(begin: Begin, some: tuple[int, ...]) -> None:
    """One, two or all of the councils get a case; no other does."""
    played = begin("06-multi-choice")
    chosen = [played.units("rad")[number] for number in some]

    played.move("plan", "fraga", "planchef", data={"choose": chosen})

    assert dict.fromkeys(chosen, "skrivs") == played.standing("yttrande")


def test_a_multi_choice_that_is_not_made_is_all(begin: Begin) -> None:
    """Whoever says nothing about whom gets all of them."""
    played = begin("06-multi-choice")

    played.move("plan", "fraga", "planchef")

    assert set(played.units("rad")) == set(played.standing("yttrande"))


def test_a_multi_choice_of_none_is_told(begin: Begin) -> None:
    """Waiting for nothing is an incident at once; the leader adds a council, and it goes on."""
    played = begin("06-multi-choice")
    played.move("plan", "fraga", "planchef", data={"choose": []})
    told = [one["kind"] for one in views.incident_list(played.world)]
    late = played.units("rad")[0]
    played.add(late, played.leads)

    played.move(f"yttrande.{late}", "lamna", "ordforande")

    assert ["nothing_to_wait_for"] == told
    assert ("antagen", []) == (played.state, views.incident_list(played.world))


def test_a_multi_choice_is_among_what_there_is(begin: Begin) -> None:
    """Something that is no council is turned down, and nothing has moved."""
    played = begin("06-multi-choice")

    with pytest.raises(BadInput):
        played.move("plan", "fraga", "planchef", data={"choose": ["finns_inte"]})

    assert "ritas" == played.state


@pytest.mark.parametrize("asked", [1, 2])
def test_a_synchronizing_merge_waits_for_the_chosen(begin: Begin, asked: int) -> None:
    """It goes on with the last of those who were asked; the others are never waited for."""
    played = begin("07-synchronizing-merge")
    chosen = played.units("remissinstans")[:asked]
    played.move("tillstand", "remittera", "handlaggare", data={"choose": chosen})
    seen = []

    for unit in chosen:
        seen.append(played.state)
        played.move(f"svar.{unit}", "svara", "kontakt")

    assert ["remiss"] * asked == seen
    assert "beslut" == played.state


def test_a_discriminator_takes_the_first_answer(begin: Begin) -> None:
    """The rest are withdrawn with their tasks, and a second answer comes too late."""
    played = begin("09-discriminator")
    teams = played.units("jourlag")
    played.move("fraga", "fraga", "verksamhetschef", data={"choose": teams})

    played.move(f"svar.{teams[1]}", "ta", "bakjour")

    expected = dict.fromkeys(teams, "withdrawn") | {teams[1]: "ja"}
    assert ("tagen", expected) == (played.state, played.standing("svar"))
    assert [] == views.task_list(played.world)
    with pytest.raises(Refused):
        played.move(f"svar.{teams[0]}", "ta", "bakjour")


@pytest.mark.parametrize("some", list(combinations(("juridik", "miljo", "ekonomi"), 2)))
def test_a_partial_join_takes_any_two_of_three(begin: Begin, some: tuple[str, str]) -> None:
    """One is not enough; two are, whichever two; the third is withdrawn."""
    who = {"juridik": "jurist", "miljo": "miljostrateg", "ekonomi": "ekonom"}
    played = begin("30-partial-join")
    played.move(some[0], "lamna", who[some[0]])
    before = played.state

    played.move(some[1], "lamna", who[some[1]])

    (left,) = set(who) - set(some)
    assert ("utlatanden", "klart") == (before, played.state)
    assert ["withdrawn"] == list(played.standing(left).values())


def test_a_partial_join_of_instances_takes_a_share(begin: Begin) -> None:
    """Six of nine are two thirds, five are not; a missing one is no answer."""
    played = begin("34-partial-join-of-instances", units=9)
    first, *others = played.units("distrikt")
    for unit in others[:5]:
        played.move(f"yttrande.{unit}", "lamna", "ordforande")
    five = played.state
    played.end(first, "missing", played.leads)
    missing = played.state

    played.move(f"yttrande.{others[5]}", "lamna", "ordforande")

    assert ("yttranden", "yttranden", "beredd") == (five, missing, played.state)


# ---- 10, 11: round and round, and the end ------------------------------------------------


def test_a_cycle_within_a_case_goes_as_often_as_it_takes(begin: Begin) -> None:
    """Back and forth twice between writer and reviewer."""
    played = begin("10-cycles", units=2)
    case = f"bidrag.{played.units('enhet')[0]}"

    way = []
    for lap in (1, 2):
        answers = {} if lap == 1 else {"answers": {"1": "Svar."}}
        way.append(played.move(case, "granska", "enhetschef", data=answers))
        way.append(played.move(case, "ater", "forvaltningschef", data={"questions": ["Vad?"]}))

    assert ["granskas", "skrivs"] * 2 == way


def test_a_cycle_from_the_whole_down_to_one(begin: Begin) -> None:
    """The whole goes back to one unit that had ended, twice; the other stays ended."""
    played = begin("10-cycles", units=2)
    first, second = played.units("enhet")

    def deliver(unit: str, **more: object) -> None:
        played.move(f"bidrag.{unit}", "granska", "enhetschef", **more)
        played.move(f"bidrag.{unit}", "lamna", "forvaltningschef")

    deliver(first)
    deliver(second)
    seen = []
    for lap in ("1", "2"):
        back = {"pick": [first], "questions": ["Varför?"]}
        played.move("plan", "tillbaka", "forvaltningschef", data=back)
        seen.append((played.state, played.standing("bidrag")))
        deliver(first, data={"answers": {lap: "Därför."}})

    assert [("samlas", {first: "skrivs", second: "lamnat"})] * 2 == seen
    assert "faststalld" == played.move("plan", "faststall", "forvaltningschef")


@pytest.mark.parametrize("order", [("invigning", "film"), ("film", "invigning")])
def test_a_round_closes_when_nothing_is_left(begin: Begin, order: tuple[str, str]) -> None:
    """Neither of the two ends it alone; the last one does, whichever it is."""
    does = {"invigning": ("hall", "kommunchef"), "film": ("publicera", "kommunikator")}
    played = begin("11-implicit-termination")
    played.move(order[0], *does[order[0]])
    half = played.is_open

    played.move(order[1], *does[order[1]])

    assert (True, False) == (half, played.is_open)


# ---- 12 to 15: several of a kind ---------------------------------------------------------


def test_instances_without_waiting_go_on_by_themselves(begin: Begin) -> None:
    """The decision is taken with no meeting held, and the meetings can still be held."""
    played = begin("12-instances-without-waiting", units=3)
    units = played.units("enhet")
    to = played.move("forslag", "besluta", "hr_chef")
    left = played.standing("information")

    for unit in units:
        played.move(f"information.{unit}", "hall", "enhetschef")

    assert ("beslutad", dict.fromkeys(units, "planeras")) == (to, left)
    assert not played.is_open


@pytest.mark.parametrize("units", [1, 8])
def test_instances_of_design_time_are_as_many_as_written(begin: Begin, units: int) -> None:
    """Three, whatever the organisation's size; all three are waited for."""
    played = begin("13-instances-design-time", units=units)
    three = [*played.units("ekonomi"), *played.units("juridik"), *played.units("miljo")]
    opened = played.standing("granskning")
    seen = []

    for unit in three:
        seen.append(played.state)
        played.move(f"granskning.{unit}", "klar", "granskare")

    assert (3, dict.fromkeys(three, "pagar")) == (len(three), opened)
    assert (["granskas"] * 3, "granskad") == (seen, played.state)


@pytest.mark.parametrize("schools", [1, 2, 9])
def test_instances_of_run_time_are_as_many_as_there_are(begin: Begin, schools: int) -> None:
    """One and the same definition: a report for each school, closed with the last."""
    played = begin("14-instances-run-time", units=schools)
    opened = played.standing("rapport")

    for unit in played.units("skola"):
        played.move(f"rapport.{unit}", "lamna", "rektor")

    assert schools == len(opened)
    assert ("klart", False) == (played.state, played.is_open)


def test_instances_are_added_while_others_are_waited_for(begin: Begin) -> None:
    """One by one; each is waited for; none when the step is over."""
    played = begin("15-instances-later")
    first, second, third = played.units("markagare")
    played.move("reservat", "hor", "kommunekolog", data={"choose": [first]})
    played.add(second, played.leads)
    played.move(f"yttrande.{first}", "lamna", "ombud")
    one_left = played.state
    played.move(f"yttrande.{second}", "lamna", "ombud")

    assert ("horande", "bildat") == (one_left, played.state)
    with pytest.raises(Refused):
        played.add(third, played.leads)


# ---- 16, 18, 23: what time decides -------------------------------------------------------


def test_a_deferred_choice_taken_on_the_last_day(begin: Begin) -> None:
    """What is handed in a minute before midnight decides the way, whatever the clock does then."""
    played = begin("16-deferred-choice")
    played.tick("2027-01-25", "23:59")

    played.move("plan", "lamna_in", "granne")
    played.tick("2027-01-26", "00:01")

    assert ("bemots", "med") == (played.state, played.move("plan", "anta", "planchef"))


def test_a_deferred_choice_decided_by_the_clock(begin: Begin) -> None:
    """The clock passes the last day: the case has moved, and an objection is too late."""
    played = begin("16-deferred-choice")
    played.tick("2027-01-25", "23:59")
    before = played.state

    played.tick("2027-01-26", "00:01")

    assert ("granskning", "utan", False) == (before, played.state, played.is_open)
    with pytest.raises(Refused):
        played.move("plan", "lamna_in", "granne")


def test_a_milestone_closes_what_was_open(begin: Begin) -> None:
    """Rows are saved and handed in until the list is locked, and not after."""
    played = begin("18-milestone", units=2)
    first, second = played.units("skola")
    rows = {"rows": {"bocker": [{"titel": "Geografi"}]}}
    played.save(f"onskemal.{second}", "rektor", bocker=[["add", 0, {"titel": "Historia"}]])
    played.move(f"onskemal.{first}", "lamna", "rektor", data=rows)

    played.move("lista", "las", "skolchef")

    assert {first: "lamnade", second: "missing"} == played.standing("onskemal")
    with pytest.raises(Refused):
        played.move(f"onskemal.{second}", "lamna", "rektor", data=rows)
    with pytest.raises(Refused):
        played.save(f"onskemal.{second}", "rektor", bocker=[["add", 0, {"titel": "Historia"}]])
    assert "bestalld" == played.move("lista", "bestall", "skolchef")


def test_a_trigger_from_outside_sets_the_clock_going(begin: Begin) -> None:
    """No time moves the case while the day is unknown; once it is set the clock does."""
    played = begin("23-trigger")
    played.tick("2027-05-03")
    (unknown,) = views.task_list(played.world)
    moving.move_milestone(
        played.world,
        played.round,
        "utlysning",
        date(2027, 6, 15),
        reason="Utlyst i dag.",
        email=played.leads,
    )
    (known,) = views.task_list(played.world)
    played.tick("2027-06-15", "23:59")
    before = played.state

    played.tick("2027-06-16", "00:01")

    assert (None, False) == (unknown["due_at"], known["due_at"] is None)
    assert ("forbereds", "avstod") == (before, played.state)


# ---- 19, 20, 25, 27: called off ----------------------------------------------------------


def test_one_activity_is_cancelled_and_its_reminders_stop(begin: Begin) -> None:
    """By the role that is named alone; the others are reminded and waited for as before."""
    played = begin("19-cancel-activity", units=2)
    sold, kept = played.units("omrade")
    with pytest.raises(NoRight):
        played.end(sold, "withdraw", played.holder("forvaltare", sold))

    played.end(sold, "withdraw", played.leads)
    for day in ("2027-01-12", "2027-01-20", "2027-01-22", "2027-01-25", "2027-01-26"):
        played.tick(day)

    assert {sold: "withdrawn", kept: "pagar"} == played.standing("besiktning")
    assert set() == played.owing(f"besiktning.{sold}")
    assert {played.holder("forvaltare", kept)} == {email for _, _, email in played.reminders()}
    played.move(f"besiktning.{kept}", "klar", "forvaltare")
    assert "klar" == played.state


def test_a_whole_case_is_cancelled(begin: Begin) -> None:
    """Every case, task and waiting mail is withdrawn; nobody is reminded; nothing can be done."""
    played = begin("20-cancel-case", units=3)
    first, *_ = played.units("enhet")
    waiting = played.mails("assignment").total()

    played.act(played.root, "withdraw", played.leads, comment="Avbruten: inga anbud.")
    for day in ("2027-01-20", "2027-01-22", "2027-01-25", "2027-02-01"):
        played.tick(day)

    states = {*played.standing("behov").values(), played.state}
    assert ({"withdrawn"}, False) == (states, played.is_open)
    assert ([], []) == (views.task_list(played.world), played.reminders())
    assert 0 < waiting
    assert [] == [
        one for one in views.message_list(played.world, "queued") if one["kind"] == "assignment"
    ]
    with pytest.raises(Refused):
        played.move(f"behov.{first}", "lamna", "enhetschef")
    assert evidence.prove(played.world).ok


def test_a_region_is_cancelled_and_the_rest_is_not(begin: Begin) -> None:
    """An area and every clinic below it; what was handed in stays so; the other goes on."""
    played = begin("25-cancel-region", units=12)
    left_out, kept = played.units("omrade")
    inside = [one for one in played.units("klinik") if played.parent(one) == left_out]
    outside = [one for one in played.units("klinik") if played.parent(one) == kept]
    played.move(f"behov.{inside[0]}", "lamna", "klinikchef")

    played.act(played.case("del", left_out), "withdraw", played.leads, comment="Rivs.")

    expected = dict.fromkeys(inside[1:], "withdrawn") | dict.fromkeys(outside, "skrivs")
    assert expected | {inside[0]: "lamnat"} == played.standing("behov")
    assert {left_out: "withdrawn", kept: "samlas"} == played.standing("del")
    for unit in outside:
        played.move(f"behov.{unit}", "lamna", "klinikchef")
    assert "klar" == played.state


def test_instances_are_completed_by_a_person(begin: Begin) -> None:
    """What is in stays in; the rest is carried as missing."""
    played = begin("27-complete-instances", units=3)
    *inne, late = played.units("enhet")
    for unit in inne:
        played.move(f"handlingsplan.{unit}", "lamna", "enhetschef")

    to = played.move("enkat", "stang", "hr_chef", comment="Två av tre räcker.")

    assert "redovisas" == to
    assert dict.fromkeys(inne, "inne") | {late: "missing"} == played.standing("handlingsplan")


def test_instances_complete_by_themselves_too(begin: Begin) -> None:
    """With all in nobody need close anything."""
    played = begin("27-complete-instances", units=3)

    for unit in played.units("enhet"):
        played.move(f"handlingsplan.{unit}", "lamna", "enhetschef")
    clockwork.tick(played.world)

    assert "redovisas" == played.state
