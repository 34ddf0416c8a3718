"""From the outbox to the folder: frozen bytes, leases, poison, and what lost its point."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from notifications.clean import LetterError
from notifications.deliver import FolderSender, PermanentFailure, TemporaryFailure
from notifications.post import deliver, writer
from tests.conftest import Place
from tests.service.worlds import ROUND, Stage
from workflow.core.mail import MailFacts
from workflow.service import clockwork, letters, views
from workflow.service.leading import move_milestone

WRITE = writer(base_url="http://localhost:8000", sender="B <b@region.example>")


@dataclass
class Sink:
    """Takes every mail, and fails or dies where it is told to."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)
    """By address."""

    def send(self, message_id: str, to: str, body: bytes) -> None:
        """Take a mail over."""
        failure = self.failures.get(to)
        if failure:
            raise failure
        self.sent.append((message_id, body))


def clear(stage: Stage) -> None:
    """Send what the way here has put."""
    deliver(stage.world, WRITE, Sink())


def states(stage: Stage) -> list[tuple[str, str]]:
    """Give address and state of the messages about what was handed in, oldest first."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT people.email, state FROM messages JOIN people ON people.id = person_id"
            " WHERE task_id LIKE '%.underlag.%#2' ORDER BY messages.id"
        )
    ]


def queued(stage: Stage) -> list[tuple[str, str]]:
    """Give name and address of what waits, in the order it leaves."""
    return [
        (row[0], row[1])
        for row in stage.rows(
            "SELECT message_id, people.email FROM messages JOIN people ON people.id = person_id"
            " WHERE state = 'queued' ORDER BY messages.next_try_at, messages.id"
        )
    ]


def later(stage: Stage, seconds: float) -> None:
    """Let time pass."""
    stage.at[0] += timedelta(seconds=seconds)


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
        facts = letters.gather(groundwork.world, one)
        frozen[one.message_id] = WRITE(facts) if facts else b""
    letters.freeze(groundwork.world, [(one, frozen[one.message_id]) for one in claimed])
    sink = Sink()
    later(groundwork, 5 * 24 * 3600)

    deliver(groundwork.world, WRITE, sink)

    assert frozen == {name: body for name, body in sink.sent if name in frozen}


def test_a_crash_before_the_settling_sends_one_more(groundwork: Stage) -> None:
    """Killed between sending and saying so, the mail comes once more, byte for byte."""
    clear(groundwork)
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    first = Sink()
    claimed = letters.claim(groundwork.world)
    facts = letters.gather(groundwork.world, claimed[0])
    body = WRITE(facts) if facts else b""
    letters.freeze(groundwork.world, [(claimed[0], body)])
    first.send(claimed[0].message_id, "", body)  # and here it dies
    second = Sink()
    later(groundwork, 59)
    early = deliver(groundwork.world, WRITE, second)

    later(groundwork, 1)
    deliver(groundwork.world, WRITE, second)
    deliver(groundwork.world, WRITE, second)

    assert 0 == early["sent"]
    assert first.sent == second.sent


def test_the_same_message_again_is_one_file(tmp_path: Path) -> None:
    """The folder keeps one file per message, however often it comes."""
    sender = FolderSender(tmp_path)
    sender.send("a@b", "", b"1")
    sender.send("a@b", "", b"1")

    assert ["a@b.eml"] == [file.name for file in tmp_path.iterdir()]


def test_what_stops_the_rest_keeps_what_has_left(groundwork: Stage) -> None:
    """Stopped in the middle of a batch, nothing that has left is sent again."""
    order = queued(groundwork)
    victim = order[len(order) // 2][1]
    before = [name for name, _ in order[: [to for _, to in order].index(victim)]]
    sink = Sink(failures={victim: RuntimeError("bug in a sender")})

    with pytest.raises(RuntimeError):
        deliver(groundwork.world, WRITE, sink)

    messages = views.message_list(groundwork.world)
    assert before == [name for name, _ in sink.sent]
    assert before == [one["message_id"] for one in messages if one["state"] == "sent"]


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

    deliver(groundwork.world, WRITE, Sink())

    assert [(groundwork.boss(unit), "withdrawn")] == states(groundwork)


def test_a_digest_of_things_done_is_withdrawn(groundwork: Stage) -> None:
    """A reminder mail whose every task was done before it left has nothing to say."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.put("2009-02-25")
    clockwork.tick(groundwork.world)
    groundwork.hand_in(unit)

    done = deliver(groundwork.world, WRITE, Sink())

    assert 1 == done["withdrawn"]


@pytest.mark.parametrize("error", [LetterError("rubriken"), KeyError("x"), ValueError("CR LF")])
def test_poison_stops_no_other(groundwork: Stage, error: Exception) -> None:
    """A mail that cannot be written is an incident; every other leaves."""
    total = len(queued(groundwork))
    poison = queued(groundwork)[0][0]

    def write(facts: MailFacts) -> bytes:
        if facts.message_id == poison:
            raise error
        return WRITE(facts)

    done = deliver(groundwork.world, write, Sink())

    assert (total - 1, 1) == (done["sent"], done["failed"])
    assert [("mail", poison)] == [
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

    done = deliver(groundwork.world, WRITE, Sink())

    assert (total - 1, 1) == (done["sent"], done["failed"])


def test_a_refused_address_is_an_incident(groundwork: Stage) -> None:
    """A permanent no is told with the other side's words and not tried again."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    sink = Sink(failures={groundwork.boss(unit): PermanentFailure("550 no such user")})

    done = deliver(groundwork.world, WRITE, sink)
    later(groundwork, 3600)
    again = deliver(groundwork.world, WRITE, sink)

    assert (1, 0) == (done["failed"], again["failed"])
    incident = views.incident_list(groundwork.world)[0]
    assert ("mail", "550 no such user") == (incident["kind"], incident["detail"]["error"])


def test_a_full_letter_box_is_tried_again(groundwork: Stage) -> None:
    """A temporary no leaves the mail waiting, and it leaves as the same bytes later."""
    clear(groundwork)
    unit = groundwork.units("verksamhet")[0]
    groundwork.hand_in(unit)
    sink = Sink(failures={groundwork.boss(unit): TemporaryFailure("452 full")})
    done = deliver(groundwork.world, WRITE, sink)
    sink.failures.clear()
    later(groundwork, 60)

    again = deliver(groundwork.world, WRITE, sink)

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

    held = letters.freeze(groundwork.world, [(slow, b"slow")])
    failed = letters.fail(groundwork.world, slow, "slow")
    letters.settle(groundwork.world, sent=[slow], withdrawn=[])

    assert ([], False, slow.fence + 1) == (held, failed, quick.fence)
    assert [("queued", None)] == groundwork.rows(
        "SELECT state, body FROM messages WHERE id = :id", id=slow.id
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

    facts = letters.gather(groundwork.world, letters.claim(groundwork.world)[0])

    assert 3 == (facts.late_days if facts else None)


def test_a_mail_tells_the_new_deadline(groundwork: Stage) -> None:
    """The dates in a mail are those that hold when it is written."""
    groundwork.put("2009-02-25")
    clear(groundwork)
    clockwork.tick(groundwork.world)
    move_milestone(groundwork.world, ROUND, "grundarbete", date(2009, 3, 4), reason="x")

    found = [letters.gather(groundwork.world, one) for one in letters.claim(groundwork.world)]

    assert {date(2009, 3, 4)} == {task.due_on for facts in found if facts for task in facts.tasks}
