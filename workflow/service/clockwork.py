"""What time brings: reminders and passed deadlines (tick), and the day's mails (compose).

Both may be run by any number of workers at once, as often as one likes: what is
due is computed from the tasks, and a unique key makes every repeat harmless.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.core import engine, plan
from workflow.core.facts import (
    IncidentDraft,
    MessageDraft,
    MessageKind,
    SeriesFact,
    TaskFact,
)
from workflow.core.news import vacancy
from workflow.core.owing import wake_at
from workflow.core.reminding import reached
from workflow.core.roles import places_told
from workflow.core.standing_in import told_at
from workflow.service.people.staffing import guards_are_back, sweep
from workflow.service.turn import Turn, alarm, begin_turn
from workflow.service.world import ZONE, World
from workflow.store import outbox, reminders
from workflow.store.database import Connection
from workflow.store.facts import lock_round
from workflow.store.installation import load_installation
from workflow.store.save import save
from workflow.store.series import due_series

__all__ = ["compose", "tick"]

BATCH: Final = 500
"""At most so many tasks in one transaction, so that people are not kept waiting."""
PEOPLE: Final = 50
"""At most so many persons' mails in one, for the same reason."""


def tick(world: World) -> dict[str, int]:
    """Do what has come due: {rounds, opened, reminders, moved, incidents, mails}.

    Rounds that another worker holds are left for the next tick. With nothing due it
    costs one read. Composes the day's mails when their hour has come.

    Raises: Locked, StoreError.
    """
    done = {"rounds": 0, "opened": 0, "reminders": 0, "moved": 0, "incidents": 0, "mails": 0}
    with world.database.read() as connection:
        now = world.now(connection)
        due = reminders.rounds_due(connection, now)
        new_day = load_installation(connection).swept_on < world.today(now)
        if not due and not new_day and not _waiting(world, connection, now):
            return done
    if due:
        guards_are_back(world)
    for round_id in due:
        done["rounds"] += 1
        while _take_turn(world, round_id, now, done):
            pass
    if new_day:
        done["incidents"] += sweep(world)
    done["mails"] = compose(world)
    return done


def _take_turn(world: World, round_id: str, now: datetime, done: dict[str, int]) -> bool:
    """Take a round's turn; True when there may be more to do in it."""
    with world.database.write() as connection:
        locked = lock_round(connection, round_id, unless_locked=True)
        if locked is None or locked.fact.paused_at:
            return False
        turn = begin_turn(world, connection, locked, now)
        series = due_series(connection, round_id, now)
        if series:
            done["opened"] += _recur(turn, series)
            return True
        tasks = reminders.due_tasks(connection, round_id, now, BATCH)
        turn.facts.remember_cases([task.case for task in tasks])
        expired = next((task for task in tasks if _expires(turn, task)), None)
        done["reminders"] += _remind(turn, [t for t in tasks if not _expires(turn, t)], done)
        if expired:
            done["moved"] += _expire(turn, expired)
        return expired is not None or len(tasks) == BATCH


def _expires(turn: Turn, task: TaskFact) -> bool:
    case = turn.facts.case(task.case)
    state = turn.definition.case[case.kind].state[task.state] if case else None
    passed = task.due_at is not None and task.due_at <= turn.now
    return bool(state and state.at_due and passed)


def _expire(turn: Turn, task: TaskFact) -> int:
    case = turn.facts.case(task.case)
    if case is None:
        return 0
    decision = engine.expire(turn.revision, turn.facts, case, turn.now)
    save(turn.connection, turn.locked, decision, turn.stamp)
    return 1


def _recur(turn: Turn, series: SeriesFact) -> int:
    """Open what a series has come to, in a transaction of its own; gives how many cases."""
    decision = engine.recur(turn.revision, turn.facts, series, turn.now)
    save(turn.connection, turn.locked, decision, turn.stamp)
    return len(decision.opened)


# ---- reminding -------------------------------------------------------------------------


def _remind(turn: Turn, tasks: list[TaskFact], done: dict[str, int]) -> int:
    rows: list[dict[str, Any]] = []
    vacant: list[IncidentDraft] = []
    wakes: dict[str, datetime | None] = {}
    turn.facts.holders([task.place for task in tasks if task.place])  # one read for all
    for task in tasks:
        rows += _reminders_of(turn, task, vacant)
        case = turn.facts.case(task.case)
        if case:
            state = turn.definition.case[case.kind].state[task.state]
            owed = task.place is not None
            wakes[task.id] = wake_at(turn.revision, state, task.due_at, turn.now, owed=owed)
    reminders.wake_tasks(turn.connection, wakes)
    rows += _invitations(turn)
    done["incidents"] += alarm(turn, vacant)
    return reminders.write_reminders(turn.connection, turn.locked.fact.id, rows)


def _reminders_of(
    turn: Turn, task: TaskFact, vacant: list[IncidentDraft]
) -> Iterator[dict[str, Any]]:
    """Give the latest rung that has come, for each kind of recipient."""
    case = turn.facts.case(task.case)
    if case is None or task.place is None or task.due_at is None:
        return
    state = turn.definition.case[case.kind].state[task.state]
    ladder = turn.definition.ladder_of(state)
    come = [
        rung
        for rung in plan.rungs(ladder, task.due_at, turn.definition.zone)
        if task.ladder_from < rung.at <= turn.now
    ]
    come.sort(key=lambda rung: (rung.recipient, rung.at))
    for recipient, steps in groupby(come, key=lambda rung: rung.recipient):
        rung = list(steps)[-1]
        told, people = reached(turn.definition, turn.facts, task.place, recipient)
        if recipient == "holder" and told != "holder":
            vacant.append(vacancy(task.id, task.case, task.place.role, task.place.unit, 0))
        for person in people:
            yield {
                "subject": task.id,
                "task_id": task.id,
                "due_at": task.due_at,
                "rung": rung.name,
                "recipient": told,
                "person_id": person,
                "written_at": turn.now,
            }


def _invitations(turn: Turn) -> Iterator[dict[str, Any]]:
    wakes: dict[str, datetime | None] = {}
    zone = turn.definition.zone
    round_id = turn.locked.fact.id
    for key, first_on in reminders.due_milestones(turn.connection, round_id, turn.now):
        wakes[key] = plan.invitation_at(first_on, zone, turn.now)
        starts_at = plan.day_start(first_on, zone)
        if starts_at <= turn.now:
            continue
        invited = turn.definition.milestone[key].invites
        top = turn.facts.units((turn.definition.top,))[0]
        places = list(places_told(turn.definition, turn.facts, invited, top.key))
        told = told_at(turn.facts, places)
        for person in sorted({person for people in told.values() for person in people}):
            yield {
                "subject": key,
                "task_id": None,
                "due_at": starts_at,
                "rung": f"invited{_step(first_on, zone, turn.now):+d}",
                "recipient": "invited",
                "person_id": person,
                "written_at": turn.now,
            }
    reminders.wake_milestones(turn.connection, round_id, wakes)


def _step(first_on: date, zone: str, now: datetime) -> int:
    """Give the latest step of the invitation that has come."""
    come = [
        offset
        for offset in plan.INVITED
        if plan.day_start(plan.add_working_days(first_on, offset), zone) <= now
    ]
    return come[-1] if come else plan.INVITED[0]


# ---- composing -------------------------------------------------------------------------


def compose(world: World) -> int:
    """Put each person's one reminder mail of the day; gives how many were put.

    On working days, once the hour has come. What lost its point is dropped; a
    person who has had the day's mail gets the rest tomorrow.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        waiting = _waiting(world, connection, now)
    done = 0
    for first in range(0, len(waiting), PEOPLE):
        with world.database.write() as connection:
            for person in waiting[first : first + PEOPLE]:
                done += _compose_for(world, connection, person, now)
    return done


def _waiting(world: World, connection: Connection, now: datetime) -> list[int]:
    """Give who has reminders that have not gone out; nobody before the day's hour."""
    local = now.astimezone(ZoneInfo(ZONE))
    if not plan.is_working_day(local.date()) or local.time() < world.remind_at:
        return []
    return reminders.people_waiting(connection)


def _compose_for(world: World, connection: Connection, person: int, now: datetime) -> int:
    today = world.today(now)
    if not reminders.lock_person(connection, person):
        return 0
    reminders.take_back(connection, person, today)
    waiting = reminders.waiting_for(connection, person)
    reminders.drop(connection, [one.id for one in waiting if one.stale], now)
    current = [one for one in waiting if not one.stale]
    if not current or reminders.has_digest(connection, person, today):
        return 0
    above = all(one.recipient in ("superior", "leader") for one in current)
    draft = MessageDraft(
        person=person,
        kind=MessageKind.ESCALATION if above else MessageKind.REMINDER,
        ref=f"dag.{today.isoformat()}",
        case=None,
        content={
            "reminders": [
                {
                    "round": one.round,
                    "task": one.task,
                    "milestone": None if one.task else one.subject,
                    "recipient": one.recipient,
                    "rung": one.rung,
                    "due_at": one.due_at.isoformat(),
                    "written_at": one.written_at.isoformat(),
                }
                for one in current
            ]
        },
    )
    message = outbox.put_digest(connection, draft, now, today, world.stamp(now).mail_domain)
    reminders.attach(connection, [one.id for one in current], message)
    return 1
