"""What the one who leads a round does besides acting: adds and ends units.

Without a person it is the operator who does it, and the log says so.
"""

from datetime import datetime
from difflib import get_close_matches
from typing import Any

from workflow.core import engine
from workflow.core.errors import BadInput, NoRight, NotFound, Reason, refused
from workflow.core.facts import Actor, Place
from workflow.core.figures import declared
from workflow.core.revision import Revision
from workflow.core.roles import leader_place, superior_place
from workflow.core.standing_in import acting_at
from workflow.service.acts import Wish, act
from workflow.service.resting import check_awake
from workflow.service.turn import Turn, begin_turn
from workflow.service.world import World, no_round
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, lock_round, read_round
from workflow.store.proof.told import units_digest
from workflow.store.save import save

__all__ = [
    "add_unit",
    "check_lead",
    "check_leads_some",
    "check_reason",
    "end_unit",
    "take_lead",
]


def add_unit(
    world: World, round_id: str, unit: str, *, reason: str, email: str | None
) -> dict[str, Any]:
    """Add a unit's case while its like are waited for: {round, unit, case}.

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    check_reason(reason)
    with world.database.write() as connection:
        turn, actor = take_lead(world, connection, round_id, email)
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
    check_reason(reason)
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
        raise refused(
            "which_case",
            f"{unit} har inte ett öppet ärende utan: {there}. Använd `act ÄRENDE {transition}`.",
            f"{unit} does not have one open case: {there}. Use `act CASE {transition}`.",
        )
    wish = Wish(case=unfinished[0].id, transition=transition, email=email, comment=reason)
    return act(world, wish)


def take_lead(
    world: World,
    connection: Connection,
    round_id: str,
    email: str | None,
    *,
    resting: bool = False,
) -> tuple[Turn, Actor | None]:
    """Lock an open round for the one who leads it, or for the operator; one that rests only
    with `resting`.

    Raises: NotFound, NoRight, Refused.
    """
    locked = lock_round(connection, round_id)
    if locked is None:
        raise no_round(round_id)
    turn = begin_turn(world, connection, locked, world.now(connection))
    actor = check_lead(world, connection, turn.revision, turn.facts, email, turn.now)
    if not resting:
        check_awake(connection, locked.fact)
    return turn, actor


def check_lead(
    world: World,
    connection: Connection,
    revision: Revision,
    facts: StoredFacts,
    email: str | None,
    now: datetime,
) -> Actor | None:
    """Give the one who leads an open round as they act; None for the operator.

    Raises: NotFound, NoRight, Refused.
    """
    round_id = facts.round.id
    if facts.round.closed_at is not None:
        raise refused(
            "closed", f"Omgången {round_id} är avslutad.", f"The round {round_id} is closed."
        )
    if email is None:
        return None
    leader = leader_place(revision.definition, facts)
    actor = acting_at(world.actor(connection, email, now), leader)
    if actor is None:
        role = revision.definition.leader
        title = revision.definition.role[role].title.lower() if role else "ingen"
        raise NoRight(f"Det gör den som leder processen: {title}.", f"For the leader: {title}.")
    return actor


def check_leads_some(
    world: World, connection: Connection, email: str | None, now: datetime
) -> Actor | None:
    """Give the one who leads a round here, under way or ended, or stands above one who does;
    None for the operator. It must be by their own role: what it is asked for (people, roles,
    whether mail leaves) outlasts a substitution.

    Raises: NotFound, NoRight.
    """
    if email is None:
        return None
    actor = world.actor(connection, email, now)
    for one in rounds.list_rounds(connection, now):
        fact = read_round(connection, one["round"])
        definition = rounds.load_revision(connection, fact.revision).definition
        facts = StoredFacts(connection, fact, world.today(now))
        seen: set[Place] = set()
        place = leader_place(definition, facts)
        while place is not None and place not in seen:
            if place in actor.holds:
                return actor
            seen.add(place)
            place = superior_place(definition, facts, place)
    sv = "Det gör den som leder en process här, eller driften (utan --as)."
    en = "For somebody who leads a process here, or for the operator (without --as)."
    raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))


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
    found = declared(turn.definition, found)
    rounds.insert_units(turn.connection, turn.facts.round.id, [found], first=len(known) + 1)
    return {"units": units_digest([*known, found])}


def check_reason(reason: str) -> None:
    """See that something is said.

    Raises: BadInput.
    """
    if not reason.strip():
        raise BadInput("Skriv varför (--reason).", "Say why (--reason).")
