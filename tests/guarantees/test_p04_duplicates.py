"""P4: a double only inside SMTP's ambiguity: at most one extra per crash or cut per message
in flight, byte for byte the same."""

import asyncio
from collections import Counter, defaultdict
from email import message_from_bytes
from threading import Event, Thread

import pytest

from notifications.post import deliver
from tests.conftest import Place
from tests.notifications.relays import sender_to
from tests.service.senders import WRITE, Sink, clear, later, message, post, put_many, queued
from tests.service.threads import together
from tests.service.wires import CutError, tap
from tests.service.worlds import Stage
from tests.support.smtp_server import Answer, SmtpServer, Step
from workflow.service.mail.letters import claims

DROPS = 100


def by_name(server: SmtpServer) -> dict[str, list[bytes]]:
    """Give the bodies that a server took over, by Message-ID."""
    found = defaultdict(list)
    for one in server.received:
        found[str(message_from_bytes(one.body)["Message-ID"]).strip("<>")].append(one.body)
    return found


@pytest.mark.parametrize("takes", [True, False])
def test_a_drop_after_the_final_dot(groundwork: Stage, takes: bool) -> None:
    """A hundred mails whose link breaks between the last byte and the answer: all are
    delivered, each with at most one extra, with the same bytes and the same Message-ID."""
    clear(groundwork)
    names = put_many(groundwork, DROPS)
    dropped: set[str] = set()

    def answer(step: Step) -> Answer | None:
        if step.command != "." or step.argument in dropped:
            return None
        dropped.add(step.argument)
        return Answer(takes=takes, then="reset")

    async def run() -> dict[str, list[bytes]]:
        async with SmtpServer(answer) as server:
            for _ in range(10):
                await deliver(groundwork.world, WRITE, sender_to(server, lanes=4))
                later(groundwork, 60)
            return by_name(server)

    taken = asyncio.run(run())

    assert DROPS == len(dropped)
    assert set(names) == set(taken)
    assert {2 if takes else 1} == {len(bodies) for bodies in taken.values()}
    assert {1} == {len(set(bodies)) for bodies in taken.values()}
    assert {"sent"} == {message(groundwork, name)["state"] for name in names}


@pytest.mark.parametrize("workers", [2, 5])
def test_workers_at_once(place: Place, groundwork: Stage, workers: int) -> None:
    """However many deliver at the same time, each mail comes once."""
    clear(groundwork)
    names = put_many(groundwork, 200)
    sinks = [Sink(lanes=2) for _ in range(workers)]
    stages = [groundwork.another(place.open(busy_timeout_s=30)) for _ in range(workers)]

    together(
        *(
            lambda one=one, sink=sink: post(one, sink)
            for one, sink in zip(stages, sinks, strict=True)
        )
    )

    assert Counter(names) == Counter(name for sink in sinks for name, _ in sink.sent)


@pytest.mark.parametrize("lanes", [1, 4])
def test_one_per_lane_and_cut(place: Place, groundwork: Stage, lanes: int) -> None:
    """Cut from the database at every statement in turn, as if killed there: each cut
    doubles at most one mail per lane, and never with other bytes."""
    clear(groundwork)
    names = put_many(groundwork, 12)
    stage = groundwork.another(place.open())
    wire = tap(stage.world.database)
    sink = Sink(lanes=lanes)
    in_doubt = []

    for cut in range(1, 400):
        before = len(sink.sent)
        wire.clear(cut_at=cut)
        try:
            post(stage, sink)
        except CutError:
            left = {name for name, _ in sink.sent[before:]}
            in_doubt.append(len(left & {name for name, _ in queued(groundwork)}))
            later(stage, claims.LEASE.total_seconds())
            continue
        break

    bodies = defaultdict(set)
    for name, body in sink.sent:
        bodies[name].add(body)
    assert set(names) == set(bodies)
    assert {1} == {len(one) for one in bodies.values()}
    assert 0 < max(in_doubt) <= lanes
    assert len(sink.sent) - len(bodies) <= sum(in_doubt)


def test_a_database_that_is_busy_doubles_nothing(place: Place, groundwork: Stage) -> None:
    """Somebody holds the database for longer than anybody waits, just when a mail has left:
    its outcome is written when it is free again, and the mail has left once."""
    clear(groundwork)
    names = put_many(groundwork, 5)
    stage = groundwork.another(place.open(busy_timeout_s=0.05))
    holds, free = Event(), Event()

    def hold() -> None:
        with groundwork.world.database.write() as connection:
            connection.exec_driver_sql("UPDATE messages SET kind = kind")
            holds.set()
            free.wait(30)

    holder = Thread(target=hold)

    class Watch:
        def time(self) -> float:
            return 0.0

        async def sleep(self, seconds: float) -> None:
            if seconds >= 20:
                await asyncio.Event().wait()
            free.set()
            await asyncio.to_thread(holder.join)

    def occupy(name: str) -> None:
        if name == names[2]:
            holder.start()
            holds.wait(30)

    sink = Sink(before=occupy)
    done = post(stage, sink, watch=Watch())
    later(groundwork, 3600)
    again = post(groundwork, sink)

    assert (5, 0) == (done["sent"], again["sent"])
    assert names == [name for name, _ in sink.sent]
