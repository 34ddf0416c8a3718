"""What somebody who leads is about to do, shown whole before it is done.

    preview   do it, see what came of it, and undo it
    perform   do it, if that is what was seen; otherwise undo it and say so

The very verb runs, in one transaction on the round's own rows (`store.trial`), so that
what is shown and what is done cannot differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from workflow.core import phrases, plan
from workflow.core.errors import Stale, WorkflowError
from workflow.core.facts import CaseFact, MessageKind, TaskFact
from workflow.core.mail import MailFacts, MailIncident
from workflow.core.preview import (
    ChangedCase,
    ChangedMilestone,
    ChangedTask,
    DroppedReminder,
    PlannedMail,
    Preview,
)
from workflow.service.describing import incident_of
from workflow.service.desks import Desk, open_desk
from workflow.service.mail.gathering import gather_in
from workflow.service.world import World, no_round
from workflow.store import claims, people
from workflow.store.facts import lock_round
from workflow.store.people import KnownPerson
from workflow.store.snapshots import Differences, Queued, differences, take_snapshot
from workflow.store.trial import try_out

__all__ = ["Deed", "perform", "preview"]

Deed = Callable[[World], Mapping[str, Any]]
"""A verb with all that it takes but the world; it changes one round."""


def preview(world: World, round_id: str, deed: Deed, *, language: str = "sv") -> Preview:
    """Give what a deed would change now, and change nothing.

    Raises: NotFound for the round; whatever the deed does; Locked, StoreError.
    """
    with try_out(world.database) as trial:
        shown, error = _do(replace(world, database=trial), round_id, deed, language)
    if shown is None:
        raise error or LookupError(round_id)
    return shown


def perform(world: World, round_id: str, deed: Deed, *, seen: str, language: str = "sv") -> Preview:
    """Do something as it was seen in a preview with the seal `seen`; gives what was done.

    Raises: Stale when it would change something else by now: nothing was done, and the
        new preview's seal stands in `current`. NotFound for the round; whatever the deed
        does; Locked, StoreError.
    """
    with try_out(world.database) as trial:
        shown, error = _do(replace(world, database=trial), round_id, deed, language)
        # What was refused is kept, as it is when the verb has a transaction of its own.
        trial.meant = shown is None or shown.seal == seen
    if shown is None:
        raise error or LookupError(round_id)
    if shown.seal != seen:
        raise Stale(
            "Omgången har ändrats sedan du såg vad det här gör. Inget är sparat. Se efter igen.",
            "The round has changed since you saw what this does. Nothing was saved. Look again.",
            current={"round": round_id, "seal": shown.seal},
        )
    return shown


def _do(
    world: World, round_id: str, deed: Deed, language: str
) -> tuple[Preview | None, WorkflowError | None]:
    """Run a deed in a trial, at one instant; give what came of it, or how it was refused."""
    with world.database.read() as connection:
        if lock_round(connection, round_id) is None:
            return None, no_round(round_id)
        now = world.now(connection)
        still = replace(world, clock=lambda _: now)
        before = take_snapshot(connection, round_id)
        try:
            answer = deed(still)
        except WorkflowError as error:
            return None, error
        after = take_snapshot(connection, round_id)
        found = differences(connection, before, after)
        desk = open_desk(still, connection, round_id, language, now)
        return _Teller(still, desk, found, now).tell(answer), None


# ---- telling ---------------------------------------------------------------------------


class _Teller:
    """Names and titles for what has been found to be another."""

    def __init__(self, world: World, desk: Desk, found: Differences, now: datetime) -> None:
        self.world, self.desk, self.found, self.now = world, desk, found, now
        definition = desk.definition
        desk.facts.remember_lines((*definition.unit, *definition.body))
        tasks = [one for pair in found.tasks for one in pair if one is not None]
        mails = [*found.put, *found.withdrawn]
        about = {task.case for task in tasks} | {name for one in mails for name in self._about(one)}
        desk.facts.remember_cases(sorted(about))
        self.held = desk.facts.holders({task.place for task in tasks if task.place})
        ids = {person for held in self.held.values() for person in held}
        ids |= {one.person for one in mails if one.person is not None}
        ids |= {one.person for one in found.reminders}
        self.people = people.people_by_id(desk.connection, ids)

    def tell(self, answer: Mapping[str, Any]) -> Preview:
        """Give all of it."""
        found = self.found
        return Preview(
            round=self.desk.facts.round.id,
            round_title=self.desk.round_title,
            milestones=tuple(self._milestone(*pair) for pair in found.milestones),
            cases=tuple(
                self._case(before, after)
                for before, after in found.cases
                if before is None or before.state != after.state
            ),
            tasks=tuple(self._task(before, after) for before, after in found.tasks),
            mails=tuple(self._mail(one) for one in found.put),
            withdrawn=tuple(self._mail(one) for one in found.withdrawn),
            reminders=tuple(
                DroppedReminder(to_name=self._name(one.person), about=self._title(one.subject))
                for one in found.reminders
            ),
            incidents=tuple(self._incident(one) for one in found.opened),
            settled=tuple(self._incident(one) for one in found.closed),
            samples=tuple(self._samples()),
            answer=answer,
            seal=_seal(found),
        )

    def _milestone(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> ChangedMilestone:
        milestone = self.desk.definition.milestone[after["key"]]
        return ChangedMilestone(
            milestone=after["key"],
            title=phrases.fill(
                self.desk.revision.title(milestone, self.desk.language),
                year=self.desk.facts.round.year,
            ),
            from_on=before["last_on"],
            to_on=after["last_on"],
        )

    def _case(self, before: CaseFact | None, after: CaseFact) -> ChangedCase:
        return ChangedCase(
            case=after.id,
            title=self.desk.case_title(after),
            unit=self.desk.unit_name(after.unit),
            from_state=self.desk.state_title(before) if before else "",
            to_state=self.desk.state_title(after),
            ended=after.ended_at is not None,
        )

    def _task(self, before: TaskFact | None, after: TaskFact | None) -> ChangedTask:
        task = after or before
        case = self.desk.facts.case(task.case) if task else None
        if task is None or case is None:
            raise LookupError(task)
        held = self.held[task.place] if task.place else ()
        above = self.desk.facts.line(case.unit)[1:2]
        return ChangedTask(
            task=task.id,
            case=task.case,
            title=self.desk.case_title(case),
            state=self.desk.state_title(replace(case, state=task.state)),
            unit=self.desk.unit_name(case.unit),
            above=above[0].name if above else "",
            owed_by=tuple(self._name(person) for person in held),
            change="closed" if after is None else "opened" if before is None else "moved",
            from_on=self._day(before),
            to_on=self._day(after),
            extended_on=after.extended_on if after else None,
            reminds_before=before.next_reminder_at if before else None,
            reminds_after=after.next_reminder_at if after else None,
        )

    def _mail(self, one: Queued) -> PlannedMail:
        person = self._person(one.person)
        return PlannedMail(
            message_id=one.message_id,
            kind=MessageKind(one.kind),
            to_name=person.name if person else "",
            to_email=person.email if person else "",
            about=tuple(title for name in self._about(one) if (title := self._title(name))),
            anew=one.first is not None,
        )

    def _samples(self) -> Iterator[MailFacts]:
        kinds: set[str] = set()
        for one in self.found.put:
            if one.kind not in kinds:
                kinds.add(one.kind)
                claimed = claims.look(self.desk.connection, one.id)
                told = gather_in(self.world, self.desk.connection, claimed)
                if told is not None:
                    yield told

    def _incident(self, row: Mapping[str, Any]) -> MailIncident:
        ours = self.desk if row["round"] == self.desk.facts.round.id else None
        told = {**row["detail"], **row}
        return incident_of(self.desk.connection, told, ours, self.world.today(row["since"]))

    def _about(self, one: Queued) -> Sequence[str]:
        """Give the ids of those of the round's cases that a mail tells of."""
        named = one.tasks or ((one.case,) if one.case else ())
        return [name for name in named if name.startswith(f"{self.desk.facts.round.id}.")]

    def _title(self, subject: str) -> str:
        """Give the title of a case, of a task by its case, or of a milestone."""
        case = self.desk.facts.case(subject.partition("#")[0])
        if case is not None:
            return self.desk.case_title(case)
        milestone = self.desk.definition.milestone.get(subject)
        if milestone is None:
            return ""
        own = self.desk.revision.title(milestone, self.desk.language)
        return phrases.fill(own, year=self.desk.facts.round.year)

    def _day(self, task: TaskFact | None) -> date | None:
        if task is None or task.due_at is None:
            return None
        return plan.due_on(task.due_at, self.desk.definition.zone)

    def _person(self, person: int | None) -> KnownPerson | None:
        return None if person is None else self.people.get(person)

    def _name(self, person: int) -> str:
        known = self._person(person)
        return known.name if known else ""


def _seal(found: Differences) -> str:
    """Seal what is changed, whatever language it is told in, and whatever was said."""
    told: Sequence[Iterable[object]] = (
        [(one["key"], one["first_on"], one["last_on"]) for _, one in found.milestones],
        [(before and before.state, after.id, after.state) for before, after in found.cases],
        [[one and _owed(one) for one in pair] for pair in found.tasks],
        [(one.kind, one.person, one.case, one.tasks) for one in found.put],
        [one.message_id for one in found.withdrawn],
        [(one.subject, one.person, one.rung) for one in found.reminders],
        [(one["kind"], one["subject"]) for one in found.opened],
        [(one["kind"], one["subject"]) for one in found.closed],
    )
    whole = [sorted(repr(one) for one in part) for part in told]
    return sha256(repr(whole).encode()).hexdigest()


def _owed(task: TaskFact) -> tuple[object, ...]:
    return task.id, task.place, task.due_at, task.extended_on
