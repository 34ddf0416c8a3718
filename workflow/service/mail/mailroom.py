"""What the operator does about mail: see whether it leaves, let it go, send it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.core.addresses import read_address
from workflow.core.errors import BadInput, NotFound
from workflow.core.facts import EntryDraft, EntryKind, IncidentKind
from workflow.service.leading import check_leads_some
from workflow.service.mail.gathering import gather_in
from workflow.service.running.incidents import close
from workflow.service.world import World
from workflow.store import claims, installation, log, outbox, sendings
from workflow.store.database import Connection
from workflow.store.facts import lock_round

__all__ = ["Hold", "hold", "keep_back", "no_message", "release", "resend", "show"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whether mail leaves."""

    by_settings: bool
    since: datetime | None
    """Since when the database holds it, after a restore or because somebody said so; None
    when it does not."""
    relay: Mapping[str, Any] | None
    """While the relay cannot be used: {error, lasting, tries, next_try_at}."""
    waiting: int
    """How many messages are queued."""

    @property
    def holds(self) -> bool:
        """No mail leaves until a person says so."""
        return self.by_settings or self.since is not None


def hold(world: World) -> Hold:
    """Say whether mail leaves, and how many wait."""
    with world.database.read() as connection:
        since, relay = claims.gate(connection)
        waiting = sendings.count_waiting(connection)
    return Hold(by_settings=world.mail_hold, since=since, relay=relay, waiting=waiting)


def keep_back(world: World, email: str | None = None) -> Hold:
    """Let no mail leave until it is released, and note it in the log; gives what held until
    now. What a worker has claimed already may still go.

    Raises: NotFound for the person, NoRight when they lead no process here.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        actor = check_leads_some(world, connection, email, now)
        since, relay = claims.gate(connection)
        waiting = sendings.count_waiting(connection)
        if since is None:
            installation.hold_mail(connection, now)
            entry = EntryDraft(
                kind=EntryKind.MAIL_HELD,
                actor=actor.person if actor else None,
                payload={"waiting": waiting},
            )
            world.note(connection, now, entry)
    return Hold(by_settings=world.mail_hold, since=since, relay=relay, waiting=waiting)


def release(world: World, email: str | None = None) -> Hold:
    """Let go the mail that the database holds, and note in the log how many waited.

    Gives what held until now; without a hold in the database nothing is changed.

    Raises: NotFound for the person, NoRight when they lead no process here.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        actor = check_leads_some(world, connection, email, now)
        since, relay = claims.gate(connection)
        waiting = sendings.count_waiting(connection)
        if since is not None:
            installation.let_mail_go(connection)
            entry = EntryDraft(
                kind=EntryKind.MAIL_RELEASED,
                actor=actor.person if actor else None,
                payload={"waiting": waiting},
            )
            world.note(connection, now, entry)
    return Hold(by_settings=world.mail_hold, since=since, relay=relay, waiting=waiting)


def resend(
    world: World, message_id: str, *, to: str | None = None, email: str | None = None
) -> dict[str, Any]:
    """Put a message that was sent, or failed, once more: {message_id, first, to}.

    It is written anew, from the facts of the moment it leaves, under another Message-ID.
    `to` is another address than the person's. Its incident, if any, is closed: the new
    message succeeds, or has one of its own. The log says so, in the round's chain or the
    installation's.

    Raises: NotFound; NoRight when they lead no process here; BadInput for one that has not
        left yet, was withdrawn or disposed of, or has nothing left to tell.
    """
    to = None if to is None else _elsewhere(to)
    with world.database.write() as connection:
        now = world.now(connection)
        found = sendings.find_message(connection, message_id)
        if found is None:
            raise no_message(message_id)
        if found["round"]:
            lock_round(connection, found["round"])
        found = sendings.find_message(connection, message_id) or found
        actor = check_leads_some(world, connection, email, now)
        _check_resendable(message_id, found)
        _check_tells(world, connection, found)
        name = outbox.put_anew(connection, found["id"], now, world.stamp(now).mail_domain, to=to)
        for kind in (IncidentKind.MAIL, IncidentKind.TEMPLATE):
            close(connection, kind, [message_id], now)
        entry = EntryDraft(
            kind=EntryKind.MAIL_RESENT,
            actor=actor.person if actor else None,
            payload={"message": message_id, "anew": name, "elsewhere": to is not None},
        )
        world.note(connection, now, entry, chain=found["round"] or log.INSTALLATION)
    return {"message_id": name, "first": message_id, "to": to}


def _elsewhere(to: str) -> str:
    try:
        return read_address(to)
    except BadInput as error:
        raise BadInput(f"--to: {error.sv}.", f"--to: {error.en}.") from error


def show(world: World, message_id: str) -> dict[str, Any]:
    """Give one mail with every attempt to send it: what `message_list` gives of it, and
    {round, case, first, anew, attempts: [{number, at, outcome, answer}]}. `anew` are the
    names it was put once more under, `first` the one it was put under before that.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        found = sendings.find_message(connection, message_id)
        if found is None:
            raise no_message(message_id)
        attempts = sendings.list_attempts(connection, found["id"])
        anew = sendings.list_anew(connection, message_id)
    kept = {k: v for k, v in found.items() if k not in ("id", "content", "frozen")}
    return {**kept, "anew": anew, "attempts": attempts}


def no_message(message_id: str) -> NotFound:
    """Make the refusal of a message that is not there."""
    return NotFound(
        f"Det finns inget mejl {message_id}. Se `beredning outbox`.",
        f"There is no mail {message_id}. See `beredning outbox`.",
    )


def _check_resendable(message_id: str, found: Mapping[str, Any]) -> None:
    state = found["state"]
    if state == "queued":
        raise BadInput(
            f"{message_id} väntar redan på att skickas. Se `beredning outbox show`.",
            f"{message_id} is waiting to be sent already. See `beredning outbox show`.",
        )
    if state == "withdrawn":
        raise BadInput(
            f"{message_id} togs tillbaka: det som det handlade om är gjort, eller så har ett"
            " nyare mejl kommit i stället.",
            f"{message_id} was withdrawn: what it was about is done, or a newer mail has"
            " taken its place.",
        )
    if not found["frozen"] and not _is_unwritten(found):
        raise BadInput(
            f"Texten i {message_id} är gallrad och går inte att skicka på nytt.",
            f"The text of {message_id} has been disposed of and cannot be sent again.",
        )


def _is_unwritten(found: Mapping[str, Any]) -> bool:
    """Say whether a message failed before there was a mail to send."""
    return found["state"] == "failed" and not found["attempt"] and not found["frozen"]


def _check_tells(world: World, connection: Connection, found: Mapping[str, Any]) -> None:
    """See that a mail written now would have something to tell.

    One that could not be written is let through: whether it can be now is found out when
    it is written.

    Raises: BadInput.
    """
    if _is_unwritten(found):
        return
    if gather_in(world, connection, claims.look(connection, found["id"])) is not None:
        return
    raise BadInput(
        f"{found['message_id']} har inget kvar att berätta: det som det handlade om är gjort,"
        " eller gäller inte längre mottagaren.",
        f"{found['message_id']} has nothing left to tell: what it was about is done, or no"
        " longer concerns the recipient.",
    )
