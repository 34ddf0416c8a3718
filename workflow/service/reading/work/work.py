"""Mitt arbete: what somebody owes and by when, what waits on others, what is done.

What is read begins with what is open and with what the person did lately, so that the
rounds of other years cost nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from workflow.core import plan
from workflow.core.errors import NotFound
from workflow.core.extension import answerers
from workflow.core.facts import TaskFact
from workflow.service.desks import DONE
from workflow.service.reading.cases.parties import Due, Party, Roster, due_of
from workflow.service.reading.work.duties import Duty, duties
from workflow.service.reading.work.round import RoundBrief, brief_of
from workflow.service.seeing import Seen, see_round
from workflow.service.starting import Opening, openings
from workflow.service.world import ZONE, World
from workflow.store import case_work, extensions, people
from workflow.store import duties as store
from workflow.store.database import Connection
from workflow.store.duties import Did, Owed
from workflow.store.rounds import list_open_tasks

__all__ = ["Asking", "Deed", "Held", "View", "Work", "count_owed", "read_work"]

NEVER: Final = datetime.max.replace(tzinfo=UTC)
DONE_DAYS: Final = 14
"""What was done so lately is listed."""
SHOWN: Final = 50
"""So much is listed of what others owe, and of what is done."""


class View(StrEnum):
    """What of it is looked at."""

    MINE = "mina"
    UNITS = "enhets"
    WAITING = "vantar"
    DONE = "klart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something that somebody else has."""

    case: str
    title: str
    state: str
    party: Party | None
    since: datetime
    due: Due | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Somebody asks for more days, and the viewer answers."""

    case: str
    title: str
    who: str
    until_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done."""

    case: str
    title: str
    what: str
    """In the process's own word, e.g. "lämnade in"; else the words of the button."""
    at: datetime
    by_oneself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Somebody's work."""

    duties: tuple[Duty, ...]
    """The late ones first, then by deadline."""
    askings: tuple[Asking, ...]
    units: tuple[Held, ...]
    """What others owe at the viewer's units, and below."""
    waiting: tuple[Held, ...]
    """What the viewer has handed on."""
    done: tuple[Deed, ...]
    openings: tuple[Opening, ...]
    """What the viewer may open when it is needed."""
    rounds: tuple[RoundBrief, ...]
    """The rounds that run and that the viewer has a place in; that of the most urgent duty
    first."""


def count_owed(world: World, person: int) -> Owed:
    """Count what somebody owes now: one statement, for every page."""
    with world.database.read() as connection:
        now = world.now(connection)
        return store.count_owed(connection, person, world.today(now), now)


def read_work(world: World, email: str) -> Work:
    """Give what somebody has to do, and what they wait for.

    Raises: NotFound when nobody has the address.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        actor = world.actor(connection, email, now)
        opened = store.open_rounds(connection)
        seen = _seen(world, connection, [key for key, _ in opened], email)
        owed: dict[str, list[TaskFact]] = {}
        for key, task in list_open_tasks(connection, person=actor.person, today=world.today(now)):
            if task.place is not None and key in seen:
                owed.setdefault(key, []).append(task)
        mine = [one for key, tasks in owed.items() for one in duties(seen[key], tasks)]
        mine.sort(key=lambda one: one.due.at if one.due else NEVER)
        since = min([at for _, at in opened], default=now)
        did = store.did(connection, actor.person, min(since, now - timedelta(days=DONE_DAYS)))
        ours = {task.id for tasks in owed.values() for task in tasks}
        return Work(
            duties=tuple(mine),
            askings=tuple(_askings(connection, seen)),
            units=tuple(one for place in seen.values() for one in _units(place, ours)),
            waiting=tuple(_waiting(seen, did, ours)),
            done=tuple(_done(world, connection, email, seen, did, now)),
            openings=tuple(one for place in seen.values() for one in openings(place)),
            rounds=tuple(_briefs(world, seen, owed, mine)),
        )


def _seen(
    world: World, connection: Connection, rounds: Sequence[str], email: str
) -> dict[str, Seen]:
    found = {}
    for key in rounds:
        try:
            found[key] = see_round(world, connection, key, email)
        except NotFound:  # they have no place in it
            continue
    return found


def _briefs(
    world: World, seen: dict[str, Seen], owed: dict[str, list[TaskFact]], mine: Sequence[Duty]
) -> list[RoundBrief]:
    """Give the rounds in brief, that of the most urgent duty first."""
    first = next((one.round for one in mine), None)
    order = sorted(seen, key=lambda key: key != first)
    return [brief_of(world, seen[key], owed.get(key, ())) for key in order]


# ---- what others have ------------------------------------------------------------------


def _units(seen: Seen, ours: set[str]) -> list[Held]:
    """Give what others owe at the viewer's units and below, the most urgent first."""
    kinds = (*seen.definition.unit, *seen.definition.body)
    units = {
        unit.key
        for place in seen.actor.holds & seen.sight.places
        if not seen.definition.role[place.role].external
        for unit in seen.facts.units(kinds, below=place.unit)
    }
    tasks = store.open_tasks_at(seen.connection, seen.facts.round.id, sorted(units))
    others = [task for task in tasks if task.id not in ours]
    seen.facts.remember_cases([task.case for task in others])
    visible = [task for task in others if _sees(seen, task)]
    return _held(seen, visible[:SHOWN])


def _sees(seen: Seen, task: TaskFact) -> bool:
    case = seen.facts.case(task.case)
    return case is not None and seen.sight.sees(case)


def _waiting(seen: dict[str, Seen], did: Sequence[Did], ours: set[str]) -> list[Held]:
    """Give what the viewer has handed on and others have."""
    found = []
    for key, place in seen.items():
        cases = sorted({one.case for one in did if one.round == key and one.case})
        tasks = case_work.open_tasks(place.connection, cases).values() if cases else ()
        others = [task for task in tasks if task.place and task.id not in ours]
        place.facts.remember_cases([task.case for task in others])
        found += _held(place, [task for task in others if _sees(place, task)])
    return found


def _held(seen: Seen, tasks: Sequence[TaskFact]) -> list[Held]:
    roster = Roster(seen)
    roster.learn(task.place for task in tasks)
    cases = [case for task in tasks if (case := seen.facts.case(task.case))]
    read = [case.id for case in cases if seen.sight.reads(case)]
    rows = case_work.row_counts(seen.connection, read)
    found = []
    for case, task in zip(cases, tasks, strict=True):
        found.append(
            Held(
                case=case.id,
                title=seen.desk.title_of(case),
                state=seen.desk.state_title(case),
                party=roster.party(task.place),
                since=case.entered_at,
                due=due_of(seen, task),
                rows=rows.get(case.id, 0),
            )
        )
    return found


def _askings(connection: Connection, seen: dict[str, Seen]) -> Iterator[Asking]:
    """Give who asks the viewer for more days."""
    for asked in extensions.open_requests(connection).values():
        case_id = asked.task.rpartition("#")[0]
        place = next((one for key, one in seen.items() if case_id.startswith(f"{key}.")), None)
        case = place.facts.case(case_id) if place else None
        task = place.facts.task(case_id) if place else None
        if place is None or case is None or task is None or task.id != asked.task:
            continue
        if place.viewer.id in answerers(place.definition, place.facts, task, asked.by):
            due = due_of(place, task)
            yield Asking(
                case=case.id,
                title=place.desk.title_of(case),
                who=people.people_by_id(connection, [asked.by])[asked.by].name,
                until_on=asked.until_on,
                due_on=due.on if due else None,
            )


# ---- what is done ----------------------------------------------------------------------


def _done(
    world: World,
    connection: Connection,
    email: str,
    seen: dict[str, Seen],
    did: Sequence[Did],
    now: datetime,
) -> list[Deed]:
    """Give what was done in the last days, also in rounds that have ended since."""
    first = plan.day_start(plan.local_day(now, ZONE) - timedelta(days=DONE_DAYS), ZONE)
    lately = [one for one in did if one.at >= first and one.case][:SHOWN]
    missing = {one.round for one in lately} - seen.keys()
    known = {**seen, **_seen(world, connection, sorted(missing), email)}
    return [_deed(known[one.round], one) for one in lately if one.round in known]


def _deed(seen: Seen, one: Did) -> Deed:
    case = seen.facts.case(one.case)
    what, title = one.transition or "", one.case
    if case is not None:
        title = seen.desk.title_of(case)
        state = seen.definition.case[case.kind].state.get(one.from_state or "")
        button = state.transition.get(one.transition or "") if state else None
        if what in DONE:
            what = DONE[what]["en" if seen.desk.language == "en" else "sv"]
        elif button:
            own = seen.revision.text(f"{button.path}.done", button.done or "", seen.desk.language)
            what = own or seen.desk.button_title(one.transition or "", button)
    return Deed(case=one.case, title=title, what=what, at=one.at, by_oneself=one.by_oneself)
