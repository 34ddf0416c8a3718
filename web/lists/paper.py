"""A list as `documents.papers` makes PDF, workbook, CSV and JSON of it."""

from dataclasses import replace
from typing import Final

from documents.papers.listing import Column, Cut, Kind, Line, List, Move, Origin
from documents.papers.paper import CommonList, Stamp
from web.visit import Visit
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.listing import ListPage, ListRow

__all__ = ["listing_of", "paper_of", "stamped"]

KINDS: Final = {
    ColumnKind.NUMBER: Kind.NUMBER,
    ColumnKind.DATE: Kind.DATE,
    ColumnKind.LEVEL: Kind.LEVEL,
}
MOST_FLAG: Final = 390
"""Characters of a remark; the page has the whole."""


def listing_of(visit: Visit, page: ListPage, line: int | None) -> List:
    """Give a list with where each row comes from and every move, cut at its line."""
    words = visit.text(f"Linjen ligger efter plats {line}", f"The line is after position {line}")
    return List(
        title=page.title,
        columns=tuple(_column(page, column) for column in page.columns),
        lines=tuple(_line(visit, row) for row in page.rows),
        cut=None if line is None else Cut(after=line, words=words),
        amount=page.amount,
    )


def stamped(visit: Visit, page: ListPage, listing: List) -> List:
    """Say in the title which entry of the log a list shows, where there is no other room."""
    at = visit.say.instant(page.end.at)
    entry = visit.text(
        f"händelse {page.end.number} i loggen, {at}", f"entry {page.end.number} of the log, {at}"
    )
    return replace(listing, title=f"{listing.title} ({entry})")


def paper_of(visit: Visit, page: ListPage, listing: List) -> CommonList:
    """Give a list as a paper with its stamp."""
    return CommonList(
        stamp=Stamp(
            region=visit.site.config.about.region,
            round_id=page.round,
            round_title=page.round_title,
            reference=page.reference,
            entry=page.end.number,
            at=page.end.at,
        ),
        listing=listing,
        lede=page.help,
    )


def _column(page: ListPage, column: ListColumn) -> Column:
    amount = column.in_tkr or column.key == page.amount
    return Column(
        key=column.key,
        title=column.title,
        kind=Kind.AMOUNT if amount else KINDS.get(column.kind, Kind.TEXT),
        unverified=column.unverified,
        note=column.source,
        below=column.kind is ColumnKind.LONG,
    )


def _line(visit: Visit, row: ListRow) -> Line:
    return Line(
        position=row.position,
        cells=row.cells,
        origin=_origin(visit, row),
        flag=_flag(visit, row),
        moves=tuple(
            Move(who=_who(visit, one.who, one.behind), at=one.at, before=b, after=a, why=one.why)
            for one in row.moves
            if (b := one.before) is not None and (a := one.after) is not None
        ),
    )


def _origin(visit: Visit, row: ListRow) -> Origin:
    at = row.root or row.source
    if at is None:
        return Origin(unit=visit.text("finns inte kvar", "no longer there"))
    via = row.source if row.root else None
    words = visit.text("{title}, plats {place} av {of}", "{title}, position {place} of {of}")
    return Origin(
        unit=at.unit,
        place=at.place,
        of=at.of,
        words=words.format(title=via.title, place=via.place, of=via.of) if via else "",
    )


def _flag(visit: Visit, row: ListRow) -> str:
    told = [
        visit.text(
            f"Före ”{one.name}” (plats {one.position}), tvärtom mot där de kommer från.",
            f'Before "{one.name}" (position {one.position}), the other way round than there.',
        )
        + (visit.text(f" Skäl: {one.why}", f" Reason: {one.why}") if one.why else "")
        for one in row.against
    ]
    whole = " ".join(told)
    return whole if len(whole) <= MOST_FLAG else f"{whole[: MOST_FLAG - 1]}…"


def _who(visit: Visit, who: str, behind: str) -> str:
    return visit.text(" för ", " for ").join(filter(None, (who, behind)))
