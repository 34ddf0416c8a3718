"""The log and its proof."""

from collections.abc import Mapping
from typing import Any

from workflow.core.errors import NotFound
from workflow.core.facts import EntryDraft, EntryKind
from workflow.service.rounds import note
from workflow.service.world import World
from workflow.store import log, verify
from workflow.store.rounds import list_rounds, load_revision

__all__ = ["checkpoint", "log_lines", "prove"]


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

        def owes(digest: str, kind: str, state: str) -> bool:
            described = load_revision(connection, digest).definition.case[kind].state[state]
            return described.by is not None or described.at_due is not None

        return verify.verify(connection, owes=owes, checkpoint=checkpoint_)


def checkpoint(world: World) -> dict[str, Any]:
    """Give every chain's length and head, and note in the log that it was given."""
    with world.database.write() as connection:
        now = world.now(connection)
        note(world, connection, now, EntryDraft(kind=EntryKind.CHECKPOINT))
        return verify.checkpoint(connection, at=now)
