"""A person moves a case: one transaction, and a refusal written apart."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from workflow.core import engine
from workflow.core.errors import BadInput, NotFound, Reason, Refused, Stale, WorkflowError
from workflow.core.facts import Command, Decision
from workflow.core.guards import GUARD_MISSING
from workflow.service.people.staffing import guards_missing
from workflow.service.people.standing_in import who_acts
from workflow.service.world import World
from workflow.store import deeds, people, requests
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, lock_round_of, read_round_of
from workflow.store.rounds import load_revision
from workflow.store.save import save

__all__ = [
    "REQUEST_USED",
    "Considered",
    "Wish",
    "act",
    "answered",
    "check_seen",
    "consider",
    "keep_answer",
    "kept_refusals",
]

REQUEST_USED: Final = "request_used"
"""The code of the reason when a request's id stands for something else already."""


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
    seen: int | None = None
    """The last entry about the case that they saw; what they fill in or answer is refused
    when somebody has saved since."""
    request_id: str | None = None
    """Given by the sender; a repeat gives the first answer."""
    form: str = ""
    """Digest of the form as it was sent. It stands for all that came along: the same form
    read once more, when the case has moved, may be understood in another way."""

    @property
    def fingerprint(self) -> str:
        """sha-256 of everything but the request's id."""
        if self.form:
            sent = [self.case, self.transition, self.email.strip().lower(), self.form]
            return sha256(json.dumps(sent).encode()).hexdigest()
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
    with kept_refusals(world, wish), world.database.write() as connection:
        return _act(world, connection, wish)


@contextmanager
def kept_refusals(world: World, wish: Wish) -> Iterator[None]:
    """Keep what is turned down inside, in a transaction of its own."""
    try:
        yield
    except (Refused, Stale, BadInput, NotFound) as error:
        _keep_refusal(world, wish, error)
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What a wish would come to."""

    signs: bool
    """It is a signature among several, and others are still missing."""
    told: int
    """How many people get a mail about it."""
    opened: int
    """How many cases it opens."""
    closes_round: bool


def consider(world: World, wish: Wish) -> Considered:
    """Say what a wish would come to, with all that came along, and change nothing.

    Raises: NotFound, NoRight, Refused, Stale, BadInput; Locked, StoreError.
    """
    with world.database.read() as connection:
        fact = read_round_of(connection, wish.case)
        if fact is None:
            raise _no_case(wish)
        now = world.now(connection)
        command = _command(world, connection, wish, now)
        check_seen(connection, wish)
        facts = StoredFacts(connection, fact, world.today(now))
        revision = load_revision(connection, fact.revision)
        decision = engine.decide(revision, facts, command, now)
    return Considered(
        signs=decision.signed is not None,
        told=len({message.person for message in decision.messages}),
        opened=len(decision.opened),
        closes_round=decision.closes_round,
    )


def _no_case(wish: Wish) -> NotFound:
    return NotFound(f"Det finns inget ärende {wish.case}.", f"There is no case {wish.case}.")


def _command(world: World, connection: Connection, wish: Wish, now: datetime) -> Command:
    return Command(
        case=wish.case,
        transition=wish.transition,
        actor=who_acts(world, connection, wish.email, wish.on_behalf_of, now),
        comment=wish.comment,
        expected_version=wish.version,
        data=wish.data,
    )


def _act(world: World, connection: Connection, wish: Wish) -> dict[str, Any]:
    locked = lock_round_of(connection, wish.case)
    if locked is None:
        raise _no_case(wish)
    known = answered(connection, wish)
    if known:
        return known
    now = world.now(connection)
    command = _command(world, connection, wish, now)
    check_seen(connection, wish)
    revision = load_revision(connection, locked.fact.revision)
    facts = StoredFacts(connection, locked.fact, world.today(now))
    before = facts.case(wish.case)
    decision = engine.decide(revision, facts, command, now)
    person = command.actor.person
    chain = save(connection, locked, decision, world.stamp(now), actor=person)
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
    return keep_answer(connection, wish, answer, now)


def check_seen(connection: Connection, wish: Wish) -> None:
    """See that nothing was saved since the person saw what they write over.

    Raises: Stale.
    """
    writes = wish.data.get("rows") or wish.data.get("answers")
    if wish.seen is not None and writes and deeds.last_number(connection, wish.case) > wish.seen:
        raise Stale(
            f"Någon har sparat i {wish.case} sedan du öppnade det.",
            f"Somebody has saved in {wish.case} since you opened it.",
        )


def _behind(connection: Connection, decision: Decision) -> str | None:
    """Give the address of the one whom the person acted for."""
    person = decision.entries[0].on_behalf_of if decision.entries else None
    return None if person is None else people.people_by_id(connection, [person])[person].email


def answered(connection: Connection, wish: Wish) -> dict[str, Any] | None:
    """Give what a request was answered before; None when it is new.

    Raises: Refused when its id was used for something else.
    """
    known = requests.find(connection, wish.request_id) if wish.request_id else None
    if known is None:
        return None
    if known.fingerprint != wish.fingerprint:
        raise _used(wish)
    return {**json.loads(known.answer), "repeated": True}


def keep_answer(
    connection: Connection, wish: Wish, answer: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Keep the answer for a repeat of the request, and give it.

    Raises: Refused when another command has used the request's id meanwhile.
    """
    if wish.request_id and not requests.keep(
        connection, wish.request_id, wish.fingerprint, json.dumps(answer), now
    ):
        raise _used(wish)
    return {**answer, "repeated": False}


def _used(wish: Wish) -> Refused:
    sv = f"Begäran {wish.request_id} har redan använts till något annat. Ge en ny ett nytt id."
    en = f"Request {wish.request_id} was used for something else. Give a new one a new id."
    return Refused(sv, en, reasons=(Reason(REQUEST_USED, sv, en),))


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
