"""Those who tick and deliver: that they live, and what is said when one was cut off.

A worker is cut off when it has not been seen for two minutes and did not say that it
ended. That is an incident, told once to those who lead, unless another began within
those minutes in its place. It is closed, and the row taken away, when a worker that
began since has done a whole tick (what was late has then been made up for), or after a
day in which the others have carried its share.

The clock here is the machine's or the server's own also in a rehearsal, where the
process's stands still.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.service.running.incidents import close, raise_incident
from workflow.service.world import World
from workflow.store import workers
from workflow.store.database import Connection
from workflow.store.installation import mark_swept
from workflow.store.tables import FIRST_DAY
from workflow.store.workers import SILENT, WorkerFact

__all__ = ["Clock", "beat", "begin", "end", "note_tick"]

Clock = Callable[[Connection], datetime]
CARRIED: Final = timedelta(days=1)
"""After so long a worker that was cut off is not missed."""


def begin(world: World, name: str, clock: Clock) -> None:
    """Say that a worker begins.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        now = clock(connection)
        workers.put_worker(connection, name, now)
        _watch(world, connection, now)
        # Another program may lack a guard, or have it again: the next tick looks at it all.
        mark_swept(connection, FIRST_DAY)


def beat(world: World, name: str, clock: Clock) -> None:
    """Say that a worker lives, and look after the others.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        now = clock(connection)
        _watch(world, connection, now)
        if not workers.beat(connection, name, now):  # given up for dead, yet it lives
            workers.put_worker(connection, name, now)


def note_tick(world: World, name: str, clock: Clock) -> None:
    """Say that a worker has done a whole tick; close what that puts right.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        now = clock(connection)
        known = workers.lock_workers(connection)
        workers.ticked(connection, name, now)
        own = next((one for one in known if one.name == name), None)
        over = [
            one.name
            for one in known
            if one.name != name and own is not None and _is_over(one, own, now)
        ]
        workers.take_away(connection, over)
        close(connection, IncidentKind.WORKER, [*over, name], world.now(connection))


def end(world: World, name: str, clock: Clock) -> None:
    """Say that a worker ends in order.

    Raises: Locked, StoreError.
    """
    with world.database.write() as connection:
        workers.stop(connection, name, clock(connection))


def _is_over(one: WorkerFact, own: WorkerFact, now: datetime) -> bool:
    """Say whether a row has nothing more to tell."""
    if one.stopped_at is not None:
        return one.stopped_at < now - CARRIED
    if not one.is_cut_off(now):
        return False
    return own.started_at > one.seen_at or one.seen_at < now - CARRIED


def _watch(world: World, connection: Connection, now: datetime) -> None:
    """Open an incident for each worker that was cut off and nobody replaced in time."""
    known = workers.lock_workers(connection)
    for one in known:
        if one.is_cut_off(now) and not _was_replaced(one, known):
            draft = IncidentDraft(
                kind=IncidentKind.WORKER,
                subject=one.name,
                case=None,
                detail={"worker": one.name, "seen_at": one.seen_at.isoformat()},
            )
            raise_incident(world, connection, draft, None, world.now(connection))


def _was_replaced(one: WorkerFact, known: Sequence[WorkerFact]) -> bool:
    return any(
        other.name != one.name and one.seen_at < other.started_at <= one.seen_at + SILENT
        for other in known
    )
