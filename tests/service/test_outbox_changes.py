"""Mails that are held, redirected, sent again, withdrawn, and put anew with new dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notifications.deliver import PermanentFailure, TemporaryFailure
from notifications.post import writer
from tests.service.senders import Sink, clear, later, message, post, put_many, queued
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import BadInput, NotFound
from workflow.core.facts import IncidentKind, MessageKind
from workflow.service import clockwork, views
from workflow.service.mail import letters, mailroom
from workflow.service.running import evidence
from workflow.store import log, outbox

MINUTE = 60
GREY = TemporaryFailure("451 4.7.1 Greylisted")
HERE = "x.region.example"
TESTER = "prov@region.example"


def hold_mail(stage: Stage) -> None:
    """Hold all mail, as a restore does."""
    stage.change("UPDATE installation SET mail_held_at = :at", at="2009-01-01 00:00:00.000000")


def last_entry(stage: Stage, chain: str) -> tuple[object, object]:
    """Give kind and payload of a chain's last entry."""
    last = evidence.log_lines(stage.world, chain)[-1]
    return last["kind"], last["payload"]


def assigned(stage: Stage) -> tuple[str, str]:
    """Hand in an underlag; give the name of the mail about it and its task."""
    clear(stage)
    stage.hand_in(stage.units("verksamhet")[0])
    row = stage.rows("SELECT message_id, task_id FROM messages WHERE state = 'queued'")[0]
    return str(row[0]), str(row[1])


def renew(stage: Stage, *tasks: str) -> list[str]:
    """Say that tasks have new dates."""
    with stage.world.database.write() as connection:
        return outbox.renew(connection, tasks, stage.at[0], HERE)


def anew(name: str, number: int) -> str:
    """Give the name of a mail when it was put anew."""
    return f"{name.rpartition('@')[0]}.{number}@{HERE}"


def reminded(stage: Stage) -> tuple[str, str]:
    """Let the day's reminders be composed; give name and task of one digest."""
    clear(stage)
    stage.put("2009-02-25")
    clockwork.tick(stage.world)
    row = stage.rows(
        "SELECT messages.message_id, reminders.task_id FROM messages JOIN reminders"
        " ON reminders.message_id = messages.id WHERE digest_on IS NOT NULL"
        " AND reminders.task_id IS NOT NULL ORDER BY messages.id"
    )[0]
    return str(row[0]), str(row[1])


# ---- held -------------------------------------------------------------------------------


def test_mail_held_by_the_settings_waits(groundwork: Stage) -> None:
    """With mail.hold nothing is claimed, and a look says so."""
    waiting = len(queued(groundwork))
    world = replace(groundwork.world, mail_hold=True)

    done = post(world, Sink())
    hold = mailroom.hold(world)

    assert 0 == done["sent"]
    assert (True, True, None, waiting) == (hold.holds, hold.by_settings, hold.since, hold.waiting)


def test_mail_held_after_a_restore_waits_for_a_word(groundwork: Stage) -> None:
    """Nothing leaves until it is released; the log says how many waited."""
    hold_mail(groundwork)
    waiting = len(queued(groundwork))

    held = post(groundwork, Sink())
    hold = mailroom.release(groundwork.world, groundwork.leader)
    free = post(groundwork, Sink())

    assert (0, waiting, waiting) == (held["sent"], hold.waiting, free["sent"])
    assert hold.since is not None
    assert ("mail_released", {"waiting": waiting}) == last_entry(groundwork, log.INSTALLATION)
    assert evidence.prove(groundwork.world).ok


def test_releasing_what_is_not_held_changes_nothing(groundwork: Stage) -> None:
    """No entry is written when there was nothing to release."""
    before = groundwork.everything()

    hold = mailroom.release(groundwork.world)

    assert hold.since is None
    assert before == groundwork.everything()


def test_only_a_known_person_releases(groundwork: Stage) -> None:
    """A name that nobody has releases nothing."""
    hold_mail(groundwork)

    with pytest.raises(NotFound):
        mailroom.release(groundwork.world, "ingen@region.example")

    assert mailroom.hold(groundwork.world).holds


# ---- redirected -------------------------------------------------------------------------


def test_everything_goes_to_the_one_address(groundwork: Stage) -> None:
    """Redirected, no mail reaches those it is for, and each says whom that was."""
    people = {to for _, to in queued(groundwork)}
    sink = Sink()
    write = writer(base_url="http://b.example", sender="b@region.example", redirect_to=TESTER)

    post(groundwork, sink, write)

    meant = {
        line.partition(": ")[2]
        for _, body in sink.sent
        for line in body.decode("ascii").splitlines()
        if line.startswith("X-Beredning-For: ")
    }
    assert {TESTER} == {to for _, to in sink.reached}
    assert people == meant


def test_what_was_frozen_for_people_does_not_reach_them(groundwork: Stage) -> None:
    """A test system made from a copy sends nothing of what was under way to people."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    post(groundwork, Sink(failures={"*": GREY}))
    later(groundwork, MINUTE)
    sink = Sink()
    write = writer(base_url="http://b.example", sender="b@region.example", redirect_to=TESTER)

    post(groundwork, sink, write)
    post(groundwork, sink, write)

    assert {TESTER} == {to for _, to in sink.reached}
    assert 1 == len(sink.sent)
    assert "withdrawn" == message(groundwork, name)["state"]


# ---- sent again -------------------------------------------------------------------------


@pytest.mark.parametrize("failed", [True, False])
def test_a_mail_is_sent_again(groundwork: Stage, failed: bool) -> None:
    """What failed, or was sent, leaves under a new name, written anew, to another address;
    its incident is closed and the round's log says so."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    sink = Sink(failures={"*": [PermanentFailure("550 no")]} if failed else {})
    post(groundwork, sink)
    sink.failures.clear()

    told = mailroom.resend(groundwork.world, f"{name}", to=TESTER, email=groundwork.leader)
    post(groundwork, sink)

    new = message(groundwork, told["message_id"])
    assert ("sent", name, TESTER) == (new["state"], new["first"], new["to"])
    assert TESTER in {to for _, to in sink.reached}
    assert "failed" if failed else "sent" == message(groundwork, name)["state"]
    assert IncidentKind.MAIL not in {one["kind"] for one in views.incident_list(groundwork.world)}
    assert (
        "mail_resent",
        {"message": name, "anew": told["message_id"], "elsewhere": True},
    ) == last_entry(groundwork, ROUND)
    assert evidence.prove(groundwork.world).ok


def test_a_digest_is_sent_again(groundwork: Stage) -> None:
    """A reminder mail can be sent again on its own day."""
    name, _ = reminded(groundwork)
    sink = Sink()
    post(groundwork, sink)

    first = mailroom.resend(groundwork.world, name)
    second = mailroom.resend(groundwork.world, name)
    done = post(groundwork, sink)

    assert 2 == done["sent"]
    assert first["message_id"] != second["message_id"]
    assert ("mail_resent", None) != last_entry(groundwork, log.INSTALLATION)


def test_what_cannot_be_sent_again(groundwork: Stage) -> None:
    """A mail that waits, was withdrawn, or is not there is refused, and nothing is changed."""
    waiting = queued(groundwork)[0][0]
    before = groundwork.everything()

    with pytest.raises(BadInput):
        mailroom.resend(groundwork.world, waiting)
    with pytest.raises(NotFound):
        mailroom.resend(groundwork.world, "nothing@region.example")

    assert before == groundwork.everything()


def test_a_mail_with_nothing_left_to_tell_is_not_sent_again(groundwork: Stage) -> None:
    """When what it asked for is done, sending it again is refused and nothing is put."""
    name, _ = assigned(groundwork)
    post(groundwork, Sink())
    groundwork.approve(groundwork.units("verksamhet")[0])
    before = groundwork.everything()

    with pytest.raises(BadInput) as refused:
        mailroom.resend(groundwork.world, name)

    assert "inget kvar att berätta" in refused.value.sv
    assert before == groundwork.everything()


def test_a_mail_that_was_disposed_of_is_not_sent_again(groundwork: Stage) -> None:
    """Its text is gone, and with it what could be told: it is refused and nothing is put."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    post(groundwork, Sink())
    groundwork.change("UPDATE messages SET body = NULL, content = '{}' WHERE state = 'sent'")
    before = groundwork.everything()

    with pytest.raises(BadInput) as refused:
        mailroom.resend(groundwork.world, name)

    assert "gallrad" in refused.value.sv
    assert before == groundwork.everything()


def test_a_mail_tells_what_it_was_sent_again_as(groundwork: Stage) -> None:
    """Whoever looks at it sees under which names it was sent again, first to last."""
    clear(groundwork)
    name, other = put_many(groundwork, 2)
    post(groundwork, Sink())

    first = mailroom.resend(groundwork.world, name)["message_id"]
    post(groundwork, Sink())
    second = mailroom.resend(groundwork.world, first)["message_id"]

    assert [first, second] == message(groundwork, name)["anew"]
    assert [] == message(groundwork, other)["anew"] == message(groundwork, first)["anew"]


# ---- withdrawn --------------------------------------------------------------------------


def test_a_frozen_mail_that_waits_is_withdrawn(groundwork: Stage) -> None:
    """A mail that greylisting keeps waiting is withdrawn when its task closes."""
    name, _ = assigned(groundwork)
    post(groundwork, Sink(failures={"*": GREY}))

    groundwork.approve(groundwork.units("verksamhet")[0])

    assert "withdrawn" == message(groundwork, name)["state"]


def test_a_mail_of_a_dead_worker_is_withdrawn(groundwork: Stage) -> None:
    """A claim whose lease has passed is none, frozen or not."""
    name, _ = assigned(groundwork)
    letters.claim(groundwork.world)
    later(groundwork, MINUTE)

    groundwork.approve(groundwork.units("verksamhet")[0])

    assert "withdrawn" == message(groundwork, name)["state"]


def test_a_frozen_mail_of_a_dead_worker_is_withdrawn_when_claimed(groundwork: Stage) -> None:
    """Its task closed while the claim still held: nobody sends it any more."""
    name, _ = assigned(groundwork)
    claimed = letters.claim(groundwork.world)
    letters.freeze(groundwork.world, [(one, "a@b.example", b"x") for one in claimed])
    groundwork.approve(groundwork.units("verksamhet")[0])
    before = message(groundwork, name)["state"]
    later(groundwork, MINUTE)
    sink = Sink()

    post(groundwork, sink)

    assert ("queued", "withdrawn") == (before, message(groundwork, name)["state"])
    assert name not in {one for one, _ in sink.sent}


def test_a_withdrawn_digest_leaves_its_day_free(groundwork: Stage) -> None:
    """Somebody whose digest lost its point gets the day's mail when something new comes."""
    name, _ = reminded(groundwork)
    person = groundwork.rows("SELECT person_id FROM messages WHERE message_id = :name", name=name)[
        0
    ][0]
    groundwork.change("UPDATE reminders SET due_at = '2009-01-01 00:00:00.000000'")
    groundwork.change(
        "UPDATE tasks SET due_at = '2009-03-04 23:00:00.000000' WHERE closed_at IS NULL"
    )
    withdrawn = post(groundwork, Sink())["withdrawn"]
    groundwork.change(
        "UPDATE reminders SET message_id = NULL, dropped_at = NULL,"
        " due_at = '2009-03-04 23:00:00.000000'"
        " WHERE person_id = :person AND task_id IS NOT NULL",
        person=person,
    )

    clockwork.compose(groundwork.world)

    days = groundwork.rows(
        "SELECT message_id, state FROM messages WHERE person_id = :person"
        " AND digest_on = '2009-02-25'",
        person=person,
    )
    assert withdrawn > 0
    assert [(name.replace("@", ".2@"), "queued")] == days


# ---- put anew with new dates ------------------------------------------------------------


def test_what_is_not_frozen_needs_nothing(groundwork: Stage) -> None:
    """A mail that nobody has written is written from what holds when it is."""
    name, task = assigned(groundwork)
    digest, other = name, task

    assert [] == renew(groundwork, task)
    assert [] == renew(groundwork)
    assert "queued" == message(groundwork, name)["state"]
    assert (digest, other) == (name, task)


def test_what_is_frozen_is_put_anew(groundwork: Stage) -> None:
    """A frozen mail with an old date is withdrawn, and comes again under another name."""
    name, task = assigned(groundwork)
    sink = Sink(failures={"*": GREY})
    post(groundwork, sink)

    told = renew(groundwork, task)
    sink.failures.clear()
    post(groundwork, sink)

    assert [anew(name, 2)] == told
    assert [anew(name, 2)] == [one for one, _ in sink.sent]
    assert "withdrawn" == message(groundwork, name)["state"]


def test_names_go_on_counting(groundwork: Stage) -> None:
    """Moved a hundred times, the hundredth mail is the only one that waits."""
    name, task = assigned(groundwork)
    for _ in range(100):
        post(groundwork, Sink(failures={"*": GREY}))
        renew(groundwork, task)

    assert [anew(name, 101)] == [one for one, _ in queued(groundwork)]


def test_a_digest_takes_its_day_and_its_reminders_along(groundwork: Stage) -> None:
    """The mail of the day put anew is still the mail of the day, and of its reminders."""
    name, task = reminded(groundwork)
    post(groundwork, Sink(failures={"*": GREY}))

    told = renew(groundwork, task)

    assert anew(name, 2) in told
    found = groundwork.rows(
        "SELECT DISTINCT messages.message_id, messages.digest_on FROM messages"
        " JOIN reminders ON reminders.message_id = messages.id WHERE reminders.task_id = :task",
        task=task,
    )
    assert {(one, str(day)) for one, day in found} == {(one, "2009-02-25") for one in told}
    assert 0 == clockwork.compose(groundwork.world)


def test_what_a_worker_has_is_put_anew_when_it_comes_back(groundwork: Stage) -> None:
    """A mail claimed before the dates changed is not sent with the old ones later: neither
    when its worker died, nor when the server said "later"."""
    name, task = assigned(groundwork)
    claimed = letters.claim(groundwork.world)
    letters.freeze(groundwork.world, [(one, "a@b.example", b"old") for one in claimed])

    told = renew(groundwork, task)
    later(groundwork, MINUTE)
    sink = Sink()
    post(groundwork, sink)

    assert [] == told
    assert [(anew(name, 2).rpartition("@")[0])] == [one.rpartition("@")[0] for one, _ in sink.sent]
    assert b"old" not in {body for _, body in sink.sent}


def test_what_a_worker_sends_meanwhile_is_sent(groundwork: Stage) -> None:
    """The dates change while it is on the wire: it was claimed before, and stays sent."""
    name, task = assigned(groundwork)
    sink = Sink(before=lambda _: told.extend(renew(groundwork, task)))
    told: list[str] = []

    done = post(groundwork, sink)
    again = post(groundwork, sink)

    assert (1, 0, []) == (done["sent"], again["sent"], told)
    assert "sent" == message(groundwork, name)["state"]


# ---- to nobody --------------------------------------------------------------------------


def test_a_checkpoint_goes_to_an_address(groundwork: Stage) -> None:
    """A mail to an address in the settings is written and sent like any other, once."""
    clear(groundwork)
    taken = evidence.checkpoint(groundwork.world)
    day = date(2009, 2, 27)
    put = []
    for _ in range(2):
        with groundwork.world.database.write() as connection:
            put.append(
                outbox.put_to_address(
                    connection,
                    "registrator@region.example",
                    MessageKind.CHECKPOINT,
                    f"kontrollpunkt.{day}",
                    {"checkpoint": taken},
                    groundwork.at[0],
                    HERE,
                )
            )
    sink = Sink()

    post(groundwork, sink)

    assert [True, False] == put
    assert [("kontrollpunkt.2009-02-27@" + HERE, "registrator@region.example")] == sink.reached
    listed = [one for one in views.message_list(groundwork.world) if one["kind"] == "checkpoint"]
    assert [("registrator@region.example", "sent")] == [(one["to"], one["state"]) for one in listed]
    assert timedelta(0) == listed[0]["sent_at"] - groundwork.at[0]
