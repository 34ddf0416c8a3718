"""The register: what was received and drawn up in a round, for whoever keeps it.

Offentlighets- och sekretesslagen (2009:400) 5 kap. 2 § asks for the date, a reference, the
sender or recipient, and briefly what the document concerns; and for the last two to be
left out where that is needed to let the public read the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from typing import Final

from workflow.core import plan
from workflow.core.errors import BadInput
from workflow.service.desks import Desk, open_desk
from workflow.service.reading.register.rows import KINDS, Row, make_row, without_secrets
from workflow.service.reading.sheet import rows_as_text
from workflow.service.seeing import nothing_there, rights_of
from workflow.service.world import ZONE, World, no_round
from workflow.store import people, rounds
from workflow.store.history import Line, Span, lines_onwards

__all__ = ["Days", "as_document", "register", "register_as_sheet"]

_CHUNK: Final = 1000
"""Entries that are read in one transaction."""
_HEADS: Final = (
    ("Beteckning", "Reference"),
    ("Datum", "Date"),
    ("Slag", "Kind"),
    ("Från", "From"),
    ("Till", "To"),
    ("Handlingen rör", "Concerns"),
    ("Paragraf", "Paragraph"),
    ("Sammanträde", "Meeting"),
    ("Sekretess", "Secrecy"),
    ("Omgång", "Round"),
    ("Ärende", "Case"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Which rows are asked for."""

    since: date
    until: date
    """The last day, included."""
    round: str = ""
    """One round's alone."""
    public: bool = False
    """As the public may read it."""


def register(
    world: World, wanted: Days, *, email: str | None = None, language: str = "sv"
) -> Iterator[Row]:
    """Give the rows by day, and within a day by round and number. Without `email` it is the
    operator who asks.

    Raises: NotFound for who neither leads, keeps the register nor audits, and for a round
        that is not there; BadInput when the days are the wrong way round.
    """
    if wanted.until < wanted.since:
        raise BadInput(
            f"Sista dagen, {wanted.until}, är före den första, {wanted.since}. Byt plats på dem.",
            f"The last day, {wanted.until}, is before the first, {wanted.since}. Swap them.",
        )
    with world.database.read() as connection:
        now = world.now(connection)
        if email is not None and not rights_of(world, connection, email).reads_all:
            raise nothing_there()
        known = [str(one["round"]) for one in rounds.list_rounds(connection, now)]
    if wanted.round and wanted.round not in known:
        raise no_round(wanted.round)
    chosen = [wanted.round] if wanted.round else known
    return merge(
        *(_rows(world, one, wanted, language) for one in chosen),
        key=lambda row: (row.on, row.round, row.number),
    )


def _rows(world: World, round_id: str, wanted: Days, language: str) -> Iterator[Row]:
    """Give a round's rows; each piece is read in a transaction of its own."""
    span = Span(
        since=plan.day_start(wanted.since, ZONE),
        until=plan.day_end(wanted.until, ZONE),
        kinds=KINDS,
    )
    after = 0
    while True:
        with world.database.read() as connection:
            found = lines_onwards(connection, round_id, after, span, _CHUNK)
            desk = open_desk(world, connection, round_id, language, world.now(connection))
            rows = _piece(desk, found)
        yield from (without_secrets(row) for row in rows) if wanted.public else rows
        if len(found) < _CHUNK:
            return
        after = found[-1].number


def _piece(desk: Desk, found: Sequence[Line]) -> list[Row]:
    desk.facts.remember_cases({line.case for line in found if line.case})
    ids = {one for line in found for one in (line.actor, line.on_behalf_of) if one}
    known = people.people_by_id(desk.connection, ids) if ids else {}
    names = {key: person.name for key, person in known.items()}
    rows = [make_row(desk, names, line) for line in found]
    return sorted((row for row in rows if row), key=lambda row: (row.on, row.number))


def as_document(row: Row) -> dict[str, object]:
    """Give a row under the keys it has as JSON."""
    return {
        "reference": row.reference,
        "on": row.on.isoformat(),
        "kind": row.kind.value,
        "title": row.title,
        "from": row.from_,
        "to": row.to,
        "what": row.what,
        "paragraph": row.paragraph,
        "meeting_on": row.meeting_on.isoformat() if row.meeting_on else None,
        "secrecy": row.secrecy,
        "left_out": row.left_out,
        "round": row.round,
        "number": row.number,
        "case": row.case,
    }


def register_as_sheet(rows: Iterator[Row], language: str = "sv") -> Iterator[str]:
    """Write rows as a spreadsheet opens them."""
    english = language == "en"
    left_out = "left out" if english else "utelämnas"
    heads = [head[english] for head in _HEADS]
    return rows_as_text(
        heads,
        (
            (
                row.reference,
                row.on,
                row.title,
                left_out if row.left_out else row.from_,
                left_out if row.left_out else row.to,
                left_out if row.left_out else row.what,
                row.paragraph,
                row.meeting_on,
                row.secrecy,
                row.round,
                row.case,
            )
            for row in rows
        ),
    )
