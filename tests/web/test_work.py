"""Mitt arbete: the truth in a sentence, what to do by when, what waits on others."""

from datetime import date
from typing import Any

import pytest

from tests.service.worlds import Stage
from tests.web.browsing import Guest, Page, words
from tests.web.cases import keep, person, returned, unit_name
from workflow.service import extending, opening
from workflow.service.reading.work.work import count_owed, read_work
from workflow.store.statements import Statement


def work(guest: Guest, email: str, view: str = "") -> Page:
    """Open one's work."""
    guest.sign_in(email)
    return guest.get("/" + (f"?visa={view}" if view else ""))


def tasks(page: Page) -> list[str]:
    """Give what is listed as to do, each as one line."""
    return [words(one).replace("\xa0", " ") for one in page.soup.select("ol.tasks > li")]


def test_one_thing_to_do(guest: Guest) -> None:
    """The chief of a unit has the underlag to do, by when, and what there is in it."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.put("2009-02-24")
    keep(stage, unit, {"tillstand": "Knäartros"})

    page = work(guest, stage.chief(unit))

    title = f"Underlag {unit_name(stage, unit)}"
    lede = f"Du har en sak att göra. Närmast är {title}: sista dag är lör 28 feb"
    assert lede in page.words.replace("\xa0", " ")
    assert [
        f"lör 28 feb om 3 arbetsdagar {title} Utkast. 1 rad. Lämna in underlaget : {title}"
    ] == tasks(page)
    assert "tisdag 24 februari 2009" in page.words


def test_late_things_come_first_and_are_counted(guest: Guest) -> None:
    """What is late stands on top, and the sentence and the head of the page count it."""
    stage = guest.stage
    first, second = stage.units("verksamhet")[:2]
    boss = stage.boss(first)
    stage.put("2009-02-02")
    stage.hand_in(second)
    stage.put("2009-02-06")
    stage.hand_in(first)
    stage.put("2009-02-09")

    page = work(guest, boss)

    lede = page.words.replace("\xa0", " ")
    assert "Du har två saker att göra. En är sen. Sedan kommer Underlag" in lede
    assert [unit_name(stage, second), unit_name(stage, first)] == [
        one.split("Underlag ")[1].split(" Inlämnat")[0] for one in tasks(page)
    ]
    assert "2 att göra, en är sen" in words(page.soup.find(class_="nav"))
    assert "2 arbetsdagar sen" in tasks(page)[0]


def test_a_return_says_by_whom_and_how_many_questions_are_left(guest: Guest) -> None:
    """The line tells who sent it back, when, and what is unanswered; the button answers."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.put("2009-02-20")
    returned(stage, unit, "Hur många?", "Varför?")

    page = work(guest, stage.chief(unit))

    told = f"Återlämnat av {person(stage, stage.boss(unit))} fre 20 feb. Två av två frågor är"
    assert told in tasks(page)[0]
    assert "Svara på frågorna" in tasks(page)[0]


def test_a_substitute_has_it_too_and_until_when(guest: Guest) -> None:
    """For whom, and the last day of it."""
    stage = guest.stage
    unit, other = stage.units("verksamhet")[:2]
    stage.change(
        "INSERT INTO substitutions (person_id, substitute_id, from_on, to_on, given_at)"
        " SELECT a.id, b.id, '2008-12-01', '2009-03-01', '2008-12-01 08:00:00.000000'"
        " FROM people a, people b WHERE a.email = :absent AND b.email = :by",
        absent=stage.chief(unit),
        by=stage.chief(other),
    )

    page = work(guest, stage.chief(other))

    line = next(one for one in tasks(page) if unit_name(stage, unit) in one)
    assert 2 == len(tasks(page))
    told = f"Du är ersättare för {person(stage, stage.chief(unit))} till och med sön 1 mars 2009."
    assert told in line


def test_what_was_handed_on_waits_on_others(guest: Guest) -> None:
    """Handed in, it is with the superior: since when, and until when."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.put("2009-02-23")
    stage.hand_in(unit)

    page = work(guest, stage.chief(unit), "vantar")
    mine = work(guest, stage.chief(unit))

    row = words(page.soup.find("tbody")).replace("\xa0", " ")
    boss = person(stage, stage.boss(unit))
    title = f"Underlag {unit_name(stage, unit)}"
    assert f"{title} Inlämnat 1 rad {boss} mån 23 feb tors 26 feb, om 3 arbetsdagar" == row
    assert "Du har inget att göra just nu. Nästa datum i planen är Grundarbetet klart" in (
        mine.words.replace("\xa0", " ")
    )
    assert f"Inget väntar på dig. {title} har {boss} nu, senast tors 26 feb." in (
        mine.words.replace("\xa0", " ")
    )


def test_what_is_done_is_listed_for_two_weeks(guest: Guest) -> None:
    """In the process's own words, with the day; after two weeks it is gone."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.put("2009-02-09")
    stage.hand_in(unit)
    stage.put("2009-02-23")

    shown = work(guest, stage.chief(unit), "klart")
    stage.put("2009-02-24")
    later = work(guest, stage.chief(unit), "klart")

    assert f"Lämnade in underlaget : Underlag {unit_name(stage, unit)}" in shown.words
    assert "Du har inte gjort något här de senaste två veckorna." in later.words


def test_my_units_are_those_at_and_below_mine(guest: Guest) -> None:
    """The chief of a driftenhet sees what its units owe, and nothing of the other's."""
    stage = guest.stage
    first = stage.units("driftenhet")[0]
    below = [unit for unit in stage.units("verksamhet") if stage.parent(unit) == first]

    page = work(guest, stage.holder("driftenhetschef", first), "enhets")

    listed = {words(one) for one in page.soup.select("tbody th")}
    assert {f"Underlag {unit_name(stage, unit)}" for unit in below} == listed


def test_late_units_are_in_the_sentence(guest: Guest) -> None:
    """Whoever stands above hears at once how many are late."""
    stage = guest.stage
    first = stage.units("driftenhet")[0]
    stage.put("2009-03-03")

    page = work(guest, stage.holder("driftenhetschef", first))

    assert "I dina enheter är sex saker sena." in page.words.replace("Sex", "sex")


def test_somebody_asks_for_more_days(guest: Guest) -> None:
    """The superior has it on top of the list, with the day asked for."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    chief = stage.chief(unit)
    case = stage.case("underlag", unit)
    extending.ask(stage.world, case, date(2009, 3, 11), reason="Sjuka.", email=chief)

    page = work(guest, stage.boss(unit))
    mine = work(guest, chief)

    assert f"{person(stage, chief)} ber om anstånd" in tasks(page)[0]
    assert f"/arenden/{case}/anstand" in page.links.values()
    assert "Du har bett om anstånd till ons 11 mars 2009." in tasks(mine)[0]


def test_the_most_urgent_thing_that_can_be_done_is_filled(guest: Guest) -> None:
    """One button in the list is filled, that of the first thing that can be done."""
    stage = guest.stage
    for unit in stage.units("verksamhet")[:3]:
        stage.hand_in(unit)

    page = work(guest, stage.boss(stage.units("verksamhet")[0]))

    filled = [("main" in one["class"]) for one in page.soup.select("ol.tasks .btn")]
    assert [True, False, False] == filled


def test_the_round_in_brief(guest: Guest) -> None:
    """How far it has come in the definition's own titles, what follows, the next mail, whom
    to ask."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.hand_in(stage.units("verksamhet")[1])

    page = work(guest, stage.chief(unit))

    side = words(page.soup.find("aside")).replace("\xa0", " ")
    boss = person(stage, stage.boss(unit))
    assert "Steg 4 av 11: Grundarbete och avstämning." in side
    assert "Underlag: 1 av 12 inne." in side
    assert f"{boss}: Inlämnat {boss}: Driftenhetschefen sammanställer" in side
    assert f"En påminnelse om Underlag {unit_name(stage, unit)}, mån 16 feb 2009 kl. 7.30." in side
    assert f"{person(stage, stage.leader)} leder processen." in side


def test_whoever_has_no_place_has_nothing(guest: Guest) -> None:
    """Somebody without a role reads that nothing waits for them, and no round is named."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.end_grant("verksamhetschef", unit)

    page = work(guest, stage.chief(unit))

    assert "Ingen omgång som du är med i pågår." in page.words
    assert "Prioriteringar" not in page.words


def test_an_unknown_view_is_ones_own_work(guest: Guest) -> None:
    """An address that was changed shows the first view."""
    stage = guest.stage

    page = work(guest, stage.leader, "<script>")

    assert 200 == page.status
    assert "Mina" in words(page.soup.find(class_="tabs").find(attrs={"aria-current": "true"}))


def test_the_page_is_read_in_ones_own_language(guest: Guest) -> None:
    """Somebody who reads English has all of it in English."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    stage.change("UPDATE people SET language = 'en' WHERE email = :one", one=stage.chief(unit))

    page = work(guest, stage.chief(unit))
    case = guest.get(page.links[f"Submission, {unit_name(stage, unit)}"])
    wrong = guest.send(case, "Save the draft", **{"rad.objekt.1.effekt_tkr": "4,5"})

    assert "You have one thing to do." in page.words
    assert "Step 4 of 11: Groundwork and reconciliation." in page.words
    assert "What you can do" in case.words
    assert 'Write a whole number, for example 480; you wrote "4,5".' in wrong.words


# ---- what it costs ---------------------------------------------------------------------


def statements(stage: Stage, email: str) -> int:
    """Count the statements that reading somebody's work takes."""
    count = 0
    own = Statement._execute

    def execute(self: Statement, *given: Any) -> Any:
        nonlocal count
        count += 1
        return own(self, *given)

    Statement._execute = execute  # type: ignore[method-assign]  # for this one reading
    try:
        read_work(stage.world, email)
    finally:
        Statement._execute = own  # type: ignore[method-assign]  # as it was
    return count


@pytest.mark.parametrize("role", ["verksamhetschef", "driftenhetschef", "medicinsk_radgivare"])
def test_other_years_cost_nothing(groundwork: Stage, role: str) -> None:
    """With nine closed rounds of other years the same statements are run as with none."""
    email = groundwork.holder(role)
    before = statements(groundwork, email)
    groundwork.put("2008-11-03")
    for year in range(2001, 2010):
        closed_round(groundwork, year)
    groundwork.put("2008-12-03")

    after = statements(groundwork, email)

    assert before == after


def closed_round(stage: Stage, year: int) -> None:
    """Open a round of another year and call it off."""
    made = opening.open_round(stage.world, stage.revision, year=year, reference="")
    stage.act(f"{made['round']}.omgang", "withdraw", stage.leader, comment="Övning.")


def test_the_count_in_the_head_is_one_statement(groundwork: Stage) -> None:
    """What every page shows of one's work is one statement, and what the list holds."""
    unit = groundwork.units("verksamhet")[0]
    chief = groundwork.chief(unit)
    number = groundwork.rows("SELECT id FROM people WHERE email = :one", one=chief)[0][0]
    groundwork.put("2009-03-02")

    owed = count_owed(groundwork.world, number)

    assert (1, 1) == (owed.open, owed.late)
    assert 1 == len(read_work(groundwork.world, chief).duties)
