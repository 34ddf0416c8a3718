"""What a move of a milestone touches: found out, and told as a document.

Besides the plan and the tasks it is everything that has not left yet and tells of an
old day, and everybody whose day is another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from workflow.core import plan
from workflow.core.errors import NotFound
from workflow.core.facts import Actor, MilestoneFact, Place
from workflow.core.moving import MilestoneMove, Move, Planned, Standing, TaskMove, plan_move
from workflow.core.revision import Revision
from workflow.core.standing_in import told_at
from workflow.core.titles import case_title
from workflow.store import moves, people, rounds
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts
from workflow.store.moves import Unsent
from workflow.store.series import series_of_round

__all__ = [
    "Look",
    "Survey",
    "answer",
    "find_out",
    "iso",
    "other_days",
    "standing_of",
    "survey_of",
]


@dataclass(frozen=True, slots=True)
class Look:
    """A round, read or locked, at an instant."""

    connection: Connection
    revision: Revision
    facts: StoredFacts
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A move, with everything that has not left yet and tells of an old day."""

    move: Move
    reminders: Sequence[Unsent]
    mails: Sequence[tuple[str, int, str]]
    told: Mapping[int, Sequence[TaskMove]]
    """By person, in rising order: whose tasks have another day, or whose invitation; the
    one who moves it is not among them."""
    invited: Mapping[int, Sequence[str]]
    """Who has been invited to an old day, and to which milestones."""


# ---- finding out -----------------------------------------------------------------------


def find_out(look: Look, key: str, to: date, actor: Actor | None) -> Survey:
    """Find out what moving a milestone to a day changes; `actor` is not told of it.

    Raises: NotFound when the plan has no such milestone.
    """
    round_id, standing = look.facts.round.id, standing_of(look)
    _check_milestone(round_id, [one.fact.key for one in standing.milestones], key)
    return survey_of(look, plan_move(look.revision, standing, key, to, look.now), actor)


def standing_of(look: Look) -> Standing:
    """Give a round's plan and its open tasks, as they stand."""
    connection, round_id = look.connection, look.facts.round.id
    cases = {case.id: case for case in rounds.list_cases(connection, round_id)}
    return Standing(
        round=look.facts.round,
        milestones=[_planned(one) for one in rounds.list_milestones(connection, round_id)],
        tasks=[
            (cases[task.case], task)
            for _, task in rounds.list_open_tasks(connection, round_id=round_id)
        ],
        series=[
            one for one in series_of_round(connection, round_id) if not cases[one.case].ended_at
        ],
    )


def survey_of(look: Look, move: Move, actor: Actor | None) -> Survey:
    """Find out what has not left yet and tells of a day that a move changes, and whom it
    concerns; `actor` is not told of it."""
    connection, facts = look.connection, look.facts
    round_id = facts.round.id
    changed = [one.after.id for one in move.tasks if one.changed]
    keys = [one.after.fact.key for one in move.milestones if other_days(one)]
    invited = moves.invited(connection, round_id, keys)
    told: dict[int, list[TaskMove]] = {person: [] for person in invited}
    places = told_at(facts, {one.after.place for one in move.tasks if one.after.place})
    for one in move.tasks:
        for person in places.get(one.after.place or Place("", ""), ()) if one.changed else ():
            told.setdefault(person, []).append(one)
    if actor is not None:
        told.pop(actor.person, None)
    return Survey(
        move=move,
        reminders=(
            *moves.unsent_reminders(connection, changed),
            *moves.unsent_invitations(connection, round_id, keys),
        ),
        mails=moves.queued_about(connection, changed),
        told={person: told[person] for person in sorted(told)},
        invited=invited,
    )


def _planned(one: Mapping[str, Any]) -> Planned:
    fact = MilestoneFact(
        key=one["key"], first_on=one["first_on"], last_on=one["last_on"], due_at=one["due_at"]
    )
    return Planned(fact=fact, moved_from=one["moved_from"], by_hand=one["set_by_hand"])


def _check_milestone(round_id: str, there: Sequence[str], key: str) -> None:
    if key in there:
        return
    near = get_close_matches(key, there, 1)
    hint = f" Menade du {near[0]}?" if near else f" De finns: {', '.join(there)}."
    raise NotFound(f"{round_id} har ingen milstolpe {key}.{hint}")


def other_days(one: MilestoneMove) -> bool:
    """Say whether a milestone gets other days than it had."""
    before, after = one.before.fact, one.after.fact
    return (before.first_on, before.last_on) != (after.first_on, after.last_on)


# ---- telling ---------------------------------------------------------------------------


def answer(look: Look, survey: Survey, key: str, *, saved: bool) -> dict[str, Any]:
    """Give the document of a move, with names and addresses."""
    facts = look.facts
    own = next(one for one in survey.move.milestones if one.after.fact.key == key)
    names = _Names(look, survey)
    return {
        "round": facts.round.id,
        "milestone": key,
        "from": iso(own.before.fact.last_on),
        "to": iso(own.after.fact.last_on),
        "version": facts.round.version + saved,
        "saved": saved,
        "milestones": {
            one.after.fact.key: iso(one.after.fact.last_on) for one in survey.move.milestones
        },
        "tasks": [one.after.id for one in survey.move.tasks if one.changed],
        "changes": {
            "milestones": [names.milestone(one) for one in survey.move.milestones],
            "tasks": [names.task(one) for one in survey.move.tasks],
            "reminders": [
                {"subject": one.subject, "to": names.email(one.person), "rung": one.rung}
                for one in survey.reminders
            ],
            "mails": [
                {"message_id": name, "to": names.email(person), "kind": kind}
                for name, person, kind in survey.mails
            ],
            "told": [names.email(person) for person in survey.told],
        },
        "warnings": [{"code": one.code, "message": one.sv} for one in survey.move.warnings],
    }


class _Names:
    """Names and days of what a survey has found, for people."""

    def __init__(self, look: Look, survey: Survey) -> None:
        self.revision, self.facts = look.revision, look.facts
        self.definition = look.revision.definition
        places = {one.after.place for one in survey.move.tasks if one.after.place}
        self.held = look.facts.holders(places)
        ids = {person for held in self.held.values() for person in held} | set(survey.told)
        ids |= {one.person for one in survey.reminders} | {one[1] for one in survey.mails}
        self.people = people.people_by_id(look.connection, ids)

    def email(self, person: int) -> str:
        """Give a person's address."""
        return self.people[person].email if person in self.people else ""

    def milestone(self, one: MilestoneMove) -> dict[str, Any]:
        """Give a milestone from and to, and what it is counted from."""
        before, after = one.before.fact, one.after.fact
        return {
            "milestone": after.key,
            "title": self.definition.milestone[after.key].title,
            "from": iso(before.last_on),
            "to": iso(after.last_on),
            "due_at": after.due_at,
            "counted_from": one.counted_from,
        }

    def task(self, one: TaskMove) -> dict[str, Any]:
        """Give a task from and to, whose it is, and when it reminds next."""
        kind = self.definition.case[one.case.kind]
        place = one.after.place
        held = self.held[place] if place else ()
        return {
            "task": one.after.id,
            "case": one.case.id,
            "title": case_title(
                self.revision,
                one.case,
                year=self.facts.round.year,
                unit=self.facts.line(one.case.unit)[0].name,
                language=self.definition.language,
            ),
            "state": kind.state[one.after.state].title,
            "owed_by": [self.people[person].name for person in held if person in self.people],
            "from": self._day(one.before.due_at),
            "to": self._day(one.after.due_at),
            "due_at": one.after.due_at,
            "extended_on": iso(one.after.extended_on),
            "changed": one.changed,
            "next_before": one.before.next_reminder_at,
            "next_after": one.after.next_reminder_at,
        }

    def _day(self, due_at: datetime | None) -> str | None:
        return iso(plan.due_on(due_at, self.definition.zone)) if due_at else None


def iso(day: date | None) -> str | None:
    """Write a day as the log and documents do."""
    return day.isoformat() if day else None
