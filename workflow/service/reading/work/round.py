"""A round in brief beside one's work: how far it has come, what follows, the next mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import phrases, plan
from workflow.core.course import Way, course_of
from workflow.core.facts import CaseFact, TaskFact
from workflow.core.reminding import rungs_ahead
from workflow.core.succession import successors
from workflow.service.reading.cases.parties import Party, Roster
from workflow.service.resting import Rest, rest_of
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store import duties as store
from workflow.store import people
from workflow.store.rounds import list_milestones

__all__ = ["After", "NextMail", "Part", "RoundBrief", "brief_of"]

FOLLOWING = 3
"""Of the steps that come after one's own, so many are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many cases of a kind are in."""

    title: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """A step that comes when one has handed in."""

    title: str
    party: Party | None
    on: date | None
    """Its last day, when the plan has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMail:
    """The next reminder to the viewer."""

    at: datetime
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBrief:
    """A round that runs."""

    id: str
    title: str
    steps: tuple[str, ...]
    """Titles of its states, in the order in which they are meant to come."""
    step: int
    """Which of them it stands in, from 1; 0 when it stands beside them."""
    state: str
    """Title of the state it stands in."""
    parts: tuple[Part, ...]
    """What the present step waits for."""
    after: tuple[After, ...]
    mail: NextMail | None
    leader: str
    leader_email: str
    milestone: str
    """The next one in the plan; empty when none is left."""
    milestone_on: date | None
    rest: Rest | None = None
    """None while it goes on."""


def brief_of(world: World, seen: Seen, owed: Sequence[TaskFact]) -> RoundBrief:
    """Give a round in brief, as it is for somebody who owes some tasks in it."""
    root = seen.facts.case(f"{seen.facts.round.id}.{seen.definition.root.key}")
    course = course_of(seen.revision)
    states = course.root.states
    now = root.state if root else ""
    leaders = people.people_by_id(seen.connection, seen.desk.leader()[:1])
    leader = next(iter(leaders.values()), None)
    milestone, on = _next_milestone(seen)
    return RoundBrief(
        id=seen.facts.round.id,
        title=seen.desk.round_title,
        steps=tuple(seen.desk.state_name(course.root.kind, state) for state in states),
        step=states.index(now) + 1 if now in states else 0,
        state=seen.desk.state_title(root) if root else "",
        parts=tuple(_parts(seen, now)) if root and root.ended_at is None else (),
        after=tuple(_after(seen, owed[0])) if owed else (),
        mail=None if seen.facts.round.paused_at else _next_mail(world, seen, owed),
        leader=leader.name if leader else "",
        leader_email=leader.email if leader else "",
        milestone=milestone,
        milestone_on=on,
        rest=rest_of(seen.connection, seen.facts.round, seen.desk.language),
    )


def _parts(seen: Seen, state: str) -> list[Part]:
    """Count how many of what the present step waits for have been handed in."""
    course = course_of(seen.revision)
    counts = store.kinds(seen.connection, seen.facts.round.id)
    found = []
    for kind in course.parts(course.root.kind, state):
        own = [(at, many, ended) for name, at, many, ended in counts if name == kind]
        total = sum(many for at, many, _ in own if at != "withdrawn")
        way = course.ways[kind]
        done = sum(many for at, many, _ in own if _is_in(way, course.arrival(kind), at))
        if total > 1:
            found.append(Part(title=seen.desk.kind_title(kind), done=done, total=total))
    return found


def _is_in(way: Way, arrival: str, state: str) -> bool:
    """Say whether a case that stands in a state has been handed in."""
    return state in way.places and way.places[state] > way.places[arrival]


def _after(seen: Seen, task: TaskFact) -> list[After]:
    """Give what comes after one's own step."""
    case = seen.facts.case(task.case)
    roster, found = Roster(seen), []
    for one in successors(seen.revision, seen.facts, case) if case else ():
        due = one.state.due
        planned = None
        if due and due.span is None and due.anchor in seen.definition.milestone:
            fact = seen.facts.milestone(due.anchor)
            planned = plan.due_on(fact.due_at, seen.definition.zone) if fact.due_at else None
        title = seen.desk.state_name(one.case.kind, one.state.key)
        found.append(After(title=title, party=roster.party(one.place), on=planned))
        if len(found) == FOLLOWING:
            break
    return found


def _next_mail(world: World, seen: Seen, owed: Sequence[TaskFact]) -> NextMail | None:
    """Give when the viewer is reminded next, and of what."""
    days: dict[date, list[CaseFact]] = {}
    zone = seen.definition.zone
    for task in owed:
        case = seen.facts.case(task.case)
        state = seen.definition.case[case.kind].state[case.state] if case else None
        for rung in rungs_ahead(seen.definition, state, task, seen.now) if state else ():
            if rung.recipient == "holder" and case:
                days.setdefault(plan.local_day(rung.at, zone), []).append(case)
                break
    if not days:
        return None
    first = min(days)
    at = plan.wall_time(plan.roll(first, "working_day_after"), world.remind_at, zone)
    return NextMail(at=at, titles=tuple(seen.desk.title_of(case) for case in days[first]))


def _next_milestone(seen: Seen) -> tuple[str, date | None]:
    for one in list_milestones(seen.connection, seen.facts.round.id):
        if one["due_at"] and one["due_at"] > seen.now:
            milestone = seen.definition.milestone[one["key"]]
            own = seen.revision.title(milestone, seen.desk.language)
            return phrases.fill(own, year=seen.facts.round.year), one["last_on"]
    return "", None
