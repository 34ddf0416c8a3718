"""Saving what is filled in and answered so far: one transaction, and nobody is told."""

from typing import Any

from workflow.core.errors import NotFound
from workflow.core.facts import Command
from workflow.core.saving import keep
from workflow.service.acts import (
    Wish,
    answered,
    answers_in_secret,
    check_seen,
    keep_answer,
    kept_refusals,
)
from workflow.service.people.standing_in import who_acts
from workflow.service.resting import check_awake
from workflow.service.world import World
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, lock_round_of
from workflow.store.rounds import load_revision
from workflow.store.save import save as write

__all__ = ["save"]


def save(world: World, wish: Wish) -> dict[str, Any]:
    """Save the rows and answers of a wish, whose transition is empty. The case stays where it is.

    {case, version, entry, repeated}; `entry` is the number of its entry, None when nothing
    was other than before.

    Raises: NotFound, NoRight, Refused, Stale, BadInput; Locked, StoreError.
    """
    with kept_refusals(world, wish), world.database.write() as connection:
        return _save(world, connection, wish)


def _save(world: World, connection: Connection, wish: Wish) -> dict[str, Any]:
    locked = lock_round_of(connection, wish.case)
    if locked is None:
        raise NotFound(f"Det finns inget ärende {wish.case}.", f"There is no case {wish.case}.")
    known = answered(connection, wish)
    if known:
        return known
    check_awake(connection, locked.fact)
    now = world.now(connection)
    actor = who_acts(world, connection, wish.email, wish.on_behalf_of, now)
    check_seen(connection, wish)
    facts = StoredFacts(connection, locked.fact, world.today(now))
    command = Command(
        case=wish.case,
        transition="",
        actor=actor,
        expected_version=wish.version,
        data=wish.data,
    )
    revision = load_revision(connection, locked.fact.revision)
    decision = keep(revision, facts, command)
    case = facts.case(wish.case)
    number = None
    if decision.entries:
        chain = write(connection, locked, decision, world.stamp(now), actor=actor.person)
        number = chain.length
    answer = {"case": wish.case, "version": case.version if case else None, "entry": number}
    sealed = answers_in_secret(revision.definition, case)
    return keep_answer(connection, wish, answer, now, sealed=sealed)
