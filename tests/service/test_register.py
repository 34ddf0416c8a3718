"""The register: which documents stand in it, as what, and for whom."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from tests.service.processes import write_process
from tests.service.worlds import ROOT, ROUND, Stage, load_process
from workflow.core.errors import BadInput, NotFound
from workflow.core.facts import EntryDraft, EntryKind
from workflow.service import extending, moving, opening
from workflow.service.reading.register.register import Days, as_document, register
from workflow.service.reading.register.rows import Row, RowKind

ALWAYS = Days(since=date(2008, 1, 1), until=date(2012, 1, 1))


def rows(stage: Stage, wanted: Days = ALWAYS) -> list[Row]:
    """Give the rows as the operator gets them."""
    return list(register(stage.world, wanted))


def of(found: Sequence[Row], kind: RowKind) -> list[Row]:
    """Give the rows of one kind."""
    return [row for row in found if row.kind is kind]


def name_of(stage: Stage, email: str) -> str:
    """Give a person's name."""
    return next(one.name for one in stage.people.people if one.email == email)


def unit_name(stage: Stage, unit: str) -> str:
    """Give a unit's name."""
    return next(one.name for one in stage.people.units if one.key == unit)


def attach(stage: Stage, unit: str, name: str, secrecy: str) -> None:
    """Let the log tell of an attached file."""
    person = stage.rows("SELECT id FROM people WHERE email = :e", e=stage.chief(unit))[0][0]
    with stage.world.database.write() as connection:
        entry = EntryDraft(
            kind=EntryKind.ATTACHED,
            case=stage.case("underlag", unit),
            actor=person,
            payload={"number": 1, "name": name, "secrecy": secrecy},
        )
        stage.world.note(connection, stage.at[0], entry, chain=ROUND)


def test_a_document_handed_in_has_all_that_the_law_asks_for(groundwork: Stage) -> None:
    """Date, reference, from whom, to whom, and what it concerns (OSL 5 kap. 2 §)."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-20", "10:00")
    groundwork.hand_in(unit, comment="Står inte i förteckningen.")

    (row,) = of(rows(groundwork), RowKind.HANDED_IN)

    number = groundwork.rows("SELECT max(number) FROM entries WHERE chain = :c", c=ROUND)[0][0]
    chief, above = name_of(groundwork, groundwork.chief(unit)), groundwork.parent(unit)
    assert (f"RS 2008/123-{number}", date(2009, 2, 20)) == (row.reference, row.on)
    assert f"{unit_name(groundwork, unit)}, {chief}" == row.from_
    assert f"{unit_name(groundwork, above)}, Driftenhetschef" == row.to
    assert f"Underlag {unit_name(groundwork, unit)}: Lämna in underlaget" == row.what
    assert "Står inte" not in repr(rows(groundwork))


def test_an_assignment_is_a_row_for_each_unit(groundwork: Stage) -> None:
    """What is opened for a unit that owes it; not what only waits for others."""
    found = of(rows(groundwork), RowKind.ASSIGNED)

    director = name_of(groundwork, groundwork.holder("landstingsdirektor"))
    assert 12 == len(found)
    assert {director} == {row.from_.rpartition(", ")[2] for row in found}
    assert {row.to for row in found} == {
        f"{unit_name(groundwork, unit)}, Verksamhetschef" for unit in groundwork.units("verksamhet")
    }


def test_the_way_of_a_case_by_the_shape_of_its_steps(groundwork: Stage) -> None:
    """Returned with questions, handed in anew, approved by somebody else, asked for more days
    and granted, attached, the plan moved: each is of its own kind."""
    unit = groundwork.units("verksamhet")[0]
    case, boss = groundwork.case("underlag", unit), groundwork.boss(unit)
    groundwork.put("2009-02-20", "10:00")
    extending.ask(
        groundwork.world, f"{case}#1", date(2009, 3, 6), reason="x", email=groundwork.chief(unit)
    )
    extending.grant(groundwork.world, f"{case}#1", None, reason="x", email=boss)
    attach(groundwork, unit, "bilaga.pdf", "")
    groundwork.hand_in(unit)
    groundwork.act(case, "aterlamna", boss, data={"questions": ["Varför?"]})
    groundwork.hand_in(unit, data={"answers": {"1": "Därför."}})
    groundwork.act(case, "ta_tillbaka", groundwork.chief(unit))
    groundwork.hand_in(unit)
    groundwork.approve(unit)
    moving.move_milestone(
        groundwork.world,
        ROUND,
        "forslag",
        date(2009, 4, 24),
        reason="x",
        email=groundwork.leader,
    )

    found = [row for row in rows(groundwork) if row.on == date(2009, 2, 20)]

    assert [
        RowKind.ASKED,
        RowKind.EXTENDED,
        RowKind.ATTACHED,
        RowKind.HANDED_IN,
        RowKind.RETURNED,
        RowKind.HANDED_IN,
        RowKind.RETURNED,
        RowKind.HANDED_IN,
        RowKind.APPROVED,
        RowKind.MOVED,
    ] == [row.kind for row in found]
    assert found[1].what.endswith(": fre 6 mars 2009")
    assert found[9].what.endswith(": Ledningsgruppens förslag fre 24 april 2009")


def test_a_decision_has_its_paragraph_and_its_meeting(groundwork: Stage) -> None:
    """What a body with minutes decides is a decision, from that body."""
    found = of(rows(groundwork), RowKind.DECIDED)

    body = groundwork.units("landstingsstyrelse")[0]
    secretary = name_of(groundwork, groundwork.holder("sekreterare", body))
    assert [f"{unit_name(groundwork, body)}, {secretary}"] == [row.from_ for row in found]
    assert ["Prioriteringar inför budget 2010: Planen är fastställd"] == [r.what for r in found]


def test_paragraph_and_meeting_come_from_what_was_registered(groundwork: Stage) -> None:
    """They stand in columns of their own."""
    person = groundwork.rows("SELECT id FROM people LIMIT 1")[0][0]
    with groundwork.world.database.write() as connection:
        entry = EntryDraft(
            kind=EntryKind.TRANSITION,
            case=ROOT,
            transition="faststall",
            from_state="plan",
            to_state="styrgrupp",
            actor=person,
            payload={"decision": {"paragraph": "§ 74", "meeting_on": "2008-11-11"}},
        )
        groundwork.world.note(connection, groundwork.at[0], entry, chain=ROUND)

    row = of(rows(groundwork), RowKind.DECIDED)[-1]

    assert ("§ 74", date(2008, 11, 11)) == (row.paragraph, row.meeting_on)


def test_the_shape_counts_and_not_the_name(bare: Stage, tmp_path: Path) -> None:
    """A process whose words are all different gives the same kinds of rows."""
    write_process(
        tmp_path,
        ("transition.lamna_in =", "transition.skicka ="),
        ('other_than = ["lamna_in", "inget"]', 'other_than = ["skicka", "inget"]'),
    )
    (tmp_path / "prioritering" / "en.toml").unlink()
    opening.open_round(bare.world, load_process(tmp_path), year=2010, reference="D 1")
    bare.begin_groundwork()
    unit = bare.units("verksamhet")[0]
    objekt = [{"tillstand": "a", "atgard": "b", "typ": "effektivisering"}]
    bare.act(
        bare.case("underlag", unit), "skicka", bare.chief(unit), data={"rows": {"objekt": objekt}}
    )
    bare.approve(unit)

    kinds = Counter(row.kind for row in rows(bare))

    assert (1, 1) == (kinds[RowKind.HANDED_IN], kinds[RowKind.APPROVED])


def test_what_ends_along_with_something_else_is_no_document(groundwork: Stage) -> None:
    """A cancelled round is one row, with the leader's decision; not one for each of its cases."""
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Ställs in.")

    found = of(rows(groundwork), RowKind.WITHDRAWN)

    ended = groundwork.rows("SELECT count(*) FROM entries WHERE kind = 'withdrawn'")[0][0]
    assert 15 == ended
    assert [ROOT] == [row.case for row in found]


def test_a_reference_never_changes(groundwork: Stage) -> None:
    """However much is added later, every row keeps its reference, and no two have the same."""
    before = [row.reference for row in rows(groundwork)]
    for unit in groundwork.units("verksamhet"):
        groundwork.hand_in(unit)
    after = [row.reference for row in rows(groundwork)]

    assert before == after[: len(before)]
    assert len(set(after)) == len(after)


def test_the_public_register_leaves_out_what_is_marked(groundwork: Stage) -> None:
    """Of a marked attachment date and reference stay, and the ground; who, what and which case
    are left out. All else is as it was."""
    units = groundwork.units("verksamhet")
    attach(groundwork, units[0], "Personärende Påhittad.pdf", "OSL 25 kap. 1 §")
    attach(groundwork, units[1], "öppen.pdf", "")

    whole = rows(groundwork)
    public = rows(groundwork, Days(since=ALWAYS.since, until=ALWAYS.until, public=True))

    marked = next(row for row in whole if row.secrecy)
    shown = next(row for row in public if row.secrecy)
    assert "Personärende Påhittad.pdf" in marked.what
    assert (marked.reference, marked.on, marked.secrecy) == (
        shown.reference,
        shown.on,
        shown.secrecy,
    )
    assert ("", "", "", "", True) == (
        shown.from_,
        shown.to,
        shown.what,
        shown.case,
        shown.left_out,
    )
    assert units[0] not in repr(as_document(shown))
    assert [row for row in whole if not row.secrecy] == [row for row in public if not row.secrecy]


def test_days_are_included_at_both_ends(groundwork: Stage) -> None:
    """From the first day's first minute to the last day's last, in local time."""
    units = groundwork.units("verksamhet")
    for unit, day, clock in (
        (units[0], "2009-02-19", "23:59"),
        (units[1], "2009-02-20", "00:00"),
        (units[2], "2009-02-20", "23:59"),
        (units[3], "2009-02-21", "00:00"),
    ):
        groundwork.put(day, clock)
        groundwork.hand_in(unit)

    found = rows(groundwork, Days(since=date(2009, 2, 20), until=date(2009, 2, 20)))

    assert [groundwork.case("underlag", u) for u in units[1:3]] == [row.case for row in found]


def test_rounds_come_together_by_day(groundwork: Stage) -> None:
    """Several rounds are one list in order of time; one can be asked for alone."""
    opening.open_round(groundwork.world, groundwork.revision, year=2011, reference="RS 2009/7")
    groundwork.at[0] += timedelta(days=1)
    groundwork.hand_in(groundwork.units("verksamhet")[0])

    both = rows(groundwork)
    one = rows(groundwork, Days(since=ALWAYS.since, until=ALWAYS.until, round="prioritering-2011"))

    assert {ROUND, "prioritering-2011"} == {row.round for row in both}
    assert sorted(row.on for row in both) == [row.on for row in both]
    assert ["RS 2009/7-1"] == [row.reference for row in one]


def test_a_round_without_a_reference_goes_by_its_id(bare: Stage) -> None:
    """So that a row always has one."""
    opening.open_round(bare.world, bare.revision, year=2010)

    assert ["prioritering-2010-1"] == [row.reference for row in rows(bare)]


def test_only_those_who_keep_lead_or_audit_read_it(groundwork: Stage) -> None:
    """Everybody else is told that there is no such thing."""
    unit = groundwork.units("verksamhet")[0]
    may = ("registrator", "revisor", "medicinsk_radgivare")
    others = [groundwork.chief(unit), groundwork.boss(unit), groundwork.holder("fortroendevald")]

    counts = {
        len(list(register(groundwork.world, ALWAYS, email=groundwork.holder(role)))) for role in may
    }

    assert {len(rows(groundwork))} == counts
    for email in others:
        with pytest.raises(NotFound):
            register(groundwork.world, ALWAYS, email=email)


def test_wrong_questions_are_refused_in_words(groundwork: Stage) -> None:
    """Days the wrong way round, and a round that is not there, before anything is written."""
    with pytest.raises(BadInput, match="Byt plats"):
        register(groundwork.world, Days(since=date(2009, 2, 2), until=date(2009, 2, 1)))
    with pytest.raises(NotFound, match="ingen omgång x"):
        register(groundwork.world, Days(since=ALWAYS.since, until=ALWAYS.until, round="x"))


def test_a_payload_that_is_gone_leaves_the_row(groundwork: Stage) -> None:
    """Date, reference, case and kind are in the entries themselves and stay."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    before = of(rows(groundwork), RowKind.HANDED_IN)
    groundwork.change("DELETE FROM entry_payloads WHERE chain = :c", c=ROUND)

    after = of(rows(groundwork), RowKind.HANDED_IN)

    assert [(row.reference, row.on, row.from_) for row in before] == [
        (row.reference, row.on, row.from_) for row in after
    ]


def test_a_thousand_cases_take_seconds(groundwork: Stage) -> None:
    """Ten thousand more entries in the log: the register of them is ready at once."""
    unit = groundwork.units("verksamhet")[0]
    case, chief = groundwork.case("underlag", unit), groundwork.chief(unit)
    person = groundwork.rows("SELECT id FROM people WHERE email = :e", e=chief)[0][0]
    with groundwork.world.database.write() as connection:
        for _ in range(10_000):
            entry = EntryDraft(
                kind=EntryKind.TRANSITION,
                case=case,
                transition="lamna_in",
                from_state="utkast",
                to_state="inlamnat",
                actor=person,
                payload={"owes": ["driftenhetschef", groundwork.parent(unit)]},
            )
            groundwork.world.note(connection, groundwork.at[0], entry, chain=ROUND)

    began = perf_counter()
    found = rows(groundwork)

    assert 10_000 == len(of(found, RowKind.HANDED_IN))
    assert perf_counter() - began < 20
