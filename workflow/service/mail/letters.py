"""The outbox's verbs: claim, freeze, renew, settle, give back; hold, release, resend.

A claim is committed before anything is written or sent; the finished bytes are
frozen and committed before they leave; what came of each attempt is committed before
the next. No transaction is open meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from workflow.core.facts import IncidentDraft, IncidentKind
from workflow.service.running.incidents import close, raise_incident
from workflow.service.world import World
from workflow.store import bounces, claims, incidents, log, outbox
from workflow.store.claims import Claimed
from workflow.store.database import Connection

__all__ = [
    "BATCH",
    "GIVE_UP_AFTER",
    "Attempt",
    "Outcome",
    "claim",
    "freeze",
    "give_back",
    "next_try",
    "relay_failed",
    "renew",
    "settle",
]

BATCH: Final = 50
"""How many messages are claimed at a time: as many as leave well within a lease."""
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30))
"""How long a message waits after its first attempts."""
LATER: Final = timedelta(hours=1)
"""How long it waits after every other."""
GIVE_UP_AFTER: Final = timedelta(days=4)
"""RFC 5321 4.5.4.1: counted from the first attempt."""
PAUSES: Final = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10))
"""How long all mail waits each time the relay cannot be used; the last one from then on."""
RELAY: Final = "relay"
"""What the incident about the relay is about."""


class Outcome(StrEnum):
    """What came of one attempt."""

    SENT = "sent"
    WAITS = "waits"
    """Not now: it may go through later."""
    UNCLEAR = "unclear"
    """It may have been taken."""
    REFUSED = "refused"
    """Never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to hand a message over."""

    claimed: Claimed
    outcome: Outcome
    answer: str
    """The other side's words, or the system's."""


def claim(world: World, most: int = BATCH) -> list[Claimed]:
    """Claim messages that are due, oldest first; none while mail is held, or while the
    relay is not to be tried yet. With nothing due it costs one read.

    Raises: Locked, StoreError.
    """
    if world.mail_hold:
        return []
    with world.database.read() as connection:
        if not claims.is_any_due(connection, world.now(connection)):
            return []
    with world.database.write() as connection:
        held_since, relay = claims.gate(connection)
        now = world.now(connection)
        if held_since or (relay and now < datetime.fromisoformat(relay["next_try_at"])):
            return []
        return claims.claim(connection, now, most)


def freeze(
    world: World,
    written: Sequence[tuple[Claimed, str, bytes]],
    *,
    withdrawn: Sequence[Claimed] = (),
    failed: Sequence[tuple[Claimed, str]] = (),
    outdated: Sequence[Claimed] = (),
) -> list[Claimed]:
    """Keep finished bytes and to whom they go, before any of them leaves; gives the
    claims that still hold.

    In the same transaction: what has nothing left to tell is withdrawn, what cannot be
    written fails with an incident, and what is frozen for another address than it may
    go to is put anew.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        held = [
            one
            for one, to, body in written
            if one.body is not None or claims.freeze(connection, one, to, body)
        ]
        for one in withdrawn:
            claims.put_aside(connection, one, None, now)
        for one, error in failed:
            if claims.put_aside(connection, one, error, now):
                _raise(world, connection, IncidentKind.TEMPLATE, one, error, now)
        for one in claims.renew_lease(connection, outdated, now):
            outbox.put_anew(connection, one.id, now, world.stamp(now).mail_domain)
    return held


def renew(world: World, held: Sequence[Claimed]) -> list[Claimed]:
    """Let claims hold for another lease; gives those that were not lost."""
    with world.database.write() as connection:
        return claims.renew_lease(connection, held, world.now(connection))


def settle(world: World, attempts: Sequence[Attempt]) -> list[str | None]:
    """Write what came of attempts, in one transaction.

    Gives the state of each message after it: sent, queued or failed; None when the
    claim was lost, and nothing was written.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        states = [_settle(world, connection, one, now) for one in attempts]
        if any(one.outcome in (Outcome.SENT, Outcome.REFUSED) for one in attempts):
            close(connection, IncidentKind.RELAY, [RELAY], now)
    return states


def _settle(world: World, connection: Connection, attempt: Attempt, now: datetime) -> str | None:
    claimed = attempt.claimed
    later = next_try(claimed.attempt + 1, claimed.first_try_at or now, now)
    state = "sent" if attempt.outcome is Outcome.SENT else "queued"
    if attempt.outcome is Outcome.REFUSED or (state == "queued" and later is None):
        state = "failed"
    held = claims.settle(
        connection,
        claimed,
        now,
        outcome=attempt.outcome.value,
        answer=attempt.answer,
        state=state,
        next_try_at=later or now,
    )
    if held and attempt.outcome is Outcome.REFUSED and claimed.person is not None:
        bounces.mark_refused(connection, claimed.id, claimed.person, attempt.answer, now)
    if held and state == "failed":
        _raise(world, connection, IncidentKind.MAIL, claimed, attempt.answer, now)
    return state if held else None


def next_try(tries: int, first: datetime, now: datetime) -> datetime | None:
    """Say when a message is tried again after so many attempts, the first at `first`;
    None when it is given up.

    After 1, 5, 15 and 30 minutes, then every hour, for 4 days.
    """
    if now - first >= GIVE_UP_AFTER:
        return None
    return now + (WAITS[tries - 1] if tries <= len(WAITS) else LATER)


def _raise(
    world: World,
    connection: Connection,
    kind: IncidentKind,
    claimed: Claimed,
    error: str,
    now: datetime,
) -> None:
    draft = IncidentDraft(
        kind=kind,
        subject=claimed.message_id,
        case=claimed.case,
        detail={"person": claimed.person, "error": error},
    )
    raise_incident(world, connection, draft, claimed.round, now)


def give_back(world: World, untouched: Sequence[Claimed]) -> None:
    """Let go of claims that did not come to an attempt."""
    if untouched:
        with world.database.write() as connection:
            claims.give_back(connection, untouched)


def relay_failed(
    world: World, tried: Sequence[Claimed], error: str, *, lasting: bool, down: bool
) -> None:
    """Let go of what was tried on a relay that cannot be used; the messages say why and
    stand behind the others, and no attempt is counted.

    `down` says that nothing at all goes through: an incident opens, once, and all mail
    waits for 1, 2, 5 and then 10 minutes at a time until the first success. `lasting`
    says that waiting does not help.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        claims.give_back(connection, tried, error=error, next_try_at=now + PAUSES[0])
        if not down:
            return
        log.load_chain(connection, log.INSTALLATION)  # locks: several may find it at once
        _, known = claims.gate(connection)
        if known and now < datetime.fromisoformat(known["next_try_at"]):
            return  # another worker has just found the same
        tries = (known["tries"] if known else 0) + 1
        pause = PAUSES[min(tries, len(PAUSES)) - 1]
        detail = {
            "error": error,
            "lasting": lasting,
            "tries": tries,
            "next_try_at": (now + pause).isoformat(),
        }
        draft = IncidentDraft(kind=IncidentKind.RELAY, subject=RELAY, detail=detail)
        if not raise_incident(world, connection, draft, None, now):
            incidents.retell(connection, IncidentKind.RELAY, RELAY, detail)
