"""Milestones that lie ahead, and the mails that invite to them."""

from collections.abc import Iterator, Sequence
from datetime import date

from workflow.core import phrases, plan
from workflow.core.roles import places_told
from workflow.core.standing_in import told_at
from workflow.service.reading.ahead.ahead import Ahead, Coming
from workflow.service.seeing import Seen
from workflow.service.world import World
from workflow.store import people, rounds

__all__ = ["goes_on", "milestones_ahead"]


def goes_on(day: date) -> date:
    """Give the day on which a reminder of a day is mailed."""
    return plan.roll(day, "working_day_after")


def milestones_ahead(world: World, seen: Seen) -> Iterator[Ahead]:
    """Give the milestones that lie ahead, and the mails that invite to them."""
    if seen.facts.round.closed_at is not None:
        return
    for one in rounds.list_milestones(seen.connection, seen.facts.round.id):
        milestone = seen.definition.milestone[one["key"]]
        own = seen.revision.title(milestone, seen.desk.language)
        title = phrases.fill(own, year=seen.facts.round.year)
        if one["due_at"] and one["due_at"] > seen.now:
            yield Ahead(
                on=plan.due_on(one["due_at"], seen.definition.zone),
                at=one["due_at"],
                kind=Coming.MILESTONE,
                what=title,
            )
        if one["first_on"] and milestone.invites:
            yield from _invitations(world, seen, milestone.invites, title, one["first_on"])


def _invitations(
    world: World, seen: Seen, roles: Sequence[str], title: str, first_on: date
) -> Iterator[Ahead]:
    """Give the mails that invite to a milestone: all of them to whoever leads, else one's own."""
    zone = seen.definition.zone
    top = seen.facts.units((seen.definition.top,))[0].key
    at = plan.invitation_at(first_on, zone, seen.now)
    while at is not None:
        on = goes_on(plan.local_day(at, zone))
        facts = seen.facts.on(on)
        places = list(places_told(seen.definition, facts, roles, top))
        invited = {person for told in told_at(facts, places).values() for person in told}
        mine = seen.viewer.id in invited
        if seen.sight.everything or seen.sight.leads:
            shown = sorted(invited)
        else:
            shown = [seen.viewer.id] if mine else []
        if shown:
            known = people.people_by_id(seen.connection, shown)
            to = tuple(sorted(person.name for person in known.values()))
            yield Ahead(
                on=on,
                at=plan.wall_time(on, world.remind_at, zone),
                kind=Coming.INVITATION,
                what=_invitation(seen, title, len(to), mine=mine),
                to=to,
                to_me=mine,
            )
        at = plan.invitation_at(first_on, zone, at)


def _invitation(seen: Seen, title: str, count: int, *, mine: bool) -> str:
    english = seen.desk.language == "en"
    if mine and count == 1:
        return f"Invitation to you: {title}" if english else f"Inbjudan till dig: {title}"
    if english:
        return f"Invitation to {count} {'person' if count == 1 else 'people'}: {title}"
    return f"Inbjudan till {count} {'person' if count == 1 else 'personer'}: {title}"
