"""A round is opened, with a copy of all that it runs on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from workflow.core import engine
from workflow.core.errors import NoRight, refused
from workflow.core.facts import (
    Actor,
    Decision,
    EntryDraft,
    EntryKind,
    Place,
)
from workflow.core.figures import missing_facts
from workflow.core.revision import Revision
from workflow.core.standing_in import acting_at
from workflow.core.telling import tell_days
from workflow.service.parties import unrepresented
from workflow.service.preparing import Opening, Ready, check_request, prepare
from workflow.service.world import World
from workflow.store import log, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import LockedRound, StoredFacts
from workflow.store.links import Link, insert_link
from workflow.store.proof.told import units_digest
from workflow.store.save import save

__all__ = ["Beginning", "open_round", "write_round"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """By what a round was opened that goes on with another, and where it begins."""

    link: Link
    state: str | None
    told: Mapping[str, object]
    """As its first entry tells it."""


def open_round(
    world: World,
    revision: Revision,
    *,
    year: int,
    plan_key: str = "",
    reference: str = "",
    email: str | None = None,
) -> dict[str, Any]:
    """Open a round of a process: {round}, and {missing_facts} when units lack figures,
    {missing_parties} when parties lack members: {body, of, parties} of each body.

    Without `email` the operator opens it; a person must lead the process.

    Raises: BadInput for a year, a plan or an organisation that does not fit; Refused
    when there is one already, or the definition needs what this release does not run.
    """
    check_request(revision, year, plan_key)
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # one at a time: two may want the same
        now = world.now(connection)
        wish = Opening(revision=revision, year=year, plan_key=plan_key, reference=reference)
        ready = prepare(connection, wish, now, world.today(now))
        leader = _check_leader(world, connection, ready, email, now)
        write_round(world, connection, ready, leader)
        absent = unrepresented(
            connection, revision, ready.fact.id, world.today(now), revision.definition.language
        )
    lacking = missing_facts(revision.definition, ready.units)
    return {
        "round": ready.fact.id,
        **({"missing_facts": lacking} if lacking else {}),
        **({"missing_parties": [asdict(one) for one in absent]} if absent else {}),
    }


def write_round(
    world: World,
    connection: Connection,
    ready: Ready,
    actor: Actor | None,
    beginning: Beginning | None = None,
) -> Decision:
    """Write a round that has been prepared, and all that its first state opens. Gives that.

    With a `beginning` it goes on with what another round left.
    """
    fact, now = ready.fact, ready.fact.opened_at
    definition = ready.revision.definition
    rounds.store_revision(connection, ready.revision, now)
    rounds.insert_round(connection, fact, f"{fact.id}.{definition.root.key}")
    rounds.insert_units(connection, fact.id, ready.units)
    rounds.insert_milestones(connection, fact.id, ready.milestones)
    told = _tell(ready)
    if beginning:
        told["begun_by"] = beginning.told
        insert_link(connection, beginning.link)
    state = beginning.state if beginning else None
    facts = StoredFacts(connection, fact, world.today(now))
    decision = engine.open_round(ready.revision, facts, now, told, actor, state)
    locked = LockedRound(fact=fact, chain=log.Chain(fact.id, 0, log.GENESIS))
    save(connection, locked, decision, world.stamp(now))
    world.note(
        connection,
        now,
        EntryDraft(
            kind=EntryKind.ROUND_OPENED,
            actor=actor.person if actor else None,
            on_behalf_of=actor.on_behalf_of if actor else None,
            payload={"round": fact.id, "revision": fact.revision},
        ),
    )
    return decision


def _tell(ready: Ready) -> dict[str, Any]:
    fact = ready.fact
    return {
        "process": fact.process,
        "year": fact.year,
        "plan": fact.plan,
        "reference": fact.reference,
        "revision": fact.revision,
        "units": units_digest(ready.units),
        "milestones": {
            milestone.key: {"position": position, **tell_days(milestone)}
            for position, (milestone, _) in enumerate(ready.milestones, start=1)
        },
    }


def _check_leader(
    world: World,
    connection: Connection,
    ready: Ready,
    email: str | None,
    now: datetime,
) -> Actor | None:
    """Somebody leads the process, and it is they who open a round, or the operator."""
    definition = ready.revision.definition
    if definition.leader is None:
        return world.actor(connection, email, now) if email else None
    at = definition.role[definition.leader].at
    places = [Place(definition.leader, unit.key) for unit in ready.units if unit.kind in at]
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
