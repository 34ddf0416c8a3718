"""Who owes something in a round, and may be reminded of it now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Final

from workflow.core import plan
from workflow.core.errors import NoRight, NotFound, Reason, refused
from workflow.core.extension import places_above
from workflow.core.facts import Actor, Place, TaskFact
from workflow.core.roles import leader_place
from workflow.core.standing_in import acting_at, told_at
from workflow.service.desks import Desk
from workflow.service.world import World
from workflow.store import nudges, people, rounds
from workflow.store.bounces import marked

__all__ = ["Aim", "NudgeList", "NudgedTask", "Recipient", "Survey", "survey"]

REST: Final = timedelta(hours=4)
"""So long nobody is reminded of the same task again."""
SOON: Final = 3
"""Working days before its last day from which a task is one to remind of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which tasks somebody wants to remind of."""

    round: str
    kind: str | None = None
    """Of case; None for all."""
    state: str | None = None
    far: bool = False
    """Also those that are not due soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgedTask:
    """A task that one person may be reminded of."""

    task: str
    case: str
    title: str
    state: str
    """The title of the state in which it is owed."""
    unit: str
    due_on: date
    working_days: int
    """Until its last day; negative when it has passed."""
    reminded_at: datetime | None
    """When they last had a mail about it, by hand or by the clock."""
    rests: bool
    """It is left out: they were reminded of it a short while ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who owes something, or stands in for one who does."""

    name: str
    email: str
    instead_of: tuple[str, ...]
    """Names of those whom they stand in for; none when something is their own."""
    tasks: tuple[NudgedTask, ...]
    bounces: bool
    """Mail to them comes back."""

    @property
    def rests(self) -> bool:
        """Whether they were reminded of all of it a short while ago, and get no mail."""
        return all(task.rests for task in self.tasks)

    @property
    def reminded_at(self) -> datetime | None:
        """When they last had a mail about any of it."""
        return max((t.reminded_at for t in self.tasks if t.reminded_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeList:
    """Who would get a mail now."""

    round: str
    round_title: str
    recipients: tuple[Recipient, ...]
    """Also those who rest; whose task presses most comes first."""
    vacant: tuple[str, ...]
    """Titles of what nobody holds: there is nobody to remind."""
    version: int
    """Of the round."""


# ---- finding out -----------------------------------------------------------------------


@dataclass(slots=True)
class Survey:
    """Who owes what, of that which the actor may remind of."""

    desk: Desk
    actor: Actor | None
    tasks: list[TaskFact]
    told: Mapping[Place, Mapping[int, tuple[int, ...]]]
    reminded: Mapping[tuple[str, int], datetime]
    people: Mapping[int, people.KnownPerson]

    @property
    def by_person(self) -> dict[int, list[TaskFact]]:
        """Give each person's tasks, the actor's own left out."""
        found: dict[int, list[TaskFact]] = {}
        for task in self.tasks:
            for person in self.told[task.place] if task.place else ():
                if self.actor is None or person != self.actor.person:
                    found.setdefault(person, []).append(task)
        return found

    def awake(self, now: datetime) -> dict[int, list[TaskFact]]:
        """Give who may be reminded now, and of what."""
        found = {
            person: [task for task in tasks if not self._rests(task, person, now)]
            for person, tasks in self.by_person.items()
        }
        return {person: tasks for person, tasks in found.items() if tasks}

    @property
    def vacant(self) -> Iterator[str]:
        """Give the titles of what nobody holds."""
        for task in self.tasks:
            if task.place and not self.told[task.place]:
                yield self._title(task)

    def recipients(self, now: datetime) -> Iterator[Recipient]:
        """Give them with names and titles."""
        returned = marked(self.desk.connection, list(self.by_person))
        for person, tasks in self.by_person.items():
            known = self.people[person]
            absent = [self.told[task.place][person] for task in tasks if task.place]
            own = any(not one for one in absent)
            names = {name for one in absent for name in one}
            yield Recipient(
                name=known.name,
                email=known.email,
                instead_of=() if own else tuple(sorted(self.people[one].name for one in names)),
                tasks=tuple(self._line(task, person, now) for task in tasks),
                bounces=person in returned,
            )

    def _line(self, task: TaskFact, person: int, now: datetime) -> NudgedTask:
        case = self.desk.facts.case(task.case)
        if case is None or task.due_at is None:
            raise LookupError(task.id)
        due_on = plan.due_on(task.due_at, self.desk.definition.zone)
        return NudgedTask(
            task=task.id,
            case=task.case,
            title=self.desk.case_title(case),
            state=self.desk.state_title(case),
            unit=self.desk.unit_name(case.unit),
            due_on=due_on,
            working_days=plan.working_days_between(self.desk.today, due_on),
            reminded_at=self.reminded.get((task.id, person)),
            rests=self._rests(task, person, now),
        )

    def _title(self, task: TaskFact) -> str:
        case = self.desk.facts.case(task.case)
        return self.desk.case_title(case) if case else ""

    def _rests(self, task: TaskFact, person: int, now: datetime) -> bool:
        last = self.reminded.get((task.id, person))
        return last is not None and now - last < REST


def survey(world: World, desk: Desk, aim: Aim, email: str | None, now: datetime) -> Survey:
    facts, definition, connection = desk.facts, desk.definition, desk.connection
    if facts.round.closed_at is not None:
        raise refused(
            "closed", f"Omgången {aim.round} är avslutad.", f"The round {aim.round} is closed."
        )
    _check_aim(desk, aim)
    facts.remember_lines((*definition.unit, *definition.body))
    owed = [task for _, task in rounds.list_open_tasks(connection, round_id=aim.round)]
    owed = [task for task in owed if task.place is not None]
    facts.remember_cases([task.case for task in owed])
    actor, owed = _below(world, desk, owed, email, now)
    tasks = [task for task in owed if _is_meant(desk, aim, task)]
    told = told_at(facts, {task.place for task in tasks if task.place})
    ids = {one for place in told.values() for pair in place.items() for one in (pair[0], *pair[1])}
    return Survey(
        desk=desk,
        actor=actor,
        tasks=tasks,
        told=told,
        reminded=nudges.last_reminded(connection, [task.id for task in tasks]),
        people=people.people_by_id(connection, ids),
    )


def _check_aim(desk: Desk, aim: Aim) -> None:
    kinds = desk.definition.case
    _check_word(aim.round, aim.kind, list(kinds))
    states = [key for kind in kinds if aim.kind in (None, kind) for key in kinds[kind].state]
    _check_word(aim.round, aim.state, states)


def _check_word(round_id: str, word: str | None, there: Sequence[str]) -> None:
    if word is None or word in there:
        return
    near = get_close_matches(word, there, 1)
    hint = f" Menade du {near[0]}?" if near else f" De finns: {', '.join(there)}."
    raise NotFound(f"{round_id} har inget steg {word}.{hint}", f"{round_id} has no step {word}.")


def _is_meant(desk: Desk, aim: Aim, task: TaskFact) -> bool:
    case = desk.facts.case(task.case)
    if case is None or task.due_at is None or aim.kind not in (None, case.kind):
        return False
    if aim.state not in (None, task.state):
        return False
    due_on = plan.due_on(task.due_at, desk.definition.zone)
    return aim.far or plan.working_days_between(desk.today, due_on) <= SOON


def _below(
    world: World, desk: Desk, owed: list[TaskFact], email: str | None, now: datetime
) -> tuple[Actor | None, list[TaskFact]]:
    """Give somebody as they remind, and the tasks that they are above.

    Raises: NotFound, NoRight.
    """
    if email is None:
        return None, owed
    actor = world.actor(desk.connection, email, now)
    lead = acting_at(actor, leader_place(desk.definition, desk.facts))
    above: dict[Place | None, Actor | None] = {}
    for task in owed:
        if task.place not in above:
            places = places_above(desk.definition, desk.facts, task)
            acting = [acting_at(actor, place) for place in places]
            above[task.place] = next((way for way in acting if way is not None), None)
    ways = [way for way in (lead, *above.values()) if way is not None]
    if not ways:
        sv = "Påminner gör den som leder processen, eller står över den som har uppgiften."
        en = "For whoever leads the process, or stands above the one who has the task."
        raise NoRight(sv, en, reasons=(Reason("no_right", sv, en),))
    own = next((way for way in ways if way.on_behalf_of is None), ways[0])
    return own, [task for task in owed if above[task.place] is not None]
