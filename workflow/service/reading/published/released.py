"""What has been released, for everybody: read without anybody being signed in.

Nothing is read here but what stands in the table of releases.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from workflow.core.open_list import OpenList, from_json
from workflow.service.seeing import nothing_there
from workflow.service.world import World
from workflow.store import publications
from workflow.store.publications import Release

__all__ = ["Released", "ReleasedFile", "list_released", "read_file", "read_released"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A release, as everybody sees it."""

    id: str
    released_at: datetime
    withdrawn_at: datetime | None
    made: OpenList | None
    """None when it is withdrawn or disposed of: nothing of it is shown."""
    newer: str
    """Id of a newer release of the same list; empty when this is the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFile:
    """The whole of a release, byte for byte as it was frozen."""

    content: bytes
    """Empty when it is withdrawn or disposed of."""
    digest: str
    """sha-256, hexadecimal: the one that stands in the log."""

    @property
    def made(self) -> OpenList:
        """Read it."""
        return from_json(json.loads(self.content))


def list_released(world: World) -> tuple[Released, ...]:
    """Give the newest release of each list, newest first."""
    with world.database.read() as connection:
        return tuple(_released(one) for one in publications.newest(connection))


def read_released(world: World, publication: str) -> Released:
    """Give a release.

    Raises: NotFound for one that there is not.
    """
    with world.database.read() as connection:
        one = publications.read(connection, publication)
        if one is None:
            raise nothing_there()
        all_of = publications.of_list(connection, one.case_id, one.table_key)
    newest = next((other for other in all_of if other.is_open), None)
    is_older = newest is not None and newest.entry > one.entry
    return _released(one, newer=newest.id if newest and is_older else "")


def read_file(world: World, publication: str) -> ReleasedFile:
    """Give the bytes of a release.

    Raises: NotFound for one that there is not.
    """
    with world.database.read() as connection:
        one = publications.read(connection, publication)
    if one is None:
        raise nothing_there()
    content = one.content.encode() if one.is_open else b""
    return ReleasedFile(content=content, digest=sha256(content).hexdigest())


def _released(one: Release, newer: str = "") -> Released:
    return Released(
        id=one.id,
        released_at=one.released_at,
        withdrawn_at=one.withdrawn_at,
        made=from_json(json.loads(one.content)) if one.is_open else None,
        newer=newer,
    )
