"""What has happened in a round, with a case or with the installation, newest first, as
somebody may see it: entries of the log and mails in one row, a page at a time.

What was done at one instant to many, such as fifty cases opened by one assignment, is
told as one event with its parts. In a sheet every part has its line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workflow.service.reading.past.cursor import Cursor, read_cursor
from workflow.service.reading.past.deeds import tell_line
from workflow.service.reading.past.event import Event, Filter
from workflow.service.reading.past.folding import fold
from workflow.service.reading.past.knowledge import Happening, Knowledge, know
from workflow.service.reading.past.merge import Merge
from workflow.service.reading.past.posts import tell_mail
from workflow.service.reading.past.reader import (
    Reader,
    look_at_case,
    look_at_installation,
    look_at_round,
)
from workflow.service.reading.rounds.own import own_rounds
from workflow.service.seeing import nothing_there, rights_of, see_case, see_round
from workflow.service.world import World
from workflow.store import log, people
from workflow.store.database import Connection
from workflow.store.history import Line

__all__ = ["INSTALLATION", "PAGE", "Page", "Scope", "events", "every_event"]

INSTALLATION: Final = log.INSTALLATION
"""Stands in place of a round for what belongs to none."""
PAGE: Final = 50
"""Events on a page."""
_SHEET: Final = 500
"""How many are read in one transaction for a sheet, so that nobody slow holds one open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose events: one case's, one round's, or with neither those of all one's rounds."""

    round: str = ""
    """A round's id, or `installation`."""
    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some events, newest first."""

    events: tuple[Event, ...]
    older: str
    """The cursor of the next page; empty when there is none."""


def events(world: World, email: str, scope: Scope, wanted: Filter, *, after: str = "") -> Page:
    """Give a page of what has happened, after a cursor that an earlier page gave.

    Raises: NotFound for what the person may not see; BadInput for a cursor that is none.
    """
    cursor = read_cursor(after)
    with world.database.read() as connection:
        rows = Merge(_readers(world, connection, email, scope, wanted), cursor)
        told: list[Event] = []
        while len(told) < PAGE and (groups := rows.take(PAGE - len(told), folded=True)):
            told += _tell(rows, groups)
        return Page(events=tuple(told), older=rows.cursor().written() if rows.is_more() else "")


def every_event(world: World, email: str, scope: Scope, wanted: Filter) -> Iterator[Event]:
    """Give all that has happened, newest first, nothing folded, a piece in memory at a time.

    Raises: NotFound, before the first is given.
    """
    return _every(world, email, scope, wanted, _piece(world, email, scope, wanted, Cursor()))


_Piece = tuple[list[Event], Cursor | None]


def _every(
    world: World, email: str, scope: Scope, wanted: Filter, first: _Piece
) -> Iterator[Event]:
    told, cursor = first
    while True:
        yield from told
        if cursor is None:
            return
        told, cursor = _piece(world, email, scope, wanted, cursor)


def _piece(world: World, email: str, scope: Scope, wanted: Filter, cursor: Cursor) -> _Piece:
    with world.database.read() as connection:
        rows = Merge(_readers(world, connection, email, scope, wanted), cursor)
        told = _tell(rows, rows.take(_SHEET, folded=False))
        return told, rows.cursor() if rows.is_more() else None


def _readers(
    world: World, connection: Connection, email: str, scope: Scope, wanted: Filter
) -> list[Reader]:
    """Give what the person sees of each chain that is asked for.

    Raises: NotFound.
    """
    if scope.case:
        seen, case = see_case(world, connection, scope.case, email)
        return [look_at_case(seen, case, wanted)]
    if scope.round == INSTALLATION:
        if not rights_of(world, connection, email).reads_all:
            raise nothing_there()
        viewer = people.find_person(connection, email)
        today = world.today(world.now(connection))
        return [look_at_installation(connection, viewer.id, viewer.language, today, wanted)]
    if scope.round:
        return [look_at_round(see_round(world, connection, scope.round, email), wanted)]
    return [look_at_round(one, wanted) for one in own_rounds(world, connection, email)]


def _tell(rows: Merge, groups: Sequence[Sequence[Happening]]) -> list[Event]:
    """Tell groups of happenings, each as one event; what says nothing that was asked for is
    left out."""
    known = {
        chain: know(reader, [one for group in groups for one in group if one.chain == chain])
        for chain, reader in rows.readers.items()
    }
    told = []
    for group in groups:
        about = known[group[0].chain]
        parts = [one for one in (_event(about, row) for row in group) if _says(about, one)]
        if parts:
            told.append(fold(about, parts))
    return told


def _event(known: Knowledge, one: Happening) -> Event:
    return tell_line(known, one) if isinstance(one, Line) else tell_mail(known, one)


def _says(known: Knowledge, event: Event) -> bool:
    words = known.reader.words
    return not words or any(words in said.text.casefold() for said in event.said)
