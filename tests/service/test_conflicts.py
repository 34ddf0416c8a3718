"""Conflicts of interest: who declares, what it stops, what the quorum and the minutes say."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.service.threads import together
from tests.support.assess import CASE, CASE_ID, OTHER, ROUND, Council, open_council
from tests.support.organisation import email
from workflow.core.errors import BadInput, NoRight, NotFound, Refused
from workflow.core.facts import RowKey
from workflow.service import conflicts
from workflow.service.conflicts import LONGEST
from workflow.service.placing import PlaceWish, place
from workflow.service.reading.lists.conflicts import (
    ConflictPage,
    noted_conflicts,
    open_list,
    read_conflicts,
)
from workflow.service.reading.lists.listing import read_list
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.events import Scope, events
from workflow.service.running import disposal, evidence
from workflow.store.database import Database
from workflow.store.disposal import GONE, Kind


@pytest.fixture
def council(database: Database, tmp_path: Path) -> Council:
    """A round in which each member of a council assesses alone."""
    made = open_council(database, tmp_path)
    made.collect()
    return made


def _page(council: Council, who: str, table: str = "bedomning", case: str = CASE) -> ConflictPage:
    return read_conflicts(council.world, email(who), f"{ROUND}.{case}", table)


def _sentences(page: ConflictPage) -> list[str]:
    return [one.sentence for asked in page.asked for one in asked.stayed]


def _move(council: Council, who: str, name: str, to: int) -> None:
    listed = read_list(council.world, email(who), CASE_ID, "radets")
    row = next(row for row in listed.rows if row.name == name)
    wish = PlaceWish(
        case=CASE_ID,
        table="radets",
        email=email(who),
        number=row.number,
        version=row.version,
        to=to,
        why="Skäl.",
    )
    place(council.world, wish)


# ---- declaring -------------------------------------------------------------------------


def test_a_member_declares_their_own_and_takes_it_back(council: Council) -> None:
    """Once: a second time is the first; taken back twice likewise. The log tells of each."""
    first, again = council.declare("ada", "Knä"), council.declare("ada", "Knä", reason="Ny.")
    told = _sentences(_page(council, "lena"))
    wish = council.wish("ada", "Knä")
    back = [conflicts.take_back(council.world, wish) for _ in range(2)]

    assert (True, False) == (first, again)
    assert ["Ada anmälde jäv och deltog inte i handläggningen av ”Knä”."] == told
    assert [True, False] == back
    assert [] == _sentences(_page(council, "lena"))
    found = events(council.world, email("lena"), Scope(case=CASE_ID), Filter()).events
    assert ["Ada tog tillbaka jäv för Ada: ”Knä”", "Ada antecknade jäv för Ada: ”Knä”"] == [
        one.what for one in found if "jäv" in one.what
    ]
    assert evidence.prove(council.world).ok


def test_declared_by_two_hands_at_once_it_is_there_once(council: Council) -> None:
    """The member and the chair at the same instant."""
    ada = council.person("ada")
    found = together(
        lambda: council.declare("ada", "Knä"),
        lambda: council.declare("erik", "Knä", person=ada),
    )

    assert [False, True] == sorted(found)
    assert 1 == len(_sentences(_page(council, "bo")))


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\x00", "x" * (LONGEST + 1)])
def test_a_reason_is_demanded(council: Council, reason: str) -> None:
    """In words, and not too many of them; nothing is noted."""
    with pytest.raises(BadInput) as caught:
        council.declare("ada", "Knä", reason=reason)

    assert ["skal"] == [one.code for one in caught.value.reasons]
    assert [] == _sentences(_page(council, "ada"))


@pytest.mark.parametrize("who", ["lena", "erik"])
def test_who_leads_notes_one_for_a_member(council: Council, who: str) -> None:
    """The process leader and the chair; never for somebody who takes no part."""
    assert council.declare(who, "Knä", person=council.person("bo"))
    with pytest.raises(NoRight):
        council.declare(who, "Knä", person=council.person("dan"))

    assert ["Bo anmälde jäv och deltog inte i handläggningen av ”Knä”."] == _sentences(
        _page(council, "ada")
    )


@pytest.mark.parametrize("who", ["ada", "gun"])
def test_nobody_else_notes_one_for_another(council: Council, who: str) -> None:
    """Neither another member nor the auditor, and they do not take it back."""
    council.declare("bo", "Knä")
    bo = council.person("bo")

    with pytest.raises(NoRight):
        council.declare(who, "Axel", person=bo)
    with pytest.raises(NoRight):
        conflicts.take_back(council.world, council.wish(who, "Knä", person=bo))
    assert 1 == len(_sentences(_page(council, "bo")))


@pytest.mark.parametrize(
    ("who", "wrong"), [("gun", NoRight), ("dan", NotFound), ("utan", NotFound)]
)
def test_who_takes_no_part_has_none_to_declare(
    council: Council, who: str, wrong: type[Exception]
) -> None:
    """The auditor reads and declares nothing; who does not see the case finds nothing."""
    with pytest.raises(wrong):
        council.declare(who, "Knä")


def test_only_rows_of_the_list_are_declared_about(council: Council) -> None:
    """Neither what the table does not show nor what is not there."""
    for name_of_row in (council.key("Palliativt team"), RowKey("x", "rader", 1)):
        wish = conflicts.ConflictWish(
            case=CASE_ID, table="bedomning", row=name_of_row, email=email("ada"), reason="Skäl."
        )
        with pytest.raises(NotFound):
            conflicts.declare(council.world, wish)


def test_the_reason_is_read_by_whom_it_concerns(council: Council) -> None:
    """The one who wrote it and who leads the step; other members read that it is there."""
    council.declare("ada", "Knä", reason="Min syster.")

    read = {
        who: [one.reason for asked in _page(council, who).asked for one in asked.stayed]
        for who in ("ada", "erik", "lena", "bo", "gun")
    }
    assert {"ada": ["Min syster."], "erik": ["Min syster."], "lena": ["Min syster."]} | {
        "bo": [""],
        "gun": [""],
    } == read
    found = events(council.world, email("bo"), Scope(case=CASE_ID), Filter())
    assert "syster" not in repr(found)


# ---- what it stops ---------------------------------------------------------------------


def test_who_has_one_writes_no_ballot_and_needs_none(council: Council) -> None:
    """Neither new nor changed, neither they nor their substitute; handing in asks for the
    others alone."""
    council.assess("ada", Axel="1")
    council.declare("ada", "Axel")
    council.declare("ada", "Knä")
    council.substitute("ada", "vik")

    for who, wish in (
        ("ada", council.ballot("Knä", "1")),
        ("ada", ["set", 1, 1, {"rang": "4"}]),
        ("vik", council.ballot("Knä", "1")),
    ):
        with pytest.raises(Refused) as caught:
            council.edit(who, wish)
        assert ["conflict"] == [one.code for one in caught.value.reasons]
    assert "”Axel”" in council_error(council)
    council.assess("ada", Hälso="2")
    council.sign("ada")
    assert [True, False, False] == [one.handed_in for one in council.page("bo").members]


def council_error(council: Council) -> str:
    """Give the words of a refusal about Axel."""
    with pytest.raises(Refused) as caught:
        council.edit("ada", ["set", 1, 1, {"rang": "4"}])
    return caught.value.sv


def test_a_substitutes_own_conflict_stops_them_too(council: Council) -> None:
    """Vik may not write about it for Ada; Ada may."""
    council.substitute("ada", "vik")
    council.declare("vik", "Knä")

    with pytest.raises(Refused):
        council.edit("vik", council.ballot("Knä", "1"))
    council.edit("ada", council.ballot("Knä", "1"))
    assert 1 == len(council.copy("ada"))


def test_a_ballot_from_before_is_not_counted_and_is_shown_as_a_conflict(council: Council) -> None:
    """Cia's extreme is gone from the spread; her value is not told."""
    council.everybody_assesses()
    council.declare("cia", "Hälsosamtal", table="radets")

    found = next(one for one in council.page("lena").results if one.name == "Hälsosamtal")
    assert found.measured[0].spread and 2 == found.measured[0].spread.count
    assert "4, lägst" == found.measured[0].highest
    assert [(False, 1), (False, 1), (True, 0)] == [
        (mark.conflict, len(mark.texts)) for mark in found.marks
    ]


def test_who_has_one_moves_and_writes_about_the_row_in_no_list(council: Council) -> None:
    """Declared at the assessment, it holds in the list; other rows they move."""
    council.declare("erik", "Knä")
    council.everybody_assesses()

    with pytest.raises(Refused) as caught:
        _move(council, "erik", "Knä", 3)
    with pytest.raises(Refused):
        council.edit("erik", ["set", 1, None, {"omdome": "Bra."}], table="radets")
    _move(council, "erik", "Hälsosamtal", 1)

    assert ["conflict"] == [one.code for one in caught.value.reasons]
    assert "Du har anmält jäv i ”Knä”" in caught.value.sv
    names = [row.name for row in read_list(council.world, email("ada"), CASE_ID, "radets").rows]
    assert ["Hälsosamtal", "Knä", "Axel", "Palliativt team"] == names


def test_it_holds_in_the_lists_of_others_too(council: Council) -> None:
    """It is about what somebody filled in: Dan sees Ada's in the other council's list."""
    council.declare("ada", "Knä")

    assert 1 == len(_sentences(_page(council, "dan", case=OTHER)))


# ---- deciding --------------------------------------------------------------------------


def test_quorum_is_counted_without_them_row_by_row(council: Council) -> None:
    """Four members, three needed: with four present one may have a conflict, not two. The row
    is named."""
    council.everybody_assesses()
    council.declare("ada", "Axel", table="radets")
    council.declare("bo", "Axel", table="radets")
    council.declare("cia", "Knä", table="radets")

    with pytest.raises(Refused) as caught:
        council.act(CASE, "aterlamna", "erik", decision={"present": 4})
    conflicts.take_back(council.world, council.wish("bo", "Axel", table="radets"))
    council.act(CASE, "aterlamna", "erik", decision={"present": 4})

    assert ["”Axel”: 2 av 4 har jäv. 2 deltar, 3 behövs för beslut."] == [
        one.sv for one in caught.value.reasons
    ]


def test_the_minutes_say_who_took_no_part_and_how_many_decided(council: Council) -> None:
    """A sentence for each; the strength once it is registered how many were present."""
    council.declare("cia", "Knä")
    council.act(CASE, "stang", "erik", decision={"present": 4})

    asked = next(one for one in _page(council, "ada", "radets").asked if one.item.name == "Knä")
    with council.world.database.read() as connection:
        opened = open_list(council.world, connection, email("ada"), CASE_ID, "radets")
        noted = noted_conflicts(*opened)
    assert ("Beslutför med 3 av 4.", False) == (asked.strength, asked.short)
    assert [("Cia", "Knä", "Cia anmälde jäv och deltog inte i handläggningen av ”Knä”.")] == [
        (one.person, one.item, one.sentence) for one in noted
    ]


def test_when_the_case_has_ended_it_stands(council: Council) -> None:
    """Nothing is declared or taken back any more."""
    council.declare("ada", "Knä")
    council.act(CASE, "stang", "erik", decision={"present": 4})
    council.act(CASE, "aterlamna", "erik", decision={"present": 4})

    for verb in (conflicts.declare, conflicts.take_back):
        with pytest.raises(Refused) as caught:
            verb(council.world, council.wish("ada", "Knä", table="radets"))
        assert ["ended"] == [one.code for one in caught.value.reasons]


# ---- proof and disposal ----------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE conflicts SET reason = 'annat'",
        "UPDATE conflicts SET number = 77",
        "UPDATE conflicts SET declared_at = '2001-01-01 00:00:00.000000'",
        "DELETE FROM conflicts",
    ],
)
def test_a_conflict_that_is_tampered_with_is_found(council: Council, sql: str) -> None:
    """Changed or gone, verify says so."""
    council.declare("ada", "Knä")
    council.declare("bo", "Axel")
    good = evidence.prove(council.world).ok
    with council.world.database.write() as connection:
        connection.execute(text(sql))

    found = evidence.prove(council.world)
    assert good
    assert any("jäv" in one.problem for one in found.problems)


def test_reasons_are_disposed_of_and_the_rest_stays(council: Council) -> None:
    """Who took no part in what is still told; the words are gone, and verify says why."""
    council.declare("ada", "Knä", reason="Min syster.")
    for case, chair, present in ((CASE, "erik", 4), (OTHER, "tage", 2)):
        council.act(case, "stang", chair, decision={"present": present})
        council.act(case, "aterlamna", chair, decision={"present": present})
    council.act("omgang", "klart", "lena")
    council.clock.forward(days=30)
    wish = disposal.Wish(
        before=council.world.today(council.clock.now),
        kinds=frozenset({Kind.QUESTIONS}),
        decision="dnr 1/2011",
    )
    disposal.dispose(council.world, wish)

    with council.world.database.read() as connection:
        told = connection.execute(text("SELECT reason FROM conflicts")).fetchall()
    assert [(GONE,)] == [tuple(row) for row in told]
    assert evidence.prove(council.world).ok
