"""A round is paused, and goes on again: by the one who leads it, with a reason.

While it rests nobody is reminded, the clock moves and opens nothing, and nothing in it can
be changed; reading stays. When it goes on, its days stand, or what was still to come moves
by the working days that it rested.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from workflow.core import plan
from workflow.core.days import write_instant
from workflow.core.errors import refused
from workflow.core.facts import (
    Actor,
    Decision,
    EntryDraft,
    EntryKind,
    MessageDraft,
    MessageKind,
    TaskFact,
)
from workflow.core.moving import Standing
from workflow.core.resuming import days_rested, plan_resume
from workflow.core.standing_in import done_by, told_at
from workflow.core.telling import series_entry
from workflow.service.leading import check_reason, take_lead
from workflow.service.moving import milestone_row, tell_milestone
from workflow.service.resting import check_awake
from workflow.service.surveying import Look, Survey, iso, other_days, standing_of, survey_of
from workflow.service.turn import Turn
from workflow.service.world import World
from workflow.store import extensions, moves, pauses, reminders, rounds
from workflow.store.save import save

__all__ = ["pause_round", "resume_round"]


def pause_round(
    world: World, round_id: str, *, reason: str, email: str | None = None
) -> dict[str, Any]:
    """Let a round rest: {round, paused_at, told}; `told` counts who gets a mail about it.

    What reminds and has not left yet is dropped.

    Raises: NotFound, NoRight, BadInput; Refused when it rests already, or has ended.
    """
    check_reason(reason)
    with world.database.write() as connection:
        turn, actor = take_lead(world, connection, round_id, email, resting=True)
        check_awake(connection, turn.locked.fact)
        look = Look(connection, turn.revision, turn.facts, turn.now)
        standing = standing_of(look)
        pauses.mark(connection, round_id, turn.now)
        reminders.drop_of_round(connection, round_id, turn.now)
        moves.withdraw(connection, pauses.unsent_nudges(connection, round_id))
        _renew(turn, [task for _, task in standing.tasks], standing)
        owed = _owed(turn, standing, actor)
        letters = tuple(_letters(turn, actor, owed, {"what": "paused", "comment": reason}))
        entry = _entry(EntryKind.PAUSED, actor, {"comment": reason})
        open_cases = turn.facts.round.open_cases
        decision = Decision(entries=(entry,), messages=letters, open_cases=open_cases)
        save(connection, turn.locked, decision, turn.stamp)
    return {"round": round_id, "paused_at": turn.now, "told": len(letters)}


def resume_round(
    world: World, round_id: str, *, move_days: bool, reason: str = "", email: str | None = None
) -> dict[str, Any]:
    """Let a round that rests go on: {round, days, milestones, tasks, told, warnings}.

    With `move_days` every open task whose deadline lay after the pause began, and every
    milestone still to come then, get as many working days more as it rested. What was
    overdue stays overdue, and a granted extension holds as much longer.

    Raises: NotFound, NoRight; Refused when it does not rest.
    """
    with world.database.write() as connection:
        turn, actor = take_lead(world, connection, round_id, email, resting=True)
        paused_at = turn.locked.fact.paused_at
        if paused_at is None:
            raise refused(
                "not_paused",
                f"Omgången {round_id} vilar inte.",
                f"The round {round_id} is not paused.",
            )
        look = Look(connection, turn.revision, turn.facts, turn.now)
        standing = standing_of(look)
        move = plan_resume(turn.revision, standing, paused_at, turn.now, move=move_days)
        survey = survey_of(look, move, actor)
        days = days_rested(turn.definition, paused_at, turn.now) if move_days else 0
        told = _resume(turn, actor, standing, survey, days, reason)
    return {
        "round": round_id,
        "days": days,
        "milestones": {
            one.after.fact.key: iso(one.after.fact.last_on)
            for one in move.milestones
            if other_days(one)
        },
        "tasks": [one.after.id for one in move.tasks if one.changed],
        "told": told,
        "warnings": [{"code": one.code, "message": one.sv} for one in move.warnings],
    }


# ---- going on --------------------------------------------------------------------------


def _resume(
    turn: Turn,
    actor: Actor | None,
    standing: Standing,
    survey: Survey,
    days: int,
    reason: str,
) -> int:
    """Write what changes, and tell everybody once; gives how many."""
    connection, round_id, move = turn.connection, turn.facts.round.id, survey.move
    changed = [one.after for one in move.tasks if one.changed]
    pauses.mark(connection, round_id, None)
    moves.withdraw(connection, pauses.unsent_nudges(connection, round_id))
    rounds.move_milestones(
        connection, round_id, [milestone_row(turn, one) for one in move.milestones]
    )
    for task in changed:
        extensions.extend_task(connection, task)
    _renew(turn, changed, standing)
    payload = {
        "comment": reason,
        "days": days,
        "milestones": {one.after.fact.key: tell_milestone(one) for one in move.milestones},
        "deadlines": {one.id: one.due_at and write_instant(one.due_at) for one in changed},
        "extensions": {one.id: iso(one.extended_on) for one in changed if one.extended_on},
    }
    entries = (
        _entry(EntryKind.RESUMED, actor, payload),
        *(series_entry(one, actor) for one in move.series),
    )
    letters = tuple(_of_going_on(turn, actor, standing, survey, days, reason))
    decision = Decision(
        entries=entries,
        series=move.series,
        messages=letters,
        open_cases=turn.facts.round.open_cases,
    )
    save(connection, turn.locked, decision, turn.stamp)
    return len(letters)


def _of_going_on(
    turn: Turn,
    actor: Actor | None,
    standing: Standing,
    survey: Survey,
    days: int,
    reason: str,
) -> Iterator[MessageDraft]:
    """Tell everybody who owes something, or was invited to a day that is another now."""
    owed = _owed(turn, standing, actor)
    owed |= {person: {} for person in survey.invited if person not in owed}
    if actor is not None:
        owed.pop(actor.person, None)
    moved = {
        one.after.fact.key: iso(one.before.fact.last_on)
        for one in survey.move.milestones
        if other_days(one)
    }
    content = {"what": "resumed", "comment": reason, "days": days, "milestones": moved}
    yield from _letters(turn, actor, owed, content)


# ---- both ------------------------------------------------------------------------------


def _renew(turn: Turn, tasks: Iterable[TaskFact], standing: Standing) -> None:
    """Let no mail that has not left yet remind of what rests, or tell an old day."""
    ids = [one.id for one in tasks]
    keys = [one.fact.key for one in standing.milestones]
    domain = turn.stamp.mail_domain
    moves.renew(turn.connection, turn.facts.round.id, ids, turn.now, domain, milestones=keys)


def _owed(turn: Turn, standing: Standing, actor: Actor | None) -> dict[int, dict[str, str | None]]:
    """Give who is told, each with the tasks they owe and the last day of each as it stood."""
    zone = turn.definition.zone
    places = told_at(turn.facts, {task.place for _, task in standing.tasks if task.place})
    found: dict[int, dict[str, str | None]] = {}
    for _, task in standing.tasks:
        due: datetime | None = task.due_at
        on = iso(plan.due_on(due, zone)) if due else None
        for person in places[task.place] if task.place else ():
            if actor is None or person != actor.person:
                found.setdefault(person, {})[task.id] = on
    return found


def _letters(
    turn: Turn,
    actor: Actor | None,
    owed: Mapping[int, Mapping[str, str | None]],
    content: Mapping[str, Any],
) -> Iterator[MessageDraft]:
    for person in sorted(owed):
        yield MessageDraft(
            person=person,
            kind=MessageKind.PAUSE,
            ref=f"{turn.facts.round.id}#{turn.facts.round.version + 1}",
            case=None,
            content={"milestones": {}, **done_by(actor), **content, "tasks": dict(owed[person])},
        )


def _entry(kind: EntryKind, actor: Actor | None, payload: Mapping[str, Any]) -> EntryDraft:
    return EntryDraft(
        kind=kind,
        actor=actor.person if actor else None,
        on_behalf_of=actor.on_behalf_of if actor else None,
        payload=payload,
    )
