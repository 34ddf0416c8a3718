"""What a moved milestone changes, found out before anything is saved.

The same computation gives what is shown beforehand and what is written: the plan
laid out anew, the deadlines counted from what moved, and what whoever moves it
ought to know first. A granted extension is never shortened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.core import plan
from workflow.core.days import say_day
from workflow.core.definition import Definition, State
from workflow.core.errors import Reason
from workflow.core.facts import CaseFact, MilestoneFact, RoundFact, SeriesFact, TaskFact
from workflow.core.occasions import with_next
from workflow.core.owing import wake_at
from workflow.core.phrases import Due, read_due
from workflow.core.revision import Revision

__all__ = [
    "Days",
    "MilestoneMove",
    "Move",
    "Planned",
    "Standing",
    "TaskMove",
    "anchor_of",
    "day_off",
    "plan_move",
    "series_moved",
    "warnings_of",
    "with_deadline",
]

Days = tuple[date | None, date | None]
"""First and last day; None until a date is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A milestone as it stands in a round's plan."""

    fact: MilestoneFact
    moved_from: date | None
    """The last day it had when the round opened, once it has been moved."""
    by_hand: bool
    """Its date no longer follows another milestone's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A round's plan and its open tasks, as they stand."""

    round: RoundFact
    milestones: Sequence[Planned]
    """The whole plan, in its order."""
    tasks: Sequence[tuple[CaseFact, TaskFact]]
    series: Sequence[SeriesFact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneMove:
    """A milestone that gets other days."""

    before: Planned
    after: Planned
    counted_from: str | None
    """The milestone it follows; None for the one that is moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMove:
    """An open task whose deadline is counted from a moved milestone."""

    case: CaseFact
    before: TaskFact
    after: TaskFact
    """The same as before when a granted extension, or the roll of a weekend, keeps its day."""

    @property
    def changed(self) -> bool:
        """Whether its deadline is another."""
        return self.after.due_at != self.before.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Everything that one move changes in a round's plan and its tasks."""

    milestones: tuple[MilestoneMove, ...]
    """In the order of the plan."""
    tasks: tuple[TaskMove, ...]
    """In the order they were given."""
    series: tuple[SeriesFact, ...]
    """As they are from now on, those whose next case comes on another day."""
    warnings: tuple[Reason, ...]


def plan_move(revision: Revision, standing: Standing, key: str, to: date, now: datetime) -> Move:
    """Find out what changes when a milestone, which is there, is moved to a day."""
    definition, fact, before = revision.definition, standing.round, standing.milestones
    by_hand = {one.fact.key: one.fact.last_on for one in before if one.by_hand}
    fixed = {name: day for name, day in by_hand.items() if day} | {key: to}
    days = plan.milestone_days(definition, fact.plan, fact.year, moved=fixed)
    moved = tuple(
        _milestone(definition, fact, one, days[one.fact.key], one.fact.key == key)
        for one in before
        if one.fact.key == key or days[one.fact.key] != (one.fact.first_on, one.fact.last_on)
    )
    facts = {one.fact.key: one.fact for one in before}
    facts |= {one.after.fact.key: one.after.fact for one in moved}
    names = {one.after.fact.key for one in moved}
    found = tuple(_tasks(revision, facts, names, standing.tasks, now))
    return Move(
        milestones=moved,
        tasks=found,
        series=tuple(series_moved(definition, facts, standing.series)),
        warnings=tuple(warnings_of(definition, before, moved, facts, now)),
    )


def _milestone(
    definition: Definition, fact: RoundFact, one: Planned, days: Days, own: bool
) -> MilestoneMove:
    milestone = definition.milestone[one.fact.key]
    after = Planned(
        fact=plan.milestone_fact(definition, milestone, *days),
        moved_from=one.moved_from or one.fact.last_on,
        by_hand=own or one.by_hand,
    )
    dates = milestone.on
    if fact.plan:
        dates = definition.plan[fact.plan].on.get(milestone.key, dates)
    anchor = next((when.anchor for when in dates if when.anchor), None)
    return MilestoneMove(before=one, after=after, counted_from=None if own else anchor)


def _tasks(
    revision: Revision,
    facts: Mapping[str, MilestoneFact],
    moved: set[str],
    tasks: Sequence[tuple[CaseFact, TaskFact]],
    now: datetime,
) -> Iterator[TaskMove]:
    definition = revision.definition
    for case, task in tasks:
        due = read_due(task.due_rule) if task.due_rule else None
        if due is None or anchor_of(due, case) not in moved:
            continue
        state = definition.case[case.kind].state[task.state]
        due_at = plan.task_due_at(definition, state, due, case, facts.__getitem__)
        if task.extended_on:
            extended = plan.day_end(task.extended_on, definition.zone)
            due_at = max(due_at, extended) if due_at else extended
        after = task if due_at == task.due_at else with_deadline(revision, state, task, due_at, now)
        yield TaskMove(case=case, before=task, after=after)


def anchor_of(due: Due, case: CaseFact) -> str:
    """Give what a deadline is counted from; for an occasion the milestone that it is."""
    return case.occasion or due.anchor if due.anchor == "occasion" else due.anchor


def series_moved(
    definition: Definition,
    facts: Mapping[str, MilestoneFact],
    series: Sequence[SeriesFact],
) -> Iterator[SeriesFact]:
    """Give the series of milestones whose next case now comes on another day."""
    for one in series:
        if definition.milestones_of(definition.case[one.kind]) or definition.case[one.kind].until:
            after = with_next(definition, one, facts.__getitem__)
            if after != one:
                yield after


def with_deadline(
    revision: Revision, state: State, task: TaskFact, due_at: datetime | None, now: datetime
) -> TaskFact:
    """Give an open task another deadline; its ladder counts from now on."""
    wake = wake_at(revision, state, due_at, now, owed=task.place is not None)
    return replace(task, due_at=due_at, ladder_from=now, next_reminder_at=wake)


# ---- what one ought to know first ------------------------------------------------------


def warnings_of(
    definition: Definition,
    before: Sequence[Planned],
    moved: Sequence[MilestoneMove],
    facts: Mapping[str, MilestoneFact],
    now: datetime,
) -> Iterator[Reason]:
    """Give what one ought to know of moved milestones; `facts` is the plan with them."""
    order = [one.fact.key for one in before]
    names = {one.after.fact.key for one in moved}
    yield from _order(definition, order, names, facts)
    for one in moved:
        fact = one.after.fact
        title = definition.milestone[fact.key].title
        yield from _day(definition, fact, title)
        if fact.due_at and fact.due_at <= now:
            yield Reason(
                "past",
                f"”{title}”: dagen har redan passerat. Öppna uppgifter är sena från och med nu,"
                " och stegen i påminnelsetrappan före flytten görs inte om.",
                f'"{title}": the day has passed already. Open tasks are late from now on, and'
                " steps of the ladder before the move are not made up for.",
            )
        body = definition.milestone[fact.key].meeting
        if body and fact.last_on != one.before.fact.last_on:
            meets = definition.body[body].title
            yield Reason(
                "meeting",
                f"”{title}” är ett möte: {meets}. Se till att mötet också flyttas.",
                f'"{title}" is a meeting: {meets}. See that the meeting is moved as well.',
            )
    yield from _stay(definition, before, names)


def _order(
    definition: Definition,
    order: Sequence[str],
    moved: set[str],
    facts: Mapping[str, MilestoneFact],
) -> Iterator[Reason]:
    """Name the neighbours that no longer lie in the order of the plan."""
    dated = [(key, last) for key in order if (last := facts[key].last_on)]
    for n, (key, day) in enumerate(dated):
        for other, later in dated[n + 1 :]:
            if later < day and moved & {key, other}:
                first, second = definition.milestone[key].title, definition.milestone[other].title
                yield Reason(
                    "order",
                    f"Ordningen bryts: ”{first}” ({say_day(day)}) ska ligga före ”{second}”"
                    f" ({say_day(later)}).",
                    f'The order is broken: "{first}" ({say_day(day, "en")}) should lie before'
                    f' "{second}" ({say_day(later, "en")}).',
                )


def _day(definition: Definition, fact: MilestoneFact, title: str) -> Iterator[Reason]:
    if fact.last_on is None or fact.due_at is None:
        return
    due_on = plan.due_on(fact.due_at, definition.zone)
    if plan.is_bridge_day(fact.last_on):
        yield Reason(
            "bridge_day",
            f"”{title}”: {say_day(fact.last_on)} är en klämdag, en arbetsdag mellan två lediga.",
            f'"{title}": {say_day(fact.last_on, "en")} is a working day between two days off.',
        )
    off = day_off(fact.last_on), day_off(fact.last_on, "en")
    if not off[0]:
        return
    if due_on == fact.last_on:
        sv, en = "sista dag är ändå den dagen", "the last day is that day all the same"
    else:
        sv, en = f"sista dag blir {say_day(due_on)}", f"the last day is {say_day(due_on, 'en')}"
    yield Reason(
        "day_off",
        f"”{title}”: {say_day(fact.last_on)} är {off[0]}; {sv}.",
        f'"{title}": {say_day(fact.last_on, "en")} is {off[1]}; {en}.',
    )


def day_off(day: date, language: str = "sv") -> str:
    """Name what makes a day off, e.g. "en lördag", "midsommarafton"; empty on a working day."""
    name = plan.day_off_name(day, language) or ""
    if name.casefold() in ("lördag", "söndag"):
        return f"en {name}"
    return f"a {name}" if name in ("Saturday", "Sunday") else name


def _stay(definition: Definition, before: Sequence[Planned], moved: set[str]) -> Iterator[Reason]:
    """Name the milestones that used to follow a moved one, but have been set by hand."""
    for one in before:
        anchors = {when.anchor for when in definition.milestone[one.fact.key].on if when.anchor}
        if one.by_hand and one.fact.key not in moved and anchors & moved:
            title = definition.milestone[one.fact.key].title
            yield Reason(
                "set_by_hand",
                f"”{title}” är satt för hand och följer inte med.",
                f'"{title}" was set by hand and does not follow.',
            )
