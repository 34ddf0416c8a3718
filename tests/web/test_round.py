"""The page of a round: what it says, to whom, in every state of the round's life."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag

from tests.service.worlds import Stage
from tests.web import rounds
from tests.web.browsing import Guest, Page, visit_of, words
from workflow.core.progress import Standing
from workflow.service import moving
from workflow.service.reading.rounds.board import read_board
from workflow.service.reading.rounds.round import read_round_page
from workflow.service.seeing import see_round
from workflow.store.statements import Statement

ROUND = "/omgangar/prioritering-2010"


@pytest.fixture
def visitor(stage: Stage) -> Iterator[Guest]:
    """Somebody at a browser, while the round has just been opened."""
    with visit_of(stage) as made:
        yield made


def open_page(guest: Guest, email: str, path: str = ROUND) -> Page:
    """Open a page as somebody."""
    guest.sign_in(email)
    return guest.get(path)


def lede(page: Page) -> str:
    """Give the sentences at the head."""
    return words(page.soup.find(class_="lede"))


def steps(page: Page) -> list[Tag]:
    """Give the steps of the bar."""
    return list(page.soup.select("ol.steps:not(.mini) > li"))


def table_rows(section: Tag | BeautifulSoup) -> list[list[str]]:
    """Give what the cells of a table's body say, row by row."""
    return [
        [words(cell) for cell in row.find_all(["th", "td"])] for row in section.select("tbody tr")
    ]


def blockers(page: Page) -> dict[str, list[str]]:
    """Give what is waited for, by its first words."""
    section = page.soup.find(id="vantar")
    assert section is not None
    return {row[0]: row[1:] for row in table_rows(section)}


def name_of(stage: Stage, unit: str) -> str:
    """Give what a unit is called."""
    return next(one.name for one in stage.people.units if one.key == unit)


def person_of(stage: Stage, email: str) -> str:
    """Give what a person is called."""
    return next(one.name for one in stage.people.people if one.email == email)


def matrix(page: Page, number: int = 1) -> Tag:
    """Give a matrix of the page."""
    found = page.soup.find(attrs={"aria-labelledby": f"enheter-{number}"})
    assert found is not None
    return found


# ---- every state of a round's life ------------------------------------------------------


def test_a_round_that_was_just_opened_says_who_has_it(visitor: Guest) -> None:
    """The step, its holder, its last day and what follows stand in the first sentences."""
    stage = visitor.stage
    secretary = stage.holder("sekreterare", stage.units("landstingsstyrelse")[0])

    page = open_page(visitor, stage.leader)

    assert lede(page) == (
        f"Nu: Planen fastställs. {person_of(stage, secretary)} har uppgiften. Sista dag är"
        " tis 11 nov, om 25 arbetsdagar. Sedan följer Styrgruppen konstitueras, sön 30 nov."
        " Är det klart senast tors 27 nov håller planen."
    )
    assert ["step"] == [one["aria-current"] for one in steps(page) if one.has_attr("aria-current")]


def test_the_lede_counts_what_is_in_late_returned_extended_and_missing(guest: Guest) -> None:
    """Of twelve underlag the numbers of the first sentences are those of the state."""
    stage = guest.stage
    rounds.fall_behind(stage)

    page = open_page(guest, stage.leader)

    assert lede(page) == (
        "Underlag: 2 av 12 är inne. Sju är sena, ett har anstånd, ett svarar på frågor och ett"
        " står som uteblivet. Av dem som är inne är ett klart. Kommer resten in senast mån 9 mars"
        " håller planen."
    )


def test_when_all_is_in_it_says_what_is_left(guest: Guest) -> None:
    """Everything is handed in and nothing approved."""
    stage = guest.stage
    rounds.all_in(stage)

    page = open_page(guest, stage.leader)

    assert lede(page).startswith(
        "Underlag: alla 12 är inne. Av dem som är inne är inget klart. Är det klart senast"
    )


def test_when_a_milestone_cannot_be_held_it_says_so(guest: Guest) -> None:
    """A week before the day on which all should be reconciled, nothing is in."""
    stage = guest.stage
    stage.put("2009-03-11")

    page = open_page(guest, stage.leader)

    assert lede(page).endswith(
        "Avstämning driftenhetsnivå, sön 15 mars, går inte att hålla längre."
    )


@pytest.mark.parametrize(
    ("play", "step", "said"),
    [
        (rounds.finish_groundwork, "5. Redovisning i ledningsgruppen", "Nu: Redovisning i"),
        (rounds.weigh, "6. Medicinska kommittén och styrgrupperna", "Nu: Medicinska kommittén"),
        (rounds.propose, "7. Ledningsgruppens förslag", "Nu: Ledningsgruppens förslag."),
        (rounds.decide, "11. Beslutad, protokollet", "Nu: Beslutad, protokollet."),
    ],
)
def test_each_later_step_is_the_present_one(
    guest: Guest, play: Callable[[Stage], None], step: str, said: str
) -> None:
    """The bar marks the step, those before it as done, and the lede names it."""
    play(guest.stage)

    page = open_page(guest, guest.stage.leader)

    number = int(step.partition(".")[0])
    bar = steps(page)
    assert "step" == bar[number - 1]["aria-current"]
    assert step == words(bar[number - 1].b).replace("\u00ad", "")
    assert ["ok"] * (number - 1) == [one["class"][0] for one in bar[: number - 1]]
    assert lede(page).startswith(said)


def test_a_round_that_was_rejected_shows_what_never_came(guest: Guest) -> None:
    """It has ended; the step after the rejection says that it did not happen, and nothing is
    waited for."""
    rounds.reject(guest.stage)

    page = open_page(guest, guest.stage.leader)

    assert "Omgången är avslutad: Avslagen, tis 16 juni." == lede(page)
    assert "blev inte av" in words(steps(page)[-1])
    assert page.soup.find(id="vantar") is None


def test_a_closed_round_has_every_step_done(guest: Guest) -> None:
    """Decided, with legal force by time alone: all steps are done, and no line is drawn for
    today."""
    rounds.close(guest.stage)

    page = open_page(guest, guest.stage.leader)

    assert lede(page).startswith("Omgången är avslutad: Beslutad,")
    assert {"ok"} == {one["class"][0] for one in steps(page)}
    assert [] == page.soup.select("svg.chart path.now")
    assert "Flytta en milstolpe" not in page.links


def test_a_step_that_waits_shows_its_parts(guest: Guest) -> None:
    """The kinds of cases it waits for stand in it with how far they have come."""
    rounds.fall_behind(guest.stage)

    page = open_page(guest, guest.stage.leader)

    present = words(next(one for one in steps(page) if one.has_attr("aria-current")))
    assert "Underlag 2 av 12" in present
    assert "Avstämning 0 av 2" in present


# ---- what is waited for -----------------------------------------------------------------


def test_each_thing_that_stops_says_who_has_it_how_late_and_what_it_stops(guest: Guest) -> None:
    """A late one, a returned one, an extended one and one where more days are asked for."""
    stage = guest.stage
    units = rounds.fall_behind(stage)

    found = blockers(open_page(guest, stage.leader))

    late = found[f"Underlag {name_of(stage, units['late'])} Utkast"]
    assert late == [
        person_of(stage, stage.chief(units["late"])),
        "2 arbetsdagar sen",
        f"Avstämning {name_of(stage, stage.parent(units['late']))}",
        f"Påminn : Underlag {name_of(stage, units['late'])}",
    ]
    returned = found[f"Underlag {name_of(stage, units['returned'])} Utkast"]
    assert returned[0].endswith("Svarar på en fråga.")
    assert "svar tors 5 mars" == returned[1]
    assert returned[3].startswith("Öppna")
    extended = found[f"Underlag {name_of(stage, units['extended'])} Utkast"]
    assert "anstånd till fre 6 mars" == extended[1]
    asked = found[f"Underlag {name_of(stage, units['asked'])} Utkast"]
    assert asked[0].endswith("Ber om anstånd till mån 9 mars.")
    assert asked[3].startswith("Öppna")


def test_what_is_approved_or_missing_stops_nothing(guest: Guest) -> None:
    """Ended cases are not waited for; what is handed in waits for the one who approves it."""
    stage = guest.stage
    units = rounds.fall_behind(stage)

    found = blockers(open_page(guest, stage.leader))

    assert not any(name_of(stage, units["approved"]) in title for title in found)
    assert not any(name_of(stage, units["missing"]) in title for title in found)
    handed_in = found[f"Underlag {name_of(stage, units['handed_in'])} Inlämnat"]
    assert person_of(stage, stage.boss(units["handed_in"])) == handed_in[0]


def test_late_ones_come_first(guest: Guest) -> None:
    """In the order of urgency, whatever order they were opened in."""
    rounds.fall_behind(guest.stage)

    found = [row[1] for row in blockers(open_page(guest, guest.stage.leader)).values()]

    late = ["arbetsdag" in one and "sen" in one for one in found]
    assert sorted(late, reverse=True) == late


def test_nobody_and_a_dead_address_have_a_way_out(guest: Guest) -> None:
    """The leader is led to where somebody is appointed, and an address mended; a chief is
    not, since that is not theirs."""
    stage = guest.stage
    vacant, bouncing = stage.units("verksamhet")[:2]
    stage.end_grant("verksamhetschef", vacant)
    chief = stage.chief(bouncing)
    stage.change(
        "UPDATE people SET bounced_at = '2009-01-02', bounce = 'x' WHERE email = :e", e=chief
    )
    stage.put("2009-03-03")

    as_leader = blockers(open_page(guest, stage.leader))
    as_boss = blockers(open_page(guest, stage.boss(vacant)))

    empty = as_leader[f"Underlag {name_of(stage, vacant)} Utkast"]
    assert f"Ingen är verksamhetschef för {name_of(stage, vacant)}." == empty[0]
    assert empty[3].startswith("Utse någon")
    dead = as_leader[f"Underlag {name_of(stage, bouncing)} Utkast"]
    assert f"Mejlet till {person_of(stage, chief)} studsar." in dead[0]
    assert dead[3].startswith("Rätta adressen")
    assert as_boss[f"Underlag {name_of(stage, vacant)} Utkast"][3].startswith("Öppna")


def test_only_who_stands_above_reminds(guest: Guest) -> None:
    """The leader is offered to remind all who are late, a driftenhetschef those of the own
    driftenhet, a verksamhetschef nobody."""
    stage = guest.stage
    units = rounds.fall_behind(stage)

    leader = open_page(guest, stage.leader)
    boss = open_page(guest, stage.boss(units["late"]))
    chief = open_page(guest, stage.chief(units["late"]))

    own = [
        unit
        for unit in stage.units("verksamhet")
        if stage.parent(unit) == stage.parent(units["late"])
    ]
    late = [one for one in own if one not in list(units.values())[:2] + list(units.values())[3:6]]
    assert "Påminn de 7 sena" in leader.links
    assert f"Påminn de {len(late)} sena" in boss.links
    assert not any("Påminn" in text for text in chief.links)


# ---- who sees what ----------------------------------------------------------------------


def test_a_chief_sees_the_own_unit_and_the_rest_counted(guest: Guest) -> None:
    """No other unit's name stands beside a state, and no other chief's name at all."""
    stage = guest.stage
    units = rounds.fall_behind(stage)
    own = units["late"]
    stage.change("UPDATE people SET language = 'sv'")

    page = open_page(guest, stage.chief(own))

    others = [unit for unit in stage.units("verksamhet") if unit != own]
    assert [f"Underlag {name_of(stage, own)} Utkast"] == list(blockers(page))
    assert not any(f"Underlag {name_of(stage, unit)}" in page.words for unit in others)
    assert not any(
        person_of(stage, stage.chief(unit)) in page.words
        for unit in others
        if stage.chief(unit) != stage.chief(own)
    )
    assert (
        "9 ärenden till väntar vi på. De ligger utanför det du ser. 6 av dem är sena." in page.words
    )
    assert [[name_of(stage, own)]] == [row[:1] for row in table_rows(matrix(page))]
    assert lede(page).startswith("Underlag: 2 av 12 är inne.")


def test_a_driftenhetschef_sees_the_own_row(guest: Guest) -> None:
    """The own driftenhet's row with its counts; the other is counted in the totals."""
    stage = guest.stage
    rounds.fall_behind(stage)
    here, _ = stage.units("driftenhet")

    page = open_page(guest, stage.holder("driftenhetschef", here))

    rows = table_rows(matrix(page))
    assert [name_of(stage, here)] == [row[0] for row in rows]
    assert "Alla 2 av 12 1 av 12 0 av 2" in words(matrix(page).tfoot)
    assert "En till ligger utanför det du ser och räknas bara in" in page.words


def test_a_unit_that_one_may_not_see_is_not_opened_up(guest: Guest) -> None:
    """Asking for another driftenhet's units by address gives the page without them."""
    stage = guest.stage
    here, there = stage.units("driftenhet")

    page = open_page(guest, stage.holder("driftenhetschef", here), f"{ROUND}?enhet={there}")
    own = guest.get(f"{ROUND}?enhet={here}")

    assert 200 == page.status
    assert page.soup.find(id="enhet") is None
    assert name_of(stage, here) == words(own.soup.find(id="enhet"))


def test_a_stranger_gets_what_is_not_there(guest: Guest) -> None:
    """Without a place in the round it answers as one that does not exist."""
    stage = guest.stage
    email = "nobody@alvmark.example"
    stage.change(
        "INSERT INTO people (key, email, name, language, party)"
        " VALUES ('nobody', :email, 'Nilla Ny', 'sv', '')",
        email=email,
    )

    hidden = open_page(guest, email)
    missing = guest.get("/omgangar/finns-inte")
    listed = guest.get("/omgangar")

    assert 404 == hidden.status
    assert missing.words == hidden.words
    assert "Du har ingen plats i någon omgång." in listed.words


def test_the_page_is_read_in_the_persons_language(guest: Guest) -> None:
    """Titles come from the definition's own English; nothing of ours stays Swedish."""
    stage = guest.stage
    rounds.fall_behind(stage)
    stage.change("UPDATE people SET language = 'en' WHERE email = :e", e=stage.leader)

    page = open_page(guest, stage.leader)

    assert "en" == page.soup.html["lang"]
    assert lede(page).startswith("Submission: 2 of 12 are in. Seven are late, one has an extension")
    assert not re.search(r"\b(av|sen|sena|klart|väntar|steg)\b", page.words)


# ---- numbers agree ----------------------------------------------------------------------


def test_the_numbers_of_lede_steps_plan_and_matrix_agree(guest: Guest) -> None:
    """However the round stands, what is in is one number, wherever on the page it is."""
    stage = guest.stage
    units = rounds.fall_behind(stage)

    for unit in (units["late"], units["returned"], units["asked"]):
        answers = {1: "Tio."} if unit == units["returned"] else {}
        stage.hand_in(unit, data={"answers": answers} if answers else {})
        page = open_page(guest, stage.leader)

        found = re.search(r"Underlag: (\d+) av (\d+) är inne", lede(page))
        assert found is not None
        there, of = found.groups()
        counted = [tuple(map(int, row[1].split(" ")[:3:2])) for row in table_rows(matrix(page))]
        assert (int(there), int(of)) == tuple(sum(part) for part in zip(*counted, strict=True))
        assert f"Alla {there} av {of}" in words(matrix(page).tfoot)
        assert f"Underlag {there} av {of}" in words(page.soup.select_one("ol.steps"))
        plan = next(
            row for row in table_rows(page.soup.select("figure table")[0]) if row[0] == "Underlag"
        )
        assert plan[3].startswith(f"{there} av {of} inne")


def test_totals_are_the_sums_of_all_rows_whoever_looks(guest: Guest) -> None:
    """A column's total is that of every row, seen or not, and every tally is whole."""
    stage = guest.stage
    rounds.fall_behind(stage)
    emails = [
        stage.leader,
        stage.boss(stage.units("verksamhet")[0]),
        stage.chief(stage.units("verksamhet")[0]),
    ]

    pages = [read_round_page(stage.world, stage.round, email) for email in emails]

    seen = pages[0].matrices[0]
    for page in pages:
        same = next(one for one in page.matrices if one.kind == seen.kind)
        assert seen.totals == same.totals
        assert len(seen.rows) == len(same.rows) + same.hidden
    for column, total in enumerate(seen.totals):
        parts = [row.cells[column].tally for row in seen.rows]
        assert total.reached == sum(part.reached for part in parts)
        assert total.total == total.reached + total.missing + total.left


# ---- the plan ---------------------------------------------------------------------------


def test_the_plan_is_drawn_and_written(guest: Guest) -> None:
    """Both drawings have a title and a description; each line of the table is in the picture,
    and today stands there once in each."""
    stage = guest.stage
    rounds.fall_behind(stage)

    page = open_page(guest, stage.leader)

    charts = page.soup.select("svg.chart[role=img]")
    assert ["wide-only", "narrow-only"] == [one["class"][1] for one in charts]
    for chart in charts:
        named = [page.soup.find(id=name) for name in chart["aria-labelledby"].split()]
        assert all(words(one) for one in named)
        assert 1 == len(chart.select("path.now"))
        assert "i dag tis 3 mars" in words(chart)
    lines = [row[0] for row in table_rows(page.soup.select("figure table")[0])]
    assert "Utbildning med Prioriteringscentrum" in lines
    assert all(line in words(charts[0]) for line in lines)


def test_a_moved_milestone_shows_where_it_was(guest: Guest) -> None:
    """In words, and as a mark in the picture."""
    stage = guest.stage
    stage.put("2009-02-02")
    moving.move_milestone(
        stage.world,
        stage.round,
        "avstamning",
        date(2009, 3, 20),
        reason="Sportlov.",
        email=stage.leader,
    )

    page = open_page(guest, stage.leader)

    rows = {row[0]: row for row in table_rows(page.soup.select("figure table")[0])}
    assert rows["Avstämning"][3].endswith("flyttat från sön 15 mars")
    assert "fre 20 mars" == rows["Avstämning"][2]
    assert 2 == len(page.soup.select("svg path.con"))


def test_what_gives_way_stands_with_its_day(guest: Guest) -> None:
    """From which day each of the next milestones cannot be held, earliest first."""
    stage = guest.stage
    rounds.fall_behind(stage)

    page = open_page(guest, stage.leader)

    chain = [words(one) for one in page.soup.select("aside ol.tl > li")]
    assert "I dag, tis 3 mars" == chain[0]
    assert chain[1] == (
        "Avstämning driftenhetsnivå, sön 15 mars, får mindre än fem arbetsdagar från ons 4 mars"
    )
    assert (
        chain[2] == "Avstämning driftenhetsnivå, sön 15 mars, går inte att hålla från tis 10 mars"
    )


# ---- ways on, and no harm ---------------------------------------------------------------


def test_a_row_leads_to_its_case_and_its_units(guest: Guest) -> None:
    """The name leads to the case, the number to what lies below it, shown by itself."""
    stage = guest.stage
    rounds.fall_behind(stage)
    here = stage.units("driftenhet")[0]

    page = open_page(guest, stage.leader)
    below = guest.get(f"{ROUND}?enhet={here}")

    assert f"/arenden/{stage.case('avstamning', here)}" == page.links[name_of(stage, here)]
    (number,) = [
        href
        for text, href in page.links.items()
        if text.endswith(f": {name_of(stage, here)}") and "enhet=" in href
    ]
    assert f"{ROUND}?enhet={here}#enhet" == number
    section = below.soup.find(attrs={"aria-labelledby": "enhet"})
    own = [unit for unit in stage.units("verksamhet") if stage.parent(unit) == here]
    assert {name_of(stage, unit) for unit in own} == {row[0] for row in table_rows(section)}


def test_who_leads_is_led_to_the_plan(guest: Guest) -> None:
    """To move a milestone is offered to the leader and to those above, and to nobody else."""
    stage = guest.stage

    offered = {
        email: "Flytta en milstolpe" in open_page(guest, email).links
        for email in (
            stage.leader,
            stage.holder("landstingsdirektor"),
            stage.chief(stage.units("verksamhet")[0]),
            stage.holder("revisor"),
        )
    }

    assert [True, True, False, False] == list(offered.values())


@pytest.mark.parametrize("tail", ["?enhet=", "?enhet='%3B--", "?vantar=x", "?enhet=å"])
def test_strange_addresses_change_nothing(guest: Guest, tail: str) -> None:
    """What is not the key of a unit that one sees gives the page without it."""
    page = open_page(guest, guest.stage.leader, ROUND + tail)

    assert 200 == page.status
    assert page.soup.find(id="enhet") is None


def test_names_are_never_markup(guest: Guest) -> None:
    """A unit and a person that are called like a script are shown as they are called."""
    stage = guest.stage
    unit = stage.units("driftenhet")[0]
    stage.change(
        "UPDATE round_units SET name = :n WHERE key = :u", n="<script>alert(1)</script>", u=unit
    )
    stage.change(
        "UPDATE people SET name = '\"><img src=x>' WHERE email = :e",
        e=stage.chief(stage.units("verksamhet")[0]),
    )

    page = open_page(guest, stage.leader)

    assert [] == page.soup.main.select("script, img")
    assert "<script>alert(1)</script>" in page.words


def test_looking_changes_nothing(guest: Guest) -> None:
    """Neither the round's page nor the list writes a row."""
    stage = guest.stage
    rounds.fall_behind(stage)
    guest.sign_in(stage.leader)
    before = stage.everything()

    for path in ("/omgangar", ROUND, f"{ROUND}/process", f"{ROUND}?vantar=allt"):
        guest.get(path)
        guest.head(path)

    after = stage.everything()
    assert {name for name in before if before[name] != after[name]} <= {"sessions"}


def test_more_cases_take_no_more_statements(guest: Guest) -> None:
    """The number of statements is the same when everything is late as when nothing is, for
    whoever looks."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    emails = (stage.leader, stage.boss(unit), stage.chief(unit))

    few = [count_statements(stage, email) for email in emails]
    stage.put("2009-03-11")
    many = [count_statements(stage, email) for email in emails]

    assert few == many
    assert max(many) <= 25


def count_statements(stage: Stage, email: str) -> int:
    """Count the statements of one reading of the page."""
    counted = 0
    own = Statement._execute

    def execute(self: Statement, *given: object) -> object:
        nonlocal counted
        counted += 1
        return own(self, *given)  # type: ignore[arg-type]  # as it was called

    Statement._execute = execute  # type: ignore[method-assign]  # for this one reading
    try:
        read_round_page(stage.world, stage.round, email)
    finally:
        Statement._execute = own  # type: ignore[method-assign]  # as it was
    return counted


def test_sight_is_settled_as_it_is_for_each_case(guest: Guest) -> None:
    """What the board says of who sees a case, once per kind and unit, is what sight says of
    each."""
    stage = guest.stage
    rounds.fall_behind(stage)
    unit = stage.units("verksamhet")[0]

    for email in (stage.leader, stage.boss(unit), stage.chief(unit), stage.holder("ledamot")):
        with stage.world.database.read() as connection:
            board = read_board(see_round(stage.world, connection, stage.round, email))
            for case in board.cases.values():
                assert board.sees(case) == board.seen.sight.sees(case)
                assert board.standings[case.id] in Standing


# ---- the list ---------------------------------------------------------------------------


def test_the_list_has_running_rounds_first(guest: Guest) -> None:
    """With a sentence, the next milestone and a bar of steps; ended ones are lines of a table
    with how it went."""
    stage = guest.stage
    rounds.fall_behind(stage)
    running = open_page(guest, stage.leader, "/omgangar")
    stage.change("DELETE FROM sessions")

    assert "En omgång pågår där du har en plats." == lede(running)
    assert (
        "Underlag: 2 av 12 är inne. Kommer resten in senast mån 9 mars håller planen."
        in running.words
    )
    assert (
        "Nästa milstolpe: Avstämning driftenhetsnivå, sön 15 mars, om 8 arbetsdagar."
        in running.words
    )
    assert 11 == len(running.soup.select("ol.steps.mini > li"))


def test_an_ended_round_is_listed_with_its_outcome(guest: Guest) -> None:
    """Nothing runs: the ended one stands with its end and days."""
    rounds.reject(guest.stage)

    page = open_page(guest, guest.stage.leader, "/omgangar")

    assert "Ingen omgång pågår där du har en plats. De avslutade står här." == lede(page)
    (row,) = table_rows(page.soup)
    assert ["2010", "Avslagen", "tis 7 okt 2008", "tis 16 juni"] == row[1:]
