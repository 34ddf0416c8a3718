"""Lists to look at: rounds, one round, tasks, incidents, the outbox. Nothing is changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from workflow.core import engine, plan
from workflow.core.facts import Actor, CaseFact, Place, TaskFact
from workflow.core.machine import machine_of
from workflow.core.revision import Revision
from workflow.core.roles import place_of
from workflow.core.standing_in import ways_to_act
from workflow.core.titles import case_title
from workflow.service.world import World, no_round
from workflow.store import extensions, incidents, people, rounds, sendings
from workflow.store import timeline as stories
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round

__all__ = [
    "emails_of",
    "incident_list",
    "late_list",
    "message_list",
    "open_questions",
    "root_of",
    "round_list",
    "round_view",
    "task_list",
    "timeline",
]


def round_list(world: World) -> list[dict[str, Any]]:
    """Give every round, oldest first.

    {round, process, year, plan, state, open_tasks, overdue, reference, opened_at, closed_at,
    paused_at}
    """
    with world.database.read() as connection:
        found = rounds.list_rounds(connection, world.now(connection))
    hidden = ("revision", "root")
    return [{k: v for k, v in one.items() if k not in hidden} for one in found]


def round_view(world: World, round_id: str) -> dict[str, Any]:
    """Give one round with its plan, cases and incidents.

    {round, process, revision, state, milestones: [...], cases: [...], incidents}

    Raises: NotFound.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        found = rounds.list_rounds(connection, now, only=round_id)
        if not found:
            raise no_round(round_id)
        tasks = {t.case: t for _, t in rounds.list_open_tasks(connection, round_id=round_id)}
        return {
            **found[0],
            "milestones": [
                _milestone_line(one) for one in rounds.list_milestones(connection, round_id)
            ],
            "cases": [
                _case_line(case, tasks.get(case.id), now)
                for case in rounds.list_cases(connection, round_id)
            ],
            "incidents": [
                one for one in incidents.list_incidents(connection) if one["round"] == round_id
            ],
        }


def _milestone_line(one: dict[str, Any]) -> dict[str, Any]:
    """Give a milestone with its last day as `on`."""
    return {
        "key": one["key"],
        "on": one["last_on"],
        "first_on": one["first_on"],
        "due_at": one["due_at"],
        "moved_from": one["moved_from"],
    }


def _case_line(case: CaseFact, task: TaskFact | None, now: datetime) -> dict[str, Any]:
    return {
        "case": case.id,
        "kind": case.kind,
        "unit": case.unit,
        "parent": case.parent,
        "state": case.state,
        "version": case.version,
        "ended": case.ended_at is not None,
        "due_at": task.due_at if task else None,
        "overdue": _overdue(task, now),
        "extended_on": task.extended_on if task else None,
    }


def _overdue(task: TaskFact | None, now: datetime) -> bool:
    return bool(task and task.place and task.due_at and task.due_at <= now)


def task_list(
    world: World,
    *,
    email: str | None = None,
    round_id: str | None = None,
    case: str | None = None,
) -> list[dict[str, Any]]:
    """Give the open tasks that a person owes, or all of them, by deadline.

    {task, round, case, kind, unit, state, title, due_at, overdue, extended_on, asked_until,
    version, holders,
    on_behalf_of, transitions: [{key, title, allowed, reasons, codes}]}; for all, a transition is
    allowed when at least one of those who may hold it could make it now. on_behalf_of
    are the addresses of those whom the person stands in for; none when it is their own.

    Raises: NotFound for a person or a round.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        if round_id and not rounds.list_rounds(connection, now, only=round_id):
            raise no_round(round_id)
        actor = world.actor(connection, email, now) if email else None
        found = rounds.list_open_tasks(
            connection,
            round_id=round_id,
            person=actor.person if actor else None,
            case=case,
            today=world.today(now),
        )
        desks: dict[str, _Desk] = {}
        lines = []
        for name, task in found:
            if task.place is None:
                continue
            if name not in desks:
                desks[name] = _Desk(world, connection, name, now)
            lines.append(desks[name].line(task, actor))
        return lines


class _Desk:
    """One round, looked at for its tasks."""

    def __init__(self, world: World, connection: Connection, round_id: str, now: datetime) -> None:
        fact = read_round(connection, round_id)
        self.connection = connection
        self.now = now
        self.revision: Revision = rounds.load_revision(connection, fact.revision)
        self.facts = StoredFacts(connection, fact, world.today(now))
        self.asked = extensions.open_requests(connection)
        """Requests for more days that wait for an answer, by task."""

    def title(self, case_id: str) -> str:
        """Give a case's title, in the language of its process."""
        case = self.facts.case(case_id)
        if case is None:
            raise LookupError(case_id)
        return case_title(
            self.revision,
            case,
            year=self.facts.round.year,
            unit=self.facts.line(case.unit)[0].name,
            language=self.revision.definition.language,
        )

    def line(self, task: TaskFact, actor: Actor | None) -> dict[str, Any]:
        """Give a task with what may be done about it."""
        case = self.facts.case(task.case)
        if case is None or task.place is None:
            raise LookupError(task.case)
        held = self.facts.holders((task.place,))[task.place]
        known = people.people_by_id(self.connection, held)
        return {
            "task": task.id,
            "round": self.facts.round.id,
            "case": case.id,
            "kind": case.kind,
            "unit": case.unit,
            "state": case.state,
            "title": self.title(case.id),
            "due_at": task.due_at,
            "overdue": _overdue(task, self.now),
            "extended_on": task.extended_on,
            "asked_until": self.asked[task.id].until_on if task.id in self.asked else None,
            "version": case.version,
            "role": task.place.role,
            "holders": [known[person].email for person in held if person in known],
            "on_behalf_of": [
                known[way.on_behalf_of].email
                for way in (ways_to_act(actor, task.place) if actor else ())
                if way.on_behalf_of is not None
            ],
            "transitions": self._transitions(case, task, actor),
        }

    def _transitions(
        self, case: CaseFact, task: TaskFact, actor: Actor | None
    ) -> list[dict[str, Any]]:
        if actor is not None:
            return _lines(engine.options(self.revision, self.facts, case, actor, self.now))
        asked: dict[str, Sequence[engine.Option]] = {}
        for person in self._who_might(case, task):
            for option in engine.options(self.revision, self.facts, case, person, self.now):
                best = asked.setdefault(option.key, [option])
                if len(option.reasons) < len(best[0].reasons):
                    asked[option.key] = [option]
        order = machine_of(self.revision, case.kind).options(case.state)
        return _lines([asked[key][0] for key in order if key in asked])

    def _who_might(self, case: CaseFact, task: TaskFact) -> list[Actor]:
        """Give one person per holder of each place that may do something with the case."""
        definition = self.revision.definition
        state = definition.case[case.kind].state[case.state]
        places: dict[Place, None] = {}
        for move in machine_of(self.revision, case.kind).options(case.state).values():
            by = move.transition.by
            place = (
                place_of(definition, self.facts, by, case.unit, state.body) if by else task.place
            )
            if place:
                places[place] = None
        holds: dict[int, set[Place]] = {}
        for place, held in self.facts.holders(list(places)).items():
            for person in held:
                holds.setdefault(person, set()).add(place)
        if not holds:  # nobody holds anything: still say what there is, and why not
            return [Actor(person=0, name="", holds=frozenset())]
        return [
            Actor(person=person, name="", holds=frozenset(held)) for person, held in holds.items()
        ]


def _lines(options: Sequence[engine.Option]) -> list[dict[str, Any]]:
    return [
        {
            "key": option.key,
            "title": option.transition.title,
            "allowed": option.allowed,
            "reasons": [reason.sv for reason in option.reasons],
            "codes": [reason.code for reason in option.reasons],
        }
        for option in options
    ]


def incident_list(world: World) -> list[Mapping[str, Any]]:
    """Give the open incidents, oldest first.

    {kind, subject, round, case, detail, since, closed_at}; `describing` has them in words.
    """
    with world.database.read() as connection:
        return [
            {k: v for k, v in one.items() if k != "id"}
            for one in incidents.list_incidents(connection)
        ]


def message_list(world: World, state: str | None = None) -> list[dict[str, Any]]:
    """Give every mail, oldest first; or those queued, sent, withdrawn or failed.

    {message_id, to, kind, state, attempt, error, put_at, sent_at, next_try_at}
    """
    with world.database.read() as connection:
        return sendings.list_messages(connection, state)


def timeline(world: World, round_id: str) -> list[dict[str, Any]]:
    """Tell a round from its rows: {at, event, round, case, unit, actor, detail}."""
    with world.database.read() as connection:
        return stories.events(connection, round_id)


def root_of(world: World, round_id: str) -> str:
    """Give the id of the case that is the round itself.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        found = rounds.list_rounds(connection, world.now(connection), only=round_id)
    if not found:
        raise no_round(round_id)
    return str(found[0]["root"])


def open_questions(world: World, case: str) -> list[int]:
    """Give the numbers of a case's questions that have no answer."""
    with world.database.read() as connection:
        return rounds.open_questions(connection, case)


def emails_of(world: World, round_id: str, role: str | None) -> list[str]:
    """Give the addresses of those who hold a role in a round now, in order of name."""
    with world.database.read() as connection:
        desk = _Desk(world, connection, round_id, world.now(connection))
        at = desk.revision.definition.role[role].at if role else ()
        places = [Place(role or "", unit.key) for unit in desk.facts.units(at)] if at else []
        held = {person for found in desk.facts.holders(places).values() for person in found}
        known = people.people_by_id(connection, held)
        return sorted(person.email for person in known.values())


def late_list(world: World, round_id: str) -> list[dict[str, Any]]:
    """Give the tasks that were late, by deadline, with the unit's name and the days.

    {case, title, unit, state, due_on, closed_on, working_days, outcome, extended_on}; closed_on is
    None while it is late still, and outcome is the state the case stands in.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        desk = _Desk(world, connection, round_id, now)
        definition = desk.revision.definition
        lines = []
        for one in stories.late_tasks(connection, round_id, now):
            kind = definition.case[one["kind"]]
            unit = desk.facts.line(one["unit"])[0].name
            due_on = plan.due_on(one["due_at"], definition.zone)
            until = one["closed_at"] or now
            until_on = plan.local_day(until, definition.zone)
            lines.append(
                {
                    "case": one["case"],
                    "extended_on": one["extended_on"],
                    "title": desk.title(one["case"]),
                    "unit": unit,
                    "state": kind.state[one["state"]].title,
                    "role": definition.role[one["role"]].title,
                    "due_on": due_on,
                    "closed_on": until_on if one["closed_at"] else None,
                    "working_days": plan.working_days_between(due_on, until_on),
                    "outcome": one["case_state"],
                }
            )
        return lines
