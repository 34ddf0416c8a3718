"""Rounds: opened with a copy of what they run on, moved, and changed by their leader."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final

from workflow.core import engine, plan
from workflow.core.definition import Definition
from workflow.core.draft import stamp as write_stamp
from workflow.core.draft import wake_at
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, Refused
from workflow.core.facts import (
    Actor,
    Decision,
    EntryDraft,
    EntryKind,
    MilestoneFact,
    Place,
    RoundFact,
    TaskFact,
    UnitFact,
)
from workflow.core.guards import NAMED
from workflow.core.phrases import read_due
from workflow.core.revision import Revision
from workflow.core.roles import place_of
from workflow.core.unbuilt import not_yet
from workflow.core.validate import check
from workflow.service.acts import Wish, act
from workflow.service.world import World
from workflow.store import log, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import LockedRound, StoredFacts, lock_round
from workflow.store.reminders import drop_invitations
from workflow.store.save import save

__all__ = ["add_unit", "end_unit", "move_milestone", "open_round"]

YEARS: Final = range(1900, 2201)


def open_round(
    world: World,
    revision: Revision,
    *,
    year: int,
    plan_key: str = "",
    reference: str = "",
    email: str | None = None,
) -> dict[str, Any]:
    """Open a round of a process: {round}.

    Without `email` the operator opens it; a person must lead the process.

    Raises: BadInput for a year, a plan or an organisation that does not fit; Refused
    when there is one already, or the definition needs what this release does not run.
    """
    definition = revision.definition
    _check_request(revision, year, plan_key)
    round_id = f"{definition.key}-{year}" + (f"-{plan_key}" if plan_key else "")
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # one at a time: two may want the same
        now = world.now(connection)
        today = world.today(now)
        if rounds.list_rounds(connection, now, only=round_id):
            raise _refused(
                "there_already",
                f"Omgången {round_id} finns redan. Ett annat år eller en annan plan (--plan) går.",
                f"The round {round_id} exists. Open another year or another plan (--plan).",
            )
        units = _copy_of_organisation(connection, definition, today)
        leader = _check_leader(world, connection, definition, units, email, now)
        rounds.store_revision(connection, revision, now)
        fact = RoundFact(
            id=round_id,
            process=definition.key,
            year=year,
            plan=plan_key,
            revision=revision.digest,
            version=0,
            opened_at=now,
            closed_at=None,
            open_cases=0,
            reference=reference,
        )
        rounds.insert_round(connection, fact, f"{round_id}.{definition.root.key}")
        rounds.insert_units(connection, round_id, units)
        days = _lay_out(definition, plan_key, year)
        rounds.insert_milestones(connection, round_id, list(_milestones(definition, days, now)))
        told = {
            "process": definition.key,
            "year": year,
            "plan": plan_key,
            "reference": reference,
            "revision": revision.digest,
            "milestones": {key: _iso(last) for key, (_, last) in days.items()},
        }
        decision = engine.open_round(
            revision, StoredFacts(connection, fact, today), now, told, leader
        )
        locked = LockedRound(fact=fact, chain=log.Chain(round_id, 0, log.GENESIS))
        save(connection, locked, decision, world.stamp(now))
        note(
            world,
            connection,
            now,
            EntryDraft(
                kind=EntryKind.ROUND_OPENED,
                actor=leader.person if leader else None,
                payload={"round": round_id, "revision": revision.digest},
            ),
        )
    return {"round": round_id}


def note(world: World, connection: Connection, now: datetime, entry: EntryDraft) -> None:
    """Write an entry into the installation's own chain."""
    chain = log.load_chain(connection, log.INSTALLATION)
    log.save_chain(
        connection,
        log.append(
            connection,
            chain,
            [entry],
            at=now,
            round_id=None,
            via=world.via,
            os_user=world.os_user,
            salt=world.salt,
        ),
    )


def move_milestone(
    world: World, round_id: str, key: str, to: date, *, reason: str, email: str | None = None
) -> dict[str, Any]:
    """Move a milestone, those counted from it, and the deadlines of open tasks.

    {round, milestone, from, to, milestones, tasks}

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    _check_reason(reason)
    if to.year not in YEARS:
        raise BadInput(
            f"Dagen {to} går inte; skriv till exempel 2009-03-15.", f"No such day: {to}."
        )
    with world.database.write() as connection:
        now = world.now(connection)
        locked, revision = _open_round_of(connection, round_id)
        definition = revision.definition
        actor = _leader_of(world, connection, locked, revision, email, now)
        before = {one["key"]: one for one in rounds.list_milestones(connection, round_id)}
        if key not in before:
            near = get_close_matches(key, before, 1)
            hint = f" Menade du {near[0]}?" if near else f" De finns: {', '.join(before)}."
            raise NotFound(f"{round_id} har ingen milstolpe {key}.{hint}")
        moved = {k: one["last_on"] for k, one in before.items() if one["set_by_hand"]}
        days = plan.milestone_days(
            definition, locked.fact.plan, locked.fact.year, moved={**moved, key: to}
        )
        changed = {
            k: days[k]
            for k in before
            if days[k] != (before[k]["first_on"], before[k]["last_on"]) or k == key
        }
        facts = StoredFacts(connection, locked.fact, world.today(now))
        _write_milestones(connection, locked, definition, before, changed, by_hand=key, now=now)
        drop_invitations(connection, round_id, now, list(changed))
        tasks = _moved_tasks(connection, revision, locked, facts, set(changed), now)
        rounds.move_deadlines(connection, tasks)
        entry = EntryDraft(
            kind=EntryKind.MILESTONE_MOVED,
            actor=actor.person if actor else None,
            payload={
                "comment": reason,
                "milestones": {k: _iso(last) for k, (_, last) in changed.items()},
                "deadlines": {task.id: write_stamp(task.due_at) for task in tasks},
            },
        )
        decision = Decision(entries=(entry,), open_cases=locked.fact.open_cases)
        save(connection, locked, decision, world.stamp(now))
    return {
        "round": round_id,
        "milestone": key,
        "from": _iso(before[key]["last_on"]),
        "to": _iso(to),
        "milestones": {k: _iso(last) for k, (_, last) in changed.items()},
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
        now = world.now(connection)
        locked, revision = _open_round_of(connection, round_id)
        actor = _leader_of(world, connection, locked, revision, email, now)
        facts = StoredFacts(connection, locked.fact, world.today(now))
        _copy_unit(connection, facts, revision.definition, unit, world.today(now))
        case_id, decision = engine.add_case(revision, facts, unit, actor, now, reason)
        save(connection, locked, decision, world.stamp(now), actor=actor.person if actor else None)
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
            raise _no_round(round_id)
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


# ---- opening ---------------------------------------------------------------------------


def _check_request(revision: Revision, year: int, plan_key: str) -> None:
    definition = revision.definition
    if year not in YEARS:
        raise BadInput(f"Året {year} går inte; skriv till exempel 2010.", f"No such year: {year}.")
    if plan_key and plan_key not in definition.plan:
        there = ", ".join(definition.plan) or "inga"
        raise BadInput(
            f"{definition.key} har ingen plan {plan_key}. De finns: {there}.",
            f"{definition.key} has no plan {plan_key}. There are: {there}.",
        )
    unbuilt = not_yet(definition)
    if unbuilt:
        first = "; ".join(f"{p.place}: {p.message}" for p in unbuilt[:3])
        more = f" ({len(unbuilt) - 3} till)" if len(unbuilt) > 3 else ""
        raise Refused(
            f"{definition.key} använder sådant som inte går att köra än: {first}{more}.",
            f"{definition.key} uses what cannot be run yet: {first}{more}.",
            reasons=[Reason("not_yet", f"{p.place}: {p.message}", p.message) for p in unbuilt],
        )


def _lay_out(
    definition: Definition, plan_key: str, year: int
) -> dict[str, tuple[date | None, date | None]]:
    """Lay the plan out for the year it is really for, which nobody may have checked."""
    this_year = definition.model_copy(update={"example_year": None})
    errors = [p for p in check(this_year, year=year, guards=NAMED) if p.severity == "error"]
    if errors:
        told = "; ".join(f"{p.place}: {p.message}" for p in errors[:3])
        raise BadInput(
            f"Planen går inte ihop för {year}: {told}.",
            f"The plan does not hold for {year}: {told}.",
        )
    return plan.milestone_days(definition, plan_key, year)


def _copy_of_organisation(
    connection: Connection, definition: Definition, today: date
) -> tuple[UnitFact, ...]:
    kinds = (*definition.unit, *definition.body)
    units = rounds.organisation_units(connection, kinds, today)
    tops = [unit for unit in units if unit.kind == definition.top]
    if len(tops) != 1:
        raise BadInput(
            f"Organisationen har {len(tops)} enheter av slaget {definition.top}; det ska vara en."
            " Läs in den med `beredning org import`.",
            f"The organisation has {len(tops)} units of kind {definition.top}; one is needed."
            " Import it with `beredning org import`.",
        )
    missing = [kind for kind in kinds if not any(unit.kind == kind for unit in units)]
    if missing:
        raise BadInput(
            f"Organisationen saknar enheter av slaget {', '.join(missing)}. Lägg till dem i"
            " units.csv och kör `beredning org import`.",
            f"The organisation has no units of kind {', '.join(missing)}. Add them to units.csv"
            " and run `beredning org import`.",
        )
    keys = {unit.key for unit in units}
    return tuple(u if u.parent in keys else replace(u, parent=_up(u, tops[0])) for u in units)


def _up(unit: UnitFact, top: UnitFact) -> str | None:
    """Hang a unit whose parent is of no kind of this process under the top."""
    return None if unit.key == top.key else top.key


def _check_leader(
    world: World,
    connection: Connection,
    definition: Definition,
    units: Sequence[UnitFact],
    email: str | None,
    now: datetime,
) -> Actor | None:
    """Somebody leads the process, and it is they who open a round, or the operator."""
    if definition.leader is None:
        return world.actor(connection, email, now) if email else None
    at = definition.role[definition.leader].at
    places = [Place(definition.leader, unit.key) for unit in units if unit.kind in at]
    held = people.holders(connection, places, world.today(now))
    title = definition.role[definition.leader].title
    if not any(held.values()):
        raise _refused(
            "no_leader",
            f"Ingen är {title.lower()}, som leder processen. Ge någon rollen i grants.csv.",
            f"Nobody is {title}, who leads the process. Grant somebody the role in grants.csv.",
        )
    if email is None:
        return None
    actor = world.actor(connection, email, now)
    if not actor.holds & set(places):
        raise NoRight(
            f"Omgången öppnas av {title.lower()}.", f"The round is opened by the {title}."
        )
    return actor


def _milestones(
    definition: Definition, days: dict[str, tuple[date | None, date | None]], now: datetime
) -> Any:
    for key, (first_on, last_on) in days.items():
        milestone = definition.milestone[key]
        fact = plan.milestone_fact(definition, milestone, first_on, last_on)
        yield fact, _invitation(definition, fact, now)


def _invitation(definition: Definition, fact: MilestoneFact, now: datetime) -> datetime | None:
    if fact.first_on is None or not definition.milestone[fact.key].invites:
        return None
    return plan.invitation_at(fact.first_on, definition.zone, now)


# ---- moving ----------------------------------------------------------------------------


def _open_round_of(connection: Connection, round_id: str) -> tuple[LockedRound, Revision]:
    locked = lock_round(connection, round_id)
    if locked is None:
        raise _no_round(round_id)
    if locked.fact.closed_at is not None:
        raise _refused(
            "closed", f"Omgången {round_id} är avslutad.", f"The round {round_id} is closed."
        )
    return locked, rounds.load_revision(connection, locked.fact.revision)


def _leader_of(
    world: World,
    connection: Connection,
    locked: LockedRound,
    revision: Revision,
    email: str | None,
    now: datetime,
) -> Actor | None:
    """Demand that a person leads the round; without a person the operator acts."""
    if email is None:
        return None
    definition = revision.definition
    actor = world.actor(connection, email, now)
    facts = StoredFacts(connection, locked.fact, world.today(now))
    top = facts.units((definition.top,))[0]
    leads = definition.leader and place_of(definition, facts, (definition.leader,), top.key)
    if not leads or leads not in actor.holds:
        title = definition.role[definition.leader].title.lower() if definition.leader else "ingen"
        raise NoRight(f"Det gör den som leder processen: {title}.", f"For the leader: {title}.")
    return actor


def _write_milestones(  # noqa: PLR0913 - old and new dates of one plan
    connection: Connection,
    locked: LockedRound,
    definition: Definition,
    before: dict[str, dict[str, Any]],
    changed: dict[str, tuple[date | None, date | None]],
    *,
    by_hand: str,
    now: datetime,
) -> None:
    rows = []
    for key, (first_on, last_on) in changed.items():
        fact = plan.milestone_fact(definition, definition.milestone[key], first_on, last_on)
        rows.append(
            {
                "name": key,
                "first": first_on,
                "last": last_on,
                "due": fact.due_at,
                "earlier": before[key]["moved_from"] or before[key]["last_on"],
                "by_hand": key == by_hand or before[key]["set_by_hand"],
                "wake": _invitation(definition, fact, now),
            }
        )
    rounds.move_milestones(connection, locked.fact.id, rows)


def _moved_tasks(
    connection: Connection,
    revision: Revision,
    locked: LockedRound,
    facts: StoredFacts,
    changed: set[str],
    now: datetime,
) -> list[TaskFact]:
    """Give the open tasks whose deadline is counted from a moved milestone, moved."""
    moved = []
    for _, task in rounds.list_open_tasks(connection, round_id=locked.fact.id):
        due = read_due(task.due_rule) if task.due_rule else None
        if due is None or due.anchor not in changed:
            continue
        case = facts.case(task.case)
        if case is None:
            continue
        state = revision.definition.case[case.kind].state[task.state]
        due_at = plan.task_due_at(revision.definition, state, due, case, facts.milestone)
        wake = wake_at(revision, state, due_at, now, owed=task.place is not None)
        moved.append(replace(task, due_at=due_at, ladder_from=now, next_reminder_at=wake))
    return moved


def _copy_unit(
    connection: Connection, facts: StoredFacts, definition: Definition, unit: str, today: date
) -> None:
    """Copy a unit that came to be after the round was opened."""
    kinds = (*definition.unit, *definition.body)
    known = facts.units(kinds)
    if any(one.key == unit for one in known):
        return
    there = rounds.organisation_units(connection, kinds, today)
    found = next((one for one in there if one.key == unit), None)
    if found is None:
        near = get_close_matches(unit, [one.key for one in there], 1)
        hint = f" Menade du {near[0]}?" if near else ""
        raise NotFound(f"Det finns ingen enhet {unit}.{hint}", f"There is no unit {unit}.")
    rounds.insert_units(connection, facts.round.id, [found], first=len(known) + 1)


# ---- words -----------------------------------------------------------------------------


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Skriv varför (--reason).", "Say why (--reason).")


def _no_round(round_id: str) -> NotFound:
    return NotFound(
        f"Det finns ingen omgång {round_id}. Se `beredning round list`.",
        f"There is no round {round_id}. See `beredning round list`.",
    )


def _refused(code: str, sv: str, en: str) -> Refused:
    return Refused(sv, en, reasons=(Reason(code, sv, en),))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
