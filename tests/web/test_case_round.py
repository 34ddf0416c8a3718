"""A round of `prioritering` from the plan to legal force, every kind of step by its form."""

from collections.abc import Iterator

import pytest

from tests.service.worlds import OBJEKT, ROOT, Stage
from tests.web.browsing import Guest, Page, visit_of, words
from tests.web.cases import confirm, ids_of, person, press, returned, rows, state, visit
from workflow.service import clockwork
from workflow.service.running import evidence

COMMENT = "Skälet står här."


@pytest.fixture
def opened(stage: Stage) -> Iterator[Guest]:
    """Somebody at a browser while the plan is awaited."""
    with visit_of(stage) as made:
        yield made


def gathered(stage: Stage) -> None:
    """Let every underlag be approved, and every driftenhet report."""
    for unit in stage.units("verksamhet"):
        stage.hand_in(unit)
        stage.approve(unit)
    for unit in stage.units("driftenhet"):
        case, chief = stage.case("avstamning", unit), stage.holder("driftenhetschef", unit)
        stage.act(case, "redovisa", chief)


def weighed(stage: Stage, *, propose: bool = True) -> None:
    """Let the committee weigh what was reported, and ledningsgruppen write a proposal."""
    director = stage.holder("landstingsdirektor")
    stage.act(ROOT, "uppdra_vardering", director, data={"choose": []})
    committee = stage.units("medicinska_kommitten")[0]
    stage.weigh(stage.case("vardering", committee))
    if propose:
        stage.fill(ROOT, "gemensam_lista", director, forslag="genomfors")


def test_the_plan_is_adopted_by_two_pages(opened: Guest) -> None:
    """What the board decides is shown in its words before it holds, and only then holds."""
    stage = opened.stage
    stage.put("2008-11-12")
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    typed = {
        "faststall.meeting_on": "11 nov",
        "faststall.paragraph": "§ 74",
        "faststall.present": "12",
        "faststall.reservations": "Ture Malm (lb) reserverar sig.",
    }

    shown = press(opened, secretary, ROOT, "Planen är fastställd: granska först", typed)
    before = state(stage, ROOT)
    done = opened.send(shown, "Bekräfta: Planen är fastställd")

    told = words(shown.soup.find(class_="record")).replace("\xa0", " ")
    line = evidence.log_lines(stage.world, stage.round)[-1]
    assert "Landstingsstyrelsen § 74, tis 11 nov" in told
    assert "Reservationer: Ture Malm (lb) reserverar sig." in told
    assert "När du bekräftar gäller beslutet och syns för alla i omgången." in shown.words
    assert "plan" == before
    assert "styrgrupp" == state(stage, ROOT)
    assert 200 == done.status
    assert {
        "meeting_on": "2008-11-11",
        "paragraph": "§ 74",
        "present": 12,
        "reservations": "Ture Malm (lb) reserverar sig.",
    } == line["payload"]["decision"]


def test_before_confirming_one_may_change(opened: Guest) -> None:
    """From the page that asks to confirm one goes back with everything typed, nothing done."""
    stage = opened.stage
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    typed = {"faststall.paragraph": "§ 74", "faststall.comment": COMMENT}
    before = stage.counts()

    shown = press(opened, secretary, ROOT, "Planen är fastställd: granska först", typed)
    back = opened.send(shown, "Ändra först")

    assert "§ 74" == back.soup.find(id="faststall.paragraph")["value"]
    assert COMMENT == back.soup.find(id="faststall.comment").get_text().strip()
    assert before == stage.counts()


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("meeting_on", "i går typ", "Skriv en dag, till exempel 6 mars. Du skrev ”i går typ”."),
        ("meeting_on", "24 dec 2008", "Mötet är ons 24 dec. Beslutet kan registreras när det"),
        ("present", "tolv", "Skriv antalet med siffror, till exempel 38. Du skrev ”tolv”."),
        ("present", "0", "0 av 1 var med. 1 behövs för beslut."),
    ],
)
def test_a_decision_that_cannot_be_registered(
    opened: Guest, field: str, typed: str, told: str
) -> None:
    """A day that is none, a meeting that has not been, a count that is none, too few."""
    stage = opened.stage
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    given = {f"faststall.{field}": typed, "faststall.reservations": COMMENT}

    page = press(opened, secretary, ROOT, "Planen är fastställd: granska först", given)

    error = words(page.soup.find(id=f"faststall.{field}-err")).replace("\xa0", " ")
    assert page.status in (409, 422)
    assert told in error
    assert typed == page.soup.find(id=f"faststall.{field}")["value"]
    assert COMMENT == page.soup.find(id="faststall.reservations").get_text().strip()
    assert "plan" == state(stage, ROOT)


def test_the_assignment_opens_a_case_for_every_unit(opened: Guest) -> None:
    """The button says what it opens, and opens that."""
    stage = opened.stage
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])
    director = stage.holder("landstingsdirektor")
    confirm(opened, secretary, ROOT, "Planen är fastställd")
    press(opened, stage.leader, ROOT, "Styrgruppen är konstituerad")

    page = visit(opened, director, ROOT)
    opened.send(page, "Lämna uppdraget")

    cases = stage.rows("SELECT kind, count(*) FROM cases GROUP BY kind ORDER BY kind")
    assert "Avstämning: 2 ärenden öppnas. Underlag: 12 ärenden öppnas." in page.words
    assert [("avstamning", 2), ("omgang", 1), ("underlag", 12)] == cases


def test_nothing_to_propose_return_take_back_and_approve(guest: Guest) -> None:
    """An underlag goes there and back: said to be nothing, taken back, returned, approved."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief, boss = stage.case("underlag", unit), stage.chief(unit), stage.boss(unit)
    said: list[Page] = []

    for email, button, typed in (
        (chief, "Inget att föreslå", {"inget.comment": COMMENT}),
        (chief, "Ta tillbaka", {}),
        (chief, "Inget att föreslå", {"inget.comment": COMMENT}),
        (boss, "Återlämna med frågor", {"aterlamna.question": ["Varför?", " ", "Säkert?"]}),
        (
            chief,
            "Inget att föreslå",
            {"inget.comment": "Ja.", "svar.1": "Därför.", "svar.2": "Ja."},
        ),
        (boss, "Godkänn underlaget", {}),
    ):
        said.append(press(guest, email, case, button, typed))

    questions = stage.rows("SELECT number, text, answer FROM questions ORDER BY number")
    assert [200] * 6 == [page.status for page in said]
    assert "Återlämnat med 2 frågor." in said[3].words
    assert "Godkänt." in said[5].words
    assert [(1, "Varför?", "Därför."), (2, "Säkert?", "Ja.")] == questions
    assert "godkant" == state(stage, case)
    assert True is evidence.prove(stage.world).ok


def test_there_is_room_for_more_questions(guest: Guest) -> None:
    """Asked for, there is room for three more questions; nothing is sent."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case, boss = stage.case("underlag", unit), stage.boss(unit)

    page = press(
        guest, boss, case, "Plats för fler frågor", {"aterlamna.question": ["Ett?", "Två?"]}
    )

    fields = page.soup.find_all("textarea", attrs={"name": "aterlamna.question"})
    assert ["Ett?", "Två?"] == [one.get_text().strip() for one in fields[:2]]
    assert 7 == len(fields)
    assert "inlamnat" == state(stage, case)


@pytest.mark.parametrize(
    ("button", "key", "field", "told"),
    [
        ("Återlämna med frågor", "aterlamna", "question", "Skriv minst en fråga."),
        ("Dra tillbaka", "withdraw", "comment", "Skriv varför."),
    ],
)
def test_what_a_button_asks_for_is_asked_for(
    guest: Guest, button: str, key: str, field: str, told: str
) -> None:
    """A return without a question, a withdrawal without a reason: the field says so."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case = stage.case("underlag", unit)

    page = press(guest, stage.boss(unit), case, button)

    assert 422 == page.status
    assert f"#{key}.{field}" == page.links[told]
    assert "inlamnat" == state(stage, case)


def test_a_return_with_a_day_of_its_own(guest: Guest) -> None:
    """Whoever sends back may set the day; a day that has passed is refused at its field."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case, boss = stage.case("underlag", unit), stage.boss(unit)
    typed = {"aterlamna.question": ["Varför?"], "aterlamna.due_on": "1 dec 2008"}

    late = press(guest, boss, case, "Återlämna med frågor", typed)
    sent = guest.send(late, "Återlämna med frågor", **{**typed, "aterlamna.due_on": "22/1"})

    assert 422 == late.status
    assert "Dagen mån 1 dec har passerat." == words(
        late.soup.find(id="aterlamna.due_on-err")
    ).replace("\xa0", " ")
    assert "Varför?" in late.soup.find(attrs={"name": "aterlamna.question"}).get_text()
    assert "Svaret kommer senast tors 22 jan 2009." in sent.words.replace("\xa0", " ")


def test_the_driftenhet_asks_some_to_complete_and_reports(guest: Guest) -> None:
    """Those that are ticked go back with the questions; when they are in it is reported."""
    stage = guest.stage
    first = stage.units("driftenhet")[0]
    below = [one for one in stage.units("verksamhet") if stage.parent(one) == first]
    for unit in below:
        stage.hand_in(unit)
        stage.approve(unit)
    case, chief = stage.case("avstamning", first), stage.holder("driftenhetschef", first)
    picked = [stage.case("underlag", unit) for unit in below[:2]]
    asked = {"komplettera.question": ["Volymen saknas."]}

    none = press(guest, chief, case, "Begär komplettering av underlag", asked)
    some = guest.send(
        none, "Begär komplettering av underlag", **{**asked, "komplettera.pick": picked}
    )
    back = [state(stage, one) for one in picked]
    for unit in below[:2]:
        stage.act(
            stage.case("underlag", unit),
            "lamna_in",
            stage.chief(unit),
            data={"answers": {"1": "Här."}},
        )
        stage.approve(unit)
    press(guest, chief, case, "Redovisa för ledningsgruppen")

    assert "Välj minst en som ska gå tillbaka." in none.words
    assert 200 == some.status
    assert ["utkast", "utkast"] == back
    assert "redovisad" == state(stage, case)


def test_the_weighing_is_commissioned_from_those_chosen(guest: Guest) -> None:
    """The committee always weighs; the steering groups that are ticked do too, and no others."""
    stage = guest.stage
    gathered(stage)
    director, groups = stage.holder("landstingsdirektor"), stage.units("styrgrupp")
    button = "Uppdra åt kommittén och berörda styrgrupper att värdera"

    press(guest, director, ROOT, button, {"uppdra_vardering.choose": [groups[1]]})

    weighing = stage.rows("SELECT unit FROM cases WHERE kind = 'vardering' ORDER BY unit")
    assert sorted([stage.units("medicinska_kommitten")[0], groups[1]]) == [r[0] for r in weighing]


def test_a_form_of_one_row_is_filled_in(guest: Guest) -> None:
    """A table that is a form shows its fields at once, and its day as it is written."""
    stage = guest.stage
    gathered(stage)
    weighed(stage)
    director = stage.holder("landstingsdirektor")
    press(guest, director, ROOT, "Fastställ förslaget")
    typed = {"rad.samverkan.1.dag": "27 april", "rad.samverkan.1.beteckning": "MBL 4"}

    page = press(guest, director, ROOT, "Spara utkastet", typed)

    saved = [one for one in rows(stage, ROOT) if "dag" in one]
    assert [{"dag": "2009-04-27", "beteckning": "MBL 4"}] == saved
    assert "2009-04-27" == page.soup.find(id="rad.samverkan.1.dag")["value"]


def test_what_a_list_lacks_is_told_once_and_leads_to_it(guest: Guest) -> None:
    """A list has its fields on its own page: the case says how much is missing, shows the first
    rows with what they show, and has no field of theirs."""
    stage = guest.stage
    gathered(stage)
    weighed(stage, propose=False)
    director = stage.holder("landstingsdirektor")
    grey = visit(guest, director, ROOT).links

    page = press(guest, director, ROOT, "Fastställ förslaget")

    (told,) = [text for text, link in page.links.items() if link == "#tabell.gemensam_lista"]
    section = page.soup.find(id="tabell.gemensam_lista")
    assert 409 == page.status
    assert "Gemensam prioriteringslista, rad 1: Förslag saknas. Och 11 till." == told
    assert "#tabell.gemensam_lista" == grey[told]
    assert not [link for link in grey.values() if link.startswith("#rad.gemensam_lista.")]
    assert "/lista/gemensam_lista" in str(section.find("a"))
    assert OBJEKT["objekt"][0]["tillstand"] in words(section)
    assert not [one for one in ids_of(page) if one.startswith("rad.gemensam_lista.")]


def test_from_the_proposal_to_legal_force(guest: Guest) -> None:
    """Proposal, negotiation, position, postponed and decided; minutes written, signed, posted."""
    stage = guest.stage
    gathered(stage)
    weighed(stage)
    director = stage.holder("landstingsdirektor")
    steering = stage.holder("sekreterare", stage.units("politisk_styrgrupp")[0])
    assembly = stage.units("fullmaktige")[0]
    secretary, minutes = stage.holder("sekreterare", assembly), stage.case("protokoll")
    verifiers = stage.holders("justerare", assembly)
    stage.put("2009-06-16")

    brief = {"rad.forslaget.1.sammanfattning": "Fyra bortval betalar två satsningar."}
    press(guest, director, ROOT, "Fastställ förslaget", brief)
    press(guest, director, ROOT, "Samverkan är genomförd", {"rad.samverkan.1.dag": "27 april"})
    postponed = {"bordlagg.comment": COMMENT, "bordlagg.due_on": "20 juni"}
    press(guest, steering, ROOT, "Bordläggning", postponed)
    press(guest, steering, ROOT, "Ta med i budgetprocessen")
    decided = {
        "bifall.meeting_on": "16 juni",
        "bifall.present": "5",
        "rad.beslutet.1.lydelse": "Fullmäktige beslutar enligt förslaget.",
    }
    stage.fill(ROOT, "beslut", secretary, utfall="bifall")
    shown = press(guest, secretary, ROOT, "Bifall: granska först", decided)
    guest.send(shown, "Bekräfta: Bifall")
    press(
        guest,
        secretary,
        minutes,
        "Lämna till justering",
        {"rad.protokoll.1.text": "Protokoll."},
    )
    first = confirm(guest, verifiers[0], minutes, "Justera")
    signed = state(stage, minutes)
    confirm(guest, verifiers[1], minutes, "Justera")
    press(guest, stage.holder("registrator"), minutes, "Anslaget är uppsatt")
    stage.put("2009-09-01")
    clockwork.tick(stage.world)

    assert "Fullmäktige beslutar enligt förslaget." in words(shown.soup.find(class_="record"))
    assert [{"dag": "2009-04-27"}] == [one for one in rows(stage, ROOT) if "dag" in one]
    assert "Du har skrivit under." in first.words
    assert "justeras" == signed
    assert ("laga_kraft", "beslutad") == (state(stage, minutes), state(stage, ROOT))
    assert True is evidence.prove(stage.world).ok


@pytest.mark.parametrize("button", ["Avslag", "Återremiss till ledningsgruppen"])
def test_the_assembly_says_otherwise(guest: Guest, button: str) -> None:
    """A rejection and a remit back are confirmed as a decision is, and hold."""
    stage = guest.stage
    gathered(stage)
    weighed(stage)
    director = stage.holder("landstingsdirektor")
    stage.act(ROOT, "faststall", director)
    stage.act(ROOT, "samverkat", director)
    steering = stage.holder("sekreterare", stage.units("politisk_styrgrupp")[0])
    stage.act(ROOT, "till_budget", steering)
    secretary = stage.holder("sekreterare", stage.units("fullmaktige")[0])
    typed = {
        "Avslag": {"avslag.comment": COMMENT},
        "Återremiss till ledningsgruppen": {"aterremiss.question": ["Vad kostar det?"]},
    }[button]

    confirm(guest, secretary, ROOT, button, typed)

    assert state(stage, ROOT) in {"avslagen", "forslag"}
    assert "budgetbeslut" != state(stage, ROOT)


def test_a_remit_picks_whom_it_is_about(guest: Guest) -> None:
    """Ledningsgruppen remits to one driftenhet, with a question; the round waits for it."""
    stage = guest.stage
    gathered(stage)
    director, unit = stage.holder("landstingsdirektor"), stage.units("driftenhet")[0]
    case = stage.case("avstamning", unit)
    typed = {"aterremiss.question": ["Vad betyder det för kön?"], "aterremiss.pick": [case]}

    press(guest, director, ROOT, "Återremiss till driftenheter", typed)

    assert ("grundarbete", "sammanstallning") == (state(stage, ROOT), state(stage, case))
    assert [(case, "Vad betyder det för kön?")] == stage.rows("SELECT case_id, text FROM questions")


def test_what_did_not_come_is_carried_as_missing_and_withdrawn(guest: Guest) -> None:
    """After its date the leader carries an underlag as missing; the superior withdraws one."""
    stage = guest.stage
    late, gone = stage.units("verksamhet")[:2]
    early = visit(guest, stage.leader, stage.case("underlag", late))
    stage.put("2009-03-02")

    press(
        guest,
        stage.leader,
        stage.case("underlag", late),
        "Bär som utebliven",
        {"missing.comment": COMMENT},
    )
    press(
        guest,
        stage.boss(gone),
        stage.case("underlag", gone),
        "Dra tillbaka",
        {"withdraw.comment": COMMENT},
    )

    assert "Går inte än: sista dag är" in early.words.replace("\xa0", " ")
    assert ("missing", "withdrawn") == (
        state(stage, stage.case("underlag", late)),
        state(stage, stage.case("underlag", gone)),
    )


def test_whoever_handed_in_does_not_approve(guest: Guest) -> None:
    """Who holds both roles is told that somebody else approves, and by address too."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'driftenhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=stage.parent(unit),
        email=stage.chief(unit),
    )
    stage.hand_in(unit)
    case = stage.case("underlag", unit)

    page = visit(guest, stage.chief(unit), case)
    sent = guest.send(page, "Godkänn underlaget")

    told = "Du gjorde själv det förra steget. Då är det någon annan som gör det här."
    assert told in page.words
    assert 409 == sent.status
    assert told in sent.words
    assert "inlamnat" == state(stage, case)


def test_a_substitute_acts_for_somebody(guest: Guest) -> None:
    """A substitute is told for whom it is done, and the log says so."""
    stage = guest.stage
    unit, other = stage.units("verksamhet")[:2]
    chief, by = stage.chief(unit), stage.chief(other)
    stand_in(stage, chief, by)
    case = stage.case("underlag", unit)

    page = visit(guest, by, case)
    guest.send(page, "Inget att föreslå", **{"inget.comment": COMMENT})

    line = evidence.log_lines(stage.world, stage.round)[-1]
    assert f"Du har det nu, för {person(stage, chief)}." in page.words
    assert (by, chief) == (line["actor"], line["on_behalf_of"])


def test_a_substitute_of_two_chooses_for_whom(guest: Guest) -> None:
    """Who stands in for two that hold the same role chooses, and no other is taken."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    chief, second, by = (stage.chief(one) for one in stage.units("verksamhet")[:3])
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on) SELECT id, 'verksamhetschef',"
        " :unit, '0001-01-01', '9999-12-31' FROM people WHERE email = :email",
        unit=unit,
        email=second,
    )
    stand_in(stage, chief, by)
    stand_in(stage, second, by)
    case = stage.case("underlag", unit)

    page = visit(guest, by, case)
    offered = [words(one) for one in page.soup.find(id="at").find_all("option")]
    guest.send(page, "Inget att föreslå", **{"inget.comment": COMMENT, "at": second})

    line = evidence.log_lines(stage.world, stage.round)[-1]
    assert {f"för {person(stage, chief)}", f"för {person(stage, second)}"} == set(offered)
    assert (by, second) == (line["actor"], line["on_behalf_of"])


def stand_in(stage: Stage, absent: str, by: str) -> None:
    """Let somebody stand in for a person, from today and for a month."""
    stage.change(
        "INSERT INTO substitutions (person_id, substitute_id, from_on, to_on, given_at)"
        " SELECT a.id, b.id, '2008-12-01', '2009-12-31', :now FROM people a, people b"
        " WHERE a.email = :absent AND b.email = :by",
        absent=absent,
        by=by,
        now="2008-12-01 08:00:00.000000",
    )


def test_questions_of_two_rounds_stand_apart(guest: Guest) -> None:
    """What was asked the second time stands above what was asked the first."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = returned(stage, unit, "Ett?")
    stage.put("2008-12-05")
    stage.act(case, "lamna_in", stage.chief(unit), data={"answers": {"1": "Ja."}})
    stage.put("2008-12-08")
    stage.act(case, "aterlamna", stage.boss(unit), data={"questions": ["Två?"]})

    page = visit(guest, stage.chief(unit), case)

    laps = [words(one) for one in page.soup.select("section[id^=fragor] .sechead span")]
    assert ["mån 8 dec, varv 2. 0 av 1 besvarade", "ons 3 dec, varv 1. 1 av 1 besvarad"] == [
        one.replace("\xa0", " ") for one in laps
    ]
    assert "varv 3" in page.words
