"""A milestone is moved: shown whole beforehand, and saved as it was shown.

One survey, made from the plan, the open tasks and what has not left yet, is both the
preview (in a read) and what is written (under the round's lock). Reminders with an old
day are dropped, mails with one are withdrawn or written anew, and those whose day is
another are told, in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from workflow.core import phrases, plan
from workflow.core.days import write_instant
from workflow.core.errors import BadInput, Stale
from workflow.core.facts import Actor, Decision, EntryDraft, EntryKind, MessageDraft, MessageKind
from workflow.core.moving import MilestoneMove, Move, TaskMove, anchor_of
from workflow.core.standing_in import done_by
from workflow.core.telling import series_entry, tell_days
from workflow.service.leading import check_lead, check_reason, take_lead
from workflow.service.preparing import YEARS, invitation_of
from workflow.service.resting import check_awake
from workflow.service.surveying import Look, Survey, answer, find_out, iso, other_days
from workflow.service.turn import Turn
from workflow.service.world import World, no_round
from workflow.store import moves, rounds
from workflow.store.facts import StoredFacts, read_round
from workflow.store.reminders import drop_invitations
from workflow.store.save import save

__all__ = ["milestone_row", "move_milestone", "preview_move", "tell_milestone"]


def preview_move(
    world: World, round_id: str, key: str, to: date, *, email: str | None = None
) -> dict[str, Any]:
    """Give what `move_milestone` would change now, and change nothing.

    Raises: NotFound, NoRight, BadInput, Refused.
    """
    _check_day(to)
    with world.database.read() as connection:
        now = world.now(connection)
        try:
            fact = read_round(connection, round_id)
        except LookupError:
            raise no_round(round_id) from None
        revision = rounds.load_revision(connection, fact.revision)
        facts = StoredFacts(connection, fact, world.today(now))
        look = Look(connection, revision, facts, now)
        actor = check_lead(world, connection, revision, facts, email, now)
        check_awake(connection, fact)
        return answer(look, find_out(look, key, to, actor), key, saved=False)


def move_milestone(  # noqa: PLR0913 - what is moved, why, by whom, and what they saw
    world: World,
    round_id: str,
    key: str,
    to: date,
    *,
    reason: str,
    email: str | None = None,
    version: int | None = None,
) -> dict[str, Any]:
    """Move a milestone, those counted from it, and the deadlines of open tasks.

    {round, milestone, from, to, version, saved, milestones, tasks, changes, warnings};
    with `version`, the round's as a preview gave it, only what was shown is saved.

    Raises: NotFound, NoRight, BadInput, Refused; Stale when the round has gone on.
    """
    check_reason(reason)
    _check_day(to)
    with world.database.write() as connection:
        turn, actor = take_lead(world, connection, round_id, email)
        _check_version(turn, version)
        look = Look(connection, turn.revision, turn.facts, turn.now)
        survey = find_out(look, key, to, actor)
        told = answer(look, survey, key, saved=True)
        _save(turn, actor, survey, key, reason)
    return told


def _check_day(to: date) -> None:
    if to.year not in YEARS:
        sv = f"Dagen {to} går inte; skriv till exempel 2009-03-15."
        raise BadInput(sv, f"No such day: {to}.")


def _check_version(turn: Turn, version: int | None) -> None:
    now = turn.locked.fact.version
    if version is not None and version != now:
        raise Stale(
            f"{turn.locked.fact.id} har ändrats sedan du såg vad flytten gör. Se efter igen.",
            f"{turn.locked.fact.id} has changed since you saw what the move does. Look again.",
            current={"round": turn.locked.fact.id, "version": now},
        )


# ---- saving ----------------------------------------------------------------------------


def _save(turn: Turn, actor: Actor | None, survey: Survey, key: str, reason: str) -> None:
    connection, round_id = turn.connection, turn.facts.round.id
    move = survey.move
    changed = [one.after for one in move.tasks if one.changed]
    rows = [milestone_row(turn, one) for one in move.milestones]
    rounds.move_milestones(connection, round_id, rows)
    keys = [one.after.fact.key for one in move.milestones if other_days(one)]
    drop_invitations(connection, round_id, turn.now, keys)
    rounds.move_deadlines(connection, changed)
    moves.drop_reminders(connection, [task.id for task in changed], turn.now)
    entry = EntryDraft(
        kind=EntryKind.MILESTONE_MOVED,
        actor=actor.person if actor else None,
        on_behalf_of=actor.on_behalf_of if actor else None,
        payload={
            "comment": reason,
            "milestones": {one.after.fact.key: tell_milestone(one) for one in move.milestones},
            "deadlines": {t.id: t.due_at and write_instant(t.due_at) for t in changed},
        },
    )
    letters = tuple(_letters(turn, actor, survey, key, reason))
    decision = Decision(
        entries=(entry, *(series_entry(one, actor) for one in move.series)),
        series=move.series,
        messages=letters,
        open_cases=turn.facts.round.open_cases,
    )
    ids = [task.id for task in changed]
    moves.renew(connection, round_id, ids, turn.now, turn.stamp.mail_domain, milestones=keys)
    save(connection, turn.locked, decision, turn.stamp)


def milestone_row(turn: Turn, one: MilestoneMove) -> dict[str, object]:
    """Give the row of a moved milestone."""
    fact = one.after.fact
    row: dict[str, object] = {
        "name": fact.key,
        "first": fact.first_on,
        "last": fact.last_on,
        "due": fact.due_at,
        "earlier": one.after.moved_from,
        "by_hand": one.after.by_hand,
        "wake": invitation_of(turn.definition, fact, turn.now),
    }
    return row


def tell_milestone(one: MilestoneMove) -> dict[str, object]:
    """Give what the log tells of a moved milestone."""
    return {
        **tell_days(one.after.fact),
        "moved_from": iso(one.after.moved_from),
        "set_by_hand": one.after.by_hand,
    }


def _letters(
    turn: Turn, actor: Actor | None, survey: Survey, key: str, reason: str
) -> Iterable[MessageDraft]:
    """Tell each person once which of their days are others now.

    What they have not been told of an earlier move is told with this one, as from the
    day they knew; the earlier mail is withdrawn.
    """
    known = _not_told_yet(turn, survey.told)
    own = next(one for one in survey.move.milestones if one.after.fact.key == key)
    for person, tasks in survey.told.items():
        days = {one.after.id: _due_on(turn, one.before.due_at) for one in tasks}
        miles = [own, *_anchors(survey.move, tasks, survey.invited.get(person, ()))]
        plans = {one.after.fact.key: iso(one.before.fact.last_on) for one in miles}
        earlier = known.get(person, {"tasks": {}, "milestones": {}, "invited": []})
        yield MessageDraft(
            person=person,
            kind=MessageKind.DATES,
            ref=f"{turn.facts.round.id}#{turn.facts.round.version + 1}",
            case=None,
            content={
                **done_by(actor),
                "comment": reason,
                "milestones": {**plans, **earlier["milestones"]},
                "tasks": {**days, **earlier["tasks"]},
                "invited": sorted({*survey.invited.get(person, ()), *earlier["invited"]}),
            },
        )


def _anchors(move: Move, tasks: Sequence[TaskMove], invited: Sequence[str]) -> list[MilestoneMove]:
    """Give the moved milestones that some tasks and invitations are counted from."""
    names = {anchor_of(phrases.read_due(one.after.due_rule), one.case) for one in tasks}
    names |= set(invited)
    return [one for one in move.milestones if one.after.fact.key in names]


def _not_told_yet(turn: Turn, persons: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Withdraw what tells some persons of earlier moves and has not left; gives the first
    days in it."""
    found: dict[int, dict[str, Any]] = {}
    gone = []
    wanted = set(persons)
    for number, person, content in moves.unsent_dates(turn.connection, turn.facts.round.id):
        if person not in wanted:
            continue
        gone.append(number)
        first = found.setdefault(person, {"tasks": {}, "milestones": {}, "invited": []})
        for part in ("tasks", "milestones"):
            first[part] = {**content[part], **first[part]}
        first["invited"] += content["invited"]
    moves.withdraw(turn.connection, gone)
    return found


def _due_on(turn: Turn, due_at: datetime | None) -> str | None:
    return iso(plan.due_on(due_at, turn.definition.zone)) if due_at else None
