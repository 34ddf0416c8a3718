"""Whether somebody holds what is owed, and may do it: looked through once a day and after
every import."""

from dataclasses import replace
from itertools import groupby

from workflow.core.facts import IncidentKind, Place
from workflow.core.news import vacancy
from workflow.core.owing import left_out
from workflow.core.revision import Revision
from workflow.service.turn import Turn, alarm, begin_turn
from workflow.service.world import World
from workflow.store import reminders
from workflow.store.facts import StoredFacts, lock_round, read_round
from workflow.store.incidents import close_incidents
from workflow.store.installation import mark_swept
from workflow.store.reminders import Staffing
from workflow.store.rounds import load_revision

__all__ = ["sweep"]


def sweep(world: World) -> int:
    """Open an incident for each task that nobody can do; close those whose cause is gone.

    Gives how many were new. What is found is looked at again under the round's lock,
    since a person may have acted meanwhile.

    Raises: Locked, StoreError.
    """
    new = 0
    with world.database.read() as connection:
        now = world.now(connection)
        today = world.today(now)
        rounds: dict[str, StoredFacts] = {}
        wrong = []
        for one in reminders.staffing(connection, today):
            if one.round not in rounds:
                rounds[one.round] = StoredFacts(
                    connection, read_round(connection, one.round), today
                )
            revision = load_revision(connection, one.revision)
            if bool(_wrong_with(revision, rounds[one.round], one)) != one.alarmed:
                wrong.append(one)
    for round_id, _ in groupby(sorted(wrong, key=lambda one: one.round), lambda one: one.round):
        with world.database.write() as connection:
            locked = lock_round(connection, round_id)
            if locked is not None:
                new += _put_right(begin_turn(world, connection, locked, now))
    with world.database.write() as connection:
        mark_swept(connection, today)
    return new


def _put_right(turn: Turn) -> int:
    today = World.today(turn.now)
    found = [
        (one, _wrong_with(turn.revision, turn.facts, one))
        for one in reminders.staffing(turn.connection, today, turn.locked.fact.id)
    ]
    filled = [one.task for one, wrong in found if one.alarmed and wrong is None]
    close_incidents(turn.connection, filled, turn.now)
    short = [
        replace(vacancy(one.task, one.case, one.role, one.unit, one.holders), kind=wrong)
        for one, wrong in found
        if wrong is not None
    ]
    return alarm(turn, short)


def _wrong_with(revision: Revision, facts: StoredFacts, one: Staffing) -> IncidentKind | None:
    """Say what keeps a task from being done: too few hold it, or none who may."""
    if one.holders < revision.definition.role[one.role].holders:
        return IncidentKind.NO_HOLDER
    case = facts.case(one.case)
    if case is None or case.version == 1:
        return None
    state = revision.definition.case[case.kind].state[case.state]
    excluded = left_out(facts, case, state, None, None)
    place = Place(one.role, one.unit)
    if excluded and set(facts.holders((place,))[place]) <= excluded:
        return IncidentKind.NOBODY_LEFT
    return None
