"""The resource patterns: who does it, who may, who sees, who stands in. Each promise of
docs/howto/patterns, walked in a database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.patterns.playing import Played
from tests.service.worlds import local
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, Stale, WorkflowError
from workflow.core.facts import RowKey
from workflow.service import conflicts, views
from workflow.service.conflicts import ConflictWish
from workflow.service.people import substituting
from workflow.service.people.correcting import NewPerson, add_person
from workflow.service.people.granting import Role, end_grant, give
from workflow.service.people.substituting import Appointment
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.sheets.whole import read_whole
from workflow.service.running import evidence

Begin = Callable[..., Played]
NEW = "ny.person@alvmark.example"


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """Give the codes of what was refused."""
    return [reason.code for reason in caught.value.reasons]


def leave(played: Played, role: str) -> None:
    """End the role of whoever holds it, at once."""
    ((grant,),) = played.rows("SELECT id FROM grants WHERE role = :role", role=role)
    end_grant(played.world, grant, played.at[0].date() - timedelta(days=1))


def appoint(played: Played, role: str) -> str:
    """Give the role to somebody new; gives their address."""
    add_person(played.world, NewPerson(email=NEW, name="Ny Person", language="sv"))
    (unit,) = {one.unit for one in played.people.grants if one.role == role}
    wish = Role(person=NEW, role=role, unit=unit, from_on=played.at[0].date())
    give(played.world, wish)
    return NEW


def rows_of(played: Played, case: str, table: str, email: str) -> list[str]:
    """Give the first cell of each row that somebody sees in a table."""
    whole = read_whole(played.world, email, f"{played.round}.{case}", table)
    return [str(next(iter(row.cells.values()))) for row in whole.rows]


# ---- who gets it -------------------------------------------------------------------------


def test_a_role_is_looked_up_when_it_is_asked(begin: Begin) -> None:
    """A chair who takes office after the work began has it the same minute; the one before
    no longer has."""
    played = begin("r01-distribution")
    before = played.holder("ordforande")
    lawyers = played.owing("ordning")
    played.move("ordning", "klar", "jurist")
    first = played.owing("ordning")

    leave(played, "ordforande")
    after = appoint(played, "ordforande")

    assert ({played.holder("jurist")}, {before}, {after}) == (
        lawyers,
        first,
        played.owing("ordning"),
    )
    with pytest.raises(NoRight):
        played.act(played.root, "underteckna", before)
    assert "undertecknad" == played.act(played.root, "underteckna", after)["to"]


def test_the_nearest_above_in_the_organisation_has_it(begin: Begin) -> None:
    """Every clinic's plan lies with its own area's head, and no other area's may."""
    played = begin("r02-organisation", units=15)
    clinics = played.units("klinik")
    for clinic in clinics:
        played.move(f"plan.{clinic}", "lamna", "klinikchef")

    expected = {clinic: {played.holder("omradeschef", played.parent(clinic))} for clinic in clinics}
    assert 1 < len(played.units("omrade"))
    assert expected == {clinic: played.owing(f"plan.{clinic}") for clinic in clinics}
    strangers = [one for one in played.units("omrade") if one != played.parent(clinics[0])]
    with pytest.raises(WorkflowError):
        played.act(
            played.case("plan", clinics[0]), "godkann", played.holder("omradeschef", strangers[0])
        )


def test_several_have_it_and_the_first_takes_it(begin: Begin) -> None:
    """All have the task; when one has done it nobody has, and the second is told."""
    played = begin("r07-pull")
    first, second = played.holders("registrator")
    offered = played.owing("begaran")

    played.act(played.root, "lamna_ut", first)

    assert ({first, second}, set()) == (offered, played.owing("begaran"))
    with pytest.raises(Refused) as late:
        played.act(played.root, "lamna_ut", second)
    assert ["wrong_state"] == codes(late)


# ---- who may -----------------------------------------------------------------------------

ACTS = {
    "save": {"vd", "controller"},
    "lamna": {"vd"},
    "godkann": set[str](),
    "see": {"vd", "controller", "ekonomichef"},
}
"""Who may do what while it is written."""
ADD = [["add", 0, {"tjanst": "Sophämtning"}]]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["vd", "controller", "ekonomichef"])
def test_each_role_may_what_is_said_and_nothing_else(begin: Begin, role: str, act: str) -> None:
    """Who fills in, who hands in, who approves, who sees: one role at a time."""
    played = begin("r03-authorisation", units=2)
    unit = played.units("bolag")[0]
    who = (played.holders(role, unit) or played.holders(role))[0]

    try:
        _try(played, unit, act, who)
        may = True
    except WorkflowError:
        may = False

    assert (role in ACTS[act]) is may


def _try(played: Played, unit: str, act: str, who: str) -> None:
    if act == "save":
        played.save(f"forslag.{unit}", "vd", who, taxa=ADD)
    elif act == "see":
        read_case(played.world, who, played.case("forslag", unit))
    else:
        played.act(played.case("forslag", unit), act, who)


@pytest.mark.parametrize("act", ["save", "lamna", "see"])
@pytest.mark.parametrize("role", ["vd", "controller"])
def test_a_neighbour_is_told_that_it_does_not_exist(begin: Begin, role: str, act: str) -> None:
    """Another company's people may nothing; what they may not see is not there."""
    played = begin("r03-authorisation", units=2)
    unit, other = played.units("bolag")

    with pytest.raises(NotFound if act == "see" else WorkflowError):
        _try(played, unit, act, played.holder(role, other))


def test_nobody_approves_their_own(begin: Begin) -> None:
    """Not as themselves, and not as the other one's substitute; the other one may."""
    played = begin("r04-four-eyes")
    first, second = played.holders("ekonom")
    day = date(2027, 1, 11)
    substituting.appoint(played.world, Appointment(person=second, by=first, from_on=day, to_on=day))
    played.act(played.root, "registrera", first)

    with pytest.raises(Refused) as own:
        played.act(played.root, "attestera", first)

    assert ["own_work"] == codes(own)
    assert "betald" == played.act(played.root, "attestera", second)["to"]


def judged(begin: Begin) -> tuple[Played, str, ConflictWish]:
    """Give a jury with two names to put in order, its case, and the chair's wish to be noted as
    an aunt of the first."""
    played = begin("r06-conflict-of-interest", units=2)
    first, second = played.units("bibliotek")
    for unit, name in ((first, "Alva"), (second, "Bo")):
        rows = {"rows": {"namn": [{"namn": name}]}}
        played.move(f"namn.{unit}", "lamna", "bibliotekarie", data=rows)
    (jury,) = played.units("jury")
    wish = ConflictWish(
        case=played.case("bedomning", jury),
        table="ordning",
        row=RowKey(played.case("namn", first), "namn", 1),
        email=played.holder("ordforande"),
        reason="Jag är hennes faster.",
    )
    return played, f"bedomning.{jury}", wish


def test_who_has_an_interest_is_kept_out_of_that_row(begin: Begin) -> None:
    """The chair writes about the other name, not about hers; taken back, about both; the log
    keeps it."""
    played, case, wish = judged(begin)
    chair = wish.email
    conflicts.declare(played.world, wish)

    with pytest.raises(WorkflowError):
        played.save(case, "ordforande", chair, ordning=[["set", 1, 1, {"omdome": "Lysande"}]])
    played.save(case, "ordforande", chair, ordning=[["set", 2, 1, {"omdome": "Gott"}]])
    conflicts.take_back(played.world, wish)
    played.save(case, "ordforande", chair, ordning=[["set", 1, 1, {"omdome": "Lysande"}]])

    kinds = [one["kind"] for one in evidence.log_lines(played.world, played.round)]
    assert 2 == sum("conflict" in kind for kind in kinds)
    assert evidence.prove(played.world).ok


def test_the_quorum_upon_a_row_is_counted_without_them(begin: Begin) -> None:
    """Just enough for the rest are too few for the row; one more is enough."""
    played, case, wish = judged(begin)
    members = len({*played.holders("ledamot"), *played.holders("ordforande")})
    needed = -(-members * 2 // 3)
    conflicts.declare(played.world, wish)

    with pytest.raises(Refused) as few:
        played.move(case, "klar", "ordforande", data={"decision": {"present": needed}})

    assert ["quorum"] == codes(few)
    enough = {"decision": {"present": needed + 1}}
    assert "klar" == played.move(case, "klar", "ordforande", data=enough)


# ---- who keeps it ------------------------------------------------------------------------


def test_what_comes_back_comes_as_it_was_left(begin: Begin) -> None:
    """The same rows, with the questions; no way forward with one unanswered; then to the same
    reviewer, with the answers."""
    played = begin("r05-retain-familiar")
    writer, reviewer = played.holder("handlaggare"), played.holder("avdelningschef")
    played.move("utlatande", "lamna", "handlaggare", data={"rows": {"avsnitt": [{"text": "Ett."}]}})
    asked = ["Vad kostar det?", "När?"]
    played.move("utlatande", "ater", "avdelningschef", data={"questions": asked})

    back = rows_of(played, "utlatande", "avsnitt", writer)
    with pytest.raises(WorkflowError):
        played.move("utlatande", "lamna", "handlaggare", data={"answers": {"1": "Inget."}})
    answers = {"answers": {"1": "Inget.", "2": "I maj."}}
    played.move("utlatande", "lamna", "handlaggare", data=answers)

    assert ["Ett."] == back
    assert ["Ett."] == rows_of(played, "utlatande", "avsnitt", reviewer)
    assert {reviewer} == played.owing("utlatande")
    assert [] == views.open_questions(played.world, played.root)


@pytest.mark.parametrize("keeps", [True, False])
def test_work_passes_on_with_or_without_what_was_written(begin: Begin, keeps: bool) -> None:
    """The successor finds the draft, and hands it in or empties it; in between an incident
    says that nobody has it; the log has all of it."""
    played = begin("r10-reallocation")
    gone = played.holder("klimatstrateg")
    played.save("plan", "klimatstrateg", atgarder=[["add", 0, {"atgard": "Solceller"}]])
    leave(played, "klimatstrateg")
    vacant = [one["kind"] for one in views.incident_list(played.world)]
    after = appoint(played, "klimatstrateg")
    found = rows_of(played, "plan", "atgarder", after)

    data = {} if keeps else {"rows": {"atgarder": [{"atgard": "Fjärrvärme"}]}}
    to = played.act(played.root, "lamna", after, data=data)["to"]

    assert (["no_holder"], []) == (vacant, views.incident_list(played.world))
    assert (["Solceller"], "lamnad") == (found, to)
    left = [one for (one,) in played.rows("SELECT cells FROM material_rows")]
    assert keeps is any("Solceller" in str(one) for one in left)
    log = str(evidence.log_lines(played.world, played.round))
    assert "Solceller" in log
    assert gone != after
    assert evidence.prove(played.world).ok


def test_a_step_is_skipped_with_a_reason(begin: Begin) -> None:
    """Without one it is turned down; with one it counts as answered, not as missing."""
    played = begin("r11-skip-redo-predo", units=1)
    (unit,) = played.units("enhet")
    with pytest.raises(BadInput):
        played.move(f"forslag.{unit}", "inget", "enhetschef")

    played.move(f"forslag.{unit}", "inget", "enhetschef", comment="Vi flyttar i år.")

    assert ({unit: "inget"}, "vags") == (played.standing("forslag"), played.state)
    assert [(1, 1, 1)] == played.rows("SELECT opened, ended, delivered FROM joins")


def test_a_step_is_done_again(begin: Begin) -> None:
    """One that had ended is opened anew with a question and a new last day, by itself."""
    played = begin("r11-skip-redo-predo", units=2)
    first, second = played.units("enhet")
    for unit in (first, second):
        played.move(f"forslag.{unit}", "lamna", "enhetschef")

    back = {"pick": [first], "questions": ["Ryms det?"]}
    played.move("omgang", "om", "stabschef", data=back)

    (task,) = views.task_list(played.world)
    assert {first: "skrivs", second: "lamnat"} == played.standing("forslag")
    assert local("2027-01-19", "00:00") == task["due_at"]
    played.move(f"forslag.{first}", "lamna", "enhetschef", data={"answers": {"1": "Ja."}})
    assert "vags" == played.state


def test_a_step_is_done_long_before_its_day(begin: Begin) -> None:
    """Nothing hinders it, and nobody is reminded when the day comes."""
    played = begin("r11-skip-redo-predo", units=1)
    (unit,) = played.units("enhet")

    played.move(f"forslag.{unit}", "lamna", "enhetschef")
    for day in ("2027-03-17", "2027-03-30", "2027-04-01"):
        played.tick(day)

    assert ("vags", []) == (played.state, played.reminders())


def test_helpers_write_beside_one_another(begin: Begin) -> None:
    """Each one's rows stand; two in one row are not merged in silence; a helper hands nothing
    in."""
    played = begin("r12-additional-resources")
    first, second = played.holders("utvecklare")
    head = played.holder("kulturchef")
    played.save("plan", "kulturchef", first, mal=[["add", 0, {"mal": "Fler ska läsa"}]])
    played.save("plan", "kulturchef", second, mal=[["add", 1, {"mal": "Fler ska dansa"}]])
    played.save("plan", "kulturchef", first, mal=[["set", 1, 1, {"mal": "Alla ska läsa"}]])

    with pytest.raises(Stale):
        played.save("plan", "kulturchef", second, mal=[["set", 1, 1, {"mal": "Barn ska läsa"}]])
    with pytest.raises(NoRight):
        played.act(played.root, "lamna", first)

    assert ["Alla ska läsa", "Fler ska dansa"] == rows_of(played, "plan", "mal", head)
    assert "lamnad" == played.act(played.root, "lamna", head)["to"]


# ---- who stands in, who hears of it ------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "may"),
    [
        ("2027-06-30", False),
        ("2027-07-01", True),
        ("2027-07-31", True),
        ("2027-08-01", False),
    ],
)
def test_a_substitute_acts_in_their_days(begin: Begin, day: str, may: bool) -> None:
    """Not before the first day nor after the last; and the log says for whom."""
    played = begin("r08-delegation")
    away, by = played.holder("bygglovschef"), played.holder("handlaggare")
    played.move("bygglov", "foresla", "handlaggare")
    wish = Appointment(person=away, by=by, from_on=date(2027, 7, 1), to_on=date(2027, 7, 31))
    substituting.appoint(played.world, wish, email=away)
    played.put(day)

    if not may:
        with pytest.raises(NoRight):
            played.act(played.root, "bevilja", by)
    else:
        answer = played.act(played.root, "bevilja", by)
        last = [
            one
            for one in evidence.log_lines(played.world, played.round)
            if one["transition"] == "bevilja"
        ]
        assert ("beviljat", away) == (answer["to"], answer["on_behalf_of"])
        assert [(by, away)] == [(one["actor"], one["on_behalf_of"]) for one in last]


def test_what_is_late_climbs(begin: Begin) -> None:
    """Each rung on its day and none before; what was done in time reminds nobody more."""
    played = begin("r09-escalation", units=2)
    late, done = played.units("distrikt")
    played.move(f"besok.{done}", "klart", "inspektor")
    told = {}
    days = ("2027-01-20", "2027-01-21", "2027-01-25", "2027-01-26", "2027-01-27", "2027-02-01")
    for day in days:
        before = len(played.reminders())
        played.tick(day)
        told[day] = [email for _, _, email in played.reminders()[before:]]

    holder, superior = played.holder("inspektor", late), played.holder("distriktschef", late)
    assert {
        "2027-01-20": [],
        "2027-01-21": [holder],
        "2027-01-25": [holder],
        "2027-01-26": [],
        "2027-01-27": [superior],
        "2027-02-01": [played.leads],
    } == told


# ---- who sees ----------------------------------------------------------------------------


def test_each_sees_their_own_and_the_leader_all(begin: Begin) -> None:
    """Another clinic's case does not exist; who has no role sees nothing."""
    played = begin("r13-visibility", units=2)
    own, other = played.units("klinik")
    chief = played.holder("klinikchef", own)
    add_person(played.world, NewPerson(email=NEW, name="Ny Person", language="sv"))

    def sees(email: str) -> set[str]:
        found = set()
        for unit in (own, other):
            try:
                found.add(read_case(played.world, email, played.case("behov", unit)).id)
            except NotFound:
                continue
        return found

    both = {played.case("behov", own), played.case("behov", other)}
    assert {played.case("behov", own)} == sees(chief)
    assert (both, set()) == (sees(played.leads), sees(NEW))


# ---- what goes wrong ---------------------------------------------------------------------


def test_a_late_one_is_reminded_and_then_carried_as_missing(begin: Begin) -> None:
    """When the time has run out the round goes on without it, and says that it is missing."""
    played = begin("r14-deadlines-and-exceptions", units=2)
    inne, late = played.units("anlaggning")
    rows = {"rows": {"mangder": [{"ton": 1200}]}}
    played.move(f"siffror.{inne}", "lamna", "driftledare", data=rows)
    played.tick("2027-01-26")
    reminded = {email for _, _, email in played.reminders()}

    played.tick("2027-02-09", "00:01")

    assert {played.holder("driftledare", late)} == reminded
    assert {inne: "inne", late: "missing"} == played.standing("siffror")
    assert ("klar", False) == (played.state, played.is_open)


def test_a_vacancy_is_an_incident_until_it_is_filled(begin: Begin) -> None:
    """It opens when nobody has the task, and closes itself when somebody has."""
    played = begin("r14-deadlines-and-exceptions", units=1)
    leave(played, "driftledare")
    vacant = [one["kind"] for one in views.incident_list(played.world)]

    appoint(played, "driftledare")

    assert (["no_holder"], []) == (vacant, views.incident_list(played.world))


@pytest.mark.parametrize("ton", [5001, -1, None])
def test_an_impossible_figure_is_turned_down_in_words(begin: Begin, ton: int | None) -> None:
    """Too much, less than nothing, or nothing at all; the case stays where it is."""
    played = begin("r14-deadlines-and-exceptions", units=1)
    (unit,) = played.units("anlaggning")
    rows = {"rows": {"mangder": [{} if ton is None else {"ton": ton}]}}

    with pytest.raises(WorkflowError) as turned:
        played.move(f"siffror.{unit}", "lamna", "driftledare", data=rows)

    assert str(turned.value)
    assert {unit: "raknas"} == played.standing("siffror")


# ---- many together -----------------------------------------------------------------------


def test_too_few_cannot_decide(begin: Begin) -> None:
    """Neither without saying how many were there; what was not decided stays undecided."""
    played = begin("r15-group-decision")
    members = len({*played.holders("ledamot"), *played.holders("namndsekreterare")})
    few = {"decision": {"meeting_on": "2027-01-11", "paragraph": "4", "present": 2}}

    with pytest.raises(Refused) as refused:
        played.move("arende", "bifall", "namndsekreterare", data=few)

    assert ["quorum"] == codes(refused)
    assert ("sammantrade", True) == (played.state, 5 <= members)


def test_a_meeting_that_has_not_been_decides_nothing(begin: Begin) -> None:
    """A decision is registered after its meeting."""
    played = begin("r15-group-decision")
    ahead = {"decision": {"meeting_on": "2027-01-12", "paragraph": "4", "present": 9}}

    with pytest.raises(Refused) as refused:
        played.move("arende", "bifall", "namndsekreterare", data=ahead)

    assert ["not_met"] == codes(refused)


def test_silence_decides_nothing(begin: Begin) -> None:
    """A year of ticks moves nothing."""
    played = begin("r15-group-decision")

    for day in ("2027-02-01", "2027-06-30", "2028-01-11"):
        played.tick(day)

    assert "sammantrade" == played.state


def test_votes_are_kept_and_everybody_signs(begin: Begin) -> None:
    """The decision is kept as it was registered; one signature of two is not enough, and the
    same one twice is not two."""
    played = begin("r15-group-decision")
    decision = {
        "meeting_on": "2027-01-11",
        "paragraph": "4",
        "present": 9,
        "votes_for": 5,
        "votes_against": 4,
        "reservations": "A",
    }
    played.move("arende", "bifall", "namndsekreterare", data={"decision": decision})
    first, second = played.holders("justerare")
    played.act(played.root, "justera", first)
    half = played.state
    with pytest.raises(Refused):
        played.act(played.root, "justera", first)

    played.act(played.root, "justera", second)

    (line,) = [
        one
        for one in evidence.log_lines(played.world, played.round)
        if one["transition"] == "bifall"
    ]
    assert ("justeras", "bifall") == (half, played.state)
    assert decision == line["payload"]["decision"]
