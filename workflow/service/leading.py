"""What the one who leads a round does besides acting: moves dates, adds and ends units.

Without a person it is the operator who does it, and the log says so.
"""

from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from workflow.core import engine, plan
from workflow.core.days import write_instant
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, Refused
from workflow.core.facts import Actor, Decision, EntryDraft, EntryKind, TaskFact
from workflow.core.owing import wake_at
from workflow.core.phrases import read_due
from workflow.core.telling import tell_days
from workflow.service.acts import Wish, act
from workflow.service.opening import YEARS, invitation_of
from workflow.service.turn import Turn, begin_turn
from workflow.service.world import World, no_round
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.facts import lock_round
from workflow.store.reminders import drop_invitations
from workflow.store.save import save
from workflow.store.told import units_digest

__all__ = ["add_unit", "end_unit", "move_milestone"]

Days = dict[str, tuple[date | None, date | None]]
"""First and last day by milestone."""


def move_milestone(
    world: World, round_id: str, key: str, to: date, *, reason: str, email: str | None = None
) -> dict[str, Any]:
    """Move a milestone, those counted from it, and the deadlines of open tasks.

    {round, milestone, from, to, milestones, tasks}

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    _check_reason(reason)
    if to.year not in YEARS:
        sv = f"Dagen {to} går inte; skriv till exempel 2009-03-15."
        raise BadInput(sv, f"No such day: {to}.")
    with world.database.write() as connection:
        turn, actor = _take_lead(world, connection, round_id, email)
        before = {one["key"]: one for one in rounds.list_milestones(connection, round_id)}
        changed = _new_days(turn, before, key, to)
        told = _write_milestones(turn, before, changed, by_hand=key)
        drop_invitations(connection, round_id, turn.now, list(changed))
        tasks = _moved_tasks(turn, set(changed))
        rounds.move_deadlines(connection, tasks)
        entry = EntryDraft(
            kind=EntryKind.MILESTONE_MOVED,
            actor=actor.person if actor else None,
            payload={
                "comment": reason,
                "milestones": told,
                "deadlines": {t.id: t.due_at and write_instant(t.due_at) for t in tasks},
            },
        )
        decision = Decision(entries=(entry,), open_cases=turn.facts.round.open_cases)
        save(connection, turn.locked, decision, turn.stamp)
    return {
        "round": round_id,
        "milestone": key,
        "from": _iso(before[key]["last_on"]),
        "to": _iso(to),
        "milestones": {name: _iso(last) for name, (_, last) in changed.items()},
        "tasks": [task.id for task in tasks],
    }


def add_unit(
    world: World, round_id: str, unit: str, *, reason: str, email: str | None
) -> dict[str, Any]:
    """Add a unit's case while its like are waited for: {round, unit, case}.

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    _check_reason(reason)
    with world.database.write() as connection:
        turn, actor = _take_lead(world, connection, round_id, email)
        payload = {"comment": reason, **_copy_unit(turn, unit)}
        case_id, decision = engine.add_case(
            turn.revision, turn.facts, unit, actor, turn.now, payload
        )
        person = actor.person if actor else None
        save(connection, turn.locked, decision, turn.stamp, actor=person)
    return {"round": round_id, "unit": unit, "case": case_id}


def end_unit(
    world: World, round_id: str, unit: str, transition: str, *, reason: str, email: str
) -> dict[str, Any]:
    """Carry a unit's case as missing, or withdraw it: as `act` on its one open case.

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    _check_reason(reason)
    with world.database.read() as connection:
        if not rounds.list_rounds(connection, world.now(connection), only=round_id):
            raise no_round(round_id)
        owed = [
            case
            for case in rounds.list_cases(connection, round_id)
            if case.unit == unit and not case.started
        ]
    unfinished = [case for case in owed if case.ended_at is None and case.parent]
    if not owed:
        raise NotFound(
            f"{unit} har inget ärende i {round_id}.", f"{unit} has no case in {round_id}."
        )
    if len(unfinished) != 1:
        there = ", ".join(case.id for case in unfinished) or "inget, alla är avslutade"
        raise _refused(
            "which_case",
            f"{unit} har inte ett öppet ärende utan: {there}. Använd `act ÄRENDE {transition}`.",
            f"{unit} does not have one open case: {there}. Use `act CASE {transition}`.",
        )
    wish = Wish(case=unfinished[0].id, transition=transition, email=email, comment=reason)
    return act(world, wish)


def _take_lead(
    world: World, connection: Connection, round_id: str, email: str | None
) -> tuple[Turn, Actor | None]:
    """Lock an open round for the one who leads it, or for the operator.

    Raises: NotFound, NoRight, Refused.
    """
    locked = lock_round(connection, round_id)
    if locked is None:
        raise no_round(round_id)
    if locked.fact.closed_at is not None:
        raise _refused(
            "closed", f"Omgången {round_id} är avslutad.", f"The round {round_id} is closed."
        )
    turn = begin_turn(world, connection, locked, world.now(connection))
    if email is None:
        return turn, None
    actor = world.actor(connection, email, turn.now)
    if turn.leader not in actor.holds:
        leader = turn.definition.leader
        title = turn.definition.role[leader].title.lower() if leader else "ingen"
        raise NoRight(f"Det gör den som leder processen: {title}.", f"For the leader: {title}.")
    return turn, actor


# ---- moving ----------------------------------------------------------------------------


def _new_days(turn: Turn, before: dict[str, dict[str, Any]], key: str, to: date) -> Days:
    """Lay the plan out anew; gives the moved milestone and those that follow it."""
    if key not in before:
        near = get_close_matches(key, before, 1)
        hint = f" Menade du {near[0]}?" if near else f" De finns: {', '.join(before)}."
        raise NotFound(f"{turn.facts.round.id} har ingen milstolpe {key}.{hint}")
    by_hand = {name: one["last_on"] for name, one in before.items() if one["set_by_hand"]}
    fact = turn.facts.round
    days = plan.milestone_days(turn.definition, fact.plan, fact.year, moved={**by_hand, key: to})
    return {
        name: days[name]
        for name, one in before.items()
        if name == key or days[name] != (one["first_on"], one["last_on"])
    }


def _write_milestones(
    turn: Turn, before: dict[str, dict[str, Any]], changed: Days, *, by_hand: str
) -> dict[str, dict[str, object]]:
    """Write the new days, and give what the log tells of them."""
    rows, told = [], {}
    for key, (first_on, last_on) in changed.items():
        milestone = turn.definition.milestone[key]
        fact = plan.milestone_fact(turn.definition, milestone, first_on, last_on)
        row = {
            "name": key,
            "first": first_on,
            "last": last_on,
            "due": fact.due_at,
            "earlier": before[key]["moved_from"] or before[key]["last_on"],
            "by_hand": key == by_hand or before[key]["set_by_hand"],
            "wake": invitation_of(turn.definition, fact, turn.now),
        }
        rows.append(row)
        told[key] = {
            **tell_days(fact),
            "moved_from": _iso(row["earlier"]),
            "set_by_hand": row["by_hand"],
        }
    rounds.move_milestones(turn.connection, turn.facts.round.id, rows)
    return told


def _moved_tasks(turn: Turn, changed: set[str]) -> list[TaskFact]:
    """Give the open tasks whose deadline is counted from a moved milestone, moved."""
    moved = []
    for _, task in rounds.list_open_tasks(turn.connection, round_id=turn.facts.round.id):
        due = read_due(task.due_rule) if task.due_rule else None
        case = turn.facts.case(task.case) if due and due.anchor in changed else None
        if due is None or case is None:
            continue
        state = turn.definition.case[case.kind].state[task.state]
        due_at = plan.task_due_at(turn.definition, state, due, case, turn.facts.milestone)
        wake = wake_at(turn.revision, state, due_at, turn.now, owed=task.place is not None)
        moved.append(replace(task, due_at=due_at, ladder_from=turn.now, next_reminder_at=wake))
    return moved


# ---- units -----------------------------------------------------------------------------


def _copy_unit(turn: Turn, unit: str) -> dict[str, str]:
    """Copy a unit that came to be after the round was opened, and give what the log
    then tells of the units."""
    kinds = (*turn.definition.unit, *turn.definition.body)
    known = turn.facts.units(kinds)
    if any(one.key == unit for one in known):
        return {}
    there = rounds.organisation_units(turn.connection, kinds, World.today(turn.now))
    found = next((one for one in there if one.key == unit), None)
    if found is None:
        near = get_close_matches(unit, [one.key for one in there], 1)
        hint = f" Menade du {near[0]}?" if near else ""
        raise NotFound(f"Det finns ingen enhet {unit}.{hint}", f"There is no unit {unit}.")
    rounds.insert_units(turn.connection, turn.facts.round.id, [found], first=len(known) + 1)
    return {"units": units_digest([*known, found])}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Skriv varför (--reason).", "Say why (--reason).")


def _refused(code: str, sv: str, en: str) -> Refused:
    return Refused(sv, en, reasons=(Reason(code, sv, en),))
