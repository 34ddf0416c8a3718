"""A table of which each fills in a copy of their own: whose, hidden from whom, until when."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.threads import together
from tests.support.assess import CASE, CASE_ID, OTHER, ROUND, Council, open_council
from tests.support.organisation import email
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, Stale
from workflow.core.facts import EntryKind
from workflow.service import acts
from workflow.service.people import granting
from workflow.service.people.roster import read_person
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.cases.since import read_since
from workflow.service.reading.past.as_of import as_of
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.events import Scope, events, every_event
from workflow.service.reading.sheets.table import read_table
from workflow.service.reading.sheets.whole import read_whole
from workflow.service.running import evidence
from workflow.store import deeds
from workflow.store.database import Database
from workflow.store.material import count_rows

MARK = "hemlig tanke"
EVERYBODY = ("lena", "dag", "gun", "erik", "bo", "cia", "dan", "tage", "ellen", "nora", "utan")
"""Everybody but Ada: leader, director, auditor, chair, members, the other council, others."""


@pytest.fixture
def council(database: Database, tmp_path: Path) -> Council:
    """A round in which each member of a council assesses alone."""
    made = open_council(database, tmp_path)
    made.collect()
    return made


# ---- one's own copy --------------------------------------------------------------------


def test_rows_of_a_copy_are_made_when_they_are_first_written(council: Council) -> None:
    """Nobody has any to begin with; two members have each their own, with origins."""
    before = council.copy("ada")
    council.assess("ada", Knä="1", Axel="2")
    council.assess("bo", Knä="3")

    assert () == tuple(before)
    ada, bo = council.copy("ada"), council.copy("bo")
    assert [("1", 1), ("2", 2)] == [(row.cells["rang"], row.number) for row in ada]
    assert ["3"] == [row.cells["rang"] for row in bo]
    key = council.key("Knä")
    assert ada[0].origin == bo[0].origin
    assert ada[0].origin and (key.case, key.number) == (ada[0].origin.case, ada[0].origin.number)


def test_a_row_is_written_about_once_in_a_copy(council: Council) -> None:
    """A second row about the same is told of, within one go and after another; the first
    stands. It is changed as any row is."""
    council.edit("ada", council.ballot("Knä", "1"))

    with pytest.raises(Stale) as again:
        council.edit("ada", council.ballot("Knä", "4"))
    with pytest.raises(Stale):
        council.edit("bo", council.ballot("Axel", "1"), council.ballot("Axel", "2"))
    council.edit("ada", ["set", 1, 1, {"rang": "3"}])

    assert ["stale_row"] == [reason.code for reason in again.value.reasons]
    assert [] == [*council.copy("bo")]
    assert [({"rang": "3"}, 2)] == [(row.cells, row.version) for row in council.copy("ada")]


def test_the_owner_and_a_substitute_at_the_same_instant(council: Council) -> None:
    """One is first; the other is told, and there is one row."""
    council.substitute("ada", "vik")

    found = together(
        lambda: council.edit("ada", council.ballot("Knä", "1")),
        lambda: council.edit("vik", council.ballot("Knä", "4")),
    )

    assert 1 == sum(isinstance(one, Stale) for one in found)
    assert 1 == len(council.copy("ada"))


def test_two_members_at_the_same_instant_both_get_their_way(council: Council) -> None:
    """What one saves in their copy is no concern of another's."""
    found = together(
        lambda: council.edit("ada", council.ballot("Knä", "1")),
        lambda: council.edit("bo", council.ballot("Knä", "4")),
    )

    assert all(isinstance(one, dict) for one in found)
    assert ["1", "4"] == [council.copy(who)[0].cells["rang"] for who in ("ada", "bo")]


def test_only_what_the_table_shows_is_written_about(council: Council) -> None:
    """Neither what does not match, nor what is not there, nor a made up case."""
    key = council.key("Palliativt team")

    for case, number in ((key.case, key.number), (key.case, 77), (f"{ROUND}.x", 1)):
        with pytest.raises(BadInput) as caught:
            council.edit("ada", ["add", None, {"rang": "1"}, case, number])
        assert ["not_shown"] == [reason.code for reason in caught.value.reasons]
    assert [] == [*council.copy("ada")]


@pytest.mark.parametrize("who", ["erik", "lena", "dan", "gun", "utan", "ellen"])
def test_nobody_else_has_a_copy(council: Council, who: str) -> None:
    """Neither the chair who helps, nor who leads, nor a member of another council."""
    with pytest.raises(NoRight):
        council.edit(who, council.ballot("Knä", "1"))

    assert [] == [*council.copy(who)]


def test_a_substitute_writes_in_the_copy_of_whom_they_stand_in_for(council: Council) -> None:
    """It is read by both, and by nobody else; the entry names both."""
    council.substitute("ada", "vik")
    council.edit("vik", council.ballot("Knä", "2"))

    assert ["2"] == [row.cells["rang"] for row in council.copy("ada")]
    assert [] == [*council.copy("vik")]
    page = council.page("vik")
    assert ("Ada", 1, True) == (page.behalf, page.done, page.writes)
    assert 1 == council.page("ada").done


def test_a_member_who_stops_being_one_loses_their_copy(council: Council) -> None:
    """They write no more and find no page; what they wrote does not count."""
    council.assess("cia", Knä="4")
    grant = read_person(council.world, council.person("cia")).roles[0]
    granting.end_grant(council.world, grant.grant, council.world.today(council.clock.now))
    council.clock.forward(days=1)

    with pytest.raises(NoRight):
        council.edit("cia", council.ballot("Axel", "1"))
    with pytest.raises(NotFound):
        council.page("cia")
    for who in ("ada", "bo"):
        council.assess(who, Knä="1", Axel="1", Hälso="1")
        council.sign(who)
    page = council.page("lena")
    assert ["Ada", "Bo"] == [one.who for one in page.results[0].marks]
    assert "1, högst" == page.results[0].measured[0].highest


# ---- handing in ------------------------------------------------------------------------


def test_to_hand_in_everything_is_assessed_and_told_by_name(council: Council) -> None:
    """Each row that lacks what is required, by its name; a row that lacks nothing is not told."""
    council.assess("ada", Knä="1")
    council.edit("ada", council.ballot("Axel", "", poang=3))

    with pytest.raises(Refused) as caught:
        council.sign("ada")

    assert [
        "Enskild bedömning, ”Axel”: Min rang saknas.",
        "Enskild bedömning, ”Hälsosamtal”: Min rang saknas.",
    ] == [reason.sv for reason in caught.value.reasons]


def test_what_one_saves_voids_nobody_elses_signature(council: Council) -> None:
    """Ada has signed; Bo saves, and Ada's signature stands."""
    council.assess("ada", Knä="1", Axel="1", Hälso="1")
    council.sign("ada")
    council.assess("bo", Knä="4", Axel="4", Hälso="4")

    assert [True, False, False] == [one.handed_in for one in council.page("erik").members]


def test_what_is_handed_in_stands(council: Council) -> None:
    """Neither its owner nor a substitute changes it; they still read it."""
    council.assess("ada", Knä="1", Axel="1", Hälso="1")
    council.sign("ada")
    council.substitute("ada", "vik")

    for who in ("ada", "vik"):
        with pytest.raises(Refused) as caught:
            council.edit(who, ["set", 1, 1, {"rang": "4"}])
        assert ["handed_in"] == [reason.code for reason in caught.value.reasons]
    page = council.page("ada")
    assert (False, True, 3) == (page.writes, page.handed_in, page.done)


def test_assessed_once_more_it_is_open_again(council: Council) -> None:
    """Sent back, each may write in theirs; it is hidden again until all have handed in."""
    council.everybody_assesses()
    wish = acts.Wish(case=CASE_ID, transition="om", email=email("erik"), comment="Nya skäl.")
    acts.act(council.world, wish)
    council.edit("ada", ["set", 1, 1, {"rang": "3"}])

    assert () == council.page("lena").results
    assert [False, False, False] == [one.handed_in for one in council.page("lena").members]


# ---- hidden ----------------------------------------------------------------------------


def _said(one: Any) -> str:
    return repr(one)


READINGS: dict[str, Callable[[Council, str], Any]] = {
    "the page of the case": lambda c, who: read_case(c.world, email(who), CASE_ID),
    "what happened since": lambda c, who: read_since(c.world, email(who), CASE_ID, 10**6),
    "since before": lambda c, who: read_since(c.world, email(who), CASE_ID, 1),
    "the page of all": lambda c, who: c.page(who),
    "the page of the poll": lambda c, who: c.page(who, "fraga"),
    "the page of the table": lambda c, who: read_table(c.world, email(who), CASE_ID, "bedomning"),
    "the file of the table": lambda c, who: read_whole(c.world, email(who), CASE_ID, "bedomning"),
    "what has happened in the case": lambda c, who: events(
        c.world, email(who), Scope(case=CASE_ID), Filter()
    ),
    "what has happened in the round": lambda c, who: [
        *every_event(c.world, email(who), Scope(round=ROUND), Filter())
    ],
    "words sought in what has happened": lambda c, who: events(
        c.world, email(who), Scope(round=ROUND), Filter(words=MARK)
    ),
    "how it stood": lambda c, who: as_of(c.world, email(who), ROUND, c.world.today(c.clock.now)),
}


@pytest.mark.parametrize("reading", READINGS)
def test_nobody_reads_anothers_copy_before_the_step_has_ended(
    council: Council, reading: str
) -> None:
    """Whoever asks, leader and auditor too: neither a word, nor a value, nor how many rows."""
    own = {"rang": "inte", "poang": 77, "tanke": MARK}
    for name in ("Knä", "Axel", "Hälsosamtal"):
        key = council.key(name)
        council.edit("ada", ["add", None, own, key.case, key.number])
    council.edit("ada", ["add", None, {"svar": MARK}], table="fraga")
    last = ["set", 1, 1, {"tanke": f"{MARK} till sist"}]
    council.act(CASE, "klar", "ada", edits={"bedomning": [last]})

    for who in EVERYBODY:
        try:
            told = _said(READINGS[reading](council, who))
        except NotFound:
            continue
        assert MARK not in told, who
        assert "poang': '77" not in told, who
        assert not any(f"{n} {rows}" in told for n in (1, 3) for rows in ("rader", "ändrad rad"))


def test_the_owner_reads_of_theirs_everywhere(council: Council) -> None:
    """The same readings do tell Ada: what hides it from others hides it from nobody more."""
    council.edit("ada", council.ballot("Knä", "inte", tanke=MARK))
    council.edit("ada", ["add", None, {"svar": MARK}], table="fraga")
    told = {name for name, read in READINGS.items() if MARK in _said(read(council, "ada"))}

    assert told >= {"the page of all", "the page of the table", "the file of the table"}
    assert "the page of the case" in told


def test_mail_counts_no_rows_of_copies(council: Council) -> None:
    """A letter that tells how much is filled in counts what everybody sees alone."""
    council.assess("ada", Knä="1", Axel="2")

    with council.world.database.read() as connection:
        assert 0 == count_rows(connection, CASE_ID)


def test_once_all_are_in_everybody_who_reads_the_case_reads_all(council: Council) -> None:
    """By name, with the largest disagreement first; who does not read the case reads none."""
    council.everybody_assesses()

    page = council.page("lena")
    assert ["Hälsosamtal", "Knä", "Axel"] == [one.name for one in page.disputed]
    assert ["Knä", "Axel", "Hälsosamtal"] == [one.name for one in page.results]
    first = page.disputed[0]
    assert [("Ada", "1, högst"), ("Bo", "4, lägst"), ("Cia", "Inte alls")] == [
        (mark.who, mark.texts[0][1]) for mark in first.marks
    ]
    assert ("1, högst", "Inte alls", "4, lägst") == (
        first.measured[0].lowest,
        first.measured[0].highest,
        first.measured[0].median,
    )
    assert [1, 2, 3] == [one.position for one in page.results]
    with pytest.raises(NotFound):
        council.page("ellen")


def test_the_chair_closes_with_a_quorum_and_those_left_out_gave_no_answer(
    council: Council,
) -> None:
    """Bo has written without handing in: it counts; Cia wrote nothing."""
    council.assess("ada", Knä="1", Axel="1", Hälso="1")
    council.sign("ada")
    council.assess("bo", Knä="4")
    with pytest.raises(Refused):
        council.act(CASE, "stang", "erik", decision={"present": 2})
    council.act(CASE, "stang", "erik", decision={"present": 3})

    knee = council.page("gun").results[0]
    assert [1, 1, 0] == [len(mark.texts) for mark in knee.marks]
    assert (2, 3) == (knee.measured[0].spread and knee.measured[0].spread.count, knee.apart)


def test_the_log_tells_present_members_and_needed(council: Council) -> None:
    """Of a step that demands a quorum; and the events say it."""
    council.act(CASE, "stang", "erik", decision={"present": 3})

    with council.world.database.read() as connection:
        found = [one for one in deeds.payloads(connection, CASE_ID, 10**6) if "quorum" in one]
    assert [{"present": 3, "members": 4, "needed": 3}] == [one["quorum"] for one in found]
    told = events(council.world, email("lena"), Scope(case=CASE_ID), Filter()).events
    said = [said.text for one in told for part in (one, *one.parts) for said in part.said]
    assert "närvarande 3, av 4, 3 behövs" in said


def test_a_poll_without_rows_of_others_works_alike(council: Council) -> None:
    """Each has a form of their own; read together once the step is behind."""
    council.edit("ada", ["add", None, {"svar": "Ja"}], table="fraga")
    council.edit("bo", ["add", None, {"svar": "Nej"}], table="fraga")
    own = read_case(council.world, email("ada"), CASE_ID).material
    council.act(CASE, "stang", "erik", decision={"present": 4})

    assert own is not None
    poll = next(one for one in own.tables if one.key == "fraga")
    assert ({"svar": "Ja"},) == poll.rows
    (found,) = council.page("lena", "fraga").results
    assert [("Ada", (("Svar", "Ja"),)), ("Bo", (("Svar", "Nej"),)), ("Cia", ())] == [
        (mark.who, mark.texts) for mark in found.marks
    ]


def test_a_step_that_was_called_off_shows_nothing(council: Council) -> None:
    """Withdrawn with what was written in it, copies stay hidden for good."""
    council.assess("ada", Knä="1")
    wish = acts.Wish(case=CASE_ID, transition="withdraw", email=email("lena"), comment="Utgår.")
    acts.act(council.world, wish)

    page = council.page("lena")
    assert (True, ()) == (page.hidden, page.results)


def test_the_log_replays_to_every_copy(council: Council) -> None:
    """Both councils, saves, signatures and changes: verify finds nothing."""
    council.everybody_assesses()
    council.assess("dan", OTHER, Knä="3")
    council.edit("dan", ["set", 1, 1, {"tanke": "Nej."}], case=OTHER)

    assert evidence.prove(council.world).ok
    with council.world.database.read() as connection:
        kinds = [one.kind for one in deeds.deeds(connection, CASE_ID)]
    assert 2 == kinds.count(EntryKind.SIGNED)


def test_the_page_of_the_case_leads_everybody_who_reads_it_to_the_copies(
    council: Council,
) -> None:
    """A member fills in theirs; who helps without having one does not; once the step is behind
    the table is there for all. Where a quorum is demanded, its page asks how many were there."""
    before = {}
    for who in ("ada", "erik", "lena"):
        material = read_case(council.world, email(who), CASE_ID).material
        assert material is not None
        before[who] = [(one.key, one.edited, one.is_copy) for one in material.tables]
    chair = read_case(council.world, email("erik"), CASE_ID).material
    council.act(CASE, "stang", "erik", decision={"present": 4})
    after = read_case(council.world, email("lena"), CASE_ID).material

    assert [("bedomning", True, True), ("fraga", True, True)] == before["ada"]
    for who in ("erik", "lena"):
        assert [("bedomning", False, True), ("fraga", False, True)] == before[who]
    assert chair and {"klar": False, "stang": True} == {
        one.key: one.quorum for one in chair.choices if not one.built_in
    }
    assert after and {"bedomning", "fraga", "radets"} == {one.key for one in after.tables}
