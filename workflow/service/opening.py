"""A round is opened, with a copy of all that it runs on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from workflow.core import engine, plan
from workflow.core.definition import Definition
from workflow.core.errors import BadInput, NoRight, Reason, Refused, refused
from workflow.core.facts import (
    Actor,
    EntryDraft,
    EntryKind,
    MilestoneFact,
    Place,
    RoundFact,
    UnitFact,
)
from workflow.core.figures import declared, missing_facts
from workflow.core.guards import NAMED
from workflow.core.revision import Revision
from workflow.core.standing_in import acting_at
from workflow.core.telling import tell_days
from workflow.core.unbuilt import not_yet
from workflow.core.validation.validate import check
from workflow.service.world import World
from workflow.store import log, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import LockedRound, StoredFacts
from workflow.store.proof.told import units_digest
from workflow.store.save import save

__all__ = ["YEARS", "invitation_of", "open_round"]

YEARS: Final = range(1900, 2201)
"""The years that a round, and its dates, may be of."""


def open_round(
    world: World,
    revision: Revision,
    *,
    year: int,
    plan_key: str = "",
    reference: str = "",
    email: str | None = None,
) -> dict[str, Any]:
    """Open a round of a process: {round}, and {missing_facts} when units lack figures.

    Without `email` the operator opens it; a person must lead the process.

    Raises: BadInput for a year, a plan or an organisation that does not fit; Refused
    when there is one already, or the definition needs what this release does not run.
    """
    definition = revision.definition
    _check_request(revision, year, plan_key)
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # one at a time: two may want the same
        now = world.now(connection)
        today = world.today(now)
        round_id = _new_id(rounds.list_rounds(connection, now), definition, year, plan_key)
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
        milestones = list(_milestones(definition, days, now))
        rounds.insert_milestones(connection, round_id, milestones)
        told = {
            "process": definition.key,
            "year": year,
            "plan": plan_key,
            "reference": reference,
            "revision": revision.digest,
            "units": units_digest(units),
            "milestones": {
                fact.key: {"position": position, **tell_days(fact)}
                for position, (fact, _) in enumerate(milestones, start=1)
            },
        }
        decision = engine.open_round(
            revision, StoredFacts(connection, fact, today), now, told, leader
        )
        locked = LockedRound(fact=fact, chain=log.Chain(round_id, 0, log.GENESIS))
        save(connection, locked, decision, world.stamp(now))
        world.note(
            connection,
            now,
            EntryDraft(
                kind=EntryKind.ROUND_OPENED,
                actor=leader.person if leader else None,
                on_behalf_of=leader.on_behalf_of if leader else None,
                payload={"round": round_id, "revision": revision.digest},
            ),
        )
    lacking = missing_facts(definition, units)
    return {"round": round_id, **({"missing_facts": lacking} if lacking else {})}


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


def _new_id(
    there: Sequence[dict[str, Any]], definition: Definition, year: int, plan_key: str
) -> str:
    """Give a new round its id; one that follows a closed round of the same plan is numbered.

    Raises: Refused while there is an open one.
    """
    same = [
        one
        for one in there
        if (one["process"], one["year"], one["plan"]) == (definition.key, year, plan_key)
    ]
    still_open = next((one["round"] for one in same if one["closed_at"] is None), None)
    if still_open:
        raise refused(
            "there_already",
            f"Omgången {still_open} finns redan och pågår. Öppna ett annat år, eller en annan av"
            " processens planer (--plan).",
            f"The round {still_open} is open. Open another year, or another plan (--plan).",
        )
    base = f"{definition.key}-{year}" + (f"-{plan_key}" if plan_key else "")
    return f"{base}-{len(same) + 1}" if same else base


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
    units = tuple(declared(definition, unit) for unit in units)
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
        raise refused(
            "no_leader",
            f"Ingen är {title.lower()}, som leder processen. Ge någon rollen i grants.csv.",
            f"Nobody is {title}, who leads the process. Grant somebody the role in grants.csv.",
        )
    if email is None:
        return None
    who = world.actor(connection, email, now)
    for place in places:
        actor = acting_at(who, place)
        if actor is not None:
            return actor
    raise NoRight(f"Omgången öppnas av {title.lower()}.", f"The round is opened by the {title}.")


def _milestones(
    definition: Definition, days: dict[str, tuple[date | None, date | None]], now: datetime
) -> Iterator[tuple[MilestoneFact, datetime | None]]:
    for key, (first_on, last_on) in days.items():
        milestone = definition.milestone[key]
        fact = plan.milestone_fact(definition, milestone, first_on, last_on)
        yield fact, invitation_of(definition, fact, now)


def invitation_of(definition: Definition, fact: MilestoneFact, now: datetime) -> datetime | None:
    """Give when those who are invited to a milestone first hear of it: now, if late."""
    if fact.first_on is None or not definition.milestone[fact.key].invites:
        return None
    if plan.day_start(fact.first_on, definition.zone) <= now:
        return None
    first = plan.add_working_days(fact.first_on, plan.INVITED[0])
    return max(plan.day_start(first, definition.zone), now)
