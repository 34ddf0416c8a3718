"""One case in a browser: what stands there, what one may do, and how it is filled in."""

from datetime import date

import pytest

from tests.web.browsing import Guest, filled, words
from tests.web.cases import (
    FILLED,
    ids_of,
    keep,
    person,
    press,
    returned,
    rows,
    state,
    unit_name,
    visit,
)
from workflow.service import extending
from workflow.service.running import evidence

HOSTILE = '<script>alert(1)</script>" onfocus="x\' {{ 7*7 }} {% raw %}'


# ---- filling in ------------------------------------------------------------------------


def test_a_draft_is_saved_and_handed_in(guest: Guest) -> None:
    """What is typed is saved, is there the next time, and is handed in; then others have it."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)

    saved = press(guest, chief, case, "Spara utkastet", {**FILLED, "rad.objekt.1.typ": ""})
    kept = saved.soup.find(id="rad.objekt.1.tillstand")["value"]
    done = guest.send(saved, "Lämna in underlaget", **{"rad.objekt.1.typ": "effektivisering"})

    assert "Sparat kl. 9.00." in saved.words.replace("\xa0", " ")
    assert "Lindrig knäartros" == kept
    assert f"Inlämnat. Nu har {person(stage, stage.boss(unit))} det." in done.words
    assert "inlamnat" == state(stage, case)
    assert True is evidence.prove(stage.world).ok


def test_a_grey_button_says_what_is_missing_and_where(guest: Guest) -> None:
    """An empty underlag cannot be handed in; the reason links to its table."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]

    page = visit(guest, stage.chief(unit), stage.case("underlag", unit))

    button = next(b for b in page.soup.find_all("button") if words(b) == "Lämna in underlaget")
    assert "true" == button["aria-disabled"]
    assert "#tabell.objekt" == page.links["Prioriteringsobjekt: minst en rad behövs, 0 finns."]


def test_every_link_within_a_case_leads_somewhere(guest: Guest) -> None:
    """What is missing is there where the reason points."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = returned(stage, unit, "Hur många?")
    keep(stage, unit, {"tillstand": "Halvfärdig"})

    page = visit(guest, stage.chief(unit), case)

    near = {link[1:] for link in page.links.values() if link.startswith("#")}
    assert {"svar.1", "rad.objekt.1.atgard"} <= near
    assert set() == near - ids_of(page)


def test_pressing_a_grey_button_gives_the_reasons_from_the_server(guest: Guest) -> None:
    """The same reasons come back at their fields, with all that was typed."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    typed = {"rad.objekt.1.atgard": "X"}

    page = press(guest, stage.chief(unit), case, "Lämna in underlaget", typed)

    assert 409 == page.status
    assert "X" == page.soup.find(id="rad.objekt.1.atgard")["value"]
    assert "Tillstånd saknas." == words(page.soup.find(id="rad.objekt.1.tillstand-err"))
    assert "utkast" == state(stage, case)


@pytest.mark.parametrize(
    ("column", "typed", "told"),
    [
        ("effekt_tkr", "480,50", "Skriv hela tal, till exempel 480; du skrev ”480,50”."),
        ("volym", "-1", "Minst 0; du skrev ”-1”."),
        ("tillstand", "x" * 501, "Texten har 501 tecken, högst 500 går."),
    ],
)
def test_an_error_stands_at_its_cell(guest: Guest, column: str, typed: str, told: str) -> None:
    """A cell that cannot be read is named above and at its field; nothing is saved."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    field = f"rad.objekt.1.{column}"

    page = press(guest, stage.chief(unit), case, "Spara utkastet", {**FILLED, field: typed})

    found = page.soup.find(id=field)
    assert 422 == page.status
    assert told == words(page.soup.find(id=f"{field}-err"))
    assert f"#{field}" in page.links.values()
    assert "true" == found["aria-invalid"]
    assert "Artroskopi" == page.soup.find(id="rad.objekt.1.atgard")["value"]
    assert [] == rows(stage, case)


def test_rows_are_taken_away_and_added(guest: Guest) -> None:
    """A ticked row goes, an emptied one too, and a new one comes last."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    keep(stage, unit, *({"tillstand": one} for one in ("Ett", "Två", "Tre")))
    typed = {
        "bort.objekt.1": "on",
        "rad.objekt.2.tillstand": " ",
        "rad.objekt.5.tillstand": "Fyra",
    }

    press(guest, stage.chief(unit), case, "Spara utkastet", typed)

    assert ["Tre", "Fyra"] == [row["tillstand"] for row in rows(stage, case)]


WEIGHED = {
    **FILLED,
    "rad.objekt.1.typ": "bortval",
    "rad.objekt.1.svarighetsgrad": "liten",
    "rad.objekt.1.patientnytta": "liten",
    "rad.objekt.1.kostnad": "hog",
    "rad.objekt.1.kunskap": "starkt",
    "rad.objekt.1.motivering": "Fysioterapi ger samma resultat.",
}


def test_another_rank_than_the_suggested_asks_why(guest: Guest) -> None:
    """What is suggested stands beside, what people choose holds, and the difference has words."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    why = "rad.objekt.1.rang.reason"

    saved = press(guest, chief, case, "Spara utkastet", {**WEIGHED, "rad.objekt.1.rang": "5"})
    asked = guest.send(saved, "Lämna in underlaget")
    done = guest.send(asked, "Lämna in underlaget", **{why: "Alternativet finns redan."})

    assert "Förslag när raden sparades: Rang" in saved.words
    assert 409 == asked.status
    assert "du har valt ”5”" in words(asked.soup.find(id=f"{why}-err")).lower()
    assert f"#{why}" in asked.links.values()
    assert "inlamnat" == state(stage, case), done.words
    assert "Alternativet finns redan." == rows(stage, case)[0]["rang.reason"]
    assert "5" == rows(stage, case)[0]["rang"]


def test_a_check_that_asks_is_answered_where_it_asks(guest: Guest) -> None:
    """Several grounds are ticked; what may conflict with human dignity needs its words."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    ticked = {"rad.objekt.1.grund": ["alder", "social"]}
    field = "tabell.objekt.etik"

    saved = press(guest, chief, case, "Spara utkastet", {**FILLED, **ticked})
    asked = guest.send(saved, "Lämna in underlaget")
    guest.send(asked, "Lämna in underlaget", **{"varfor.objekt.etik": "Medicinska skäl finns."})

    assert "alder,social" == rows(stage, case)[0]["grund"]
    assert 409 == asked.status
    assert f"#{field}" in asked.links.values()
    assert asked.soup.find(id=field) is not None
    assert "inlamnat" == state(stage, case)
    reasons = stage.rows(f"SELECT reasons FROM sheets WHERE case_id = '{case}'")
    assert "Medicinska skäl finns." in reasons[0][0]


def test_a_warning_is_shown_and_stops_nobody(guest: Guest) -> None:
    """A rank of 1-4 on what is to be discontinued is told, and may be meant."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    typed = {**WEIGHED, "rad.objekt.1.rang": "2", "rad.objekt.1.rang.reason": "Vi menar det."}

    saved = press(guest, chief, case, "Spara utkastet", typed)
    guest.send(saved, "Lämna in underlaget")

    assert "Bortval med rang 1-4" in saved.words
    assert "inlamnat" == state(stage, case)


def test_there_is_room_for_more_rows_without_saving(guest: Guest) -> None:
    """Three more empty rows are shown with all that was typed; nothing is saved."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    before = stage.counts()

    page = press(guest, stage.chief(unit), case, "Fler tomma rader", FILLED)

    assert "Artroskopi" == page.soup.find(id="rad.objekt.1.atgard")["value"]
    assert {"rad.objekt.7.atgard"} <= ids_of(page)
    assert before == stage.counts()


def reported(guest: Guest) -> None:
    """Let every underlag of the first driftenhet be approved."""
    stage = guest.stage
    first = stage.units("driftenhet")[0]
    for unit in (one for one in stage.units("verksamhet") if stage.parent(one) == first):
        stage.hand_in(unit)
        stage.approve(unit)


# ---- questions -------------------------------------------------------------------------


def test_questions_are_answered_one_by_one(guest: Guest) -> None:
    """An answer is saved alone, told with who gave it and when, and can be changed."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = returned(stage, unit, "Hur många?", "Varför?"), stage.chief(unit)

    first = press(guest, chief, case, "Spara svaren", {"svar.1": "Sextio."})
    second = guest.send(first, "Spara svaren", **{"svar.1": "Sjuttio."})

    answers = stage.rows("SELECT number, answer FROM questions ORDER BY number")
    assert f"av {person(stage, chief)} ons 3 dec" in first.words.replace("\xa0", " ")
    assert [(1, "Sjuttio."), (2, None)] == answers
    assert "1 av 2 besvarad" in second.words
    assert True is evidence.prove(stage.world).ok


def test_answers_go_along_when_it_is_handed_in(guest: Guest) -> None:
    """Handing in takes what is typed with it, answers too; it is round two by then."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = returned(stage, unit, "Hur många?")

    page = visit(guest, stage.chief(unit), case)
    done = guest.send(page, "Lämna in underlaget", **{"svar.1": "Sextio."})

    assert "Återlämnat" in page.words
    assert "varv 2" in page.words
    assert 200 == done.status
    assert "inlamnat" == state(stage, case)


def test_an_answer_that_was_handed_on_is_not_changed(guest: Guest) -> None:
    """Whoever reviews reads the answers and cannot change them, whatever is sent."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = returned(stage, unit, "Hur många?")
    stage.act(case, "lamna_in", stage.chief(unit), data={"answers": {"1": "Sextio."}})
    page = visit(guest, stage.boss(unit), case)
    fields = {"token": guest.token, "version": "4", "svar.1": "Noll."}

    sent = guest.post(f"/arenden/{case}/steg/godkann", fields)

    assert "Sextio." in page.words
    assert None is page.soup.find(id="svar.1")
    assert 200 == sent.status
    assert [("Sextio.",)] == stage.rows("SELECT answer FROM questions")


# ---- who sees what ---------------------------------------------------------------------


def test_who_has_it_and_who_gets_it(guest: Guest) -> None:
    """The chain names the one who has it, then those who get it, in the process's order."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    chief, boss = person(stage, stage.chief(unit)), person(stage, stage.boss(unit))

    page = visit(guest, stage.chief(unit), stage.case("underlag", unit))

    chain = [words(one) for one in page.soup.find(class_="chain").find_all("li")]
    assert [f"{chief} (du)", f"{boss}: Inlämnat", f"{boss}: Driftenhetschefen sammanställer"] == (
        chain[:3]
    )


def test_a_waiting_case_shows_what_it_waits_for(guest: Guest) -> None:
    """The driftenhet's case lists its underlag: where each stands, and who has it."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)

    page = visit(guest, stage.boss(unit), stage.case("avstamning", stage.parent(unit)))

    boss = person(stage, stage.boss(unit))
    row = page.soup.find("a", string=f"Underlag {unit_name(stage, unit)}").find_parent("tr")
    assert f"Underlag {unit_name(stage, unit)} Inlämnat {boss} (du)" in words(row)
    assert "Väntar på 6 av 6." in page.words


@pytest.mark.parametrize("role", ["revisor", "ledamot", "registrator"])
def test_whoever_reads_changes_nothing(guest: Guest, role: str) -> None:
    """A reader sees the rows, no field to fill in, and who takes the next step."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    keep(stage, unit, {"tillstand": "Knäartros", "atgard": "Artroskopi"})

    page = visit(guest, stage.holder(role), stage.case("underlag", unit))

    assert "Knäartros" in page.words
    assert None is page.soup.find(id="rad.objekt.1.tillstand")
    assert f"Nästa steg tar {person(stage, stage.chief(unit))}." in page.words


def test_a_helper_fills_in_but_does_not_hand_in(guest: Guest) -> None:
    """The medical groups save rows; handing in is the chief's, and it says so."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, helper = stage.case("underlag", unit), stage.holder("medicinsk_grupp")

    page = press(guest, helper, case, "Spara utkastet", FILLED)

    assert 1 == len(rows(stage, case))
    assert "Lämna in underlaget" not in page.buttons
    assert f"Det gör den som är verksamhetschef för {unit_name(stage, unit)}." in page.words


def test_a_case_of_others_is_not_there(guest: Guest) -> None:
    """Another unit's underlag answers as what does not exist, by every address of it."""
    stage = guest.stage
    mine, other = stage.units("verksamhet")[:2]
    guest.sign_in(stage.chief(mine))
    token, case = guest.token, stage.case("underlag", other)
    before = {**stage.counts(), "refusals": 0}

    found = [
        guest.get(f"/arenden/{case}").status,
        *(
            guest.post(f"/arenden/{case}/steg/{verb}", {"token": token, "version": "1"}).status
            for verb in ("lamna_in", "spara-utkast", "godkann", "withdraw")
        ),
    ]

    assert [404] * 5 == found
    assert before == {**stage.counts(), "refusals": 0}


def test_seeing_without_reading_shows_where_it_stands(guest: Guest) -> None:
    """An elected person sees that the round goes on and who has it, not what is in it."""
    stage = guest.stage
    stage.change("UPDATE rounds SET reference = 'RS 1'")

    page = visit(guest, stage.swedish("fortroendevald"), f"{stage.round}.omgang")

    assert "Grundarbete och avstämning" in page.words
    assert [] == page.soup.main.find_all("textarea")
    assert "Vad som står i det läser de som arbetar med det" in page.words
    told = page.soup.find("aside").get_text(" ")
    assert "Händelser" in told
    assert "Underlag" not in told


def test_a_button_of_somebody_else_is_refused_with_its_reason(guest: Guest) -> None:
    """A chief who approves their own underlag by address is told who does, and nothing moves."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(unit)
    case = stage.case("underlag", unit)
    guest.sign_in(stage.chief(unit))

    page = guest.post(f"/arenden/{case}/steg/godkann", {"token": guest.token, "version": "2"})

    assert 403 == page.status
    assert "Det gör den som är driftenhetschef för" in page.words
    assert "inlamnat" == state(stage, case)


def test_a_step_that_is_not_there_is_not_found(guest: Guest) -> None:
    """An address with a button that no state has is as nothing."""
    stage = guest.stage
    case = stage.case("underlag", stage.units("verksamhet")[0])
    guest.sign_in(stage.chief(stage.units("verksamhet")[0]))

    page = guest.post(f"/arenden/{case}/steg/hitta_pa", {"token": guest.token})

    assert 404 == page.status


# ---- what is sent ----------------------------------------------------------------------


def test_nothing_is_set_that_was_not_asked_for(guest: Guest) -> None:
    """Fields that the page does not have are not read: other tables, days, choices, persons."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case = stage.case("underlag", unit)
    page = visit(guest, stage.chief(unit), case)
    extra = {
        "var.beslut.1": "",
        "rad.beslut.1.utfall": "bifall",
        "rad.objekt.1.hittapa": "x",
        "lamna_in.due_on": "2012-01-01",
        "lamna_in.pick": "x",
        "lamna_in.choose": "x",
        "lamna_in.meeting_on": "2009-01-01",
        "state": "godkant",
        "at": stage.leader,
        "actor": "1",
    }
    fields = filled(page.form("Lämna in underlaget"))

    done = guest.post(f"/arenden/{case}/steg/lamna_in", {**fields, **FILLED, **extra})

    line = next(
        one
        for one in reversed(evidence.log_lines(stage.world, stage.round))
        if one["kind"] == "transition"
    )
    assert 200 == done.status
    assert {"sheets", "owes", "due_at", "due_rule", "ladder"} == set(line["payload"])
    assert {"objekt"} == set(line["payload"]["sheets"])
    what, number, _, cells = line["payload"]["sheets"]["objekt"][0]
    assert ("add", 1, {"tillstand", "atgard", "typ", "effekt_tkr"}) == (what, number, set(cells))
    assert stage.chief(unit) == line["actor"]


def test_hostile_text_comes_back_as_text(guest: Guest) -> None:
    """Whatever is written in any field is shown as it was written, and does nothing."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = returned(stage, unit, HOSTILE), stage.chief(unit)
    texts = {f"rad.objekt.1.{one}": HOSTILE for one in ("tillstand", "atgard", "motivering")}

    saved = press(guest, chief, case, "Spara utkastet", {**texts, "svar.1": HOSTILE})
    wrong = guest.send(
        saved,
        "Spara utkastet",
        **{"rad.objekt.1.effekt_tkr": HOSTILE, "inget.comment": HOSTILE},
    )
    guest.send(saved, "Lämna in underlaget")
    read = visit(guest, stage.boss(unit), case)

    for page in (saved, wrong, read):
        assert "<script>alert" not in page.text
        assert HOSTILE in page.soup.main.get_text()
        assert [] == page.soup.main.find_all(onfocus=True)
    assert 422 == wrong.status
    assert HOSTILE == wrong.soup.find(id="rad.objekt.1.effekt_tkr")["value"]
    assert HOSTILE == wrong.soup.find(id="inget.comment").get_text().strip()


def test_on_the_way_to_ask_for_more_days_the_draft_is_saved(guest: Guest) -> None:
    """What is typed is saved first; what cannot be saved stays on the page."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)

    wrong = press(guest, chief, case, "Be om anstånd", {**FILLED, "rad.objekt.1.volym": "många"})
    there = guest.send(wrong, "Be om anstånd", **{"rad.objekt.1.volym": ""})

    assert (422, f"/arenden/{case}/anstand") == (wrong.status, there.url)
    assert "Artroskopi" == wrong.soup.find(id="rad.objekt.1.atgard")["value"]
    assert 1 == len(rows(stage, case))


def test_whoever_answers_is_led_to_it(guest: Guest) -> None:
    """More days that are asked for are told on the case, with a way to the answer."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief = stage.case("underlag", unit), stage.chief(unit)
    day = date(2009, 3, 11)
    extending.ask(stage.world, case, day, reason="Sjuka.", email=chief)

    page = visit(guest, stage.boss(unit), case)

    told = f"{person(stage, chief)} ber om tid till ons 11 mars 2009."
    assert told in page.words.replace("\xa0", " ")
    assert f"/arenden/{case}/anstand" == page.links["Ta ställning till anståndet"]
