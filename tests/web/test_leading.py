"""The process leader's pages: previews, nudges, people, mail, the week; and who reads them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.service.worlds import ROUND, Stage
from tests.web.browsing import Guest, visit_of, words
from workflow.service import clockwork, extending, views
from workflow.service.outlook import look_ahead
from workflow.service.people.roster import roster

PAGES = (
    "/admin",
    "/admin/stopp",
    "/admin/stopp?losta=1",
    "/admin/veckan",
    "/admin/utskick",
    "/admin/personer",
)
ROUND_PAGES = tuple(f"/omgangar/{ROUND}/{page}" for page in ("flytta", "paminn", "enheter"))


@pytest.fixture
def late(groundwork: Stage) -> Iterator[Guest]:
    """Somebody at a browser two days after the last day, with the mail of the day gone."""
    groundwork.put("2009-03-03", "12:00")
    with visit_of(groundwork) as made:
        yield made


def lead(guest: Guest) -> Guest:
    """Be the one who leads."""
    guest.sign_in(guest.stage.leader)
    return guest


def name_of(stage: Stage, email: str) -> str:
    """Give somebody's name."""
    return next(one.name for one in stage.people.people if one.email == email)


def rows(stage: Stage) -> dict[str, object]:
    """Give everything but what a visit itself writes."""
    found = stage.everything()
    return {name: some for name, some in found.items() if name != "sessions"}


# ---- reading ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, *ROUND_PAGES])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_leader_reads_them(late: Guest, path: str, language: str) -> None:
    """Each answers in both languages, and looking at it changes nothing."""
    late.stage.change(
        "UPDATE people SET language = :l WHERE email = :e", l=language, e=late.stage.leader
    )
    lead(late)
    before = rows(late.stage)

    page = late.get(path)

    assert 200 == page.status, page.words
    assert before == rows(late.stage)
    assert 200 == late.head(path)


@pytest.mark.parametrize("path", [*PAGES, *ROUND_PAGES])
def test_an_auditor_reads_and_has_no_buttons(late: Guest, path: str) -> None:
    """All of it, and nothing to press but what searches and signs out."""
    stage = late.stage
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on)"
        " SELECT id, :role, :unit, '2001-01-01', '2999-12-31' FROM people WHERE email = :who",
        role=stage.revision.definition.auditor,
        unit=stage.units("landsting")[0],
        who=stage.chief(stage.units("verksamhet")[0]),
    )
    late.sign_in(stage.chief(stage.units("verksamhet")[0]))

    page = late.get(path)

    assert 200 == page.status
    main = page.soup.main
    assert main is not None
    posting = [one for one in main.find_all("form") if one.get("method") == "post"]
    assert [] == posting


@pytest.mark.parametrize("path", [*PAGES, *ROUND_PAGES, "/admin/utskick/1", "/admin/personer/1"])
def test_to_others_they_are_not_there(late: Guest, path: str) -> None:
    """A chief gets what anybody gets at an address that does not exist."""
    late.sign_in(late.stage.chief(late.stage.units("verksamhet")[0]))

    page = late.get(path)

    assert 404 == page.status


@pytest.mark.parametrize(
    "path",
    [
        "/admin/utskick",
        "/admin/utskick/1",
        "/admin/personer",
        "/admin/personer/1",
        "/admin/personer/ge-roll",
        "/admin/personer/1/ersattare",
        *ROUND_PAGES,
    ],
)
@pytest.mark.parametrize("role", ["verksamhetschef", "registrator"])
def test_others_send_nothing(late: Guest, path: str, role: str) -> None:
    """A form that is sent all the same is answered as if the address were none."""
    late.sign_in(late.stage.holder(role))
    before = rows(late.stage)

    page = late.post(
        path, {"token": late.token, "way": "missing", "do": "hold", "to": "x@y.example"}
    )

    assert 404 == page.status
    assert before == rows(late.stage)


# ---- moving ----------------------------------------------------------------------------


def test_a_milestone_is_moved(late: Guest) -> None:
    """The form, what it changes with the very mail, the button with its number, done."""
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    shown = late.send(form, "Visa vad som ändras", day="13 mars", reason="Vinterkräksjuka")
    before = late.stage.mails("dates")

    done = late.send(shown, "Flytta och skicka 12 mejl")

    assert "tolv uppgifter ändras" in shown.words.lower()
    assert "ny sista dag fre 13 mars" in shown.words
    assert "fre 13 mars" in done.words
    assert {} == before
    assert 12 == sum(late.stage.mails("dates").values())


def test_the_form_gives_back_what_was_typed(late: Guest) -> None:
    """An empty reason and a day that is none stand at their fields; nothing is lost."""
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")

    back = late.send(form, "Visa vad som ändras", day="31 februari", reason="Sportlov")

    assert 422 == back.status
    assert "Skriv en dag, till exempel 6 mars." in words(back.soup.find(id="day-err"))
    assert "Sportlov" == back.soup.find(id="reason")["value"]
    again = late.send(back, "Visa vad som ändras", day="9 mars", reason="")
    assert "Skriv varför." in words(again.soup.find(id="reason-err"))


def test_it_has_changed_meanwhile(late: Guest) -> None:
    """Somebody hands in while the leader reads: 409, what is another, what was typed, and the
    new button does what it now says."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    shown = late.send(form, "Visa vad som ändras", day="2009-03-13", reason="Vinterkräksjuka")
    stage.hand_in(unit)

    anew = late.send(shown, "Flytta och skicka 12 mejl")

    assert 409 == anew.status
    assert "Det har ändrats sedan du såg det" in anew.words
    assert f"Får inte längre något mejl: {name_of(stage, stage.chief(unit))}." in anew.words
    assert {} == stage.mails("dates")
    done = late.send(anew, "Flytta och skicka 11 mejl")
    assert 200 == done.status
    assert 11 == sum(stage.mails("dates").values())


def test_change_first(late: Guest) -> None:
    """From the preview back to the form, with everything in it, and nothing done."""
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    shown = late.send(form, "Visa vad som ändras", day="13 mars", reason="Vinterkräksjuka")

    back = late.send(shown, "Ändra först")

    assert "13 mars" == back.soup.find(id="day")["value"]
    assert "Vinterkräksjuka" == back.soup.find(id="reason")["value"]
    assert {} == late.stage.mails("dates")


def test_a_double_click(late: Guest) -> None:
    """Sent twice it is done once; the second is shown what holds then."""
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/flytta?milstolpe=grundarbete")
    shown = late.send(form, "Visa vad som ändras", day="13 mars", reason="Vinterkräksjuka")

    first = late.send(shown, "Flytta och skicka 12 mejl")
    second = late.send(shown, "Flytta och skicka 12 mejl")

    assert (200, True) == (first.status, second.status in (409, 422))
    assert 12 == sum(late.stage.mails("dates").values())


# ---- extensions ------------------------------------------------------------------------


def test_more_days_are_asked_for_and_granted(late: Guest) -> None:
    """The chief asks, the superior sees the reason and what it changes, and grants."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    path = f"/arenden/{stage.case('underlag', unit)}/anstand"
    late.sign_in(stage.chief(unit))
    shown = late.send(
        late.get(path), "Visa vad som händer", **{"ask-day": "13 mars", "reason": "Två är sjuka"}
    )
    asked = late.send(shown, "Be om anstånd till fre 13 mars och skicka 1 mejl")
    late.sign_in(stage.boss(unit))
    answer = late.get(path)
    seen = late.send(answer, "Visa vad som ändras", reason="Gärna")

    done = late.send(seen, "Bevilja till fre 13 mars och skicka 1 mejl")

    assert f"{name_of(stage, stage.boss(unit))} svarar" in asked.words
    assert "Två är sjuka" in answer.words
    assert "Sista dag är nu fre 13 mars." in done.words


def test_more_days_are_refused(late: Guest) -> None:
    """The no goes the same way, and is told."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    extending.ask(
        stage.world,
        stage.case("underlag", unit),
        stage.world.today(stage.at[0]) + timedelta(days=9),
        reason="x",
        email=stage.chief(unit),
    )
    late.sign_in(stage.boss(unit))
    form = late.get(f"/arenden/{stage.case('underlag', unit)}/anstand")
    shown = late.send(form, "Visa vad som händer", reason="Mötet är på måndag")

    done = late.send(shown, "Säg nej och skicka 1 mejl")

    assert "Svaret är nej" in done.words
    assert [("refused",)] == stage.rows("SELECT answer FROM extensions")


def test_an_extension_of_another_unit_is_not_there(late: Guest) -> None:
    """Neither its page nor its form."""
    stage = late.stage
    mine, other = stage.units("verksamhet")[:2]
    late.sign_in(stage.chief(mine))
    path = f"/arenden/{stage.case('underlag', other)}/anstand"

    assert 404 == late.get(path).status
    assert 404 == late.post(path, {"token": late.token, "way": "ask", "reason": "x"}).status


# ---- units -----------------------------------------------------------------------------


def test_a_unit_is_carried_as_missing(late: Guest) -> None:
    """With a preview of what goes on up the tree."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/enheter")
    found = form.soup.main and form.soup.main.find("form", attrs={"method": "post"})
    assert found is not None
    sent = {
        **{str(one["name"]): str(one.get("value", "")) for one in found.find_all("input")},
        "unit": unit,
        "reason": "Inget kom",
    }
    shown = late.post(f"/omgangar/{ROUND}/enheter", sent)

    button = next(one for one in shown.buttons if one.startswith("Bär som utebliven"))
    done = late.send(shown, button)

    assert "Uteblivet" in shown.words
    assert "Gjort: bär som utebliven" in done.words
    state = {c["case"]: c["state"] for c in views.round_view(stage.world, ROUND)["cases"]}
    assert "missing" == state[stage.case("underlag", unit)]


def test_a_superior_withdraws_their_own(late: Guest) -> None:
    """A driftenhetschef has the page with the units below, and no others."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    late.sign_in(stage.boss(unit))

    page = late.get(f"/omgangar/{ROUND}/enheter")

    names = {one.key: one.name for one in stage.people.units}
    mine = {u for u in stage.units("verksamhet") if stage.parent(u) == stage.parent(unit)}
    for one in stage.units("verksamhet"):
        assert (one in mine) == (f"Underlag {names[one]}" in page.words)


# ---- nudging ---------------------------------------------------------------------------


def test_those_who_are_late_are_reminded(late: Guest) -> None:
    """The list first, one unticked, a sentence of one's own; then the mail, then rest."""
    stage = late.stage
    units = stage.units("verksamhet")
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/paminn?steg=underlag.utkast")

    done = late.send(
        form,
        "Påminn de ikryssade",
        to=[stage.chief(unit) for unit in units[1:]],
        words="Hör av er.",
    )

    assert form.words.startswith("Prioriteringar") or "Tolv får mejl nu." in form.words
    assert "elva personer får ett mejl nu." in done.words
    assert stage.chief(units[0]) not in stage.mails("nudge")
    again = late.get(f"/omgangar/{ROUND}/paminn?steg=underlag.utkast")
    assert "En får mejl nu." in again.words
    assert "Elva påmindes för mindre än fyra timmar sedan" in again.words


def test_nobody_ticked(late: Guest) -> None:
    """It is said, and the sentence is kept."""
    lead(late)
    form = late.get(f"/omgangar/{ROUND}/paminn?steg=underlag.utkast")

    back = late.send(form, "Påminn de ikryssade", to=[], words="Hör av er.")

    assert 422 == back.status
    assert "Ingen är ikryssad." in back.words
    assert "Hör av er." in words(back.soup.find(id="words"))
    assert {} == late.stage.mails("nudge")


def test_a_superior_reminds_from_the_page(late: Guest) -> None:
    """Their own units, and nobody else's name is on it."""
    stage = late.stage
    unit = stage.units("verksamhet")[0]
    late.sign_in(stage.boss(unit))

    page = late.get(f"/omgangar/{ROUND}/paminn")

    for one in stage.units("verksamhet"):
        below = stage.parent(one) == stage.parent(unit)
        assert below == (name_of(stage, stage.chief(one)) in page.words)


# ---- mail ------------------------------------------------------------------------------


def test_mail_is_held_and_let_go(late: Guest) -> None:
    """Both by one button, and the log has both."""
    lead(late)

    held = late.send(late.get("/admin/utskick"), "Håll inne alla mejl")
    late.stage.post()
    waiting = late.stage.rows("SELECT count(*) FROM messages WHERE state = 'queued'")[0][0]
    free = late.send(held, f"Släpp de {waiting} mejl som väntar")

    assert "Mejlen hålls inne sedan" in held.words
    assert waiting > 1
    assert "Håll inne alla mejl" in free.buttons
    kinds = [
        row[0]
        for row in late.stage.rows(
            "SELECT kind FROM entries WHERE chain = 'installation' ORDER BY number DESC LIMIT 2"
        )
    ]
    assert ["mail_released", "mail_held"] == kinds


def test_a_mail_is_read_and_sent_again(late: Guest) -> None:
    """Its text, its tries, and once more to another address."""
    stage = late.stage
    stage.post()
    lead(late)
    (key,) = stage.rows(
        "SELECT min(id) FROM messages WHERE state = 'sent' AND kind = 'assignment'"
    )[0]
    page = late.get(f"/admin/utskick/{key}")

    bad = late.send(page, "Skriv om det och skicka", to="inte en adress")
    sent = late.send(page, "Skriv om det och skicka", to="annan@region.example")

    assert "Öppna" in page.words
    assert "skickat" in page.words
    assert (422, True) == (bad.status, bad.soup.find(id="to-err") is not None)
    assert "annan@region.example" in sent.words
    assert "väntar" in sent.words


def test_mail_of_a_round_that_one_does_not_read(late: Guest) -> None:
    """Who leads another process has the pages, and nothing of this round's mail on them."""
    stage = late.stage
    stage.post()
    (key,) = stage.rows("SELECT max(id) FROM messages WHERE kind = 'assignment'")[0]
    stranger = stage.chief(stage.units("verksamhet")[0])
    stage.end_grant("verksamhetschef", stage.units("verksamhet")[0])
    stage.change(
        "INSERT INTO grants (person_id, role, unit, from_on, to_on)"
        " SELECT id, 'medicinsk_radgivare', :unit, '2001-01-01', '2999-12-31' FROM people"
        " WHERE email = :who",
        unit=stage.units("verksamhet")[0],
        who=stranger,
    )
    late.sign_in(stranger)

    listed, mail, week = (
        late.get(path) for path in ("/admin/utskick", f"/admin/utskick/{key}", "/admin/veckan")
    )

    assert (200, 404) == (listed.status, mail.status)
    assert "Inga mejl." in listed.words
    assert "Underlag" not in week.words


@pytest.mark.parametrize("state", ["queued", "sent", "failed", "withdrawn", "nonsense"])
def test_the_outbox_is_filtered(late: Guest, state: str) -> None:
    """By what became of the mail; another word is bad input."""
    late.stage.post()
    lead(late)

    page = late.get(f"/admin/utskick?lage={state}")

    assert (422 if state == "nonsense" else 200) == page.status
    chosen = page.soup.select_one("#lage option[selected]")
    assert ("nonsense" if chosen is None else str(chosen["value"])) == state


def test_the_outbox_has_pages(late: Guest) -> None:
    """50 on each, newest first, with a link to those before them that keeps the choice."""
    stage = late.stage
    clockwork.tick(stage.world)
    stage.post()
    stage.change(
        "INSERT INTO messages (message_id, round_id, person_id, kind, content, state, put_at,"
        " next_try_at, attempt, fence) SELECT message_id || '.' || tasks.id, messages.round_id,"
        " person_id, messages.kind, content, 'sent', put_at, next_try_at, 1, 0"
        " FROM messages CROSS JOIN tasks WHERE messages.id < 20 AND messages.round_id IS NOT NULL"
    )
    lead(late)
    first = late.get("/admin/utskick?lage=sent")

    second = late.get(first.links["Visa äldre"])

    assert "lage=sent" in second.url
    assert 51 == len(first.soup.find_all("tr"))
    names = [{str(one["href"]) for one in page.soup.select("td a.btn")} for page in (first, second)]
    assert set() == names[0] & names[1]


# ---- the week --------------------------------------------------------------------------


def test_the_week_says_what_goes(late: Guest) -> None:
    """The sentence on top counts what the days below it name."""
    stage = late.stage
    lead(late)
    total = sum(len(day.mails) for day in look_ahead(stage.world).days)

    page = late.get("/admin/veckan")

    assert f"{total} mejl till" in page.words
    assert "Underlag" in page.words


# ---- people ----------------------------------------------------------------------------


def test_a_vacancy_is_filled_from_the_list_of_stops(late: Guest) -> None:
    """From the incident by its link to the form, chosen already; then it is gone."""
    stage = late.stage
    stage.end_grant("verksamhetschef", stage.units("verksamhet")[0])
    stage.change("UPDATE installation SET swept_on = '2008-01-01'")
    clockwork.tick(stage.world)
    lead(late)
    stops = late.get("/admin/stopp")
    (href,) = [path for text, path in stops.links.items() if text.startswith("Utse någon")]

    done = late.send(late.get(href), "Ge rollen", person=stage.holder("registrator"))

    assert "Rollen är given" in done.words
    assert "Inget står stilla." in late.get("/admin/stopp").words


def test_somebody_is_added_corrected_and_given_a_role(late: Guest) -> None:
    """The whole way on the pages, and the role ended at once."""
    stage = late.stage
    lead(late)
    added = late.send(
        late.get("/admin/personer"), "Lägg till", name="Eva Ny", email="eva@region.example"
    )
    fixed = late.send(added, "Spara rättelsen", name="Eva Ny-Ek")
    form = late.get(fixed.links["Ge en roll"])
    given = late.send(form, "Ge rollen", role="verksamhetschef", unit=stage.units("verksamhet")[0])

    ended = late.send(given, "Avsluta genast")

    assert "Eva Ny-Ek" == fixed.heading
    assert "tills vidare" in given.words
    assert "har varit" in ended.words
    assert () == tuple(r for r in roster(stage.world, email="eva@region.example")[0].roles)


def test_a_form_about_a_person_gives_back(late: Guest) -> None:
    """A bad address stands at its field, with what was typed."""
    lead(late)

    back = late.send(
        late.get("/admin/personer"), "Lägg till", name="Åsa Ek", email="åsa@region.example"
    )

    assert 422 == back.status
    assert "före @ står å" in words(back.soup.find(id="email-err"))
    assert "Åsa Ek" == back.soup.find(id="name")["value"]


def test_hostile_words_are_shown_as_words(late: Guest) -> None:
    """A name with markup in it is a name."""
    lead(late)
    name = "<script>alert(1)</script>"

    late.send(late.get("/admin/personer"), "Lägg till", name=name, email="x@region.example")

    page = late.get("/admin/personer?sok=%3Cscript%3E")
    assert name in page.words
    assert [] == list(page.soup.main.find_all("script"))


def test_what_ails_the_machine_is_told_in_the_leaders_language(late: Guest) -> None:
    """Nobody works on the mail: the leader's first page says so, in English for who chose it."""
    late.sign_in(late.stage.leader)
    swedish = late.get("/admin")
    late.stage.change("UPDATE people SET language = 'en'")
    english = late.get("/admin")

    assert "Ingen arbetare" in swedish.words
    assert "Ingen arbetare" not in english.words
    assert "No worker" in english.words
