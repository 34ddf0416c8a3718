"""A decision opens the next round in the same breath, and what was put off goes along."""

from pathlib import Path
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from tests.support.organisation import email
from tests.support.parts import FIRST, SECOND, Parts, open_parts, revision
from workflow.core.errors import NoRight, Refused, WorkflowError
from workflow.core.facts import Origin
from workflow.service import acts, leading, opening
from workflow.service.considering import consider
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.events import Scope, every_event
from workflow.service.reading.rounds.round import read_round_page
from workflow.service.reading.sheets.table import read_table
from workflow.store.database import Database

PLAN = f"{FIRST}.plan"
NEXT = f"{SECOND}.plan"
PUT_OFF = ("bifall", "bordlagt", "avslag", "aterremiss", "bifall")
"""What becomes of the three rows of norr and the two of soder."""


@pytest.fixture
def parts(database: Database, tmp_path: Path) -> Parts:
    """The first part of a plan, before its decision."""
    found = open_parts(database, tmp_path)
    found.decide(*PUT_OFF)
    return found


def carried(parts: Parts, case: str) -> list[tuple[object, Origin | None]]:
    """Give what stands in a case's own table, with where it comes from."""
    return [(row.cells.get("atgard"), row.origin) for row in parts.rows(case, "rader")]


def everything(parts: Parts) -> list[tuple[str, int]]:
    """Give how many rows there are in each table that a decision may write in."""
    tables = ("rounds", "round_links", "cases", "tasks", "material_rows", "entries", "messages")
    return [(name, parts.query(f"SELECT count(*) FROM {name}")[0][0]) for name in tables]


def refused(parts: Parts, transition: str, case: str = PLAN) -> Refused:
    """Give how an act is refused, having seen that nothing came of it."""
    before = everything(parts)
    with pytest.raises(Refused) as caught:
        parts.act(case, transition)
    assert before == everything(parts)
    return caught.value


# ---- the round -------------------------------------------------------------------------


def test_the_next_round_is_opened_in_the_same_decision(parts: Parts) -> None:
    """It begins in the state that the transition names, by the plan's own dates, in the same
    matter; the tables of both are explained by their logs."""
    answer = parts.act(PLAN, "bifall_del_2")

    told = {key: answer["begun"][key] for key in ("round", "rows")}
    assert {"round": SECOND, "rows": 2} == told
    assert [("insamling", 1)] == parts.query(
        f"SELECT state, version FROM cases WHERE id = '{NEXT}'"
    )
    days = parts.query(
        f"SELECT last_on FROM milestones WHERE round_id = '{SECOND}' AND key = 'beslut'"
    )
    assert ["2015-11-23"] == [str(day) for (day,) in days]
    assert [("RS 2015/7",)] == parts.query(f"SELECT reference FROM rounds WHERE id = '{SECOND}'")
    assert [(SECOND, FIRST, "bifall_del_2")] == parts.query(
        "SELECT round_id, begun_by, transition FROM round_links"
    )
    assert [] == parts.verified()


def test_those_who_owe_something_there_are_told(parts: Parts) -> None:
    """The areas' chiefs get their task and a mail about it, as in any round."""
    before = parts.query("SELECT count(*) FROM messages")[0][0]

    parts.act(PLAN, "bifall_del_2")

    cases = parts.query(f"SELECT case_id FROM tasks WHERE round_id = '{SECOND}' ORDER BY case_id")
    assert [(f"{SECOND}.forslag.norr",), (f"{SECOND}.forslag.soder",)] == cases
    assert 2 == parts.query("SELECT count(*) FROM messages")[0][0] - before


def test_without_another_plan_it_is_of_a_later_year(parts: Parts) -> None:
    """The year of the decision, but never this round's own; a matter of its own."""
    parts.clock.put("2015-06-16")

    assert "prov-2016" == parts.act(PLAN, "nasta_ar")["begun"]["round"]
    assert [("",)] == parts.query("SELECT reference FROM rounds WHERE id = 'prov-2016'")


def test_a_late_decision_is_of_its_own_year(parts: Parts) -> None:
    """A plan of 2015 that is decided in 2018 is followed by one of 2018."""
    parts.clock.put("2018-03-01")

    assert "prov-2018" == parts.act(PLAN, "nasta_ar")["begun"]["round"]


def test_a_part_may_be_followed_by_itself_the_year_after(parts: Parts) -> None:
    """The same plan again is not another plan: it is of the next year."""
    parts.act(PLAN, "bifall_del_2")
    parts.act(f"{SECOND}.forslag.norr", "lamna", "nora")
    parts.act(f"{SECOND}.forslag.soder", "lamna", "sune")
    parts.decide("bifall", "bordlagt", round_id=SECOND)

    answer = parts.act(NEXT, "sent")

    assert "prov-2016-del_2" == answer["begun"]["round"]
    assert [] == parts.verified()


# ---- the rows --------------------------------------------------------------------------


def test_what_was_put_off_lies_where_it_was_filled_in(parts: Parts) -> None:
    """Each row comes to its own unit's case, with its cells and where it comes from; it stays
    where it was as well."""
    parts.act(PLAN, "bifall_del_2")

    norr, soder = f"{SECOND}.forslag.norr", f"{SECOND}.forslag.soder"
    assert [("Färre lokaler", Origin(f"{FIRST}.forslag.norr", 2))] == carried(parts, norr)
    assert [("Gemensam jour", Origin(f"{FIRST}.forslag.soder", 1))] == carried(parts, soder)
    cells = parts.rows(norr, "rader")[0].cells
    assert {"atgard": "Färre lokaler", "effekt.2015": 101, "slag": "vard"} == cells
    assert 3 == len(parts.rows(f"{FIRST}.forslag.norr", "rader"))


def test_only_what_means_the_same_there_comes_along(parts: Parts) -> None:
    """A year that the next round has no column for stays behind, and so does a file."""
    parts.act(PLAN, "nasta_ar")

    cells = parts.rows("prov-2016.forslag.norr", "rader")[0].cells
    assert {"atgard": "Färre lokaler", "slag": "vard"} == cells


def test_what_is_decided_with_the_button_counts(parts: Parts) -> None:
    """A row that is put off in the very act that opens the next round follows as well."""
    first = parts.rows(PLAN, "beslut")[0]
    edits = {"beslut": [["set", first.number, first.version, {"utfall": "bordlagt"}]]}

    answer = parts.act(PLAN, "bifall_del_2", data={"edits": edits})

    assert 3 == answer["begun"]["rows"]
    assert 2 == len(parts.rows(f"{SECOND}.forslag.norr", "rader"))


def test_nothing_put_off_nothing_follows(database: Database, tmp_path: Path) -> None:
    """The next round opens empty."""
    parts = open_parts(database, tmp_path)

    assert 0 == parts.act(PLAN, "bifall_del_2")["begun"]["rows"]
    assert [] == carried(parts, f"{SECOND}.forslag.norr")


def test_rows_wait_for_a_case_that_opens_later(parts: Parts) -> None:
    """Where the next round begins before its cases open, the rows come with them."""
    parts.act(PLAN, "sent")
    before = read_round_page(parts.world, SECOND, email("lena")).kin

    parts.act(NEXT, "uppdra")

    waited = [(one.title, one.rows, one.is_gone) for one in before.waiting]
    assert (0, [("Norr", 1, False), ("Soder", 1, False)]) == (before.came, waited)
    assert ["Färre lokaler"] == [name for name, _ in carried(parts, f"{SECOND}.forslag.norr")]
    assert ["Gemensam jour"] == [name for name, _ in carried(parts, f"{SECOND}.forslag.soder")]
    assert () == read_round_page(parts.world, SECOND, email("lena")).kin.waiting
    assert [] == parts.verified()


def test_the_page_of_a_row_tells_of_the_round_before(parts: Parts) -> None:
    """With the unit and a link for who may see that case."""
    parts.act(PLAN, "bifall_del_2")

    whence = (
        read_table(parts.world, email("nora"), f"{SECOND}.forslag.norr", "rader").rows[0].whence
    )

    assert whence is not None
    assert ("Prov 2015, Norr", f"{FIRST}.forslag.norr", 2) == (
        whence.title,
        whence.case,
        whence.number,
    )


def test_a_row_can_be_changed_and_dropped_there(parts: Parts) -> None:
    """It is an ordinary row; where it came from stays with it."""
    parts.act(PLAN, "bifall_del_2")
    case = f"{SECOND}.forslag.norr"

    parts.save(case, "nora", edits={"rader": [["set", 1, 1, {"atgard": "Ännu färre lokaler"}]]})
    changed = carried(parts, case)
    parts.save(case, "nora", edits={"rader": [["drop", 1, 2]]})

    assert [("Ännu färre lokaler", Origin(f"{FIRST}.forslag.norr", 2))] == changed
    assert [] == carried(parts, case)
    assert [] == parts.verified()


def test_what_is_put_off_again_goes_on_once_more(parts: Parts) -> None:
    """From the second part to the next year, each step told."""
    parts.act(PLAN, "bifall_del_2")
    parts.act(f"{SECOND}.forslag.norr", "lamna", "nora")
    parts.act(f"{SECOND}.forslag.soder", "lamna", "sune")
    parts.decide("bordlagt", "bifall", round_id=SECOND)

    parts.act(NEXT, "nasta_ar")

    assert [("Färre lokaler", Origin(f"{SECOND}.forslag.norr", 1))] == carried(
        parts, "prov-2016.forslag.norr"
    )
    assert [] == parts.verified()


# ---- units that are no more ------------------------------------------------------------


def end_unit(parts: Parts, key: str, on: str = "2015-05-31", into: str | None = None) -> None:
    """Let a unit's last day be another; with `into` it went into another unit."""
    went = f"'{into}'" if into else "NULL"
    change(parts, f"UPDATE units SET to_on = '{on}', \"into\" = {went} WHERE key = '{key}'")


def change(parts: Parts, statement: str) -> None:
    """Change something past the verbs."""
    with parts.world.database.write() as connection:
        connection.exec_driver_sql(statement)


def test_rows_of_a_unit_that_has_ended_wait_in_sight(parts: Parts) -> None:
    """They are neither lost nor put with somebody else: the round says how many, and of which
    unit."""
    end_unit(parts, "soder")

    answer = parts.act(PLAN, "bifall_del_2")
    kin = read_round_page(parts.world, SECOND, email("lena")).kin

    assert 2 == answer["begun"]["rows"]
    assert (1, [("Soder", 1, True)]) == (
        kin.came,
        [(one.title, one.rows, one.is_gone) for one in kin.waiting],
    )
    assert [] == parts.verified()


def test_a_unit_that_is_added_gets_the_rows_that_waited_for_it(parts: Parts) -> None:
    """When the leader adds the unit after all, its rows are there from the start."""
    end_unit(parts, "soder")
    parts.act(PLAN, "bifall_del_2")
    end_unit(parts, "soder", "9999-12-31")

    leading.add_unit(parts.world, SECOND, "soder", email=email("lena"), reason="Den behövs.")

    assert ["Gemensam jour"] == [name for name, _ in carried(parts, f"{SECOND}.forslag.soder")]
    assert [] == parts.verified()


def test_rows_of_a_unit_that_went_into_another_follow_there(parts: Parts) -> None:
    """The unit that took over finds them among its own."""
    end_unit(parts, "soder", into="norr")

    parts.act(PLAN, "bifall_del_2")

    names = [name for name, _ in carried(parts, f"{SECOND}.forslag.norr")]
    assert ["Färre lokaler", "Gemensam jour"] == names


# ---- told ------------------------------------------------------------------------------


def test_both_rounds_link_to_each_other(parts: Parts) -> None:
    """On their pages, for who has a place in both."""
    parts.act(PLAN, "bifall_del_2")

    first = read_round_page(parts.world, FIRST, email("lena")).kin
    second = read_round_page(parts.world, SECOND, email("lena")).kin

    assert [(SECOND, "Prov 2015, del 2")] == [(one.id, one.title) for one in first.after]
    assert second.before is not None
    assert (FIRST, "Prov 2015") == (second.before.id, second.before.title)
    assert (2, ()) == (second.came, second.waiting)


def test_both_logs_tell_of_the_other(parts: Parts) -> None:
    """In words, for who reads the events."""
    parts.act(PLAN, "bifall_del_2")

    first = [one.what for one in events(parts, FIRST)]
    second = [one.what for one in events(parts, SECOND)]

    assert any(what.endswith("och öppnade Prov 2015, del 2") for what in first)
    assert any("som fortsättning på Prov 2015" in what for what in second)
    assert 2 == second.count("Rader följde med från Prov 2015")


def events(parts: Parts, round_id: str) -> list[Any]:
    """Give all that has happened in a round."""
    return list(every_event(parts.world, email("lena"), Scope(round=round_id), Filter()))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM round_links",
        "UPDATE round_links SET transition = 'bifall'",
        "UPDATE round_links SET begun_at = '2014-01-01 00:00:00'",
    ],
)
def test_a_changed_link_is_found(parts: Parts, statement: str) -> None:
    """The log of either round says otherwise."""
    parts.act(PLAN, "bifall_del_2")
    change(parts, statement)

    found = parts.verified()

    assert {FIRST, SECOND} == {one.split()[0] for one in found}
    assert all("länken till omgången" in one for one in found)


def test_a_look_before_tells_the_same_and_leaves_nothing(parts: Parts) -> None:
    """What is filled in with the decision counts; nothing is kept of the look."""
    first = parts.rows(PLAN, "beslut")[0]
    edits = {"beslut": [["set", first.number, first.version, {"utfall": "bordlagt"}]]}
    before = everything(parts)

    found = consider(parts.world, parts.wish(PLAN, "bifall_del_2", data={"edits": edits}))

    assert (SECOND, 3, 2) == (found.begins, found.carries, found.told)
    assert before == everything(parts)


# ---- attacks ---------------------------------------------------------------------------


def test_a_double_click_opens_one_round(parts: Parts) -> None:
    """The second press of the same form gets the first one's answer."""
    wish = parts.wish(PLAN, "bifall_del_2", request_id="1")
    first = acts.act(parts.world, wish)
    after = everything(parts)

    second = acts.act(parts.world, wish)

    assert (False, True) == (first["repeated"], second["repeated"])
    assert first["begun"] == second["begun"]
    assert after == everything(parts)


def test_two_at_once_open_one_round(parts: Parts) -> None:
    """Two people press at the same instant: one is told that it is done already."""
    start, came = Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            came.append(parts.act(PLAN, "bifall_del_2")["begun"]["round"])
        except WorkflowError as error:
            came.append(error.code)

    threads = [Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 1 == came.count(SECOND)
    assert [(1,)] == parts.query("SELECT count(*) FROM round_links")
    assert [] == parts.verified()


TRIP = {
    "sqlite": (
        "CREATE TRIGGER trip BEFORE INSERT ON material_rows WHEN NEW.case_id LIKE 'prov-2015-del%'"
        " BEGIN SELECT RAISE(ABORT, 'trip'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION trip() RETURNS trigger AS $$ BEGIN RAISE 'trip'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER trip BEFORE INSERT ON material_rows FOR EACH ROW"
        " WHEN (NEW.case_id LIKE 'prov-2015-del%%') EXECUTE FUNCTION trip()",
    ),
}
"""What breaks off where the last rows are written, long after the decision itself."""


UNTRIP = {
    "sqlite": ("DROP TRIGGER trip",),
    "postgresql": ("DROP TRIGGER trip ON material_rows", "DROP FUNCTION trip"),
}


def test_what_breaks_off_half_way_leaves_nothing(parts: Parts) -> None:
    """Neither decision nor round, link, task, mail or entry."""
    before = everything(parts)
    for statement in TRIP[parts.world.database.dialect]:
        change(parts, statement)

    with pytest.raises(Exception, match="trip"):
        parts.act(PLAN, "bifall_del_2")
    for statement in UNTRIP[parts.world.database.dialect]:
        change(parts, statement)

    assert before == everything(parts)
    assert [] == parts.verified()


@pytest.mark.parametrize("seed", range(5))
def test_no_row_is_lost_or_doubled(database: Database, tmp_path: Path, seed: int) -> None:
    """Whatever is proposed, put off, and whichever units are there: each row that was put off
    lies in one case of the next round or waits for one, and no other does."""
    chance = Random(seed)
    parts = open_parts(database, tmp_path, decided=False)
    parts.act(PLAN, "uppdra")
    proposals = {
        unit: [f"{unit} {n}" for n in range(chance.randrange(7))] for unit in ("norr", "soder")
    }
    parts.propose(proposals=proposals)
    listed = [row.origin for row in parts.rows(PLAN, "beslut")]
    outcomes = [chance.choice(PUT_OFF) for _ in listed]
    parts.decide(*outcomes)
    if chance.random() < 0.5:
        end_unit(parts, "soder", "2014-12-31")
    names = [name for unit in ("norr", "soder") for name in proposals[unit]]
    put_off = [
        n for n, one in zip(names, outcomes, strict=True) if one in {"bordlagt", "aterremiss"}
    ]

    answer = parts.act(PLAN, chance.choice(("bifall_del_2", "sent")))
    if parts.query(f"SELECT state FROM cases WHERE id = '{NEXT}'") == [("uppdrag",)]:
        parts.act(NEXT, "uppdra")

    came = [
        str(name) for u in ("norr", "soder") for name, _ in carried(parts, f"{SECOND}.forslag.{u}")
    ]
    kin = read_round_page(parts.world, SECOND, email("lena")).kin
    assert len(put_off) == answer["begun"]["rows"] == len(came) + sum(w.rows for w in kin.waiting)
    assert len(came) == len(set(came)) == kin.came
    assert set(came) <= set(put_off)
    assert [] == parts.verified()


def test_who_may_not_decide_opens_nothing(parts: Parts) -> None:
    """The right is the transition's own."""
    before = everything(parts)

    with pytest.raises(NoRight):
        parts.act(PLAN, "bifall_del_2", "nora")

    assert before == everything(parts)


def test_one_that_is_open_already_is_refused_in_words(parts: Parts) -> None:
    """Nothing of the decision is kept, and the look before says so too."""
    opening.open_round(parts.world, revision(), year=2015, plan_key="del_2")

    error = refused(parts, "bifall_del_2")

    assert f"Omgången {SECOND} finns redan och pågår." in error.sv
    with pytest.raises(Refused):
        consider(parts.world, parts.wish(PLAN, "bifall_del_2"))


def test_another_process_that_was_never_opened_here_is_refused(parts: Parts) -> None:
    """Nobody could say which version of it holds."""
    error = refused(parts, "annan")

    assert ["no_revision"] == [reason.code for reason in error.reasons]
    assert "Öppna den första av annan för hand." in error.sv
