"""Whether what is owed can be done: looked through once a day and after every import.

Somebody must hold the role, and may not be left out by separation of duties; the guards
that a round names must be there; and what stood still for a reason that is gone goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.core.facts import (
    Decision,
    EntryDraft,
    EntryKind,
    IncidentDraft,
    IncidentKind,
    MessageDraft,
    MessageKind,
    Place,
)
from workflow.core.guards import missing_guards
from workflow.core.news import vacancy
from workflow.core.owing import is_separated, owes_now
from workflow.core.revision import Revision
from workflow.core.standing_in import told_at
from workflow.service.mail.bouncing import heal
from workflow.service.running.incidents import close, raise_incident
from workflow.service.turn import Turn, alarm, begin_turn
from workflow.service.world import World
from workflow.store import grants, incidents, outbox
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, lock_round, read_round
from workflow.store.installation import mark_swept
from workflow.store.rounds import load_revision
from workflow.store.save import save
from workflow.store.staffing import Staffing, hand_over, staffing

__all__ = ["guards_are_back", "guards_missing", "sweep"]


@dataclass(frozen=True, slots=True)
class _Found:
    """An open task, who owes it now, and what is wrong with that."""

    task: Staffing
    place: Place
    wrong: frozenset[IncidentKind]
    holders: int

    @property
    def stands(self) -> bool:
        """Whether everything about it is as it should be."""
        return self.place == self.task.place and self.wrong == self.task.alarmed


def sweep(world: World, given: Sequence[int] = ()) -> int:
    """Open an incident for each task that nobody can do; close those whose cause is gone.

    A task goes up to the superior where separation of duties has come to leave nobody, and
    back when somebody else holds the role. Who has a role from today on, or by one of the
    grants that were just `given`, is told what they owe. Gives how many incidents were new.
    What is found is looked at again under the round's lock, since a person may have acted
    meanwhile.

    Raises: Locked, StoreError.
    """
    new = 0
    with world.database.read() as connection:
        now = world.now(connection)
        rounds = [key for key, _ in incidents.rounds_told(connection, None)]
    for round_id in rounds:
        with world.database.read() as connection:
            wrong = _is_wrong(world, connection, round_id)
            wrong = wrong or bool(_untold(connection, round_id, given, world.today(now)))
        if wrong:
            with world.database.write() as connection:
                locked = lock_round(connection, round_id)
                if locked is not None and locked.fact.paused_at is None:
                    turn = begin_turn(world, connection, locked, now)
                    new += _put_right(turn) + _look_for_guards(world, turn)
                    _tell_new_holders(turn, given)
    with world.database.write() as connection:
        heal(connection, now)
        incidents.close_settled(connection, now)
        mark_swept(connection, world.today(now))
    return new


# ---- people ----------------------------------------------------------------------------


def _is_wrong(world: World, connection: Connection, round_id: str) -> bool:
    """Say whether anything in a round needs to be put right, without locking it."""
    fact = read_round(connection, round_id)
    if fact.paused_at is not None:  # the day after it is resumed is early enough
        return False
    revision = load_revision(connection, fact.revision)
    today = world.today(world.now(connection))
    facts = StoredFacts(connection, fact, today)
    known = round_id in incidents.open_subjects(connection, IncidentKind.GUARD)
    if bool(missing_guards(revision.definition)) != known:
        return True
    return any(
        not _judge(revision, facts, one).stands for one in staffing(connection, today, round_id)
    )


def _judge(revision: Revision, facts: StoredFacts, one: Staffing) -> _Found:
    """Say who owes a task now, and what keeps it from being done."""
    place, holders = one.place, one.holders
    wrong: set[IncidentKind] = set()
    state = revision.definition.case[one.kind].state[one.state]
    case = facts.case(one.case) if is_separated(state) and one.version > 1 else None
    if case is not None:
        place, left = owes_now(revision.definition, facts, case, state, one.place)
        if place != one.place and any(facts.signers(one.task, key) for key in state.transition):
            place = one.place  # somebody there has signed already
        wrong |= {left} if left else set()
        holders = len(facts.holders((place,))[place])
    if holders < revision.definition.role[place.role].holders:
        wrong.add(IncidentKind.NO_HOLDER)
    return _Found(one, place, frozenset(wrong), holders)


def _put_right(turn: Turn) -> int:
    today = World.today(turn.now)
    round_id = turn.locked.fact.id
    found = [
        _judge(turn.revision, turn.facts, one) for one in staffing(turn.connection, today, round_id)
    ]
    for kind in (IncidentKind.NO_HOLDER, IncidentKind.NOBODY_LEFT):
        gone = [
            one.task.task for one in found if kind in one.task.alarmed and kind not in one.wrong
        ]
        close(turn.connection, kind, gone, turn.now)
    _hand_over(turn, [one for one in found if one.place != one.task.place])
    return alarm(turn, [draft for one in found for draft in _drafts(one)])


def _drafts(found: _Found) -> Iterator[IncidentDraft]:
    one, place = found.task, found.place
    for kind in sorted(found.wrong):
        short = vacancy(one.task, one.case, place.role, place.unit, found.holders)
        yield IncidentDraft(kind=kind, subject=one.task, case=one.case, detail=short.detail)


def _hand_over(turn: Turn, found: list[_Found]) -> None:
    """Give tasks to who owes them now; the log says so, and they are told."""
    if not found:
        return
    told = told_at(turn.facts, {one.place for one in found})
    entries = tuple(
        EntryDraft(
            kind=EntryKind.HANDED_OVER,
            case=one.task.case,
            payload={"task": one.task.task, "owes": [one.place.role, one.place.unit]},
        )
        for one in found
    )
    number = turn.locked.chain.length  # a task may come and go on a clock that stands still
    letters = tuple(
        MessageDraft(
            person=person,
            kind=MessageKind.ASSIGNMENT,
            ref=f"{one.task.task}.{number}",
            case=one.task.case,
            task=one.task.task,
            content={"instead_of": list(instead_of)} if instead_of else {},
        )
        for one in found
        for person, instead_of in told[one.place].items()
    )
    hand_over(turn.connection, [(one.task.task, one.place) for one in found])
    decision = Decision(entries=entries, messages=letters, open_cases=turn.locked.fact.open_cases)
    save(turn.connection, turn.locked, decision, turn.stamp)


def _tell_new_holders(turn: Turn, given: Sequence[int]) -> None:
    """Tell those who have come to a role what they owe by it; each task once."""
    round_id = turn.locked.fact.id
    letters = [
        MessageDraft(person=person, kind=MessageKind.ASSIGNMENT, ref=task, case=case, task=task)
        for task, case, person in _untold(turn.connection, round_id, given, World.today(turn.now))
    ]
    outbox.put(turn.connection, round_id, letters, turn.now, turn.stamp.mail_domain)


def _untold(
    connection: Connection, round_id: str, given: Sequence[int], today: date
) -> list[tuple[str, str, int]]:
    return grants.untold(connection, round_id, [*grants.begun_on(connection, today), *given], today)


# ---- guards ----------------------------------------------------------------------------


def _look_for_guards(world: World, turn: Turn) -> int:
    round_id = turn.locked.fact.id
    if missing_guards(turn.definition):
        return int(guards_missing(world, turn.connection, turn.revision, round_id))
    close(turn.connection, IncidentKind.GUARD, [round_id], turn.now)
    return 0


def guards_missing(world: World, connection: Connection, revision: Revision, round_id: str) -> bool:
    """Open the incident of a round that names guards which this program does not have."""
    draft = IncidentDraft(
        kind=IncidentKind.GUARD,
        subject=round_id,
        detail={"guards": list(missing_guards(revision.definition))},
    )
    return raise_incident(world, connection, draft, round_id, world.now(connection))


def guards_are_back(world: World) -> int:
    """Close the incidents of rounds whose guards this program has again; gives how many.

    With none open it costs one read.
    """
    with world.database.read() as connection:
        back = [
            round_id
            for round_id in incidents.open_subjects(connection, IncidentKind.GUARD)
            if not missing_guards(
                load_revision(connection, read_round(connection, round_id).revision).definition
            )
        ]
    if not back:
        return 0
    with world.database.write() as connection:
        return close(connection, IncidentKind.GUARD, back, world.now(connection))
