"""A list as `documents.papers` makes PDF, workbook, CSV and JSON of it."""

from dataclasses import replace
from typing import Final

from documents.papers.listing import Budget, Column, Cut, Kind, Line, List, Move, Origin
from documents.papers.paper import CommonList, Stamp
from documents.papers.speech import say_instant
from workflow.service.reading.cases.tables import ColumnKind
from workflow.service.reading.lists.columns import ListColumn
from workflow.service.reading.lists.page import ListPage, ListRow

__all__ = ["common_list", "file_name", "listing_of", "stamp_of", "stamped"]

KINDS: Final = {
    ColumnKind.NUMBER: Kind.NUMBER,
    ColumnKind.DATE: Kind.DATE,
    ColumnKind.LEVEL: Kind.LEVEL,
}
MOST_FLAG: Final = 390
"""Characters of a remark; the page has the whole."""


def listing_of(page: ListPage, line: int | None, language: str) -> List:
    """Give a list with where each row comes from and every move, cut at its line."""
    english = language == "en"
    words = f"The line is after position {line}" if english else f"Linjen ligger efter plats {line}"
    return List(
        title=page.title,
        columns=tuple(_column(page, column) for column in page.columns),
        lines=tuple(_line(row, english=english) for row in page.rows),
        cut=None if line is None else Cut(after=line, words=words),
        amount=page.amount,
        budgets=tuple(Budget(unit=unit, tkr=tkr) for unit, tkr in page.means.items()),
    )


def stamped(page: ListPage, listing: List, language: str) -> List:
    """Say in the title which entry of the log a list shows, where there is no other room."""
    at = say_instant(page.end.at)
    entry = f"entry {page.end.number} of the log, {at}"
    if language != "en":
        entry = f"händelse {page.end.number} i loggen, {at}"
    return replace(listing, title=f"{listing.title} ({entry})")


def stamp_of(page: ListPage, region: str) -> Stamp:
    """Give what stands at the foot of every page of a paper."""
    return Stamp(
        region=region,
        round_id=page.round,
        round_title=page.round_title,
        reference=page.reference,
        entry=page.end.number,
        at=page.end.at,
    )


def common_list(page: ListPage, listing: List, region: str) -> CommonList:
    """Give a list as a paper with its stamp."""
    return CommonList(stamp=stamp_of(page, region), listing=listing, lede=page.help)


def file_name(page: ListPage, end: str) -> str:
    """Name a file by the last entry of the log that it has seen, and the instant of that."""
    return f"{page.title}-{page.round}-{page.end.number}-{page.end.at:%Y%m%dT%H%M%SZ}.{end}"


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


def _line(row: ListRow, *, english: bool) -> Line:
    return Line(
        position=row.position,
        cells=row.cells,
        origin=_origin(row, english=english),
        flag=_flag(row, english=english),
        moves=tuple(
            Move(
                who=(" for " if english else " för ").join(filter(None, (one.who, one.behind))),
                at=one.at,
                before=b,
                after=a,
                why=one.why,
            )
            for one in row.moves
            if (b := one.before) is not None and (a := one.after) is not None
        ),
    )


def _origin(row: ListRow, *, english: bool) -> Origin:
    at = row.root or row.source
    if at is None:
        return Origin(unit="no longer there" if english else "finns inte kvar")
    via = row.source if row.root else None
    words = "{title}, position {place} of {of}" if english else "{title}, plats {place} av {of}"
    return Origin(
        unit=at.unit,
        place=at.place,
        of=at.of,
        words=words.format(title=via.title, place=via.place, of=via.of) if via else "",
    )


def _flag(row: ListRow, *, english: bool) -> str:
    told = []
    for one in row.against:
        told.append(
            f'Before "{one.name}" (position {one.position}), the other way round than there.'
            if english
            else f"Före ”{one.name}” (plats {one.position}), tvärtom mot där de kommer från."
        )
        if one.why:
            told.append(f"Reason: {one.why}" if english else f"Skäl: {one.why}")
    whole = " ".join(told)
    return whole if len(whole) <= MOST_FLAG else f"{whole[: MOST_FLAG - 1]}…"
