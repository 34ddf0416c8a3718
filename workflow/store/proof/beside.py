"""What is laid beside the cases of a round without moving them: comments, files, releases,
conflicts of interest, and the series of what comes again."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from workflow.core.facts import EntryKind
from workflow.store.proof.comments import Comments
from workflow.store.proof.conflicts import KINDS as _CONFLICTS
from workflow.store.proof.conflicts import Conflicts
from workflow.store.proof.files import Files
from workflow.store.proof.publications import KINDS as _RELEASES
from workflow.store.proof.publications import Publications
from workflow.store.proof.series import SERIES, SeriesTold

__all__ = ["KINDS", "Beside"]

_COMMENTED: Final = EntryKind.COMMENTED.value
_ATTACHED: Final = EntryKind.ATTACHED.value
_DETACHED: Final = EntryKind.DETACHED.value
KINDS: Final = frozenset({_COMMENTED, _ATTACHED, _DETACHED, SERIES}) | _RELEASES | _CONFLICTS


class Beside:
    """What the entries tell so far of comments, files, released lists, conflicts and series."""

    def __init__(self) -> None:
        self._comments = Comments()
        self._files = Files()
        self._publications = Publications()
        self._conflicts = Conflicts()
        self._series = SeriesTold()

    def take(self, entry: Mapping[str, Any], payload: Mapping[str, Any] | None) -> None:
        """Follow an entry of one of the kinds."""
        if entry["kind"] == _COMMENTED:
            self._comments.take(entry, payload)
        elif entry["kind"] == _ATTACHED:
            self._files.attach(entry, payload)
        elif entry["kind"] == SERIES:
            self._series.take(entry, payload)
        elif entry["kind"] in _RELEASES:
            self._publications.take(entry, payload)
        elif entry["kind"] in _CONFLICTS:
            self._conflicts.take(entry, payload)
        else:
            self._files.detach(entry, payload)

    def take_disposal(self, payload: Mapping[str, Any] | None) -> None:
        """Follow a disposal."""
        self._comments.take_disposal(payload)
        self._files.take_disposal(payload)
        self._publications.take_disposal(payload)
        self._conflicts.take_disposal(payload)

    def compare(self, connection: Connection, round_id: str) -> Iterator[tuple[int, str]]:
        """Give where the tables differ: entry's number (0 for none), problem."""
        yield from self._comments.compare(connection, round_id)
        yield from self._files.compare(connection, round_id)
        yield from self._publications.compare(connection, round_id)
        yield from self._conflicts.compare(connection, round_id)
        yield from self._series.compare(connection, round_id)

    def uncompared(self) -> Iterator[str]:
        """Give what can no longer be compared, in words."""
        yield from self._comments.uncompared()
        yield from self._files.uncompared()
        yield from self._publications.uncompared()
        yield from self._conflicts.uncompared()
        yield from self._series.uncompared()
