"""More days for one task: asked for by whoever has it, granted or refused from above.

Without a person it is the operator who grants or refuses, and the log says so.
Reminders of the old day are dropped and mails with it are withdrawn or written anew,
in the same transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.core import extension, plan
from workflow.core.days import say_day, write_instant
from workflow.core.definition import State
from workflow.core.errors import BadInput, NotFound, refused
from workflow.core.facts import (
    Actor,
    CaseFact,
    Decision,
    EntryDraft,
    EntryKind,
    MessageDraft,
    MessageKind,
    TaskFact,
)
from workflow.core.standing_in import done_by, told_at
from workflow.service.leading import check_reason
from workflow.service.resting import check_awake
from workflow.service.turn import Turn, begin_turn
from workflow.service.world import World
from workflow.store import extensions, moves, people
from workflow.store.database import Connection
from workflow.store.extensions import Asked
from workflow.store.facts import lock_round_of
from workflow.store.save import save

__all__ = ["ask", "grant", "refuse"]


@dataclass(frozen=True, slots=True)
class _Subject:
    """The task it is about, in its locked round."""

    turn: Turn
    case: CaseFact
    state: State
    task: TaskFact
    asked: Asked | None

    @property
    def connection(self) -> Connection:
        """The open transaction."""
        return self.turn.connection


def ask(world: World, task: str, on: date, *, reason: str, email: str) -> dict[str, Any]:
    """Ask for more days for a task that one has.

    {task, case, answer, from, to, due_at, asked_of, warnings}; `answer` is asked,
    or granted when the state gives so many days without asking.

    Raises: NotFound, NoRight, Refused, BadInput.
    """
    check_reason(reason)
    with world.database.write() as connection:
        one = _find(world, connection, task)
        definition, now = one.turn.definition, one.turn.now
        actor = extension.as_holder(definition, one.task, world.actor(connection, email, now))
        extension.check_day(definition, one.task, on, now)
        if one.asked:
            day = say_day(one.asked.until_on)
            raise refused(
                "asked_already",
                f"Anstånd till {day} är redan begärt och väntar på svar. Den som svarar kan ge en"
                " annan dag.",
                f"An extension to {one.asked.until_on} has been asked for already. Whoever"
                " answers can grant another day.",
            )
        free = extension.free_until(definition, one.state, one.task, world.today(now))
        if free is not None and on <= free:
            return _grant(one, actor, on, reason)
        person = actor.on_behalf_of or actor.person
        extensions.ask(connection, one.task.id, on, reason, person, now)
        above = extension.answerers(definition, one.turn.facts, one.task, person)
        content = {"what": "asked", "until_on": on.isoformat(), "comment": reason}
        letters = _letters(one, actor, above, content)
        _write(one, actor, EntryKind.EXTENSION_ASKED, {"until_on": on.isoformat()}, reason, letters)
        return _answer(one, one.task, "asked", on, asked_of=above)


def grant(
    world: World, task: str, on: date | None, *, reason: str, email: str | None = None
) -> dict[str, Any]:
    """Give a task more days, asked for or not; the day is the one asked for when None.

    As `ask`, with the answer granted.

    Raises: NotFound, NoRight, Refused, BadInput.
    """
    check_reason(reason)
    with world.database.write() as connection:
        one = _find(world, connection, task)
        actor = _granter(world, one, email)
        day = one.asked.until_on if one.asked and on is None else on
        if day is None:
            raise BadInput(
                "Inget anstånd är begärt, så ange till vilken dag.",
                "No extension has been asked for, so give the day.",
            )
        extension.check_day(one.turn.definition, one.task, day, one.turn.now)
        return _grant(one, actor, day, reason)


def refuse(world: World, task: str, *, reason: str, email: str | None = None) -> dict[str, Any]:
    """Turn down what was asked for; the last day stays. As `ask`, with the answer refused.

    Raises: NotFound, NoRight, Refused, BadInput.
    """
    check_reason(reason)
    with world.database.write() as connection:
        one = _find(world, connection, task)
        actor = _granter(world, one, email)
        if one.asked is None:
            raise refused(
                "not_asked",
                f"Inget anstånd är begärt för {one.task.id}, eller så är det besvarat.",
                f"No extension of {one.task.id} is waiting for an answer.",
            )
        by = actor.person if actor else None
        extensions.answer(connection, one.asked, "refused", reason, by, one.turn.now)
        _renew_mails(one)
        content = {
            "what": "refused",
            "until_on": one.asked.until_on.isoformat(),
            "comment": reason,
        }
        letters = _letters(one, actor, [one.asked.by], content)
        _write(one, actor, EntryKind.EXTENSION_REFUSED, {}, reason, letters)
        return _answer(one, one.task, "refused", one.asked.until_on)


# ---- steps -----------------------------------------------------------------------------


def _find(world: World, connection: Connection, task: str) -> _Subject:
    """Lock the round of an open task, given by its id or its case's.

    Raises: NotFound, Refused.
    """
    case_id = task.partition("#")[0]
    locked = lock_round_of(connection, case_id)
    if locked is None:
        raise NotFound(f"Det finns ingen uppgift {task}. Se `beredning tasks`.", f"No task {task}.")
    check_awake(connection, locked.fact)
    turn = begin_turn(world, connection, locked, world.now(connection))
    case, found = turn.facts.case(case_id), turn.facts.task(case_id)
    if case is None or found is None or found.place is None or task not in (case_id, found.id):
        raise refused(
            "closed",
            f"{task} är inte öppen. Det som är öppet står i `beredning tasks`.",
            f"{task} is not open. What is open stands in `beredning tasks`.",
        )
    state = turn.definition.case[case.kind].state[found.state]
    return _Subject(turn, case, state, found, extensions.asked_for(connection, found.id))


def _granter(world: World, one: _Subject, email: str | None) -> Actor | None:
    if email is None:
        return None
    actor = world.actor(one.connection, email, one.turn.now)
    asked_by = one.asked.by if one.asked else None
    return extension.as_granter(one.turn.definition, one.turn.facts, one.task, actor, asked_by)


def _grant(one: _Subject, actor: Actor | None, on: date, reason: str) -> dict[str, Any]:
    turn, connection = one.turn, one.connection
    by = actor.person if actor else None
    longer = extension.extend(turn.revision, one.state, one.task, on, turn.now)
    if one.asked:
        extensions.answer(connection, one.asked, "granted", reason, by, turn.now)
    else:
        extensions.keep_unasked(connection, one.task.id, on, reason, by, turn.now)
    extensions.extend_task(connection, longer)
    moves.drop_reminders(connection, [longer.id], turn.now)
    _renew_mails(one)
    told = told_at(turn.facts, (longer.place,))[longer.place] if longer.place else {}
    people_told = {*told, *([one.asked.by] if one.asked else [])}
    content = {"what": "granted", "until_on": on.isoformat(), "comment": reason}
    payload = {
        "until_on": on.isoformat(),
        "due_at": longer.due_at and write_instant(longer.due_at),
        "asked": one.asked is not None,
    }
    letters = _letters(one, actor, sorted(people_told), content)
    _write(one, actor, EntryKind.EXTENDED, payload, reason, letters)
    return _answer(one, longer, "granted", on)


def _renew_mails(one: _Subject) -> None:
    """Let what has not left be written anew: it tells of the old day, or of the request."""
    turn = one.turn
    domain = turn.stamp.mail_domain
    moves.renew(one.connection, turn.facts.round.id, [one.task.id], turn.now, domain)


def _write(
    one: _Subject,
    actor: Actor | None,
    kind: EntryKind,
    payload: Mapping[str, object],
    reason: str,
    letters: Iterable[MessageDraft],
) -> None:
    entry = EntryDraft(
        kind=kind,
        case=one.case.id,
        actor=actor.person if actor else None,
        on_behalf_of=actor.on_behalf_of if actor else None,
        payload={"task": one.task.id, "comment": reason, **payload},
    )
    facts = one.turn.facts.round
    decision = Decision(entries=(entry,), messages=tuple(letters), open_cases=facts.open_cases)
    save(one.connection, one.turn.locked, decision, one.turn.stamp)


def _letters(
    one: _Subject, actor: Actor | None, persons: Iterable[int], content: Mapping[str, object]
) -> Iterator[MessageDraft]:
    """Tell some persons, the one who acts left out."""
    by = done_by(actor)
    version = one.turn.facts.round.version + 1
    for person in persons:
        if actor is None or person != actor.person:
            yield MessageDraft(
                person=person,
                kind=MessageKind.EXTENSION,
                ref=f"{one.task.id}.{version}",
                case=one.case.id,
                task=one.task.id,
                content={**by, **content},
            )


def _answer(
    one: _Subject, task: TaskFact, answer: str, on: date, asked_of: Iterable[int] = ()
) -> dict[str, Any]:
    definition = one.turn.definition
    before = one.task.due_at
    asked = people.people_by_id(one.connection, list(asked_of))
    found = extension.warnings(definition, one.turn.facts, one.case, one.task, on)
    return {
        "task": task.id,
        "case": one.case.id,
        "answer": answer,
        "from": plan.due_on(before, definition.zone).isoformat() if before else None,
        "to": on.isoformat(),
        "due_at": task.due_at,
        "asked_of": [person.email for person in asked.values()],
        "warnings": [{"code": reason.code, "message": reason.sv} for reason in found],
    }
