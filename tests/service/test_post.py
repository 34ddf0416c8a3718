"""From the outbox to the folder: frozen bytes, leases, poison, and what lost its point."""

from datetime import date

import pytest

from notifications.clean import LetterError
from notifications.deliver import PermanentFailure, TemporaryFailure
from notifications.post import Writer
from tests.conftest import Place
from tests.service.senders import WRITE, Sink, clear, later, post, queued, states
from tests.service.worlds import ROUND, Stage
from workflow.core.mail import MailFacts
from workflow.service import clockwork, views
from workflow.service.mail import letters
from workflow.service.mail.gathering import gather
from workflow.service.mail.letters import Attempt, Outcome
from workflow.service.moving import move_milestone


def test_every_mail_becomes_a_file(groundwork: Stage) -> None:
    """What was put is a file each, and nothing is left."""
    total = len(queued(groundwork))

    done = groundwork.post()

    assert total == done["sent"] == len(list(groundwork.outbox.glob("*.eml")))
    assert [] == queued(groundwork)


def test_delivering_twice_is_delivering_once(groundwork: Stage) -> None:
    """The second run finds nothing to send."""
    groundwork.post()

    assert {"sent": 0, "withdrawn": 0, "failed": 0, "waiting": 0} == groundwork.post()


def test_a_crash_after_the_freeze_resends_the_same(groundwork: Stage) -> None:
    """What was frozen before a crash is what leaves after it, though the clock went on."""
    claimed = letters.claim(groundwork.world)
    frozen = {}
    for one in claimed:
        facts = gather(groundwork.world, one)
        frozen[one.message_id] = WRITE(facts).body if facts else b""
    letters.freeze(
        groundwork.world, [(one, "a@b.example", frozen[one.message_id]) for one in claimed]
    )
    sink = Sink()
    later(groundwork, 5 * 24 * 3600)

    post(groundwork, sink)

    assert frozen == {name: body for name, body in sink.sent if name in frozen}


def test_a_crash_before_the_settling_sends_one_more(groundwork: Stage) -> None:
    """Killed between sending and saying so, the mail comes once more, byte for byte."""
    clear(groundwork)
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    first = Sink()
    claimed = letters.claim(groundwork.world)
    facts = gather(groundwork.world, claimed[0])
    body = WRITE(facts).body if facts else b""
    letters.freeze(groundwork.world, [(claimed[0], "a@b.example", body)])
    first.sent.append((claimed[0].message_id, body))  # and here it dies
    second = Sink()
    later(groundwork, 59)
    early = post(groundwork, second)

    later(groundwork, 1)
    post(groundwork, second)
    post(groundwork, second)

    assert 0 == early["sent"]
    assert first.sent == second.sent


def test_a_bug_in_a_sender_stops_no_other(groundwork: Stage) -> None:
    """A mail that a sender breaks on may have left: it waits, and every other leaves."""
    victim = queued(groundwork)[0][1]
    mine = [name for name, to in queued(groundwork) if to == victim]
    others = [name for name, to in queued(groundwork) if to != victim]
    sink = Sink(failures={victim: RuntimeError("bug in a sender")})

    done = post(groundwork, sink)

    assert (len(others), len(mine)) == (done["sent"], done["waiting"])
    assert others == [name for name, _ in sink.sent]
    assert mine == [
        one["message_id"]
        for one in views.message_list(groundwork.world)
        if one["error"] == "RuntimeError: bug in a sender"
    ]


def test_a_mail_of_a_closed_task_is_withdrawn(groundwork: Stage) -> None:
    """An assignment that was done before it left is not sent."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    later(groundwork, 10 * 3600)
    groundwork.hand_in(unit)
    groundwork.approve(unit)

    assert [(groundwork.boss(unit), "withdrawn")] == states(groundwork)


def test_a_claimed_mail_of_a_closed_task_is_withdrawn_too(groundwork: Stage) -> None:
    """What a dead worker had claimed is looked at again before it leaves."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    later(groundwork, 10 * 3600)
    groundwork.hand_in(unit)
    letters.claim(groundwork.world)
    groundwork.approve(unit)
    later(groundwork, 60)

    post(groundwork, Sink())

    assert [(groundwork.boss(unit), "withdrawn")] == states(groundwork)


def test_a_digest_of_things_done_is_withdrawn(groundwork: Stage) -> None:
    """A reminder mail whose every task was done before it left has nothing to say."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-25")
    clockwork.tick(groundwork.world)
    groundwork.hand_in(unit)

    done = post(groundwork, Sink())

    assert 1 == done["withdrawn"]


@pytest.mark.parametrize("error", [LetterError("rubriken"), KeyError("x"), ValueError("CR LF")])
def test_poison_stops_no_other(groundwork: Stage, error: Exception) -> None:
    """A mail that cannot be written is an incident, told in a mail; every other leaves."""
    total = len(queued(groundwork))
    poison = queued(groundwork)[0][0]

    def write(facts: MailFacts) -> bytes:
        if facts.message_id == poison:
            raise error
        return WRITE(facts).body

    done = post(groundwork, Sink(), Writer(write))

    assert (total - 1 + 1, 1) == (done["sent"], done["failed"])
    assert [("template", poison)] == [
        (one["kind"], one["subject"]) for one in views.incident_list(groundwork.world)
    ]
    assert ["failed"] == [
        one["state"] for one in views.message_list(groundwork.world) if one["message_id"] == poison
    ]


def test_a_message_that_makes_no_sense_stops_no_other(groundwork: Stage) -> None:
    """Neither does one whose facts cannot be gathered."""
    groundwork.put("2009-02-25")
    clockwork.tick(groundwork.world)
    groundwork.change(
        "UPDATE messages SET content = '{}' WHERE id ="
        " (SELECT min(id) FROM messages WHERE digest_on IS NOT NULL)"
    )
    total = len(queued(groundwork))

    done = post(groundwork, Sink())

    assert (total - 1 + 1, 1) == (done["sent"], done["failed"])


def test_a_refused_address_is_an_incident(groundwork: Stage) -> None:
    """A permanent no is told with the other side's words and not tried again."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    sink = Sink(failures={groundwork.boss(unit): PermanentFailure("550 no such user")})

    done = post(groundwork, sink)
    later(groundwork, 3600)
    again = post(groundwork, sink)

    assert (1, 0) == (done["failed"], again["failed"])
    incident = views.incident_list(groundwork.world)[0]
    assert ("mail", "550 no such user") == (incident["kind"], incident["detail"]["error"])


def test_a_full_letter_box_is_tried_again(groundwork: Stage) -> None:
    """A temporary no leaves the mail waiting, and it leaves as the same bytes later."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    sink = Sink(failures={groundwork.boss(unit): TemporaryFailure("452 full")})
    done = post(groundwork, sink)
    sink.failures.clear()
    later(groundwork, 60)

    again = post(groundwork, sink)

    assert (1, 1) == (done["waiting"], again["sent"])
    assert [] == views.incident_list(groundwork.world)


def test_a_lost_claim_settles_nothing(place: Place, groundwork: Stage) -> None:
    """A worker whose lease ran out can neither freeze, settle nor fail what another has."""
    clear(groundwork)
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    slow = letters.claim(groundwork.world)[0]
    later(groundwork, 60)
    other = groundwork.another(place.open())
    quick = letters.claim(other.world)[0]

    held = letters.freeze(
        groundwork.world,
        [(slow, "a@b.example", b"slow")],
        withdrawn=[slow],
        failed=[(slow, "slow")],
        outdated=[slow],
    )
    renewed = letters.renew(groundwork.world, [slow])
    settled = letters.settle(
        groundwork.world,
        [Attempt(claimed=slow, outcome=one, answer="slow") for one in Outcome],
    )
    letters.give_back(groundwork.world, [slow])
    letters.relay_failed(groundwork.world, [slow], "slow", lasting=False, down=False)

    assert ([], [], [None] * 4, slow.fence + 1) == (held, renewed, settled, quick.fence)
    assert [quick] == letters.renew(other.world, [quick])
    assert [("queued", None)] == groundwork.rows(
        "SELECT state, body FROM messages WHERE id = :id", id=slow.id
    )
    assert [] == groundwork.rows(
        "SELECT * FROM delivery_attempts WHERE message_id = :id", id=slow.id
    )
    assert [] == views.incident_list(groundwork.world)


def test_two_workers_claim_different_mails(place: Place, groundwork: Stage) -> None:
    """What one has claimed the other does not get, until the lease is over."""
    other = groundwork.another(place.open())

    first = {one.id for one in letters.claim(groundwork.world, 5)}
    second = {one.id for one in letters.claim(other.world, 5)}

    assert (5, 5, set()) == (len(first), len(second), first & second)


def test_what_was_late_says_so(groundwork: Stage) -> None:
    """A mail that left days after it was put knows by how many."""
    clear(groundwork)
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    later(groundwork, 3 * 24 * 3600)

    facts = gather(groundwork.world, letters.claim(groundwork.world)[0])

    assert 3 == (facts.late_days if facts else None)


def test_a_mail_tells_the_new_deadline(groundwork: Stage) -> None:
    """The dates in a mail are those that hold when it is written."""
    move_milestone(groundwork.world, ROUND, "grundarbete", date(2009, 3, 4), reason="x")

    found = [gather(groundwork.world, one) for one in letters.claim(groundwork.world)]

    told = [task for facts in found if facts for task in facts.tasks]
    assert date(2009, 3, 4) in {task.due_on for task in told}


def test_a_reminder_of_an_old_deadline_is_left_out(groundwork: Stage) -> None:
    """A digest that was put before a deadline moved has nothing to say of it, and goes."""
    groundwork.put("2009-02-25")
    clear(groundwork)
    clockwork.tick(groundwork.world)
    move_milestone(groundwork.world, ROUND, "grundarbete", date(2009, 3, 4), reason="x")
    waiting = groundwork.rows(
        "SELECT id FROM messages WHERE digest_on IS NOT NULL AND state = 'queued'"
    )

    post(groundwork, Sink())

    assert waiting
    assert {("withdrawn", None)} == set(
        groundwork.rows(
            "SELECT state, digest_on FROM messages WHERE content LIKE '%\"reminders\"%'"
        )
    )
