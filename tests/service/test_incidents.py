"""Incidents: opened once, told once, listed with what to do, closed by themselves."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from beredning.practice.example import ExampleOrganisation
from notifications.deliver import PermanentFailure
from notifications.incident_words import incident_words
from notifications.voice import voice
from processes.registry import Registry
from tests.conftest import Place
from tests.service.processes import write_process
from tests.service.senders import Sink, clear, later, message, post, put_many
from tests.service.threads import together
from tests.service.worlds import ROOT, ROUND, Stage, make_stage
from workflow.core import guards
from workflow.core.errors import NotFound, Refused
from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.core.guards import Situation
from workflow.core.machine import machine_of
from workflow.service import clockwork, describing, opening, views
from workflow.service.mail import mailroom
from workflow.service.people import staffing
from workflow.service.running import evidence, workers
from workflow.service.running.incidents import close, raise_incident
from workflow.store.database import Database


def open_now(stage: Stage) -> list[tuple[str, str]]:
    """Give kind and subject of what is open."""
    return [(one["kind"], one["subject"]) for one in views.incident_list(stage.world)]


def number_of(stage: Stage, email: str) -> int:
    """Give a person's number."""
    return int(stage.rows("SELECT id FROM people WHERE email = :email", email=email)[0][0])


def raise_now(
    stage: Stage, kind: IncidentKind, subject: str, round_id: str | None = ROUND, **detail: object
) -> bool:
    """Open an incident as the program's parts do."""
    draft = IncidentDraft(kind=kind, subject=subject, detail=detail)
    with stage.world.database.write() as connection:
        now = stage.world.now(connection)
        return raise_incident(stage.world, connection, draft, round_id, now)


def fail_mail(stage: Stage, email: str, kind: str = "assignment") -> str:
    """Let a mail to an address fail, as the sender does; give its id."""
    mail, case, person = stage.rows(
        "SELECT message_id, case_id, person_id FROM messages JOIN people ON people.id = person_id"
        " WHERE email = :email AND kind = :kind ORDER BY messages.id DESC",
        email=email,
        kind=kind,
    )[0]
    stage.change(
        "UPDATE messages SET state = 'failed', attempt = 1, error = '550', body = :body"
        " WHERE message_id = :m",
        m=mail,
        body=b"frozen",
    )
    draft = IncidentDraft(
        kind=IncidentKind.MAIL, subject=mail, case=case, detail={"person": person, "error": "550"}
    )
    with stage.world.database.write() as connection:
        raise_incident(stage.world, connection, draft, ROUND, stage.world.now(connection))
    return str(mail)


# ---- telling ---------------------------------------------------------------------------


def test_a_storm_is_one_mail(groundwork: Stage) -> None:
    """Five hundred mails that fail at once are five hundred incidents, and a mail or two to
    the leader that name them all."""
    clear(groundwork)
    names = put_many(groundwork, 500)
    sink = Sink(failures={"*": PermanentFailure("550 5.7.1 Spam"), groundwork.leader: "250"})
    theirs = [name for name in names if message(groundwork, name)["to"] == groundwork.leader]

    post(groundwork, sink)
    later(groundwork, 3600)
    post(groundwork, sink)

    failed = set(names) - set(theirs)
    told = groundwork.rows(
        "SELECT content, state FROM messages JOIN people ON people.id = person_id"
        " WHERE kind = 'incident' AND email = :leader",
        leader=groundwork.leader,
    )
    named = [one["subject"] for row in told for one in json.loads(row[0])["incidents"]]
    assert failed <= {subject for _, subject in open_now(groundwork)}
    assert len(told) <= 2
    assert sorted(failed) == sorted(name for name in named if name in failed)
    assert {"sent"} == {row[1] for row in told}


def test_one_is_told_once_to_the_leader_of_its_round(groundwork: Stage) -> None:
    """The same again neither opens nor tells."""
    first = raise_now(groundwork, IncidentKind.GUARD, ROUND, guards=["jav"])
    again = raise_now(groundwork, IncidentKind.GUARD, ROUND, guards=["jav"])

    assert (True, False) == (first, again)
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_one_of_no_round_is_told_to_each_leader_once(groundwork: Stage) -> None:
    """Two rounds with one leader are one mail about a worker that has stopped."""
    opening.open_round(groundwork.world, groundwork.revision, year=2011, reference="")

    raise_now(groundwork, IncidentKind.WORKER, "srv1.1", None, worker="srv1.1")
    groundwork.post()

    assert {groundwork.leader: 1} == groundwork.mails("incident")
    (letter,) = groundwork.outbox.glob("*incident*")
    assert "srv1.1" in letter.read_text(encoding="utf-8")


def test_without_a_round_under_way_it_is_listed(bare: Stage) -> None:
    """Where nobody leads anything there is nobody to mail; the list has it."""
    raise_now(bare, IncidentKind.WORKER, "srv1.1", None, worker="srv1.1")

    (listed,) = describing.list_incidents(bare.world)

    assert ("srv1.1", ("", "")) == (listed.told.thing, listed.contact)
    assert {} == bare.mails("incident")


def test_it_is_undone_with_its_transaction(groundwork: Stage) -> None:
    """The incident and its mail are in the caller's transaction: both or neither."""
    before = groundwork.counts()

    with (
        pytest.raises(ZeroDivisionError),
        groundwork.world.database.write() as connection,
    ):
        draft = IncidentDraft(kind=IncidentKind.RELAY, subject="relay")
        now = groundwork.world.now(connection)
        raise_incident(groundwork.world, connection, draft, None, now)
        _ = 1 / 0

    assert before == groundwork.counts()


def test_found_by_many_at_the_same_instant_it_is_one(place: Place, groundwork: Stage) -> None:
    """Eight workers that find the relay gone open one incident and send one mail."""
    stages = [groundwork.another(place.open()) for _ in range(8)]

    found = together(
        *(partial(raise_now, one, IncidentKind.RELAY, "relay", None) for one in stages)
    )

    assert [False] * 7 + [True] == sorted(found)
    assert [("relay", "relay")] == open_now(groundwork)
    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_mail_about_mail_never_runs_in_a_circle(groundwork: Stage) -> None:
    """When the leader's incident mail fails the superior is told; when theirs fails too
    nobody is, and all of it is listed."""
    director = groundwork.holder("landstingsdirektor")
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    fail_mail(groundwork, chief)
    told = [dict(groundwork.mails("incident"))]

    for email in (groundwork.leader, director):
        fail_mail(groundwork, email, "incident")
        told.append(dict(groundwork.mails("incident")))

    assert [
        {groundwork.leader: 1},
        {groundwork.leader: 1, director: 1},
        {groundwork.leader: 1, director: 1},
    ] == told
    assert ["mail"] * 3 == [kind for kind, _ in open_now(groundwork)]


def test_a_letter_about_a_failed_mail_can_be_sent(groundwork: Stage) -> None:
    """The subject of such an incident is a Message-ID; the letter about it has one of its
    own that every mail server takes."""
    chief = groundwork.chief(groundwork.units("verksamhet")[0])
    fail_mail(groundwork, chief)

    done = groundwork.post()

    assert 0 == done["failed"]
    assert 1 == len(list(groundwork.outbox.glob("*incident*")))


# ---- closing ---------------------------------------------------------------------------


def test_a_failed_mail_ends_with_its_task(groundwork: Stage) -> None:
    """When what the mail was about is done, nobody needs to look after the mail."""
    unit = groundwork.units("verksamhet")[0]
    mail = fail_mail(groundwork, groundwork.chief(unit))
    staffing.sweep(groundwork.world)
    before = open_now(groundwork)
    groundwork.hand_in(unit)

    staffing.sweep(groundwork.world)

    assert [("mail", mail)] == before
    assert [] == open_now(groundwork)


def test_a_failed_digest_ends_with_its_last_task(groundwork: Stage) -> None:
    """A reminder mail has no task of its own; it ends when all that it reminded of is done."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-16")
    clockwork.tick(groundwork.world)
    mail = fail_mail(groundwork, groundwork.chief(unit), "reminder")
    staffing.sweep(groundwork.world)
    before = open_now(groundwork)
    groundwork.hand_in(unit)

    staffing.sweep(groundwork.world)

    assert [("mail", mail)] == before
    assert [] == open_now(groundwork)


def test_a_mail_that_went_all_the_same_ends_its_incident(groundwork: Stage) -> None:
    """What somebody has sent needs nobody."""
    mail = fail_mail(groundwork, groundwork.chief(groundwork.units("verksamhet")[0]))
    groundwork.change("UPDATE messages SET state = 'sent' WHERE message_id = :m", m=mail)

    staffing.sweep(groundwork.world)

    assert [] == open_now(groundwork)


def test_a_mail_that_is_sent_again_ends_its_incident(groundwork: Stage) -> None:
    """To send it again is what to do about it."""
    mail = fail_mail(groundwork, groundwork.chief(groundwork.units("verksamhet")[0]))

    mailroom.resend(groundwork.world, mail)

    assert [] == open_now(groundwork)


def test_closing_one_kind_leaves_the_others(groundwork: Stage) -> None:
    """Two kinds may be open about one thing; each goes with its own cause."""
    for kind in (IncidentKind.TEMPLATE, IncidentKind.RELAY):
        raise_now(groundwork, kind, "the same")

    with groundwork.world.database.write() as connection:
        now = groundwork.world.now(connection)
        closed = close(connection, IncidentKind.RELAY, ["the same", "another"], now)

    assert (1, [("template", "the same")]) == (closed, open_now(groundwork))


def test_a_sweep_of_what_is_as_it_should_be_changes_nothing(groundwork: Stage) -> None:
    """Looking costs reads alone, but for the day that it notes."""
    staffing.sweep(groundwork.world)
    before = groundwork.everything()

    staffing.sweep(groundwork.world)

    assert before == groundwork.everything()


# ---- guards ----------------------------------------------------------------------------


def budget_is_there(situation: Situation) -> Iterator[Any]:
    """Let everything pass."""
    _ = situation
    return iter(())


@pytest.fixture
def guarded(
    database: Database, tmp_path: Path, region: ExampleOrganisation, org: Path
) -> Iterator[Stage]:
    """A round whose first step names a guard of the region's own, which is then taken away."""
    guards.NAMED["budget_finns"] = budget_is_there
    try:
        step = 'transition.faststall = { title = "Planen är fastställd", '
        process = write_process(tmp_path, (step, f'{step}guards = ["budget_finns"], '))
        folder = process.parent.parent
        revision = Registry((folder,), guards=frozenset(guards.NAMED)).load(
            "prioritering", year=2010
        )
        stage = make_stage(database, revision, region, org, tmp_path / "mail")
        machine_of.cache_clear()
        del guards.NAMED["budget_finns"]
        yield stage
    finally:
        guards.NAMED.pop("budget_finns", None)
        machine_of.cache_clear()


def test_a_guard_that_is_gone_refuses_with_words_and_is_told(guarded: Stage) -> None:
    """The step is refused with the guard's name and what to do; the leader is told once."""
    secretary = guarded.holder("sekreterare", guarded.units("landstingsstyrelse")[0])

    for _ in range(2):
        with pytest.raises(Refused, match="budget_finns, som inte finns i programmet"):
            guarded.act(ROOT, "faststall", secretary)

    assert [("guard", ROUND)] == open_now(guarded)
    assert {guarded.leader: 1} == guarded.mails("incident")


def test_a_guard_that_is_gone_is_found_by_the_sweep_and_gone_by_the_next_tick(
    guarded: Stage,
) -> None:
    """Nobody has to press a button to find it; when it is back the next tick closes it, and
    the step can be taken."""
    secretary = guarded.holder("sekreterare", guarded.units("landstingsstyrelse")[0])
    staffing.sweep(guarded.world)
    found = open_now(guarded)
    clockwork.tick(guarded.world)
    still = open_now(guarded)
    guards.NAMED["budget_finns"] = budget_is_there

    clockwork.tick(guarded.world)
    guarded.act(ROOT, "faststall", secretary)

    assert [("guard", ROUND)] == found == still
    assert [] == open_now(guarded)
    assert True is evidence.prove(guarded.world).ok


def test_other_steps_and_the_clock_go_on_without_it(guarded: Stage) -> None:
    """Only the steps that name it stand still: a page lists the others, ticks remind."""
    guarded.put("2008-11-24")

    done = clockwork.tick(guarded.world)
    (task,) = views.task_list(guarded.world, round_id=ROUND)

    assert done["reminders"] > 0
    reasons = {one["key"]: one["codes"] for one in task["transitions"]}
    assert ["guard_missing"] == reasons["faststall"]
    assert any("guard_missing" not in codes for codes in reasons.values())


# ---- the list --------------------------------------------------------------------------


def test_the_list_says_who_what_since_and_what_to_do(groundwork: Stage) -> None:
    """Names and titles stand in for keys, and the one to ask is named."""
    unit = groundwork.units("verksamhet")[0]
    groundwork.end_grant("verksamhetschef", unit)
    groundwork.put("2008-12-05")
    clockwork.tick(groundwork.world)

    (listed,) = describing.list_incidents(groundwork.world)
    words = incident_words(listed.told, voice("sv"))

    name = next(one.name for one in groundwork.people.units if one.key == unit)
    assert f"Verksamhetschef för {name}" == words.who
    assert f"Ge någon rollen Verksamhetschef för {name}." in words.step
    assert "beredning org import" in words.command
    assert groundwork.leader == listed.contact[1]


def test_the_list_of_a_round_and_of_what_is_solved(groundwork: Stage) -> None:
    """A round's own are picked out; what is solved is listed when asked for."""
    raise_now(groundwork, IncidentKind.RELAY, "relay", None)
    raise_now(groundwork, IncidentKind.GUARD, ROUND, guards=["jav"])
    with groundwork.world.database.write() as connection:
        close(connection, IncidentKind.GUARD, [ROUND], groundwork.world.now(connection))

    everything = describing.list_incidents(groundwork.world, closed=True)
    of_the_round = describing.list_incidents(groundwork.world, round_id=ROUND)
    solved = describing.list_incidents(groundwork.world, round_id=ROUND, closed=True)

    assert ["relay", "guard"] == [one.row["kind"] for one in everything]
    assert [] == of_the_round
    assert [True] == [one.row["closed_at"] is not None for one in solved]
    with pytest.raises(NotFound):
        describing.list_incidents(groundwork.world, round_id="prioritering-1999")


def test_a_round_that_has_ended_still_tells_its_leader(groundwork: Stage) -> None:
    """The mail of a round's last decision may fail after the round has closed."""
    groundwork.act(ROOT, "withdraw", groundwork.leader, comment="Inställd")
    chief = groundwork.chief(groundwork.units("verksamhet")[0])

    raise_now(groundwork, IncidentKind.MAIL, "x@y", person=number_of(groundwork, chief))

    assert {groundwork.leader: 1} == groundwork.mails("incident")


def test_a_worker_that_begins_looks_for_what_its_program_lacks(guarded: Stage) -> None:
    """Guards go when a program is changed, and that is when a worker begins: the first tick
    after it finds them missing, whatever the hour."""
    clockwork.tick(guarded.world)
    with guarded.world.database.write() as connection:
        now = guarded.world.now(connection)
        close(connection, IncidentKind.GUARD, [ROUND], now)
    clockwork.tick(guarded.world)
    before = open_now(guarded)

    workers.begin(guarded.world, "srv1.1", guarded.world.clock)
    clockwork.tick(guarded.world)

    assert ([], [("guard", ROUND)]) == (before, open_now(guarded))
