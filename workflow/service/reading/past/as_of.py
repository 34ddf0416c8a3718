"""How a round stood at the end of a day: its log replayed up to then.

What is shown are states, tasks, milestones and who held the roles that day, as the
organisation's register tells it today. What somebody may not see now, they do not see
then either. Where a payload has been disposed of, what it told is said to be gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.core import phrases, plan
from workflow.core.days import say_day
from workflow.core.errors import BadInput
from workflow.core.facts import CaseFact, Place
from workflow.service.seeing import Seen, see_round
from workflow.service.world import World
from workflow.store import people
from workflow.store.past import Past, PastCase, read_past

__all__ = ["AsOf", "StoodCase", "StoodMilestone", "as_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoodCase:
    """A case as it stood."""

    case: str
    title: str
    depth: int
    """How many cases lie above it."""
    state: str
    """The title of the state or end."""
    ended: bool
    since: date
    """The day on which it came there."""
    owes: str
    """Title of the role that had it; empty when nobody did, or when that is gone."""
    holders: tuple[str, ...]
    """Names of those who held the role that day."""
    due_on: date | None
    late: bool
    """Its last day had passed."""
    extended_on: date | None
    disposed: bool
    """What told who owed it, and by when, was disposed of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoodMilestone:
    """A milestone as it stood."""

    key: str
    title: str
    first_on: date | None
    last_on: date | None
    moved_from: date | None
    passed: bool
    disposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """A round at the end of a day."""

    round: str
    title: str
    on: date
    is_today: bool
    """The day is not over: it is how the round stands now."""
    number: int
    """The last entry by then; 0 when the round had not been opened."""
    state: str
    """The title of the state of the round itself; empty before it was opened."""
    cases: tuple[StoodCase, ...]
    """Each followed by those below it."""
    milestones: tuple[StoodMilestone, ...]
    disposed: bool
    """Something of it can no longer be told."""


def as_of(world: World, email: str, round_id: str, on: date) -> AsOf:
    """Give how a round stood when a local day was over; on the present day, how it stands.

    Raises: NotFound for a round in which the person has no place; BadInput for a day that
        is yet to come.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        if on > seen.desk.today:
            raise BadInput(
                f"{say_day(on)} har inte varit än. Välj en dag till och med i dag.",
                f"{say_day(on, 'en')} is yet to come. Choose a day until today.",
            )
        until = plan.day_end(on, seen.definition.zone)
        past = read_past(connection, round_id, until)
        cases = tuple(_cases(seen, past, on, min(until, seen.now)))
        milestones = tuple(_milestones(seen, past, min(until, seen.now)))
        root = next((one for one in past.cases if one.parent is None), None)
        return AsOf(
            round=round_id,
            title=seen.desk.round_title,
            on=on,
            is_today=on == seen.desk.today,
            number=past.number,
            state=seen.desk.state_title(_fact(root)) if root else "",
            cases=cases,
            milestones=milestones,
            disposed=any(case.disposed for case in cases) or any(m.disposed for m in milestones),
        )


def _fact(case: PastCase) -> CaseFact:
    return CaseFact(
        id=case.id,
        kind=case.kind,
        unit=case.unit,
        parent=case.parent,
        opened_in=None,
        started=False,
        state=case.state,
        version=case.version,
        opened_at=case.entered_at,
        entered_at=case.entered_at,
        occasion=case.occasion,
    )


def _cases(seen: Seen, past: Past, on: date, until: datetime) -> Iterator[StoodCase]:
    facts = {case.id: _fact(case) for case in past.cases}
    visible = [case for case in past.cases if seen.sight.sees(facts[case.id])]
    places = {case.task.place for case in visible if case.task and case.task.place}
    names = _names(seen, places, on)
    for case, depth in _in_tree(visible):
        kind = seen.definition.case[case.kind]
        task = case.task
        owed = task is not None and task.place is not None
        due_at = task.due_at if task else None
        yield StoodCase(
            case=case.id,
            title=seen.desk.case_title(facts[case.id]),
            depth=depth,
            state=seen.desk.state_title(facts[case.id]),
            ended=case.state not in kind.state,
            since=plan.local_day(case.entered_at, seen.definition.zone),
            owes=_role(seen, task.place) if task and task.place else "",
            holders=names.get(task.place, ()) if task and task.place else (),
            due_on=plan.due_on(due_at, seen.definition.zone) if due_at else None,
            late=owed and due_at is not None and due_at <= until,
            extended_on=task.extended_on if task else None,
            disposed=task is not None and not task.sure and case.state in kind.state,
        )


def _in_tree(cases: Sequence[PastCase]) -> Iterator[tuple[PastCase, int]]:
    """Give cases, each followed by those below it, with how deep they lie."""
    there = {case.id for case in cases}
    below: dict[str | None, list[PastCase]] = {}
    for case in cases:
        below.setdefault(case.parent if case.parent in there else None, []).append(case)
    waiting = [(case, 0) for case in reversed(below.get(None, []))]
    while waiting:
        case, depth = waiting.pop()
        yield case, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(case.id, []))]


def _names(seen: Seen, places: set[Place], on: date) -> dict[Place, tuple[str, ...]]:
    """Name those who held each place on a day."""
    held = people.holders(seen.connection, list(places), on) if places else {}
    known = people.people_by_id(seen.connection, {one for ids in held.values() for one in ids})
    return {
        place: tuple(known[person].name for person in ids if person in known)
        for place, ids in held.items()
    }


def _role(seen: Seen, place: Place) -> str:
    role = seen.definition.role.get(place.role)
    return seen.revision.title(role, seen.desk.language) if role else place.role


def _milestones(seen: Seen, past: Past, until: datetime) -> Iterator[StoodMilestone]:
    known = {one.key: one for one in past.milestones}
    for key, milestone in seen.definition.milestone.items():
        if key in known:
            one = known[key]
            title = seen.revision.title(milestone, seen.desk.language)
            yield StoodMilestone(
                key=key,
                title=phrases.fill(title, year=seen.facts.round.year),
                first_on=one.first_on,
                last_on=one.last_on,
                moved_from=one.moved_from,
                passed=one.due_at is not None and one.due_at <= until,
                disposed=not one.sure,
            )
