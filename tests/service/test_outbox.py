"""What becomes of mails that do not leave at once: retries, giving up, the relay away."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from notifications.deliver import (
    PermanentFailure,
    RelayFailure,
    TemporaryFailure,
    UnclearFailure,
)
from notifications.pace import Pace
from notifications.post import Writer
from tests.service.senders import (
    Hand,
    Sink,
    Taken,
    clear,
    later,
    message,
    post,
    put_many,
    queued,
)
from tests.service.worlds import Stage
from workflow.core.facts import IncidentKind
from workflow.core.mail import MailFacts
from workflow.service import views
from workflow.service.mail import letters
from workflow.service.mail.letters import next_try
from workflow.store.claims import Claimed

MINUTE = 60
HOUR = 60 * MINUTE
GREY = TemporaryFailure("451 4.7.1 Greylisted")
AWAY = RelayFailure("127.0.0.1:25: Connection refused")


def incidents(stage: Stage, kind: IncidentKind) -> list[str]:
    """Give what the open incidents of a kind are about."""
    return [one["subject"] for one in views.incident_list(stage.world) if one["kind"] == kind]


def minutes(stage: Stage, name: str) -> list[int]:
    """Give the minutes from the first attempt on at which a mail was tried."""
    at = [one["at"] for one in message(stage, name)["attempts"]]
    return [round((one - at[0]).total_seconds() / MINUTE) for one in at]


# ---- one message ------------------------------------------------------------------------


def test_the_times_of_the_tries() -> None:
    """After 1, 5, 15 and 30 minutes, then hourly, for 4 days from the first attempt."""
    now = first = datetime.fromisoformat("2009-02-27T07:30:00+00:00")
    tries = [0.0]

    while (then := next_try(len(tries), first, now)) is not None:
        now = then
        tries.append((now - first).total_seconds() / MINUTE)

    assert [0, 1, 6, 21, 51, 111, 171] == tries[:7]
    assert timedelta(days=4) <= timedelta(minutes=tries[-1]) < timedelta(days=4, hours=1)


def test_what_waits_says_why_and_until_when(groundwork: Stage) -> None:
    """A mail that is to be tried again holds the last answer and its next try."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]

    done = post(groundwork, Sink(failures={"*": GREY}))

    told = message(groundwork, name)
    assert 1 == done["waiting"]
    assert ("queued", 1, GREY.text) == (told["state"], told["attempt"], told["error"])
    assert groundwork.at[0] + timedelta(minutes=1) == told["next_try_at"]
    assert [(1, "waits", GREY.text)] == [
        (one["number"], one["outcome"], one["answer"]) for one in told["attempts"]
    ]
    assert [] == incidents(groundwork, IncidentKind.MAIL)


@pytest.mark.parametrize("closed_for", [5 * MINUTE, HOUR, 3 * HOUR + 50 * MINUTE])
def test_greylisting_is_outwaited(groundwork: Stage, closed_for: int) -> None:
    """A server that says "later" gets the mail at its first yes, in at most 8 tries."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    opens_at = groundwork.at[0] + timedelta(seconds=closed_for)
    sink = Sink()

    while groundwork.at[0] < opens_at + timedelta(hours=2) and not sink.sent:
        sink.failures = {"*": GREY} if groundwork.at[0] < opens_at else {}
        post(groundwork, sink)
        later(groundwork, MINUTE)

    told = message(groundwork, name)
    assert ("sent", None) == (told["state"], told["error"])
    assert told["attempt"] <= 8
    assert all(one["outcome"] == "waits" for one in told["attempts"][:-1])
    assert "sent" == told["attempts"][-1]["outcome"]


def test_the_first_yes_comes_to_the_first_try_after_it(groundwork: Stage) -> None:
    """Tries keep their times however often somebody looks."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    sink = Sink(failures={"*": GREY})

    for _ in range(6 * 60):
        post(groundwork, sink)
        later(groundwork, MINUTE)

    assert [0, 1, 6, 21, 51, 111, 171, 231, 291, 351] == minutes(groundwork, name)


def test_it_is_given_up_after_four_days(groundwork: Stage) -> None:
    """Four days of "later" are an incident with the last answer; nothing is tried after."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    began = groundwork.at[0]
    sink = Sink(failures={"*": GREY})

    for _ in range(5 * 24):
        post(groundwork, sink)
        later(groundwork, HOUR)

    told = message(groundwork, name)
    ended = told["attempts"][-1]["at"] - began
    assert ("failed", GREY.text) == (told["state"], told["error"])
    assert timedelta(days=4) <= ended <= timedelta(days=4, hours=1)
    assert [name] == incidents(groundwork, IncidentKind.MAIL)


def test_an_unclear_end_is_tried_again_after_a_minute(groundwork: Stage) -> None:
    """What may have been taken comes once more, byte for byte, under the same name."""
    clear(groundwork)
    name = put_many(groundwork, 1)[0]
    sink = Sink(failures={"*": [Taken(UnclearFailure("cut"))]})

    post(groundwork, sink)
    later(groundwork, 59)
    early = post(groundwork, sink)
    later(groundwork, 1)
    post(groundwork, sink)

    assert 0 == early["sent"]
    assert 2 == len(sink.sent)
    assert sink.sent[0] == sink.sent[1]
    assert ["unclear", "sent"] == [one["outcome"] for one in message(groundwork, name)["attempts"]]


def test_the_frozen_address_holds(groundwork: Stage) -> None:
    """A person whose address changes gets the frozen mail where it was first sent."""
    clear(groundwork)
    put_many(groundwork, 1)
    sink = Sink(failures={"*": [GREY]})
    post(groundwork, sink)
    groundwork.change("UPDATE people SET email = 'ny' || id || '@region.example'")
    later(groundwork, MINUTE)

    post(groundwork, sink)

    assert 1 == len({to for _, to in sink.reached})
    assert "sent" == message(groundwork, sink.reached[0][0])["state"]


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "552 5.2.2 Mailbox full"])
def test_a_no_is_not_tried_again_and_holds_nobody_up(groundwork: Stage, answer: str) -> None:
    """A permanent no is an incident with the answer; all others leave in the same delivery."""
    clear(groundwork)
    names = put_many(groundwork, 20)
    refused = queued(groundwork)[0][1]
    sink = Sink(failures={refused: PermanentFailure(answer)})

    done = post(groundwork, sink)
    later(groundwork, 5 * 24 * HOUR)
    post(groundwork, sink)

    assert (19, 1) == (done["sent"], done["failed"])
    assert 1 == [name for name, _ in sink.reached].count(names[0])
    assert [names[0]] == incidents(groundwork, IncidentKind.MAIL)
    assert ["refused"] == [one["outcome"] for one in message(groundwork, names[0])["attempts"]]
    assert answer == message(groundwork, names[0])["error"]


def test_one_poison_in_a_thousand(groundwork: Stage) -> None:
    """One mail that cannot be written is one incident; 999 leave."""
    clear(groundwork)
    names = put_many(groundwork, 1000)
    poison = names[500]

    def write(facts: MailFacts) -> bytes:
        if facts.message_id == poison:
            raise ValueError("a header cannot hold this")
        return b"Subject: x\r\n\r\n"

    sink = Sink(lanes=4)
    done = post(groundwork, sink, Writer(write))

    assert 1 == done["failed"]
    assert set(names) - {poison} == {name for name, _ in sink.sent if name in set(names)}
    assert [poison] == incidents(groundwork, IncidentKind.TEMPLATE)


# ---- the relay --------------------------------------------------------------------------


def test_a_relay_that_is_away_for_an_hour(groundwork: Stage) -> None:
    """Nothing is lost or counted; one incident opens and closes by itself; all leave after."""
    clear(groundwork)
    names = put_many(groundwork, 120)
    sink = Sink(failures={"*": AWAY}, lanes=4)
    seen: set[tuple[str, ...]] = set()

    for _ in range(12 * 60):
        post(groundwork, sink)
        seen.add(tuple(incidents(groundwork, IncidentKind.RELAY)))
        later(groundwork, 5)
    tried = len(sink.reached)
    untouched = groundwork.rows(
        "SELECT DISTINCT state, attempt, first_try_at FROM messages WHERE message_id LIKE 'nr%'"
    )
    sink.failures.clear()
    later(groundwork, 10 * MINUTE)
    post(groundwork, sink)
    later(groundwork, MINUTE)
    post(groundwork, sink)

    assert {("relay",)} == seen
    assert [("queued", 0, None)] == untouched
    assert tried <= 4 * 9
    assert set(names) <= {name for name, _ in sink.sent}
    assert len(sink.sent) == len({name for name, _ in sink.sent})
    assert [] == incidents(groundwork, IncidentKind.RELAY)


def test_the_relay_is_tried_at_growing_intervals(groundwork: Stage) -> None:
    """After 1, 2, 5, then every 10 minutes, whoever asks and after whatever restart."""
    clear(groundwork)
    put_many(groundwork, 1)
    began = groundwork.at[0]
    sink = Sink(failures={"*": AWAY})
    times = []

    for _ in range(40):
        before = len(sink.reached)
        post(groundwork, sink)
        if len(sink.reached) > before:
            times.append(round((groundwork.at[0] - began).total_seconds() / MINUTE))
        later(groundwork, MINUTE)

    assert [0, 1, 3, 8, 18, 28, 38] == times


def test_a_lane_that_falls_leaves_the_others(groundwork: Stage) -> None:
    """A relay that takes two connections of four is no relay that is away."""
    clear(groundwork)
    put_many(groundwork, 40)
    sink = Sink(failures={"*": [AWAY, AWAY]}, lanes=4)

    done = post(groundwork, sink)
    later(groundwork, MINUTE)
    rest = post(groundwork, sink)

    assert (38, 2, 2) == (done["sent"], done["waiting"], rest["sent"])
    assert [] == incidents(groundwork, IncidentKind.RELAY)


def test_a_mail_that_breaks_the_relay_blocks_no_other(groundwork: Stage) -> None:
    """A mail to which the relay always hangs up stands behind all others."""
    clear(groundwork)
    put_many(groundwork, 5)
    evil = queued(groundwork)[0][1]
    sink = Sink(failures={evil: AWAY})

    post(groundwork, sink)
    later(groundwork, MINUTE)
    post(groundwork, sink)

    assert 4 == sum(name.startswith("nr") for name, _ in sink.sent)


# ---- when the day goes on ---------------------------------------------------------------


def test_mails_leave_evenly(groundwork: Stage) -> None:
    """At 30 a minute there are two seconds between mails, in one delivery and the next."""
    clear(groundwork)
    hand, pace = Hand(), Pace(30)
    times: list[float] = []
    sink = Sink(before=lambda _: times.append(hand.now))

    for _ in range(2):
        put_many(groundwork, 30)
        post(groundwork, sink, pace=pace, watch=hand)
        later(groundwork, 1)

    assert 60 == len(sink.sent)
    assert {2.0} == {round(after - before, 6) for before, after in pairwise(times)}


def test_stopping_finishes_what_is_under_way(groundwork: Stage) -> None:
    """Asked to stop, it finishes the mail in hand and gives the others back at once."""
    clear(groundwork)
    put_many(groundwork, 60)
    sink = Sink(lanes=2)

    done = post(groundwork, sink, stop=lambda: len(sink.sent) >= 5)

    claimed = groundwork.rows("SELECT count(*) FROM messages WHERE claimed_until IS NOT NULL")
    assert done["sent"] == len(sink.sent) <= 6
    assert [(0,)] == claimed
    assert 60 - len(sink.sent) == post(groundwork, Sink())["sent"]


def test_a_claim_is_kept_while_a_socket_is_open(groundwork: Stage) -> None:
    """A server that takes minutes to answer keeps its mail: the lease is renewed."""
    clear(groundwork)
    put_many(groundwork, 3)
    hand = Hand()

    class Slow(Sink):
        async def send(self, message_id: str, to: str, body: bytes) -> str:
            for _ in range(9):  # three minutes
                later(groundwork, 20)
                await hand.move(20)
            stolen.extend(letters.claim(groundwork.world))
            return await super().send(message_id, to, body)

    stolen: list[Claimed] = []
    sink = Slow(lanes=1)

    done = post(groundwork, sink, watch=hand)

    assert (3, []) == (done["sent"], stolen)


def test_a_stopped_worker_sends_nothing_that_another_has(groundwork: Stage) -> None:
    """Woken after its leases have passed, it says nothing of the mail in hand, asks before
    it sends any other, and lets go."""
    clear(groundwork)
    names = put_many(groundwork, 10)
    hand = Hand()
    taken: list[Claimed] = []

    def stopped(name: str) -> None:
        if name == names[1]:  # for two minutes, in which another takes over
            later(groundwork, 120)
            hand.now += 120
            taken.extend(letters.claim(groundwork.world))

    sink = Sink(before=stopped)

    done = post(groundwork, sink, watch=hand)

    assert names[1:] == [one.message_id for one in taken]
    assert names[:2] == [name for name, _ in sink.sent]
    assert 1 == done["sent"]
    assert taken == letters.renew(groundwork.world, taken)
