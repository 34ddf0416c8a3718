"""Reminding by hand: those who owe something, shown first, then one mail to each.

Whoever leads the round reminds everybody; whoever stands above a task, of that task.
Nobody is reminded of the same thing twice within a few hours, whoever does it and
however often it is pressed: what counts is the mail that has been put.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workflow.core.days import write_instant
from workflow.core.errors import BadInput, refused
from workflow.core.facts import (
    Actor,
    Decision,
    EntryDraft,
    EntryKind,
    MessageDraft,
    MessageKind,
    TaskFact,
)
from workflow.core.standing_in import done_by
from workflow.service.desks import Desk, open_desk
from workflow.service.nudge_survey import Aim, NudgeList, survey
from workflow.service.resting import check_awake
from workflow.service.turn import Turn, begin_turn
from workflow.service.world import World, no_round
from workflow.store import nudges
from workflow.store.facts import lock_round
from workflow.store.save import save

__all__ = ["Nudged", "list_nudges", "nudge"]

LONGEST: Final = 500
"""Characters of the sentence that comes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """What was done."""

    round: str
    mailed: tuple[str, ...]
    """Addresses."""
    left_out: tuple[str, ...]
    """Those who were wished for and got none: they owe it no longer, or were reminded a
    short while ago."""
    tasks: tuple[str, ...]


def list_nudges(
    world: World, aim: Aim, *, email: str | None = None, language: str = "sv"
) -> NudgeList:
    """Give who would get a mail now, and change nothing. Without `email` it is the operator.

    Raises: NotFound for the round, the kind or the person; NoRight; Refused for an ended
        round.
    """
    with world.database.read() as connection:
        now = world.now(connection)
        try:
            desk = open_desk(world, connection, aim.round, language, now)
        except LookupError:
            raise no_round(aim.round) from None
        found = survey(world, desk, aim, email, now)
        return NudgeList(
            round=aim.round,
            round_title=desk.round_title,
            recipients=tuple(found.recipients(now)),
            vacant=tuple(found.vacant),
            version=desk.facts.round.version,
        )


def nudge(
    world: World,
    aim: Aim,
    *,
    to: Sequence[str] | None = None,
    words: str = "",
    email: str | None = None,
) -> Nudged:
    """Send one mail to each of those who owe something: `to`, or all; with the sender's own
    sentence in it.

    Each tells of all that the person owes of the aim, but for what they were reminded of a
    short while ago. Who owes nothing any more gets none.

    Raises: NotFound, NoRight, BadInput; Refused when nobody is left, or the round has ended.
    """
    words = _check_words(words)
    wanted = None if to is None else {one.strip().lower() for one in to}
    with world.database.write() as connection:
        locked = lock_round(connection, aim.round)
        if locked is None:
            raise no_round(aim.round)
        check_awake(connection, locked.fact)
        turn = begin_turn(world, connection, locked, world.now(connection))
        desk = Desk(connection, turn.revision, turn.facts, "sv", world.today(turn.now))
        found = survey(world, desk, aim, email, turn.now)
        told = {
            person: tasks
            for person, tasks in found.awake(turn.now).items()
            if wanted is None or found.people[person].email in wanted
        }
        if not told:
            raise refused(
                "nobody_to_nudge",
                "Ingen får något mejl: alla är påminda nyss, eller har inget kvar att göra.",
                "Nobody gets a mail: all were reminded just now, or have nothing left to do.",
            )
        _put(turn, found.actor, told, words)
    mailed = [found.people[person].email for person in told]
    return Nudged(
        round=aim.round,
        mailed=tuple(mailed),
        left_out=tuple(sorted((wanted or set()) - set(mailed))),
        tasks=tuple(sorted({task.id for tasks in told.values() for task in tasks})),
    )


def _check_words(words: str) -> str:
    if len(words.strip()) > LONGEST:
        raise BadInput(
            f"Meningen är för lång: {len(words.strip())} tecken. Högst {LONGEST} får plats.",
            f"The sentence is too long: {len(words.strip())} characters. At most {LONGEST}.",
        )
    return words.strip()


# ---- doing it --------------------------------------------------------------------------


def _put(
    turn: Turn, actor: Actor | None, told: Mapping[int, Sequence[TaskFact]], words: str
) -> None:
    entry = EntryDraft(
        kind=EntryKind.NUDGED,
        actor=actor.person if actor else None,
        on_behalf_of=actor.on_behalf_of if actor else None,
        payload={
            "comment": words,
            "tasks": sorted({task.id for tasks in told.values() for task in tasks}),
            "persons": sorted(told),
        },
    )
    rung = f"nudge {write_instant(turn.now)}"
    for person, tasks in told.items():
        lines = [_reminder(task, rung) for task in tasks]
        nudges.put_nudge(
            turn.connection,
            turn.facts.round.id,
            _letter(turn, actor, person, lines, words),
            lines,
            turn.now,
            turn.stamp.mail_domain,
        )
    decision = Decision(entries=(entry,), open_cases=turn.facts.round.open_cases)
    save(turn.connection, turn.locked, decision, turn.stamp)


def _reminder(task: TaskFact, rung: str) -> dict[str, Any]:
    return {"subject": task.id, "task_id": task.id, "due_at": task.due_at, "rung": rung}


def _letter(
    turn: Turn, actor: Actor | None, person: int, lines: Sequence[Mapping[str, Any]], words: str
) -> MessageDraft:
    round_id = turn.facts.round.id
    return MessageDraft(
        person=person,
        kind=MessageKind.NUDGE,
        ref=f"{round_id}#{turn.facts.round.version + 1}",
        case=None,
        content={
            **done_by(actor),
            "comment": words,
            "reminders": [
                {
                    "round": round_id,
                    "task": one["task_id"],
                    "milestone": None,
                    "recipient": "holder",
                    "rung": one["rung"],
                    "due_at": one["due_at"].isoformat(),
                    "written_at": turn.now.isoformat(),
                }
                for one in lines
            ],
        },
    )
