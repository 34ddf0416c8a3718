"""Who has a case, since when and until when, who gets it next, and what it waits for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import plan
from workflow.core.facts import CaseFact, Place, TaskFact
from workflow.core.standing_in import told_at
from workflow.core.succession import successors
from workflow.service.seeing import Seen
from workflow.store import case_work, people

__all__ = ["Below", "Due", "Link", "Party", "Roster", "below", "chain", "due_of"]

LINKS = 4
"""Of those that come after, so many are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who holds a place."""

    role: str
    """The role's title."""
    unit: str
    """The unit's name."""
    names: tuple[str, ...]
    """Of its holders; empty when there is none."""
    mine: bool
    """The viewer holds it, or stands in for a holder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """By when something is owed."""

    at: datetime
    on: date
    is_late: bool
    planned_on: date | None
    """The day the plan says, when a day off moved the deadline from it."""
    extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A step of the way, and who takes it."""

    title: str
    """The state's title."""
    about: str
    """Title of the case it is a step of, when that is another one."""
    party: Party | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """A case below one, that somebody sees."""

    case: str
    kind: str
    title: str
    state: str
    """Title of where it stands."""
    state_key: str
    tone: str
    """done, late, act, or empty for one that was withdrawn."""
    party: Party | None
    due: Due | None
    opened_at: datetime
    rows: int
    """How many rows it holds; 0 for what the viewer does not read."""
    ended: bool


class Roster:
    """Who holds which place, named as a page needs them."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self._known: dict[Place, Party] = {}

    def learn(self, places: Iterable[Place | None]) -> None:
        """Look up several places with two statements."""
        new = [place for place in dict.fromkeys(places) if place and place not in self._known]
        if not new:
            return
        told = told_at(self.seen.facts, new)
        holders = self.seen.facts.holders(new)
        ids = {person for held in holders.values() for person in held}
        known = people.people_by_id(self.seen.connection, ids)
        for place in new:
            role = self.seen.definition.role[place.role]
            self._known[place] = Party(
                role=self.seen.revision.title(role, self.seen.desk.language),
                unit=self.seen.desk.unit_name(place.unit),
                names=tuple(known[one].name for one in holders[place] if one in known),
                mine=self.seen.viewer.id in told[place],
            )

    def party(self, place: Place | None) -> Party | None:
        """Give who holds a place; None for no place."""
        if place is None:
            return None
        self.learn((place,))
        return self._known[place]


def due_of(seen: Seen, task: TaskFact | None) -> Due | None:
    """Give by when a task is owed; None when it has no day."""
    if task is None or task.due_at is None:
        return None
    on = plan.due_on(task.due_at, seen.definition.zone)
    planned = None
    if task.due_rule in seen.definition.milestone:
        planned = seen.facts.milestone(task.due_rule).last_on
    return Due(
        at=task.due_at,
        on=on,
        is_late=task.due_at <= seen.now,
        planned_on=planned if planned != on and not task.extended_on else None,
        extended=task.extended_on == on,
    )


def chain(seen: Seen, roster: Roster, case: CaseFact) -> tuple[Link, ...]:
    """Give the steps that come after the present one, nearest first."""
    found = []
    for one in successors(seen.revision, seen.facts, case):
        found.append(one)
        if len(found) == LINKS:
            break
    roster.learn(one.place for one in found)
    return tuple(
        Link(
            title=seen.desk.state_name(one.case.kind, one.state.key),
            about="" if one.case.id == case.id else seen.desk.title_of(one.case),
            party=roster.party(one.place),
        )
        for one in found
    )


def below(seen: Seen, roster: Roster, case: CaseFact) -> tuple[Below, ...]:
    """Give the cases right below one that the viewer sees, those that are not done first, the
    most urgent first."""
    children = [child for child in seen.facts.children(case.id) if seen.sight.sees(child)]
    if not children:
        return ()
    ids = [child.id for child in children]
    tasks = case_work.open_tasks(seen.connection, ids)
    read = [child.id for child in children if seen.sight.reads(child)]
    rows = case_work.row_counts(seen.connection, read)
    roster.learn(task.place for task in tasks.values())
    found = [_below(seen, roster, child, tasks.get(child.id), rows) for child in children]
    far = datetime.max.replace(tzinfo=seen.now.tzinfo)
    return tuple(
        sorted(
            found,
            key=lambda b: (b.ended, b.due.at if b.due else far, b.tone != "late", b.title),
        )
    )


def _below(
    seen: Seen, roster: Roster, case: CaseFact, task: TaskFact | None, rows: Mapping[str, int]
) -> Below:
    due = due_of(seen, task)
    return Below(
        case=case.id,
        kind=case.kind,
        title=seen.desk.case_title(case),
        state=seen.desk.state_title(case),
        state_key=case.state,
        tone=_tone(case, due),
        party=roster.party(task.place) if task else None,
        due=due if task and task.place else None,
        opened_at=case.opened_at,
        rows=rows.get(case.id, 0),
        ended=case.ended_at is not None,
    )


def _tone(case: CaseFact, due: Due | None) -> str:
    if case.ended_at is not None:
        return {"missing": "late", "withdrawn": ""}.get(case.state, "done")
    return "late" if due and due.is_late else "act"
