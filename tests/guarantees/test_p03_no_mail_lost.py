"""P3: no mail is lost: it is sent, or there is an incident with the other side's answer.

A late start sends late, once, and says so.
"""

import asyncio
from datetime import timedelta
from email import message_from_bytes
from random import Random

import pytest

from notifications.clean import LetterError
from notifications.deliver import Sender
from notifications.post import Writer, deliver
from tests.notifications.relays import sender_to
from tests.service.senders import WRITE, Sink, clear, later, message, post, put_many, queued
from tests.service.worlds import Stage
from tests.support.smtp_server import Answer, Script, SmtpServer, Step
from workflow.core.mail import MailFacts
from workflow.service import views

HOUR = 3600
DROPPED = Answer(takes=True, then="reset")
UNTAKEN = Answer(takes=False, then="reset")


async def deliver_for(
    stage: Stage, sender: Sender, seconds: int, every: int, write: Writer = WRITE
) -> None:
    """Deliver as a worker does, on a clock that is put forward."""
    until = stage.at[0] + timedelta(seconds=seconds)
    while stage.at[0] < until:
        await deliver(stage.world, write, sender)
        later(stage, every)


def fates(stage: Stage, names: list[str]) -> dict[str, str]:
    """Give the state that each mail came to."""
    known = {one["message_id"]: one["state"] for one in views.message_list(stage.world)}
    return {name: known[name] for name in names}


def told(stage: Stage) -> set[str]:
    """Give the mails that there is an open incident about."""
    return {one["subject"] for one in views.incident_list(stage.world)}


def taken(server: SmtpServer) -> list[str]:
    """Give the name of every mail that the server took over, in order."""
    return [str(message_from_bytes(one.body)["Message-ID"]).strip("<>") for one in server.received]


def moody(seed: int) -> Script:
    """Make a server that fails in every way it knows, by chance, and never one mail for
    more than some hours; some addresses it refuses for good."""
    chance = Random(seed)
    gone: dict[str, str] = {}

    def answer(step: Step) -> Answer | str | None:
        dice = chance.random()
        if step.command == "greeting" and dice < 0.1:
            return "421 4.3.2 Too busy"
        if step.command == "RCPT":
            who = step.argument
            if who not in gone:
                sort = chance.choice(["550 5.1.1 No such user", "552 5.2.2 Full", "", "", "", ""])
                gone[who] = sort
            return gone[who] or ("451 4.7.1 Greylisted" if dice < 0.3 else None)
        if step.command == ".":
            if dice < 0.15:
                return DROPPED
            return UNTAKEN if dice < 0.3 else "452 4.3.1 No room" if dice < 0.4 else None
        return None

    return answer


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_relay_does(groundwork: Stage, seed: int) -> None:
    """Against a server that fails in every way it can, every mail is taken by it, or has
    failed and stands in an incident."""
    clear(groundwork)
    names = put_many(groundwork, 60)

    async def run() -> list[str]:
        async with SmtpServer(moody(seed)) as server:
            await deliver_for(groundwork, sender_to(server, lanes=4), 30 * HOUR, 300)
            return taken(server)

    arrived = set(asyncio.run(run()))

    found = fates(groundwork, names)
    assert {"sent", "failed"} >= set(found.values())
    assert {name for name, state in found.items() if state == "sent"} <= arrived
    assert {name for name, state in found.items() if state == "failed"} <= told(groundwork)
    answers = [message(groundwork, n)["error"] for n, state in found.items() if state == "failed"]
    assert all(answer and answer.startswith(("550", "552")) for answer in answers)


def test_an_hour_without_a_relay(groundwork: Stage) -> None:
    """A relay that refuses connections for an hour costs time and nothing else."""
    clear(groundwork)
    names = put_many(groundwork, 100)

    async def run() -> tuple[set[str], dict[str, str], list[str]]:
        async with SmtpServer() as server:
            sender = sender_to(server, lanes=4)
        await deliver_for(groundwork, sender, HOUR, 30)
        away = told(groundwork), fates(groundwork, names)
        async with SmtpServer(port=server.port) as server:
            await deliver_for(groundwork, sender, 12 * 60, 30)
            return *away, taken(server)

    incident, waiting, arrived = asyncio.run(run())

    assert ({"relay"}, {"queued"}) == (incident, set(waiting.values()))
    assert set(names) <= set(arrived)
    assert len(arrived) == len(set(arrived))
    assert {"sent"} == set(fates(groundwork, names).values())
    assert set() == told(groundwork)


def test_one_poison_in_a_thousand(groundwork: Stage) -> None:
    """Over a real server, 999 arrive and one is an incident."""
    clear(groundwork)
    names = put_many(groundwork, 1000)
    poison = names[499]

    def write(facts: MailFacts) -> bytes:
        if facts.message_id == poison:
            raise LetterError("a name that cannot stand in a header")
        return f"Message-ID: <{facts.message_id}>\r\n\r\n.\r\n".encode()

    async def run() -> list[str]:
        async with SmtpServer() as server:
            await deliver(groundwork.world, Writer(write), sender_to(server, lanes=4))
            return taken(server)

    arrived = asyncio.run(run())

    assert sorted(set(names) - {poison}) == sorted(set(arrived) & set(names))
    assert len(arrived) == len(set(arrived))
    assert {poison} == told(groundwork)


def test_a_no_blocks_nobody(groundwork: Stage) -> None:
    """Of twenty mails on one connection the first is refused, and the rest leave at once."""
    clear(groundwork)
    names = put_many(groundwork, 20)
    refused = queued(groundwork)[0][1]

    def answer(step: Step) -> str | None:
        no = step.command == "RCPT" and refused in step.argument
        return "550 5.1.1 No such user" if no else None

    async def run() -> tuple[dict[str, int], list[str]]:
        async with SmtpServer(answer) as server:
            done = await deliver(groundwork.world, WRITE, sender_to(server, lanes=1))
            return done, taken(server)

    done, arrived = asyncio.run(run())

    assert (19, 1) == (done["sent"], done["failed"])
    assert names[1:] == arrived[:19]
    assert {names[0]} == told(groundwork)


def test_a_late_start_sends_late_and_once_and_says_so(groundwork: Stage) -> None:
    """Nine days asleep: each mail once, and each says how late it is."""
    clear(groundwork)
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    later(groundwork, 9 * 24 * HOUR)
    sink = Sink()

    post(groundwork, sink)
    post(groundwork, sink)

    bodies = [
        message_from_bytes(body).get_payload(0).get_payload(decode=True) for _, body in sink.sent
    ]
    assert len(sink.sent) == len({name for name, _ in sink.sent}) > 0
    assert all("kommer nio dagar sent" in body.decode() for body in bodies)
