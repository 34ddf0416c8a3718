"""A person moves a case: one transaction, and a refusal written apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from workflow.core import engine
from workflow.core.errors import NoRight, NotFound, Reason, Refused, Stale, WorkflowError
from workflow.core.facts import Actor, Command, Decision
from workflow.core.guards import GUARD_MISSING
from workflow.core.standing_in import only_for
from workflow.service.staffing import guards_missing
from workflow.service.world import World
from workflow.store import people, requests
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, lock_round_of
from workflow.store.rounds import load_revision
from workflow.store.save import save

__all__ = ["Wish", "act"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants done, as it comes from the page, the API or the command line."""

    case: str
    transition: str
    email: str
    """Of the person who acts."""
    on_behalf_of: str | None = None
    """Address of the one they act for as a substitute; None to find it from the roles."""
    comment: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What comes along; see `workflow.core.inputs`."""
    version: int | None = None
    """The version of the case that the person saw."""
    request_id: str | None = None
    """Given by the sender; a repeat gives the first answer."""

    @property
    def fingerprint(self) -> str:
        """sha-256 of everything but the request's id."""
        parts = [self.case, self.transition, self.email.strip().lower(), self.comment]
        if self.on_behalf_of is not None:
            parts.append(self.on_behalf_of.strip().lower())
        whole = json.dumps([*parts, self.data, self.version], sort_keys=True, default=str)
        return sha256(whole.encode()).hexdigest()


def act(world: World, wish: Wish) -> dict[str, Any]:
    """Move a case as a person wishes. Gives what came of it.

    {case, transition, from, to, version, on_behalf_of, entries, tasks_opened, repeated};
    on_behalf_of is the address of the one that a substitute acted for, else None.

    Raises: NotFound, NoRight, Refused, Stale, BadInput; Locked, StoreError.
    """
    try:
        with world.database.write() as connection:
            return _act(world, connection, wish)
    except (Refused, Stale) as error:
        _keep_refusal(world, wish, error)
        raise
    except WorkflowError as error:
        if error.code in ("bad_input", "not_found"):
            _keep_refusal(world, wish, error)
        raise


def _act(world: World, connection: Connection, wish: Wish) -> dict[str, Any]:
    locked = lock_round_of(connection, wish.case)
    if locked is None:
        raise NotFound(f"Det finns inget ärende {wish.case}.", f"There is no case {wish.case}.")
    if wish.request_id:
        known = requests.find(connection, wish.request_id)
        if known:
            return _repeat(known, wish)
    now = world.now(connection)
    actor = _who(world, connection, wish, now)
    revision = load_revision(connection, locked.fact.revision)
    facts = StoredFacts(connection, locked.fact, world.today(now))
    before = facts.case(wish.case)
    command = Command(
        case=wish.case,
        transition=wish.transition,
        actor=actor,
        comment=wish.comment,
        expected_version=wish.version,
        data=wish.data,
    )
    decision = engine.decide(revision, facts, command, now)
    chain = save(connection, locked, decision, world.stamp(now), actor=actor.person)
    after = next((change for change in decision.changed if change.id == wish.case), before)
    answer = {
        "case": wish.case,
        "transition": wish.transition,
        "from": before.state if before else None,
        "to": after.state if after else None,
        "version": after.version if after else None,
        "on_behalf_of": _behind(connection, decision),
        "entries": list(range(chain.length - len(decision.entries) + 1, chain.length + 1)),
        "tasks_opened": [task.id for task in decision.tasks_opened if task.place],
    }
    if wish.request_id and not requests.keep(
        connection, wish.request_id, wish.fingerprint, json.dumps(answer), now
    ):
        raise _used(wish)
    return {**answer, "repeated": False}


def _who(world: World, connection: Connection, wish: Wish, now: datetime) -> Actor:
    """Give who acts; only for the one they say, if they say it."""
    actor = world.actor(connection, wish.email, now)
    if wish.on_behalf_of is None:
        return actor
    absent = world.actor(connection, wish.on_behalf_of, now)
    if absent.person == actor.person:
        return replace(actor, stands_in_for=())
    found = only_for(actor, absent.person)
    if found is None:
        sv = f"Du är inte ersättare för {absent.name} just nu. Se `beredning substitute list`."
        en = f"You do not stand in for {absent.name} now. See `beredning substitute list`."
        raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
    return found


def _behind(connection: Connection, decision: Decision) -> str | None:
    """Give the address of the one whom the person acted for."""
    person = decision.entries[0].on_behalf_of if decision.entries else None
    return None if person is None else people.people_by_id(connection, [person])[person].email


def _repeat(known: requests.Known, wish: Wish) -> dict[str, Any]:
    if known.fingerprint != wish.fingerprint:
        raise _used(wish)
    return {**json.loads(known.answer), "repeated": True}


def _used(wish: Wish) -> Refused:
    sv = f"Begäran {wish.request_id} har redan använts till något annat. Ge en ny ett nytt id."
    en = f"Request {wish.request_id} was used for something else. Give a new one a new id."
    return Refused(sv, en, reasons=(Reason("request_used", sv, en),))


def _keep_refusal(world: World, wish: Wish, error: WorkflowError) -> None:
    """Keep what was turned down, and add what holds now: who decided, when."""
    with world.database.write() as connection:
        now: datetime = world.now(connection)
        current = requests.latest(connection, wish.case)
        if current and not isinstance(error, NotFound):
            error.current = {**(error.current or {}), **current}
        requests.refuse(
            connection,
            at=now,
            case=wish.case,
            transition=wish.transition,
            email=wish.email,
            via=world.via.value,
            code=error.code,
            reasons=[reason.code for reason in error.reasons],
        )
    if any(reason.code == GUARD_MISSING for reason in error.reasons):
        _tell_of_guards(world, wish.case)


def _tell_of_guards(world: World, case: str) -> None:
    """Tell those who lead that a step cannot be checked, and so cannot be taken."""
    with world.database.write() as connection:
        locked = lock_round_of(connection, case)
        if locked is not None:
            revision = load_revision(connection, locked.fact.revision)
            guards_missing(world, connection, revision, locked.fact.id)
