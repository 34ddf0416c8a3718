"""The log and its proof."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflow.core.errors import NotFound
from workflow.core.facts import EntryDraft, EntryKind, MessageKind
from workflow.service.world import World
from workflow.store import log
from workflow.store.database import Connection
from workflow.store.outbox import put_to_address
from workflow.store.proof import verify
from workflow.store.rounds import altered_revisions, list_rounds
from workflow.store.workers import last_checkpoint

__all__ = ["checkpoint", "checkpoint_of_the_day", "examine", "log_lines", "prove"]


def log_lines(world: World, chain: str) -> list[dict[str, object]]:
    """Give a chain's entries by rising number: a round's, or `installation`.

    Raises: NotFound.
    """
    with world.database.read() as connection:
        if chain != log.INSTALLATION and not list_rounds(
            connection, world.now(connection), only=chain
        ):
            raise NotFound(
                f"Det finns ingen omgång {chain}. Se `beredning round list`.",
                f"There is no round {chain}. See `beredning round list`.",
            )
        return list(log.lines(connection, chain))


def prove(world: World, checkpoint_: Mapping[str, Any] | None = None) -> verify.Verdict:
    """Verify every chain, and that the log explains every state.

    Raises: BadInput for a checkpoint that is none.
    """
    with world.database.read() as connection:
        return examine(connection, checkpoint_)


def examine(connection: Connection, checkpoint_: Mapping[str, Any] | None = None) -> verify.Verdict:
    """Verify what a transaction sees; see `prove`.

    Raises: BadInput for a checkpoint that is none.
    """
    altered = dict(altered_revisions(connection))

    verdict = verify.verify(connection, checkpoint=checkpoint_)
    problems = [
        verify.Finding(round_id, 0, f"definitionen {digest[:12]} är ändrad eller saknas")
        for round_id, digest in altered.items()
    ]
    if not problems:
        return verdict
    return replace(verdict, ok=False, problems=(*verdict.problems, *problems))


def checkpoint(world: World, email: str | None = None) -> dict[str, Any]:
    """Give every chain's length and head, and note in the log that it was given.

    Raises: NotFound for the person.
    """
    with world.database.write() as connection:
        now = world.now(connection)
        actor = world.actor(connection, email, now) if email else None
        person = actor.person if actor else None
        world.note(connection, now, EntryDraft(kind=EntryKind.CHECKPOINT, actor=person))
        return verify.checkpoint(connection, at=now)


def checkpoint_of_the_day(world: World, to: str = "") -> dict[str, Any] | None:
    """Take the day's checkpoint, and put it in a mail to a witness's address when there is one.

    None when it has been taken this local day, by whichever worker; whether it has is
    read from the log. Its entry and its mail are one transaction.

    Raises: Locked, StoreError.
    """
    with world.database.read() as connection:
        if not _is_due(world, connection):
            return None
    with world.database.write() as connection:
        log.load_chain(connection, log.INSTALLATION)  # locks it: nobody else takes one now
        if not _is_due(world, connection):
            return None
        now = world.now(connection)
        world.note(connection, now, EntryDraft(kind=EntryKind.CHECKPOINT))
        taken = verify.checkpoint(connection, at=now)
        if to:
            domain = world.stamp(now).mail_domain
            ref = f"kontrollpunkt.{world.today(now).isoformat()}"
            content = {"checkpoint": taken}
            put_to_address(connection, to, MessageKind.CHECKPOINT, ref, content, now, domain)
        return taken


def _is_due(world: World, connection: Connection) -> bool:
    last = last_checkpoint(connection)
    return last is None or world.today(last) < world.today(world.now(connection))
