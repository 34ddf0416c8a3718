"""Whether somebody holds what is owed: looked through once a day and after every import."""

from itertools import groupby

from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.core.revision import Revision
from workflow.service.turn import Turn, alarm, begin_turn
from workflow.service.world import World
from workflow.store import reminders
from workflow.store.facts import lock_round
from workflow.store.incidents import close_incidents
from workflow.store.installation import mark_swept
from workflow.store.reminders import Staffing
from workflow.store.rounds import load_revision

__all__ = ["sweep", "vacancy"]


def sweep(world: World) -> int:
    """Open an incident for each open task that too few hold; close those whose cause is gone.

    Gives how many were new. What is found is looked at again under the round's lock,
    since a person may have acted meanwhile.

    Raises: Locked, StoreError.
    """
    new = 0
    with world.database.read() as connection:
        now = world.now(connection)
        today = world.today(now)
        wrong = [
            one
            for one in reminders.staffing(connection, today)
            if _too_few(load_revision(connection, one.revision), one) != one.alarmed
        ]
    for round_id, _ in groupby(sorted(wrong, key=lambda one: one.round), lambda one: one.round):
        with world.database.write() as connection:
            locked = lock_round(connection, round_id)
            if locked is not None:
                new += _put_right(begin_turn(world, connection, locked, now))
    with world.database.write() as connection:
        mark_swept(connection, today)
    return new


def vacancy(task: str, case: str, role: str, unit: str, holders: int) -> IncidentDraft:
    """Make the incident of a task that too few hold."""
    return IncidentDraft(
        kind=IncidentKind.NO_HOLDER,
        subject=task,
        case=case,
        detail={"role": role, "unit": unit, "holders": holders},
    )


def _put_right(turn: Turn) -> int:
    today = World.today(turn.now)
    found = reminders.staffing(turn.connection, today, turn.locked.fact.id)
    short = [one for one in found if _too_few(turn.revision, one)]
    filled = [one.task for one in found if one.alarmed and not _too_few(turn.revision, one)]
    close_incidents(turn.connection, filled, turn.now)
    return alarm(
        turn, [vacancy(one.task, one.case, one.role, one.unit, one.holders) for one in short]
    )


def _too_few(revision: Revision, one: Staffing) -> bool:
    return one.holders < revision.definition.role[one.role].holders
