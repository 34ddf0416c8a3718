"""Entries and mails of several chains as one row, newest first.

Each chain's entries come by falling number, and its mails likewise; of what is next, the
latest is taken. So the place reached in each is all that is needed to go on from there.
"""

from collections.abc import Callable, Sequence
from typing import Final

from workflow.service.reading.past.cursor import Cursor
from workflow.service.reading.past.folding import folds_with
from workflow.service.reading.past.knowledge import Happening
from workflow.service.reading.past.reader import Reader
from workflow.store import history, mailings
from workflow.store.history import Line

__all__ = ["Merge"]

_CHUNK: Final = 100
"""How many entries, and how many mails, are read at a time."""


class _Stream:
    """The entries, or the mails, of one chain below a place."""

    def __init__(self, read: Callable[[int, int], Sequence[Happening]], place: int) -> None:
        self.place = place
        """Of the last that was taken."""
        self._read = read
        self._below = place
        self._waiting: list[Happening] = []
        self._ended = False

    def head(self) -> Happening | None:
        """Give the next; None when there are no more."""
        if not self._waiting and not self._ended:
            found = self._read(self._below, _CHUNK)
            self._ended = len(found) < _CHUNK
            self._waiting = list(reversed(found))
            self._below = _number(found[-1]) if found else self._below
        return self._waiting[-1] if self._waiting else None

    def take(self) -> Happening:
        """Take the next."""
        taken = self._waiting.pop()
        self.place = _number(taken)
        return taken


def _number(one: Happening) -> int:
    return one.number if isinstance(one, Line) else one.id


class Merge:
    """What several readers give, as one row."""

    def __init__(self, readers: Sequence[Reader], cursor: Cursor) -> None:
        self.readers = {one.chain: one for one in readers if cursor.has(one.chain)}
        self._lines = {}
        self._mails = {}
        for chain, reader in self.readers.items():
            entry, mail = cursor.of(chain)
            self._lines[chain] = _Stream(_lines_of(reader), entry)
            self._mails[chain] = _Stream(_mails_of(reader), mail)

    def cursor(self) -> Cursor:
        """Give the place behind what was taken."""
        return Cursor(
            {chain: (self._lines[chain].place, self._mails[chain].place) for chain in self.readers}
        )

    def is_more(self) -> bool:
        """Say whether anything is left."""
        return self._next() is not None

    def take(self, most: int, *, folded: bool) -> list[list[Happening]]:
        """Take at most so many groups of what is told as one; each alone unless `folded`."""
        groups: list[list[Happening]] = []
        while stream := self._next():
            head = stream.head()
            belongs = groups and head and folded and folds_with(groups[-1][0], head)
            if not belongs and len(groups) == most:
                break
            taken = stream.take()
            if belongs:
                groups[-1].append(taken)
            else:
                groups.append([taken])
        return groups

    def _next(self) -> _Stream | None:
        """Give where the latest of all that is left comes from; of one instant the mails,
        since they followed upon it."""
        heads = [
            (head.at, rank, chain)
            for rank, streams in enumerate((self._lines, self._mails))
            for chain, stream in streams.items()
            if (head := stream.head())
        ]
        if not heads:
            return None
        _, rank, chain = max(heads)
        return (self._lines, self._mails)[rank][chain]


def _lines_of(reader: Reader) -> Callable[[int, int], Sequence[Happening]]:
    def read(before: int, most: int) -> Sequence[Happening]:
        return history.lines(reader.connection, reader.chain, reader.window, before, most)

    return read


def _mails_of(reader: Reader) -> Callable[[int, int], Sequence[Happening]]:
    def read(before: int, most: int) -> Sequence[Happening]:
        return mailings.mails(reader.connection, reader.chain, reader.window, before, most)

    return read
