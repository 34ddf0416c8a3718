"""What will happen by itself in a round or with a case, if nobody acts: mails that go out,
last days, milestones, cases that the clock moves.

Each person gets at most one reminder mail a day, on the first working day from the rung
on; rungs that go with the same mail are told once. Who holds a role is looked up for the
day in question, as far as it is known today.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from workflow.core import phrases, plan
from workflow.core.definition import State
from workflow.core.facts import CaseFact, Place, TaskFact
from workflow.core.reminding import reached, rungs_ahead
from workflow.core.roles import leader_place, superior_place
from workflow.service.reading.ahead.ahead import Ahead, Coming, Future
from workflow.service.reading.ahead.milestones import goes_on, milestones_ahead
from workflow.service.reading.past.posts import rung_words
from workflow.service.seeing import Seen, see_case, see_round
from workflow.service.world import World
from workflow.store import claims, mailings, people, rounds
from workflow.store.facts import StoredFacts

__all__ = ["coming_of_case", "coming_of_round"]


FEW: Final = 3
"""So many are named where several are told of as one."""


@dataclass(frozen=True, slots=True)
class _Mail:
    """One task in one reminder mail to one person."""

    on: date
    task: TaskFact
    case: CaseFact
    told: str
    person: int
    offset: int


def coming_of_case(world: World, email: str, case_id: str) -> Future:
    """Give what is coming for one case.

    Raises: NotFound for a case that the person may not see.
    """
    with world.database.read() as connection:
        seen, case = see_case(world, connection, case_id, email)
        task = seen.facts.task(case.id)
        found = list(_of_tasks(world, seen, [(case, task)] if task else []))
        return _future(world, seen, found)


def coming_of_round(world: World, email: str, round_id: str) -> Future:
    """Give what is coming in a round, of the cases that the person sees; what many get on
    one day is told as one.

    Raises: NotFound for a round in which they have no place.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        tasks = [task for _, task in rounds.list_open_tasks(connection, round_id=round_id)]
        seen.facts.remember_cases([task.case for task in tasks])
        known = [(seen.facts.case(task.case), task) for task in tasks]
        owed = [(case, task) for case, task in known if case and seen.sight.sees(case)]
        found = [*_of_tasks(world, seen, owed), *milestones_ahead(world, seen)]
        return _future(world, seen, _folded(seen, found))


def _future(world: World, seen: Seen, found: Iterable[Ahead]) -> Future:
    held_since, _ = claims.gate(seen.connection)
    ordered = sorted(found, key=lambda one: (one.at, one.case, one.what), reverse=True)
    return Future(ahead=tuple(ordered), held=world.mail_hold or held_since is not None)


# ---- tasks -----------------------------------------------------------------------------


def _of_tasks(
    world: World, seen: Seen, owed: Sequence[tuple[CaseFact, TaskFact]]
) -> Iterator[Ahead]:
    mails = _mails(world, seen, owed)
    names = people.people_by_id(seen.connection, {mail.person for mail in mails})
    together: dict[tuple[date, str, str], list[_Mail]] = {}
    for mail in mails:
        together.setdefault((mail.on, mail.task.id, mail.told), []).append(mail)
    for (on, _, told), some in together.items():
        to = tuple(names[one.person].name for one in some if one.person in names)
        mine = any(one.person == seen.viewer.id for one in some)
        offset = max(one.offset for one in some)
        yield Ahead(
            on=on,
            at=plan.wall_time(on, world.remind_at, seen.definition.zone),
            kind=Coming.REMINDER if told == "holder" else Coming.ESCALATION,
            what=_reminder(seen, to, offset, told, mine=mine),
            to=to,
            to_me=mine,
            case=some[0].case.id,
            case_title=seen.desk.case_title(some[0].case),
        )
    for case, task in owed:
        yield from _ends(seen, case, task)


def _mails(world: World, seen: Seen, owed: Sequence[tuple[CaseFact, TaskFact]]) -> list[_Mail]:
    """Give the reminder mails, the latest rung of each task, recipient and day."""
    found: dict[tuple[date, str, str, int], _Mail] = {}
    by_id = {task.id: (case, task) for case, task in owed}
    next_mail = _next_mail_on(world, seen)
    for person, rung in mailings.waiting(seen.connection, seen.facts.round.id):
        if rung.subject in by_id:
            case, task = by_id[rung.subject]
            step = rung.rung.removeprefix("holder").removeprefix("superior").removeprefix("leader")
            offset = int(step) if step[1:].isdigit() else 0
            one = _Mail(next_mail, task, case, rung.recipient, person, offset)
            found[one.on, task.id, one.told, person] = one
    days: dict[date, StoredFacts] = {}
    places = _told_places(seen, owed)
    for case, task in owed:
        if task.place is None:
            continue
        for rung_at in rungs_ahead(seen.definition, _state(seen, case), task, seen.now):
            on = goes_on(plan.local_day(rung_at.at, seen.definition.zone))
            if on not in days:
                days[on] = _staffed(seen, on, places)
            told, persons = reached(seen.definition, days[on], task.place, rung_at.recipient)
            for person in persons:
                one = _Mail(on, task, case, told, person, rung_at.offset)
                found[on, task.id, told, person] = one
    return list(found.values())


def _next_mail_on(world: World, seen: Seen) -> date:
    """Give the day of the next reminder mail: today as long as its hour has not come."""
    on = goes_on(seen.desk.today)
    if plan.wall_time(on, world.remind_at, seen.definition.zone) <= seen.now:
        return plan.working_day_after(on)
    return on


def _state(seen: Seen, case: CaseFact) -> State:
    return seen.definition.case[case.kind].state[case.state]


def _told_places(seen: Seen, owed: Sequence[tuple[CaseFact, TaskFact]]) -> list[Place]:
    """Give every place that may be told of some tasks."""
    places: dict[Place, None] = {}
    for place in {task.place for _, task in owed if task.place}:
        above = superior_place(seen.definition, seen.facts, place)
        places |= dict.fromkeys(one for one in (place, above) if one)
    leader = leader_place(seen.definition, seen.facts)
    return [*places, *([leader] if leader else [])]


def _staffed(seen: Seen, on: date, places: Sequence[Place]) -> StoredFacts:
    """Give the round's facts on a day, with who holds some places read at once."""
    facts = seen.facts.on(on)
    facts.holders(places)
    return facts


def _reminder(seen: Seen, to: Sequence[str], offset: int, told: str, *, mine: bool) -> str:
    english = seen.desk.language == "en"
    step = rung_words(offset, told, seen.desk.language)
    if not mine:
        names = ", ".join(to)
    elif len(to) > 1:
        names = f"you and {len(to) - 1} more" if english else f"dig och {len(to) - 1} till"
    else:
        names = "you" if english else "dig"
    return f"Reminder to {names}, {step}" if english else f"Påminnelse till {names}, {step}"


def _ends(seen: Seen, case: CaseFact, task: TaskFact) -> Iterator[Ahead]:
    """Give the last day of a task, and where the clock moves the case then."""
    state = _state(seen, case)
    if task.due_at is None or task.due_at <= seen.now:
        return
    english = seen.desk.language == "en"
    title = seen.desk.state_title(case)
    last_day = Ahead(
        on=plan.due_on(task.due_at, seen.definition.zone),
        at=task.due_at,
        kind=Coming.LAST_DAY,
        what=f'Last day for "{title}"' if english else f"Sista dag för ”{title}”",
        case=case.id,
        case_title=seen.desk.case_title(case),
    )
    if task.place:
        yield last_day
    if state.at_due:
        to = seen.desk.state_title(replace(case, state=state.at_due))
        yield replace(
            last_day,
            kind=Coming.MOVES,
            what=f'Goes to "{to}" by itself' if english else f"Går till ”{to}” av sig självt",
        )


# ---- many as one -----------------------------------------------------------------------


def _folded(seen: Seen, found: Iterable[Ahead]) -> Iterator[Ahead]:
    """Tell as one what is of the same kind on the same day, for cases of the same kind."""
    groups: dict[tuple[datetime, Coming, str], list[Ahead]] = {}
    for one in found:
        case = seen.facts.case(one.case) if one.case else None
        if case is None:
            yield one
        else:
            groups.setdefault((one.at, one.kind, case.kind), []).append(one)
    for (_, _, kind), parts in groups.items():
        yield parts[0] if len(parts) == 1 else _fold(seen, kind, parts)


def _fold(seen: Seen, kind: str, parts: Sequence[Ahead]) -> Ahead:
    first = parts[0]
    own = seen.revision.title(seen.definition.case[kind], seen.desk.language)
    title = phrases.fill(own, year=seen.facts.round.year, unit="…", occasion="…")
    to = tuple(sorted({name for one in parts for name in one.to}))
    english = seen.desk.language == "en"
    words = {
        Coming.REMINDER: (f"Påminnelse till {_some(to)}", f"Reminder to {_some(to, 'people')}"),
        Coming.ESCALATION: (f"{_some(to)} får veta", f"{_some(to, 'people')} will be told"),
        Coming.LAST_DAY: ("Sista dag", "Last day"),
        Coming.MOVES: ("Går vidare av sig självt", "Goes on by itself"),
    }
    sv, en = words[first.kind]
    return Ahead(
        on=first.on,
        at=first.at,
        kind=first.kind,
        what=f"{en if english else sv}: {title} ({len(parts)})",
        to=to,
        to_me=any(one.to_me for one in parts),
        parts=tuple(parts),
    )


def _some(names: Sequence[str], word: str = "personer") -> str:
    """Name a few, and count many."""
    return ", ".join(names) if len(names) <= FEW else f"{len(names)} {word}"
