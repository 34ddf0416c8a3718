"""Secret answers: nobody but whose they are sees them, and once counted they are nobody's."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from tests.service.senders import WRITE
from tests.service.threads import together
from tests.support.organisation import email
from tests.support.poll import CASE_ID, MANAGERS, ROUND, Managers, open_poll
from workflow.core.errors import NoRight, NotFound, Refused
from workflow.core.facts import SheetKey
from workflow.service import acts, clockwork, saving
from workflow.service.mail import letters
from workflow.service.mail.gathering import gather
from workflow.service.reading.cases.case import read_case
from workflow.service.reading.cases.since import read_since
from workflow.service.reading.lists.assessments import read_assessment
from workflow.service.reading.past.as_of import as_of
from workflow.service.reading.past.event import Filter
from workflow.service.reading.past.events import Scope, every_event
from workflow.store.database import Database
from workflow.store.material import read_sheet
from workflow.store.proof.verify import verify

MARK = "hemlig tanke"
LEVELS = ("starkt", "svagt", "starkt", "delvis", "starkt", "delvis", "starkt")


@pytest.fixture
def managers(database: Database, tmp_path: Path) -> Managers:
    """A round that asks each manager a secret question."""
    return open_poll(database, tmp_path)


def _dump(managers: Managers, *, without: str = "") -> dict[str, list[dict[str, Any]]]:
    """Read all that the database holds, in the order in which it lies."""
    with managers.world.database.read() as connection:
        tables = inspect(connection).get_table_names()
        return {
            name: [
                dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            ]
            for name in tables
            if name != without
        }


def _rows(managers: Managers, owner: int = 0) -> list[Any]:
    with managers.world.database.read() as connection:
        return list(read_sheet(connection, SheetKey(CASE_ID, "svar", owner)))


def _problems(managers: Managers) -> list[str]:
    with managers.world.database.read() as connection:
        return [str(one) for one in verify(connection).problems]


# ---- while it is open ------------------------------------------------------------------


def test_one_saves_changes_and_hands_in_and_then_it_stands(managers: Managers) -> None:
    """What is saved can be changed until it is handed in; nobody answers twice."""
    managers.save("ann", stod="svagt")
    managers.save("ann", stod="starkt")
    saved = _rows(managers, managers.person("ann"))
    managers.answer("ann", "delvis")

    assert ["starkt"] == [row.cells["stod"] for row in saved]
    for wish in (
        lambda: managers.save("ann", stod="inget"),
        lambda: managers.answer("ann", "inget"),
    ):
        with pytest.raises(Refused):
            wish()
    assert ["delvis"] == [row.cells["stod"] for row in _rows(managers, managers.person("ann"))]
    assert [] == _problems(managers)


def test_an_answer_that_lacks_something_is_not_handed_in(managers: Managers) -> None:
    """The poll's own guard holds for each copy."""
    with pytest.raises(Refused):
        managers.act("ann", "svara", rows={"svar": [{"ord": MARK}]})


@pytest.mark.parametrize("who", ["lena", "gun", "dag", "utan", "erik"])
def test_nobody_else_has_an_answer_to_give(managers: Managers, who: str) -> None:
    """Neither who leads, nor who audits."""
    with pytest.raises((NoRight, NotFound)):
        managers.save(who, stod="inget")


def _readings(managers: Managers, who: str) -> str:
    """Read all that is told of the case, as somebody."""
    world, address = managers.world, email(who)
    reads: tuple[Callable[[], object], ...] = (
        lambda: read_case(world, address, CASE_ID),
        lambda: read_since(world, address, CASE_ID, 0),
        lambda: read_assessment(world, address, CASE_ID, "svar"),
        lambda: list(every_event(world, address, Scope(round=ROUND), Filter())),
        lambda: as_of(world, address, ROUND, world.today(managers.clock.now)),
    )
    told = []
    for read in reads:
        try:
            told.append(repr(read()))
        except NotFound:
            told.append("")
    return "".join(told)


def test_nobody_reads_what_another_has_answered(managers: Managers) -> None:
    """While it is open, and after some have handed in, neither pages nor log tell it."""
    managers.answer("ann", "svagt", ord=MARK, timmar=4711)
    managers.save("ber", stod="inget", ord=MARK)

    for who in ("lena", "gun", "dag", "cat", "utan"):
        told = _readings(managers, who)
        assert MARK not in told, who
        assert "4711" not in told, who
    assert MARK in _readings(managers, "ann")


def test_the_log_tells_that_and_never_what(managers: Managers) -> None:
    """An entry says how many rows a copy has; no payload has a word of it, and none is a
    digest that could be tried out."""
    managers.save("ann", stod="svagt", ord=MARK)
    managers.answer("ann", "svagt", ord=MARK)
    dump = _dump(managers, without="material_rows")
    told = [json.loads(row["body"]) for row in dump["entry_payloads"]]
    sheets = [one["sheets"] for one in told if "sheets" in one]

    assert [{f"svar@{managers.person('ann')}": [["count", 1]]}] == sheets
    assert MARK not in repr(dump)
    assert "svagt" not in repr({key: value for key, value in dump.items() if key != "revisions"})


def test_what_is_kept_for_repeats_cannot_be_tried_out(managers: Managers) -> None:
    """A repeat gives the first answer, another use is refused, and neither the id nor a digest
    that fits an answer stands in the database."""
    wish = managers.wish("ann", "", {"stod": "svagt"}, request_id="f00d" * 8)
    first = saving.save(managers.world, wish)
    again = saving.save(managers.world, wish)
    other = managers.wish("ann", "", {"stod": "inget"}, request_id="f00d" * 8)
    with pytest.raises(Refused) as used:
        saving.save(managers.world, other)
    kept = _dump(managers)["requests"]

    assert (first["entry"], True) == (again["entry"], again["repeated"])
    assert [acts.REQUEST_USED] == [reason.code for reason in used.value.reasons]
    assert 1 == len(kept)
    whole = repr(kept)
    assert "f00d" not in whole
    for level in ("starkt", "delvis", "svagt", "inget"):
        guess = managers.wish("ann", "", {"stod": level})
        assert guess.fingerprint not in whole
        assert sha256(level.encode()).hexdigest() not in whole


def test_a_substitute_neither_sees_nor_gives_the_answer(managers: Managers) -> None:
    """The secret is one person's; who stands in for them is told so."""
    managers.save("ann", stod="svagt", ord=MARK)
    managers.substitute("ann", "vik")

    with pytest.raises(NoRight) as saved:
        managers.save("vik", stod="inget")
    with pytest.raises(Refused) as handed_in:
        managers.act("vik", "svara")
    assert ["secret_copy"] == [reason.code for reason in saved.value.reasons]
    assert "secret_copy" in [reason.code for reason in handed_in.value.reasons]
    assert MARK not in _readings(managers, "vik")


def test_what_others_save_is_no_concern_of_mine(managers: Managers) -> None:
    """Who opened the page before another answered saves all the same."""
    seen = managers.save("ann", stod="svagt")["entry"]
    managers.save("ber", stod="starkt")
    wish = managers.wish("ann", "svara", {"stod": "delvis"}, seen=seen)

    assert acts.act(managers.world, wish)["case"] == CASE_ID


def test_two_answer_at_the_same_instant(managers: Managers) -> None:
    """Both get their way."""
    found = together(
        lambda: managers.answer("ann", "svagt"),
        lambda: managers.answer("ber", "starkt"),
    )

    assert all(isinstance(one, dict) for one in found)
    assert [] == _problems(managers)


# ---- when it is left -------------------------------------------------------------------


def test_counted_answers_are_nobodys(managers: Managers) -> None:
    """Nothing in any table leads from an answer to a person: not the owner, not the order,
    not numbers, places, versions or times."""
    for who in reversed(MANAGERS):
        managers.save(who, stod="inget")
    managers.everybody_answers(*LEVELS)
    dump = _dump(managers)
    rows = [row for row in dump["material_rows"] if row["table_key"] == "svar"]

    assert "samman" == dump["cases"][0]["state"]
    assert {0} == {row["owner"] for row in rows}
    assert sorted(LEVELS) == [json.loads(row["cells"])["stod"] for row in rows]
    assert [1, 2, 3, 4, 5, 6, 7] == [row["number"] for row in rows]
    assert {(1, None, None)} == {
        (row["version"], row["origin_case"], row["origin_number"]) for row in rows
    }
    assert sorted(row["place"] for row in rows) == [row["place"] for row in rows]
    assert [(0, 7)] == [
        (row["owner"], row["last_number"]) for row in dump["sheets"] if row["table_key"] == "svar"
    ]
    rest = {key: value for key, value in dump.items() if key not in ("material_rows", "revisions")}
    assert not any(level in repr(rest) for level in LEVELS)
    assert [] == _problems(managers)


@pytest.mark.parametrize("turn", [MANAGERS, (*reversed(MANAGERS),)])
def test_who_answered_in_which_order_leaves_the_same_rows(
    managers: Managers, turn: tuple[str, ...]
) -> None:
    """The rows of a poll are those that its answers alone make: the same whoever gave which,
    when, and how often they changed their mind."""
    for who, level in zip(turn, LEVELS, strict=True):
        for other in ("inget", "starkt")[: len(who) % 3]:
            managers.save(who, stod=other)
        managers.answer(who, level)

    assert [(at, 1, level) for at, level in enumerate(sorted(LEVELS), start=1)] == [
        (row.number, row.version, row.cells["stod"]) for row in _rows(managers)
    ]


def test_only_what_was_handed_in_is_counted(managers: Managers) -> None:
    """What somebody saved and did not hand in is no answer, and is gone."""
    managers.answer("ann", "starkt")
    managers.save("ber", stod="svagt", ord=MARK)
    managers.close()

    assert ["starkt"] == [row.cells["stod"] for row in _rows(managers)]
    assert [] == _rows(managers, managers.person("ber"))
    assert MARK not in repr(_dump(managers))
    assert [] == _problems(managers)


def test_the_clock_ends_it_too(managers: Managers) -> None:
    """At the deadline the answers that are in are counted, in the same transaction."""
    managers.answer("ann", "starkt")
    managers.answer("ber", "svagt")
    managers.clock.forward(days=400)
    clockwork.tick(managers.world)
    told = [json.loads(row["body"]) for row in _dump(managers)["entry_payloads"]]

    assert ["starkt", "svagt"] == [row.cells["stod"] for row in _rows(managers)]
    assert [{"table": "svar", "rows": 2, "answered": 2, "asked": 7}] == [
        one["counted"] for one in told if "counted" in one
    ]
    assert [] == _problems(managers)


def test_what_is_called_off_is_nobodys_too(managers: Managers) -> None:
    """However the step is left, no answer keeps its owner."""
    managers.answer("ann", "svagt")
    managers.save("ber", stod="inget")
    managers.act("lena", "withdraw", comment="Det blir inget.")
    owners = [row["owner"] for row in _dump(managers)["material_rows"]]

    assert [0] == owners
    assert [0] == [row["owner"] for row in _dump(managers)["sheets"]]
    assert [] == _problems(managers)


def test_a_question_asked_anew_gets_new_answers(managers: Managers) -> None:
    """The answers of the first time give way when the second is counted; nothing is added up."""
    managers.everybody_answers(*LEVELS)
    managers.act("lena", "om", due_on="2009-06-01")
    managers.answer("ann", "inget")
    managers.close()

    assert ["inget"] == [row.cells["stod"] for row in _rows(managers)]
    assert [] == _problems(managers)


# ---- verify ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE material_rows SET owner = 99 WHERE table_key = 'svar' AND number = 1",
        "DELETE FROM material_rows WHERE table_key = 'svar' AND number = 3",
        "UPDATE material_rows SET version = 2 WHERE table_key = 'svar' AND number = 2",
        "UPDATE material_rows SET cells = '{\"stod\": \"svagt\"}' WHERE table_key = 'svar'"
        " AND number = 1",
        "UPDATE sheets SET owner = 5 WHERE table_key = 'svar'",
    ],
)
def test_verify_holds_counted_answers_to_their_number_and_order(
    managers: Managers, forgery: str
) -> None:
    """Rows that are given an owner, taken away, marked or put in another order are found."""
    managers.everybody_answers(*LEVELS)
    with managers.world.database.write() as connection:
        connection.execute(text(forgery))

    assert _problems(managers)


def test_verify_finds_an_answer_that_nobody_gave(managers: Managers) -> None:
    """While it is open, a copy is held to have the rows that its owner was told to have."""
    managers.answer("ann", "starkt")
    with managers.world.database.write() as connection:
        connection.execute(
            text("UPDATE material_rows SET owner = :other WHERE table_key = 'svar'"),
            {"other": managers.person("ber")},
        )

    assert 2 == len(_problems(managers))


def test_the_mails_name_the_response_rate_and_nothing_else(managers: Managers) -> None:
    """Whoever goes on with it, and whoever is told when it has ended, reads how many answered."""
    for who in MANAGERS[:5]:
        managers.answer(who, "svagt", ord=MARK)
    managers.close()
    managers.act("lena", "klart")
    found = [gather(managers.world, one) for one in letters.claim(managers.world, 1000)]
    told = [WRITE(facts).body.decode() for facts in found if facts]

    assert {(5, 7)} == {facts.response for facts in found if facts and facts.response}
    assert any("5 av 7 har svarat." in one for one in told)
    assert not any("vagt" in one or MARK in one for one in told)
