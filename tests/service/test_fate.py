"""What became of what a unit filled in: its own order, each list on the way, and the decision."""

from pathlib import Path

import pytest

from tests.support.definitions import TREE
from tests.support.lists import ROUND, ROWS
from tests.support.organisation import email
from tests.support.releases import RELEASES, ReleaseRound, open_releases
from workflow.core.errors import NotFound
from workflow.core.facts import MessageKind
from workflow.core.mail import MailFacts
from workflow.service.mail.fates import MOST_ROWS
from workflow.service.mail.gathering import gather
from workflow.service.mail.letters import claim
from workflow.service.reading.rounds.fate import FatePage, read_fates
from workflow.store.database import Database


@pytest.fixture
def releases(database: Database, tmp_path: Path) -> ReleaseRound:
    """A round in which nothing is filled in yet."""
    return open_releases(database, tmp_path)


def _read(one: ReleaseRound, who: str) -> FatePage:
    return read_fates(one.world, ROUND, email(who))


def test_each_row_tells_its_way_and_its_decision(releases: ReleaseRound) -> None:
    """The unit's own place, its place in each list, what each list wrote, moves, the decision."""
    releases.collect()
    releases.edit("lena", ["set", 2, 1, {"svar": "Se över."}])
    releases.move("Axel", 1, "Säkrare.")
    releases.act("omgang", "klart", "lena")
    releases.settle()
    releases.act("omgang", "besluta", "lena")

    page = _read(releases, "ellen")

    assert (True, ["Ett"]) == (page.decided, [unit.unit for unit in page.units])
    knee, shoulder = page.units[0].fates
    assert ("Axel", 2, 2, "Avslag", "För få berörs.", 940) == (
        shoulder.name,
        shoulder.place,
        shoulder.of,
        shoulder.outcome,
        shoulder.why,
        shoulder.amount,
    )
    assert ["Områdets lista", "Gemensam lista", "Beslut per rad"] == [
        step.title for step in shoulder.steps
    ]
    assert [(2, 3), (1, 5), (1, 5)] == [(step.place, step.of) for step in shoulder.steps]
    common = shoulder.steps[1]
    assert [("Svar", "Se över.")] == [(one.title, one.text) for one in common.said]
    assert [("Lena", 2, 1, "Säkrare.")] == [
        (move.who, move.before, move.after, move.why) for move in common.moves
    ]
    assert ("Knä", "Bifall", "") == (knee.name, knee.outcome, knee.why)
    assert [("Bifall", 1, 1850), ("Avslag", 1, 940)] == [
        (one.outcome, one.count, one.amount) for one in page.units[0].sums
    ]


@pytest.mark.parametrize(
    ("who", "units"),
    [
        ("ellen", ["Ett"]),
        ("tove", ["Tva"]),
        ("nora", ["Ett", "Tva"]),
        ("sune", ["Tre"]),
        ("lena", ["Ett", "Tva", "Tre"]),
        ("erik", []),
    ],
)
def test_each_sees_what_they_read(releases: ReleaseRound, who: str, units: list[str]) -> None:
    """A unit's chief their own, an area's what lies below, the leader all; others nothing."""
    releases.decide()

    assert units == [unit.unit for unit in _read(releases, who).units]


def test_who_has_no_place_is_told_nothing(releases: ReleaseRound) -> None:
    """Nor is there such a round for them."""
    releases.decide()

    with pytest.raises(NotFound):
        _read(releases, "utan")
    with pytest.raises(NotFound):
        read_fates(releases.world, "finns-inte", email("lena"))


def test_what_is_still_open_is_not_told(releases: ReleaseRound) -> None:
    """Neither the decision that is being written nor the list that is being put in order."""
    releases.collect()
    releases.move("Axel", 1, "Säkrare.")
    weighing = _read(releases, "ellen").units[0].fates[1]
    releases.act("omgang", "klart", "lena")
    releases.settle()
    deciding = _read(releases, "ellen").units[0].fates[1]

    area, common, decision = weighing.steps
    assert (True, 2) == (area.decided, area.place)
    assert (False, None, (), ()) == (common.decided, common.place, common.said, common.moves)
    assert (False, "") == (decision.decided, weighing.outcome)
    assert (True, 1) == (deciding.steps[1].decided, deciding.steps[1].place)
    last = deciding.steps[2]
    assert (False, None, ()) == (last.decided, last.place, last.said)
    assert (False, "", "") == (deciding.decided, deciding.outcome, deciding.why)


def test_a_list_that_goes_back_is_closed_again(releases: ReleaseRound) -> None:
    """What was told of it is not told while it may be changed."""
    releases.weigh()
    releases.settle()
    before = _read(releases, "ellen").units[0].fates[0].steps[1].decided
    releases.act("omgang", "oppna", "lena")

    steps = _read(releases, "ellen").units[0].fates[0].steps
    assert True is before
    assert [True, False, False] == [step.decided for step in steps]


def test_what_is_personal_is_not_told(releases: ReleaseRound) -> None:
    """A note about a person stays with the list."""
    releases.decide()

    for unit in _read(releases, "lena").units:
        for fate in unit.fates:
            for step in fate.steps:
                assert "anteckning" not in [one.key for one in step.said]


def test_every_row_is_told_of_once(releases: ReleaseRound) -> None:
    """As many as were handed in, unit by unit, in the unit's own order."""
    releases.decide()

    page = _read(releases, "lena")

    assert {unit.capitalize(): [row["vad"] for row in rows] for unit, rows in ROWS.items()} == {
        unit.unit: [fate.name for fate in unit.fates] for unit in page.units
    }


# ---- the mail --------------------------------------------------------------------------


def _mails(one: ReleaseRound) -> dict[str, list[MailFacts]]:
    """Give what each mail about a decision tells, by its reader."""
    found: dict[str, list[MailFacts]] = {}
    for claimed in claim(one.world, 1000):
        facts = gather(one.world, claimed)
        if facts and claimed.kind == MessageKind.DECISION:
            found.setdefault(facts.to_name, []).append(facts)
    return found


def test_one_mail_tells_each_what_became_of_their_rows(releases: ReleaseRound) -> None:
    """The mail about the round's end, and no other; whoever reads no material gets it as it was."""
    releases.decide()

    mails = _mails(releases)

    assert {"Dag", "Lena"}.isdisjoint(mails)  # she did it herself, and he is not told
    assert {"Ellen", "Tove", "Trygve", "Nora", "Sune"} == mails.keys()
    assert {1} == {len(some) for some in mails.values()}
    (ett,) = mails["Ellen"][0].fates
    assert ("Ett", 0, "Effekt, tkr") == (ett.unit, ett.more, ett.amount)
    assert [("Knä", "Bifall", ""), ("Axel", "Avslag", "För få berörs.")] == [
        (one.name, one.outcome, one.why) for one in ett.fates
    ]
    assert [("Bifall", 1, "1850"), ("Avslag", 1, "940")] == [
        (one.outcome, one.count, one.amount) for one in ett.sums
    ]
    assert ["Ett", "Tva"] == [one.unit for one in mails["Nora"][0].fates]


def test_more_rows_than_a_mail_holds_are_counted(database: Database, tmp_path: Path) -> None:
    """Twenty are named; the sums are of all."""
    releases = open_releases(database, tmp_path)
    releases.act("omgang", "borja", "lena")
    rows = [{"vad": f"Nr {n}", "slag": "bort", "tkr": n} for n in range(1, 24)]
    releases.act("underlag.ett", "lamna_in", "ellen", rows={"rader": rows})
    for unit, chief in (("tva", "tove"), ("tre", "trygve")):
        releases.act(f"underlag.{unit}", "lamna_in", chief, rows={"rader": []})
    for area, chief in (("norr", "nora"), ("soder", "sune")):
        releases.act(f"lista.{area}", "lamna", chief)
    releases.act("omgang", "klart", "lena")
    releases.act("omgang", "besluta", "lena")

    mails = _mails(releases)

    (ett,) = mails["Ellen"][0].fates
    assert (MOST_ROWS, 23 - MOST_ROWS) == (len(ett.fates), ett.more)
    assert [("", 23, str(sum(range(1, 24))))] == [
        (one.outcome, one.count, one.amount) for one in ett.sums
    ]
    assert () == mails["Tove"][0].fates


def test_without_a_list_the_mail_is_as_before(database: Database, tmp_path: Path) -> None:
    """Nothing is compiled, so nothing became of anything."""
    definition = TREE.replace(
        'ends = { klar = "Klar", nej = "Nej" }',
        'ends = { klar = "Klar", nej = "Nej" }\ntells = ["omradeschef"]',
        1,
    )
    releases = open_releases(database, tmp_path, definition)
    releases.act("omgang", "borja", "lena")
    releases.act("omgang", "avbryt", "lena")
    releases.act("omgang", "klart", "lena")

    mails = _mails(releases)

    assert {"Nora", "Sune"} == mails.keys()
    assert {((), 0)} == {(one.fates, one.more_units) for some in mails.values() for one in some}


def test_only_the_mail_about_the_end_tells_of_rows(database: Database, tmp_path: Path) -> None:
    """A step after the decision is told of as before, also when its mail leaves after the end."""
    later = """
[case.omgang.state.overklagas]
title = "Kan överklagas"
by = "ledare"
tells = ["klinikchef"]
transition.vinn = { title = "Vinner laga kraft", to = "klar" }
"""
    definition = RELEASES.replace(
        'title = "Besluta", to = "klar"', 'title = "Besluta", to = "overklagas"'
    )
    releases = open_releases(database, tmp_path, definition + later)
    releases.decide()
    before = _mails(releases)["Ellen"]
    releases.act("omgang", "vinn", "lena")
    after = _mails(releases)["Ellen"]

    assert [()] == [one.fates for one in before]
    assert [1] == [len(one.fates) for one in after]
