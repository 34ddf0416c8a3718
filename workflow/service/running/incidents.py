"""What cannot go on without a person: opened once, told once, closed when the cause is gone.

    raise_incident   open one and tell those who lead, in the caller's transaction
    close            the cause is gone

An incident that belongs to a round is told to those who lead it; one that belongs to
none (the relay, a worker, a person's address) to the leaders of every round under way,
each of them once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from workflow.core.definition import Definition
from workflow.core.facts import IncidentDraft, IncidentKind, MessageDraft, Place
from workflow.core.news import alarms
from workflow.core.roles import leader_place, superior_place
from workflow.core.standing_in import told_at
from workflow.service.world import World
from workflow.store import incidents, outbox
from workflow.store.database import Connection
from workflow.store.facts import StoredFacts, read_round
from workflow.store.rounds import load_revision

__all__ = ["close", "raise_incident", "tell"]

OF_MAIL: Final = frozenset({IncidentKind.MAIL, IncidentKind.TEMPLATE, IncidentKind.BOUNCE})
"""Kinds that are about somebody's mail: they are not told to whoever cannot be reached."""
APART: Final = timedelta(minutes=30)
"""How far apart mails about mail leave for one person: each names all that came meanwhile."""


def raise_incident(
    world: World,
    connection: Connection,
    draft: IncidentDraft,
    round_id: str | None,
    now: datetime,
    *,
    also: Sequence[int] = (),
) -> bool:
    """Open an incident and tell those who lead, and `also`, in the open transaction.

    False, and nobody is told, when one of its kind and subject is open already. A mail
    about mail that failed goes to nobody whose own mail fails, so it never runs in a
    circle: then to their superior, and where nobody is left to none; it is listed.
    """
    new = incidents.open_incidents(connection, round_id, [draft], now)
    if new:
        tell(world, connection, new, round_id, now, also=also)
    return bool(new)


def close(
    connection: Connection, kind: IncidentKind, subjects: Sequence[str], now: datetime
) -> int:
    """Close what is open of a kind about some subjects: the cause is gone. Gives how many."""
    return incidents.close_kind(connection, kind, subjects, now)


def tell(
    world: World,
    connection: Connection,
    new: Sequence[IncidentDraft],
    round_id: str | None,
    now: datetime,
    *,
    also: Sequence[int] = (),
) -> None:
    """Put a mail about new incidents to each who leads the round, or any round under way; one
    that is about to leave tells of them too."""
    mail_domain = world.stamp(now).mail_domain
    of_mail = any(one.kind in OF_MAIL for one in new)
    unreached = incidents.out_of_reach(connection) if of_mail else frozenset()
    told: set[int] = set(unreached)
    for key, root in incidents.rounds_told(connection, round_id):
        people = [*_leaders(world, connection, key, now, unreached), *also]
        waiting = [one for one in dict.fromkeys(people) if one not in told]
        for draft in alarms(waiting, new, about=root):
            if not outbox.add_to_waiting(connection, key, draft):
                after = _not_before(connection, key, draft, now) if of_mail else None
                outbox.put(connection, key, [draft], now, mail_domain, not_before=after)
        told.update(waiting)


def _not_before(
    connection: Connection, round_id: str, draft: MessageDraft, now: datetime
) -> datetime | None:
    """Say when a mail about mail may leave: a while after the last one, gathering more until
    then, since many may fail one after the other for one and the same reason."""
    last = outbox.last_told(connection, round_id, draft.person)
    return None if last is None else max(now, last + APART)


def _leaders(
    world: World, connection: Connection, round_id: str, now: datetime, unreached: frozenset[int]
) -> Sequence[int]:
    """Give who hears of a round's troubles: its leaders, or those above when no mail
    reaches any of them."""
    fact = read_round(connection, round_id)
    revision = load_revision(connection, fact.revision)
    facts = StoredFacts(connection, fact, world.today(now))
    place = leader_place(revision.definition, facts)
    for step in _upwards(revision.definition, facts, place):
        reached = [one for one in told_at(facts, (step,))[step] if one not in unreached]
        if reached:
            return reached
    return ()


def _upwards(definition: Definition, facts: StoredFacts, place: Place | None) -> Iterator[Place]:
    """Give a place and those above it, each once."""
    seen: set[Place] = set()
    while place is not None and place not in seen:
        seen.add(place)
        yield place
        place = superior_place(definition, facts, place)
