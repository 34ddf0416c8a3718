"""A person moves a case: one transaction, and a refusal written apart."""

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from workflow.core import engine
from workflow.core.definition import Definition
from workflow.core.errors import BadInput, NotFound, Reason, Refused, Stale, WorkflowError
from workflow.core.facts import CaseFact, Command, Decision
from workflow.core.guards import GUARD_MISSING
from workflow.core.polls import secret_in
from workflow.service.people.staffing import guards_missing
from workflow.service.people.standing_in import who_acts
from workflow.service.resting import check_awake
from workflow.service.successors import begin, make_way, successor_of
from workflow.service.world import World
from workflow.store import deeds, people, requests
from workflow.store.database import Connection
from workflow.store.facts import LockedRound, StoredFacts, lock_round_of, read_round_of
from workflow.store.rounds import load_revision
from workflow.store.save import save

__all__ = [
    "REQUEST_USED",
    "Wish",
    "act",
    "act_within",
    "answered",
    "answers_in_secret",
    "check_seen",
    "command_of",
    "keep_answer",
    "kept_refusals",
    "no_case",
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

    @property
    def sealed(self) -> tuple[str, str]:
        """The request's id and fingerprint where a secret answer came along: nobody who does
        not know the id, which is nowhere kept, can try answers until the digest fits."""
        key = (self.request_id or "").encode()
        return (
            f"sha256:{sha256(key).hexdigest()}",
            hmac.digest(key, self.fingerprint.encode(), "sha256").hex(),
        )


def act(world: World, wish: Wish) -> dict[str, Any]:
    """Move a case as a person wishes. Gives what came of it.

    {case, transition, from, to, version, on_behalf_of, entries, tasks_opened, repeated};
    on_behalf_of is the address of the one that a substitute acted for, else None. With a
    round that it opened also begun: {round, rows, told}.

    Raises: NotFound, NoRight, Refused, Stale, BadInput; Locked, StoreError.
    """
    with kept_refusals(world, wish), world.database.write() as connection:
        return act_within(world, connection, wish)


@contextmanager
def kept_refusals(world: World, wish: Wish) -> Iterator[None]:
    """Keep what is turned down inside, in a transaction of its own."""
    try:
        yield
    except (Refused, Stale, BadInput, NotFound) as error:
        _keep_refusal(world, wish, error)
        raise


def no_case(wish: Wish) -> NotFound:
    """Make the refusal of a case that is not there."""
    return NotFound(f"Det finns inget ärende {wish.case}.", f"There is no case {wish.case}.")


def command_of(world: World, connection: Connection, wish: Wish, now: datetime) -> Command:
    """Give a wish as the engine reads it, with what the person holds now.

    Raises: NotFound, NoRight.
    """
    return Command(
        case=wish.case,
        transition=wish.transition,
        actor=who_acts(world, connection, wish.email, wish.on_behalf_of, now),
        comment=wish.comment,
        expected_version=wish.version,
        data=wish.data,
    )


def act_within(world: World, connection: Connection, wish: Wish) -> dict[str, Any]:
    """Move a case in a transaction that is open already; as `act`, without keeping a refusal."""
    make_way(connection, wish.case, wish.transition)
    locked = lock_round_of(connection, wish.case)
    if locked is None:
        raise no_case(wish)
    known = answered(connection, wish)
    if known:
        return known
    check_awake(connection, locked.fact)
    now = world.now(connection)
    command = command_of(world, connection, wish, now)
    check_seen(connection, wish)
    revision = load_revision(connection, locked.fact.revision)
    facts = StoredFacts(connection, locked.fact, world.today(now))
    before = facts.case(wish.case)
    decision = engine.decide(revision, facts, command, now)
    begun = _write(world, connection, locked, decision, command, now)
    first = locked.chain.length + 1
    after = next((change for change in decision.changed if change.id == wish.case), before)
    answer = {
        "case": wish.case,
        "transition": wish.transition,
        "from": before.state if before else None,
        "to": after.state if after else None,
        "version": after.version if after else None,
        "on_behalf_of": _behind(connection, decision),
        "entries": list(range(first, first + len(decision.entries))),
        "tasks_opened": [task.id for task in decision.tasks_opened if task.place],
        **({"begun": begun} if begun else {}),
    }
    sealed = answers_in_secret(revision.definition, before)
    return keep_answer(connection, wish, answer, now, sealed=sealed)


def _write(
    world: World,
    connection: Connection,
    locked: LockedRound,
    decision: Decision,
    command: Command,
    now: datetime,
) -> Mapping[str, Any] | None:
    """Write a decision of an instant, and open the round that it opens, if any. Gives what
    came of that."""
    person = command.actor.person
    if decision.begins is None:
        save(connection, locked, decision, world.stamp(now), actor=person)
        return None
    successor = successor_of(world, connection, locked.fact, decision.begins, now)
    save(connection, locked, successor.told(decision), world.stamp(now), actor=person)
    return begin(world, connection, locked.fact, successor, locked.chain.length + 1)


def check_seen(connection: Connection, wish: Wish) -> None:
    """See that nothing was saved since the person saw what they write over.

    Raises: Stale.
    """
    writes = wish.data.get("rows") or wish.data.get("answers")
    if wish.seen is not None and writes and _last_written(connection, wish) > wish.seen:
        raise Stale(
            f"Någon har sparat i {wish.case} sedan du öppnade det.",
            f"Somebody has saved in {wish.case} since you opened it.",
        )


def _last_written(connection: Connection, wish: Wish) -> int:
    """Give the last entry that may have changed what a wish writes over: where only their own
    copies come along, what others save is no concern of theirs."""
    fact = read_round_of(connection, wish.case)
    rows = wish.data.get("rows")
    if fact is None or wish.data.get("answers") or not isinstance(rows, dict):
        return deeds.last_number(connection, wish.case)
    tables = load_revision(connection, fact.revision).definition.table
    if any(key not in tables or not tables[key].each for key in rows):
        return deeds.last_number(connection, wish.case)
    person = people.find_person(connection, wish.email).id
    return deeds.last_number_for(connection, wish.case, person)


def _behind(connection: Connection, decision: Decision) -> str | None:
    """Give the address of the one whom the person acted for."""
    person = decision.entries[0].on_behalf_of if decision.entries else None
    return None if person is None else people.people_by_id(connection, [person])[person].email


def answered(connection: Connection, wish: Wish) -> dict[str, Any] | None:
    """Give what a request was answered before; None when it is new.

    Raises: Refused when its id was used for something else.
    """
    if not wish.request_id:
        return None
    sealed_id, sealed_print = wish.sealed
    known = requests.find(connection, wish.request_id) or requests.find(connection, sealed_id)
    if known is None:
        return None
    if known.fingerprint not in (wish.fingerprint, sealed_print):
        raise _used(wish)
    return {**json.loads(known.answer), "repeated": True}


def answers_in_secret(definition: Definition, case: CaseFact | None) -> bool:
    """Say whether what comes along to a case may be a secret answer."""
    if case is None:
        return False
    state = definition.case[case.kind].state.get(case.state)
    return bool(secret_in(definition, state))


def keep_answer(
    connection: Connection,
    wish: Wish,
    answer: dict[str, Any],
    now: datetime,
    *,
    sealed: bool = False,
) -> dict[str, Any]:
    """Keep the answer for a repeat of the request, and give it; `sealed` where what came
    along may be a secret answer.

    Raises: Refused when another command has used the request's id meanwhile.
    """
    if wish.request_id:
        request, fingerprint = wish.sealed if sealed else (wish.request_id, wish.fingerprint)
        if not requests.keep(connection, request, fingerprint, json.dumps(answer), now):
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
