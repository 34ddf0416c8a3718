"""What somebody who leads a round, or reads all of it, has before them to change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.core import phrases, plan
from workflow.core.definition import Case
from workflow.core.errors import NotFound
from workflow.core.facts import CaseFact, TaskFact
from workflow.core.roles import place_of
from workflow.service.resting import Rest, rest_of
from workflow.service.seeing import Seen, nothing_there, see_round
from workflow.service.world import World
from workflow.store import rounds
from workflow.store.database import Connection
from workflow.store.mergers import merged_in

__all__ = [
    "OpenCase",
    "OwedStep",
    "Planned",
    "RoundToLead",
    "Units",
    "led_rounds",
    "read_plan",
    "read_steps",
    "read_units",
    "rounds_read",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundToLead:
    """A round, on a page that changes it."""

    id: str
    title: str
    reference: str
    may: bool
    """They lead it, and it has not ended: the page has buttons."""
    reads_all: bool
    """They lead it, or read all of it."""
    rest: Rest | None = None
    """None while it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A milestone of the plan."""

    key: str
    title: str
    first_on: date | None
    last_on: date | None
    moved_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedStep:
    """A step in which something is owed now."""

    key: str
    """Kind of case and state, with a dot between."""
    title: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A unit's case that is waited for."""

    unit: str
    unit_name: str
    above: str
    """Name of the unit above; empty at the top."""
    case: str
    title: str
    state: str
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The units of a round, to add, withdraw and carry as missing."""

    round: RoundToLead
    open: tuple[OpenCase, ...]
    """What can be withdrawn, or carried as missing once it is late, by whoever looks."""
    ended: tuple[tuple[str, str], ...]
    """Title, and how it ended, of those that were carried as missing or withdrawn."""
    absent: tuple[tuple[str, str], ...]
    """Key and name of the organisation's units that have no case in the round."""
    merged: tuple[tuple[str, str, date], ...] = ()
    """Name, what it went into and its last day, of those that are merged or renamed since."""


def rounds_read(world: World, connection: Connection, email: str) -> frozenset[str]:
    """Give the ids of the rounds that somebody leads, or may read whole."""
    found = []
    for one in rounds.list_rounds(connection, world.now(connection)):
        try:
            seen = see_round(world, connection, one["round"], email)
        except NotFound:  # they have no place in it
            continue
        if seen.sight.everything or seen.sight.leads:
            found.append(one["round"])
    return frozenset(found)


def led_rounds(world: World, email: str) -> frozenset[str]:
    """Give the same, in a transaction of its own."""
    with world.database.read() as connection:
        return rounds_read(world, connection, email)


def read_plan(world: World, round_id: str, email: str) -> tuple[RoundToLead, tuple[Planned, ...]]:
    """Give a round's plan to whoever leads it, or reads all of it.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = _see(world, connection, round_id, email)
        year, language = seen.facts.round.year, seen.desk.language
        milestones = tuple(
            Planned(
                key=one["key"],
                title=phrases.fill(
                    seen.revision.title(seen.definition.milestone[one["key"]], language), year=year
                ),
                first_on=one["first_on"],
                last_on=one["last_on"],
                moved_from=one["moved_from"],
            )
            for one in rounds.list_milestones(connection, round_id)
        )
        return _round(seen), milestones


def read_steps(world: World, round_id: str, email: str) -> tuple[RoundToLead, tuple[OwedStep, ...]]:
    """Give the steps of a round in which something is owed now by any day.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        owed = [
            task
            for _, task in rounds.list_open_tasks(connection, round_id=round_id)
            if task.place is not None and task.due_at is not None
        ]
        seen.facts.remember_cases([task.case for task in owed])
        counts: dict[str, int] = {}
        titles: dict[str, str] = {}
        for task in owed:
            case = seen.facts.case(task.case)
            if case is not None and seen.sight.sees(case):
                key = f"{case.kind}.{task.state}"
                counts[key] = counts.get(key, 0) + 1
                titles[key] = seen.desk.state_title(case)
        return _round(seen), tuple(
            OwedStep(key=key, title=titles[key], tasks=count) for key, count in counts.items()
        )


def read_units(world: World, round_id: str, email: str) -> Units:
    """Give a round's units to whoever leads it, may withdraw some, or reads all of it.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        seen = see_round(world, connection, round_id, email)
        seen.facts.remember_lines((*seen.definition.unit, *seen.definition.body))
        cases = [
            case
            for case in rounds.list_cases(connection, round_id)
            if case.parent and not case.started and seen.definition.case[case.kind].per
        ]
        tasks = {t.case: t for _, t in rounds.list_open_tasks(connection, round_id=round_id)}
        whole = seen.sight.everything or seen.sight.leads
        mine = [case for case in cases if whole or _ends(seen, case)]
        if not mine and not whole:
            raise nothing_there()
        unfinished = [case for case in mine if case.ended_at is None]
        return Units(
            round=_round(seen, also=not seen.sight.everything and bool(unfinished)),
            open=tuple(_open(seen, case, tasks.get(case.id)) for case in unfinished),
            ended=tuple(
                (seen.desk.case_title(case), seen.desk.state_title(case))
                for case in mine
                if case.state in ("missing", "withdrawn")
            ),
            absent=tuple(_absent(seen, cases)) if whole else (),
            merged=tuple(_merged(seen)) if whole else (),
        )


def _see(world: World, connection: Connection, round_id: str, email: str) -> Seen:
    seen = see_round(world, connection, round_id, email)
    if not (seen.sight.everything or seen.sight.leads):
        raise nothing_there()
    return seen


def _round(seen: Seen, *, also: bool = False) -> RoundToLead:
    fact = seen.facts.round
    return RoundToLead(
        id=fact.id,
        title=seen.desk.round_title,
        reference=fact.reference,
        may=(seen.sight.leads or also) and fact.closed_at is None,
        reads_all=seen.sight.everything or seen.sight.leads,
        rest=rest_of(seen.connection, fact, seen.desk.language),
    )


def _ends(seen: Seen, case: CaseFact) -> bool:
    """Say whether somebody has a role that withdraws a case or carries it as missing."""
    kind: Case = seen.definition.case[case.kind]
    for role in (kind.withdraw_by, kind.missing_by):
        if role in seen.definition.role:
            place = place_of(seen.definition, seen.facts, (role,), case.unit)
            if place in seen.sight.places:
                return True
    return False


def _open(seen: Seen, case: CaseFact, task: TaskFact | None) -> OpenCase:
    line = seen.facts.line(case.unit)
    due_at = task.due_at if task and task.place else None
    return OpenCase(
        unit=case.unit,
        unit_name=line[0].name,
        above=line[1].name if len(line) > 1 else "",
        case=case.id,
        title=seen.desk.case_title(case),
        state=seen.desk.state_title(case),
        due_on=plan.due_on(due_at, seen.definition.zone) if due_at else None,
        late=due_at is not None and due_at <= seen.now,
    )


def _absent(seen: Seen, cases: list[CaseFact]) -> Iterator[tuple[str, str]]:
    """Give the units of today's organisation that could have a case, and have none."""
    kinds = {case.kind for case in cases}
    wanted = [per for kind in kinds for per in seen.definition.case[kind].per]
    there = {case.unit for case in cases if case.state != "withdrawn"}
    for unit in rounds.organisation_units(seen.connection, wanted, seen.desk.today):
        if unit.key not in there:
            yield unit.key, unit.name


def _merged(seen: Seen) -> Iterator[tuple[str, str, date]]:
    for one in merged_in(seen.connection, seen.facts.round.id):
        yield seen.desk.unit_name(one.key), one.into_name, one.last_on
